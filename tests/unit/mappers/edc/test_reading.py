"""What is said about odd documents, and where; golden cases show what is read from good ones."""

from __future__ import annotations

import base64
import copy
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from mcbridge.diagnostics import place
from mcbridge.errors import NotThisFormat, Unreadable
from mcbridge.mappers.edc import EdcMapper
from mcbridge.model import Credential, OrganisationKind
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Luggage, Read, Source
from tests.conftest import CHECKOUT
from tests.golden.cases import TABLES

CASES = CHECKOUT / "tests" / "golden" / "edc"
Tree = dict[str, Any]


def minimal() -> Tree:
    """The minimal bare credential."""
    found: Tree = json.loads((CASES / "reading-minimal" / "input.json").read_bytes())
    return found


def claim(tree: Tree) -> Tree:
    found: Tree = tree["credentialSubject"]["hasClaim"]
    return found


def read(tree: Any, luggage: Luggage | None = None) -> Read:
    data = tree if isinstance(tree, bytes) else json.dumps(tree, ensure_ascii=False).encode()
    (found,) = EdcMapper(TABLES, {"validate": "no"}).read(Source("odd.json", data), luggage or Luggage())
    return found


def told(tree: Any) -> tuple[Credential, dict[str, str]]:
    """The record, and the places of what was found by rule."""
    luggage = Luggage()
    record = read(tree, luggage).record
    assert isinstance(record, Credential)
    assert decode(encode(record)) == record
    return record, {one.rule.id: place(one.location) for one in luggage.report}


def picture(**more: Any) -> Tree:
    content = base64.b64encode(b"a picture that nobody drew").decode()
    return {"id": "urn:epass:mediaObject:1", "type": "MediaObject", "content": content, **more}


def test_the_size_of_a_document_is_compared_with_its_bytes() -> None:
    tree = minimal()
    tree["attachment"] = picture(contentSize=7)
    record, found = told(tree)
    assert found == {"edc/content-size-differs": "/attachment/contentSize"}
    assert record.attachments[0].contents[0].size == 26
    assert record.attachments[0].spellings[0].path == "contents[0].size"


def test_a_document_that_is_no_base64_is_kept_as_it_is() -> None:
    tree = minimal()
    tree["attachment"] = picture() | {"content": "not base64!"}
    luggage = Luggage()
    record = read(tree, luggage).record
    assert isinstance(record, Credential)
    content = record.attachments[0].contents[0]
    assert content.state == "undecodable"
    assert luggage.contents[content.sha256] == b"not base64!"
    assert [one.rule.id for one in luggage.report] == ["edc/content-undecodable"]


def test_base64_in_lines_is_decoded_and_kept_as_it_was_written() -> None:
    tree = minimal()
    text = picture()["content"]
    tree["attachment"] = picture() | {"content": f"{text[:12]}\n{text[12:]}"}
    luggage = Luggage()
    record = read(tree, luggage).record
    assert isinstance(record, Credential)
    content = record.attachments[0].contents[0]
    assert luggage.contents[content.sha256] == b"a picture that nobody drew"
    assert luggage.contents[content.written or ""].decode() == tree["attachment"]["content"]


@pytest.mark.parametrize("text", ["QQ==", "QR==", "QUI=", "QUJ=", "QUJD", "QUJD\n", "QUJDQQ==", ""], ids=repr)
def test_base64_that_is_not_written_again_alike_is_kept_as_it_was_written(text: str) -> None:
    """Spare bits in the last letter are nothing that a decoder minds, but they would be lost."""
    tree = minimal()
    tree["attachment"] = picture() | {"content": text}
    luggage = Luggage()
    record = read(tree, luggage).record
    assert isinstance(record, Credential)
    content = record.attachments[0].contents[0]
    again = base64.b64encode(luggage.contents[content.sha256]).decode()
    assert (again if content.written is None else luggage.contents[content.written].decode()) == text


@pytest.mark.parametrize("subject", [None, 7, [], "urn:epass:person:9"], ids=repr)
def test_a_credential_about_nobody_gives_no_record(subject: Any) -> None:
    luggage = Luggage()
    data = json.dumps(minimal() | {"credentialSubject": subject}).encode()
    assert list(EdcMapper(TABLES, {"validate": "no"}).read(Source("odd.json", data), luggage)) == []
    assert luggage.refused == 1
    assert "edc/no-subject" in {one.rule.id for one in luggage.report}


