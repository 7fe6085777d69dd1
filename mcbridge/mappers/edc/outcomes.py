"""Credits, grading schemes and learning outcomes."""

from __future__ import annotations

from typing import Final

from mcbridge.mappers.edc.coded import any_concept, concept, free_concept, known_concept, of_list
from mcbridge.mappers.edc.concepts import Known
from mcbridge.mappers.edc.pieces import identifier, link, note
from mcbridge.mappers.edc.rows import NUMBER, Frame, Table, add, elsewhere, lost, many, one, own
from mcbridge.mappers.edc.rules import DANGLING, TITLE_ASSUMED
from mcbridge.mappers.edc.texts import TITLE, heading_of
from mcbridge.mappers.edc.writing import Node, texts_of
from mcbridge.model import Concept, Credit, GradingScheme, LearningOutcome

# credits


def _framework(frame: Frame, value: str, path: str) -> Node | None:
    run = frame.run
    known = run.lists.known("education-credit", value)
    labels = frame.entity.labels
    if known is not None:
        return known_concept(run, known, labels, path.removesuffix(".scheme"))
    return free_concept(
        run, Concept(code=value, scheme="education-credit", labels=labels), path.removesuffix(".scheme")
    )


CREDIT: Final = Table(
    Credit,
    one("scheme", "framework", _framework),
    one("points", "point", NUMBER),
    elsewhere("labels", "framework"),
    lost("level", "loss/credit-level", "ELM says the level of an award, not the level of its credits"),
)


def credit(frame: Frame, value: Credit, path: str) -> Node | None:
    """Credit points; without a number of points they are lost."""
    run = frame.run
    if value.points is None or not value.scheme.strip():
        run.leave_out(path, value, "a statement of credits", "number of points" if value.scheme.strip() else "scheme")
        return None
    return CREDIT.fill(Frame(run, value, path, run.node("creditPoint", "CreditPoint", path=path, value=value)))


# grading schemes

GRADING_SCHEME: Final = Table(
    GradingScheme,
    one("title", "title", TITLE),
    one("description", "description", TITLE),
    many("identifiers", "identifier", identifier),
    many("documents", "supplementaryDocument", link),
    elsewhere("id", "identifier"),
)


def grading_scheme(frame: Frame, ref: str, path: str) -> Node | None:
    """The grading scheme with a local id, which it keeps as its own or as an identifier."""
    run = frame.run
    if ref not in run.schemes:
        run.find(DANGLING, path, ref, what="the grading scheme")
        run.lose(path, "loss/dangling-reference", "the record has no such grading scheme", ref)
        return None
    node = run.scheme_nodes.get(ref)
    if node is None:
        here = f"gradingSchemes[{run.schemes[ref]}]"
        found = run.record.grading_schemes[run.schemes[ref]]
        kept = run.local_id(ref)
        called = kept or run.local_id(run.spellings.get(f"{here}.id", "")) or run.fresh("gradingScheme")
        node = run.scheme_nodes[ref] = {"id": called, "type": "GradingScheme"}
        GRADING_SCHEME.fill(Frame(run, found, here, node))
        if kept is None:
            add(node, "identifier", run.node("identifier", "Identifier") | {"notation": ref, "schemeName": "localId"})
        if "title" not in node:
            node["title"] = run.words(run.defaults.grading_scheme_title)
            source = "the default of mappings/edc/defaults.toml"
            run.find(TITLE_ASSUMED, here, texts_of(node["title"]), part="grading scheme", source=source)
    return node


# learning outcomes


def _esco(frame: Frame, value: tuple[Concept, ...], path: str) -> None:
    """ESCO skills; what is called one and is in another list stands among the other skills."""
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if isinstance(frame.run.lists.sort(item, "esco-skills"), Known):
            add(frame.node, "relatedESCOSkill", concept(frame.run, item, here, "esco-skills"))
        else:
            add(frame.node, "relatedSkill", any_concept(frame, item, here))


OUTCOME: Final = Table(
    LearningOutcome,
    elsewhere("id", "id"),
    one("title", "title", TITLE),
    one("kind", "dcType", of_list("skill-type", closed=True)),
    one("reusability", "reusabilityLevel", of_list("skill-reuse-level", closed=True)),
    own("esco_skills", ("relatedESCOSkill", "relatedSkill"), _esco),
    many("skills", "relatedSkill", any_concept),
    many("identifiers", "identifier", identifier),
    many("notes", "additionalNote", note),
)


def outcome(frame: Frame, value: LearningOutcome, path: str) -> Node | None:
    """A learning outcome; without a title the label of its first skill stands in."""
    return frame.run.once(value, path, lambda: _outcome(frame, value, path))


def _outcome(frame: Frame, value: LearningOutcome, path: str) -> Node | None:
    run = frame.run
    fallback = None
    if heading_of(run, value.title) is None:
        fallback = next(
            (found for skill in (*value.esco_skills, *value.skills) if (found := heading_of(run, skill.labels))), None
        )
        if fallback is None:
            run.leave_out(path, value, "a learning outcome", "title")
            return None
    node = OUTCOME.fill(Frame(run, value, path, run.node("learningOutcome", "LearningOutcome", value.id, path)))
    if fallback is not None:
        run.find(TITLE_ASSUMED, path, texts_of(fallback), part="learning outcome", source="the label of its skill")
        node["title"] = fallback
    return node
