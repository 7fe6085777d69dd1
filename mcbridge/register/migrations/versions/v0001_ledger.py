"""The ledger as it began."""  # noqa: INP001

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "meta",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("ended", sa.String(32)),
        sa.Column("tool", sa.String(32), nullable=False),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("config", sa.String(64), nullable=False),
        sa.Column("serial_before", sa.Integer, nullable=False),
        sa.Column("serial_after", sa.Integer, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("complete", sa.Integer, nullable=False),
        sa.Column("overrides", sa.Text, nullable=False),
        sa.Column("code", sa.Integer),
        sa.Column("counts", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_table(
        "provision",
        sa.Column("key", sa.String(1024), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("register_id", sa.String(64)),
        sa.Column("hash", sa.String(64)),
        sa.Column("body", sa.Text),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("flag", sa.String(32), nullable=False),
        sa.Column("warnings", sa.Text, nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
        sa.Column("failed_hash", sa.String(64)),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("first_seen", sa.String(32), nullable=False),
        sa.Column("last_seen", sa.String(32), nullable=False),
        sa.Column("absent_since", sa.String(32)),
        sa.Column("absent_runs", sa.Integer, nullable=False),
        sa.Column("verified", sa.String(32)),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_provision"),
    )
    op.create_table(
        "op",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("run", sa.String(36), nullable=False),
        sa.Column("key", sa.String(1024), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("hash", sa.String(64)),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("before", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("updated", sa.String(32), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_op"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_op_run"),
    )
    still_open = sa.text("status IN ('intent', 'uncertain')")
    op.create_index("ix_op_open", "op", ["key"], unique=True, sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("op", sa.String(36)),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("excerpt", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_op", "attempt", ["op"])
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("run", sa.String(36)),
        sa.Column("key", sa.Text),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_event"),
    )


def downgrade() -> None:
    """There is no way back before the beginning: what was sent must stay known."""
    raise RuntimeError("a ledger has no form before its first; restore the backup instead")
