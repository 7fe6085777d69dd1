"""Claims: what all of them share, and entitlements, assessments and activities.

ELM demands an awarding process of every claim. A claim without an award of its own
repeats that of the claim it belongs to; at the top the issuer stands in for a body
that is not named, and a note says so.
"""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.coded import of_list
from mcbridge.mappers.edc.opportunities import opportunity, temporal
from mcbridge.mappers.edc.organisations import agent
from mcbridge.mappers.edc.outcomes import grading_scheme
from mcbridge.mappers.edc.pieces import identifier, lasting, link, note, note_of, plain
from mcbridge.mappers.edc.places import place
from mcbridge.mappers.edc.rows import (
    DAY,
    SAME,
    Above,
    Frame,
    Row,
    Table,
    add,
    elsewhere,
    many,
    one,
    own,
)
from mcbridge.mappers.edc.rules import AWARDING_DATE_ASSUMED, BODY_ASSUMED, GRADE_ASSUMED, TITLE_ASSUMED
from mcbridge.mappers.edc.specifications import MAX_DEPTH, specification
from mcbridge.mappers.edc.texts import TITLE, any_number, heading_of
from mcbridge.mappers.edc.values import day, rounded
from mcbridge.mappers.edc.writing import Node, Writing, missing, texts_of
from mcbridge.model import (
    Achievement,
    Activity,
    Assessment,
    Award,
    Category,
    Claim,
    DistributionOfResults,
    Entitlement,
    ShortenedGrading,
    Specification,
    Status,
)

# the awarding process

AWARD: Final = Table(
    Award,
    elsewhere("id", "id"),
    elsewhere("bodies", "awardingBody"),
    one("date", "awardingDate", DAY),
    one("place", "location", place),
    many("notes", "additionalNote", note),
)


def _process(run: Writing, claim: Claim, path: str, above: Above) -> Node:
    """The awarding process of a claim. Raises ``Refused`` when nobody awards."""
    award = claim.award
    completed = claim.period.end if isinstance(claim, Achievement) and claim.period is not None else None
    dated = completed is not None and (award is None or award.date is None)
    if award is None and above.process is not None and not dated:
        return above.process
    alone = award is not None and bool(award.bodies) and not dated
    if alone and award in run.processes:
        node, first_path, losses = run.processes[award]
        run.lose_again(losses, first_path, f"{path}.award")
        return node
    before = len(run.losses)
    bodies = _bodies(run, award, path, above)
    node = run.node("awardingProcess", "AwardingProcess", award.id if award else None, f"{path}.award")
    node["awardingBody"] = bodies
    if award is not None:
        AWARD.fill(Frame(run, award, f"{path}.award", node))
    if dated and completed is not None:
        node["awardingDate"] = day(completed)
        run.find(AWARDING_DATE_ASSUMED, f"{path}.period.end", completed.isoformat())
    if alone:
        run.processes[award] = (node, f"{path}.award", run.losses[before:])
    return node


def _bodies(run: Writing, award: Award | None, path: str, above: Above) -> list[Node]:
    frame = Frame(run, award, path, {})
    if award is not None and award.bodies:
        nodes = []
        for index, ref in enumerate(award.bodies):
            here = f"{path}.award.bodies[{index}]"
            found = agent(frame, ref, here)
            if found is not None:
                nodes.append(found)
            elif ref in run.organisations:
                raise missing(here, *_ORGANISATION)
        if nodes:
            return nodes
    if above.process is not None:
        inherited: list[Node] = above.process["awardingBody"]
        return inherited
    issuer = run.record.issuer
    if issuer is None or issuer not in run.organisations:
        raise missing(f"{path}.award", "awarding body", "name the awarding body at the source; every claim needs one")
    node = agent(frame, issuer, "issuer")
    if node is None:
        raise missing("issuer", *_ORGANISATION)
    run.issuer_awards = True
    run.find(BODY_ASSUMED, f"{path}.award", texts_of(node.get("legalName") or node["prefLabel"]))
    return [node]


_ORGANISATION: Final = (
    "name or no country of the organisation that awards",
    "state both at the source; `edc:country=XX` names the country of organisations that have none",
)

# what all claims have


def _inner(frame: Frame) -> Above:
    return Above(
        heading=frame.node["title"], process=frame.node["awardedBy"], depth=frame.above.depth, claim=frame.node
    )


