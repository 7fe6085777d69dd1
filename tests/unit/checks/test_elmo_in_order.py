"""What the rules of ELMO pass over, although it stands where they look."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from mcbridge.checks import before_writing
from mcbridge.model import (
    Achievement,
    Attachment,
    Concept,
    Credential,
    DiplomaSupplement,
    Duration,
    Identifier,
    Organisation,
    Residue,
    Section,
    Spelling,
    Text,
)
from mcbridge.origins import Contents
from tests.unit.checks.test_elmo import TABLES, findings, ids, of_another_format, of_elmo
from tests.unit.records import LEARNER, UNIVERSITY, achievement, course, credential, origin

ELSEWHERE = Residue(format="edc", path="/x", content="1")


def spelled(path: str, text: str, *, format: str = "elmo") -> Spelling:
    return Spelling(format=format, path=path, text=text)


@pytest.mark.parametrize(
    "record",
    [
        credential(
            achievement(
                specification=course(
                    identifiers=(Identifier(value="MC-1", type="ewp-los-id"), Identifier(value="MC-1", type="local"))
                )
            )
        ),
        credential(
            achievement(
                specification=course(
                    kinds=(Concept(code="x", scheme="other"), Concept(code="Course", scheme="elmo-los-type"))
                )
            )
        ),
        credential(organisations=(Organisation(id="org-2"), UNIVERSITY)),
        credential(learner=replace(LEARNER, residue=(ELSEWHERE,))),
        credential(
            attachments=(Attachment(title=(Text("Diploma", "en"),), description=(Text("Of the whole", "en"),)),)
        ),
        credential(
            achievement(
                spellings=(spelled("credits[0]", "<credit><scheme>Abitur</scheme><value>1,3</value></credit>"),)
            )
        ),
        credential(
            achievement(
                diploma_supplement=DiplomaSupplement(
                    version="1",
                    sections=(
                        Section(
                            number="1",
                            title="Holder",
                            content="x",
                            spellings=(
                                spelled("content", "<content>x</content>"),
                                spelled("content", "<b>", format="edc"),
                            ),
                        ),
                    ),
                )
            )
        ),
    ],
    ids=["identifiers", "kinds", "organisations", "learner", "attachments", "grade-as-credit", "supplement"],
)
def test_what_is_no_business_of_a_rule_changes_nothing(record: Credential) -> None:
    """But for what a further part of a record brings along itself."""
    brought = {"elmo/attachment-without-content", "elmo/supplement-version-unknown", "elmo/supplement-not-on-degree"}
    usual = set(ids(findings(of_elmo(credential()))))
    assert set(ids(findings(of_elmo(record)))) - usual <= brought


def test_levels_are_compared_across_one_that_says_nothing_of_itself() -> None:
    def of(word: str | None, *parts: Achievement) -> Achievement:
        kinds = () if word is None else (Concept(code=word, scheme="elmo-los-type"),)
        return achievement(specification=course(kinds=kinds, credits=()), parts=parts)

    for between in (None, "Lesson"):
        assert "elmo/nesting-upward" in ids(findings(of_elmo(credential(of("Course", of(between, of("Module")))))))
        assert "elmo/nesting-upward" not in ids(findings(of_elmo(credential(of("Module", of(between, of("Course")))))))


def test_alone_the_set_does_not_tell_what_a_check_of_others_finds_beside() -> None:
    long = achievement(specification=course(volume_of_learning=Duration(seconds=Decimal(3600))))
    record = of_elmo(credential(long))
    assert "credit/disagrees-with-hours" not in ids(findings(record))
    assert "credit/disagrees-with-hours" in ids(findings(record, sets=("semantic", "elmo")))


def test_other_sets_say_of_the_learner_once_what_all_reports_share() -> None:
    nameless = credential(learner=replace(LEARNER, given_names=(), family_name=()))
    reports = [of_elmo(nameless, position=at, count=2) for at in (1, 2)]
    once, twice = (findings(*some, sets=("semantic",)) for some in (reports[:1], reports))
    of_learner = [each.rule.id for each in once if (each.field or "").startswith("learner")]
    assert of_learner
    assert [each.rule.id for each in twice if (each.field or "").startswith("learner")] == of_learner


def test_musts_are_asked_of_records_that_came_in_no_document() -> None:
    bad = credential(achievement(specification=course(description=(Text("<p>x</p>"),))), document=None)
    for record in (bad, of_another_format(bad)):
        assert ids(list(before_writing("elmo", Contents())(record, origin(), TABLES))) == ["elmo/markup-in-text"]


def test_hours_beyond_all_measure_are_quoted_as_they_stand() -> None:
    absurd = achievement(specification=course(volume_of_learning=Duration(seconds=Decimal("1e40"))))
    (found,) = [
        each
        for each in findings(of_elmo(credential(absurd)), sets=("semantic",))
        if each.rule.id == "credit/disagrees-with-hours"
    ]
    assert found.facts["hours"] == "1E+40 hours"
