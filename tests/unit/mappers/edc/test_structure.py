"""What is said against a credential that is not built as ELM 3.2 demands, at its place and in words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from mcbridge.diagnostics import Diagnostic, JsonLocation, Severity
from mcbridge.mappers.edc.structure import SEALED, UPLOADABLE, Finding, Structure, profiles
from mcbridge.mappers.edc.structure.lexical import is_moment, written
from mcbridge.tables import Tables
from tests.edc_mutations import MUTATIONS, aimed, mutant, seeded
from tests.edc_specimens import Maker, classes

Node = dict[str, Any]
STRUCTURE = Structure(Tables())


def achievement() -> Node:
    """A credential of which the learning achievement says all that one can say."""
    return Maker().document("elm:LearningAchievement")[0]


def claim(document: Node) -> Node:
    found: Node = document["credentialSubject"]["hasClaim"]
    return found


def no_title(document: Node) -> None:
    del claim(document)["title"]


def two_processes(document: Node) -> None:
    claim(document)["awardedBy"] = [claim(document)["awardedBy"], Maker().node("elm:AwardingProcess")]
    claim(document)["awardedBy"][1]["id"] = "urn:epass:awardingProcess:x"


def wrong_class(document: Node) -> None:
    claim(document)["awardedBy"]["awardingBody"] = {"id": "urn:epass:org:nowhere"}


def plain_title(document: Node) -> None:
    claim(document)["title"] = "Chemistry"


def bare_date(document: Node) -> None:
    document["validFrom"] = "2026-06-30"


def two_titles(document: Node) -> None:
    claim(document)["title"] = {"en": ["Chemistry", "Chemistry I"]}


def no_language(document: Node) -> None:
    claim(document)["title"]["English words"] = "Chemistry"


def no_scheme(document: Node) -> None:
    del document["displayParameter"]["primaryLanguage"]["inScheme"]


def no_such_level(document: Node) -> None:
    list_ = {"id": "http://data.europa.eu/snb/eqf/25831c2", "type": "ConceptScheme"}
    claim(document)["dcType"] = {"id": "http://data.europa.eu/snb/eqf/9", "type": "Concept", "inScheme": list_}


def relative_id(document: Node) -> None:
    claim(document)["id"] = "achievement 1"


def prefixed_key(document: Node) -> None:
    claim(document)["dc:title"] = {"@value": "Chemistry", "@language": "en"}


def stranger(document: Node) -> None:
    document["credentialSubject"]["studentNumber"] = "36"


def grade_of_an_achievement(document: Node) -> None:
    claim(document)["grade"] = claim(document)["provenBy"]["grade"]


def attestation(document: Node) -> None:
    document["type"].append("VerifiableAttestation")


def contradiction(document: Node) -> None:
    claim(document)["supplementaryDocument"] = {
        "id": claim(document)["additionalNote"]["id"],
        "type": "Note",
        "noteLiteral": {"en": "another one"},
    }


def no_credential(document: Node) -> None:
    document["type"] = ["VerifiableCredential"]


def another_credential(document: Node) -> None:
    other = copy.deepcopy(document) | {"id": "urn:credential:00000000-0000-4000-8000-000000000001"}
    document["credentialSubject"]["hasCredential"] = other


CASES: list[tuple[Callable[[Node], None], str, str]] = [
    (no_title, "edc/property-missing", "/credentialSubject/hasClaim"),
    (two_processes, "edc/too-many-values", "/credentialSubject/hasClaim/awardedBy"),
    (wrong_class, "edc/other-class", "/credentialSubject/hasClaim/awardedBy/awardingBody"),
    (plain_title, "edc/other-datatype", "/credentialSubject/hasClaim/title"),
    (bare_date, "edc/malformed-value", "/validFrom"),
    (two_titles, "edc/language-twice", "/credentialSubject/hasClaim/title/en/1"),
    (no_language, "edc/language-tag", "/credentialSubject/hasClaim/title/English words"),
    (no_scheme, "edc/outside-scheme", "/displayParameter/primaryLanguage"),
    (no_such_level, "edc/code-not-in-list", "/credentialSubject/hasClaim/dcType"),
    (relative_id, "edc/id-not-absolute", "/credentialSubject/hasClaim/id"),
    (prefixed_key, "edc/json-ld-keyword", "/credentialSubject/hasClaim/dc:title"),
    (stranger, "edc/key-not-in-context", "/credentialSubject/studentNumber"),
    (grade_of_an_achievement, "edc/key-of-another-class", "/credentialSubject/hasClaim/grade"),
    (attestation, "edc/class-not-in-context", "/type"),
    (contradiction, "edc/id-contradicted", "/credentialSubject/hasClaim/supplementaryDocument/noteLiteral/en"),
    (no_credential, "edc/credential-missing", ""),
    (another_credential, "edc/several-credentials", "/credentialSubject/hasCredential"),
]


def said(found: Finding) -> str:
    """The message as people read it."""
    return Diagnostic(found.rule, JsonLocation("", found.place), None, found.value, found.facts).message


@pytest.mark.parametrize(("harm", "rule", "place"), CASES, ids=[rule for _, rule, _ in CASES])
def test_harm_is_told_at_its_place(harm: Callable[[Node], None], rule: str, place: str) -> None:
    document = achievement()
    harm(document)
    found = STRUCTURE.findings(document, SEALED, "/payload")
    told = [(each.rule.id, each.place) for each in found]
    assert (rule, f"/payload{place}") in told
    assert all("{" not in said(each).replace('{"en"', "") for each in found)


def test_a_message_says_what_was_expected_what_was_found_and_by_which_shape() -> None:
    document = achievement()
    plain_title(document)
    (found,) = STRUCTURE.findings(document, SEALED)
    assert said(found) == (
        '"title" of a LearningAchievement is the text Chemistry, where a text by its language, such as {"en": "…"} '
        "belongs (ELM 3.2, generic-no-cv/LearningAchievement-dc_title)"
    )


@pytest.mark.parametrize("class_", classes())
@pytest.mark.parametrize("mode", [SEALED, UPLOADABLE])
def test_an_object_with_all_that_its_class_may_say_is_in_order(class_: str, mode: str) -> None:
    document, steps = Maker().document(class_)
    found = STRUCTURE.findings(document, mode)
    assert [each for each in found if each.place != "/used"] == []
    assert len(found) == (steps == ["used"])


def test_what_the_seal_brings_is_not_missed_before_there_is_one() -> None:
    document = achievement()
    for part in ("issuer", "issued"):
        del document[part]
    del document["displayParameter"]["individualDisplay"]
    assert STRUCTURE.findings(document, UPLOADABLE) == []
    missing = {each.facts["key"] for each in STRUCTURE.findings(document, SEALED)}
    assert missing == {"issuer", "issued", "individualDisplay"}


def test_an_organisation_without_a_name_is_missed_in_either_mode() -> None:
    """The issuer lets it pass before it seals; nobody could tell who awards."""
    document = achievement()
    del document["issuer"]["legalName"]
    for mode in (SEALED, UPLOADABLE):
        assert [each.facts["key"] for each in STRUCTURE.findings(document, mode)] == ["legalName"]


def test_a_profile_demands_more() -> None:
    document = achievement()
    document["credentialProfiles"]["id"] = "http://data.europa.eu/snb/credential/c_7e400154"
    (found,) = STRUCTURE.findings(document, SEALED)
    assert (found.rule.id, found.facts["clause"]) == (
        "edc/property-missing",
        "ELM 3.2, converted/EuropeanDigitalCredential-cred_evidence",
    )
    document["credentialSchema"] = {
        "id": "http://data.europa.eu/snb/model/ap/edc-diploma-supplement",
        "type": "ShaclValidator2017",
    }
    missing = {each.facts["key"] for each in STRUCTURE.findings(document, SEALED)}
    assert {"evidence", "fullName", "dateOfBirth"} <= missing


def test_a_code_of_an_open_list_may_be_new() -> None:
    """Strict lists are those in which the European issuer looks each code up, and refuses."""
    document = achievement()
    list_ = {"id": "http://data.europa.eu/snb/assessment/25831c2", "type": "ConceptScheme"}
    claim(document)["dcType"] = {
        "id": "http://data.europa.eu/snb/assessment/c_new",
        "type": "Concept",
        "inScheme": list_,
    }
    levels = [each.severity for each in STRUCTURE.findings(document, SEALED) if each.rule.id == "edc/code-not-in-list"]
    assert levels == [Severity.WARNING]


@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        *(("in_array", False), ("same_twice", False), ("bare_reference", False), ("stub", False), ("split", False)),
        *(("by_keywords", False), ("full_type", False), ("type_in_array", False), ("repeated", False)),
        *(("stub_of_nothing", True), ("another", True), ("unnamed", False), ("second_type", True)),
    ],
)
def test_ways_of_saying_the_same_are_the_same(name: str, *, breaks: bool) -> None:
    """References, repetitions and arrays are as JSON-LD has them: what one id names is one object."""
    assert name in MUTATIONS
    found = mutant("elm:LearningAchievement", "elm:awardedBy", name)
    assert found is not None
    told = [each for each in STRUCTURE.findings(found.document, SEALED) if each.rule.severity is Severity.ERROR]
    assert bool(told) is breaks


def test_what_is_accepted_the_short_way_is_in_order_the_long_way() -> None:
    """And most of what is in order is accepted so: the short way is no ornament."""
    accepted = passed = 0
    for number, each in enumerate((*aimed(), *seeded(200, 20260630))):
        for mode in (SEALED, UPLOADABLE)[number % 2 :][:1]:
            named = profiles(each.document)
            short = STRUCTURE.accepts(each.document, mode, named)
            found = STRUCTURE.examined(each.document, mode, named)
            assert not (short and found), f"{each.title}: {found}"
            accepted += short
            passed += not found
    print(f"{passed} of the documents are in order, {accepted} are accepted at once")
    assert accepted > passed / 3


ODD: list[Any] = [
    *(
        None,
        True,
        7,
        -2.5,
        Decimal("1E400"),
        "",
        "x",
        "9" * 5000,
        f"{'9' * 5000}-02-30T00:00:00Z",
        [],
        {},
        [[]],
        [None],
    ),
    *({"id": 7}, {"id": {}}, {"id": []}, {"type": {}}, {"type": 7, "id": "urn:x"}, {"type": [[]]}, {"en": {}}),
    *({"@graph": 3}, {"@value": {}}, {"@id": 1, "id": 2}),
]


def test_nothing_that_may_stand_anywhere_stops_the_check() -> None:
    """Each odd value at each place of a credential: there is a finding, or the value does not matter."""
    base = achievement()
    waiting: list[Node] = [base]
    places = 0
    while waiting:
        node = waiting.pop()
        waiting += [each for each in node.values() if isinstance(each, dict)]
        for key in list(node):
            kept = node[key]
            places += 1
            for odd in ODD[places % 6 :: 6]:
                node[key] = odd
                assert isinstance(STRUCTURE.findings(base, SEALED), list)
            node[key] = kept
    assert places > 200
    assert STRUCTURE.findings(base, SEALED) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2024-02-29T00:00:00Z", True),
        ("2023-02-29T00:00:00Z", False),
        ("2025-04-31T00:00:00Z", False),
        ("2025-03-01T24:00:00", True),
        ("2025-03-01T24:00:01", False),
        ("2025-03-01T10:00:00.5+14:00", True),
        ("2025-03-01T10:00:00+14:30", False),
        ("2025-03-01", False),
        ("2025-03-01 10:00:00Z", False),
        ("12025-03-01T10:00:00Z", True),
    ],
)
def test_moments_are_those_of_the_calendar(text: str, *, right: bool) -> None:
    assert is_moment(text) is right


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (7.0, "7"), (2.5, "2.5E0"), (True, "true"), (1e22, "1.0E22")])
def test_numbers_are_written_as_json_ld_writes_them(value: float, text: str) -> None:
    assert written(value) == text
