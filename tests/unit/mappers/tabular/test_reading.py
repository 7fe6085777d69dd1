"""Rows become records one after the other; what was lost or left out is named with its cell."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time

import pytest

from mcbridge.diagnostics import TableLocation
from mcbridge.errors import ConfigError, UsageError
from mcbridge.mappers import detect
from mcbridge.mappers.tabular import CsvMapper
from mcbridge.model import Credential, Learner
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.unit.mappers.tabular.conftest import OFFICE, Table, found, lines

OPTIONS = {"profile": "microcredential-office"}
PLAIN = 'title = "x"\nrecord = "credential"\none_row_is = "credential"\n[columns]\n'


def test_rows_are_read_when_they_are_asked_for(tables: Tables) -> None:
    """The first record is there before the last row is looked at."""
    data = lines(*[{}] * 3, {"ECTS": "abc"}).encode()
    luggage = Luggage()
    reads = CsvMapper(tables, OPTIONS).read(Source("office.csv", data=data), luggage)
    next(reads)
    assert found(luggage) == []
    assert len(list(reads)) == 2
    assert found(luggage) == ["csv/not-a-number E5", "csv/row-left-out E5"]


def test_the_same_bytes_give_the_same_records_and_other_bytes_other_ids(office: Table) -> None:
    table = lines({}, {"Ime": "Žuja"}, {})
    once, again, other = (office(each)[0] for each in (table, table, table + "\n"))
    assert [encode(read.record) for read in once] == [encode(read.record) for read in again]
    ids = [read.record.id for read in (*once, *other) if isinstance(read.record, Credential)]
    assert len(set(ids)) == 6, "each row of each file has its own"
    assert all(decode(encode(read.record)) == read.record for read in once)


def test_a_record_knows_its_row_also_where_cells_hold_line_breaks(office: Table) -> None:
    reads, _ = office(lines({"Ishodi učenja": '"Prvi\nDrugi"'}, {}))
    assert [read.origin.whole for read in reads] == [
        TableLocation("office.csv", 2, 2),
        TableLocation("office.csv", 3, 4),
    ]
    positions = [
        read.record.document.position for read in reads if isinstance(read.record, Credential) and read.record.document
    ]
    assert positions == [2, 3]


def test_rows_left_out_are_counted_for_the_run(office: Table) -> None:
    reads, luggage = office(lines({"ECTS": "abc"}, {}, {"ECTS": "-5"}) + "a;b\n")
    assert (len(reads), luggage.refused) == (2, 2)


def test_blank_rows_and_empty_cells_beyond_the_headings_do_no_harm(office: Table) -> None:
    width = len(OFFICE)
    table = lines({}, {})
    head, first, second = table.splitlines()
    reads, luggage = office("\n".join([head, first + ";;", ";" * (width - 1), "", " ;" * (width - 1) + " ", second]))
    assert [getattr(read.origin.whole, "row", None) for read in reads] == [2, 6]
    assert found(luggage) == []


def test_ignored_cells_are_losses_without_their_content(office: Table) -> None:
    reads, luggage = office(lines({"Napomena": "tajna"}, {"Napomena": "-"}, {"Napomena": "još", "ECTS": "abc"}))
    assert len(reads) == 2
    lost = luggage.losses.resolved(lambda *_: [])["losses"]
    assert [(each["path"], each["code"]) for each in lost] == [
        ("row 4", "loss/record-refused"),
        ("H2", "loss/ignored-column"),
    ]
    assert "tajna" not in json.dumps(lost)


def test_what_is_shared_by_rows_is_not_mixed_up_between_them(office: Table) -> None:
    """What is remembered by its cells belongs to those cells only; findings come for each row."""
    rows = [
        {"ECTS": "3", "Izdavatelj": "VELO"},
        {"ECTS": "4"},
        {"ECTS": "7.5"},
        {"ECTS": "3", "Izdavatelj": "VELO"},
        {"ECTS": "7.5"},
    ]
    reads, luggage = office(lines(*rows))
    records = [read.record for read in reads if isinstance(read.record, Credential)]
    points = [
        str(each.achievements[0].specification.credits[0].points)
        for each in records
        if each.achievements[0].specification
    ]
    assert points == ["3", "4", "7.5", "3", "7.5"]
    assert [record.organisations[0].names[0].value for record in records] == [
        "Veleučilište Ogledno" if "Izdavatelj" in row else "Sveučilište u Primjerovu" for row in rows
    ]
    assert found(luggage) == ["csv/decimal-sign E4", "csv/decimal-sign E6"]


def test_more_different_rows_than_are_remembered(office: Table) -> None:
    reads, _ = office(lines(*({"ECTS": f"{n},5", "Prezime": f"Broj{n}"} for n in range(2500))))
    records = [read.record for read in reads if isinstance(read.record, Credential)]
    points = [
        each.achievements[0].specification.credits[0].points for each in records if each.achievements[0].specification
    ]
    assert [str(value) for value in points] == [f"{n}.5" for n in range(2500)]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('"=""0036"""', "0036"),
        ("\u00a0Ana\u00a0Marija\u200b", "Ana Marija"),
        ('"Ana\nMarija"', "Ana Marija"),
        ("Ana  Marija", "Ana Marija"),
        ("#1", "#1"),
        ("=Ana", "=Ana"),
        ("O'Hara", "O'Hara"),
    ],
)
def test_a_text_is_what_was_meant_and_not_how_a_spreadsheet_keeps_it(office: Table, cell: str, said: str) -> None:
    reads, luggage = office(lines({"Ime": cell}))
    assert [read.record.learner.given_names[0].value for read in reads if isinstance(read.record, Credential)] == [said]
    assert found(luggage) == []


