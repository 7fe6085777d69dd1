"""What is read from the text is what the tree says; what is unusual is left to the tree."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest

from mcbridge.errors import InputError
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import plain
from mcbridge.mappers.elmo.documents import Reading
from mcbridge.mappers.elmo.forms import Patience
from mcbridge.mappers.elmo.plain import Plain
from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.model import Credential
from mcbridge.origins import Contents

GOLDEN = Path(__file__).parents[3] / "golden" / "elmo"

COURSE = """<learningOpportunitySpecification>
  <identifier type="local">1</identifier>
  <title xml:lang="en">Maps &amp; tides</title><title>Karte</title>
  <type>Course</type>
  <subjectArea>11.3</subjectArea>
  <iscedCode>0532</iscedCode>
  <url>https://www.example.edu/1</url>
  <description xml:lang="en">One
two</description>
  <specifies><learningOpportunityInstance>
    <start>2030-10-01</start><date>2031-02-15+01:00</date>
    <academicTerm><title>Winter</title><start>2030-10-01Z</start><end>2031-02-28</end></academicTerm>
    <status>passed</status>
    <resultLabel> 5 </resultLabel>
    <resultDistribution><category label="A" count="3"/><category label="B" count="0"></category></resultDistribution>
    <credit><scheme>ects</scheme><value>+6</value></credit><credit><scheme>local</scheme></credit>
    <level><type>EQF</type><description xml:lang="en">Framework</description><value>6</value></level>
    <languageOfInstruction>hr</languageOfInstruction>
    <attachments><ref>one</ref><ref>two</ref></attachments>
    <grouping typeref="1" idref="2">Optional</grouping>
  </learningOpportunityInstance></specifies>
