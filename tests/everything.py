"""A record that fills every field of every struct of a credential. The people and places are invented."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Activity,
    Address,
    AddressPart,
    Assessment,
    Attachment,
    Award,
    Category,
    CertificateState,
    ClaimKind,
    Concept,
    Contact,
    Content,
    Credential,
    Credit,
    Delivery,
    DiplomaSupplement,
    Display,
    DistributionOfResults,
    Document,
    Duration,
    Entitlement,
    EntitlementTerms,
    Evidence,
    Field,
    Framework,
    GradingScheme,
    Group,
    GroupRef,
    GroupType,
    Identifier,
    Label,
    Learner,
    LearningOutcome,
    Level,
    Limit,
    Link,
    Note,
    Opportunity,
    Organisation,
    OrganisationKind,
    Period,
    Place,
    QualityAssurance,
    Residue,
    Seal,
    SealState,
    SealTrust,
    Section,
    ShortenedGrading,
    Specification,
    Spelling,
    Stackability,
    StackabilityKind,
    Status,
    Target,
    Term,
    Text,
    Texts,
)
from mcbridge.origins import Contents

PNG: Final = b"\x89PNG\r\n\x1a\n invented picture"
PDF: Final = b"%PDF-1.7 invented document"
HTML: Final = b"<p>Dodjeljuje se {{name}}</p>"
OTHER: Final = b"other bytes that a changed record may speak of"


def contents() -> Contents:
    """The bytes that the record speaks of, and others."""
    found = Contents()
    for data in (PNG, PDF, HTML, OTHER):
        found.keep(data)
    return found


def t(text: str) -> Texts:
    """A text in two languages."""
    return (Text(text, "en"), Text(f"{text} po hrvatski", "hr"))


def one(text: str) -> Texts:
    """A text in one language."""
    return (Text(text, "en"),)


def residue(what: str) -> tuple[Residue, ...]:
    """What a source format said beside."""
    return (Residue(format="elmo", path=what, content=f"<{what}/>"),)


def recognition() -> Residue:
    """A result of recognition, which ELMO 2.0 alone knows."""
    space = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
    content = f'<resultOfRecognition xmlns="{space}"><status>Positive</status></resultOfRecognition>'
    return Residue(format="elmo", path="resultOfRecognition[1]", content=content)


def spelled(path: str) -> tuple[Spelling, ...]:
    """How a source wrote a value."""
    return (Spelling(format="elmo", path=path, text="as written"),)


def free(what: str) -> Concept:
    """A concept of no list of ours."""
    return Concept(
        code=f"{what}-code", scheme=f"{what}-scheme", labels=t(f"{what} label"), definition=one(f"{what} definition")
    )


def iri(what: str) -> Concept:
    """A concept of somebody's list on the web."""
    return Concept(
        code=f"https://lists.example.org/{what}/7",
        scheme=f"https://lists.example.org/{what}",
        labels=t(f"{what} label"),
        notation=f"{what}-7",
        definition=one(f"{what} definition"),
    )


def atu(code: str) -> Concept:
    """An administrative unit of the European list."""
    return Concept(
        code=f"http://publications.europa.eu/resource/authority/atu/{code}",
        scheme="http://publications.europa.eu/resource/authority/atu",
        labels=one(f"Unit {code}"),
        notation="atu",
    )


def note(text: str) -> Note:
    """A note with all that it can have."""
    return Note(texts=t(text), subject=free(f"{text} subject"), format=Concept(code="HTML", scheme="file-type"))


def link(name: str) -> Link:
    """A page."""
    return Link(url=f"https://www.example.edu/{name}", titles=one(f"Page {name}"))


def whole_link(name: str) -> Link:
    """A page with all that it can have."""
    return Link(
        url=f"https://www.example.edu/{name}",
        titles=t(f"Page {name}"),
        description=one(f"About {name}"),
        languages=("en", "hr"),
    )


