from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcbridge.mappers.edc_xml.frames import camel
from mcbridge.mappers.edc_xml.rows import Row, Shape
from mcbridge.mappers.edc_xml.shapes import SHAPES
from tests.conftest import CHECKOUT
from tests.generated import current

PAGE = CHECKOUT / "docs" / "edc-xml.md"


def rows(shape: Shape) -> Iterator[str]:
    """The elements of a kind, each with the fields that it fills; what stands elsewhere in the record says so."""
    for row in shape.rows:
        fields = ", ".join(f"`{camel(field)}`" for field in row.fields) or _elsewhere(row)
        yield f"| `{'`, `'.join(shape.names)}` | `{'`, `'.join(row.names)}` | {fields} |"


def _elsewhere(row: Row) -> str:
    said = {
        "used": "`assessments` of the achievement",
        "influenced": "`achievements` of the credential",
        "wasDerivedFrom": "`achievements` of the credential",
        "childCredentials": "kept beside",
        "proof": "`seal`",
        "contentEncoding": "kept beside, unless it is base64",
    }
    return said.get(row.names[0], f"`{row.names[0]}` of the credential")


def table() -> str:
    made = ["| kind | element | field |", "|---|---|---|", *(line for shape in SHAPES for line in rows(shape))]
    return "".join(f"{line}\n" for line in made)


@pytest.mark.generated
def test_the_page_lists_every_element_that_is_read(bless: bool) -> None:
    current(PAGE, "rows", table(), bless=bless)
