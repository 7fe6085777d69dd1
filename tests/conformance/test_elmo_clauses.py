"""What the published example of ELMO breaks of the rules that ELMO has in words: real documents do, and are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcbridge import conversion
from mcbridge.checks.elmo import FINDERS, RULES
from mcbridge.checks.elmo.clauses import DECLARED
from mcbridge.checks.elmo.residues import DECLARED as ELEMENTS
from mcbridge.diagnostics import Diagnostic, Severity
from mcbridge.mappers import reader
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_documents import everything
from tests.conformance.test_elmo_xsd import folder

__all__ = ["folder"]  # a fixture

TABLES = Tables()

EXPECTED = {
    "S05",  # an identifier of a type of the example's own
    "S06",  # a tag in a title
    "S23",
    "S30",
    "S32",
    "S34",
    "S38",  # a programme of 120 ECTS with courses that have some
    "S39",
    "S40",
    "S50",
    "S51",  # words where the base64 of attachments should be
    "S53",
    "S56",  # UTF-8 read as something else
}


def findings(document: bytes, *sets: str) -> list[Diagnostic]:
    luggage = Luggage()
    reads = list(reader("elmo", TABLES, {}).read(Source("example.xml", document), luggage))
    return list(conversion.check(reads, *sets, tables=TABLES, contents=luggage.contents))


@pytest.fixture(scope="module")
def example(folder: Path) -> bytes:
    return (folder / "example-1.7.0.xml").read_bytes()


def clauses(found: list[Diagnostic]) -> set[str]:
    numbers = {rule.id: number for number, rules in DECLARED.items() for rule in rules}
    return {numbers[each.rule.id] for each in found}


def test_the_published_example_breaks_the_clauses_that_it_is_known_to_break(example: bytes) -> None:
    found = findings(example, "elmo")
    print(f"{len(found)} findings under {len(clauses(found))} clauses: {', '.join(sorted(clauses(found)))}")
    assert clauses(found) == EXPECTED
    assert "credit/counted-twice" in {each.rule.id for each in found}
    assert {each.rule.id for each in found if each.level is Severity.ERROR} == {
        "elmo/content-undecodable",
        "elmo/markup-in-text",
    }


def test_its_severities_follow_the_profile(example: bytes) -> None:
    strict, lenient = findings(example, "elmo:strict"), findings(example, "elmo:lenient")
    assert [each.rule.id for each in strict] == [each.rule.id for each in lenient]
    assert Severity.ERROR not in {each.level for each in lenient}
    assert {each.rule.id for each in strict if each.level is Severity.ERROR} >= {"credit/counted-twice"}


def test_a_document_with_every_element_is_gone_through_by_every_finder() -> None:
    found = findings(everything(), "elmo", "semantic", "annex-i")
    assert len({each.rule.id for each in found}) > 5
    assert len(FINDERS) == len(set(FINDERS))
    assert {each.rule for each in found if each.rule.id.startswith("elmo/")} <= set(RULES)


def test_no_element_that_the_schema_declares_is_called_unknown() -> None:
    assert [each.value for each in findings(everything(), "elmo") if each.rule.id == "elmo/unknown-element"] == []
    assert all(names.split() for places in ELEMENTS.values() for names in places.values())