def identifier(value: str, country: str | None = None) -> Identifier:
    """An identifier with a type."""
    return Identifier(value=value, type=f"type-{value}", country=country)


def whole_identifier(value: str, country: str | None = None) -> Identifier:
    """An identifier with all that it can have."""
    return Identifier(
        value=value,
        type=f"type-{value}",
        scheme=f"https://ids.example.org/{value}",
        scheme_name=f"Scheme of {value}",
        country=country,
        agency=one(f"Agency of {value}"),
        creator="https://ids.example.org/creator",
        issued="2020-01-31",
    )


def picture(data: bytes, media_type: str) -> Content:
    """The description of bytes."""
    kept = Contents()
    return Content(
        sha256=kept.keep(data), size=len(data), media_type=media_type, lang="en", written=kept.keep(b"as written")
    )


def place(name: str, country: str) -> Place:
    """A place with a name and an address."""
    return Place(names=one(f"Campus {name}"), addresses=(Address(country=country, lines=(f"{name} Lane 3",)),))


def whole_place(name: str, country: str) -> Place:
    """A place with all that it can have."""
    address = Address(
        country=country,
        full=(Note(texts=t(f"{name} 1, Exampletown")),),
        lines=(f"{name} Lane 2",),
        postal_code=f"10-{name}",
        locality=f"{name}town",
        region=f"{name}shire",
        parts=(AddressPart(name="streetName", value=f"{name} Street"), AddressPart(name="unit", value=f"Unit {name}")),
        identifiers=(whole_identifier(f"address-{name}"),),
        residue=residue("address"),
        spellings=spelled("country"),
    )
    return Place(
        id=f"https://places.example.org/{name}",
        addresses=(address, Address(lines=(f"{name} Lane, in no country",))),
        regions=(atu(f"HRV_{name.upper()}"),),
        names=t(f"Campus {name}"),
        description=t(f"The campus called {name}"),
        identifiers=(identifier(f"place-{name}"),),
        residue=residue("place"),
        spellings=spelled("names"),
    )


def contact(name: str) -> Contact:
    """A contact with an address."""
    return Contact(emails=(f"{name}@example.org",))


def whole_contact(name: str) -> Contact:
    """A contact with all that it can have."""
    return Contact(
        places=(whole_place(f"{name}contact", "HR"),),
        emails=(f"{name}@example.org", f"{name}.other@example.org"),
        phones=(f"+385 1 000 {name}",),
        forms=(link(f"form-{name}"),),
        wallets=(f"wallet-{name}",),
        description=t(f"How to reach {name}"),
        notes=(note(f"Reaching {name}"),),
        residue=residue("contact"),
        spellings=spelled("emails"),
    )


def quality(name: str) -> QualityAssurance:
    """Quality assurance with all that it can have."""
    return QualityAssurance(
        id=f"https://data.example.org/report/{name}",
        kind=Concept(code="programme-quality-assurance", scheme="accreditation", labels=one("Programme review")),
        title=t(f"Review {name}"),
        description=t(f"What review {name} looked at"),
        agency="agency",
        organisations=("university",),
        decision=Concept(code="positive", scheme="accreditation-decision"),
        report=link(f"report-{name}"),
        landing_pages=(link(f"landing-{name}"),),
        homepages=(link(f"home-{name}"),),
        status=f"released {name}",
        issued=dt.date(2021, 2, 3),
        modified=dt.datetime(2022, 3, 4, 5, 6, 7, tzinfo=dt.UTC),
        reviewed=dt.date(2023, 4, 5),
        expires=dt.date(2028, 5, 6),
        limit_fields=(Concept(code="0511", scheme="isced-f"),),
        limit_jurisdictions=(atu("HRV"),),
        limit_levels=(Concept(code="7", scheme="eqf"),),
        limit_credential_types=(free(f"limit-{name}"),),
        limit_qualification=f"Qualification {name}",
        identifiers=(identifier(f"review-{name}"),),
        documents=(link(f"document-{name}"),),
        notes=(note(f"On review {name}"),),
        residue=residue("review"),
        spellings=spelled("issued"),
    )


