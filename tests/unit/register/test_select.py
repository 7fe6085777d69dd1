"""Provisions out of credentials: one for many learners, with nothing of any of them."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from mcbridge.diagnostics import JsonLocation, Severity
from mcbridge.model import (
    Achievement,
    Answer,
    Assessment,
    Attachment,
    Award,
    Certification,
    Concept,
    Contact,
    Credential,
    Credit,
    Delivery,
    Document,
    Identifier,
    Learner,
    LearningOutcome,
    Link,
    Note,
    Opportunity,
    Organisation,
    OrganisationKind,
    Provision,
    QualityAssurance,
    Residue,
    Seal,
    SealState,
    SourceRef,
    Specification,
    Spelling,
    Stackability,
    StackabilityKind,
    Status,
    Text,
)
from mcbridge.register.bare import KEPT, LEFT
from mcbridge.register.judge import judge
from mcbridge.register.select import provisions_of, select
from mcbridge.register.verdict import Candidate
from mcbridge.tables import Tables
from tests.unit.records import (
    LEARNER,
    UNIVERSITY,
    achievement,
    course,
    credential,
    credits_of,
    eqf,
    ids,
    offer,
    read,
)

TABLES = Tables()


def candidates(*records: Credential | Provision) -> list[Candidate]:
    return list(select([read(record, f"{at}.json") for at, record in enumerate(records)], TABLES))


def only(*records: Credential | Provision) -> Candidate:
    [candidate] = candidates(*records)
    return candidate


def published(*records: Credential | Provision) -> Provision:
    candidate = only(*records)
    assert candidate.provision is not None, ids(candidate.findings)
    return candidate.provision


def of(**fields: Any) -> Credential:
    return credential(achievement(specification=course(**fields)))


# ------------------------------------------------------------------------------------------------------ what comes out


def test_a_credential_in_order_becomes_a_provision() -> None:
    provision = published(credential())
    assert provision.key == "example.edu/MC-1"
    assert provision.provider == "schac:example.edu"
    assert provision.awarding_bodies == ("schac:example.edu",)
    assert [each.id for each in provision.organisations] == ["schac:example.edu"]
    assert provision.full_degree is Answer.NO
    assert provision.part_of_degree is Answer.NO
    assert provision.certification is Certification.ASSESSMENT
    assert provision.sources == (SourceRef(document="d0c", path="records[0].achievements[0]"),)
    assert provision.specification.title == course().title
    assert provision.specification.levels == eqf("6")


def test_each_part_of_an_achievement_is_a_candidate_too() -> None:
    part = achievement(specification=course(identifiers=(Identifier(value="MC-1-A"),), stackability=None), award=None)
    found = candidates(credential(achievement(parts=(part,))))
    assert [each.key for each in found] == ["example.edu/MC-1", "example.edu/MC-1-A"]


def test_a_part_of_a_degree_programme_is_one_whatever_stands_between() -> None:
    unit = achievement(specification=course(identifiers=(Identifier(value="U"),)))
    module = achievement(specification=course(identifiers=(), kinds=(Concept(code="Module"),)), parts=(unit,))
    degree = achievement(
        specification=course(identifiers=(Identifier(value="D"),), kinds=(Concept(code="Degree Programme"),)),
        parts=(module,),
    )
    found = {each.key: each.provision for each in candidates(credential(degree)) if each.provision}
    assert found["example.edu/U"].part_of_degree is Answer.YES
    assert found["example.edu/D"].part_of_degree is Answer.NO
    assert found["example.edu/D"].full_degree is Answer.YES


@pytest.mark.parametrize(
    ("stackability", "answer"),
    [
        (None, Answer.UNKNOWN),
        (Stackability(kind=StackabilityKind.STACKABLE), Answer.UNKNOWN),
        (Stackability(kind=StackabilityKind.STAND_ALONE), Answer.NO),
    ],
)
def test_what_stands_alone_is_part_of_nothing(stackability: Stackability | None, answer: Answer) -> None:
    assert published(of(stackability=stackability)).part_of_degree is answer


# ---------------------------------------------------------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("identifiers", "version", "key"),
    [
        ((Identifier(value="A", type="local"),), None, "example.edu/A"),
        ((Identifier(value=" A ", type="Local"),), "2025", "example.edu/A/2025"),
        ((Identifier(value="A", type="local"),), " ", "example.edu/A"),
        ((Identifier(value="B", type="ewp-los-id"), Identifier(value="A", type="local")), None, "example.edu/A"),
        ((Identifier(value="B", type="ewp-los-id"), Identifier(value="C")), None, "example.edu/C"),
        ((Identifier(value="B", type="ewp-los-id"), Identifier(value="C", type="x")), None, "example.edu/B"),
        ((Identifier(value="C", type="x"),), None, "example.edu/C"),
        ((Identifier(value="C", type="x"), Identifier(value="C", type="y")), None, "example.edu/C"),
        ((Identifier(value="a/b%", type="local"),), None, "example.edu/a%2Fb%25"),
        ((Identifier(value="A", type="local"), Identifier(value="A", type="local")), None, "example.edu/A"),
        ((Identifier(value="", type="local"), Identifier(value="C", type="x")), None, "example.edu/C"),
    ],
)
def test_the_key_is_provider_local_identifier_and_version(
    identifiers: tuple[Identifier, ...], version: str | None, key: str
) -> None:
    assert only(of(identifiers=identifiers, version=version)).key == key


@pytest.mark.parametrize(
    ("identifiers", "said"),
    [
        ((), "it has no local identifier"),
        ((Identifier(value=" ", type="local"),), "it has no local identifier"),
        ((Identifier(value="A", type="x"), Identifier(value="B", type="y")), "it has no local identifier"),
        (
            (Identifier(value="A", type="local"), Identifier(value="B", type="local")),
            'it has several local identifiers, "A", "B"',
        ),
    ],
)
def test_without_one_local_identifier_there_is_no_key_and_a_reason(
    identifiers: tuple[Identifier, ...], said: str
) -> None:
    candidate = only(of(identifiers=identifiers))
    assert (candidate.key, candidate.provision, candidate.title) == (None, None, "Data Stewardship")
    [found] = candidate.findings
    assert found.rule.id == "register/identifier-missing"
    assert found.message == f'"Data Stewardship" has no key: {said}'
    assert found.location == JsonLocation("0.json", "achievements[0].specification.identifiers")


def test_an_achievement_about_nothing_has_no_key() -> None:
    candidate = only(credential(achievement(specification=None, title=(Text("Talk"),))))
    assert ids(candidate.findings) == ["register/identifier-missing"]
    assert candidate.title == "Talk"


def named(value: str, type_: str | None = None) -> Identifier:
    return Identifier(value=value, type=type_)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"identifiers": (named("X1", "erasmus"), named("EXAMPLE.edu", "SCHAC"))}, "example.edu"),
        ({"identifiers": (named("9", "pic"), named("X1", "erasmus"))}, "X1"),
        ({"identifiers": (named("9", "zzz"), named("8", "aaa"))}, "8"),
        ({"identifiers": (named("9"), named("8", "zzz"))}, "8"),
        ({"identifiers": (named("9"),)}, "9"),
        ({"registration": named("R"), "identifiers": (named("8", "zzz"),)}, "R"),
        ({"registration": named("R"), "identifiers": (named("8", "pic"),)}, "8"),
        ({"eidas_identifier": named("E"), "vat_identifiers": (named("V"),)}, "E"),
        ({"vat_identifiers": (named(" "), named("V"))}, "V"),
        ({"tax_identifiers": (named("T"),)}, "T"),
    ],
)
def test_the_provider_is_named_by_its_best_identifier(fields: dict[str, Any], key: str) -> None:
    organisation = Organisation(id="o", **fields)
    record = credential(achievement(award=Award(bodies=("o",))), organisations=(organisation,))
    assert only(record).key == f"{key}/MC-1"


def test_a_provider_without_identifier_gives_no_key() -> None:
    nameless = msgspec.structs.replace(UNIVERSITY, identifiers=())
    [found] = only(credential(organisations=(nameless,))).findings
    assert found.message == '"Data Stewardship" has no key: the provider "Example University" has no identifier'


A, B, C = (
    Organisation(id=name, names=(Text(name),), identifiers=(Identifier(value=f"{name}.example.edu", type="schac"),))
    for name in ("a", "b", "c")
)


@pytest.mark.parametrize(
    ("fields", "provider", "others", "bodies"),
    [
        ({"opportunity": Opportunity(providers=("a", "b")), "award": Award(bodies=("c",))}, "a", ("b",), ("c",)),
        ({"opportunity": Opportunity(), "award": Award(bodies=("b", "c"))}, "b", ("c",), ("b", "c")),
        ({"opportunity": None, "award": Award()}, "c", (), ()),
        ({"opportunity": Opportunity(providers=("nobody",)), "award": None}, "c", (), ()),
    ],
)
def test_the_provider_teaches_else_awards_else_issues(
    fields: dict[str, Any], provider: str, others: tuple[str, ...], bodies: tuple[str, ...]
) -> None:
    provision = published(credential(achievement(**fields), organisations=(A, B, C), issuer="c"))
    assert provision.provider == f"schac:{provider}.example.edu"
    assert provision.other_providers == tuple(f"schac:{each}.example.edu" for each in others)
    assert provision.awarding_bodies == tuple(f"schac:{each}.example.edu" for each in bodies)
    wanted = {provider, *others, *bodies}
    assert {each.id for each in provision.organisations} == {f"schac:{each}.example.edu" for each in wanted}


def test_a_part_is_provided_by_whoever_provides_the_whole() -> None:
    part = achievement(specification=course(identifiers=(Identifier(value="P"),)), award=None)
    whole = achievement(specification=None, award=Award(bodies=("a",)), parts=(part,))
    [candidate, *_] = candidates(credential(whole, organisations=(A, B), issuer="b"))
    assert candidate.key == "a.example.edu/P"
    assert candidate.provision is not None
    assert candidate.provision.awarding_bodies == ("schac:a.example.edu",)


def test_nobody_provides_nothing() -> None:
    candidate = only(credential(achievement(award=None), issuer=None))
    assert ids(candidate.findings) == ["register/provider-missing"]
    assert candidate.findings[0].location == JsonLocation("0.json", "issuer")
    person = msgspec.structs.replace(UNIVERSITY, kind=OrganisationKind.PERSON)
    assert ids(only(credential(organisations=(person,))).findings) == ["register/provider-missing"]
    assert ids(only(offer(organisations=(person,))).findings) == ["register/provider-missing"]


def test_the_same_refusal_is_told_once_for_many_learners() -> None:
    assert len(candidates(*[of(identifiers=())] * 3, of(identifiers=(), title=(Text("Other"),)))) == 2


# ------------------------------------------------------------------------------------------------------------- credits


@pytest.mark.parametrize(
    ("offered", "received", "status", "expected"),
    [
        (credits_of("5"), credits_of("4"), None, credits_of("5")),
        ((), credits_of("4"), None, credits_of("4")),
        ((), credits_of("4"), Status.PASSED, credits_of("4")),
        ((), credits_of("4"), Status.FAILED, ()),
        ((), credits_of("4"), Status.IN_PROGRESS, ()),
        ((), credits_of("4"), Status.UNKNOWN, ()),
        (credits_of("9", "ECVET"), credits_of("4"), None, credits_of("4")),
        (credits_of("9", "ECVET"), credits_of("9", "hp"), None, credits_of("9", "ECVET")),
        ((), credits_of("9", "hp"), None, credits_of("9", "hp")),
        ((), (), None, ()),
    ],
)
def test_credits_on_offer_count_else_those_that_a_learner_who_passed_received(
    offered: tuple[Credit, ...], received: tuple[Credit, ...], status: Status | None, expected: tuple[Credit, ...]
) -> None:
    record = credential(achievement(specification=course(credits=offered), credits=received, status=status))
    assert published(record).specification.credits == expected


def test_the_place_of_received_credits_is_where_they_stand() -> None:
    record = credential(achievement(specification=course(credits=()), credits=credits_of("4")))
    assert only(record).location("specification.credits[0].points").pointer == "achievements[0].credits[0].points"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("specification.levels[0].value", "achievements[0].specification.levels[0].value"),
        ("specification.title[0]", "achievements[0].specification.title[0]"),
        ("provider", "achievements[0].award.bodies"),
        ("awardingBodies[0]", "achievements[0].award.bodies"),
        ("fullDegree", "achievements[0].specification.kinds"),
        ("partOfDegree", "achievements[0]"),
        ("certification", "achievements[0].assessments"),
        ("organisations[0].names[0]", "organisations"),
        ("key", "achievements[0].specification.identifiers"),
        ("validFrom", "achievements[0]"),
    ],
)
def test_each_field_is_found_in_the_source(field: str, place: str) -> None:
    assert only(credential()).location(field) == JsonLocation("0.json", place)


def test_a_title_is_taken_from_the_achievement_where_the_offer_has_none() -> None:
    candidate = only(credential(achievement(specification=course(title=()), title=(Text("Award", "en"),))))
    assert candidate.title == "Award"
    assert candidate.location("specification.title[0]") == JsonLocation("0.json", "achievements[0].title[0]")
    part = achievement(specification=course(identifiers=(Identifier(value="P"),)))
    found = candidates(credential(achievement(parts=(part,))))
    assert found[1].location("partOfDegree") == JsonLocation("0.json", "achievements[0].specification.kinds")


# ------------------------------------------------------------------------------------------------------- certification

GRADE = (Text("5"),)
ATTENDANCE = (Concept(code="http://data.europa.eu/snb/assessment/7331eb4762"),)
EXAM = (Concept(code="6e6cb2cc78"),)


@pytest.mark.parametrize(
    ("kinds", "assessments", "expected"),
    [
        ((), (), Certification.UNKNOWN),
        (EXAM, (), Certification.ASSESSMENT),
        (ATTENDANCE, (), Certification.ATTENDANCE),
        ((*ATTENDANCE, *EXAM), (), Certification.ASSESSMENT),
        ((Concept(code="own word"),), (), Certification.UNKNOWN),
        ((), (Assessment(grade=GRADE),), Certification.ASSESSMENT),
        ((), (Assessment(grade=(Text("-"),)),), Certification.UNKNOWN),
        ((), (Assessment(grade=(Text(""),)),), Certification.UNKNOWN),
        ((), (Assessment(status=Concept(code="passed")),), Certification.ASSESSMENT),
        ((), (Assessment(grade=GRADE, kinds=ATTENDANCE),), Certification.ATTENDANCE),
        ((), (Assessment(kinds=EXAM),), Certification.ASSESSMENT),
        ((), (Assessment(specification=Specification(kinds=EXAM)),), Certification.ASSESSMENT),
        ((), (Assessment(specification=Specification(assessment_kinds=ATTENDANCE)),), Certification.ATTENDANCE),
        ((), (Assessment(parts=(Assessment(grade=GRADE),)),), Certification.ASSESSMENT),
        (ATTENDANCE, (Assessment(kinds=EXAM),), Certification.ASSESSMENT),
    ],
)
def test_what_it_ends_in_is_said_by_its_assessments_and_never_assumed(
    kinds: tuple[Concept, ...], assessments: tuple[Assessment, ...], expected: Certification
) -> None:
    record = credential(achievement(specification=course(assessment_kinds=kinds), assessments=assessments))
    assert published(record).certification is expected


# --------------------------------------------------------------------------------------------------------------- merge


def another(number: int, **fields: Any) -> Credential:
    """The same offer in the document of another learner."""
    learner = Learner(given_names=(Text(f"Given{number}"),), family_name=(Text(f"Family{number}"),))
    document = Document(id=f"d{number}", format="elmo", position=1, count=1)
    return msgspec.structs.replace(of(**fields), learner=learner, id=f"urn:{number}", document=document)


def test_many_learners_of_one_offer_are_one_provision() -> None:
    provision = published(*[another(number) for number in range(20)])
    assert len(provision.sources) == 20
    assert list(provision.sources) == sorted(provision.sources, key=lambda each: (each.document, each.path))


def test_local_ids_of_documents_do_not_make_two_of_one() -> None:
    one = another(1, id="los-1", learning_outcomes=(LearningOutcome(id="lo-1", title=(Text("reads"),)),))
    two = another(2, id="los-2", learning_outcomes=(LearningOutcome(id="lo-2", title=(Text("reads"),)),))
    two = msgspec.structs.replace(
        two,
        issuer="org-77",
        organisations=(msgspec.structs.replace(UNIVERSITY, id="org-77"),),
        achievements=(msgspec.structs.replace(two.achievements[0], award=Award(bodies=("org-77",))),),
    )
    candidate = only(one, two)
    assert candidate.findings == ()


def test_a_contradiction_blocks_and_names_both_places() -> None:
    candidate = only(another(1, credits=credits_of("6")), another(2, credits=credits_of("7")))
    [found] = candidate.findings
    assert found.rule.id == "register/contradiction"
    assert found.message == (
        'specification.credits is "7 ECTS" here and "6 ECTS" in 0.json achievements[0].specification.credits'
    )
    assert found.location == JsonLocation("1.json", "achievements[0].specification.credits")


def test_different_descriptions_are_a_warning() -> None:
    long = "x" * 200
    candidate = only(another(1, description=(Text(long, "en"),)), another(2, description=(Text("Short", "en"),)))
    assert ids(candidate.findings) == ["register/descriptions-differ"]
    assert candidate.provision is not None
    assert candidate.provision.specification.description == (Text(long, "en"),)
    assert len(candidate.findings[0].message) < 250


def test_a_catalogue_row_and_a_transcript_of_one_key_are_one_provision() -> None:
    provision = published(offer(valid_from=date(2025, 1, 1), part_of_degree=Answer.NO), another(1))
    assert provision.valid_from == date(2025, 1, 1)
    assert [each.document for each in provision.sources] == ["catalogue.csv", "d1"]


def test_the_order_of_documents_changes_nothing() -> None:
    records = [another(1, title=(Text("A", "en"),)), another(2, title=(Text("Ah", "hr"),)), another(3, levels=())]
    results = {
        msgspec.json.encode([each.provision for each in candidates(*order)])
        for order in itertools.permutations(records)
    }
    assert len(results) == 1


def test_candidates_come_by_key_and_those_without_last() -> None:
    records = [
        of(identifiers=(), title=(Text("Z"),)),
        of(identifiers=(Identifier(value="B"),)),
        of(identifiers=(Identifier(value="A"),)),
        of(identifiers=(), title=(Text("Y"),)),
    ]
    assert [each.key or each.title for each in candidates(*records)] == ["example.edu/A", "example.edu/B", "Y", "Z"]


# ----------------------------------------------------------------------------------------------------------- catalogue


def test_a_catalogue_row_becomes_a_provision() -> None:
    provision = published(offer(id="x", notes=(Note(texts=(Text("internal"),)),)))
    assert provision.key == "example.edu/MC-1"
    assert provision.provider == "schac:example.edu"
    assert provision.specification.notes == ()
    assert provision.specification.id is None
    assert provision.sources == (SourceRef(document="catalogue.csv", path="row 2"),)


def test_what_a_row_leaves_open_is_told_by_its_kind() -> None:
    provision = published(
        offer(full_degree=Answer.UNKNOWN, certification=Certification.UNKNOWN, assessment_kinds=ATTENDANCE)
    )
    assert (provision.full_degree, provision.certification) == (Answer.NO, Certification.ATTENDANCE)
    provision = published(
        offer(full_degree=Answer.UNKNOWN, certification=Certification.UNKNOWN, assessment_kinds=(), kinds=())
    )
    assert (provision.full_degree, provision.certification) == (Answer.UNKNOWN, Certification.UNKNOWN)


def test_a_row_without_key_gets_the_one_that_follows_from_its_identifiers() -> None:
    assert only(offer(key="")).key == "example.edu/MC-1"
    candidate = only(offer(key=" ", identifiers=()))
    assert ids(candidate.findings) == ["register/identifier-missing"]
    assert ids(only(offer(organisations=())).findings) == ["register/provider-missing"]
    assert only(offer()).location("organisations[0].names") == JsonLocation("0.json", "organisations")
    assert only(offer()).location("fullDegree") == JsonLocation("0.json", "fullDegree")


def test_a_row_without_source_is_named_by_its_file() -> None:
    assert published(offer(sources=())).sources == (SourceRef(document="0.json", path=""),)


# -------------------------------------------------------------------------------------------------------- what is kept


def test_every_field_of_a_specification_is_either_kept_or_left() -> None:
    assert set(Specification.__struct_fields__) == KEPT | LEFT
    assert not KEPT & LEFT


def test_what_hangs_on_a_document_or_a_person_stays_behind() -> None:
    hanging: dict[str, Any] = {
        "residue": (Residue(format="elmo", path="extension", content="<secret/>"),),
        "spellings": (Spelling(format="elmo", path="version", text="secret"),),
    }
    person = Organisation(id="p", names=(Text("Secret Person"),), kind=OrganisationKind.PERSON)
    agency = Organisation(id="q", names=(Text("Agency", "en"),), contacts=(Contact(emails=("secret@example.org",)),))
    secret = (Note(texts=(Text("secret"),)),)
    record = credential(
        achievement(
            **hanging,
            specification=course(
                **hanging,
                id="secret",
                notes=secret,
                documents=(Link(url="https://example.org/secret"),),
                description_html=(Text("<p>secret</p>"),),
                grading_scheme="secret",
                status="secret",
                parts=(course(title=(Text("secret"),)),),
                identifiers=(Identifier(value="MC-1", type="local", creator="secret", agency=(Text("secret"),)),),
                learning_outcomes=(LearningOutcome(**hanging, id="secret", notes=secret, title=(Text("reads"),)),),
                quality_assurance=(
                    QualityAssurance(
                        **hanging,
                        id="secret",
                        agency="q",
                        organisations=("p", "org-1"),
                        notes=secret,
                        title=(Text("QA"),),
                    ),
                ),
            ),
            notes=secret,
            documents=(Link(url="https://example.org/secret"),),
        ),
        organisations=(
            msgspec.structs.replace(UNIVERSITY, **hanging, contacts=agency.contacts, notes=secret, member_of=("p",)),
            person,
            agency,
        ),
        attachments=(Attachment(title=(Text("secret"),)),),
    )
    provision = published(record)
    assert b"ecret" not in msgspec.json.encode(provision)
    [assurance] = provision.specification.quality_assurance
    assert (assurance.agency, assurance.organisations) == ("Agency", ("schac:example.edu",))
    assert [each.id for each in provision.organisations] == ["Agency", "schac:example.edu"]


def test_what_is_kept_has_one_form() -> None:
    provision = published(
        of(
            title=(Text("  Data \n Stewardship ", " en "), Text("Data Stewardship", "en"), Text(" ")),
            alt_titles=(Text("Data Stewardship", "en"), Text("Data Care", "en"), Text("Data  Care", "en")),
            credits=(Credit(scheme=" ects ", points=Decimal("5.00")), Credit(scheme="ects", points=Decimal(5))),
            learning_outcomes=(LearningOutcome(title=(Text("reads"),)), LearningOutcome(title=(Text("reads "),))),
        )
    )
    specification = provision.specification
    assert specification.title == (Text("Data Stewardship", "en"),)
    assert specification.alt_titles == (Text("Data Care", "en"),)
    assert {credit.points for credit in specification.credits} == {Decimal(5)}
    assert str(specification.credits[0].points) == "5"
    assert len(specification.learning_outcomes) == 1


def test_an_organisation_without_a_name_or_number_is_left_out() -> None:
    unknown = Organisation(id="u")
    record = of(quality_assurance=(QualityAssurance(agency="u", title=(Text("QA"),)),))
    record = msgspec.structs.replace(record, organisations=(UNIVERSITY, unknown))
    assert published(record).specification.quality_assurance[0].agency is None


def test_a_document_that_is_not_recorded_is_named_by_a_hash_and_not_by_its_file() -> None:
    [candidate] = provisions_of(read(credential(document=None), "Testa Primjerić.json"), TABLES)
    assert candidate.provision is not None
    [source] = candidate.provision.sources
    assert len(source.document) == 64
    assert source.path == "achievements[0]"


# --------------------------------------------------------------------------------------------------------- the learner

PLANTED: list[tuple[str, dict[str, Any], str]] = [
    ("a name", {"description": (Text("Thanks to Testa Primjerić for help"),)}, "name"),
    ("a name in an outcome", {"learning_outcomes": (LearningOutcome(title=(Text("as UZORAK, Testa did"),)),)}, "name"),
    ("a name in the requirements", {"entry_requirements": (Note(texts=(Text("only Maria Primjeric"),)),)}, "name"),
    ("a number", {"alt_titles": (Text("for 0036512345"),)}, "identifier"),
    ("an address", {"homepages": (Link(url="mailto:testa.primjeric@student.example.edu"),)}, "name"),
    ("a birthday", {"categories": (Text("12.05.1999."),)}, "date of birth"),
    ("a number in the title", {"title": (Text("Course of 0036512345"),)}, "identifier"),
    ("a number in a code", {"modes": (Concept(code="x-0036512345"),)}, "identifier"),
]


@pytest.mark.parametrize(("fields", "kind"), [each[1:] for each in PLANTED], ids=[each[0] for each in PLANTED])
def test_a_text_that_gives_a_learner_away_blocks_the_provision(fields: dict[str, Any], kind: str) -> None:
    candidate = only(of(**fields))
    assert candidate.key == "example.edu/MC-1"
    assert candidate.provision is None
    assert candidate.title == ""
    assert ids(candidate.findings) == ["register/personal-data"]
    [found] = candidate.findings
    assert found.facts["kind"] == kind
    assert found.value is None
    told = f"{found.message} {found.hint} {found.to_dict()}"
    assert not any(secret in told for secret in ("Testa", "Primjer", "0036512345", "1999"))


def test_the_learner_of_one_document_is_looked_for_in_all_others() -> None:
    about_her = another(1, description=(Text("Thanks to Testa Primjerić"),), identifiers=(Identifier(value="X"),))
    her_own = credential()
    for order in itertools.permutations([about_her, her_own]):
        found = {each.key: each.provision is None for each in candidates(*order)}
        assert found == {"example.edu/MC-1": False, "example.edu/X": True}


def test_what_gives_a_learner_away_is_not_quoted_by_any_finding() -> None:
    long = another(1, description=(Text("A long description without anybody in it at all", "en"),))
    short = another(2, description=(Text("Testa Primjerić", "en"),))
    candidate = only(long, short, credential())
    assert set(ids(candidate.findings)) == {"register/personal-data"}
    assert candidate.provision is None


def test_a_refusal_does_not_quote_a_learner_either() -> None:
    candidate = only(of(identifiers=(), title=(Text("Diploma of Testa Primjerić"),)))
    assert candidate.title == ""
    assert set(ids(candidate.findings)) == {"register/personal-data"}


@pytest.mark.parametrize("number", ["1234", "0036512345"])
def test_the_number_of_the_learner_is_no_key(number: str) -> None:
    learner = msgspec.structs.replace(LEARNER, identifiers=(Identifier(value=number),))
    record = msgspec.structs.replace(of(identifiers=(Identifier(value=number),)), learner=learner)
    candidate = only(record)
    assert (candidate.key, candidate.provision, candidate.title) == (None, None, "")
    assert ids(candidate.findings) == ["register/personal-data"]


def test_a_key_that_gives_another_learner_away_is_not_told() -> None:
    candidate = next(
        each
        for each in candidates(another(1, identifiers=(Identifier(value="0036512345"),)), credential())
        if not each.key
    )
    assert ids(candidate.findings) == ["register/personal-data"] * len(candidate.findings)


def test_several_learners_whose_numbers_were_codes_are_told_each() -> None:
    def record(number: str) -> Credential:
        learner = msgspec.structs.replace(LEARNER, identifiers=(Identifier(value=number),))
        document = Document(id=f"d{number}", format="csv", position=1, count=1)
        return msgspec.structs.replace(of(identifiers=(Identifier(value=number),)), learner=learner, document=document)

    assert len(candidates(record("1234"), record("1235"))) == 2


FULL = Learner(
    given_names=(Text("Izmišljena"),),
    family_name=(Text("Osobić"),),
    full_name=(Text("Izmišljena O. Osobić"),),
    birth_name=(Text("Rođenić"),),
    patronymic_name=(Text("Patronimović"),),
    birth_date=date(2001, 2, 3),
    national_id=Identifier(value="98765432109"),
    identifiers=(Identifier(value="izmisljena.osobic@example.org", type="username"),),
    contacts=(Contact(emails=("io@example.org",), wallets=("0xabc123def456",)),),
)


@pytest.mark.parametrize(
    "text",
    [
        "Izmišljena Osobić",
        "Izmišljena O. Osobić",
        "Rođenić Izmišljena",
        "Izmišljena Patronimović",
        "98765432109",
        "izmisljena.osobic@example.org",
        "io@example.org",
        "deliver@example.org",
        "0xABC123def456",
        "3.2.2001.",
    ],
)
def test_everything_that_a_learner_is_known_by_is_looked_for(text: str) -> None:
    about = another(1, description=(Text(f"see {text}"),))
    known = credential(
        achievement(specification=course(identifiers=(Identifier(value="X"),))),
        learner=FULL,
        delivery=Delivery(addresses=("deliver@example.org",)),
    )
    found = {each.key: each.provision is None for each in candidates(about, known)}
    assert found["example.edu/MC-1"]


def test_a_learner_of_whom_nothing_is_known_gives_nothing_away() -> None:
    assert published(credential(learner=Learner())).key == "example.edu/MC-1"
    assert published(credential(learner=Learner(family_name=(Text("Osobić"),)))).key == "example.edu/MC-1"


def test_achievements_deep_down_are_reached() -> None:
    deep: Achievement = achievement(specification=course(identifiers=(Identifier(value="DEEP"),)))
    for _ in range(300):
        deep = Achievement(parts=(deep,))
    assert "example.edu/DEEP" in {each.key for each in candidates(credential(deep))}


def sealed(state: SealState, **fields: Any) -> Credential:
    return credential(seal=Seal(state=state, kind="xmldsig"), **fields)


def test_nothing_of_a_document_whose_seal_does_not_hold_is_offered() -> None:
    candidate = only(sealed(SealState.INVALID))
    assert (candidate.key, ids(candidate.findings)) == ("example.edu/MC-1", ["register/seal-invalid"])
    [verdict] = judge([candidate], TABLES.register_policy("deqar"), TABLES)
    assert not verdict.publishable
    assert "register/seal-invalid" in ids(verdict.refusals)


@pytest.mark.parametrize("state", [state for state in SealState if state is not SealState.INVALID])
def test_any_other_seal_is_no_matter_to_what_is_offered(state: SealState) -> None:
    assert published(sealed(state)) == published(credential())


def test_a_sound_document_is_enough_beside_one_whose_seal_does_not_hold() -> None:
    """What the other says is no version of it, so the two do not contradict each other; it is named all the same."""
    forged = sealed(
        SealState.INVALID,
        achievements=(achievement(specification=course(credits=credits_of("59"))),),
        document=Document(id="f0f0", format="elmo", position=1, count=1),
    )
    for records in ((credential(), forged), (forged, credential())):
        candidate = only(*records)
        assert candidate.provision == published(credential())
        [found] = candidate.findings
        assert (found.rule.id, found.level) == ("register/seal-invalid", Severity.WARNING)


def test_the_learner_of_a_document_whose_seal_does_not_hold_is_not_named_either() -> None:
    about = another(1, description=(Text("see Izmišljena Osobić"),))
    assert {each.key: each.provision is None for each in candidates(about, sealed(SealState.INVALID, learner=FULL))}[
        "example.edu/MC-1"
    ]
