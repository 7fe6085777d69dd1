"""What can be wrong with ELMO as such."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule
from mcbridge.mappers._xml import HINT, TEMPLATE

SCHEMA: Final = rule(
    "elmo/schema-invalid",
    Severity.ERROR,
    "The document breaks the ELMO schema",
    TEMPLATE,
    HINT,
    "each version of ELMO is defined by an XML Schema; others may refuse a document that breaks it",
    "<issueDate>yesterday</issueDate>",
)
NEWER: Final = rule(
    "elmo/newer-than-schema",
    Severity.NOTE,
    "The document is of ELMO 2.1",
    "the document has what only ELMO 2.1 allows: {what}; it was read",
    "nothing needs to be done; what is written is ELMO 1.7, or ELMO 2.0 with `--to elmo:2.0`",
    "ELMO 2.1 demands no alternativeName and names results of recognition; what is known of it is accepted",
    "a learner with a dateOfBirth and no alternativeName",
)
BORN_TWICE: Final = rule(
    "elmo/born-twice",
    Severity.WARNING,
    "The learner has a date of birth of two versions of ELMO",
    'the learner has a bday "{value}" beside a dateOfBirth; the dateOfBirth was read',
    "ask the issuer which one is right if they differ, and to leave bday out of ELMO 2.x",
    "ELMO 2.0 renamed bday to dateOfBirth; a document has one of them",
    "<bday>1994-05-06</bday><dateOfBirth>1994-06-05</dateOfBirth>",
)
NO_REPORT: Final = rule(
    "elmo/no-report",
    Severity.ERROR,
    "The document has no report",
    "the document has no report, so there is nothing to convert",
    "ask the sender for a document with at least one report",
    "ELMO 1.7: elmo/report is mandatory",
    "<elmo><generatedDate/><learner/></elmo>",
)
MISSING: Final = rule(
    "elmo/required-missing",
    Severity.ERROR,
    "The record lacks something that ELMO demands",
    "ELMO demands {what}, and the record has nothing to put there; it was not written",
    "add it to the source, or to the constants of the profile; `elmo:generated=…` gives a date for generatedDate",
    "the schema of the version that is written: the element is mandatory; nothing is made up to fill it",
    "an issuer without a web address",
)
ASSUMED: Final = rule(
    "elmo/assumed",
    Severity.NOTE,
    "Something that ELMO demands was taken from elsewhere in the record",
    "ELMO demands a value that the record does not state; taken: {value}",
    "state it in the source if this is not right; mappings/elmo/defaults.toml says what may be taken",
    "ELMO 1.7 has mandatory elements that other formats lack; each value taken from elsewhere is named",
    "issueDate from the date of award",
)
APART: Final = rule(
    "elmo/different-documents",
    Severity.ERROR,
    "Two records cannot stand in one ELMO document",
    "this record differs from the first one of the file in its {part}; it was not written",
    "write to a folder, so that each document gets a file of its own",
    "ELMO 1.7: one document describes exactly one person",
    "credentials of two learners, one output file",
)
INVALID: Final = rule(
    "elmo/written-invalid",
    Severity.ERROR,
    "The document that would be written breaks the ELMO schema",
    TEMPLATE + " (in the document that would have been written)",
    HINT,
    "what mcbridge writes from other formats is checked against the schema before it is kept",
    "a section of a diploma supplement that is numbered in words",
)
BLOCK: Final = rule(
    "elmo/extension-invalid",
    Severity.ERROR,
    "A block of our extension breaks its schema",
    TEMPLATE + " (the whole block was left as it is, and nothing was read from it)",
    HINT,
    "xsd/mcbridge/elmo-extension/1; docs/elmo-extension.md",
    "<offer><learningOutcom/></offer>",
)
UNREAD: Final = rule(
    "elmo/extension-unread",
    Severity.WARNING,
    "A block of our extension was left unread",
    "this block of the extension was left as it is: {value}",
    "read the document with the version of mcbridge that wrote it, or a newer one",
    "docs/elmo-extension.md: a block that cannot be read as a whole is kept as it is",
    '<offer xmlns="urn:mcbridge:elmo-extension:2">',
)
OUTDATED: Final = rule(
    "elmo/extension-outdated",
    Severity.WARNING,
    "An element was changed after our extension had been written",
    'ELMO\'s own elements for "{value}" are not those beside which the extension was written; they were believed',
    "ask who changed the document; what the extension says stands in the residue of the record",
    "docs/elmo-extension.md: what stands in ELMO's own elements goes before the extension",
    "a title that somebody corrected in the title element only",
)
ECHO_ALONE: Final = rule(
    "elmo/echo-alone",
    Severity.WARNING,
    "A description repeats an extension that is no longer there",
    "some system dropped the extension of this document; what it said is left as text in the description only",
    "ask for the document as it was first issued; the text stays in the description",
    "docs/elmo-extension.md: the echo is for people, it is not read back",
    "a description that ends in [/mcbridge 0123456789ab], and no extension",
)
ECHO_EDITED: Final = rule(
    "elmo/echo-edited",
    Severity.WARNING,
    "Somebody edited the text that repeats our extension",
    "the text between the marks [mcbridge 1] and [/mcbridge …] was edited; it stays in the description as it is",
    "compare it with what the extension says, which was read, and take out one of the two",
    "docs/elmo-extension.md: an echo that nobody touched is taken away on reading",
    "[mcbridge 1] … and more [/mcbridge 0123456789ab]",
)
