"""Structs into ELMO elements: the rows of the table, compiled once into closures that build strings.

Each row answers with one piece of markup for each value, so that what only ELMO
knows (residue, and raw spellings) can be put back at its place among them. That is
done only for entities that have such things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from lxml import etree
from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.errors import InputError
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.codecs import Codec, Row, Shape
from mcbridge.mappers.elmo.pen import Pen, nowhere
from mcbridge.mappers.elmo.residues import FORMAT, camel, raw
from mcbridge.mappers.elmo.values import LANG, NAMESPACE, escape, illegal, quote
from mcbridge.mappers.elmo.versions import LOST, RECOGNITION, strange_to
from mcbridge.mappers.elmo.words import LEVEL_WORDS, framework_of
from mcbridge.model import Entity, Residue
from mcbridge.origins import Contents

Emit = Callable[[Sequence[Any], str, Pen], list[str]]
Make = Callable[[Any, str, str, Pen], str]

_STEP = (
    r"(?P<lead>(?:.*/)?)"
    r"(?:text\(\)\[\d+\]|@(?P<key>.+)|(?P<tag>(?:\{[^}]*\})?[^/@\[\]{}()]+)\[(?P<number>\d{1,6})\])"
)


class Extras:
    """The residue and the raw spellings of one entity, while its element is written.

    Records are files that people may change, so nothing is pasted that is not the one element its path names.
    """

    def __init__(self, entity: Entity, path: str, pen: Pen) -> None:
        self.entity = entity
        self.path = path
        self.pen = pen
        self.raw = {s.path: s.text for s in entity.spellings if s.format == FORMAT and s.text[:1] == "<"}
        self._left: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
        self._marks: dict[str, list[tuple[int, str, str]]] = {}
        for index, kept in enumerate(entity.residue):
            content = self._content(kept)
            found = re.fullmatch(_STEP, kept.path) if kept.format == FORMAT and content is not None else None
            content = None if found is None or content is None else _pasted(found["tag"], found["key"], content)
            if found is None or content is None:
                self._lose(index, kept)
            elif (why := strange_to(pen.version, found["tag"], entity)) is not None:
                pen.lose(f"{path}.residue[{index}]", LOST, why)
            elif found["tag"]:
                if found["tag"] == RECOGNITION:
                    content = self._recognition(index, content)
                self._left.setdefault((found["lead"], found["tag"]), []).append((int(found["number"]), index, content))
            else:
                self._marks.setdefault(found["lead"], []).append((index, found["key"] or "", content))

    def _content(self, kept: Residue) -> str | None:
        if kept.sha256 is None:
            return kept.content
        data = self.pen.contents.get(kept.sha256)
        try:
            return None if data is None else data.decode()
        except UnicodeDecodeError:
            return None

    def _recognition(self, index: int, content: str) -> str:
        """A result of recognition as 2.0 has it, without the identifiers of 2.1."""
        found = _parsed(content)
        tags = f"{{{NAMESPACE}}}{RECOGNITION}", f"{{{NAMESPACE}}}identifier"
        named = [] if found is None else [one for each in found.iter(tags[0]) for one in each.findall(tags[1])]
        if found is None or not named:
            return content
        reason = f"ELMO {self.pen.version} has no identifier of a {RECOGNITION}; 2.1 has"
        where = "content" if self.entity.residue[index].sha256 is None else "sha256"
        self.pen.lose(f"{self.path}.residue[{index}].{where}", LOST, reason, changed=True)
        for one in named:
            one.getparent().remove(one)  # type: ignore[union-attr]  # it is not the root
        return raw(found)

    def _lose(self, index: int, kept: Residue) -> None:
        reason = f"only {kept.format} has a place for this part of the document"
        if kept.format == FORMAT:
            reason = "this cannot stand in the document at the place where it is said to have been"
        self.pen.lose(f"{self.path}.residue[{index}]", "loss/residue", reason)

    def around(self, row: Row, items: list[str], path: str, values: Sequence[Any], lead: str = "") -> list[str]:
        """The markup of one row's values, with raw spellings in place and residue of the same tag in between."""
        if self.raw and isinstance(row.codec, Codec):
            for index, value in enumerate(values):
                text = self.raw.get(f"{path}[{index}]", self.raw.get(path) if index == 0 else None)
                if text is None or not items[index]:  # what is not written at all is not spelled out either
                    continue
                if (spelled := _spelled_out(row, row.codec, text, value)) is not None:
                    items[index] = spelled
        return self.between(row.known, items, lead)

    def between(self, tag: str, items: list[str], lead: str = "") -> list[str]:
        """Residue of this tag, each at its number."""
        for number, _, content in self._left.pop((lead, tag), ()):
            items.insert(number - 1, content)
        return items

    def attributes(self, lead: str = "", taken: Iterable[str] = ()) -> tuple[str, str]:
        """Attributes and text of the element itself that have no word; ``taken`` are the attributes that it has."""
        marks = text = ""
        known = {*taken}
        for index, key, content in self._marks.pop(lead, ()):
            if key in known:
                self._lose(index, self.entity.residue[index])
            elif key.startswith("{"):
                space, _, local = key[1:].partition("}")
                prefix = "xml" if space == LANG[1:-5] else f"r{index}"
                declared = "" if prefix == "xml" else f' xmlns:{prefix}="{quote(space)}"'
                marks += f'{declared} {prefix}:{local}="{quote(content)}"'
            elif key:
                marks += f' {key}="{quote(content)}"'
            else:
                text += escape(content)
            known.add(key or "text()")
        return marks, text

    def rest(self, lead: str = "") -> list[str]:
        """Elements that belong to no row: last, in the order of the source."""
        found = [key for key in self._left if key[0] == lead]
        pieces = [piece for key in found for piece in self._left.pop(key)]
        return [content for _, _, content in sorted(pieces, key=lambda piece: piece[1])]

    def close(self) -> None:
        """What could not be put anywhere is lost."""
        left = [index for pieces in self._left.values() for _, index, _ in pieces]
        left += [index for marks in self._marks.values() for index, _, _ in marks]
        for index in sorted(left):
            self._lose(index, self.entity.residue[index])


