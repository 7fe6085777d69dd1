from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from mcbridge.conversion.envelopes import unfold
from mcbridge.conversion.opening import Opened, expand, sources
from mcbridge.diagnostics import Diagnostic, Report
from mcbridge.errors import InputError, Unreadable, UsageError
from mcbridge.limits import DEFAULT
from mcbridge.origins import Source


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def names(*arguments: Path | str) -> list[str]:
    return [found.name for found in expand([str(argument) for argument in arguments])]


def opened(*arguments: Path | str) -> tuple[list[Opened | Diagnostic], Report]:
    report = Report()
    return list(sources(expand([str(argument) for argument in arguments]), report)), report


def test_a_folder_is_walked_in_order_without_what_is_hidden_or_beside_a_record(tmp_path: Path) -> None:
    for name in ("b.xml", "a/z.xml", "a/b.json.contents/ff", ".hidden", ".git/config", "a/b.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert names(tmp_path) == [str(tmp_path / name) for name in ("a/b.json", "a/z.xml", "b.xml")]


def test_a_file_is_read_once_however_often_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text("<a/>", encoding="utf-8")
    assert names(file, tmp_path, f"{tmp_path}/*.xml") == [str(file)]


def test_equal_bytes_under_two_names_are_read_once_and_that_is_said(tmp_path: Path) -> None:
    for name in ("a.xml", "copy.xml"):
        (tmp_path / name).write_text("<a/>", encoding="utf-8")
    found, report = opened(tmp_path)
    assert len(found) == 1
    assert report.by_rule() == {"source/read-twice": 1}


def test_a_pattern_matches_in_order(tmp_path: Path) -> None:
    for name in ("2.csv", "1.csv", "1.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert names(f"{tmp_path}/*.csv") == [str(tmp_path / "1.csv"), str(tmp_path / "2.csv")]


def test_a_name_with_brackets_that_exists_is_no_pattern(tmp_path: Path) -> None:
    file = tmp_path / "export[1].csv"
    file.write_text("x", encoding="utf-8")
    assert names(file) == [str(file)]


def test_what_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        expand([str(tmp_path / "none.xml")])


@pytest.mark.parametrize("argument", ["empty", "empty/*.csv"])
def test_a_folder_or_pattern_without_files_is_unreadable(tmp_path: Path, argument: str) -> None:
    (tmp_path / "empty" / ".hidden").mkdir(parents=True)
    with pytest.raises(Unreadable):
        expand([str(tmp_path / argument)])


def test_standard_input_is_read_once() -> None:
    with pytest.raises(UsageError, match="once"):
        expand(["-", "-"])
    (found,) = sources(expand(["-"]), Report(), io.BytesIO(b"<a/>"))
    assert isinstance(found, Opened)
    assert (found.source.name, found.source.data, found.named) == ("-", b"<a/>", True)


def test_an_archive_is_told_by_its_bytes_and_its_members_are_named(tmp_path: Path) -> None:
    members = {"b.xml": b"<b/>", "sub/a.xml": b"<a/>", ".DS_Store": b"x", "__MACOSX/b.xml": b"x"}
    archive = zipped(tmp_path / "export.bin", members)
    found, _ = opened(archive)
    assert [(each.source.name, each.named) for each in found if isinstance(each, Opened)] == [
        (f"{archive}!b.xml", False),
        (f"{archive}!sub/a.xml", False),
    ]


def test_a_gzip_is_the_file_in_it(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_bytes(gzip.compress(b"<a/>"))
    ((one,), _) = opened(file)
    assert isinstance(one, Opened)
    assert (one.source.name, one.source.data, one.named) == (str(file), b"<a/>", True)


def inside(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w", method) as archive:
            archive.writestr("a.xml", data)
        return buffer.getvalue()


def encrypted() -> bytes:
    """A member that says of itself that it is encrypted."""
    data = bytearray(inside(b"<a/>"))
    data[6] |= 1  # the flags of the local header, and of the central directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def bad_inside(method: int) -> bytes:
    """A member whose packed bytes are not what they should be."""
    data = bytearray(inside(bytes(range(256)) * 40, method))
    at = data.index(b"a.xml") + 5
    data[at + 12 : at + 40] = bytes(28)
    return bytes(data)


def nameless() -> bytes:
    """A member without a name."""
    data = inside(b"<a/>")
    entry = data.index(b"PK\x01\x02")
    cut = data[:26] + b"\0\0" + data[28:30] + data[35:entry]
    return cut + data[entry : entry + 28] + b"\0\0" + data[entry + 30 : entry + 46] + data[entry + 51 :]


BOMB = b"\0" * (3 * DEFAULT.free)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (gzip.compress(inside(b"<a/>")), "archive within an archive"),
        (inside(gzip.compress(b"<a/>")), "archive within an archive"),
        (gzip.compress(b"<a/>")[:-5], "damaged"),
        (b"\x1f\x8b\x08\x00garbage", "damaged"),
        (inside(b"<a/>")[:20], "damaged"),
        (inside(b"<a/>", zipfile.ZIP_STORED).replace(b"<a/>", b"<b/>"), "damaged"),
        (encrypted(), "encrypted"),
        (gzip.compress(BOMB), "unfolds to more than 200 times"),
        (inside(BOMB), "unfolds to more than 200 times"),
        (b"PK\x05\x06" + b"\0" * 18, "no file in this archive"),
        (bad_inside(zipfile.ZIP_DEFLATED), "damaged"),
        (bad_inside(zipfile.ZIP_BZIP2), "damaged"),
        (bad_inside(zipfile.ZIP_LZMA), "damaged"),
        (nameless(), "damaged"),
    ],
    ids=[
        "zip-in-gzip",
        "gzip-in-zip",
        "cut",
        "no-gzip",
        "cut-zip",
        "changed",
        "encrypted",
        "bomb",
        "zip-bomb",
        "empty",
        "bad-deflate",
        "bad-bzip2",
        "bad-lzma",
        "nameless",
    ],
)
def test_an_archive_that_cannot_be_trusted_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        list(unfold(Source("a", data=data)))


@pytest.mark.parametrize("lacking", [5, 16, 26])
def test_an_archive_whose_directory_points_in_front_of_it_is_damaged(lacking: int) -> None:
    """A file that lost bytes near its beginning, but not the first ones."""
    data = inside(b"<elmo/>" * 20)
    with pytest.raises(Unreadable, match="damaged"):
        list(unfold(Source("torn.zip", b"PK\x03\x04" + data[4 + lacking :])))


def test_an_office_document_is_called_by_its_name(tmp_path: Path) -> None:
    workbook = zipped(tmp_path / "sheet.xlsx", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    with pytest.raises(Unreadable, match="office document") as refused:
        list(unfold(Source.of(workbook)))
    assert refused.value.hint
    assert "CSV" in refused.value.hint


def test_a_broken_archive_does_not_stop_the_next_source(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8b\x08\x00")
    (tmp_path / "b.xml").write_bytes(b"<b/>")
    (bad, good), _ = opened(tmp_path)
    assert isinstance(bad, Diagnostic)
    assert (bad.rule.id, bad.location.source) == ("source/unreadable", str(tmp_path / "a.gz"))
    assert isinstance(good, Opened)
