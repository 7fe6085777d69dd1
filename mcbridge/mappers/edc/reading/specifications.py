"""What is offered: one struct for the four classes of specifications, and one shape for each of them."""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.reading.coded import bare, concept
from mcbridge.mappers.edc.reading.frames import Fields, Frame, Node
from mcbridge.mappers.edc.reading.learning import FIELDS, LEVELS, credit, grading_scheme, outcome
from mcbridge.mappers.edc.reading.leaves import DURATION, INSTANT, string, truth
from mcbridge.mappers.edc.reading.organisations import ACCREDITATION, agent
from mcbridge.mappers.edc.reading.pieces import identifier, link, note
from mcbridge.mappers.edc.reading.rows import LOCAL, LOCALS, Shape, head, many, one, own, several, single, texts, types
from mcbridge.mappers.edc.reading.rules import CYCLE, NO_WORD, OTHER_TYPE, SEVERAL
from mcbridge.model import (
    Concept,
    EntitlementTerms,
    Limit,
    Note,
    QualityAssurance,
    Specification,
    Stackability,
    StackabilityKind,
    Target,
)

SUBJECT: Final = "urn:mcbridge:note-subject:"
"""How the codes of our own subjects of notes begin."""

# --- notes that stand for what ELM has no property for


def _notes(frame: Frame, value: Any) -> None:
    for pos, item in several(frame, "additionalNote", value):
        index = len(frame.fields.get("notes", ()))
        found = note(frame, item, "additionalNote", pos, "notes", index)
        if found is not None and not _told(frame, found, pos):
            held = frame.fields.setdefault("notes", [])
            held.append(found)
            frame.note("notes", index, "additionalNote", pos)


def _told(frame: Frame, found: Note, pos: int | None) -> bool:
    """Whether the subject of a note says which field it is about, and the field was there to take it."""
    subject = found.subject
    if subject is None:
        return False
    if subject.code == f"{SUBJECT}description-html":
        frame.fields.setdefault("description_html", []).extend(found.texts)
        frame.note("description_html", None, "additionalNote", pos)
        return True
    put = _SUBJECTS.get(subject.scheme or "")
    if put is None or found.format is not None:
        return False
    return put(frame, found, subject, pos)


def _labelled(frame: Frame, found: Note, subject: Concept) -> bool:
    """Whether the text of a note is the label of its subject and nothing else."""
    said = {(text.lang, text.value) for text in found.texts}
    known = frame.run.codes.known(subject.code)
    labels = {(text.lang, text.value) for text in subject.labels}
    return said == labels or bool(known is not None and not labels and said == known.labels)


def _schedule(frame: Frame, found: Note, subject: Concept, pos: int | None) -> bool:
    if not _labelled(frame, found, subject):
        return False
    held = frame.fields.setdefault("schedules", [])
    held.append(subject)
    frame.note("schedules", len(held) - 1, "additionalNote", pos)
    return True


def _supervision(frame: Frame, found: Note, subject: Concept, pos: int | None) -> bool:
    if "supervision" in frame.fields or not _labelled(frame, found, subject):
        return False
    frame.fields["supervision"] = subject
    frame.note("supervision", None, "additionalNote", pos)
    return True


def _stackable(frame: Frame, found: Note, subject: Concept, pos: int | None) -> bool:
    entry = frame.run.codes.entry("stackability", subject.code)
    held = frame.fields.setdefault("stacks", {})
    if entry is None or "kind" in held or not _labelled(frame, found, subject):
        return False
    held["kind"] = StackabilityKind(entry.code)
    frame.note("stackability", None, "additionalNote", pos)
    return True


def _quality(frame: Frame, found: Note, subject: Concept, pos: int | None) -> bool:
    kind = subject if frame.run.codes.entry("accreditation", subject.code) else None
    if kind is None and subject.code != f"{SUBJECT}quality-assurance":
        return False
    title = () if kind is not None and _labelled(frame, found, subject) else found.texts
    held = frame.fields.setdefault("quality_assurance", [])
    held.append(QualityAssurance(kind=kind, title=title))
    frame.note("quality_assurance", len(held) - 1, "additionalNote", pos)
    return True


