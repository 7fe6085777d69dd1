"""Rows: what each key of a class of ELM becomes, and the shapes that they make.

A ``Shape`` belongs to one class. Its rows are compiled into one dictionary from keys
to functions; reading a node is one pass over what it has, and a key without a row is
kept beside. One value and an array of one are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from mcbridge.mappers.edc.reading.frames import Frame, Node, Put, step
from mcbridge.mappers.edc.reading.rules import EMPTY, OTHER_TYPE, SEVERAL, TOLERATED
from mcbridge.model import Text

Read = Callable[[Frame, Any, str, int | None, str, int | None], Any]
"""Reads one value: the frame it is in, the value, its key and number there, and the field and number it gets.

``None`` when it cannot be read; then it is kept beside, and that has been said.
"""
_STUBS: Final = 4
"""How many keys a node can have at most that only refers to another."""
LOCAL: Final = "urn:epass:"
LOCALS: Final = (LOCAL, "_:")
"""How ids begin that hold within a file only: those of European issuers, and blank nodes of RDF."""


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of some keys. ``fields`` are those of the struct that they fill."""

    keys: tuple[str, ...]
    fields: tuple[str, ...]
    put: Put


def several(frame: Frame, key: str, value: Any) -> list[tuple[int | None, Any]]:
    """The values of a property with their numbers; a single one has none. An empty array is kept beside."""
    if type(value) is not list:
        return [(None, value)]
    if not value:
        frame.wrong(key, None, value, "something")
    return list(enumerate(value))


def single(frame: Frame, key: str, value: Any) -> tuple[int | None, Any] | None:
    """The value of a property that has one; those beyond the first are kept beside."""
    if type(value) is not list:
        return None, value
    if not value:
        frame.wrong(key, None, value, "something")
        return None
    if len(value) > 1:
        frame.find(SEVERAL, key, None, str(len(value) - 1))
        for pos, item in enumerate(value[1:], 1):
            frame.keep(key, pos, item)
    return 0, value[0]


# --- rows


def one(key: str, field: str, read: Read, *, also: tuple[str, ...] = ()) -> Row:
    """A property that has one value; ``also`` are other spellings of the key."""

    def put(frame: Frame, value: Any) -> None:
        here = _written(frame, key, also) if also else key
        fields, pos = frame.fields, None
        if type(value) is list:
            found = single(frame, here, value)
            if found is None:
                return
            pos, value = found
        if field in fields:
            frame.find(SEVERAL, here, pos, "1")
            frame.keep(here, pos, value)
            return
        made = read(frame, value, here, pos, field, None)
        if made is not None:
            fields[field] = made
            if frame.run.trace is not None:
                frame.note(field, None, here, pos)

    return Row((key, *also), (field,), put)


def _written(frame: Frame, key: str, also: tuple[str, ...]) -> str:
    if key in frame.node:
        return key
    return next((other for other in also if other in frame.node), key)


def many(key: str, field: str, read: Read, *, to: tuple[str, ...] = ()) -> Row:
    """A property that repeats; ``to`` are further fields that its values may go to."""

    def put(frame: Frame, value: Any) -> None:
        fields = frame.fields
        for pos, item in several(frame, key, value) if type(value) is list else ((None, value),):
            held = fields.get(field)
            made = read(frame, item, key, pos, field, len(held) if held else 0)
            if made is None:
                continue
            if not held:
                held = fields.setdefault(field, [])
            held.append(made)
            if frame.run.trace is not None:
                frame.note(field, len(held) - 1, key, pos)

    return Row((key,), (field, *to), put)


def texts(key: str, field: str) -> Row:
    """A language map: texts in the order of the document."""

    def put(frame: Frame, value: Any) -> None:
        if frame.run.trace is None and type(value) is dict and field not in frame.fields:
            plain = _plainly(value)
            if plain is not None:
                frame.fields[field] = plain
                return
        held = frame.fields.setdefault(field, [])
        for text, more in spoken(frame, key, value):
            held.append(text)
            if frame.run.trace is not None:
                frame.run.trace.note(frame.fields, field, len(held) - 1, frame.place(key) + more)

    return Row((key,), (field,), put)


