"""Repairs are made only where they are needed, and places are those of the document as it came."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcbridge.conversion import Destination, Reading, StrictReport, convert, expand
from mcbridge.diagnostics import Stop, XmlLocation
from mcbridge.mappers import reader
from mcbridge.mappers.elmo.repairs import MOST
from mcbridge.mappers.elmo.values import ambiguous, with_point
from mcbridge.model import Credential
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT

TABLES = Tables()
GOLDEN = CHECKOUT / "tests" / "golden" / "elmo"


def _data(case: str) -> bytes:
    return (GOLDEN / case / "input.xml").read_bytes()


def _read(data: bytes, **options: str) -> tuple[list[Read], Luggage]:
    luggage = Luggage()
    return list(reader("elmo", TABLES, options).read(Source("input.xml", data), luggage)), luggage


def _credential(read: Read) -> Credential:
    assert isinstance(read.record, Credential)
    return read.record


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7,5", "7.5"),
        ("-0,25", "-0.25"),
        ("0,125", "0.125"),
        ("1000,125", "1000.125"),
        (",5", ".5"),
        ("7,", "7."),
        ("7.5", None),
        ("1,500", None),
        ("1.234,5", None),
        ("1,234.5", None),
        ("1,2,3", None),
        ("7,5 ECTS", None),
        ("", None),
    ],
)
def test_a_decimal_comma_is_one_where_it_can_be_nothing_else(text: str, number: str | None) -> None:
    assert with_point(text) == number


@pytest.mark.parametrize(("text", "so"), [("1,500", True), ("1.234,5", True), ("1,5", False), ("seven,five", False)])
def test_a_number_is_ambiguous_when_its_comma_may_separate_thousands(text: str, so: bool) -> None:
    assert ambiguous(text) is so


def test_fields_are_found_where_they_stand_in_the_document_as_it_came() -> None:
    data = _data("children-in-wrong-order")
    (read,), _ = _read(data)
    lines = data.decode().splitlines()
    for path, text in {
        "achievements[0].credits[0].points": "<value>6",
        "achievements[0].specification.title[0]": "<title",
        "learner.birthDate": "<bday>",
        "document.generated": "<generatedDate>",
        "issued": "<issueDate>",
    }.items():
        spot = read.origin.of(path)
        assert isinstance(spot, XmlLocation)
        assert spot.line is not None
        assert spot.column is not None
        assert lines[spot.line - 1][spot.column - 1 :].startswith(text), path


def test_a_grade_that_was_made_of_credits_is_found_at_the_credits() -> None:
    (read,), _ = _read(_data("grades-stored-as-credits"))
    spot = read.origin.of("achievements[0].assessments[0].grade[0]")
    assert isinstance(spot, XmlLocation)
    assert (spot.line, spot.column) == (21, 11)
    assert spot.xpath is not None
    assert spot.xpath.endswith("learningOpportunityInstance[1]/credit[1]")


def test_two_repairs_of_one_element_are_both_made_and_told() -> None:
    clean = b"<credit><scheme>ects</scheme><value>6</value></credit>"
    data = _data("countries-off-the-list").replace(clean, b"<credit><value> 7,5 </value><scheme>ects</scheme></credit>")
    reads, luggage = _read(data)
    assert str(_credential(reads[0]).achievements[0].credits[0].points) == "7.5"
    assert {"elmo/order-repaired", "elmo/comma-repaired"} <= set(luggage.report.by_rule())
    assert luggage.report.errors == 0


def test_what_is_still_wrong_after_repairs_is_at_its_place_in_the_document_as_it_came() -> None:
    data = _data("children-in-wrong-order").replace(b"2031-02-14", b"14 February")
    _, luggage = _read(data)
    (error,) = [one for one in luggage.report if one.rule.id == "elmo/schema-invalid"]
    assert isinstance(error.location, XmlLocation)
    line, column = error.location.line, error.location.column
    assert line is not None
    assert column is not None
    assert data.decode().splitlines()[line - 1][column - 1 :].startswith("<date>")


def test_without_validation_the_namespace_alone_is_repaired() -> None:
    _, luggage = _read(_data("no-namespace"), validate="no")
    assert set(luggage.report.by_rule()) == {"elmo/namespace-repaired"}
    _, luggage = _read(_data("children-in-wrong-order"), validate="no")
    assert len(luggage.report) == 0


def test_many_repairs_are_told_up_to_a_number() -> None:
    credit = "<credit><scheme>s</scheme><value>{},5</value></credit>"
    many = "".join(credit.format(number) for number in range(2 * MOST))
    clean = b"<credit><scheme>ects</scheme><value>6</value></credit>"
    data = _data("countries-off-the-list").replace(clean, many.encode())
    reads, luggage = _read(data)
    assert luggage.report.by_rule()["elmo/comma-repaired"] <= MOST
    assert luggage.report.by_rule()["elmo/more-repairs"] == 1
    assert len(_credential(reads[0]).achievements[0].credits) == 2 * MOST


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        ("no-namespace", "elmo/namespace-repaired"),
        ("children-in-wrong-order", "elmo/order-repaired"),
        ("content-with-a-type-attribute", "elmo/type-attribute-repaired"),
        ("windows-1252-said-to-be-utf-8", "elmo/encoding-repaired"),
        ("grades-stored-as-credits", "elmo/grade-as-credit"),
    ],
)
def test_a_strict_run_takes_no_repaired_document(case: str, rule: str, tmp_path: Path) -> None:
    luggage = Luggage("canonical", StrictReport())
    out = tmp_path / "out.json"
    found = expand([str(GOLDEN / case / "input.xml")])
    with pytest.raises(Stop) as stopped:
        convert(found, Reading(tables=TABLES), Destination(format="canonical", out=out), luggage)
    assert stopped.value.found.rule.id == rule
    assert stopped.value.exit_code == 3
    assert not out.exists()


def test_a_strict_run_takes_what_the_caller_allows_and_what_is_no_error(tmp_path: Path) -> None:
    for case in ("children-in-wrong-order", "dates-with-space-around"):
        luggage = Luggage("canonical", StrictReport(allow=("elmo/order-repaired",)))
        out = tmp_path / f"{case}.json"
        found = expand([str(GOLDEN / case / "input.xml")])
        convert(found, Reading(tables=TABLES), Destination(format="canonical", out=out), luggage)
        assert out.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("UTF-16", '<?xml version="1.0" encoding="UTF-16"?>'),
        ("a declared encoding", '<?xml version="1.0" encoding="ISO-8859-1"?>'),
    ],
)
def test_a_document_in_another_encoding_that_says_so_is_not_repaired(name: str, data: str) -> None:
    text = _data("windows-1252-said-to-be-utf-8").decode("cp1252").replace("–", "-")
    text = text.replace('<?xml version="1.0" encoding="UTF-8"?>', data)
    reads, luggage = _read(text.encode("utf-16" if name == "UTF-16" else "latin-1"))
    assert len(luggage.report) == 0
    assert _credential(reads[0]).learner.given_names[0].value == "Åse"


def test_the_identity_of_a_recoded_document_is_that_of_its_bytes() -> None:
    data = _data("windows-1252-said-to-be-utf-8")
    (read,), _ = _read(data)
    document = _credential(read).document
    assert document is not None
    assert document.id == Source("any", data).sha256
    spot = read.origin.of("learner.givenNames[0]")
    assert isinstance(spot, XmlLocation)
    assert (spot.line, spot.column) == (5, 5)


@pytest.mark.parametrize(
    "space",
    [
        "http://github.com/emrex-eu/elmo-schemas/tree/v1",
        "https://github.com/emrex-eu/elmo-schemas/tree/v1/",
        "https://github.com/emrex-eu/elmo-schemas/tree/v1.7.0/",
        "https://github.com/emrex-eu/elmo-schemas/tree/v2",
        "https://github.com/emrex-eu/elmo-schemas/tree/v2.0.0",
        "https://github.com/emrex-eu/elmo-schemas/blob/v1/schema.xsd",
    ],
)
def test_a_namespace_that_can_be_no_other_is_read(space: str) -> None:
    data = _data("minimal").replace(b"https://github.com/emrex-eu/elmo-schemas/tree/v1", space.encode())
    reads, luggage = _read(data)
    assert len(reads) == 1
    assert [found.rule.id for found in luggage.report] == ["elmo/namespace-repaired"]


def test_no_namespace_is_said_in_words() -> None:
    _, luggage = _read(_data("no-namespace"))
    assert "is in no namespace, not in that" in next(iter(luggage.report)).message
    bare = _data("minimal").replace(b"<generatedDate>", b'<generatedDate xmlns="">')
    _, luggage = _read(bare)
    (found,) = luggage.report
    assert "the element generatedDate is in no namespace;" in found.message
    assert found.masked == found.message


def test_days_with_space_around_them_are_one_finding_however_many_there_are() -> None:
    instance = b"<learningOpportunityInstance><date> 2031-0%d-02 </date></learningOpportunityInstance>"
    offers = b"".join(
        b'<learningOpportunitySpecification><title xml:lang="en">x</title><specifies>%b</specifies>'
        b"</learningOpportunitySpecification>" % (instance % month)
        for month in range(1, 10)
    )
    _, luggage = _read(_data("minimal").replace(b"<issueDate>", offers + b"<issueDate>"))
    (found,) = luggage.report
    assert found.rule.id == "elmo/date-padded"
    assert "(9 places," in found.message


def test_html_that_nobody_escaped_is_read_with_all_its_words() -> None:
    achievement = _credential(_read(_data("html-that-nobody-escaped"))[0][0]).achievements[0]
    offered = achievement.specification
    assert offered is not None
    assert offered.title[0].value == "Maps for beginners"
    assert offered.description[0].value == "Read\nmaps: \nold ones\nand H2O"
    assert offered.description_html[0].value == "Read maps"
    assert achievement.assessments[0].grade[0].value == "B+"
