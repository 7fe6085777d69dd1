"""What can be put right in an ELMO document; each rule says what was done."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Rule, Severity, rule


def _repair(id: str, title: str, template: str, hint: str, why: str, example: str) -> Rule:
    return rule(id, Severity.WARNING, title, template + "{times}", hint, why, example, repair=True)


_CODES: Final = "ELMO 1.7 has a closed list here, and readers find only what stands on it"

NAMESPACE: Final = rule(
    "elmo/namespace-repaired",
    Severity.WARNING,
    "The document has not ELMO's namespace",
    "the root element is in {space}{value}{closing}, not in that of ELMO; it was read as ELMO",
    "tell the sender: the namespace is https://github.com/emrex-eu/elmo-schemas/tree/v1 in all versions",
    "readers find elements by namespace; some producers leave it out or append a version to it",
    '<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1.3.0">',
    repair=True,
)
MIXED: Final = _repair(
    "elmo/namespace-mixed",
    "Some elements are not in the namespace of the others",
    "the element {name} is in {space}{value}{closing}; it was read as the element of that name in {meant}",
    "tell the sender: each element that is created needs the namespace of the root, and parts of currentAddress theirs",
    "ELMO 1.7: elementFormDefault is qualified; programs that build a document element by element often forget it",
    '<report xmlns=""> in a document whose root has the namespace',
)
ORDER: Final = _repair(
    "elmo/order-repaired",
    "Elements stand in another order than the schema's",
    "{name} stands after {other} in {parent}; the schema wants it before, and it was read in the order of the schema",
    "tell the sender: the order counts, other readers refuse the document",
    "ELMO 1.7: every content model is a sequence",
    "<resultLabel/> before <gradingSchemeLocalId/>",
)
TYPED: Final = _repair(
    "elmo/type-attribute-repaired",
    "An element claims a type that it does not have",
    '{name} has xsi:type="{value}", which is not its type in ELMO; the attribute was passed over',
    "tell the sender: leave xsi:type out; programs for ELMO 1.0 and 1.1 wrote it on content",
    "ELMO 1.2 gave content a type of its own, so that xsi:type cannot name another",
    '<content xsi:type="xs:string">',
)
PADDED: Final = rule(
    "elmo/date-padded",
    Severity.NOTE,
    "There is space around a date",
    '{name} is "{value}", with space around it, which was passed over{times}',
    "nothing needs to be done here; some readers refuse such dates, so the sender should write them without space",
    "XML Schema part 2, 4.3.6: white space around dates is no part of them; libxml2 takes it for an error",
    "<issueDate> 2031-04-30T09:00:00Z </issueDate>",
)
COMMA: Final = _repair(
    "elmo/comma-repaired",
    "A number is written with a comma",
    '{name} is "{value}"; the comma was read as a decimal point',
    "tell the sender: XML has a decimal point in all languages",
    "XML Schema part 2, 3.2.3: the decimal separator is the full stop",
    "<value>7,5</value>",
)
AMBIGUOUS: Final = rule(
    "elmo/number-ambiguous",
    Severity.WARNING,
    "A number can be read in two ways",
    '{name} is "{value}", where the comma may separate thousands or decimals; it was not read as a number{times}',
    "ask the sender which number was meant; nobody else can know",
    "a number that is read in the wrong way is wrong by a factor of a thousand, so it is not guessed",
    "<value>1,500</value>",
)
WORD: Final = _repair(
    "elmo/word-repaired",
    "A word is not written as ELMO's list has it",
    '{name} is "{value}", which is not on ELMO\'s list; it was read as {meant}',
    "tell the sender to write the word of the list; mappings/elmo/repairs.toml says which others are understood",
    _CODES,
    "<type>Degree</type>",
)
COUNTRY: Final = _repair(
    "elmo/country-repaired",
    "A country is not written as ELMO's list has it",
    '{name} is "{value}", which is not on ELMO\'s list of countries; it was read as {meant}',
    "tell the sender: ELMO takes the codes of ISO 3166-1, GB and GR rather than UK and EL",
    _CODES,
    "<country>UK</country>",
)
NO_COUNTRY: Final = _repair(
    "elmo/country-unknown",
    "A code stands where no country is known",
    '{name} is "{value}", which stands for no country; it was read as it is, and is not written there again',
    "tell the sender to leave out what is not known",
    "ELMO 1.7: what is unknown is left out; ISO 3166-1 keeps XX and ZZ free for private use",
    "<citizenship>XX</citizenship>",
)
GRADE: Final = _repair(
    "elmo/grade-as-credit",
    "A grade is written as credits",
    "{value} under the scheme {scheme} are {meaning}, not credits; {outcome}",
    "tell the sender: a grade goes into resultLabel; mappings/elmo/repairs.toml lists such schemes",
    "credits say how much was learnt, and would be added up; only the scheme ects is ECTS",
    "<credit><scheme>gradingSchemeAbitur</scheme><value>13</value></credit>",
)
RECODED: Final = rule(
    "elmo/encoding-repaired",
    Severity.WARNING,
    "The document is not in the encoding that it claims",
    "the document says that it is in UTF-8, but is not at {places}; there it was read as windows-1252, "
    'the first as "{value}"',
    "compare names and titles with the original: if è stands for č, or ð for đ, the document was in windows-1250; "
    "ask the sender for UTF-8",
    "XML 1.0, 4.3.3: a document is in the encoding that it declares; another one can only be tried",
    "the byte 0xD8 for Ø in a document without declaration",
    repair=True,
)
MORE: Final = rule(
    "elmo/more-repairs",
    Severity.WARNING,
    "More was put right than is named",
    "{count} more kinds of repair are not named one by one",
    "look at those that are named; they probably have one cause",
    "a document that is wrong in a hundred ways is for the sender to correct",
    "a hundred different numbers with commas",
    repair=True,
)
