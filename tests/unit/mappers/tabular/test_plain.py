"""The short way through a row of plain cells ends where the long way does, for whatever stands in the cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from mcbridge.mappers.tabular import CsvMapper, plain
from mcbridge.mappers.tabular.plain import NotPlain
from mcbridge.model import Record
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables

TABLES = Tables()
WORDS = {
    "Šifra": ("MK-1", "MK-2", '="007"'),
    "Ime": ("Ada", " Ada", "Ada  Ana", "Ad\ufffd", "=x", "-", ""),
    "Prezime": ("Izmišljena", "#REF!", "N/A", "Ne\u00adpostoji"),
    "Datum rođenja": ("01.02.2003", "1.2.2003", "01.02.2003.", "31.02.2003", "2003-02-01", "n/a", "", "01.02.0999"),
    "E-pošta": ("ada@example.edu", "ada", "ada@example.edu ", "", "šima@b", "=a@b", "a b@c", "a@b@c", "o'a@b"),
    "Naziv mikrokvalifikacije (hr)": ("Karte", "Plime i oseke"),
    "ECTS": ("3", "4,5", "4.5", "-1", "three"),
    "Opterećenje (h)": ("75", "75 h", ""),
    "Ocjena": ("5", "*", "", "izvrstan  (5)"),
    "Datum stjecanja": ("10.06.2025", "10. 6. 2025.", "45000", "05.06.2025"),
    "Izdavatelj": ("VELO", "Nobody knows", "VELO|UNIPRIM"),
    "Završeno (da/ne)": ("da", "ne", "maybe", ""),
}
ROW = st.tuples(*(st.sampled_from(words) for words in WORDS.values()))


def read(rows: Sequence[Sequence[str]]) -> tuple[list[Record], list[dict[str, object]]]:
    text = "\n".join(";".join(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in row) for row in (WORDS, *rows))
    luggage = Luggage()
    mapper = CsvMapper(TABLES, {"profile": "microcredential-office"})
    records = [each.record for each in mapper.read(Source("sheet.csv", text.encode()), luggage)]
    return records, luggage.report.to_json()


def never_plain(*_: object) -> Callable[[Sequence[str]], object]:
    def refuse(_: Sequence[str]) -> object:
        raise NotPlain

    return refuse


@given(st.lists(ROW, min_size=1, max_size=8))
def test_the_short_way_gives_the_records_and_findings_of_the_long_way(rows: list[tuple[str, ...]]) -> None:
    short = read(rows)
    with patch.object(plain, "written", never_plain):
        assert read(rows) == short