_SUBJECTS: Final = {
    "learning-schedule": _schedule,
    "supervision-verification": _supervision,
    "stackability": _stackable,
    "accreditation": _quality,
    "urn:mcbridge:note-subject": _quality,
}

# --- what a specification is a part of


_TARGET: Final = Shape(
    ("LearningAchievementSpecification", "Qualification"),
    Target,
    texts("title", "titles"),
    many("identifier", "identifiers", identifier),
    many("homepage", "homepages", link),
)


def _towards(frame: Frame, value: Any) -> None:
    """What this counts towards; a reference back to the whole that it stands in is only kept."""
    for pos, item in several(frame, "isPartOf", value):
        found = frame.run.node(frame, item, "isPartOf", pos)
        if found is None:
            continue
        node, pointer = found
        if pointer is None and (above := _whole(frame, node)) is not None:
            frame.aside("isPartOf", pos, item, CYCLE, above)
            continue
        held = frame.fields.setdefault("stacks", {}).setdefault("towards", [])
        inner = Frame(
            frame.run, frame, node, {}, _TARGET.part, "isPartOf", pos, "stackability.towards", len(held), value=True
        )
        inner.pointer = pointer
        if pointer is not None and pointer.startswith(f"{frame.run.lead}/"):  # the rest of it is read where it stands
            inner.node = {key: each for key, each in node.items() if key in _TARGET.keys}
        held.append(_TARGET.made(inner))
        frame.note("stackability", None, "isPartOf", pos)


def _whole(frame: Frame, node: Node) -> str | None:
    """The id of a node above that this one is a copy of."""
    name = node.get("id")
    up = frame.up
    while up is not None and type(name) is str:
        if up.node.get("id") == name:
            return name
        up = up.up
    return None


# --- assessment and attendance on offer


def _proven(frame: Frame, value: Any) -> None:
    """Of the assessments on offer a record has their kinds and the grading scheme; all else is kept beside."""
    for pos, item in several(frame, "provenBy", value):
        inner = _inner(frame, item, "provenBy", pos, "LearningAssessmentSpecification", {"dcType", "gradingScheme"})
        if inner is None:
            continue
        kind: Concept | None = None
        for key, each in inner.node.items():
            if key == "dcType":
                kind = _offered_kind(frame, inner, each, pos)
            elif key == "gradingScheme":
                _offered_scheme(frame, inner, each, pos)
            elif key not in _SILENT:
                inner.stray(key, each)
        if not _implied(frame, inner.node.get("title"), kind):
            inner.stray("title", inner.node["title"])


_SILENT: Final = frozenset({"id", "type", "title"})


def _offered_kind(frame: Frame, inner: Frame, value: Any, pos: int | None) -> Concept | None:
    found = single(inner, "dcType", value)
    held = frame.fields.get("assessment_kinds", ())
    kind = found and concept(inner, found[1], "dcType", found[0], "assessment_kinds", len(held))
    if kind is not None:
        frame.fields.setdefault("assessment_kinds", []).append(kind)
        frame.note("assessment_kinds", len(held), "provenBy", pos)
    return kind


def _offered_scheme(frame: Frame, inner: Frame, value: Any, pos: int | None) -> None:
    found = single(inner, "gradingScheme", value)
    local = found and grading_scheme(inner, found[1], "gradingScheme", found[0], "grading_scheme", None)
    if not local:
        return
    if frame.fields.setdefault("grading_scheme", local) != local:
        inner.stray("gradingScheme", value)
    frame.note("grading_scheme", None, "provenBy", pos)


def _influenced(frame: Frame, value: Any) -> None:
    """Of the activities on offer a record has the contact hours; all else is kept beside."""
    for pos, item in several(frame, "influencedBy", value):
        inner = _inner(frame, item, "influencedBy", pos, "LearningActivitySpecification", {"contactHour"})
        if inner is None:
            continue
        for key, each in inner.node.items():
            if key == "contactHour":
                for at, hours in several(inner, key, each):
                    held = frame.fields.setdefault("contact_hours", [])
                    text = string(inner, hours, key, at, "contact_hours", len(held))
                    if text is not None:
                        held.append(text)
                        frame.note("contact_hours", len(held) - 1, "influencedBy", pos)
            elif key not in _SILENT:
                inner.stray(key, each)
        if not _implied(frame, inner.node.get("title"), None):
            inner.stray("title", inner.node["title"])


