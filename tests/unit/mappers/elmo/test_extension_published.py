"""The schema and the page of the extension are those of its rows."""

from __future__ import annotations

import hashlib
import re

import pytest

from mcbridge.mappers.elmo.codecs import Shape
from mcbridge.mappers.elmo.extension.table import BLOCKS, SCHEMA
from tests.conftest import CHECKOUT
from tests.elmo_extension import page, schema
from tests.generated import current

FILE = CHECKOUT / "xsd" / SCHEMA / "extension.xsd"
CATALOGUE = CHECKOUT / "xsd" / "catalog.toml"
PAGE = CHECKOUT / "docs" / "elmo-extension.md"
PLACE = re.compile(r"`((?:offer|result|learner|record)/[@\w/]+)`")


@pytest.mark.generated
def test_the_schema_is_that_of_the_rows(bless: bool) -> None:
    """A change here is a change of what others read: one that is no addition makes it version 2."""
    before = FILE.read_text(encoding="utf-8")
    if bless and before != schema():
        FILE.write_text(schema(), encoding="utf-8")
        old, new = (hashlib.sha256(text.encode()).hexdigest() for text in (before, schema()))
        CATALOGUE.write_text(CATALOGUE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    elif not bless:
        assert before == schema()


@pytest.mark.generated
def test_the_page_has_every_element(bless: bool) -> None:
    current(PAGE, "elements", page(), bless=bless)


def places() -> list[str]:
    """What the page says of Annex I."""
    annex = (
        PAGE.read_text(encoding="utf-8").partition("## Where the elements of Annex I stand")[2].partition("\n## ")[0]
    )
    return PLACE.findall(annex)


def test_the_page_names_places_for_all_of_annex_i() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [number for number in range(1, 17) if f"| {number} " not in text] == []
    assert len(places()) > 25


@pytest.mark.parametrize("place", places())
def test_each_place_of_annex_i_is_an_element(place: str) -> None:
    tag, *steps = place.split("/")
    shape = next(block.shape for block in BLOCKS if block.tag == tag)
    for step in steps:
        row = next(row for row in shape.rows if row.tag == step)
        shape = row.codec if isinstance(row.codec, Shape) else shape
