"""The rows of our table against those of the official sheet."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from lxml import etree

from tests import workbook

SHEET = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
SAYS_NOTHING = re.compile(r"N/A|No need to map|$")


def cells(path: Path) -> dict[int, dict[str, str]]:
    """The cells of the only sheet that hold anything, by row and column."""
    with zipfile.ZipFile(path) as book:
        strings = etree.fromstring(book.read("xl/sharedStrings.xml"))
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    texts = [
        "".join(part.text or "" for part in each.iterfind(".//m:t", SHEET)) for each in strings.iterfind("m:si", SHEET)
    ]
    found: dict[int, dict[str, str]] = {}
    for each in sheet.iterfind(".//m:c", SHEET):
        value = each.findtext("m:v", namespaces=SHEET)
        text = " ".join((texts[int(value)] if each.get("t") == "s" else value).split()) if value is not None else ""
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", str(each.get("r"))).groups()  # type: ignore[union-attr]
        if text:
            found.setdefault(int(row), {})[column] = text
    return found


def test_every_row_of_the_sheet_is_in_our_table_and_nothing_more(shared_root: Path) -> None:
    sheet = cells(shared_root / "official" / "mapping" / "ELM-ELMO-mapping.xlsx")
    assert sheet.pop(1)["A"] == "Class"
    ours = {row.row: (row.class_, row.field, row.sheet) for row in workbook.rows()}
    assert ours == {
        number: (row["A"], row.get("B"), "" if SAYS_NOTHING.match(row.get("F", "")) else row["F"])
        for number, row in sheet.items()
    }
