"""Which versions a document can be of is told by what is in it, and the published schemas say the same."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.mappers.elmo.inspection import SINCE, version_of
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_normal import parsed, said
from tests.conformance.elmo_versions import BROUGHT, Brought
from tests.conformance.test_elmo_xsd import _Folder, folder

__all__ = ["folder"]  # a fixture

TABLES = Tables()
FIRST = [one for one in BROUGHT if one.versions.startswith("1")]
PUBLISHED = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0")


@cache
def schema(version: str, folder: Path) -> etree.XMLSchema:
    parser = etree.XMLParser()
    parser.resolvers.add(_Folder(folder))
    data = (folder / f"elmo-{version}.0.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(data, parser, base_url="urn:published/elmo.xsd"))


@pytest.mark.parametrize("one", BROUGHT, ids=str)
def test_what_a_version_brought_tells_it(one: Brought) -> None:
    assert version_of(parsed(one.document())) == one.versions


@pytest.mark.parametrize("one", BROUGHT, ids=str)
def test_the_published_schemas_agree(one: Brought, folder: Path) -> None:
    """1.3 demanded a grouping by mistake, and there is no published schema of 2.1 at hand."""
    said_to_be = one.versions.split(",")[0].split(" to ")
    root = parsed(one.document())
    found = [version for version in PUBLISHED if schema(version, folder).validate(root)]
    expected = [version for version in PUBLISHED if said_to_be[0] <= version <= said_to_be[-1]]
    if "," in one.versions:
        expected = []
    if not one.after.startswith("<grouping"):
        expected = [version for version in expected if version != "1.3"]
    assert found == expected


def test_each_version_is_told_by_something() -> None:
    assert {one.versions.split(" ")[0] for one in FIRST} == {"1.0", *SINCE}


@pytest.mark.parametrize("one", FIRST, ids=str)
def test_documents_of_all_first_versions_come_back(one: Brought) -> None:
    document = one.document()
    luggage, sink = Luggage("elmo"), BytesIO()
    mapper = ElmoMapper(TABLES, {})
    mapper.write(list(mapper.read(Source("d.xml", document), luggage)), sink, luggage)
    assert not list(luggage.report)
    assert {lost.code for lost in luggage.losses} == {"loss/seal"}
    assert said(parsed(sink.getvalue())) == said(parsed(document))
