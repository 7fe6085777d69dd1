"""Organisations and the places, contacts and quality assurance that belong to them.

An organisation stands once in a record and is referred to by its local ``id``.
"""

from datetime import date, datetime
from enum import Enum

from mcbridge.model.base import Concept, Content, Entity, Identifier, Link, Note, Texts, Value


class OrganisationKind(Enum):
    """What kind of agent this is; groups and persons that act as agents stand among the organisations too."""

    HIGHER_EDUCATION_INSTITUTION = "higher-education-institution"
    OTHER_PROVIDER = "other-provider"
    AUTHORITY = "authority"
    GROUP = "group"
    PERSON = "person"


class AddressPart(Value, frozen=True, kw_only=True):
    """One named part of a structured address (``streetName``, ``recipientName``), in the order of the source."""

    name: str
    value: str


class Address(Entity, frozen=True, kw_only=True):
    """A postal address: free (``full``), by lines, or by named parts."""

    country: str | None = None
    full: tuple[Note, ...] = ()
    lines: tuple[str, ...] = ()
    postal_code: str | None = None
    locality: str | None = None
    region: str | None = None
    parts: tuple[AddressPart, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


class Place(Entity, frozen=True, kw_only=True):
    """A location: addresses, administrative regions (NUTS, ATU), names."""

    id: str | None = None
    addresses: tuple[Address, ...] = ()
    regions: tuple[Concept, ...] = ()
    names: Texts = ()
    description: Texts = ()
    identifiers: tuple[Identifier, ...] = ()


class Contact(Entity, frozen=True, kw_only=True):
    """How to reach somebody."""

    places: tuple[Place, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    forms: tuple[Link, ...] = ()
    wallets: tuple[str, ...] = ()
    description: Texts = ()
    notes: tuple[Note, ...] = ()


class QualityAssurance(Entity, frozen=True, kw_only=True):
    """An accreditation or another act of quality assurance of an institution or a provision (ELM: Accreditation)."""

    id: str | None = None
    kind: Concept | None = None
    title: Texts = ()
    description: Texts = ()
    agency: str | None = None
    organisations: tuple[str, ...] = ()
    decision: Concept | None = None
    report: Link | None = None
    landing_pages: tuple[Link, ...] = ()
    homepages: tuple[Link, ...] = ()
    status: str | None = None
    issued: date | None = None
    modified: datetime | None = None
    reviewed: date | None = None
    expires: date | None = None
    limit_fields: tuple[Concept, ...] = ()
    limit_jurisdictions: tuple[Concept, ...] = ()
    limit_levels: tuple[Concept, ...] = ()
    limit_credential_types: tuple[Concept, ...] = ()
    limit_qualification: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    documents: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()


class Organisation(Entity, frozen=True, kw_only=True):
    """An agent of a record: provider, awarding body, issuer, agency; ``kind`` is absent when nobody told."""

    id: str
    names: Texts = ()
    alt_names: Texts = ()
    kind: OrganisationKind | None = None
    kinds: tuple[Concept, ...] = ()
    registration: Identifier | None = None
    eidas_identifier: Identifier | None = None
    vat_identifiers: tuple[Identifier, ...] = ()
    tax_identifiers: tuple[Identifier, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    places: tuple[Place, ...] = ()
    homepages: tuple[Link, ...] = ()
    logo: Content | None = None
    accreditations: tuple[QualityAssurance, ...] = ()
    contacts: tuple[Contact, ...] = ()
    member_of: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    modified: datetime | None = None
