"""ELMO elements into structs: the rows of the table, compiled once into closures.

An element fills a *frame*: one dictionary of fields for each struct, and the walk
last. Documents that are valid by the schema have nothing unexpected in them, so
the closures look for nothing; for all others they are compiled with stray checks.
What finds no place becomes residue of the entity where it was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from lxml.etree import _Element

from mcbridge.diagnostics import Rule
from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.codecs import Codec, Row, Shape
from mcbridge.mappers.elmo.residues import XSI, Frame, Steps, attributes_of, camel, raw, spell, stray, strays
from mcbridge.mappers.elmo.trace import Trace
from mcbridge.mappers.elmo.values import DECIMAL_TEXT, LANG, NAMESPACE, SIGNATURE, STRING, TOKEN, Leaf, collapse
from mcbridge.model import Place
from mcbridge.origins import Contents

Put = Callable[[Frame, _Element], None]
Build = Callable[[_Element, "Walk"], Any]


class Walk:
    """What one reading carries along: where bytes go, whether to look for strays, and the trace if one is wanted.

    ``written`` has the texts of elements that were repaired; only a reading that looks for strays asks for them.
    """

    __slots__ = ("blocks", "checked", "contents", "lost", "steps", "strays", "trace", "troubles", "written")

    def __init__(
        self,
        contents: Contents,
        *,
        checked: bool,
        trace: Trace | None = None,
        written: Mapping[_Element, str] = MappingProxyType({}),
    ) -> None:
        self.contents = contents
        self.written = written
        self.checked = checked
        self.trace = trace
        self.lost: list[_Element] = []
        self.strays: list[str] = []
        self.steps: Steps = {}
        self.blocks: dict[int, list[Any]] = {}
        self.troubles: list[tuple[Rule, _Element, str | None]] = []

    def trouble(self, rule: Rule, element: _Element, value: str | None) -> None:
        """Something is wrong with a block of our extension."""
        self.troubles.append((rule, element, value))


def tuples(fields: dict[str, Any]) -> dict[str, Any]:
    """Lists become tuples; the fields are ready for a struct."""
    for name, value in fields.items():
        if type(value) is list:
            fields[name] = tuple(value)
    return fields


def build(
    struct: Callable[..., Any], fields: dict[str, Any], walk: Walk, also: tuple[tuple[str, str], ...] = ()
) -> Any:
    """The struct of these fields, known to the trace."""
    made = struct(**tuples(fields))
    if walk.trace is not None:
        walk.trace.bind(made, fields, also)
    return made


# --- rows into closures -------------------------------------------------------------------------------------------


def _leaf_put(row: Row, leaf: Leaf, prefix: str) -> Put:
    slot, name, read, form, exact = row.slot, row.to, leaf.read, leaf.format, leaf.exact
    plain = leaf in (TOKEN, STRING, DECIMAL_TEXT)
    path = t.PREFIXES[slot] + camel(name)
    repeats = row.many

    def put(frame: Frame, element: _Element) -> None:
        fields = frame[slot]
        if name in fields and not repeats:
            stray(frame, element, prefix)
            return
        text = element.text or ""
        if not exact:
            text = collapse(text)
        try:
            value = read(text)
        except ValueError:
            stray(frame, element, prefix)
            return
        if repeats or row.alone:
            fields.setdefault(name, []).append(value)
        else:
            fields[name] = value
        if not plain and form(value) != text:
            spell(frame, path, text)

    return put


def _codec_put(row: Row, codec: Codec, prefix: str) -> Put:
    slot, name, read, beside, plain = row.slot, row.to, codec.read, codec.beside, codec.plain
    path = t.PREFIXES[slot] + camel(name)
    if row.many:

        def put(frame: Frame, element: _Element) -> None:
            fields = frame[slot]
            try:
                value = read(element, frame[-1].contents)
            except ValueError:
                stray(frame, element, prefix)
                return
            found = fields.get(name)
            if found is None:
                found = fields[name] = [value]
            else:
                found.append(value)
            if plain is not None and not plain(dict(attributes_of(element)), value):
                spell(frame, f"{path}[{len(found) - 1}]", raw(element))

        return put

    def once(frame: Frame, element: _Element) -> None:
        fields = frame[slot]
        try:
            if name in fields:
                raise ValueError(name)
            value = read(element, frame[-1].contents)
        except ValueError:
            stray(frame, element, prefix)
            return
        fields[name] = [value] if row.alone else value
        if beside is not None and (extra := element.get(beside[0])) is not None:
            fields[beside[1]] = collapse(extra)
            if frame[-1].trace is not None:
                frame[-1].trace.note(fields, beside[1], element, f"/@{beside[0]}")

    return once


def _shape_put(row: Row, make: Build, prefix: str) -> Put:
    slot, name, many = row.slot, row.to, row.many

    def put(frame: Frame, element: _Element) -> None:
        fields = frame[slot]
        if not many and name in fields:
            stray(frame, element, prefix)
            return
        try:
            value = make(element, frame[-1])
        except (ValueError, TypeError):  # a field that the struct cannot do without is missing
            stray(frame, element, prefix)
            return
        if many:
            fields.setdefault(name, []).append(value)
        else:
            fields[name] = value

    return put


def _field_put(row: Row, codec: Codec, prefix: str) -> Put:
    """Fields of learning: two elements, one collection, each element once."""
    slot, name, read = row.slot, row.to, codec.read

    def put(frame: Frame, element: _Element) -> None:
        value = read(element, frame[-1].contents)
        found = frame[slot].setdefault(name, [])
        if any(other.scheme == value.scheme for other in found):
            stray(frame, element, prefix)
        else:
            found.append(value)

    return put


def _size(value: Any) -> int:
    return len(value) if type(value) is list else int(value is not None)


def _careful(put: Put, row: Row, codec: Codec) -> Put:
    """An attribute or child that nobody expects makes the element the spelling of its value."""
    slot, name, known = row.slot, row.to, codec.attributes
    path = t.PREFIXES[slot] + camel(name)

    def careful(frame: Frame, element: _Element) -> None:
        before = _size(frame[slot].get(name))
        put(frame, element)
        after = _size(found := frame[slot].get(name))
        if after == before:
            return
        if (written := frame[-1].written.get(element)) is not None:
            spell(frame, f"{path}[{after - 1}]" if type(found) is list else path, written)
        odd = (len(element) and not codec.mixed) or (codec.empty and (element.text or "").strip())
        if odd or any(key not in known and not key.startswith(XSI) for key in map(str, element.attrib)):
            spell(frame, f"{path}[{after - 1}]" if type(found) is list else path, raw(element))

    return careful


def _traced(put: Put, row: Row) -> Put:
    slot, name = row.slot, row.to

    def traced(frame: Frame, element: _Element) -> None:
        fields = frame[slot]
        before = _size(fields.get(name))
        put(frame, element)
        if _size(fields.get(name)) != before:
            frame[-1].trace.note(fields, name, element)

    return traced


def _put(row: Row, prefix: str, tables: Tables) -> Put:
    codec = row.codec
    if isinstance(codec, Shape):
        put = _shape_put(row, tables.shape(codec), prefix)
    elif codec is None:
        raise ValueError(row.tag)
    else:
        if row.to == "fields":
            put = _field_put(row, codec, prefix)
        elif codec.leaf is not None:
            put = _leaf_put(row, codec.leaf, prefix)
        else:
            put = _codec_put(row, codec, prefix)
        if tables.checked:
            put = _careful(put, row, codec)
    return _traced(put, row) if tables.traced else put


class Tables:
    """The closures of one way of reading: blind or checked, traced or not."""

    def __init__(self, *, checked: bool, traced: bool) -> None:
        self.checked = checked
        self.traced = traced
        self._built: dict[int, Build] = {}
        self.learner = self.puts(t.LEARNER) | {f"{{{NAMESPACE}}}currentAddress": self._address()}
        self.issuer = self.puts(t.ISSUER)
        self.report = self.puts(t.REPORT)
        self.root = self.puts(t.ROOT)
        self.group_type = self.shape(t.GROUP_TYPE)

    def puts(self, rows: Iterable[Row], prefix: str = "") -> dict[str, Put]:
        """Tag to closure."""
        return {row.name: _put(row, prefix, self) for row in rows}

    def shape(self, shape: Shape) -> Build:
        """The builder of a struct with a table of its own."""
        found = self._built.get(id(shape))
        return found if found is not None else self._shape(shape)

    def _shape(self, shape: Shape) -> Build:
        puts: dict[str, Put] = {}
        attributes = {key: (name, leaf) for key, name, leaf in shape.attributes}
        known = frozenset(attributes)
        checked, struct, done, also = self.checked, shape.struct, shape.done, shape.also

        def make(element: _Element, walk: Walk) -> Any:
            fields: dict[str, Any] = {}
            frame = [fields, walk]
            if attributes:
                for key, value in attributes_of(element):
                    if key in attributes:
                        name, leaf = attributes[key]
                        fields[name] = leaf.read(value if leaf.exact else collapse(value))
                        if walk.trace is not None:
                            walk.trace.note(fields, name, element, f"/@{'xml:lang' if key == LANG else key}")
            fill(frame, element, puts)
            if checked:
                strays(frame, element, "", known)
            if done is not None:
                done(fields)
            return build(struct, fields, walk, also)

        self._built[id(shape)] = make
        for row in shape.rows:
            if row.codec is None:
                put = _shape_put(row, make, "")
                puts[row.name] = _traced(put, row) if self.traced else put
            else:
                puts[row.name] = _put(row, "", self)
        if shape is t.SUPPLEMENT:
            puts[SIGNATURE] = _drop
        return make

    def _address(self) -> Put:
        make = self.shape(t.ADDRESS)

        def put(frame: Frame, element: _Element) -> None:
            if "address" in frame[0]:
                stray(frame, element)
                return
            frame[0]["address"] = Place(addresses=(make(element, frame[-1]),))
            if frame[-1].trace is not None:
                frame[-1].trace.note(frame[0], "address", element)

        return put


def fill(frame: Frame, element: _Element, puts: dict[str, Put], prefix: str = "") -> None:
    """Put each child at its place; a child without one is a stray."""
    get = puts.get
    for child in element:
        put = get(child.tag)
        if put is None:
            stray(frame, child, prefix)
        else:
            put(frame, child)


def _drop(frame: Frame, element: _Element) -> None:
    """A signature inside the document: it could only be void after a conversion."""
    frame[-1].lost.append(element)
