"""Whatever stands in a table, reading it ends with records, findings or an error of ours."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcbridge.diagnostics import place
from mcbridge.errors import InputError, UsageError
from mcbridge.mappers.tabular import CsvMapper
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables

TABLES = Tables()
HEADINGS = [column.header for column in TABLES.profile("microcredential-office").columns]
LIKELY = [
    "",
    " ",
    "-",
    "5",
    "-5",
    "7,5",
    "1.500",
    "abc",
    "31.02.2025",
    "1. 3. 2025.",
    "45292",
    "da",
    "ne",
    "x",
    "online",
    "6",
    "9",
]
LIKELY += [
    "0588",
    "588",
    "pisani ispit",
    "VELO",
    "a@example.org",
    '="007"',
    "• a\n• b",
    "#REF!",
    "a|b;c",
    "http://example.org/x",
]
UNFILLED = re.compile(r"\{[a-z_]+[!:}]")
"""A place of a template that nothing was put into."""

cells = st.one_of(st.sampled_from(LIKELY), st.text(max_size=8))


def read(data: bytes, **options: str) -> None:
    luggage = Luggage()
    with suppress(InputError, UsageError):
        for each in CsvMapper(TABLES, options).read(Source("t.csv", data=data), luggage):
            assert decode(encode(each.record)) == each.record
            assert place(each.origin.of("achievements[0].specification.title[0].value"))
    for found in luggage.report:
        assert found.message
        assert found.hint
        assert not UNFILLED.search(found.masked)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(cells, min_size=len(HEADINGS), max_size=len(HEADINGS)), max_size=4), st.sampled_from(";,\t|"))
def test_any_cells_under_the_headings(rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(HEADINGS)
    writer.writerows(rows)
    read(text.getvalue().encode("utf-8", "surrogatepass"), profile="microcredential-office")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, max_size=6), max_size=6))
def test_any_table(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", escapechar="\\").writerows(rows)
    read(text.getvalue().encode("utf-8", "surrogatepass"), profile="microcredential-office")


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
@pytest.mark.parametrize("options", [{}, {"profile": "microcredential-office"}, {"encoding": "iso-8859-2"}], ids=str)
def test_any_bytes(options: dict[str, str], data: bytes) -> None:
    read(data, **options)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_good_table_with_something_done_to_its_bytes(data: st.DataObject) -> None:
    good = (";".join(HEADINGS) + "\n" + ";".join(["1"] * len(HEADINGS)) + "\n").encode("cp1250")
    at = data.draw(st.integers(0, len(good)))
    length = data.draw(st.integers(0, 20))
    mutated = good[:at] + data.draw(st.binary(max_size=6)) + good[at + length :]
    read(mutated, profile="microcredential-office")
