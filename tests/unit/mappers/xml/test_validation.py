"""A schema gives a verdict, and for a bad one the places and words; it never asks anything but its catalogue."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import process_time

import pytest
from lxml import etree
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, Rule, Severity, XmlLocation
from mcbridge.errors import ConfigError
from mcbridge.mappers._xml import HINT, TEMPLATE, Schema, columns, explanation, parse, schema, xpath
from mcbridge.resources import data_root
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_documents import ELMO, everything, least
from tests.conformance.elmo_mutations import mutations

RULE = Rule("example/schema", Severity.ERROR, "An example", TEMPLATE, HINT, "because the schema says so")
ELMO_17 = schema("elmo/1.7")
LEAST = least().decode().replace(' xmlns:e="', '\n xmlns:e="')
"""The least document, its root tag over two lines."""


def findings(document: str | bytes) -> list[Diagnostic]:
    """What is said about a document that libxml2 rejects."""
    data = document if isinstance(document, bytes) else document.encode()
    root = parse(data, "doc.xml")
    assert not ELMO_17.validate(root)
    return list(ELMO_17.explain(root, data, "doc.xml", RULE))


def changed(old: str, new: str) -> str:
    assert old in LEAST
    return LEAST.replace(old, new, 1)


# ------------------------------------------------------------------------------------------------------------- words

LOI = (
    "</issuer><learningOpportunitySpecification><title>x</title><specifies><learningOpportunityInstance>{}"
    "</learningOpportunityInstance></specifies></learningOpportunitySpecification>"
)


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            "</learner>",
            "<bday>28.02.2001.</bday></learner>",
            'bday is "28.02.2001."; the schema expects a day as year-month-day, such as 2031-05-31',
            "YYYY-MM-DD",
        ),
        (
            "</learner>",
            "<bday>2001-02-30</bday></learner>",
            'bday is "2001-02-30"; the schema expects a day that is in the calendar',
            "YYYY-MM-DD",
        ),
        (
            "2031-05-01T10:00:00Z",
            "1 May",
            'generatedDate is "1 May"; the schema expects a moment such as 2031-05-31T10:00:00+02:00',
            "with the zone",
        ),
        (
            "</issuer>",
            LOI.format("<credit><scheme>ects</scheme><value>7,5</value></credit>"),
            'value is "7,5"; the schema expects a number with a decimal point, such as 7.5',
            "full stop, not a comma",
        ),
        (
            "</issuer>",
            LOI.format("<status>bestanden</status>"),
            'status is "bestanden"; the schema expects one of: failed, in-progress, passed',
            "one of these words exactly",
        ),
        (
            "</learner>",
            "<gender/></learner>",
            'gender is ""; the schema expects one of: 0, 1, 2, 9',
            "leave it out",
        ),
        (
            "<givenNames/>",
            "<citizenship>XX</citizenship><givenNames/>",
            'citizenship is "XX"; the schema expects one of its 197 codes (AD, AE … ZW)',
            "leave it out",
        ),
        (
            "</issuer>",
            LOI.format('<resultDistribution><category label="A" count="-3"/></resultDistribution>'),
            'the attribute count of category is "-3"; the schema expects a whole number, 0 or more',
            "digits",
        ),
        (
            "<title/>",
            '<title xml:lang="en_GB">x</title>',
            'the attribute lang of title is "en_GB"; the schema expects a language tag such as en or pt-BR',
            "BCP 47",
        ),
        (
            ' type="schac"',
            "",
            "identifier lacks the attribute type, which the schema demands",
            "add type",
        ),
        (
            ' type="schac"',
            ' type="schac" kind="x"',
            'identifier has an attribute kind with "x"; the schema knows no such attribute there',
            "take it out",
        ),
        (
            "<givenNames/>",
            "<nick>Ada</nick><givenNames/>",
            "learner holds an element nick, which the schema does not know there",
            "into an extension",
        ),
        (
            "<givenNames/>",
            "",
            "learner lacks givenNames, which must stand before familyName",
            "add givenNames",
        ),
        ("<url/>", "", "issuer lacks url", "add url"),
        (
            "<givenNames/><familyName/>",
            "<familyName/><givenNames/>",
            "familyName stands before givenNames; the schema wants it after",
            "the order counts",
        ),
        (
            "<title/>",
            "<title/><country>HR</country>",
            "country stands after identifier; the schema wants it before",
            "the order counts",
        ),
        (
            "<url/>",
            "<url/><url/>",
            "issuer holds more than 1 url",
            "keep 1",
        ),
        (
            "<familyName/>",
            '<familyName xmlns=""/>',
            f'familyName stands in the namespace ""; the schema expects it in {ELMO}',
            "xmlns at the root",
        ),
        (
            "<learner>",
            "<learner>Ada",
            'between its elements learner holds the text "Ada", where the schema allows elements only',
            "into an element",
        ),
        (
            "<title/>",
            "<title><b>Bold</b></title>",
            "title holds an element b; the schema expects text only",
            "drop the markup",
        ),
        (
            "<title/>",
            '<title xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="unheard">x</title>',
            'title has xsi:type with "unheard"; the schema says itself what it holds, and allows nothing else',
            "ask the sender",
        ),
    ],
)
def test_each_kind_of_fault_is_said_in_words_with_advice(old: str, new: str, message: str, hint: str) -> None:
    (found,) = findings(changed(old, new))
    assert found.message == message
    assert hint in found.hint
    assert found.rule is RULE


PLACE = "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1"


def test_an_address_in_the_namespace_of_elmo_is_told_its_own() -> None:
    (found,) = findings(changed("</learner>", "<currentAddress><e:addressLine/></currentAddress></learner>"))
    assert found.message == f'addressLine stands in the namespace "{ELMO}"; the schema expects it in {PLACE}'


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("3 people", 'category holds the text "3 people"; the schema expects nothing in it'),
        (" ", 'category holds the text " "; the schema expects nothing in it'),
        ("<b/>", "category holds an element b; the schema expects nothing in it"),
    ],
)
def test_what_must_be_empty_is_said_to_be_so_once(inside: str, said: str) -> None:
    category = f'<resultDistribution><category label="A" count="3">{inside}</category></resultDistribution>'
    (found,) = findings(changed("</issuer>", LOI.format(category)))
    assert found.message == said


def test_two_forms_of_address_do_not_mix() -> None:
    address = f'<currentAddress xmlns:p="{PLACE}"><p:addressLine/><p:floor/></currentAddress></learner>'
    (found,) = findings(changed("</learner>", address))
    assert found.message == "floor cannot stand here beside the others in currentAddress"
    assert "may stand here: postalCode, locality, region, country" in found.hint


SIGNED = (
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>'
    '<CanonicalizationMethod Algorithm="a">{canonical}</CanonicalizationMethod><SignatureMethod Algorithm="a"/>'
    '<Reference><DigestMethod Algorithm="a"/><DigestValue>{digest}</DigestValue></Reference></SignedInfo>'
    "<SignatureValue>AAEC</SignatureValue><KeyInfo>{keys}</KeyInfo></Signature></elmo>"
)


@pytest.mark.parametrize(
    ("canonical", "digest", "keys", "message"),
    [
        ("", "A", "<KeyName/>", 'DigestValue is "A"; the schema expects base64'),
        (
            "<x/>",
            "AAEC",
            "<KeyName/>",
            "CanonicalizationMethod holds an element x, which the schema does not know there",
        ),
        (
            "",
            "AAEC",
            "",
            "KeyInfo lacks one of: X509Data, KeyValue, KeyName, RetrievalMethod, PGPData, SPKIData, MgmtData",
        ),
        ("", "AAEC", "<PGPData/>", "PGPData lacks one of: PGPKeyID, PGPKeyPacket"),
    ],
)
def test_faults_in_a_signature_are_said_in_words(canonical: str, digest: str, keys: str, message: str) -> None:
    signed = SIGNED.format(canonical=canonical, digest=digest, keys=keys)
    (found,) = findings(changed("</elmo>", signed))
    assert found.message.startswith(message)


XSI = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        (
            ' xml:lang="no language">',
            'the attribute lang of extension is "no language"; the schema expects a language tag',
        ),
        (
            ' xml:space="wide">',
            'the attribute space of extension is "wide"; the schema expects one of: default, preserve',
        ),
        (' own="x">', 'extension has an attribute own with "x"; the schema knows no such attribute there'),
        (
            f' {XSI} i:nil="perhaps">',
            'extension has xsi:nil with "perhaps"; the schema knows no element that is nil',
        ),
        (f'><x:a xmlns:x="urn:x" {XSI} i:type="e:Attachment"><bad/></x:a>', "bad does not belong here"),
        (
            f'><x:a xmlns:x="urn:x"><p:street-address xmlns:p="{PLACE}"><p:b/></p:street-address></x:a>',
            "street-address holds",
        ),
        ("><title/>", "extension holds an element title, which the schema does not know there"),
    ],
)
def test_faults_in_an_extension_are_those_of_what_is_known(inside: str, message: str) -> None:
    (found,) = findings(changed("</elmo>", f"<extension{inside}</extension></elmo>"))
    assert found.message.startswith(message)


def test_stray_text_is_found_behind_any_child() -> None:
    (found,) = findings(changed("<givenNames/>", "<givenNames/>Ada"))
    assert found.value == "Ada"
    assert found.location.xpath == "elmo/learner[1]"  # type: ignore[union-attr]


def test_another_root_is_named() -> None:
    (found,) = findings('<elmo xmlns="urn:example:other"/>')
    assert found.message == (
        'the document is elmo in the namespace "urn:example:other", which is not what this schema is about'
    )


def test_the_value_is_not_in_the_masked_message() -> None:
    (found,) = findings(changed("</learner>", "<bday>28.02.2001.</bday></learner>"))
    assert found.value == "28.02.2001."
    assert "2001" not in found.masked
    assert "2001" not in found.hint


def test_a_long_value_is_cut() -> None:
    (found,) = findings(changed("</learner>", f"<bday>{'9' * 1000}</bday></learner>"))
    assert len(found.message) < 250


# ------------------------------------------------------------------------------------------------------------ places


def test_a_finding_has_line_column_and_path() -> None:
    document = changed("<url/>", "\n <url/>\n  <url\n a='b'/>")
    assert [found.location for found in findings(document)] == [
        XmlLocation("doc.xml", 4, 3, "elmo/report[1]/issuer[1]/url[2]"),
        XmlLocation("doc.xml", 4, 3, "elmo/report[1]/issuer[1]/url[2]/@a"),
    ]


def test_places_are_right_in_other_encodings() -> None:
    text = '<?xml version="1.0" encoding="windows-1250"?>\n' + changed(
        "<givenNames/>", "<givenNames>Žž</givenNames><x/>"
    )
    (found,) = findings(text.encode("cp1250"))
    line = text.split("\n")[2]
    assert found.location == XmlLocation("doc.xml", 3, line.index("<x/>") + 1, "elmo/learner[1]/x[1]")


def test_places_of_an_element_inside_another_document_are_those_of_the_document() -> None:
    data = f"<response>\n<other/><tor>{changed('<url/>', '')}</tor></response>".encode()
    inner = parse(data, "doc.xml")[1][0]
    assert not ELMO_17.validate(inner)
    (found,) = ELMO_17.explain(inner, data, "doc.xml", RULE)
    assert found.location.xpath == "response/tor[1]/elmo[1]/report[1]/issuer[1]"  # type: ignore[union-attr]
    assert found.message == "issuer lacks url"


def test_findings_stand_in_document_order_and_do_not_end_at_the_first() -> None:
    """libxml2 leaves a parent at the first child that is out of place; what comes after it is found all the same."""
    document = changed(
        "<issueDate>2031-05-01T10:00:00", f"{LOI.format('<status>x</status>')[9:]}<nick/><issueDate>soon"
    )
    document = document.replace("<givenNames/>", "")
    assert [found.message.split(" ")[:3] for found in findings(document)] == [
        ["learner", "lacks", "givenNames,"],
        ["status", "is", '"x";'],
        ["report", "holds", "an"],
        ["issueDate", "is", '"soon";'],
    ]


@pytest.mark.parametrize(("faults", "rest"), [(101, "1 more"), (130, "30 more"), (5_000, "4,900 more")])
@pytest.mark.parametrize("large", [10, 50_000])
def test_after_a_hundred_findings_the_rest_is_counted(
    faults: int, rest: str, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanation, "LARGE", large)
    found = findings(changed("<title/>", "<title a='b'/>" * faults))
    assert len(found) == 101
    assert found[-1].message == f"{rest} places do not match the schema"
    assert found[-1].location == XmlLocation("doc.xml")


def test_a_hundred_findings_are_all() -> None:
    assert len(findings(changed("<title/>", "<title a='b'/>" * 100))) == 100


def test_a_large_document_is_explained_by_libxml2_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words are the same; only what libxml2 leaves out stays out."""
    document = changed("<url/>", "").replace("<title/>", "<title a='b'/>")
    whole = [found.message for found in findings(document)]
    monkeypatch.setattr(explanation, "LARGE", 5)
    assert [found.message for found in findings(document)] == whole


