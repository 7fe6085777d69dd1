"""Each class of failure ends with its documented code, in words, and leaves nothing half written."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mcbridge import demo
from tests.unit.cli.command import environment, files, run, spawn
from tests.unit.conversion.records import credential, saved

BAD_LINE = b'{"record":"credential","version":"1","id":"x","learner":{"givenName":"Tajna"}}\n'


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An empty folder with two good records in it, and the same with a bad one among them."""
    saved(tmp_path / "good.ndjson", credential(1, count=2), credential(2, count=2))
    (tmp_path / "some-bad.ndjson").write_bytes((tmp_path / "good.ndjson").read_bytes() + BAD_LINE)
    (tmp_path / "all-bad.ndjson").write_bytes(BAD_LINE * 2)
    (tmp_path / "nothing.xml").touch()
    (tmp_path / "text.xml").write_text("this is no XML", encoding="utf-8")
    (tmp_path / "broken.gz").write_bytes(gzip.compress(b"x" * 100)[:20])
    (tmp_path / "empty").mkdir()
    (tmp_path / "unknown").mkdir()
    (tmp_path / "unknown" / "notes.txt").write_text("Tajna: remember the milk", encoding="utf-8")
    (tmp_path / "home").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["good.ndjson", "--to", "canonical", "-o", "out.ndjson"], 0, "2 records read, 2 written to out.ndjson"),
        (["good.ndjson", "--to", "canonical", "-o", "out/"], 0, "2 written to out/"),
        (["none.xml", "--to", "canonical"], 2, "none.xml: error: there is no such file"),
        (["good.ndjson", "--to", "cannonical"], 2, "did you mean canonical"),
        (["good.ndjson", "--from", "elmu", "--to", "canonical"], 2, "did you mean elmo"),
        (["good.ndjson", "--to", "canonical:colour=red"], 2, 'no option "colour"'),
        (["good.ndjson", "--to", "canonical:red"], 2, '"red" is no option'),
        (["good.ndjson", "--to", "canonical", "--frobnicate"], 2, "No such option"),
        (["good.ndjson"], 2, "Missing option '--to'"),
        (["--to", "canonical"], 2, "Missing argument"),
        (["good.ndjson", "--to", "canonical", "--rules", "semantics"], 2, 'no set of rules "semantics"'),
        (["good.ndjson", "--to", "canonical", "--rules", "register:none"], 2, 'no register "none"'),
        (["good.ndjson", "--to", "canonical", "--deny", "canonical/invalit"], 2, "did you mean canonical/invalid"),
        (["good.ndjson", "--to", "canonical", "--only", "learner.nam=X"], 2, "no record has a field"),
        (["good.ndjson", "--to", "canonical", "-o", "out.json"], 2, "several records"),
        (["good.ndjson", "--to", "canonical", "-o", "none/out.ndjson"], 2, "none/out.ndjson: error: this cannot be"),
        (["good.ndjson", "--to", "canonical", "-o", "text.xml/out.ndjson"], 2, "text.xml/out.ndjson: error"),
        (["good.ndjson", "--to", "canonical", "-o", "text.xml/"], 2, "text.xml: error: this is a file"),
        (["good.ndjson", "--to", "canonical", "-o", "good.ndjson"], 2, "this is a source"),
        (["good.ndjson", "--to", "canonical", "-o", "x", "--losses", "none/l.json"], 2, "none/l.json"),
        (["good.ndjson", "--to", "canonical", "--profile", "p"], 2, "no source is in a format that has the option"),
        (["all-bad.ndjson", "--to", "canonical"], 3, "all-bad.ndjson:1: error"),
        (["nothing.xml", "--to", "canonical"], 3, "nothing.xml: error: the file is empty"),
        (["text.xml", "--to", "canonical"], 3, "text.xml: error: no format recognises"),
        (["text.xml", "--from", "canonical", "--to", "canonical"], 3, "text.xml:1: error"),
        (["broken.gz", "--to", "canonical"], 3, "broken.gz: error: the archive is damaged"),
        (["empty", "--to", "canonical"], 3, "empty: error: there is no file in this folder"),
        (["empty/*.csv", "--to", "canonical"], 3, "no file matches"),
        (["unknown", "--to", "canonical"], 3, "unknown/notes.txt: warning: the file is passed over"),
        (["unknown", "--to", "canonical", "-q"], 3, "none of these files is in a format that is read"),
        (["good.ndjson", "--only", "learner.familyName=Nobody", "--to", "canonical"], 3, "2 left out by --only"),
        (["some-bad.ndjson", "--to", "canonical"], 5, "2 written; 1 refused"),
        (["good.ndjson", "text.xml", "--to", "canonical"], 5, "1 of the sources failed"),
        (["some-bad.ndjson", "--to", "canonical", "--strict"], 3, "nothing was written"),
        (["good.ndjson", "--to", "canonical", "--mappings", "none"], 78, "none: error: there is no such folder"),
    ],
    ids=lambda value: " ".join(value)[:50] if isinstance(value, list) else None,
)
def test_convert_ends_with_the_code_that_is_documented(room: Path, arguments: list[str], code: int, says: str) -> None:
    before = files(room)
    done = run("convert", *arguments, folder=room)
    assert (done.code, says in done.err) == (code, True), done.err
    assert "Traceback" not in done.err
    assert "Tajna" not in done.err
    if code not in {0, 5}:
        assert done.out == ""
        assert files(room) == before


