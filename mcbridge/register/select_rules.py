"""The rules of the gate: what keeps a candidate from becoming one provision that may travel on."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

IDENTIFIER_MISSING: Final = rule(
    "register/identifier-missing",
    Severity.ERROR,
    "Nothing identifies the provision",
    '"{value}" has no key: {what}',
    "add a code for each offer to the export, and an identifier of the provider to its description",
    "a register finds a record again by our key, and a title is no key: it is not unique and it changes",
    "a course without a code",
)
PROVIDER_MISSING: Final = rule(
    "register/provider-missing",
    Severity.ERROR,
    "No organisation provides it",
    '"{value}" has no provider: no organisation is named as provider, awarding body or issuer',
    "add the institution to the export or to its profile; a person is not published as a provider",
    "a register lists what institutions offer",
    "a course in a document without issuer",
)
CONTRADICTION: Final = rule(
    "register/contradiction",
    Severity.ERROR,
    "Documents about one provision contradict each other",
    '{field} is "{value}" here and "{other}" in {where}',
    "ask the provider which holds and correct the other at its source; if both hold, give the offers a version each",
    "one provision stands for all learners, and nobody but its provider can say which of two statements is true",
    "6 ECTS in one transcript and 7 ECTS in another for the same course code",
)
DESCRIPTIONS_DIFFER: Final = rule(
    "register/descriptions-differ",
    Severity.WARNING,
    "Documents describe one provision in different words",
    '{field} is "{value}" here and "{other}" in {where}; the longer is taken',
    "use one description for all records of the offer",
    "descriptions are edited over time; which one is shown should not depend on the order of files",
    "two years of transcripts with a rewritten description",
)
SEAL_INVALID: Final = rule(
    "register/seal-invalid",
    Severity.ERROR,
    "The document that a provision is from has a seal that does not hold",
    "the document has a seal that does not hold, so nothing in it is published",
    "ask the provider for the document as it was sent, and read that one",
    "a register vouches for what it lists; a document that was changed after it was sealed vouches for nothing",
    "a transcript in which the credits of a course were changed after it was signed",
)
PERSONAL_DATA: Final = rule(
    "register/personal-data",
    Severity.ERROR,
    "What is to be published gives a learner away",
    "{field} holds the {kind} of a learner of this run",
    "take it out of the description of the course in the student system, or map the column elsewhere in the profile",
    "a public register holds nothing about a person; a remark about one learner must not be published "
    "(Regulation (EU) 2016/679, Article 5)",
    "a learner's name in the column of notes",
)
