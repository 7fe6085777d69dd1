"""The four kinds of claim, and what they share."""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml import specifications as offered
from mcbridge.mappers.edc_xml.coded import of
from mcbridge.mappers.edc_xml.frames import Frame, Put, attribute, children, local, ours
from mcbridge.mappers.edc_xml.learning import scheme_of
from mcbridge.mappers.edc_xml.leaves import DAY, DURATION, NUMBER, WHOLE
from mcbridge.mappers.edc_xml.notes import note, notes
from mcbridge.mappers.edc_xml.organisations import agent
from mcbridge.mappers.edc_xml.pieces import identifier, link
from mcbridge.mappers.edc_xml.places import place
from mcbridge.mappers.edc_xml.rows import Row, Shape, lazily, many, one, own
from mcbridge.mappers.edc_xml.rules import DANGLING, LIFTED, NOT_QUALIFIED, NUMERIC, WRONG_KIND
from mcbridge.mappers.edc_xml.specifications import specification
from mcbridge.mappers.edc_xml.texts import spoken, texts
from mcbridge.model import (
    Achievement,
    Activity,
    Assessment,
    Award,
    Category,
    DistributionOfResults,
    Entitlement,
    Opportunity,
    Period,
    ShortenedGrading,
    Text,
)

ACHIEVEMENTS: Final = ("learningAchievement", "qualificationAward")

# --- the awarding process


def _used(frame: Frame, element: _Element) -> None:
    """The assessments that an award was made by are those of the first achievement that was awarded so."""
    up = frame.up
    if up is None or up.part != ACHIEVEMENT.part:
        frame.stray(element)
    elif element not in frame.run.used:
        frame.run.used.add(element)
        at = len(up.fields.get("assessments", ()))
        inner = up.within(element, {}, ASSESSMENT.part, name="assessments", index=at)
        up.fields.setdefault("assessments", []).append(ASSESSMENT.made(inner))
        up.note("assessments", at, element)


AWARD: Final = Shape(
    "awardingProcess",
    Award,
    many("awardingBody", "bodies", agent),
    one("date awardingDate", "date", DAY),
    one("location", "place", place),
    many("additionalNote", "notes", note),
    own("used", (), _used),
)

# --- periods and opportunities


def _edge(names: str, edge: str, field: str) -> Row:
    """The beginning or the end of a time; both together are one period. ``field`` is that of the periods."""

    def put(frame: Frame, element: _Element) -> None:
        held = frame.fields.setdefault("times", {})
        if edge in held:
            frame.again(element)
            return
        part = f'"{local(element)}" of {frame.part}'
        inner = frame.within(element, frame.fields, part, name=field, index=0, value=True)
        made = DAY(inner, element, edge, None)
        if made is not None:
            held[edge] = made
            frame.note(field, 0, element)

    return own(names, (field,), put)


def _timed(field: str) -> Any:
    def finish(frame: Frame) -> None:
        held = frame.fields.pop("times", {})
        if held:
            frame.fields[field] = [Period(**held)]

    return finish


OPPORTUNITY: Final = Shape(
    "learningOpportunity",
    Opportunity,
    texts("title", "title"),
    notes("description", "description", "description_html"),
    many("identifier", "identifiers", identifier),
    many("homepage", "homepages", link),
    many("providedBy", "providers", agent),
    many("providedAt", "places", place),
    _edge("startedAtDate startDate", "start", "periods"),
    _edge("endedAtDate endDate", "end", "periods"),
    finish=_timed("periods"),
)

# --- what all claims have

_HEAD: Final = (
    many("identifier", "identifiers", identifier),
    texts("title", "title"),
    notes("description", "description"),
    many("additionalNote", "notes", note),
    many("supplementaryDoc", "documents", link),
    one("wasAwardedBy", "award", AWARD.read),
)


def _lifted(frame: Frame, element: _Element) -> None:
    """Achievements that stand within what belongs to them are read as achievements of the learner."""
    run = frame.run
    for child in children(element):
        if local(child) not in ACHIEVEMENTS or not ours(child):
            frame.stray(child)
            continue
        frame.find(LIFTED, child, part=frame.part)
        at = run.direct + len(run.lifted)
        run.lifted.append(None)  # its place, before those within it
        inner = frame.within(child, {}, ACHIEVEMENT.part, home=f"achievements[{at}]")
        run.lifted[at - run.direct] = ACHIEVEMENT.made(inner)
    frame.spare(element)


# --- entitlements

ENTITLEMENT: Final[Shape] = Shape(
    "entitlement",
    Entitlement,
    *_HEAD,
    one("issuedDate", "issued", DAY),
    one("expiryDate", "expires", DAY),
    own("wasDerivedFrom", (), _lifted),
    one("specifiedBy", "specification", specification(offered.ENTITLEMENT)),
    many("hasPart", "parts", lazily(lambda: ENTITLEMENT)),
)

# --- assessments


def _grade(frame: Frame, element: _Element) -> None:
    """A grade is text, in an element of its own in version 0.8.0; its scheme is named beside it."""
    inner = frame.within(element, frame.fields, f'"{local(element)}" of {frame.part}', value=True)
    scores = [child for child in children(element) if ours(child) and local(child) in {"textScore", "numericScore"}]
    if not scores:
        _score(frame, inner, element)
        return
    for child in children(element):
        if child in scores:
            _score(frame, inner, child)
        else:
            inner.stray(child)
    inner.spare(element)


