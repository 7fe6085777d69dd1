"""Carrying out a plan: the only loop that writes to a register.

For every record: commit the intention, send, commit the result. Whatever is not known
afterwards is asked for, by our own key, before anything is sent again, so a run may be
cut at any instant and started anew. One bad record does not stop the others; five
failures in a row do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from mcbridge.errors import (
    RegisterDenied,
    RegisterError,
    RegisterRefused,
    RegisterUnavailable,
)
from mcbridge.register.base import AlreadyThere, Entry, NotThere, Payload, Receipt, Register, RegisterBroke, State
from mcbridge.register.brakes import Permission, held, stop_if_held
from mcbridge.register.changes import Change, compare
from mcbridge.register.ledger import Ledger
from mcbridge.register.outcome import Came, Outcome, Result
from mcbridge.register.plan import Absent, Action, Blocked, Create, Keep, Plan, Update, Withdraw
from mcbridge.register.rows import Op
from mcbridge.register.staleness import check_stale
from mcbridge.register.store import Owner

FAILURES_IN_A_ROW = 5
"""So many failures one after the other, of whatever kind, and nothing more is sent in this run."""


@dataclass(frozen=True, slots=True)
class Step:
    """A point in the run, for whoever shows progress. ``done`` of ``total`` records are through."""

    point: str
    key: str
    done: int
    total: int


def _silent(step: Step) -> None:
    """Show nothing."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Conduct:
    """How a run is carried out. ``stop`` is asked before each record, ``deadline`` is an instant; ``pause`` waits."""

    tool: str
    owner: Owner
    permission: Permission = field(default_factory=Permission)
    deadline: datetime | None = None
    stop: Callable[[], bool] = _never
    progress: Callable[[Step], None] = _silent
    pause: Callable[[float], None] = time.sleep


