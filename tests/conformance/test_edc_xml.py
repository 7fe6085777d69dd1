"""Older Europass XML against its official schema and sample: every declared path, every leaf, and the way to ELM 3."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge.errors import NotThisFormat
from mcbridge.mappers import detect, reader, writer
from mcbridge.mappers.edc_xml.rows import Shape
from mcbridge.mappers.edc_xml.samples import samples
from mcbridge.mappers.edc_xml.shapes import SHAPES
from mcbridge.mappers.edc_xml.terms import TERMS
from mcbridge.model import Credential
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.conformance.edc_oracle import assert_bare, assert_uploadable, edc_folder
from tests.conformance.edc_xml_declared import SEAL, schema, whole
from tests.conformance.test_hostile_xml import NAMES
from tests.conftest import CHECKOUT
from tests.edc_xml_changes import silent, without_seal
from tests.golden.cases import FOLDER

TABLES = Tables()
BARE = frozenset({"individualDisplay"})
"""What nobody has before the issuer draws it."""
REFUSED = {
    "no-claim": "ELM 3 demands a claim",
    "presentation-of-texts": "one of its credentials cannot be read",
    "references-repeated-dangling-and-round": "nobody awarded anything",
}
WRITTEN = sorted({path.parent.name for path in (FOLDER / "edc-xml").glob("*/canonical.*json")} - REFUSED.keys())


@pytest.fixture(scope="module")
def material(shared_root: Path) -> Path:
    found = shared_root / "official" / "edc-xml"
    if not found.is_dir():
        pytest.skip(f"the published schema of older Europass XML is not in {found}")
    return found


@pytest.fixture(scope="module")
def shared(shared_root: Path) -> Path:
    if not (edc_folder(shared_root) / "issuer-2.2.2").is_dir():
        pytest.skip("the published shapes of European Digital Credentials are not here")
    return shared_root


def read(source: Source, luggage: Luggage, **options: str) -> list[Read]:
    return list(reader("edc-xml", TABLES, options).read(source, luggage))


def test_a_value_on_every_declared_path_is_in_the_record_beside_it_or_in_a_finding(material: Path) -> None:
    made = whole(material / "genericschema.xsd")
    luggage = Luggage("canonical")
    (found,) = read(Source("whole.xml", etree.tostring(made.root)), luggage)
    said = [encode(found.record).decode(), json.dumps(luggage.report.to_json())]
    said += [data.decode(errors="replace") for data in luggage.contents.values()]
    text = "\n".join(said)
    lost = [path for path, forms in made.values.items() if not any(form in text for form in forms)]
    print(f"{len(made.values):,} declared values, {made.references:,} ids and references; {len(lost)} lost")
    assert len(made.values) > 3000
    assert lost == []


def test_every_element_of_the_schema_is_one_that_is_known(material: Path) -> None:
    root = etree.parse(material / "genericschema.xsd").getroot()
    names = {str(each.get("name")) for each in root.iter("{*}element") if each.get("name")}
    assert sorted(names - TERMS - {"europassCredential", "semanticFrameworkReferences"}) == []
    assert len(names) > 150


@pytest.mark.parametrize("name", ["minimal", "everything", "plain-micro-credential", "entitlement-and-activity"])
def test_what_is_made_up_here_is_what_the_schema_allows(name: str, material: Path) -> None:
    document = etree.fromstring(without_seal((FOLDER / "edc-xml" / name / "input.xml").read_bytes()))
    faults = [str(each.reason) for each in schema(material / "genericschema.xsd").iter_errors(document)]
    assert [each for each in faults if "credential/" not in each and "48b514e72a" not in each] == []


def test_no_leaf_of_the_official_sample_is_in_a_third_place(material: Path) -> None:
    made, unheard = silent((material / "edci_credential_basic.xml").read_bytes())
    print(f"{made} changes, {len(unheard)} unaccounted for")
    assert made > 100
    assert unheard == []


@pytest.mark.parametrize("form", ["uploadable", "bare"])
def test_the_official_sample_becomes_a_credential_of_elm_3(form: str, material: Path, shared: Path) -> None:
    """It claims nothing but its title, so it is asked to stand for an achievement; its issuer has no address."""
    luggage = Luggage("edc")
    source = Source.of(material / "edci_credential_basic.xml")
    assert detect(source, TABLES) == "edc-xml"
    reads = read(source, luggage, claim="title")
    found = written(reads[0], luggage, form)
    check(found, form, shared)
    assert "loss/seal" in {lost.code for lost in luggage.losses}


@pytest.mark.parametrize("name", WRITTEN)
def test_golden_documents_become_files_that_the_issuer_takes(name: str, shared: Path) -> None:
    options = {"claim": "title"} if name.startswith("claim") else {}
    path = next((FOLDER / "edc-xml" / name).glob("input.xml"))
    form = "bare" if WRITTEN.index(name) % 2 else "uploadable"
    luggage = Luggage("edc")
    for each in read(Source.of(path), luggage, **options):
        check(written(each, luggage, form), form, shared)


def written(each: Read, luggage: Luggage, form: str) -> bytes:
    sink = io.BytesIO()
    assert writer("edc", TABLES, {"form": form, "country": "IE"}).write([each], sink, luggage) == 1
    return sink.getvalue()


def check(found: bytes, form: str, shared: Path) -> None:
    if form == "bare":
        assert_bare(json.loads(found), shared, lacks=BARE)
    else:
        assert_uploadable(json.loads(found), shared)


@pytest.mark.parametrize("name", NAMES)
def test_known_attacks_are_refused(name: str, shared_root: Path) -> None:
    path = shared_root / "official" / "hostile-xml" / name
    if not path.is_file():
        pytest.skip(f"the collection of hostile documents is not here: no {path}")
    text = path.read_text(encoding="utf-8")
    for root in ("", "europassCredential", "verifiablePresentation"):
        document = text if not root else text.replace("DOCTYPE ", f"DOCTYPE {root} ", 1)
        with pytest.raises(NotThisFormat, match="DOCTYPE"):
            read(Source(name, document.encode()), Luggage())


def test_the_bundled_sample_is_the_golden_case_that_says_everything() -> None:
    first = next(samples())
    assert first.data == (FOLDER / "edc-xml" / "everything" / "input.xml").read_bytes()
    (found,) = read(first, Luggage())
    assert isinstance(found.record, Credential)
    assert SEAL.encode()[1:-1] in first.data


TYPES = {
    "europassCredential": "EuropassCredentialType",
    "credentialSubject": "CredentialSubjectType",
    "organization": "OrganizationType",
    "address": "AddressType",
    "contactPoint": "ContactPointType",
    "logo": "MediaObjectType",
    "page": "DocumentType",
    "category": "ResultCategory",
    "resultDistribution": "ResultDistribution",
    "shortenedGrading": "ShortenedGrading",
}
"""The types whose names are not those of the elements."""


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.names[0])
def test_every_declared_element_has_a_row_or_is_one_that_the_page_says_is_kept(shape: Shape, material: Path) -> None:
    name = shape.names[0]
    found: Any = schema(material / "genericschema.xsd").types[TYPES.get(name, f"{name[:1].upper()}{name[1:]}Type")]
    children = {str(each.name).rpartition("}")[2] for each in found.content.iter_elements() if hasattr(each, "name")}
    blocks = {each for each in children if each.endswith("References") and each != "semanticFrameworkReferences"}
    read = {each for row in shape.rows if "childCredentials" not in row.names for each in row.names}
    without = children - blocks - read
    page = (CHECKOUT / "docs" / "edc-xml.md").read_text(encoding="utf-8").partition("## What is kept beside")[2]
    said = re.search(rf"^\| `{name}` \| (.*) \|$", page, re.MULTILINE)
    kept = set(re.findall(r"`(\w+)`", said[1])) if said else set()
    ids = {"id"} if "id" in shape.puts else set()
    assert kept == without - ids