</learningOpportunitySpecification>"""

SAID_DIFFERENTLY = [
    ("Maps &amp; tides", "Maps &#38; t&#x69;des &lt; &quot;sea&apos;s&quot; &gt; land"),
    ("Maps &amp; tides", "  Maps\n\tand   tides > seas "),
    ("Maps &amp; tides", "Maps &#13;&#9; tides"),
    ("One\ntwo", "One\r\ntwo\rthree"),
    ('xml:lang="en"', 'xml:lang="x&amp;y"'),
    ("<title>Karte</title>", "<title/>"),
    ("<type>Course</type>", ""),
    ("<credit><scheme>local</scheme></credit>", ""),
]
"""Changes after which all is as plain as before."""

UNUSUAL = [
    ("<title>Karte</title>", '<title other="x">Karte</title>'),
    ("<title>Karte</title>", "<title xml:lang='hr'>Karte</title>"),
    ("<title>Karte</title>", '<title xmlns="urn:other">Karte</title>'),
    ("<title>Karte</title>", "<title>Kar<b/>te</title>"),
    ("<title>Karte</title>", "<title>Karte</title> stray "),
    ("<title>Karte</title>", "<title>Karte</title><other>x</other>"),
    ("<type>Course</type>", "<type>Course</type><type>Module</type>"),
    ("<type>Course</type>", "<type>Course</type><title>late</title>"),
    ("<type>Course</type>", '<type x="1">Course</type>'),
    ("<start>2030-10-01</start>", "<start>soon</start>"),
    ("<status>passed</status>", "<status>asleep</status>"),
    ("<value>+6</value>", "<value>six</value>"),
    ("<value>+6</value>", "<value>6</value> or so"),
    ("<scheme>ects</scheme>", ""),
    ('count="3"', 'count="03"'),
    ('count="3"', 'count="three"'),
    ('label="B" count="0">', 'label="B" count="0">text'),
    ("<ref>one</ref><ref>two</ref>", ""),
    ("<ref>one</ref>", '<ref x="1">one</ref>'),
    ("</learningOpportunityInstance>", "</learningOpportunityInstance><learningOpportunityInstance/>"),
    ("</learningOpportunityInstance>", '<extension><x xmlns="urn:x"/></extension></learningOpportunityInstance>'),
    ("<learningOpportunitySpecification>", '<learningOpportunitySpecification x="1">'),
    ("<learningOpportunitySpecification>", "<learningOpportunitySpecification>stray"),
    (COURSE, "<learningOpportunitySpecification/>"),
]
"""Changes that the tree has to be asked about."""


def document(*courses: str, around: str = "", root: str = f'<elmo xmlns="{NAMESPACE}">') -> bytes:
    """A document with these courses, in two reports, and something before them."""
    half = len(courses) // 2
    reports = "".join(f"<report>{''.join(some)}</report>" for some in (courses[:half], courses[half:]))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}{around}{reports}</elmo>'.encode()


def both(data: bytes) -> tuple[list[bool], tuple[Credential, ...], tuple[Credential, ...]]:
    """Which of six opportunities are plain, the document read by them, and from the tree alone."""
    root = _xml.parse(data, "d.xml")
    counted = Plain.within(root, data, "d.xml")
    seen = [counted.take() is not None for _ in range(6)]
    quick = Reading(root, "d", Contents(), checked=True, plain=Plain.within(root, data, "d.xml"))
    return seen, quick.credentials, Reading(root, "d", Contents(), checked=True).credentials


@pytest.mark.parametrize(("old", "new"), SAID_DIFFERENTLY)
def test_what_is_said_in_another_way_is_plain(old: str, new: str) -> None:
    assert old in COURSE
    seen, quick, careful = both(document(COURSE, COURSE.replace(old, new), COURSE))
    assert seen[:3] == [True, True, True]
    assert quick == careful


@pytest.mark.parametrize(("old", "new"), UNUSUAL)
def test_what_is_unusual_costs_only_its_own_opportunity(old: str, new: str) -> None:
    assert old in COURSE
    seen, quick, careful = both(document(COURSE, COURSE.replace(old, new), COURSE, COURSE))
    assert seen[:4] == [True, False, True, True]
    assert quick == careful


def test_parts_are_read_inside_the_whole() -> None:
    part = f"<hasPart> {COURSE} </hasPart>"
    whole = COURSE.replace("</specifies>", f"</specifies>{part}{part}")
    seen, quick, careful = both(document(COURSE, whole, COURSE))
    assert seen[:3] == [True, True, True]
    assert quick == careful
    odd = whole.replace("</hasPart>", "stray</hasPart>", 1)
    seen, quick, careful = both(document(COURSE, odd, COURSE))
    assert seen[:3] == [True, False, True]
    assert quick == careful


FAKE = "<report><learningOpportunitySpecification><title>fake</title></learningOpportunitySpecification></report>"


@pytest.mark.parametrize(
    "around",
    [
        f"<!-- {FAKE} -->",
        f"<extension><![CDATA[{FAKE}]]></extension>",
        "<?sort by name?>",
        f'<extension x="a>b">{FAKE}</extension>',
        f"<report><extension>{FAKE}</extension></report>",
        f'<report xmlns="urn:other">{FAKE}</report>',
        f'<report><x:learningOpportunitySpecification xmlns:x="{NAMESPACE}"/></report>',
        '<report><learningOpportunitySpecification xmlns="urn:other"/></report>',
    ],
)
def test_what_only_looks_like_an_opportunity_shifts_nothing(around: str) -> None:
    _, quick, careful = both(document(COURSE, COURSE.replace("Karte", "Mapa"), around=around))
    assert quick == careful


@pytest.mark.parametrize("inside", ["<!-- <title> -->", "<?x y?>", "<![CDATA[<title>]]>"])
def test_comments_and_the_like_inside_an_opportunity_are_gone_through(inside: str) -> None:
    odd = COURSE.replace("Karte", f"Kar{inside}te")
    seen, quick, careful = both(document(COURSE, odd, COURSE, COURSE))
    assert seen[0]
    assert seen[2:4] == [True, True]
    assert quick == careful


def test_a_prefix_is_no_obstacle() -> None:
    data = re.sub(rb"<(/?)(?=[a-z])", rb"<\1e:", document(COURSE, COURSE, root=f'<elmo xmlns:e="{NAMESPACE}">'))
    seen, quick, careful = both(data)
    assert seen[:2] == [True, True]
    assert quick == careful


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/input.xml")), ids=lambda path: path.parent.name)
def test_golden_documents_are_read_the_same(path: Path) -> None:
    data = path.read_bytes()
    with suppress(InputError):  # which is not for this test to say
        if _xml.parse(data, "d.xml").tag != f"{{{NAMESPACE}}}elmo":
            return
        _, quick, careful = both(data)
        assert quick == careful


def test_only_documents_for_which_it_is_a_gain_are_read_so(monkeypatch: pytest.MonkeyPatch) -> None:
    data = document(COURSE, COURSE)
    root = _xml.parse(data, "d.xml")
    monkeypatch.setattr(plain, "PATIENCE", Patience(len(data) * 2))
    assert Plain.of(root, data, "d.xml") is None
    assert Plain.of(root, data, "d.xml") is not None
    monkeypatch.setattr(plain, "LARGE", len(data) - 1)
    assert Plain.of(root, data, "d.xml") is None
