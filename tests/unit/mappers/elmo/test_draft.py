"""Drafts from before ELMO 1.0: each of their values is read or kept aside, and none is taken for one of 1.x."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from lxml.etree import _Element

from mcbridge.conversion import Destination, Reading, StrictReport, convert, expand
from mcbridge.diagnostics import Stop, XmlLocation
from mcbridge.mappers import reader
from mcbridge.mappers.elmo.draft.values import day
from mcbridge.model import Credential
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT

TABLES = Tables()
DRAFT = CHECKOUT / "tests" / "golden" / "elmo" / "draft-before-1-0" / "input.xml"
TOKEN = "zq-unheard-of"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"


def _read(data: bytes) -> tuple[list[Read], Luggage]:
    luggage = Luggage()
    return list(reader("elmo", TABLES, {}).read(Source("draft.xml", data), luggage)), luggage


def _said(data: bytes) -> str:
    reads, luggage = _read(data)
    records = "\n".join(encode(read.record).decode() for read in reads)
    return records + "".join(data.decode(errors="replace") for data in luggage.contents.values())


def _leaves(root: _Element) -> Iterator[tuple[_Element, str | None]]:
    for element in root.iter("*"):
        yield from ((element, str(name)) for name in element.attrib)
        if not len(element):
            yield element, None


def test_every_value_of_a_draft_is_in_the_record() -> None:
    """Each in its turn is replaced by a word that is nowhere else, which fits or does not fit its place."""
    leaves = list(_leaves(etree.fromstring(DRAFT.read_bytes())))
    assert len(leaves) > 90
    lost = []
    for number in range(len(leaves)):
        root = etree.fromstring(DRAFT.read_bytes())
        element, name = list(_leaves(root))[number]
        if name is None:
            element.text = TOKEN
        else:
            element.set(name, TOKEN)
        if TOKEN not in _said(etree.tostring(root)):
            lost.append(f"{etree.QName(element).localname} {name or ''}")
    assert lost == []


def test_an_element_nobody_knows_is_kept_wherever_it_stands() -> None:
    root = etree.fromstring(DRAFT.read_bytes())
    places = sum(1 for element in root.iter("*") if len(element))
    lost = []
    for number in range(places):
        root = etree.fromstring(DRAFT.read_bytes())
        element = [element for element in root.iter("*") if len(element)][number]
        etree.SubElement(element, "{http://purl.org/net/elmo}unheardOf").text = TOKEN
        if TOKEN not in _said(etree.tostring(root)):
            lost.append(etree.QName(element).localname)
    assert lost == []


def test_what_was_read_and_what_was_kept_aside_are_all_the_leaves() -> None:
    leaves = len(list(_leaves(etree.fromstring(DRAFT.read_bytes()))))
    (found,) = [one for one in _read(DRAFT.read_bytes())[1].report if one.rule.id == "elmo/legacy-draft"]
    read, kept = map(int, re.findall(r"(\d+) (?:of its values were read|are kept aside)", found.message))
    assert read + kept == leaves
    assert kept == 13


def test_fields_of_a_draft_have_places() -> None:
    reads, _ = _read(DRAFT.read_bytes())
    lines = DRAFT.read_text(encoding="utf-8").splitlines()
    for path, text in {
        "learner.birthDate": "<bday dtf",
        "achievements[0].specification.kinds[0]": "<type>Degree",
        "achievements[0].parts[0].parts[0].credits[0].points": '<credit scheme="ECTS">7,5',
        "achievements[0].parts[0].parts[0].assessments[0].grade[0]": "<result",
    }.items():
        spot = reads[0].origin.of(path)
        assert isinstance(spot, XmlLocation)
        assert spot.line is not None
        assert spot.column is not None
        assert lines[spot.line - 1][spot.column - 1 :].startswith(text), path


def test_a_signed_draft_says_so() -> None:
    signature = f'<Signature xmlns="{XMLDSIG}"><SignedInfo/></Signature></elmo>'
    reads, luggage = _read(DRAFT.read_bytes().replace(b"</elmo>", signature.encode()))
    assert all(isinstance(read.record, Credential) and read.record.seal is not None for read in reads)
    assert {lost.code for lost in luggage.losses} == {"loss/seal"}


def test_a_draft_without_report_says_so() -> None:
    reads, luggage = _read(b'<elmo xmlns="http://purl.org/net/elmo"><report2/></elmo>')
    assert reads == []
    assert set(luggage.report.by_rule()) == {"elmo/legacy-draft", "elmo/no-report"}


def test_reports_of_one_learner_are_one_document_and_those_of_two_are_not() -> None:
    two = [read.record for read in _read(DRAFT.read_bytes())[0]]
    assert [(one.document.position, one.document.count) for one in two] == [(1, 1), (1, 1)]  # type: ignore[union-attr]
    learner = b"<learner><fullName>Ada Finnesikke</fullName></learner>"
    data = re.sub(rb"(?s)<learner.*?</learner>", learner, DRAFT.read_bytes())
    one = [read.record for read in _read(data)[0]]
    assert [(one.document.position, one.document.count) for one in one] == [(1, 2), (2, 2)]  # type: ignore[union-attr]


def test_inspecting_tells_a_draft_from_a_version() -> None:
    found = reader("elmo", TABLES, {})
    assert found.inspect(Source.of(DRAFT))["version"] == "draft (before 1.0)"  # type: ignore[attr-defined]


def test_a_strict_run_takes_no_draft(tmp_path: Path) -> None:
    luggage = Luggage("canonical", StrictReport())
    out = tmp_path / "out"
    destination = Destination(format="canonical", out=out, is_folder=True)
    with pytest.raises(Stop) as stopped:
        convert(expand([str(DRAFT)]), Reading(tables=TABLES), destination, luggage)
    assert stopped.value.found.rule.id == "elmo/legacy-draft"
    assert not out.exists()


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("1990-02-28", None, "1990-02-28"),
        ("28.02.1990", "dd.MM.yyyy", "1990-02-28"),
        ("28.2.1990", "d.M.yyyy", "1990-02-28"),
        ("02/28/1990", "%m/%d/%Y", "1990-02-28"),
        ("19900228", "yyyyMMdd", "1990-02-28"),
        ("28.02.1990", None, None),
        ("28.02.1990", "MM.dd.yyyy", None),
        ("28.02.1990", "dd.MM", None),
        ("28.02.1990", "dd.dd.yyyy", None),
        ("1990-02-28", "someday", None),
    ],
)
def test_a_day_is_read_by_the_pattern_that_the_document_names(
    text: str, pattern: str | None, found: str | None
) -> None:
    if found is None:
        with pytest.raises(ValueError, match=r".+"):
            day(text, pattern)
    else:
        assert day(text, pattern).isoformat() == found


def test_a_grade_of_no_scheme_is_not_put_under_the_scheme_of_another() -> None:
    draft = DRAFT.read_text().replace("<result>passed with", '<result>B</result><result scheme="PF">passed with')
    reads, _ = _read(draft.encode())
    found = [
        result
        for read in reads
        if isinstance(read.record, Credential)
        for whole in read.record.achievements
        for part in whole.parts
        for inner in part.parts
        for result in inner.assessments
    ]
    assert [grade.value for grade in found[-1].grade] == ["B"]
    assert found[-1].grading_scheme is None
    assert "passed with distinction" in _said(draft.encode())


def test_a_day_of_issue_is_read_by_its_pattern() -> None:
    draft = DRAFT.read_text().replace("<issueDate>2013-04-30<", '<issueDate dtf="dd.MM.yyyy">30.04.2013<')
    reads, _ = _read(draft.encode())
    record = reads[0].record
    assert isinstance(record, Credential)
    assert record.issued is not None
    assert record.issued.isoformat() == "2013-04-30T00:00:00"
    assert not any("issueDate" in residue.path for residue in record.residue)
