"""``mcbridge demo``: the whole walk on invented data, by the commands that anybody would type."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import click

import mcbridge
from mcbridge import demo as data
from mcbridge.cli.environment import PREFIX
from mcbridge.cli.program import Command
from mcbridge.cli.voice import Voice, common
from mcbridge.errors import McbridgeError, UsageError

CONFIG: Final = """\
# Made by `mcbridge demo`. A configuration of your own looks like this one.

[[source]]
paths = ["input/microcredentials.csv"]
format = "csv"
profile = "{profile}"

[[source]]
paths = ["input/transcript.xml"]

[register]
kind = "deqar"                        # the embedded register speaks the language of DEQAR
url = "{url}"
token_file = "token"
environment = "test"

[report]                              # the quality assurance report that provisions are published under
agency = "DEMOQA"
activity = "10"
joint_activity = "11"                 # for what several institutions provide together
status = "part of obligatory EQA system"
decision = "positive"
valid_from = 2025-01-15
files = [{{ url = "https://example.edu/report.pdf", languages = ["eng"], name = "Review report" }}]

[[provider]]                          # how our institutions are known there
match = {{ schac = "example.edu" }}
deqar_id = "DEQARINST0012"

[[provider]]
match = {{ schac = "ogledno.example.org" }}
deqar_id = "DEQARINST0017"

