"""Sources into records: told by content or by the caller, and one bad source costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from mcbridge import mappers
from mcbridge.conversion.opening import Opened, finding
from mcbridge.conversion.selection import Wanted, takes
from mcbridge.diagnostics import Diagnostic
from mcbridge.errors import BadOption, InputError, NotThisFormat, UsageError
from mcbridge.mappers import Reader
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables


class Tally(Struct):
    """How many: records read, left out by ``--only``, written; sources opened, passed over, failed."""

    read: int = 0
    left_out: int = 0
    written: int = 0
    refused: int = 0
    sources: int = 0
    passed_over: int = 0
    failed: int = 0


class Reading(Struct, frozen=True, kw_only=True):
    """How sources are read. ``options`` go to the formats that know them; with ``format`` they must be its own."""

    tables: Tables
    format: str | None = None
    options: Mapping[str, str] = {}
    only: tuple[Wanted, ...] = ()


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
        self._readers: dict[str, Reader] = {}
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
        came, errors, refused = 0, self.luggage.report.errors, self.luggage.refused
        try:
            for read in reader.read(source, self.luggage):
                came += 1
                if takes(self.reading.only, read.record):
                    self.tally.read += 1
                    yield read
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
        if not alike and not reader.recognises(source.data[: mappers.HEAD]):
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
