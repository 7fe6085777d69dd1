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
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from lxml import etree
from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.mappers._xml.encoding import utf8
from mcbridge.mappers.elmo import codecs
from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.codecs import Row
from mcbridge.mappers.elmo.forms import Groups, Part, Patience, S, Source, Unusual, part_of
from mcbridge.model import Achievement, Activity, Assessment, Period, Specification

PATIENCE: Final = Patience(32 * 1024)
"""So many bytes are read from trees sooner than the expressions are compiled."""

LARGE: Final = 64 * 1024 * 1024
"""Above this many bytes the text is not held beside the tree."""

_LOS: Final = "learningOpportunitySpecification"
_COUNTED: Final = frozenset((_LOS, "report"))

_TAG: Final = re.compile(r"""<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(/?)>""")


class Plain:
    """The opportunities of all reports, in the order of the document."""

    def __init__(self, root: _Element, text: str) -> None:
        self._root = root
        prefix = f"{root.prefix}:" if root.prefix else ""
        self._read = _opportunity(prefix)
        self._name = f"{prefix}{_LOS}"
        self._start = f"<{self._name}>"
        self._following = re.compile(f"{S}{self._start}").match
        self._report = f"{prefix}report"
        self._taken = 0
        self._begin(text)

    @classmethod
    def of(cls, root: _Element, data: bytes, name: str) -> Plain | None:
        """Those of a document that was parsed, as it stands; nothing where its size makes that no gain."""
        return cls.within(root, data, name) if len(data) <= LARGE and PATIENCE.over(len(data)) else None

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
        behind = self._following(self._text, self._at) if self._inside and self._depth == 2 else None
        if behind is not None:
            self._at = behind.end()
            self._bare, self._empty = True, False
        elif not self._next():
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


# --- the element that five structs are made of --------------------------------------------------------------------

Read = Callable[[str, int], tuple[Achievement, int]]
"""Makes the achievement of an opportunity, from behind its start tag to behind its end tag."""

REFS: Final = Row("ref", "attachment_refs", codecs.STRING, many=True)
"""The references to attachments, inside of ``attachments``."""


@lru_cache(maxsize=4)
def _opportunity(prefix: str) -> Read:
    name, part, end = f"{prefix}{_LOS}", f"{prefix}hasPart", f"</{prefix}{_LOS}>"
    offer = [one for row in t.LOS if (one := part_of(row, prefix)) is not None]
    result = [one for row in t.LOI if (one := part_of(row, prefix)) is not None]
    if (refs := part_of(REFS, prefix)) is not None:
        before = [one.row.tag for one in result].index("grouping")
        result.insert(before, replace(refs, pattern=_element(f"{prefix}attachments", refs.pattern.removesuffix("?+"))))
    instance = _element(f"{prefix}learningOpportunityInstance", "".join(one.pattern for one in result))
    specifies = _element(f"{prefix}specifies", instance)
    match = re.compile(f"{S}{''.join(one.pattern for one in offer)}{specifies}").match
    opening = re.compile(f"<{part}>{S}<{name}>").match
    closing = re.compile(f"{S}</{part}>{S}").match
    make = _achievement([*offer, *result])

    def read(text: str, at: int) -> tuple[Achievement, int]:
        found = match(text, at)
        if found is None:
            raise Unusual(name)
        at = found.end()
        if text.startswith(end, at):
            return make(found.groups(), ()), at + len(end)
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
    return f"(?:<{name}>{S}{inside}</{name}>{S})?+"


def _achievement(parts: Sequence[Part]) -> Callable[[Groups, tuple[Achievement, ...]], Achievement]:
    source = Source(parts)
    assessment, activity = source.struct(t.ASSESSMENT, Assessment), source.struct(t.ACTIVITY, Activity)
    more = (
        f"specification={source.struct(t.SPECIFICATION, Specification)}, "
        f"assessments=({assessment},) if {source.said(t.ASSESSMENT)} else (), "
        f"activities=({activity},) if {source.said(t.ACTIVITY)} else (), "
        f"period={source.struct(t.PERIOD, Period)} if {source.said(t.PERIOD)} else None, "
        "parts=parts, "
    )
    return source.compiled(source.struct(t.ACHIEVEMENT, Achievement, more))
