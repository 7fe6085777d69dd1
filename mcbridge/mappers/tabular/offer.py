"""What a row says is on offer: the specification."""

from __future__ import annotations

from typing import Final

from mcbridge.mappers.tabular.cell import Problem
from mcbridge.mappers.tabular.rules import UNPAIRED
from mcbridge.mappers.tabular.shapes import (
    Fill,
    coded,
    concept,
    concepts,
    credits_,
    first,
    identifiers,
    links,
    notes,
    one_party,
    part,
    parts,
    spellings,
    strings,
    texts,
)
from mcbridge.mappers.tabular.values import Values, bare
from mcbridge.model import (
    Concept,
    Field,
    Framework,
    LearningOutcome,
    Level,
    Link,
    Note,
    QualityAssurance,
    Stackability,
    StackabilityKind,
    Target,
)

OUTCOMES: Final = "specification.outcomes"
SKILLS: Final = "specification.outcomeSkills"
TOWARDS: Final = "specification.stacksTowards"
ALIGNED: Final = frozenset({OUTCOMES, TOWARDS, "specification.note", "achievement.note"})
"""What is said value by value, in several languages."""


def _levels(values: Values) -> tuple[Level, ...]:
    eqf = (Level(framework=Framework.EQF, value=word) for word in values.strings("specification.eqfLevel"))
    cycle = (Level(framework=Framework.QF_EHEA, value=word) for word in values.strings("specification.cycle"))
    national = (
        Level(framework=Framework.NQF, value=value.value, country=value.country, scheme=value.scheme)
        for value in values.all("specification.nqfLevel")
    )
    return (*eqf, *cycle, *national)


def _fields(values: Values) -> tuple[Field, ...]:
    isced = (Field(scheme="isced-f", code=code) for code in values.strings("specification.iscedField"))
    other = (Field(scheme=value.scheme or "", code=value.value) for value in values.all("specification.subjectArea"))
    return (*isced, *other)


def _outcomes(values: Values) -> tuple[LearningOutcome, ...]:
    """The outcomes with their skills; skills that belong to none stand beside them."""
    titles = values.aligned(OUTCOMES, "learning outcomes in another language")
    skills = values.all(SKILLS)
    of: dict[int, list[Concept]] = {at: [] for at in range(len(titles))}
    for skill, (at, _) in zip(skills, skill_positions(len(titles), len(skills)), strict=True):
        of.setdefault(at, []).append(Concept(code=bare(skill.value)))
    if len(of) > len(titles) > 0:
        facts = {"these": len(skills), "those": len(titles), "what": "learning outcomes"}
        values.problems.append((skills[0].at, SKILLS, Problem(UNPAIRED, None, facts)))
    return tuple(
        LearningOutcome(title=titles[at] if at < len(titles) else (), esco_skills=tuple(skills))
        for at, skills in of.items()
    )


def skill_positions(outcomes: int, skills: int) -> list[tuple[int, int]]:
    """For each skill the outcome that it belongs to, and its place there.

    As many skills as outcomes belong together in their order, and all belong to a single outcome. Otherwise nobody
    can say which belongs to which, and they make one more outcome, without a title.
    """
    if outcomes == 1:
        return [(0, at) for at in range(skills)]
    if outcomes == skills:
        return [(at, 0) for at in range(skills)]
    return [(outcomes, at) for at in range(skills)]


def _report(values: Values) -> Link | None:
    page = values.first("qualityAssurance.report")
    return Link(url=page) if page else None


def _prerequisites(values: Values) -> tuple[Note, ...]:
    note = values.note("specification.entryRequirements")
    return (note,) if note else ()


def _towards(values: Values) -> tuple[Target, ...]:
    return tuple(Target(titles=titles) for titles in values.aligned(TOWARDS, "titles in another language"))


OFFER: Final[tuple[Fill, ...]] = (
    identifiers("identifiers", "specification.identifier"),
    first("version", "specification.version"),
    texts("title", "specification.title"),
    texts("alt_titles", "specification.altTitle"),
    texts("description", "specification.description"),
    concepts("kinds", "specification.kind"),
    Fill("levels", ("specification.eqfLevel", "specification.cycle", "specification.nqfLevel"), _levels),
    Fill("fields", ("specification.iscedField", "specification.subjectArea"), _fields),
    credits_("credits", "specification.credit"),
    first("volume_of_learning", "specification.volumeOfLearning"),
    strings("contact_hours", "specification.contactHours"),
    Fill("learning_outcomes", (OUTCOMES, SKILLS), _outcomes),
    Fill("outcome_summary", ("specification.outcomeSummary",), lambda v: v.note("specification.outcomeSummary")),
    concepts("modes", "specification.mode"),
    concepts("schedules", "specification.schedule"),
    concept("setting", "specification.setting"),
    strings("languages", "specification.language"),
    Fill("entry_requirements", ("specification.entryRequirements",), _prerequisites),
    concepts("target_groups", "specification.targetGroup"),
    parts(
        "quality_assurance",
        QualityAssurance,
        concept("kind", "qualityAssurance.kind"),
        texts("title", "qualityAssurance.title"),
        identifiers("identifiers", "qualityAssurance.identifier"),
        one_party("agency", "qualityAssurance.agency"),
        concept("decision", "qualityAssurance.decision"),
        first("issued", "qualityAssurance.issued"),
        first("expires", "qualityAssurance.expires"),
        Fill("report", ("qualityAssurance.report",), _report),
        spellings(("issued", "qualityAssurance.issued"), ("expires", "qualityAssurance.expires")),
    ),
    part(
        "stackability",
        Stackability,
        coded("kind", "specification.stackability", StackabilityKind),
        Fill("towards", (TOWARDS,), _towards),
    ),
    links("homepages", "specification.homepage"),
    links("documents", "specification.document"),
    notes("notes", "specification.note"),
    spellings(("volumeOfLearning", "specification.volumeOfLearning")),
)
"""The specification of an achievement and of a provision."""

JUDGED: Final[tuple[Fill, ...]] = (
    concepts("assessment_kinds", "assessment.kind"),
    concept("supervision", "assessment.supervision"),
)
"""How it is assessed: of a provision only; of an achievement the assessment says it."""
