"""Records are files that people may change: whatever stands in them, what is written is one ELMO document."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from msgspec.structs import replace

from mcbridge.losses import REFUSED
from mcbridge.mappers import _xml, reader, writer
from mcbridge.model import Achievement, Credential, Credit, Document, Residue, Specification, Spelling, Text
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.golden.cases import FOLDER, Case

TABLES = Tables()


def taken() -> Read:
    """A credential as it was read from ELMO."""
    case = Case(FOLDER / "elmo" / "minimal")
    assert case.input is not None
    return next(reader("elmo", TABLES, {}).read(case.source(case.input), Luggage()))


def written(read: Read, achievement: Achievement) -> tuple[bytes, Luggage]:
    """The document of that credential with another achievement."""
    luggage, sink = Luggage("elmo"), BytesIO()
    assert isinstance(read.record, Credential)
    record = replace(read.record, achievements=(achievement,))
    writer("elmo", TABLES, {}).write([read.located(record)], sink, luggage)
    return sink.getvalue(), luggage


def kept(path: str, content: str) -> Achievement:
    """An achievement with one piece of residue."""
    return Achievement(title=(Text("Maps", "en"),), residue=(Residue(format="elmo", path=path, content=content),))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("extension[1]", "<extension"),
        ("extension[1]", "</learningOpportunitySpecification>"),
        ("extension[1]", "<extension/><extension/>"),
        ("extension[1]", "<evil/>"),
        ("extension[1]", '<!DOCTYPE x [<!ENTITY a "b">]><extension>&a;</extension>'),
        ("extension[1]", "words"),
        ("extension", "<extension/>"),
        ("@a b", "value"),
        ('@a="1" b', "value"),
        ("@xmlns", "urn:example"),
        ("@{urn:example}", "value"),
        ("@kind", "a\x01b"),
        ("text()[1]", "a\x01b"),
        ("nowhere/of/mine[1]", "<mine/>"),
        ("", ""),
    ],
)
def test_residue_that_cannot_stand_where_it_says_is_lost_by_name(path: str, content: str) -> None:
    data, luggage = written(taken(), kept(path, content))
    assert _xml.parse(data, "written") is not None
    assert [lost.field for lost in luggage.losses] == ["achievements[0].residue[0]"]


@pytest.mark.parametrize(
    ("path", "content", "shown"),
    [
        ("extension[1]", '<extension xmlns="">free</extension>', b'<extension xmlns="">free</extension>'),
        ("room[1]", "<room/>", b'<room xmlns=""></room>'),
        ("@kind", 'a "b" <c>', b'kind="a &quot;b&quot; &lt;c&gt;"'),
        ("text()[1]", "a & b", b"a &amp; b"),
        ("specifies/@kind", "x", b'<specifies kind="x">'),
    ],
)
def test_residue_stands_where_it_was(path: str, content: str, shown: bytes) -> None:
    data, luggage = written(taken(), kept(path, content))
    assert shown in data
    assert list(luggage.losses) == []


def test_attributes_of_several_namespaces_stand_side_by_side() -> None:
    residue = tuple(
        Residue(format="elmo", path=f"@{{urn:example:{space}}}kind", content=space) for space in ("one", "two", "three")
    )
    data, luggage = written(taken(), Achievement(title=(Text("Maps", "en"),), residue=residue))
    element = next(_xml.parse(data, "written").iter("{*}learningOpportunitySpecification"))
    assert dict(element.items()) == {f"{{urn:example:{space}}}kind": space for space in ("one", "two", "three")}
    assert list(luggage.losses) == []


def test_an_attribute_that_is_there_twice_is_written_once() -> None:
    twice = (Residue(format="elmo", path="@kind", content="a"), Residue(format="elmo", path="@kind", content="b"))
    data, luggage = written(taken(), Achievement(title=(Text("Maps", "en"),), residue=twice))
    assert b'kind="a"' in data
    assert [lost.field for lost in luggage.losses] == ["achievements[0].residue[1]"]


@pytest.mark.parametrize(
    "text", ["<evil>Maps</evil>", "<title>Charts</title>", "<title>", "<title/><title>Maps</title>"]
)
def test_a_spelling_that_does_not_say_the_value_is_not_written(text: str) -> None:
    spelling = Spelling(format="elmo", path="specification.title[0]", text=text)
    data, _ = written(taken(), Achievement(title=(Text("Maps", "en"),), spellings=(spelling,)))
    assert b'<title xml:lang="en">Maps</title>' in data


@pytest.mark.parametrize(
    ("format", "scheme", "shown"),
    [
        ("elmo", "ECTS", b"<scheme>ECTS</scheme>"),
        ("edc", "ECTS", b"<scheme>ects</scheme>"),
        ("edc", "http://data.europa.eu/snb/education-credit/6fcec5c5af", b"<scheme>ects</scheme>"),
        ("edc", "AP", b"<scheme>AP</scheme>"),
    ],
)
def test_ects_is_written_as_the_word_that_readers_know_unless_elmo_had_another(
    format: str, scheme: str, shown: bytes
) -> None:
    """Also of what is on offer, and of parts; our extension does not repeat how another format wrote it."""
    credits_ = (Credit(scheme=scheme, points=Decimal(5)),)
    part = Achievement(title=(Text("Half a map", "en"),), specification=Specification(credits=credits_))
    whole = Achievement(title=(Text("Maps", "en"),), credits=credits_, parts=(part,))
    read = taken()
    assert isinstance(read.record, Credential)
    document = Document(id="0" * 64, format=format, position=1, count=1)
    data, luggage = written(read.located(replace(read.record, document=document)), whole)
    assert set(re.findall(b"<scheme>.*?</scheme>", data)) == {shown}
    assert b'<instead of="credits"' not in data.partition(b"<hasPart>")[0]
    assert not [lost for lost in luggage.losses if "credits" in lost.field]


def test_what_nobody_could_read_is_refused() -> None:
    inner = Achievement(title=(Text("Maps", "en"),))
    for _ in range(200):
        inner = Achievement(title=(Text("Maps", "en"),), parts=(inner,))
    read = taken()
    assert isinstance(read.record, Credential)
    elsewhere = replace(read.record, document=Document(id="0" * 64, format="edc", position=1, count=1))
    data, luggage = written(read.located(elsewhere), inner)
    assert data == b""
    assert [found.rule.id for found in luggage.report] == ["elmo/written-invalid"]
    assert "nested" in next(iter(luggage.report)).message
    assert [lost.code for lost in luggage.losses] == [REFUSED]


def test_reading_what_was_written_gives_the_contents_again() -> None:
    """Media types keep their parameters."""
    document = b"data:text/plain;charset=utf-8;base64,xIxhaw=="
    source = (FOLDER / "elmo" / "attachments-undecodable-and-wrapped" / "input.xml").read_bytes()
    assert document in source
    luggage, sink = Luggage("elmo"), BytesIO()
    reads = list(reader("elmo", TABLES, {}).read(Source("input.xml", source), luggage))
    writer("elmo", TABLES, {}).write(reads, sink, luggage)
    assert document in sink.getvalue()
