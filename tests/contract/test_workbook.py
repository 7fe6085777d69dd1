"""Each row of the official sheet of ELM and ELMO, on the way from ELMO to an EDC: what arrives, and what is told."""

from __future__ import annotations

from functools import cache

import pytest
from lxml import etree

from mcbridge.mappers._xml.validation import schema
from tests import workbook
from tests.conftest import CHECKOUT
from tests.generated import current
from tests.workbook import Converted, Row

PAGE = CHECKOUT / "docs" / "elm-elmo-workbook.md"
ROWS = workbook.rows()
CARRIED = [row for row in ROWS if row.is_carried]
LEFT = [row for row in ROWS if not row.is_carried]
WORDS = {"mapped": "mapped as the sheet has it", "differs": "mapped otherwise", "not mapped": "not mapped"}
NOT_MAPPED_AT_MOST = 35
"""Of the 114 rows of the sheet; it may only shrink."""


@cache
def unchanged() -> Converted:
    return workbook.convert(workbook.DOCUMENT.read_bytes())


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: row.name)
def test_a_value_arrives_where_its_row_says(row: Row) -> None:
    """It was not there before, so it is this value and no other that came; and the record between changed, too."""
    found = workbook.convert(workbook.changed(row))
    assert row.edc is not None
    wanted = row.arrives if row.arrives is not None else row.put
    assert wanted in list(workbook.values(found.edc, row.edc))
    assert wanted not in list(workbook.values(unchanged().edc, row.edc))
    assert workbook.part(found.canonical, row.canonical) is not None
    assert workbook.part(found.canonical, row.canonical) != workbook.part(unchanged().canonical, row.canonical)
    if row.type is not None:
        assert row.at is not None
        types = [node["type"] for node in workbook.nodes(found.edc, row.at)]
        assert types
        assert all(row.type == each or row.type in each for each in types)


@pytest.mark.parametrize("row", LEFT, ids=lambda row: row.name)
def test_what_a_row_leaves_behind_is_in_the_ledger(row: Row) -> None:
    found = workbook.convert(workbook.changed(row))
    places = [field for code, field in found.losses if code == row.loss]
    assert any(
        field == row.canonical or field.startswith((f"{row.canonical}[", f"{row.canonical}.")) for field in places
    )


def test_rows_that_are_not_mapped_are_few_and_say_why() -> None:
    assert len(LEFT) <= NOT_MAPPED_AT_MOST
    for row in ROWS:
        assert row.why or row.status == "mapped", row.name
        assert (row.loss is None) == row.is_carried, row.name
        assert (row.edc is not None) == row.is_carried, row.name
        if row.is_carried:
            assert row.put is not None or row.xml is not None, row.name


def test_a_row_that_the_sheet_gives_a_place_and_we_do_not_is_one_of_these() -> None:
    """The rest of what is not mapped has no term of ELM in the sheet either."""
    assert {row.row for row in LEFT if row.sheet} == {7, 16, 30, 49, 58, 110}


def test_rows_stand_in_order_and_once() -> None:
    assert [row.row for row in ROWS] == sorted({row.row for row in ROWS})
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_the_document_is_elmo() -> None:
    """It is valid by the schema, so no repair of ours makes the values arrive."""
    assert schema("elmo/1.7").validate(etree.parse(workbook.DOCUMENT).getroot())


def cell(text: str | None) -> str:
    return f"`{text}`" if text else "–"


def page() -> str:
    counts = {status: sum(row.status == status for row in ROWS) for status in WORDS}
    total = ", ".join(f"{counts[status]} {words}" for status, words in WORDS.items())
    lines = [
        f"{len(ROWS)} rows: {total}.",
        "",
        "| Row | ELMO | The sheet says | Canonical field | In an EDC | Status | Why | Test |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        elmo = f"{row.class_} {row.field or ''}".strip()
        goes = cell(row.edc) if row.is_carried else f"told as `{row.loss}`"
        cells = (
            str(row.row),
            elmo,
            cell(row.sheet),
            cell(row.canonical),
            goes,
            row.status,
            row.why or "",
            cell(row.name),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.generated
def test_the_page_shows_every_row(bless: bool) -> None:
    current(PAGE, "rows", page(), bless=bless)
