"""Each rule about records has a record that breaks it, and a record in order breaks none."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import pytest

from mcbridge.checks import CHECKS, SETS, Check, checks
from mcbridge.diagnostics import Diagnostic, JsonLocation, Rule, Severity
from mcbridge.errors import UsageError
from mcbridge.model import (
    Achievement,
    Activity,
    Assessment,
    Award,
    Category,
    Concept,
    Credit,
    DistributionOfResults,
    Duration,
    Entitlement,
    Field,
    Framework,
    GradingScheme,
    Identifier,
    Learner,
    LearningOutcome,
    Level,
    Opportunity,
    Organisation,
    Period,
    Record,
    ShortenedGrading,
    Status,
    Term,
    Text,
)
from mcbridge.tables import Tables
from tests.unit.records import (
    LEARNER,
    achievement,
    course,
    credential,
    credits_of,
    cycle,
    eqf,
    offer,
    origin,
)

TABLES = Tables()
EVERY = checks(*SETS)
GENERAL = checks("semantic", "annex-i")


def findings(record: Record, of: tuple[Check, ...] = GENERAL) -> list[Diagnostic]:
    return [found for check in of for found in check(record, origin(), TABLES)]


class Case(NamedTuple):
    """A record, and one finding that it must give: rule, field and message."""

    rule: str
    field: str
    message: str
    record: Record


def hours(number: float) -> Duration:
    return Duration(seconds=Decimal(str(number)) * 3600)


def of(**fields: object) -> Record:
    return credential(achievement(specification=course(**fields)))


def graded(**fields: Any) -> Record:
    return credential(achievement(assessments=(Assessment(**fields),)))


def shares(lower: str, equal: str, higher: str) -> ShortenedGrading:
    return ShortenedGrading(lower=Decimal(lower), equal=Decimal(equal), higher=Decimal(higher))


def distribution(**counts: int) -> DistributionOfResults:
    return DistributionOfResults(categories=tuple(Category(label=label, count=n) for label, n in counts.items()))


LEVELS = "achievements[0].specification.levels"
CREDITS = "achievements[0].specification.credits"
NAMELESS = msgspec.structs.replace(LEARNER, given_names=(Text(""),), family_name=(Text(" "),))
MODULE = achievement(
    specification=course(title=(Text("Module"),), credits=credits_of("10")),
    parts=(achievement(specification=course(title=(Text("Unit"),), credits=()), parts=(achievement(),)),),
)

CASES = [
    Case(
        "level/eqf-out-of-range",
        f"{LEVELS}[0].value",
        'the EQF level is "9"; levels run from 1 to 8',
        of(levels=eqf("9")),
    ),
    Case(
        "level/cycle-unknown",
        f"{LEVELS}[0].value",
        'the QF-EHEA cycle is "4"; there are a short, a first, a second and a third cycle',
        of(levels=cycle("4")),
    ),
    Case(
        "level/value-missing",
        f"{LEVELS}[1]",
        'a level of type "eqf" is given without saying which',
        of(levels=(*eqf("6"), Level(framework=Framework.EQF))),
    ),
    Case(
        "level/value-missing",
        f"{LEVELS}[0]",
        'a level of type "DE.HZB" is given without saying which',
        of(levels=(Level(framework=Framework.OTHER, scheme="DE.HZB"),)),
    ),
    Case(
        "level/cycle-contradicts-eqf",
        f"{LEVELS}[1].value",
        'the cycle is "first", but the EQF level is "7"',
        of(levels=(*eqf("7"), *cycle("first"))),
    ),
    Case(
        "level/several-levels",
        f"{LEVELS}[1].value",
        '"7" is given as EQF level, but "6" as well',
        of(levels=eqf("6", "7")),
    ),
    Case(
        "level/several-levels",
        "specification.levels[1].value",
        '"third" is given as QF-EHEA level, but "second" as well',
        offer(levels=cycle("second", "third")),
    ),
    Case(
        "level/credit-level-contradicts",
        f"{CREDITS}[0].level",
        'the credits are of the level "Bachelor", but the specification is of the EQF level 7',
        of(levels=eqf("7"), credits=(Credit(scheme="ects", points=Decimal(5), level="Bachelor"),)),
    ),
    Case(
        "level/credit-level-contradicts",
        f"{CREDITS}[0].level",
        'the credits are of the level "PhD", but the specification is of the cycle first',
        of(levels=cycle("first"), credits=(Credit(scheme="ects", points=Decimal(5), level="PhD"),)),
    ),
    Case("credit/negative", f"{CREDITS}[0]", "-5 credits of ects", of(credits=credits_of("-5"))),
    Case(
        "credit/negative",
        "achievements[0].credits[0]",
        "-1 credits of a scheme without a name",
        credential(achievement(credits=credits_of("-1", ""))),
    ),
    Case("credit/zero", f"{CREDITS}[0]", "0 credits of ECTS", of(credits=credits_of("0.00", "ECTS"))),
    Case(
        "credit/points-missing",
        f"{CREDITS}[0]",
        'credits of the scheme "ects" are mentioned without a number',
        of(credits=credits_of(None)),
    ),
    Case(
        "credit/scheme-missing",
        f"{CREDITS}[0]",
        "5 credits of a scheme that has no name",
        of(credits=credits_of("5", " ")),
    ),
    Case(
        "credit/counted-twice",
        "achievements[0].parts[0].parts[0].specification.credits[0].points",
        'a part and its whole both have ECTS credits: 5 to "Data Stewardship", and 10 to "Module"',
        credential(MODULE),
    ),
    Case(
        "credit/counted-twice",
        "achievements[0].parts[0].credits[0].points",
        'a part and its whole both have ECTS credits: 4 to "Data Stewardship", and 5 to "Data Stewardship"',
        credential(achievement(parts=(achievement(credits=credits_of("4")),))),
    ),
    Case(
        "credit/counted-twice",
        "achievements[0].specification.parts[0].credits[0].points",
        'a part and its whole both have ECTS credits: 2 to "Part", and 6 to "Data Stewardship"',
        credential(
            achievement(
                credits=credits_of("6"),
                specification=course(parts=(course(title=(Text("Part"),), credits=credits_of("2")),)),
            )
        ),
    ),
    Case(
        "credit/counted-twice",
        "specification.parts[0].parts[0].credits[0].points",
        'a part and its whole both have ECTS credits: 1 to "Deep", and 5 to "Data Stewardship"',
        offer(parts=(course(credits=(), parts=(course(title=(Text("Deep"),), credits=credits_of("1")),)),)),
    ),
    Case(
        "credit/disagrees-with-hours",
        "achievements[0].specification.volumeOfLearning",
        "7.5 ECTS, but a volume of learning of 20 hours",
        of(credits=credits_of("7.50"), volume_of_learning=hours(20)),
    ),
    Case(
        "credit/disagrees-with-hours",
        "achievements[0].specification.volumeOfLearning",
        "5 ECTS, but a volume of learning of 1500 hours",
        of(volume_of_learning=hours(1500)),
    ),
    Case(
        "credit/disagrees-with-hours",
        "achievements[0].specification.volumeOfLearning",
        "2 ECTS, but a volume of learning of 60 months",
        credential(
            achievement(
                credits=credits_of("2"), specification=course(credits=(), volume_of_learning=Duration(months=60))
            )
        ),
    ),
    Case(
        "credit/disagrees-with-hours",
        "specification.volumeOfLearning",
        "5 ECTS, but a volume of learning of 1 month and 1 hour",
        offer(volume_of_learning=Duration(months=1, seconds=Decimal(3600))),
    ),
    Case(
        "awarding/body-missing",
        "achievements[0]",
        'nobody awards "Data Stewardship": there is neither an awarding body nor an issuer',
        credential(achievement(award=None), issuer=None),
    ),
    Case(
        "awarding/organisation-unknown",
        "achievements[0].opportunity.providers[1]",
        'the record refers to an organisation "org-9" that it does not describe',
        credential(achievement(opportunity=Opportunity(providers=("org-1", "org-9")))),
    ),
    Case(
        "awarding/organisation-unknown",
        "activities[0].directedBy[0]",
        'the record refers to an organisation "org-8" that it does not describe',
        credential(activities=(Activity(directed_by=("org-8",), award=Award(bodies=("org-1",))),)),
    ),
    Case(
        "awarding/organisation-unknown",
        "achievements[0].assessments[0].assessors[0]",
        'the record refers to an organisation "org-7" that it does not describe',
        credential(achievement(assessments=(Assessment(assessors=("org-7",)),))),
    ),
    Case(
        "awarding/organisation-unknown",
        "awardingBodies[0]",
        'the record refers to an organisation "org-6" that it does not describe',
        offer(awarding_bodies=("org-6",)),
    ),
    Case(
        "awarding/organisation-nameless",
        "organisations[0]",
        'the organisation "org-1" has no name',
        credential(organisations=(Organisation(id="org-1"),)),
    ),
    Case(
        "date/end-before-start",
        "achievements[0].period.end",
        "it ends on 2025-01-31, before it begins on 2025-09-01",
        credential(achievement(period=Period(start=date(2025, 9, 1), end=date(2025, 1, 31)))),
    ),
    Case(
        "date/end-before-start",
        "achievements[0].term.end",
        "it ends on 2025-01-31, before it begins on 2025-09-01",
        credential(achievement(term=Term(start=date(2025, 9, 1), end=date(2025, 1, 31)))),
    ),
    Case(
        "date/end-before-start",
        "activities[0].periods[1].end",
        "it ends on 2024-01-01, before it begins on 2024-01-02",
        credential(
            activities=(Activity(periods=(Period(), Period(start=date(2024, 1, 2), end=date(2024, 1, 1)))),),
        ),
    ),
    Case(
        "date/end-before-start",
        "entitlements[0].expires",
        "it ends on 2024-01-01, before it begins on 2024-01-02",
        credential(entitlements=(Entitlement(issued=date(2024, 1, 2), expires=date(2024, 1, 1)),)),
    ),
    Case(
        "date/end-before-start",
        "validUntil",
        "it ends on 2025-01-01, before it begins on 2025-07-02",
        credential(valid_from=datetime(2025, 7, 2, tzinfo=UTC), valid_until=datetime(2025, 1, 1, tzinfo=UTC)),
    ),
    Case(
        "date/end-before-start",
        "validUntil",
        "it ends on 2025-01-01, before it begins on 2025-07-02",
        offer(valid_from=date(2025, 7, 2), valid_until=date(2025, 1, 1)),
    ),
    Case(
        "date/after-issue",
        "achievements[0].award.date",
        "the date is 2025-08-01, but the document was issued on 2025-07-01",
        credential(achievement(award=Award(bodies=("org-1",), date=date(2025, 8, 1)))),
    ),
    Case(
        "date/before-birth",
        "achievements[0].period.end",
        "the date is 1999-05-12, not after the learner's date of birth",
        credential(achievement(period=Period(end=date(1999, 5, 12)))),
    ),
    Case(
        "field/unknown-isced",
        "achievements[0].specification.fields[0].code",
        'there is no ISCED-F field "612"; perhaps a zero was lost, and 0612 is meant',
        of(fields=(Field(scheme="isced-f", code="612"),)),
    ),
    Case(
        "field/unknown-isced",
        "achievements[0].specification.fields[0].code",
        'there is no ISCED-F field "97531"',
        of(fields=(Field(scheme="isced-f", code="97531"),)),
    ),
    Case("identity/name-missing", "learner", "the learner has no name", credential(learner=NAMELESS)),
    Case(
        "identity/name-incomplete",
        "learner.givenNames",
        "the learner has a family name but no given name",
        credential(learner=msgspec.structs.replace(LEARNER, given_names=())),
    ),
    Case(
        "identity/name-incomplete",
        "learner.familyName",
        "the learner has a given name but no family name",
        credential(learner=msgspec.structs.replace(LEARNER, family_name=())),
    ),
    Case(
        "identity/not-distinct",
        "learner",
        "the learner has neither a date of birth nor an identifier",
        credential(learner=Learner(full_name=(Text("Testa Primjerić"),))),
    ),
    Case(
        "identity/identifiers-differ",
        "learner.identifiers[1]",
        'the learner has another local besides "2"',
        credential(
            learner=msgspec.structs.replace(
                LEARNER, identifiers=(Identifier(value="1", type="local"), Identifier(value="2", type="local"))
            )
        ),
    ),
    Case(
        "identity/identifiers-differ",
        "learner.nationalId",
        'the learner has another identifier of HR besides "2"',
        credential(
            learner=msgspec.structs.replace(
                LEARNER,
                identifiers=(Identifier(value="1", country="HR"),),
                national_id=Identifier(value="2", country="HR"),
            )
        ),
    ),
    Case(
        "identity/identifier-empty",
        "learner.identifiers[0]",
        "an identifier of the learner is empty",
        credential(learner=msgspec.structs.replace(LEARNER, identifiers=(Identifier(value=" ", type="esi"),))),
    ),
    Case(
        "outcome/empty",
        "achievements[0].specification.learningOutcomes[1]",
        'learning outcome 2 of "Data Stewardship" has neither words nor a skill',
        of(learning_outcomes=(LearningOutcome(title=(Text("reads"),)), LearningOutcome(title=(Text(""),)))),
    ),
    Case(
        "outcome/repeated",
        "achievements[0].specification.learningOutcomes[1]",
        'the learning outcome "reads" stands twice',
        of(learning_outcomes=(LearningOutcome(title=(Text("reads"),)), LearningOutcome(title=(Text("reads "),)))),
    ),
    Case(
        "outcome/not-esco",
        "achievements[0].specification.learningOutcomes[0].escoSkills[0].code",
        'the skill "https://data.europa.eu/esco/skill/1" does not begin with http://data.europa.eu/esco/',
        of(learning_outcomes=(LearningOutcome(esco_skills=(Concept(code="https://data.europa.eu/esco/skill/1"),)),)),
    ),
    Case(
        "grade/scheme-unknown",
        "achievements[0].assessments[0].gradingScheme",
        'the grade belongs to the grading scheme "1-5", which the record does not describe',
        graded(grading_scheme="1-5"),
    ),
    Case(
        "grade/scheme-repeated",
        "gradingSchemes[1].id",
        'there is another grading scheme called "1-5"',
        credential(grading_schemes=(GradingScheme(id="1-5"), GradingScheme(id="1-5"))),
    ),
    Case(
        "grade/share-out-of-range",
        "achievements[0].assessments[0].shortened.higher",
        "101 per cent of the cohort are said to stand above the learner",
        graded(shortened=shares("0", "0", "101")),
    ),
    Case(
        "grade/shares-do-not-add-up",
        "achievements[0].assessments[0].shortened",
        "the shares below, at and above the grade make 98.5 per cent together",
        graded(shortened=shares("50", "48", "0.5")),
    ),
    Case(
        "grade/everybody-below",
        "achievements[0].assessments[0].shortened.lower",
        "100 per cent of the cohort stand below the learner, so nobody is left to be the learner",
        graded(shortened=shares("100", "0.5", "0")),
    ),
    Case(
        "grade/category-repeated",
        "achievements[0].assessments[0].distribution.categories[1].label",
        'the distribution of results has another category "A "',
        graded(distribution=distribution(A=1, **{"A ": 1})),
    ),
    Case(
        "grade/distribution-empty",
        "achievements[0].assessments[0].distribution",
        "all categories of the distribution of results together count 0",
        graded(distribution=distribution(A=0, B=0)),
    ),
    Case(
        "grade/not-in-distribution",
        "achievements[0].assessments[0].grade",
        'the grade is "7", and no category of the distribution of results is called so or holds it',
        graded(grade=(Text("7"),), distribution=distribution(**{"1-5": 3, "> 8": 2, "A-C": 1})),
    ),
    Case(
        "encoding/damaged",
        "achievements[0].specification.title[0].value",
        'the text "KÃ¸benhavn" holds UTF-8 that was read as Windows-1252 or Latin-1',
        of(title=(Text("KÃ¸benhavn"),)),
    ),
    Case(
        "encoding/damaged",
        "learner.givenNames[0].value",
        'the text "J\ufffdrgen" holds a sign that stands for a character that was lost',
        credential(learner=msgspec.structs.replace(LEARNER, given_names=(Text("J\ufffdrgen"),))),
    ),
    Case(
        "encoding/damaged",
        "specification.description[0].value",
        'the text "\x93Maps\x94" holds control characters where Windows-1252 has letters and signs',
        offer(description=(Text("\x93Maps\x94"),)),
    ),
]


@pytest.mark.parametrize(
    "case",
    CASES,
    ids=lambda case: f"{case.rule}: {case.message}"[:90] + f" at {case.field[-30:]} {type(case.record).__name__}",
)
def test_a_broken_record_is_found_at_its_place_and_in_words(case: Case) -> None:
    found = [each for each in findings(case.record) if each.rule.id == case.rule and each.field == case.field]
    assert [each.message for each in found] == [case.message]
    assert found[0].location == JsonLocation("a.json", case.field)
    assert found[0].hint


def test_each_rule_of_the_semantic_set_has_a_record_that_breaks_it() -> None:
    declared = {rule.id for check in checks("semantic") for rule in check.rules}
    assert declared == {case.rule for case in CASES}


@pytest.mark.parametrize("record", [credential(), offer()], ids=["credential", "provision"])
def test_a_record_in_order_breaks_no_rule(record: Record) -> None:
    optional = {"annex-i/further-information-missing"}
    assert [found for found in findings(record) if found.rule.id not in optional] == []


FINE: list[Record] = [
    graded(shortened=shares("33.3", "33.3", "33.3")),
    graded(shortened=ShortenedGrading(lower=Decimal(20))),
    graded(grade=(Text("02"),), distribution=distribution(**{"2": 3, "4": 5})),
    graded(grade=(Text("57 %"),), distribution=distribution(**{"0-49": 3, "50–100": 5})),
    graded(grade=(Text("4,5"),), distribution=distribution(**{"< 4": 3, "4+": 5})),
    graded(grade=(Text("3"),), distribution=distribution(**{"≤ 3": 3, "> 3": 5})),
    graded(grade=(Text("3"),), distribution=distribution(**{"<4": 3, ">= 4": 5})),
    graded(grade=(Text("9"),), distribution=distribution(**{"<4": 3, ">= 4": 5})),
    graded(grade=(Text("b"),), distribution=distribution(**{"A-C": 3, "D-F": 5})),
    graded(grade=(Text("Hyv"),), distribution=distribution(Hyl=3, HYV=5)),
    graded(grade=(Text("Fx"),), distribution=distribution(**{"Fx-F": 5})),
    graded(grade=(Text(""),), distribution=distribution(A=5)),
    of(credits=credits_of("0", "ECVET")),
    of(volume_of_learning=hours(125)),
    of(volume_of_learning=hours(42)),
    of(volume_of_learning=hours(450)),
    of(credits=credits_of("5", "ECVET"), volume_of_learning=hours(2)),
    of(credits=credits_of("9E+99"), volume_of_learning=hours(2)),
    of(credits=(), volume_of_learning=hours(1)),
    of(fields=(Field(scheme="isced-f", code=""), Field(scheme="erasmus-subject-area", code="612"))),
    of(levels=(Level(framework=Framework.NQF, value="7.1", country="HR"),)),
    of(levels=(*eqf("6"), *eqf(" 6 "))),
    of(levels=(), credits=(Credit(scheme="ects", points=Decimal(5), level="Bachelor"),)),
    of(levels=eqf("6"), credits=(Credit(scheme="ects", points=Decimal(5), level="Bachelor"),)),
    of(levels=eqf("6"), credits=(Credit(scheme="ects", points=Decimal(5), level="-"),)),
    credential(achievement(credits=credits_of("0", "ECVET"))),
    credential(achievement(parts=(achievement(specification=course(credits=credits_of("3", "ECVET"))),))),
    credential(achievement(parts=(achievement(specification=None, title=(Text("Talk"),)),))),
    credential(achievement(award=None)),
    credential(issuer=None),
    credential(issued=None, learner=msgspec.structs.replace(LEARNER, birth_date=None)),
    credential(
        achievement(status=Status.IN_PROGRESS, period=Period(start=date(2025, 1, 1), end=date(2026, 1, 1))),
    ),
    credential(
        learner=msgspec.structs.replace(
            LEARNER, identifiers=(Identifier(value="1"), Identifier(value="2"), Identifier(value="3", type="local"))
        )
    ),
    of(learning_outcomes=(LearningOutcome(esco_skills=(Concept(code="http://data.europa.eu/esco/skill/1"),)),)),
]


@pytest.mark.parametrize("record", FINE)
def test_what_is_unusual_but_right_is_left_alone(record: Record) -> None:
    assert findings(record, checks("semantic")) == []


def test_credits_are_looked_for_at_whatever_depth() -> None:
    deep: Achievement = achievement()
    for _ in range(400):
        deep = achievement(specification=course(credits=()), parts=(deep,))
    record = credential(achievement(parts=(deep,)))
    assert [found.rule.id for found in findings(record, checks("semantic"))] == ["credit/counted-twice"]


def test_a_rule_says_what_is_wrong_what_to_do_and_why() -> None:
    rules: list[Rule] = [rule for check in EVERY for rule in check.rules]
    assert all(rule.title and rule.template and rule.hint and rule.why and rule.example for rule in rules)
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.id.partition("/")[0] in CHECKS for rule in rules)


def test_what_is_found_is_declared() -> None:
    for name, check in zip(SETS["semantic"], checks("semantic"), strict=True):
        found = {each.rule for case in CASES for each in findings(case.record, (check,))}
        assert found <= set(check.rules), name


def test_an_unknown_set_is_a_usage_error_that_names_what_comes_near() -> None:
    with pytest.raises(UsageError, match="no set of rules") as caught:
        checks("semantics")
    assert caught.value.hint == "did you mean semantic?"
    with pytest.raises(UsageError) as caught:
        checks("xyz")
    assert caught.value.hint == "sets: annex-i, elmo, semantic"


def test_a_set_named_twice_is_run_once() -> None:
    assert len(checks("semantic", "semantic")) == len(SETS["semantic"])


def test_every_registered_check_is_a_check_of_some_set() -> None:
    assert {name for members in SETS.values() for name in members} == set(CHECKS)
    assert all(isinstance(check, Check) for check in EVERY)


def test_the_worst_findings_are_those_that_cannot_be_true() -> None:
    general = checks("semantic", "annex-i")
    errors = {rule.id for check in general for rule in check.rules if rule.severity is Severity.ERROR}
    assert errors == {
        "awarding/organisation-unknown",
        "credit/negative",
        "date/before-birth",
        "date/end-before-start",
        "grade/everybody-below",
        "grade/scheme-repeated",
        "grade/scheme-unknown",
        "grade/share-out-of-range",
        "grade/shares-do-not-add-up",
        "level/cycle-unknown",
        "level/eqf-out-of-range",
    }
