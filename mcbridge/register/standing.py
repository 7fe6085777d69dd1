"""How things stand: the state of everything that was sent, and of one provision why it is or is not published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from mcbridge.register.base import Entry
from mcbridge.register.ledger import Ledger
from mcbridge.register.plan import Blocked, Plan
from mcbridge.register.rows import Run
from mcbridge.register.wanted import Reason


class Status(Struct, frozen=True, kw_only=True):
    """What the ledger knows. ``unfinished`` are keys whose last operation got no answer; ``last_good`` ended with 0."""

    entries: tuple[Entry, ...]
    unfinished: tuple[str, ...]
    unverified: tuple[str, ...]
    last: Run | None
    last_good: Run | None

    def counts(self) -> Mapping[str, int]:
        """How many records there are in each state."""
        return dict(sorted(Counter(entry.state.value for entry in self.entries).items()))

    def lines(self) -> Iterator[str]:
        """In words: what asks for attention, then the counts and the last run."""
        for entry in self.entries:
            remarks = [entry.flag, entry.failure, *entry.warnings]
            if entry.absent_runs:
                remarks.append(f"in no source for {entry.absent_runs} runs")
            if entry.key in self.unverified:
                remarks.append("sent, not looked up yet")
            if said := "; ".join(dict.fromkeys(remark for remark in remarks if remark)):
                yield f"{entry.state.value:20} {entry.key}  {entry.title}: {said}"
        yield ", ".join(f"{number} {state}" for state, number in self.counts().items()) or "nothing was published yet"
        if self.last is not None:
            ended = f"ended with {self.last.code}" if self.last.ended else "was cut short"
            yield f"last run: {self.last.started:%Y-%m-%d %H:%M} UTC, {ended}"


class Why(Struct, frozen=True, kw_only=True):
    """One provision: whether it is published, what would be done next and why, and what was done before."""

    key: str
    title: str
    published: bool
    action: str
    reason: str
    reasons: tuple[Reason, ...] = ()
    entry: Entry | None = None
    history: tuple[tuple[str, str, str, datetime], ...] = ()

    def lines(self) -> Iterator[str]:
        """In words."""
        state = "published" if self.published else "not published"
        number = f" as {self.entry.register_id}" if self.published and self.entry and self.entry.register_id else ""
        yield f"{self.key or '(no key)'}  {self.title}: {state}{number}; next: {self.action} ({self.reason})"
        for reason in self.reasons:
            yield f"    {reason.text}  [{reason.rule}]"
            if reason.where:
                yield f"        at {reason.where}"
            if reason.hint:
                yield f"        hint: {reason.hint}"
        for action, outcome, answer, moment in self.history[:5]:
            yield f"    {moment:%Y-%m-%d %H:%M} {action}: {outcome}" + (f" ({answer})" if answer else "")


def status(ledger: Ledger) -> Status:
    """The state of everything that was ever sent."""
    runs = ledger.runs(100)
    return Status(
        entries=ledger.entries(),
        unfinished=tuple(op.key for op in ledger.open_ops()),
        unverified=ledger.unverified(),
        last=next(iter(runs), None),
        last_good=next((run for run in runs if run.code == 0), None),
    )


def why(sought: str, plan: Plan, ledger: Ledger) -> tuple[Why, ...]:
    """Why each provision that is meant is or is not published: by its key, else by a part of its key or title.

    ``plan`` is one of the sources as they are now. Nothing comes back when neither plan nor ledger knows it.
    """
    entries = {entry.key: entry for entry in ledger.entries()}
    known = [(action.key, action.title) for action in plan.actions]
    known += [(entry.key, entry.title) for entry in entries.values()]
    folded = sought.strip().casefold()
    meant = {each for each in known if each[0] == sought.strip()} or {
        each for each in known if folded and (folded in each[0].casefold() or folded in each[1].casefold())
    }
    keys = {key for key, _ in meant}
    found = [
        Why(
            key=action.key,
            title=action.title,
            published=action.key in entries and entries[action.key].published,
            action=action.kind,
            reason=action.reason,
            reasons=action.reasons if isinstance(action, Blocked) else (),
            entry=entries.get(action.key),
            history=ledger.ops(action.key) if action.key else (),
        )
        for action in plan.actions
        if (action.key, action.title) in meant or (action.key and action.key in keys)
    ]
    planned = {each.key for each in found}
    found += [
        Why(
            key=key,
            title=entry.title,
            published=entry.published,
            action="none",
            reason=f"it is in no source; at the register it is {entry.state.value}",
            entry=entry,
            history=ledger.ops(key),
        )
        for key, entry in entries.items()
        if key in keys and key not in planned
    ]
    return tuple(found)
