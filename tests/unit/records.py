"""Records to start a test from: one invented learner of one invented micro-credential, all of it in order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from mcbridge.diagnostics import Diagnostic, JsonLocation
from mcbridge.model import (
    Achievement,
    Address,
    Answer,
    Assessment,
    Award,
    Certification,
    Concept,
    Contact,
    Credential,
    Credit,
    Document,
    Framework,
    Identifier,
    Learner,
    LearningOutcome,
    Level,
    Link,
    Note,
    Organisation,
    Place,
    Provision,
    QualityAssurance,
    SourceRef,
    Specification,
    Stackability,
    StackabilityKind,
    Text,
)
from mcbridge.origins import Origin, Read

UNIVERSITY = Organisation(
    id="org-1",
    names=(Text("Example University", "en"),),
    identifiers=(Identifier(value="example.edu", type="schac"),),
    places=(Place(addresses=(Address(country="HR"),)),),
)

LEARNER = Learner(
    given_names=(Text("Testa Maria"),),
    family_name=(Text("Primjerić-Uzorak"),),
    birth_date=date(1999, 5, 12),
    identifiers=(Identifier(value="0036512345", type="local"),),
    contacts=(Contact(emails=("mailto:testa.primjeric@student.example.edu",)),),
)

COURSE = Specification(
    identifiers=(Identifier(value="MC-1", type="local"),),
    title=(Text("Data Stewardship", "en"), Text("Upravljanje podacima", "hr")),
    kinds=(Concept(code="Course", scheme="elmo-los-type"),),
    levels=(Level(framework=Framework.EQF, value="6"),),
    credits=(Credit(scheme="ects", points=Decimal(5)),),
    learning_outcomes=(LearningOutcome(title=(Text("plans how data is kept", "en"),)),),
    modes=(Concept(code="920fbb3cbe"),),
    assessment_kinds=(Concept(code="6e6cb2cc78"),),
    quality_assurance=(QualityAssurance(kind=Concept(code="820101cba6")),),
    supervision=Concept(code="70be69aaf9"),
    entry_requirements=(Note(texts=(Text("none", "en"),)),),
    stackability=Stackability(kind=StackabilityKind.STAND_ALONE),
    homepages=(Link(url="https://example.edu/mc-1"),),
)

ACHIEVEMENT = Achievement(
    specification=COURSE,
    award=Award(bodies=("org-1",), date=date(2025, 6, 30)),
    assessments=(Assessment(grade=(Text("5"),)),),
)


def credential(*achievements: Achievement, **fields: Any) -> Credential:
    """A credential of these achievements, or of the one that is in order."""
    made = Credential(
        version="1",
        id="urn:example:credential:1",
        learner=LEARNER,
        issuer="org-1",
        issued=datetime(2025, 7, 1, 12, tzinfo=UTC),
        achievements=achievements or (ACHIEVEMENT,),
        organisations=(UNIVERSITY,),
        document=Document(id="d0c", format="elmo", position=1, count=1),
    )
    return msgspec.structs.replace(made, **fields)


def achievement(**fields: Any) -> Achievement:
    """The achievement that is in order, but for these fields."""
    return msgspec.structs.replace(ACHIEVEMENT, **fields)


def course(**fields: Any) -> Specification:
    """The specification that is in order, but for these fields."""
    return msgspec.structs.replace(COURSE, **fields)


def offer(**fields: Any) -> Provision:
    """A provision that may be published, but for these fields; those of its specification go there."""
    inner = {name: fields.pop(name) for name in list(fields) if name in Specification.__struct_fields__}
    made = Provision(
        version="1",
        key="example.edu/MC-1",
        provider="org-1",
        specification=course(**inner),
        organisations=(UNIVERSITY,),
        full_degree=Answer.NO,
        certification=Certification.ASSESSMENT,
        sources=(SourceRef(document="catalogue.csv", path="row 2"),),
    )
    return msgspec.structs.replace(made, **fields)


def credits_of(points: str | None, scheme: str = "ects") -> tuple[Credit, ...]:
    """One statement of credits."""
    return (Credit(scheme=scheme, points=None if points is None else Decimal(points)),)


def eqf(*values: str) -> tuple[Level, ...]:
    """EQF levels."""
    return tuple(Level(framework=Framework.EQF, value=value) for value in values)


def cycle(*values: str) -> tuple[Level, ...]:
    """QF-EHEA cycles."""
    return tuple(Level(framework=Framework.QF_EHEA, value=value) for value in values)


def origin(source: str = "a.json") -> Origin:
    """An origin that knows each canonical path, so that a test sees which one was asked for."""
    return Origin(JsonLocation(source), lambda path: JsonLocation(source, path))


def read(record: Credential | Provision, source: str = "a.json") -> Read:
    """The record as a reader gives it."""
    return Read(record, origin(source))


def ids(found: list[Diagnostic] | tuple[Diagnostic, ...]) -> list[str]:
    """The rule ids of findings, in order."""
    return [each.rule.id for each in found]