# ----------------------------------------------------------------------------------------------------------- verdict


@pytest.mark.parametrize("padded", [" 2001-02-28", "2001-02-28Z ", "\n\t2001-02-28\r\n"])
def test_space_around_a_date_is_no_fault(padded: str) -> None:
    """XML Schema collapses white space of dates; libxml2 does not, and is overruled."""
    assert findings(changed("</learner>", f"<bday>{padded}</bday></learner>")) == []


@pytest.mark.parametrize("padded", [" 2031-05-01T10:00:00Z ", "\n2031-05-01T10:00:00.000+02:00"])
def test_space_around_a_moment_is_no_fault(padded: str) -> None:
    assert findings(changed("2031-05-01T10:00:00Z", padded)) == []


@pytest.mark.parametrize(
    "padded",
    [
        " 2001-02-30 ",
        " 28.02.2001. ",
        "  ",
        " 2001 -02-28",
        " 999999999999999999-01-01 ",
        "\u00a02001-02-28",
        " 2001-02-28\u2028 ",
    ],
)
def test_space_around_what_is_no_date_is_still_a_fault(padded: str) -> None:
    (found,) = findings(changed("</learner>", f"<bday>{padded}</bday></learner>"))
    assert found.value == padded


def test_space_around_a_country_is_a_fault() -> None:
    (found,) = findings(changed("<givenNames/>", "<citizenship> HR</citizenship><givenNames/>"))
    assert found.value == " HR"


