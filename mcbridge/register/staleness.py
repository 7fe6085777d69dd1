"""Whether a plan still fits: it is carried out only while nothing that it was made from has moved."""

from __future__ import annotations

from collections.abc import Sequence

from mcbridge.errors import BrakeHeld
from mcbridge.register.ledger import Ledger
from mcbridge.register.plan import Plan


def check_stale(plan: Plan, fresh: Plan | None, ledger: Ledger) -> None:
    """Raise ``BrakeHeld`` when the ledger, the sources or the configuration moved since; the message lists the records.

    A plan that was cut short may be applied again: then all that moved in the ledger is its own doing.
    """
    if fresh is not None and (fresh.about.config, fresh.about.register) != (plan.about.config, plan.about.register):
        raise BrakeHeld("the configuration changed since the plan was made", hint="make the plan again")
    if fresh is not None and fresh.about.sources != plan.about.sources:
        here, there = _contents(plan), _contents(fresh)
        moved = [key for key in sorted({*here, *there}) if here.get(key) != there.get(key)]
        names = _listed(moved) or "no record that is to be published"
        raise BrakeHeld(f"the sources changed since the plan was made: {names}", hint="make the plan again")
    if ledger.serial != plan.about.serial and not _own_doing(plan, ledger):
        names = _listed(ledger.moved(plan.about.serial))
        raise BrakeHeld(f"the ledger moved on since the plan was made: {names}", hint="make the plan again")


def _contents(plan: Plan) -> dict[str, str]:
    """The content that a plan wants under each key, whatever is to be done about it."""
    return {action.key: getattr(action, "hash", None) or action.kind for action in plan.actions}


def _own_doing(plan: Plan, ledger: Ledger) -> bool:
    since = [run for run in ledger.runs(100) if run.serial_after > plan.about.serial]
    return bool(since) and all(run.plan == plan.hash and run.serial_before >= plan.about.serial for run in since)


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys[:20]) + (f" and {len(keys) - 20} more" if len(keys) > 20 else "")
