"""The four kinds of claim, and what they share.

ELM repeats the awarding process on every claim. One that is that of the claim above
is not said again, and what only holds the time of an achievement, the scale of a
grade or the hours of attendance goes to the field that it is written from.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from mcbridge.mappers.edc.reading.coded import concept
from mcbridge.mappers.edc.reading.frames import Frame, Node
from mcbridge.mappers.edc.reading.learning import credit
from mcbridge.mappers.edc.reading.leaves import DAY, DURATION, share, string, whole
from mcbridge.mappers.edc.reading.organisations import agent
from mcbridge.mappers.edc.reading.pieces import identifier, link, note
from mcbridge.mappers.edc.reading.places import place
from mcbridge.mappers.edc.reading.rows import (
    LOCAL,
    LOCALS,
    Shape,
    head,
    lazily,
    many,
    one,
    own,
    several,
    single,
    spoken,
    texts,
    types,
)
from mcbridge.mappers.edc.reading.rules import NO_WORD, OTHER_TYPE
from mcbridge.mappers.edc.reading.specifications import (
    ACHIEVEMENT_SPEC,
    ACTIVITY_SPEC,
    ASSESSMENT_SPEC,
    ENTITLEMENT_SPEC,
    specification,
)
from mcbridge.model import (
    Achievement,
    Activity,
    Assessment,
    Award,
    Category,
    ClaimKind,
    DistributionOfResults,
    Entitlement,
    Opportunity,
    Period,
    ShortenedGrading,
    Specification,
    Term,
)

# --- the awarding process

AWARD: Final = Shape(
    ("AwardingProcess",),
    Award,
    many("awardingBody", "bodies", agent),
    one("awardingDate", "date", DAY),
    one("location", "place", place),
    many("additionalNote", "notes", note),
)


def _awarded(frame: Frame, value: Any) -> None:
    found = single(frame, "awardedBy", value)
    if found is None:
        return
    pos, item = found
    run = frame.run
    reached = run.node(frame, item, "awardedBy", pos)
    if reached is None:
        return
    node, pointer = reached
    name = node.get("id")
    if type(name) is str and _inherited(frame, node, name):
        return
    for other, award in run.awards.get(name, ()) if type(name) is str else ():
        if other == node:
            frame.fields["award"] = award
            frame.note("award", None, "awardedBy", pos)
            return
    inner = Frame(run, frame, node, {}, AWARD.part, "awardedBy", pos, "award")
    inner.pointer = pointer
    made = AWARD.made(inner)
    frame.fields["award"] = made
    frame.note("award", None, "awardedBy", pos)
    if type(name) is str:
        run.awards.setdefault(name, []).append((node, made))


def _inherited(frame: Frame, node: Node, name: str) -> bool:
    """Whether this is the process of the claim above, which its parts share."""
    up = frame.up
    while up is not None:
        above = up.node.get("awardedBy")
        if above is not None:
            whole = frame.run.seen(above)
            return whole is not None and whole.get("id") == name and whole == node
        up = up.up
    return False


# --- opportunities

PERIOD: Final = Shape(
    ("PeriodOfTime",),
    Period,
    texts("prefLabel", "title"),
    one("startDate", "start", DAY),
    one("endDate", "end", DAY),
)


def _html(frame: Frame, value: Any) -> None:
    """Notes about an opportunity have no place, but for our own that hold its description in HTML."""
    for pos, item in several(frame, "additionalNote", value):
        subject = (frame.run.seen(item) or {}).get("subject")
        subject = subject[0] if type(subject) is list and len(subject) == 1 else subject
        if (subject.get("id") if type(subject) is dict else subject) != _HTML:
            frame.aside("additionalNote", pos, item, NO_WORD, "additionalNote", part=frame.part)
            continue
        found = note(frame, item, "additionalNote", pos, "description_html", None)
        if found is not None:
            frame.fields.setdefault("description_html", []).extend(found.texts)
            frame.note("description_html", None, "additionalNote", pos)


_HTML: Final = "urn:mcbridge:note-subject:description-html"

OPPORTUNITY: Final = Shape(
    ("LearningOpportunity",),
    Opportunity,
    texts("title", "title"),
    texts("description", "description"),
    texts("descriptionHtml", "description_html"),
    own("additionalNote", ("description_html",), _html),
    many("providedBy", "providers", agent),
    many("temporal", "periods", PERIOD.read),
    many("location", "places", place),
    many("identifier", "identifiers", identifier),
    many("homepage", "homepages", link),
)

_HEAD: Final = (
    texts("title", "title"),
    texts("description", "description"),
    many("identifier", "identifiers", identifier),
    many("additionalNote", "notes", note),
    many("supplementaryDocument", "documents", link),
    own("awardedBy", ("award",), _awarded),
    many("dcType", "kinds", concept),
)


def _holder(frame: Frame, made: Specification) -> bool:
    """Whether a specification says nothing but the title of its claim, as one does that only holds something."""
    bare = Specification(id=made.id, title=made.title)
    local = made.id is None or made.id.startswith(LOCALS)
    return local and made == bare and set(made.title) <= set(frame.fields.get("title", ()))


# --- entitlements

ENTITLEMENT: Final[Shape] = Shape(
    ("LearningEntitlement",),
    Entitlement,
    *_HEAD,
    one("dateIssued", "issued", DAY),
    one("expiryDate", "expires", DAY),
    one("specifiedBy", "specification", specification(ENTITLEMENT_SPEC)),
    many("hasPart", "parts", lazily(lambda: ENTITLEMENT)),
)

# --- assessments

CATEGORY: Final = Shape(("ResultCategory",), Category, one("label", "label", string), one("count", "count", whole))
DISTRIBUTION: Final = Shape(
    ("ResultDistribution",),
    DistributionOfResults,
    texts("description", "description"),
    many("resultCategory", "categories", CATEGORY.read),
)
SHORTENED: Final = Shape(
    ("ShortenedGrading",),
    ShortenedGrading,
    one("percentageLower", "lower", share),
    one("percentageEqual", "equal", share),
    one("percentageHigher", "higher", share),
)


def _grade(frame: Frame, value: Any) -> None:
    """A grade is the text of a note; what else the note says is kept beside."""
    found = single(frame, "grade", value)
    if found is None:
        return
    pos, item = found
    if type(item) is not dict or "noteLiteral" not in item:
        made = note(frame, item, "grade", pos, "grade", None)
        if made is not None:
            frame.fields["grade"] = list(made.texts)
            frame.note("grade", None, "grade", pos)
        return
    inner = Frame(frame.run, frame, item, frame.fields, "a Note", "grade", pos, value=True)
    for key, each in item.items():
        if key == "noteLiteral":
            held = frame.fields.setdefault("grade", [])
            for text, more in spoken(inner, key, each):
                held.append(text)
                if frame.run.trace is not None:
                    frame.run.trace.note(frame.fields, "grade", len(held) - 1, inner.place(key) + more)
        elif key in {"subject", "noteFormat"} or key not in {"id", "type"}:
            inner.stray(key, each)
    head(inner, "Note")


def _assessed(frame: Frame) -> None:
    """The scale of a grade belongs to the assessment; a specification that only held it is none."""
    made = frame.fields.get("specification")
    if made is None or made.grading_scheme is None:
        return
    frame.fields["grading_scheme"] = made.grading_scheme
    frame.note("grading_scheme", None, "specifiedBy", None)
    rest = replace(made, grading_scheme=None)
    if _holder(frame, rest):
        del frame.fields["specification"]
    else:
        _again(frame, made, rest)


def _again(frame: Frame, made: Specification, rest: Specification) -> None:
    """The same specification without something; the trace knows it by the same fields."""
    frame.fields["specification"] = rest
    trace = frame.run.trace
    if trace is not None and id(made) in trace.bound:
        trace.bind(rest, trace.bound[id(made)])


ASSESSMENT: Final[Shape] = Shape(
    ("LearningAssessment",),
    Assessment,
    *_HEAD,
    own("grade", ("grade",), _grade),
    one("gradeStatus", "status", concept),
    one("dateIssued", "date", DAY),
    one("idVerification", "verification", concept),
    one("resultDistribution", "distribution", DISTRIBUTION.read, also=("resultDestribution",)),
    one("shortenedGrading", "shortened", SHORTENED.read),
    many("assessedBy", "assessors", agent),
    one("specifiedBy", "specification", specification(ASSESSMENT_SPEC)),
    many("hasPart", "parts", lazily(lambda: ASSESSMENT)),
    own("gradingScheme", ("grading_scheme",), lambda frame, value: frame.stray("gradingScheme", value)),
    finish=_assessed,
)

# --- activities


def _attended(frame: Frame) -> None:
    made = frame.fields.get("specification")
    if made is not None and len(made.contact_hours) == 1 and _holder(frame, replace(made, contact_hours=())):
        frame.fields["contact_hours"] = made.contact_hours[0]
        frame.note("contact_hours", None, "specifiedBy", None)
        del frame.fields["specification"]


ACTIVITY: Final[Shape] = Shape(
    ("LearningActivity",),
    Activity,
    *_HEAD,
    many("temporal", "periods", PERIOD.read),
    one("workload", "workload", DURATION),
    one("levelOfCompletion", "completion", whole),
    many("directedBy", "directed_by", agent),
    many("location", "places", place),
    one("learningOpportunity", "opportunity", OPPORTUNITY.read),
    one("specifiedBy", "specification", specification(ACTIVITY_SPEC)),
    many("hasPart", "parts", lazily(lambda: ACTIVITY)),
    finish=_attended,
)

# --- achievements


def _influenced(frame: Frame, value: Any) -> None:
    """An activity that says nothing but when is the time of the achievement; any other is an activity."""
    for pos, item in several(frame, "influencedBy", value):
        if _only_time(frame, frame.run.seen(item)):
            found = frame.run.node(frame, item, "influencedBy", pos)
            if found is not None:
                _timed(frame, found, pos)
            continue
        held = frame.fields.get("activities", [])
        made = ACTIVITY.read(frame, item, "influencedBy", pos, "activities", len(held))
        if made is not None:
            held = frame.fields.setdefault("activities", [])
            held.append(made)
            frame.note("activities", len(held) - 1, "influencedBy", pos)


def _only_time(frame: Frame, node: Node | None) -> bool:
    if node is None or not {"temporal", "title"} <= node.keys() <= _TIME_KEYS:
        return False
    seen = frame.run.seen
    name, times = node.get("id", LOCAL), node["temporal"]
    periods = [seen(each) for each in (times if type(times) is list else [times])]
    plain = all(each is not None and not _empty(each) for each in periods)
    free = "period" not in frame.fields and "term" not in frame.fields
    return (
        free
        and plain
        and 0 < len(periods) < 3
        and type(name) is str
        and name.startswith(LOCALS)
        and node["title"] == frame.node.get("title")
        and seen(node.get("awardedBy")) == seen(frame.node.get("awardedBy"))
    )


_TIME_KEYS: Final = {"id", "type", "title", "awardedBy", "temporal"}


def _empty(node: Node) -> bool:
    return not ({"startDate", "endDate", "prefLabel"} & node.keys())


def _timed(frame: Frame, found: tuple[Node, str | None], pos: int | None) -> None:
    """One period with a name is an academic term; of two the first is the period."""
    value = found[0]["temporal"]
    times = value if type(value) is list else [value]
    inner = Frame(frame.run, frame, found[0], frame.fields, "a LearningActivity", "influencedBy", pos, value=True)
    inner.pointer = found[1]
    for at, each in enumerate(times):
        named = "prefLabel" in (frame.run.seen(each) or ())
        name = "term" if at == 1 or (len(times) == 1 and named) else "period"
        shape = TERM if name == "term" else PERIOD
        place_at = at if type(value) is list else None
        made = shape.read(inner, each, "temporal", place_at, name, None)
        if made is not None:
            frame.fields[name] = made
            if frame.run.trace is not None:
                frame.run.trace.note(frame.fields, name, None, inner.place("temporal", place_at))


TERM: Final = Shape(
    ("PeriodOfTime",),
    Term,
    texts("prefLabel", "title"),
    one("startDate", "start", DAY),
    one("endDate", "end", DAY),
)
ACHIEVEMENT: Final[Shape] = Shape(
    ("LearningAchievement",),
    Achievement,
    *_HEAD,
    many("creditReceived", "credits", credit),
    many("provenBy", "assessments", ASSESSMENT.read),
    own("influencedBy", ("activities", "period", "term"), _influenced),
    many("entitlesTo", "entitlements", ENTITLEMENT.read),
    one("learningOpportunity", "opportunity", OPPORTUNITY.read),
    one("specifiedBy", "specification", specification(ACHIEVEMENT_SPEC)),
    many("hasPart", "parts", lazily(lambda: ACHIEVEMENT)),
)

# --- claims of a person

KINDS: Final = {
    "LearningAchievement": (ClaimKind.ACHIEVEMENT, "achievements", ACHIEVEMENT),
    "LearningActivity": (ClaimKind.ACTIVITY, "activities", ACTIVITY),
    "LearningAssessment": (ClaimKind.ASSESSMENT, "assessments", ASSESSMENT),
    "LearningEntitlement": (ClaimKind.ENTITLEMENT, "entitlements", ENTITLEMENT),
}


def claims(frame: Frame, value: Any, credential: Frame) -> None:
    """The claims of a person; they stand in the credential, in the order of the document."""
    order: list[ClaimKind] = []
    for pos, item in several(frame, "hasClaim", value):
        found = frame.run.node(frame, item, "hasClaim", pos)
        if found is None:
            continue
        said = next((each for each in types(found[0]) if each in KINDS), None)
        if said is None:
            word = ", ".join(types(found[0])) or "nothing"
            frame.aside("hasClaim", pos, item, OTHER_TYPE, word, expected=", ".join(KINDS))
            frame.run.ids.reached.discard(found[1])  # of which nothing but the reference is kept
            continue
        kind, field, shape = KINDS[said]
        held = credential.fields.get(field, ())
        inner = Frame(frame.run, frame, found[0], {}, shape.part, "hasClaim", pos, field, len(held))
        inner.home = f"{field}[{len(held)}]"
        inner.pointer = found[1]
        made = shape.made(inner)
        credential.fields.setdefault(field, []).append(made)
        credential.note(field, len(held), None, None)
        if frame.run.trace is not None:
            frame.run.trace.places[id(credential.fields)][(field, len(held))] = frame.place("hasClaim", pos)
        order.append(kind)
    if order != sorted(order, key=_SORTED.index):
        credential.fields["claim_order"] = order
        credential.note("claim_order", None, None, None)


_SORTED: Final = [kind for kind, _, _ in KINDS.values()]
