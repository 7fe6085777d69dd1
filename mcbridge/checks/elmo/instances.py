"""Learning opportunity instances: status, dates, labels, credits, levels, language and hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from mcbridge.checks import credit, dates, grades, levels
from mcbridge.checks.credit import ects, is_ects, plain
from mcbridge.checks.elmo.clauses import clause, shared
from mcbridge.checks.elmo.view import FORMAT, Finding, View, gathered, kind, specification
from mcbridge.checks.walk import Node, first
from mcbridge.diagnostics import Rule, Severity
from mcbridge.model import Achievement, Framework, Status

NO_STATUS: Final = clause(
    "S30",
    "elmo/status-missing",
    Severity.WARNING,
    "A result that does not say whether it was passed",
    'there is no status ({times} in this report); the first is "{value}". Readers take it for passed',
    "add the status in the export: passed, failed or in-progress",
    "without a status readers take it for passed, which is dangerous where it was not",
    "<learningOpportunityInstance> without <status>",
)
shared("S31", dates.REVERSED)
shared("S31", dates.AFTER_ISSUE)
NO_TERM: Final = clause(
    "S32",
    "elmo/term-missing",
    Severity.WARNING,
    "Courses without an academic term",
    'a course has no academicTerm ({times} in this report); the first is "{value}"',
    "add the term with its start and end in the export",
    "a course belongs to a term, and readers sort by it",
    "<type>Course</type> without <academicTerm>",
)
TERM_OF_DEGREE: Final = clause(
    "S32",
    "elmo/term-on-degree",
    Severity.WARNING,
    "A degree programme in a single term",
    'the degree programme "{value}" has an academicTerm',
    "leave the term of the programme out; start and date say from when to when",
    "a degree programme takes several terms",
    "<type>Degree Programme</type> with <academicTerm>",
)
shared("S33", grades.SCHEME_UNKNOWN)
shared("S33", grades.SCHEME_TWICE)
NO_SCHEME: Final = clause(
    "S34",
    "elmo/label-without-scheme",
    Severity.WARNING,
    "Grades without a grading scheme",
    'a resultLabel has no grading scheme ({times} in this report); the first is "{value}"',
    "describe the scheme once in the report, and refer to it by gradingSchemeLocalId",
    "a 5 is the best grade in one country and a failure in another",
    "<resultLabel>5</resultLabel> without <gradingSchemeLocalId>",
)
NO_LABEL: Final = clause(
    "S34",
    "elmo/scheme-without-label",
    Severity.WARNING,
    "A grading scheme without a grade",
    'the grading scheme "{value}" is named, but there is no resultLabel',
    "add the grade, or leave the scheme out when there is none",
    "a scheme alone says nothing about the result",
    "<gradingSchemeLocalId>hr-1-5</gradingSchemeLocalId> without <resultLabel>",
)
FAILED: Final = clause(
    "S34",
    "elmo/failed-with-credits",
    Severity.WARNING,
    "Credits for what was failed",
    "{value} credits, but the status is failed",
    "leave the credits out, or correct the status",
    "who adds the credits up would count them, and nobody earned them",
    "<status>failed</status> with <value>5</value>",
)
NO_CREDITS: Final = clause(
    "S34",
    "elmo/passed-without-credits",
    Severity.NOTE,
    "Passed, and no credits",
    'something passed has no ECTS credits, unlike the rest of the report ({times}); the first is "{value}"',
    "check in the student system whether credits are missing",
    "where a report counts in ECTS, what was passed usually brings some",
    "<status>passed</status> without <credit>",
)
REFORMATTED: Final = clause(
    "S35",
    "elmo/label-reformatted",
    Severity.WARNING,
    "A grade that software wrote as a number",
    'the resultLabel is "{value}", which no official document prints so',
    "export the grade as text, as it stands on the official document",
    "the label is what is printed on the official document; 02 and 2.0 are not the same",
    "<resultLabel>2.000000</resultLabel>",
)
shared("S36", grades.SHARE_RANGE)
shared("S36", grades.SHARES_SUM)
shared("S36", grades.ALL_BELOW)
shared("S37", grades.LABEL_TWICE)
shared("S37", grades.NOBODY)
shared("S37", grades.NOT_AMONG)
shared("S38", credit.TWICE, must=True)
CAPITALS: Final = clause(
    "S39",
    "elmo/scheme-spelling",
    Severity.WARNING,
    "ECTS in another spelling",
    'the credit scheme is written "{value}" ({times} in this report)',
    "write ects in the settings of the export",
    "the scheme is the word ects in lower case; many write capitals, which some readers take for another scheme",
    "<scheme>ECTS</scheme>",
)
shared("S39", credit.POINTS_MISSING)
shared("S39", credit.ZERO)
shared("S39", credit.NEGATIVE)
DEPRECATED: Final = clause(
    "S40",
    "elmo/credit-level-deprecated",
    Severity.WARNING,
    "Credits with a level",
    'credit/level is deprecated ({times} in this report); the first is "{value}"',
    "give the level as <level> of type EQF instead",
    "credit/level is deprecated since ELMO 1.2 and gone in 2.0; level took its place",
    "<credit><scheme>ects</scheme><level>Bachelor</level>",
)
CREDIT_LEVEL: Final = clause(
    "S40",
    "elmo/credit-level-unknown",
    Severity.WARNING,
    "A level of credits that ELMO does not know",
    'the level of the credits is "{value}"; there are Bachelor, Master and PhD ({times} in this report)',
    "leave it out; the element is deprecated anyway",
    "the list has three words, and no placeholder",
    "<credit><scheme>ects</scheme><level>-</level>",
)
shared("S41", levels.EQF_RANGE)
shared("S41", levels.VALUE_MISSING)
shared("S41", levels.SEVERAL, must=True)
LEVEL_TWICE: Final = clause(
    "S41",
    "elmo/level-type-repeated",
    Severity.WARNING,
    "Two levels of one type",
    'there is another level of the type "{value}"',
    "leave one of the two out",
    "there is at most one level of each type",
    "two <level> of the type DE.HZB",
    must=True,
)
EQF_WORDS: Final = clause(
    "S41",
    "elmo/eqf-not-a-number",
    Severity.WARNING,
    "An EQF level that is no bare number",
    'the EQF level is written "{value}"',
    "write the number alone: 6",
    "the value of a level of type EQF is an integer from 1 to 8",
    "<type>EQF</type><value>Level 6</value>",
    must=True,
)
INSTRUCTION: Final = clause(
    "S42",
    "elmo/instruction-language-unknown",
    Severity.WARNING,
    "A language of instruction that is not one code",
    'the language of instruction is "{value}"',
    "write one ISO 639-1 code, or leave it out when there were several",
    "readers compare the two letters of ISO 639-1; for several languages the element is left out",
    "<languageOfInstruction>en, hr</languageOfInstruction>",
)
INSTRUCTION_EMPTY: Final = clause(
    "S42",
    "elmo/instruction-language-empty",
    Severity.WARNING,
    "An empty language of instruction",
    'the language of instruction is there, but empty ({times} in this report); the first is that of "{value}"',
    "leave the element out when the language is not known",
    "what is not known is left out",
    "<languageOfInstruction/>",
)
ZERO_HOURS: Final = clause(
    "S43",
    "elmo/hours-zero",
    Severity.NOTE,
    "No hour attended",
    'engagementHours is "{value}" ({times} in this report), which often stands for unknown',
    "leave the element out when the hours are not known",
    "engagementHours are the hours of contact; zero says that nobody taught",
    "<engagementHours>0.0</engagementHours>",
)
WORKLOAD: Final = clause(
    "S43",
    "elmo/hours-like-workload",
    Severity.NOTE,
    "Hours of work where hours attended belong",
    "{value} engagementHours are as many as the credits stand for altogether",
    "check whether it is the workload; engagementHours are those spent in class",
    "an ECTS credit stands for 25 to 30 hours of work, of which those attended are a part",
    "<engagementHours>150</engagementHours> beside 5 ECTS",
)

_REFORMATTED = re.compile(r"[+-]?\d+[.,]\d{3,}|[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_LEVELS = frozenset(("Bachelor", "Master", "PhD"))
_STATUS = "specifies/learningOpportunityInstance/status[1]"
_LANGUAGE = "specifies/learningOpportunityInstance/languageOfInstruction["


class _Habits:
    """What a sender does in many places: rule by rule the first value and all the places."""

    def __init__(self) -> None:
        self.found: dict[tuple[Rule, str], tuple[str, list[str]]] = {}

    def add(self, rule: Rule, path: str, value: str, *, apart: str = "") -> None:
        self.found.setdefault((rule, apart), (value, []))[1].append(path)

    def findings(self) -> Iterator[Finding]:
        for (rule, _), (value, paths) in self.found.items():
            yield from gathered(rule, paths, value)


def instances(view: View) -> Iterator[Finding]:
    """What came of each opportunity."""
    habits = _Habits()
    with_ects = _branches(view)
    for node in view.nodes:
        achievement, title = node.achievement, first(specification(node.achievement).title)
        if achievement.status is None and not _other_status(achievement):
            habits.add(NO_STATUS, node.path, title)
        word = kind(achievement)
        if word == "Course" and achievement.term is None:
            habits.add(NO_TERM, node.path, title)
        if word == "Degree Programme" and achievement.term is not None:
            yield TERM_OF_DEGREE, f"{node.path}.term", title, {}
        if with_ects and achievement.status is Status.PASSED and node.path not in with_ects:
            habits.add(NO_CREDITS, node.path, title)
        yield from _results(node, habits)
        yield from _credits(node, view, habits)
        yield from _levels(node, view)
        yield from _languages(node, view, habits, title)
        yield from _hours(node, view, habits)
    yield from habits.findings()


def _other_status(achievement: Achievement) -> bool:
    """Whether there is a status of a word that ELMO does not have, which was kept: it is no missing one."""
    return any(kept.path == _STATUS and not (kept.content or "").endswith("/>") for kept in achievement.residue)


def _branches(view: View) -> frozenset[str]:
    """The paths of all that has ECTS, or is a part of what has, or holds it."""
    own = {
        node.path for node in view.nodes if any(points > 0 for _, points in ects(node.achievement.credits, view.tables))
    }
    found = set(own)
    for node in view.nodes:
        above = [each.path for each in node.ancestors()]
        if node.path in own:
            found.update(above)
        elif not own.isdisjoint(above):
            found.add(node.path)
    return frozenset(found)


def _results(node: Node, habits: _Habits) -> Iterator[Finding]:
    for at, assessment in enumerate(node.achievement.assessments[:1]):
        path, label = f"{node.path}.assessments[{at}]", first(assessment.grade)
        if label and assessment.grading_scheme is None:
            habits.add(NO_SCHEME, f"{path}.grade", label)
        if assessment.grading_scheme is not None and not label:
            yield NO_LABEL, f"{path}.gradingScheme", assessment.grading_scheme, {}
        if _REFORMATTED.fullmatch(label):
            yield REFORMATTED, f"{path}.grade", label, {}


def _credits(node: Node, view: View, habits: _Habits) -> Iterator[Finding]:
    for at, each in enumerate(node.achievement.credits):
        path = f"{node.path}.credits[{at}]"
        if is_ects(each, view.tables) and each.scheme != "ects":
            habits.add(CAPITALS, f"{path}.scheme", each.scheme, apart=each.scheme)
        if each.level is not None:
            known = each.level in _LEVELS
            habits.add(
                DEPRECATED if known else CREDIT_LEVEL, f"{path}.level", each.level, apart="" if known else each.level
            )
        if node.achievement.status is Status.FAILED and each.points is not None and each.points > 0:
            yield FAILED, f"{path}.points", plain(each.points), {}


def _levels(node: Node, view: View) -> Iterator[Finding]:
    seen: dict[str, str | None] = {}
    for at, level in enumerate(specification(node.achievement).levels):
        path = f"{node.path}.specification.levels[{at}]"
        type_ = (level.scheme or level.framework.value).casefold()
        value = (level.value or "").strip()
        several = level.framework in {Framework.EQF, Framework.QF_EHEA} and value != (seen.get(type_) or value)
        if type_ in seen and not several:  # two values of one framework are told by a rule of their own
            yield LEVEL_TWICE, path, level.scheme or level.framework.value.upper(), {}
        seen.setdefault(type_, value)
        meant = view.tables.vocabulary("eqf").find(value) if level.framework is Framework.EQF else None
        if meant is not None and value != meant.code:
            yield EQF_WORDS, f"{path}.value", level.value, {}


def _languages(node: Node, view: View, habits: _Habits, title: str) -> Iterator[Finding]:
    listed = view.tables.vocabulary("language")
    for at, language in enumerate(specification(node.achievement).languages):
        path = f"{node.path}.specification.languages[{at}]"
        if not language.strip():
            habits.add(INSTRUCTION_EMPTY, path, title)
        elif len(language) != 2 or listed.by_code(language.lower()) is None:
            yield INSTRUCTION, path, language, {}
    for at, kept in enumerate(node.achievement.residue):
        if kept.format == FORMAT and kept.path.startswith(_LANGUAGE):
            yield INSTRUCTION, f"{node.path}.residue[{at}]", re.sub("<[^<>]*>", "", kept.content), {}


def _hours(node: Node, view: View, habits: _Habits) -> Iterator[Finding]:
    achievement: Achievement = node.achievement
    for at, activity in enumerate(achievement.activities[:1]):
        hours = _number(activity.contact_hours)
        if hours is None:
            continue
        path = f"{node.path}.activities[{at}].contactHours"
        points = next((points for _, points in ects(achievement.credits, view.tables)), None)
        if hours == 0:
            habits.add(ZERO_HOURS, path, activity.contact_hours or "")
        elif points is not None and 0 < points < credit.ABSURD and hours >= points * credit.HOURS[0]:
            yield WORKLOAD, path, activity.contact_hours, {}


def _number(text: str | None) -> Decimal | None:
    try:
        found = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