def _plainly(value: dict[str, Any]) -> list[Text] | None:
    """The texts of a language map that has one in each language, as nearly all have."""
    found = []
    for lang, said in value.items():
        if type(said) is not str or not said or lang in _WORDS:
            return None
        found.append(Text(said, lang))
    return found or None


_WORDS: Final = frozenset({"@none", "@value", "@language"})


def spoken(frame: Frame, key: str, value: Any, pos: int | None = None) -> list[tuple[Text, str]]:
    """The texts of a language map, each with its place below the key; ``pos`` is that of the map in an array."""
    if type(value) is dict and value and "@value" not in value:
        found: list[tuple[Text, str]] = []
        for lang, said in value.items():
            if type(said) is str and said:
                found.append((Text(said, lang) if lang != "@none" else Text(said), step(lang)))
            else:
                _said(
                    Frame(frame.run, frame, {}, frame.fields, f'"{key}" of {frame.part}', key, pos, value=True),
                    lang,
                    said,
                    found,
                )
        return found
    return _plain_texts(frame, key, value)


def _said(inner: Frame, lang: str, said: Any, found: list[tuple[Text, str]]) -> None:
    tag = None if lang == "@none" else lang
    for pos, item in several(inner, lang, said):
        if type(item) is not str:
            inner.wrong(lang, pos, item, "a text")
            continue
        if not item:
            inner.find(EMPTY, lang, pos, '""')
        found.append((Text(item, tag), step(lang) if pos is None else f"{step(lang)}/{pos}"))


def _plain_texts(frame: Frame, key: str, value: Any) -> list[tuple[Text, str]]:
    """Texts without a language map: strings, and what expanded JSON-LD has."""
    found: list[tuple[Text, str]] = []
    for pos, item in several(frame, key, value):
        more = "" if pos is None else f"/{pos}"
        if type(item) is str:
            frame.find(TOLERATED if item else EMPTY, key, pos, "a text" if item else '""', expected="a language map")
            found.append((Text(item), more))
        elif type(item) is dict and type(item.get("@value")) is str and item.keys() <= {"@value", "@language"}:
            lang = item.get("@language")
            found.append((Text(item["@value"], lang if type(lang) is str else None), f"{more}/@value"))
        elif type(item) is dict and item and pos is not None:
            found += [(text, f"/{pos}{way}") for text, way in spoken(frame, key, item, pos)]
        else:
            frame.wrong(key, pos, item, "a language map")
    return found


def within(key: str, shape: Callable[[], Shape], *fields: str) -> Row:
    """A node that has no struct of its own: what it says is said of the one above."""

    def put(frame: Frame, value: Any) -> None:
        found = single(frame, key, value)
        if found is None:
            return
        pos, item = found
        node = frame.run.node(frame, item, key, pos)
        if node is not None:
            made = shape()
            inner = Frame(frame.run, frame, node[0], frame.fields, made.part, key, pos, value=True)
            inner.pointer = node[1]
            made.fill(inner)

    return Row((key,), fields, put)


def own(key: str, fields: tuple[str, ...], put: Put) -> Row:
    """A key with a way of its own."""
    return Row((key,), fields, put)


def known(*keys: str) -> Row:
    """Keys that the shape looks at itself."""
    return Row(keys, (), _looked_at)


def _looked_at(frame: Frame, value: Any) -> None:
    return None


# --- shapes


