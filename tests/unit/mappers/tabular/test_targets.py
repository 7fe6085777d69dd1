"""Each target that a profile may name has its place in the record, and each place leads back to its cell."""

from __future__ import annotations

from typing import Any

import pytest

from mcbridge.mappers.tabular.places import PATHS, path_of
from mcbridge.model import Credential
from mcbridge.model.leaves import leaves
from mcbridge.tables import TARGETS, CellTarget, Kind, Tables
from tests.unit.mappers.tabular.conftest import Table, found

CASES = [(record, target) for target in TARGETS.values() for record in target.records]
CELLS = {
    Kind.TEXT: "Nešto",
    Kind.DECIMAL: "3.5",
    Kind.DATE: "2025-03-31",
    Kind.DURATION: "30",
    Kind.ORGANISATION: "VELO",
    Kind.ACADEMIC_YEAR: "2025/2026",
    Kind.CODE: "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-000000000001",
}
ADDRESSES = {
    "learner.email": "cvorka@example.org",
    "specification.document": "https://example.edu/nastavni-plan",
    "specification.homepage": "https://example.edu/ponuda",
    "qualityAssurance.report": "https://example.org/izvjesce",
}


def cell(target: CellTarget, tables: Tables) -> str:
    if target.vocabulary is not None:
        return next(iter(tables.vocabulary(target.vocabulary))).code
    return ADDRESSES.get(target.name, CELLS[target.kind])


def profile(record: str, target: CellTarget) -> str:
    """A profile with one column; a provision gets what its key needs, if the column is not that."""
    constants = ""
    if record == "provision":
        needed = {"provider": "Sveučilište u Primjerovu", "specification.identifier": "K1"}
        constants = "".join(f'"{name}" = "{value}"\n' for name, value in needed.items() if name != target.name)
    return f"""
title = "One column"
record = "{record}"
one_row_is = "{record}"
organisations = "issuers"
[columns]
"Stupac" = {{ to = "{target.name}" }}
[constants]
{constants}"""


def test_there_is_a_path_for_each_target_and_no_other() -> None:
    assert {(record, name) for record, paths in PATHS.items() for name in paths} == {
        (record, target.name) for record, target in CASES
    }


@pytest.mark.parametrize(("record", "target"), CASES, ids=lambda part: part if isinstance(part, str) else part.name)
def test_a_value_is_at_its_path_and_its_path_leads_to_its_cell(
    record: str, target: CellTarget, by_profile: Table, tables: Tables
) -> None:
    text = cell(target, tables)
    reads, luggage = by_profile(profile(record, target), f"Stupac\n{text}\n")
    assert found(luggage) == []
    assert len(reads) == 1
    held: dict[str, Any] = dict(leaves(reads[0].record))
    path = path_of(record, target.name)
    assert any(leaf == path or leaf.startswith(f"{path}.") for leaf in held), sorted(held)
    spot = reads[0].origin.of(path)
    assert (getattr(spot, "cell", None), getattr(spot, "header", None)) == ("A2", "Stupac")


@pytest.mark.parametrize(("record", "target"), CASES, ids=lambda part: part if isinstance(part, str) else part.name)
def test_an_empty_cell_gives_nothing_and_is_where_the_missing_value_would_stand(
    record: str, target: CellTarget, by_profile: Table
) -> None:
    """A rule that misses the field points to the cell that somebody has to fill."""
    table = 'Stupac,"Ostalo"\n"",x\n'
    own = profile(record, target).replace(
        "[constants]", '"Ostalo" = { ignore = "so that the row is not blank" }\n[constants]'
    )
    reads, luggage = by_profile(own, table)
    path = path_of(record, target.name)
    if target.name in {"provider", "specification.identifier"} and record == "provision":
        assert found(luggage) == ["csv/key-missing A2", "csv/row-left-out A2"]
        return
    assert found(luggage) == []
    assert path not in dict(leaves(reads[0].record))
    assert getattr(reads[0].origin.of(path), "cell", None) == "A2"
    assert getattr(reads[0].origin.of("nothing[0].known"), "cell", None) is None


