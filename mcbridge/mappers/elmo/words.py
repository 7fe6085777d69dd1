"""Words of closed lists in the schema of ELMO."""

from __future__ import annotations

from typing import Final

from mcbridge.model import Framework

LOS_TYPES: Final = frozenset(("Degree Programme", "Module", "Course", "Class"))
ATTACHMENT_TYPES: Final = frozenset(
    (
        "Diploma",
        "Diploma Supplement",
        "Transcript of Records",
        "EMREX transcript",
        "Micro Credential",
        "Letter of Nomination",
        "Certificate of Training",
        "Learning Agreement",
        "Other",
    )
)
GENDERS: Final = frozenset("0129")
CREDIT_LEVELS: Final = frozenset(("Bachelor", "Master", "PhD"))
NO_COUNTRY: Final = frozenset(("XX", "ZZ"))
"""Codes that stand where no country is known: ISO 3166-1 leaves them to private use, and ELMO has neither."""
LEVEL_WORDS: Final = {Framework.EQF: "EQF", Framework.QF_EHEA: "QF-EHEA", Framework.NQF: "NQF"}
_FRAMEWORKS: Final = {
    "eqf": Framework.EQF,
    "qf-ehea": Framework.QF_EHEA,
    "qfehea": Framework.QF_EHEA,
    "nqf": Framework.NQF,
}


def framework_of(word: str) -> Framework:
    """The framework that a level type names; types are nationally agreed, so most are ``OTHER``."""
    return _FRAMEWORKS.get(word.casefold(), Framework.OTHER)
