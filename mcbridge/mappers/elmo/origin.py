"""The place of each canonical field in an ELMO document, found by reading it again with open eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, XmlLocation, place
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo.codecs import Codec, Shape
from mcbridge.mappers.elmo.documents import Reading
from mcbridge.mappers.elmo.repairs.tree import Tree
from mcbridge.mappers.elmo.table import GROUP_TYPE, ISSUER, LEARNER, LOI, LOS, REPORT, ROOT
from mcbridge.mappers.elmo.trace import Trace
from mcbridge.mappers.elmo.values import LANG
from mcbridge.model import Entity
from mcbridge.model.leaves import names
from mcbridge.origins import Contents, Read, Source


def _within() -> dict[str, tuple[str, ...]]:
    """For each part of a value (``lang``, ``type``, ``count``) the attributes it may stand in."""
    found: dict[str, dict[str, None]] = {}
    shapes: list[Shape] = []
    rows = [*LEARNER, *ISSUER, *LOI, *LOS, *REPORT, *ROOT, *GROUP_TYPE.rows]
    for row in rows:  # grows on the way
        if isinstance(row.codec, Shape) and row.codec not in shapes:
            shapes.append(row.codec)
            rows += row.codec.rows
        elif isinstance(row.codec, Codec):
            for name, place in row.codec.within.items():
                found.setdefault(name, {})[place] = None
    return {name: tuple(places) for name, places in found.items()}


_WITHIN = _within()


class Places:
    """Canonical paths to elements of one document; nothing is done until somebody asks."""

    def __init__(self, source: Source, opened: Callable[[], Tree], *, checked: bool) -> None:
        self._source = source
        self._opened = opened
        self._checked = checked

    @cached_property
    def _found(self) -> list[dict[str, tuple[_Element, str]]]:
        trace, tree = Trace(), self._opened()
        reading = Reading(
            tree.root,
            self._source.sha256,
            Contents(),
            checked=self._checked,
            trace=trace,
            written=tree.written,
        )
        self._kept = (trace, reading, tree)
        return [traced(credential, trace) for credential in reading.credentials]

    @cached_property
    def _columns(self) -> dict[_Element, tuple[int, int]]:
        spots = _xml.columns(self._source.data)
        return dict(zip(self._kept[2].standing.walk(), spots, strict=False))

    def found(self, position: int) -> Mapping[str, tuple[_Element, str]]:
        """The element of each path of the credential at this position (from one), and the rest of its place."""
        return self._found[position - 1]

    def spot(self, element: _Element, position: int) -> XmlLocation:
        """Where an element stands that is of this credential, or around it."""
        standing = self._kept[2].standing
        element = standing.original(element)
        line, column = self._columns.get(element, (line_of(element), None))
        return XmlLocation(self._source.name, line, column, standing.path(element))

    def find(self, position: int, path: str) -> XmlLocation | None:
        """The place of a path in the credential at this position (from one)."""
        places = self.found(position)
        found = places.get(path)
        within = ""
        if found is None:
            head, _, last = path.rpartition(".")
            if last not in _WITHIN or (found := places.get(head)) is None:
                return None
            within = next((f"/{place}" for place in _WITHIN[last] if _has(found[0], place)), "")
        element, inner = found
        spot = self.spot(element, position)
        return replace(spot, xpath=f"{spot.xpath}{inner or within}")

    def shared(self) -> list[XmlLocation]:
        """What is not in a report, and belongs to the records of all: the learner, the date, attachments, groups."""
        tree, name = self._opened(), self._source.name
        root, path = tree.root, tree.standing.path
        found = [XmlLocation(name, line_of(root), None, path(root, str(key))) for key in root.attrib]
        beside = (child for child in root.iterchildren("*") if not child.tag.endswith("}report"))
        return found + [XmlLocation(name, line_of(child), None, path(child)) for child in beside]

    def fields(self, position: int) -> dict[str, str]:
        """Places in the document to canonical paths of the credential at this position (from one)."""
        found: dict[str, str] = {}
        for path, (element, inner) in self.found(position).items():
            found.setdefault(f"{self._kept[2].standing.path(element)}{inner}", path)
        return found


def told(findings: Iterable[Diagnostic], root: _Element, reads: Sequence[Read]) -> Iterator[Diagnostic]:
    """Findings about a document that was made of these records, at the fields that the faulty elements are made of."""
    places = Places(Source("", b""), lambda: Tree(root), checked=True)
    fields: dict[str, tuple[Read, str]] = {}
    for position, read in reversed(list(enumerate(reads, 1))):
        fields |= {spot: (read, path) for spot, path in places.fields(position).items()}
    for one in findings:
        spot = place(one.location)
        while spot and spot not in fields:
            spot = spot.rpartition("/")[0]
        read, path = fields.get(spot, (reads[0], ""))
        yield Diagnostic(one.rule, read.origin.of(path), path or None, one.value, one.facts)


def line_of(element: _Element) -> int | None:
    """The line of an element's start tag, from one."""
    found: int | None = element.sourceline  # type: ignore[assignment]
    return found


def _has(element: _Element, place: str) -> bool:
    name = place.removeprefix("@")
    return element.get(LANG if name == "xml:lang" else name) is not None


def traced(credential: Any, trace: Trace) -> dict[str, tuple[_Element, str]]:
    """The elements, and the places within them, that the fields of a record came from, by canonical path."""
    places: dict[str, tuple[_Element, str]] = {}

    def note_all(value: Any, written: dict[str, str], lead: str) -> None:
        also = trace.also.get(id(value), ())
        for key in trace.bound.get(id(value), ()):
            for (noted, index), spot in trace.notes.get(key, {}).items():
                for name in (noted, *(name for name, other in also if other == noted)):
                    if name in written:
                        places.setdefault(f"{lead}{written[name]}{'' if index is None else f'[{index}]'}", spot)

    def visit(value: Any, path: str) -> None:
        if isinstance(value, msgspec.Struct):
            lead = f"{path}." if path else ""
            table = names(type(value))
            note_all(value, dict(table), lead)
            for name, written in table:
                inner = getattr(value, name)
                # what is no entity was not read by a table of its own, and has nothing inside that was
                if inner and isinstance(inner[0] if isinstance(inner, tuple) else inner, Entity):
                    visit(inner, f"{lead}{written}")
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                visit(item, f"{path}[{index}]")

    visit(credential, "")
    return places
