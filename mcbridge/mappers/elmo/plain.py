"""Learning opportunities as their text stands in the document, at a third of the cost of asking the tree.

Most of a document is plain: known elements in the order of the schema, nothing between them. The rows of ``table.py``
say what that looks like, so they are compiled once into one regular expression for an opportunity, and one expression
that makes the structs of its groups. The parser has accepted the document before, so each ``<`` begins a tag, and
where the expression matches, it has seen all that is there.
Where it does not (an unknown element or attribute, another order, text where none belongs, a value that cannot be
read), the whole opportunity is unusual and is read from the tree, with care. Both ways give the same record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

import msgspec
from lxml import etree
from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.mappers._xml.encoding import utf8
from mcbridge.mappers.elmo import codecs
from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.codecs import Codec, Row, Shape
from mcbridge.mappers.elmo.residues import FORMAT, camel
from mcbridge.mappers.elmo.values import DECIMAL_TEXT, LANG, STRING, TOKEN, Leaf, collapse
from mcbridge.model import Achievement, Activity, Assessment, Period, Specification, Spelling

SMALL: Final = 16 * 1024
"""Below this many bytes the tree is read sooner than the expressions are compiled."""

LARGE: Final = 64 * 1024 * 1024
"""Above this many bytes the text is not held beside the tree."""

KEPT: Final = 512
"""How many values of an element are remembered."""

Groups = Sequence[str | None]

_LOS: Final = "learningOpportunitySpecification"
_COUNTED: Final = frozenset((_LOS, "report"))
_VERBATIM: Final = (None, TOKEN, STRING, DECIMAL_TEXT)
"""Simple types whose values are what is written."""

# Nothing gives back what it has matched, so a match costs no more than the text is long.
_S: Final = r"[ \t\n\r]*+"
_ATTRIBUTES: Final = r'(?: [^\s/>"\'=]++="[^"<>\t\n\r]*+")*+'
_ATTRIBUTE: Final = re.compile(r' ([^=]+)="([^"]*)"')
_TAG: Final = re.compile(r"""<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")
_REFERENCE: Final = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Unusual(ValueError):
    """What is read from the tree."""


class Plain:
    """The opportunities of all reports, in the order of the document."""

    def __init__(self, root: _Element, text: str) -> None:
        self._root = root
        prefix = f"{root.prefix}:" if root.prefix else ""
        self._read = _opportunity(prefix)
        self._name = f"{prefix}{_LOS}"
        self._start = f"<{self._name}>"
        self._report = f"{prefix}report"
        self._taken = 0
        self._begin(text)

    @classmethod
    def of(cls, root: _Element, data: bytes, name: str) -> Plain | None:
        """Those of a document that was parsed, as it stands; nothing where its size makes that no gain."""
        return cls.within(root, data, name) if SMALL <= len(data) <= LARGE else None

    @classmethod
    def within(cls, root: _Element, data: bytes, name: str) -> Plain:
        """Those of a document of any size."""
        text = utf8(data, name).decode()
        return cls(root, text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)

    def _begin(self, text: str) -> None:
        self._text = text
        self._at = text.find("?>") if text.startswith("<?xml") else 0
        self._depth = 0
        self._inside = self._bare = self._empty = False

    def take(self) -> Achievement | None:
        """The next opportunity, or nothing where it is unusual."""
        if not self._next():
            return None
        self._taken += 1
        if self._bare:
            try:
                made, self._at = self._read(self._text, self._at)
                return made
            except ValueError:
                pass
        self._depth += not self._empty
        return None

    def _next(self) -> bool:
        """Go to the next opportunity of a report, behind its start tag, or to the end."""
        while (at := self._text.find("<", self._at)) >= 0:
            here = self._inside and self._depth == 2
            if here and self._text.startswith(self._start, at):
                self._at = at + len(self._start)
                self._bare, self._empty = True, False
                return True
            mark = self._text[at + 1]
            if mark == "/":
                self._depth -= 1
                self._at = at + 1
                continue
            if mark in "!?":
                self._anew()
                continue
            tag = _TAG.match(self._text, at)
            if tag is None or self._odd(tag):
                break
            self._at = tag.end()
            if here and tag[1] == self._name:
                self._bare, self._empty = False, bool(tag[3])
                return True
            if self._depth == 1:
                self._inside = tag[1] == self._report
            self._depth += not tag[3]
        self._at = len(self._text)
        return False

    def _anew(self) -> None:
        """Comments and the like may hold what looks like tags. The tree has none: written again, it is gone through."""
        self._begin(etree.tostring(self._root, encoding="unicode"))
        for _ in range(self._taken):
            self._next()
            self._depth += not self._empty

    def _odd(self, tag: re.Match[str]) -> bool:
        """Whether this may be a report or an opportunity under another name, or by its name only."""
        local = tag[1].rpartition(":")[2]
        return local in _COUNTED and ("xmlns" in tag[2] or tag[1] not in (self._name, self._report))


