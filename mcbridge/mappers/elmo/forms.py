"""What the rows of the table look like as text: patterns, and what makes values and structs of their groups.

A pattern gives nothing back that it has matched, so a match costs no more than the text is long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import msgspec

from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.codecs import Codec, Row, Shape
from mcbridge.mappers.elmo.residues import FORMAT, camel
from mcbridge.mappers.elmo.values import DECIMAL_TEXT, LANG, STRING, TOKEN, Leaf, collapse
from mcbridge.model import Spelling

KEPT: Final = 512
"""How many values of an element are remembered."""

S: Final = r"[ \t\n\r]*+"
"""Space between elements."""

Groups = Sequence[str | None]

_VERBATIM: Final = (None, TOKEN, STRING, DECIMAL_TEXT)
"""Simple types whose values are what is written."""

_ATTRIBUTES: Final = r'(?: [^\s/>"\'=]++="[^"<>\t\n\r]*+")*+'
_ATTRIBUTE: Final = re.compile(r' ([^=]+)="([^"]*)"')
_REFERENCE: Final = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
"""In this order: what ``&amp;`` gives is not looked at again."""


class Unusual(ValueError):
    """What is not plain."""


class Patience:
    """Says when so much work has come, in one process, that preparing for it pays. Results do not depend on it."""

    def __init__(self, work: int) -> None:
        self.left = work

    def over(self, work: int) -> bool:
        """Whether it is over with this work, too."""
        self.left -= work
        return self.left <= 0


# --- text into values ---------------------------------------------------------------------------------------------


def _text(text: str) -> str:
    """Character data without references; there is no DOCTYPE, so all entities are XML's own."""
    if "&" not in text:
        return text
    if "&#" in text:
        return _REFERENCE.sub(_character, text)
    for written, meant in _ENTITIES.items():
        text = text.replace(written, meant)
    return text


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _ENTITIES[found[0]]
    return chr(int(found[1]) if found[1] else int(found[2], 16))


def _token(text: str) -> str:
    if "&" in text:
        text = _text(text)
    elif text.strip() is text and "  " not in text and "\n" not in text and "\t" not in text:
        return text
    return collapse(text)


