"""When not to go on: the signs of an accident at the source, in the mapping or in the configuration.

Each brake is released by an override that states the number, so that nobody releases
more than was looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from mcbridge.errors import BrakeHeld
from mcbridge.register.base import Entry
from mcbridge.register.hashing import canonical, fingerprint
from mcbridge.register.plan import Plan, SourceMark, Update, Withdraw
from mcbridge.register.rows import Run

UPDATES: Final = 0.30
"""More than this share of the published records to be updated looks like a mapping change or an encoding accident."""
WITHDRAWALS: Final = 0.05
FEW_WITHDRAWALS: Final = 5
"""More withdrawals than this number and than this share of the published records look like a half-written export."""
SHRUNK: Final = 0.80
"""Fewer records than this share of the last complete run's look like a truncated source."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What somebody has looked at and allowed. ``reviewed``: the plan came from a file that was made before.

    ``accept_source`` is the fingerprint of the sources as the brake showed it.
    """

    first_run: bool = False
    reviewed: bool = False
    allow_updates: int | None = None
    allow_withdraw: int | None = None
    accept_source: str | None = None

    def stated(self) -> dict[str, Any]:
        """What was overridden, for the audit trail."""
        return {name: value for name, value in asdict(self).items() if value not in {None, False}}


@dataclass(frozen=True, slots=True)
class Brake:
    """One brake that holds: what it saw, and the override that would release it."""

    name: str
    saw: str
    release: str


def sources_hash(marks: Sequence[SourceMark]) -> str:
    """The fingerprint of all sources together, as ``--accept-source`` wants it: the first 12 digits are enough."""
    return fingerprint(canonical(tuple(marks)))[:12]


def held(plan: Plan, entries: Sequence[Entry], runs: Sequence[Run], permission: Permission) -> tuple[Brake, ...]:
    """The brakes that hold this plan. ``runs`` are earlier runs, the newest first."""
    found = []
    if not runs and plan.pending and not (permission.first_run or permission.reviewed):
        what = f"this would be the first run on this ledger, with {len(plan.pending)} changes"
        found.append(Brake("first-run", what, "look at a plan and apply that, or say --first-run"))
    published = sum(1 for entry in entries if entry.published)
    updates = sum(1 for action in plan.actions if isinstance(action, Update))
    if updates > 1 and updates > UPDATES * published and updates > (permission.allow_updates or 0):
        share = f"{updates} of {published} published records would be updated, more than {UPDATES:.0%}"
        found.append(Brake("updates", share, f"if that is meant, say --allow-updates {updates}"))
    withdrawals = sum(1 for action in plan.actions if isinstance(action, Withdraw))
    limit = max(FEW_WITHDRAWALS, WITHDRAWALS * published)
    if withdrawals > limit and withdrawals > (permission.allow_withdraw or 0):
        share = f"{withdrawals} of {published} published records would be withdrawn"
        found.append(Brake("withdrawals", share, f"if that is meant, say --allow-withdraw {withdrawals}"))
    found += _source(plan, runs, permission)
    return tuple(found)


def _source(plan: Plan, runs: Sequence[Run], permission: Permission) -> list[Brake]:
    now = sum(mark.records for mark in plan.about.sources)
    last = next((run.records for run in runs if run.records), 0)
    hash_ = sources_hash(plan.about.sources)
    if permission.accept_source == hash_ or (not last and now):
        return []
    release = f"if that is meant, say --accept-source {hash_}"
    if not now:
        return [Brake("source-empty", "the sources hold no record", release)] if last or plan.about.sources else []
    if now < SHRUNK * last:
        return [Brake("source-shrunk", f"the sources hold {now} records, {last} the last time", release)]
    return []


def stop_if_held(brakes: Sequence[Brake]) -> None:
    """Raise ``BrakeHeld`` when one of them holds, naming all."""
    if brakes:
        raise BrakeHeld(
            "nothing was sent: " + "; ".join(brake.saw for brake in brakes),
            hint="; ".join(brake.release for brake in brakes),
        )
