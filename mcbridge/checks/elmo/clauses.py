"""The rules that ELMO has in words only: 44 clauses, each with a number, an origin and the rules that look for it.

The schema enforces little. What its annotations ask for, and what good practice adds, stands here by the number under
which ``docs/elmo-rules.md`` lists it. The rules themselves are declared beside the code that finds them.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from msgspec import Struct

from mcbridge.diagnostics import Rule, Severity, rule


class Origin(Enum):
    """Who says so."""

    SCHEMA = "from the annotations of the ELMO schema"
    PRACTICE = "good practice, not in the schema"


class Clause(Struct, frozen=True):
    """One clause in our words."""

    origin: Origin
    says: str


_SCHEMA, _PRACTICE = Origin.SCHEMA, Origin.PRACTICE

CLAUSES: Final[dict[str, Clause]] = {
    "S01": Clause(_SCHEMA, "moments of generation and issue carry a time zone"),
    "S02": Clause(_SCHEMA, "one document describes one person"),
    "S03": Clause(_SCHEMA, "a learner is matched by both names and the date of birth"),
    "S04": Clause(_SCHEMA, "what is unknown of a learner is left out, not sent empty"),
    "S05": Clause(_PRACTICE, "identifiers of a learner have a known type and one value each"),
    "S06": Clause(_SCHEMA, "plain text holds no markup; only descriptionHtml may"),
    "S07": Clause(_PRACTICE, "languages are given as BCP 47 tags"),
    "S10": Clause(_SCHEMA, "an issuer has a usable identifier, at best a schac, which is a domain name"),
    "S11": Clause(_SCHEMA, "a country that is unknown or none is left out, never a placeholder"),
    "S12": Clause(_SCHEMA, "titles of an issuer say their language; one of them is English"),
    "S13": Clause(_PRACTICE, "web addresses are absolute"),
    "S14": Clause(_SCHEMA, "each institution has a report of its own, and one only"),
    "S20": Clause(_SCHEMA, "a local identifier stands for one thing within an issuer"),
    "S21": Clause(_SCHEMA, "degree programmes hold modules, these courses, these classes, never the other way round"),
    "S22": Clause(_SCHEMA, "more than four levels are unusual"),
    "S23": Clause(_SCHEMA, "each opportunity says its type, by a word of the list"),
    "S24": Clause(_SCHEMA, "each opportunity has a title, at best an English one, and one in each language"),
    "S25": Clause(_SCHEMA, "who does not show HTML needs a plain description in the same language"),
    "S26": Clause(_SCHEMA, "HTML is not trusted"),
    "S27": Clause(_SCHEMA, "iscedCode is a code of ISCED-F 2013, and subjectArea is one of another list"),
    "S30": Clause(_SCHEMA, "the status is said, and a final one does not change"),
    "S31": Clause(_PRACTICE, "dates have an order"),
    "S32": Clause(_SCHEMA, "a course belongs to an academic term, a degree programme to several"),
    "S33": Clause(_SCHEMA, "a result refers to a grading scheme of its own report"),
    "S34": Clause(_SCHEMA, "a label has its scheme, a scheme its label, and credits go with success"),
    "S35": Clause(_SCHEMA, "the label is what stands on the paper, and no number"),
    "S36": Clause(_SCHEMA, "the shortened grading divides the whole cohort"),
    "S37": Clause(_SCHEMA, "the distribution of results counts a cohort in which the learner is found"),
    "S38": Clause(_SCHEMA, "within one branch one level carries ECTS credits"),
    "S39": Clause(_SCHEMA, "ECTS is written ects, and credits have a positive number"),
    "S40": Clause(_SCHEMA, "credit/level is deprecated"),
    "S41": Clause(_SCHEMA, "one level of each type, with a value; that of EQF is a number from 1 to 8"),
    "S42": Clause(_SCHEMA, "the language of instruction is one ISO 639-1 code"),
    "S43": Clause(_SCHEMA, "engagementHours are hours attended"),
    "S44": Clause(_SCHEMA, "references to attachments lead to one attachment of the document"),
    "S45": Clause(_SCHEMA, "a grouping leads to a type of groups, and to a group inside that type"),
    "S50": Clause(_SCHEMA, "a person can read the document too: a PDF holds what is crucial"),
    "S51": Clause(_SCHEMA, "an attachment is a data URI with media type and base64, and is what it says"),
    "S52": Clause(_SCHEMA, "an attachment has content, once in each language, and a bearable size"),
    "S53": Clause(_SCHEMA, "a diploma supplement has a known version and numbered sections, and belongs to a degree"),
    "S54": Clause(_SCHEMA, "extensions are elements of namespaces other than ELMO's"),
    "S55": Clause(_SCHEMA, "in EMREX a document is signed"),
    "S56": Clause(_PRACTICE, "texts are not damaged by a wrong encoding"),
    "S57": Clause(_SCHEMA, "what is unknown is passed over, and kept"),
}

DECLARED: Final[dict[str, list[Rule]]] = {number: [] for number in CLAUSES}
"""The rules of each clause that were declared so far."""

MUST: Final[set[str]] = set()
"""The ids of rules behind which stands a must: errors in the strict profile, and in what is written from elsewhere."""

VITAL: Final[set[str]] = set()
"""The ids of rules about what cannot be processed at all: errors in every profile."""


def cited(number: str, why: str) -> str:
    """The reason of a rule, with the number and the origin of its clause."""
    return f"{why} ({number}, {CLAUSES[number].origin.value})"


def clause(  # noqa: PLR0913 - a rule has these sentences
    number: str,
    id: str,
    severity: Severity,
    title: str,
    template: str,
    hint: str,
    why: str,
    example: str,
    *,
    must: bool = False,
    vital: bool = False,
) -> Rule:
    """Declare a rule of a clause. What is an error by itself is a must."""
    return shared(
        number, rule(id, severity, title, template, hint, cited(number, why), example), must=must, vital=vital
    )


def shared(number: str, one: Rule, *, must: bool = False, vital: bool = False) -> Rule:
    """Enter a rule that holds for any record under the clause that says the same."""
    DECLARED[number].append(one)
    if must or one.severity is Severity.ERROR:
        MUST.add(one.id)
    if vital:
        VITAL.add(one.id)
    return one
