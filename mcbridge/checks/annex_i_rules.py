"""The rules of Annex I of Council Recommendation 2022/C 243/02, in its order."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Rule, Severity, rule

WHY: Final = "{} (Council Recommendation 2022/C 243/02, Annex I, {} elements)"


def _missing(id_: str, title: str, what: str, hint: str, why: str, *, optional: bool = False) -> Rule:
    return rule(
        f"annex-i/{id_}",
        Severity.NOTE if optional else Severity.WARNING,
        title,
        f'"{{value}}": {what}',
        hint,
        WHY.format(why, "optional" if optional else "mandatory"),
        "a micro-credential without it",
    )


DEGREE: Final = rule(
    "annex-i/full-degree",
    Severity.NOTE,
    "A full degree is not measured by Annex I",
    '"{value}" is a full degree, so the elements of a micro-credential are not asked for',
    "nothing is to be done, unless it is no degree: then correct its type",
    "Annex I describes micro-credentials, which are awarded after a small volume of learning "
    "(Council Recommendation 2022/C 243/02, definition)",
    'a specification of the type "Degree Programme"',
)
LEARNER: Final = _missing(
    "learner-missing",
    "The learner is not identified",
    "nothing says who the learner is",
    "add at least the learner's name, better the date of birth as well",
    "the micro-credential identifies the learner",
)
TITLE: Final = _missing(
    "title-missing",
    "The micro-credential has no title",
    "there is no title",
    "add the title under which the course is offered, in the language of the course and in English",
    "the micro-credential has a title",
)
COUNTRY: Final = _missing(
    "country-missing",
    "The country or region of the issuer is missing",
    "no country or region is given for the issuer or an awarding body",
    "add the country of the awarding institution to the export, to its profile, or to mappings/organisations/",
    "the country or region of the issuer is told",
)
BODY: Final = _missing(
    "awarding-body-missing",
    "The awarding body is missing",
    "nobody is named who awards it",
    "add the name of the institution that certifies the learning outcomes",
    "the awarding body or bodies are named",
)
DATE: Final = _missing(
    "date-missing",
    "The date of issuing is missing",
    "no date of award or issue is given",
    "add the day on which it was awarded",
    "the date of issuing is given",
)
OUTCOMES: Final = _missing(
    "learning-outcomes-missing",
    "The learning outcomes are missing",
    "no learning outcome is given",
    "copy the learning outcomes from the course description: what a learner knows, understands and is able to do",
    "the learning outcomes are what is certified",
)
WORKLOAD: Final = _missing(
    "workload-missing",
    "The workload is missing",
    "neither credits nor expected hours are given",
    "add the ECTS credits of the course, or its expected hours of work where there are none",
    "the notional workload is given, in ECTS credits where possible",
)
LEVEL: Final = _missing(
    "level-missing",
    "The level is missing",
    "no level is given, neither EQF nor a cycle nor a national one",
    "ask who designed the course for its level: EQF or national level, or the cycle of higher education",
    "the level of the learning experience is given, and the cycle where it applies (EQF, QF-EHEA)",
)
ASSESSMENT: Final = _missing(
    "assessment-missing",
    "The type of assessment is missing",
    "nothing says how the learning outcomes are assessed",
    "add the type of assessment, such as written examination, project work or portfolio; a grade alone does not tell",
    "the type of assessment is given",
)
PARTICIPATION: Final = _missing(
    "participation-missing",
    "The form of participation is missing",
    "nothing says in which form learners take part",
    "add whether the course is on site, online or blended",
    "the form of participation in the learning activity is given",
)
QUALITY: Final = _missing(
    "quality-assurance-missing",
    "The quality assurance is missing",
    "nothing says what assures its quality",
    "add the type of quality assurance of the course or of the institution, and the agency or report",
    "the type of quality assurance used to underpin the micro-credential is given",
)
PREREQUISITES: Final = _missing(
    "prerequisites-missing",
    "No prerequisites are given",
    "nothing says what is needed to enrol",
    "add the entry requirements where there are any",
    "prerequisites needed to enrol may be given",
    optional=True,
)
SUPERVISION: Final = _missing(
    "supervision-missing",
    "Supervision during the assessment is not told",
    "nothing says whether the assessment was supervised and the learner's identity verified",
    "add whether the assessment is supervised, and whether the identity is verified",
    "supervision and identity verification during assessment may be given",
    optional=True,
)
GRADE: Final = _missing(
    "grade-missing",
    "No grade is given",
    "there is no grade",
    "add the grade where one was given",
    "the grade achieved may be given",
    optional=True,
)
STACKABILITY: Final = _missing(
    "stackability-missing",
    "Stackability is not told",
    "nothing says whether it stands alone, is integrated, or counts towards another credential",
    "add whether it can be combined, and towards what",
    "integration and stackability options may be given",
    optional=True,
)
FURTHER: Final = _missing(
    "further-information-missing",
    "No further information is given",
    "there is no description, page, note or document",
    "add the address of the course page or a short description",
    "further information may be given",
    optional=True,
)
