"""A DOCTYPE that declares no entity can be taken out, and nothing else of the document moves."""

from __future__ import annotations

from typing import Any

import pytest

from mcbridge import conversion
from mcbridge.conversion import Reading
from mcbridge.mappers._xml import parse, without_doctype
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.hostile.documents import elmo

HARMLESS = [
    "<!DOCTYPE elmo>",
    '<!DOCTYPE elmo SYSTEM "elmo.dtd">',
    "<!DOCTYPE elmo SYSTEM 'http://example.org/a\"b.dtd'  >",
    '<!DOCTYPE e:elmo PUBLIC "-//EMREX//DTD ELMO//EN" "http://example.org/elmo.dtd">',
    "<!DOCTYPE elmo []>",
    "<!DOCTYPE elmo [\n <!ELEMENT elmo ANY>\n <!-- <!ENTITY a 'b'> ]> -->\n]>",
    "<!DOCTYPE elmo [<!ATTLIST elmo a CDATA '>]' b (x|y) #IMPLIED><!NOTATION n SYSTEM 'n'><?pi ]>?>] >",
]
HARMFUL = [
    "<!DOCTYPE elmo [<!ENTITY a 'b'>]>",
    '<!DOCTYPE elmo SYSTEM "a.dtd" [<!ENTITY % a SYSTEM "b">]>',
    "<!DOCTYPE elmo [%a;]>",
    "<!DOCTYPE elmo [<!ELEMENT a ANY> %a; ]>",
    "<!DOCTYPE elmo [<!ATTLIST elmo a CDATA %b;>]>",
    "<!DOCTYPE elmo [<![INCLUDE[<!ENTITY a 'b'>]]>]>",
    "<!DOCTYPE elmo [",
    "<!DOCTYPE elmo SYSTEM 'a>",
    "<!DOCTYPE>",
]


def line_of(element: Any) -> int:
    """The line of an element; the stubs of lxml think that there is none."""
    line: int = element.sourceline
    return line


@pytest.mark.parametrize("doctype", HARMLESS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1"])
def test_a_harmless_one_is_taken_out_and_every_place_stays(doctype: str, codec: str) -> None:
    head = f'<?xml version="1.0" encoding="{codec.removesuffix("-sig").removesuffix("-le")}"?>\n<!-- x -->\n'
    text = f"{head}{doctype}<a>\n  <b>ü</b></a>"
    found = without_doctype(text.encode(codec), "x")
    assert found is not None
    data, where = found
    assert (where.line, where.column) == (3, 1)
    root = parse(data, "x")
    assert root[0].text == "ü"
    assert line_of(root[0]) == text[: text.index("<b>")].count("\n") + 1
    assert data.decode().count("\n") == text.count("\n")


@pytest.mark.parametrize("doctype", HARMFUL)
def test_one_that_declares_entities_or_makes_no_sense_stays(doctype: str) -> None:
    assert without_doctype(f"{doctype}<a/>".encode(), "x") is None


@pytest.mark.parametrize(
    "text", ["<a><![CDATA[<!DOCTYPE a>]]></a>", "<a/>", "<!-- <!DOCTYPE a> --><a/>", "name;<!DOCTYPE a>"]
)
def test_what_has_none_is_left_as_it_is(text: str) -> None:
    assert without_doctype(text.encode(), "x") is None


def test_the_document_keeps_its_id_and_a_finding_says_what_was_done() -> None:
    source = Source("x.xml", elmo(head="<!DOCTYPE elmo>\n").encode())
    luggage = Luggage()
    (read,) = conversion.read(source, luggage, reading=Reading(tables=Tables(), allow_doctype=True))
    assert read.record.document is not None  # type: ignore[union-attr]  # a credential has one
    assert read.record.document.id == source.sha256  # type: ignore[union-attr]
    assert luggage.report.by_rule() == {"source/doctype-ignored": 1}