class _Stop(Exception):
    """Nothing more is sent in this run."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.why = why
        self.code = code


def apply(plan: Plan, register: Register, ledger: Ledger, conduct: Conduct, *, fresh: Plan | None = None) -> Outcome:
    """Carry out a plan. ``fresh`` is the plan as it would be made now, of the sources as they are now.

    Raises ``BrakeHeld`` when the plan is stale or a brake holds, and ``TryLater`` when another run is going on; from
    then on whatever happens is in the outcome.
    """
    with ledger.lock(conduct.owner):
        check_stale(plan, fresh, ledger)
        stop_if_held(held(plan, ledger.entries(), ledger.runs(), conduct.permission))
        run = ledger.begin(plan, tool=conduct.tool, overrides=conduct.permission.stated())
        outcome = _Run(plan, register, ledger, conduct).carry_out(run.id)
        ledger.end(outcome.code, outcome.counts())
        return outcome


class _Run:
    """One run. Results are kept by key; the last word on a record counts."""

    def __init__(self, plan: Plan, register: Register, ledger: Ledger, conduct: Conduct) -> None:
        self.plan = plan
        self.register = register
        self.ledger = ledger
        self.conduct = conduct
        self.results: dict[str, Result] = {}
        self.failures = 0

    def carry_out(self, run: str) -> Outcome:
        """Do everything that may be done, in order: known first, then creates and updates, withdrawals, look-ups."""
        self._step("begun", "")
        stopped, code = "", 0
        try:
            self._recover()
            sending = [action for action in self.plan.actions if isinstance(action, Create | Update)]
            self._each(sorted(sending, key=self._turn))
            self._second_chance(sending)
            self._each(self._withdrawals())
            self._verify()
        except _Stop as stop:
            stopped, code = stop.why, stop.code
        self._rest()
        known = {action.key for action in self.plan.actions if action.key}
        keyless = [self._unsent(action) for action in self.plan.actions if not action.key]
        ordered = [self.results[key] for key in sorted({*known, *self.results})]
        return Outcome(run=run, results=(*keyless, *ordered), stopped=stopped, stop_code=code)

    # ----------------------------------------------------------------------------------------- what is not known yet

    def _recover(self) -> None:
        """Find out what came of operations that an earlier run left open."""
        ops = self.ledger.open_ops()
        self._settle(ops)
        planned = {action.key for action in self.plan.pending}
        for op in ops:
            self._may_go_on()
            if op.payload is None:
                self._withdraw_again(op)
            elif not self._ask(op, Came.ADOPTED):
                keep = self.ledger.reopen if op.key in planned else self.ledger.unsent
                keep(op, "the register was asked: it had not taken effect")

    def _withdraw_again(self, op: Op) -> None:
        """A request for withdrawal may be made twice without harm."""
        entry = self.ledger.entry(op.key)
        try:
            receipt = self.register.withdraw(op.key, entry.register_id if entry else None, op.reason, op.id)
        except RegisterDenied as error:
            raise _Stop(error.message, error.exit_code) from error
        except RegisterError as error:
            self._fail(op.key, entry.title if entry else "", Came.UNCERTAIN, error.message)
        else:
            self._succeed(op, receipt, Came.WITHDRAWAL_REQUESTED)

    def _settle(self, ops: tuple[Op, ...] | list[Op]) -> None:
        """Wait until a request without an answer can no longer take effect."""
        settle = self.register.capabilities.settle
        ages = [(self.ledger.now() - op.updated).total_seconds() for op in ops]
        longest = max((settle - age for age in ages), default=0.0)
        if longest > 0:
            self.conduct.pause(longest)

    def _ask(self, op: Op, came: Came) -> bool:
        """Ask the register what came of an operation. Whether that is known now, and the record dealt with."""
        if op.payload is None:
            return False
        try:
            seen = self.register.lookup(op.key)
        except RegisterUnavailable as error:
            self._fail(op.key, op.payload.title, Came.UNCERTAIN, error.message)
            return True
        except RegisterRefused as error:
            self.ledger.conflict(op, error.message, drifted=False)
            self._fail(op.key, op.payload.title, Came.CONFLICT, error.message)
            return True
        except RegisterDenied as error:
            raise _Stop(error.message, error.exit_code) from error
        if seen is None:
            return False
        changes = self._differences(op.payload, seen)
        if not changes:
            self._succeed(op, _receipt(seen), came)
            return True
        before = self.ledger.entry(op.key)
        if before is not None and before.body is not None:
            old = Payload.of(op.key, "", before.body)
            if not self._differences(old, seen):
                return False
        drifted = before is not None and before.hash is not None
        why = f"the register holds something else under this key ({_fields(changes)})"
        self.ledger.conflict(op, why, drifted=drifted)
        self._fail(op.key, op.payload.title, Came.DRIFTED if drifted else Came.CONFLICT, why)
        return True

    def _second_chance(self, sending: list[Create | Update]) -> None:
        """What got no answer: wait, ask, and send once more what certainly did not take effect."""
        again = {key for key, result in self.results.items() if result.came is Came.UNCERTAIN}
        ops = [op for op in self.ledger.open_ops() if op.key in again]
        self._settle(ops)
        actions = {action.key: action for action in sending}
        for op in ops:
            self._may_go_on()
            if not self._ask(op, _SENT[op.action]) and op.key in actions:
                self._send(actions[op.key])

    # -------------------------------------------------------------------------------------------------------- sending

    def _turn(self, action: Action) -> tuple[int, str]:
        """Records that were refused before come last, so that they cannot keep the others waiting."""
        entry = self.ledger.entry(action.key)
        return (entry.failures if entry else 0, action.key)

    def _each(self, actions: list[Create | Update] | list[Withdraw]) -> None:
        for action in actions:
            self._may_go_on()
            result = self.results.get(action.key)
            if result is None or result.came not in {Came.UNCERTAIN, Came.CONFLICT, Came.DRIFTED}:
                self._send(action)

    def _may_go_on(self) -> None:
        if self.failures >= FAILURES_IN_A_ROW:
            raise _Stop(f"{self.failures} failures in a row; the rest waits for the next run", 75)
        if self.conduct.stop():
            raise _Stop("interrupted; the rest waits for the next run", 75)
        if self.conduct.deadline is not None and self.ledger.now() >= self.conduct.deadline:
            raise _Stop("the time for this run is over; the rest waits for the next one", 75)

    def _send(self, action: Create | Update | Withdraw) -> None:
        entry = self.ledger.entry(action.key)
        if not isinstance(action, Withdraw) and entry is not None and entry.published:
            if entry.hash == action.hash and entry.state is not State.UNCERTAIN:
                self._note(action, Came.ADOPTED, "it is there already", entry)
                return
            if not self._untouched(action, entry):
                return
        op = self.ledger.intend(action)
        self._step("intended", action.key)
        try:
            receipt, came = self._write(action, entry, op)
        except AlreadyThere as error:
            self._after_duplicate(op, error)
        except RegisterRefused as error:
            said = error.reason or error.message
            self.ledger.failed(op, said)
            self._fail(op.key, action.title, Came.FAILED, said)
        except RegisterDenied as error:
            self.ledger.unsent(op, error.message)
            self._fail(op.key, action.title, Came.WAITING, error.message)
            raise _Stop(error.message, error.exit_code) from error
        except RegisterUnavailable as error:
            self._after_silence(op, action, error)
        else:
            self._step("sent", action.key)
            self._succeed(op, receipt, came)

    def _write(self, action: Create | Update | Withdraw, entry: Entry | None, op: Op) -> tuple[Receipt, Came]:
        if isinstance(action, Withdraw):
            return self.register.withdraw(op.key, action.register_id, action.reason, op.id), Came.WITHDRAWAL_REQUESTED
        payload = action.payload
        if entry is None or not entry.published:
            return self.register.create(payload, op.id), Came.CREATED
        try:
            return self.register.update(payload, entry.register_id, op.id), Came.UPDATED
        except NotThere:
            return self.register.create(payload, op.id), Came.CREATED

    def _untouched(self, action: Create | Update, entry: Entry) -> bool:
        """Whether the register still shows what we published, so that an update overwrites nobody else's change."""
        try:
            seen = self.register.lookup(action.key)
        except RegisterDenied as error:
            raise _Stop(error.message, error.exit_code) from error
        except RegisterError as error:
            self._fail(action.key, action.title, Came.WAITING, error.message)
            return False
        if seen is None or entry.body is None:
            return True
        changes = self._differences(Payload.of(action.key, "", entry.body), seen)
        if changes and self._differences(action.payload, seen):
            why = f"somebody else changed it at the register ({_fields(changes)})"
            self.ledger.drifted(action.key, why)
            self._fail(action.key, action.title, Came.DRIFTED, why)
            return False
        return True

    def _after_duplicate(self, op: Op, error: AlreadyThere) -> None:
        if not self._ask(op, Came.ADOPTED):
            why = f"{error.message}, but a look-up does not find it"
            self.ledger.failed(op, why)
            self._fail(op.key, op.payload.title if op.payload else "", Came.FAILED, why)

    def _after_silence(self, op: Op, action: Create | Update | Withdraw, error: RegisterUnavailable) -> None:
        if not error.uncertain:
            self.ledger.unsent(op, error.message)
            self._fail(op.key, action.title, Came.WAITING, error.message)
            return
        self.ledger.uncertain(op, error.message)
        self._step("uncertain", op.key)
        if isinstance(action, Withdraw) or self._ask(op, _SENT[action.kind]):
            if isinstance(action, Withdraw):
                self._fail(op.key, action.title, Came.UNCERTAIN, error.message)
        elif isinstance(error, RegisterBroke):
            self.ledger.failed(op, error.message)
            self._fail(op.key, action.title, Came.FAILED, error.message)
        else:
            self._fail(op.key, action.title, Came.UNCERTAIN, error.message)

    def _withdrawals(self) -> list[Withdraw]:
        """Withdrawals come last, and not at all when anything went wrong before or a source was incomplete."""
        wanted = [action for action in self.plan.actions if isinstance(action, Withdraw)]
        if not self.plan.about.complete or any(result.came.code for result in self.results.values()):
            for action in wanted:
                self._note(action, Came.WAITING, "withdrawals wait until everything else has gone through", None)
            return []
        return wanted

    # ------------------------------------------------------------------------------------------------------ afterwards

    def _verify(self) -> None:
        """Look up whatever was sent, in this run or one that was cut, and compare."""
        for key in self.ledger.unverified():
            self._may_go_on()
            entry = self.ledger.entry(key)
            if entry is None or entry.body is None:
                continue
            try:
                seen = self.register.lookup(key)
            except RegisterDenied as error:
                raise _Stop(error.message, error.exit_code) from error
            except RegisterError as error:
                self._fail(key, entry.title, Came.UNCERTAIN, f"sent, but the look-up failed: {error.message}")
                continue
            changes = self._differences(Payload.of(key, "", entry.body), seen) if seen is not None else ()
            if seen is None or changes:
                why = f"the register does not show what was sent ({_fields(changes) if seen else 'nothing is there'})"
                self.ledger.drifted(key, why)
                self._fail(key, entry.title, Came.DRIFTED, why)
                continue
            self.ledger.verified(key, seen)
            self._step("verified", key)
            earlier = self.results.get(key)
            came = earlier.came if earlier else Came.KEPT
            text = earlier.text if earlier else "sent by an earlier run, looked up now"
            self.results[key] = Result(
                key=key,
                title=entry.title,
                came=came,
                text=text,
                register_id=seen.register_id,
                flag=seen.flag,
                verified=True,
            )

    def _rest(self) -> None:
        """What was not reached, and what nothing was to be done about."""
        for action in self.plan.actions:
            if action.key and action.key not in self.results:
                self.results[action.key] = self._unsent(action)

    def _unsent(self, action: Action) -> Result:
        came, text = Came.WAITING, ""
        match action:
            case Keep():
                came = Came.KEPT
            case Absent():
                came, text = Came.ABSENT, action.reason
            case Blocked():
                came, text = Came.BLOCKED, "; ".join(reason.text for reason in action.reasons)
        return Result(key=action.key, title=action.title, came=came, text=text)

    # ---------------------------------------------------------------------------------------------------- bookkeeping

    def _differences(self, payload: Payload, seen: Entry) -> tuple[Change, ...]:
        return compare(dict(seen.body or {}), dict(self.register.normal(payload)))

    def _succeed(self, op: Op, receipt: Receipt, came: Came) -> None:
        self.ledger.done(op, receipt, came.value)
        self.failures = 0
        title = op.payload.title if op.payload else ""
        text = "; ".join(receipt.warnings)
        self.results[op.key] = Result(
            key=op.key, title=title, came=came, text=text, register_id=receipt.register_id, flag=receipt.flag
        )
        self._step("recorded", op.key)

    def _fail(self, key: str, title: str, came: Came, text: str) -> None:
        self.failures += 1
        self.results[key] = Result(key=key, title=title, came=came, text=text)
        self._step("failed", key)

    def _note(self, action: Action, came: Came, text: str, entry: Entry | None) -> None:
        register_id = entry.register_id if entry else None
        self.results[action.key] = Result(
            key=action.key, title=action.title, came=came, text=text, register_id=register_id
        )

    def _step(self, point: str, key: str) -> None:
        done = sum(1 for result in self.results.values() if result.came is not Came.WAITING)
        self.conduct.progress(Step(point, key, done, len(self.plan.pending)))


_SENT = {"create": Came.CREATED, "update": Came.UPDATED, "withdraw": Came.WITHDRAWAL_REQUESTED}


def _receipt(seen: Entry) -> Receipt:
    return Receipt(key=seen.key, register_id=seen.register_id, state=seen.state, flag=seen.flag, warnings=seen.warnings)


def _fields(changes: tuple[Change, ...]) -> str:
    names = [change.field for change in changes[:5]]
    return ", ".join(names) + (f" and {len(changes) - 5} more" if len(changes) > 5 else "")
