"""The closed list of canonical fields that a column of a table, a constant or a default may be sent to.

This is the whole contract between profiles (``mappings/csv/``) and the reader of
tables: a profile may name nothing else, and the reader knows each of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from itertools import chain
from typing import Final

from msgspec import Struct, structs


class Kind(Enum):
    """What stands in a cell once it is read."""

    TEXT = "text"
    DECIMAL = "decimal"
    DATE = "date"
    DURATION = "duration"
    CODE = "code"
    ORGANISATION = "organisation"
    ACADEMIC_YEAR = "academic year"


class As(Enum):
    """How a cell is written: the word after ``as`` in a profile. Hours and minutes are durations.

    An academic year is named by the year in which it begins, or by both.
    """

    TEXT = "text"
    DECIMAL = "decimal"
    DATE = "date"
    HOURS = "hours"
    MINUTES = "minutes"
    BOOLEAN = "boolean"
    ACADEMIC_YEAR = "academic-year"


READINGS: Final[Mapping[Kind, tuple[As, ...]]] = {
    Kind.TEXT: (As.TEXT,),
    Kind.DECIMAL: (As.DECIMAL,),
    Kind.DATE: (As.DATE,),
    Kind.DURATION: (As.HOURS, As.MINUTES),
    Kind.CODE: (As.TEXT, As.BOOLEAN),
    Kind.ORGANISATION: (As.TEXT,),
    Kind.ACADEMIC_YEAR: (As.ACADEMIC_YEAR,),
}
"""Which ``as`` fits which kind; the first is taken when a profile says nothing."""


class CellTarget(Struct, frozen=True):
    """One canonical field.

    ``vocabulary``: the list whose codes it holds; a code field without one holds any code or IRI. ``many``: it may
    be given by several columns, and a cell may be split. ``lang``: the text has a language. ``qualifiers``: which of
    ``type``, ``scheme`` and ``country`` a column may add. ``records``: the profiles that may use it; ``series``: those
    in which a column may say by ``nr`` which of several things of the same kind it speaks of.
    """

    name: str
    meaning: str
    kind: Kind = Kind.TEXT
    vocabulary: str | None = None
    many: bool = False
    lang: bool = False
    qualifiers: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


_ONE: Final = ("credential",)
_ANY: Final = ("credential", "provision")


def _of(records: tuple[str, ...], *targets: CellTarget) -> Iterable[tuple[str, CellTarget]]:
    return ((target.name, structs.replace(target, records=records)) for target in targets)


def _credential() -> Iterable[tuple[str, CellTarget]]:
    return _of(
        ("credential",),
        CellTarget("credential.identifier", "the document's number", many=True, qualifiers=("type",)),
        CellTarget("credential.title", "heading of the document, when it is not the title of the award", lang=True),
        CellTarget("credential.issued", "day of issue of the document", Kind.DATE),
        CellTarget("credential.validFrom", "first day of validity", Kind.DATE),
        CellTarget("credential.validUntil", "last day of validity", Kind.DATE),
        CellTarget("credential.language", "language, the primary one first", Kind.CODE, "language", many=True),
        CellTarget("issuer", "who issues the document, when it is not the awarding body", Kind.ORGANISATION),
        CellTarget("learner.givenNames", "given names", lang=True),
        CellTarget("learner.familyName", "family name", lang=True),
        CellTarget("learner.fullName", "whole name, when it is not given in parts", lang=True),
        CellTarget("learner.birthName", "family name at birth", lang=True),
        CellTarget("learner.alternativeName", "whole name written in another way, as ELMO 2.0 demands it", lang=True),
        CellTarget("learner.birthDate", "date of birth", Kind.DATE),
        CellTarget("learner.placeOfBirth", "place of birth, as text"),
        CellTarget("learner.citizenship", "citizenship", Kind.CODE, "country", many=True),
        CellTarget("learner.gender", "sex as in the European list", Kind.CODE, "human-sex"),
        CellTarget("learner.nationalId", "number that a state gave the person", qualifiers=("country",)),
        CellTarget("learner.identifier", "another number of the person", many=True, qualifiers=("type",)),
        CellTarget("learner.email", "e-mail address", many=True),
        CellTarget("achievement.identifier", "number of the enrolment or result", many=True, qualifiers=("type",)),
        CellTarget("achievement.status", "where the learner stands", Kind.CODE, "achievement-status"),
        CellTarget("achievement.start", "first day of study", Kind.DATE),
        CellTarget("achievement.end", "day of completion", Kind.DATE),
        CellTarget("achievement.term", "academic term, as the provider names it", lang=True),
        CellTarget("achievement.academicYear", "academic year of the term", Kind.ACADEMIC_YEAR),
        CellTarget("achievement.semester", "semester of the term, in words", lang=True),
        CellTarget("achievement.credit", "credits received", Kind.DECIMAL, many=True, qualifiers=("scheme",)),
        CellTarget("achievement.note", "a remark on the award that may be published", lang=True, many=True),
        CellTarget("activity.workload", "effort that the learner spent", Kind.DURATION),
        CellTarget("activity.contactHours", "time that the learner attended, as written"),
        CellTarget("assessment.title", "name of the assessment", lang=True, series=_ONE),
        CellTarget("assessment.grade", "grade as written", lang=True, series=_ONE),
        CellTarget("assessment.gradingScheme", "the scale that the grade belongs to, in words", lang=True, series=_ONE),
        CellTarget("assessment.date", "day of the assessment", Kind.DATE, series=_ONE),
        CellTarget("award.date", "day of the award", Kind.DATE),
        CellTarget(
            "programme.identifier", "code of the programme that it is a part of", many=True, qualifiers=("type",)
        ),
        CellTarget("programme.title", "title of that programme", lang=True),
        CellTarget("programme.kind", "what that programme is", Kind.CODE, "elmo-los-type"),
        CellTarget("programme.status", "where the learner stands in that programme", Kind.CODE, "achievement-status"),
        CellTarget("programme.eqfLevel", "EQF level of that programme", Kind.CODE, "eqf"),
    )


def _both() -> Iterable[tuple[str, CellTarget]]:
    return _of(
        ("credential", "provision"),
        CellTarget("awardingBody", "who awards; several for a joint award", Kind.ORGANISATION, many=True),
        CellTarget("provider", "who teaches, when it is not the awarding body", Kind.ORGANISATION, many=True),
        CellTarget(
            "specification.identifier",
            "code of what is offered; without a type it is the provider's own (local)",
            many=True,
            qualifiers=("type",),
        ),
        CellTarget("specification.version", "version of what is offered"),
        CellTarget("specification.title", "title of what is offered", lang=True),
        CellTarget("specification.altTitle", "another title", lang=True, many=True),
        CellTarget("specification.description", "what it is about", lang=True),
        CellTarget("specification.kind", "kind of learning opportunity", Kind.CODE, "learning-opportunity", many=True),
        CellTarget("specification.credit", "credits on offer", Kind.DECIMAL, many=True, qualifiers=("scheme",)),
        CellTarget("specification.volumeOfLearning", "expected effort", Kind.DURATION),
        CellTarget("specification.contactHours", "hours of class, as written", many=True),
        CellTarget("specification.eqfLevel", "EQF level", Kind.CODE, "eqf"),
        CellTarget("specification.cycle", "QF-EHEA cycle", Kind.CODE, "qf-ehea"),
        CellTarget(
            "specification.nqfLevel",
            "level of a national framework as written; the scheme is the name of the framework",
            many=True,
            qualifiers=("country", "scheme"),
        ),
        CellTarget("specification.iscedField", "ISCED-F 2013 field: 2 to 4 digits", Kind.CODE, "isced-f", many=True),
        CellTarget("specification.subjectArea", "field in another list, as written", many=True, qualifiers=("scheme",)),
        CellTarget("specification.outcomes", "learning outcomes, one each", lang=True, many=True),
        CellTarget("specification.outcomeSkills", "ESCO skills of the outcomes, by IRI", Kind.CODE, many=True),
        CellTarget("specification.outcomeSummary", "learning outcomes as one text", lang=True),
        CellTarget("specification.mode", "form of participation", Kind.CODE, "learning-assessment", many=True),
        CellTarget("specification.schedule", "full time or part time", Kind.CODE, "learning-schedule", many=True),
        CellTarget("specification.setting", "formal or non-formal", Kind.CODE, "learning-setting"),
        CellTarget("specification.language", "language of instruction", Kind.CODE, "language", many=True),
        CellTarget("specification.entryRequirements", "prerequisites", lang=True),
        CellTarget("specification.targetGroup", "whom it is for", Kind.CODE, "target-group", many=True),
        CellTarget("specification.stackability", "stand-alone, integrated or stackable", Kind.CODE, "stackability"),
        CellTarget("specification.stacksTowards", "title of the larger credential it counts to", lang=True, many=True),
        CellTarget("specification.homepage", "page about it", many=True),
        CellTarget("specification.document", "page of a document that belongs to it", many=True),
        CellTarget("specification.note", "further information", lang=True, many=True),
        CellTarget("assessment.kind", "type of assessment", Kind.CODE, "assessment", many=True, series=_ONE),
        CellTarget(
            "assessment.supervision",
            "supervision and identity verification",
            Kind.CODE,
            "supervision-verification",
            series=_ONE,
        ),
        *_quality_assurance(),
    )


def _quality_assurance() -> Iterable[CellTarget]:
    yield CellTarget("qualityAssurance.kind", "type of quality assurance", Kind.CODE, "accreditation", series=_ANY)
    yield CellTarget("qualityAssurance.title", "name of the procedure of quality assurance", lang=True, series=_ANY)
    yield CellTarget(
        "qualityAssurance.identifier", "number of the procedure", many=True, qualifiers=("type",), series=_ANY
    )
    yield CellTarget("qualityAssurance.agency", "who assured the quality", Kind.ORGANISATION, series=_ANY)
    yield CellTarget(
        "qualityAssurance.decision", "outcome of the procedure", Kind.CODE, "accreditation-decision", series=_ANY
    )
    yield CellTarget("qualityAssurance.issued", "day of the decision", Kind.DATE, series=_ANY)
    yield CellTarget("qualityAssurance.expires", "last day that it holds", Kind.DATE, series=_ANY)
    yield CellTarget("qualityAssurance.report", "page of its report", series=_ANY)


def _provision() -> Iterable[tuple[str, CellTarget]]:
    return _of(
        ("provision",),
        CellTarget("provision.fullDegree", "whether it leads to a full recognised degree", Kind.CODE, "yes-no"),
        CellTarget("provision.partOfDegree", "whether it is a unit of a degree programme", Kind.CODE, "yes-no"),
        CellTarget("provision.certification", "what it ends in", Kind.CODE, "certification"),
        CellTarget("provision.validFrom", "first day on offer", Kind.DATE),
        CellTarget("provision.validUntil", "last day on offer", Kind.DATE),
    )


TARGETS: Final[Mapping[str, CellTarget]] = dict(chain(_credential(), _both(), _provision()))
"""All targets by name, in the order in which a person would read them."""