# --- text into values ---------------------------------------------------------------------------------------------


def _text(text: str) -> str:
    """Character data without references; there is no DOCTYPE, so all entities are XML's own."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _ENTITIES[found[3]]
    return chr(int(found[1]) if found[1] else int(found[2], 16))


def _token(text: str) -> str:
    if "&" in text:
        text = _text(text)
    elif text.strip() is text and "  " not in text and "\n" not in text and "\t" not in text:
        return text
    return collapse(text)


class Known(dict[Any, Any]):
    """Values by what makes them: made when first asked for, remembered while they are few. ``None`` has one, too."""

    def __init__(self, make: Callable[[Any], Any], without: Any) -> None:
        super().__init__({None: without})
        self._make = make
        self._without = without

    def __missing__(self, text: Any) -> Any:
        """Make the value of a text."""
        value = self._make(text)
        if len(self) > KEPT:
            self.clear()
            self[None] = self._without
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


def _run(row: Row, codec: Codec, item: re.Pattern[str]) -> Callable[..., Any]:
    """The values of elements that may repeat or have attributes: of the first one, and of the others."""
    plain, many, alone = codec.plain, row.many, row.alone
    clean = _text if codec.exact else _token
    makers: dict[str, Callable[[str], Any]] = {}

    def maker(written: str) -> Callable[[str], Any]:
        attributes = {LANG if key == "xml:lang" else key: _text(value) for key, value in _ATTRIBUTE.findall(written)}
        if codec.value is None or not attributes.keys() <= codec.attributes:
            raise Unusual(written)
        made = codec.value(attributes)
        if plain is not None and not plain(attributes, made("")):
            raise Unusual(written)
        if len(makers) < KEPT:
            makers[written] = made
        return made

    def run(written: str, text: str | None, others: str) -> Any:
        make = makers.get(written) or maker(written)
        first = make(clean(text)) if text else make("")
        if not many:
            return (first,) if alone else first
        if not others:
            return (first,)
        return (first, *[(makers.get(more) or maker(more))(clean(text)) for more, text in item.findall(others)])

    return run


def _shapes(row: Row, shape: Shape, prefix: str) -> tuple[str, Callable[..., Any]]:
    """The pattern of elements with a struct of their own, and their values by the text of all of them.

    The same text gives the same structs: terms, credits and levels recur.
    """
    name = f"{prefix}{row.tag}"
    if shape.attributes:
        raise Unusual(name)
    parts = [one for one in (_part(each, prefix) for each in shape.rows) if one is not None]
    item = re.compile(f"<{name}>{_S}{''.join(part.pattern for part in parts)}</{name}>{_S}")
    make = _maker(shape, parts)
    many = row.many

    def values(text: str) -> Any:
        made = [make(found.groups(), ()) for found in item.finditer(text)]
        return tuple(made) if many else made[0]

    return f"((?:{_groupless(item.pattern)}){'++' if many else ''})", values


def _groupless(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


# --- rows into patterns -------------------------------------------------------------------------------------------


class Part(msgspec.Struct, frozen=True):
    """What one row adds: its pattern, the number of its groups, and what makes the value of them.

    ``few``: the values recur. ``spelling`` tells how one was written that may be written in several ways.
    """

    row: Row
    pattern: str
    groups: int
    make: Callable[..., Any]
    few: bool = False
    spelling: Callable[[str], tuple[Spelling, ...]] | None = None


def _part(row: Row, prefix: str) -> Part | None:
    """The part of a row; none where its elements are not read plainly."""
    name, codec = f"{prefix}{row.tag}", row.codec
    if isinstance(codec, Shape):
        with suppress(Unusual):
            pattern, make = _shapes(row, codec, prefix)
            return Part(row, f"(?:{pattern})?+", 1, make, few=True)
    if not isinstance(codec, Codec) or codec.value is None:
        return None
    if not row.many and not codec.attributes:
        spelling = None if codec.leaf is None or codec.leaf in _VERBATIM else _spelling(row, codec.leaf)
        return Part(row, _leaf(name), 1, _once(row, codec), codec.few, spelling)
    if codec.leaf not in _VERBATIM:
        return None
    text = "()" if codec.empty else "([^<]*+)"
    item = f"<{name}({_ATTRIBUTES})(?:/>|>{text}</{name}>){_S}"
    others = f"((?:{_groupless(item)})*+)" if row.many else "()"
    return Part(row, f"(?:{item}{others})?+", 3, _run(row, codec, re.compile(item)))


def _leaf(name: str) -> str:
    return f"(?:<{name}>([^<]*+)</{name}>{_S})?+"


# --- groups into structs ------------------------------------------------------------------------------------------


class _Source:
    """The expression that makes structs of groups ``g``. It consists of names of fields and numbers of groups only."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.names: dict[str, Any] = {}
        self._given: dict[tuple[int, str], list[tuple[int, str]]] = {}
        spellings = []
        number = 0
        for part in parts:
            name, row = f"m{number}", part.row
            without = () if row.many or row.alone or row.to == "fields" else None
            groups = ", ".join(f"g[{one}]" for one in range(number, number + part.groups))
            if part.few:
                self.names[name] = Known(part.make, without)
                value = f"{name}[{groups}]"
            else:
                self.names[name] = part.make
                value = f"({name}({groups}) if g[{number}] is not None else {without})"
            if part.spelling is not None:
                self.names[f"s{number}"] = Known(part.spelling, ())
                spellings.append(f"s{number}[{groups}]")
            self._given.setdefault((row.slot, row.to), []).append((number, value))
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


