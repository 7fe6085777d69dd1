"""What may have to be said when older Europass XML is read."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

KEPT: Final = "it is kept beside the record, and no format gets it"
_SCHEMA: Final = "schemas of Europass credentials, 0.8.0 to 1.2: each element has its children, attributes and datatype"

UNKNOWN: Final = rule(
    "edc-xml/unknown-element",
    Severity.WARNING,
    "An element or attribute that no known schema has there",
    'there is no "{value}" in {part} that is known here; ' + KEPT,
    "ask the sender which schema the file follows",
    _SCHEMA,
    "<studentNumber> beside the name of a person",
)
NO_WORD: Final = rule(
    "edc-xml/kept-aside",
    Severity.NOTE,
    "An element of older Europass XML has no place in a record",
    '"{value}" of {part} has no place in a record; ' + KEPT,
    "see the ledger of losses, and keep the original file",
    "the canonical model has a place for what other formats or registers can use",
    '"priceDetails" of a learning opportunity',
)
EMPTY: Final = rule(
    "edc-xml/empty",
    Severity.WARNING,
    "An element is there, with nothing in it",
    '"{value}" of {part} is there, with nothing in it',
    "ask the sender what belongs there, or leave it out",
    "absent, empty and unknown are three things; none is taken for another",
    "<description/>",
)
WRONG_VALUE: Final = rule(
    "edc-xml/wrong-value",
    Severity.WARNING,
    "A value cannot be read as what it should be",
    '{part} is "{value}", which is not {expected}; ' + KEPT,
    "correct it at the source",
    "schemas of Europass credentials: days are xs:date, moments xs:dateTime, durations xs:duration",
    "<dateOfBirth>2 January 2000</dateOfBirth>",
)
SEVERAL: Final = rule(
    "edc-xml/several-values",
    Severity.WARNING,
    "Several values where one belongs",
    '"{value}" of {part} stands there again; the first was read, this one is kept beside',
    "ask the sender which one is meant",
    "an element that stands once in the schema, or a field of a record that holds one value",
    "a person with two addresses",
)
DANGLING: Final = rule(
    "edc-xml/id-unresolved",
    Severity.WARNING,
    "A reference to something that is not in the credential",
    '{part} refers to "{value}", which is not in the credential; it is kept as it is',
    "ask the sender for the complete credential; nothing is fetched from the web",
    "schemas of Europass credentials: what idref names stands under that id in one of the blocks of references",
    '<wasAwardedBy idref="urn:epass:awardingProcess:9"/>',
)
WRONG_KIND: Final = rule(
    "edc-xml/reference-of-another-kind",
    Severity.WARNING,
    "A reference leads to something of another kind",
    '{part} refers to "{value}", which is called {found} there; it is kept as it is',
    "ask the sender what is meant",
    "schemas of Europass credentials: each reference leads to one kind of thing",
    "specifiedBy that names an organisation",
)
CYCLE: Final = rule(
    "edc-xml/cycle",
    Severity.WARNING,
    "Something is a part of itself",
    '{part} leads back to "{value}", which it stands in; the reference is kept beside',
    "ask the sender what is meant",
    "what is referred to is read where the reference stands, so a way back to the whole would never end",
    "a module that has the whole programme as its part",
)
TOO_MUCH: Final = rule(
    "edc-xml/references-too-deep",
    Severity.WARNING,
    "References unfold without an end",
    '{part} refers to "{value}", and references have unfolded too far by now; the reference is kept beside',
    "ask the sender what this is; no real credential is built like that",
    "a few kilobytes of references to references can stand for more than any memory holds",
)
DUPLICATE: Final = rule(
    "edc-xml/id-twice",
    Severity.WARNING,
    "Two elements share an id",
    'the id "{value}" stands for an earlier element as well; references lead to the first one',
    "give each its own id at the source",
    "schemas of Europass credentials: an id is a key of its block of references",
    'two organisations called "urn:epass:org:1"',
)
UNUSED: Final = rule(
    "edc-xml/nobody-refers-to-it",
    Severity.WARNING,
    "A block of references holds something that nothing refers to",
    'nothing that is read refers to the {part} "{value}"; ' + KEPT,
    "ask the sender what it belongs to",
    "what stands in a block of references says nothing of the learner until something refers to it",
    "a second qualification that no achievement names",
)
OLD_CODE: Final = rule(
    "edc-xml/older-code",
    Severity.NOTE,
    "A code of an older list was read as the present one",
    '{part} has the code "{value}" of an older list; it was read as {found}',
    "nothing, when the two mean the same; the older code is remembered",
    "version 0.8.0 had lists of its own, which ELM 3 replaced by others with the same entries",
    "http://data.europa.eu/europass/accreditationType/programLicense",
)
NO_ZONE: Final = rule(
    "edc-xml/zone-assumed",
    Severity.NOTE,
    "A moment has no time zone",
    "{part} is {value}, without a time zone; it was taken to be in UTC",
    "write the zone at the source",
    "xs:dateTime may leave the zone out, and then nobody knows the hour",
    "<issued>2021-06-30T00:00:00</issued>",
)
SHIFTED: Final = rule(
    "edc-xml/day-shifted",
    Severity.WARNING,
    "A day is written as an hour of the evening before",
    "{part} is {value}, which is probably the next day at midnight, shifted to UTC; the day is read as written",
    "compare it with the source; European issuers have shifted local midnights to UTC",
    "schemas of Europass credentials have moments where days are meant",
    "<date>2021-06-08T22:00:00Z</date>",
)
NUMERIC: Final = rule(
    "edc-xml/numeric-score",
    Severity.NOTE,
    "A grade is a number",
    "the grade is the number {value}; it was read as the text of the grade",
    "nothing; no format reckons with grades",
    "a grade is kept as written, and a number without its scale is no more than text",
    "<numericScore>4.5</numericScore>",
)
LIFTED: Final = rule(
    "edc-xml/achievement-within-another-claim",
    Severity.WARNING,
    "An achievement stands within the activity or entitlement that belongs to it",
    "the achievement stands within {part}; it was read as an achievement of its own, and is no longer tied to that",
    "look into the original where it matters what led to what",
    "a record ties activities and entitlements to their achievement, not the other way round",
    "<influenced> of an activity",
)
NOT_QUALIFIED: Final = rule(
    "edc-xml/award-without-qualification",
    Severity.WARNING,
    "The award of a qualification is not specified by one",
    "this is the award of a qualification, and its specification is none; it was read as an achievement like others",
    "ask the sender whether it is a qualification",
    "schemas of Europass credentials: qualificationAward is specified by a qualification",
    "<qualificationAward> specified by <learningSpecification>",
)
CHILD: Final = rule(
    "edc-xml/credential-within-credential",
    Severity.WARNING,
    "A credential holds other credentials",
    '"{value}" holds credentials within the credential; ' + KEPT,
    "take them out, and read each by itself",
    "each credential has its own issuer and seal, so it is a document of its own",
    "<contains> with the text of another credential",
)
PRESENTED: Final = rule(
    "edc-xml/presentation",
    Severity.NOTE,
    "The credential was taken out of a presentation or another wrapper",
    'the credential stood in "{value}"; what that says of itself is kept beside the record',
    "look into the original for who presented it, and what was verified then",
    "a presentation, its issuer, its term and its checks are about showing a credential, not about the learner",
    "<verifiablePresentation> of a shared credential",
)
SIZE_DIFFERS: Final = rule(
    "edc-xml/content-size-differs",
    Severity.WARNING,
    "The size of a document is not the one that is stated",
    "the document has {size} bytes, but {value} are stated",
    "ask the sender whether the document is complete",
    "schemas of Europass credentials, contentSize: the number of bytes",
)
UNDECODABLE: Final = rule(
    "edc-xml/content-undecodable",
    Severity.WARNING,
    "The content of a document is no base64",
    "the content of a document cannot be decoded; it is kept as it is",
    "ask the sender for the document",
    "schemas of Europass credentials: content is xs:base64Binary",
)
NO_SUBJECT: Final = rule(
    "edc-xml/no-subject",
    Severity.ERROR,
    "The credential is about nobody",
    "the credential has no credentialSubject",
    "ask the sender for the credential again",
    "schemas of Europass credentials: each has exactly one credentialSubject",
)
NO_CLAIM: Final = rule(
    "edc-xml/no-claim",
    Severity.WARNING,
    "The credential claims nothing",
    "the credential has a subject, but no achievement, activity, assessment or entitlement that could be read",
    "ask the sender whether it is complete; --from edc-xml:claim=title takes its title for that of an achievement",
    "schemas of Europass credentials allow it; a European Digital Credential of ELM 3 has at least one claim",
)
CLAIM_FROM_TITLE: Final = rule(
    "edc-xml/claim-from-title",
    Severity.WARNING,
    "A credential without claims was given one",
    'the credential claims nothing but its title; "{value}" was read as an achievement, as was asked for',
    "compare it with the original; without claim=title nothing is added",
    "certificates of the first years say what was achieved in their title and description only, and ELM 3 has no such",
    "a certificate of completion without achievements",
)
