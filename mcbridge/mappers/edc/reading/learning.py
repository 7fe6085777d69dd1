"""Credits, grading schemes, learning outcomes, levels and fields of learning."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from mcbridge.mappers.edc.reading.coded import Codes, code_of, concept
from mcbridge.mappers.edc.reading.frames import Frame
from mcbridge.mappers.edc.reading.leaves import NUMBER
from mcbridge.mappers.edc.reading.pieces import identifier, link, note
from mcbridge.mappers.edc.reading.rows import LOCALS, Read, Row, Shape, build, many, one, own, several, single, texts
from mcbridge.mappers.edc.reading.rules import SEVERAL
from mcbridge.model import (
    Concept,
    Credit,
    Field,
    Framework,
    GradingScheme,
    Identifier,
    LearningOutcome,
    Level,
    Texts,
)

# --- credits


def _framework(frame: Frame, value: Any) -> None:
    found = single(frame, "framework", value)
    if found is None:
        return
    made = concept(frame, found[1], "framework", found[0], "scheme", None)
    if made is None:
        return
    frame.note("scheme", None, "framework", found[0])
    codes: Codes = frame.run.codes
    if made.labels and (codes.entry("education-credit", made.code) or made.code):
        frame.fields["labels"] = list(made.labels)
    bare = Concept(code=made.code) if codes.entry("education-credit", made.code) else replace(made, labels=())
    frame.fields["scheme"] = code_of(frame, bare, "education-credit", "scheme", None) or _first(made.labels)


def _first(texts: Texts) -> str:
    return next((text.value for text in texts), "")


CREDIT: Final = Shape(
    ("CreditPoint",),
    Credit,
    own("framework", ("scheme", "labels"), _framework),
    one("point", "points", NUMBER),
)
credit: Read = CREDIT.read

# --- grading schemes

LOCAL_ID: Final = "localId"
"""What the identifier is called that holds the local name of a grading scheme."""


def _finished(frame: Frame) -> None:
    fields = frame.fields
    held: list[Identifier] = fields.get("identifiers", [])
    local = next((each for each in held if each.type == LOCAL_ID and each.scheme_name is None), None)
    if local is not None:
        fields["identifiers"] = [each for each in held if each is not local]
        fields["local"] = local.value


GRADING_SCHEME: Final = Shape(
    ("GradingScheme",),
    GradingScheme,
    texts("title", "title"),
    texts("description", "description"),
    many("identifier", "identifiers", identifier),
    many("supplementaryDocument", "documents", link),
)


def grading_scheme(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
    """A grading scheme, by the local id in the record; it stands there once."""
    run = frame.run
    found = run.node(frame, item, key, pos)
    if found is None:
        return None
    node, pointer = found
    called = node.get("id")
    called = called if type(called) is str else ""
    for other, known in run.scheme_nodes.get(called, ()):
        if other is node or other == node:
            return str(known)
    inner = Frame(run, frame, node, {}, "GradingScheme", key, pos)
    inner.pointer = pointer
    inner.home = f"gradingSchemes[{len(run.schemes)}]"
    GRADING_SCHEME.fill(inner)
    _finished(inner)
    own: str = inner.fields.pop("local", "")
    if own and called and not called.startswith(LOCALS):
        inner.spell("id", None, called)
    wanted = own or called or "scheme"
    inner.fields["id"] = wanted
    made: GradingScheme = build(GradingScheme, inner)
    local: str = wanted
    number = 2
    while local in run.schemes and run.schemes[local] != replace(made, id=local):
        local, number = f"{wanted}~{number}", number + 1
    if local not in run.schemes:
        made = made if local == wanted else replace(made, id=local)
        run.schemes[local] = made
    run.scheme_nodes.setdefault(called, []).append((node, local))
    return local


# --- learning outcomes

OUTCOME: Final = Shape(
    ("LearningOutcome",),
    LearningOutcome,
    texts("title", "title"),
    one("dcType", "kind", concept),
    one("reusabilityLevel", "reusability", concept),
    many("relatedESCOSkill", "esco_skills", concept),
    many("relatedSkill", "skills", concept),
    many("identifier", "identifiers", identifier),
    many("additionalNote", "notes", note),
)
outcome: Read = OUTCOME.read

# --- levels

_FREE: Final = {framework.value: framework for framework in sorted(Framework, key=lambda each: -len(each.value))}
_PREFIX: Final = "QF-EHEA "


def _put_level(frame: Frame, key: str, pos: int | None, made: Level) -> None:
    """A level is an entity: what was found beside in its concept belongs to it."""
    held = frame.fields.setdefault("levels", [])
    lead = frame.beside(key, pos) + "/"
    mine = [each for each in frame.entity.fields.get("residue", ()) if each.path.startswith(lead)]
    if mine:
        frame.entity.fields["residue"] = [each for each in frame.entity.fields["residue"] if each not in mine]
        made = replace(made, residue=tuple(replace(each, path=f"/{each.path.removeprefix(lead)}") for each in mine))
    held.append(made)
    frame.note("levels", len(held) - 1, key, pos)


def _eqf(frame: Frame, value: Any) -> None:
    for number, (pos, item) in enumerate(several(frame, "eqfLevel", value)):
        if number == 1:
            frame.find(SEVERAL, "eqfLevel", None, "1")
        found = concept(frame, item, "eqfLevel", pos, "levels", len(frame.fields.get("levels", ())))
        if found is not None:
            entry = frame.run.codes.entry("eqf", found.code)
            if entry is not None:
                code = None if found.code == entry.iri else found.code
                made = Level(framework=Framework.EQF, value=entry.code, code=code, labels=found.labels)
            else:
                word = found.notation or (None if found.code else _first(found.labels) or None)
                made = Level(framework=Framework.EQF, value=word, code=found.code or None, labels=found.labels)
            _put_level(frame, "eqfLevel", pos, replace(made, description=found.definition))


def _nqf(frame: Frame, value: Any) -> None:
    for pos, item in several(frame, "nqfLevel", value):
        found = concept(frame, item, "nqfLevel", pos, "levels", len(frame.fields.get("levels", ())))
        if found is not None:
            entry = frame.run.codes.entry("qdr", found.code)
            listed = {} if entry is None else entry.properties
            made = Level(
                framework=Framework.NQF,
                value=found.notation or listed.get("level"),
                country=listed.get("country"),
                scheme=listed.get("framework", None if found.scheme == "qdr" else found.scheme),
                code=found.code or None,
                labels=found.labels,
                description=found.definition,
            )
            _put_level(frame, "nqfLevel", pos, made)


def _education_level(frame: Frame, value: Any) -> None:
    """Cycles and levels of frameworks that ELM has no list of are levels, as we write them; all else is as it is."""
    for pos, item in several(frame, "educationLevel", value):
        index = len(frame.fields.get("education_levels", ()))
        found = concept(frame, item, "educationLevel", pos, "education_levels", index)
        if found is None:
            continue
        made = _cycle(frame, found) or _other(found)
        if made is not None:
            _put_level(frame, "educationLevel", pos, made)
        else:
            held = frame.fields.setdefault("education_levels", [])
            held.append(found)
            frame.note("education_levels", len(held) - 1, "educationLevel", pos)


def _cycle(frame: Frame, found: Concept) -> Level | None:
    entry = frame.run.codes.entry("qf-ehea", found.code)
    if entry is None:
        return None
    ours = {(tag, _PREFIX + text) for tag, text in entry.labels.items()}
    said = {(text.lang, text.value) for text in found.labels}
    labels = () if said == ours else found.labels
    return Level(framework=Framework.QF_EHEA, value=entry.code, labels=labels, description=found.definition)


def _other(found: Concept) -> Level | None:
    """A level that is a free concept of ours: its scheme begins with the framework, its notation is the value."""
    scheme = found.scheme or ""
    for word, framework in _FREE.items():
        if scheme != word and not scheme.startswith(f"{word}-"):
            continue
        rest = scheme.removeprefix(word).removeprefix("-")
        head, _, last = rest.rpartition("-")
        country = last if len(last) == 2 and last.isalpha() and last.isupper() else None
        named = (head if country else rest) or None
        value = found.code or None
        implied = " ".join(part for part in (named or _WORDS.get(framework, ""), country or "", value or "") if part)
        labels = () if [text.value for text in found.labels] == [implied] else found.labels
        return Level(
            framework=framework,
            value=value,
            scheme=named,
            country=country,
            labels=labels,
            description=found.definition,
        )
    return None


_WORDS: Final = {Framework.EQF: "EQF", Framework.QF_EHEA: "QF-EHEA", Framework.NQF: "NQF"}

LEVELS: Final[tuple[Row, ...]] = (
    own("eqfLevel", ("levels",), _eqf),
    own("nqfLevel", ("levels",), _nqf),
    own("educationLevel", ("levels", "education_levels"), _education_level),
)

# --- fields of study


def _area(frame: Frame, value: Any) -> None:
    for pos, item in several(frame, "thematicArea", value):
        index = len(frame.fields.get("fields", ()))
        found = concept(frame, item, "thematicArea", pos, "fields", index)
        if found is not None:
            entry = frame.run.codes.entry("isced-f", found.code)
            made = Field(
                scheme="isced-f" if entry is not None else found.scheme or "isced-f",
                code=entry.code if entry is not None else found.code or _first(found.labels),
                labels=found.labels,
            )
            _put_field(frame, "thematicArea", pos, made, found)


def _subject(frame: Frame, value: Any) -> None:
    for pos, item in several(frame, "educationSubject", value):
        index = len(frame.fields.get("fields", ()))
        found = concept(frame, item, "educationSubject", pos, "fields", index)
        if found is not None:
            made = Field(scheme=found.scheme or "", code=found.code, labels=found.labels)
            _put_field(frame, "educationSubject", pos, made, found)


def _put_field(frame: Frame, key: str, pos: int | None, made: Field, found: Concept) -> None:
    held = frame.fields.setdefault("fields", [])
    held.append(made)
    frame.note("fields", len(held) - 1, key, pos)
    inner = Frame(frame.run, frame, {}, frame.fields, "a concept", key, pos, value=True)
    if found.notation:
        inner.stray("notation", found.notation)
    if found.definition:
        inner.stray("definition", {text.lang or "@none": text.value for text in found.definition})


FIELDS: Final[tuple[Row, ...]] = (
    own("thematicArea", ("fields",), _area),
    own("educationSubject", ("fields",), _subject),
)