@pytest.mark.parametrize("cell", ["#REF!", "#N/D", "#DIV/0!", "#VRIJEDNOST!", "########"])
def test_what_a_spreadsheet_could_not_show_is_no_value(office: Table, cell: str) -> None:
    reads, luggage = office(lines({"ECTS": cell}))
    assert reads == []
    assert found(luggage) == ["csv/row-left-out E2", "csv/spreadsheet-error E2"]


def test_the_profile_is_found_by_the_headings_and_never_by_values(tables: Tables, tmp_path: Path) -> None:
    table = lines({}).encode("cp1250")
    assert detect(Source("x", data=table), tables) == "csv"
    luggage = Luggage()
    assert len(list(CsvMapper(tables, {}).read(Source("x", data=table), luggage))) == 1
    assert found(luggage)[-1] == "csv/profile-chosen"
    with pytest.raises(UsageError, match="of no profile"):
        list(CsvMapper(tables, {}).read(Source("x", data=b"a;b\n1;2\n"), Luggage()))
    (tmp_path / "csv").mkdir()
    profile = 'title = "x"\nrecord = "credential"\none_row_is = "credential"\n[dialect]\ndelimiter = ";"\n[columns]\n'
    columns = '"Ime" = { to = "learner.givenNames" }\n"Prezime" = { to = "learner.familyName" }\n'
    (tmp_path / "csv" / "own.toml").write_text(profile + columns, encoding="utf-8")
    with pytest.raises(UsageError, match="several profiles") as refused:
        list(CsvMapper(Tables(tmp_path), {}).read(Source("x", data=lines({}).encode()), Luggage()))
    assert "microcredential-office, own" in (refused.value.hint or "")


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"<elmo/>", b'{"record": "credential"}', b"[1]", b"plain text\n", b"PK\x03\x04"]
)
def test_what_is_no_table_of_ours_is_not_recognised(tables: Tables, data: bytes) -> None:
    assert not CsvMapper(tables, {}).recognises(data)


def test_values_of_the_profile_itself_must_be_readable(by_profile: Table) -> None:
    profile = PLAIN + '"Ime" = { to = "learner.givenNames" }\n'
    with pytest.raises(ConfigError, match=r"cannot stand for award\.date"):
        by_profile(profile + '[constants]\n"award.date" = "jučer"\n', "Ime\nAna\n")


def test_a_learner_without_a_word_is_an_empty_learner_and_no_invention(by_profile: Table) -> None:
    reads, luggage = by_profile(PLAIN + '"Kod" = { to = "specification.identifier" }\n', "Kod\nK1\n")
    assert [read.record.learner for read in reads if isinstance(read.record, Credential)] == [Learner()]
    assert found(luggage) == []


GROUPED = """
title = "Units"
record = "credential"
one_row_is = "achievement"
group_by = ["learner.identifier"]
[columns]
"Broj" = { to = "learner.identifier" }
"Naziv" = { to = "specification.title" }
"Ljestvica" = { to = "assessment.gradingScheme" }
"Tijelo" = { to = "awardingBody" }
"""


def test_rows_of_a_learner_are_one_credential_wherever_they_stand(by_profile: Table) -> None:
    table = "Broj,Naziv,Ljestvica,Tijelo\n1,A,L1,T1\n2,B,L1,T1\n1,C,L2,T2\n3,D,,\n2,E,L1,T1\n"
    reads, luggage = by_profile(GROUPED, table)
    records = [read.record for read in reads if isinstance(read.record, Credential)]
    titles = [
        [each.specification.title[0].value for each in record.achievements if each.specification] for record in records
    ]
    assert titles == [["A", "C"], ["D"], ["B", "E"]], "each comes with its last row"
    assert [len(record.organisations) for record in records] == [2, 0, 1]
    assert [len(record.grading_schemes) for record in records] == [2, 0, 1]
    assert found(luggage).count("csv/organisation-unknown D2") == 1
    first = reads[0].origin
    paths = [
        "achievements[1].specification.title[0].value",
        "organisations[1].names[0].value",
        "gradingSchemes[1].description",
    ]
    assert [getattr(first.of(path), "cell", None) for path in paths] == ["B4", "D4", "C4"]
    assert getattr(first.whole, "row", None) == 2


def test_a_column_by_which_rows_are_grouped_must_be_there(by_profile: Table) -> None:
    reads, luggage = by_profile(GROUPED, "Naziv,Ljestvica,Tijelo\nA,L,T\n")
    assert reads == []
    assert found(luggage) == ["csv/column-missing"]


def test_a_learner_whose_last_row_is_left_out_is_not_lost(by_profile: Table) -> None:
    reads, luggage = by_profile(GROUPED, "Broj,Naziv,Ljestvica,Tijelo\n1,A,,\n2,B,,\n1,\x02,,\n1,too,many,cells,here\n")
    assert len(reads) == 2
    assert "csv/ragged-row E5" in found(luggage)


def test_a_row_longer_than_any_spreadsheet_has_is_no_row_of_headings(office: Table) -> None:
    wide = ";" * 20_000 + "\n"
    reads, luggage = office(wide + lines({}))
    assert len(reads) == 1
    assert not luggage.report.errors


def test_thousands_of_strange_headings_are_told_soon(office: Table) -> None:
    """Each is a finding, and is compared with the profile's only while there are few."""
    headings, *rows = lines({}).splitlines()
    wide = "\n".join([headings + ";naziv x" * 15_000, *(row + ";" * 15_000 for row in rows)])
    began = process_time()
    _, luggage = office(wide)
    assert process_time() - began < 2
    assert sum(line.startswith("csv/unknown-column") for line in found(luggage)) == 15_000
