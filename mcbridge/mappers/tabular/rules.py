"""What can be wrong with a table, declared once."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

EMPTY_FILE: Final = rule(
    "csv/empty-file",
    Severity.ERROR,
    "The file has no rows",
    "the file has {what}",
    "ask for the export again; an interrupted or filtered export leaves nothing but the headings",
    "an empty export must not be taken for an office that awarded nothing",
)
HEADER_MISSING: Final = rule(
    "csv/header-missing",
    Severity.ERROR,
    "No row holds the headings of the profile",
    "row {row} should hold the headings, but the profile {profile} knows none of these: {value}",
    "{advice}",
    "cells are found by their headings, never by their place: exports change the order of columns",
)
COLUMN_MISSING: Final = rule(
    "csv/column-missing",
    Severity.ERROR,
    "A required column is not there",
    'there is no column "{heading}"; the columns found are {found}',
    "{advice}",
    "the profile calls the column required: without it no row says what has to be said",
)
UNKNOWN_COLUMN: Final = rule(
    "csv/unknown-column",
    Severity.WARNING,
    "The profile does not know a column",
    'the profile {profile} does not mention the column "{heading}"; its cells are not read',
    "{advice}",
    "every column of an export is mapped or ignored with a reason, so that nothing is overlooked",
)
DUPLICATE_COLUMN: Final = rule(
    "csv/duplicate-column",
    Severity.ERROR,
    "Two columns are one and the same by the profile",
    'the column "{heading}" says what the column "{other}" says already',
    "take one of the two out of the export, or give them different headings and name both in the profile",
    "which of the two is right cannot be told from the file",
)
DELIMITER: Final = rule(
    "csv/delimiter-differs",
    Severity.WARNING,
    "The cells are parted by another character than the profile says",
    "the headings are found with {found} between the cells, not with {declared} as the profile {profile} says; read so",
    "export with {declared}, or change `delimiter` in the profile when the system writes {found} from now on",
    "spreadsheets take the delimiter from the computer's region; the headings prove which one was used",
)
ENCODING_ASSUMED: Final = rule(
    "csv/encoding-assumed",
    Severity.NOTE,
    "The encoding was taken from the profile",
    "the file is not UTF-8 (byte {byte} at position {position:,}, line {line}); it was read as {encoding}",
    "look whether č, š and the like are right; if not, say which encoding it is with --encoding, or export as UTF-8",
    "a file does not say how its letters are written, and several encodings read the same bytes without complaint",
)
ENCODING_CONTRADICTED: Final = rule(
    "csv/encoding-contradicted",
    Severity.WARNING,
    "The file begins with the mark of another encoding",
    "{encoding} was asked for, but the file begins with the byte order mark of {found}; it was read as {found}",
    "leave --encoding out: a file with a byte order mark says itself how it is written",
    "those bytes stand for no text at the beginning of a file in any other encoding",
)
PROFILE_CHOSEN: Final = rule(
    "csv/profile-chosen",
    Severity.NOTE,
    "The profile was chosen by the headings",
    "the headings are those of the profile {profile}, and of no other",
    "name it with --profile in scripts, so that a later profile cannot come between",
    "a profile decides what each cell means",
)
RAGGED_ROW: Final = rule(
    "csv/ragged-row",
    Severity.ERROR,
    "A row has too few or too many cells",
    "the row has {cells} cells, but there are {columns} headings; it is left out",
    "look for a line break or {delimiter} inside a cell that is not in quotes, and export the row again",
    "in a row that is shifted every cell may stand under the wrong heading",
)
BROKEN_ROW: Final = rule(
    "csv/broken-row",
    Severity.ERROR,
    "The quotes of a row do not match",
    "the row cannot be taken apart: {why}; it is left out",
    'look for a quote that is not doubled ("") or not closed, and export the row again',
    "RFC 4180: a cell in quotes ends at the next single quote, and a quote inside it is doubled",
)
DATE_IMPOSSIBLE: Final = rule(
    "csv/date-impossible",
    Severity.ERROR,
    "There is no such day",
    '"{value}" is written like a date, but there is no such day in the calendar',
    "correct the cell in the student system; nobody else can know which day was meant",
    "a day that does not exist is a typing error, and rounding it would invent a date",
)
DATE_FORMAT: Final = rule(
    "csv/date-format",
    Severity.ERROR,
    "A date is not written as the profile says",
    '"{value}" is not a date as the profile has them ({patterns}{more})',
    "write the date like {example}, or add its pattern to `dates` in the profile",
    "05/04/2025 is a day in April here and in May elsewhere: only a declared pattern is read",
)
DATE_SERIAL: Final = rule(
    "csv/date-serial",
    Severity.ERROR,
    "A date was exported as the number that a spreadsheet keeps inside",
    '"{value}" is the number of a day as spreadsheets keep it inside, not a date',
    "format the column as a date in the spreadsheet, like {example}, and save it again",
    "spreadsheets count days from 1900 or from 1904, and the number does not tell which",
)
NOT_A_NUMBER: Final = rule(
    "csv/not-a-number",
    Severity.ERROR,
    "A cell that holds a number holds something else",
    '"{value}" is not a number{more}',
    "write {example} in the cell; text that belongs elsewhere moves to a column of its own",
    "an amount that is read by guess becomes a wrong amount in a certificate",
)
NEGATIVE_NUMBER: Final = rule(
    "csv/negative-number",
    Severity.ERROR,
    "An amount is negative",
    '"{value}" is less than nothing; the value is kept as it is, and nothing will be published with it',
    "ask the office that keeps the offer for the right amount; a minus sign often comes from a correction booking",
    "credits and hours are amounts of learning: there is no negative one",
)
DECIMAL_SIGN: Final = rule(
    "csv/decimal-sign",
    Severity.WARNING,
    "A number is written with the other decimal sign",
    '"{value}" has the decimal sign "{sign}", but the profile says "{decimal}"; it was read as a decimal sign',
    'write decimals with "{decimal}" throughout, or change `decimal` in the profile',
    "one file with both signs was put together by hand, and elsewhere the same sign may mean thousands",
)
UNKNOWN_WORD: Final = rule(
    "csv/unknown-word",
    Severity.ERROR,
    "A word is in no list",
    '"{value}" is not in {table}{more}',
    "{advice}",
    "coded values are compared across countries: a word without a code says nothing there",
)
LEVEL_RANGE: Final = rule(
    "csv/level-range",
    Severity.ERROR,
    "There is no such level",
    '"{value}" is not one of the levels {first} to {last}; it is kept as it is, and nothing will be published with it',
    "ask the office that keeps the offer for its level in the European Qualifications Framework",
    "the European Qualifications Framework has eight levels (Council Recommendation 2017/C 189/03)",
)
REQUIRED_EMPTY: Final = rule(
    "csv/required-empty",
    Severity.ERROR,
    "A cell that must be filled is empty",
    "the cell is empty, though every row must fill it",
    "fill it in the student system and export again; if it may be empty, take `required` out of the profile",
    "the profile calls the column required: without it the row does not say what has to be said",
)
NOT_AN_IRI: Final = rule(
    "csv/not-an-iri",
    Severity.ERROR,
    "A cell that holds web addresses holds something else",
    '"{value}" is not a web address',
    "write the whole address, beginning with http:// or https://, and part several as the profile says",
    "skills and pages are named by their address; a number or a title does not lead there",
)
DIGITS: Final = rule(
    "csv/digits",
    Severity.ERROR,
    "A number does not have the digits that it must have",
    '"{value}" {found}; it must be {digits} digits and nothing else',
    "{advice}",
    "a number that is changed to fit is somebody else's number; zeros in front belong to it",
)
CHECK_DIGIT: Final = rule(
    "csv/check-digit",
    Severity.ERROR,
    "The last digit of a number does not follow from the others",
    '"{value}" cannot be right: its last digit would have to be {wanted}',
    "look in the student system for a digit that was mistyped or swapped; it may also be another kind of number",
    "the last digit is there to find such mistakes (ISO 7064, MOD 11,10); a wrong number is another person's",
)
ACADEMIC_YEAR: Final = rule(
    "csv/academic-year",
    Severity.ERROR,
    "A cell that holds an academic year holds something else",
    '"{value}" is not an academic year{more}',
    "write the year in which it begins, such as 2019, or both years, such as 2019/2020",
    "an academic year lasts from one calendar year into the next",
)
CELLS_DISAGREE: Final = rule(
    "csv/cells-disagree",
    Severity.ERROR,
    "Two cells of a row contradict each other",
    '"{value}" means {this}, but "{other}" in {where} means {that}',
    "find out which of the two is right and correct the other in the student system",
    "the profile says that both cells tell the same, and nobody else can know which of them to believe",
)
CONTROL_CHARACTER: Final = rule(
    "csv/control-character",
    Severity.ERROR,
    "A cell holds a character that is no text",
    "the cell holds the control character U+{code:04X}{more}",
    "{advice}",
    "XML and JSON credentials cannot carry control characters, and they are a sign of damaged text",
)
REPLACEMENT_CHARACTER: Final = rule(
    "csv/replacement-character",
    Severity.ERROR,
    "A letter was lost before the file came here",
    "the cell holds U+FFFD, which stands for a letter that an earlier program could not read",
    "export again from the system that has the letter; it cannot be restored from this file",
    "a name with a missing letter is another name",
)
SPREADSHEET_ERROR: Final = rule(
    "csv/spreadsheet-error",
    Severity.ERROR,
    "A formula failed in the spreadsheet",
    '"{value}" is what a spreadsheet shows when a formula fails',
    "mend the formula or paste the value; if the cell means that nothing is known, add it to `empty` in the profile",
    "the value that belongs here was never in the file",
)
ORGANISATION_UNKNOWN: Final = rule(
    "csv/organisation-unknown",
    Severity.WARNING,
    "An organisation is known by its name only",
    '"{value}" is not in the list of organisations{more}; it is kept with nothing but its name',
    "add it to mappings/organisations/ with its country and identifiers, or correct the name in the export",
    "most targets demand the country of an organisation, and registers know it by an identifier",
)
UNPAIRED: Final = rule(
    "csv/unpaired",
    Severity.WARNING,
    "Cells that belong together value by value hold different numbers of them",
    "the numbers differ: {these} here, {those} {what}; they are kept beside each other",
    "give as many, in the same order",
    "a skill or a translation at the wrong learning outcome would claim something that nobody assessed",
)
NOT_AN_EMAIL: Final = rule(
    "csv/not-an-email",
    Severity.WARNING,
    "A cell that holds an e-mail address holds something else",
    '"{value}" is not an e-mail address; it is kept as it is',
    "correct it in the student system: a credential that is sent there reaches nobody",
    "an address has one @ with something on both sides (RFC 5322)",
)
KEY_MISSING: Final = rule(
    "csv/key-missing",
    Severity.ERROR,
    "What is offered cannot be told apart from other offers",
    "{what}; the row is left out",
    "{advice}",
    "a register knows a provision by its provider and the provider's own code; a title is no code, for it changes",
)
DEFAULT_USED: Final = rule(
    "csv/default-used",
    Severity.NOTE,
    "A default of the profile was used",
    'nothing is said here, so "{used}" was taken from the defaults of the profile {profile}',
    "fill the cell in the export where the default does not hold",
    "what a document lacks may be added by a declared default only, and each use is told",
)
GROUP_KEY_EMPTY: Final = rule(
    "csv/group-key-empty",
    Severity.ERROR,
    "It cannot be told whose row this is",
    "the cell is empty, but rows belong together by it; the row is left out",
    "fill the cell in the student system and export again",
    "rows without it would be put together though they belong to different people",
)
GROUP_CONTRADICTION: Final = rule(
    "csv/group-contradiction",
    Severity.ERROR,
    "Rows of one person contradict each other",
    '"{value}" differs from "{other}" in {first}, and both speak of the same {what}',
    "find out which of the two is right and correct the other in the student system; if it is somebody else, the "
    "number by which rows belong together is wrong in one of them",
    "one credential is about one learner; an achievement must not reach another person",
)
GROUP_LEFT_OUT: Final = rule(
    "csv/group-left-out",
    Severity.NOTE,
    "A row was left out because rows of the same person contradict each other",
    "the row was left out with all others of the same person, because {first} contradicts another of them",
    "correct the cells that the errors name and convert again; other people are not affected",
    "until it is known which row is wrong, none of them can be trusted",
)
ROW_REPEATED: Final = rule(
    "csv/row-repeated",
    Severity.WARNING,
    "A row says word for word what another row says",
    "the row says the same as row {first} in every column that is read; it counts once",
    "export again without the repetition; when it was achieved twice, the rows must differ, for example by their day",
    "what is said twice would be counted twice in the credits of a learner",
)
PROGRAMME_DIFFERS: Final = rule(
    "csv/programme-differs",
    Severity.WARNING,
    "One programme is described in two ways",
    '"{value}" has the same code as the programme in row {first}, but not the same description; both are kept',
    "correct the name of one of them, or give them different codes; a new name for an old programme may be right",
    "achievements that are parts of one programme stand under one programme",
)
ROW_LEFT_OUT: Final = rule(
    "csv/row-left-out",
    Severity.NOTE,
    "A row was left out because of its cells",
    "the row was left out because of {cells}",
    "correct the cells that the errors name and convert again; all other rows are not affected",
    "a certificate with a missing or wrong fact is worse than one that comes a day later",
)
