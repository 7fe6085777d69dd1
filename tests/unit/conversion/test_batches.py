"""What is handed to an issuer that takes so much at once: sizes as they are, batches within the limit, nothing lost."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcbridge.conversion import Destination, Outcome, Reading, convert, expand, in_words
from mcbridge.conversion.batches import parted
from mcbridge.errors import UsageError
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage
from mcbridge.tables import Tables
from tests.unit.cli.command import run
from tests.unit.mappers.edc.writing_one import achievement, credential, en

TABLES = Tables()


@given(st.lists(st.integers(0, 300), max_size=40), st.integers(1, 400))
def test_batches_keep_the_order_and_the_limit_and_are_as_few_as_the_order_allows(sizes: list[int], most: int) -> None:
    lots = [list(lot) for lot in parted(sizes, most)]
    assert [at for lot in lots for at in lot] == list(range(len(sizes)))
    assert all(sum(sizes[at] for at in lot) <= most or len(lot) == 1 for lot in lots)
    for lot, after in pairwise(lots):
        assert sum(sizes[at] for at in lot) + sizes[after[0]] > most


@pytest.mark.parametrize(
    ("size", "words"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (43_780, "43.8 kB"), (4_500_000, "4.5 MB")]
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert in_words(size) == words


def records(folder: Path, *lengths: int) -> Path:
    """A source of credentials, each with a text of so many letters."""
    made = [
        credential(achievement(description=en("x" * length)), id=f"{number:064x}")
        for number, length in enumerate(lengths, 1)
    ]
    source = folder / "in.ndjson"
    source.write_bytes(b"".join(encode(each) + b"\n" for each in made))
    return source


def carry(source: Path, out: Path, luggage: Luggage | None = None, **options: str) -> Outcome:
    destination = Destination(format="edc", out=out, options=options, is_folder=True)
    return convert(expand([str(source)]), Reading(tables=TABLES), destination, luggage or Luggage("edc"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def test_a_run_that_fits_stays_in_one_folder(tmp_path: Path) -> None:
    outcome = carry(records(tmp_path, 10, 20), tmp_path / "out")
    assert [path.parent for path in outcome.files] == [tmp_path / "out"] * 2
    assert {each.batch for each in outcome.sizes} == {0}


def test_a_larger_run_is_parted_and_is_the_same_files_all_in_all(tmp_path: Path) -> None:
    source = records(tmp_path, *[30_000, 1, 40_000, 1, 1, 90_000, 1, 20_000])
    luggage = Luggage("edc")
    outcome = carry(source, tmp_path / "out", luggage, batch="80kB")
    carry(source, tmp_path / "flat", batch="none")
    found, flat = files(tmp_path / "out"), files(tmp_path / "flat")
    assert {name.rpartition("/")[2]: data for name, data in found.items()} == flat
    assert len(flat) == 8
    assert {str(each.path): each.size for each in outcome.sizes} == {
        str(tmp_path / "out" / name): len(data) for name, data in found.items()
    }
    totals: dict[str, list[int]] = {}
    for name, data in found.items():
        totals.setdefault(name.partition("/")[0], []).append(len(data))
    assert list(totals) == [f"batch-{number:02}" for number in range(1, len(totals) + 1)]
    assert len(totals) > 2
    alone = [sizes for sizes in totals.values() if sum(sizes) > 80_000]
    assert [len(sizes) for sizes in alone] == [1]
    (told,) = [each for each in luggage.report if each.rule.id == "convert/file-too-large"]
    assert "line 6" in str(told.location) or getattr(told.location, "line", None) == 6
    assert luggage.report.by_rule()["convert/file-too-large"] == 1


def test_parting_gives_the_same_names_and_bytes_each_time_also_over_an_earlier_run(tmp_path: Path) -> None:
    source = records(tmp_path, *[30_000] * 5)
    for name in ("one", "two", "two"):
        carry(source, tmp_path / name, batch="80kB")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_nothing_is_left_behind_when_a_batch_cannot_stand_where_it_should(tmp_path: Path) -> None:
    source, out = records(tmp_path, *[30_000] * 5), tmp_path / "out"
    out.mkdir()
    (out / "batch-02").write_bytes(b"a file of somebody's")
    with pytest.raises(UsageError, match="a file, not a folder"):
        carry(source, out, batch="80kB")
    assert files(out) == {"batch-02": b"a file of somebody's"}


def test_files_of_another_run_are_counted_so_that_nobody_uploads_them(tmp_path: Path) -> None:
    source, out = records(tmp_path, *[30_000] * 5), tmp_path / "out"
    assert carry(source, out).others == 0
    assert carry(source, out, batch="80kB").others == 5
    (out / "readme.json").write_bytes(b"{}")
    shutil.rmtree(out / "batch-01")
    assert carry(source, out).others == 3


def test_the_form_says_what_files_are_called(tmp_path: Path) -> None:
    source = records(tmp_path, 1)
    assert [path.suffix for path in carry(source, tmp_path / "a").files] == [".json"]
    assert [path.suffix for path in carry(source, tmp_path / "b", form="bare").files] == [".jsonld"]


@pytest.mark.parametrize(("name", "form", "said"), [("a.txt", "uploadable", 1), ("a.jsonld", "uploadable", 1)])
def test_a_name_that_the_issuer_does_not_take_is_said(name: str, form: str, said: int, tmp_path: Path) -> None:
    luggage = Luggage("edc")
    destination = Destination(format="edc", out=tmp_path / name, options={"form": form})
    convert(expand([str(records(tmp_path, 1))]), Reading(tables=TABLES), destination, luggage)
    assert luggage.report.by_rule()["convert/suffix-not-taken"] == said
    assert (tmp_path / name).exists()


@pytest.mark.parametrize(("name", "form"), [("a.json", "uploadable"), ("a.JSON", "uploadable"), ("a.jsonld", "bare")])
def test_a_usual_name_needs_no_word(name: str, form: str, tmp_path: Path) -> None:
    luggage = Luggage("edc")
    destination = Destination(format="edc", out=tmp_path / name, options={"form": form})
    convert(expand([str(records(tmp_path, 1))]), Reading(tables=TABLES), destination, luggage)
    assert "convert/suffix-not-taken" not in luggage.report.by_rule()


def test_the_command_closes_with_the_sizes_for_people_and_for_programs(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    records(tmp_path, *[30_000] * 5)
    asked = ("convert", "in.ndjson", "--to", "edc:batch=80kB", "-o", "out/")
    said = run(*asked, folder=tmp_path)
    sizes = {name: len(data) for name, data in files(tmp_path / "out").items()}
    assert f"5 written to out/; {in_words(sum(sizes.values()))} in all; " in said.err
    assert f"5 files, the largest of {in_words(max(sizes.values()))}:" in said.err
    for name, size in sizes.items():
        assert f"    {name}: {in_words(size)}" in said.err
    assert "parted into 3 batches, for no more than 80.0 kB is uploaded at once" in said.err
    lines = run(*asked, "--log-format", "json", folder=tmp_path).err.splitlines()
    closing = json.loads(lines[-1])
    assert closing["bytes"] == sum(sizes.values())
    assert {each["file"].removeprefix("out/"): each["bytes"] for each in closing["files"]} == sizes
    assert [each["batch"] for each in closing["files"]] == [1, 1, 2, 2, 3]
    assert "5 files" not in run(*asked, "-q", folder=tmp_path).err
