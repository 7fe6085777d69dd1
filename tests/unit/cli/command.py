"""Running the command as a user does: in a process of its own, with formats plugged in for the occasion."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mcbridge.cli import main
from tests.conftest import CHECKOUT

PLUG = '''
import os
import signal
import sys

from mcbridge.mappers import Format, RecordKind
from mcbridge.mappers.canonical import CanonicalMapper


class Planted(CanonicalMapper):
    """Canonical JSON with a fault that the option ``fault`` names."""

    format = Format(
        name="planted",
        title="Planted",
        suffixes=(".json",),
        reads=frozenset(RecordKind),
        writes=frozenset(RecordKind),
        options={"fault": "what goes wrong"},
    )

    def __init__(self, tables, options):
        super().__init__(tables, {})
        self.fault = options.get("fault")

    def recognises(self, head):
        return head.startswith(b"PLANTED")

    def read(self, source, luggage):
        self.stumble("read")
        yield from super().read(source, luggage)
        self.stumble("late")

    def write(self, records, sink, luggage):
        for number, read in enumerate(records):
            super().write([read], sink, luggage)
            sink.flush()
            self.stumble("write")
        return number + 1

    def stumble(self, at):
        if self.fault == at:
            raise RuntimeError("Tajna Osoba is quoted by this message")
        if self.fault == f"interrupt-{at}":
            raise KeyboardInterrupt
        if self.fault == f"wait-{at}":
            sys.stderr.write("waiting\\n")
            sys.stderr.flush()
            while True:
                signal.pause()
'''


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    code: int
    out: str
    err: str


def plugged(folder: Path) -> Path:
    """A folder that, when it is on the path, plugs the format ``planted`` in."""
    (folder / "planted.py").write_text(PLUG, encoding="utf-8")
    info = folder / "planted-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n", encoding="utf-8")
    entry = "[mcbridge.mappers]\nplanted = planted:Planted\nelsewhere = nowhere.at_all:Mapper\ncsv = planted:Planted\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")
    return folder


def environment(home: Path, *path: Path) -> dict[str, str]:
    """The environment of a run: a home of its own, this checkout and what is plugged in on the path."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MCBRIDGE_", "XDG_", "NO_COLOR"))}
    found = os.pathsep.join(str(each) for each in (*path, CHECKOUT))
    return ours | {"HOME": str(home), "PYTHONPATH": found, "PYTHONWARNINGS": "error"}


def run(*arguments: object, folder: Path, plug: Path | None = None, stdin: bytes = b"") -> Done:
    """Run ``mcbridge`` in ``folder``, quickly: in a process of its own that begins as a copy of this one."""
    streams: list[IO[bytes]] = [tempfile.TemporaryFile() for _ in range(3)]  # noqa: SIM115 - closed below
    streams[0].write(stdin)
    streams[0].seek(0)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # of threads that other tests left
        child = os.fork()
    if not child:
        code = 1
        try:
            code = _as_a_command([str(each) for each in arguments], folder, plug, streams)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    said = []
    for stream in streams:
        stream.seek(0)
        said.append(b"" if stream is streams[0] else stream.read())
        stream.close()
    return Done(os.waitstatus_to_exitcode(status), said[1].decode(), said[2].decode())


def _as_a_command(arguments: list[str], folder: Path, plug: Path | None, streams: list[IO[bytes]]) -> int:
    """What the copy does: become the command, with streams, folder and environment of its own."""
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the streams of this process
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment(folder / "home"))
    if plug:
        sys.path.insert(0, str(plug))
    code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def spawn(*arguments: object, folder: Path, before: str = "") -> Done:
    """Run ``mcbridge`` in an interpreter of its own; ``before`` is code that runs first in it."""
    start = f"{before}\nimport sys\nfrom mcbridge.cli import main\nsys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", start, *(str(argument) for argument in arguments)],
        cwd=folder,
        env=environment(folder / "home"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def files(folder: Path) -> set[str]:
    """Every file below a folder, hidden ones too, but for what a bug leaves in the home."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != "home"
    }
