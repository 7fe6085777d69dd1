"""How a command ends: the documented exit codes, and nothing else, whatever happened.

click ends with 1 where it has no better idea; here an interruption is 75, a wrong
call 2, and what nobody foresaw 70, with the traceback in a file.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
from types import FrameType
from typing import Any, Final

import click

from mcbridge.cli.voice import Voice

WORST_FIRST: Final = (70, 78, 77, 6, 75, 5, 3, 4, 2, 0)


def worst(*codes: int) -> int:
    """The one that is told when several apply. A wrong call ends a run before anything else can be said."""
    return min(codes, key=WORST_FIRST.index, default=0)


def ended(program: click.Command, arguments: list[str]) -> int:
    """Run the command and turn every ending into an exit code and, where people must act, a sentence."""
    voice = Voice()
    kept = _stop_on_terminate()
    try:
        code = _coded(program, arguments, voice)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # whoever read our output has had enough; Python must not complain about it when it closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        if kept is not None:
            signal.signal(signal.SIGTERM, kept)


def _coded(program: click.Command, arguments: list[str], voice: Voice) -> int:
    from mcbridge.errors import McbridgeError

    try:
        # not program.main(): it ends with 1 when nobody reads the output any more
        with program.make_context("mcbridge", arguments, obj=voice) as context:
            code = program.invoke(context)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        voice.usage(error.format_message())
        return 2
    except click.ClickException as error:
        return _wrong_call(error, voice)
    except (click.Abort, KeyboardInterrupt):
        voice.complaint("interrupted; nothing is left half done")
        return 75
    except McbridgeError as error:
        voice.error(error)
        if error.__cause__ is not None:
            voice.detail(f"    because of {type(error.__cause__).__name__}")
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the roof: below it everything is named, so this is our bug
        return _bug(error, arguments, voice)


def _wrong_call(error: click.ClickException, voice: Voice) -> int:
    context = getattr(error, "ctx", None)
    if context is not None:
        voice.usage(context.get_usage())
    voice.complaint(error.format_message())
    if context is not None:
        voice.usage(f"    hint: {context.command_path} --help")
    return 2


def _bug(error: Exception, arguments: list[str], voice: Voice) -> int:
    from mcbridge.cli.crash import kept

    command = shlex.join(["mcbridge", *arguments])
    for line in (
        f"a bug in mcbridge ({type(error).__name__}), not in your file; nothing is left half done",
        f"version {_version()}, command: {command}",
        f"details: {kept(error, command, _version())} (it may quote your input: look before you send it on)",
    ):
        voice.complaint(line)
    return 70


def _version() -> str:
    from mcbridge import __version__

    return f"{__version__}, Python {sys.version.split()[0]}"


def _stop_on_terminate() -> Any:  # noqa: ANN401 - what signal.signal gives
    """A request to stop ends the run like Ctrl-C, so that what was begun is taken back."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        return signal.signal(signal.SIGTERM, stop)
    except ValueError:  # not in the main thread, where signals do not come anyway
        return None
