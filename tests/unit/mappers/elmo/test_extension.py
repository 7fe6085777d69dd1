"""The extension: what ELMO has no place for comes back, and nobody's changes are thrown away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from mcbridge.diagnostics import JsonLocation
from mcbridge.mappers import _xml, reader, writer
from mcbridge.mappers.elmo.extension.facts import facts
from mcbridge.mappers.elmo.extension.table import NAMESPACE, SCHEMA
from mcbridge.mappers.elmo.values import NAMESPACE as ELMO
from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Address,
    Assessment,
    Award,
    Concept,
    Contact,
    Credential,
    Credit,
    Duration,
    Framework,
    Identifier,
    Learner,
    LearningOutcome,
    Level,
    Link,
    Note,
    Organisation,
    Period,
    Place,
    QualityAssurance,
    Specification,
    Stackability,
    StackabilityKind,
    Target,
    Text,
    Texts,
)
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables

TABLES = Tables()
E = f"{{{ELMO}}}"
X = f"{{{NAMESPACE}}}"


def both(text: str) -> Texts:
    return Text(text, "en"), Text(f"{text} hrvatski", "hr")


def skill(name: str) -> Concept:
    return Concept(
        code=f"http://data.europa.eu/esco/skill/{name}",
        scheme="http://data.europa.eu/esco/concept-scheme/skills",
        labels=both(name),
    )


def organisation(name: str, **more: Any) -> Organisation:
    where = Place(addresses=(Address(country="HR"),), regions=(Concept(code=f"HRV_{name}", scheme="atu"),))
    return Organisation(
        id=name,
        names=both(name),
        identifiers=(Identifier(value=f"{name}.example", type="schac"),),
        places=(where,),
        homepages=(Link(url=f"https://{name}.example"),),
        **more,
    )


def offer() -> Specification:
    quality = QualityAssurance(
        id="https://data.example.org/report/1",
        kind=Concept(code="programme-quality-assurance", scheme="accreditation"),
        title=both("Review"),
        agency="agency",
        decision=Concept(code="positive", scheme="accreditation-decision"),
        report=Link(url="https://data.example.org/report/1"),
        landing_pages=(Link(url="https://data.example.org/1"), Link(url="https://data.example.org/2")),
        issued=dt.date(2029, 1, 2),
        expires=dt.date(2034, 1, 1),
        identifiers=(Identifier(value="R-1", type="deqar"), Identifier(value="R-2", type="deqar")),
    )
    return Specification(
        title=both("Maps for beginners"),
        description=both("About maps."),
        levels=(
            Level(framework=Framework.EQF, value="6"),
            Level(framework=Framework.QF_EHEA, value="first"),
            Level(framework=Framework.NQF, value="6.st", country="HR", scheme="HKO", labels=both("Level 6.st")),
        ),
        credits=(Credit(scheme="ects", points=Decimal("2.5")),),
        volume_of_learning=Duration(seconds=Decimal(216000)),
        learning_outcomes=(
            LearningOutcome(
                title=both("Draws a map"),
                kind=Concept(code="skill", scheme="skill-type"),
                esco_skills=(skill("drawing"), skill("surveying")),
                skills=(Concept(code="own-1", scheme="own", labels=both("own")),),
            ),
            LearningOutcome(title=both("Reads <contour> lines & more")),
        ),
        outcome_summary=Note(texts=both("In short:\n- maps")),
        modes=(Concept(code="blended", scheme="learning-assessment"), Concept(code="online")),
        schedules=(Concept(code="part-time-light", scheme="learning-schedule"),),
        setting=Concept(code="formal", scheme="learning-setting"),
        languages=("en", "hr"),
        assessment_kinds=(Concept(code="written-examination", scheme="assessment"), Concept(code="project-work")),
        supervision=Concept(code="supervised-with-id", scheme="supervision-verification"),
        entry_requirements=(Note(texts=both("Secondary school")), Note(texts=both("A computer"))),
        quality_assurance=(quality, QualityAssurance(title=both("Licence"))),
        stackability=Stackability(
            kind=StackabilityKind.STACKABLE,
            towards=(Target(titles=both("Diploma")), Target(identifiers=(Identifier(value="D-2"),))),
        ),
        homepages=(Link(url="https://uni.example/maps"), Link(url="https://uni.example/karte")),
        notes=(Note(texts=both("Bring a pencil")), Note(texts=both("And paper"))),
    )


def micro(**more: Any) -> Credential:
    """A record with all elements of Annex I, in several values and languages."""
    achievement = Achievement(
        title=both("Maps, passed"),
        specification=offer(),
        award=Award(bodies=("uni", "guild"), date=dt.date(2031, 5, 1)),
        period=Period(start=dt.date(2031, 2, 1), end=dt.date(2031, 4, 1)),
        credits=(Credit(scheme="ects", points=Decimal(2)),),
        assessments=(
            Assessment(
                title=both("Exam"),
                grade=both("very good"),
                verification=Concept(code="supervised-with-id", scheme="supervision-verification"),
            ),
            Assessment(title=both("Project"), grade=(Text("4"),)),
        ),
        notes=(Note(texts=both("With distinction")),),
    )
    given: dict[str, Any] = {
        "version": MODEL_VERSION,
        "id": "micro-1",
        "learner": Learner(
            given_names=(Text("Ada"),),
            family_name=(Text("Nepostojeća"),),
            full_name=(Text("Dr. Ada Nepostojeća", "en"),),
            contacts=(Contact(emails=("ada@example.org", "a.n@example.org")),),
            national_id=Identifier(value="N-1", country="HR"),
        ),
        "title": both("Certificate in maps"),
        "issuer": "uni",
        "issued": dt.datetime(2031, 5, 2, tzinfo=dt.UTC),
        "valid_from": dt.datetime(2031, 5, 2, tzinfo=dt.UTC),
        "valid_until": dt.datetime(2036, 5, 2, tzinfo=dt.UTC),
        "achievements": (achievement,),
        "organisations": (organisation("guild"), organisation("uni"), organisation("agency")),
    }
    return Credential(**(given | more))


def described(description: Texts) -> Credential:
    """The record with another description of the offer."""
    record = micro()
    (one,) = record.achievements
    return replace(record, achievements=(replace(one, specification=replace(offer(), description=description)),))


def write(*records: Credential) -> tuple[bytes, Luggage]:
    luggage, sink = Luggage("elmo"), BytesIO()
    writer("elmo", TABLES, {}).write([Read(one, Origin(JsonLocation("made-up"))) for one in records], sink, luggage)
    return sink.getvalue(), luggage


def read(data: bytes) -> tuple[Credential, list[str]]:
    """The first record, and the ids of what was found."""
    luggage = Luggage("canonical")
    record = next(iter(reader("elmo", TABLES, {}).read(Source("d.xml", data), luggage))).record
    assert isinstance(record, Credential)
    return record, [one.rule.id for one in luggage.report]


def said(record: Credential) -> Any:
    """All but where it came from."""
    return {key: value for key, value in facts(record).items() if key not in {"id", "document"}}


def changed(data: bytes, change: Callable[[etree._Element], object]) -> bytes:
    root = etree.fromstring(data)
    change(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def blocks(root: etree._Element) -> list[etree._Element]:
    return [block for holder in root.iter(f"{E}extension") for block in holder if block.tag.startswith(X)]


def descriptions(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{E}description"))


def specification(record: Credential) -> Specification:
    found = record.achievements[0].specification
    assert found is not None
    return found


# --- there and back -----------------------------------------------------------------------------------------------


def test_all_of_annex_i_comes_back_and_nothing_is_lost() -> None:
    data, luggage = write(micro())
    assert list(luggage.losses) == []
    again, found = read(data)
    assert found == []
    assert said(again) == said(micro())


def test_what_is_written_is_valid_by_both_schemas() -> None:
    root = _xml.parse(write(micro())[0], "written")
    assert _xml.schema("elmo/1.7").validate(root)
    assert {etree.QName(block).localname for block in blocks(root)} == {"offer", "result", "learner", "record"}
    assert all(_xml.schema(SCHEMA).validate(block) for block in blocks(root))


def test_a_document_that_was_read_is_written_as_it_was() -> None:
    data, _ = write(micro())
    assert write(read(data)[0])[0] == data


def test_two_records_of_one_document_keep_their_own() -> None:
    data, _ = write(micro())
    first, _ = read(data)
    document = first.document
    assert document is not None
    one = replace(first, document=replace(document, count=2))
    other = replace(first, id="other", title=both("Other"), document=replace(document, count=2, position=2))
    twice, luggage = write(one, other)
    assert list(luggage.losses) == []
    found = [each.record for each in reader("elmo", TABLES, {}).read(Source("d.xml", twice), Luggage("x"))]
    assert [said(each) for each in found if isinstance(each, Credential)] == [said(first), said(other)]


@pytest.mark.parametrize(
    "description",
    [
        (),
        (Text("", "en"),),
        (Text("About maps.", "en"),),
        (Text("About maps.\n\n", "en"), Text("O kartama", "hr"), Text("Über Karten", "de")),
        (Text("Without language"),),
        (Text("One", "en"), Text("Two", "en"), Text("Three")),
        (Text("Old [mcbridge 1] echo [/mcbridge 0123456789ab]", "en"),),
    ],
    ids=str,
)
def test_the_description_comes_back_as_it_was(description: Texts) -> None:
    again, found = read(write(described(description))[0])
    assert specification(again).description == description
    assert found == []


def test_the_echo_speaks_the_languages_of_the_record() -> None:
    texts = {
        d.get("{http://www.w3.org/XML/1998/namespace}lang"): d.text or ""
        for d in descriptions(etree.fromstring(write(micro())[0]))
    }
    assert texts.keys() == {"en", "hr"}
    assert "Learning outcomes:\n- Draws a map (" in texts["en"]
    assert "Ishodi učenja:\n- Draws a map hrvatski (" in texts["hr"]
    for words in ("60 h", "Blended", "Supervised with ID Verification", "Valid until: 2036-05-02", "HKO 6.st", "guild"):
        assert words in texts["en"]
    assert "ada@example.org" not in texts["en"]
    assert "N-1" not in texts["en"]


def test_codes_alone_are_said_in_the_language_of_the_title() -> None:
    record = micro(
        title=(),
        achievements=(
            Achievement(
                specification=Specification(
                    title=(Text("Karte", "hr"),), modes=(Concept(code="blended", scheme="learning-assessment"),)
                )
            ),
        ),
    )
    (found,) = descriptions(etree.fromstring(write(record)[0]))
    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == "hr"
    assert "Način izvođenja: Blended" in (found.text or "")


# --- what others do to it -----------------------------------------------------------------------------------------


def drop_extensions(root: etree._Element) -> None:
    for holder in list(root.iter(f"{E}extension")):
        parent = holder.getparent()
        assert parent is not None
        parent.remove(holder)


def test_an_echo_without_its_extension_stays_and_is_found() -> None:
    stripped = changed(write(micro())[0], drop_extensions)
    again, found = read(stripped)
    assert found == ["elmo/echo-alone", "elmo/echo-alone"]
    assert "Draws a map" in specification(again).description[0].value
    assert specification(again).learning_outcomes == ()
    assert read(write(again)[0])[0].achievements == again.achievements


def test_an_edited_echo_stays_and_is_found() -> None:
    def edit(root: etree._Element) -> None:
        first = descriptions(root)[0]
        first.text = (first.text or "").replace("Draws a map", "Draws two maps")

    again, found = read(changed(write(micro())[0], edit))
    assert found == ["elmo/echo-edited"]
    assert "Draws two maps" in specification(again).description[0].value
    assert specification(again).description[1] == both("About maps.")[1]
    assert specification(again).learning_outcomes == offer().learning_outcomes


def test_an_echo_whose_lines_were_joined_is_still_an_echo() -> None:
    def collapse(root: etree._Element) -> None:
        for each in descriptions(root):
            each.text = " ".join((each.text or "").split())

    again, found = read(changed(write(micro())[0], collapse))
    assert found == []
    assert specification(again).description == both("About maps.")


def test_a_changed_element_of_elmo_goes_before_the_extension() -> None:
    def correct(root: etree._Element) -> None:
        for each in root.iter(f"{E}resultLabel"):
            each.text = "excellent"
        next(root.iter(f"{E}languageOfInstruction")).text = "de"

    data, _ = write(micro())
    again, found = read(changed(data, correct))
    assert found == ["elmo/extension-outdated", "elmo/extension-outdated"]
    assert specification(again).languages == ("de",)
    assert again.achievements[0].assessments[0].grade == (Text("excellent"),)
    assert again.achievements[0].assessments[0].verification is not None
    kept = "".join(one.content for one in again.achievements[0].residue)
    assert ">very good<" in kept
    assert ">en<" in kept
    lost = [one.code for one in write(again)[1].losses]
    assert set(lost) == {"loss/residue"}


def test_a_corrected_title_is_believed_and_all_else_is_kept() -> None:
    record = micro(achievements=(replace(micro().achievements[0], title=()),))

    def correct(root: etree._Element) -> None:
        next(root.iter(f"{E}learningOpportunitySpecification"))[0].text = "Maps for all"

    again, found = read(changed(write(record)[0], correct))
    assert found == []
    assert specification(again).title == (Text("Maps for all", "en"), both("Maps for beginners")[1])


FOREIGN = '<note xmlns="https://other.example.org" a="b">other &amp; more</note>'


def test_what_others_say_in_the_extension_stays() -> None:
    def add(root: etree._Element) -> None:
        for holder in root.iter(f"{E}extension"):
            holder.append(etree.fromstring(FOREIGN))

    data = changed(write(micro())[0], add)
    again, found = read(data)
    assert found == []
    assert said(again)["achievements"][0]["specification"] == said(micro())["achievements"][0]["specification"]
    written = etree.fromstring(write(again)[0])
    assert [len(holder) for holder in written.iter(f"{E}extension")] == [2, 2, 3]
    assert write(read(write(again)[0])[0])[0] == write(again)[0]


def newer(root: etree._Element) -> None:
    for holder in root.iter(f"{E}extension"):
        for block in list(holder):
            text = etree.tostring(block).replace(b"extension:1", b"extension:2")
            holder.replace(block, etree.fromstring(text))


def unknown(root: etree._Element) -> None:
    for block in blocks(root):
        etree.SubElement(block, f"{X}surprise")


def misplaced(root: etree._Element) -> None:
    holders = list(root.iter(f"{E}extension"))
    first, second, third = (list(holder) for holder in holders)
    for holder, moved in zip(holders, (second, third, first), strict=True):
        holder.extend(moved)


def unreadable(root: etree._Element) -> None:
    """The schema takes a date in the year 19999, Python does not."""
    for element in root.iter(f"{X}issued", f"{X}date", f"{X}validUntil"):
        element.text = f"19999{(element.text or '')[4:]}"


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (newer, ["elmo/extension-unread"] * 4),
        (unknown, ["elmo/extension-invalid"] * 4),
        (misplaced, ["elmo/extension-unread"] * 4),
        (unreadable, ["elmo/extension-unread"] * 3),
    ],
)
def test_a_block_that_cannot_be_read_is_found_and_stays(
    change: Callable[[etree._Element], None], rules: list[str]
) -> None:
    data = changed(write(micro())[0], change)
    again, found = read(data)
    assert found == rules
    assert specification(again).learning_outcomes == ()
    back = etree.fromstring(write(again)[0])
    before = etree.fromstring(data)
    assert [sorted(map(text_of, holder)) for holder in back.iter(f"{E}extension")] == [
        sorted(map(text_of, holder)) for holder in before.iter(f"{E}extension")
    ]


def text_of(element: etree._Element) -> str:
    return str(etree.canonicalize(etree.tostring(element, with_tail=False).decode(), rewrite_prefixes=True))


def test_a_second_block_stays_where_it_is() -> None:
    def again(root: etree._Element) -> None:
        for block in blocks(root):
            block.addnext(etree.fromstring(etree.tostring(block)))

    record, found = read(changed(write(micro())[0], again))
    assert found == ["elmo/extension-unread"] * 4
    assert said(record)["organisations"] == said(micro())["organisations"]
    assert read(write(record)[0])[0].organisations == record.organisations


def test_a_finding_has_its_place() -> None:
    luggage = Luggage("canonical")
    data = changed(write(micro())[0], unknown)
    list(reader("elmo", TABLES, {}).read(Source("d.xml", data), luggage))
    spots = [str(one.location) for one in luggage.report]
    assert any("surprise" in spot and "extension" in spot for spot in spots), spots


def test_fields_of_the_extension_have_their_place_in_the_document() -> None:
    data, _ = write(micro())
    (one,) = reader("elmo", TABLES, {}).read(Source("d.xml", data), Luggage("canonical"))
    for path, words in (
        ("achievements[0].specification.learningOutcomes[1].title[0].value", "/offer[1]/learningOutcome[2]/title[1]"),
        ("achievements[0].assessments[0].verification", "/result[1]/assessment[1]/verification[1]"),
        ("organisations[0].names[1]", "/record[1]/organisation[1]/name[2]"),
        ("validUntil", "/record[1]/validUntil[1]"),
        ("achievements[0].specification.credits[0].points", "/offer[1]/credit[1]/points[1]"),
    ):
        assert words in str(one.origin.of(path)), (path, one.origin.of(path))
