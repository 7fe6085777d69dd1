"""Diploma supplements: each demand of the profile is found where it is not met, and the rest is said as it asks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from mcbridge.model import (
    Achievement,
    Assessment,
    Concept,
    Credential,
    Credit,
    DiplomaSupplement,
    Duration,
    Evidence,
    Field,
    Framework,
    Learner,
    LearningOutcome,
    Level,
    Note,
    QualityAssurance,
    Specification,
    Text,
)
from tests.unit.mappers.edc.writing_one import Result, achievement, credential, en

SUPPLEMENT = (Concept(code="diploma-supplement", scheme="credential"),)
PERSON = Learner(given_names=en("Ada"), family_name=en("Izmišljić"), birth_date=dt.date(2001, 2, 3))
ACCREDITED = Evidence(
    kind=Concept(code="accreditation", scheme="evidence-type"),
    accreditation=QualityAssurance(
        id="https://data.example.org/accreditation/1", kind=Concept(code="programme-licence"), agency="body"
    ),
)


def offered(title: str, **more: Any) -> Specification:
    """A qualification with all that the profile demands."""
    given: dict[str, Any] = {
        "title": en(title),
        "levels": (
            Level(framework=Framework.EQF, value="6"),
            Level(framework=Framework.NQF, code="http://data.europa.eu/snb/qdr/c_cb53bf24", value="6", country="HR"),
        ),
        "fields": (Field(scheme="isced-f", code="0532"),),
        "learning_outcomes": (LearningOutcome(title=en("Is able to survey")),),
        "modes": (Concept(code="presential", scheme="learning-assessment"),),
        "languages": ("hr",),
        "maximum_duration": Duration(months=36),
    }
    return Specification(**(given | more))


def passed(title: str, **more: Any) -> Achievement:
    """An achievement of such a qualification."""
    given: dict[str, Any] = {
        "title": en(title),
        "specification": offered(title),
        "credits": (Credit(scheme="ects", points=Decimal(180)),),
        "assessments": (Assessment(title=en("Final examination"), grade=(Text("5"),)),),
    }
    return achievement(**(given | more))


def degree(**more: Any) -> Credential:
    """A degree with one part, and an accreditation as evidence."""
    given: dict[str, Any] = {
        "kinds": SUPPLEMENT,
        "learner": PERSON,
        "evidence": (ACCREDITED,),
    }
    return credential(passed("Geodesy", parts=(passed("Thesis"),)), **(given | more))


def profiles(found: Result) -> list[str]:
    """The profiles of a file, each with its shapes."""
    labels = [each["prefLabel"]["en"][0] for each in found.credential["credentialProfiles"]]
    assert len(found.credential["credentialSchema"]) == len(labels)
    return labels


def test_a_record_that_has_all_of_it_is_a_diploma_supplement() -> None:
    found = Result(degree())
    assert profiles(found) == ["Diploma Supplement"]
    assert found.credential["credentialSchema"][0]["id"].endswith("/edc-diploma-supplement")
    assert found.lost() == []
    assert "1 at the end" in found.message("edc/profile-endless")


def test_who_awards_the_parts_and_the_full_name_are_said_as_the_profile_asks() -> None:
    found = Result(degree())
    subject, claim = found.credential["credentialSubject"], found.claim
    assert subject["fullName"] == {"en": ["Ada Izmišljić"]}
    assert found.message("edc/full-name-assumed").startswith("the full name of the learner is written as")
    whole, part = claim["specifiedBy"], claim["hasPart"][0]["specifiedBy"]
    assert whole["hasPart"] == [part]
    for each in (whole, part):
        (chance,) = each["awardingOpportunity"]
        assert chance["type"] == "AwardingOpportunity"
        assert chance["awardingBody"] == claim["awardedBy"]["awardingBody"]


def test_a_stated_full_name_is_left_alone() -> None:
    found = Result(degree(learner=replace(PERSON, full_name=en("Ada I. Izmišljić"))))
    assert found.credential["credentialSubject"]["fullName"] == {"en": ["Ada I. Izmišljić"]}
    assert "edc/full-name-assumed" not in dict(found.rules())


def test_the_option_names_it_as_well() -> None:
    assert profiles(Result(degree(kinds=()), application_profile="diploma-supplement")) == ["Diploma Supplement"]


def changed(**more: Any) -> Credential:
    return degree(achievements=(passed("Geodesy", **({"parts": (passed("Thesis"),)} | more)),))


def without(**more: Any) -> Credential:
    return changed(specification=offered("Geodesy", **more))


LACKING = {
    "accreditation": degree(evidence=()),
    "exactly one claim": degree(
        achievements=(passed("One", parts=(passed("P"),)), passed("Two", parts=(passed("P"),)))
    ),
    "full name": degree(learner=replace(PERSON, given_names=())),
    "date of birth": degree(learner=replace(PERSON, birth_date=None)),
    "credits received of each achievement (1 of 2 has not)": changed(credits=()),
    "one assessment of each achievement (1 of 2 has not)": changed(assessments=()),
    "one sum of credits": changed(credits=(Credit(scheme="ects", points=Decimal(1)),) * 2),
    "national level of each qualification (1 of 2 has not)": without(
        levels=(Level(framework=Framework.EQF, value="6"),)
    ),
    "ISCED-F field": without(fields=()),
    "learning outcome": without(learning_outcomes=()),
    "mode of learning": without(modes=()),
    "a language of each": without(languages=()),
    "maximum duration": without(maximum_duration=None),
    "a part that is a qualification": changed(parts=()),
}


@pytest.mark.parametrize("what", LACKING)
def test_what_is_lacking_is_named_and_the_generic_profile_written(what: str) -> None:
    found = Result(LACKING[what])
    assert profiles(found) == ["Generic"]
    assert what in found.message("edc/profile-unmet")
    assert ("kinds[0]", "loss/profile") in found.lost()
    assert "awardingOpportunity" not in str(found.document)


def test_what_elmo_calls_a_supplement_is_tried_and_told() -> None:
    supplement = DiplomaSupplement(version="2018")
    sections = changed(diploma_supplement=supplement)
    found = Result(replace(sections, kinds=()))
    assert profiles(found) == ["Generic"]
    assert ("edc/profile-unmet", "achievements[0].diplomaSupplement") in found.rules()
    assert "a part that is a qualification" in found.message("edc/profile-unmet")
    assert "edc/evidence-left-out" in dict(found.rules())
    named = Result(replace(sections, kinds=()), application_profile="diploma-supplement")
    assert profiles(named) == ["Diploma Supplement"]


def test_without_a_qualification_there_is_an_end_to_it() -> None:
    plain = offered("Geodesy", levels=())
    record = degree(
        kinds=(), achievements=(passed("Geodesy", specification=plain, diploma_supplement=DiplomaSupplement()),)
    )
    found = Result(record)
    assert profiles(found) == ["Diploma Supplement"]
    assert not {"edc/profile-endless", "edc/profile-unmet", "edc/profile-assumed"} & set(dict(found.rules()))


def test_evidence_of_another_kind_does_not_stand_in_for_the_accreditation() -> None:
    mandate = Evidence(kind=Concept(code="mandate", scheme="evidence-type"), statement=(Note(texts=(Text("Ours"),)),))
    assert profiles(Result(degree(evidence=(ACCREDITED, mandate)))) == ["Generic"]


def test_it_is_the_same_each_time() -> None:
    assert Result(degree()).data == Result(degree()).data
