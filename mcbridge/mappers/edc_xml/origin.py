"""The place of each canonical field in a document, found by reading it again with open eyes."""

from __future__ import annotations

from functools import cached_property

from lxml.etree import _Element

from mcbridge.diagnostics import Location, XmlLocation
from mcbridge.mappers._xml import xpaths
from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.origin import walk
from mcbridge.mappers.edc_xml.document import traced
from mcbridge.origins import Source


class Places:
    """Canonical paths to elements of one document; nothing is done until somebody asks."""

    def __init__(self, source: Source, codes: Codes) -> None:
        self._source = source
        self._codes = codes

    @cached_property
    def _found(self) -> tuple[dict[str, str], dict[str, _Element]]:
        read = traced(self._source, self._codes)
        if read.trace is None or read.credential is None:
            return {}, {}
        elements = {path: element for element, path in xpaths(read.run.credential.getroottree().getroot()).items()}
        return walk(read.credential, read.trace), elements

    def find(self, path: str) -> Location | None:
        """The place of a canonical path."""
        places, elements = self._found
        found = places.get(path)
        if found is None:
            return None
        line: int = elements[found].sourceline  # type: ignore[assignment]  # the stubs say that it may be a string
        return self._source.located(XmlLocation(self._source.name, line, None, found))
