"""``mcbridge register``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mcbridge.cli.program import Command, Group
from mcbridge.cli.voice import Voice, common
from mcbridge.errors import ConfigError

if TYPE_CHECKING:
    from mcbridge.register.embedded.server import Running


@click.group(cls=Group)
def register() -> None:
    """The embedded register."""


@register.command(cls=Command)
@click.option(
    "--db", default="sqlite:///register.db", show_default=True, metavar="URL", help="Where it keeps its records."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8642, show_default=True, help="0 takes a free one.")
@click.option(
    "--dialect",
    type=click.Choice(["strict", "deqar"]),
    default="strict",
    show_default=True,
    help="How it answers: as DEQAR does, or with what DEQAR lets pass refused as well.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The token that publishers come with; without one, a token is made for a new register and printed.",
)
@common
@click.pass_obj
def serve(
    voice: Voice, *, db: str, host: str, port: int, dialect: Literal["strict", "deqar"], token_file: Path | None
) -> None:
    """Run a register on this machine that speaks the language of DEQAR, until it is told to stop."""
    from mcbridge.register.embedded import serve as run

    def announce(running: Running) -> None:
        # to standard output, and at once: whoever started it in the background waits for this line
        click.echo(f"listening on {running.url}")
        if running.token is not None:
            click.echo(f"token: {running.token}")
        voice.say(f"dialect {dialect}, records in {db}; Ctrl-C stops it")

    token = _token(token_file) if token_file is not None else None
    run(db, announce=announce, host=host, port=port, dialect=dialect, token=token)


def _token(file: Path) -> str:
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"the token cannot be read: {error}", where=str(file), hint="check --token-file") from error
    if not token:
        raise ConfigError("the file holds no token", where=str(file), hint="write the token into it, and nothing else")
    return token
