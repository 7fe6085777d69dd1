"""Alembic's entrance: the connection is handed over by the ledger, which alone starts migrations."""  # noqa: INP001

from __future__ import annotations

from alembic import context

from mcbridge.register.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