OFFICE = ("--from", "csv", "--profile", "microcredential-office")
SHEET = demo.table().read_bytes()
ROWS = SHEET.split(b"\r\n") if b"\r\n" in SHEET else SHEET.split(b"\n")


@pytest.mark.parametrize(
    ("sheet", "code", "rule"),
    [
        (SHEET, 5, "csv/date-impossible"),
        (SHEET.replace(b";Prezime;", b";Surname?;", 1), 3, "csv/column-missing"),
        (SHEET.replace(b";ECTS;", b";Bodovi;", 1), 5, "csv/unknown-column"),
        (b"", 3, "csv/empty-file"),
        (ROWS[0] + b"\n", 3, "csv/empty-file"),
    ],
    ids=["bundled", "required-column-missing", "unknown-column", "empty", "headings-only"],
)
def test_a_sheet_that_something_is_wrong_with_ends_with_its_code(
    room: Path, sheet: bytes, code: int, rule: str
) -> None:
    (room / "sheet.csv").write_bytes(sheet)
    done = run("convert", "sheet.csv", *OFFICE, "--to", "elmo", "-o", "out/", folder=room)
    assert (done.code, f"[{rule}]" in done.err) == (code, True), done.err
    assert "sheet.csv:" in done.err
    assert (room / "out").exists() is (code == 5)


def test_a_sheet_without_a_column_that_it_must_have_does_not_stop_the_next(room: Path) -> None:
    (room / "in").mkdir()
    (room / "in" / "a.csv").write_bytes(SHEET.replace(b";Prezime;", b";Surname?;", 1))
    (room / "in" / "b.csv").write_bytes(SHEET)
    done = run("convert", "in", *OFFICE, "--to", "canonical", "-o", "out.ndjson", folder=room)
    assert (done.code, "1 of the sources failed" in done.err) == (5, True), done.err


def test_what_could_be_written_is_written_beside_what_failed(room: Path) -> None:
    done = run("convert", "some-bad.ndjson", "--to", "canonical", "-o", "out/", folder=room)
    assert done.code == 5
    assert len(list((room / "out").iterdir())) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_target_is_a_wrong_call_that_names_it(room: Path) -> None:
    done = run("convert", "good.ndjson", "--to", "canonical", "-o", "/dev/full", folder=room)
    assert (done.code, "/dev/full: error: this cannot be written: No space left" in done.err) == (2, True)


