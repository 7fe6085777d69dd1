"""The command line: parse arguments, call one function, say what came of it.

Starting it is light: a command's module is imported when the command is called, and
what a command needs when it needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never 1, and never with a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        from mcbridge import __version__

        print(f"mcbridge {__version__}")  # noqa: T201 - asked by scripts at every start, so not even click is loaded
        return 0
    import atexit
    import gc

    gc.set_threshold(100_000, 20, 20)  # modules and records make no cycles: looking for them takes a tenth of a start
    atexit.register(gc.freeze)  # nor for going through all of them again at the end, which takes a sixth of it
    from mcbridge.cli.ending import ended
    from mcbridge.cli.program import program

    return ended(program, given)
