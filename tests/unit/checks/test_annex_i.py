"""Annex I: sixteen elements, each missed when it is missing and wherever it may stand found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from mcbridge.checks.annex_i import ELEMENTS, AnnexI
from mcbridge.diagnostics import Diagnostic, JsonLocation, Severity
from mcbridge.model import (
    Activity,
    Address,
    Answer,
    Assessment,
    Award,
    Concept,
    Credential,
    Credit,
    Duration,
    Evidence,
    Framework,
    Identifier,
    Learner,
    LearningOutcome,
    Level,
    Link,
    Note,
    Organisation,
    Place,
    QualityAssurance,
    Record,
    Specification,
    Stackability,
    Target,
    Text,
)
from mcbridge.tables import Tables
from tests.unit.records import UNIVERSITY, achievement, course, credential, credits_of, offer, origin

TABLES = Tables()
MANDATORY_IDS = [
    "annex-i/learner-missing",
    "annex-i/title-missing",
    "annex-i/country-missing",
    "annex-i/awarding-body-missing",
    "annex-i/date-missing",
    "annex-i/learning-outcomes-missing",
    "annex-i/workload-missing",
    "annex-i/level-missing",
    "annex-i/assessment-missing",
    "annex-i/participation-missing",
    "annex-i/quality-assurance-missing",
]
OPTIONAL_IDS = [
    "annex-i/prerequisites-missing",
    "annex-i/supervision-missing",
    "annex-i/grade-missing",
    "annex-i/stackability-missing",
    "annex-i/further-information-missing",
]


def short(id_: str) -> str:
    """What an element is called in the tables below."""
    return id_.removeprefix("annex-i/").removesuffix("-missing")


MANDATORY = [short(each) for each in MANDATORY_IDS]
OPTIONAL = [short(each) for each in OPTIONAL_IDS]


def findings(record: Record) -> list[Diagnostic]:
    return list(AnnexI()(record, origin(), TABLES))


def missing(record: Record) -> set[str]:
    return {short(found.rule.id) for found in findings(record)}


def test_there_are_eleven_mandatory_and_five_optional_elements_in_the_order_of_the_annex() -> None:
    assert [element.rule.id for element in ELEMENTS] == [*MANDATORY_IDS, *OPTIONAL_IDS]
    severities = [element.rule.severity for element in ELEMENTS]
    assert severities == [Severity.WARNING] * 11 + [Severity.NOTE] * 5
    assert all("2022/C 243/02, Annex I" in element.rule.why for element in ELEMENTS)


def test_a_complete_micro_credential_misses_nothing() -> None:
    assert missing(credential()) == set()
    assert missing(offer()) == set()


def test_an_empty_one_misses_everything() -> None:
    nothing = credential(achievement(specification=None, award=None, assessments=()), learner=Learner(), issued=None)
    assert missing(msgspec.structs.replace(nothing, issuer=None)) == {*MANDATORY, *OPTIONAL}


def test_a_provision_is_not_asked_for_what_only_a_person_has() -> None:
    nothing = offer(organisations=()).specification
    bare = msgspec.structs.replace(offer(organisations=()), specification=Specification(id=nothing.id))
    assert missing(bare) == {*MANDATORY, *OPTIONAL} - {"learner", "date", "grade"}


def of(**fields: Any) -> Credential:
    return credential(achievement(specification=course(**fields)))


def without(name: str) -> Callable[..., Credential]:
    """A credential from which the element is taken, but for what a test puts somewhere else."""

    def made(**inner: Any) -> Credential:
        without_it: dict[str, dict[str, Any]] = {
            "title": {"title": ()},
            "learning-outcomes": {"learning_outcomes": ()},
            "workload": {"credits": ()},
            "level": {"levels": ()},
            "assessment": {"assessment_kinds": ()},
            "participation": {"modes": ()},
            "quality-assurance": {"quality_assurance": ()},
            "prerequisites": {"entry_requirements": ()},
            "supervision": {"supervision": None},
            "stackability": {"stackability": None},
            "further-information": {"homepages": ()},
        }
        inside: dict[str, Any] = inner.pop("specification", {})
        specification = course(**{**without_it[name], **inside})
        return credential(achievement(specification=specification, **inner.pop("achievement", {})), **inner)

    return made


@pytest.mark.parametrize(
    "name",
    [
        "title",
        "learning-outcomes",
        "workload",
        "level",
        "assessment",
        "participation",
        "quality-assurance",
        "prerequisites",
        "supervision",
        "stackability",
        "further-information",
    ],
)
def test_what_is_missing_is_missed_and_nothing_else(name: str) -> None:
    assert missing(without(name)()) == {name}


WORDS = (Text("x", "en"),)
ELSEWHERE: list[tuple[str, dict[str, Any]]] = [
    ("title", {"achievement": {"title": WORDS}}),
    ("learning-outcomes", {"specification": {"outcome_summary": Note(texts=WORDS)}}),
    ("learning-outcomes", {"specification": {"learning_outcomes": (LearningOutcome(skills=(Concept(code="s"),)),)}}),
    ("workload", {"achievement": {"credits": credits_of("5")}}),
    ("workload", {"specification": {"credits": credits_of("5", "ECVET")}}),
    ("workload", {"specification": {"volume_of_learning": Duration()}}),
    ("level", {"specification": {"levels": (Level(framework=Framework.NQF, code="x"),)}}),
    ("assessment", {"achievement": {"assessments": (Assessment(grade=WORDS, kinds=(Concept(code="oral"),)),)}}),
    (
        "assessment",
        {
            "achievement": {
                "assessments": (
                    Assessment(
                        grade=WORDS, parts=(Assessment(specification=Specification(kinds=(Concept(code="x"),))),)
                    ),
                )
            }
        },
    ),
    (
        "participation",
        {
            "achievement": {
                "activities": (Activity(parts=(Activity(specification=Specification(modes=(Concept(code="x"),))),)),)
            }
        },
    ),
    ("quality-assurance", {"evidence": (Evidence(accreditation=QualityAssurance()),)}),
    (
        "quality-assurance",
        {"organisations": (msgspec.structs.replace(UNIVERSITY, accreditations=(QualityAssurance(),)),)},
    ),
    ("supervision", {"achievement": {"assessments": (Assessment(grade=WORDS, verification=Concept(code="x")),)}}),
    (
        "supervision",
        {
            "achievement": {
                "assessments": (Assessment(grade=WORDS, specification=Specification(supervision=Concept(code="x"))),)
            }
        },
    ),
    ("stackability", {"specification": {"is_partial": True}}),
    ("stackability", {"specification": {"stackability": Stackability(towards=(Target(titles=WORDS),))}}),
    ("further-information", {"specification": {"description": WORDS}}),
    ("further-information", {"specification": {"documents": (Link(url="https://example.org"),)}}),
    ("further-information", {"achievement": {"notes": (Note(texts=WORDS),)}}),
    ("further-information", {"achievement": {"description": WORDS}}),
]


@pytest.mark.parametrize(("name", "there"), ELSEWHERE, ids=[f"{at}-{each[0]}" for at, each in enumerate(ELSEWHERE)])
def test_an_element_is_found_wherever_formats_put_it(name: str, there: dict[str, Any]) -> None:
    assert missing(without(name)(**there)) == set()


BLANK = (Text(" ", "en"),)
EMPTY: list[tuple[str, dict[str, Any]]] = [
    ("title", {"specification": {"title": BLANK}, "achievement": {"title": BLANK}}),
    ("learning-outcomes", {"specification": {"outcome_summary": Note(texts=BLANK)}}),
    ("learning-outcomes", {"specification": {"learning_outcomes": (LearningOutcome(title=BLANK),)}}),
    ("workload", {"specification": {"credits": (Credit(scheme="ects"),)}}),
    ("level", {"specification": {"levels": (Level(framework=Framework.EQF),)}}),
    ("prerequisites", {"specification": {"entry_requirements": (Note(texts=BLANK),)}}),
    ("stackability", {"specification": {"is_partial": False}}),
    ("further-information", {"specification": {"description": BLANK}}),
]


@pytest.mark.parametrize(("name", "there"), EMPTY, ids=[f"{at}-{each[0]}" for at, each in enumerate(EMPTY)])
def test_what_is_there_but_says_nothing_is_missing(name: str, there: dict[str, Any]) -> None:
    assert missing(without(name)(**there)) == {name}


@pytest.mark.parametrize(
    ("learner", "expected"),
    [
        (Learner(full_name=WORDS), set()),
        (Learner(family_name=WORDS), set()),
        (Learner(identifiers=(Identifier(value="1"),)), set()),
        (Learner(national_id=Identifier(value="1")), set()),
        (Learner(given_names=BLANK, identifiers=(Identifier(value=" "),)), {"learner"}),
    ],
)
def test_a_learner_is_identified_by_a_name_or_a_number(learner: Learner, expected: set[str]) -> None:
    assert missing(credential(learner=learner)) == expected


def test_a_region_tells_as_much_as_a_country() -> None:
    region = Place(regions=(Concept(code="http://data.europa.eu/nuts/code/HR033"),))
    assert missing(credential(organisations=(msgspec.structs.replace(UNIVERSITY, places=(region,)),))) == set()
    nowhere = msgspec.structs.replace(UNIVERSITY, places=(Place(addresses=(Address(lines=("Street 1",)),)),))
    assert missing(credential(organisations=(nowhere,))) == {"country"}


def test_the_awarding_body_may_be_the_issuer_of_the_document() -> None:
    assert missing(credential(achievement(award=None))) == set()
    nameless = msgspec.structs.replace(UNIVERSITY, names=())
    assert missing(credential(organisations=(nameless,))) == {"awarding-body"}
    assert missing(credential(achievement(award=Award(bodies=("org-2",))), issuer=None)) == {"awarding-body", "country"}


def test_the_date_of_issue_of_the_document_is_a_date_of_issuing() -> None:
    assert missing(credential(achievement(award=None))) == set()
    assert missing(credential(issued=None)) == set()
    assert missing(credential(achievement(award=None), issued=None)) == {"date"}


def test_a_finding_names_the_micro_credential_and_where_it_stands() -> None:
    [found] = findings(credential(achievement(), achievement(specification=course(modes=()))))
    assert found.message == '"Data Stewardship": nothing says in which form learners take part'
    assert found.location == JsonLocation("a.json", "achievements[1].specification")
    [found] = findings(offer(modes=()))
    assert found.location == JsonLocation("a.json", "specification")
    [found] = findings(credential(learner=Learner()))
    assert found.location == JsonLocation("a.json", "learner")
    [found] = findings(of(title=()))
    assert found.message == '"(no title)": there is no title'


def test_a_full_degree_is_told_and_not_measured() -> None:
    degree = (Concept(code="Degree Programme", scheme="elmo-los-type"),)
    [found] = findings(credential(achievement(specification=course(kinds=degree, modes=(), levels=()))))
    assert found.rule.id == "annex-i/full-degree"
    assert found.field == "achievements[0].specification.kinds"
    [found] = findings(offer(full_degree=Answer.YES, modes=()))
    assert found.field == "specification.kinds"


def test_parts_are_not_measured_by_themselves() -> None:
    assert missing(credential(achievement(parts=(achievement(specification=Specification()),)))) == set()


def test_an_organisation_that_is_not_described_does_not_count() -> None:
    assert missing(offer(provider="org-9", organisations=(Organisation(id="org-1"),))) == {"awarding-body", "country"}
