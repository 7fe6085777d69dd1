"""Each clause that ELMO has in words has a document that breaks it, and the same document in order, which does not."""

from __future__ import annotations

import pytest

from mcbridge import conversion
from mcbridge.checks.elmo import RULES
from mcbridge.checks.elmo.clauses import CLAUSES, DECLARED
from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.mappers import reader
from mcbridge.origins import Luggage, Source
from tests.golden.cases import TABLES, Case, cases

BREAKING = [case for case in cases() if case.settings.clause]

BY_RECORDS = {
    "elmo/attachments-heavy": "tests/unit/checks/test_elmo.py",
    "elmo/status-changed": "tests/unit/checks/test_elmo.py",
    "date/after-issue": "tests/unit/checks/test_rules.py",
}
"""Rules that no small document breaks, or not a single one, and the tests that do."""


def by_name(case: Case) -> str:
    return f"{case.settings.clause} {case.folder.name}"


def findings(case: Case, name: str) -> list[Diagnostic]:
    luggage = Luggage()
    path = case.folder / name
    reads = list(reader(case.format, TABLES, {}).read(Source(path.name, path=path), luggage))
    return list(conversion.check(reads, "elmo", tables=TABLES, contents=luggage.contents))


def test_there_are_44_clauses_with_rules_and_each_has_a_case() -> None:
    assert len(CLAUSES) == 44
    assert [number for number, rules in DECLARED.items() if not rules] == []
    assert {case.settings.clause for case in BREAKING} == set(CLAUSES)


def test_each_rule_of_a_clause_is_triggered_by_a_case_of_that_clause() -> None:
    left = {number: {rule.id for rule in rules} - set(BY_RECORDS) for number, rules in DECLARED.items()}
    for case in BREAKING:
        left[case.settings.clause] -= {found.rule.id for found in findings(case, "input.xml")}
    assert {number: ids for number, ids in left.items() if ids} == {}


@pytest.mark.parametrize("case", BREAKING, ids=by_name)
def test_the_document_breaks_its_clause_and_the_corrected_one_does_not(case: Case) -> None:
    ids = {rule.id for rule in DECLARED[case.settings.clause]}
    assert ids & {found.rule.id for found in findings(case, "input.xml")}
    assert ids & {found.rule.id for found in findings(case, "corrected.xml")} == set()


@pytest.mark.parametrize("case", BREAKING, ids=by_name)
def test_a_finding_stands_at_its_place_and_quotes_what_it_is_about(case: Case) -> None:
    for found in findings(case, "input.xml"):
        assert isinstance(found.location, XmlLocation)
        assert found.location.line
        assert found.location.column or found.field is None  # the record as a whole has a line only
        assert found.location.xpath
        assert found.value is None or found.value in found.message
        assert "{" not in found.message + found.hint
        if not found.rule.id.startswith("elmo/"):
            continue
        leaked = [
            name for name, fact in found.facts.items() if found.value and len(found.value) > 3 and found.value in fact
        ]
        assert leaked == [], "what comes from the document belongs into the value, which can be masked"


def test_a_rule_says_under_which_clause_it_stands_and_where_that_comes_from() -> None:
    for number, rules in DECLARED.items():
        for rule in rules:
            assert f"{number}, {CLAUSES[number].origin.value}" in rule.why, rule.id
    assert len({rule.id for rule in RULES}) == len(RULES)
