"""Many documents, one provision: what adds up is put together, what contradicts is told."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from mcbridge.model import (
    Answer,
    Certification,
    Concept,
    Duration,
    Field,
    Framework,
    Identifier,
    LearningOutcome,
    Level,
    Link,
    Note,
    Organisation,
    Provision,
    Specification,
    Text,
)
from mcbridge.register.merge import Clash, merge
from mcbridge.tables import Tables
from tests.unit.records import credits_of, cycle, eqf, offer

TABLES = Tables()
EMPTY = offer(organisations=(), sources=())
EMPTY = msgspec.structs.replace(
    EMPTY, specification=Specification(), full_degree=Answer.UNKNOWN, certification=Certification.UNKNOWN
)


def given(**fields: Any) -> Provision:
    """A provision that says only this."""
    inner = {name: fields.pop(name) for name in list(fields) if name in Specification.__struct_fields__}
    return msgspec.structs.replace(EMPTY, specification=Specification(**inner), **fields)


def test_nothing_cannot_be_merged() -> None:
    with pytest.raises(ValueError, match="nothing to merge"):
        merge([], TABLES)


def test_one_stays_as_it_is() -> None:
    provision = offer()
    assert merge([provision], TABLES) == (provision, ())


OUTCOME = LearningOutcome(title=(Text("reads", "en"),))

CLASHES: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    ({"credits": credits_of("6")}, {"credits": credits_of("7")}, "specification.credits", "7 ECTS", "6 ECTS"),
    ({"title": (Text("A", "en"),)}, {"title": (Text("B", "en"),)}, "specification.title", "B", "A"),
    ({"title": (Text("A"),)}, {"title": (Text("B"),)}, "specification.title", "B", "A"),
    ({"levels": eqf("6")}, {"levels": eqf("7")}, "specification.levels", "7", "6"),
    ({"levels": eqf("6")}, {"levels": eqf("6", "7")}, "specification.levels", "6 / 7", "6"),
    ({"levels": cycle("first")}, {"levels": cycle("second")}, "specification.levels", "second", "first"),
    (
        {"fields": (Field(scheme="isced-f", code="0612"),)},
        {"fields": (Field(scheme="isced-f", code="0613"),)},
        "specification.fields",
        "0613",
        "0612",
    ),
    (
        {"volume_of_learning": Duration(seconds=Decimal(3600))},
        {"volume_of_learning": Duration(seconds=Decimal(7200))},
        "specification.volumeOfLearning",
        "2 hours",
        "1 hour",
    ),
    (
        {"learning_outcomes": (OUTCOME,)},
        {"learning_outcomes": (LearningOutcome(title=(Text("writes", "en"),)),)},
        "specification.learningOutcomes",
        "writes",
        "reads",
    ),
    (
        {"learning_outcomes": (LearningOutcome(esco_skills=(Concept(code="a"),)),)},
        {"learning_outcomes": (LearningOutcome(esco_skills=(Concept(code="b"),)),)},
        "specification.learningOutcomes",
        "b",
        "a",
    ),
    (
        {"outcome_summary": Note(texts=(Text("A", "en"),))},
        {"outcome_summary": Note(texts=(Text("B", "en"),))},
        "specification.outcomeSummary",
        "B",
        "A",
    ),
    ({"full_degree": Answer.NO}, {"full_degree": Answer.YES}, "fullDegree", "yes", "no"),
    ({"part_of_degree": Answer.NO}, {"part_of_degree": Answer.YES}, "partOfDegree", "yes", "no"),
    (
        {"certification": Certification.ATTENDANCE},
        {"certification": Certification.ASSESSMENT},
        "certification",
        "assessment",
        "attendance",
    ),
    (
        {"valid_from": date(2025, 1, 1)},
        {"valid_from": date(2025, 1, 2)},
        "validFrom",
        "2025-01-02",
        "2025-01-01",
    ),
    (
        {"valid_until": date(2025, 1, 1)},
        {"valid_until": date(2025, 1, 2)},
        "validUntil",
        "2025-01-02",
        "2025-01-01",
    ),
]


@pytest.mark.parametrize(
    ("one", "two", "field", "value", "other"), CLASHES, ids=[f"{at}-{each[2]}" for at, each in enumerate(CLASHES)]
)
def test_what_can_be_said_once_only_contradicts_and_blocks(
    one: dict[str, Any], two: dict[str, Any], field: str, value: str, other: str
) -> None:
    _, clashes = merge([given(**one), given(**two)], TABLES)
    assert clashes == (Clash(field, value, other, 0, 1),)
    assert clashes[0].blocks


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"credits": credits_of("6")}, {"credits": credits_of("6.00")}),
        ({"credits": credits_of("6")}, {"credits": credits_of("6", "ECTS")}),
        ({"credits": credits_of("6")}, {"credits": credits_of("3", "ECVET")}),
        ({"credits": credits_of("6")}, {"credits": credits_of(None)}),
        ({"title": (Text("A", "en"),)}, {"title": (Text("A", "EN"),)}),
        ({"title": (Text("A", "en"),)}, {"title": (Text("B", "hr"),)}),
        ({"title": (Text("Prede\u0301", "fr"),)}, {"title": (Text("Pred\u00e9", "fr"),)}),
        ({"levels": eqf("6")}, {"levels": cycle("first")}),
        ({"levels": eqf("6")}, {"levels": (Level(framework=Framework.EQF),)}),
        ({"levels": eqf("6")}, {"levels": (Level(framework=Framework.NQF, value="7.1", country="HR"),)}),
        ({"full_degree": Answer.NO}, {"full_degree": Answer.UNKNOWN}),
        ({"certification": Certification.UNKNOWN}, {"certification": Certification.NONE}),
        ({"learning_outcomes": (OUTCOME,)}, {}),
        ({"learning_outcomes": (OUTCOME,)}, {"learning_outcomes": (LearningOutcome(title=(Text("čita", "hr"),)),)}),
    ],
)
def test_what_adds_up_is_no_contradiction(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert merge([given(**one), given(**two)], TABLES)[1] == ()
    assert merge([given(**two), given(**one)], TABLES)[1] == ()


def test_what_adds_up_is_put_together() -> None:
    one = given(
        title=(Text("A", "en"),),
        levels=eqf("6"),
        languages=("en",),
        credits=credits_of("5"),
        full_degree=Answer.NO,
        part_of_degree=Answer.NO,
        valid_from=date(2025, 1, 1),
        identifiers=(Identifier(value="MC-1", type="local"),),
        other_providers=("schac:b.example.edu",),
        is_qualification=True,
    )
    two = given(
        title=(Text("Ah", "hr"), Text("A")),
        levels=cycle("first"),
        languages=("en", "hr"),
        certification=Certification.ASSESSMENT,
        valid_until=date(2026, 1, 1),
        awarding_bodies=("schac:c.example.edu",),
        supervision=Concept(code="x"),
        homepages=(Link(url="https://example.org"),),
    )
    whole, clashes = merge([one, two], TABLES)
    assert clashes == ()
    specification = whole.specification
    assert {text.value for text in specification.title} == {"A", "Ah"}
    assert all(text.lang for text in specification.title)
    assert {level.value for level in specification.levels} == {"6", "first"}
    assert sorted(specification.languages) == ["en", "hr"]
    assert specification.supervision == Concept(code="x")
    assert specification.is_qualification is True
    assert (whole.full_degree, whole.part_of_degree) == (Answer.NO, Answer.NO)
    assert whole.certification is Certification.ASSESSMENT
    assert (whole.valid_from, whole.valid_until) == (date(2025, 1, 1), date(2026, 1, 1))
    assert whole.other_providers == ("schac:b.example.edu",)
    assert whole.awarding_bodies == ("schac:c.example.edu",)


def test_of_two_descriptions_the_longer_is_taken_with_a_warning() -> None:
    short, long = Text("Short.", "en"), Text("A long description.", "en")
    for order in itertools.permutations([given(description=(short,)), given(description=(long, Text("Opis.", "hr")))]):
        whole, clashes = merge(list(order), TABLES)
        assert set(whole.specification.description) == {long, Text("Opis.", "hr")}
        assert [clash.blocks for clash in clashes] == [False]


def test_organisations_of_one_name_are_put_together() -> None:
    one = Organisation(id="schac:example.edu", names=(Text("Example University", "en"),))
    two = Organisation(id="schac:example.edu", names=(Text("Primjerno sveučilište", "hr"),))
    three = Organisation(id="schac:a.example.edu")
    whole, _ = merge([given(organisations=(one,)), given(organisations=(two, three))], TABLES)
    assert [each.id for each in whole.organisations] == ["schac:a.example.edu", "schac:example.edu"]
    assert len(whole.organisations[1].names) == 2


def test_labels_on_the_same_code_do_not_make_it_two() -> None:
    one = given(modes=(Concept(code="x", labels=(Text("Online", "en"),)), Concept(labels=(Text("own", "en"),))))
    two = given(modes=(Concept(code="x"),))
    assert len(merge([one, two], TABLES)[0].specification.modes) == 2


def test_the_order_of_documents_changes_nothing() -> None:
    variants = [
        given(title=(Text("A", "en"),), credits=credits_of("5"), description=(Text("same length 1", "en"),)),
        given(title=(Text("Ah", "hr"),), languages=("en", "hr"), description=(Text("same length 2", "en"),)),
        given(title=(Text("A"),), levels=eqf("6"), languages=("de",), modes=(Concept(code="x"),)),
        given(homepages=(Link(url="https://example.org"),), full_degree=Answer.NO),
    ]
    results = {msgspec.json.encode(merge(list(order), TABLES)[0]) for order in itertools.permutations(variants)}
    assert len(results) == 1


def test_each_different_value_is_told_once_with_the_places_of_both() -> None:
    variants = [given(credits=credits_of(points)) for points in ("5", "6", "5.0", "6", "7")]
    _, clashes = merge(variants, TABLES)
    assert [(clash.value, clash.other, clash.one, clash.two) for clash in clashes] == [
        ("6 ECTS", "5 ECTS", 0, 1),
        ("7 ECTS", "5 ECTS", 0, 4),
    ]
