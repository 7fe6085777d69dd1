"""How bad a breach of a clause is: as the rule says, by the letter of the standard, or for those who must go on."""

from __future__ import annotations

from typing import Final

from mcbridge.checks.elmo import RULES
from mcbridge.checks.elmo.clauses import MUST, VITAL
from mcbridge.diagnostics import Severity

CITED: Final = frozenset(rule.id for rule in RULES)
"""The ids of all rules that stand under a clause."""


def severity(id: str, declared: Severity, profile: str) -> Severity:
    """The severity of a finding by a rule of some clause.

    ``strict``: what must be is an error. ``lenient``: only what cannot be processed is.
    """
    if profile == "strict" and id in MUST:
        return Severity.ERROR
    if profile == "lenient" and declared is Severity.ERROR and id not in VITAL:
        return Severity.WARNING
    return declared