def organisations() -> tuple[Organisation, ...]:
    """All kinds of them."""
    university = Organisation(
        id="university",
        names=t("Example University"),
        kind=OrganisationKind.HIGHER_EDUCATION_INSTITUTION,
        identifiers=(Identifier(value="example.edu", type="schac"),),
        places=(Place(addresses=(Address(country="HR", locality="Exampletown"),)),),
    )
    partner = Organisation(
        id="partner",
        names=t("Partner College"),
        alt_names=one("PaC"),
        kind=OrganisationKind.OTHER_PROVIDER,
        kinds=(iri("body-kind"),),
        registration=identifier("REG-1", "HR"),
        eidas_identifier=identifier("EIDAS-1", "HR"),
        vat_identifiers=(identifier("VAT-1", "HR"), Identifier(value="VAT-2")),
        tax_identifiers=(identifier("TAX-1", "HR"),),
        identifiers=(identifier("PIC-1"),),
        places=(place("main", "HR"),),
        homepages=(whole_link("partner"),),
        logo=picture(PNG, "image/png"),
        accreditations=(
            QualityAssurance(kind=Concept(code="institutional-licence"), agency="agency", organisations=("partner",)),
        ),
        contacts=(contact("college"),),
        member_of=("alliance", "holding"),
        parts=("faculty", "nameless"),
        notes=(note("On the college"),),
        modified=dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        residue=residue("college"),
        spellings=spelled("names"),
    )
    group = Organisation(
        id="alliance",
        names=t("Example Alliance"),
        alt_names=one("ExA"),
        kind=OrganisationKind.GROUP,
        kinds=(free("alliance-kind"),),
        places=(place("alliance", "AT"),),
        contacts=(contact("alliance"),),
        member_of=("holding",),
        parts=("faculty",),
        notes=(note("On the alliance"),),
    )
    person = Organisation(
        id="examiner",
        names=one("Prof. Eva Invented"),
        kind=OrganisationKind.PERSON,
        identifiers=(identifier("examiner-1"),),
        places=(place("examiner", "HR"),),
        member_of=("alliance",),
    )

    def plain(id_: str, name: str, kind: OrganisationKind | None = None) -> Organisation:
        where = Place(addresses=(Address(country="HR"),))
        return Organisation(id=id_, names=one(name), kind=kind, places=(where,))

    return (
        university,
        partner,
        plain("agency", "Agency for Invented Quality", OrganisationKind.AUTHORITY),
        group,
        person,
        plain("faculty", "Faculty of Examples"),
        plain("holding", "Example Holding"),
        plain("office", "Issuing Office"),
        plain("stranger", "Nobody's Organisation"),
        Organisation(id="nameless"),
        Organisation(
            id="abroad", names=one("School Abroad"), identifiers=(Identifier(value="abroad-1", country="SI"),)
        ),
    )


def specification(name: str, **more: object) -> Specification:
    """What every kind of specification can have."""
    given: dict[str, object] = {
        "id": f"https://offers.example.edu/{name}",
        "identifiers": (Identifier(value=f"{name}-1", type="local"),),
        "title": t(f"Offer {name}"),
        "alt_titles": one(f"Also called {name}"),
        "description": t(f"What {name} is about"),
        "description_html": one(f"<p>{name}</p>"),
        "categories": one(f"Category {name}"),
        "homepages": (link(f"offer-{name}"),),
        "documents": (link(f"syllabus-{name}"),),
        "notes": (note(f"Further information on {name}"),),
        "status": f"published {name}",
        "modified": dt.datetime(2024, 2, 2, tzinfo=dt.UTC),
        "modes": (Concept(code="blended", scheme="learning-assessment"),),
        "languages": ("en", "hr"),
        "residue": residue("offer"),
        "spellings": spelled("title"),
    }
    return Specification(**(given | more))  # type: ignore[arg-type]


