"""The schemas are those that the catalogue says, and name nothing outside of it."""

from __future__ import annotations

import hashlib
import posixpath

import pytest
from lxml import etree

from mcbridge.mappers._xml.validation import CATALOGUE, Schema, catalogue
from mcbridge.resources import data_root
from mcbridge.schemas import TABLE, official
from tests.conftest import CHECKOUT
from tests.house.tree import kept

ROOT = data_root("xsd")
LISTED = catalogue(ROOT)
FILES = {path: file for listed in LISTED.values() for path, file in listed.files.items()}
TABLES = {"edc/3.2.json"}
"""What is known of schemas that are no XML Schema: facts, which tools/ makes and a conformance test compares."""
XSD = "{http://www.w3.org/2001/XMLSchema}"


def test_every_schema_file_is_listed_and_every_listed_file_is_there() -> None:
    here = {path.relative_to(CHECKOUT / "xsd").as_posix() for path in kept("xsd")} - {CATALOGUE, TABLE}
    assert here - TABLES == FILES.keys()


@pytest.mark.parametrize("path", FILES)
def test_a_schema_file_matches_its_recorded_hash(path: str) -> None:
    """Whoever changes a schema says so in the catalogue, with the output of sha256sum."""
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == FILES[path].sha256


@pytest.mark.parametrize("path", FILES)
def test_a_schema_file_has_its_namespace_and_imports_only_files_of_the_same_schemas(path: str) -> None:
    users = [listed for listed in LISTED.values() if path in listed.files]
    root = etree.fromstring((ROOT / path).read_bytes())
    assert root.get("targetNamespace") == FILES[path].namespace
    for imported in root.iter(f"{XSD}import", f"{XSD}include"):
        other = posixpath.normpath(posixpath.join(posixpath.dirname(path), imported.get("schemaLocation") or ""))
        assert FILES[other].namespace == imported.get("namespace", FILES[path].namespace)
        assert all(other in listed.files for listed in users)


@pytest.mark.parametrize("path", FILES)
def test_a_schema_file_holds_structure_only(path: str) -> None:
    assert not list(etree.fromstring((ROOT / path).read_bytes()).iter(f"{XSD}annotation"))


@pytest.mark.parametrize("name", LISTED)
def test_a_schema_compiles_and_an_address_is_answered_once(name: str) -> None:
    assert Schema(name).compiled is not None
    urls = [url for file in LISTED[name].files.values() for url in file.urls]
    assert len(urls) == len(set(urls))
    assert LISTED[name].root in LISTED[name].files


def test_an_official_file_is_known_once_and_serves_a_purpose() -> None:
    known = official()
    assert len({each.sha256 for each in known.files.values()}) == len(known.files)
    assert {path for one in known.purposes.values() for path in one.files} == known.files.keys()
    for one in known.purposes.values():
        urls = [url for path in one.files for url in known.files[path].urls]
        assert len(urls) == len(set(urls))
        assert one.root is None or one.root in one.files


@pytest.mark.parametrize("path", [path for path, each in official().files.items() if each.stand_in])
def test_what_stands_in_for_an_official_file_is_about_the_same_namespace(path: str) -> None:
    each = official().files[path]
    assert each.stand_in is not None
    assert FILES[each.stand_in].namespace == each.namespace


def test_no_official_file_is_in_the_repository() -> None:
    """Whatever they are called: their bytes would be known."""
    hashes = {each.sha256 for each in official().files.values()}
    here = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in kept("xsd", "mappings", "mcbridge", "tests", "docs")
    }
    assert hashes.isdisjoint(here)