def test_references_that_unfold_without_end_are_left_folded() -> None:
    """Forty claims that each have the next one twice as a part would be a million million claims."""
    tree = minimal()
    whole = claim(tree)

    def part(number: int) -> Tree:
        below = [{"id": f"urn:epass:learningAchievement:{number + 1}"}] * 2
        return copy.deepcopy(whole) | {"id": f"urn:epass:learningAchievement:{number}", "hasPart": below}

    tree["credentialSubject"]["hasClaim"] = [part(number) for number in range(1, 41)]
    record, found = told(tree)
    assert {"edc/references-too-deep", "edc/id-unresolved"} & found.keys()
    assert len(record.achievements) == 40


def test_of_several_values_where_there_is_one_the_first_is_read() -> None:
    tree = minimal()
    tree["validFrom"] = ["2026-06-30T00:00:00Z", "2026-07-01T00:00:00Z"]
    record, found = told(tree)
    assert found == {"edc/several-values": "/validFrom"}
    assert str(record.valid_from) == "2026-06-30 00:00:00+00:00"
    assert [(kept.path, kept.content) for kept in record.residue] == [("/validFrom/1", '"2026-07-01T00:00:00Z"')]


def test_two_organisations_of_one_id_are_two() -> None:
    tree = minimal()
    tree["issuer"] = copy.deepcopy(tree["issuer"]) | {"legalName": {"en": "Another"}}
    record, found = told(tree)
    assert list(found) == ["edc/id-clash"]
    assert sorted(each.id for each in record.organisations) == ["urn:epass:org:1", "urn:epass:org:1~2"]


def test_one_organisation_of_two_ids_is_one() -> None:
    tree = minimal()
    tree["issuer"] = copy.deepcopy(tree["issuer"]) | {"id": "urn:epass:org:2"}
    record, found = told(tree)
    assert found == {"edc/same-organisation": "/issuer"}
    assert len(record.organisations) == 1
    assert record.achievements[0].award is not None
    assert record.achievements[0].award.bodies == (record.issuer,)


def test_a_concept_is_what_its_id_says() -> None:
    tree = minimal()
    tree["credentialProfiles"]["inScheme"]["id"] = "https://lists.example.org"
    record, found = told(tree)
    assert found == {"edc/other-scheme": "/credentialProfiles/inScheme"}
    assert record.kinds[0].scheme == "credential"


def test_whoever_acts_may_be_a_person_a_group_or_an_agent() -> None:
    tree = minimal()
    names = {"prefLabel": {"en": "They"}}
    claim(tree)["awardedBy"]["awardingBody"] = [
        {"id": "urn:epass:person:2", "type": "Person", "givenName": {"en": "Iva"}, "familyName": {"en": "Nitko"}},
        {"id": "urn:epass:group:1", "type": "Group", **names},
        {"id": "urn:epass:agent:1", "type": "Agent", **names},
    ]
    record, _ = told(tree)
    by_id = {each.id: each for each in record.organisations}
    assert by_id["urn:epass:person:2"].kind is OrganisationKind.PERSON
    assert [text.value for text in by_id["urn:epass:person:2"].names] == ["Iva Nitko"]
    assert by_id["urn:epass:group:1"].kind is OrganisationKind.GROUP
    assert by_id["urn:epass:agent:1"].kind is None
    assert [(one.path, one.text) for one in by_id["urn:epass:agent:1"].spellings] == [("kind", "Agent")]


ODD: tuple[Any, ...] = (None, 7, 1.5, True, "", "word", [], {}, [[1]], [None], {"a": {"b": []}}, "urn:epass:org:1")


@pytest.mark.parametrize("name", ["reading-compacted", "reading-four-kinds", "reading-unknown-keys"])
def test_whatever_stands_somewhere_is_read_or_said(name: str) -> None:
    """Each value of a document in turn gets every other kind: never an exception, never silence."""
    tree = json.loads((CASES / name / "input.json").read_bytes())
    places = list(_places(tree, ()))
    record, before = told(tree)
    facts, silent = _facts(record), []
    for way, other in itertools.product(places, ODD):
        changed = _changed(tree, way, other)
        if changed == tree or way[0] == "type" or _same_organisation(tree, way, other):
            continue
        luggage = Luggage()
        data = json.dumps(changed).encode()
        records = [
            each.record for each in EdcMapper(TABLES, {"validate": "no"}).read(Source("odd.json", data), luggage)
        ]
        for each in records:
            decode(encode(each))
        if [_facts(each) for each in records] == [facts] and len(luggage.report) <= len(before):
            silent.append((way, other))
    assert silent == []
    assert len(places) > 150


