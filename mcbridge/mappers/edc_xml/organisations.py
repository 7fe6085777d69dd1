"""Organisations that act, and quality assurance.

An organisation stands once in a record, under the id that it has in the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml.coded import code_of, coded, concept, of
from mcbridge.mappers.edc_xml.frames import Frame, attribute, local
from mcbridge.mappers.edc_xml.leaves import DAY, INSTANT
from mcbridge.mappers.edc_xml.notes import note, notes
from mcbridge.mappers.edc_xml.pieces import MEDIA, identifier, link
from mcbridge.mappers.edc_xml.places import contact, place
from mcbridge.mappers.edc_xml.rows import IDREF, Row, Shape, build, many, one, own
from mcbridge.mappers.edc_xml.rules import DANGLING
from mcbridge.mappers.edc_xml.texts import texts
from mcbridge.model import Address, Concept, Organisation, OrganisationKind, Place, QualityAssurance, Text

AGENTS: Final = ("organization", "organisation", "group", "person", "agent")
_KINDS: Final = {"group": OrganisationKind.GROUP, "person": OrganisationKind.PERSON}


def agent(frame: Frame, element: _Element, name: str, index: int | None) -> str | None:
    """Whoever acts, by the local id in the record: an organisation that is referred to, or stands there itself."""
    if attribute(element, IDREF) is None:
        return agent_of(frame, element)
    target = _open(frame, element)
    if target is None:
        target = frame.run.target(frame, element, AGENTS)
    return None if target is None else agent_of(frame, target)


def _open(frame: Frame, element: _Element) -> _Element | None:
    """An organisation that is just being read: units refer to the whole and the whole to its units."""
    found: _Element | None = frame.run.ids.get(attribute(element, IDREF) or "")
    if found is None or found not in frame.run.agents:
        return None
    frame.spare(element, IDREF)
    return found


def agent_of(frame: Frame, element: _Element) -> str:
    """The local id of an organisation."""
    run = frame.run
    if element in run.agents:
        return str(run.agents[element])
    local_id = attribute(element, "id") or ""
    number = len(run.organisations) + 1
    while not local_id or local_id in run.organisations:
        local_id, number = f"org-{number}", number + 1
    run.agents[element] = local_id
    run.organisations[local_id] = None  # its place, before those that it refers to
    inner = frame.within(element, {}, ORGANISATION.part, home=f"organisations[{len(run.organisations) - 1}]")
    ORGANISATION.fill(inner)
    inner.fields["id"] = local_id
    if local(element) in _KINDS:
        inner.fields["kind"] = _KINDS[local(element)]
    run.organisations[local_id] = build(Organisation, inner)
    return local_id


def organisations(run: Any) -> Iterator[Organisation]:
    """Those that were read, in the order in which the credential names them."""
    for made in run.organisations.values():
        if made is not None:
            yield made


def _accreditation(frame: Frame, element: _Element, name: str, index: int | None) -> Any:
    return ACCREDITATION.read(frame, element, name, index)


def _spatial(frame: Frame, element: _Element) -> None:
    """Where it is, as the first versions say it: a country, or a region."""
    at = len(frame.fields.get("places", ()))
    inner = frame.within(element, {}, frame.part, name="places", index=at)
    address = inner.within(element, {}, frame.part, name="addresses", index=0)
    found = concept(address, element, "country", None, "country")
    if found is None:
        return
    if found.scheme == "country":
        address.fields["country"] = code_of(address, found, "country", "country", None)
        inner.fields["addresses"] = [build(Address, address)]
    else:
        inner.fields.update(address.fields)
        inner.fields["regions"] = [found]
    frame.fields.setdefault("places", []).append(build(Place, inner))
    frame.note("places", at, element)


ORGANISATION: Final = Shape(
    "organization",
    Organisation,
    texts("prefLabel legalName fullName", "names"),
    texts("altLabel", "alt_names"),
    many("type", "kinds", coded),
    one("registration", "registration", identifier),
    many("vatIdentifier", "vat_identifiers", identifier),
    many("taxIdentifier", "tax_identifiers", identifier),
    many("identifier", "identifiers", identifier),
    many("hasLocation location", "places", place),
    many("homepage", "homepages", link),
    own("spatial", ("places",), _spatial),
    many("contactPoint communication", "contacts", contact),
    many("hasAccreditation", "accreditations", _accreditation),
    many("additionalNote", "notes", note),
    many("hasUnit", "parts", agent),
    many("unitOf", "member_of", agent),
    one("logo", "logo", MEDIA.read),
)

# --- quality assurance


def _decision(frame: Frame, element: _Element, name: str, index: int | None) -> Concept | None:
    """A decision is a word, perhaps of a scheme."""
    said = frame.leaf(element, "schemeID")
    if not said.strip():
        frame.empty(element)
        return None
    return Concept(scheme=attribute(element, "schemeID"), labels=(Text(said),))


def _limit(frame: Frame, element: _Element, name: str, index: int | None) -> str | None:
    """The qualification that an accreditation is limited to, by its id."""
    said = attribute(element, IDREF)
    if said is None:
        frame.stray(element)
        return None
    if said not in frame.run.ids:
        frame.find(DANGLING, element, said)
    frame.spare(element, IDREF)
    return said


AGENT_ROWS: Final[tuple[Row, ...]] = (
    one("accreditingAgent", "agency", agent),
    many("organization organisation", "organisations", agent),
)
ACCREDITATION: Final = Shape(
    "accreditation",
    QualityAssurance,
    one("type", "kind", of("accreditation")),
    texts("title", "title"),
    notes("description", "description"),
    *AGENT_ROWS,
    one("decision", "decision", _decision),
    one("report", "report", link),
    many("landingpage landingPage", "landing_pages", link),
    many("homepage", "homepages", link),
    one("limitQualification", "limit_qualification", _limit),
    many("limitField", "limit_fields", of("isced-f")),
    many("limitEQFLevel", "limit_levels", of("eqf")),
    many("limitJurisdiction", "limit_jurisdictions", coded),
    one("issuedDate", "issued", DAY),
    one("reviewDate", "reviewed", DAY),
    one("expiryDate", "expires", DAY),
    one("modifiedDate", "modified", INSTANT),
    many("identifier", "identifiers", identifier),
    many("supplementaryDoc", "documents", link),
    many("additionalNote", "notes", note),
)
