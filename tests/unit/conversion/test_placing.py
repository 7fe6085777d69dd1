from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mcbridge.conversion.placing import _HOST as HOST
from mcbridge.conversion.placing import Staging
from mcbridge.errors import UsageError


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_there_before_the_commit_and_all_of_it_after(tmp_path: Path) -> None:
    with Staging() as staging:
        for name in ("a", "b"):
            with staging.open(tmp_path / name) as sink:
                sink.write(name.encode())
        assert not [name for name in everything(tmp_path) if not name.startswith(".mcbridge-")]
        assert staging.commit() == [tmp_path / "a", tmp_path / "b"]
    assert everything(tmp_path) == {"a": b"a", "b": b"b"}


def test_what_is_not_committed_leaves_the_old_file_and_no_trace(tmp_path: Path) -> None:
    old = tmp_path / "out.xml"
    old.write_bytes(b"old")

    def fail_half_way() -> None:
        with Staging() as staging:
            staging.folder(tmp_path / "new" / "folder")
            with staging.open(tmp_path / "new" / "folder" / "x") as sink:
                sink.write(b"x")
            with staging.open(old) as sink:
                sink.write(b"half of the n")
                sink.flush()
                raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        fail_half_way()
    assert everything(tmp_path) == {"out.xml": b"old"}
    assert not (tmp_path / "new").exists()


def test_a_dropped_file_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with Staging() as staging:
        with staging.open(tmp_path / "out"):
            pass
        staging.drop(tmp_path / "out")
        assert staging.commit() == []
    assert everything(tmp_path) == {"out": b"old"}


def test_a_new_file_has_the_rights_of_any_other_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    (tmp_path / "old").touch()
    (tmp_path / "old").chmod(0o640)
    with Staging() as staging:
        for name in ("new", "old"):
            with staging.open(tmp_path / name) as sink:
                sink.write(b"x")
        staging.commit()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with Staging() as staging:
        with staging.open(tmp_path / "link") as sink:
            sink.write(b"new")
        staging.commit()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_source_is_not_written_over_under_whatever_name(tmp_path: Path) -> None:
    source = tmp_path / "a.xml"
    source.write_bytes(b"<a/>")
    (tmp_path / "link").symlink_to(source)
    for name in (source, tmp_path / "link", tmp_path / "." / "a.xml"):
        with (
            Staging([source]) as staging,
            pytest.raises(UsageError, match="this is a source"),
            staging.open(name),
        ):
            pass
    assert source.read_bytes() == b"<a/>"


def test_two_outputs_of_one_name_are_refused(tmp_path: Path) -> None:
    with Staging() as staging:
        with staging.open(tmp_path / "a"):
            pass
        with pytest.raises(UsageError, match="two outputs"), staging.open(tmp_path / "a"):
            pass


def test_a_place_that_cannot_be_written_is_a_wrong_call_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "none" / "x", tmp_path / "file" / "x", tmp_path / ("x" * 300)):
        with Staging() as staging, pytest.raises(UsageError) as refused, staging.open(place):
            pass
        assert refused.value.where == str(place)
        assert refused.value.hint
    with Staging() as staging, pytest.raises(UsageError, match=r"cannot be written|not a folder"):
        staging.folder(tmp_path / "file" / "inner")
    assert everything(tmp_path) == {"file": b""}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_in_words(tmp_path: Path) -> None:
    with Staging() as staging:
        with staging.open(Path("/dev/full")) as sink:
            sink.write(b"x" * 100_000)
        with pytest.raises(UsageError, match="No space left"):
            staging.commit()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write what is protected")
def test_a_protected_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o444)
    with Staging() as staging, pytest.raises(UsageError, match="protected"), staging.open(tmp_path / "a"):
        pass
    assert everything(tmp_path) == {"a": b"old"}


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    with Staging() as staging:
        with staging.open(Path(os.devnull)) as sink:
            sink.write(b"x")
        staging.commit()
    assert not Path(os.devnull).is_file()


def test_a_stream_gets_nothing_before_the_commit() -> None:
    out = io.BytesIO()

    def fail_half_way() -> None:
        with Staging() as staging, staging.stream(out) as sink:
            sink.write(b"half")
            raise RuntimeError("planted")

    with pytest.raises(RuntimeError, match="planted"):
        fail_half_way()
    assert out.getvalue() == b""
    with Staging() as staging:
        with staging.stream(out) as sink:
            sink.write(b"whole")
        staging.commit()
    assert out.getvalue() == b"whole"


def test_a_stream_that_is_full_is_told_in_words_and_one_nobody_reads_is_no_error_of_the_target() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, Staging() as staging:
        with staging.stream(full) as sink:
            sink.write(b"data")
        with pytest.raises(UsageError, match="No space left on device"):
            staging.commit()
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb", buffering=0) as unread, Staging() as staging:
        with staging.stream(unread) as sink:
            sink.write(b"data")
        with pytest.raises(BrokenPipeError):
            staging.commit()


def test_what_somebody_else_left_beside_is_not_taken(tmp_path: Path) -> None:
    left = tmp_path / f".mcbridge-{HOST}-{os.getpid()}-1.part"
    left.write_bytes(b"theirs")
    with Staging() as staging:
        with staging.open(tmp_path / "a") as sink:
            sink.write(b"ours")
        staging.commit()
    assert everything(tmp_path) == {left.name: b"theirs", "a": b"ours"}


def test_what_a_killed_run_left_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    gone = tmp_path / f".mcbridge-{HOST}-{child.pid}-7.part"
    alive = tmp_path / f".mcbridge-{HOST}-{os.getppid()}-7.part"
    elsewhere = tmp_path / f".mcbridge-another.{HOST}-{child.pid}-7.part"
    for left in (gone, alive, elsewhere):
        left.write_bytes(b"half")
    with Staging() as staging:
        with staging.open(tmp_path / "out") as sink:
            sink.write(b"whole")
        staging.commit()
    assert everything(tmp_path) == {alive.name: b"half", elsewhere.name: b"half", "out": b"whole"}
