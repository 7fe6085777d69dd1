"""One folder, five tests; see ``cases.py`` for what stands in a folder."""

from __future__ import annotations

import pytest

from mcbridge.mappers import _xml, names
from mcbridge.mappers._xml import catalogue
from mcbridge.resources import data_root
from tests.accounting import difference
from tests.golden.cases import Case, cases, values
from tests.golden.files import compare_json, compare_output, compare_values

CASES = cases()
READ = [case for case in CASES if case.described.reads and case.input]
WRITTEN = [case for case in CASES if case.described.writes and case.canonical]


def schema_of(case: Case) -> str | None:
    """The name of the schema of a format, if it has one."""
    name = f"{case.format}/{case.settings.write.get('version', case.described.version)}"
    return name if name in catalogue(data_root("xsd")) else None


CHECKED = [case for case in WRITTEN if schema_of(case)]


def by_name(case: Case) -> str:
    return str(case)


@pytest.mark.parametrize("case", READ, ids=by_name)
def test_what_came_in_is_understood(case: Case, bless: bool) -> None:
    found = values(case.walk.records)
    compare_values(case.canonical, found, where=str(case), bless=bless and not case.settings.input_is_canonical)


@pytest.mark.parametrize("case", WRITTEN, ids=by_name)
def test_canonical_records_are_written_as_expected(case: Case, bless: bool) -> None:
    bless = bless and not case.settings.input_is_canonical
    compare_output(case.output, case.written(), where=str(case), bless=bless)


@pytest.mark.parametrize("case", [case for case in WRITTEN if case.described.reads], ids=by_name)
def test_what_is_read_back_is_the_record_but_for_declared_losses(case: Case) -> None:
    if not case.walk.output:
        assert case.output is None
        return
    lost = list(case.walk.luggage.losses)
    assert difference(case.format, case.walk.records, case.again(), lost, case.walk.luggage.report) == []


@pytest.mark.parametrize("case", CHECKED, ids=by_name)
def test_what_is_written_is_valid(case: Case) -> None:
    name = schema_of(case)
    if not case.walk.output or name is None:
        assert case.output is None
        return
    valid = _xml.schema(name).validate(_xml.parse(case.document(), "output"))
    assert valid is (not case.settings.output_breaks_schema)


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_findings_and_losses_are_those_expected(case: Case, bless: bool) -> None:
    found, lost = case.findings(), case.losses()
    compare_json(case.folder / "report.json", found, empty=not found, bless=bless)
    compare_json(case.folder / "losses.json", lost, empty=not lost["losses"], bless=bless)


def test_each_folder_belongs_to_a_format_and_says_nothing_that_is_not_read() -> None:
    assert {case.format for case in CASES} <= set(names())
    known = {"case", "canonical", "corrected", "input", "losses", "output", "report"}
    strange = [
        str(path)
        for case in CASES
        for path in case.folder.iterdir()
        if path.name.partition(".")[0] not in known or (path.is_dir() and not path.name.endswith(".contents"))
    ]
    assert strange == []


@pytest.mark.parametrize("name", names())
def test_each_format_has_a_minimal_a_full_and_a_broken_case(name: str) -> None:
    found = {case.folder.name.rpartition("-")[2] for case in CASES if case.format == name}
    assert {"minimal", "everything", "broken"} <= found
