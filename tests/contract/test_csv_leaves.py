"""There is no third place for a cell: a changed one changes the output, or a finding or the ledger names it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from lxml import etree

from mcbridge.diagnostics import Location, Severity, letters, place
from mcbridge.losses import LossLedger
from mcbridge.mappers import reader, writer
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.golden.cases import Case, cases

TABLES: Final = Tables()
SOURCES: Final = (
    "annex-i-everything",
    "office-sheet-everything",
    "achievements-of-one-learner",
    "isvu-courses",
    "minimal",
)
TARGETS: Final[Mapping[str, Mapping[str, str]]] = {"edc": {"country": "HR"}, "elmo": {}, "canonical": {}}
_DATE: Final = re.compile(r"\d{1,2}\. ?\d{1,2}\. ?\d{4}\.?|\d{4}-\d\d-\d\d")


def case(name: str) -> Case:
    """A golden case of tables."""
    return next(each for each in cases() if str(each) == f"csv/{name}")


def cells(text: str, delimiter: str) -> list[list[str]]:
    """The cells of a table."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def table(rows: list[list[str]], delimiter: str) -> bytes:
    """The bytes of a table."""
    found = io.StringIO(newline="")
    csv.writer(found, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return found.getvalue().encode()


def others(value: str, number: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Other values for a cell, each with the forms in which it may show."""
    if _DATE.fullmatch(value.strip()):
        day, month, year = number % 27 + 1, number % 11 + 1, 1931 + number % 60
        yield f"{day:02d}.{month:02d}.{year}", (f"{year}-{month:02d}-{day:02d}",)
    elif value.strip().replace(",", "").replace(".", "").isdigit():
        yield str(number % 7 + 1), (str(number % 7 + 1),)
    yield f"Zq{number}x", (f"Zq{number}x",)


def outcome(data: bytes, given: Case, target: str) -> tuple[Counter[str], set[str]]:
    """The strings of the output, and the places that findings and losses name."""
    luggage = Luggage(target)
    reads = list(reader("csv", TABLES, given.options(given.settings.read)).read(Source("t.csv", data), luggage))
    strings: Counter[str] = Counter()
    for group in [[read] for read in reads] if target == "edc" else [reads]:
        sink = io.BytesIO()
        writer(target, TABLES, TARGETS[target]).write(group, sink, luggage)
        if sink.getvalue():
            strings += said(sink.getvalue(), target)
    origins = {read.record.id: read.origin for read in reads}  # type: ignore[union-attr]
    told = {place(one.location) for one in luggage.report if one.level is not Severity.NOTE}
    return strings, told | places(luggage.losses, origins)


def places(losses: LossLedger, origins: Mapping[str, Any]) -> set[str]:
    """The places in the ledger."""

    def locate(record: str, field: str) -> list[Location]:
        found: list[Location] = origins[record].places(field)
        return found

    return {line["path"] for line in losses.resolved(locate)["losses"]}


def said(data: bytes, target: str) -> Counter[str]:
    """The strings of an output."""
    if target == "elmo":
        root = etree.fromstring(data)
        return Counter(
            text for element in root.iter("*") for text in (element.text or "", *map(str, element.attrib.values()))
        )
    lines = [data] if target == "edc" else data.splitlines()
    return Counter(text for line in lines for text in _strings(json.loads(line)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)


class Account:
    """What became of each cell of a table."""

    def __init__(self, name: str, target: str) -> None:
        given = case(name)
        assert given.input is not None
        text = given.input.read_text(encoding="utf-8-sig")
        delimiter = max(";,\t", key=text.partition("\n")[0].count)
        rows = cells(text, delimiter)
        before, _ = outcome(table(rows, delimiter), given, target)
        assert before, "the table itself is written"
        self.name, self.target = name, target
        self.written = self.named = 0
        self.unaccounted: list[str] = []
        for row in range(1, len(rows)):
            for column, value in enumerate(rows[row]):
                if value.strip():
                    self._cell(rows, row, column, given, delimiter, before)

    def _cell(
        self, rows: list[list[str]], row: int, column: int, given: Case, delimiter: str, before: Counter[str]
    ) -> None:
        value = rows[row][column]
        for other, forms in others(value, row * 100 + column):
            if other == value:
                continue
            rows[row][column] = other
            after, named = outcome(table(rows, delimiter), given, self.target)
            rows[row][column] = value
            cell = f"{letters(column + 1)}{row + 1}"
            if any(form in text for form in forms for text in after - before):
                self.written += 1
            elif {cell, f"row {row + 1}"} & named:
                self.named += 1
            else:
                self.unaccounted.append(f"{cell} ({rows[0][column]}): {value!r} to {other!r}")

    def __str__(self) -> str:
        total = self.written + self.named + len(self.unaccounted)
        return (
            f"{self.name} to {self.target}: {total} cells changed, {self.written} written, {self.named} named, "
            f"{len(self.unaccounted)} unaccounted for"
        )


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", SOURCES)
def test_no_cell_is_in_a_third_place(name: str, target: str) -> None:
    found = Account(name, target)
    print(found)
    assert found.unaccounted == [], "\n".join(found.unaccounted)
    assert found.written >= 5
