"""What is offered: one struct of the model, and one table for each of the four kinds of claim that may point to it.

Of a specification with a level, an accreditation or a qualification code ELM says
that it is a ``Qualification``; all others are plain specifications.
"""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.coded import any_concept, code, concept, known_concept, label_of, of_list
from mcbridge.mappers.edc.levels import fields, is_eqf, is_national, levels
from mcbridge.mappers.edc.organisations import organisation, quality_assurance
from mcbridge.mappers.edc.outcomes import credit, grading_scheme, outcome
from mcbridge.mappers.edc.pieces import concept_note, html_note, identifier, lasting, link, note, note_of, plain
from mcbridge.mappers.edc.rows import SAME, Above, Frame, Row, Table, add, elsewhere, lost, many, one, own
from mcbridge.mappers.edc.rules import TITLE_ASSUMED
from mcbridge.mappers.edc.texts import TITLE, any_number, heading_of, language_map
from mcbridge.mappers.edc.writing import Node, Writing, texts_of
from mcbridge.model import (
    Concept,
    EntitlementTerms,
    Limit,
    Note,
    Specification,
    Stackability,
    StackabilityKind,
    Target,
)

MAX_DEPTH: Final = 40
"""How deep parts may be nested; the parts below are a loss."""

# notes of several


def _entry(frame: Frame, value: tuple[Note, ...], path: str) -> None:
    """ELM has one entry requirement: notes without a subject are joined in it, the others stand among the notes."""
    literal: Node = {}
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if frame.run.from_edc and "entryRequirement" not in frame.node and not literal:
            if (only := note(frame, item, here)) is not None:
                frame.node["entryRequirement"] = only
            continue
        if item.subject is not None or item.format is not None:
            add(frame.node, "additionalNote", note(frame, item, here))
            continue
        for tag, texts in (language_map(frame.run, item.texts, f"{here}.texts", unique=False) or {}).items():
            literal.setdefault(tag, []).extend(texts)
    if literal and "entryRequirement" not in frame.node:
        frame.node["entryRequirement"] = note_of(frame.run, literal)
    elif literal:
        add(frame.node, "additionalNote", note_of(frame.run, literal))


def _schedules(frame: Frame, value: tuple[Concept, ...], path: str) -> None:
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        add(frame.node, "additionalNote", concept_note(frame, item, here, "learning-schedule"))


def _supervision(frame: Frame, value: Concept, path: str) -> None:
    """Of the assessments of the claim that say nothing of it themselves; without any, a note."""
    proofs = (frame.above.claim or {}).get("provenBy", ())
    silent = [proof for proof in proofs if "idVerification" not in proof]
    if not silent:
        made = concept_note(frame, value, path, "supervision-verification")
        add(frame.node, "additionalNote", made)
    elif (found := concept(frame.run, value, path, "supervision-verification")) is not None:
        for proof in silent:
            proof["idVerification"] = found


# stackability


def _stackability_kind(frame: Frame, value: StackabilityKind, path: str) -> None:
    known = frame.run.lists.known("stackability", value.value)
    if known is not None:
        node = known_concept(frame.run, known)
        add(frame.node, "additionalNote", note_of(frame.run, label_of(node), node))


TARGET: Final = Table(
    Target,
    one("titles", "title", TITLE),
    many("identifiers", "identifier", identifier),
    many("homepages", "homepage", link),
)


def _target(frame: Frame, value: Target, path: str) -> Node | None:
    run = frame.run
    if heading_of(run, value.titles) is None:
        run.leave_out(path, value, "a credential that this one counts towards", "title")
        return None
    kind = ("qualification", "Qualification")
    if frame.node["type"] != "Qualification":
        kind = ("learningAchievementSpec", "LearningAchievementSpecification")
    return TARGET.fill(Frame(run, value, path, run.node(*kind, path=path)))


STACKABILITY: Final = Table(
    Stackability,
    own("kind", ("additionalNote",), _stackability_kind),
    many("towards", "isPartOf", _target),
)


def _stackability(frame: Frame, value: Stackability, path: str) -> None:
    STACKABILITY.fill(Frame(frame.run, value, path, frame.node))


# assessment of what is offered


def _assessment_kinds(frame: Frame, value: tuple[Concept, ...], path: str) -> None:
    for index, item in enumerate(value):
        kind = concept(frame.run, item, f"{path}[{index}]", "assessment")
        if kind is not None:
            made = frame.run.node("learningAssessmentSpec", "LearningAssessmentSpecification")
            add(frame.node, "provenBy", made | {"title": label_of(kind), "dcType": kind})


