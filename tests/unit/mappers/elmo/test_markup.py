"""What is written by one expression is what the rows write one by one; what they would lose is left to them."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mcbridge.losses import Loss
from mcbridge.mappers.elmo import ElmoMapper, achievements
from mcbridge.mappers.elmo.forms import Patience
from mcbridge.mappers.elmo.markup import plain
from mcbridge.model import (
    Achievement,
    Assessment,
    Award,
    Concept,
    Credential,
    Credit,
    Identifier,
    Link,
    Residue,
    Spelling,
    Text,
)
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.unit.mappers.elmo.test_plain import COURSE, GOLDEN, document

MAPPER = ElmoMapper(Tables(), {"validate": "no"})


def course(text: str = COURSE) -> Achievement:
    """A plain course; its zoned dates and odd numbers, which are spellings, are none here."""
    for odd, even in (("+01:00", ""), ("2030-10-01Z", "2030-10-01"), ("+6", "6"), (" 5 ", "5")):
        text = text.replace(odd, even)
    found: Achievement = read(document(text))[0].record.achievements[0]  # type: ignore[union-attr]
    return found


def read(data: bytes) -> list[Read]:
    """The records of a document that have achievements."""
    found = MAPPER.read(Source("d.xml", data), Luggage())
    return [one for one in found if isinstance(one.record, Credential) and one.record.achievements]


def both(record: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[tuple[bytes, list[Loss]], tuple[bytes, list[Loss]]]:
    """The document and its losses, by the expression and by the rows alone."""
    with monkeypatch.context() as patch:
        patch.setattr(achievements, "PATIENCE", Patience(0))
        quick = written(record)
        patch.setattr(achievements, "plain", lambda *_: None)
        return quick, written(record)


def written(record: Any) -> tuple[bytes, list[Loss]]:
    """The document, and what was lost."""
    (origin,) = (one.origin for one in read(document(COURSE)))
    luggage, sink = Luggage("elmo"), BytesIO()
    MAPPER.write([Read(record, origin)], sink, luggage)
    return sink.getvalue(), list(luggage.losses)


def within(*found: Achievement) -> Credential:
    """A record with these achievements."""
    record = read(document(COURSE))[0].record
    assert isinstance(record, Credential)
    return replace(record, achievements=found)


PLAIN = [
    ("Maps &amp; tides", "Maps &lt;&gt; &#34;tides&#34; Ž€漢😀"),
    ("<title>Karte</title>", '<title xml:lang="a&amp;&quot;b">Karte</title>'),
    ("One\ntwo", "One &#13; two\n  three  "),
    ('type="local"', 'type="a&lt;b"'),
    ("<type>Course</type>", ""),
    ("<ref>one</ref>", "<ref/>"),
    ("<subjectArea>11.3</subjectArea>", ""),
    ("</specifies>", f"</specifies><hasPart>{COURSE}</hasPart><hasPart>{COURSE}</hasPart>"),
    ("<value>6</value></level>", "<value>7</value></level><level><type>NQF</type></level>"),
]


@pytest.mark.parametrize(("old", "new"), PLAIN)
def test_what_is_plain_is_written_as_the_rows_write_it(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert old in COURSE
    one = course(COURSE.replace(old, new))
    assert plain(one) is not None
    quick, careful = both(within(course(), one, course()), monkeypatch)
    assert quick == careful


def _offer(**fields: Any) -> Achievement:
    one = course()
    assert one.specification is not None
    return replace(one, specification=replace(one.specification, **fields))


UNUSUAL = [
    replace(course(), residue=(Residue(format="elmo", path="x[1]", content="<x/>"),)),
    replace(course(), spellings=(Spelling(format="elmo", path="period.end", text="2031-02-15Z"),)),
    replace(course(), specification=None),
    replace(course(), title=(Text("awarded", "en"),)),
    replace(course(), award=Award(bodies=("org-1", "org-2"))),
    replace(course(), assessments=(Assessment(), Assessment(title=(Text("second"),)))),
    replace(course(), assessments=(Assessment(grade=(Text("5", "hr"),)),)),
    replace(course(), credits=(Credit(scheme="ects", points=Decimal(6), labels=(Text("ECTS"),)),)),
    _offer(title=(Text("two  spaces", "en"),)),
    _offer(title=(Text("bell \a", "en"),)),
    _offer(languages=("hr", "en")),
    _offer(homepages=(Link(url="a"), Link(url="b"))),
    _offer(homepages=(Link(url="a", titles=(Text("page"),)),)),
    _offer(identifiers=(Identifier(value="1", country="HR"),)),
    _offer(kinds=(Concept(code="x", scheme="other"),)),
    _offer(is_partial=False),
    _offer(credits=(Credit(scheme="ects", points=Decimal(7)),)),
]


@pytest.mark.parametrize("unusual", UNUSUAL)
def test_what_would_be_lost_is_named_by_the_rows(unusual: Achievement, monkeypatch: pytest.MonkeyPatch) -> None:
    assert plain(unusual) is None
    quick, careful = both(within(course(), unusual, course()), monkeypatch)
    assert quick == careful


@pytest.mark.parametrize("points", ["6", "6.0", "6.00"])
def test_equal_numbers_keep_their_own_digits(points: str) -> None:
    """6 and 6.0 are equal, and what was remembered for one must not stand for the other."""
    for other in ("6", "6.0", "6.00"):
        plain(replace(course(), credits=(Credit(scheme="ects", points=Decimal(other)),)))
    found = plain(replace(course(), credits=(Credit(scheme="ects", points=Decimal(points)),)))
    assert found is not None
    assert f"<scheme>ects</scheme><value>{points}</value>" in found


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/output.xml")), ids=lambda path: path.parent.name)
def test_golden_documents_are_written_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in read(path.read_bytes()):
        quick, careful = both(one.record, monkeypatch)
        assert quick == careful


def test_the_first_few_are_written_by_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Achievement] = []

    def watched(one: Achievement, version: str) -> str | None:
        asked.append(one)
        return plain(one, version)

    monkeypatch.setattr(achievements, "plain", watched)
    monkeypatch.setattr(achievements, "PATIENCE", Patience(3))
    data, _ = written(within(*[course()] * 5))
    assert len(asked) == 3
    assert data.count(b"<iscedCode>0532</iscedCode>") == 5
