"""Tables: CSV and its relatives, read by a profile and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from io import StringIO
from typing import Any, ClassVar

from mcbridge.diagnostics import Diagnostic, TableLocation
from mcbridge.errors import Ambiguous, BadOption
from mcbridge.mappers.base import Format, RecordKind
from mcbridge.mappers.tabular.encoding import blank, encoding_of, heads, known, text_of
from mcbridge.mappers.tabular.groups import grouped
from mcbridge.mappers.tabular.header import DELIMITERS, layout_of, read_headings, report_empty
from mcbridge.mappers.tabular.inspection import facts
from mcbridge.mappers.tabular.reading import Reading
from mcbridge.mappers.tabular.records import credentials, provisions
from mcbridge.mappers.tabular.rules import PROFILE_CHOSEN
from mcbridge.mappers.tabular.samples import sample, whole_profile
from mcbridge.mappers.tabular.sheet import Sheet
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Profile, Tables

__all__ = ["CsvMapper"]


class CsvMapper:
    """Reader of tables in text. Without a profile, the one whose headings the file has is taken, if it is only one."""

    format: ClassVar[Format] = Format(
        name="csv",
        title="table in a text file (CSV, TSV)",
        version=None,
        suffixes=(".csv", ".tsv"),
        media_types=("text/csv", "text/tab-separated-values"),
        reads=frozenset(RecordKind),
        options={
            "profile": "name of a profile in mappings/csv/, or a TOML file",
            "encoding": "encoding of the file, in place of what the profile says",
        },
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        unknown = sorted(options.keys() - self.format.options.keys())
        if unknown:
            raise BadOption(f'csv has no option "{unknown[0]}"', hint=f"it has: {', '.join(self.format.options)}")
        self._tables = tables
        self._profile = tables.profile(options["profile"]) if "profile" in options else None
        self._encoding = options.get("encoding")
        if self._encoding is not None:
            known(self._encoding)

    def recognises(self, head: bytes) -> bool:
        """Text with the headings of the profile that was named, or else of one that we have."""
        return any(self._fitting(head))

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """The records of a table. Raises ``Unreadable``, and ``Ambiguous`` when it is open which profile is meant."""
        if blank(source):
            report_empty(source, luggage.report)
            return
        profile = self._profile or self._chosen(source, luggage)
        encoding = encoding_of(source, profile.dialect.encoding, self._encoding, luggage.report)
        with text_of(source, encoding) as text:
            layout = layout_of(source, text, profile, luggage.report)
            if layout is None:
                return
            reading = Reading(source, text, Sheet(profile, layout, self._tables), luggage)
            match profile.one_row_is:
                case "credential":
                    yield from credentials(reading)
                case "achievement":
                    yield from grouped(reading)
                case "provision":
                    yield from provisions(reading)

    def inspect(self, source: Source) -> Mapping[str, Any]:
        """Encoding, delimiter, profile and columns. Raises ``Unreadable``."""
        if self._profile is not None:
            return facts(source, [self._profile], (), self._encoding)
        profiles = [self._tables.profile(name) for name in self._tables.names("csv")]
        return facts(source, list(self._fitting(source.head)), profiles, self._encoding)

    def samples(self, luggage: Luggage) -> Iterator[Read]:
        """The rows of a table by the profile; without one, of a table that says everything that a table can."""
        able = copy(self)
        able._profile = self._profile or whole_profile(self._tables)  # noqa: SLF001 - of its own kind
        yield from able.read(sample(able._profile, self._tables), luggage)  # noqa: SLF001

    def _chosen(self, source: Source, luggage: Luggage) -> Profile:
        found = list(self._fitting(source.head))
        if len(found) == 1:
            spot = TableLocation(source.name, row=1, line=1)
            luggage.report.add(Diagnostic(PROFILE_CHOSEN, spot, facts={"profile": found[0].name}))
            return found[0]
        names = ", ".join(profile.name for profile in found) or ", ".join(self._tables.names("csv"))
        what = "the headings are those of several profiles" if found else "the headings are those of no profile"
        raise Ambiguous(f"{source.name}: {what}", hint=f"name one with --profile; there are: {names}")

    def _fitting(self, head: bytes) -> Iterator[Profile]:
        """The profiles, or the one that was named, whose required headings stand in the first rows."""
        if not head.strip() or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"<", b"{", b"["}:
            return
        named = map(self._tables.outline, self._tables.names("csv"))
        for profile in named if self._profile is None else (self._profile,):
            if any(
                read_headings(StringIO(text, newline=""), profile, delimiter)
                for text in heads(head, (self._encoding,) if self._encoding else profile.dialect.encoding)
                for delimiter in DELIMITERS
            ):
                yield profile if profile is self._profile else self._tables.profile(profile.name)
