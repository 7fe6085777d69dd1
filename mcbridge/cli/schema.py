"""``mcbridge schema``."""

from __future__ import annotations

import click

from mcbridge.cli.program import Command, Group
from mcbridge.cli.voice import common


@click.group(cls=Group)
def schema() -> None:
    """Print a schema."""


@schema.command(cls=Command)
@common
def canonical() -> None:
    """The JSON Schema (2020-12) of a canonical record."""
    click.echo(canonical_schema(), nl=False)


def canonical_schema() -> str:
    """The schema as it is printed, and kept in ``docs/``."""
    import json

    from mcbridge.model.codec import schema as of_a_record

    return json.dumps(of_a_record(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
