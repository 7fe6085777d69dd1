"""What may have to be said when a record becomes a European Digital Credential."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

REQUIRED_MISSING: Final = rule(
    "edc/required-missing",
    Severity.ERROR,
    "The record lacks what a European Digital Credential demands",
    "the record has no {what}; it was left out",
    "{advice}",
    "ELM 3.2, application profile of European Digital Credentials: the issuer refuses a file without it, and it is "
    "taken from nothing but a default named in mappings/edc/defaults.toml or an option",
    "an awarding organisation without a country",
)
UNSEALED: Final = rule(
    "edc/unsealed-part-missing",
    Severity.WARNING,
    "A bare credential lacks what a sealed one has",
    "the record has no {what}, so the credential is written without it",
    "add it at the source, or write `edc:form=uploadable` and let the issuer add it with the seal",
    "ELM 3.2, application profile of European Digital Credentials: issuer, moment of issue and a picture of the "
    "certificate are demanded once a credential is sealed",
)
NO_LEARNER: Final = rule(
    "edc/no-learner",
    Severity.ERROR,
    "A provision is no credential",
    "the record describes something on offer ({value}) and no learner; it was left out",
    "convert credentials to EDC, and publish provisions with `mcbridge sync`",
    "a European Digital Credential claims something about one person",
)
PART_LEFT_OUT: Final = rule(
    "edc/part-left-out",
    Severity.WARNING,
    "A part of the record lacks what ELM demands of it",
    "{part} was left out: it has no {what}",
    "ask the sender for it; the rest of the credential is complete without this part",
    "ELM 3.2 gives each class its mandatory properties; an optional part is left out rather than filled by guess",
)
AS_NOTE: Final = rule(
    "edc/written-as-note",
    Severity.WARNING,
    "A part of the record is written as a note",
    "{part} has no {what}, so it is written as a note, which holds its type and its title only",
    "ask the sender for it when the statement is to be more than a text",
    "ELM 3.2 gives each class its mandatory properties; a note keeps what Annex I asks for readable",
)
AS_IDENTIFIER: Final = rule(
    "edc/national-id-without-country",
    Severity.WARNING,
    "A national identifier has no country",
    "the learner's national identifier has no country, so it is written as an identifier like any other",
    "ask the sender for the country that gave it",
    "ELM 3.2 demands the country of a national identifier, and it is not taken from anything else",
)
ZONE_ASSUMED: Final = rule(
    "edc/written-in-utc",
    Severity.NOTE,
    "A moment without a time zone was taken to be in UTC",
    "the moment has no time zone; it is written as {value}",
    "state the time zone at the source when it is another",
    "the European issuer takes a moment without a time zone to be in UTC",
)
UNKNOWN_CODE: Final = rule(
    "edc/unknown-code",
    Severity.WARNING,
    "A code is not in the list that ELM demands",
    '"{value}" is not in the list {list}; it was left out',
    "correct the code at the source, or map the local word in a crosswalk",
    "the European issuer looks up every concept of these lists and refuses a code that it does not find",
)
DANGLING: Final = rule(
    "edc/reference-dangling",
    Severity.WARNING,
    "A reference leads nowhere",
    'the record refers to {what} "{value}", which it does not have',
    "ask the sender which one is meant; the identifier must be that of one in the same record",
    "what a reference leads to is written in place of the reference",
)
CONTENT_MISSING: Final = rule(
    "edc/content-missing",
    Severity.WARNING,
    "The bytes of an image or a document are not there",
    "{value} was left out: {reason}",
    "convert again from the source, with the folder of contents beside canonical JSON",
    "a credential carries its images and documents within itself",
)
DELIVERY_MISSING: Final = rule(
    "edc/delivery-address-missing",
    Severity.WARNING,
    "Nobody is named to deliver the credential to",
    "there is no delivery address: neither an option, nor the record, nor an e-mail address of the learner gives one",
    "name one with `edc:deliver=ADDRESS`, or add the learner's e-mail address at the source",
    "the issuer refuses an upload without one or two delivery addresses; an address is never made up",
)
DELIVERY_ASSUMED: Final = rule(
    "edc/delivery-address-assumed",
    Severity.NOTE,
    "The credential is to be delivered to the learner's e-mail address",
    "the delivery address is the learner's own, {value}",
    "name another with `edc:deliver=ADDRESS` when it is to go elsewhere",
    "the issuer demands one or two delivery addresses",
)
DELIVERY_DOUBTFUL: Final = rule(
    "edc/delivery-address-doubtful",
    Severity.WARNING,
    "A delivery address does not look like one",
    '"{value}" cannot be an e-mail address; {what}',
    "correct it at the source, or name another address with `edc:deliver=ADDRESS`",
    "the issuer takes a file with such an address, and fails only when it sends the sealed credential",
)
VALID_FROM_ASSUMED: Final = rule(
    "edc/valid-from-assumed",
    Severity.NOTE,
    "The beginning of validity was taken from another date",
    "valid from {value}, which is the {source}",
    "state the first day of validity at the source when it is another day",
    "ELM 3.2 demands validFrom; the day of issue, else the newest day of award, stands in for it",
)
AWARDING_DATE_ASSUMED: Final = rule(
    "edc/awarding-date-assumed",
    Severity.NOTE,
    "The day of award was taken from the day of completion",
    "the award is dated {value}, the day on which the achievement was completed",
    "state the day of award at the source when it is another day",
    "Council Recommendation 2022/C 243/02, Annex I asks for the date of issuing; ELMO gives the day of completion",
)
BODY_ASSUMED: Final = rule(
    "awarding/body-assumed",
    Severity.NOTE,
    "The issuer was taken for the awarding body",
    "no awarding body is named; {value}, which issued the document, stands in for it",
    "name the awarding body at the source when it is another organisation",
    "ELM 3.2 demands an awarding body of each claim; who issues a document need not be who awards",
)
TITLE_ASSUMED: Final = rule(
    "edc/title-assumed",
    Severity.NOTE,
    "A title was taken from elsewhere",
    'the title of the {part} is {source}: "{value}"',
    "give it a title of its own at the source when that reads wrong",
    "ELM 3.2 demands a title here",
)
GRADE_ASSUMED: Final = rule(
    "edc/grade-assumed",
    Severity.NOTE,
    "An assessment without a grade",
    'the assessment has no grade; "{value}" stands in its place',
    "add the grade at the source, or leave it so when there is none",
    "ELM 3.2 demands a grade of each assessment",
)
LANGUAGE_ASSUMED: Final = rule(
    "edc/language-assumed",
    Severity.NOTE,
    "Texts without a language were taken to be in the language of the record",
    'in {count} texts no language is stated; they are written as "{value}"',
    "state the language of texts at the source",
    "the texts of a European Digital Credential stand under the tag of their language, and the issuer takes no other",
)
PRIMARY_LANGUAGE_ASSUMED: Final = rule(
    "edc/primary-language-assumed",
    Severity.NOTE,
    "The language of the record was found from its texts",
    'the record names no language of its own; "{value}" was taken, {source}',
    "state the language of the document at the source when it is another",
    "ELM 3.2 demands a primary language of the certificate",
)
COUNTRY_ASSUMED: Final = rule(
    "edc/country-assumed",
    Severity.NOTE,
    "A country was taken from another statement",
    "{value} was taken as the country of {part}, from {source}",
    "state the country in the address at the source",
    "ELM 3.2 demands the country of each organisation and of each legal identifier",
)
PROFILE_ASSUMED: Final = rule(
    "edc/profile-assumed",
    Severity.NOTE,
    "The credential is written with the default profile",
    'the record names no profile; it is written as "{value}"',
    "nothing, unless the credential has to be of another profile",
    "ELM 3.2 demands a profile; there is none for micro-credentials, and the generic one asks for all that they need",
)
PROFILE_UNMET: Final = rule(
    "edc/profile-unmet",
    Severity.WARNING,
    "The credential does not have what its profile demands",
    'the profile "{value}" demands {what}; the credential is written without this profile',
    "add what is missing at the source, or issue it with the generic profile",
    "the European issuer refuses a credential that does not fit its profile",
)
PROFILE_ENDLESS: Final = rule(
    "edc/profile-endless",
    Severity.WARNING,
    "The profile demands what no document can have",
    'the profile "{value}" demands of each qualification a part that is a qualification too, and so without end; '
    "{count} at the end of the line have none",
    "ask the issuer whether its installation takes it, or write `edc:application-profile=generic`",
    "ELM 3.2, shapes of the diploma supplement: taken by the letter they refuse every document that names a "
    "qualification; everything else that they demand is there",
)
FULL_NAME_ASSUMED: Final = rule(
    "edc/full-name-assumed",
    Severity.NOTE,
    "A full name was put together",
    'the full name of the learner is written as "{value}", from given and family names',
    "state the full name at the source when it is written otherwise",
    "the profile of diploma supplements demands a full name; the issuer puts it together in the same way",
)
SOURCE_NOT_EMBEDDED: Final = rule(
    "edc/source-not-embedded",
    Severity.WARNING,
    "The source document is not embedded",
    "the source document is not in the credential, so its profile is not that of converted ones: {reason}",
    "{advice}",
    "a credential goes to whomever the learner shows it, so it may hold nothing of other people; and what is embedded "
    "as the original has to be the original",
    "edc:embed-source=true for the table of a whole class",
)
EVIDENCE_LEFT_OUT: Final = rule(
    "edc/evidence-left-out",
    Severity.WARNING,
    "An accreditation as evidence does not belong to the generic profile",
    "the accreditation that stands as evidence was left out of the file for the issuer, since the profile is generic",
    "write `edc:application-profile=accredited` when the credential is to be issued under this accreditation",
    "the issuer looks such an accreditation up in the European register of accreditations, and refuses the file when "
    "it does not find it there; the generic profile asks for none",
)
MEDIA_TYPE_ASSUMED: Final = rule(
    "edc/media-type-assumed",
    Severity.NOTE,
    "The type of a document is not stated or not known",
    'the type of a document is "{value}"; it is written as {written}',
    "state the media type of the document at the source",
    "ELM 3.2 demands the file type of each embedded document, from the European list",
)
