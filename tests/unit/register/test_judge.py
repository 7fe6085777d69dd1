"""Whether a provision may be published: the definition, then what the register demands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from mcbridge.diagnostics import Diagnostic, JsonLocation, Severity
from mcbridge.model import (
    Certification,
    Concept,
    Field,
    Framework,
    Identifier,
    LearningOutcome,
    Level,
    Organisation,
    Provision,
    SourceRef,
    Text,
)
from mcbridge.register.judge import demands, judge, matching
from mcbridge.register.select_rules import CONTRADICTION, DESCRIPTIONS_DIFFER, PERSONAL_DATA
from mcbridge.register.verdict import Candidate, Place, Verdict
from mcbridge.tables import RegisterPolicy, Tables
from tests.unit.records import UNIVERSITY, credits_of, eqf, ids, offer

TABLES = Tables()
DEQAR = TABLES.register_policy("deqar")
MEMORY = TABLES.register_policy("memory")
OURS = ({"schac": "example.edu"},)
ESCO = "http://data.europa.eu/esco/skill/"


def located(path: str) -> JsonLocation:
    return JsonLocation("a.json", path)


def candidate(provision: Provision | None, *findings: Diagnostic) -> Candidate:
    return Candidate("example.edu/MC-1", "T", provision, (Place(SourceRef(document="d", path="p"), located),), findings)


def verdict(provision: Provision, policy: RegisterPolicy = DEQAR) -> Verdict:
    [found] = judge([candidate(provision)], policy, TABLES, OURS)
    return found


def refusals(provision: Provision, policy: RegisterPolicy = DEQAR) -> list[str]:
    return ids(verdict(provision, policy).refusals)


def test_a_provision_in_order_is_publishable_everywhere() -> None:
    for policy in (DEQAR, MEMORY):
        found = verdict(offer(), policy)
        assert found.publishable
        assert found.reasons == ()
        assert (found.key, found.title, found.provision) == ("example.edu/MC-1", "T", offer())


def test_a_note_is_no_refusal() -> None:
    found = verdict(offer(levels=eqf("5")))
    assert found.publishable
    assert ids(found.reasons) == ["eligibility/short-cycle-assumed"]
    assert found.refusals == ()


def test_the_definition_and_the_demands_are_told_together() -> None:
    provision = offer(credits=credits_of("60.5"), certification=Certification.UNKNOWN, title=())
    assert refusals(provision) == [
        "eligibility/ects-range",
        "register/title-missing",
        "register/assessment-missing",
        "register/ects-not-whole",
    ]


@pytest.mark.parametrize(
    ("points", "whole"),
    [
        ("2.5", False),
        ("1.5", False),
        ("5", True),
        ("5.0", True),
        ("5.00", True),
        ("5E+0", True),
        ("59.5", False),
        ("9E+99", True),
    ],
)
def test_where_whole_numbers_are_taken_nobody_rounds(points: str, whole: bool) -> None:
    provision = offer(credits=credits_of(points))
    assert ("register/ects-not-whole" not in refusals(provision)) is whole
    assert "register/ects-not-whole" not in refusals(provision, MEMORY)


def test_two_and_a_half_credits_are_a_micro_credential_that_one_register_does_not_take() -> None:
    [found] = verdict(offer(credits=credits_of("2.5"))).refusals
    assert found.rule.id == "register/ects-not-whole"
    assert found.message == "2.5 ECTS; DEQAR takes whole numbers only"
    assert verdict(offer(credits=credits_of("2.5")), MEMORY).publishable


@pytest.mark.parametrize(
    ("certification", "expected"),
    [
        (Certification.UNKNOWN, ["register/assessment-missing"]),
        (Certification.NONE, []),
        (Certification.ATTENDANCE, []),
        (Certification.ASSESSMENT, []),
    ],
)
def test_what_it_ends_in_must_be_said(certification: Certification, expected: list[str]) -> None:
    assert refusals(offer(certification=certification)) == expected
    assert refusals(offer(certification=certification), MEMORY) == []


@pytest.mark.parametrize(
    ("providers", "expected"),
    [
        ((), ["register/provider-unknown"]),
        (({"schac": "other.example.edu"},), ["register/provider-unknown"]),
        (({"schac": "example.edu"},), []),
        (({"SCHAC": " Example.EDU "},), []),
        (({"schac": "example.edu", "erasmus": "HR 1"},), ["register/provider-unknown"]),
        (({},), ["register/provider-unknown"]),
        (({"schac": "x.example.edu"}, {"schac": "example.edu"}), []),
        (({"schac": "example.edu"}, {"schac": "example.edu"}), ["register/provider-ambiguous"]),
    ],
)
def test_the_provider_must_be_one_of_ours(providers: tuple[dict[str, str], ...], expected: list[str]) -> None:
    [found] = judge([candidate(offer())], DEQAR, TABLES, providers)
    assert ids(found.refusals) == expected
    [found] = judge([candidate(offer())], MEMORY, TABLES, providers)
    assert found.publishable


def test_an_ambiguous_provider_is_told_by_the_entries_that_fit() -> None:
    [found] = judge([candidate(offer())], DEQAR, TABLES, [*OURS, {"schac": "a"}, *OURS])
    assert found.refusals[0].message.endswith("fits entries 1 and 3 under [[provider]] in the configuration")


def test_any_identifier_of_a_provider_may_tell_who_it_is() -> None:
    organisation = msgspec.structs.replace(UNIVERSITY, registration=Identifier(value="R-1"))
    assert matching(organisation, [{"registration": "R-1"}, {"registration": "R-1", "schac": "example.edu"}]) == (0, 1)
    assert matching(Organisation(id="x"), OURS) == ()


def test_a_provider_that_is_not_described_is_unknown() -> None:
    assert refusals(offer(organisations=())) == ["register/provider-unknown"]


@pytest.mark.parametrize("title", [(), (Text(""),), (Text(" ", "en"),)])
def test_a_title_is_needed_everywhere(title: tuple[Text, ...]) -> None:
    assert refusals(offer(title=title)) == ["register/title-missing"]
    assert refusals(offer(title=title), MEMORY) == ["register/title-missing"]


def skilled(*codes: str) -> tuple[LearningOutcome, ...]:
    return (
        LearningOutcome(title=(Text("x"),)),
        LearningOutcome(esco_skills=tuple(Concept(code=each) for each in codes)),
    )


LENGTHS: list[tuple[dict[str, Any], str]] = [
    ({"title": (Text("ž" * 256),)}, "specification.title[0]"),
    ({"title": (Text("x"), Text("ž" * 201))}, "specification.title[1]"),
    ({"alt_titles": (Text("x" * 201),)}, "specification.altTitles[0]"),
    ({"identifiers": (Identifier(value="x" * 51, type="local"),)}, "specification.identifiers[0].value"),
    (
        {"levels": (*eqf("6"), Level(framework=Framework.NQF, value="x" * 256))},
        "specification.levels[1].value",
    ),
    ({"learning_outcomes": skilled(ESCO + "x" * 40)}, "specification.learningOutcomes[1].escoSkills[0].code"),
    ({"key": "x" * 256}, "key"),
]


@pytest.mark.parametrize(("fields", "field"), LENGTHS, ids=[each[1] for each in LENGTHS])
def test_nothing_is_cut_off_so_what_is_too_long_is_refused_by_name(fields: dict[str, Any], field: str) -> None:
    [found] = verdict(offer(**fields)).refusals
    assert found.rule.id == "register/too-long"
    assert found.field == field
    assert found.location == located(field)
    assert found.value is not None
    assert len(found.value) <= 41
    assert verdict(offer(**fields), MEMORY).publishable


@pytest.mark.parametrize(
    "fields",
    [
        {"title": (Text("ž" * 255),)},
        {"title": (Text("x"), Text("ž" * 200))},
        {"alt_titles": (Text("ž" * 200),)},
        {"identifiers": (Identifier(value="ž" * 50, type="local"),)},
        {"learning_outcomes": skilled(ESCO + "77f109c4-3107-4d2a-a512-5160ac103933")},
        {"levels": (*eqf("6"), Level(framework=Framework.NQF))},
    ],
)
def test_characters_are_counted_and_not_bytes(fields: dict[str, Any]) -> None:
    assert verdict(offer(**fields)).publishable


@pytest.mark.parametrize("code", ["https://data.europa.eu/esco/skill/1", "S1.2", ""])
def test_a_skill_that_is_not_of_esco_blocks_where_skills_are_sent(code: str) -> None:
    assert refusals(offer(learning_outcomes=skilled(code))) == ["register/skill-not-esco"]
    assert refusals(offer(learning_outcomes=skilled(code)), MEMORY) == []


@pytest.mark.parametrize(
    ("scheme", "code", "expected"),
    [
        ("isced-f", "0612", []),
        ("isced-f", "06", []),
        ("isced-f", "612", ["register/field-unknown"]),
        ("isced-f", "9999x", ["register/field-unknown"]),
        ("isced-f", "", []),
        ("http://data.europa.eu/snb/isced-f/25831c2", "http://data.europa.eu/snb/isced-f/0612", []),
        ("erasmus-subject-area", "612", []),
    ],
)
def test_a_field_of_study_must_be_in_the_list_where_fields_are_sent(
    scheme: str, code: str, expected: list[str]
) -> None:
    provision = offer(fields=(Field(scheme=scheme, code=code),))
    assert refusals(provision) == expected
    assert refusals(provision, MEMORY) == []


@pytest.mark.parametrize(("character", "name"), [("\x00", "U+0000"), ("\ud800", "U+D800"), ("\x1b", "U+001B")])
def test_a_character_that_is_none_is_refused(character: str, name: str) -> None:
    [found] = verdict(offer(description=(Text(f"ab{character}", "en"),))).refusals
    assert found.rule.id == "register/character"
    assert found.message == f"character 3 of the text is {name}, which no text should hold"
    assert found.field == "specification.description[0].value"


def test_line_breaks_and_other_scripts_are_characters() -> None:
    assert verdict(offer(description=(Text("a\n\tb\r\u200f عربي 🎓", "ar"),))).publishable


def test_findings_of_the_gate_travel_along_and_its_errors_block() -> None:
    facts = {"field": "x", "other": "y", "where": "z"}
    warning = Diagnostic(DESCRIPTIONS_DIFFER, located("x"), "x", "v", facts)
    error = Diagnostic(CONTRADICTION, located("x"), "x", "v", facts)
    warned, blocked = judge([candidate(offer(), warning), candidate(offer(), warning, error)], DEQAR, TABLES, OURS)
    assert warned.publishable
    assert warned.reasons == (warning,)
    assert not blocked.publishable
    assert blocked.refusals == (error,)


def test_what_is_no_provision_is_never_publishable() -> None:
    found = Diagnostic(PERSONAL_DATA, located("x"), "x", None, {"field": "x", "kind": "name"})
    [refused] = judge([candidate(None, found)], DEQAR, TABLES, OURS)
    assert not refused.publishable
    assert refused.reasons == (found,)
    [without_reason] = judge([candidate(None)], DEQAR, TABLES, OURS)
    assert not without_reason.publishable


def test_judging_is_lazy_and_keeps_the_order() -> None:
    endless = (candidate(offer(credits=credits_of(str(number)))) for number in range(1, 10**9))
    verdicts = judge(endless, DEQAR, TABLES, OURS)
    first, second = next(verdicts), next(verdicts)
    assert first.provision is not None
    assert second.provision is not None
    points = [each.specification.credits[0].points for each in (first.provision, second.provision)]
    assert points == [Decimal(1), Decimal(2)]


def test_every_demand_is_an_error_with_a_place_and_a_hint() -> None:
    broken = offer(
        title=(Text("\x00" * 256),),
        credits=credits_of("2.5"),
        certification=Certification.UNKNOWN,
        learning_outcomes=skilled("x"),
        fields=(Field(scheme="isced-f", code="612"),),
    )
    found = list(demands(broken, DEQAR, TABLES, (), located))
    assert len({each.rule for each in found}) == 7
    assert all(each.level is Severity.ERROR and each.message and each.hint and each.location.source for each in found)