def claim_node(run: Writing, value: Claim, path: str, above: Above, kind: str, type_: str, table: Table) -> Node:
    node = run.node(kind, type_, value.id, path)
    offered = value.specification.title if value.specification is not None else ()
    heading = heading_of(run, value.title, offered)
    if heading is None:
        if above.heading is None:
            raise missing(f"{path}.title", "title of a claim", "state a title at the source")
        part, source = _NAMES[type_], "that of the claim it belongs to"
        run.find(TITLE_ASSUMED, path, texts_of(above.heading), part=part, source=source)
    node["title"] = heading or above.heading
    node["awardedBy"] = _process(run, value, path, above)
    return table.fill(Frame(run, value, path, node, above))


def specified(type_: str) -> Row:
    def put(frame: Frame, value: Specification, path: str) -> None:
        found = specification(frame.run, value, path, _inner(frame), type_)
        if found is not None:
            frame.node["specifiedBy"] = found

    return own("specification", ("specifiedBy",), put)


def _hold_specification(frame: Frame, kind: str, type_: str) -> Node:
    """The specification of a claim; where there is none a new one with the title of the claim."""
    if "specifiedBy" not in frame.node:
        frame.node["specifiedBy"] = frame.run.node(kind, type_) | {"title": dict(frame.node["title"])}
    found: Node = frame.node["specifiedBy"]
    return found


def kinds(limit: int | None = None) -> Row:
    convert = of_list("claim-type", closed=True)

    def put(frame: Frame, value: tuple[Any, ...], path: str) -> None:
        for index, item in enumerate(value):
            here = f"{path}[{index}]"
            if limit is not None and "dcType" in frame.node:
                frame.run.lose(here, "loss/single-value", "ELM has room for one type here", item)
            elif (found := convert(frame, item, here)) is not None:
                if limit is None:
                    add(frame.node, "dcType", found)
                else:
                    frame.node["dcType"] = found

    return own("kinds", ("dcType",), put)


HEAD: Final = (
    elsewhere("id", "id"),
    one("title", "title", TITLE),
    one("description", "description", TITLE),
    many("identifiers", "identifier", identifier),
    many("notes", "additionalNote", note),
    many("documents", "supplementaryDocument", link),
    elsewhere("award", "awardedBy"),
)
_NAMES: Final = {
    "LearningAchievement": "achievement",
    "LearningActivity": "activity",
    "LearningAssessment": "assessment",
    "LearningEntitlement": "entitlement",
}


def deeper(frame: Frame, value: Any, path: str) -> Above | None:
    if frame.above.depth >= MAX_DEPTH:
        frame.run.lose(path, "loss/too-deep", f"parts are written {MAX_DEPTH} levels deep", value)
        return None
    return Above(heading=frame.node["title"], process=frame.node["awardedBy"], depth=frame.above.depth + 1)


# entitlements


def entitlement(run: Writing, value: Entitlement, path: str, above: Above) -> Node:
    """A learning entitlement."""
    return claim_node(run, value, path, above, "entitlement", "LearningEntitlement", ENTITLEMENT)


def entitlements(frame: Frame, value: tuple[Entitlement, ...], path: str, key: str) -> None:
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if (above := deeper(frame, item, here)) is not None:
            add(frame.node, key, entitlement(frame.run, item, here, above))


ENTITLEMENT: Final = Table(
    Entitlement,
    *HEAD,
    kinds(1),
    one("issued", "dateIssued", DAY),
    one("expires", "expiryDate", DAY),
    specified("LearningEntitlementSpecification"),
    own("parts", ("hasPart",), lambda frame, value, path: entitlements(frame, value, path, "hasPart")),
)

# assessments


def _category(frame: Frame, value: Category, path: str) -> Node | None:
    if value.count <= 0 or not value.label.strip():
        why = "ELM takes bars with a label and a positive count only"
        frame.run.lose(path, "loss/empty-category", why, value)
        return None
    node = frame.run.node("resultCategory", "ResultCategory", path=path, value=value)
    return CATEGORY.fill(Frame(frame.run, value, path, node))


CATEGORY: Final = Table(Category, one("label", "label", plain), one("count", "count", SAME))
DISTRIBUTION: Final = Table(
    DistributionOfResults,
    one("description", "description", TITLE),
    many("categories", "resultCategory", _category),
)


def _distribution(frame: Frame, value: DistributionOfResults, path: str) -> Node | None:
    node = frame.run.node("resultDistribution", "ResultDistribution", path=path)
    found = DISTRIBUTION.fill(Frame(frame.run, value, path, node))
    if found.keys() <= {"id", "type"} and not frame.run.from_edc:
        frame.run.lose(path, "loss/empty", "a distribution without bars and description is not written", value)
        return None
    return found