class Known(dict[Any, Any]):
    """Values by what makes them: made when first asked for, remembered while they are few."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, text: Any) -> Any:
        """Make the value of a text."""
        value = self._make(text)
        if len(self) >= KEPT:
            self.clear()
        self[text] = value
        return value


def _once(row: Row, codec: Codec) -> Callable[[str], Any]:
    """The value of an element that stands once, by its text."""
    if codec.value is None:
        raise Unusual(row.tag)
    alone, value_of = row.alone, codec.value({})
    clean = _text if codec.exact else _token

    def once(text: str) -> Any:
        value = value_of(clean(text))
        return (value,) if alone else value

    return once


def _spelling(row: Row, leaf: Leaf) -> Callable[[str], tuple[Spelling, ...]]:
    """How the value of a text was written, where the value does not give that back."""
    read, form = leaf.read, leaf.format
    path = t.PREFIXES[row.slot] + camel(row.to)

    def spelling(text: str) -> tuple[Spelling, ...]:
        found = _token(text)
        return () if form(read(found)) == found else (Spelling(format=FORMAT, path=path, text=found),)

    return spelling


def _maker(codec: Codec) -> Callable[[str], Callable[[str], Any]]:
    """What makes the value of a text, by the attributes as they are written."""
    plain = codec.plain

    def maker(written: str) -> Callable[[str], Any]:
        attributes = {LANG if key == "xml:lang" else key: _text(value) for key, value in _ATTRIBUTE.findall(written)}
        if codec.value is None or not attributes.keys() <= codec.attributes:
            raise Unusual(written)
        made = codec.value(attributes)
        if plain is not None and not plain(attributes, made("")):
            raise Unusual(written)
        return made

    return maker


def _shapes(row: Row, shape: Shape, prefix: str) -> tuple[str, Callable[..., Any]]:
    """The pattern of elements with a struct of their own, and their values by the text of all of them.

    The same text gives the same structs: terms, credits and levels recur.
    """
    name = f"{prefix}{row.tag}"
    if shape.attributes:
        raise Unusual(name)
    parts = [one for one in (part_of(each, prefix) for each in shape.rows) if one is not None]
    item = re.compile(f"<{name}>{S}{''.join(part.pattern for part in parts)}</{name}>{S}")
    make = _structs(shape, parts)
    many = row.many

    def values(text: str) -> Any:
        made = [make(found.groups(), ()) for found in item.finditer(text)]
        return tuple(made) if many else made[0]

    return f"((?:{_groupless(item.pattern)}){'++' if many else ''})", values


def _groupless(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


# --- rows into patterns -------------------------------------------------------------------------------------------


class Part(msgspec.Struct, frozen=True):
    """What one row adds: its pattern, the number of its groups, and the expression that makes the value of them.

    ``value`` calls the groups ``{0}``, ``{1}`` and so on; the first tells whether there is a value. ``names`` are what
    else it speaks of. ``spelling`` tells how a value was written that may be written in several ways.
    """

    row: Row
    pattern: str
    groups: int
    value: str
    names: Mapping[str, Any]
    spelling: Callable[[str], tuple[Spelling, ...]] | None = None


_FEW: Final = "{known}[{0}]"
_ONE: Final = "{makers}[{0}]({clean}({1} or ''))"
_OTHER: Final = "{makers}[{2}]({clean}({3} or ''))"
_TWO: Final = f"{_ONE}, {_OTHER}"
_SEVERAL: Final = f"(({_ONE},) if {{2}} is None else ({_TWO}, *{{more}}({{4}})) if {{4}} else ({_TWO}))"
"""There are seldom more than two, in two languages."""


def part_of(row: Row, prefix: str) -> Part | None:
    """The part of a row; none where its elements are not read plainly."""
    name, codec = f"{prefix}{row.tag}", row.codec
    if isinstance(codec, Shape):
        with suppress(Unusual):
            pattern, make = _shapes(row, codec, prefix)
            return Part(row, f"(?:{pattern})?+", 1, _FEW, {"known": Known(make)})
    if not isinstance(codec, Codec) or codec.value is None:
        return None
    clean = _text if codec.exact else _token
    if not row.many and not codec.attributes:
        spelling = None if codec.leaf is None or codec.leaf in _VERBATIM else _spelling(row, codec.leaf)
        if codec.few:
            return Part(row, _leaf(name), 1, _FEW, {"known": Known(_once(row, codec))}, spelling)
        value = "({make}({clean}({0})),)" if row.alone else "{make}({clean}({0}))"
        return Part(row, _leaf(name), 1, value, {"make": codec.value({}), "clean": clean}, spelling)
    if codec.leaf not in _VERBATIM:
        return None
    text = "()" if codec.empty else "([^<]*+)"
    item = f"<{name}({_ATTRIBUTES})(?:/>|>{text}</{name}>){S}"
    makers = Known(_maker(codec))
    names = {"makers": makers, "clean": clean}
    if not row.many:
        return Part(row, f"(?:{item})?+", 2, f"({_ONE},)" if row.alone else _ONE, names)
    each = re.compile(item).findall

    def more(text: str) -> list[Any]:
        return [makers[attributes](clean(text)) for attributes, text in each(text)]

    several = f"(?:{item}(?:{item})?+((?:{_groupless(item)})*+))?+"
    return Part(row, several, 5, _SEVERAL, {**names, "more": more})


def _leaf(name: str) -> str:
    return f"(?:<{name}>([^<]*+)</{name}>{S})?+"


# --- groups into structs ------------------------------------------------------------------------------------------


class Source:
    """The expression that makes structs of groups ``g``. It consists of names of fields and numbers of groups only."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.names: dict[str, Any] = {}
        self._given: dict[tuple[int, str], list[tuple[int, str]]] = {}
        spellings = []
        number = 0
        for part in parts:
            row = part.row
            without = () if row.many or row.alone or row.to == "fields" else None
            groups = [f"g[{one}]" for one in range(number, number + part.groups)]
            names = {name: f"{name}{number}" for name in part.names}
            self.names |= {names[name]: meant for name, meant in part.names.items()}
            value = part.value.format(*groups, **names)
            self._given.setdefault((row.slot, row.to), []).append(
                (number, f"({value} if {groups[0]} is not None else {without})")
            )
            if part.spelling is not None:
                self.names[f"spelled{number}"] = Known(part.spelling)
                spellings.append(f"(spelled{number}[{groups[0]}] if {groups[0]} is not None else ())")
            number += part.groups
        self._spellings = " + ".join(spellings) or "()"

    def struct(self, slot: int, struct: type[msgspec.Struct], more: str = "") -> str:
        """The call that makes one struct: a field of each row, and ``more``."""
        self.names[struct.__name__] = struct
        given = more
        for info in msgspec.structs.fields(struct):
            found = " + ".join(value for _, value in self._given.get((slot, info.name), ()))
            if found:
                given += f"{info.name}={f'needed({found})' if info.required else found}, "
        return f"{struct.__name__}({given}{'' if slot else f'spellings={self._spellings}'})"

    def said(self, slot: int) -> str:
        """Whether there is anything for the struct of a slot."""
        numbers = [number for (where, _), found in self._given.items() if where == slot for number, _ in found]
        return " or ".join(f"g[{number}] is not None" for number in numbers)

    def compiled(self, expression: str, more: Mapping[str, Any] | None = None) -> Callable[..., Any]:
        """The function of the groups and of the parts inside."""
        # Arguments by name, all at once, cost half of what a dictionary of them does.
        names = {**self.names, "needed": _needed, **(more or {})}
        return eval(f"lambda g, parts: {expression}", names)  # type: ignore[no-any-return]  # noqa: S307


def _needed(value: Any) -> Any:
    if value is None:
        raise Unusual("a field that the struct cannot do without is missing")
    return value


def _structs(shape: Shape, parts: Sequence[Part]) -> Callable[[Groups, tuple[()]], Any]:
    source = Source(parts)
    done, struct = shape.done, shape.struct
    if done is None:
        return source.compiled(source.struct(0, struct))

    def completed(**fields: Any) -> Any:
        given = {name: value for name, value in fields.items() if value is not None and value != ()}
        done(given)
        try:
            return struct(**given)
        except TypeError as error:  # a field that the struct cannot do without is missing
            raise Unusual(struct.__name__) from error

    return source.compiled(source.struct(0, struct), {struct.__name__: completed})
