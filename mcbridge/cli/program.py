"""The commands by name; each is imported when it is called, and its one line of help stands here."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

import mcbridge
from mcbridge.cli.voice import Voice

COMMANDS: Mapping[str, tuple[str, str]] = {
    "convert": ("mcbridge.cli.convert:convert", "Carry documents from one format to another."),
    "check": ("mcbridge.cli.check:check", "Say what is wrong with documents, and write nothing."),
    "inspect": ("mcbridge.cli.inspect:inspect", "Say what a document is and how much it holds, and change nothing."),
    "explain": ("mcbridge.cli.explain:explain", "What a rule means, and what to do about a finding."),
    "formats": ("mcbridge.cli.formats:formats", "The formats that can be read and written."),
    "schemas": ("mcbridge.cli.schemas:schemas", "Official schemas, shapes and contexts that you have."),
    "schema": ("mcbridge.cli.schema:schema", "Print a schema."),
    "sync": ("mcbridge.cli.sync:sync", "Publish provisions to a register."),
    "register": ("mcbridge.cli.register:register", "The embedded register."),
    "demo": ("mcbridge.cli.demo:demo", "The whole walk, on bundled data that is invented."),
}


class Command(click.Command):
    """A command whose help is set by rich on a terminal, and plain elsewhere."""

    def get_help(self, ctx: click.Context) -> str:
        """The help page."""
        return _rich_help(self, ctx) or super().get_help(ctx)


class Group(click.Group):
    """A command with commands of its own, whose modules may be named rather than imported."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, lazy: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **kwargs)
        self.lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the walk rather than of the alphabet."""
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name in self.lazy:
            module, _, name = self.lazy[cmd_name][0].partition(":")
            command: click.Command = getattr(import_module(module), name)
            return command
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest also what is not imported yet."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        rows = [(name, line) for name, (_, line) in self.lazy.items()]
        rows += [(name, command.get_short_help_str(100)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def get_help(self, ctx: click.Context) -> str:
        """The help page."""
        return _rich_help(self, ctx) or super().get_help(ctx)


def _rich_help(command: click.Command, ctx: click.Context) -> str | None:
    """The help page with rich's colours; ``None`` where it goes to a file or a pipe."""
    voice = ctx.find_object(Voice)
    if not sys.stdout.isatty() or (voice is not None and voice.color == "never"):
        return None
    from rich_click import RichCommand, RichContext, RichGroup

    plain: dict[str, Any] = {
        "name": command.name,
        "params": command.params,
        "help": command.help,
        "epilog": command.epilog,
    }
    if isinstance(command, Group):
        children = {name: click.Command(name, help=line) for name, (_, line) in command.lazy.items()}
        twin: RichCommand = RichGroup(commands={**children, **command.commands}, **plain)
    else:
        twin = RichCommand(**plain)
    with RichContext(twin, info_name=ctx.info_name, parent=ctx.parent) as rich:
        return twin.get_help(rich)


@click.group(
    cls=Group, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(mcbridge.__version__, prog_name="mcbridge", message="%(prog)s %(version)s")
def program() -> None:
    """Micro-credentials between student systems, ELMO, European Digital Credentials and public registers.

    Results go to the file that -o names, or to standard output; findings and everything else to standard error.
    """