def _offered_scheme(frame: Frame, value: str, path: str) -> None:
    scheme = grading_scheme(frame, value, path)
    if scheme is None:
        return
    if "provenBy" not in frame.node:
        made = frame.run.node("learningAssessmentSpec", "LearningAssessmentSpecification")
        add(frame.node, "provenBy", made | {"title": dict(frame.above.heading or {})})
    for each in frame.node["provenBy"]:
        each["gradingScheme"] = scheme


def _contact_hours(frame: Frame, value: tuple[str, ...], path: str) -> None:
    hours = [found for index, item in enumerate(value) if (found := plain(frame, item, f"{path}[{index}]")) is not None]
    if hours:
        made = frame.run.node("learningActivitySpec", "LearningActivitySpecification")
        add(frame.node, "influencedBy", made | {"title": dict(frame.above.heading or {}), "contactHour": hours})


# entitlements


def _terms(frame: Frame, value: EntitlementTerms, path: str) -> None:
    TERMS.fill(Frame(frame.run, value, path, frame.node))


def _limit(frame: Frame, value: Limit, path: str) -> None:
    LIMIT.fill(Frame(frame.run, value, path, frame.node))


LIMIT: Final = Table(
    Limit,
    many("jurisdictions", "limitJurisdiction", of_list("atu", closed=True)),
    many("occupations", "limitOccupation", of_list("esco-occupations", closed=True)),
    many("organisations", "limitOrganisation", organisation),
)
TERMS: Final = Table(
    EntitlementTerms,
    one("status", "entitlementStatus", of_list("entitlement-status", closed=True)),
    own("limit", ("limitJurisdiction", "limitOccupation", "limitOrganisation"), _limit),
)

# the four tables


def _parts(frame: Frame, value: tuple[Specification, ...], path: str) -> None:
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if frame.above.depth >= MAX_DEPTH:
            frame.run.lose(here, "loss/too-deep", f"parts are written {MAX_DEPTH} levels deep", item)
            continue
        if item == Specification():
            continue  # nothing is said of it, and ELM would demand a title
        must = frame.node["type"] == "Qualification"
        above = Above(heading=frame.above.heading, depth=frame.above.depth + 1, qualification=must)
        add(frame.node, "hasPart", specification(frame.run, item, here, above, frame.node["type"]))


def _quality(frame: Frame, value: Any, path: str) -> None:
    for index, item in enumerate(value):
        quality_assurance(frame, item, f"{path}[{index}]")


def _first_kind(frame: Frame, value: tuple[Concept, ...], path: str) -> None:
    """The first kind is the type; further kinds of assessment are parts, for want of room."""
    list_ = _KIND_LISTS[frame.node["type"]]
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        kind = concept(frame.run, item, here, list_)
        if kind is None:
            continue
        if "dcType" not in frame.node:
            frame.node["dcType"] = kind
        elif frame.node["type"] == "LearningAssessmentSpecification":
            made = frame.run.node("learningAssessmentSpec", "LearningAssessmentSpecification")
            add(frame.node, "hasPart", made | {"title": label_of(kind), "dcType": kind})
        else:
            frame.run.lose(here, "loss/single-value", "ELM has room for one type here", item)


_KIND_LISTS: Final = {
    "LearningAssessmentSpecification": "assessment",
    "LearningEntitlementSpecification": "entitlement",
}
_MODIFIED: Final = "the context of ELM 3.2 takes dateModified for a reference, so a date there is refused"
_HEAD: Final = (
    elsewhere("id", "id"),
    one("title", "title", TITLE),
    one("alt_titles", "altLabel", any_number),
    one("description", "description", TITLE),
    own("description_html", ("additionalNote",), html_note),
    many("identifiers", "identifier", identifier),
    one("categories", "category", any_number),
    many("homepages", "homepage", link),
    many("documents", "supplementaryDocument", link),
    many("notes", "additionalNote", note),
    one("status", "status", plain),
    own("parts", ("hasPart",), _parts),
    lost("modified", "loss/modified", _MODIFIED),
)
_KIND: Final = own("kinds", ("dcType", "hasPart"), _first_kind)


def _plus(*rows: Row) -> tuple[Row, ...]:
    head = [row for row in _HEAD if row.field not in {"parts", "modified", "notes"}]
    tail = [row for row in _HEAD if row.field in {"parts", "modified", "notes"}]
    return (*head, *rows, *tail)


