"""What is offered: specifications, credits, outcomes, grading schemes. Nothing here says anything about a person."""

from datetime import datetime
from decimal import Decimal
from enum import Enum

from mcbridge.model.base import Concept, Duration, Entity, Identifier, Link, Note, Texts, Value, sound
from mcbridge.model.levels import Field, Level
from mcbridge.model.organisation import QualityAssurance


class Credit(Entity, frozen=True, kw_only=True):
    """Credits of a scheme. Only a scheme that a vocabulary calls ECTS counts as ECTS.

    ``points`` is absent when the source names a scheme without an amount. ``level`` is the word of
    ELMO's ``credit/level`` as written.
    """

    scheme: str
    points: Decimal | None = None
    level: str | None = None
    labels: Texts = ()

    def __post_init__(self) -> None:
        if self.points is not None:
            sound(self.points)


class LearningOutcome(Entity, frozen=True, kw_only=True):
    """What a learner knows, understands and is able to do; ``skills`` point to ESCO and other lists."""

    title: Texts = ()
    kind: Concept | None = None
    reusability: Concept | None = None
    esco_skills: tuple[Concept, ...] = ()
    skills: tuple[Concept, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    notes: tuple[Note, ...] = ()
    id: str | None = None


class GradingScheme(Entity, frozen=True, kw_only=True):
    """The scale that a grade belongs to; ``id`` is the source's local identifier."""

    id: str
    title: Texts = ()
    description: Texts = ()
    identifiers: tuple[Identifier, ...] = ()
    documents: tuple[Link, ...] = ()


class StackabilityKind(Enum):
    """Council Recommendation 2022/C 243/02, Annex I: integration or stackability options."""

    STAND_ALONE = "stand-alone"
    INTEGRATED = "integrated"
    STACKABLE = "stackable"


class Target(Value, frozen=True, kw_only=True):
    """The larger credential that a small one counts towards."""

    titles: Texts = ()
    identifiers: tuple[Identifier, ...] = ()
    homepages: tuple[Link, ...] = ()


class Stackability(Entity, frozen=True, kw_only=True):
    """Whether and towards what the award can be combined."""

    kind: StackabilityKind | None = None
    towards: tuple[Target, ...] = ()


class Limit(Value, frozen=True, kw_only=True):
    """Where an entitlement holds: jurisdictions, occupations, organisations (by local id)."""

    jurisdictions: tuple[Concept, ...] = ()
    occupations: tuple[Concept, ...] = ()
    organisations: tuple[str, ...] = ()


class EntitlementTerms(Entity, frozen=True, kw_only=True):
    """The terms of a specification that describes an entitlement."""

    status: Concept | None = None
    limit: Limit | None = None


class Specification(Entity, frozen=True, kw_only=True):
    """What is offered, whichever of the four kinds of claim points to it.

    ``credits`` are the credits on offer, ``volume_of_learning`` the expected effort; ``contact_hours`` are text as
    the standards have them. ``levels`` keep every level statement; ``is_qualification`` says that the source called
    it a qualification. ``provides`` are the ids of parts that are described elsewhere.
    """

    id: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    version: str | None = None
    title: Texts = ()
    alt_titles: Texts = ()
    description: Texts = ()
    description_html: Texts = ()
    kinds: tuple[Concept, ...] = ()
    categories: Texts = ()
    is_qualification: bool | None = None
    is_partial: bool | None = None
    qualification_codes: tuple[Concept, ...] = ()
    levels: tuple[Level, ...] = ()
    education_levels: tuple[Concept, ...] = ()
    fields: tuple[Field, ...] = ()
    credits: tuple[Credit, ...] = ()
    volume_of_learning: Duration | None = None
    maximum_duration: Duration | None = None
    contact_hours: tuple[str, ...] = ()
    learning_outcomes: tuple[LearningOutcome, ...] = ()
    outcome_summary: Note | None = None
    modes: tuple[Concept, ...] = ()
    schedules: tuple[Concept, ...] = ()
    setting: Concept | None = None
    languages: tuple[str, ...] = ()
    assessment_kinds: tuple[Concept, ...] = ()
    supervision: Concept | None = None
    grading_scheme: str | None = None
    entry_requirements: tuple[Note, ...] = ()
    target_groups: tuple[Concept, ...] = ()
    quality_assurance: tuple[QualityAssurance, ...] = ()
    entitlement: EntitlementTerms | None = None
    stackability: Stackability | None = None
    homepages: tuple[Link, ...] = ()
    documents: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    status: str | None = None
    modified: datetime | None = None
    parts: "tuple[Specification, ...]" = ()
