"""What may be said against the structure of a credential. ``clause`` is the published shape, or the paragraph."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Rule, Severity, rule

_SHAPES: Final = "ELM 3.2, shapes of the application profile of European Digital Credentials: "

MISSING: Final = rule(
    "edc/property-missing",
    Severity.ERROR,
    "Something that a credential must have is missing",
    '{part} has no "{key}"; there must be {expected} ({clause})',
    "ask whoever made the file to add it; what is mandatory is never made up",
    _SHAPES + "sh:minCount",
    '"grade" of a LearningAssessment',
)
TOO_MANY: Final = rule(
    "edc/too-many-values",
    Severity.ERROR,
    "A property has more values than ELM allows",
    '{part} has {found} values of "{key}"; there may be {expected} ({clause})',
    "keep one of them at the source; objects with one id count as one, with the values of all of them",
    _SHAPES + "sh:maxCount; in RDF, objects with one id are one",
    "two values of awardedBy",
)
OTHER_CLASS: Final = rule(
    "edc/other-class",
    Severity.ERROR,
    "An object is not of the class that belongs there",
    '"{key}" of {part} is {found}{value}, where {expected} belongs ({clause})',
    'correct the "type" of the object at the source; a reference has to lead to an object in the same file',
    _SHAPES + "sh:class, sh:node",
    '"awardingBody": {"id": "urn:epass:org:9"}, which is nowhere in the file',
)
OTHER_DATATYPE: Final = rule(
    "edc/other-datatype",
    Severity.ERROR,
    "A value is not of the kind that belongs there",
    '"{key}" of {part} is {found}{value}, where {expected} belongs ({clause})',
    "write it at the source as the example says; a text is written by language, such as en: Title",
    _SHAPES + "sh:datatype, sh:nodeKind",
    '"title": "Chemistry" instead of {"en": "Chemistry"}',
)
MALFORMED: Final = rule(
    "edc/malformed-value",
    Severity.ERROR,
    "A value is not written as its datatype demands",
    '"{key}" of {part} is "{value}", which is not {expected} ({clause})',
    "write it in that form at the source; software that reads it strictly refuses the credential",
    _SHAPES + "sh:datatype; XML Schema 1.1, part 2: how values are written",
    '"validFrom": "2026-06-30"',
)
LANGUAGE_TWICE: Final = rule(
    "edc/language-twice",
    Severity.ERROR,
    "Two texts of one language where ELM takes one",
    '"{key}" of {part} has {found} texts in the language "{lang}"; there may be one for each language ({clause})',
    "keep one of them at the source, or write each under its own language",
    _SHAPES + "sh:uniqueLang",
    '"title": {"en": ["Chemistry", "Chemistry I"]}',
)
LANGUAGE_TAG: Final = rule(
    "edc/language-tag",
    Severity.ERROR,
    "The key of a text is no language",
    '"{key}" of {part} has a text under "{value}", which is no language tag ({clause})',
    "write a language tag at the source, such as en or hr",
    "BCP 47; JSON-LD 1.1: texts stand under the tag of their language",
    '"title": {"English language": "Chemistry"}',
)
OUTSIDE_SCHEME: Final = rule(
    "edc/outside-scheme",
    Severity.ERROR,
    "A concept is not said to be in the list that belongs there",
    '"{key}" of {part} is {found}{value}, which is not said to be in the list {expected} ({clause})',
    "take a concept of that list at the source, and name the list in its inScheme, with its type",
    _SHAPES + "generic-full, the list of each concept",
    "a country without inScheme",
)
NOT_LISTED: Final = rule(
    "edc/code-not-in-list",
    Severity.ERROR,
    "A code is not in the list that it says it is in",
    'the concept "{value}" is not in the list {expected}, as it was published ({clause})',
    "take a code of the list at the source; a code that was added to the list later can be passed over with --allow",
    "the European issuer looks each concept up in its list; of strict lists it refuses what it does not find",
    "http://data.europa.eu/snb/eqf/9",
)
NO_IRI: Final = rule(
    "edc/id-not-absolute",
    Severity.ERROR,
    "An id is no address that holds by itself",
    'the id "{value}" is no absolute IRI ({clause})',
    "write an id with its scheme at the source, such as urn:epass:org:1 or https://…",
    "JSON-LD 1.1: an id without a scheme is completed by the place of the file, or dropped with all that is said of it",
    '"id": "org1"',
)
KEYWORD: Final = rule(
    "edc/json-ld-keyword",
    Severity.ERROR,
    "A key is valid JSON-LD that no European Digital Credential has",
    '"{value}" stands in {part}; it is a way of writing that issuers and viewers do not read ({clause})',
    "ask for the credential as the European issuer writes it, with the keys of ELM 3.2 only",
    "ELM 3.2, context edc-ap: a credential is written with its terms, id and type, and with one context at the top",
    '"dc:title": {"@value": "Chemistry", "@language": "en"}',
)
NOT_A_TERM: Final = rule(
    "edc/key-not-in-context",
    Severity.WARNING,
    "A key means nothing in the context of ELM 3.2",
    '"{value}" in {part} is no term of ELM 3.2; JSON-LD drops it with all that is in it ({clause})',
    "check its spelling at the source; terms of a later version can be left as they are",
    "ELM 3.2, context edc-ap; some terms hold in objects of the class VerifiableCredential only",
    '"studentNumber": "0036…" beside the name of a person',
)
OTHER_KEY: Final = rule(
    "edc/key-of-another-class",
    Severity.WARNING,
    "A key does not belong to the class of its object",
    '"{value}" is no property of {part} ({clause})',
    "move it to the object that it belongs to at the source; the European issuer drops it",
    _SHAPES + "the properties of each class",
    '"grade" of a LearningAchievement instead of its LearningAssessment',
)
NOT_A_CLASS: Final = rule(
    "edc/class-not-in-context",
    Severity.WARNING,
    "A type is no class of ELM 3.2",
    '{part} says that it is "{value}", which is no class of ELM 3.2; JSON-LD drops the word ({clause})',
    "correct the type at the source; the European issuer takes credentials of its own types only",
    "ELM 3.2, context edc-ap: a class that the context does not know is dropped",
    '"type": ["VerifiableCredential", "VerifiableAttestation", "EuropeanDigitalCredential"]',
)
CONTRADICTED: Final = rule(
    "edc/id-contradicted",
    Severity.WARNING,
    "Two objects with one id contradict each other",
    'two objects have the id "{value}", and differ in "{key}"; whoever reads the file as RDF takes both values for'
    " those of one object ({clause})",
    "give each its own id at the source",
    "RDF 1.1: things with one name are one thing; ids hold within one file",
    "two pictures, both called urn:epass:mediaObject:2",
)
NO_CREDENTIAL: Final = rule(
    "edc/credential-missing",
    Severity.ERROR,
    "No object of the file is a European Digital Credential",
    "no object in the file is a European Digital Credential, so no shape looks at anything ({clause})",
    "ask for the credential; its type is VerifiableCredential and EuropeanDigitalCredential",
    "SHACL looks at the objects of known classes: a file without any conforms, and says nothing",
    '"type": "VerifiableCredential" alone',
)
SEVERAL: Final = rule(
    "edc/several-credentials",
    Severity.ERROR,
    "Several objects of the file are European Digital Credentials",
    "{found} objects in the file are European Digital Credentials; there must be one ({clause})",
    "put each credential into its own file",
    "a seal, and an upload, are of exactly one credential",
    "a credential in hasCredential of another one's subject",
)
VIOLATION: Final = rule(
    "edc/shacl-violation",
    Severity.ERROR,
    "The published shapes do not allow this",
    'the published shapes object to "{key}" of {part}: {expected}{value} ({clause})',
    "see what else is said about this place; edc:validate=yes says it in plain words",
    "the published SHACL shapes, as they were added with mcbridge schemas add",
    "edc:validate=shacl",
)
WRITTEN: Final = rule(
    "edc/written-invalid",
    Severity.ERROR,
    "The credential that would be written breaks the rules of its format",
    "the credential that would be written breaks ELM 3.2, at {part}: {problem}",
    "correct the record at its source; edc:validate=no writes it as it is",
    "what mcbridge writes is checked by the structure of ELM 3.2 before it is kept",
    "a national level of a list that no issuer knows",
)

KEPT: Final = rule(
    "edc/kept-invalid",
    Severity.WARNING,
    "What a European Digital Credential got wrong is written again as it was",
    "the credential breaks ELM 3.2 as its source did, at {part}{more}: {problem}",
    "correct it at its source; what is said of the source when it is read names each place",
    "a European Digital Credential that is read is written again as it was, its mistakes included",
    "a credential from a third party, converted from bare to uploadable",
)

OF_THE_WRITER: Final[frozenset[Rule]] = frozenset({NOT_A_TERM, OTHER_KEY, NOT_A_CLASS, CONTRADICTED})
"""A warning about what others wrote, an error in what we write."""
