"""The row of headings: where it is, what it says, and what to tell when it is not the one of the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final, TextIO

from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, Report, TableLocation
from mcbridge.mappers.tabular.places import path_of
from mcbridge.mappers.tabular.rows import Rows
from mcbridge.mappers.tabular.rules import (
    COLUMN_MISSING,
    DELIMITER,
    DUPLICATE_COLUMN,
    EMPTY_FILE,
    HEADER_MISSING,
    UNKNOWN_COLUMN,
)
from mcbridge.origins import Source
from mcbridge.tables import Column, Profile, fold

DELIMITERS: Final = (";", ",", "\t", "|")
_SEARCHED: Final = 100
"""Rows in which the headings are looked for."""
_WIDEST: Final = 16_384
"""Cells of a row of headings; no spreadsheet has more, so a longer row is damage."""
_COMPARED: Final = 100
"""Unknown headings that are compared with the profile's; a row with more of them is another table, or none."""

NAMES: Final = {";": "a semicolon", ",": "a comma", "\t": "a tab", "|": "a vertical bar"}


class Layout(Struct, frozen=True):
    """The headings that were found. ``columns`` are the profile's by place, absent where it knows none."""

    row: int
    line: int
    delimiter: str
    headings: tuple[str, ...]
    columns: tuple[Column | None, ...]

    def place(self, source: str, at: int) -> TableLocation:
        """The heading at an index."""
        return TableLocation(source, self.row, self.line, at + 1, self.headings[at])


def layout_of(source: Source, text: TextIO, profile: Profile, report: Report) -> Layout | None:
    """The layout of a table, or ``None`` when it cannot be read: the report then says why. ``text`` is rewound."""
    declared = profile.dialect.delimiter
    found = nearest(text, profile)
    if found is None:
        report_empty(source, report)
        return None
    if found.delimiter != declared:
        facts = {"found": NAMES[found.delimiter], "declared": NAMES[declared], "profile": profile.name}
        report.add(Diagnostic(DELIMITER, TableLocation(source.name, found.row, found.line), facts=facts))
    return found if _fits(source, found, profile, report, text) else None


def nearest(text: TextIO, profile: Profile) -> Layout | None:
    """The headings by the profile's delimiter; by another one when only that gives all that must be there."""
    declared = profile.dialect.delimiter
    found = _find(text, profile, declared)
    if found is not None and missing(found, profile):
        for delimiter in DELIMITERS:
            other = read_headings(text, profile, delimiter) if delimiter != declared else None
            if other is not None:
                return other
    return found


def report_empty(source: Source, report: Report) -> None:
    """A file without a single filled row."""
    what = "nothing but blank rows" if source.size else "no bytes in it"
    report.add(Diagnostic(EMPTY_FILE, TableLocation(source.name), facts={"what": what}))


def read_headings(text: TextIO, profile: Profile, delimiter: str) -> Layout | None:
    """The layout by one delimiter when the headings are the profile's: all required ones, and more than one."""
    found = _find(text, profile, delimiter)
    return found if found is not None and not missing(found, profile) and len(known(found)) > 1 else None


def _find(text: TextIO, profile: Profile, delimiter: str) -> Layout | None:
    """The first row with all headings of ``header_has``; without that key, or such a row, the first filled one."""
    wanted = {fold(heading) for heading in profile.dialect.header_has}
    first: Layout | None = None
    text.seek(0)
    rows = Rows(text, delimiter, profile.dialect.quote, lambda *_: None)
    for row in islice(rows, _SEARCHED):
        cells = row.cells
        if len(cells) > _WIDEST or not any(map(str.strip, cells)):
            continue
        if first is None or wanted <= {fold(cell) for cell in cells}:
            headings = tuple(" ".join(cell.replace("\ufeff", "").split()) for cell in cells)
            layout = Layout(row.number, row.line, delimiter, headings, tuple(profile.column(cell) for cell in headings))
            if wanted <= {fold(cell) for cell in cells}:
                return layout
            first = layout
    return first


def known(layout: Layout) -> list[Column]:
    return [column for column in layout.columns if column is not None]


def missing(layout: Layout, profile: Profile) -> list[Column]:
    """The columns that must be there: the required ones, and those by which rows belong together."""
    there = {column.header for column in known(layout)}
    told = {column.to for column in known(layout)} | {given.to for given in profile.constants}
    grouping = {target for target in profile.group_by if target not in told}
    return [
        column
        for column in profile.columns
        if column.header not in there and (column.required or column.to in grouping)
    ]


