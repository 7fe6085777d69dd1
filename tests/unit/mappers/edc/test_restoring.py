"""What only EDC has a word for goes back to its place, and values keep their spelling while it holds."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from mcbridge.mappers.edc import EdcMapper
from mcbridge.mappers.edc.restoring import put_back
from mcbridge.mappers.edc.values import day_of, duration_of, instant_of, number_of
from mcbridge.model import Address, Award, Credential, Duration, Identifier, Learner, Place, Residue, Spelling
from mcbridge.origins import Contents, Luggage, Source
from tests.unit.mappers.edc.writing_one import TABLES, Result, achievement, body, credential, en


def back(node: dict[str, Any], path: str, content: str) -> bool:
    """Whether residue went back into a node."""
    return put_back(node, Residue(format="edc", path=path, content=content), Contents())


@pytest.mark.parametrize(
    ("node", "path", "after"),
    [
        ({}, "/order", {"order": 1}),
        ({}, "/a~1b", {"a/b": 1}),
        ({"x": {"id": "y"}}, "/x/order", {"x": {"id": "y", "order": 1}}),
        ({"x": [{"id": "y"}]}, "/x/order", {"x": [{"id": "y", "order": 1}]}),
        ({"x": {"id": "y"}}, "/x/0/order", {"x": {"id": "y", "order": 1}}),
        ({"x": [{}, {}]}, "/x/1/order", {"x": [{}, {"order": 1}]}),
        ({"x": ["a", "b"]}, "/x/1", {"x": ["a", 1, "b"]}),
        ({"x": "a"}, "/x/1", {"x": ["a", 1]}),
        ({}, "/x/3", {"x": [1]}),
        ({"title": {"en": ["a"]}}, "/title/fr", {"title": {"en": ["a"], "fr": 1}}),
        ({"x": 1}, "/x", {"x": 1}),
    ],
)
def test_residue_stands_where_it_stood(node: dict[str, Any], path: str, after: dict[str, Any]) -> None:
    assert back(node, path, "1")
    assert node == after


@pytest.mark.parametrize("path", ["/x/y/order", "/list/order", "/list/7/order", "/word/order", "/word", "order"])
def test_residue_without_its_place_stays_out(path: str) -> None:
    node = {"list": [{}, {}], "word": "taken"}
    assert not back(node, path, "1")
    assert node == {"list": [{}, {}], "word": "taken"}


def test_long_residue_comes_from_the_contents() -> None:
    kept = Contents()
    item = Residue(format="edc", path="/html", sha256=kept.keep(b'"<p>long</p>"'))
    node: dict[str, Any] = {}
    assert put_back(node, item, kept)
    assert node == {"html": "<p>long</p>"}
    assert not put_back({}, item, Contents())


def test_what_an_edc_said_beside_is_written_and_what_elmo_said_is_lost() -> None:
    learner = Learner(
        family_name=en("Izmišljić"),
        residue=(
            Residue(format="edc", path="/studentNumber", content='"17"'),
            Residue(format="elmo", path="extension[1]", content="<extension/>"),
        ),
    )
    found = Result(credential(learner=learner))
    assert found.credential["credentialSubject"]["studentNumber"] == "17"
    assert found.lost() == [("learner.residue[1]", "loss/residue")]


def test_residue_goes_into_what_is_required_of_a_place() -> None:
    address = Address(country="HR", residue=(Residue(format="edc", path="/countryCode/order", content="1"),))
    home = Place(addresses=(address,), residue=(Residue(format="edc", path="/address/0/order", content="2"),))
    found = Result(credential(organisations=(body(places=(home,)),)))
    written = found.claim["awardedBy"]["awardingBody"][0]["location"][0]["address"][0]
    assert written["order"] == 2
    assert written["countryCode"]["order"] == 1


def spelled(path: str, text: str) -> tuple[Spelling, ...]:
    """One spelling of an EDC."""
    return (Spelling(format="edc", path=path, text=text),)


def test_a_day_is_written_as_it_was() -> None:
    born = dt.date(1999, 10, 1)
    learner = Learner(
        family_name=en("Izmišljić"), birth_date=born, spellings=spelled("birthDate", "1999-10-01T22:00:00Z")
    )
    assert Result(credential(learner=learner)).credential["credentialSubject"]["dateOfBirth"] == "1999-10-01T22:00:00Z"


def test_a_spelling_that_reads_as_another_value_is_forgotten() -> None:
    born = dt.date(2000, 1, 2)
    learner = Learner(
        family_name=en("Izmišljić"), birth_date=born, spellings=spelled("birthDate", "1999-10-01T22:00:00Z")
    )
    assert Result(credential(learner=learner)).credential["credentialSubject"]["dateOfBirth"] == "2000-01-02T00:00:00Z"


def test_the_spelling_of_another_format_is_nothing_to_this_one() -> None:
    award = Award(
        bodies=("body",),
        date=dt.date(2025, 6, 30),
        spellings=(Spelling(format="elmo", path="date", text="2025-06-30Z"),),
    )
    assert Result(credential(achievement(award=award))).claim["awardedBy"]["awardingDate"] == "2025-06-30T00:00:00Z"


def test_a_part_that_stands_twice_under_its_id_is_one_object() -> None:
    shared = Place(id="urn:epass:location:2", addresses=(Address(country="HR"),), regions=())
    record = credential(
        achievement(award=Award(bodies=("body", "second"), date=dt.date(2025, 6, 30))),
        organisations=(body(places=(shared,)), body("second", places=(shared,))),
    )
    found = Result(record)
    one, two = (each["location"][0] for each in found.claim["awardedBy"]["awardingBody"])
    assert one == two
    assert one["id"] == "urn:epass:location:2"
    assert found.losses == []


def test_the_issuer_of_a_bare_credential_does_not_claim_a_seal() -> None:
    sealed = Identifier(value="VATHR-0", country="HR")
    record = credential(
        issuer="body",
        issued=dt.datetime(2025, 7, 1, 9, 30, tzinfo=dt.UTC),
        organisations=(body(eidas_identifier=sealed),),
    )
    found = Result(record, form="bare")
    assert found.document["issued"] == found.document["issuanceDate"] == "2025-07-01T09:30:00Z"
    assert "eIDASIdentifier" not in found.document["issuer"]
    assert found.lost() == [("organisations[0].eidasIdentifier", "loss/seal-identifier")]


def test_a_bare_credential_says_what_a_sealed_one_has_beyond_it() -> None:
    found = Result(credential(), form="bare", deliver="ana@example.org")
    unsealed = [field for rule, field in found.rules() if rule == "edc/unsealed-part-missing"]
    assert unsealed == ["issuer", "issued", "display"]
    assert "deliveryDetails" not in found.document


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (day_of, "2025-06-30", dt.date(2025, 6, 30)),
        (day_of, " 2025-06-30T22:00:00.000Z ", dt.date(2025, 6, 30)),
        (day_of, "30. 6. 2025.", None),
        (instant_of, "2025-06-30T22:00:00Z", dt.datetime(2025, 6, 30, 22, tzinfo=dt.UTC)),
        (instant_of, "soon", None),
        (number_of, "6.00", Decimal(6)),
        (number_of, "7,5", Decimal("7.5")),
        (number_of, "NaN", None),
        (number_of, "six", None),
        (duration_of, "P60M", Duration(months=60)),
        (duration_of, "P2DT12H", Duration(seconds=Decimal(216000))),
        (duration_of, "P1Y1W", Duration(months=12, seconds=Decimal(604800))),
        (duration_of, "PT1.5S", Duration(seconds=Decimal("1.5"))),
        (duration_of, "P", None),
        (duration_of, "sixty", None),
    ],
)
def test_other_spellings_of_a_value_read_as_it(read: Any, text: str, value: Any) -> None:
    assert read(text) == value


def test_two_grading_schemes_of_one_id_are_two() -> None:
    """Another content under the same id; the search for a free id ends."""
    document = Result(credential()).document
    claim = document["credential"]["credentialSubject"]["hasClaim"][0]
    claim["provenBy"] = [
        {
            "type": "LearningAssessment",
            "title": {"en": [f"Test {number}"]},
            "grade": {"type": "Note", "noteLiteral": {"en": ["5"]}},
            "specifiedBy": {
                "type": "LearningAssessmentSpecification",
                "title": {"en": ["Test"]},
                "gradingScheme": {"id": "urn:epass:gradingScheme:1", "type": "GradingScheme", "title": {"en": [title]}},
            },
        }
        for number, title in enumerate(("One to five", "One to ten", "Pass or fail"))
    ]
    (read,) = EdcMapper(TABLES, {}).read(Source("d.json", json.dumps(document).encode()), Luggage())
    assert isinstance(read.record, Credential)
    assert [scheme.title[0].value for scheme in read.record.grading_schemes] == [
        "One to five",
        "One to ten",
        "Pass or fail",
    ]
