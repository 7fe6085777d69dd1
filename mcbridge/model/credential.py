"""The credential: the claims of one document about one learner.

``Learner`` lives here and nowhere else; nothing that publishes provisions may import this module.
"""

from datetime import date, datetime
from enum import Enum

from mcbridge.model.attachment import Attachment
from mcbridge.model.base import Concept, Content, Entity, Identifier, Note, Text, Texts, Value
from mcbridge.model.claims import Achievement, Activity, Assessment, Entitlement
from mcbridge.model.learning import GradingScheme
from mcbridge.model.organisation import Contact, Organisation, Place, QualityAssurance


class Learner(Entity, frozen=True, kw_only=True):
    """The person. Names are texts, because one format gives them a language.

    ``alternative_names`` are the whole name said in another way, such as in another script (ELMO 2.0).
    """

    id: str | None = None
    given_names: Texts = ()
    family_name: Texts = ()
    full_name: Texts = ()
    birth_name: Texts = ()
    patronymic_name: Texts = ()
    alternative_names: Texts = ()
    birth_date: date | None = None
    place_of_birth: Place | None = None
    citizenships: tuple[str, ...] = ()
    gender: str | None = None
    national_id: Identifier | None = None
    identifiers: tuple[Identifier, ...] = ()
    address: Place | None = None
    contacts: tuple[Contact, ...] = ()
    member_of: tuple[str, ...] = ()


class ClaimKind(Enum):
    """The four kinds of claim."""

    ACHIEVEMENT = "achievement"
    ACTIVITY = "activity"
    ASSESSMENT = "assessment"
    ENTITLEMENT = "entitlement"


class Group(Entity, frozen=True, kw_only=True):
    """One curriculum group."""

    id: str | None = None
    sorting_key: str | None = None
    title: Texts = ()


class GroupType(Entity, frozen=True, kw_only=True):
    """One way of dividing a curriculum into groups."""

    id: str | None = None
    title: Texts = ()
    groups: tuple[Group, ...] = ()


class Document(Entity, frozen=True, kw_only=True):
    """The document that a record was read from, equal in every record of it but for ``position``.

    ``id`` is the SHA-256 of the source's bytes (hex); ``position`` counts from one to ``count``.
    """

    id: str
    format: str
    position: int
    count: int
    generated: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    group_types: tuple[GroupType, ...] = ()


class Evidence(Entity, frozen=True, kw_only=True):
    """What supports a credential as a whole."""

    kind: Concept | None = None
    statement: tuple[Note, ...] = ()
    accreditation: QualityAssurance | None = None
    embedded: tuple[Attachment, ...] = ()


class Display(Entity, frozen=True, kw_only=True):
    """One page of one language of the certificate as the issuer shows it."""

    lang: str
    page: int
    image: Content | None = None


class Label(Value, frozen=True, kw_only=True):
    """A word that an issuer's template shows."""

    key: str
    texts: tuple[Text, ...] = ()


class Delivery(Entity, frozen=True, kw_only=True):
    """Where an issuer is to send the credential, and how it is to look."""

    addresses: tuple[str, ...] = ()
    template: Content | None = None
    labels: tuple[Label, ...] = ()
    background: Content | None = None


class SealState(Enum):
    """What is known of the signature of the source's bytes; where there is none, there is no ``Seal``.

    PRESENT was not verified. EMBEDDED holds by the key that it names itself: nothing changed since, but anybody could
    have made that key. TRUSTED holds by a key that the user knew before. UNSUPPORTED was not verified either, for its
    algorithm.
    """

    PRESENT = "present"
    EMBEDDED = "valid-embedded-key"
    TRUSTED = "valid-trusted-key"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported"


class CertificateState(Enum):
    """Whether the signer's certificate was within its term at the moment that was asked for."""

    CURRENT = "current"
    EXPIRED = "expired"
    EARLY = "not-yet-valid"


class SealTrust(Enum):
    """Whether lists of trusted issuers, revocation and qualified status speak for the signer.

    There is one value, because nobody here looks at them; it is recorded so that nobody takes a signature for more.
    """

    NOT_EVALUATED = "not-evaluated"


class Seal(Value, frozen=True, kw_only=True):
    """The source was sealed. A seal never survives conversion; this is a remark about where the record came from.

    All but ``state`` and ``kind`` is known only of a signature that holds. ``signer`` is the subject of the
    certificate and ``organisation_identifier`` the one of the organisation in it (OID 2.5.4.97), ``fingerprint`` the
    SHA-256 of the public key (hex of its SubjectPublicKeyInfo). ``signed_at`` is when it was signed as the signer says.
    ``certificate`` is absent where there is no certificate, or no moment to judge its term at: from
    ``certificate_from`` to ``certificate_until``.
    """

    state: SealState
    kind: str
    signer: str | None = None
    organisation_identifier: str | None = None
    fingerprint: str | None = None
    signed_at: datetime | None = None
    certificate: CertificateState | None = None
    certificate_from: datetime | None = None
    certificate_until: datetime | None = None
    trust: SealTrust | None = None


class Credential(Entity, frozen=True, kw_only=True, tag_field="record", tag="credential"):
    """One document's claims about one learner.

    ``issuer`` and all other references are local ids of ``organisations``. ``issued`` is the moment of issue,
    ``claim_order`` the order of kinds where the source mixed them.
    """

    version: str
    id: str
    learner: Learner
    kinds: tuple[Concept, ...] = ()
    title: Texts = ()
    description: Texts = ()
    languages: tuple[str, ...] = ()
    primary_language: str | None = None
    issuer: str | None = None
    issued: datetime | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    identifiers: tuple[Identifier, ...] = ()
    achievements: tuple[Achievement, ...] = ()
    activities: tuple[Activity, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    claim_order: tuple[ClaimKind, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    grading_schemes: tuple[GradingScheme, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    display: tuple[Display, ...] = ()
    delivery: Delivery | None = None
    document: Document | None = None
    seal: Seal | None = None
