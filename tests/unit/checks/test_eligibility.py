"""What qualifies as a micro-credential, value by value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from mcbridge.checks.eligibility import RULES, country_of, ects_of, eligibility
from mcbridge.diagnostics import Diagnostic, JsonLocation, Severity
from mcbridge.model import Address, Answer, Credit, Duration, Framework, Level, Place, Provision
from mcbridge.tables import RegisterPolicy, Tables
from tests.unit.records import UNIVERSITY, credits_of, cycle, eqf, ids, offer

TABLES = Tables()
POLICY = TABLES.register_policy("memory")


def findings(provision: Provision, policy: RegisterPolicy = POLICY) -> list[Diagnostic]:
    return list(eligibility(provision, policy, TABLES, lambda path: JsonLocation("a.json", path)))


def refusals(provision: Provision, policy: RegisterPolicy = POLICY) -> list[str]:
    return ids([found for found in findings(provision, policy) if found.level is Severity.ERROR])


def changed(**policy: Any) -> RegisterPolicy:
    return TABLES.changed_policy("memory", policy, "sync.toml")


def test_a_provision_in_order_qualifies_without_a_remark() -> None:
    assert findings(offer()) == []


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("-5", ["eligibility/ects-range"]),
        ("0", ["eligibility/ects-range"]),
        ("0.5", ["eligibility/ects-range"]),
        ("0.99", ["eligibility/ects-range"]),
        ("1", []),
        ("1.0", []),
        ("2.5", []),
        ("59", []),
        ("59.00", []),
        ("59.01", ["eligibility/ects-boundary"]),
        ("59.5", ["eligibility/ects-boundary"]),
        ("59.999", ["eligibility/ects-boundary"]),
        ("60", ["eligibility/ects-range"]),
        ("6E+1", ["eligibility/ects-range"]),
        ("300", ["eligibility/ects-range"]),
        ("9E+99", ["eligibility/ects-range"]),
        (None, ["eligibility/ects-missing"]),
    ],
)
def test_one_to_fifty_nine_ects_qualify(points: str | None, expected: list[str]) -> None:
    assert refusals(offer(credits=credits_of(points))) == expected


def test_no_credits_at_all_are_missing() -> None:
    [found] = findings(offer(credits=()))
    assert found.rule.id == "eligibility/ects-missing"
    assert found.message == "no ECTS credits are given"
    assert found.location == JsonLocation("a.json", "specification.credits")


def test_the_bounds_are_a_setting() -> None:
    wide = changed(ects={"min": Decimal("0.5"), "max": Decimal("59.5")})
    assert refusals(offer(credits=credits_of("0.5")), wide) == []
    assert refusals(offer(credits=credits_of("59.5")), wide) == []
    assert refusals(offer(credits=credits_of("59.9")), wide) == ["eligibility/ects-boundary"]
    assert refusals(offer(credits=credits_of("10")), changed(ects={"max": Decimal(9)})) == ["eligibility/ects-boundary"]


@pytest.mark.parametrize("scheme", ["ects", "ECTS", " Ects ", "http://data.europa.eu/snb/education-credit/6fcec5c5af"])
def test_ects_is_ects_in_whatever_spelling_the_vocabulary_knows(scheme: str) -> None:
    assert refusals(offer(credits=credits_of("5", scheme))) == []


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ("ECVET", 'the scheme "ECVET"'),
        ("hours", 'the scheme "hours"'),
        ("hp", 'the scheme "hp"'),
        ("ECTS credits of our own", 'the scheme "ECTS credits of our own"'),
        ("", "a scheme without a name"),
        ("  ", "a scheme without a name"),
    ],
)
def test_credits_of_another_scheme_are_never_ects(scheme: str, said: str) -> None:
    [found] = findings(offer(credits=credits_of("5", scheme)))
    assert found.rule.id == "eligibility/ects-other-scheme"
    assert found.message == f"5 credits are given in {said}, which is not ECTS"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"volume_of_learning": Duration(seconds=Decimal(30 * 3600))}, "no ECTS credits are given, only 30 hours"),
        ({"contact_hours": ("30",)}, "no ECTS credits are given, only 30 contact hours"),
    ],
)
def test_hours_are_no_credits(fields: dict[str, Any], said: str) -> None:
    [found] = findings(offer(credits=(), **fields))
    assert found.rule.id == "eligibility/ects-missing"
    assert found.message == said


def test_another_scheme_beside_ects_does_not_matter() -> None:
    assert refusals(offer(credits=(*credits_of("90", "ECVET"), *credits_of("5")))) == []


def test_two_numbers_of_ects_contradict_each_other() -> None:
    [found] = findings(offer(credits=(*credits_of("5"), *credits_of("6"))))
    assert found.rule.id == "eligibility/ects-contradiction"
    assert found.message == "6 ECTS, but 5 ECTS as well"
    assert found.location == JsonLocation("a.json", "specification.credits[1].points")


def test_the_same_number_twice_is_one_number() -> None:
    provision = offer(credits=(*credits_of("5"), *credits_of("5.00")))
    assert refusals(provision) == []
    assert ects_of(provision.specification, TABLES) == 5


@pytest.mark.parametrize("points", [("5", "6"), ()])
def test_a_register_is_told_one_number_or_none(points: tuple[str, ...]) -> None:
    provision = offer(credits=tuple(Credit(scheme="ects", points=Decimal(each)) for each in points))
    assert ects_of(provision.specification, TABLES) is None


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((), ["eligibility/level-missing"]),
        (eqf("4"), ["eligibility/level-range"]),
        (eqf("5"), []),
        (eqf("6"), []),
        (eqf("7"), []),
        (eqf("8"), []),
        (eqf("9"), ["eligibility/level-range"]),
        (eqf("0"), ["eligibility/level-range"]),
        (eqf("Qx7"), ["eligibility/level-range"]),
        (eqf("1"), ["eligibility/level-range"]),
        (cycle("short"), []),
        (cycle("first"), []),
        (cycle("second"), []),
        (cycle("third"), []),
        (cycle("fourth"), ["eligibility/level-range"]),
        ((*eqf("5"), *cycle("short")), []),
        ((*eqf("6"), *cycle("first")), []),
        ((*cycle("second"), *eqf("7")), []),
        ((*eqf("8"), *cycle("third")), []),
        ((*eqf("6"), *cycle("second")), ["eligibility/level-contradiction"]),
        ((*eqf("5"), *cycle("first")), ["eligibility/level-contradiction"]),
        ((*eqf("4"), *cycle("first")), ["eligibility/level-contradiction"]),
        (eqf("6", "7"), ["eligibility/level-contradiction"]),
        (eqf("3", "4"), ["eligibility/level-contradiction"]),
        (eqf("6", "6"), []),
        (cycle("first", "second"), ["eligibility/level-contradiction"]),
        ((*eqf("9"), *cycle("first")), ["eligibility/level-range"]),
        ((Level(framework=Framework.EQF),), ["eligibility/level-missing"]),
        ((Level(framework=Framework.EQF, code="http://data.europa.eu/snb/eqf/7"),), []),
        ((Level(framework=Framework.NQF, value="7.1", country="HR"),), ["eligibility/level-missing"]),
        ((Level(framework=Framework.OTHER, value="7"),), ["eligibility/level-missing"]),
    ],
)
def test_eqf_five_to_eight_or_a_cycle_qualify_and_both_must_agree(
    levels: tuple[Level, ...], expected: list[str]
) -> None:
    assert refusals(offer(levels=levels)) == expected


def test_a_contradiction_names_both_statements() -> None:
    [found] = findings(offer(levels=(*eqf("7"), *cycle("first"))))
    assert found.message == 'the cycle "first", but EQF level "7"'
    assert found.location == JsonLocation("a.json", "specification.levels[1].value")


def test_a_national_level_is_named_where_nothing_else_is_given() -> None:
    [found] = findings(offer(levels=(Level(framework=Framework.NQF, value="7.1", country="HR"),)))
    assert 'only the national level "7.1"' in found.message


@pytest.mark.parametrize("levels", [eqf("5"), cycle("short"), (*eqf("5"), *cycle("short"))])
def test_level_five_counts_with_a_note_where_nobody_said_otherwise(levels: tuple[Level, ...]) -> None:
    [found] = findings(offer(levels=levels))
    assert found.rule.id == "eligibility/short-cycle-assumed"
    assert found.level is Severity.NOTE
    assert found.message.endswith("although nothing is known about the short cycle in HR")


@pytest.mark.parametrize("levels", [eqf("5"), cycle("short")])
def test_level_five_counts_where_the_policy_says_so(levels: tuple[Level, ...]) -> None:
    assert findings(offer(levels=levels), changed(eqf5="yes")) == []
    assert findings(offer(levels=levels), changed(short_cycle={"belongs": ["HR"]})) == []


@pytest.mark.parametrize("levels", [eqf("5"), cycle("short")])
def test_level_five_does_not_count_where_the_policy_says_so(levels: tuple[Level, ...]) -> None:
    [found] = findings(offer(levels=levels), changed(eqf5="no"))
    assert found.rule.id == "eligibility/level-range"
    assert found.message.endswith("is not higher education")
    [found] = findings(offer(levels=levels), changed(short_cycle={"does_not": ["HR"]}))
    assert found.message.endswith("is not higher education in HR")


def test_level_six_does_not_ask_for_the_country() -> None:
    assert findings(offer(levels=eqf("6")), changed(eqf5="no")) == []


@pytest.mark.parametrize("place", [Place(), Place(addresses=(Address(), Address(country="Atlantis")))])
def test_a_provider_without_country_is_taken_with_a_note(place: Place) -> None:
    nowhere = msgspec.structs.replace(UNIVERSITY, places=(place,))
    [found] = findings(offer(levels=eqf("5"), organisations=(nowhere,)))
    assert found.message.endswith("in a country that is not named")
    assert country_of(offer(organisations=()), TABLES) is None


def test_the_levels_taken_are_a_setting() -> None:
    assert refusals(offer(levels=eqf("6")), changed(eqf_levels=["7"])) == ["eligibility/level-range"]
    assert refusals(offer(levels=cycle("first")), changed(cycles=["second"])) == ["eligibility/level-range"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.NO, []),
        (Answer.YES, ["eligibility/full-degree"]),
        (Answer.UNKNOWN, ["eligibility/degree-unknown"]),
    ],
)
def test_a_full_degree_is_refused_and_unknown_is_not_taken_for_no(answer: Answer, expected: list[str]) -> None:
    assert refusals(offer(full_degree=answer)) == expected


@pytest.mark.parametrize(
    ("answer", "units", "expected"),
    [
        (Answer.YES, "refuse", ["eligibility/part-of-degree"]),
        (Answer.YES, "publish", []),
        (Answer.NO, "refuse", []),
        (Answer.UNKNOWN, "refuse", []),
    ],
)
def test_a_unit_of_a_degree_programme_is_published_only_when_the_policy_says_so(
    answer: Answer, units: str, expected: list[str]
) -> None:
    assert refusals(offer(part_of_degree=answer), changed(units_of_degrees=units)) == expected


def test_all_reasons_are_given_at_once() -> None:
    provision = offer(credits=(), levels=(), full_degree=Answer.UNKNOWN, part_of_degree=Answer.YES)
    assert refusals(provision) == [
        "eligibility/ects-missing",
        "eligibility/level-missing",
        "eligibility/degree-unknown",
        "eligibility/part-of-degree",
    ]


def test_the_ids_that_others_rely_on_are_there() -> None:
    promised = (
        "ects-missing ects-range ects-boundary ects-other-scheme level-missing level-range level-contradiction "
        "full-degree degree-unknown part-of-degree"
    )
    assert {f"eligibility/{each}" for each in promised.split()} <= {rule.id for rule in RULES}
