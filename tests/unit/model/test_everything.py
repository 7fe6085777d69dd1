"""The model holds what the standards say: every field is used, and every fact has a home."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge.mappers import reader
from mcbridge.model import Credential, Provision, Record
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Luggage
from tests.golden.cases import FOLDER, TABLES, Case
from tests.unit.model.graph import declared, filled

HOMES = Path(__file__).parent / "homes"
CREDENTIAL = Case(FOLDER / "canonical" / "everything")
PROVISION = Case(FOLDER / "canonical" / "everything-provision")
PREFIXES = ("elmo", "LOS", "LOI", "Attachment")


def homes(name: str) -> Mapping[str, str]:
    return tomllib.loads((HOMES / f"{name}.toml").read_text(encoding="utf-8"))


def record(case: Case) -> Record:
    (found,) = case.pivot()
    return found


def test_the_full_records_fill_every_field_of_every_shape() -> None:
    there = filled(record(CREDENTIAL)) | filled(record(PROVISION))
    assert sorted((declared(Credential) | declared(Provision)) - there) == []
    assert sorted(declared(Provision) - filled(record(PROVISION))) != [], "one record alone does not do"


@pytest.mark.parametrize("case", [CREDENTIAL, PROVISION], ids=str)
def test_the_full_records_are_written_again_unchanged(case: Case) -> None:
    assert case.input is not None
    text = case.input.read_bytes()
    once = encode(decode(text))
    assert json.loads(once) == json.loads(text)
    assert encode(decode(once)) == once


@pytest.mark.parametrize("case", [CREDENTIAL, PROVISION], ids=str)
def test_the_full_records_come_with_all_bytes_that_they_speak_of(case: Case) -> None:
    luggage = Luggage()
    assert case.input is not None
    list(reader("canonical", TABLES, {}).read(case.source(case.input), luggage))
    assert list(luggage.report) == []
    beside = case.folder / f"{case.input.name}.contents"
    assert set(luggage.contents) == ({path.name for path in beside.iterdir()} if beside.is_dir() else set())


def _values(value: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _values(item, steps)
    elif not steps:
        yield value
    elif isinstance(value, dict) and steps[0] in value:
        yield from _values(value[steps[0]], steps[1:])


@pytest.mark.parametrize("standard", ["elmo", "edc"])
def test_every_fact_of_a_standard_has_a_home_and_the_full_record_fills_it(standard: str) -> None:
    assert CREDENTIAL.input is not None
    tree = json.loads(CREDENTIAL.input.read_bytes())
    assert sum(1 for _ in homes(standard)) > 90
    homeless = [
        f"{fact} → {home}" for fact, home in homes(standard).items() if not list(_values(tree, home.split(".")))
    ]
    assert homeless == []


def test_a_home_that_is_not_there_would_be_noticed() -> None:
    assert list(_values({"a": [{"b": 1}, {}]}, ["a", "b"])) == [1]
    assert list(_values({"a": [{"b": 1}]}, ["a", "c"])) == []


def _facts(element: etree._Element, path: str) -> Iterator[str]:
    local = etree.QName(element).localname
    if local == "learningOpportunitySpecification":
        path = "LOS"
    elif local == "learningOpportunityInstance":
        path = "LOI"
    elif local == "attachment":
        path = "Attachment"
    elif not (local == "section" and path.endswith("/section")):
        path = f"{path}/{local}" if path else local
    for key in element.attrib:
        name = str(key).rpartition("}")[2]
        yield f"{path}/@{'xml:lang' if name == 'lang' else name}"
    if local in {"extension", "introduction", "Signature"}:
        yield path
        return
    if not len(element) and (element.text or not element.attrib):
        yield path
    for child in element:
        yield from _facts(child, path)


def test_every_element_and_attribute_of_elmo_is_in_the_table() -> None:
    """The golden document has everything that the schema declares, which another test sees to."""
    document = Case(FOLDER / "elmo" / "everything").input
    assert document is not None
    known = {fact.partition(" (")[0].replace("ds:", "") for fact in homes("elmo")}
    # A language may stand on any text, and extensions and introductions take any attribute.
    said = set(_facts(etree.parse(document).getroot(), ""))
    missing = {
        fact
        for fact in said - known
        if not (fact.endswith("/@xml:lang") and fact.removesuffix("/@xml:lang") in known)
        and not any(fact.startswith(f"{open}/@") for open in ("elmo/extension", "LOI/diplomaSupplement/introduction"))
        and "Signature/@" not in fact
    }
    assert sorted(missing) == []