def _pasted(tag: str | None, key: str | None, content: str) -> str | None:
    """What was kept, as it can be put back: an element of that name, an attribute that may be called so, or text."""
    if tag is not None:
        element = _parsed(content)
        return raw(element) if element is not None and element.tag in (tag, f"{{{NAMESPACE}}}{tag}") else None
    if illegal(content):
        return None
    if key is None:
        return content if content.strip() else None
    try:
        return content if etree.QName(key).localname != "xmlns" else None
    except ValueError:
        return None


def _spelled_out(row: Row, codec: Codec, text: str, value: Any) -> str | None:
    """A raw element, while it says what the model says."""
    element = _parsed(text)
    if element is None or element.tag != row.name:
        return None
    try:
        found = codec.read(element, Contents())
    except ValueError:
        return None
    return raw(element) if found == value else None


def _parsed(text: str) -> _Element | None:
    """A raw element, or nothing where somebody made something else of it."""
    try:
        return _xml.parse(text.encode(), FORMAT)
    except InputError:
        return None


def _spelled(row: Row, codec: Codec, entity: Entity, path: str, value: Any) -> str | None:
    """The text of a simple value as the source wrote it, while it still reads as the value."""
    leaf = codec.leaf
    if leaf is None:
        return None
    for spelling in entity.spellings:
        if spelling.path == path and spelling.format == FORMAT and spelling.text[:1] != "<":
            try:
                if leaf.strict(spelling.text) and leaf.read(spelling.text) == value:
                    return f"<{row.written}>{escape(spelling.text)}</{row.written}>"
            except ValueError:
                return None
    return None