def _same_organisation(tree: Tree, way: tuple[str | int, ...], other: Any) -> bool:
    """A name for an organisation that stands in the document, or an id that holds within the file and is made anew."""
    if other != "urn:epass:org:1":
        return False
    node: Any = tree
    for step in way:
        node = node[step]
    return way[-1] == "id" or (isinstance(node, dict) and node.get("id") == other)


def _places(value: Any, way: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inner for found in ((*way, key), *_places(each, (*way, key)))]


def _changed(tree: Tree, way: tuple[str | int, ...], value: Any) -> Tree:
    found = copy.deepcopy(tree)
    node: Any = found
    for step in way[:-1]:
        node = node[step]
    node[way[-1]] = value
    return found


def _facts(record: Any) -> Any:
    tree = json.loads(encode(record))
    return {key: value for key, value in tree.items() if key not in {"id", "document"}}


# --- documents that are none of ours, or none at all


def _wrapped(kind: str) -> Callable[[], Any]:
    return lambda: minimal() | {"type": kind}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: [minimal(), minimal()], "an array of 2 values"),
        (_wrapped("OpenBadgeCredential"), "Open Badge 3.0"),
        (_wrapped("VerifiablePresentation"), "presentation"),
        (_wrapped("VerifiableCredential"), "a verifiable credential, not"),
        (lambda: {"vct": "urn:eu.europa.ec.eudi:learning:credential:1", "type": "x"}, "SD-JWT"),
        (lambda: {"credential": 7, "deliveryDetails": {}}, "the number 7"),
        (lambda: {"payload": 7, "signatures": []}, "the number 7"),
        (lambda: {"payload": "{", "signatures": []}, "cannot be read"),
        (lambda: 7, "this is the number 7"),
    ],
    ids=["array", "badge", "presentation", "other", "sd-jwt", "credential", "payload", "cut", "number"],
)
def test_other_documents_are_refused_by_name(made: Callable[[], Any], said: str) -> None:
    with pytest.raises(NotThisFormat) as caught:
        read(made())
    assert said in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"type": "EuropeanDigitalCredential",\n "type": "x"}', 'the key "type" stands twice'),
        (b'{"a" : {"b": 1, "b" :2}}', 'the key "b" stands twice'),
        (b'{"a\\\\":1,"x":{"y":1,"y":2}}', 'the key "y" stands twice'),
        (b'{"type": NaN}', "no JSON"),
        (b'{"type": "\\ud800"}', "half of a character"),
        (b'{"type": "x"} {', "no JSON"),
        (b'{"type": "\xff"}', "not UTF-8"),
        ('{"type": "x"}'.encode("utf-16"), "UTF-16"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "deep"),
        (b"[" * 100_000, "deep"),
        (b" \n ", "empty"),
    ],
    ids=["twice", "spaced", "backslash", "nan", "surrogate", "trailing", "bytes", "utf-16", "deep", "deeper", "empty"],
)
def test_what_is_no_json_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises((NotThisFormat, Unreadable)) as caught:
        read(data)
    assert said in caught.value.message


def test_a_text_that_looks_like_a_key_is_no_repeated_key() -> None:
    tree = minimal()
    tree["displayParameter"]["summaryDisplay"] = '{"a": 1, "a" : 2}'
    _, found = told(tree)
    assert list(found) == ["edc/kept-aside"]


def test_an_organisation_that_only_a_limit_names_has_its_place() -> None:
    tree = minimal()
    body = {"id": "urn:epass:org:7", "type": "Organisation", "legalName": {"en": "Guild of Examples"}}
    offered = {"type": "LearningEntitlementSpecification", "title": {"en": "Seat"}, "limitOrganisation": [body]}
    claim(tree)["entitlesTo"] = {"type": "LearningEntitlement", "title": {"en": "Seat"}, "specifiedBy": offered}
    found = read(tree)
    assert isinstance(found.record, Credential)
    names = [organisation.names[0].value for organisation in found.record.organisations]
    index = names.index("Guild of Examples")
    where = "/credentialSubject/hasClaim/entitlesTo/specifiedBy/limitOrganisation/0"
    assert place(found.origin.of(f"organisations[{index}]")) == where
    assert place(found.origin.of(f"organisations[{index}].names[0]")) == f"{where}/legalName/en"
