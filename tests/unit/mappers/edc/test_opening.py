"""From a file to the credential in it: forms, arrays, flattened documents, and everything beside."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from mcbridge.diagnostics import JsonLocation
from mcbridge.errors import InputError, NotThisFormat
from mcbridge.mappers import detect
from mcbridge.mappers.edc import EdcMapper
from mcbridge.model import Credential
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.hostile.credentials import ENVELOPE, claim, credential, data
from tests.hostile.presentations import sealed

TABLES = Tables()
MAPPER = EdcMapper(TABLES, {"validate": "no"})
GOOD = credential(claim())


def read(document: Any, luggage: Luggage | None = None) -> Read:
    (one,) = MAPPER.read(Source("in.json", data(document)), luggage or Luggage())
    return one


def record(document: Any, luggage: Luggage | None = None) -> Credential:
    found = read(document, luggage).record
    assert isinstance(found, Credential)
    return found


def _base64url(value: Any) -> str:
    return base64.urlsafe_b64encode(data(value)).decode().rstrip("=")


TO_ANA = {"deliveryAddress": ["ana@example.org"]}


@pytest.mark.parametrize(
    ("document", "form", "place"),
    [
        (GOOD, "bare", ""),
        ([GOOD], "bare", "/0"),
        ({"credential": GOOD, "deliveryDetails": TO_ANA}, "uploadable", "/credential"),
        ({"credential": [GOOD], "deliveryDetails": [TO_ANA]}, "uploadable", "/credential/0"),
        (sealed(GOOD), "sealed", "/payload"),
        (sealed([GOOD]), "sealed", "/payload/0"),
        ({**sealed(GOOD), "payload": _base64url(GOOD)}, "sealed", "/payload"),
        ({"payload": json.dumps(GOOD), "protected": "e30", "signature": "x", "header": {}}, "sealed", "/payload"),
        ({"@context": ENVELOPE["@context"], "@graph": [GOOD]}, "bare", "/@graph/0"),
        ({"@context": ENVELOPE["@context"], "@graph": GOOD}, "bare", "/@graph"),
    ],
    ids=range(10),
)
def test_every_form_says_the_same(document: Any, form: str, place: str) -> None:
    luggage = Luggage()
    one = read(document, luggage)
    assert isinstance(one.record, Credential)
    assert one.record.achievements == record(GOOD).achievements
    assert one.record.organisations == record(GOOD).organisations
    assert MAPPER.inspect(Source("in.json", data(document)))["form"] == form
    assert one.origin.of("achievements[0].title[0]").pointer.startswith(f"{place}/credentialSubject")  # type: ignore[union-attr]
    assert (one.record.seal is not None) is (form == "sealed")
    assert [each.rule.id for each in luggage.report] == []


@pytest.mark.parametrize(
    ("beside", "said", "place"),
    [
        ({}, "no delivery addresses", ""),
        ({"deliveryDetails": {}}, "no delivery addresses", "/deliveryDetails"),
        ({"deliveryDetails": {"deliveryAddress": []}}, "no delivery addresses", "/deliveryDetails"),
        ({"deliveryDetails": {"deliveryAddress": ["a@b.c", "d@b.c", "e@b.c"]}}, "3 delivery", "/deliveryDetails"),
        ({"deliveryDetails": {"deliveryAddress": ["a@b.c", "d@b.c"]}}, None, ""),
        ({"deliveryDetails": {"deliveryAddress": "a@b.c"}}, None, ""),
    ],
    ids=["absent", "empty", "none", "three", "two", "one"],
)
def test_an_upload_is_delivered_to_one_or_two(beside: dict[str, Any], said: str | None, place: str) -> None:
    luggage = Luggage()
    read({"credential": GOOD, **beside}, luggage)
    found = [each for each in luggage.report if each.rule.id == "edc/delivery-addresses"]
    assert [(said or "") in each.message for each in found] == [True] * (said is not None)
    assert [each.location for each in found] == [JsonLocation("in.json", place)] * len(found)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"credential": GOOD, "note": "x"}, "/note"),
        (sealed(GOOD, note="x"), "/note"),
        ([{"credential": GOOD, "note": "x"}], "/0/note"),
        ({"@graph": [GOOD], "note": "x"}, "/note"),
        ({"@graph": [GOOD, {"id": "_:1", "title": "x"}]}, "/@graph/1"),
        ({"@graph": [GOOD, "x"]}, "/@graph/1"),
        ({"@context": "urn:x", "@graph": [GOOD]}, "/@context"),
    ],
    ids=str,
)
def test_what_stands_beside_a_credential_is_found_and_lost(document: Any, place: str) -> None:
    luggage = Luggage()
    read(document, luggage)
    assert place in {getattr(each.location, "pointer", None) for each in luggage.losses}
    assert place in {getattr(each.location, "pointer", None) for each in luggage.report}


def test_the_keywords_of_json_ld_are_ids_and_classes() -> None:
    text = data(GOOD).replace(b'"id":', b'"@id":').replace(b'"type":', b'"@type":')
    (one,) = MAPPER.read(Source("in.json", text), Luggage())
    assert isinstance(one.record, Credential)
    assert one.record.achievements == record(GOOD).achievements
    assert one.origin.of("achievements[0].id").pointer == "/credentialSubject/hasClaim/0/@id"  # type: ignore[union-attr]


def test_of_an_id_that_is_said_twice_one_is_no_key_of_ours() -> None:
    luggage = Luggage()
    found = record(credential(claim() | {"@id": "urn:other"}), luggage)
    assert [(one.path, one.content) for one in found.achievements[0].residue] == [("/@id", '"urn:other"')]
    assert [each.rule.id for each in luggage.report] == ["edc/unknown-key"]


def test_a_credential_that_speaks_of_itself_holds_no_second_one() -> None:
    luggage = Luggage()
    check = {"type": "VerificationCheck", "subject": {"id": GOOD["id"], "type": "EuropeanDigitalCredential"}}
    record({**GOOD, "verificationCheck": check}, luggage)
    assert "edc/second-credential" not in luggage.report.by_rule()


def test_a_payload_of_several_levels_goes_no_further() -> None:
    with pytest.raises(NotThisFormat) as caught:
        read(sealed(sealed(GOOD)))
    assert caught.value.pointer == "/payload"


def test_contexts_that_say_the_same_are_told_from_others() -> None:
    mine = ENVELOPE["@context"]
    for context, rule in (
        (mine, None),
        ([mine[0], "https://data.europa.eu/snb/model/context/edc-ap"], "edc/other-context"),
        (["https://www.w3.org/ns/credentials/v2", mine[1]], "edc/other-context"),
        (mine[1], "edc/other-context"),
        ([*mine, "https://example.org/more"], "edc/unknown-context"),
        ([*mine, {"more": "urn:more"}], "edc/unknown-context"),
        (None, "edc/no-context"),
    ):
        luggage = Luggage()
        found = record({**GOOD, "@context": context}, luggage)
        assert found.achievements == record(GOOD).achievements
        assert set(luggage.report.by_rule()) <= {rule, "edc/empty", "edc/wrong-type"}, context
        assert rule is None or rule in luggage.report.by_rule(), context


@pytest.mark.parametrize("order", ["class last", "class first"])
def test_a_large_credential_is_told_by_its_context(order: str) -> None:
    picture = {"attachment": {"type": "MediaObject", "content": "QUJD" * 100_000}}
    rest = {key: value for key, value in GOOD.items() if key not in {"@context", "type"}}
    kind = {"type": GOOD["type"]}
    document = {"@context": GOOD["@context"], **(kind if order == "class first" else {}), **picture, **rest, **kind}
    assert detect(Source("in.json", data(document)), TABLES) == "edc"
    assert record(document).achievements == record(GOOD).achievements


def test_parts_that_are_nested_beyond_a_limit_that_somebody_raised_end_in_an_answer() -> None:
    from mcbridge.limits import Limits

    inner = claim("x")
    for number in range(400):
        inner = claim(str(number), hasPart=[inner])
    source = Source("in.json", data(credential(inner)), limits=Limits(levels=2_000))
    with pytest.raises(InputError, match="nested too deeply"):
        list(MAPPER.read(source, Luggage()))
