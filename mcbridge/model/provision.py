"""The provision: what a provider offers. It has no learner, and no place where one could stand."""

from datetime import date
from enum import Enum

from mcbridge.model.base import Answer, Entity, Value
from mcbridge.model.learning import GradingScheme, Specification
from mcbridge.model.organisation import Organisation


class Certification(Enum):
    """What the provision ends in."""

    ATTENDANCE = "attendance"
    ASSESSMENT = "assessment"
    NONE = "none"
    UNKNOWN = "unknown"


class SourceRef(Value, frozen=True, kw_only=True):
    """Where a provision was found: a document, and the place in it."""

    document: str
    path: str


class Provision(Entity, frozen=True, kw_only=True, tag_field="record", tag="provision"):
    """One thing on offer. ``key`` is provider identifier, local identifier and version, joined by ``/``."""

    version: str
    key: str
    provider: str
    specification: Specification
    other_providers: tuple[str, ...] = ()
    awarding_bodies: tuple[str, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    grading_schemes: tuple[GradingScheme, ...] = ()
    full_degree: Answer = Answer.UNKNOWN
    part_of_degree: Answer = Answer.UNKNOWN
    certification: Certification = Certification.UNKNOWN
    valid_from: date | None = None
    valid_until: date | None = None
    sources: tuple[SourceRef, ...] = ()
