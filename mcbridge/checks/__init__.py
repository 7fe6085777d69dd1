"""Rules about records, whatever they came from: one file a subject, found through one literal dictionary.

``--rules semantic`` and ``--rules annex-i`` name sets of checks; what a register
demands (``register:NAME``) is judged where provisions are made. Eligibility is in
``eligibility``, because it needs a policy to judge by.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final

from mcbridge.checks.base import Check
from mcbridge.errors import UsageError

CHECKS: Final = {
    "annex-i": "mcbridge.checks.annex_i:AnnexI",
    "awarding": "mcbridge.checks.awarding:Awarding",
    "credit": "mcbridge.checks.credit:Credits",
    "date": "mcbridge.checks.dates:Dates",
    "field": "mcbridge.checks.fields:Fields",
    "identity": "mcbridge.checks.identity:Identity",
    "level": "mcbridge.checks.levels:Levels",
    "outcome": "mcbridge.checks.outcomes:Outcomes",
}

SETS: Final = {
    "annex-i": ("annex-i",),
    "semantic": ("awarding", "credit", "date", "field", "identity", "level", "outcome"),
}


def checks(*sets: str) -> tuple[Check, ...]:
    """The checks of the named sets, each once. Raises ``UsageError`` for a set that there is not."""
    return tuple(_load(name) for name in dict.fromkeys(_members(sets)))


def _members(sets: Iterable[str]) -> Iterable[str]:
    for name in sets:
        if name not in SETS:
            from difflib import get_close_matches

            near = get_close_matches(name, SETS, n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else f"sets: {', '.join(SETS)}"
            raise UsageError(f'there is no set of rules "{name}"', hint=hint)
        yield from SETS[name]


def _load(name: str) -> Check:
    module, _, attribute = CHECKS[name].partition(":")
    found: Any = getattr(import_module(module), attribute)
    check: Check = found()
    return check


__all__ = ["CHECKS", "SETS", "Check", "checks"]
