"""What a row says about one learner: who it is, what was achieved, and the document that says so."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time
from typing import Final

from msgspec.structs import replace

from mcbridge.mappers.tabular.shapes import (
    Fill,
    coded,
    concept,
    concepts,
    credits_,
    first,
    identifiers,
    notes,
    part,
    parties,
    parts,
    spellings,
    strings,
    texts,
)
from mcbridge.mappers.tabular.values import Values
from mcbridge.model import (
    Activity,
    Assessment,
    Award,
    Contact,
    Framework,
    GradingScheme,
    Identifier,
    Level,
    Opportunity,
    Period,
    Place,
    Specification,
    Status,
    Term,
    Text,
    Texts,
)
from mcbridge.tables import TARGETS

NATIONAL: Final = "nationalIdentifier"
"""The type of a number that a state gave a person, as ELMO 1.7 and ELM call it."""


def _national(values: Values) -> Identifier | None:
    found = next(iter(values.identifiers("learner.nationalId")), None)
    return replace(found, type=NATIONAL) if found else None


LEARNER: Final[tuple[Fill, ...]] = (
    texts("given_names", "learner.givenNames"),
    texts("family_name", "learner.familyName"),
    texts("full_name", "learner.fullName"),
    texts("birth_name", "learner.birthName"),
    texts("alternative_names", "learner.alternativeName"),
    first("birth_date", "learner.birthDate"),
    part("place_of_birth", Place, texts("names", "learner.placeOfBirth")),
    strings("citizenships", "learner.citizenship"),
    coded("gender", "learner.gender", str),
    Fill("national_id", ("learner.nationalId",), _national),
    identifiers("identifiers", "learner.identifier"),
    parts("contacts", Contact, strings("emails", "learner.email")),
    spellings(("birthDate", "learner.birthDate")),
)
"""The person."""


ASSESSED: Final = tuple(name for name, target in TARGETS.items() if name.startswith("assessment.") and target.series)
"""What a row says of an assessment; a row may tell of several."""


def grading_scheme(values: Values) -> GradingScheme | None:
    """The scale in words; the same words give the same local id. One that the profile gives needs a grade."""
    words = values.texts("assessment.gradingScheme")
    told = any(value.at >= 0 for value in values.all("assessment.gradingScheme"))
    if not words or not (told or values.any("assessment.grade")):
        return None
    name = hashlib.sha256("\n".join(f"{text.lang}:{text.value}" for text in words).encode()).hexdigest()
    return GradingScheme(id=f"scale-{name[:12]}", description=words)


def _scale(values: Values) -> str | None:
    scheme = grading_scheme(values)
    return scheme.id if scheme else None


def _term(values: Values) -> Texts:
    """The name of a term: in each language what is said in it, and the academic year."""
    years = values.strings("achievement.academicYear")
    words = (*values.all("achievement.term"), *values.all("achievement.semester"))
    found: list[Text] = []
    for lang in dict.fromkeys(value.lang for value in words) or {None: None}:
        term, semester = (
            [value.value for value in values.all(target) if value.lang == lang]
            for target in ("achievement.term", "achievement.semester")
        )
        found.append(Text(", ".join((*term, *years, *semester)), lang))
    return tuple(text for text in found if text.value)


RESULT: Final[tuple[Fill, ...]] = (
    identifiers("identifiers", "achievement.identifier"),
    coded("status", "achievement.status", Status),
    part(
        "period",
        Period,
        first("start", "achievement.start"),
        first("end", "achievement.end"),
        spellings(("start", "achievement.start"), ("end", "achievement.end")),
    ),
    part(
        "term",
        Term,
        Fill("title", ("achievement.term", "achievement.academicYear", "achievement.semester"), _term),
        spellings(("title[0].value", "achievement.academicYear")),
    ),
    credits_("credits", "achievement.credit"),
    notes("notes", "achievement.note"),
    part(
        "award",
        Award,
        parties("bodies", "awardingBody"),
        first("date", "award.date"),
        spellings(("date", "award.date")),
    ),
    part("opportunity", Opportunity, parties("providers", "provider")),
    parts(
        "assessments",
        Assessment,
        texts("title", "assessment.title"),
        texts("grade", "assessment.grade"),
        Fill("grading_scheme", ("assessment.gradingScheme",), _scale),
        first("date", "assessment.date"),
        concept("verification", "assessment.supervision"),
        part("specification", Specification, concepts("kinds", "assessment.kind")),
        spellings(("date", "assessment.date")),
    ),
    parts(
        "activities",
        Activity,
        first("workload", "activity.workload"),
        first("contact_hours", "activity.contactHours"),
        spellings(("workload", "activity.workload")),
    ),
)
"""The achievement but for its specification. The title stands once, in the specification."""


PROGRAMME: Final[tuple[Fill, ...]] = (
    coded("status", "programme.status", Status),
    part(
        "specification",
        Specification,
        identifiers("identifiers", "programme.identifier"),
        texts("title", "programme.title"),
        concepts("kinds", "programme.kind"),
        Fill(
            "levels",
            ("programme.eqfLevel",),
            lambda values: tuple(
                Level(framework=Framework.EQF, value=word) for word in values.strings("programme.eqfLevel")
            ),
        ),
    ),
)
"""The programme that an achievement is a part of."""


def _moment(field: str, target: str, at: time) -> Fill:
    """A day as a moment in UTC."""

    def make(values: Values) -> datetime | None:
        day: date | None = values.first(target)
        return None if day is None else datetime.combine(day, at, tzinfo=UTC)

    return Fill(field, (target,), make)


HEAD: Final[tuple[Fill, ...]] = (
    identifiers("identifiers", "credential.identifier"),
    texts("title", "credential.title"),
    strings("languages", "credential.language"),
    Fill("primary_language", ("credential.language",), lambda v: v.code("credential.language")),
    _moment("issued", "credential.issued", time()),
    _moment("valid_from", "credential.validFrom", time()),
    _moment("valid_until", "credential.validUntil", time(23, 59, 59)),
    spellings(*((name, f"credential.{name}") for name in ("issued", "validFrom", "validUntil"))),
)
"""The credential itself. The last day of validity is valid until its last second."""
