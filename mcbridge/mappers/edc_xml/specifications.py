"""Specifications: what is offered, whichever of the four kinds of claim refers to it."""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml.coded import bare, coded, concept, of
from mcbridge.mappers.edc_xml.frames import Frame, attribute, children, local
from mcbridge.mappers.edc_xml.learning import EDUCATION_LEVEL, FIELDS, LEVELS, OUTCOME, credit, ects, grading_scheme
from mcbridge.mappers.edc_xml.leaves import DURATION, TRUTH
from mcbridge.mappers.edc_xml.notes import note, notes
from mcbridge.mappers.edc_xml.organisations import ACCREDITATION, agent
from mcbridge.mappers.edc_xml.pieces import identifier, link
from mcbridge.mappers.edc_xml.rows import IDREF, Row, Shape, group, many, one, own
from mcbridge.mappers.edc_xml.rules import NO_WORD
from mcbridge.mappers.edc_xml.texts import texts
from mcbridge.model import EntitlementTerms, Limit, Specification

OFFERS: Final = ("learningSpecification", "qualification")

# --- what else a specification refers to


def _assessment_on_offer(frame: Frame, element: _Element) -> None:
    """Of the assessment on offer a record has its kind; the assessments themselves are with the achievement."""
    found = frame.run.peek(frame, element, ("assessmentSpecification",)) if attribute(element, IDREF) else element
    if found is None:
        return
    kinds = [child for child in children(found) if local(child) == "type"]
    held = frame.fields.setdefault("assessment_kinds", [])
    for child in kinds:
        quiet = frame.within(found, {"residue": []}, frame.part)  # what else is said there is read where it stands
        made = concept(quiet, child, "kinds", 0, "assessment")
        if made is not None:
            held.append(made)
            frame.note("assessment_kinds", len(held) - 1, child)
    if not held:
        del frame.fields["assessment_kinds"]
    if not kinds or found is element:
        frame.aside(element, NO_WORD, local(element), part=frame.part)


# --- entitlements


def _term(name: str, field: str, read: Any, *, single: bool = False) -> Row:
    """A term of an entitlement, which stands in a struct of its own."""

    def put(frame: Frame, element: _Element) -> None:
        terms = frame.fields.setdefault("terms", {})
        held = terms.setdefault(field, [])
        if single and held:
            frame.again(element)
            return
        place = ("entitlement.status", None) if single else (f"entitlement.limit.{field}", len(held))
        made = read(frame, element, *place)
        if made is not None:
            held.append(made)
        frame.note("entitlement", None, element)

    return own(name, ("entitlement",), put)


def _termed(frame: Frame) -> None:
    terms: dict[str, list[Any]] = frame.fields.pop("terms", {})
    limits = {name: tuple(held) for name, held in terms.items() if held and name != "status"}
    status = next(iter(terms.get("status", ())), None)
    if status is not None or limits:
        frame.fields["entitlement"] = EntitlementTerms(status=status, limit=Limit(**limits) if limits else None)


# --- the shapes


def _part(frame: Frame, element: _Element, name: str, index: int | None) -> Any:
    return specification(*SHAPES)(frame, element, name, index)


_HEAD: Final = (
    many("identifier", "identifiers", identifier),
    texts("title", "title"),
    texts("altLabel", "alt_titles"),
    notes("description", "description", "description_html"),
    many("additionalNote", "notes", note),
    many("homepage", "homepages", link),
    many("supplementaryDoc", "documents", link),
    many("language", "languages", bare("language")),
    many("mode", "modes", of("learning-assessment")),
    many("hasPart", "parts", _part),
)
_OFFER: Final = (
    *_HEAD,
    many("type", "kinds", of("learning-opportunity")),
    *FIELDS,
    one("volumeOfLearning", "volume_of_learning", DURATION),
    many("hasECTSCreditPoints", "credits", ects),
    many("hasCreditPoints", "credits", credit),
    EDUCATION_LEVEL,
    one("learningSettingType learningSetting", "setting", of("learning-setting")),
    one("duration maximumDuration", "maximum_duration", DURATION),
    many("targetGroup", "target_groups", of("target-group")),
    many("entryRequirementsNote entryRequirement", "entry_requirements", note),
    group("learningOutcomes", many("learningOutcome", "learning_outcomes", OUTCOME.read)),
    own("assessmentSpecification", ("assessment_kinds",), _assessment_on_offer),
)


def _qualified(frame: Frame) -> None:
    frame.fields["is_qualification"] = True
    frame.note("is_qualification", None, frame.element)


LEARNING: Final = Shape("learningSpecification", Specification, *_OFFER)
QUALIFICATION: Final = Shape(
    "qualification",
    Specification,
    *_OFFER,
    one("isPartialQualification", "is_partial", TRUTH),
    *LEVELS,
    many("hasAccreditation", "quality_assurance", ACCREDITATION.read),
    many("qualificationCode", "qualification_codes", coded),
    finish=_qualified,
)
ACTIVITY: Final = Shape(
    "learningActivitySpecification",
    Specification,
    *_HEAD,
    many("type", "kinds", of("learning-activity")),
    one("workload volumeOfLearning", "volume_of_learning", DURATION),
)
ASSESSMENT: Final = Shape(
    "assessmentSpecification",
    Specification,
    *_HEAD,
    many("type", "kinds", of("assessment")),
    one("gradingScheme", "grading_scheme", grading_scheme),
)
ENTITLEMENT: Final = Shape(
    "entitlementSpecification",
    Specification,
    *_HEAD,
    many("type", "kinds", of("entitlement")),
    _term("status", "status", of("entitlement-status"), single=True),
    _term("limitOrganization", "organisations", agent),
    _term("limitJurisdiction", "jurisdictions", coded),
    _term("limitOccupation", "occupations", coded),
    finish=_termed,
)
SHAPES: Final = (LEARNING, QUALIFICATION, ACTIVITY, ASSESSMENT, ENTITLEMENT)


def specification(*shapes: Shape) -> Any:
    """The reading of a specification of one of these shapes, by the name of what is referred to."""
    by_name = {name: shape for shape in shapes for name in shape.names}

    def read(frame: Frame, element: _Element, name: str, index: int | None) -> Any:
        target: _Element | None = element
        if attribute(element, IDREF) is not None:
            target = frame.run.target(frame, element, tuple(by_name))
        if target is None:
            return None
        shape = by_name.get(local(target), shapes[0])
        return shape.made(frame.within(target, {}, shape.part, name=name, index=index))

    return read
