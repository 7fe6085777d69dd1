"""One table being read: its rows, and what is told and lost on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TextIO

from mcbridge.diagnostics import Diagnostic, TableLocation
from mcbridge.losses import Loss
from mcbridge.mappers.tabular.cell import Problem
from mcbridge.mappers.tabular.header import NAMES
from mcbridge.mappers.tabular.places import FIRST, path_of
from mcbridge.mappers.tabular.rows import Broken, Row, Rows
from mcbridge.mappers.tabular.rules import BROKEN_ROW, EMPTY_FILE, RAGGED_ROW, ROW_LEFT_OUT
from mcbridge.mappers.tabular.sheet import Sheet, Trouble
from mcbridge.mappers.tabular.whereabouts import Whereabouts
from mcbridge.model import Credential, Provision
from mcbridge.origins import Luggage, Origin, Read, Source


class Reading:
    """A source, the sheet that its headings gave, and the luggage of the run."""

    def __init__(self, source: Source, text: TextIO, sheet: Sheet, luggage: Luggage) -> None:
        self.source = source
        self.sheet = sheet
        self.luggage = luggage
        self._text = text
        self._name = source.name
        self._digest = hashlib.sha256(f"{source.sha256}#".encode())

    def rows(self) -> Iterator[Row]:
        """The rows below the headings that have a cell for each of them; of others it is told."""
        name, top, width = self.source.name, self.sheet.layout.row, self.sheet.width
        seen = 0

        def broken(number: int, line: int, why: str, column: int) -> None:
            nonlocal seen
            seen += 1
            if number > top:
                spot = TableLocation(name, number, line, column, self._heading(column))
                self.luggage.refuse(Diagnostic(BROKEN_ROW, spot, facts={"why": why}))

        for row in self._all(broken):
            cells = row.cells
            if row.number <= top or not cells or (not cells[0].strip() and not any(map(str.strip, cells))):
                continue
            seen += 1
            if len(cells) != width and (len(cells) < width or any(cells[width:])):
                delimiter = NAMES[self.sheet.layout.delimiter]
                facts = {"cells": len(cells), "columns": width, "delimiter": delimiter}
                column = min(len(cells), width) + 1  # the first cell that is missing, or too many
                spot = TableLocation(name, row.number, row.line, column, self._heading(column))
                self.luggage.refuse(Diagnostic(RAGGED_ROW, spot, facts=facts))
            else:
                yield row
        if not seen:
            facts = {"what": "headings and no rows"}
            self.luggage.report.add(Diagnostic(EMPTY_FILE, TableLocation(name, top), facts=facts))

    def raw(self) -> Iterator[Row]:
        """All rows below the headings, in silence; those without enough cells are left out."""
        top, width = self.sheet.layout.row, self.sheet.width
        for row in self._all(lambda *_: None):
            if row.number > top and len(row.cells) >= width:
                yield row

    def _all(self, broken: Broken) -> Rows:
        self._text.seek(0)
        layout, quote = self.sheet.layout, self.sheet.profile.dialect.quote
        return Rows(self._text, layout.delimiter, quote, broken, self.sheet.width)

    def identity(self, row: int) -> str:
        """The SHA-256 (hex) that names what begins in this row of this source."""
        digest = self._digest.copy()
        digest.update(b"%d" % row)
        return digest.hexdigest()

    def _heading(self, column: int) -> str | None:
        headings = self.sheet.layout.headings
        return headings[column - 1] if column <= len(headings) else None

    def spot(self, row: Row, at: int) -> TableLocation:
        """A cell, or the row when the index is -1."""
        if at < 0:
            return TableLocation(self.source.name, row.number, row.line)
        return TableLocation(self.source.name, row.number, row.line, at + 1, self.sheet.layout.headings[at])

    def tell(self, row: Row, troubles: Sequence[Trouble], achievement: str = FIRST) -> bool:
        """Report what is wrong with a row; whether it can be used all the same. ``achievement``: its path."""
        fatal: list[str] = []
        first = -1
        told: list[tuple[int, Problem]] = []
        for at, target, ordinal, problem, nr in troubles:
            if (at, problem) in told:  # what is wrong with a cell that says two things is told once
                continue
            told.append((at, problem))
            field = path_of(self.sheet.profile.record, target, ordinal, achievement=achievement, nr=nr)
            found = Diagnostic(problem.rule, self.spot(row, at), field, problem.value, problem.facts)
            self.luggage.report.add(found)
            if problem.fatal:
                first = at if first < 0 else first
                fatal.append(self.sheet.layout.headings[at] if at >= 0 else target)
        if not fatal:
            return True
        cells = ", ".join(f'"{heading}"' for heading in dict.fromkeys(fatal))
        self.luggage.refuse(Diagnostic(ROW_LEFT_OUT, self.spot(row, first), facts={"cells": cells}))
        return False

    def read(self, record: Credential | Provision, rows: Sequence[Row], paths: Sequence[str] = (FIRST,)) -> Read:
        """The record with its origin, once its losses are named. ``paths``: of the achievement of each row."""
        if self.sheet.unread:
            self._lose(record, rows)
        whereabouts = Whereabouts(self._name, self.sheet, record, rows, paths)
        return Read(record, Origin(whereabouts.row(rows[0]), whereabouts, whereabouts.further))

    def _lose(self, record: Credential | Provision, rows: Sequence[Row]) -> None:
        name = record.id if isinstance(record, Credential) else record.key
        for at, code, reason in self.sheet.unread:
            for row in rows:
                if not self.sheet.says_nothing(row.cells[at]):
                    self.luggage.losses.add(Loss(name, "", code, reason, self.spot(row, at)))
