"""Whatever comes in: an answer with its place, in a second of work and within 200 MB, and nothing half written."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import envelopes, presentations
from tests.hostile.credentials import CYCLIC, REFUSED, data
from tests.hostile.documents import CANONICAL, FAULTY, XML, Bad, elmo, nested, record
from tests.unit.cli.command import environment

SECOND = 1.0
MEGABYTES = 200
TRIES = 3
"""A busy machine makes a process work longer than it does alone; one good try shows what it needs."""


MEASURED = """
import atexit, resource, sys
from pathlib import Path
def tell():
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024)
atexit.register(tell)
from mcbridge.cli import main
sys.exit(main())
"""
"""The peak is that of this very program: what the system tells of a child counts the parent's pages, too."""


@dataclass(frozen=True)
class Ran:
    """The exit code of a process, what it said, its seconds of work and its megabytes at most."""

    code: int
    said: str
    seconds: float
    megabytes: float


def ran(arguments: list[str], folder: Path) -> Ran:
    """Run ``mcbridge`` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments],
        cwd=folder,
        env={**environment(folder / "home"), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    seconds, megabytes = map(float, done.stdout.split())
    return Ran(done.returncode, done.stderr.decode(), seconds, megabytes)


def tried(call: list[str], folder: Path, name: str) -> Ran:
    """The best of a few runs."""
    done = ran(call, folder)
    for _ in range(TRIES - 1):
        if done.seconds <= SECOND:
            break
        done = ran(call, folder)
    print(f"{name}: {done.seconds:.2f} s, {done.megabytes:.0f} MB")
    return done


@pytest.mark.parametrize("bad", [*XML, *CANONICAL, *REFUSED, *presentations.REFUSED, *envelopes.REFUSED], ids=str)
def test_a_bad_document_is_answered(bad: Bad, tmp_path: Path) -> None:
    is_answered(bad, tmp_path)


@pytest.mark.parametrize("bad", envelopes.TYPED, ids=str)
def test_a_document_type_is_not_followed_though_it_is_allowed(bad: Bad, tmp_path: Path) -> None:
    is_answered(bad, tmp_path, "--allow-doctype")


def is_answered(bad: Bad, folder: Path, *options: str) -> None:
    source = folder / "bad.in"
    source.write_bytes(bad.data())
    output = folder / "out.json"
    done = tried(["convert", str(source), "--to", "canonical", "-o", str(output), *options], folder, str(bad))
    assert done.code == 3, done.said
    assert "Traceback" not in done.said
    assert bad.says in done.said
    assert bad.place in done.said
    assert not output.exists()
    assert done.megabytes <= MEGABYTES
    assert done.seconds <= SECOND


@pytest.mark.parametrize("name", envelopes.READ)
def test_what_is_only_large_is_read(name: str, tmp_path: Path) -> None:
    made, count = envelopes.READ[name]
    (tmp_path / "large.in").write_bytes(made())
    done = tried(["convert", "large.in", "--to", "canonical", "-o", "out.ndjson"], tmp_path, name)
    assert done.code == 0, done.said
    assert len((tmp_path / "out.ndjson").read_bytes().splitlines()) == count
    assert done.megabytes <= MEGABYTES
    assert done.seconds <= SECOND


@pytest.mark.parametrize("name", FAULTY)
def test_thousands_of_faults_cost_no_more_than_their_number(name: str, tmp_path: Path) -> None:
    (tmp_path / "faulty.in").write_bytes(FAULTY[name]())
    done = ran(["check", "faulty.in"], tmp_path)
    print(f"{name}: {done.seconds:.2f} s, {done.megabytes:.0f} MB")
    assert done.code == 3, done.said[:2000]
    assert "errors" in done.said
    assert done.megabytes <= MEGABYTES
    assert done.seconds <= 4 * SECOND


@pytest.mark.parametrize("fault", ["", "<a/>"], ids=["valid", "faulty"])
@pytest.mark.parametrize(
    "call", [["check"], ["convert", "--to", "elmo", "-o", "out.xml"]], ids=lambda call: str(call[0])
)
def test_documents_as_deep_as_the_limit_allows_are_read(call: list[str], fault: str, tmp_path: Path) -> None:
    deep = elmo(inside=nested(250)).replace("</title>", "</title>" + fault)
    (tmp_path / "deep.in").write_bytes(deep.encode())
    done = ran([*call, "deep.in", "--limit", "depth=512"], tmp_path)
    assert done.code in {0, 3}, done.said
    assert "1 record read" in done.said
    assert ran([*call, "deep.in", "--limit", "depth=513"], tmp_path).code == 2


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "base64 of gzip"])
def test_an_attachment_of_15_mb_is_read_byte_by_byte(packed: bool, tmp_path: Path) -> None:
    data = envelopes.attached(15)
    (tmp_path / "large.in").write_bytes(envelopes.encoded(gzip.compress(data, 1)) if packed else data)
    done = ran(["convert", "large.in", "--to", "canonical", "-o", "out.json"], tmp_path)
    print(f"{done.seconds:.2f} s, {done.megabytes:.0f} MB")
    assert done.code == 0, done.said
    expected = envelopes.payload(15)
    digest = hashlib.sha256(expected).hexdigest()
    assert f'"sha256":"{digest}"' in (tmp_path / "out.json").read_text(encoding="utf-8")
    assert (tmp_path / "out.json.contents" / digest).read_bytes() == expected
    assert done.megabytes <= MEGABYTES


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_its_mark(codec: str, tmp_path: Path) -> None:
    (tmp_path / "good.in").write_bytes(elmo("Čitanje grafikona").encode(codec))
    done = ran(["convert", "good.in", "--to", "canonical", "-o", "out.json"], tmp_path)
    assert done.code == 0, done.said
    assert "Čitanje grafikona" in (tmp_path / "out.json").read_text(encoding="utf-8")


def test_json_in_utf_16_is_told_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "bad.in").write_bytes(record().encode("utf-16"))
    done = ran(["convert", "bad.in", "--to", "canonical", "-o", "out.json"], tmp_path)
    assert done.code == 3
    assert "UTF-16" in done.said


@pytest.mark.parametrize("case", CYCLIC, ids=lambda case: str(case[0]))
@pytest.mark.parametrize("target", ["canonical", "elmo", "edc"])
def test_what_refers_to_itself_comes_to_an_end(case: tuple[str, Any], target: str, tmp_path: Path) -> None:
    (tmp_path / "bad.in").write_bytes(data(case[1]))
    call = ["convert", "bad.in", "--to", target, "-o", "out.x", "--diagnostics", "found.ndjson"]
    done = tried(call, tmp_path, f"{case[0]} to {target}")
    assert done.code in {0, 3}, done.said
    assert "Traceback" not in done.said
    found = [json.loads(line) for line in (tmp_path / "found.ndjson").read_text(encoding="utf-8").splitlines()]
    assert any(each["rule"].startswith("edc/") and each.get("path") for each in found)
    assert done.megabytes <= MEGABYTES
    assert done.seconds <= SECOND


@pytest.mark.parametrize("case", presentations.SUSPICIOUS, ids=lambda case: str(case[0]))
def test_what_is_suspicious_is_read_and_found_with_its_place(case: tuple[str, Any, str, str], tmp_path: Path) -> None:
    name, document, rule, pointer = case
    (tmp_path / "bad.in").write_bytes(data(document))
    call = ["convert", "bad.in", "--to", "canonical", "-o", "out.json", "--diagnostics", "found.ndjson"]
    done = tried(call, tmp_path, name)
    found = [json.loads(line) for line in (tmp_path / "found.ndjson").read_text(encoding="utf-8").splitlines()]
    errors = any(each["severity"] == "error" for each in found)
    assert done.code == (3 if errors else 0), done.said
    assert "Traceback" not in done.said
    assert any(each["rule"].startswith(rule) and each.get("path", "").startswith(pointer) for each in found)
    assert (tmp_path / "out.json").exists()
    assert done.megabytes <= MEGABYTES
    assert done.seconds <= SECOND


@pytest.mark.parametrize("number", presentations.NUMBERS, ids=lambda number: f"{number[:9]} of {len(number)}")
def test_a_number_that_nobody_can_count_with_is_found(number: str, tmp_path: Path) -> None:
    (tmp_path / "bad.in").write_bytes(presentations.numbered(number))
    call = ["convert", "bad.in", "--to", "canonical", "-o", "out.json", "--diagnostics", "found.ndjson"]
    done = tried(call, tmp_path, number[:20])
    assert done.code == 3, done.said
    assert "Traceback" not in done.said
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["achievements"]
    found = [json.loads(line) for line in (tmp_path / "found.ndjson").read_text(encoding="utf-8").splitlines()]
    points = "/credentialSubject/hasClaim/0/creditReceived/0/point"
    assert any(each["rule"].startswith("edc/") and each.get("path") == points for each in found)
    assert done.megabytes <= MEGABYTES
    assert done.seconds <= SECOND