def _percentage(frame: Frame, value: Any, path: str) -> int:
    whole = rounded(value)
    if whole != value:
        why = f"ELM takes whole numbers; {whole} is written"
        frame.run.lose(path, "loss/rounded", why, value, changed=True)
    return whole


SHORTENED: Final = Table(
    ShortenedGrading,
    one("lower", "percentageLower", _percentage),
    one("equal", "percentageEqual", _percentage),
    one("higher", "percentageHigher", _percentage),
)


def _shortened(frame: Frame, value: ShortenedGrading, path: str) -> Node | None:
    if value.lower is None or value.equal is None or value.higher is None:
        frame.run.leave_out(path, value, "a shortened grading", "share below, at or above the grade")
        return None
    node = frame.run.node("shortenedGrading", "ShortenedGrading", path=path, value=value)
    return SHORTENED.fill(Frame(frame.run, value, path, node))


def _grade(frame: Frame, value: Any, path: str) -> Node | None:
    literal = any_number(frame, value, path)
    return None if literal is None else note_of(frame.run, literal, path=path)


def _assessment_scheme(frame: Frame, value: str, path: str) -> None:
    scheme = grading_scheme(frame, value, path)
    if scheme is None:
        return
    offered = _hold_specification(frame, "learningAssessmentSpec", "LearningAssessmentSpecification")
    if offered.setdefault("gradingScheme", scheme) is not scheme:
        why = "the specification of the assessment has another grading scheme"
        frame.run.lose(path, "loss/single-value", why, value)


def assessment(run: Writing, value: Assessment, path: str, above: Above, status: Status | None = None) -> Node:
    """A learning assessment. ``status`` is that of the achievement it proves, for when there is no grade."""
    node = claim_node(run, value, path, above, "learningAssessment", "LearningAssessment", ASSESSMENT)
    if "grade" not in node:
        grades = run.defaults.grade
        literal = run.words(grades.passed if status is Status.PASSED else grades.absent)
        node["grade"] = note_of(run, literal)
        run.find(GRADE_ASSUMED, path, texts_of(literal))
    return node


def assessments(frame: Frame, value: tuple[Assessment, ...], path: str, key: str) -> None:
    status = frame.entity.status if isinstance(frame.entity, Achievement) else None
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if (above := deeper(frame, item, here)) is not None:
            add(frame.node, key, assessment(frame.run, item, here, above, status))


ASSESSMENT: Final = Table(
    Assessment,
    *HEAD,
    kinds(),
    one("grade", "grade", _grade),
    one("status", "gradeStatus", of_list("grade-status")),
    one("date", "dateIssued", DAY),
    one("verification", "idVerification", of_list("supervision-verification")),
    one("distribution", "resultDistribution", _distribution),
    one("shortened", "shortenedGrading", _shortened),
    many("assessors", "assessedBy", agent),
    specified("LearningAssessmentSpecification"),
    own("grading_scheme", ("specifiedBy",), _assessment_scheme),
    own("parts", ("hasPart",), lambda frame, value, path: assessments(frame, value, path, "hasPart")),
)

# activities


def _completion(frame: Frame, value: int, path: str) -> int | None:
    if 1 <= value <= 100:
        return value
    frame.run.lose(path, "loss/completion", "ELM takes 1 to 100 per cent", value)
    return None


def _attended(frame: Frame, value: str, path: str) -> None:
    hours = plain(frame, value, path)
    if hours is not None:
        offered = _hold_specification(frame, "learningActivitySpec", "LearningActivitySpecification")
        add(offered, "contactHour", hours)


def activity(run: Writing, value: Activity, path: str, above: Above) -> Node:
    """A learning activity."""
    return claim_node(run, value, path, above, "activity", "LearningActivity", ACTIVITY)


def activities(frame: Frame, value: tuple[Activity, ...], path: str, key: str) -> None:
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if (above := deeper(frame, item, here)) is not None:
            add(frame.node, key, activity(frame.run, item, here, above))


ACTIVITY: Final = Table(
    Activity,
    *HEAD,
    kinds(),
    many("periods", "temporal", temporal),
    one("workload", "workload", lasting),
    one("completion", "levelOfCompletion", _completion),
    many("directed_by", "directedBy", agent),
    many("places", "location", place),
    one("opportunity", "learningOpportunity", opportunity),
    specified("LearningActivitySpecification"),
    own("contact_hours", ("specifiedBy",), _attended),
    own("parts", ("hasPart",), lambda frame, value, path: activities(frame, value, path, "hasPart")),
)