def outcome(name: str) -> LearningOutcome:
    """A learning outcome with all that it can have."""
    skill = Concept(
        code=f"http://data.europa.eu/esco/skill/{name}",
        scheme="http://data.europa.eu/esco/concept-scheme/skills",
        labels=one(f"skill {name}"),
        notation="Skill",
    )
    return LearningOutcome(
        id=f"https://outcomes.example.edu/{name}",
        title=t(f"Is able to {name}"),
        kind=Concept(code="skill", scheme="skill-type"),
        reusability=Concept(code="transversal", scheme="skill-reuse-level"),
        esco_skills=(skill,),
        skills=(free(f"skill-{name}"),),
        identifiers=(identifier(f"outcome-{name}"),),
        notes=(note(f"On being able to {name}"),),
        residue=residue("outcome"),
        spellings=spelled("title"),
    )


def credit(scheme: str, points: str) -> Credit:
    """Credit points with all that they can have."""
    return Credit(
        scheme=scheme,
        points=Decimal(points),
        level="Bachelor",
        labels=one(f"Credits {scheme}"),
        residue=residue("credit"),
        spellings=spelled("points"),
    )


LEVELS: Final = (
    Level(
        framework=Framework.EQF,
        value="6",
        scheme="EQF",
        code="http://data.europa.eu/snb/eqf/6",
        labels=one("Level six"),
        description=one("The sixth of eight"),
        residue=(Residue(format="elmo", path="level/@x", content="y"),),
        spellings=(Spelling(format="elmo", path="value", text="6 "),),
    ),
    Level(framework=Framework.QF_EHEA, value="first", labels=one("Cycle one"), description=one("Bachelor's cycle")),
    Level(
        framework=Framework.NQF,
        value="6.st",
        country="HR",
        scheme="HKO",
        code="http://data.europa.eu/snb/qdr/c_cb53bf24",
        labels=one("HKO level 6.st"),
        description=one("Croatian framework"),
    ),
    Level(framework=Framework.NQF, value="VI", country="SI", scheme="SOK", description=one("Slovenian framework")),
    Level(framework=Framework.OTHER, value="C1", scheme="CEFR", labels=one("Language level C1")),
)


def offer() -> Specification:
    """What was achieved, as it was offered."""
    return specification(
        "geoinformatics",
        version="2024.1",
        kinds=(Concept(code="short-learning-programme", scheme="learning-opportunity", labels=one("Short programme")),),
        is_qualification=True,
        is_partial=True,
        qualification_codes=(iri("qualification"),),
        levels=LEVELS,
        education_levels=(free("education-level"),),
        fields=(
            Field(scheme="isced-f", code="0532", labels=one("Earth sciences")),
            Field(scheme="erasmus-subject-area", code="07.3", labels=one("Geodesy")),
        ),
        credits=(credit("ects", "6.0"), credit("hours-of-work", "150")),
        volume_of_learning=Duration(seconds=Decimal(540000)),
        maximum_duration=Duration(months=6, seconds=Decimal(86400)),
        contact_hours=("30", "15 h"),
        learning_outcomes=(outcome("map"), LearningOutcome(title=t("Is able to survey"))),
        outcome_summary=note("All outcomes in one text"),
        schedules=(Concept(code="part-time-light", scheme="learning-schedule"),),
        setting=Concept(code="formal", scheme="learning-setting"),
        assessment_kinds=(Concept(code="quiz", scheme="assessment"), free("assessment-kind")),
        supervision=Concept(code="supervised-with-id", scheme="supervision-verification"),
        grading_scheme="scale-one",
        entry_requirements=(
            Note(texts=t("Secondary school")),
            Note(texts=one("A computer")),
            note("An interest in maps"),
        ),
        target_groups=(Concept(code="target-group-x", scheme="own-groups", labels=one("Surveyors")),),
        quality_assurance=(quality("programme"), QualityAssurance(kind=Concept(code="institutional-licence"))),
        entitlement=EntitlementTerms(status=Concept(code="prospective", scheme="entitlement-status")),
        stackability=Stackability(
            kind=StackabilityKind.STACKABLE,
            towards=(
                Target(
                    titles=t("Diploma in Maps"), identifiers=(identifier("diploma-1"),), homepages=(link("diploma"),)
                ),
            ),
            residue=residue("stackability"),
            spellings=spelled("kind"),
        ),
        parts=(Specification(title=t("Part one"), kinds=(Concept(code="class", scheme="learning-opportunity"),)),),
    )