def _fits(source: Source, layout: Layout, profile: Profile, report: Report, text: TextIO) -> bool:
    if not known(layout):
        report.add(_header_missing(source, layout, profile, text))
        return False
    unknown = [at for at, column in enumerate(layout.columns) if column is None and layout.headings[at]]
    absent = missing(layout, profile)
    for column in absent:
        report.add(_column_missing(source, layout, profile, column, unknown))
    left = _left(layout, profile)
    for number, at in enumerate(unknown):
        report.add(_unknown_column(source, layout, profile, at, left if number < _COMPARED else {}))
    return not _doubled(source, layout, report) and not absent


def _header_missing(source: Source, layout: Layout, profile: Profile, text: TextIO) -> Diagnostic:
    advice = "export with headings, or choose the profile that describes this file (`--profile`)"
    text.seek(0)
    rows = Rows(text, layout.delimiter, profile.dialect.quote, lambda *_: None)
    for row in islice(rows, _SEARCHED):
        known = [cell for cell in row.cells if profile.column(cell) is not None]
        if len(known) > 1:
            named = ", ".join(f'"{" ".join(cell.split())}"' for cell in known[:2])
            advice = f"row {row.number} has headings: write `header_has = [{named}]` under [dialect] in the profile"
            break
    facts = {"row": layout.row, "profile": profile.name, "advice": advice}
    spot = TableLocation(source.name, layout.row, layout.line)
    return Diagnostic(HEADER_MISSING, spot, None, layout.delimiter.join(layout.headings)[:200], facts)


def _column_missing(
    source: Source, layout: Layout, profile: Profile, column: Column, unknown: Sequence[int]
) -> Diagnostic:
    names = {fold(layout.headings[at]): layout.headings[at] for at in unknown}
    wanted = [fold(name) for name in (column.header, *column.aliases)]
    from difflib import get_close_matches

    near = [hit for want in wanted for hit in get_close_matches(want, names, n=1, cutoff=0.6)]
    advice = "ask for an export with this column, or take `required` out of the profile when it is never there"
    if near:
        advice = f'if "{names[near[0]]}" is this column, add it to its `aliases` in the profile; otherwise {advice}'
    facts = {
        "heading": column.header,
        "found": ", ".join(f'"{heading}"' for heading in layout.headings if heading) or "none",
        "advice": advice,
    }
    field = path_of(profile.record, column.to.name, 0) if column.to else None
    spot = TableLocation(source.name, layout.row, layout.line, header=column.header)
    return Diagnostic(COLUMN_MISSING, spot, field, None, facts)


def _left(layout: Layout, profile: Profile) -> Mapping[str, str]:
    """The profile's words for columns that this table does not have, by their folded form."""
    there = {column.header for column in known(layout)}
    absent = (column for column in profile.columns if column.header not in there)
    return {fold(name): name for column in absent for name in (column.header, *column.aliases)}


def _unknown_column(source: Source, layout: Layout, profile: Profile, at: int, absent: Mapping[str, str]) -> Diagnostic:
    from difflib import get_close_matches

    near = get_close_matches(fold(layout.headings[at]), absent, n=1, cutoff=0.7)
    advice = "map it in the profile, or ignore it there with a reason"
    if near:
        advice = f'if it is the column "{absent[near[0]]}", add this heading to its `aliases`; otherwise {advice}'
    facts = {"heading": layout.headings[at], "profile": profile.name, "advice": advice}
    return Diagnostic(UNKNOWN_COLUMN, layout.place(source.name, at), None, None, facts)


def _doubled(source: Source, layout: Layout, report: Report) -> bool:
    """Whether two headings are one mapped column; two that are ignored do no harm."""
    seen: dict[str, int] = {}
    doubled = False
    for at, column in enumerate(layout.columns):
        if column is None or column.to is None:
            continue
        before = seen.setdefault(column.header, at)
        if before != at:
            doubled = True
            facts = {"heading": layout.headings[at], "other": layout.headings[before]}
            report.add(Diagnostic(DUPLICATE_COLUMN, layout.place(source.name, at), None, None, facts))
    return doubled
