"""All rules there are: those of every module that declares some, and of formats that are plugged in."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from mcbridge.diagnostics import Rule, rules

DECLARING: Final = (
    "mcbridge.checks.annex_i_rules",
    "mcbridge.checks.awarding",
    "mcbridge.checks.credit",
    "mcbridge.checks.dates",
    "mcbridge.checks.eligibility_rules",
    "mcbridge.checks.elmo",
    "mcbridge.checks.fields",
    "mcbridge.checks.grades",
    "mcbridge.checks.identity",
    "mcbridge.checks.levels",
    "mcbridge.checks.outcomes",
    "mcbridge.checks.texts",
    "mcbridge.conversion.batches",
    "mcbridge.conversion.delivery",
    "mcbridge.conversion.envelopes",
    "mcbridge.conversion.opening",
    "mcbridge.mappers.edc.reading.rules",
    "mcbridge.mappers.edc.rules",
    "mcbridge.register.judge_rules",
    "mcbridge.register.rules",
    "mcbridge.register.select_rules",
    "mcbridge.seals.rules",
)
"""The modules that declare rules when they are imported; a test holds this list against the package."""


def every_rule() -> Mapping[str, Rule]:
    """The rules by id."""
    from mcbridge import mappers
    from mcbridge.errors import UsageError

    for module in DECLARING:
        import_module(module)
    for name in mappers.names():
        try:
            mappers.describe(name)
        except UsageError:
            if name in mappers.BUILTIN:
                raise
    return rules()