def award(*bodies: str) -> Award:
    """An award with all that it can have."""
    return Award(
        id=f"https://awards.example.edu/{'-'.join(bodies)}",
        bodies=bodies,
        date=dt.date(2025, 6, 30),
        notes=(Note(texts=one(f"Awarded by {' and '.join(bodies)}")),),
        place=place(f"hall{len(bodies)}", "HR"),
        residue=residue("award"),
        spellings=spelled("date"),
    )


def claimed(name: str) -> dict[str, object]:
    """What every claim can have."""
    return {
        "id": f"https://claims.example.edu/{name}",
        "identifiers": (identifier(f"claim-{name}"),),
        "title": t(f"Claim {name}"),
        "description": t(f"What is claimed by {name}"),
        "notes": (note(f"On the claim {name}"),),
        "kinds": (Concept(code=f"http://data.europa.eu/snb/claim-type/c_{name}", labels=one(f"Kind of {name}")),),
        "documents": (link(f"claim-{name}"),),
        "residue": residue("claim"),
        "spellings": spelled("title"),
    }


def assessment(name: str) -> Assessment:
    """An assessment with all that it can have."""
    offered = specification(
        f"exam-{name}",
        kinds=(Concept(code="written-examination", scheme="assessment"), Concept(code="project-work")),
        grading_scheme="scale-one",
    )
    return Assessment(
        **claimed(f"exam-{name}"),  # type: ignore[arg-type]
        specification=offered,
        award=award("university"),
        grade=t(f"very good {name}"),
        grading_scheme="scale-one",
        external_grading_scheme="https://scales.example.org/one",
        status=Concept(code="http://data.europa.eu/snb/grade-status/c_pass", labels=one("Pass")),
        date=dt.date(2025, 6, 15),
        verification=Concept(code="supervised-with-id", scheme="supervision-verification"),
        distribution=DistributionOfResults(
            categories=(Category(label=f"A {name}", count=7), Category(label=f"B {name}", count=0)),
            description=t(f"Results of {name}"),
            residue=residue("distribution"),
            spellings=spelled("categories"),
        ),
        shortened=ShortenedGrading(
            lower=Decimal("20.5"),
            equal=Decimal(30),
            higher=Decimal("49.5"),
            residue=residue("shortened"),
            spellings=spelled("lower"),
        ),
        assessors=("examiner", "university"),
    )


def opportunity(name: str) -> Opportunity:
    """A concrete offer with all that it can have."""
    return Opportunity(
        id=f"https://runs.example.edu/{name}",
        title=t(f"Run {name}"),
        description=t(f"Autumn run of {name}"),
        description_html=one(f"<b>{name}</b>"),
        providers=("university", "faculty", "nameless"),
        periods=(Period(start=dt.date(2024, 9, 1)), Period(end=dt.date(2024, 9, 2))),
        places=(place(f"run{name}", "HR"),),
        identifiers=(identifier(f"run-{name}"),),
        homepages=(link(f"run-{name}"),),
        residue=residue("opportunity"),
        spellings=spelled("title"),
    )


def period(name: str) -> Period:
    """A period with all that it can have."""
    return Period(
        title=t(f"Period {name}"),
        start=dt.date(2024, 10, 1),
        end=dt.date(2025, 6, 20),
        residue=residue("period"),
        spellings=spelled("start"),
    )