def test_several_values_of_a_cell_lead_to_it_and_those_of_two_languages_to_theirs(by_profile: Table) -> None:
    own = """
title = "Outcomes in two languages"
record = "credential"
one_row_is = "credential"
[columns]
"hr" = { to = "specification.outcomes", lang = "hr", split = "|" }
"en" = { to = "specification.outcomes", lang = "en", split = "|" }
"ESCO" = { to = "specification.outcomeSkills", split = " " }
"EQF" = { to = "specification.eqfLevel" }
"Ciklus" = { to = "specification.cycle" }
"""
    skills = [f"http://data.europa.eu/esco/skill/00000000-0000-4000-8000-00000000000{n}" for n in range(2)]
    table = f"Ciklus,EQF,en,hr,ESCO\nfirst,6,One|Two,Jedan|Dva,{' '.join(skills)}\n"
    reads, luggage = by_profile(own, table)
    assert found(luggage) == []
    places = {
        path: getattr(reads[0].origin.of(f"achievements[0].specification.{path}"), "header", None)
        for path, _ in leaves(reads[0].record.achievements[0].specification)  # type: ignore[union-attr]
    }
    assert places == {
        "levels[0].framework": "EQF",
        "levels[0].value": "EQF",
        "levels[1].framework": "Ciklus",
        "levels[1].value": "Ciklus",
        "learningOutcomes[0].title[0].value": "en",
        "learningOutcomes[0].title[0].lang": "en",
        "learningOutcomes[0].title[1].value": "hr",
        "learningOutcomes[0].title[1].lang": "hr",
        "learningOutcomes[0].escoSkills[0].code": "ESCO",
        "learningOutcomes[1].title[0].value": "en",
        "learningOutcomes[1].title[0].lang": "en",
        "learningOutcomes[1].title[1].value": "hr",
        "learningOutcomes[1].title[1].lang": "hr",
        "learningOutcomes[1].escoSkills[0].code": "ESCO",
    }


NUMBERED = """
title = "Several of a kind"
record = "credential"
one_row_is = "credential"
[columns]
"Agencija" = { to = "qualityAssurance.agency" }
"Postupak (hr)" = { to = "qualityAssurance.title", lang = "hr", nr = 3 }
"Postupak (en)" = { to = "qualityAssurance.title", lang = "en", nr = 3 }
"Ocjena" = { to = "assessment.grade" }
"Dan" = { to = "assessment.date" }
"Druga ocjena" = { to = "assessment.grade", nr = 2 }
"Drugi dan" = { to = "assessment.date", nr = 2 }
[constants]
"assessment.supervision" = "supervised-with-id"
"""


def test_columns_with_a_number_are_of_several_things_and_lead_to_their_cells(by_profile: Table) -> None:
    table = (
        "Agencija,Postupak (hr),Postupak (en),Ocjena,Dan,Druga ocjena,Drugi dan\n"
        "Agencija A,Nadzor,Audit,3,2025-01-01,5,\n,Nadzor,,,,5,2025-01-32\n"
    )
    reads, luggage = by_profile(NUMBERED, table)
    record = reads[0].record
    assert isinstance(record, Credential)
    achievement = record.achievements[0]
    assert [[text.value for text in each.grade] for each in achievement.assessments] == [["3"], ["5"]]
    assert all(each.verification for each in achievement.assessments), "a constant holds for each of them"
    assert achievement.specification is not None
    assert [(each.agency, len(each.title)) for each in achievement.specification.quality_assurance] == [
        ("org-agencijaa", 0),
        (None, 2),
    ]
    found_at = {
        path: getattr(reads[0].origin.of(f"achievements[0].{path}"), "cell", None)
        for path in (
            "specification.qualityAssurance[1].title[0].value",
            "specification.qualityAssurance[1].title[1].value",
            "assessments[1].grade[0].value",
        )
    }
    assert list(found_at.values()) == ["B2", "C2", "F2"]
    assert [line["field"] for line in luggage.report.to_json() if line["severity"] == "error"] == [
        "achievements[0].assessments[1].date"
    ]


def test_of_several_things_only_those_that_are_told_of_are_there(by_profile: Table) -> None:
    """The second procedure alone is the first of the record, and is found in its cell."""
    table = "Agencija,Postupak (hr),Postupak (en),Ocjena,Dan,Druga ocjena,Drugi dan\n,Nadzor,,,,,\n"
    reads, _ = by_profile(NUMBERED, table)
    record = reads[0].record
    assert isinstance(record, Credential)
    specification = record.achievements[0].specification
    assert specification is not None
    assert len(specification.quality_assurance) == 1
    spot = reads[0].origin.of("achievements[0].specification.qualityAssurance[0].title[0].value")
    assert getattr(spot, "cell", None) == "B2"


def test_remarks_in_two_languages_are_one_remark(by_profile: Table) -> None:
    own = """
title = "Remarks"
record = "credential"
one_row_is = "credential"
[columns]
"hr" = { to = "achievement.note", lang = "hr", split = "|" }
"en" = { to = "achievement.note", lang = "en", split = "|" }
"""
    reads, luggage = by_profile(own, "hr,en\nPrva|Druga,First|Second\nPrva|Druga,First\n")
    notes = [
        [[text.value for text in note.texts] for note in read.record.achievements[0].notes]  # type: ignore[union-attr]
        for read in reads
    ]
    assert notes == [[["Prva", "First"], ["Druga", "Second"]], [["Prva"], ["Druga"], ["First"]]]
    assert found(luggage) == ["csv/unpaired B3"]
