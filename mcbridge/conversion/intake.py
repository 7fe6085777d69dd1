"""Sources into records: told by content or by the caller, and one bad source costs only itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from mcbridge import mappers
from mcbridge.conversion.opening import DOCTYPE, TWICE, Opened, finding
from mcbridge.conversion.sealing import Presentations, Sealing, Told
from mcbridge.conversion.selection import Wanted, takes
from mcbridge.diagnostics import Diagnostic, Report, XmlLocation
from mcbridge.errors import BadOption, InputError, NotThisFormat, UsageError
from mcbridge.limits import DEFAULT, Limits
from mcbridge.mappers import Reader, Unwrapping
from mcbridge.origins import Luggage, Read, Source
from mcbridge.seals import Terms
from mcbridge.tables import Tables

_XML: Final = re.compile(rb"[\xef\xbb\xbf\xff\xfe\0 \t\r\n]*<")


class Tally(Struct):
    """How many: records read, left out by ``--only``, written; sources opened, passed over, failed.

    ``seals`` are what is known of the seal of each source that held a record, by its name.
    """

    read: int = 0
    left_out: int = 0
    written: int = 0
    refused: int = 0
    sources: int = 0
    passed_over: int = 0
    failed: int = 0
    seals: dict[str, Told] = {}


class Reading(Struct, frozen=True, kw_only=True):
    """How sources are read. ``options`` go to the formats that know them; with ``format`` they must be its own.

    ``allow_doctype``: XML with a DOCTYPE that declares no entity is read as if it had none.
    ``seals`` are the terms by which signatures are judged.
    """

    tables: Tables
    format: str | None = None
    options: Mapping[str, str] = {}
    only: tuple[Wanted, ...] = ()
    limits: Limits = DEFAULT
    allow_doctype: bool = False
    seals: Terms = Terms()


def plain(source: Source, report: Report) -> Source:
    """The source without a DOCTYPE that can be left out, and that said."""
    if not _XML.match(source.head):
        return source
    from mcbridge.mappers._xml import without_doctype

    found = without_doctype(source.data, source.name)
    if found is None:
        return source
    data, where = found
    report.add(Diagnostic(DOCTYPE, source.located(XmlLocation(source.name, where.line, where.column))))
    return source.reading(data)


class Intake:
    """The way in of one run. ``done`` is told of each source that was read, and how many wanted records it held."""

    def __init__(
        self,
        reading: Reading,
        luggage: Luggage,
        tally: Tally,
        done: Callable[[Source, int], None] | None = None,
    ) -> None:
        self.reading = reading
        self.luggage = luggage
        self.tally = tally
        self._done = done
        self.presentations = Presentations()
        self._readers: dict[str, Reader] = {}
        self._first: dict[str, str] = {}
        self._unused = set() if reading.format else set(reading.options)

    def records(self, opened: Iterable[Opened | Diagnostic]) -> Iterator[Read]:
        """The records of all sources that are wanted; a source that fails is a finding, and the next one comes.

        Raises ``UsageError`` for ambiguous content, and ``BadOption`` at the end for an option that no source took.
        """
        for each in opened:
            self.tally.sources += 1
            if isinstance(each, Diagnostic):
                self._fail(each)
            else:
                before = self.tally.read
                yield from self._of(each)
                if self._done is not None:
                    self._done(each.source, self.tally.read - before)
        if self.tally.read:
            self.end()

    def end(self) -> None:
        """Raises ``BadOption`` for an option that no source took."""
        if self._unused:
            names = ", ".join(sorted(self._unused))
            raise BadOption(f"no source is in a format that has the option {names}", hint="leave it out, or use --from")

    def _of(self, opened: Opened) -> Iterator[Read]:
        source = opened.source
        try:
            reader = self.reader(opened)
        except NotThisFormat as error:
            if opened.named:
                self._fail(finding(error, source))
            else:
                self.tally.passed_over += 1
                self.luggage.report.add(finding(error, source, passed_over=True))
            return
        except InputError as error:
            self._fail(finding(error, source))
            return
        for document in self.documents(reader, source):
            if isinstance(document, Diagnostic):
                self._fail(document)
            else:
                yield from self._records(reader, document)

    def documents(self, reader: Reader, source: Source) -> Iterator[Source | Diagnostic]:
        """The documents of a source, each once; what cannot be taken out comes as the finding that says why."""
        try:
            for one in self._apart(reader, self._plain(source)):
                if isinstance(one, InputError):
                    yield finding(one, source)
                elif (name := self._first.setdefault(one.sha256, one.name)) != one.name:
                    self.luggage.report.add(Diagnostic(TWICE, XmlLocation(one.name), facts={"first": name}))
                else:
                    yield one if one is source else self._plain(one)
        except InputError as error:
            yield finding(error, source)

    def _apart(self, reader: Reader, source: Source) -> Iterator[Source | InputError]:
        return reader.documents(source, self.luggage) if isinstance(reader, Unwrapping) else iter((source,))

    def _plain(self, source: Source) -> Source:
        return plain(source, self.luggage.report) if self.reading.allow_doctype else source

    def _records(self, reader: Reader, source: Source) -> Iterator[Read]:
        came, errors, refused = 0, self.luggage.report.errors, self.luggage.refused
        name, terms = reader.format.name, self.reading.seals
        sealing = Sealing(source, name, terms, self.luggage.report, self.presentations)
        try:
            for read in sealing.over(reader.read(source, self.luggage)):
                came += 1
                if came == 1:
                    sealing.see(read.record)
                    self.tally.seals[source.name] = sealing.told
                if takes(self.reading.only, read.record):
                    self.tally.read += 1
                    yield read.taken_from(source)
                else:
                    self.tally.left_out += 1
        except InputError as error:
            self._fail(finding(error, source))
        else:
            # told by findings alone, such as a table without a column that it must have
            silent = came == 0 and self.luggage.refused == refused
            self.tally.failed += silent and self.luggage.report.errors > errors

    def _fail(self, found: Diagnostic) -> None:
        self.tally.failed += 1
        self.luggage.report.add(found)

    def reader(self, opened: Opened) -> Reader:
        """Who reads a source. Raises ``InputError`` when nobody does, and ``UsageError`` for ambiguous content."""
        source, name = opened.source, self.reading.format
        if name is None:
            return self._by_name(self._told(source))
        reader = self._by_name(name)
        alike = opened.named or source.name.lower().endswith(reader.format.suffixes)
        if not alike and not reader.recognises(source.head):
            raise NotThisFormat(f"it does not look like {reader.format.title}", where=source.name)
        return reader

    def _told(self, source: Source) -> str:
        """By content; where that leaves it open, by the options that only one format has."""
        try:
            return mappers.detect(source, self.reading.tables)
        except (NotThisFormat, UsageError):
            wanted = set(self.reading.options)
            able = [name for name in mappers.BUILTIN if wanted and wanted <= mappers.describe(name).options.keys()]
            if len(able) == 1 and source.name.lower().endswith(mappers.describe(able[0]).suffixes):
                return able[0]
            raise

    def _by_name(self, name: str) -> Reader:
        if name not in self._readers:
            options = self.reading.options
            if self.reading.format is None:
                options = {key: value for key, value in options.items() if key in mappers.describe(name).options}
            self._readers[name] = mappers.reader(name, self.reading.tables, options)
            self._unused.difference_update(options)
        return self._readers[name]
