"""Learning outcomes: each one says something, and once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from mcbridge.checks.walk import filled, specifications
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import LearningOutcome, Record
from mcbridge.origins import Origin
from mcbridge.tables import Tables

ESCO: Final = "http://data.europa.eu/esco/"
"""How the identifiers of ESCO skills begin."""

EMPTY: Final = rule(
    "outcome/empty",
    Severity.WARNING,
    "A learning outcome that says nothing",
    'learning outcome {number} of "{value}" has neither words nor a skill',
    "write down what a learner knows, understands or can do, or leave it out",
    "learning outcomes are what a micro-credential certifies (Council Recommendation 2022/C 243/02, Annex I)",
    '{"learningOutcomes": [{"title": [{"value": ""}]}]}',
)
REPEATED: Final = rule(
    "outcome/repeated",
    Severity.NOTE,
    "A learning outcome stands twice",
    'the learning outcome "{value}" stands twice',
    "leave one of the two out in the course description",
    "the second one tells the reader nothing new",
    "two equal cells in a list of outcomes",
)
NOT_ESCO: Final = rule(
    "outcome/not-esco",
    Severity.WARNING,
    "What should be an ESCO skill is no identifier of ESCO",
    'the skill "{value}" does not begin with http://data.europa.eu/esco/',
    "copy the identifier of the skill from the ESCO portal; it begins with http, not https",
    "ESCO identifies each skill by one IRI, and whoever compares skills compares these (ESCO, URI of concepts)",
    '{"escoSkills": [{"code": "https://data.europa.eu/esco/skill/…"}]}',
)


class Outcomes:
    """The learning outcomes of whatever is specified."""

    rules: ClassVar[tuple[Rule, ...]] = (EMPTY, REPEATED, NOT_ESCO)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        for path, specification in specifications(record):
            seen: set[tuple[tuple[str, str | None], ...]] = set()
            title = next((text.value for text in specification.title), "")
            for at, outcome in enumerate(specification.learning_outcomes):
                where = f"{path}.learningOutcomes[{at}]"
                said = tuple((text.value.strip(), text.lang) for text in outcome.title)
                if _is_empty(outcome):
                    yield Diagnostic(EMPTY, origin.of(where), where, title, {"number": at + 1})
                elif filled(outcome.title) and said in seen:
                    yield Diagnostic(REPEATED, origin.of(where), where, said[0][0])
                seen.add(said)
                for number, skill in enumerate(outcome.esco_skills):
                    if not skill.code.startswith(ESCO):
                        spot = f"{where}.escoSkills[{number}].code"
                        yield Diagnostic(NOT_ESCO, origin.of(spot), spot, skill.code)


def _is_empty(outcome: LearningOutcome) -> bool:
    return not filled(outcome.title) and not outcome.esco_skills and not outcome.skills