def _inner(frame: Frame, item: Any, key: str, pos: int | None, part: str, told: set[str]) -> Frame | None:
    """A part of which a record has what is ``told``; one that says nothing of that is kept as a whole."""
    found = frame.run.node(frame, item, key, pos)
    if found is None:
        return None
    if told.isdisjoint(found[0]):
        frame.aside(key, pos, item, NO_WORD, key, part=frame.part)
        return None
    inner = Frame(frame.run, frame, found[0], frame.fields, part, key, pos, value=True)
    inner.pointer = found[1]
    head(inner, part)
    return inner


def _implied(frame: Frame, title: Any, kind: Concept | None) -> bool:
    """Whether a title says nothing of its own: the label of the kind, or the heading of the whole."""
    if title is None:
        return True
    said = _pairs(title)
    if kind is not None:
        known = frame.run.codes.known(kind.code)
        labels = {(text.lang, text.value) for text in kind.labels}
        return said == (labels or (known.labels if known is not None else set()))
    up: Frame | None = frame
    while up is not None:
        if "title" in up.node:
            return said <= _pairs(up.node["title"])
        up = up.up
    return False


def _pairs(value: Any) -> set[tuple[str | None, str]]:
    """The texts of a language map, one or several a language."""
    found: set[tuple[str | None, str]] = set()
    value = value[0] if type(value) is list and len(value) == 1 else value
    for lang, said in value.items() if type(value) is dict else ():
        found |= {(lang, each) for each in (said if type(said) is list else [said]) if type(each) is str}
    return found


# --- entitlements


def _term(key: str) -> Any:
    """A term of an entitlement, which stands in a struct of its own."""

    def put(frame: Frame, value: Any) -> None:
        several_values = key != "entitlementStatus"
        for pos, item in several(frame, key, value):
            terms = frame.fields.setdefault("terms", {})
            if not several_values:
                found = concept(frame, item, key, pos, "entitlement.status", None)
                if found is not None and terms.setdefault("status", found) is not found:
                    frame.aside(key, pos, item, SEVERAL, "1")
                continue
            name = _LIMITS[key]
            held = terms.setdefault(name, [])
            read = agent if key == "limitOrganisation" else concept
            made = read(frame, item, key, pos, f"entitlement.limit.{name}", len(held))
            if made is not None:
                held.append(made)
                terms.setdefault("places", {})[name, len(held) - 1] = frame.place(key, pos)
        frame.note("entitlement", None, key, None)

    return put


_LIMITS: Final = {
    "limitJurisdiction": "jurisdictions",
    "limitOccupation": "occupations",
    "limitOrganisation": "organisations",
}

# --- the four shapes


def _finished(frame: Frame) -> None:
    fields = frame.fields
    if "Qualification" in types(frame.node):
        fields["is_qualification"] = True
        frame.note("is_qualification", None, "type", None)
    stacks: dict[str, Any] = fields.pop("stacks", {})
    if stacks:
        fields["stackability"] = Stackability(kind=stacks.get("kind"), towards=tuple(stacks.get("towards", ())))
    terms: dict[str, Any] = fields.pop("terms", {})
    limits = {name: tuple(terms[name]) for name in _LIMITS.values() if terms.get(name)}
    if terms.get("status") is not None or limits:
        limit = Limit(**limits) if limits else None
        fields["entitlement"] = EntitlementTerms(status=terms.get("status"), limit=limit)
        if frame.run.trace is not None:
            places: Fields = {}
            for (name, index), place in terms.get("places", {}).items():
                frame.run.trace.note(places, name, index, place)
            frame.run.trace.bind(limit, places)


