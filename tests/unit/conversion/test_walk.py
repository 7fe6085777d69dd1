"""Read → check → write, with the real formats: what shares a file, what files are called, what travels beside."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import mcbridge
from mcbridge.conversion import Destination, Outcome, Reading, StrictReport, convert, expand
from mcbridge.diagnostics import Stop
from mcbridge.errors import BadOption, InputError, UsageError
from mcbridge.model import Credential, Provision
from mcbridge.origins import Luggage
from mcbridge.tables import Tables
from tests.unit.conversion.records import PICTURE, PICTURE_NAME, credential, provision, saved

TABLES = Tables()


def carry(
    source: Path, to: str, out: Path | io.BytesIO, *, luggage: Luggage | None = None, folder: bool = False
) -> Outcome:
    destination = Destination(format=to, out=out, is_folder=folder)
    return convert(expand([str(source)]), Reading(tables=TABLES), destination, luggage or Luggage(to), traced=True)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_files_are_called_by_position_and_id_and_by_nobody_s_name(tmp_path: Path) -> None:
    records = [credential(position, count=2, family="Osoba") for position in (1, 2)]
    saved(tmp_path / "in.ndjson", *records)
    carry(tmp_path / "in.ndjson", "canonical", tmp_path / "out", folder=True)
    expected = [f"{position}-{record.id[:8]}.json" for position, record in enumerate(records, 1)]
    assert sorted(everything(tmp_path / "out")) == expected


def test_names_and_bytes_are_the_same_in_every_run(tmp_path: Path) -> None:
    saved(tmp_path / "in.ndjson", credential(1, count=2, picture=True), credential(2, count=2), beside=PICTURE)
    for name in ("one", "two"):
        carry(tmp_path / "in.ndjson", "canonical", tmp_path / name, folder=True)
    assert everything(tmp_path / "one") == everything(tmp_path / "two")


def test_records_of_equal_short_names_get_longer_ones(tmp_path: Path) -> None:
    one = credential(1)
    twin = Credential(version=one.version, id=one.id[:8] + "f" * 56, learner=one.learner, document=one.document)
    saved(tmp_path / "in.ndjson", one, twin)
    carry(tmp_path / "in.ndjson", "canonical", tmp_path / "out", folder=True)
    assert set(everything(tmp_path / "out")) == {f"1-{one.id[:8]}.json", f"1-{twin.id}.json"}


def test_provisions_are_called_by_their_order_and_key(tmp_path: Path) -> None:
    saved(tmp_path / "in.ndjson", provision("example.edu/MC-1"), provision("example.edu/MC-2"))
    carry(tmp_path / "in.ndjson", "canonical", tmp_path / "out", folder=True)
    names = sorted(everything(tmp_path / "out"))
    assert [name.partition("-")[0] for name in names] == ["1", "2"]
    assert all(len(name) == len("1-12345678.json") for name in names)


def test_bytes_travel_beside_the_file_and_are_found_again(tmp_path: Path) -> None:
    saved(tmp_path / "in.ndjson", credential(1, picture=True), beside=PICTURE)
    carry(tmp_path / "in.ndjson", "canonical", tmp_path / "out.json")
    assert everything(tmp_path / "out.json.contents") == {PICTURE_NAME: PICTURE}
    luggage = Luggage()
    again = carry(tmp_path / "out.json", "canonical", tmp_path / "again.json", luggage=luggage)
    assert (again.tally.written, luggage.report.by_rule()) == (1, {})
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "out.json").read_bytes()


def test_each_file_of_a_folder_has_its_own_bytes_beside_it(tmp_path: Path) -> None:
    one, two = credential(1, count=2, picture=True), credential(2, count=2)
    saved(tmp_path / "in.ndjson", one, two, beside=PICTURE)
    carry(tmp_path / "in.ndjson", "canonical", tmp_path / "out", folder=True)
    beside = f"1-{one.id[:8]}.json.contents/{PICTURE_NAME}"
    assert set(everything(tmp_path / "out")) == {f"1-{one.id[:8]}.json", f"2-{two.id[:8]}.json", beside}


def test_to_standard_output_the_bytes_are_a_loss_with_its_place(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.ndjson", credential(1, picture=True), beside=PICTURE)
    out = io.BytesIO()
    outcome = carry(source, "canonical", out)
    assert json.loads(out.getvalue())["record"] == "credential"
    assert outcome.losses is not None
    (lost,) = outcome.losses["losses"]
    assert (lost["code"], lost["source"], lost["path"]) == (
        "loss/contents",
        str(source),
        "/attachments/0/contents/0/sha256",
    )


def test_missing_bytes_are_a_finding_and_no_loss_of_ours(tmp_path: Path) -> None:
    saved(tmp_path / "in.ndjson", credential(1, picture=True))
    luggage = Luggage()
    carry(tmp_path / "in.ndjson", "canonical", tmp_path / "out.json", luggage=luggage)
    assert luggage.report.by_rule() == {"canonical/content-missing": 1}
    assert len(luggage.losses) == 0
    assert not (tmp_path / "out.json.contents").exists()


ELMO = """<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">
<generatedDate>2026-02-01T10:00:00+01:00</generatedDate>
<learner><givenNames>Ana</givenNames><familyName>{family}</familyName></learner>
{reports}</elmo>"""
REPORT = """<report><issuer><identifier type="schac">example.edu</identifier><title>Example</title></issuer>
<learningOpportunitySpecification><title xml:lang="en">Course {number}</title><specifies><learningOpportunityInstance/>
</specifies></learningOpportunitySpecification><issueDate>2026-01-0{number}T00:00:00+01:00</issueDate></report>"""


def elmo(path: Path, family: str, *numbers: int) -> Path:
    reports = "".join(REPORT.format(number=number) for number in numbers)
    path.write_text(ELMO.format(family=family, reports=reports), encoding="utf-8")
    return path


def test_records_of_one_document_become_one_elmo_file_whatever_way_they_went(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    elmo(tmp_path / "in" / "a.xml", "Primjer", 1, 2)
    elmo(tmp_path / "in" / "b.xml", "Ogled", 3)
    carry(tmp_path / "in", "canonical", tmp_path / "middle", folder=True)
    assert len(everything(tmp_path / "middle")) == 3
    carry(tmp_path / "middle", "elmo", tmp_path / "out", folder=True)
    written = everything(tmp_path / "out")
    assert len(written) == 2
    assert sorted(document.count(b"<report>") for document in written.values()) == [1, 2]
    assert {b"Primjer" in document for document in written.values()} == {True, False}


def test_one_elmo_file_is_not_enough_for_two_learners(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    elmo(tmp_path / "in" / "a.xml", "Primjer", 1)
    elmo(tmp_path / "in" / "b.xml", "Ogled", 2)
    with pytest.raises(UsageError, match="several records") as refused:
        carry(tmp_path / "in", "elmo", tmp_path / "out.xml")
    assert "end the name after -o in /" in (refused.value.hint or "")
    assert not (tmp_path / "out.xml").exists()
    carry(tmp_path / "in" / "a.xml", "elmo", tmp_path / "one.xml")
    assert (tmp_path / "one.xml").exists()


def test_what_a_format_cannot_hold_is_refused_by_name(tmp_path: Path) -> None:
    saved(tmp_path / "in.ndjson", provision())
    luggage = Luggage("elmo")
    outcome = carry(tmp_path / "in.ndjson", "elmo", tmp_path / "out.xml", luggage=luggage)
    assert (outcome.tally.written, outcome.tally.refused, outcome.files) == (0, 1, ())
    assert luggage.report.by_rule() == {"convert/kind-not-held": 1}
    assert not (tmp_path / "out.xml").exists()


def test_a_format_that_is_only_read_cannot_be_a_target(tmp_path: Path) -> None:
    saved(tmp_path / "in.ndjson", credential())
    with pytest.raises(UsageError, match="is read, not written"):
        carry(tmp_path / "in.ndjson", "csv", tmp_path / "out.csv")


def test_a_folder_with_a_named_format_takes_what_looks_like_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    saved(folder / "a.json", credential())
    saved(folder / "records.txt", credential(family="Druga"))
    (folder / "notes.txt").write_text("no record", encoding="utf-8")
    luggage = Luggage()
    found, how = expand([str(folder)]), Reading(tables=TABLES, format="canonical")
    outcome = convert(found, how, Destination(format="canonical", out=io.BytesIO()), luggage)
    assert (outcome.tally.read, outcome.tally.passed_over) == (2, 1)
    assert [each.location.source for each in luggage.report] == [str(folder / "notes.txt")]


def test_an_option_goes_to_the_formats_that_know_it(tmp_path: Path) -> None:
    saved(tmp_path / "a.json", credential())
    found = expand([str(tmp_path / "a.json")])
    how = Reading(tables=TABLES, options={"profile": "microcredential-office"})
    with pytest.raises(BadOption, match="has the option profile"):
        convert(found, how, Destination(format="canonical", out=tmp_path / "out.json"), Luggage())
    assert not (tmp_path / "out.json").exists()


def test_strict_stops_at_the_first_error_and_writes_nothing(tmp_path: Path) -> None:
    saved(tmp_path / "in.ndjson", credential())
    with (tmp_path / "in.ndjson").open("ab") as more:
        more.write(b'{"record":"credential","version":"1"}\n')
    with pytest.raises(Stop) as stopped:
        carry(
            tmp_path / "in.ndjson",
            "canonical",
            tmp_path / "out",
            folder=True,
            luggage=Luggage("canonical", StrictReport()),
        )
    assert stopped.value.found.rule.id == "canonical/invalid"
    assert not (tmp_path / "out").exists()


def test_the_library_reads_and_writes_without_the_command(tmp_path: Path) -> None:
    source = elmo(tmp_path / "a.xml", "Primjer", 1, 2)
    luggage = mcbridge.Luggage("canonical")
    reads = list(mcbridge.read(source, luggage))
    assert [isinstance(read.record, mcbridge.Credential) for read in reads] == [True, True]
    assert "annex-i/learning-outcomes-missing" in {each.rule.id for each in mcbridge.check(reads, "annex-i")}
    assert [candidate.key for candidate in mcbridge.select(reads, TABLES)] == [None, None]
    out = io.BytesIO()
    assert mcbridge.write(reads, out, luggage, to="canonical") == 2
    assert mcbridge.write([provision()], io.BytesIO(), luggage, to="canonical") == 1
    assert len(out.getvalue().splitlines()) == 2
    assert isinstance(provision(), Provision)
    source.write_text("no XML", encoding="utf-8")
    with pytest.raises(InputError):
        list(mcbridge.read(source, luggage))
