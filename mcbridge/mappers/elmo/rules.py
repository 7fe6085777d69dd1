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
    "ELMO 1.7 is defined by an XML Schema; software of other universities may refuse a document that breaks it",
    "<issueDate>yesterday</issueDate>",
)
NAMESPACE: Final = rule(
    "elmo/namespace-repaired",
    Severity.WARNING,
    "The document has not ELMO's namespace",
    'the root element is in the namespace "{value}", not in that of ELMO 1.x; it was read as ELMO 1.x',
    "tell the sender: the namespace is https://github.com/emrex-eu/elmo-schemas/tree/v1 in all 1.x versions",
    "readers find elements by namespace; some producers leave it out or append a version to it",
    '<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1.3.0">',
)
NO_REPORT: Final = rule(
    "elmo/no-report",
    Severity.ERROR,
    "The document has no report",
    "the document has a learner but no report, so there is nothing to convert",
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
    "ELMO 1.7: the element is mandatory; nothing is made up to fill it",
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
