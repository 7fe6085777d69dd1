"""Whatever happens to the bytes of a file: an answer, a documented exit code, and nothing half written."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import pytest
from lxml import etree

from mcbridge.cli.ending import ended
from mcbridge.cli.program import program
from tests.conftest import CHECKOUT
from tests.fuzz.budget import SECONDS, Hang, cases, replay, watched
from tests.fuzz.damage import damaged
from tests.golden.cases import cases as golden
from tests.unit.cli.command import environment

CODES: Final = {0, 2, 3, 5}
"""Of reading and writing files: done, ambiguous, nothing usable, some failed."""
TARGETS: Final = ("canonical", "elmo", "edc")
SUFFIXES: Final = {"canonical": ".ndjson", "elmo": ".xml", "edc": ".jsonld"}


@dataclass(frozen=True)
class Seedling:
    """A good file to begin with, and the options that it is read with."""

    name: str
    data: bytes
    options: tuple[str, ...] = ()


def seedlings() -> list[Seedling]:
    """What came in and went out in every golden case of every format, and the bundled documents."""
    found: dict[bytes, Seedling] = {}
    for case in golden():
        given = case.options(case.settings.read)
        options = tuple(f"--{name}={given[name]}" for name in ("profile", "encoding") if name in given)
        for path in (case.input, case.output):
            if path is not None:
                data = path.read_bytes()
                found.setdefault(data, Seedling(path.name, data, options if path == case.input else ()))
    for path in sorted((CHECKOUT / "mcbridge" / "demo" / "data").iterdir()):
        options = ("--profile=microcredential-office",) if path.suffix == ".csv" else ()
        if path.is_file():
            found.setdefault(path.read_bytes(), Seedling(path.name, path.read_bytes(), options))
    return [found[data] for data in sorted(found)]


@dataclass(frozen=True)
class Call:
    """A command over a damaged file."""

    name: str
    data: bytes
    arguments: tuple[str, ...]

    def in_folder(self, folder: Path) -> list[str]:
        """The arguments, with the file in place."""
        (folder / self.name).write_bytes(self.data)
        return [each.replace("@", f"{folder}/") if each.startswith(("@", "--")) else each for each in self.arguments]


def call(random: Random, pool: list[Seedling]) -> Call:
    """The command of a case."""
    one, other = random.choice(pool), random.choice(pool)
    data = damaged(one.data, other.data, random)
    options = one.options if random.random() < 0.9 else ()
    if one.name.endswith(".csv") and random.random() < 0.9:
        options += ("--from=csv",)
    match random.randrange(8):
        case 0:
            return Call(one.name, data, ("inspect", f"@{one.name}", *options))
        case 1:
            sets = random.choice(("schema,semantic", "annex-i", "register:deqar", "semantic,annex-i,register:deqar"))
            return Call(one.name, data, ("check", f"@{one.name}", f"--rules={sets}", *options))
        case _:
            to = random.choice(TARGETS)
            out = random.choice(("@out/", "@out/", f"@out/one{SUFFIXES[to]}"))
            more = random.choice(((), ("--strict",), ("--fail-on-loss",), ("--rules=semantic",), ("-v",)))
            beside = ("--losses=@losses.json", "--diagnostics=@found.ndjson")
            return Call(one.name, data, ("convert", f"@{one.name}", "--to", to, "-o", out, *beside, *options, *more))


def half_written(folder: Path, name: str) -> list[str]:
    """Files that are not whole, or that nobody asked for."""
    wrong: list[str] = []
    for path in sorted(folder.rglob("*")):
        where = path.relative_to(folder)
        if path.is_dir() or where.parts[0] in {"state", name} or ".contents" in str(where.parent):
            continue
        try:
            if where.parts[0] not in {"out", "losses.json", "found.ndjson"}:
                wrong.append(f"{where} was left behind")
            elif path.suffix == ".xml":
                etree.parse(str(path), etree.XMLParser(huge_tree=True))
            elif path.suffix == ".ndjson":
                [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
            else:
                json.loads(path.read_bytes())
        except (etree.XMLSyntaxError, ValueError) as error:
            wrong.append(f"{where}: {error}")
    return wrong


def faults(code: int, said: str, folder: Path, name: str) -> list[str]:
    """What is wrong with an answer; nothing when all is well."""
    found = [] if code in CODES else [f"exit code {code}"]
    if "Traceback" in said:
        found.append("a traceback")
    if code not in {0, 5} and not said.strip():
        found.append("failed without a word")
    found += half_written(folder, name)
    bugs = folder.rglob("mcbridge-bug-*")
    return found + [path.read_text(encoding="utf-8")[-3000:] for path in bugs]


def test_a_damaged_file_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, as many as the time allows."""
    pool = seedlings()
    codes: Counter[int] = Counter()
    wrong: list[str] = []
    for number, random in cases(SECONDS * 0.8):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
        tried = call(random, pool)
        arguments = tried.in_folder(folder)
        out, said = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said), watched():
                code = ended(program, arguments)
            codes[code] += 1
            found = faults(code, said.getvalue(), folder, tried.name)
        except Hang:
            found = [traceback.format_exc(limit=-12)]
        if found:
            wrong.append("\n".join([f"{replay(number)}: {' '.join(arguments)}", *found]))
            if len(wrong) >= 5:
                break
        else:
            _remove(folder)
    print(f"{codes.total()} damaged files; exit codes {dict(sorted(codes.items()))}; {len(wrong)} answered wrongly")
    assert not wrong, "\n\n".join(wrong)
    assert set(codes) <= CODES


def test_a_damaged_file_is_answered_by_the_command(tmp_path: Path) -> None:
    """A sample, each in a process of its own, where what an interpreter does at its end shows as well."""
    pool = seedlings()
    codes: Counter[int] = Counter()
    for number, random in cases(SECONDS * 0.2):
        folder = tmp_path / str(number)
        folder.mkdir()
        tried = call(random, pool)
        arguments = tried.in_folder(folder)
        done = subprocess.run(
            [sys.executable, "-m", "mcbridge", *arguments],
            env={**environment(folder / "state"), "XDG_STATE_HOME": str(folder / "state")},
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        codes[done.returncode] += 1
        found = faults(done.returncode, done.stderr.decode(), folder, tried.name)
        assert not found, "\n".join([f"{replay(number)}: {' '.join(arguments)}", *found])
        _remove(folder)
    print(f"{codes.total()} damaged files; exit codes {dict(sorted(codes.items()))}")


def _remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