def test_a_padded_date_beside_a_fault_is_not_named() -> None:
    (found,) = findings(changed("</learner>", "<bday> 2001-02-28 </bday><gender>7</gender></learner>"))
    assert found.value == "7"


def test_thousands_of_padded_dates_are_looked_at_one_by_one_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library that explains takes a hundred times as long, and is not asked about the document as a whole."""
    monkeypatch.setattr(explanation, "_xmlschema", None)
    instance = "<start> 2031-01-01 </start><date>\n2031-02-01\t</date>"
    opportunity = LOI.removeprefix("</issuer>").format(instance)
    began = process_time()
    assert findings(changed("</issuer>", "</issuer>" + opportunity * 5_000)) == []
    assert process_time() - began < 5


def test_a_valid_document_is_valid_however_often_it_is_asked() -> None:
    root = parse(everything(), "x")
    assert ELMO_17.validate(root)
    assert ELMO_17.validate(root)


def test_levels_up_to_the_limit_are_explained() -> None:
    """256 levels make the explaining library recurse; nothing of that gets out."""
    part = "<hasPart><learningOpportunitySpecification><title/><specifies><learningOpportunityInstance/></specifies>"
    close = "</learningOpportunitySpecification></hasPart>"
    tree = part * 120 + "<nick/>" + close * 120
    los = "<learningOpportunitySpecification><title/><specifies><learningOpportunityInstance/></specifies>"
    found = findings(changed("</issuer>", f"</issuer>{los}{tree}</learningOpportunitySpecification>"))
    assert (
        found[0].message
        == "learningOpportunitySpecification holds an element nick, which the schema does not know there"
    )


def damaged() -> Iterator[tuple[str, bytes]]:
    """Some 300 documents, many of them invalid, with every kind of change."""
    declarations = Declarations(Path(str(data_root("xsd"))) / "elmo" / "1.7" / "elmo.xsd", {})
    found = []
    for source, share in ((least(), 1.0), (everything(), 0.02)):
        root = etree.fromstring(source)
        choose = Random(7)  # noqa: S311 - repeatable, not secret
        found += [one for one in mutations(root, declarations.of(root), seed=7) if choose.random() < share]
    for one in found:
        yield f"{one.key}: {one.detail}", etree.tostring(one.root)


JARGON = re.compile(
    r"[{}]|facet|\bxs:|atomic|wildcard|nillable|QName|type definition|content model|##|is not allowed|XsdA"
)
"""What libraries say to those who write schemas."""


def test_whatever_is_wrong_is_explained_with_a_place_that_exists() -> None:
    rejected = 0
    for name, data in damaged():
        root = parse(data, "doc.xml")
        if ELMO_17.validate(root):
            continue
        rejected += 1
        found = list(ELMO_17.explain(root, data, "doc.xml", RULE))
        assert found or "text" in name, name
        places = {xpath(element): spot for element, spot in zip(root.iter("*"), columns(data), strict=True)}
        for one in found:
            assert isinstance(one.location, XmlLocation)
            path = one.location.xpath or ""
            assert places[re.sub(r"/@.*", "", path)] == (one.location.line, one.location.column), name
            said = f"{one.masked} {one.masked_hint}"
            assert not JARGON.search(said), said
            names = {step.partition("[")[0] for step in path.replace("/@", "/").split("/")[-3:]}
            assert names & set(re.findall(r"[\w-]+", said)), said
            assert one.to_dict()["rule"] == RULE.id
    assert rejected > 150


# --------------------------------------------------------------------------------------------------------- catalogue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the schemas, to spoil."""
    shutil.copytree(str(data_root("xsd")), tmp_path / "xsd")
    return tmp_path / "xsd"


