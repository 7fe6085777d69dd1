"""The page about the clauses of ELMO says of each which rules look for it, how bad a breach is, and who says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mcbridge.checks.elmo import RULES
from mcbridge.checks.elmo.clauses import CLAUSES, DECLARED, MUST, VITAL, Origin
from mcbridge.checks.elmo.profiles import severity
from mcbridge.diagnostics import Rule, Severity
from tests.conftest import CHECKOUT
from tests.generated import current
from tests.golden.cases import cases

PAGE = CHECKOUT / "docs" / "elmo-rules.md"
WORDS = {Origin.SCHEMA: "schema", Origin.PRACTICE: "practice"}


def graded(rule: Rule) -> str:
    """The severity by profile, where they differ."""
    usual, strict, lenient = (severity(rule.id, rule.severity, each) for each in ("default", "strict", "lenient"))
    others = [f"{name}: {level.value}" for name, level in (("strict", strict), ("lenient", lenient)) if level != usual]
    return f"{usual.value} ({', '.join(others)})" if others else usual.value


def rows() -> Iterator[str]:
    """One row a rule; the first of a clause tells of the clause."""
    breaking: dict[str, list[str]] = {}
    for case in cases():
        breaking.setdefault(case.settings.clause, []).append(f"`{case.folder.name}`")
    for number, clause in CLAUSES.items():
        for at, rule in enumerate(DECLARED[number]):
            said = (number, clause.says, WORDS[clause.origin], ", ".join(breaking[number])) if at == 0 else ("",) * 4
            yield f"| {said[0]} | {said[1]} | {said[2]} | `{rule.id}` | {graded(rule)} | {said[3]} |"


def table() -> str:
    head = ["| | clause | origin | rule | severity | case |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *rows(), ""])


@pytest.mark.generated
def test_the_page_lists_every_clause_and_rule(bless: bool) -> None:
    current(PAGE, "clauses", table(), bless=bless)


def test_strict_raises_what_must_be_and_lenient_leaves_what_cannot_be_processed() -> None:
    ids = {rule.id for rule in RULES}
    assert ids >= MUST >= VITAL >= {"elmo/several-learners", "elmo/several-issuers"}
    for rule in RULES:
        usual, strict, lenient = (severity(rule.id, rule.severity, each) for each in ("default", "strict", "lenient"))
        assert usual is rule.severity
        assert strict is (Severity.ERROR if rule.id in MUST else rule.severity)
        assert (lenient is Severity.ERROR) is (rule.id in VITAL)
    for id_ in ("credit/counted-twice", "elmo/extension-own-namespace", "elmo/signature-missing"):
        assert id_ in MUST