def activity(name: str) -> Activity:
    """An activity with all that it can have."""
    offered = specification(
        f"class-{name}",
        kinds=(Concept(code="classroom", scheme="learning-activity"),),
        volume_of_learning=Duration(seconds=Decimal(5430)),
        contact_hours=(f"12 {name}",),
        schedules=(Concept(code="full-time", scheme="learning-schedule"),),
    )
    return Activity(
        **claimed(f"class-{name}"),  # type: ignore[arg-type]
        specification=offered,
        award=award("university"),
        periods=(period(f"class-{name}"),),
        workload=Duration(seconds=Decimal("3661.5")),
        contact_hours=f"30 {name}",
        completion=85,
        directed_by=("examiner",),
        places=(place(f"class{name}", "HR"),),
        opportunity=Opportunity(title=one(f"Run of {name}"), providers=("university",)),
    )


def entitlement(name: str) -> Entitlement:
    """An entitlement with all that it can have."""
    occupation = Concept(
        code="http://data.europa.eu/esco/occupation/surveyor",
        scheme="http://data.europa.eu/esco/concept-scheme/occupations",
        labels=one("surveyor"),
    )
    offered = specification(
        f"right-{name}",
        kinds=(Concept(code="occupation", scheme="entitlement"),),
        entitlement=EntitlementTerms(
            status=Concept(code="actual", scheme="entitlement-status"),
            limit=Limit(jurisdictions=(atu("HRV_ZG"),), occupations=(occupation,), organisations=("abroad",)),
            residue=residue("terms"),
            spellings=spelled("status"),
        ),
    )
    return Entitlement(
        **claimed(f"right-{name}"),  # type: ignore[arg-type]
        specification=offered,
        award=award("university"),
        issued=dt.date(2025, 7, 1),
        expires=dt.date(2030, 7, 1),
    )


def attachment(name: str) -> Attachment:
    """An attachment with all that it can have."""
    return Attachment(
        id=f"attachment-{name}",
        identifiers=(Identifier(value=f"internal-{name}", type="internal"),),
        title=t(f"Attachment {name}"),
        description=t(f"What attachment {name} is"),
        kind=Concept(code="Transcript of Records", scheme="elmo-attachment-type"),
        contents=(picture(PDF, "application/pdf"), picture(PNG, "image/png")),
        residue=residue("attachment"),
        spellings=spelled("title"),
    )


def supplement() -> DiplomaSupplement:
    """A diploma supplement with all that it can have."""
    inner = Section(number="2.1", title="Name", content="Master of Maps", spellings=spelled("number"))
    section = Section(
        number="2",
        title="Information on the qualification",
        content="<p>text</p>",
        content_type="html",
        additional=("More",),
        attachments=(Attachment(title=one("Attachment of a section"), contents=(picture(PDF, "application/pdf"),)),),
        sections=(inner,),
        residue=residue("section"),
    )
    return DiplomaSupplement(
        version="2018",
        issue_date=dt.date(2025, 7, 2),
        introduction="This supplement follows the model.",
        sections=(section,),
        lang="en",
        residue=residue("supplement"),
        spellings=spelled("issueDate"),
    )


