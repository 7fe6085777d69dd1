"""Rules about records, whatever they came from: one file a subject, found through one literal dictionary.

``--rules semantic``, ``--rules elmo`` and ``--rules annex-i`` name sets of checks, ``ruling`` runs them; what a
register demands (``register:NAME``) is judged where provisions are made. Eligibility is in ``eligibility``, because it
needs a policy to judge by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

from mcbridge.checks.base import Check, Informed
from mcbridge.errors import UsageError

CHECKS: Final = {
    "annex-i": "mcbridge.checks.annex_i:AnnexI",
    "awarding": "mcbridge.checks.awarding:Awarding",
    "credit": "mcbridge.checks.credit:Credits",
    "date": "mcbridge.checks.dates:Dates",
    "elmo": "mcbridge.checks.elmo:Elmo",
    "encoding": "mcbridge.checks.texts:Texts",
    "field": "mcbridge.checks.fields:Fields",
    "grade": "mcbridge.checks.grades:Grades",
    "identity": "mcbridge.checks.identity:Identity",
    "level": "mcbridge.checks.levels:Levels",
    "outcome": "mcbridge.checks.outcomes:Outcomes",
}

SETS: Final = {
    "annex-i": ("annex-i",),
    "elmo": ("elmo", "credit", "date", "field", "grade", "identity", "level", "encoding"),
    "semantic": ("awarding", "credit", "date", "field", "grade", "identity", "level", "outcome", "encoding"),
}

FAMILIES: Final = {"elmo": ("default", "strict", "lenient")}
"""Sets that come in several profiles, the usual one first: ``elmo:strict``."""

WRITING: Final = {"elmo": "mcbridge.checks.elmo:Written"}
"""What is asked of records of other formats before they are written in one."""


def checks(*sets: str) -> tuple[Check, ...]:
    """The checks of the named sets, each once. Raises ``UsageError`` for a set that there is not."""
    return tuple(_made(CHECKS[name]) for name in dict.fromkeys(_members(sets)))


def before_writing(format: str, contents: Mapping[str, bytes]) -> Check:
    """What looks at records of other formats before they are written in one of ``WRITING``."""
    check = _made(WRITING[format])
    return check.informed(contents) if isinstance(check, Informed) else check


def named(text: str) -> tuple[str, str | None]:
    """A set and its profile, the usual one where none is named. Raises ``UsageError`` for what there is not."""
    name, colon, profile = text.partition(":")
    if name not in SETS or (colon and name not in FAMILIES):
        from difflib import get_close_matches

        near = get_close_matches(text, SETS, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}?" if near else f"sets: {', '.join(SETS)}"
        raise UsageError(f'there is no set of rules "{text}"', hint=hint)
    if colon and profile not in FAMILIES[name]:
        known = ", ".join(f"{name}:{each}" for each in FAMILIES[name])
        raise UsageError(f'the rules "{name}" have no profile "{profile}"', hint=f"profiles: {known}")
    return name, profile or (FAMILIES[name][0] if name in FAMILIES else None)


def _members(sets: Iterable[str]) -> Iterable[str]:
    for each in sets:
        yield from SETS[named(each)[0]]


def _made(spot: str) -> Check:
    module, _, attribute = spot.partition(":")
    found: Any = getattr(import_module(module), attribute)
    check: Check = found()
    return check


__all__ = ["CHECKS", "FAMILIES", "SETS", "WRITING", "Check", "Informed", "before_writing", "checks", "named"]
