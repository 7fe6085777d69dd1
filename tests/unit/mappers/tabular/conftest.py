"""Tables written in the test, read by the office's profile or by one written beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mcbridge.mappers.tabular import CsvMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables

OFFICE = {
    "Šifra": "MK-01",
    "Ime": "Čvorka",
    "Prezime": "Žirić",
    "Naziv mikrokvalifikacije (hr)": "Osnove ničega",
    "ECTS": "3",
    "Datum stjecanja": "31.03.2025",
    "Izdavatelj": "Sveučilište u Primjerovu",
}
"""One good row of the office's sheet, by heading."""

Table = Callable[..., tuple[list[Read], Luggage]]


def lines(*rows: dict[str, str], delimiter: str = ";") -> str:
    """A table with the office's row, changed by each of ``rows``."""
    headings = list(dict.fromkeys([*OFFICE, *(heading for row in rows for heading in row)]))
    body = [[{**OFFICE, **row}.get(heading, "") for heading in headings] for row in rows]
    return "\n".join(delimiter.join(cells) for cells in [headings, *body]) + "\n"


@pytest.fixture(scope="session")
def tables() -> Tables:
    return Tables()


@pytest.fixture
def office(tables: Tables) -> Table:
    """Read text or bytes by the office's profile."""

    def read(table: str | bytes, **options: str) -> tuple[list[Read], Luggage]:
        data = table.encode() if isinstance(table, str) else table
        luggage = Luggage()
        mapper = CsvMapper(tables, {"profile": "microcredential-office", **options})
        return list(mapper.read(Source("office.csv", data=data), luggage)), luggage

    return read


@pytest.fixture
def by_profile(tables: Tables, tmp_path: Path) -> Table:
    """Read text by a profile in TOML."""

    def read(profile: str, table: str) -> tuple[list[Read], Luggage]:
        path = tmp_path / "own.toml"
        path.write_text(profile, encoding="utf-8")
        luggage = Luggage()
        mapper = CsvMapper(Tables(), {"profile": str(path)})
        return list(mapper.read(Source("own.csv", data=table.encode()), luggage)), luggage

    return read


def found(luggage: Luggage) -> Sequence[str]:
    """The findings as ``rule cell``."""
    return [f"{line['rule']} {line.get('cell') or ''}".strip() for line in luggage.report.to_json()]
