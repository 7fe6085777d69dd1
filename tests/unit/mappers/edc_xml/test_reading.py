"""What golden cases do not reach: places in wrapped documents, references without an end, encodings, options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge.conversion.intake import Intake, Reading, Tally
from mcbridge.conversion.opening import Opened
from mcbridge.diagnostics import XmlLocation
from mcbridge.errors import BadOption, NotThisFormat, Unreadable
from mcbridge.limits import limits_of
from mcbridge.mappers import Inspecting, detect, reader
from mcbridge.mappers.edc_xml import run
from mcbridge.model import Credential, SealState
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.golden.cases import FOLDER

TABLES = Tables()
CASES = FOLDER / "edc-xml"
DOCUMENT = """<europassCredential xmlns="http://data.europa.eu/snb" id="urn:credential:1">
<title><text lang="en">Certificate</text></title>
<credentialSubject id="p"><givenNames><text lang="en">Ana</text></givenNames>{subject}</credentialSubject>
{rest}
<proof/></europassCredential>"""


def made(subject: str = "", rest: str = "") -> Source:
    return Source("made.xml", DOCUMENT.format(subject=subject, rest=rest).encode())


def read(source: Source, luggage: Luggage | None = None, **options: str) -> list[Read]:
    return list(reader("edc-xml", TABLES, options).read(source, luggage or Luggage()))


def record(source: Source, luggage: Luggage | None = None, **options: str) -> Credential:
    (found,) = read(source, luggage, **options)
    assert isinstance(found.record, Credential)
    return found.record


def of(case: str) -> Source:
    return Source("input.xml", (CASES / case / "input.xml").read_bytes())


def achievement(spec: str) -> str:
    return (
        '<achievements><learningAchievement id="a"><title><text lang="en">A</text></title>'
        f'<specifiedBy idref="{spec}"/></learningAchievement></achievements>'
    )


def specifications(*parts: tuple[str, ...]) -> str:
    """Specifications, each with the ids of its parts behind its own."""
    blocks = (
        f'<learningSpecification id="{own}">{"".join(f"""<hasPart idref="{each}"/>""" for each in others)}'
        "</learningSpecification>"
        for own, *others in parts
    )
    return f"<learningSpecificationReferences>{''.join(blocks)}</learningSpecificationReferences>"


def test_references_that_double_at_every_step_end_soon_and_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MAX_UNFOLDED", 500)
    steps = [(f"s{n}", f"s{n + 1}", f"s{n + 1}") for n in range(60)]
    luggage = Luggage()
    found = record(made(achievement("s0"), specifications(*steps, ("s60",))), luggage)
    assert "edc-xml/references-too-deep" in luggage.report.by_rule()
    assert found.achievements[0].specification is not None


def test_the_limit_on_references_is_above_what_a_transcript_needs() -> None:
    modules = [(f"m{n}", "shared") for n in range(300)]
    luggage = Luggage()
    found = record(
        made(achievement("all"), specifications(("all", *(m[0] for m in modules)), *modules, ("shared",))), luggage
    )
    assert found.achievements[0].specification is not None
    assert len(found.achievements[0].specification.parts) == 300
    assert luggage.report.by_rule() == {}


def test_a_chain_of_references_ends_before_the_stack_does() -> None:
    steps = [(f"s{n}", f"s{n + 1}") for n in range(4000)]
    luggage = Luggage()
    record(made(achievement("s0"), specifications(*steps, ("s4000",))), luggage)
    assert luggage.report.by_rule()["edc-xml/references-too-deep"] == 1
    assert "edc-xml/nobody-refers-to-it" in luggage.report.by_rule()


def test_what_is_said_of_something_shared_is_said_once() -> None:
    luggage = Luggage()
    rest = specifications(("s", "gone"))
    record(made(achievement("s").replace("</achievements>", "") + achievement("s")[14:], rest), luggage)
    assert luggage.report.by_rule() == {"edc-xml/id-unresolved": 1}


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_it_is_told_and_read_in_any_encoding(codec: str) -> None:
    source = of("several-languages")
    other = Source("other.xml", source.data.decode().replace(' encoding="UTF-8"', "").encode(codec))
    assert detect(other, TABLES) == "edc-xml"
    assert record(other).learner == record(source).learner


@pytest.mark.parametrize(
    "case", [path.parent.name for path in sorted(CASES.glob("*/input.xml")) if path.parent.name != "hostile"]
)
def test_it_is_told_from_everything_else_by_content(case: str) -> None:
    source = Source("no-name", (CASES / case / "input.xml").read_bytes())
    assert detect(source, TABLES) == "edc-xml"
    assert not reader("elmo", TABLES, {}).recognises(source.head)


def test_a_document_of_another_kind_is_named() -> None:
    with pytest.raises(NotThisFormat, match="<html>"):
        read(Source("page.xml", b"<html><body/></html>"))
    with pytest.raises(NotThisFormat, match="no <europassCredential>"):
        read(Source("empty.xml", b"<verifiablePresentation/>"))


def test_the_credentials_of_a_presentation_are_documents_with_places_in_the_file() -> None:
    source = of("presentation-with-two-credentials")
    lines = source.data.decode().splitlines()
    mapper: Any = reader("edc-xml", TABLES, {})
    documents = list(mapper.documents(source, Luggage()))
    assert [each.name for each in documents] == [f"input.xml!europassCredential[{n}]" for n in (1, 2)]
    assert len({each.sha256 for each in documents}) == 2
    for number, document in enumerate(documents, 1):
        (found,) = mapper.read(document, Luggage())
        where = found.origin.of("achievements[0].title[0]")
        assert isinstance(where, XmlLocation)
        assert where.xpath is not None
        assert where.xpath.startswith(f"verifiablePresentation/europassCredential[{number}]/credentialSubject[1]/")
        assert where.line is not None
        assert found.record.achievements[0].title[0].value in lines[where.line - 1]
        paths = {each.path for each in found.record.document.residue}
        assert {"@id", "type[1]", "expirationDate[1]", "verificationChecks[1]"} <= paths


def test_a_run_reads_each_credential_of_a_presentation_once() -> None:
    source = of("presentation-with-two-credentials")
    tally, luggage = Tally(), Luggage()
    intake = Intake(Reading(tables=TABLES), luggage, tally)
    found = list(intake.records([Opened(source, named=True)]))
    assert len(found) == tally.read == 2
    assert len({each.record.id for each in found if isinstance(each.record, Credential)}) == 2


def test_the_bytes_of_a_sealed_credential_are_its_own_and_those_of_a_sealed_presentation_are_the_file() -> None:
    mapper: Any = reader("edc-xml", TABLES, {})
    (sealed,) = mapper.documents(of("presentation-sealed-twice"), Luggage())
    root = etree.fromstring(sealed.data)
    assert root.tag == "{http://data.europa.eu/snb}europassCredential"
    assert root.find(".//{http://www.w3.org/2000/09/xmldsig#}Signature") is not None
    outer = of("presentation-mandated")
    (whole,) = mapper.documents(outer, Luggage())
    assert whole.data == outer.data
    for case in (sealed, whole):
        (found,) = mapper.read(case, Luggage())
        assert found.record.seal.state is SealState.PRESENT
        assert found.record.seal.kind == "XAdES"


@pytest.mark.parametrize(
    "path", ["", "learner.birthDate", "achievements[0].specification.credits[0].points", "organisations[1].names[0]"]
)
def test_fields_have_their_place(path: str) -> None:
    source = of("plain-micro-credential")
    (found,) = read(source)
    where = found.origin.of(path)
    assert isinstance(where, XmlLocation)
    assert where.xpath is not None
    steps: Any = etree.fromstring(source.data).xpath("/" + "/".join(map(_local, where.xpath.split("/"))))
    (element,) = steps
    assert element.sourceline == where.line
    words = {"": "europassCredential", "learner.birthDate": "dateOfBirth"}
    assert etree.QName(element).localname == words.get(path, etree.QName(element).localname)


def _local(step: str) -> str:
    name, _, number = step.partition("[")
    return f"*[local-name()='{name}'][{number.rstrip(']') or 1}]"


def test_what_a_document_is_can_be_asked() -> None:
    mapper = reader("edc-xml", TABLES, {})
    assert isinstance(mapper, Inspecting)
    assert mapper.inspect(of("minimal")) == {"form": "credential", "version": "0.10.0"}
    told = mapper.inspect(of("version-1-2"))
    assert told == {"form": "credential", "version": "1.2", "schema": "genericschema"}
    (shared, _) = mapper.documents(of("presentation-with-two-credentials"), Luggage())  # type: ignore[attr-defined]
    told = mapper.inspect(shared)
    assert told == {"form": "verifiablePresentation", "version": "0.10.0", "presentation": "shared"}


def test_options_are_checked() -> None:
    with pytest.raises(BadOption, match='claim cannot be "all"'):
        reader("edc-xml", TABLES, {"claim": "all"})
    said = record(made(), claim="title")
    assert [each.title for each in said.achievements] == [said.title]
    assert record(made()).achievements == ()


def test_limits_hold() -> None:
    many = "".join(achievement("s") for _ in range(30))
    luggage = Luggage()
    source = Source("many.xml", made(many, specifications(("s",))).data, limits=limits_of(["achievements=20"]))
    assert read(source, luggage) == []
    assert luggage.report.by_rule() == {"credential/too-many-achievements": 1}
    with pytest.raises(Unreadable, match="nested"):
        read(Source("deep.xml", made("<a>" * 300 + "</a>" * 300).data))
    several = Source("several.xml", of("presentation-with-two-credentials").data, limits=limits_of(["documents=1"]))
    with pytest.raises(Unreadable, match="more than 1 documents"):
        read(several)


ATTACKS = {
    "an entity": '<!DOCTYPE a [<!ENTITY e "x">]>{0}',
    "a file": '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>{0}',
    "another machine": '<!DOCTYPE a [<!ENTITY e SYSTEM "https://attacker.example/x">]>{0}',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % e SYSTEM "data://text/plain;base64,eA=="> %e;]>{0}',
    "entities of entities": '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>{0}',
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("case", ["minimal", "presentation-with-two-credentials"])
def test_no_document_type_is_followed(attack: str, case: str, tmp_path: Path) -> None:
    body = of(case).data.decode().partition("?>")[2].strip()
    with pytest.raises(NotThisFormat, match="DOCTYPE"):
        read(Source("attack.xml", ATTACKS[attack].format(body).encode()))


def test_an_achievement_within_an_activity_is_found_where_it_is() -> None:
    (found,) = read(of("entitlement-and-activity"))
    assert isinstance(found.record, Credential)
    assert [each.title[0].value for each in found.record.achievements] == ["Baking in practice"]
    where = found.origin.of("achievements[0].title[0]")
    assert isinstance(where, XmlLocation)
    assert "influenced[1]/learningAchievement[1]" in str(where.xpath)


def test_credentials_that_stand_as_text_have_the_places_of_their_elements_and_the_others_go_on() -> None:
    source = of("presentation-of-texts")
    luggage, tally = Luggage(), Tally()
    intake = Intake(Reading(tables=TABLES), luggage, tally)
    found = list(intake.records([Opened(source, named=True)]))
    assert [each.record.title[0].value for each in found] == ["Second certificate", "Certificate"]  # type: ignore[union-attr]
    assert tally.failed == 1
    where = found[0].origin.of("learner.familyName[0]")
    assert isinstance(where, XmlLocation)
    assert where.xpath is not None
    assert where.xpath.startswith(
        "verifiablePresentation/verifiableCredentials[1]/verifiableCredential[1]/text()/europass"
    )
    assert where.line is not None
    assert "ID1" in source.data.decode().splitlines()[where.line - 1]
    assert {(each.rule.id, each.location.source) for each in luggage.report if each.level.rank == 0} == {
        ("source/unreadable", "input.xml!europassCredential[3]")
    }


def test_a_credential_in_the_middle_that_cannot_be_read_does_not_stop_the_next() -> None:
    text = of("presentation-of-texts").data.decode()
    first = text.index('<verifiableCredential id="ID3">')
    moved = text[:first] + text[first:].partition("</verifiableCredential>")[2]
    broken = text[first:].partition("</verifiableCredential>")[0] + "</verifiableCredential>"
    moved = moved.replace('<verifiableCredential id="ID2">', broken + '<verifiableCredential id="ID2">')
    luggage = Luggage()
    came: list[str] = []

    def run_through() -> None:
        for each in reader("edc-xml", TABLES, {}).read(Source("moved.xml", moved.encode()), luggage):
            assert isinstance(each.record, Credential)
            came.append(each.record.title[0].value)

    with pytest.raises(NotThisFormat, match="ends too early"):
        run_through()
    assert came == ["Second certificate", "Certificate"]


def test_an_attached_document_in_xml_makes_it_no_elmo() -> None:
    content = "<content>PD94bWwgdmVyc2lvbj0iMS4wIj8+PGVsbW8vPg==</content>"
    attached = f"<attachmentList><Attachment>{content}</Attachment></attachmentList>"
    assert detect(made(rest=attached), TABLES) == "edc-xml"
