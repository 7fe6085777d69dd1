"""The official files are those of the table, and a document is judged by them once a user has added them."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from mcbridge.errors import BadOption, ConfigError
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.schemas import State, Store, official, recognised
from mcbridge.tables import Tables
from tests.conformance.elmo_documents import everything, least
from tests.golden.cases import FOLDER


@pytest.fixture(scope="module")
def store(shared_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """What a user has who added the whole folder."""
    found = Store(tmp_path_factory.mktemp("schemas"))
    for path in sorted((shared_root / "official").rglob("*")):
        known = recognised(path.read_bytes()) if path.is_file() else None
        if known is not None:
            found.keep(*known)
    return found


@pytest.mark.parametrize("path", official().files)
def test_the_table_has_the_published_file(path: str, shared_root: Path) -> None:
    file = shared_root / "official" / path
    assert file.is_file()
    assert hashlib.sha256(file.read_bytes()).hexdigest() == official().files[path].sha256
    assert file.stat().st_size == official().files[path].size


def test_a_folder_is_taken_as_a_whole(store: Store) -> None:
    assert {store.state(path) for path in official().files} == {State.PRESENT}
    assert all(store.missing(name) == [] for name in official().purposes)


def second() -> bytes:
    """A document of ELMO 2.0."""
    return (FOLDER / "elmo" / "version-two-read-and-written" / "input.xml").read_bytes()


def read(document: bytes, store: Store, version: str = "1.7") -> tuple[list[Read], Luggage, bytes]:
    """Read and written by the published schemas."""
    luggage, sink = Luggage("elmo"), BytesIO()
    options = {"validate": "official", "schemas": str(store.folder), "version": version}
    mapper = ElmoMapper(Tables(), options)
    reads = list(mapper.read(Source("d.xml", document), luggage))
    mapper.write(reads, sink, luggage)
    return reads, luggage, sink.getvalue()


@pytest.mark.parametrize("name", ["example-1.7.0.xml", "example-2.0.0.xml"])
def test_a_published_example_is_valid_by_the_published_schema(name: str, store: Store, shared_root: Path) -> None:
    data = (shared_root / "official" / "elmo" / name).read_bytes()
    reads, luggage, written = read(data, store)
    assert reads
    assert written
    assert [found.rule.id for found in luggage.report if found.rule.id.startswith("elmo/")] == []


def test_the_published_schema_finds_what_is_wrong_and_says_it_in_the_same_words(store: Store) -> None:
    broken = least().replace(b"</learner>", b"<gender>7</gender></learner>")
    _, luggage, _ = read(broken, store)
    (found,) = luggage.report
    assert found.rule.id == "elmo/schema-invalid"
    assert found.message == 'gender is "7"; the schema expects one of: 0, 1, 2, 9'


def test_ours_stand_in_for_the_two_that_are_published_with_remarks(store: Store, tmp_path: Path) -> None:
    """The address of EWP: who has it as it was published has other bytes than the recorded ones."""
    some = Store(tmp_path)
    for path in official().purposes["elmo/1.7"].files:
        if official().files[path].stand_in is None:
            some.keep(path, (store.folder / path).read_bytes())
    assert some.missing("elmo/1.7") == []
    reads, luggage, _ = read(everything(), some)
    assert len(reads) == 2
    assert [found.message for found in luggage.report] == []
    wrong = everything().replace(b"<a:floor>3</a:floor>", b"<a:storey>3</a:storey>", 1)
    assert any("storey" in found.message for found in read(wrong, some)[1].report)


def test_a_document_of_the_second_version_needs_its_own_schema(store: Store, tmp_path: Path) -> None:
    some = Store(tmp_path)
    for path in official().purposes["elmo/1.7"].files:
        some.keep(path, (store.folder / path).read_bytes())
    with pytest.raises(ConfigError, match=r"EMREX ELMO 2\.0\.0 is missing"):
        read(second(), some)
    assert read(second(), store, "2.0")[2]


def test_without_the_files_it_is_said_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"EMREX ELMO 1\.7\.0 is missing") as caught:
        read(least(), Store(tmp_path))
    assert "mcbridge schemas add" in (caught.value.hint or "")
    with pytest.raises(BadOption, match="needs the folder"):
        ElmoMapper(Tables(), {"validate": "official"})
