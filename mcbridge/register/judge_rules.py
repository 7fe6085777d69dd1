"""The rules that one register has besides the definition of a micro-credential."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

TITLE_MISSING: Final = rule(
    "register/title-missing",
    Severity.ERROR,
    "It has no title",
    "there is no title in any language",
    "add the title under which it is offered",
    "a register shows what is offered by its title (DEQAR Submission API v2, name_primary)",
    "an empty cell in the column of titles",
)
ASSESSMENT_MISSING: Final = rule(
    "register/assessment-missing",
    Severity.ERROR,
    "Nothing says what it ends in",
    "nothing says whether it ends in an assessment, a certificate of attendance or neither",
    "add the type of assessment to the export, or as a constant of its profile; there is no default",
    "without a full degree the register asks for assessment and certification "
    "(DEQAR Submission API v2, assessment_certification)",
    "a course without type of assessment and without grades",
)
ECTS_NOT_WHOLE: Final = rule(
    "register/ects-not-whole",
    Severity.ERROR,
    "The register takes whole ECTS credits only",
    "{value} ECTS; {register} takes whole numbers only",
    "nothing is wrong with the course, and nobody rounds: publish it where fractions are taken, or ask the register",
    "workload_ects is a whole number (DEQAR Submission API v2)",
    "2.5 ECTS",
)
PROVIDER_UNKNOWN: Final = rule(
    "register/provider-unknown",
    Severity.ERROR,
    "The register does not know the provider",
    'the provider "{value}" is none of those under [[provider]] in the configuration',
    "add the provider there, with the number under which the register knows it",
    "a provision is published under an institution that the register knows (DEQAR Submission API v2, institutions)",
    'schac "example.edu" without an entry',
)
PROVIDER_AMBIGUOUS: Final = rule(
    "register/provider-ambiguous",
    Severity.ERROR,
    "The provider is several of ours",
    'the provider "{value}" fits entries {numbers} under [[provider]] in the configuration',
    "let each entry match one institution only",
    "published under the wrong institution it would be found by nobody, and could not be moved",
    "two entries that match different identifiers of one institution",
)
SKILL_UNKNOWN: Final = rule(
    "register/skill-not-esco",
    Severity.ERROR,
    "A skill is no identifier of ESCO",
    'the skill "{value}" does not begin with http://data.europa.eu/esco/',
    "copy the identifier from the ESCO portal; it begins with http, not https",
    "learning outcomes that are linked must be linked to ESCO (DEQAR Submission API v2, learning_outcomes)",
    "https://data.europa.eu/esco/skill/…",
)
FIELD_UNKNOWN: Final = rule(
    "register/field-unknown",
    Severity.ERROR,
    "The field of study is no ISCED-F field",
    'there is no ISCED-F field "{value}"',
    "take the code from ISCED-F 2013, with its zeros in front, or leave it out",
    "a code that is in no list would be stored and never found (DEQAR Submission API v2, field_study)",
    "612 instead of 0612",
)
TOO_LONG: Final = rule(
    "register/too-long",
    Severity.ERROR,
    "A text is longer than the register takes",
    '"{value}" has {length} characters; {register} takes {most}',
    "shorten it at its source; nothing is cut off here",
    "registers limit their fields (DEQAR Submission API v2); a text that is cut may say something else",
    "an identifier that is a long address, where 50 characters are taken",
)
CHARACTER: Final = rule(
    "register/character",
    Severity.ERROR,
    "A text holds a character that is none",
    "character {position} of the text is {value}, which no text should hold",
    "type the text again, or ask whoever made the export; such characters come from damaged files",
    "control characters and halves of characters are refused by registers, or break their answers",
    "U+0000 in a title",
)
