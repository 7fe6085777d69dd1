"""Annex I of Council Recommendation 2022/C 243/02: the elements of a micro-credential, one rule each.

A mandatory element that is missing is a warning and not an error: the Recommendation
binds nobody, exports of today often lack some, and a conversion must not fail for what
nobody wrote down. ``--deny annex-i/…`` makes it an error where an office wants that.
An optional one is a note. Annex I is about micro-credentials, so a full degree is not
measured by it, nor are the parts of what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Final, NamedTuple

from msgspec import Struct

from mcbridge.checks.annex_i_rules import (
    ASSESSMENT,
    BODY,
    COUNTRY,
    DATE,
    DEGREE,
    FURTHER,
    GRADE,
    LEARNER,
    LEVEL,
    OUTCOMES,
    PARTICIPATION,
    PREREQUISITES,
    QUALITY,
    STACKABILITY,
    SUPERVISION,
    TITLE,
    WORKLOAD,
)
from mcbridge.checks.degree import full_degree
from mcbridge.checks.walk import filled, first, heading, organisations
from mcbridge.diagnostics import Diagnostic, Rule
from mcbridge.model import (
    Achievement,
    Activity,
    Answer,
    Assessment,
    Credential,
    Learner,
    Note,
    Organisation,
    Provision,
    Record,
    Specification,
)
from mcbridge.origins import Origin
from mcbridge.tables import Tables


class Subject(NamedTuple):
    """One micro-credential, or one that is on offer.

    ``credential``, the document that it stands in, and ``achievement`` are absent for a provision. ``organisations``
    are those that issue, award or provide it.
    """

    path: str
    title: str
    specification: Specification
    organisations: list[Organisation]
    achievement: Achievement | None = None
    credential: Credential | None = None


class Element(Struct, frozen=True):
    """One element: what must hold, and the field where it would stand. ``personal``: it says something of a person."""

    rule: Rule
    there: Callable[[Subject], object]
    where: str = "specification"
    personal: bool = False


def _assessments(subject: Subject) -> list[Assessment]:
    waiting = list(subject.achievement.assessments) if subject.achievement else []
    for each in waiting:
        waiting += each.parts
    return waiting


def _activities(subject: Subject) -> list[Activity]:
    waiting = list(subject.achievement.activities) if subject.achievement else []
    for each in waiting:
        waiting += each.parts
    return waiting


def _described(claims: list[Assessment] | list[Activity]) -> list[Specification]:
    return [claim.specification for claim in claims if claim.specification is not None]


def _said(notes: tuple[Note, ...]) -> bool:
    return any(filled(note.texts) for note in notes)


def _learner(subject: Subject) -> bool:
    learner = subject.credential.learner if subject.credential else Learner()
    names = (learner.given_names, learner.family_name, learner.full_name)
    numbers = (*learner.identifiers, *((learner.national_id,) if learner.national_id else ()))
    return any(filled(name) for name in names) or any(number.value.strip() for number in numbers)


def _country(subject: Subject) -> bool:
    places = [place for organisation in subject.organisations for place in organisation.places]
    return any(place.regions or any(address.country for address in place.addresses) for place in places)


def _date(subject: Subject) -> bool:
    award = subject.achievement.award if subject.achievement else None
    return bool((award and award.date) or (subject.credential and subject.credential.issued))


def _outcomes(subject: Subject) -> bool:
    specification = subject.specification
    summary = specification.outcome_summary
    outcomes = specification.learning_outcomes
    return any(filled(each.title) or each.esco_skills or each.skills for each in outcomes) or bool(
        summary and filled(summary.texts)
    )


def _workload(subject: Subject) -> bool:
    credits_ = (*subject.specification.credits, *(subject.achievement.credits if subject.achievement else ()))
    return any(credit.points is not None for credit in credits_) or subject.specification.volume_of_learning is not None


def _assessed(subject: Subject) -> bool:
    assessments = _assessments(subject)
    kinds = [*subject.specification.assessment_kinds, *(kind for each in assessments for kind in each.kinds)]
    described = _described(assessments)
    return bool(kinds) or any(each.kinds or each.assessment_kinds for each in described)


def _participation(subject: Subject) -> bool:
    return bool(subject.specification.modes) or any(each.modes for each in _described(_activities(subject)))


def _quality(subject: Subject) -> bool:
    evidence = subject.credential.evidence if subject.credential else ()
    return bool(
        subject.specification.quality_assurance
        or any(organisation.accreditations for organisation in subject.organisations)
        or any(each.accreditation for each in evidence)
    )


def _supervision(subject: Subject) -> bool:
    assessments = _assessments(subject)
    described = [subject.specification, *_described(assessments)]
    return any(each.supervision for each in described) or any(each.verification for each in assessments)


def _stackability(subject: Subject) -> bool:
    stackability = subject.specification.stackability
    return (
        bool(stackability and (stackability.kind or stackability.towards)) or subject.specification.is_partial is True
    )


def _further(subject: Subject) -> bool:
    said: list[Specification | Achievement] = [subject.specification]
    if subject.achievement is not None:
        said.append(subject.achievement)
    links = any(each.documents for each in said) or bool(subject.specification.homepages)
    return links or any(filled(each.description) or _said(each.notes) for each in said)


ELEMENTS: Final = (
    Element(LEARNER, _learner, "learner", personal=True),
    Element(TITLE, lambda subject: subject.title, "specification.title"),
    Element(COUNTRY, _country, "award"),
    Element(BODY, lambda subject: any(filled(each.names) for each in subject.organisations), "award"),
    Element(DATE, _date, "award", personal=True),
    Element(OUTCOMES, _outcomes),
    Element(WORKLOAD, _workload),
    Element(LEVEL, lambda subject: any(level.value or level.code for level in subject.specification.levels)),
    Element(ASSESSMENT, _assessed, "assessments"),
    Element(PARTICIPATION, _participation),
    Element(QUALITY, _quality),
    Element(PREREQUISITES, lambda subject: _said(subject.specification.entry_requirements)),
    Element(SUPERVISION, _supervision, "assessments"),
    Element(
        GRADE, lambda subject: any(filled(each.grade) for each in _assessments(subject)), "assessments", personal=True
    ),
    Element(STACKABILITY, _stackability),
    Element(FURTHER, _further),
)
"""The eleven mandatory and five optional elements, in the order of Annex I."""


class AnnexI:
    """Completeness of what a record certifies or offers."""

    rules: ClassVar[tuple[Rule, ...]] = (DEGREE, *(element.rule for element in ELEMENTS))

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        for subject, degree in _subjects(record, tables):
            lead = f"{subject.path}." if subject.path else ""
            if degree is Answer.YES:
                where = f"{lead}specification.kinds"
                yield Diagnostic(DEGREE, origin.of(where), where, subject.title or "(no title)")
                continue
            for element in ELEMENTS:
                if (element.personal and subject.credential is None) or element.there(subject):
                    continue
                where = element.where if element.where == "learner" else f"{lead}{element.where}"
                yield Diagnostic(element.rule, origin.of(where), where, subject.title or "(no title)")


def _subjects(record: Record, tables: Tables) -> Iterator[tuple[Subject, Answer]]:
    """What is measured: each achievement that is no part of another, or the provision."""
    known = organisations(record)
    if isinstance(record, Provision):
        ids = (record.provider, *record.other_providers, *record.awarding_bodies)
        involved = [known[id_] for id_ in ids if id_ in known]
        yield Subject("", first(record.specification.title), record.specification, involved), record.full_degree
        return
    for at, achievement in enumerate(record.achievements):
        ids = (record.issuer or "", *(achievement.award.bodies if achievement.award else ()))
        specification = achievement.specification or Specification()
        involved = [known[id_] for id_ in ids if id_ in known]
        title = first(heading(achievement))
        subject = Subject(f"achievements[{at}]", title, specification, involved, achievement, record)
        yield subject, full_degree(specification, tables)
