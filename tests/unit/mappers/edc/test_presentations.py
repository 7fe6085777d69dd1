"""Presentations: each credential is a document of its own, with the places of the file; other kinds are named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from mcbridge.diagnostics import JsonLocation
from mcbridge.errors import InputError, NotThisFormat
from mcbridge.limits import Limits
from mcbridge.mappers import detect
from mcbridge.mappers.edc import EdcMapper
from mcbridge.model import Credential
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.hostile.credentials import claim, credential, data
from tests.hostile.presentations import of_other_kinds, presentation, sealed, token

TABLES = Tables()
MAPPER = EdcMapper(TABLES, {"validate": "no"})
KINDS = tuple(of_other_kinds())
KIND = "http://data.europa.eu/snb/verifiable-presentation/"


def titled(title: str, number: int = 1) -> dict[str, Any]:
    return {**credential(claim(title={"en": title})), "id": f"urn:credential:{number}"}


def read(document: Any, luggage: Luggage | None = None) -> list[Read]:
    return list(MAPPER.read(Source("in.json", data(document)), luggage or Luggage()))


def titles(reads: list[Read]) -> list[str]:
    return [each.record.achievements[0].title[0].value for each in reads if isinstance(each.record, Credential)]


def errors(document: Any) -> list[tuple[str | None, str | None]]:
    """Where the errors are that stand for credentials which are none, and how they are called."""
    found = MAPPER.documents(Source("in.json", data(document)), Luggage())
    return [(each.where, each.pointer) for each in found if isinstance(each, NotThisFormat)]


def test_each_credential_is_a_document_of_its_own_bytes() -> None:
    first, second = titled("One", 1), sealed(titled("Two", 2))
    text = (
        b'{"verifiableCredential": [' + data(first) + b" , " + data(second) + b']  , "type": "VerifiablePresentation"}'
    )
    documents = list(MAPPER.documents(Source("in.json", text), Luggage()))
    assert [each.data for each in documents if isinstance(each, Source)] == [data(first), data(second)]
    assert [each.name for each in documents if isinstance(each, Source)] == [
        "in.json!credential[1]",
        "in.json!credential[2]",
    ]
    reads = list(MAPPER.read(Source("in.json", text), Luggage()))
    assert titles(reads) == ["One", "Two"]
    ids = [each.record.document.id for each in reads if isinstance(each.record, Credential) and each.record.document]
    assert ids == [hashlib.sha256(data(one)).hexdigest() for one in (first, second)]


FORMS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "bare": (lambda one: one, ""),
    "sealed": (sealed, "/payload"),
    "as text": (data, ""),
    "sealed, as text": (lambda one: data(sealed(one)), "/payload"),
    "uploadable": (lambda one: {"credential": one}, "/credential"),
    "in an array": (lambda one: [one], "/0"),
}


@pytest.mark.parametrize("outer", ["bare", "sealed"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("alone", [True, False], ids=["by itself", "one of two"])
def test_places_are_those_of_the_file(outer: str, form: str, alone: bool) -> None:
    make, inside = FORMS[form]
    made = make(titled("One"))
    held = made.decode() if isinstance(made, bytes) else made
    shown = presentation(held) if not alone else presentation() | {"verifiableCredential": held}
    if not alone:
        shown["verifiableCredential"].insert(0, titled("Zero", 0))
    document = sealed(shown) if outer == "sealed" else shown
    lead = "/payload" if outer == "sealed" else ""
    place = f"{lead}/verifiableCredential" + ("" if alone and form != "in an array" else "/1" if not alone else "/0")
    place += inside if not (alone and form == "in an array") else ""
    origin = read(document)[-1].origin
    assert origin.of("learner.givenNames[0]") == JsonLocation(
        f"in.json!credential[{1 if alone else 2}]", f"{place}/credentialSubject/givenName/en"
    )


@pytest.mark.parametrize(
    ("code", "word"), [("c_e01977e3", "Notarised copy"), ("c_825cddc0", "Mandated issue"), ("c_409018f7", "Shared")]
)
@pytest.mark.parametrize("key", ["dcType", "credentialProfiles"])
def test_what_kind_of_presentation_it_is_stays_beside_each_document(code: str, word: str, key: str) -> None:
    luggage = Luggage()
    kind = {"id": KIND + code, "type": "Concept"}
    reads = read(presentation(titled("One"), titled("Two", 2), **{key: [kind]}), luggage)
    for each in reads:
        assert isinstance(each.record, Credential)
        assert each.record.document is not None
        kept = {one.path: one.content for one in each.record.document.residue if one.format == "edc-presentation"}
        assert json.loads(kept[f"/{key}"]) == [kind]
        at = [one.path for one in each.record.document.residue].index(f"/{key}")
        assert each.origin.of(f"document.residue[{at}]").pointer == f"/{key}"  # type: ignore[union-attr]
    (said,) = [each for each in luggage.report if each.rule.id == "edc/presentation"]
    assert f"({word}) of 2 credentials" in said.message
    (source, _) = MAPPER.documents(
        Source("in.json", data(presentation(titled("1"), titled("2"), **{key: kind}))), Luggage()
    )
    assert isinstance(source, Source)
    assert MAPPER.inspect(source) == {"form": "bare", "presentation": word}


def test_a_reference_leads_to_what_another_credential_says() -> None:
    second = titled("Two", 2)
    second["issuer"] = {"id": "urn:epass:org:1"}
    second["credentialSubject"]["hasClaim"][0]["awardedBy"] = "urn:epass:awardingProcess:1"
    luggage = Luggage()
    reads = read(presentation(titled("One"), second), luggage)
    record = reads[1].record
    assert isinstance(record, Credential)
    assert record.issuer == "urn:epass:org:1"
    assert [text.value for each in record.organisations for text in each.names] == ["Example University"]
    assert not [each for each in luggage.report if each.rule.id == "edc/id-unresolved"]
    place = "/verifiableCredential/0/credentialSubject/hasClaim/0/awardedBy/awardingBody/0/legalName/en"
    assert reads[1].origin.of("organisations[0].names[0]").pointer == place  # type: ignore[union-attr]


def test_a_credential_may_be_named_and_stand_elsewhere_in_the_presentation() -> None:
    shown = presentation({"id": "urn:credential:1"}, verificationCheck={"subject": titled("One")})
    (one,) = read(shown)
    assert titles([one]) == ["One"]
    assert one.origin.whole == JsonLocation("in.json!credential[1]", "/verificationCheck/subject")


def test_of_several_credentials_a_bad_one_costs_only_itself() -> None:
    shown = presentation(
        titled("One"), presentation(titled("In")), 7, "urn:credential:9", token({"vc": {}}), titled("Two", 2)
    )
    found: list[Read] = []
    with pytest.raises(InputError):
        found.extend(MAPPER.read(Source("in.json", data(shown)), Luggage()))
    assert titles(found) == ["One", "Two"]
    assert errors(shown) == [
        ("in.json!credential[3]", "/verifiableCredential/2"),
        ("in.json!credential[4]", "/verifiableCredential/3"),
        ("in.json!credential[5]", "/verifiableCredential/4"),
    ]


def test_the_seal_of_a_presentation_is_none_of_its_credentials() -> None:
    luggage = Luggage()
    (one, two) = read(sealed(presentation(titled("One"), sealed(titled("Two", 2)))), luggage)
    assert isinstance(one.record, Credential)
    assert isinstance(two.record, Credential)
    assert one.record.seal is None
    assert two.record.seal is not None
    lost = {(each.code, getattr(each.location, "pointer", None)) for each in luggage.losses}
    assert lost == {("loss/seal", "/signatures"), ("loss/seal", "/payload/verifiableCredential/1/signatures")}


def test_there_are_at_most_so_many() -> None:
    source = Source("in.json", data(presentation(*[titled(str(n), n) for n in range(4)])), limits=Limits(documents=3))
    with pytest.raises(InputError, match="more than 3 credentials"):
        list(MAPPER.read(source, Luggage()))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind[0]))
def test_a_credential_of_another_kind_in_a_presentation_is_named(kind: tuple[str, Any, str]) -> None:
    _, document, word = kind
    with pytest.raises(NotThisFormat, match=r"not a European Digital Credential|in another form") as caught:
        read(presentation(document))
    assert word in caught.value.message
    assert caught.value.hint
    assert str(caught.value.pointer).startswith("/verifiableCredential/0")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind[0]))
def test_a_credential_of_another_kind_is_told_by_its_content(kind: tuple[str, Any, str]) -> None:
    _, document, _ = kind
    text = document.encode() if isinstance(document, str) else data(document)
    assert detect(Source("in.json", text), TABLES) == "edc"


def test_what_a_presentation_says_at_length_stands_once_and_each_document_names_it() -> None:
    luggage = Luggage()
    long = {"type": "Person", "fullName": {"en": "x" * 5_000}}
    reads = read(presentation(titled("One"), titled("Two", 2), holder=long), luggage)
    many = read(presentation(titled("One"), titled("Two", 2), **{f"key{n}": n for n in range(100)}), luggage)
    for each in (*reads, *many):
        assert isinstance(each.record, Credential)
        assert each.record.document is not None
        (one,) = [one for one in each.record.document.residue if one.sha256 is not None]
        assert sum(len(each.content) for each in each.record.document.residue) < 4_096
        assert one.path == ("/holder" if each in reads else "/")
        assert (json.loads(luggage.contents[one.sha256 or ""]) == long) is (each in reads)
    (last,) = many[-1].record.document.residue  # type: ignore[union-attr]
    whole = json.loads(luggage.contents[last.sha256 or ""])
    assert whole["key99"] == 99
    assert len(luggage.contents) == 2


def test_what_all_credentials_together_refer_to_has_an_end() -> None:
    body = {"id": "urn:epass:org:9", "type": "Organisation", "legalName": {f"x{n}": "y" for n in range(3_000)}}
    shown = [titled(str(n), n) for n in range(40)]
    for each in shown:
        each["issuer"] = {"id": "urn:epass:org:9"}
    luggage = Luggage()
    reads = read(presentation(*shown, holder=body), luggage)
    issued = [each.record.issuer for each in reads if isinstance(each.record, Credential)]
    assert issued[0] == "urn:epass:org:9"
    assert issued[-1] is None
    assert luggage.report.by_rule()["edc/id-unresolved"] == issued.count(None)