def achievement() -> Achievement:
    """An achievement with all that it can have."""
    base = assessment("main")
    part = Assessment(title=t("Oral part"), grade=one("good"))
    passed = Achievement(
        id="https://claims.example.edu/passed",
        title=t("Part that was passed"),
        specification=Specification(identifiers=(identifier("passed"),)),
        status=Status.PASSED,
        award=Award(bodies=("university",)),
        assessments=(Assessment(grading_scheme="scale-two", shortened=ShortenedGrading(lower=Decimal(1))),),
        period=Period(end=dt.date(2025, 1, 31)),
    )
    failed = Achievement(
        id="https://claims.example.edu/failed",
        title=t("Part that was failed"),
        status=Status.FAILED,
        specification=Specification(identifiers=(identifier("failed"),), title=t("Failed part"), version="1"),
        residue=residue("failed"),
        parts=(
            Achievement(
                title=t("Passed within what failed"),
                specification=Specification(identifiers=(identifier("within"),)),
                status=Status.PASSED,
                award=Award(bodies=("university",)),
            ),
        ),
    )
    return Achievement(
        **claimed("achievement"),  # type: ignore[arg-type]
        specification=offer(),
        award=award("university", "partner"),
        status=Status.PASSED,
        period=period("study"),
        term=Term(
            title=t("Winter term"),
            start=dt.date(2024, 10, 1),
            end=dt.date(2025, 2, 15),
            residue=residue("term"),
            spellings=spelled("start"),
        ),
        credits=(credit("ECTS", "5.5"), Credit(scheme="points"), credit("local-points", "3")),
        opportunity=opportunity("achievement"),
        assessments=(_with_parts(base, part),),
        activities=(
            _with_activity_parts(activity("main")),
            Activity(title=one("Silent activity"), notes=(Note(texts=one("no time stated")),)),
        ),
        entitlements=(entitlement("main"),),
        attachment_refs=("attachment-own", "internal-document", "nowhere"),
        group_ref=GroupRef(type="1", id="2", text="Mandatory"),
        diploma_supplement=supplement(),
        parts=(passed, failed),
    )


def _with_parts(base: Assessment, *parts: Assessment) -> Assessment:
    return Assessment(**{name: getattr(base, name) for name in base.__struct_fields__} | {"parts": parts})


def _with_activity_parts(base: Activity) -> Activity:
    parts = (Activity(title=one("Lecture"), contact_hours="2"),)
    return Activity(**{name: getattr(base, name) for name in base.__struct_fields__} | {"parts": parts})


def learner() -> Learner:
    """The learner, who does not exist."""
    return Learner(
        id="did:example:ana",
        given_names=t("Ana"),
        family_name=one("Primjerić"),
        full_name=t("Ana Primjerić"),
        birth_name=one("Izmišljić"),
        patronymic_name=one("Ivanova"),
        alternative_names=(Text("Ана Примјерић", "sr"),),
        birth_date=dt.date(2001, 2, 28),
        place_of_birth=place("birth", "BA"),
        citizenships=("HR", "IE"),
        gender="FEMALE",
        national_id=whole_identifier("NAT-1", "HR"),
        identifiers=(Identifier(value="0036000000", type="JMBAG"), identifier("LEARNER-2")),
        address=whole_place("home", "HR"),
        contacts=(whole_contact("ana"),),
        member_of=("university", "alliance"),
        residue=residue("learner"),
        spellings=spelled("birthDate"),
    )