class Shape:
    """A class of ELM and the struct that it becomes.

    ``classes`` are the words for it, the first that of ELM 3.2. ``value`` says that the struct is no entity, so what
    finds no place in it goes to the entity above. ``finish`` looks at the fields when all rows have run. ``inline``
    is for a node without a struct of its own.
    """

    def __init__(
        self,
        classes: tuple[str, ...],
        struct: type[msgspec.Struct],
        *rows: Row,
        finish: Callable[[Frame], None] | None = None,
        inline: bool = False,
    ) -> None:
        self.classes = classes
        self.part = classes[0]
        self.struct = struct
        self.rows = rows
        self._finish = finish
        names = set(struct.__struct_fields__)
        self.value = "residue" not in names
        self.demands = tuple(info.name for info in msgspec.structs.fields(struct) if info.required)
        self._demanded = frozenset(self.demands)
        self.fields = {field for row in rows for field in row.fields}
        if unknown := self.fields - names:
            raise ValueError(f"{struct.__name__} has no field {', '.join(sorted(unknown))}")
        self.puts: dict[str, Put] = {
            "id": _beside_id if inline else _keep_id if "id" in names else _drop_id,
            "type": _type_of(classes),
        }
        for row in rows:
            for key in row.keys:
                self.puts[key] = row.put

    @property
    def keys(self) -> frozenset[str]:
        """The keys that have a row."""
        return frozenset(key for row in self.rows for key in row.keys)

    def fill(self, frame: Frame) -> None:
        """One pass over what the node has."""
        get = self.puts.get
        for key, value in frame.node.items():
            put = get(key)
            if put is None:
                frame.stray(key, value)
            else:
                put(frame, value)

    def read(self, up: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Any:
        """The struct of a node, of a reference to one, or nothing."""
        if type(item) is dict and len(item) > _STUBS:
            return self.made(Frame(up.run, up, item, {}, self.part, key, pos, name, index, self.value))
        found = up.run.node(up, item, key, pos)
        if found is None:
            return None
        return self.made(Frame(up.run, up, found[0], {}, self.part, key, pos, name, index, self.value, found[1]))

    def made(self, frame: Frame) -> Any:
        """The struct of a frame."""
        self.fill(frame)
        if self._finish is not None:
            self._finish(frame)
        if self.demands and frame.up is not None and not self._demanded <= frame.fields.keys():
            missing = [name for name in self.demands if name not in frame.fields]
            lacks = " and ".join(self._key_of(name) for name in missing)
            frame.up.wrong(frame.key, frame.pos, frame.node, f"{self.part} with {lacks}")
            return None
        return build(self.struct, frame)

    def _key_of(self, name: str) -> str:
        """The key that fills a field first of all."""
        return next((row.keys[0] for row in self.rows if name in row.fields), name)


def build(struct: Callable[..., Any], frame: Frame) -> Any:
    """The struct of the fields of a frame, in which lists become tuples; known to the trace."""
    fields = frame.fields
    for name, value in fields.items():
        if type(value) is list:
            fields[name] = tuple(value)
    made = struct(**fields)
    if frame.run.trace is not None:
        frame.run.trace.bind(made, frame.fields, frame.place())
    return made


def lazily(shape: Callable[[], Shape]) -> Read:
    """The reading of a shape that is defined further down, or that holds itself."""
    return lambda frame, item, key, pos, name, index: shape().read(frame, item, key, pos, name, index)


def _keep_id(frame: Frame, value: Any) -> None:
    if type(value) is str and value:
        frame.fields["id"] = value
        if frame.run.trace is not None:
            frame.note("id", None, "id", None)
    else:
        frame.wrong("id", None, value, "an id")


def _drop_id(frame: Frame, value: Any) -> None:
    """Ids of the file are made anew; any other is how the struct was called."""
    if type(value) is not str or not value:
        frame.wrong("id", None, value, "an id")
    elif not value.startswith(LOCALS):
        frame.spell("id", None, value)


def _beside_id(frame: Frame, value: Any) -> None:
    """The id of a node that has no struct of its own."""
    if type(value) is not str or not value:
        frame.wrong("id", None, value, "an id")
    elif not value.startswith(LOCALS):
        frame.keep("id", None, value)


def _type_of(classes: tuple[str, ...]) -> Put:
    def put(frame: Frame, value: Any) -> None:
        if value in classes if type(value) is str else False:
            return
        said = value if type(value) is list else [value]
        if not all(type(each) is str for each in said) or not said:
            frame.wrong("type", None, value, "a class")
        elif not all(each in classes for each in said):
            frame.aside("type", None, value, OTHER_TYPE, ", ".join(said), expected=classes[0], part=frame.part)

    return put


def head(frame: Frame, *classes: str) -> None:
    """Look at the id and the class of a node that has no shape of its own."""
    put = _type_of(classes)
    for key, value in frame.node.items():
        if key == "id":
            _beside_id(frame, value)
        elif key == "type":
            put(frame, value)


def types(node: Node) -> tuple[str, ...]:
    """The classes that a node says it is of."""
    said = node.get("type")
    if type(said) is str:
        return (said,)
    return tuple(each for each in said if type(each) is str) if type(said) is list else ()