def _one(row: Row, codec: Codec) -> Emit:
    """An element that stands once, from a field that is a value."""
    slot, tag, write, beside = row.slot, row.written, codec.write, codec.beside
    get, path_of = attrgetter(row.to), camel(row.to)
    relative = t.PREFIXES[slot] + path_of

    def emit(frame: Sequence[Any], path: str, pen: Pen) -> list[str]:
        value = get(frame[slot])
        if value is None:
            if beside is not None and (extra := getattr(frame[slot], beside[1])) is not None:
                pen.lose(f"{path}.{camel(beside[1])}", "loss/no-place", "ELMO tells the type of content only", extra)
            return []
        markup = _spelled(row, codec, frame[0], relative, value) if frame[0].spellings else None
        if markup is None:
            markup = write(tag, value, f"{path}.{relative}", pen)
        if beside is not None and (extra := getattr(frame[slot], beside[1])) is not None:
            written = pen.quoted(extra, f"{path}.{camel(beside[1])}", exact=False)
            markup = f'<{tag} {beside[0]}="{written}"{markup[len(tag) + 1 :]}'
        return [markup]

    return emit


def _several(row: Row, codec: Codec) -> Emit:
    """An element for each value of a collection that is for it; where it stands once, the others are lost."""
    slot, tag, write, holds, alone = row.slot, row.written, codec.write, codec.holds, row.alone
    get = attrgetter(row.to)
    relative = t.PREFIXES[slot] + camel(row.to)

    def emit(frame: Sequence[Any], path: str, pen: Pen) -> list[str]:
        values = get(frame[slot])
        if not values:
            return []
        items = []
        used = False
        for index, value in enumerate(values):
            if holds is not None and not holds(value, pen):
                items.append("")
            elif alone and used:
                reason = f"ELMO holds one <{tag}> here"
                pen.lose(f"{path}.{relative}[{index}]", "loss/one-only", reason, value)
                items.append("")
            else:
                items.append(write(tag, value, f"{path}.{relative}[{index}]", pen))
                used = True
        return items

    return emit


def _shapes(row: Row, make: Make) -> Emit:
    slot, tag = row.slot, row.tag
    get = attrgetter(row.to)
    relative = t.PREFIXES[slot] + camel(row.to)
    if row.many:

        def emit(frame: Sequence[Any], path: str, pen: Pen) -> list[str]:
            return [
                make(value, tag, f"{path}.{relative}[{index}]", pen) for index, value in enumerate(get(frame[slot]))
            ]

        return emit

    def emit_one(frame: Sequence[Any], path: str, pen: Pen) -> list[str]:
        value = get(frame[slot])
        return [] if value is None else [make(value, tag, f"{path}.{relative}", pen)]

    return emit_one


class Rows:
    """The closures of some rows, in order; ``orphans`` names the values of a collection that no row is for."""

    def __init__(self, rows: Sequence[Row], shape: Callable[[Shape], Make], own: Make | None = None) -> None:
        self.rows = rows
        self.emits: list[tuple[Row, Emit]] = []
        filters: dict[tuple[int, str], list[Callable[[Any, Pen], bool]]] = {}
        for row in rows:
            codec = row.codec
            if codec is None:
                if own is None:
                    raise ValueError(row.tag)
                emit = _shapes(row, own)
            elif isinstance(codec, Shape):
                emit = _shapes(row, shape(codec))
            elif row.many or row.alone:
                emit = _several(row, codec)
                if codec.holds is not None:
                    filters.setdefault((row.slot, row.to), []).append(codec.holds)
            else:
                emit = _one(row, codec)
            self.emits.append((row, emit))
        self._filters = [
            (slot, attrgetter(to), t.PREFIXES[slot] + camel(to), tuple(holds)) for (slot, to), holds in filters.items()
        ]

    def write(self, frame: Sequence[Any], path: str, pen: Pen, extras: Extras | None, lead: str = "") -> list[str]:
        """The children of one element, those of the rows."""
        out: list[str] = []
        if extras is None:
            for _, emit in self.emits:
                out += emit(frame, path, pen)
        else:
            for row, emit in self.emits:
                items = emit(frame, path, pen)
                relative = t.PREFIXES[row.slot] + camel(row.to)
                found = getattr(frame[row.slot], row.to)
                values = found if isinstance(found, tuple) else (found,)
                out += [item for item in extras.around(row, items, relative, values if items else (), lead) if item]
        for slot, get, relative, holds in self._filters:
            for index, value in enumerate(get(frame[slot])):
                if not any(one(value, pen) for one in holds):
                    reason = "ELMO has an element for other kinds of this, none for this one"
                    pen.lose(f"{path}.{relative}[{index}]", "loss/no-place", reason, value)
        return out


