"""Frames: what one node of a credential fills, and where it stands in the document and in the record.

A frame is linked to the one above it, so the JSON Pointer and the canonical path of
anything are known, and are made only when something has to be said. What finds no
place becomes residue of the nearest entity; how a value was written becomes a
spelling of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from mcbridge.diagnostics import Diagnostic, JsonLocation, Rule
from mcbridge.mappers._json import compact
from mcbridge.mappers.edc.reading.rules import EMPTY, NO_WORD, UNKNOWN_KEY, WRONG_TYPE
from mcbridge.mappers.edc.reading.terms import TERMS
from mcbridge.model import Residue, Spelling

FORMAT: Final = "edc"
CLASS: Final = "EuropeanDigitalCredential"
HEAVY: Final = 4096
"""Residue above this many characters stands in the contents."""
SHOWN: Final = 80
"""How much of a value a message quotes."""

STUB: Final = frozenset({"id", "type"})
"""What a node has that only refers to another."""

Fields = dict[str, Any]
Node = dict[str, Any]
Renamed = dict[int, frozenset[str]]
"""The short names that nodes got for keywords of JSON-LD, by the identity of the node."""


def as_keyword(renamed: Renamed, node: Node, key: str) -> str:
    """The key of a node as the document has it."""
    return f"@{key}" if key in renamed.get(id(node), ()) else key


class Frame(msgspec.Struct, eq=False):
    """One node that is being read.

    ``key`` and ``pos`` are its place in the node above, ``name`` and ``index`` that of its struct in the struct above;
    without a name it fills the fields of the frame above. ``value`` says that it is no entity of its own.
    ``pointer`` and ``home`` stand for a place in the document and in the record that is not below the frame above:
    what a reference leads to, and what stands once in a record.
    """

    run: Any
    up: Frame | None
    node: Node
    fields: Fields
    part: str
    key: str = ""
    pos: int | None = None
    name: str | None = None
    index: int | None = None
    value: bool = False
    pointer: str | None = None
    home: str | None = None

    @property
    def entity(self) -> Frame:
        """The nearest frame whose struct has residue and spellings."""
        frame = self
        while frame.value and frame.up is not None:
            frame = frame.up
        return frame

    # places

    def place(self, key: str | None = None, pos: int | None = None) -> str:
        """The JSON Pointer of the node, or of something in it."""
        steps = _steps(self.written(key) if key in STUB else key, pos)
        frame: Frame | None = self
        while frame is not None and frame.pointer is None:
            key, up = frame.key or None, frame.up
            steps[:0] = _steps(up.written(key) if key in STUB and up is not None else key, frame.pos)
            frame = up
        lead = frame.pointer if frame is not None else ""
        return f"{lead}{''.join(steps)}"

    def written(self, key: str | None) -> str | None:
        """The key as the document has it: an id or a class may stand under a keyword of JSON-LD."""
        return as_keyword(self.run.renamed, self.node, key) if self.run.renamed and key is not None else key

    def path(self, field: str | None = None, index: int | None = None) -> str:
        """The canonical path of the struct, or of a field of it."""
        return _joined(self, None, field, index)

    def beside(self, key: str | None, pos: int | None) -> str:
        """The JSON Pointer of something in the node, from its entity."""
        steps = _steps(key, pos)
        frame = self
        while frame.value and frame.up is not None:
            steps[:0] = _steps(frame.key or None, frame.pos)
            frame = frame.up
        return "".join(steps)

    def what(self, key: str | None = None) -> str:
        """What a message calls the node or a property of it."""
        return f'"{key}" of {self.part}' if key else self.part

    # what has to be said

    def find(self, rule: Rule, key: str | None, pos: int | None, value: str | None = None, **facts: Any) -> None:
        """Keep a finding about something in the node."""
        facts.setdefault("part", self.what(key))
        spot = JsonLocation(self.run.source, self.place(key, pos))
        field = self.path() or None
        self.run.luggage.report.add(Diagnostic(rule, spot, field, value, facts))

    def keep(self, key: str | None, pos: int | None, value: Any) -> None:
        """What has no place is residue of the entity. Nothing is said about it here."""
        entity, contents = self.entity, self.run.luggage.contents
        path, text = self.beside(key, pos), compact(value)
        if CLASS in text:
            self.run.suspected = True
        if len(text) > HEAVY:
            kept = Residue(format=FORMAT, path=path, sha256=contents.keep(text.encode()))
        else:
            kept = Residue(format=FORMAT, path=path, content=text)
        held = entity.fields.setdefault("residue", [])
        held.append(kept)
        self.note("residue", len(held) - 1, key, pos, entity)

    def aside(self, key: str | None, pos: int | None, value: Any, rule: Rule, said: str | None, **facts: Any) -> None:
        """Keep a value as residue, and say why."""
        self.find(rule, key, pos, said, **facts)
        self.keep(key, pos, value)

    def stray(self, key: str, value: Any) -> None:
        """A key that the class does not have."""
        rule = NO_WORD if key in TERMS else UNKNOWN_KEY
        self.aside(key, None, value, rule, key, part=self.part)

    def wrong(self, key: str, pos: int | None, value: Any, expected: str) -> None:
        """A value of another kind than the property has."""
        if value in ("", [], {}) and type(value) is not bool:
            self.aside(key, pos, value, EMPTY, compact(value))
        else:
            self.aside(key, pos, value, WRONG_TYPE, shown(value), expected=expected)

    def spell(self, field: str, index: int | None, text: str, more: str = "") -> None:
        """Remember how a value of this frame was written."""
        path = _joined(self, self.entity, field, index) + more
        self.entity.fields.setdefault("spellings", []).append(Spelling(format=FORMAT, path=path, text=text))

    # the trace

    def note(self, field: str, index: int | None, key: str | None, pos: int | None, owner: Frame | None = None) -> None:
        """Where a field came from, for those who read again to know."""
        if self.run.trace is not None:
            self.run.trace.note((owner or self).fields, field, index, self.place(key, pos))


def _steps(key: str | None, pos: int | None) -> list[str]:
    if key is None:
        return []
    return [step(key)] if pos is None else [step(key), f"/{pos}"]


def step(key: str) -> str:
    """A key in a JSON Pointer (RFC 6901)."""
    return f"/{key.replace('~', '~0').replace('/', '~1')}" if "/" in key or "~" in key else f"/{key}"


def _joined(frame: Frame, stop: Frame | None, field: str | None, index: int | None) -> str:
    """A canonical path, from the record or from the entity ``stop``."""
    steps = [_named(field, index)] if field else []
    here: Frame | None = frame
    while here is not None and here is not stop:
        if here.home is not None:
            steps.insert(0, here.home)
            break
        if here.name is not None:
            steps.insert(0, _named(here.name, here.index))
        here = here.up
    return ".".join(filter(None, steps))


def _named(name: str, index: int | None) -> str:
    head, *rest = name.split("_")
    name = head + "".join(word.title() for word in rest)
    return name if index is None else f"{name}[{index}]"


def shown(value: Any) -> str:
    """A value in a message: what kind it is, and how it begins."""
    if value is None:
        return "null"
    text = compact(value)
    if len(text) > SHOWN:
        text = text[:SHOWN] + "…"
    kinds: dict[type, str] = {dict: "the object", list: "the array", str: "the text", bool: "the truth value"}
    return f"{kinds.get(type(value), 'the number')} {text}"


class Trace:
    """Places by the identity of fields and structs, which are kept alive as long as the trace."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.places: dict[int, dict[tuple[str, int | None], str]] = {}
        self.bound: dict[int, Fields] = {}
        self.at: dict[int, str] = {}

    def note(self, fields: Fields, field: str, index: int | None, place: str) -> None:
        """A field came from this place."""
        if id(fields) not in self.places:
            self.kept.append(fields)
            self.places[id(fields)] = {}
        self.places[id(fields)].setdefault((field, index), place)

    def bind(self, struct: Any, fields: Fields, place: str | None = None) -> None:
        """A struct was made of these fields, and of the node at this place."""
        self.kept.append(struct)
        self.bound.setdefault(id(struct), fields)
        if place is not None:
            self.at.setdefault(id(struct), place)


Put = Callable[[Frame, Any], None]
"""Puts the value of one key into the fields of a frame."""
