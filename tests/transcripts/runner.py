"""Runs what a document shows: the commands in its ```console blocks, in order, in one empty folder.

A block is read as a terminal shows it::

    $ command                 run by sh, with mcbridge on PATH; a line that starts with "> " goes on with it
    what it prints            "…" inside a line stands for any text, "…" alone for any number of lines
    2> what it complains      only where a command's two streams are to be told apart; else they are taken together
    => 3                      the exit code; 0 where none is shown
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from tests.conftest import CHECKOUT

LONGEST = 120  # seconds that one command may take
DATA = Path("mcbridge/demo/data")
_MARK = "2> "


@dataclass(frozen=True, slots=True)
class Step:
    """One command: ``first`` and ``last`` are the lines of what it is expected to print, counted from nought."""

    command: str
    expected: tuple[str, ...]
    first: int
    last: int

    def __str__(self) -> str:
        return self.command.partition("\n")[0]


def steps(lines: list[str]) -> Iterator[Step]:
    """The commands in a document's console blocks. Indented blocks, as in a list, are read alike."""
    opened = None
    for number, line in enumerate(lines):
        if opened is None:
            opened = re.fullmatch(r"(\s*)(`{3,})console", line)
        elif line.strip() == opened[2]:
            opened = None
        elif (body := line.removeprefix(opened[1])).startswith("$ "):
            rest = [text.removeprefix(opened[1]) for text in lines[number + 1 :]]
            more = [text[2:] for text in takewhile(lambda text: text.startswith("> "), rest)]
            shown = list(takewhile(lambda text: not text.startswith(("$ ", "```")), rest[len(more) :]))
            first = number + 1 + len(more)
            yield Step("\n".join([body[2:], *more]), tuple(shown), first, first + len(shown))


def printed(step: Step, folder: Path) -> list[str]:
    """What the command prints when it is run in ``folder``, written as a document shows it."""
    apart = any(line.startswith(_MARK) for line in step.expected)
    done = subprocess.run(
        ["/bin/sh", "-c", step.command],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if apart else subprocess.STDOUT,
        timeout=LONGEST,
        check=False,
    )
    lines = done.stdout.decode().splitlines()
    if apart:
        lines += [f"{_MARK}{line}" for line in done.stderr.decode().splitlines()]
    if done.returncode:
        lines.append(f"=> {done.returncode}")
    return [line.rstrip() for line in lines]


def agrees(expected: tuple[str, ...], actual: list[str]) -> bool:
    """Whether what was printed is what the document shows. No ellipsis stands for an exit code."""
    shown, shown_code = _split(expected)
    came, came_code = _split(actual)
    pattern = "".join(
        r"(?:[^\n]*\n)*" if line.strip() == "…" else re.escape(line.rstrip()).replace("…", r"[^\n]*") + r"\n"
        for line in shown
    )
    return shown_code == came_code and re.fullmatch(pattern, "".join(f"{line}\n" for line in came)) is not None


def _split(lines: Sequence[str]) -> tuple[Sequence[str], str]:
    """What was printed, and the exit code."""
    code = re.fullmatch(r"=> (\d+)\s*", lines[-1]) if lines else None
    return (lines[:-1], code[1]) if code else (lines, "0")


def play(document: Path, folder: Path, *, bless: bool) -> int:
    """Run a document's commands in ``folder``, beside a copy of the demo's data; answers how many there were.

    What is in a folder with the document's name is there as well.

    Raises ``AssertionError`` at the first command that prints something else, or with ``bless`` writes into the
    document what it printed.
    """
    shutil.copytree(CHECKOUT / DATA, folder / DATA)
    if document.with_suffix("").is_dir():
        shutil.copytree(document.with_suffix(""), folder, dirs_exist_ok=True)
    lines = document.read_text(encoding="utf-8").splitlines()
    found = list(steps(lines))
    surprises: list[tuple[Step, list[str]]] = []
    for step in found:
        actual = printed(step, folder)
        if agrees(step.expected, actual):
            continue
        if not bless:
            shown, came = "\n".join(step.expected), "\n".join(actual)
            raise AssertionError(f"{document.name}:{step.first}: $ {step}\n--- shown\n{shown}\n--- printed\n{came}")
        surprises.append((step, actual))
    for step, actual in reversed(surprises):
        indent = re.match(r"\s*", lines[step.first - 1])
        lines[step.first : step.last] = [f"{indent[0] if indent else ''}{line}" for line in actual]
    if surprises:
        document.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(found)


def _environment(folder: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MCBRIDGE_", "XDG_", "LC_"))}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    return ours | {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "120", "NO_COLOR": "1"}
