"""The schemas are those that the catalogue says, and name nothing outside of it."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

import pytest
from lxml import etree

from mcbridge.mappers._xml.validation import CATALOGUE, Schema, catalogue
from mcbridge.resources import data_root
from tests.conftest import CHECKOUT
from tests.house.tree import kept

ROOT = data_root("xsd")
LISTED = catalogue(ROOT)
FILES = {path: file for listed in LISTED.values() for path, file in listed.files.items()}
XSD = "{http://www.w3.org/2001/XMLSchema}"


def test_every_schema_file_is_listed_and_every_listed_file_is_there() -> None:
    here = {path.relative_to(CHECKOUT / "xsd").as_posix() for path in kept("xsd")} - {CATALOGUE}
    assert here == FILES.keys()


@pytest.mark.parametrize("path", FILES)
def test_a_schema_file_matches_its_recorded_hash(path: str) -> None:
    """Whoever changes a schema says so in the catalogue, with the output of sha256sum."""
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == FILES[path].sha256


@pytest.mark.parametrize("path", FILES)
def test_a_schema_file_has_its_namespace_and_imports_only_files_beside_it(path: str) -> None:
    root = etree.fromstring((ROOT / path).read_bytes())
    assert root.get("targetNamespace") == FILES[path].namespace
    for imported in root.iter(f"{XSD}import", f"{XSD}include"):
        beside = PurePosixPath(path).parent / (imported.get("schemaLocation") or "")
        assert FILES[str(beside)].namespace == imported.get("namespace", FILES[path].namespace)


@pytest.mark.parametrize("path", FILES)
def test_a_schema_file_holds_structure_only(path: str) -> None:
    assert not list(etree.fromstring((ROOT / path).read_bytes()).iter(f"{XSD}annotation"))


@pytest.mark.parametrize("name", LISTED)
def test_a_schema_compiles_and_an_address_is_answered_once(name: str) -> None:
    assert Schema(name).compiled is not None
    urls = [url for file in LISTED[name].files.values() for url in file.urls]
    assert len(urls) == len(set(urls))
    assert LISTED[name].root in LISTED[name].files
