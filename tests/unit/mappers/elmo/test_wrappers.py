"""Documents in other XML: their own bytes, and places in the file as the user has it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from lxml import etree

from mcbridge.diagnostics import XmlLocation
from mcbridge.errors import InputError, Unreadable
from mcbridge.limits import Limits
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.model import Credential
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.hostile.documents import SPACE, elmo
from tests.hostile.envelopes import body, tors

MAPPER = ElmoMapper(Tables(), {})
BARE = elmo("Čitanje karata", head="").strip()


def documents(data: bytes, luggage: Luggage | None = None, limits: Limits | None = None) -> list[Source]:
    source = Source("in.xml", data, limits=limits or Limits())
    found = list(MAPPER.documents(source, luggage or Luggage()))
    assert not [each for each in found if isinstance(each, InputError)]
    return [each for each in found if isinstance(each, Source)]


def credentials(reads: Iterator[Read]) -> list[Credential]:
    return [each.record for each in reads if isinstance(each.record, Credential)]


def test_a_document_is_its_own_bytes_and_has_its_own_id() -> None:
    (one, two) = documents(tors([BARE, BARE.replace("Ana", "Eva")]))
    assert one.data == BARE.encode()
    assert (one.name, two.name) == ("in.xml!elmo[1]", "in.xml!elmo[2]")
    records = credentials(MAPPER.read(Source("in.xml", tors([BARE, BARE.replace("Ana", "Eva")])), Luggage()))
    assert [record.document.id for record in records if record.document] == [one.sha256, two.sha256]
    assert one.sha256 == hashlib.sha256(BARE.encode()).hexdigest()


def test_only_namespaces_that_a_document_uses_are_declared_in_it() -> None:
    inside = BARE.replace(f' xmlns="{SPACE}"', "").replace("<title>", '<title x:lang2="a">', 1)
    data = f'<w:w xmlns:w="urn:w" xmlns="{SPACE}" xmlns:x="urn:x" xmlns:y="urn:y">{inside}</w:w>'.encode()
    (one,) = documents(data)
    root = etree.fromstring(one.data)
    assert root.nsmap == {None: SPACE, "x": "urn:x"}
    outer = etree.fromstring(data)[0]
    assert [each.tag for each in root.iter()] == [each.tag for each in outer.iter()]


def test_what_only_looks_like_a_document_is_passed_by() -> None:
    extended = BARE.replace("</elmo>", "<extension><elmo/></extension></elmo>")
    data = body(f"<!-- <elmo/> --><a><![CDATA[<elmo>]]></a><?elmo x?>{extended}")
    (one,) = documents(data)
    assert one.data.startswith(b"<elmo")
    assert one.data.endswith(b"<extension><elmo/></extension></elmo>")


@pytest.mark.parametrize("indent", ["", "   ", "ž "])
def test_places_are_those_of_the_file(indent: str) -> None:
    broken = BARE.replace("<issueDate>", "<issuedate/><issueDate>")
    data = f"<a>\n<b/>{indent}<c>{broken}</c></a>".encode()
    luggage = Luggage()
    (read,) = MAPPER.read(Source("in.xml", data), luggage)
    lines = data.decode().split("\n")
    (found,) = [each for each in luggage.report if each.rule.id == "elmo/schema-invalid"]
    where = found.location
    assert isinstance(where, XmlLocation)
    assert where.line is not None
    assert where.column is not None
    assert lines[where.line - 1][where.column - 1 :].startswith("<issuedate/>")
    assert where.xpath == "a/c[1]/elmo[1]/report[1]/issuedate[1]"
    assert where.source == "in.xml!elmo[1]"
    title = read.origin.of("achievements[0].specification.title[0]")
    assert isinstance(title, XmlLocation)
    assert title.line is not None
    assert title.column is not None
    assert lines[title.line - 1][title.column - 1 :].startswith("<title>Čitanje karata")
    first = read.origin.of("document.generated")
    assert isinstance(first, XmlLocation)
    assert first.line == 2
    assert first.column is not None
    assert lines[1][first.column - 1 :].startswith("<generatedDate>")


def test_a_place_on_the_first_line_is_right_where_a_namespace_was_put_in() -> None:
    inside = BARE.replace(f'<elmo xmlns="{SPACE}"', '<elmo id="x"')
    data = f'<a xmlns="{SPACE}">{inside}</a>'.encode()
    (read,) = MAPPER.read(Source("in.xml", data), Luggage())
    where = read.origin.of("document.generated")
    assert isinstance(where, XmlLocation)
    assert where.line == 1
    assert where.column is not None
    assert data.decode()[where.column - 1 :].startswith("<generatedDate>")


def test_every_leaf_beside_the_documents_is_kept_or_lost() -> None:
    other = '<gradeConversionTable><a b="1">2</a></gradeConversionTable>'
    data = body(f'<r x="1">text<q><z y="2">3</z></q><tor>{BARE}{other}</tor><empty/></r>').replace(
        b"<s:Body>", b"<s:Header><t:pw xmlns:t='urn:t'>secret</t:pw></s:Header><s:Body>"
    )
    luggage = Luggage()
    (record,) = credentials(MAPPER.read(Source("in.xml", data), luggage))
    lost = {(each.location.xpath, each.leaves) for each in luggage.losses if isinstance(each.location, XmlLocation)}
    assert lost == {
        ("Envelope/Header[1]", 1),
        ("Envelope/Body[1]/r[1]/@x", 1),
        ("Envelope/Body[1]/r[1]/text()", 1),
        ("Envelope/Body[1]/r[1]/q[1]", 2),
    }
    assert all("secret" not in each.reason for each in luggage.losses)
    assert record.document is not None
    assert [(kept.format, kept.path, kept.content) for kept in record.document.residue] == [
        ("ewp", "tor/gradeConversionTable[1]", other.replace("Table>", 'Table xmlns="">', 1))
    ]


def test_many_losses_are_counted_in_the_last() -> None:
    luggage = Luggage()
    documents(body("<a>1</a>" * 5_000 + BARE), luggage)
    lost = list(luggage.losses)
    assert len(lost) == 1_001
    assert sum(each.leaves for each in lost) == 5_000
    assert "4,000 more" in lost[-1].reason


def test_what_is_kept_and_long_stands_in_the_contents() -> None:
    long = f"<gradeConversionTable>{'x' * 5_000}</gradeConversionTable>"
    luggage = Luggage()
    (record,) = credentials(MAPPER.read(Source("in.xml", tors([BARE + long])), luggage))
    assert record.document is not None
    kept = record.document.residue[-1]
    assert kept.sha256 is not None
    assert b"x" * 5_000 in luggage.contents[kept.sha256]


def test_the_limits_of_a_wrapper_are_settings() -> None:
    with pytest.raises(Unreadable, match="more than 2 documents") as caught:
        documents(tors([BARE] * 3), limits=Limits(documents=2))
    assert "--limit documents=" in str(caught.value.hint)


def test_of_a_document_that_is_there_twice_what_stands_beside_it_is_lost_by_name() -> None:
    luggage = Luggage()
    documents(tors([BARE, BARE]), luggage)
    (lost,) = luggage.losses
    assert isinstance(lost.location, XmlLocation)
    assert lost.location.xpath == "imobility-tors-get-response/tor[2]/omobility-id[1]"


def test_one_bad_document_does_not_cost_the_others() -> None:
    data = body(f"<elmo>nothing</elmo>{BARE}<elmo><![CDATA[<elmo><a></elmo>]]></elmo>")
    reads = MAPPER.read(Source("in.xml", data), Luggage())
    assert next(reads) is not None
    with pytest.raises(InputError) as caught:
        next(reads)
    assert "in.xml!elmo[1]" in str(caught.value.where)
