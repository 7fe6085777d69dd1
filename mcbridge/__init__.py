"""Bridge between the formats of micro-credentials and the public register of provisions.

What stands in ``__all__`` is the public surface; each name is imported when it is
first asked for, so that starting the command loads nothing that it does not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from mcbridge.checks.credit import earned_ects
    from mcbridge.conversion import Destination, Outcome, Reading, check, convert, expand, read, write
    from mcbridge.diagnostics import Diagnostic, Report, Rule, Severity
    from mcbridge.errors import ConfigError, InputError, McbridgeError, RegisterError, UsageError
    from mcbridge.losses import Loss, LossLedger
    from mcbridge.model import Credential, Provision, Record
    from mcbridge.origins import Contents, Luggage, Origin, Read, Source
    from mcbridge.register.apply import apply
    from mcbridge.register.judge import judge
    from mcbridge.register.plan import Plan, make_plan
    from mcbridge.register.select import select
    from mcbridge.tables import Tables

__all__ = [
    "ConfigError",
    "Contents",
    "Credential",
    "Destination",
    "Diagnostic",
    "InputError",
    "Loss",
    "LossLedger",
    "Luggage",
    "McbridgeError",
    "Origin",
    "Outcome",
    "Plan",
    "Provision",
    "Read",
    "Reading",
    "Record",
    "RegisterError",
    "Report",
    "Rule",
    "Severity",
    "Source",
    "Tables",
    "UsageError",
    "__version__",
    "apply",
    "check",
    "convert",
    "earned_ects",
    "expand",
    "judge",
    "make_plan",
    "read",
    "select",
    "write",
]

_HOMES = {
    "mcbridge.checks.credit": ("earned_ects",),
    "mcbridge.conversion": ("Destination", "Outcome", "Reading", "check", "convert", "expand", "read", "write"),
    "mcbridge.diagnostics": ("Diagnostic", "Report", "Rule", "Severity"),
    "mcbridge.errors": ("ConfigError", "InputError", "McbridgeError", "RegisterError", "UsageError"),
    "mcbridge.losses": ("Loss", "LossLedger"),
    "mcbridge.model": ("Credential", "Provision", "Record"),
    "mcbridge.origins": ("Contents", "Luggage", "Origin", "Read", "Source"),
    "mcbridge.register.apply": ("apply",),
    "mcbridge.register.judge": ("judge",),
    "mcbridge.register.plan": ("Plan", "make_plan"),
    "mcbridge.register.select": ("select",),
    "mcbridge.tables": ("Tables",),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
