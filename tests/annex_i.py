"""What a credential says of each element of Annex I, wherever in the model it stands: facts that can be counted.

A fact is one value with its language where it has one; what belongs together (the texts
and the skills of one learning outcome) is one fact, so that nothing can change places unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from mcbridge.checks.walk import heading, organisations
from mcbridge.mappers.edc.values import duration
from mcbridge.model import (
    Achievement,
    Activity,
    Assessment,
    Concept,
    Credential,
    Level,
    Organisation,
    QualityAssurance,
    Specification,
    Texts,
)
from mcbridge.tables import Tables

Fact = Any
Facts = Mapping[str, frozenset[Fact]]

TABLES: Final = Tables()


class About(str):
    """The word in a fact that tells what the rest of it is; it is ours and stands in no document."""

    __slots__ = ()


_LISTS: Final = tuple(TABLES.vocabulary(name) for name in TABLES.names("vocabularies"))


def coded(concept: Concept) -> str:
    """The IRI of a concept of a list that we know, else its own code, else its label."""
    for vocabulary in _LISTS:
        if concept.scheme in {None, vocabulary.name, vocabulary.scheme} or "://" in concept.code:
            entry = vocabulary.by_iri(concept.code) or (vocabulary.by_code(concept.code) if concept.scheme else None)
            if entry is not None:
                return entry.iri
    return concept.code or "/".join(text.value for text in concept.labels)


def of(name: str, word: str) -> str:
    """The IRI of a word of one list, else the word."""
    entry = TABLES.vocabulary(name).find(word)
    return entry.iri if entry else word


def forms(word: str) -> frozenset[str]:
    """How a word may stand in a document: as it is, or for a code of a list its IRI, its code or a label."""
    entries = [entry for vocabulary in _LISTS if (entry := vocabulary.by_iri(word)) is not None]
    more = [(entry.code, entry.iri.rpartition("/")[2], *entry.labels.values()) for entry in entries]
    return frozenset([word, *(form for each in more for form in each)])


def said(texts: Texts) -> frozenset[tuple[str, str | None]]:
    return frozenset((text.value, text.lang) for text in texts if text.value)


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


class View:
    """One achievement of a credential, with all that stands around it."""

    def __init__(self, record: Credential, achievement: Achievement) -> None:
        self.record = record
        self.achievement = achievement
        self.offered = achievement.specification or Specification()
        self.known = organisations(record)
        award = achievement.award
        ids = award.bodies if award and award.bodies else (record.issuer,) if record.issuer else ()
        self.bodies: list[Organisation] = [self.known[id_] for id_ in ids]

    def assessments(self) -> Iterator[Assessment]:
        yield from _whole(self.achievement.assessments)

    def activities(self) -> Iterator[Activity]:
        yield from _whole(self.achievement.activities)


def _whole(claims: Iterable[Any]) -> Iterator[Any]:
    for claim in claims:
        yield claim
        yield from _whole(claim.parts)


def _learner(view: View) -> Iterator[Fact]:
    learner = view.record.learner
    for name in ("given_names", "family_name", "birth_name"):
        yield from ((About(name), text.value) for text in getattr(learner, name))
    if learner.birth_date:
        yield About("born"), learner.birth_date.isoformat()
    yield from ((About("number"), each.value) for each in learner.identifiers)
    if learner.national_id:
        yield (
            About("national number"),
            learner.national_id.value,
            of("country", learner.national_id.country or ""),
        )
    yield from ((About("citizen"), of("country", each)) for each in learner.citizenships)
    yield from ((About("e-mail"), email) for contact in learner.contacts for email in contact.emails)
    if learner.gender:
        yield About("sex"), of("human-sex", learner.gender)


def _country(view: View) -> Iterator[Fact]:
    for body in view.bodies:
        for place in body.places:
            yield from ((About("country"), of("country", each.country)) for each in place.addresses if each.country)
            yield from ((About("region"), coded(region)) for region in place.regions)


def _bodies(view: View) -> Iterator[Fact]:
    for body in view.bodies:
        yield said(body.names), frozenset(each.value for each in body.identifiers)


def _date(view: View) -> Iterator[Fact]:
    if view.achievement.award and view.achievement.award.date:
        yield view.achievement.award.date.isoformat()


def _outcomes(view: View) -> Iterator[Fact]:
    for outcome in view.offered.learning_outcomes:
        yield said(outcome.title), frozenset(coded(skill) for skill in (*outcome.esco_skills, *outcome.skills))
    if view.offered.outcome_summary:
        yield About("summary"), said(view.offered.outcome_summary.texts)


def _workload(view: View) -> Iterator[Fact]:
    for name, credits_ in (("offered", view.offered.credits), ("received", view.achievement.credits)):
        yield from ((About(name), of("education-credit", each.scheme), _number(each.points)) for each in credits_)
    if view.offered.volume_of_learning:
        yield About("volume"), duration(view.offered.volume_of_learning)


def _level(view: View) -> Iterator[Fact]:
    yield from map(_one_level, view.offered.levels)


def _one_level(level: Level) -> Fact:
    return About(level.framework.value), level.value or level.code, of("country", level.country or "")


def _kinds(view: View) -> Iterator[Fact]:
    for each in view.assessments():
        yield from map(coded, each.kinds)
        yield from map(coded, (each.specification or Specification()).kinds)
        yield from map(coded, (each.specification or Specification()).assessment_kinds)
    yield from map(coded, view.offered.assessment_kinds)


def _modes(view: View) -> Iterator[Fact]:
    yield from map(coded, view.offered.modes)
    for each in view.activities():
        yield from map(coded, (each.specification or Specification()).modes)


def _quality(view: View) -> Iterator[Fact]:
    yield from (_one_quality(each, view.known) for each in view.offered.quality_assurance)


def _one_quality(one: QualityAssurance, known: Mapping[str, Organisation]) -> Fact:
    agency = said(known[one.agency].names) if one.agency else None
    return coded(one.kind) if one.kind else None, said(one.title), agency, one.report.url if one.report else None


def _prerequisites(view: View) -> Iterator[Fact]:
    for note in view.offered.entry_requirements:
        yield from said(note.texts)


def _supervision(view: View) -> Iterator[Fact]:
    if view.offered.supervision:
        yield coded(view.offered.supervision)
    yield from (coded(each.verification) for each in view.assessments() if each.verification)


def _grade(view: View) -> Iterator[Fact]:
    schemes = {scheme.id: scheme for scheme in view.record.grading_schemes}
    for each in view.assessments():
        named = schemes.get(each.grading_scheme or "")
        yield About("grade"), said(each.grade)
        for text in said(named.title) | said(named.description) if named else ():
            yield About("of the scale"), said(each.grade), text


def _stackability(view: View) -> Iterator[Fact]:
    stackability = view.offered.stackability
    if stackability and stackability.kind:
        yield stackability.kind.value
    if stackability:
        yield from (said(target.titles) for target in stackability.towards)


def _further(view: View) -> Iterator[Fact]:
    yield from ((About("page"), link.url) for link in view.offered.homepages)
    for note in view.offered.notes:
        yield from ((About("note"), *each) for each in said(note.texts))
    yield from ((About("description"), *each) for each in said(view.offered.description))


ELEMENTS: Final[Mapping[str, Callable[[View], Iterator[Fact]]]] = {
    "learner": _learner,
    "title": lambda view: iter(said(heading(view.achievement))),
    "country or region of the issuer": _country,
    "awarding bodies": _bodies,
    "date of award": _date,
    "learning outcomes": _outcomes,
    "workload": _workload,
    "level and cycle": _level,
    "type of assessment": _kinds,
    "form of participation": _modes,
    "quality assurance": _quality,
    "prerequisites": _prerequisites,
    "supervision and identity": _supervision,
    "grade": _grade,
    "stackability": _stackability,
    "further information": _further,
}
"""The sixteen elements of Council Recommendation 2022/C 243/02, Annex I, in its order."""


def facts(record: Credential) -> Facts:
    """What a credential with one achievement says of each element."""
    (achievement,) = record.achievements
    view = View(record, achievement)
    return {name: frozenset(find(view)) for name, find in ELEMENTS.items()}