@pytest.mark.parametrize(
    "address",
    ["https://example.org/countries.xsd", "file:///etc/hostname", "/etc/hostname", "../../countries.xsd", "x:y"],
)
def test_an_import_that_is_not_listed_is_refused_by_name(folder: Path, address: str) -> None:
    path = folder / "elmo" / "1.7" / "elmo.xsd"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"countries.xsd"', f'"{address}"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="is not in the catalogue") as caught:
        Schema("elmo/1.7", folder).compiled  # noqa: B018 - asking compiles it
    assert caught.value.where == "xsd/elmo/1.7/elmo.xsd"
    assert parse(b"<a/>", "x").tag == "a", "no error stays behind in the parser"


@pytest.mark.parametrize(
    "address",
    [
        "http://www.w3.org/2001/03/xml.xsd",
        "https://raw.githubusercontent.com/emrex-eu/elmo-schemas/v1/references/EUROPASS_ISOCountries_V1.1.xsd",
        "https://raw.githubusercontent.com/emrex-eu/elmo-schemas/v1/references/xmldsig-core-schema.xsd",
        "https://raw.githubusercontent.com/erasmus-without-paper/ewp-specs-types-address/stable-v1/schema.xsd",
    ],
)
def test_the_addresses_that_published_schemas_import_are_answered_from_the_folder(folder: Path, address: str) -> None:
    asked = Schema("elmo/1.7", folder)
    answer = asked.path_of(address)
    assert answer is not None
    path = folder / "elmo" / "1.7" / "elmo.xsd"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f'"{answer.rpartition("/")[2]}"', f'"{address}"'), encoding="utf-8")
    assert asked.validate(parse(everything(), "x"))