def document() -> Document:
    """The document that the record says it was read from."""
    groups = (
        Group(
            id="2", sorting_key="1", title=t("Mandatory subjects"), residue=residue("group"), spellings=spelled("id")
        ),
    )
    return Document(
        id="a3" * 32,
        format="elmo",
        position=1,
        count=2,
        generated=dt.datetime(2025, 7, 3, 8, 0, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        attachments=(
            Attachment(
                identifiers=(Identifier(value="internal-document", type="internal"),),
                title=one("Attachment of the document"),
                contents=(picture(PDF, "application/pdf"),),
            ),
            Attachment(title=one("Attachment that nothing refers to"), contents=(picture(PDF, "application/pdf"),)),
        ),
        group_types=(
            GroupType(
                id="1", title=t("By category"), groups=groups, residue=residue("groups"), spellings=spelled("id")
            ),
        ),
        residue=residue("document"),
        spellings=spelled("generated"),
    )


def grading_scheme(id_: str, title: Texts) -> GradingScheme:
    """A grading scheme with all that it can have."""
    return GradingScheme(
        id=id_,
        title=title,
        description=t(f"How {id_} works"),
        identifiers=(identifier(f"scheme-{id_}"),),
        documents=(link(f"scheme-{id_}"),),
        residue=residue("scheme"),
        spellings=spelled("title"),
    )


def everything() -> Credential:
    """The record."""
    conversion = Evidence(
        kind=Concept(code="conversion", scheme="evidence-type"),
        statement=(note("The original is on paper"), Note(texts=one("and was seen"))),
        accreditation=QualityAssurance(kind=Concept(code="programme-licence"), agency="agency"),
        embedded=(Attachment(title=one("The original"), contents=(picture(PDF, "application/pdf"),)),),
        residue=residue("evidence"),
        spellings=spelled("statement"),
    )
    licence = QualityAssurance(
        id="https://accreditation.example.org/7",
        title=t("Licence of the programme"),
        kind=Concept(code="programme-licence"),
        agency="agency",
    )
    licensed = Evidence(
        kind=Concept(code="accreditation", scheme="evidence-type"),
        accreditation=licence,
        embedded=(Attachment(title=one("The licence"), contents=(picture(PDF, "application/pdf"),)),),
    )
    display = (
        Display(lang="en", page=1, image=picture(PNG, "image/png"), residue=residue("page"), spellings=spelled("lang")),
        Display(lang="hr", page=2, image=picture(PNG, "image/png")),
    )
    delivery = Delivery(
        addresses=("ana@example.org", "wallet-address", "third@example.org"),
        template=picture(HTML, "text/html"),
        labels=(Label(key="heading", texts=t("Micro-credential of")),),
        background=picture(PNG, "image/png"),
        residue=residue("delivery"),
        spellings=spelled("addresses"),
    )
    top = Entitlement(
        title=t("A top right"), award=Award(bodies=("faculty",)), parts=(Entitlement(title=t("An inner right")),)
    )
    return Credential(
        version=MODEL_VERSION,
        id="everything-1",
        learner=learner(),
        kinds=(Concept(code="converted", scheme="credential"), Concept(code="diploma-supplement", scheme="credential")),
        title=t("Certificate of everything"),
        description=t("has achieved everything"),
        languages=("en", "hr"),
        primary_language="en",
        issuer="office",
        issued=dt.datetime(2025, 7, 1, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        valid_from=dt.datetime(2025, 7, 2, tzinfo=dt.UTC),
        valid_until=dt.datetime(2035, 7, 2, tzinfo=dt.UTC),
        identifiers=(identifier("certificate-1"),),
        achievements=(achievement(),),
        activities=(Activity(title=t("A top activity"), award=Award(bodies=("university",))),),
        assessments=(Assessment(title=t("A top exam"), grade=one("5"), award=Award(bodies=("university",))),),
        entitlements=(top,),
        claim_order=(ClaimKind.ACTIVITY, ClaimKind.ACHIEVEMENT, ClaimKind.ENTITLEMENT, ClaimKind.ASSESSMENT),
        organisations=organisations(),
        grading_schemes=(
            grading_scheme("scale-one", t("Scale one")),
            grading_scheme("scale-two", ()),
            grading_scheme("scale-three", t("Scale that nobody uses")),
        ),
        attachments=(attachment("own"), attachment("second")),
        evidence=(conversion, licensed),
        display=display,
        delivery=delivery,
        document=document(),
        seal=Seal(
            state=SealState.TRUSTED,
            kind="xmldsig",
            signer="CN=Example University",
            organisation_identifier="VATXX-0000001",
            fingerprint="5e" * 32,
            signed_at=dt.datetime(2031, 5, 2, 9, 30, tzinfo=dt.UTC),
            certificate=CertificateState.EXPIRED,
            certificate_from=dt.datetime(2029, 5, 1, tzinfo=dt.UTC),
            certificate_until=dt.datetime(2031, 5, 1, tzinfo=dt.UTC),
            trust=SealTrust.NOT_EVALUATED,
        ),
        residue=(*residue("credential"), recognition()),
        spellings=spelled("issued"),
    )