def _score(frame: Frame, inner: Frame, element: _Element) -> None:
    if "grade" in frame.fields:
        inner.again(element)
        return
    said = inner.leaf(element, "schemeID")
    if not said.strip():
        inner.empty(element)
    else:
        if local(element) == "numericScore":
            inner.find(NUMERIC, element, said.strip())
        frame.fields["grade"] = [Text(said)]
        frame.note("grade", 0, element)
    name = attribute(element, "schemeID")
    if name is not None:
        _scored(frame, inner, element, name)


def _scored(frame: Frame, inner: Frame, element: _Element, name: str) -> None:
    run = frame.run
    scheme = run.ids.get(name)
    if scheme is None or local(scheme) != "scoringScheme":
        rule = DANGLING if scheme is None else WRONG_KIND
        inner.find(rule, element, name, "schemeID", found="" if scheme is None else local(scheme))
        frame.fields["external_grading_scheme"] = name
        frame.note("external_grading_scheme", None, element)
        return
    run.reached.add(scheme)
    frame.fields["grading_scheme"] = scheme_of(frame, scheme)
    frame.note("grading_scheme", None, element)


def _label(frame: Frame, element: _Element) -> None:
    """A category has one label, in whatever language; others are kept."""
    inner = frame.within(element, frame.fields, frame.part, value=True)
    for text, where in spoken(inner, element):
        if "label" in frame.fields:
            inner.again(where) if where is not element else frame.again(where)
            continue
        frame.fields["label"] = text.value
        frame.note("label", None, where)
        if text.lang is not None:
            frame.spell("label", None, text.lang, ".lang")
    inner.spare(element, "lang", "content-type", leaf=True)


CATEGORY: Final = Shape("category", Category, own("label", ("label",), _label), one("count", "count", WHOLE))
DISTRIBUTION: Final = Shape(
    "resultDistribution",
    DistributionOfResults,
    many("category resultCategory", "categories", CATEGORY.read),
    notes("description", "description"),
)
SHORTENED: Final = Shape(
    "shortenedGrading",
    ShortenedGrading,
    one("percentageLower", "lower", NUMBER),
    one("percentageEqual", "equal", NUMBER),
    one("percentageHigher", "higher", NUMBER),
)
ASSESSMENT: Final[Shape] = Shape(
    "assessment",
    Assessment,
    *_HEAD,
    own("grade", ("grade", "grading_scheme", "external_grading_scheme"), _grade),
    one("shortenedGrading", "shortened", SHORTENED.read),
    one("resultDistribution", "distribution", DISTRIBUTION.read),
    one("issuedDate", "date", DAY),
    one("idVerificationMethod idVerification", "verification", of("supervision-verification")),
    many("assessedBy", "assessors", agent),
    one("specifiedBy", "specification", specification(offered.ASSESSMENT)),
    many("hasPart", "parts", lazily(lambda: ASSESSMENT)),
)

# --- activities

ACTIVITY: Final[Shape] = Shape(
    "activity",
    Activity,
    *_HEAD,
    one("workload", "workload", DURATION),
    _edge("startedAtTime startDate", "start", "periods"),
    _edge("endedAtTime endDate", "end", "periods"),
    many("directedBy", "directed_by", agent),
    many("location", "places", place),
    one("specifiedBy", "specification", specification(offered.ACTIVITY)),
    one("usedLearningOpportunity", "opportunity", OPPORTUNITY.read),
    own("influenced", (), _lifted),
    many("hasPart", "parts", lazily(lambda: ACTIVITY)),
    finish=_timed("periods"),
)

# --- achievements


def _parts(frame: Frame, element: _Element) -> None:
    """Parts stand within an element of their own; whatever number of them."""
    inner = frame.within(element, frame.fields, f'"{local(element)}" of {frame.part}', value=True)
    puts: dict[str, Put] = {}
    for child in children(element):
        if not ours(child) or local(child) not in ACHIEVEMENTS:
            inner.stray(child)
            continue
        put = puts.setdefault(local(child), many(local(child), "parts", achievement).put)
        put(inner, child)
    if not len(element):
        frame.empty(element)
    inner.spare(element)


def achievement(frame: Frame, element: _Element, name: str, index: int | None) -> Any:
    """An achievement, or the award of a qualification, which its specification tells."""
    made: Achievement | None = ACHIEVEMENT.read(frame, element, name, index)
    if made is not None and local(element) == "qualificationAward":
        spec = made.specification
        if spec is None or not spec.is_qualification:
            frame.find(NOT_QUALIFIED, element, part=frame.part)
    return made


ACHIEVEMENT: Final[Shape] = Shape(
    "learningAchievement qualificationAward",
    Achievement,
    *_HEAD,
    many("wasDerivedFrom provenBy", "assessments", ASSESSMENT.read),
    many("wasInfluencedBy influencedBy", "activities", ACTIVITY.read),
    many("entitlesTo", "entitlements", ENTITLEMENT.read),
    own("hasPart", ("parts",), _parts),
    one("specifiedBy", "specification", specification(offered.LEARNING, offered.QUALIFICATION)),
    one("associatedLearningOpportunity learningOpportunity", "opportunity", OPPORTUNITY.read),
)

CLAIMS: Final = {
    "achievements": ("learningAchievement qualificationAward", achievement),
    "activities": ("activity", ACTIVITY.read),
    "assessments": ("assessment", ASSESSMENT.read),
    "entitlements": ("entitlement", ENTITLEMENT.read),
}
"""The containers of claims, and what stands in each."""
