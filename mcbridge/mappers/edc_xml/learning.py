"""Credits, grading schemes, learning outcomes, levels and fields of learning."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from mcbridge.mappers._json import compact
from mcbridge.mappers.edc_xml.coded import coded, concept, country, of
from mcbridge.mappers.edc_xml.frames import Frame, attribute, key_of, local
from mcbridge.mappers.edc_xml.leaves import POINTS
from mcbridge.mappers.edc_xml.notes import note, notes
from mcbridge.mappers.edc_xml.pieces import identifier, link
from mcbridge.mappers.edc_xml.rows import Row, Shape, build, many, one, own
from mcbridge.mappers.edc_xml.rules import WRONG_VALUE
from mcbridge.mappers.edc_xml.texts import texts
from mcbridge.model import Concept, Credit, Field, Framework, GradingScheme, LearningOutcome, Level

# --- credits

ECTS: Final = "ects"


def credit(frame: Frame, element: _Element, name: str, index: int | None) -> Credit | None:
    """Credits of the scheme that is named, if any."""
    inner = _points(frame, element, name, index)
    if inner is None:
        return None
    said = attribute(element, "schemeID") or ""
    entry = frame.run.codes.tables.vocabulary("education-credit").find(said) if said else None
    inner.fields["scheme"] = entry.code if entry is not None else said
    if entry is not None and entry.iri != said:
        inner.spell("scheme", None, said)
    inner.note("scheme", None, element)
    made: Credit = build(Credit, inner)
    return made


def ects(frame: Frame, element: _Element, name: str, index: int | None) -> Credit | None:
    """ECTS credits; another scheme that stands there all the same is kept."""
    inner = _points(frame, element, name, index)
    if inner is None:
        return None
    inner.fields["scheme"] = ECTS
    said = attribute(element, "schemeID")
    if said is not None:
        entry = frame.run.codes.tables.vocabulary("education-credit").find(said)
        if entry is None or entry.code != ECTS:
            inner.find(WRONG_VALUE, element, said, key_of(element, "schemeID"), expected="ECTS")
            inner.keep(element, key_of(element, "schemeID"))
        else:
            inner.spell("scheme", None, said)
    made: Credit = build(Credit, inner)
    return made


def _points(frame: Frame, element: _Element, name: str, index: int | None) -> Frame | None:
    inner = frame.within(element, {}, f'"{local(element)}" of {frame.part}', name=name, index=index)
    points = POINTS(inner, element, "points", None)
    if points is None:
        return None
    inner.fields["points"] = points
    inner.note("points", None, element)
    return inner


# --- grading schemes

GRADING_SCHEME: Final = Shape(
    "scoringScheme",
    GradingScheme,
    texts("title", "title"),
    notes("description", "description"),
    many("identifier", "identifiers", identifier),
    many("supplementaryDoc", "documents", link),
)


def grading_scheme(frame: Frame, element: _Element, name: str, index: int | None) -> str | None:
    """A grading scheme that an element refers to, by the local id in the record; it stands there once."""
    target = frame.run.target(frame, element, GRADING_SCHEME.names)
    return None if target is None else scheme_of(frame, target)


def scheme_of(frame: Frame, element: _Element) -> str:
    """The local id of a grading scheme."""
    run = frame.run
    held: str | None = run.scheme_elements.get(element)
    if held is not None:
        return held
    local_id = attribute(element, "id") or f"scheme-{len(run.schemes) + 1}"
    run.scheme_elements[element] = local_id
    inner = frame.within(element, {}, GRADING_SCHEME.part, home=f"gradingSchemes[{len(run.schemes)}]")
    run.schemes[local_id] = GRADING_SCHEME.made(inner)
    return local_id


# --- learning outcomes


def _skill(frame: Frame, element: _Element) -> None:
    """Skills of ESCO, and those of other lists that stand among them."""
    said = attribute(element, "uri") or ""
    field = "esco_skills" if said.startswith(_ESCO) else "skills"
    held = frame.fields.setdefault(field, [])
    made = coded(frame, element, field, len(held))
    if made is not None:
        held.append(made)
        frame.note(field, len(held) - 1, element)
    if not held:
        del frame.fields[field]


_ESCO: Final = "http://data.europa.eu/esco/skill/"

OUTCOME: Final = Shape(
    "learningOutcome",
    LearningOutcome,
    texts("prefLabel title", "title"),
    one("learningOutcomeType", "kind", of("skill-type")),
    one("reusabilityLevel", "reusability", of("skill-reuse-level")),
    own("relatedEscoSkill relatedESCOSkill relatedSkill", ("esco_skills", "skills"), _skill),
    many("identifier", "identifiers", identifier),
    many("description additionalNote", "notes", note),
)

# --- levels

_SPATIAL: Final = "targetFrameworkSpatialID"


def _level(framework: Framework, element: _Element, frame: Frame) -> None:
    """A level is an entity: what was found beside in its code belongs to it."""
    held = frame.fields.setdefault("levels", [])
    inner = frame.within(element, {}, f'"{local(element)}" of {frame.part}', name="levels", index=len(held))
    found = concept(inner, element, "code", None, "eqf" if framework is Framework.EQF else None, (_SPATIAL,))
    if found is None:
        if not held:
            del frame.fields["levels"]
        return
    entry = frame.run.codes.entry("eqf", found.code) if framework is Framework.EQF else None
    fields = inner.fields
    fields["framework"] = framework
    if entry is not None:
        fields["value"] = entry.code
        if found.notation:
            inner.spell("value", None, found.notation)
    else:
        fields.update(value=found.notation, scheme=found.scheme, code=found.code or None)
    fields.update(labels=found.labels, description=found.definition)
    if spatial := attribute(element, _SPATIAL):
        fields["country"] = country(inner, spatial, "country", None)
    held.append(build(Level, inner))
    frame.note("levels", len(held) - 1, element)


def _eqf(frame: Frame, element: _Element) -> None:
    if any(level.framework is Framework.EQF for level in frame.fields.get("levels", ())):
        frame.again(element)
    else:
        _level(Framework.EQF, element, frame)


def _nqf(frame: Frame, element: _Element) -> None:
    _level(Framework.NQF, element, frame)


LEVELS: Final[tuple[Row, ...]] = (
    own("eqfLevel", ("levels",), _eqf),
    own("nqfLevel", ("levels",), _nqf),
)
EDUCATION_LEVEL: Final = many("hasEducationLevel", "education_levels", coded)

# --- fields of study


def _area(frame: Frame, element: _Element, name: str, index: int | None) -> Field | None:
    found = concept(frame, element, name, index, "isced-f")
    if found is None:
        return None
    entry = frame.run.codes.entry("isced-f", found.code)
    scheme = "isced-f" if entry is not None else found.scheme or "isced-f"
    return _field(frame, found, scheme, entry.code if entry is not None else found.code, name, index)


def _subject(frame: Frame, element: _Element, name: str, index: int | None) -> Field | None:
    found = concept(frame, element, name, index)
    return None if found is None else _field(frame, found, found.scheme or "", found.code, name, index)


def _field(frame: Frame, found: Concept, scheme: str, code: str, name: str, index: int | None) -> Field:
    """A field has a code and labels; a notation and a description are how it was written."""
    more = {
        "targetNotation": found.notation,
        "targetDescription": [[text.lang, text.value] for text in found.definition],
    }
    if kept := {key: value for key, value in more.items() if value}:
        frame.spell(name, index, compact(kept))
    if not code and len(found.labels):
        code = found.labels[0].value
    return Field(scheme=scheme, code=code, labels=found.labels)


FIELDS: Final[tuple[Row, ...]] = (
    many("hasISCED-FCode hasISCEDFCode", "fields", _area),
    many("hasEducationSubject", "fields", _subject),
)