ACHIEVEMENT_SPEC: Final = Table(
    Specification,
    *_plus(
        many("kinds", "dcType", of_list("learning-opportunity")),
        elsewhere("is_qualification", "type"),
        one("is_partial", "isPartialQualification", SAME),
        many("qualification_codes", "qualificationCode", any_concept),
        own("levels", ("eqfLevel", "nqfLevel", "educationLevel"), levels),
        many("education_levels", "educationLevel", any_concept),
        own("fields", ("thematicArea", "educationSubject"), fields),
        many("credits", "creditPoint", credit),
        one("volume_of_learning", "volumeOfLearning", lasting),
        one("maximum_duration", "maximumDuration", lasting),
        own("contact_hours", ("influencedBy",), _contact_hours),
        many("learning_outcomes", "learningOutcome", outcome),
        one("outcome_summary", "learningOutcomeSummary", note),
        many("modes", "mode", of_list("learning-assessment")),
        own("schedules", ("additionalNote",), _schedules),
        one("setting", "learningSetting", of_list("learning-setting", closed=True)),
        many("languages", "language", code("language")),
        own("assessment_kinds", ("provenBy",), _assessment_kinds),
        own("grading_scheme", ("provenBy",), _offered_scheme),
        own("supervision", ("additionalNote",), _supervision),
        own("entry_requirements", ("entryRequirement", "additionalNote"), _entry),
        many("target_groups", "targetGroup", of_list("target-group")),
        own("quality_assurance", ("accreditation", "additionalNote"), _quality),
        own("stackability", ("additionalNote", "isPartOf"), _stackability),
    ),
)
ACTIVITY_SPEC: Final = Table(
    Specification,
    *_plus(
        many("kinds", "dcType", of_list("learning-activity")),
        many("modes", "mode", of_list("learning-assessment")),
        many("languages", "language", code("language")),
        one("volume_of_learning", "volumeOfLearning", lasting),
        many("contact_hours", "contactHour", plain),
        own("schedules", ("additionalNote",), _schedules),
    ),
)
ASSESSMENT_SPEC: Final = Table(
    Specification,
    *_plus(
        _KIND,
        many("modes", "mode", of_list("learning-assessment")),
        many("languages", "language", code("language")),
        one("grading_scheme", "gradingScheme", grading_scheme),
    ),
)
ENTITLEMENT_SPEC: Final = Table(
    Specification,
    *_plus(_KIND, own("entitlement", ("entitlementStatus", "limitJurisdiction", "limitOccupation"), _terms)),
)
SPECIFICATIONS: Final = {
    "LearningAchievementSpecification": ("learningAchievementSpec", ACHIEVEMENT_SPEC),
    "Qualification": ("qualification", ACHIEVEMENT_SPEC),
    "LearningActivitySpecification": ("learningActivitySpec", ACTIVITY_SPEC),
    "LearningAssessmentSpecification": ("learningAssessmentSpec", ASSESSMENT_SPEC),
    "LearningEntitlementSpecification": ("learningEntitlementSpec", ENTITLEMENT_SPEC),
}


def type_of_achievement_spec(run: Writing, value: Specification, above: Above) -> str:
    """Whether a specification has to be a ``Qualification``, because something only that class has is said of it."""
    needed = (
        above.qualification
        or value.is_partial is not None
        or value.qualification_codes
        or value.quality_assurance
        or any(is_eqf(run, level) or is_national(run, level) for level in value.levels)
    )
    return "Qualification" if needed or value.is_qualification else "LearningAchievementSpecification"


def specification(run: Writing, value: Specification, path: str, above: Above, type_: str) -> Node | None:
    """What is offered, as ELM has it. ``type_`` is the class; for achievements it is looked at again."""
    if type_ in {"Qualification", "LearningAchievementSpecification"}:
        type_ = type_of_achievement_spec(run, value, above)
        if type_ == "Qualification" and value.is_qualification is False:
            why = "a level, a quality assurance or a code can be said of a qualification only, so it is written as one"
            run.lose(f"{path}.isQualification", "loss/qualification", why, value.is_qualification, changed=True)
    kind, table = SPECIFICATIONS[type_]
    node = run.node(kind, type_, value.id, path)
    heading = heading_of(run, value.title)
    if heading is None:
        node["title"] = dict(above.heading or {})
    inner = Above(heading=heading or above.heading, depth=above.depth, claim=above.claim)
    table.fill(Frame(run, value, path, node, inner))
    if heading is None and above.claim is None:
        source = "that of what it is a part of"
        run.find(TITLE_ASSUMED, path, texts_of(node["title"]), part="specification", source=source)
    if not node["title"]:
        run.leave_out(path, value, "a specification", "title")
        return None
    if type_ == "LearningEntitlementSpecification" and not {"dcType", "entitlementStatus"} <= node.keys():
        run.leave_out(path, value, "the specification of an entitlement", "type or no status")
        return None
    return node