def _assessed(frame: Frame) -> None:
    """A part that is nothing but another kind of assessment stands in for a second type, which ELM has no room for."""
    _finished(frame)
    fields = frame.fields
    parts: list[Specification] = fields.get("parts", [])
    kinds = [part for part in parts if _only_kind(frame, part)]
    if kinds and fields.get("kinds"):
        fields["kinds"] = [*fields["kinds"], *(part.kinds[0] for part in kinds)]
        fields["parts"] = [part for part in parts if part not in kinds]


def _only_kind(frame: Frame, part: Specification) -> bool:
    bare = Specification(id=part.id, title=part.title, kinds=part.kinds)
    if part != bare or len(part.kinds) != 1 or not (part.id or LOCAL).startswith(LOCALS):
        return False
    return _labelled(frame, Note(texts=part.title), part.kinds[0])


def _parts(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Any:
    shape = next((made for made in SHAPES if frame.part in made.classes), ACHIEVEMENT_SPEC)
    return shape.read(frame, item, key, pos, name, index)


_HEAD: Final = (
    texts("title", "title"),
    texts("altLabel", "alt_titles"),
    texts("description", "description"),
    many("identifier", "identifiers", identifier),
    texts("category", "categories"),
    many("dcType", "kinds", concept),
    many("homepage", "homepages", link),
    many("supplementaryDocument", "documents", link),
    own(
        "additionalNote",
        ("notes", "description_html", "schedules", "supervision", "stackability", "quality_assurance"),
        _notes,
    ),
    one("status", "status", string),
    one("dateModified", "modified", INSTANT),
    many("hasPart", "parts", _parts),
    many("mode", "modes", concept),
    many("language", "languages", bare("language")),
    one("volumeOfLearning", "volume_of_learning", DURATION),
)


def _entry(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Note | None:
    return note(frame, item, key, pos, name, index)


ACHIEVEMENT_SPEC: Final = Shape(
    ("LearningAchievementSpecification", "Qualification"),
    Specification,
    *_HEAD,
    one("isPartialQualification", "is_partial", truth),
    many("qualificationCode", "qualification_codes", concept),
    *LEVELS,
    *FIELDS,
    many("creditPoint", "credits", credit),
    one("maximumDuration", "maximum_duration", DURATION),
    many("learningOutcome", "learning_outcomes", outcome),
    one("learningOutcomeSummary", "outcome_summary", note),
    one("learningSetting", "setting", concept),
    many("entryRequirement", "entry_requirements", _entry),
    many("targetGroup", "target_groups", concept),
    many("accreditation", "quality_assurance", ACCREDITATION.read),
    own("isPartOf", ("stackability",), _towards),
    own("provenBy", ("assessment_kinds", "grading_scheme"), _proven),
    own("influencedBy", ("contact_hours",), _influenced),
    finish=_finished,
)
ACTIVITY_SPEC: Final = Shape(
    ("LearningActivitySpecification",),
    Specification,
    *_HEAD,
    many("contactHour", "contact_hours", string),
    finish=_finished,
)
ASSESSMENT_SPEC: Final = Shape(
    ("LearningAssessmentSpecification",),
    Specification,
    *_HEAD,
    one("gradingScheme", "grading_scheme", grading_scheme),
    finish=_assessed,
)
ENTITLEMENT_SPEC: Final = Shape(
    ("LearningEntitlementSpecification",),
    Specification,
    *_HEAD,
    *(
        own(key, ("entitlement",), _term(key))
        for key in ("entitlementStatus", "limitJurisdiction", "limitOccupation", "limitOrganisation")
    ),
    finish=_finished,
)
SHAPES: Final = (ACHIEVEMENT_SPEC, ACTIVITY_SPEC, ASSESSMENT_SPEC, ENTITLEMENT_SPEC)


def specification(fallback: Shape) -> Any:
    """A specification, by its own class where it says one; ``fallback`` is that of the claim."""

    def read(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Any:
        found = frame.run.node(frame, item, key, pos)
        if found is None:
            return None
        said = types(found[0])
        shape = next((made for made in SHAPES if any(each in made.classes for each in said)), fallback)
        if shape is not fallback:
            frame.find(OTHER_TYPE, key, pos, " ".join(said), expected=fallback.part)
        return shape.read(frame, item, key, pos, name, index)

    return read
