"""``inspect`` tells what a source is, of every format, and nobody's data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mcbridge.conversion import Reading
from mcbridge.conversion.inspection import Inspected, inspect
from mcbridge.conversion.opening import expand
from mcbridge.diagnostics import Report
from mcbridge.model import Credential
from mcbridge.model.leaves import leaves
from tests.golden.cases import FOLDER, TABLES, Case
from tests.unit.conversion.test_opening import zipped

CASES = [case for folder in sorted(FOLDER.glob("*/*/")) if (case := Case(folder)).input is not None]


def inspected(*names: Path | str, **how: Any) -> list[Inspected]:
    return list(inspect(expand([str(name) for name in names]), Reading(tables=TABLES, **how), Report()))


def of_a_person(case: Case) -> Iterator[str]:
    """Names, identifiers and the like of a learner, and every grade."""
    for read in case.walk.reads:
        if isinstance(read.record, Credential):
            found = [(f"learner.{path}", value) for path, value in leaves(read.record.learner)]
            found += [(path, value) for path, value in leaves(read.record) if ".grade[" in path]
            for path, value in found:
                if path.endswith("value") and isinstance(value, str) and len(value) > 3:
                    yield value


@pytest.mark.parametrize("case", CASES, ids=str)
def test_whatever_came_in_is_told_and_no_value_of_a_learner_is(case: Case) -> None:
    assert case.input is not None
    all_told = inspected(case.input, options=case.options(case.settings.read), format=case.format)
    assert {told.format for told in all_told} == {case.format}
    records = [read.record for read in case.walk.reads]
    assert sum(sum(told.records.values()) for told in all_told) == len(records)
    assert all(told.problem is None or not told.records for told in all_told)
    if len(all_told) == 1:
        learners = {record.learner for record in records if isinstance(record, Credential)}
        assert all_told[0].learners == (len(learners) or None)
    said = msgspec.json.encode([msgspec.structs.replace(told, source="") for told in all_told]).decode()
    assert [secret for secret in of_a_person(case) if secret in said] == []


def test_the_elements_tell_the_versions_that_an_elmo_document_can_be_of(tmp_path: Path) -> None:
    def version(*elements: str) -> str | None:
        (tmp_path / "a.xml").write_text(f"<elmo>{''.join(elements)}</elmo>", encoding="utf-8")
        return inspected(tmp_path / "a.xml")[0].version

    assert version("<credit><level>Bachelor</level></credit>") == "1.0 to 1.7"
    assert version("<learningOpportunityInstance><level/></learningOpportunityInstance>") == "1.2 to 1.7"
    assert version("<groups/>", "<gender/>", "<descriptionHtml/>") == "1.5 to 1.7"
    assert version("<gender/>", "<dateOfBirth/>") == "2.0 to 2.1"


def test_a_seal_that_does_not_hold_is_said_not_to_hold() -> None:
    [told] = inspected(FOLDER / "elmo" / "signature" / "input.xml")
    assert told.seal is not None
    assert (told.seal.status, told.seal.kind) == ("invalid", "xmldsig")
    assert told.seal.line == "invalid (xmldsig)"
    assert told.seal.reason == "the seal does not hold: the document was changed after it was signed"
    assert told.findings["error"] == 1


def test_what_only_looks_like_a_seal_is_none() -> None:
    [told] = inspected(FOLDER / "edc" / "reading-sealed" / "input.json")
    assert told.seal is not None
    assert (told.seal.status, told.seal.kind) == ("invalid", "JAdES")
    assert "malformed" in str(told.seal.reason)


def test_a_record_of_ours_is_not_sealed_though_its_source_was(tmp_path: Path) -> None:
    [told] = inspected(FOLDER / "elmo" / "signature" / "canonical.json")
    assert told.seal is not None
    assert told.seal.status == "absent"


def test_a_first_row_that_may_be_a_person_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Ana;Tajna;1999-01-01\nIvo;Tajni;1998-01-01\n", encoding="utf-8")
    for how in ({}, {"options": {"profile": "microcredential-office"}}):
        [told] = inspected(tmp_path / "a.csv", **how)
        assert (told.format, told.by_name) == ("csv", not how)
        assert told.problem is not None
        assert "Tajna" not in msgspec.json.encode(told).decode()
        assert told.details["encoding"] == "utf-8"


def test_a_table_that_no_profile_fits_is_told_by_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Šifra;Ime;Prezime;Datum stjecanja;Izdavatelj\n1;2;3;4;5\n", encoding="utf-8")
    [told] = inspected(tmp_path / "a.csv")
    assert told.problem is not None
    assert told.details == {
        "encoding": "utf-8",
        "profile": None,
        "nearestProfile": "microcredential-office",
        "columns": {"known": 5, "missing": ["Naziv mikrokvalifikacije (hr)"]},
    }


def test_unknown_columns_are_named_where_a_profile_knows_the_others() -> None:
    [told] = inspected(FOLDER / "csv" / "unknown-column" / "input.csv")
    assert told.details["columns"]["unknown"]


def test_the_members_of_an_archive_are_told_one_by_one(tmp_path: Path) -> None:
    letter, record = b"Dear colleagues", (FOLDER / "canonical" / "minimal" / "input.json").read_bytes()
    archive = zipped(tmp_path / "all.zip", {"letter.txt": letter, "record.json": record})
    first, second = inspected(archive)
    assert (first.source, first.passed_over, first.format) == (f"{archive}!letter.txt", True, None)
    assert (second.format, second.records, second.problem) == ("canonical", {"credentials": 1}, None)


def test_an_archive_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(b"PK\x03\x04 and then nothing")
    [told] = inspected(tmp_path / "all.zip")
    assert told.problem is not None
    assert "damaged" in told.problem.message


def test_the_same_organisation_and_the_same_bytes_count_once() -> None:
    [told] = inspected(FOLDER / "elmo" / "two-reports" / "input.xml")
    assert told.records == {"credentials": 2}
    assert told.learners == 1
    assert told.claims["achievements"] > 1
    assert len({each.size for each in told.stored}) == len(told.stored)
