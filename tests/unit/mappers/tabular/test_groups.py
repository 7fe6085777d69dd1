"""Rows of one learner become one credential: what they say of the learner must agree, and courses have programmes."""

from __future__ import annotations

import pytest

from mcbridge.mappers.tabular.numbers import mod_11_10
from mcbridge.model import Credential
from mcbridge.model.leaves import leaves
from tests.unit.mappers.tabular.conftest import Table, found

PROFILE = """
title = "Courses of an invented school"
record = "credential"
one_row_is = "achievement"
group_by = ["learner.identifier"]
[columns]
"JMBAG" = { to = "learner.identifier", type = "JMBAG", digits = 4 }
"OIB" = { to = "learner.nationalId", country = "HR", digits = 11, check = "iso-7064-mod-11-10" }
"Ime" = { to = "learner.givenNames" }
"Dokument" = { to = "credential.identifier" }
"Studij" = { to = "programme.identifier", type = "local" }
"Naziv studija" = { to = "programme.title", lang = "hr" }
"Predmet" = { to = "specification.identifier", type = "local" }
"Ocjena" = { to = "assessment.grade", also = [
    { to = "achievement.status", via = "crosswalks/hr-grade-achievement-status" },
] }
"Status" = { to = "achievement.status" }
[constants]
"programme.kind" = "Degree Programme"
"assessment.gradingScheme" = { en = "1 to 5" }
"""
HEAD = "JMBAG,OIB,Ime,Dokument,Studij,Naziv studija,Predmet,Ocjena,Status\n"


def test_a_cell_that_says_nothing_contradicts_nothing_and_is_filled_from_other_rows(by_profile: Table) -> None:
    rows = "0001,,Ana,,,,P1,3,\n0001,98000000011,,D1,,,P2,4,\n0001,98000000011,Ana,D1,,,P3,5,\n"
    reads, luggage = by_profile(PROFILE, HEAD + rows)
    record = reads[0].record
    assert isinstance(record, Credential)
    assert found(luggage) == []
    assert record.learner.national_id is not None
    assert [text.value for text in record.learner.given_names] == ["Ana"]
    assert [each.value for each in record.identifiers] == ["D1"]
    assert len(record.achievements) == 3
    assert getattr(reads[0].origin.of("learner.nationalId.value"), "cell", None) == "B3"
    assert getattr(reads[0].origin.of("identifiers[0].value"), "cell", None) == "D3"


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("0001,98000000011,Ivo,D1,,,P2,4,", "C4"),
        ("0001,98000000020,Ana,D1,,,P2,4,", "B4"),
        ("0001,,Ana,D2,,,P2,4,", "D4"),
    ],
)
def test_a_learner_whose_rows_contradict_each_other_is_left_out_and_others_go_on(
    row: str, cell: str, by_profile: Table
) -> None:
    rows = f"0001,98000000011,Ana,D1,,,P1,3,\n0002,,Eva,,,,P1,3,\n{row}\n0001,98000000011,Ana,D1,,,P3,5,\n"
    reads, luggage = by_profile(PROFILE, HEAD + rows)
    assert [text.value for read in reads for text in read.record.learner.given_names] == ["Eva"]  # type: ignore[union-attr]
    contradiction = next(line for line in luggage.report.to_json() if line["rule"] == "csv/group-contradiction")
    assert contradiction["cell"] == cell
    assert f"in {cell[0]}2" in contradiction["message"], "the other cell is named, too"
    assert [line["row"] for line in luggage.report.to_json() if line["rule"] == "csv/group-left-out"] == [2, 4, 5]
    assert luggage.refused == 3


def test_each_field_of_a_course_within_a_programme_leads_to_its_cell(by_profile: Table) -> None:
    rows = "0001,,Ana,,S1,Prvi,P1,3,\n0001,,Ana,,,,P2,4,\n0001,,Ana,,S1,Prvi,P3,5,passed\n0001,,Ana,,S2,Drugi,P4,,\n"
    reads, luggage = by_profile(PROFILE, HEAD + rows)
    record = reads[0].record
    assert isinstance(record, Credential)
    assert found(luggage) == []
    assert [len(each.parts) for each in record.achievements] == [2, 0, 1]
    cells = {
        path: getattr(reads[0].origin.of(path), "cell", None)
        for path, _ in leaves(record)
        if path.endswith(("grade[0].value", "identifiers[0].value", "title[0].value"))
        and path.startswith("achievements")
    }
    assert cells == {
        "achievements[0].specification.identifiers[0].value": "E2",
        "achievements[0].specification.title[0].value": "F2",
        "achievements[0].parts[0].specification.identifiers[0].value": "G2",
        "achievements[0].parts[0].assessments[0].grade[0].value": "H2",
        "achievements[0].parts[1].specification.identifiers[0].value": "G4",
        "achievements[0].parts[1].assessments[0].grade[0].value": "H4",
        "achievements[1].specification.identifiers[0].value": "G3",
        "achievements[1].assessments[0].grade[0].value": "H3",
        "achievements[2].specification.identifiers[0].value": "E5",
        "achievements[2].specification.title[0].value": "F5",
        "achievements[2].parts[0].specification.identifiers[0].value": "G5",
    }
    last = record.achievements[2].parts[0]
    assert (last.assessments, last.status) == ((), None), "a scale of the profile alone is no assessment"


def test_a_programme_also_stands_around_the_only_achievement_of_a_row(by_profile: Table) -> None:
    own = PROFILE.replace('"achievement"', '"credential"').replace('group_by = ["learner.identifier"]', "")
    reads, luggage = by_profile(own, HEAD + "0001,,Ana,,S1,Prvi,P1,9,\n0001,,Ana,,S1,Prvi,P2,5,\n")
    assert [line.get("field") for line in luggage.report.to_json() if line["rule"] == "csv/unknown-word"] == [
        "achievements[0].parts[0].status"
    ]
    assert getattr(reads[0].origin.of("achievements[0].parts[0].status"), "cell", None) == "H3"


def test_cells_that_say_the_same_agree_or_cost_the_row(by_profile: Table) -> None:
    rows = "0001,,Ana,,,,P1,3,passed\n0001,,Ana,,,,P2,1,passed\n0001,,Ana,,,,P3,,in-progress\n0001,,Ana,,,,P4,1,\n"
    reads, luggage = by_profile(PROFILE, HEAD + rows)
    record = reads[0].record
    assert isinstance(record, Credential)
    assert [each.status.value for each in record.achievements if each.status] == ["passed", "in-progress", "failed"]
    assert [line for line in found(luggage) if "disagree" in line] == ["csv/cells-disagree I3"]


def test_the_check_digit_is_that_of_iso_7064() -> None:
    """The digits of the example that ISO 7064 gives for MOD 11,10."""
    assert mod_11_10("0794") == "5"
    assert mod_11_10("0000000000") != mod_11_10("0000000001")


@pytest.mark.parametrize("number", ["1", "12345678a01", "98000000012"])
def test_a_number_without_its_check_digit_is_refused(number: str, by_profile: Table) -> None:
    own = PROFILE.replace("digits = 11, ", "")
    reads, luggage = by_profile(own, HEAD + f"0001,{number},Ana,,,,P1,3,\n")
    assert reads == []
    assert found(luggage)[0] in {"csv/digits B2", "csv/check-digit B2"}
