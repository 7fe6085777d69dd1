"""The place of each canonical field in an ELMO document, found by reading it again with open eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec
from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation, place
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo.codecs import Codec, Shape
from mcbridge.mappers.elmo.documents import Reading
from mcbridge.mappers.elmo.table import GROUP_TYPE, ISSUER, LEARNER, LOI, LOS, REPORT, ROOT
from mcbridge.mappers.elmo.trace import Trace
from mcbridge.mappers.elmo.values import LANG
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

    def __init__(self, source: Source, opened: Callable[[], _Element], *, checked: bool) -> None:
        self._source = source
        self._opened = opened
        self._checked = checked

    @cached_property
    def _found(self) -> list[dict[str, tuple[_Element, str]]]:
        trace = Trace()
        reading = Reading(self._opened(), self._source.sha256, Contents(), checked=self._checked, trace=trace)
        self._kept = (trace, reading)
        return [_walk(credential, trace) for credential in reading.credentials]

    @cached_property
    def _columns(self) -> dict[_Element, tuple[int, int]]:
        root = self._kept[1].reports[0].getroottree().getroot()
        spots = _xml.columns(self._source.data)
        return dict(zip(root.iter(), spots, strict=False))

    def find(self, position: int, path: str) -> XmlLocation | None:
        """The place of a path in the credential at this position (from one)."""
        found = self._found[position - 1].get(path)
        within = ""
        if found is None:
            head, _, last = path.rpartition(".")
            if last not in _WITHIN or (found := self._found[position - 1].get(head)) is None:
                return None
            within = next((f"/{place}" for place in _WITHIN[last] if _has(found[0], place)), "")
        element, inner = found
        line, column = self._columns.get(element, (line_of(element), None))
        return XmlLocation(self._source.name, line, column, f"{_xml.xpath(element)}{inner or within}")

    def fields(self, position: int) -> dict[str, str]:
        """Places in the document to canonical paths of the credential at this position (from one)."""
        found: dict[str, str] = {}
        for path, (element, inner) in self._found[position - 1].items():
            found.setdefault(f"{_xml.xpath(element)}{inner}", path)
        return found


def told(findings: Iterable[Diagnostic], root: _Element, reads: Sequence[Read]) -> Iterator[Diagnostic]:
    """Findings about a document that was made of these records, at the fields that the faulty elements are made of."""
    places = Places(Source("", b""), lambda: root, checked=True)
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


def _walk(credential: Any, trace: Trace) -> dict[str, tuple[_Element, str]]:
    places: dict[str, tuple[_Element, str]] = {}

    def visit(value: Any, path: str) -> None:
        if isinstance(value, msgspec.Struct):
            lead = f"{path}." if path else ""
            notes = [trace.notes[key] for key in trace.bound.get(id(value), ()) if key in trace.notes]
            also = dict(trace.also.get(id(value), ()))
            for name, written in names(type(value)):
                for note in notes:
                    for (noted, index), place in note.items():
                        if noted in (name, also.get(name)):
                            places.setdefault(f"{lead}{written}" + ("" if index is None else f"[{index}]"), place)
                inner = getattr(value, name)
                if isinstance(inner, (msgspec.Struct, tuple)):
                    visit(inner, f"{lead}{written}")
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                visit(item, f"{path}[{index}]")

    visit(credential, "")
    return places
