"""What was sent to a register, and what came of it: the memory between runs.

Before anything is sent, the intention is committed; after the answer, the result. A
crash at any instant loses at most the knowledge of one result, which is found again by
asking the register. No transaction is open while anything is sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, func, insert, select, update

from mcbridge.errors import BrakeHeld
from mcbridge.register import audit, rows, schema
from mcbridge.register.base import Attempt, Entry, Receipt, State
from mcbridge.register.hashing import canonical
from mcbridge.register.plan import Absent, Create, Plan, Update, Withdraw
from mcbridge.register.rows import OPEN, Op, Run, Status
from mcbridge.register.store import Owner, Store


class Ledger:
    """The ledger of one register in one environment. ``clock`` gives the time, with its zone.

    Raises ``ConfigError`` when it cannot be used, ``TryLater`` when it cannot be reached, and ``BrakeHeld`` when it
    belongs to another register or environment.
    """

    def __init__(self, url: str, *, clock: Callable[[], datetime], register: str, environment: str) -> None:
        self._store = Store(url)
        self._clock = clock
        self._run: str | None = None
        self._held = False
        try:
            self._belong(register, environment)
        except BaseException:
            self._store.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()

    @contextmanager
    def lock(self, owner: Owner) -> Iterator[None]:
        """Hold the ledger for one run; ``TryLater`` names who holds it already. Holding it twice is holding it."""
        if self._held:
            yield
            return
        with self._store.lock(owner):
            self._held = True
            try:
                yield
            finally:
                self._held = False

    def now(self) -> datetime:
        """The time, by the clock that it was opened with."""
        return self._clock().astimezone(UTC)

    # ------------------------------------------------------------------------------------------------------- reading

    @property
    def serial(self) -> int:
        """It grows with every change of a record."""
        with self._store.transaction() as connection:
            return int(_meta(connection, "serial") or 0)

    def entries(self) -> tuple[Entry, ...]:
        """What is at the register, for all that is known, by key."""
        now = self.now()
        with self._store.transaction() as connection:
            found = connection.execute(select(schema.provision).order_by(schema.provision.c.key)).all()
        return tuple(rows.entry(row, now) for row in found)

    def entry(self, key: str) -> Entry | None:
        """The same for one key."""
        with self._store.transaction() as connection:
            row = connection.execute(select(schema.provision).where(schema.provision.c.key == key)).first()
        return rows.entry(row, self.now()) if row is not None else None

    def open_ops(self) -> tuple[Op, ...]:
        """Operations whose outcome is not known, the oldest first."""
        with self._store.transaction() as connection:
            query = select(schema.op).where(schema.op.c.status.in_(OPEN)).order_by(schema.op.c.created, schema.op.c.key)
            found = connection.execute(query).all()
        return tuple(rows.op(row) for row in found)

    def runs(self, number: int = 20) -> tuple[Run, ...]:
        """The last runs, the newest first."""
        with self._store.transaction() as connection:
            query = (
                select(schema.run)
                .order_by(schema.run.c.started.desc(), schema.run.c.serial_before.desc())
                .limit(number)
            )
            found = connection.execute(query).all()
        return tuple(rows.run(row) for row in found)

    def ops(self, key: str) -> tuple[tuple[str, str, str, datetime], ...]:
        """What was done to a record: action, status, answer, time, the newest first."""
        table = schema.op.c
        with self._store.transaction() as connection:
            query = select(table.action, table.status, table.answer, table.updated).where(table.key == key)
            found = connection.execute(query.order_by(table.updated.desc(), table.id)).all()
        return tuple((row.action, row.status, row.answer, rows.instant(row.updated)) for row in found)

    def attempts(self, op: str) -> int:
        """How many exchanges over the network an operation took."""
        with self._store.transaction() as connection:
            query = select(func.count()).select_from(schema.attempt).where(schema.attempt.c.op == op)
            return int(connection.execute(query).scalar_one())

    def events(self) -> tuple[audit.Event, ...]:
        """The audit trail, the oldest first."""
        with self._store.transaction() as connection:
            return audit.events(connection)

    # --------------------------------------------------------------------------------------------------------- a run

    def begin(self, plan: Plan, *, tool: str, overrides: Mapping[str, Any]) -> Run:
        """Start a run of a plan, and note what the sources have and have not."""
        now = self.now()
        run = str(uuid.uuid4())
        with self._store.transaction() as connection:
            serial = int(_meta(connection, "serial") or 0)
            connection.execute(
                insert(schema.run).values(
                    id=run,
                    started=now.isoformat(),
                    tool=tool,
                    plan=plan.hash,
                    config=plan.about.config,
                    serial_before=serial,
                    serial_after=serial,
                    sources=canonical(plan.about.sources).decode(),
                    records=sum(mark.records for mark in plan.about.sources),
                    complete=int(plan.about.complete),
                    overrides=canonical(dict(overrides)).decode(),
                )
            )
            self._run = run
            self._note_presence(connection, plan, now)
            data = {"plan": plan.hash, "tool": tool, "config": plan.about.config, "overrides": dict(overrides)}
            audit.record(connection, now, "run-started", run, None, data)
            row = connection.execute(select(schema.run).where(schema.run.c.id == run)).one()
        return rows.run(row)

    def end(self, code: int, counts: Mapping[str, int]) -> None:
        """The run is over."""
        now = self.now()
        with self._store.transaction() as connection:
            values = {"ended": now.isoformat(), "code": code, "counts": canonical(dict(counts)).decode()}
            connection.execute(update(schema.run).where(schema.run.c.id == self._run).values(**values))
            audit.record(connection, now, "run-ended", self._run, None, {"code": code, "counts": dict(counts)})

    def _note_presence(self, connection: Connection, plan: Plan, now: datetime) -> None:
        table = schema.provision
        absent = {action.key for action in plan.actions if isinstance(action, Absent | Withdraw)}
        seen = {action.key for action in plan.actions} - absent
        for row in connection.execute(select(table.c.key, table.c.absent_since, table.c.absent_runs)).all():
            if row.key in seen:
                values: dict[str, Any] = {"last_seen": now.isoformat(), "absent_since": None, "absent_runs": 0}
            elif row.key in absent and plan.about.complete:
                values = {"absent_since": row.absent_since or now.isoformat(), "absent_runs": row.absent_runs + 1}
            else:
                continue
            connection.execute(update(table).where(table.c.key == row.key).values(**values))

    # --------------------------------------------------------------------------------------------------- an operation

    def intend(self, action: Create | Update | Withdraw) -> Op:
        """Commit the intention to do something. An open operation of the same content is taken up again."""
        now = self.now()
        table = schema.op
        payload = None if isinstance(action, Withdraw) else action.payload
        hash_ = payload.hash if payload else None
        with self._store.transaction() as connection:
            row = connection.execute(select(table).where(table.c.key == action.key, table.c.status.in_(OPEN))).first()
            if row is not None and row.hash == hash_:
                op = row.id
                values = {"action": action.kind, "status": "intent", "sent": row.sent + 1, "updated": now.isoformat()}
                connection.execute(update(table).where(table.c.id == op).values(run=self._run, **values))
            else:
                if row is not None:
                    values = {"status": "superseded", "updated": now.isoformat()}
                    connection.execute(update(table).where(table.c.id == row.id).values(**values))
                op = str(uuid.uuid4())
                before = row.before if row is not None else _state(connection, action.key)
                connection.execute(
                    insert(table).values(
                        id=op,
                        run=self._run,
                        key=action.key,
                        action=action.kind,
                        body=payload.data.decode() if payload else None,
                        hash=hash_,
                        title=action.title,
                        source=payload.source if payload else "",
                        before=before,
                        reason=action.reason,
                        status="intent",
                        sent=1,
                        created=now.isoformat(),
                        updated=now.isoformat(),
                        answer="",
                    )
                )
            state = State.UNCERTAIN if payload else State.WITHDRAW_REQUESTED
            self._touch(connection, action.key, now, title=action.title, state=state.value)
            data = {"op": op, "action": action.kind, "hash": hash_, "reason": action.reason}
            audit.record(connection, now, "intent", self._run, action.key, data)
            return rows.op(connection.execute(select(table).where(table.c.id == op)).one())

    def done(self, op: Op, receipt: Receipt, answer: str = "") -> None:
        """It took effect: the record is at the register as it was sent."""
        values: dict[str, Any] = {
            "state": receipt.state.value,
            "register_id": receipt.register_id,
            "flag": receipt.flag,
            "warnings": canonical(receipt.warnings).decode(),
            "failure": "",
            "failed_hash": None,
            "failures": 0,
            "verified": None,
        }
        if op.payload is not None:
            values |= {"hash": op.payload.hash, "body": op.payload.data.decode(), "source": op.payload.source}
        self._close(op, "done", answer or receipt.state.value, **values)

    def uncertain(self, op: Op, why: str) -> None:
        """No answer came; the record stays uncertain until the register was asked."""
        self._close(op, "uncertain", why)

    def failed(self, op: Op, why: str) -> None:
        """The register refused it: what was there before still is."""
        before = self.entry(op.key)
        hash_ = op.payload.hash if op.payload is not None else None
        same = before is not None and hash_ is not None and before.failed_hash == hash_
        failures = before.failures + 1 if same and before is not None else 1
        state = op.before or State.FAILED.value
        self._close(op, "failed", why, state=state, failure=why, failed_hash=hash_, failures=failures)

    def reopen(self, op: Op, why: str) -> None:
        """The register was asked: it did not take effect. It may be sent again, under the same id."""
        self._close(op, "intent", why, **({"state": op.before} if op.before else {}))

    def unsent(self, op: Op, why: str) -> None:
        """It certainly never reached the register, which says nothing about the record."""
        self._close(op, "unsent", why, state=op.before or State.FAILED.value, failure=why)

    def conflict(self, op: Op, why: str, *, drifted: bool) -> None:
        """The register holds something else than what was sent, or than what was there by our knowledge."""
        state = State.DRIFTED if drifted else State.CONFLICT
        self._close(op, "drifted" if drifted else "conflict", why, state=state.value, failure=why)

    def verified(self, key: str, seen: Entry) -> None:
        """It was looked up, and shows what was sent."""
        now = self.now()
        with self._store.transaction() as connection:
            values = {"state": seen.state.value, "register_id": seen.register_id, "flag": seen.flag}
            self._touch(connection, key, now, verified=now.isoformat(), **values)
            audit.record(
                connection, now, "verified", self._run, key, {"register_id": seen.register_id, "flag": seen.flag}
            )

    def drifted(self, key: str, why: str) -> None:
        """It was looked up, and shows something else than what was sent."""
        now = self.now()
        with self._store.transaction() as connection:
            self._touch(connection, key, now, state=State.DRIFTED.value, failure=why)
            audit.record(connection, now, "drifted", self._run, key, {"why": why})

    def unverified(self) -> tuple[str, ...]:
        """The keys of what was sent and not looked up since."""
        table = schema.provision.c
        states = [State.PUBLISHED.value, State.FLAGGED.value, State.HELD.value]
        with self._store.transaction() as connection:
            query = select(table.key).where(table.verified.is_(None), table.state.in_(states)).order_by(table.key)
            return tuple(connection.execute(query).scalars())

    def attempt(self, attempt: Attempt) -> None:
        """Keep one exchange over the network."""
        with self._store.transaction() as connection:
            connection.execute(
                insert(schema.attempt).values(
                    op=attempt.mark or None,
                    started=attempt.started.astimezone(UTC).isoformat(),
                    method=attempt.method,
                    path=attempt.path,
                    status=attempt.status,
                    seconds=attempt.seconds,
                    outcome=attempt.outcome,
                    excerpt=attempt.excerpt,
                )
            )

    def moved(self, serial: int) -> tuple[str, ...]:
        """The keys of records that changed after a serial."""
        table = schema.provision.c
        with self._store.transaction() as connection:
            return tuple(
                connection.execute(select(table.key).where(table.serial > serial).order_by(table.key)).scalars()
            )

    # ------------------------------------------------------------------------------------------------------ the inside

    def _close(self, op: Op, status: Status, answer: str, **values: object) -> None:
        now = self.now()
        with self._store.transaction() as connection:
            change = {"status": status, "answer": answer, "updated": now.isoformat()}
            connection.execute(update(schema.op).where(schema.op.c.id == op.id).values(**change))
            self._touch(connection, op.key, now, **values)
            audit.record(
                connection, now, status, self._run, op.key, {"op": op.id, "action": op.action, "answer": answer}
            )

    def _touch(self, connection: Connection, key: str, now: datetime, **values: object) -> None:
        """Change a record, or begin it, under a new serial."""
        serial = int(_meta(connection, "serial") or 0) + 1
        _set_meta(connection, "serial", str(serial))
        table = schema.provision
        changed = connection.execute(update(table).where(table.c.key == key).values(serial=serial, **values))
        if not changed.rowcount:
            fresh = {
                "title": "",
                "state": State.UNCERTAIN.value,
                "source": "",
                "flag": "",
                "warnings": "[]",
                "failure": "",
                "failures": 0,
                "first_seen": now.isoformat(),
                "last_seen": now.isoformat(),
                "absent_runs": 0,
            }
            connection.execute(insert(table).values(key=key, serial=serial, **(fresh | values)))
        connection.execute(update(schema.run).where(schema.run.c.id == self._run).values(serial_after=serial))

    def _belong(self, register: str, environment: str) -> None:
        with self._store.transaction() as connection:
            for name, ours in (("register", register), ("environment", environment)):
                theirs = _meta(connection, name)
                if theirs is None:
                    _set_meta(connection, name, ours)
                elif theirs != ours:
                    raise BrakeHeld(
                        f"this ledger is that of {name} {theirs!r}, not of {ours!r}",
                        where=self._store.shown,
                        hint="name another ledger for it: the records of two registers never mix",
                    )


def _meta(connection: Connection, name: str) -> str | None:
    return connection.execute(select(schema.meta.c.value).where(schema.meta.c.name == name)).scalar()


def _set_meta(connection: Connection, name: str, value: str) -> None:
    changed = connection.execute(update(schema.meta).where(schema.meta.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(schema.meta).values(name=name, value=value))


def _state(connection: Connection, key: str) -> str:
    table = schema.provision.c
    return connection.execute(select(table.state).where(table.key == key)).scalar() or ""