def _maker(shape: Shape, parts: Sequence[Part]) -> Callable[[Groups, tuple[()]], Any]:
    source = _Source(parts)
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


# --- the element that five structs are made of --------------------------------------------------------------------

Read = Callable[[str, int], tuple[Achievement, int]]
"""Makes the achievement of an opportunity, from behind its start tag to behind its end tag."""

REFS: Final = Row("ref", "attachment_refs", codecs.STRING, many=True)
"""The references to attachments, inside of ``attachments``."""


@lru_cache(maxsize=4)
def _opportunity(prefix: str) -> Read:
    name, part, end = f"{prefix}{_LOS}", f"{prefix}hasPart", f"</{prefix}{_LOS}>"
    offer = [one for row in t.LOS if (one := _part(row, prefix)) is not None]
    result = [one for row in t.LOI if (one := _part(row, prefix)) is not None]
    if (refs := _part(REFS, prefix)) is not None:
        before = [one.row.tag for one in result].index("grouping")
        result.insert(before, replace(refs, pattern=_element(f"{prefix}attachments", refs.pattern.removesuffix("?+"))))
    instance = _element(f"{prefix}learningOpportunityInstance", "".join(one.pattern for one in result))
    specifies = _element(f"{prefix}specifies", instance)
    match = re.compile(f"{_S}{''.join(one.pattern for one in offer)}{specifies}").match
    opening = re.compile(f"<{part}>{_S}<{name}>").match
    closing = re.compile(f"{_S}</{part}>{_S}").match
    make = _achievement([*offer, *result])

    def read(text: str, at: int) -> tuple[Achievement, int]:
        found = match(text, at)
        if found is None:
            raise Unusual(name)
        at = found.end()
        parts = []
        while not text.startswith(end, at):
            opened = opening(text, at)
            if opened is None:
                raise Unusual(name)
            one, at = read(text, opened.end())
            parts.append(one)
            closed = closing(text, at)
            if closed is None:
                raise Unusual(part)
            at = closed.end()
        return make(found.groups(), tuple(parts)), at + len(end)

    return read


def _element(name: str, inside: str) -> str:
    return f"(?:<{name}>{_S}{inside}</{name}>{_S})?+"


def _achievement(parts: Sequence[Part]) -> Callable[[Groups, tuple[Achievement, ...]], Achievement]:
    source = _Source(parts)
    assessment, activity = source.struct(t.ASSESSMENT, Assessment), source.struct(t.ACTIVITY, Activity)
    more = (
        f"specification={source.struct(t.SPECIFICATION, Specification)}, "
        f"assessments=({assessment},) if {source.said(t.ASSESSMENT)} else (), "
        f"activities=({activity},) if {source.said(t.ACTIVITY)} else (), "
        f"period={source.struct(t.PERIOD, Period)} if {source.said(t.PERIOD)} else None, "
        "parts=parts, "
    )
    return source.compiled(source.struct(t.ACHIEVEMENT, Achievement, more))
