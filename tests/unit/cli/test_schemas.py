"""Official files are told by their bytes, kept in the user's folder, and nothing else is."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import msgspec
import pytest

from mcbridge import schemas
from mcbridge.cli.schemas import listed
from mcbridge.errors import ConfigError
from mcbridge.schemas import Known, Official, Purpose, State, Store
from tests.unit.cli.command import Done, spawn

GOOD, OTHER = b"<schema>\n  one\n</schema>\n", b"@prefix other: <urn:example:other> .\n"


def known(data: bytes, **more: str) -> Known:
    digest = hashlib.sha256(data).hexdigest()
    given = {"title": "Invented", "role": "schema", "licence": "MIT", "origin": "an invented publisher", **more}
    return msgspec.convert({**given, "sha256": digest, "size": len(data)}, Known)


TABLE = Official(
    {"one/1": Purpose("to check one", ("one/one.xsd", "one/other.ttl"), "one/one.xsd")},
    {"one/one.xsd": known(GOOD, version="1.0"), "one/other.ttl": known(OTHER, title="Other")},
)

SCRIPT = f"""
import msgspec
from mcbridge import schemas
table = msgspec.json.decode({msgspec.json.encode(TABLE)!r}, type=schemas.Official)
schemas.official = lambda: table
"""
"""A table of our own, so that no published file is needed."""


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "official", lambda: TABLE)


def run(*arguments: object, folder: Path) -> Done:
    before = f"import os\nos.environ['MCBRIDGE_SCHEMAS'] = {str(folder / 'kept')!r}\n{SCRIPT}"
    return spawn("schemas", *arguments, folder=folder, before=before)


def test_a_file_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "whatever.txt").write_bytes(GOOD)
    done = run("add", "whatever.txt", folder=tmp_path)
    assert done.code == 0, done.err
    assert "whatever.txt: Invented 1.0 (one/1)" in done.err
    assert "for one/1 there is still missing: Other" in done.err
    assert (tmp_path / "kept" / "one" / "one.xsd").read_bytes() == GOOD
    again = run("add", "whatever.txt", folder=tmp_path)
    assert again.code == 0
    assert "there already" in again.err


def test_line_ends_that_a_tool_put_in_are_undone(tmp_path: Path) -> None:
    (tmp_path / "one.xsd").write_bytes(GOOD.replace(b"\n", b"\r\n"))
    assert run("add", "one.xsd", folder=tmp_path).code == 0
    assert (tmp_path / "kept" / "one" / "one.xsd").read_bytes() == GOOD


def test_a_file_that_was_changed_is_refused_with_what_was_published(tmp_path: Path) -> None:
    (tmp_path / "one.xsd").write_bytes(GOOD.replace(b"one", b"two"))
    done = run("add", "one.xsd", folder=tmp_path)
    assert done.code == 3
    assert "it is called like Invented 1.0, but is not the published file" in done.err
    assert hashlib.sha256(GOOD).hexdigest() in done.err
    assert "get it again: an invented publisher" in done.err
    assert not (tmp_path / "kept").exists()


def test_a_file_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zebra").write_bytes(b"?")
    done = run("add", "zebra", folder=tmp_path)
    assert done.code == 3
    assert "no file that mcbridge knows has this SHA-256" in done.err


def test_one_refused_of_several_is_told_by_the_code(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(GOOD)
    (tmp_path / "b").write_bytes(b"?")
    assert run("add", "a", "b", folder=tmp_path).code == 5
    assert run("list", folder=tmp_path).code == 0


def test_folders_and_archives_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "a").write_bytes(GOOD)
    (tmp_path / "folder" / "readme.txt").write_bytes(b"nothing of interest")
    (tmp_path / "folder" / "torn.zip").write_bytes(b"PK\x03\x04torn")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("x/other.ttl", OTHER)
    done = run("add", "folder", "all.zip", folder=tmp_path)
    assert done.code == 0, done.err
    assert "2 known, 0 refused, 2 passed over" in done.err
    assert (tmp_path / "kept" / "one" / "other.ttl").read_bytes() == OTHER


def test_a_folder_without_anything_known_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "readme.txt").write_bytes(b"nothing of interest")
    done = run("add", "folder", folder=tmp_path)
    assert done.code == 3
    assert "none of these files is one that mcbridge knows" in done.err


def test_the_list_says_what_is_there_and_for_what(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(GOOD)
    run("add", "a", folder=tmp_path)
    done = run("list", folder=tmp_path)
    assert "one/1: to check one: 1 of 2 missing" in done.out
    assert "    present         Invented 1.0  an invented publisher" in done.out
    assert "    missing         Other" in done.out
    found = json.loads(run("list", "--json", folder=tmp_path).out)
    assert found["folder"] == str(tmp_path / "kept")
    assert found["purposes"][0]["missing"] == ["one/other.ttl"]
    assert [each["state"] for each in found["files"]] == ["present", "missing"]


def test_what_was_changed_after_it_was_added_is_not_taken_for_the_file(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.keep("one/one.xsd", GOOD)
    (tmp_path / "one" / "one.xsd").write_bytes(b"changed")
    assert store.state("one/one.xsd") is State.CHANGED
    assert listed(store)["files"][0]["state"] == "changed"
    assert store.keep("one/one.xsd", GOOD), "added again, it is mended"
    assert store.missing("one/1") == ["one/other.ttl"]


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigError, match="cannot be put there"):
        Store(tmp_path / "file").keep("one/one.xsd", GOOD)


def test_nothing_is_left_behind_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        Store(tmp_path).keep("one/one.xsd", GOOD)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
