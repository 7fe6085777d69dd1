"""The tables of the ledger. They are made and changed by the migrations beside this module, never by this module.

Instants are ISO 8601 text in UTC, contents are JSON text: the same in SQLite and PostgreSQL, and readable in both.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("started", String(32), nullable=False),
    Column("ended", String(32)),
    Column("tool", String(32), nullable=False),
    Column("plan", String(64), nullable=False),
    Column("config", String(64), nullable=False),
    Column("serial_before", Integer, nullable=False),
    Column("serial_after", Integer, nullable=False),
    Column("sources", Text, nullable=False),
    Column("records", Integer, nullable=False),
    Column("complete", Integer, nullable=False),
    Column("overrides", Text, nullable=False),
    Column("code", Integer),
    Column("counts", Text),
)

provision = Table(
    "provision",
    metadata,
    Column("key", String(1024), primary_key=True),
    Column("title", Text, nullable=False),
    Column("state", String(32), nullable=False),
    Column("register_id", String(64)),
    Column("hash", String(64)),
    Column("body", Text),
    Column("source", String(64), nullable=False),
    Column("flag", String(32), nullable=False),
    Column("warnings", Text, nullable=False),
    Column("failure", Text, nullable=False),
    Column("failed_hash", String(64)),
    Column("failures", Integer, nullable=False),
    Column("first_seen", String(32), nullable=False),
    Column("last_seen", String(32), nullable=False),
    Column("absent_since", String(32)),
    Column("absent_runs", Integer, nullable=False),
    Column("verified", String(32)),
    Column("serial", Integer, nullable=False),
)

op = Table(
    "op",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("run", String(36), ForeignKey("run.id"), nullable=False),
    Column("key", String(1024), nullable=False),
    Column("action", String(16), nullable=False),
    Column("body", Text),
    Column("hash", String(64)),
    Column("title", Text, nullable=False),
    Column("source", String(64), nullable=False),
    Column("before", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("sent", Integer, nullable=False),
    Column("created", String(32), nullable=False),
    Column("updated", String(32), nullable=False),
    Column("answer", Text, nullable=False),
)
Index(
    "ix_op_open",
    op.c.key,
    unique=True,
    sqlite_where=text("status IN ('intent', 'uncertain')"),
    postgresql_where=text("status IN ('intent', 'uncertain')"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("op", String(36), index=True),
    Column("started", String(32), nullable=False),
    Column("method", String(8), nullable=False),
    Column("path", Text, nullable=False),
    Column("status", Integer),
    Column("seconds", Float, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("excerpt", Text, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("time", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("run", String(36)),
    Column("key", Text),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
