"""P8: CSV to canonical, 12 typed columns, with findings and with the place of each row, against reading the cells.

The sheet is that of the bundled profile: four columns are about a learner, eight about what was awarded. There are 200
offers, awarded on six days each, with four grades; names and days of birth repeat as those of people do. "Rules on" are
the checks that ``convert`` runs on a table: every cell is held against what its column may hold, whatever is wrong
with it is a finding with its place, and each record knows its row.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO, TextIOWrapper

from measure import Goal, Way, compare
from msgspec import Struct

from mcbridge.mappers.tabular import CsvMapper
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables

GOAL = Goal("P8", "CSV → canonical, 12 typed columns, rules on", most=3.0, stretch=2.0, base="csv.reader")

ROWS = 20_000
PROFILE = "microcredential-office"
HEADINGS = (
    *("Šifra", "Ime", "Prezime", "Datum rođenja", "E-pošta", "Naziv mikrokvalifikacije (hr)", "ECTS", "EQF razina"),
    *("ISCED", "Ocjena", "Datum stjecanja", "Izdavatelj"),
)
_GIVEN = ("Ada", "Bruna", "Cvita", "Dujo", "Ema", "Frane", "Grga", "Hana", "Ivo", "Jana", "Klara", "Luce")
_FAMILY = ("Izmišljen", "Nepostoj", "Primjer", "Ogled", "Zamišlj", "Nigdin", "Bezimen", "Tobož")
_SUBJECTS = ("Karte", "Plime i oseke", "Zelena gradnja", "Sigurnost podataka", "Vođenje projekata", "Stare knjige")
_BODIES = ("Sveučilište u Primjerovu", "Veleučilište Ogledno", "Učilište Iskustvo")


class Flat(Struct):
    """The twelve cells with their types, and nothing else."""

    code: str
    given: str
    family: str
    born: date
    email: str
    title: str
    ects: Decimal
    eqf: int
    isced: str
    grade: str
    awarded: date
    body: str


def sheet(rows: int = ROWS, seed: int = 1, *, numbered: bool = False) -> bytes:
    """A sheet of invented learners; ``numbered``: no two awards are alike but for the learner."""
    chance = random.Random(seed)  # noqa: S311 - to be the same each time is what is wanted
    offers = [
        (
            f"MK-{number:04}",
            f"{chance.choice(_SUBJECTS)} {number}",
            chance.choice(("2", "3", "4,5", "6", "10")),
            str(chance.randint(5, 7)),
            chance.choice(("0613", "0714", "0413", "0611")),
            chance.choice(_BODIES),
            [_day(chance, 2029, 2031) for _ in range(6)],
        )
        for number in range(200)
    ]
    lines = [";".join(HEADINGS)]
    for number in range(rows):
        code, title, ects, eqf, isced, body, days = chance.choice(offers)
        given, family = chance.choice(_GIVEN), f"{chance.choice(_FAMILY)}{int(chance.paretovariate(0.5)) % 5000}"
        born = _day(chance, 1996, 2008)
        grade = f"{chance.choice('2345')} ({number})" if numbered else chance.choice("2345")
        email = f"{given}.{family}{number}@example.org".lower()
        cells = (code, given, family, born, email, title, ects, eqf, isced, grade, chance.choice(days), body)
        lines.append(";".join(cells))
    return ("\r\n".join(lines) + "\r\n").encode()


def _day(chance: random.Random, first: int, last: int) -> str:
    return f"{chance.randint(1, 28):02}.{chance.randint(1, 12):02}.{chance.randint(first, last)}"


def cells(data: bytes) -> Iterator[list[str]]:
    """The cells of each row, read as the standard library reads them."""
    return csv.reader(TextIOWrapper(BytesIO(data), encoding="utf-8", newline=""), delimiter=";", strict=True)


def by_name(data: bytes) -> int:
    """The same with headings for keys."""
    text = TextIOWrapper(BytesIO(data), encoding="utf-8", newline="")
    return sum(1 for _ in csv.DictReader(text, delimiter=";", strict=True))


def flat(data: bytes) -> int:
    """Typed values without a look at what is in the cells; a wrong one ends it all."""

    @cache
    def day(text: str) -> date:
        return date(int(text[6:]), int(text[3:5]), int(text[:2]))

    @cache
    def number(text: str) -> Decimal:
        return Decimal(text.replace(",", "."))

    rows = cells(data)
    next(rows)
    return sum(
        1
        for c in rows
        if Flat(c[0], c[1], c[2], day(c[3]), c[4], c[5], number(c[6]), int(c[7]), c[8], c[9], day(c[10]), c[11])
    )


def main() -> None:
    """Measure the goal beside what a script of ten lines would do."""
    data, numbered, tables = sheet(), sheet(numbered=True), Tables()

    def ours(data: bytes) -> Callable[[], int]:
        def read() -> int:
            luggage = Luggage()
            found = CsvMapper(tables, {"profile": PROFILE}).read(Source("sheet.csv", data), luggage)
            count = sum(1 for _ in found)
            assert count == ROWS
            assert not len(luggage.report)
            return count

        return read

    first = next(CsvMapper(tables, {"profile": PROFILE}).read(Source("sheet.csv", data), Luggage()))
    assert first.origin.of("learner.birthDate").cell == "D2"  # type: ignore[union-attr]
    ways = [
        Way("csv.reader", lambda: sum(1 for _ in cells(data)), "cells only"),
        Way("mcbridge", ours(data), "records with typed values, findings, places"),
        Way("mcbridge, all rows unlike", ours(numbered), "the same, where no award is like another"),
        Way("csv.DictReader", lambda: by_name(data), "cells by heading"),
        Way("flat typed rows", lambda: flat(data), "twelve values a row, unchecked, in one struct"),
    ]
    compare(GOAL, ways, seconds=30, size=len(data))


if __name__ == "__main__":
    main()
