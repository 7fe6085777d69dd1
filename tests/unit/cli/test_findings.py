"""Findings as people read them."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mcbridge import demo
from mcbridge.cli.findings import as_facts, as_lines
from mcbridge.cli.voice import clean
from mcbridge.diagnostics import (
    Diagnostic,
    JsonLocation,
    Location,
    Rule,
    Severity,
    TableLocation,
    TomlLocation,
    XmlLocation,
)
from tests.unit.cli.command import environment, run
from tests.unit.conversion.records import credential, saved

RULE = Rule(
    "level/eqf-out-of-range",
    Severity.ERROR,
    "Level",
    'EQF level is "{value}"; levels run from 1 to 8',
    "ask for another level than {value}",
    "why",
)


def plain(text: str, _kind: str) -> str:
    return text


def lines(location: Location, value: str | None = "9", *, masked: bool = False) -> list[str]:
    return as_lines(Diagnostic(RULE, location, "levels[0].value", value), masked=masked, paint=plain)


SAYS = 'error: EQF level is "9"; levels run from 1 to 8  [level/eqf-out-of-range]'
HINT = "    hint: ask for another level than 9"


@pytest.mark.parametrize(
    ("location", "where", "at"),
    [
        (XmlLocation("a.xml", 214, 17, "elmo/report[1]/level/value"), "a.xml:214:17", "elmo/report[1]/level/value"),
        (XmlLocation("a.xml", 214, None, "elmo"), "a.xml:214", "elmo"),
        (XmlLocation("a.xml", None, 17), "a.xml", None),
        (TableLocation("e.csv", 47, 52, 6, "ECTS"), "e.csv:52", 'row 47, column F "ECTS"'),
        (TableLocation("e.csv", 47, 52), "e.csv:52", "row 47"),
        (TableLocation("e.csv", header="ECTS"), "e.csv", 'column "ECTS"'),
        (TableLocation("e.xlsx", 3, None, 28, "ECTS", "Sheet1"), "e.xlsx", 'sheet "Sheet1", row 3, column AB "ECTS"'),
        (JsonLocation("a.ndjson", "/levels/0", 3), "a.ndjson:3", "/levels/0"),
        (JsonLocation("a.json", ""), "a.json", None),
        (TomlLocation("p.toml", "columns.ECTS"), "p.toml", "columns.ECTS"),
    ],
)
def test_a_finding_is_a_line_that_can_be_clicked_the_place_and_what_to_do(
    location: Location, where: str, at: str | None
) -> None:
    expected = [f"{where}: {SAYS}", *([f"    at {at}"] if at else []), HINT]
    assert lines(location) == expected


def test_a_masked_finding_has_no_value_in_message_or_hint() -> None:
    shown = "\n".join(lines(XmlLocation("a.xml", 1), "Tajna Osoba", masked=True))
    assert "Tajna" not in shown
    assert 'EQF level is "…"' in shown
    facts = as_facts(Diagnostic(RULE, XmlLocation("a.xml", 1), None, "Tajna Osoba"), masked=True)
    assert "Tajna" not in json.dumps(facts)


def test_what_a_document_holds_cannot_write_on_the_terminal() -> None:
    shown = "\n".join(lines(XmlLocation("a\x1b[2J.xml", 1), "9\x1b[31m\r\n\u202egone\x9b"))
    assert not {"\x1b", "\r", "\u202e", "\x9b"} & set(shown)
    assert "\\x1b[31m\\x0d\\x0a\\x202egone\\x9b" in shown
    assert clean("tab\tand ž") == "tab\tand ž"


BAD = b'{"record":"credential","version":"TAJNA","id":"x","learner":{}}\n'


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "bad.ndjson").write_bytes(BAD * 60)
    (tmp_path / "home").mkdir()
    return tmp_path


def test_values_are_masked_where_nobody_is_looking_unless_they_are_asked_for(room: Path) -> None:
    for extra in ((), ("--log-format", "json")):
        hidden = run("check", "bad.ndjson", *extra, folder=room)
        assert "TAJNA" not in hidden.err + hidden.out
        assert "TAJNA" in run("check", "bad.ndjson", "--show-values", *extra, folder=room).err
    assert "TAJNA" not in run("check", "bad.ndjson", "--json", folder=room).out
    assert "TAJNA" in run("check", "bad.ndjson", "--json", "--show-values", folder=room).out


def test_a_file_that_the_caller_named_holds_values_in_full(room: Path) -> None:
    run("check", "bad.ndjson", "--diagnostics", "d.jsonl", folder=room)
    found = [json.loads(line) for line in (room / "d.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(found) == 60
    assert "TAJNA" in found[0]["message"]
    known = {"rule", "severity", "message", "hint", "source", "line", "column", "sheet", "cell", "row", "field", "path"}
    assert {key for each in found for key in each} <= known
    assert all(value is not None for each in found for value in each.values())


def test_so_many_are_printed_and_the_others_are_counted(room: Path) -> None:
    said = run("check", "bad.ndjson", folder=room).err
    assert said.count("[canonical/other-version]") == 50
    assert "… and 10 more; --diagnostics FILE writes them all" in said


def test_quiet_says_errors_and_nothing_else(room: Path) -> None:
    saved(room / "good.ndjson", credential())
    assert run("check", "good.ndjson", "-q", folder=room).err == ""
    said = run("check", "bad.ndjson", "-q", folder=room).err
    assert "records read" not in said
    assert "error:" in said


def test_verbose_adds_the_notes(room: Path) -> None:
    saved(room / "good.ndjson", credential())
    assert "note:" not in run("check", "good.ndjson", folder=room).err
    assert "note:" in run("check", "good.ndjson", "-v", folder=room).err


def test_json_lines_are_json_to_the_last(room: Path) -> None:
    said = run("convert", "bad.ndjson", "--to", "canonical", "--log-format", "json", folder=room).err
    parts = [json.loads(line) for line in said.splitlines()]
    assert parts[0]["rule"] == "canonical/other-version"
    assert parts[-1]["written"] == 0
    wrong = run("convert", "none", "--to", "canonical", "--log-format", "json", folder=room).err
    assert json.loads(wrong)["where"] == "none"


def test_nothing_that_is_said_of_the_bundled_sheet_names_a_learner(room: Path) -> None:
    """Every cell about a learner, in every row, good or bad; the sheet is the one with most that is wrong."""
    (room / "sheet.csv").write_bytes(demo.table().read_bytes())
    sheet = list(csv.DictReader(io.StringIO(demo.table().read_bytes().decode("cp1250")), delimiter=";"))
    personal = {cell for each in sheet for name in ("Prezime", "E-pošta", "Datum rođenja") if (cell := each.get(name))}
    assert len(personal) > 100
    for arguments in (
        ("check", "--rules", "semantic,annex-i,register:deqar", "-v"),
        ("check", "--rules", "semantic", "--json"),
        ("convert", "--to", "elmo", "-o", "out/", "-v"),
        ("convert", "--to", "edc", "-o", "edc/", "--fail-on-loss", "--log-format", "json", "-v"),
    ):
        command, *rest = arguments
        done = run(command, "sheet.csv", "--profile", demo.PROFILE, *rest, folder=room)
        said = done.err + done.out
        assert len(said) > 1000
        assert [cell for cell in personal if len(cell) > 3 and re.search(rf"\b{re.escape(cell)}\b", said)] == []


def on_a_terminal(room: Path, *arguments: str) -> str:
    """What the command writes when standard error is a terminal."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "mcbridge", *arguments],
        cwd=room,
        env=environment(room / "home") | {"TERM": "xterm"},
        stdout=subprocess.DEVNULL,
        stderr=slave,
    ):
        os.close(slave)
        said = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            said += piece
    os.close(master)
    return said.decode()


def test_on_a_terminal_values_are_shown_in_colours(room: Path) -> None:
    (room / "bad.ndjson").write_bytes(BAD)
    said = on_a_terminal(room, "check", "bad.ndjson")
    assert "TAJNA" in said
    assert "\x1b[" in said
    assert "\x1b[" not in on_a_terminal(room, "check", "bad.ndjson", "--color", "never")
    assert "\x1b[" in run("check", "bad.ndjson", "--color", "always", folder=room).err
    assert "\x1b[" not in run("check", "bad.ndjson", folder=room).err
