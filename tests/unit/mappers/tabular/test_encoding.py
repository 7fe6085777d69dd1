"""How the letters are written is said by the file, by the user or by the profile; nothing else is listened to."""

from __future__ import annotations

import codecs

import pytest

from mcbridge.errors import BadOption, Unreadable
from mcbridge.mappers.tabular import CsvMapper
from mcbridge.model import Credential
from mcbridge.origins import Luggage, Read
from mcbridge.tables import Tables
from tests.unit.mappers.tabular.conftest import Table, found, lines

NAME = "Šćepanović-Žđ"
TABLE = lines({"Prezime": NAME})


def family_names(reads: list[Read]) -> list[str]:
    records = [read.record for read in reads]
    return [record.learner.family_name[0].value for record in records if isinstance(record, Credential)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_what_the_file_says_itself_needs_no_word(office: Table, encoding: str) -> None:
    reads, luggage = office(TABLE.encode(encoding))
    assert family_names(reads) == [NAME]
    assert found(luggage) == []


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_marks_of_either_byte_order_are_known(office: Table, mark: bytes, encoding: str) -> None:
    reads, _ = office(mark + TABLE.encode(encoding))
    assert family_names(reads) == [NAME]


def test_the_declared_encoding_is_a_note_that_names_it(office: Table) -> None:
    reads, luggage = office(TABLE.encode("cp1250"))
    assert family_names(reads) == [NAME]
    assert found(luggage) == ["csv/encoding-assumed"]
    assert "it was read as cp1250" in next(iter(luggage.report)).message


def test_the_user_s_word_comes_before_the_profile_s(office: Table) -> None:
    reads, luggage = office(TABLE.encode("iso-8859-2"), encoding="iso-8859-2")
    assert family_names(reads) == [NAME]
    assert found(luggage) == []


def test_letters_of_another_encoding_are_not_mended_but_those_that_are_no_text_are_found(office: Table) -> None:
    """Windows-1250 has its Š and Ž where ISO 8859-2 has control characters."""
    table = TABLE.replace("Šifra", "Code").encode("cp1250")
    reads, luggage = office(table, encoding="iso-8859-2")
    assert reads == []
    assert "csv/control-character C2" in found(luggage)


def test_an_encoding_that_does_not_fit_is_refused_with_its_place(office: Table) -> None:
    table = TABLE.encode() + lines({}).encode("cp1250").split(b"\n", 1)[1].replace(b"MK-01", b"\x8a")
    with pytest.raises(Unreadable) as refused:
        office(table, encoding="utf-8")
    assert f"0x8A at position {len(TABLE.encode()):,} (line 3)" in refused.value.message
    assert refused.value.where == "office.csv:3"
    assert "--encoding" in (refused.value.hint or "")


def test_the_place_of_a_wrong_byte_counts_the_mark_of_the_encoding(office: Table) -> None:
    table = TABLE.encode("utf-8-sig")
    with pytest.raises(Unreadable) as refused:
        office(table + b"\x9e")
    assert f"0x9E at position {len(table):,} " in refused.value.message


def test_a_byte_that_no_declared_encoding_has_is_refused(office: Table) -> None:
    with pytest.raises(Unreadable, match="tried: UTF-8, cp1250") as refused:
        office(TABLE.encode("cp1250") + b"\x81")
    assert refused.value.hint


def test_text_that_was_cut_inside_a_letter_is_refused(office: Table) -> None:
    with pytest.raises(Unreadable, match=r"position [\d,]+ \(line 2\) is no utf-8"):
        office(TABLE.encode()[: TABLE.encode().index("Š".encode(), 5) + 1], encoding="utf-8")


@pytest.mark.parametrize("length", [(1 << 20) - 2, (1 << 20) - 1, 1 << 20])
def test_a_letter_on_the_border_of_two_pieces_is_read_whole(office: Table, length: int) -> None:
    """Big files are tried piece by piece; the position of a wrong byte still counts from the beginning."""
    start = lines({"Prezime": "x"})
    filler = "\n" * (length - len(start.encode()))
    reads, luggage = office((start + filler + "č" * 3).encode(), encoding="utf-8")
    assert len(reads) == 1
    with pytest.raises(Unreadable) as refused:
        office((start + filler).encode() + "č".encode()[:1] + b"!", encoding="utf-8")
    assert f"position {length:,} " in refused.value.message
    assert [each.partition(" ")[0] for each in found(luggage)] == ["csv/ragged-row"]


def test_sixteen_bits_without_a_mark_are_recognised_by_their_nul_characters(office: Table) -> None:
    with pytest.raises(Unreadable) as refused:
        office(TABLE.encode("ascii", "replace").decode().encode("utf-16-le"))
    assert "utf-16-le" in (refused.value.hint or "")
    reads, _ = office(TABLE.encode("utf-16-le"), encoding="utf-16-le")
    assert family_names(reads) == [NAME]


def test_a_single_nul_costs_its_row_only(office: Table) -> None:
    reads, luggage = office(lines({"Ime": "A\0B"}, {}))
    assert len(reads) == 1
    assert found(luggage) == ["csv/control-character B2", "csv/row-left-out B2"]


@pytest.mark.parametrize("name", ["latin-nine", "base64", "idna", "unicode_escape", ""])
def test_what_is_no_encoding_of_text_is_a_bad_option(tables: Tables, name: str) -> None:
    with pytest.raises(BadOption, match="no encoding"):
        CsvMapper(tables, {"encoding": name})


def test_unknown_options_are_refused_naming_the_known(tables: Tables) -> None:
    with pytest.raises(BadOption) as refused:
        CsvMapper(tables, {"delimiter": ";"})
    assert "profile, encoding" in (refused.value.hint or "")


def test_a_contradicting_mark_wins_and_is_told(office: Table) -> None:
    luggage: Luggage
    reads, luggage = office(TABLE.encode("utf-8-sig"), encoding="cp1250")
    assert family_names(reads) == [NAME]
    assert found(luggage) == ["csv/encoding-contradicted"]
    assert found(office(TABLE.encode("utf-16"), encoding="utf-16-le")[1]) == []


def test_rows_of_another_encoding_in_a_file_of_utf_8_are_named_by_their_line(office: Table) -> None:
    good, bad = lines({"Prezime": "Čvorkić"}), lines({"Prezime": "Žirić"}).splitlines(keepends=True)[-1]
    with pytest.raises(Unreadable) as refused:
        office(good.encode() + bad.encode("cp1250"))
    assert "up to line 3" in refused.value.message
    reads, _ = office(good.encode() + bad.encode())
    assert len(reads) == 2
