"""Where faults may come in thousands, the verdict is the same, and the first of them are found at their places."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from lxml import etree

from mcbridge.diagnostics import Diagnostic, Rule, Severity, XmlLocation
from mcbridge.mappers._xml import HINT, TEMPLATE, crowds, explanation, parse, schema
from mcbridge.resources import data_root
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_documents import everything
from tests.conformance.elmo_mutations import mutations
from tests.conformance.test_elmo_xsd import NAMESPACES
from tests.hostile.documents import course, elmo

RULE = Rule("example/schema", Severity.ERROR, "An example", TEMPLATE, HINT, "because the schema says so")
ELMO_17 = schema("elmo/1.7")
GOOD, BAD = course("Uvod"), course("Uvod").replace("<title>", '<title xml:lang="?">')
FEW = 5


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every document is crowded, and four faults are many."""
    monkeypatch.setattr(crowds, "crowded", lambda _: True)
    monkeypatch.setattr(explanation, "FEW", 3)
    monkeypatch.setattr(crowds, "SIDE_BY_SIDE", FEW)


def document(courses: Iterable[str]) -> bytes:
    return elmo().replace(course("Uvod u podatke"), "".join(courses)).encode()


def told(data: bytes) -> list[Diagnostic]:
    root = parse(data, "in.xml")
    assert not ELMO_17.validate(root)
    return list(ELMO_17.explain(root, data, "in.xml", RULE))


def paths(found: Iterable[Diagnostic]) -> list[str | None]:
    return [each.location.xpath for each in found if isinstance(each.location, XmlLocation)]


def test_the_verdict_of_a_parser_is_that_of_the_tree() -> None:
    declared = Declarations(data_root("xsd") / "elmo" / "1.7" / "elmo.xsd", NAMESPACES)  # type: ignore[arg-type]
    root = etree.fromstring(everything())
    verdicts = set()
    for number, found in enumerate(mutations(root, declared.of(root), 7)):
        if number % 3 == 0:
            again = etree.fromstring(etree.tostring(found.root))
            verdict = ELMO_17.compiled.validate(again)
            assert (not crowds.faults(again, ELMO_17.compiled)) is verdict, found.detail
            verdicts.add(verdict)
    assert verdicts == {True, False}


@pytest.mark.parametrize("count", [crowds.ELEMENTS // 5 + 1, 3])
def test_a_crowd_is_large_and_wide(count: int) -> None:
    flat = parse(document([GOOD] * count), "in.xml")
    assert crowds.crowded(flat) is (count > 3)
    assert ELMO_17.validate(flat)
    many = "".join(f"<a>{'<b/>' * 300}</a>" for _ in range(20))
    assert not crowds.crowded(parse(elmo(after=f"<extension>{many}</extension>").encode(), "in.xml"))


@pytest.mark.parametrize("first", [0, 3, 17, 36])
@pytest.mark.usefixtures("crowd")
def test_the_first_of_many_faults_are_at_their_places(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = document([GOOD] * first + [BAD] * 4 + [GOOD] * (36 - first))
    found = told(data)
    *named, last = found
    place = "elmo/report[1]/learningOpportunitySpecification[{}]/title[1]/@lang"
    assert set(paths(named)) <= {place.format(first + number) for number in range(1, 5)}
    assert named
    assert last.message == f"{4 - len(named)} more places do not match the schema"
    assert last.location == XmlLocation("in.xml")
    monkeypatch.undo()
    assert [each.message for each in told(data)[: len(named)]] == [each.message for each in named]


@pytest.mark.usefixtures("crowd")
def test_few_faults_are_named_all_in_a_crowd_too() -> None:
    found = told(document([GOOD] * 20 + [BAD] + [GOOD] * 20))
    assert paths(found) == ["elmo/report[1]/learningOpportunitySpecification[21]/title[1]/@lang"]


@pytest.mark.usefixtures("crowd")
def test_a_row_in_a_row_and_names_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = '<title xml:lang="en">Uvod</title><description xml:lang="?">Uvod</description>'
    inner = GOOD.replace("</title>", "</title>" + pair * 12)
    found = told(document([inner] * 12))
    assert len(found) > 1
    assert all(path is None or "description[" in path or "title[" in path for path in paths(found))
    kept = 0
    for part, copies in crowds.parts(parse(document([inner] * 12), "in.xml")):
        assert all(len(element) <= 3 * FEW for element in part.iter("*"))
        assert all(copy.tag == element.tag and copy.text == element.text for copy, element in copies.items())
        kept += 1
    assert kept == 3


@pytest.mark.usefixtures("crowd")
def test_dates_that_are_only_padded_are_no_faults_in_a_crowd() -> None:
    padded = GOOD.replace(
        "<learningOpportunityInstance/>",
        "<learningOpportunityInstance><start> 2031-05-01 </start></learningOpportunityInstance>",
    )
    data = document([padded] * 8)
    root = parse(data, "in.xml")
    assert not ELMO_17.validate(root)
    assert not ELMO_17.refuses(root)
