"""What may have to be said when a European Digital Credential is read."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

KEPT: Final = "it is kept beside, and is written back to European Digital Credentials only"

UNKNOWN_KEY: Final = rule(
    "edc/unknown-key",
    Severity.WARNING,
    "A key is in no version of the model",
    '"{value}" is no property of {part} in ELM 3.2; ' + KEPT,
    "check its spelling at the source; JSON-LD drops a key that the context does not know, and says nothing",
    "ELM 3.2, context edc-ap: what is not in the context is not in the credential; later versions may add terms",
    '"studentNumber": "0036…" beside the name of a person',
)
NO_WORD: Final = rule(
    "edc/kept-aside",
    Severity.NOTE,
    "A property of ELM has no place in a record",
    '"{value}" of {part} has no place in a record; ' + KEPT,
    "nothing, when the record goes back to EDC; else see the ledger of losses",
    "the canonical model has a place for what other formats or registers can use",
    '"awardingOpportunity" of a qualification',
)
WRONG_TYPE: Final = rule(
    "edc/wrong-type",
    Severity.WARNING,
    "A value of another kind than ELM has it",
    "{part} is {value}, where {expected} belongs; " + KEPT,
    "correct it at the source; the European issuer refuses or drops it",
    "ELM 3.2, application profile of European Digital Credentials: each property has a class or a datatype",
    '"title": 7',
)
TOLERATED: Final = rule(
    "edc/type-tolerated",
    Severity.WARNING,
    "A value is written as another kind than ELM has it, and was understood",
    "{part} is {value}, where {expected} belongs; it was read all the same",
    "correct it at the source; other readers may refuse it",
    "ELM 3.2, context edc-ap: each property has a class or a datatype",
    '"point": 2 instead of "2"',
)
EMPTY: Final = rule(
    "edc/empty",
    Severity.WARNING,
    "A property is there, with nothing in it",
    "{part} is there, with nothing in it ({value})",
    "fill it at the source, or leave it out",
    "absent, empty and unknown are three things; none is taken for another",
    '"description": []',
)
WRONG_VALUE: Final = rule(
    "edc/wrong-value",
    Severity.WARNING,
    "A value cannot be read as what it should be",
    '{part} is "{value}", which is not {expected}; ' + KEPT,
    "correct it at the source",
    "ELM 3.2: dates and moments are xsd:dateTime, durations xsd:duration, points are numbers",
    '"dateOfBirth": "2 January 2000"',
)
SEVERAL: Final = rule(
    "edc/several-values",
    Severity.WARNING,
    "Several values where ELM has one",
    "{part} has several values; the first was read, {value} more kept beside",
    "ask the sender which one is meant",
    "ELM 3.2, application profile of European Digital Credentials: at most one",
    '"issuer": [{…}, {…}]',
)
DANGLING: Final = rule(
    "edc/id-unresolved",
    Severity.WARNING,
    "A reference to something that is not in the credential",
    '{part} refers to "{value}", which is not in the file; ' + KEPT,
    "ask the sender for the complete credential; nothing is fetched from the web",
    "JSON-LD 1.1: a node may be referred to by its id; what is not in the file is known to nobody who reads it",
    '"awardingBody": {"id": "urn:epass:org:9"}',
)
CYCLE: Final = rule(
    "edc/cycle",
    Severity.WARNING,
    "Something is a part of itself",
    '{part} leads back to "{value}", which it stands in; the reference is kept beside',
    "nothing, when it only names what it belongs to; else ask the sender",
    "parts are read where they stand, so a way back to the whole would never end",
    '"isPartOf": {"id": …} within the very same "hasPart"',
)
TOO_MUCH: Final = rule(
    "edc/references-too-deep",
    Severity.WARNING,
    "References unfold without an end",
    '{part} refers to "{value}", and references have unfolded too far by now; it is kept beside',
    "ask the sender what this is; no real credential is built like that",
    "a few kilobytes of references to references can stand for more than any memory holds",
)
ID_CLASH: Final = rule(
    "edc/id-clash",
    Severity.WARNING,
    "Two organisations share an id",
    'the id "{value}" is used for two organisations whose content differs; the second is called "{name}" here',
    "give each its own id at the source",
    "in RDF things with one id are one thing, with the properties of both",
    "urn:epass:org:1 with two different names",
)
ONE_ORGANISATION: Final = rule(
    "edc/same-organisation",
    Severity.NOTE,
    "Two ids name organisations that say the same",
    'the organisation "{value}" says what "{name}" says; they are one in the record',
    "nothing, unless they are two that happen to be described alike",
    "an id holds within a file only, so what is said of an organisation tells which one it is",
    "the same organisation as urn:epass:org:1 and urn:epass:org:5",
)
OTHER_SCHEME: Final = rule(
    "edc/other-scheme",
    Severity.WARNING,
    "A concept is said to be in a list that it is not in",
    'the concept {concept} is said to be in "{value}"; it was taken for what its id says, and the word is kept beside',
    "correct inScheme at the source",
    "the European issuer looks a concept up by its id, in the list that it belongs to",
)
NO_CONTEXT: Final = rule(
    "edc/no-context",
    Severity.WARNING,
    "The credential has no context",
    "the credential has no @context; its keys were taken for those of ELM 3.2",
    "add the two contexts of a European Digital Credential at the source",
    "without @context JSON-LD software finds nothing in the file; only the uploadable form may leave it out",
)
OTHER_CONTEXT: Final = rule(
    "edc/other-context",
    Severity.WARNING,
    "The context is not that of a European Digital Credential",
    "the @context is {value}; its keys were taken for those of ELM 3.2, and nothing was fetched",
    "check that the source is a European Digital Credential",
    "ELM 3.2: exactly the W3C credentials context, version 1, and http://data.europa.eu/snb/model/context/edc-ap",
    '"https://www.w3.org/ns/credentials/v2"',
)
UNKNOWN_CONTEXT: Final = rule(
    "edc/unknown-context",
    Severity.WARNING,
    "The context names something that nobody here knows",
    "the @context names {value}, which is not known here and was not fetched; keys that only it explains are unknown",
    "ask the sender what it adds; what it adds is in the ledger of losses, or kept beside",
    "a context says what the keys mean; fetching one from the web would let anybody change that, and see who reads",
    '"https://example.org/my-context"',
)
PRESENTED: Final = rule(
    "edc/presentation",
    Severity.NOTE,
    "Credentials are shown together in a presentation",
    "this is a presentation{kind} of {count} credential{s}; each is read as a document of its own",
    "nothing; what the presentation says besides is kept beside each credential, and is in the ledger of losses",
    "ELM 3.2, European Digital Presentation: whoever holds credentials shows a set of them",
)
SECOND: Final = rule(
    "edc/second-credential",
    Severity.ERROR,
    "A credential stands within another one",
    "a second EuropeanDigitalCredential ({value}) stands within the credential; it was not read as one",
    "ask the sender for both in files of their own, or in a presentation",
    "a document holds exactly one credential; what checks it would take the one for the other",
)
UNREFERRED: Final = rule(
    "edc/node-unreferred",
    Severity.WARNING,
    "Nothing refers to a node of the document",
    'nothing in the credential refers to "{value}"; it is not in the record',
    "ask the sender what it belongs to",
    "JSON-LD 1.1: in a flattened document the nodes stand beside one another, and belong together by their ids",
)
OTHER_TYPE: Final = rule(
    "edc/other-type",
    Severity.WARNING,
    "A node says that it is of another class",
    '{part} says that it is "{value}", where {expected} belongs; the word is kept beside',
    "check the type at the source",
    "ELM 3.2, application profile of European Digital Credentials: each property has a class",
)
SHIFTED: Final = rule(
    "edc/day-shifted",
    Severity.WARNING,
    "A day is written as an hour of the evening before",
    "{part} is {value}, which is probably the next day at midnight, shifted to UTC; the day is read as written",
    "compare it with the source; European issuers have shifted local midnights to UTC",
    "ELM 3.2 writes days as moments; the same person was born on two different days in official samples",
    '"dateOfBirth": "1999-10-01T22:00:00Z"',
)
NO_ZONE: Final = rule(
    "edc/zone-assumed",
    Severity.NOTE,
    "A moment has no time zone",
    "{part} is {value}, without a time zone; it was taken to be in UTC",
    "write the zone at the source",
    "the European issuer takes moments without a zone as UTC",
    '"validFrom": "2026-06-30T00:00:00"',
)
BARE_DATE: Final = rule(
    "edc/date-without-time",
    Severity.WARNING,
    "A day stands where a moment belongs",
    "{part} is {value}, a day without a time of day",
    "write it as a moment at the source, such as 2026-06-30T00:00:00Z",
    "ELM 3.2 has xsd:dateTime here, and the European issuer refuses a bare date",
    '"awardingDate": "2026-06-30"',
)
SIZE_DIFFERS: Final = rule(
    "edc/content-size-differs",
    Severity.WARNING,
    "The size of a document is not the one that is stated",
    "the document has {size} bytes, but {value} are stated",
    "ask the sender whether the document is complete",
    "ELM 3.2, contentSize: the number of bytes",
)
UNDECODABLE: Final = rule(
    "edc/content-undecodable",
    Severity.WARNING,
    "The content of a document is no base64",
    "the content of a document cannot be decoded; it is kept as it is",
    "ask the sender for the document",
    "ELM 3.2: contentEncoding of embedded documents is base64",
)
DELIVERED_TO: Final = rule(
    "edc/delivery-addresses",
    Severity.WARNING,
    "An upload is not to be delivered to one or two addresses",
    "this file is for uploading and names {found} delivery addresses; the European issuer takes one or two",
    "name one or two under deliveryAddress of deliveryDetails, or convert it with `edc:deliver=ADDRESS`",
    "the European issuer refuses an upload without one or two delivery addresses",
    "an uploadable file without deliveryDetails",
)
NO_SUBJECT: Final = rule(
    "edc/no-subject",
    Severity.ERROR,
    "The credential has no subject that could be read",
    "the credential says nothing about anybody: credentialSubject is {value}",
    "ask the sender for the credential again",
    "ELM 3.2: each credential has exactly one credentialSubject, a Person",
)
NO_CLAIM: Final = rule(
    "edc/no-claim",
    Severity.ERROR,
    "The credential claims nothing",
    "the credential has a subject, but claims nothing about the learner that could be read",
    "ask the sender for the credential again",
    "ELM 3.2: a Person has at least one hasClaim",
)
