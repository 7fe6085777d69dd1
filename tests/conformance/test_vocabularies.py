"""The code lists against the published ones: no code, IRI or label of ours is an invention, and none is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge.tables import Tables
from tools import vocabularies

XS = {"xs": "http://www.w3.org/2001/XMLSchema"}

# our list → the published file, and codes that the publisher added since
WHOLE: dict[str, tuple[str, frozenset[str]]] = {
    "accreditation": ("europass-accreditation-types", frozenset({"c_1f1a469a"})),
    "assessment": ("europass-learning-assessment-types", frozenset()),
    "credential": ("europass-credential-types", frozenset({"c_7e400154", "c_9a31f32a", "c_ae121a00"})),
    "education-credit": ("credit-points", frozenset()),
    "encoding": ("europass-content-encoding-types", frozenset()),
    "entitlement": ("europass-learning-entitlement-types", frozenset()),
    "entitlement-status": ("europass-learning-entitlement-statuses", frozenset()),
    "eqf": ("eqf", frozenset()),
    "isced-f": ("isced-f", frozenset()),
    "learning-activity": ("europass-learning-activity-types", frozenset()),
    "learning-assessment": ("europass-modes", frozenset()),
    "learning-opportunity": ("europass-learning-opportunity-types", frozenset()),
    "learning-schedule": ("europass-learning-schedule-types", frozenset()),
    "learning-setting": ("europass-learning-setting-types", frozenset()),
    "qdr": ("nqf", frozenset()),
    "skill-reuse-level": ("skill-reuse-levels", frozenset()),
    "skill-type": ("skill-types", frozenset()),
    "target-group": ("europass-target-groups", frozenset()),
}
RENAMED = {"6cf8e68c43": "Qualification Award"}
"""Codes whose label ELM 3 changed, with the label of ELM 2."""


def published(path: Path) -> tuple[str, dict[str, str]]:
    """The scheme of a published list, and its labels by IRI."""
    root = etree.parse(path).getroot()
    labels = {
        str(each.get("value")): " ".join("".join(map(str, each.itertext())).split())
        for each in root.iterfind(".//xs:enumeration", XS)
    }
    return str(root.get("targetNamespace")), labels


@pytest.mark.parametrize("name", WHOLE)
def test_a_list_has_the_published_codes_and_labels(shared_root: Path, name: str) -> None:
    file, later = WHOLE[name]
    scheme, labels = published(shared_root / "official" / "vocabularies" / f"{file}.xsd")
    ours = Tables().vocabulary(name)
    assert ours.scheme == scheme
    known = {entry.iri: RENAMED.get(entry.code, entry.labels["en"]) for entry in ours if entry.code not in later}
    assert known == labels


def test_the_list_of_countries_is_the_published_one_without_its_placeholder(shared_root: Path) -> None:
    scheme, labels = published(shared_root / "official" / "vocabularies" / "country.xsd")
    ours = Tables().vocabulary("country")
    assert ours.scheme == scheme
    assert {entry.iri: entry.labels["en"] for entry in ours} == {
        iri: label for iri, label in labels.items() if not iri.endswith("/OP_DATPRO")
    }


def test_written_anew_the_lists_are_the_same_bytes(shared_root: Path) -> None:
    assert list(vocabularies.differences(shared_root / "official")) == []


@pytest.mark.parametrize("names", [("language", "language-rest"), ("file-type",)])
def test_languages_and_file_types_are_the_published_ones_without_the_placeholder(
    shared_root: Path, names: tuple[str, ...]
) -> None:
    """Most languages have no label there. Ours is then the one of ISO 639, or the code when they are seldom met."""
    scheme, labels = published(shared_root / "official" / "vocabularies" / f"{names[0]}.xsd")
    lists = [Tables().vocabulary(name) for name in names]
    assert {each.scheme for each in lists} == {scheme}
    ours = {entry.iri: entry for each in lists for entry in each}
    assert set(ours) == {iri for iri in labels if not iri.endswith("/OP_DATPRO")}
    seldom = {entry.iri for each in lists[1:] for entry in each}
    for iri, entry in ours.items():
        said = entry.labels["en"]
        assert said == entry.code.upper() if iri in seldom else labels[iri] in {said, ""}


def test_former_countries_are_those_that_only_the_older_schema_has(shared_root: Path) -> None:
    root = etree.parse(shared_root / "official" / "edc-xml" / "edci_mdr_countries.xsd").getroot()
    older = {str(each.get("value")) for each in root.iterfind(".//xs:enumeration", XS)}
    tables = Tables()
    now = {entry.iri for entry in tables.vocabulary("country")}
    assert {entry.iri for entry in tables.vocabulary("country-former")} == {
        iri for iri in older - now if not iri.endswith("/OP_DATPRO")
    }


@pytest.mark.parametrize(
    ("name", "enumeration", "ours_only"),
    [
        ("human-sex", "MDRHumanSexEnumType", {"NST"}),
        ("supervision-verification", "IDVerificationMethodEnumType", set()),
        ("verification", "VerificationCheckCodeEnumType", {"c_50990fe3"}),
        ("verification-status", "VerificationStatusEnumType", set()),
    ],
)
def test_lists_that_only_the_older_schema_enumerates_have_its_codes(
    shared_root: Path, name: str, enumeration: str, ours_only: set[str]
) -> None:
    root = etree.parse(shared_root / "official" / "edc-xml" / "genericschema.xsd").getroot()
    found = root.xpath(f"//xs:simpleType[@name='{enumeration}']//xs:enumeration/@value", namespaces=XS)
    assert isinstance(found, list)
    iris = {str(iri) for iri in found if not str(iri).endswith("/OP_DATPRO")}
    assert iris == {entry.iri for entry in Tables().vocabulary(name) if entry.code not in ours_only}


def concepts(found: Any) -> Iterator[dict[str, Any]]:
    """All concepts in a document that say which scheme they are of."""
    if isinstance(found, dict):
        if "inScheme" in found and "prefLabel" in found:
            yield found
        for value in found.values():
            yield from concepts(value)
    elif isinstance(found, list):
        for value in found:
            yield from concepts(value)


def one(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def test_concepts_of_issued_credentials_are_known_by_their_iri_and_label(shared_root: Path) -> None:
    """Every concept of the samples whose scheme is one of ours has our label, our notation and our IRI."""
    tables = Tables()
    met: set[str] = set()
    for path in sorted((shared_root / "official" / "edc" / "samples").iterdir()):
        document = json.loads(path.read_text(encoding="utf-8"))
        if "payload" in document:
            document = json.loads(document["payload"])
        for concept in concepts(document):
            vocabulary = tables.vocabulary_of(one(concept["inScheme"])["id"])
            if vocabulary is None:
                continue
            entry = vocabulary.by_iri(concept["id"])
            assert entry is not None, concept["id"]
            assert one(concept["prefLabel"]["en"]) == entry.labels["en"]
            assert one(concept.get("notation")) == vocabulary.notation
            met.add(vocabulary.name)
    assert len(met) >= 10
