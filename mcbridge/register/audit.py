"""The audit trail: events that are only ever added, each holding the hash of the one before.

Whoever changes or removes a line afterwards breaks the chain from there on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select

from mcbridge.register import schema
from mcbridge.register.hashing import canonical, fingerprint

BEGINNING = "0" * 64
"""What the first event holds instead of a hash."""


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened. ``hash`` covers all the rest, ``previous`` included."""

    seq: int
    time: str
    kind: str
    run: str | None
    key: str | None
    data: dict[str, Any]
    previous: str
    hash: str

    def expected(self) -> str:
        """The hash that the rest demands."""
        rest = msgspec.structs.asdict(self)
        del rest["hash"]
        return fingerprint(canonical(rest))


def record(
    connection: Connection, time: datetime, kind: str, run: str | None, key: str | None, data: Mapping[str, Any]
) -> None:
    """Add an event within a transaction."""
    table = schema.event
    last = connection.execute(select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last is not None else (1, BEGINNING)
    event = Event(
        seq=seq, time=time.isoformat(), kind=kind, run=run, key=key, data=dict(data), previous=previous, hash=""
    )
    values = msgspec.structs.asdict(event) | {"data": canonical(event.data).decode(), "hash": event.expected()}
    connection.execute(insert(table).values(**values))


def events(connection: Connection) -> tuple[Event, ...]:
    """All events, the oldest first."""
    rows = connection.execute(select(schema.event).order_by(schema.event.c.seq)).mappings().all()
    return tuple(Event(**{**row, "data": msgspec.json.decode(row["data"])}) for row in rows)


def broken(trail: Iterable[Event]) -> int | None:
    """The number of the first event that does not follow from the one before it; ``None`` when the chain holds."""
    previous = BEGINNING
    for seq, event in enumerate(trail, start=1):
        if event.seq != seq or event.previous != previous or event.hash != event.expected():
            return seq
        previous = event.hash
    return None
