"""The place of each canonical field in a document, found by reading it again with open eyes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import msgspec

from mcbridge.diagnostics import JsonLocation
from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.document import traced
from mcbridge.mappers.edc.reading.frames import Trace
from mcbridge.model.leaves import names
from mcbridge.origins import Source


class Places:
    """Canonical paths to JSON Pointers of one document; nothing is done until somebody asks."""

    def __init__(self, source: Source, codes: Codes) -> None:
        self._source = source
        self._codes = codes

    @cached_property
    def _found(self) -> dict[str, str]:
        read = traced(self._source, self._codes)
        assert read.trace is not None, "this is a reading with a trace"  # noqa: S101
        return walk(read.credential, read.trace)

    def find(self, path: str) -> JsonLocation | None:
        """The place of a canonical path."""
        found = self._found.get(path)
        return None if found is None else JsonLocation(self._source.name, found)


def walk(credential: Any, trace: Trace) -> dict[str, str]:
    """The place of each canonical path of a credential, as a trace has it."""
    places: dict[str, str] = {}
    waiting: list[tuple[Any, str]] = [(credential, "")]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, tuple):
            waiting += [(item, f"{path}[{index}]") for index, item in enumerate(value)]
        elif isinstance(value, msgspec.Struct):
            lead = f"{path}." if path else ""
            if path and id(value) in trace.at:  # what stands once in a record is no field of the node that it is in
                places.setdefault(path, trace.at[id(value)])
            shape: type[msgspec.Struct] = type(value)
            written = dict(names(shape))
            fields = trace.bound.get(id(value))
            for (name, index), place in trace.places.get(id(fields), {}).items():
                if name in written:
                    places.setdefault(f"{lead}{written[name]}" + ("" if index is None else f"[{index}]"), place)
            for name, encoded in written.items():
                inner = getattr(value, name)
                if isinstance(inner, (msgspec.Struct, tuple)):
                    waiting.append((inner, f"{lead}{encoded}"))
    return places