def test_a_listed_file_that_is_missing_is_named(folder: Path) -> None:
    (folder / "elmo" / "1.7" / "countries.xsd").unlink()
    with pytest.raises(ConfigError, match="countries"):
        Schema("elmo/1.7", folder).compiled  # noqa: B018
    assert parse(b"<a/>", "x").tag == "a"


def test_an_unknown_schema_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="no schema 'elmo/9'") as caught:
        schema("elmo/9")
    assert caught.value.hint
    assert "elmo/1.7" in caught.value.hint


@pytest.mark.parametrize("text", ["[", '["elmo/1.7"]\ntitle = "x"', '["elmo/1.7"]\nunknown = 1'])
def test_a_broken_catalogue_is_an_error_of_configuration(folder: Path, text: str) -> None:
    (folder / "catalog.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Schema("elmo/1.7", folder)
    assert caught.value.where == "xsd/catalog.toml"


def test_a_schema_is_compiled_once_per_process_and_can_be_forgotten() -> None:
    assert schema("elmo/1.7").compiled is schema("elmo/1.7").compiled
    schema.cache_clear()
    assert schema("elmo/1.7") is not ELMO_17


def test_a_severity_changed_for_this_run_is_that_of_the_finding() -> None:
    softer = replace(RULE, severity=Severity.WARNING)
    data = changed("<url/>", "").encode()
    (found,) = ELMO_17.explain(parse(data, "x"), data, "x", softer)
    assert found.level is Severity.WARNING