@pytest.mark.parametrize("fault", ["read", "late", "write"])
def test_a_bug_ends_with_70_and_a_file_that_has_the_details(room: Path, plug: Path, fault: str) -> None:
    (room / "out.json").write_bytes(b"old")
    before = files(room)
    plan = ("--from", "planted:fault=" + fault) if fault != "write" else ("--from", "canonical")
    done = run(
        "convert", "good.ndjson", *plan, "--to", f"planted:fault={fault}", "-o", "out.json", folder=room, plug=plug
    )
    assert done.code == 70, done.err
    assert files(room) == before
    assert (room / "out.json").read_bytes() == b"old"
    assert "Traceback" not in done.err
    assert "Tajna" not in done.err
    assert "version 0." in done.err
    assert "command: mcbridge convert good.ndjson" in done.err
    (kept,) = (room / "home").rglob("mcbridge-bug-*.txt")
    assert str(kept) in done.err
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "RuntimeError" in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("fault", ["interrupt-read", "interrupt-write"])
def test_an_interruption_ends_with_75_and_leaves_nothing(room: Path, plug: Path, fault: str) -> None:
    before = files(room)
    done = run(
        "convert",
        "good.ndjson",
        "--from",
        "canonical",
        "--to",
        f"planted:fault={fault}",
        "-o",
        "o",
        folder=room,
        plug=plug,
    )
    if fault == "interrupt-read":
        assert done.code == 0  # the writer reads nothing: the fault is not met
        return
    assert (done.code, "interrupted" in done.err) == (75, True)
    assert files(room) == before


