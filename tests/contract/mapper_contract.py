"""What every mapper has to do, one small promise each. A format of one's own inherits them all.

A subclass of one of the contracts has the fixture ``name``. What a format is tried on are its golden cases, and what is
made of them here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from random import Random
from typing import Any

import pytest

from mcbridge.conversion.envelopes import unfold
from mcbridge.diagnostics import Diagnostic, Severity, place, rules
from mcbridge.errors import BadOption, McbridgeError
from mcbridge.losses import REFUSED
from mcbridge.mappers import Format, Reader, RecordKind, describe, detect, reader, writer
from mcbridge.model import Credential
from mcbridge.model.codec import encode
from mcbridge.origins import HEAD, Luggage, Read, Source
from tests.accounting import difference
from tests.golden.cases import FOLDER, TABLES, Case, cases

BOM = b"\xef\xbb\xbf"
SEED = 20260630
CUTS = 5
DAMAGES = 5

HOSTILE = {
    "nothing": b"",
    "space": b" \r\n\t\n",
    "a BOM": BOM,
    "a BOM of UTF-16": b"\xff\xfe",
    "half a letter": b"\xc3",
    "NULs": bytes(300),
    "all bytes": bytes(range(256)) * 3,
    "JSON of something else": b'{"name": "nobody", "version": 1}',
    "JSON that does not end": b'[{"a": ' * 400,
    "JSON nested deeply": b'{"record": "credential", "version": "1", "learner": ' + b'{"a":' * 3000 + b"}" * 3001,
    "a number": b"12",
    "XML of something else": b'<?xml version="1.0"?><html><body>no</body></html>',
    "XML nested deeply": b"<elmo>" + b"<a>" * 600 + b"</a>" * 600 + b"</elmo>",
    "XML with entities": b'<!DOCTYPE elmo [<!ENTITY a "b">]><elmo>&a;</elmo>',
    "an archive": b"PK\x03\x04" + bytes(60),
    "a table of something else": b"a;b;c\r\n1;2;3\r\n",
    "a quote that does not end": b'a;b\n"1;2\n3;4\n',
    "a very long line": b"x" * 200_000,
}


class MapperContract:
    """The promises of every mapper. A subclass has the fixture ``name``, the name of a format in the registry."""

    @pytest.fixture
    def format(self, name: str) -> Format:
        return describe(name)

    @pytest.fixture
    def golden(self, name: str) -> list[Case]:
        """The cases of the format."""
        return [case for case in cases() if case.format == name]

    def test_it_is_called_by_its_name_and_tells_its_files(self, name: str, format: Format) -> None:
        assert format.name == name
        assert format.title.strip()
        assert format.reads or format.writes
        assert format.suffixes
        assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in format.suffixes)
        assert set(format.single) <= set(format.suffixes)
        assert all(text.strip() for text in format.options.values())

    def test_an_unknown_option_is_refused_and_the_known_are_named(self, name: str, format: Format) -> None:
        make = reader if format.reads else writer
        with pytest.raises(BadOption) as caught:
            make(name, TABLES, {"no-such-option": "yes"})
        said = f"{caught.value.message} {caught.value.hint}"
        assert "no-such-option" in said
        assert all(option in said for option in format.options), "the hint names what there is"

    def test_every_finding_of_the_golden_cases_has_its_place_and_its_rule(self, golden: list[Case]) -> None:
        assert golden
        for case in golden:
            check(list(case.walk.luggage.report), {"input", "canonical"})


class ReaderContract(MapperContract):
    """The promises of a mapper that reads."""

    @pytest.fixture
    def read_cases(self, golden: list[Case]) -> list[Case]:
        """The cases with an input."""
        found = [case for case in golden if case.input]
        assert found
        return found

    def test_it_recognises_its_own_inputs(self, name: str, read_cases: list[Case]) -> None:
        readable = [case for case in read_cases if case.canonical]
        assert [str(case) for case in readable if not reader_of(case).recognises(head(case))] == []
        plain = [case for case in readable if reader(name, TABLES, {}).recognises(head(case))]
        assert plain
        assert {str(case): detect(source(case), TABLES) for case in plain} == {str(case): name for case in plain}

    def test_it_recognises_nobody_elses(self, name: str) -> None:
        others = [case for case in cases() if case.format != name and case.input]
        assert others
        assert [str(case) for case in others if reader(name, TABLES, {}).recognises(head(case))] == []

    def test_nothing_is_read_before_the_first_record_is_asked_for(self, read_cases: list[Case]) -> None:
        class Watched(Source):
            @property
            def data(self) -> bytes:
                raise AssertionError("the source was opened")

        for case in read_cases[:3]:
            found = reader_of(case).read(Watched("watched"), Luggage())
            assert isinstance(found, Iterator)

    def test_later_records_are_not_read_before_they_are_asked_for(self, read_cases: list[Case]) -> None:
        """A document that belongs together is read as a whole; of what stands one after the other the first comes."""
        several = [case for case in read_cases if not case.described.joins_document and len(case.walk.records) > 1]
        told = [(len(report_after_first(case)), len(list(everything_said(case)))) for case in several]
        assert all(first <= all_ for first, all_ in told)
        assert not several or any(first < all_ for first, all_ in told)

    def test_reading_twice_gives_the_same(self, read_cases: list[Case]) -> None:
        for case in read_cases:
            once, twice = attempt(case, source(case)), attempt(case, source(case))
            assert once.records == twice.records
            assert once.findings == twice.findings

    def test_a_byte_order_mark_changes_nothing(self, read_cases: list[Case]) -> None:
        for case in read_cases:
            data = source(case).data
            if not data.startswith((BOM, b"\xff\xfe", b"\xfe\xff")) and is_utf8(data):
                plain, marked = attempt(case, source(case)), attempt(case, Source("input", BOM + data))
                assert anonymous(marked.records) == anonymous(plain.records), str(case)

    @pytest.mark.parametrize("what", HOSTILE)
    def test_strange_input_gives_findings_or_one_of_our_errors(self, what: str, read_cases: list[Case]) -> None:
        for case in distinct(read_cases):
            attempt(case, Source("strange", HOSTILE[what])).check()

    def test_a_file_that_was_cut_off_gives_findings_or_one_of_our_errors(self, read_cases: list[Case]) -> None:
        for case in read_cases:
            data = source(case).data
            for part in range(1, CUTS + 1):
                attempt(case, Source("cut", data[: len(data) * part // (CUTS + 1)])).check()

    def test_damaged_bytes_give_findings_or_one_of_our_errors(self, read_cases: list[Case]) -> None:
        chance = Random(SEED)  # noqa: S311 - test data
        for case in read_cases:
            data = source(case).data
            for _ in range(DAMAGES if data else 0):
                attempt(case, Source("damaged", damaged(data, chance))).check()

    def test_a_broken_record_does_not_stop_the_next(self, read_cases: list[Case]) -> None:
        broken = [case for case in read_cases if case.folder.name.rpartition("-")[2] == "broken"]
        assert broken
        for case in broken:
            found = attempt(case, source(case))
            assert any(one.level is Severity.ERROR for one in found.said)
            assert found.records, "what is right beside it came through"

    def test_whatever_is_asked_for_has_a_place(self, read_cases: list[Case]) -> None:
        """Losses and findings ask an origin for fields that the source may never have had."""
        for case in read_cases:
            for read in case.walk.reads:
                for path in ("", "achievements[0].title[3].lang", "nowhere[7].at.all", "learner", "document.generated"):
                    assert read.origin.of(path).source
                    assert read.origin.places(path)
                assert read.origin.places("")[0] == read.origin.whole


class WriterContract(MapperContract):
    """The promises of a mapper that writes."""

    @pytest.fixture
    def written_cases(self, golden: list[Case]) -> list[Case]:
        """The cases with an output."""
        found = [case for case in golden if case.output]
        assert found
        return found

    def test_writing_twice_gives_the_same_bytes(self, written_cases: list[Case]) -> None:
        for case in written_cases:
            assert case.written() == case.written()

    def test_what_was_written_is_counted(self, name: str, written_cases: list[Case]) -> None:
        for case in written_cases:
            luggage = Luggage(name)
            sink = BytesIO()
            for data in case.walk.luggage.contents.values():
                luggage.contents.keep(data)
            count = writer(name, TABLES, case.settings.write).write(case.walk.reads, sink, luggage)
            refused = {lost.record for lost in luggage.losses if lost.code == REFUSED}
            assert count == len(case.walk.reads) - len(refused)
            assert sink.getvalue()

    def test_nothing_is_made_of_nothing(self, name: str) -> None:
        sink = BytesIO()
        assert writer(name, TABLES, {}).write([], sink, Luggage(name)) == 0
        assert sink.getvalue() == b""

    @pytest.mark.parametrize("full", ["everything", "everything-provision"])
    def test_a_full_record_is_written_or_refused_with_a_reason(self, full: str, name: str, format: Format) -> None:
        read, luggage = full_record(full, name)
        sink = BytesIO()
        written = writer(name, TABLES, {}).write([read], sink, luggage)
        assert bool(sink.getvalue()) is bool(written)
        kind = RecordKind.CREDENTIAL if isinstance(read.record, Credential) else RecordKind.PROVISION
        if kind in format.writes:
            assert written == 1, luggage.report.to_json()
        else:
            assert written == 0
            assert REFUSED in {lost.code for lost in luggage.losses}


class BothWaysContract(ReaderContract, WriterContract):
    """The promises of a mapper that reads and writes."""

    @pytest.mark.parametrize("full", ["everything", "everything-provision"])
    def test_declared_losses_are_the_only_losses(self, full: str, name: str) -> None:
        read, luggage = full_record(full, name)
        sink = BytesIO()
        if writer(name, TABLES, {}).write([read], sink, luggage):
            again = [each.record for each in reader(name, TABLES, {}).read(Source("o", sink.getvalue()), Luggage())]
            assert difference(name, [read.record], again, luggage.losses, luggage.report) == []


# --- what the promises are tried on


class Attempt:
    """What came of reading something: records, findings, and perhaps one of our errors."""

    def __init__(self, read: Reader, source: Source) -> None:
        self.name = source.name
        luggage = Luggage()
        self.records: list[bytes] = []
        self.error: McbridgeError | None = None
        try:
            for each in read.read(source, luggage):
                self.records.append(encode(each.record))
                assert each.origin.whole.source.partition("!")[0] == source.name
        except McbridgeError as error:
            self.error = error
        self.said = list(luggage.report)
        self.findings = luggage.report.to_json()

    def check(self) -> None:
        """Nothing is passed over in silence, and what is said is said properly."""
        assert self.records or self.said or self.error, "nothing came, and nothing was said"
        check(self.said, {self.name})
        if self.error is not None:
            assert self.error.message.strip()
            assert self.error.hint, str(self.error)


def check(said: list[Diagnostic], names: set[str]) -> None:
    """Each finding has a registered rule, a place in its source, and words."""
    for one in said:
        assert rules()[one.rule.id] is one.rule
        assert re.split("[:.!]", one.location.source)[0] in names, one.location
        assert isinstance(place(one.location), str)
        assert one.message.strip()
        assert one.hint.strip()
        assert "{" not in one.masked or "{" in one.message


def reader_of(case: Case) -> Reader:
    return reader(case.format, TABLES, case.options(case.settings.read))


def source(case: Case) -> Source:
    assert case.input is not None
    (found,) = unfold(case.source(case.input))
    return found


def head(case: Case) -> bytes:
    return source(case).data[:HEAD]


def attempt(case: Case, source: Source) -> Attempt:
    return Attempt(reader_of(case), source)


def distinct(found: list[Case]) -> list[Case]:
    """One case for each set of options: what is read is not theirs."""
    return list({json.dumps(dict(case.settings.read), sort_keys=True): case for case in found}.values())


def everything_said(case: Case) -> Iterator[Diagnostic]:
    return iter(attempt(case, source(case)).said)


def report_after_first(case: Case) -> list[Diagnostic]:
    """What was said by the time the first record came."""
    luggage = Luggage()
    next(reader_of(case).read(source(case), luggage))
    return list(luggage.report)


def damaged(data: bytes, chance: Random) -> bytes:
    """Some bytes changed, taken out, doubled."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(found))
        match chance.randrange(4):
            case 0:
                found[at] = chance.randrange(256)
            case 1:
                del found[at : at + chance.randint(1, 40)]
            case 2:
                found[at:at] = found[at : at + chance.randint(1, 40)]
            case _:
                found[at:at] = chance.choice(
                    (b"<", b">", b"&", b'"', b"{", b"}", b"\0", b";", b"\xff", b"\r\n", b"9" * 50)
                )
        if not found:
            break
    return bytes(found)


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def anonymous(records: list[bytes]) -> list[Any]:
    """Records without what is derived from the bytes of their source."""
    found = []
    for record in map(json.loads, records):
        if record["record"] == "credential":
            record.pop("id")
            record.get("document", {}).pop("id", None)
        for each in record.get("sources", ()):
            each.pop("document")
        found.append(record)
    return found


def full_record(full: str, name: str) -> tuple[Read, Luggage]:
    """A record that fills every field, with its contents."""
    case = Case(FOLDER / "canonical" / full)
    luggage = Luggage(name)
    (read,) = reader("canonical", TABLES, {}).read(source(case), luggage)
    return read, luggage
