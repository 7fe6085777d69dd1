"""What the command says to people, on standard error: errors, findings, notes, the closing line.

Values of cells are shown on a terminal only, unless they are asked for: the mail of
a nightly job must not carry a learner's data.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal

import click

if TYPE_CHECKING:
    from mcbridge.diagnostics import Diagnostic, Report
    from mcbridge.errors import McbridgeError

SHOWN: Final = 50
"""So many findings are printed; the others are counted."""

COLOURS: Final = {"error": "red", "warning": "yellow", "note": "cyan"}
_CONTROL: Final = "[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"

Color = Literal["auto", "always", "never"]


class Voice:
    """How loud, in which colours, and as text or as JSON lines."""

    def __init__(self) -> None:
        self.verbose = False
        self.quiet = False
        self.color: Color = "auto"
        self.json = False
        self.show_values = False

    @property
    def masked(self) -> bool:
        """Whether values of cells are left out."""
        return not (self.show_values or on_terminal())

    def say(self, text: str, **facts: object) -> None:
        """A remark. ``facts`` are for those who read JSON."""
        if not self.quiet:
            self._line(text, {"level": "info", "message": text, **facts})

    def remark(self, text: str) -> None:
        """A remark for people, which programs have in the facts of another one."""
        if not self.quiet and not self.json:
            self._line(text, {})

    def detail(self, text: str, **facts: object) -> None:
        """A remark for those who asked for more."""
        if self.verbose and not self.quiet:
            self._line(text, {"level": "debug", "message": text, **facts})

    def error(self, error: McbridgeError) -> None:
        """Why the walk could not go on."""
        line, column = getattr(error, "line", None), getattr(error, "column", None)
        where = ":".join(str(each) for each in (error.where, line, column) if each is not None)
        head = f"{where or 'mcbridge'}: {self._paint('error', 'error')}: {clean(error.message)}"
        facts = {"level": "error", "message": error.message, "where": where or None, "hint": error.hint}
        self._line("\n    hint: ".join([head, clean(error.hint)] if error.hint else [head]), facts)

    def usage(self, text: str) -> None:
        """How a command is called, for people; programs have the complaint that goes with it."""
        if not self.json:
            self._line(text, {})

    def complaint(self, text: str, **facts: object) -> None:
        """An error that has no place."""
        line = f"mcbridge: {self._paint('error', 'error')}: {clean(text)}"
        self._line(line, {"level": "error", "message": text, **facts})

    def findings(self, report: Report, fail_on: str = "error") -> None:
        """The worst of a report in its order, at most ``SHOWN``; notes only for those who asked for more.

        Whatever makes the run fail is told, however quiet it is to be.
        """
        found = [each for each in report if self._wanted(each, fail_on)]
        chosen = {id(each) for each in sorted(found, key=lambda each: each.level.rank)[:SHOWN]}
        for each in found:
            if id(each) in chosen:
                self.finding(each)
        if len(found) > SHOWN:
            self.say(f"… and {len(found) - SHOWN} more; --diagnostics FILE writes them all", more=len(found) - SHOWN)

    def finding(self, found: Diagnostic) -> None:
        """One finding: where, what, which rule; the place in the document; what to do."""
        from mcbridge.cli.findings import as_facts, as_lines

        lines = as_lines(found, masked=self.masked, paint=self._paint)
        self._line("\n".join(lines), as_facts(found, masked=self.masked))

    def _wanted(self, found: Diagnostic, fail_on: str) -> bool:
        level = found.level.value
        return level in {"error", fail_on} or (not self.quiet and (level == "warning" or self.verbose))

    def _paint(self, text: str, kind: str) -> str:
        coloured = self.color == "always" or (self.color == "auto" and on_terminal() and not os.environ.get("NO_COLOR"))
        return click.style(text, fg=COLOURS[kind], bold=True) if coloured else text

    def _line(self, text: str, facts: dict[str, Any]) -> None:
        if self.json:
            import json

            text = json.dumps({key: value for key, value in facts.items() if value is not None}, ensure_ascii=False)
        if sys.stderr is None:  # it was closed before we began
            return
        try:
            sys.stderr.write(f"{text}\n")
        except OSError:  # nobody can hear it any more: the work goes on, and its exit code tells
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def on_terminal() -> bool:
    """Whether somebody is looking at what we say. A stream that was closed before we began is nobody."""
    return sys.stderr is not None and sys.stderr.isatty()


def clean(text: str) -> str:
    """Text from a document may hold anything; what would move the cursor or turn the line round is spelled out."""
    return text if text.isprintable() else re.sub(_CONTROL, lambda found: f"\\x{ord(found[0]):02x}", text)


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that every command takes; they set up the voice and are not handed on."""
    for option in reversed(_common_options()):
        command = option(command)
    return command


def values_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--show-values``, for commands that print findings."""
    option = click.option(
        "--show-values",
        is_flag=True,
        expose_value=False,
        callback=_set("show_values"),
        help="Show values of cells in findings where it is no terminal, too.",
    )
    return option(command)


def _common_options() -> list[Callable[[Callable[..., Any]], Callable[..., Any]]]:
    return [
        click.option("-v", "--verbose", is_flag=True, expose_value=False, callback=_set("verbose"), help="Say more."),
        click.option(
            "-q", "--quiet", is_flag=True, expose_value=False, callback=_set("quiet"), help="Say errors only."
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            show_default=True,
            is_eager=True,
            expose_value=False,
            callback=_set("color"),
            help="Colours: auto means on a terminal.",
        ),
        click.option(
            "--log-format",
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            expose_value=False,
            callback=lambda ctx, _, value: setattr(voice_of(ctx), "json", value == "json"),
            help="How findings and remarks are written to standard error.",
        ),
    ]


def _set(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def put(ctx: click.Context, _: click.Parameter, value: object) -> None:
        setattr(voice_of(ctx), name, value)

    return put


def voice_of(ctx: click.Context) -> Voice:
    """The voice of this call."""
    return ctx.ensure_object(Voice)
