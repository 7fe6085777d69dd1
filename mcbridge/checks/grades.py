"""Grades: schemes that there are, shares of a cohort that make a whole, distributions that hold the grade."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Final

from mcbridge.checks.walk import claims, first
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Assessment, Category, Credential, DistributionOfResults, Record, ShortenedGrading
from mcbridge.origins import Origin
from mcbridge.tables import Tables

TOLERANCE: Final = 1
"""So many per cent rounding may cost."""

SCHEME_UNKNOWN: Final = rule(
    "grade/scheme-unknown",
    Severity.ERROR,
    "A grade of a scheme that is not described",
    'the grade belongs to the grading scheme "{value}", which the record does not describe',
    "ask whoever runs the export to add the scheme to the same report, or to correct the reference",
    "a grade means something within its scheme only; a scheme of another report does not count"
    " (S33, from the annotations of the ELMO schema)",
    '<gradingSchemeLocalId>hr-1-5</gradingSchemeLocalId> without <gradingScheme localId="hr-1-5">',
)
SCHEME_TWICE: Final = rule(
    "grade/scheme-repeated",
    Severity.ERROR,
    "Two grading schemes of one name",
    'there is another grading scheme called "{value}"',
    "ask whoever runs the export to give each scheme a name of its own",
    "a grade refers to its scheme by this name, and cannot mean two (S33, from the annotations of the ELMO schema)",
    'two <gradingScheme localId="1">',
)
SHARE_RANGE: Final = rule(
    "grade/share-out-of-range",
    Severity.ERROR,
    "A share of a cohort that cannot be",
    "{value} per cent of the cohort are said to stand {where} the learner",
    "correct the shares in the student system; they are numbers from 0 to 100",
    "percentages of a cohort lie between 0 and 100 (S36, from the annotations of the ELMO schema)",
    "<percentageLower>140</percentageLower>",
)
SHARES_SUM: Final = rule(
    "grade/shares-do-not-add-up",
    Severity.ERROR,
    "Shares that do not make the whole cohort",
    "the shares below, at and above the grade make {value} per cent together",
    "correct the shares in the student system, so that they make 100",
    "everybody stands below, at or above the learner's grade (S36, from the annotations of the ELMO schema)",
    "20, 20 and 20 per cent",
)
ALL_BELOW: Final = rule(
    "grade/everybody-below",
    Severity.ERROR,
    "A cohort without the learner",
    "{value} per cent of the cohort stand below the learner, so nobody is left to be the learner",
    "check whether lower and higher were exchanged",
    "the learner is one of the cohort, so less than all stand below (S36, from the annotations of the ELMO schema)",
    "<percentageLower>100</percentageLower>",
)
LABEL_TWICE: Final = rule(
    "grade/category-repeated",
    Severity.WARNING,
    "One result counted in two places",
    'the distribution of results has another category "{value}"',
    "ask whoever runs the export to add the two up",
    "each result has one number of learners (S37, from the annotations of the ELMO schema)",
    'two <category label="5">',
)
NOBODY: Final = rule(
    "grade/distribution-empty",
    Severity.WARNING,
    "A distribution of nobody's results",
    "all categories of the distribution of results together count {value}",
    "leave the distribution out when there are no figures",
    "a cohort has at least the learner in it (S37, from the annotations of the ELMO schema)",
    'all with count="0"',
)
NOT_AMONG: Final = rule(
    "grade/not-in-distribution",
    Severity.WARNING,
    "A grade that the distribution does not know",
    'the grade is "{value}", and no category of the distribution of results is called so or holds it',
    "check that grade and distribution are of the same scheme",
    "the distribution shows where the learner stands, so the grade is one of it"
    " (S37, from the annotations of the ELMO schema)",
    "<resultLabel>A</resultLabel> beside categories 1 to 5",
)

Finding = tuple[Rule, str, str, Mapping[str, Any]]


class Grades:
    """The grades of assessments, and the schemes of a record."""

    rules: ClassVar[tuple[Rule, ...]] = (
        SCHEME_UNKNOWN,
        SCHEME_TWICE,
        SHARE_RANGE,
        SHARES_SUM,
        ALL_BELOW,
        LABEL_TWICE,
        NOBODY,
        NOT_AMONG,
    )

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        if not isinstance(record, Credential):
            return
        for rule_, path, value, facts in _findings(record):
            yield Diagnostic(rule_, origin.of(path), path, value, facts)


def _findings(record: Credential) -> Iterator[Finding]:
    known: set[str] = set()
    for at, scheme in enumerate(record.grading_schemes):
        if scheme.id in known:
            yield SCHEME_TWICE, f"gradingSchemes[{at}].id", scheme.id, {}
        known.add(scheme.id)
    for path, claim in claims(record):
        if not isinstance(claim, Assessment):
            continue
        if claim.grading_scheme is not None and claim.grading_scheme not in known:
            yield SCHEME_UNKNOWN, f"{path}.gradingScheme", claim.grading_scheme, {}
        if claim.shortened is not None:
            yield from _shares(f"{path}.shortened", claim.shortened)
        if claim.distribution is not None:
            yield from _distribution(f"{path}.distribution", claim.distribution)
            grade = first(claim.grade)
            if grade and claim.distribution.categories and not among(grade, claim.distribution.categories):
                yield NOT_AMONG, f"{path}.grade", grade, {}


def _shares(path: str, shares: ShortenedGrading) -> Iterator[Finding]:
    named = (("lower", shares.lower, "below"), ("equal", shares.equal, "at"), ("higher", shares.higher, "above"))
    there = [share for _, share, _ in named if share is not None]
    wrong = False
    for name, share, where in named:
        if share is not None and not 0 <= share <= 100:
            wrong = True
            yield SHARE_RANGE, f"{path}.{name}", f"{share:f}", {"where": where}
    if not wrong and len(there) == len(named) and abs(sum(there, Decimal(0)) - 100) > TOLERANCE:
        yield SHARES_SUM, path, f"{sum(there, Decimal(0)):f}", {}
    elif shares.lower == 100:
        yield ALL_BELOW, f"{path}.lower", "100", {}


def _distribution(path: str, distribution: DistributionOfResults) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, category in enumerate(distribution.categories):
        if category.label.strip() in seen:
            yield LABEL_TWICE, f"{path}.categories[{at}].label", category.label, {}
        seen.add(category.label.strip())
    if distribution.categories and not sum(category.count for category in distribution.categories):
        yield NOBODY, path, "0", {}


_RANGE = re.compile(r"\s*(.+?)\s*(?:-|–|—|\.\.\.?|…|\bto\b|\bdo\b|\bbis\b)\s*(.+?)\s*")
_BOUND = re.compile(r"\s*(<=|>=|<|>|≤|≥)\s*(.+?)\s*|\s*(.+?)\s*(\+)\s*")
_PER_CENT = re.compile(r"\s*(?:%|p|pt|pts|points?|bod(?:ova|a)?|Punkte?)\s*\Z", re.IGNORECASE)


def among(grade: str, categories: tuple[Category, ...]) -> bool:
    """Whether a grade is one of the categories, or lies within one that is a range (``51-60``, ``A–B``, ``≥ 90``)."""
    said = grade.strip()
    return any(_is(label, said) or _holds(label, said) for label in (category.label for category in categories))


LONG: Final = 60
"""A label longer than this is no range."""


def _is(label: str, grade: str) -> bool:
    return label.strip().casefold() == grade.casefold()


def _holds(label: str, grade: str) -> bool:
    if max(len(label), len(grade)) > LONG:
        return False
    number = _number(grade)
    if number is not None and number == _number(label):
        return True
    span = _RANGE.fullmatch(label)
    if span is not None and _within(grade, number, span[1], span[2]):
        return True
    bound = _BOUND.fullmatch(label)
    limit = None if bound is None else _number(bound[2] or bound[3])
    if bound is None or limit is None or number is None:
        return False
    match bound[1] or bound[4]:
        case "<":
            return number < limit
        case "<=" | "≤":
            return number <= limit
        case ">":
            return number > limit
    return number >= limit


def _within(grade: str, number: Decimal | None, start: str, end: str) -> bool:
    low, high = _number(start), _number(end)
    if number is not None and low is not None and high is not None:
        return min(low, high) <= number <= max(low, high)
    letters = (grade, start, end)
    if all(len(each) == 1 and each.isalpha() for each in letters):
        return min(start, end).casefold() <= grade.casefold() <= max(start, end).casefold()
    return grade.casefold() in {start.casefold(), end.casefold()}


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(_PER_CENT.sub("", text).strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