@lru_cache(maxsize=64)
def shape(of: Shape) -> Make:
    """The writer of a struct that has an element of its own."""
    attributes = [
        ("xml:lang" if key == LANG else key, attrgetter(name), camel(name), leaf.exact)
        for key, name, leaf in of.attributes
    ]
    demands = of.demands
    known = [key for key, _, _ in of.attributes]
    carried = frozenset(row.to for row in of.rows) | {name for _, name, _ in of.attributes}
    carried |= {name for name, _ in of.also}
    carried |= {row.codec.beside[1] for row in of.rows if isinstance(row.codec, Codec) and row.codec.beside}
    check = nowhere(of.struct, carried)
    prepare = _level_word if of is t.LEVEL else None

    def make(value: Any, tag: str, path: str, pen: Pen) -> str:
        extras = Extras(value, path, pen) if value.residue or value.spellings else None
        if prepare is not None:
            value = prepare(value, path, pen)
        if demands and not pen.as_read and (lacking := _lacking(value, demands)):
            pen.lose(path, "loss/required-missing", f"ELMO has no <{tag}> without {lacking}", value)
            return ""
        marks = ""
        for key, get, field, exact in attributes:
            found = get(value)
            if found is not None:
                marks += f' {key}="{pen.quoted(found, f"{path}.{field}", exact=exact)}"'
        check(value, path, pen)
        if extras is None:
            return f"<{tag}{marks}>{''.join(rows.write((value,), path, pen, None))}</{tag}>"
        more, text = extras.attributes(taken=known)
        body = "".join([*rows.write((value,), path, pen, extras), *extras.rest()])
        extras.close()
        return f"<{tag}{marks}{more}>{text}{body}</{tag}>"

    rows = Rows(of.rows, shape, make)
    return make


def _lacking(value: Any, demands: Sequence[str]) -> str:
    return ", ".join(camel(name) for name in demands if getattr(value, name) in (None, ()))


def _level_word(level: Any, path: str, pen: Pen) -> Any:
    """ELMO names the framework in ``type``; where a scheme stands there, the framework is what that word says."""
    if level.scheme is not None:
        if framework_of(level.scheme) is not level.framework:
            reason = "ELMO has one word for framework and scheme of a level"
            pen.lose(f"{path}.framework", "loss/one-only", reason, changed=True)
        return level
    word = LEVEL_WORDS.get(level.framework)
    return level if word is None else replace(level, scheme=word)


def element(tag: str, lead: str, body: list[str], extras: Extras | None) -> str:
    """An element that holds elements, with what only ELMO knows of it."""
    return "".join(pieces(tag, lead, body, extras))


def pieces(tag: str, lead: str, body: list[str], extras: Extras | None) -> list[str]:
    """The same, not put together yet: a long document is copied once, and most of it is ASCII."""
    if extras is None:
        return [f"<{tag}>", *body, f"</{tag}>"]
    marks, text = extras.attributes(lead)
    return [f"<{tag}{marks}>{text}", *body, *extras.rest(lead), f"</{tag}>"]
