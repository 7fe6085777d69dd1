"""The rows of the ledger as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Row

from mcbridge.register.base import Entry, Payload, State
from mcbridge.register.plan import SourceMark

ABSENT_RUNS = 2
ABSENT_FOR = timedelta(hours=24)
"""A record has to be missing from so many complete runs, and for so long, before its absence is taken for meant."""

Status = Literal["intent", "uncertain", "done", "failed", "unsent", "conflict", "drifted", "superseded"]
OPEN: tuple[Status, ...] = ("intent", "uncertain")


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: what is to be done to one record, with one id and one body for all its attempts.

    ``sent`` counts the times that it was sent, or about to be. ``updated`` is the time of the last change. ``before``
    is the state of the record before it, empty when there was none.
    """

    id: str
    key: str
    action: Literal["create", "update", "withdraw"]
    payload: Payload | None
    reason: str
    status: Status
    sent: int
    updated: datetime
    before: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of apply. ``serial_before`` is the ledger's serial when it began, ``serial_after`` its own last one."""

    id: str
    plan: str
    serial_before: int
    serial_after: int
    records: int
    sources: tuple[SourceMark, ...]
    started: datetime
    ended: datetime | None
    code: int | None


def instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def entry(row: Row[Any], now: datetime) -> Entry:
    absent = instant(row.absent_since) if row.absent_since else None
    return Entry(
        key=row.key,
        state=State(row.state),
        title=row.title,
        register_id=row.register_id,
        hash=row.hash,
        body=msgspec.json.decode(row.body) if row.body else None,
        source=row.source,
        flag=row.flag,
        warnings=tuple(msgspec.json.decode(row.warnings)),
        failure=row.failure,
        failed_hash=row.failed_hash,
        failures=row.failures,
        absent_runs=row.absent_runs,
        ripe=absent is not None and row.absent_runs >= ABSENT_RUNS and now - absent >= ABSENT_FOR,
        serial=row.serial,
    )


def op(row: Row[Any]) -> Op:
    payload = Payload(key=row.key, title=row.title, data=row.body.encode(), source=row.source) if row.body else None
    return Op(row.id, row.key, row.action, payload, row.reason, row.status, row.sent, instant(row.updated), row.before)


def run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        plan=row.plan,
        serial_before=row.serial_before,
        serial_after=row.serial_after,
        records=row.records,
        sources=msgspec.json.decode(row.sources, type=tuple[SourceMark, ...]),
        started=instant(row.started),
        ended=instant(row.ended) if row.ended else None,
        code=row.code,
    )
