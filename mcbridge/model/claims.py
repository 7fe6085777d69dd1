"""What is claimed about one learner: achievements, activities, assessments, entitlements."""

import datetime as dt
from decimal import Decimal
from enum import Enum

from mcbridge.model.attachment import Attachment
from mcbridge.model.base import Concept, Duration, Entity, Identifier, Link, Note, Text, Texts, Value, sound
from mcbridge.model.learning import Credit, Specification
from mcbridge.model.organisation import Place


class Status(Enum):
    """Where the learner stands; absent when the source does not say (ELMO readers may take that for passed)."""

    PASSED = "passed"
    FAILED = "failed"
    IN_PROGRESS = "in-progress"
    UNKNOWN = "unknown"


class Award(Entity, frozen=True, kw_only=True):
    """Who awarded, and when. ``bodies`` are local ids of organisations; several for a joint award."""

    id: str | None = None
    bodies: tuple[str, ...] = ()
    date: dt.date | None = None
    notes: tuple[Note, ...] = ()
    place: Place | None = None


class Period(Entity, frozen=True, kw_only=True):
    """From when to when; ELMO's completion date is ``end``."""

    start: dt.date | None = None
    end: dt.date | None = None
    title: Texts = ()


class Term(Entity, frozen=True, kw_only=True):
    """An academic term as the provider names it."""

    title: Texts = ()
    start: dt.date | None = None
    end: dt.date | None = None


class Opportunity(Entity, frozen=True, kw_only=True):
    """The concrete offer that the learner took part in (ELM: LearningOpportunity); ``providers`` are local ids."""

    id: str | None = None
    title: Texts = ()
    description: Texts = ()
    description_html: Texts = ()
    providers: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    places: tuple[Place, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    homepages: tuple[Link, ...] = ()


class Category(Value, frozen=True, kw_only=True):
    """One bar of a distribution of results."""

    label: str
    count: int


class DistributionOfResults(Entity, frozen=True, kw_only=True):
    """How a cohort did; the description tells what the bars mean."""

    categories: tuple[Category, ...] = ()
    description: Texts = ()


class ShortenedGrading(Entity, frozen=True, kw_only=True):
    """Share of the cohort below, at and above the learner's grade, in per cent."""

    lower: Decimal | None = None
    equal: Decimal | None = None
    higher: Decimal | None = None

    def __post_init__(self) -> None:
        for share in (self.lower, self.equal, self.higher):
            if share is not None:
                sound(share)


class Section(Entity, frozen=True, kw_only=True):
    """One section of a diploma supplement; ``content`` is text of ``content_type`` (absent: text/plain)."""

    number: str
    title: str | None = None
    content: str | None = None
    content_type: str | None = None
    additional: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    sections: "tuple[Section, ...]" = ()


class DiplomaSupplement(Entity, frozen=True, kw_only=True):
    """The diploma supplement of one degree. ``introduction`` is raw: the standard allows any content there."""

    version: str | None = None
    issue_date: dt.date | None = None
    introduction: str | None = None
    sections: tuple[Section, ...] = ()
    lang: str | None = None


class GroupRef(Value, frozen=True, kw_only=True):
    """Which curriculum group of the document an achievement belongs to."""

    type: str | None = None
    id: str | None = None
    text: str = ""


class Claim(Entity, frozen=True, kw_only=True):
    """What the four kinds of claim have in common."""

    id: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    title: Texts = ()
    description: Texts = ()
    notes: tuple[Note, ...] = ()
    kinds: tuple[Concept, ...] = ()
    specification: Specification | None = None
    award: Award | None = None
    documents: tuple[Link, ...] = ()


class Entitlement(Claim, frozen=True, kw_only=True):
    """What the learner may do because of an award."""

    issued: dt.date | None = None
    expires: dt.date | None = None
    parts: "tuple[Entitlement, ...]" = ()


class Assessment(Claim, frozen=True, kw_only=True):
    """The outcome of an assessment. ``grade`` is as written, never a number; ``grading_scheme`` is a local id.

    ``external_grading_scheme`` is what others call the scheme, in a list outside of the document (ELMO 2.0).
    """

    grade: tuple[Text, ...] = ()
    grading_scheme: str | None = None
    external_grading_scheme: str | None = None
    status: Concept | None = None
    date: dt.date | None = None
    verification: Concept | None = None
    distribution: DistributionOfResults | None = None
    shortened: ShortenedGrading | None = None
    assessors: tuple[str, ...] = ()
    parts: "tuple[Assessment, ...]" = ()


class Activity(Claim, frozen=True, kw_only=True):
    """What the learner took part in. ``workload`` is effort spent; ``contact_hours`` are hours attended, as text.

    ``completion`` is in per cent.
    """

    periods: tuple[Period, ...] = ()
    workload: Duration | None = None
    contact_hours: str | None = None
    completion: int | None = None
    directed_by: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    opportunity: Opportunity | None = None
    parts: "tuple[Activity, ...]" = ()


class Achievement(Claim, frozen=True, kw_only=True):
    """A set of learning outcomes that one learner reached, or is to reach; ``credits`` are the credits received."""

    status: Status | None = None
    period: Period | None = None
    term: Term | None = None
    credits: tuple[Credit, ...] = ()
    opportunity: Opportunity | None = None
    assessments: tuple[Assessment, ...] = ()
    activities: tuple[Activity, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    attachment_refs: tuple[str, ...] = ()
    group_ref: GroupRef | None = None
    diploma_supplement: DiplomaSupplement | None = None
    parts: "tuple[Achievement, ...]" = ()