def test_a_request_to_stop_is_an_interruption(room: Path, plug: Path) -> None:
    before = files(room)
    command = ["convert", "good.ndjson", "--from", "canonical", "--to", "planted:fault=wait-write", "-o", "out.json"]
    with subprocess.Popen(
        [sys.executable, "-m", "mcbridge", *command],
        cwd=room,
        env=environment(room / "home", plug),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "waiting\n"
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
    assert process.returncode == 75, said
    assert files(room) == before


def test_strict_leaves_the_old_target_as_it_was(room: Path) -> None:
    (room / "out.ndjson").write_bytes(b"old")
    before = files(room)
    done = run("convert", "some-bad.ndjson", "--to", "canonical", "-o", "out.ndjson", "--strict", folder=room)
    assert done.code == 3
    assert files(room) == before
    assert (room / "out.ndjson").read_bytes() == b"old"


def test_findings_are_in_their_file_even_when_nothing_could_be_written(room: Path) -> None:
    done = run("convert", "all-bad.ndjson", "--to", "canonical", "-o", "x", "--diagnostics", "d.jsonl", folder=room)
    assert done.code == 3
    lines = (room / "d.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert all('"rule": "canonical/invalid"' in line and '"line": ' in line for line in lines)


def test_warnings_fail_a_run_only_where_that_is_asked_for(room: Path) -> None:
    arguments = ("convert", "good.ndjson", "unknown", "--to", "canonical", "-o", "out.ndjson")
    assert run(*arguments, folder=room).code == 0
    assert run(*arguments, "--fail-on", "warning", folder=room).code == 3
    assert run(*arguments, "--deny", "source/passed-over", folder=room).code == 3
    assert run(*arguments, "--allow", "source/passed-over", "--fail-on", "warning", folder=room).code == 0


def test_a_format_that_does_not_load_is_named_and_hurts_nobody(room: Path, plug: Path) -> None:
    assert run("convert", "good.ndjson", "--to", "canonical", folder=room, plug=plug).code == 0
    listed = run("formats", folder=room, plug=plug)
    assert listed.code == 0
    assert "elsewhere: cannot be used: nowhere.at_all:Mapper" in listed.out
    done = run("convert", "good.ndjson", "--to", "elsewhere", folder=room, plug=plug)
    assert (done.code, "cannot be loaded" in done.err) == (2, True)


def test_ambiguous_content_is_a_wrong_call_that_names_the_candidates(room: Path, plug: Path) -> None:
    (plug / "both.py").write_text(
        "from planted import Planted\n\nclass Both(Planted):\n    def recognises(self, head):\n        return True\n",
        encoding="utf-8",
    )
    entries = plug / "planted-1.0.dist-info" / "entry_points.txt"
    kept = entries.read_text(encoding="utf-8")
    entries.write_text(kept + "both = both:Both\n", encoding="utf-8")
    try:
        done = run("convert", "good.ndjson", "--to", "canonical", folder=room, plug=plug)
    finally:
        entries.write_text(kept, encoding="utf-8")
    assert done.code == 2
    assert "good.ndjson could be both or canonical" in done.err
    assert "--from" in done.err


def test_a_reader_that_has_seen_enough_is_no_failure(room: Path) -> None:
    command = [sys.executable, "-m", "mcbridge", "schema", "canonical"]
    with subprocess.Popen(
        command, cwd=room, env=environment(room / "home"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_where_nobody_hears_what_is_said_the_work_is_done_and_the_code_tells(room: Path) -> None:
    command = [sys.executable, "-m", "mcbridge", "convert", "some-bad.ndjson", "--to", "canonical", "-o", "out.ndjson"]
    with Path("/dev/full").open("wb") as deaf:
        done = subprocess.run(command, cwd=room, env=environment(room / "home"), stderr=deaf, check=False)
    assert done.returncode == 5
    assert (room / "out.ndjson").exists()


@pytest.mark.parametrize(
    "command", [[], ["frobnicate"], ["--frobnicate"], ["explain"], ["explain", "x/y"], ["schema", "x"]]
)
def test_a_wrong_command_is_2_and_never_1(room: Path, command: list[str]) -> None:
    done = run(*command, folder=room)
    assert done.code == 2
    assert done.err


NO_NETWORK = """
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise AssertionError(f"network: {event}")
sys.addaudithook(refuse)
"""


def test_converting_and_checking_touch_no_network(room: Path) -> None:
    for arguments in (
        ("convert", "good.ndjson", "--to", "canonical", "-o", "out/"),
        ("check", "good.ndjson"),
        ("formats",),
        ("explain", "--list"),
    ):
        done = spawn(*arguments, folder=room, before=NO_NETWORK)
        assert done.code == 0, done.err


@pytest.mark.parametrize("closing", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(("call", "code"), [("nosuch", 2), ("convert nothing.xml --to elmo -o out.xml", 2), ("", 2)])
def test_an_exit_code_is_the_same_when_nobody_can_hear(tmp_path: Path, call: str, code: int, closing: str) -> None:
    """Also where standard error was closed before we began."""
    line = f"{sys.executable} -m mcbridge {call} {closing}"
    assert subprocess.run(line, shell=True, cwd=tmp_path, check=False).returncode == code  # noqa: S602 - our own words


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["good.ndjson"], 0),
        (["some-bad.ndjson"], 0),
        (["good.ndjson", "unknown"], 0),
        (["good.ndjson", "broken.gz"], 5),
        (["good.ndjson", "text.xml"], 5),
        (["broken.gz"], 3),
        (["all-bad.ndjson"], 3),
        (["unknown"], 3),
        (["nothing.xml", "text.xml"], 3),
        (["good.ndjson", "--profile", "microcredential-office"], 2),
        (["good.ndjson", "--profile", "none"], 2),
        (["good.ndjson", "--from", "elmu"], 2),
        (["none.xml"], 2),
        (["empty"], 3),
    ],
)
def test_inspecting_ends_with_what_could_be_read_and_writes_nothing(
    room: Path, arguments: list[str], code: int
) -> None:
    before = files(room)
    done = run("inspect", *arguments, folder=room)
    assert (done.code, files(room)) == (code, before)
    assert "Tajna" not in done.out + done.err
    if code in {0, 3, 5} and arguments != ["empty"]:
        assert json.loads(run("inspect", *arguments, "--json", folder=room).out)["sources"]


def test_a_mapper_that_adds_nothing_is_inspected_all_the_same(room: Path, plug: Path) -> None:
    done = run("inspect", "good.ndjson", "--from", "planted", "--json", folder=room, plug=plug)
    [told] = json.loads(done.out)["sources"]
    assert (done.code, told["title"], told["records"]) == (0, "Planted", {"credentials": 2})


def test_a_file_whose_name_is_no_text_is_a_file_like_others(room: Path, plug: Path) -> None:
    name = os.fsdecode(b"na\xefve.ndjson")
    (room / name).write_bytes((room / "good.ndjson").read_bytes())
    for call in (
        ("check", name, "--json"),
        ("inspect", name, "--json"),
        ("convert", name, "--to", "elmo", "-o", "out/", "--losses", "losses.json", "--diagnostics", "found.ndjson"),
    ):
        done = run(*call, folder=room)
        assert done.code in {0, 3}, done.err
        assert "Traceback" not in done.err
        told = done.out or (room / "losses.json").read_text(encoding="utf-8")
        assert json.loads(told)
    assert run("inspect", name, "--json", folder=room).out.count("na\\\\udcefve.ndjson")
    broken = run("inspect", name, "--from", "planted:fault=read", folder=room, plug=plug)
    assert (broken.code, "Traceback" in broken.err) == (70, False), broken.err