[ledger]
url = "sqlite:///state/ledger.db"
"""

FINDINGS: Final = "findings.jsonl"
FILES: Final = {
    "elmo/": "one ELMO document for each learner",
    "edc/": "one European Digital Credential for each learner, ready for the issuer",
    "records.ndjson": "the same as canonical JSON",
    "transcript-edc/": "the transcript as a European Digital Credential",
    "transcript.json": "the transcript as canonical JSON, with its attachment beside it",
    "losses.json": "what ELMO has no place for, and where it stood",
    FINDINGS: "what is wrong with the export, cell by cell",
    "sync.toml": "the configuration of publishing; copy it and put yours in",
    "plan.json": "what was published, in the register's words, and what was not and why",
    "state/": "the ledger: what was sent, and what came of it",
    "register.db": "the register's own file: `mcbridge register serve --db sqlite:///register.db` opens it again",
}


class DemoFailed(McbridgeError):
    """A step of the demonstration ended otherwise than it should; the exit code is that of the step."""

    def __init__(self, step: str, code: int, said: str) -> None:
        super().__init__(f"`{step}` ended with {code}: {said.strip()}", hint="please report this")
        self.exit_code = code if code > 1 else 70


class Walk:
    """The steps in one folder. Each is a process of its own, so that everything goes through files and the network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        path = os.pathsep.join([str(Path(mcbridge.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
        ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self.environment = ours | {"PYTHONPATH": path.rstrip(os.pathsep)}

    def heading(self, text: str) -> None:
        """The next part of the walk."""
        self.number += 1
        click.echo(f"\n{self.number}. {text}\n")

    def step(self, *arguments: str, good: tuple[int, ...] = (0,), module: str = "mcbridge") -> tuple[str, str]:
        """Show one command and run it: what it wrote to its two streams. Raises ``DemoFailed``."""
        line = shlex.join(["mcbridge", *arguments] if module == "mcbridge" else ["python", "-m", module, *arguments])
        click.echo(f"   $ {line}")
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in good:
            raise DemoFailed(line, done.returncode, done.stderr or done.stdout)
        return done.stdout, done.stderr

    def convert(self, *arguments: str) -> None:
        """A conversion; its closing line is shown. Bad rows cost only themselves, so 5 is as good as 0."""
        _, said = self.step("convert", *arguments, good=(0, 5))
        click.echo(f"     {said.strip().splitlines()[-1]}")

    def read(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """A JSON document that a step wrote."""
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    @contextmanager
    def register(self) -> Iterator[str]:
        """The embedded register on a free port, in a process of its own; its address."""
        arguments = ["register", "serve", "--port", "0", "--db", "sqlite:///register.db", "--token-file", "token"]
        click.echo(f"   $ {shlex.join(['mcbridge', *arguments])} &")
        log = self.folder / "register.log"
        with (
            log.open("wb") as err,
            subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "mcbridge", *arguments],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=err,
                encoding="utf-8",
            ) as process,
        ):
            try:
                said = process.stdout.readline().strip() if process.stdout else ""
                if not said.startswith("listening on "):
                    code = process.wait()
                    raise DemoFailed("mcbridge register serve", code, log.read_text(encoding="utf-8"))
                click.echo(f"     {said}")
                yield said.removeprefix("listening on ")
            finally:
                process.terminate()


@click.command(cls=Command)
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Work in this new folder instead of a temporary one.",
)
@click.option("--serve", is_flag=True, help="Leave the register running at the end, until Ctrl-C.")
@common
@click.pass_obj
def demo(voice: Voice, *, keep: Path | None, serve: bool) -> None:
    """The whole walk, on bundled data that is invented.

    An office's export and a transcript become ELMO, European Digital Credentials and canonical JSON; what is on offer
    in them is published to a register that runs on this machine for the occasion, and read back.
    """
    walk = Walk(_room(keep))
    voice.detail(f"working in {walk.folder}")
    walk.heading("What came in. All persons and institutions are invented.")
    _fill(walk)
    walk.heading("The export and the transcript become ELMO, European Digital Credentials and canonical JSON.")
    _convert(walk)
    walk.heading("What is on offer in them is published to a register. The learners stay here.")
    with walk.register() as url:
        (walk.folder / "sync.toml").write_text(CONFIG.format(profile=data.PROFILE, url=url), encoding="utf-8")
        plan = _publish(walk)
        walk.heading("A second process asks the register for each of them, and compares.")
        out, _ = walk.step("sync.toml", "plan.json", module="mcbridge.cli.reading_back")
        click.echo("\n".join(f"     {line}" for line in out.strip().splitlines()))
        if serve:
            walk.heading(f"The register goes on at {url}; Ctrl-C stops it.")
            with suppress(KeyboardInterrupt):
                signal.pause()
    walk.heading("The register is stopped. In short:")
    _sum_up(walk, plan)


def _room(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="mcbridge-demo-"))
    try:
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise UsageError("the folder is not empty", where=str(keep), hint="name a new one")
    except OSError as error:
        raise UsageError(f"this is no folder to work in: {error.strerror or error}", where=str(keep)) from error
    return keep.resolve()


def _fill(walk: Walk) -> None:
    (walk.folder / "input").mkdir()
    for each, what in (
        (data.table(), "the sheet of a micro-credential office, as a spreadsheet saves it (cp1250)"),
        (data.transcript(), "a transcript of records in ELMO, as another university sends it"),
    ):
        (walk.folder / "input" / each.name).write_bytes(each.read_bytes())
        click.echo(f"   input/{each.name:24} {what}")
    token = walk.folder / "token"
    token.touch(mode=0o600)
    token.write_text(f"{secrets.token_hex(20)}\n", encoding="utf-8")


def _convert(walk: Walk) -> None:
    table = (f"input/{data.table().name}", "--profile", data.PROFILE)
    transcript = f"input/{data.transcript().name}"
    walk.convert(*table, "--to", "elmo", "-o", "elmo/", "--losses", "losses.json", "--diagnostics", FINDINGS)
    walk.convert(*table, "--to", "edc", "-o", "edc/")
    walk.convert(*table, "--to", "canonical", "-o", "records.ndjson")
    walk.convert(transcript, "--to", "edc", "-o", "transcript-edc/")
    walk.convert(transcript, "--to", "canonical", "-o", "transcript.json")
    found = [json.loads(line) for line in (walk.folder / FINDINGS).read_text(encoding="utf-8").splitlines()]
    errors = [each for each in found if each["severity"] == "error"]
    click.echo(f"\n   {FINDINGS} names each cell that is wrong, {len(errors)} of them errors:")
    for each in errors:
        click.echo(f"     {each.get('path') or each['source']:8} {each['rule']}")


def _publish(walk: Walk) -> dict[str, Any]:
    walk.step("sync", "plan", "-o", "plan.json")
    plan: dict[str, Any] = walk.read("plan.json")
    created = [action for action in plan["actions"] if action["action"] == "create"]
    refused = [action for action in plan["actions"] if action["action"] == "blocked"]
    click.echo(f"     {len(created)} can be published, {len(refused)} cannot:")
    for action in refused:
        click.echo(f"     - {action.get('key') or 'one without a key'} {action.get('title', '')}".rstrip())
        for reason in action["reasons"]:
            where = "" if action.get("key") else f" (at {reason['where']})"
            click.echo(f"         {reason['rule']}: {reason['text']}{where}")
    _, said = walk.step("sync", "apply", "plan.json")
    click.echo(f"     {said.strip().splitlines()[-1]}")
    for action in created:
        click.echo(f"     + {action['key']} {action['title']}")
    walk.step("sync", "plan", "--detailed-exitcode", "-o", "plan-again.json")
    again = Counter(action["action"] for action in walk.read("plan-again.json")["actions"])
    click.echo(
        f"     nothing is left to do: {again['keep']} are there as they should be, {again['blocked']} are refused"
    )
    return plan


def _sum_up(walk: Walk, plan: dict[str, Any]) -> None:
    actions = Counter(action["action"] for action in plan["actions"])
    codes = Counter(reason["rule"] for action in plan["actions"] for reason in action.get("reasons", ()))
    click.echo(f"   {actions['create']} provisions are published, {actions['blocked']} are refused, for these reasons:")
    for code, number in sorted(codes.items()):
        click.echo(f"     {number:3} {code}")
    click.echo("   `mcbridge explain CODE` says more about each.")
    click.echo(f"\n   Everything is in {walk.folder}")
    for name, what in FILES.items():
        click.echo(f"     {name:18} {what}")
