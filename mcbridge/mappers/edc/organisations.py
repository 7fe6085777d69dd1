"""Organisations, groups and persons that act, and quality assurance.

An organisation stands once in a record and is written wherever something refers to
it, each time in full and with the same id, as European samples do. A reference back
to an organisation that is being written would not end, so it is a loss.
"""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.coded import any_concept, concept, free_concept, known_concept, label_of, of_list
from mcbridge.mappers.edc.pieces import identifier, link, media, note, note_of, plain, subject_of
from mcbridge.mappers.edc.places import contact, empty_beside, place
from mcbridge.mappers.edc.rows import DAY, Frame, Row, Table, add, elsewhere, lost, many, one, own
from mcbridge.mappers.edc.rules import AS_NOTE, COUNTRY_ASSUMED, DANGLING, PART_LEFT_OUT, TITLE_ASSUMED
from mcbridge.mappers.edc.texts import TITLE, any_number, heading_of
from mcbridge.mappers.edc.writing import Node, Writing, texts_of
from mcbridge.model import Concept, Identifier, Link, Organisation, OrganisationKind, QualityAssurance, Text

KINDS: Final = {
    OrganisationKind.HIGHER_EDUCATION_INSTITUTION: "higher education institution",
    OrganisationKind.OTHER_PROVIDER: "other provider",
    OrganisationKind.AUTHORITY: "authority",
}
SEAL_CLAIM: Final = "loss/seal-identifier"
_AGENTS: Final = {OrganisationKind.PERSON, OrganisationKind.GROUP}
_MODIFIED: Final = "the context of ELM 3.2 takes dateModified for a reference, so a date there is refused"


def find(frame: Frame, ref: str, path: str) -> Organisation | None:
    """The organisation with a local id; one that is not there is a loss, and found."""
    run = frame.run
    index = run.organisations.get(ref)
    if index is not None:
        return run.record.organisations[index]
    run.find(DANGLING, path, ref, what="the organisation")
    run.lose(path, "loss/dangling-reference", "the record has no such organisation", ref)
    return None


def agent(frame: Frame, ref: str, path: str) -> Node | None:
    """Whoever acts: an organisation, or a person or group as a plain agent. Losses are named at the reference."""
    found = find(frame, ref, path)
    return None if found is None else _written(frame.run, found, path, as_group=False)


def organisation(frame: Frame, ref: str, path: str) -> Node | None:
    """An organisation where ELM takes nobody else."""
    found = find(frame, ref, path)
    if found is None:
        return None
    if found.kind in {OrganisationKind.PERSON, OrganisationKind.GROUP}:
        frame.run.lose(
            path, "loss/agent-kind", f"ELM takes an organisation here, and this is a {found.kind.value}", ref
        )
        return None
    return _written(frame.run, found, path, as_group=False)


def membership(frame: Frame, ref: str, path: str) -> None:
    """What a person or an organisation belongs to: a group, or an organisation."""
    found = find(frame, ref, path)
    if found is None:
        return
    run = frame.run
    if found.kind is OrganisationKind.GROUP:
        add(frame.node, "groupMemberOf", _written(run, found, path, as_group=True))
    elif found.kind is OrganisationKind.PERSON:
        run.lose(path, "loss/agent-kind", "nothing is a member of a person", ref)
    elif isinstance(frame.entity, Organisation):
        if "subOrganizationOf" in frame.node:
            run.lose(path, "loss/single-value", "ELM has room for one organisation above another", ref)
        elif (node := _written(run, found, path, as_group=False)) is not None:
            frame.node["subOrganizationOf"] = node
    else:
        add(frame.node, "memberOf", _written(run, found, path, as_group=False))


def _written(run: Writing, found: Organisation, path: str, *, as_group: bool) -> Node | None:
    key = (found.id, as_group)
    if key not in run.agents:
        run.agents[key] = None
        node = _make(run, found, as_group=as_group)
        if node is None:
            run.unwritable.add(key)
        run.agents[key] = node
    node = run.agents[key]
    if node is None:
        if key in run.unwritable:
            why = "the organisation lacks what ELM demands of it"
            run.lose(path, "loss/required-missing", why, found.id)
        else:
            run.lose(path, "loss/cycle", "the organisation is being written already, and would hold itself", found.id)
    return node


def _make(run: Writing, found: Organisation, *, as_group: bool) -> Node | None:
    here = f"organisations[{run.organisations[found.id]}]"
    if heading_of(run, found.names) is None:
        run.find(PART_LEFT_OUT, here, part="an organisation", what="name")
        return None
    kind, type_ = "org", "Organisation"
    if as_group:
        kind, type_ = "group", "Group"
    elif (
        found.kind in {OrganisationKind.PERSON, OrganisationKind.GROUP} or run.spellings.get(f"{here}.kind") == "Agent"
    ):
        kind, type_ = "agent", "Agent"
    country = country_of(run, found, here)
    if type_ == "Organisation" and country is None:
        run.find(PART_LEFT_OUT, here, part="an organisation", what="country")
        return None
    node: Node = {"id": run.local_id(found.id) or run.fresh(kind), "type": type_}
    frame = Frame(run, found, here, node)
    if type_ == "Organisation":
        ORGANISATION.fill(frame)
        if "location" not in node and country is not None:
            place_of = run.node("address", "Address") | {"countryCode": country}
            node["location"] = [run.node("location", "Location") | {"address": [place_of]}]
    else:
        (GROUP if as_group else AGENT).fill(frame)
    return node


def country_of(run: Writing, found: Organisation, path: str) -> Node | None:
    """The country of an organisation: of an address, else of one of its identifiers, else the one of the option."""
    for item in found.places:
        for address in item.addresses:
            if address.country is not None and (known := run.lists.known("country", address.country)):
                return known_concept(run, known)
    legal = (found.registration, found.eidas_identifier, *found.vat_identifiers, *found.tax_identifiers)
    for each in (*legal, *found.identifiers):
        if each is not None and each.country is not None and (known := run.lists.known("country", each.country)):
            run.find(COUNTRY_ASSUMED, path, each.country, part="the organisation", source="one of its identifiers")
            return known_concept(run, known)
    if run.country is not None and (known := run.lists.known("country", run.country)):
        run.find(COUNTRY_ASSUMED, path, run.country, part="the organisation", source="the option country")
        return known_concept(run, known)
    return None


# rows


def _place(frame: Frame, value: Any, path: str) -> Node | None:
    if empty_beside(frame, value, frame.entity.places, path):
        return None
    return place(frame, value, path, country_of_again(frame))


def country_of_again(frame: Frame) -> Node | None:
    """The country of the organisation of a frame; it was found, and said so, when the organisation was begun."""
    before = len(frame.run.findings)
    country = country_of(frame.run, frame.entity, frame.path)
    del frame.run.findings[before:]
    return country


def _legal(key: str, name: str, *, repeats: bool = False) -> Row:
    """Legal identifiers need a country; the organisation's own stands in, and a note says so."""

    def put(frame: Frame, value: Any, path: str) -> None:
        several = value if isinstance(value, tuple) else (value,)
        for index, item in enumerate(several):
            here = f"{path}[{index}]" if repeats else path
            node = legal_identifier(frame, item, here)
            if node is None:
                continue
            if node["type"] != "LegalIdentifier":
                add(frame.node, "identifier", node)
            elif repeats:
                add(frame.node, key, node)
            else:
                frame.node[key] = node

    return own(name, (key, "identifier"), put)


def _eidas(frame: Frame, value: Identifier, path: str) -> None:
    """Of an issuer it comes from the certificate of the seal, so without the seal it would claim one."""
    if frame.run.bare and frame.entity.id == frame.run.record.issuer:
        why = "the issuer has this identifier from the certificate of the seal, and nothing is sealed here"
        frame.run.lose(path, SEAL_CLAIM, why, value)
    else:
        _EIDAS.put(frame, value, path)


def legal_identifier(frame: Frame, value: Identifier, path: str) -> Node | None:
    """An identifier with its country, or with that of the organisation."""
    node = identifier(frame, value, path)
    if node is None or node["type"] == "LegalIdentifier":
        return node
    country = country_of_again(frame)
    if country is None:
        return node
    label = texts_of(country["prefLabel"])
    frame.run.find(COUNTRY_ASSUMED, path, label, part="an identifier", source="the organisation that has it")
    return node | {"type": "LegalIdentifier", "spatial": country}


def _kind(frame: Frame, value: OrganisationKind, path: str) -> None:
    if value not in KINDS:
        why = "ELM has no persons that act without claims of their own, and no groups; an agent is written"
        frame.run.lose(path, "loss/agent-kind", why, value, changed=True)
        return
    label = Text(KINDS[value], "en")
    code = f"urn:mcbridge:organisation-kind:{value.value}"
    add(
        frame.node,
        "dcType",
        free_concept(frame.run, Concept(code=code, scheme="urn:mcbridge:organisation-kind", labels=(label,)), path),
    )


def _members(frame: Frame, value: tuple[str, ...], path: str) -> None:
    for index, item in enumerate(value):
        membership(frame, item, f"{path}[{index}]")


def _quality(frame: Frame, value: tuple[QualityAssurance, ...], path: str) -> None:
    for index, item in enumerate(value):
        quality_assurance(frame, item, f"{path}[{index}]")


def _logo(frame: Frame, value: Any, path: str) -> Node | None:
    return media(frame, value, path)


_EIDAS: Final = _legal("eIDASIdentifier", "eidas_identifier")
ORGANISATION: Final = Table(
    Organisation,
    elsewhere("id", "id"),
    one("names", "legalName", TITLE),
    one("alt_names", "altLabel", any_number),
    own("kind", ("dcType",), _kind),
    many("kinds", "dcType", any_concept),
    _legal("registration", "registration"),
    own("eidas_identifier", ("eIDASIdentifier", "identifier"), _eidas),
    _legal("vatIdentifier", "vat_identifiers", repeats=True),
    _legal("taxIdentifier", "tax_identifiers", repeats=True),
    many("identifiers", "identifier", identifier),
    many("places", "location", _place),
    many("homepages", "homepage", link),
    one("logo", "logo", _logo),
    many("contacts", "contactPoint", contact),
    own("accreditations", ("accreditation", "additionalNote"), _quality),
    own("member_of", ("subOrganizationOf", "groupMemberOf"), _members),
    many("parts", "hasSubOrganization", organisation),
    many("notes", "additionalNote", note),
    lost("modified", "loss/modified", _MODIFIED),
)


def _groups(frame: Frame, value: tuple[str, ...], path: str) -> None:
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        found = find(frame, item, here)
        if found is not None and found.kind is OrganisationKind.GROUP:
            add(frame.node, "groupMemberOf", _written(frame.run, found, here, as_group=True))
        elif found is not None:
            frame.run.lose(here, "loss/agent-kind", "an agent is a member of groups only", item)


_AGENT_ROWS: Final = (
    elsewhere("id", "id"),
    own("kind", (), _kind),
    one("names", "prefLabel", TITLE),
    one("alt_names", "altLabel", any_number),
    many("places", "location", place),
    many("contacts", "contactPoint", contact),
    many("notes", "additionalNote", note),
    lost("modified", "loss/modified", _MODIFIED),
)
AGENT: Final = Table(
    Organisation,
    *_AGENT_ROWS,
    many("identifiers", "identifier", identifier),
    own("member_of", ("groupMemberOf",), _groups),
)
GROUP: Final = Table(
    Organisation,
    *(row for row in _AGENT_ROWS if row.field != "kind"),
    elsewhere("kind", "type"),
    many("kinds", "dcType", any_concept),
    many("parts", "member", agent),
)


# quality assurance


def _links(frame: Frame, value: Link, path: str) -> Node | None:
    return link(frame, value, path)


ACCREDITATION: Final = Table(
    QualityAssurance,
    elsewhere("id", "id"),
    one("title", "title", TITLE),
    one("description", "description", TITLE),
    elsewhere("kind", "dcType"),
    elsewhere("agency", "accreditingAgent"),
    many("organisations", "organisation", organisation),
    one("decision", "decision", of_list("accreditation-decision")),
    one("report", "report", _links),
    many("landing_pages", "landingPage", link),
    many("homepages", "homepage", link),
    one("status", "status", plain),
    one("issued", "dateIssued", DAY),
    one("reviewed", "reviewDate", DAY),
    one("expires", "expiryDate", DAY),
    many("limit_fields", "limitField", of_list("isced-f", closed=True)),
    many("limit_jurisdictions", "limitJurisdiction", of_list("atu", closed=True)),
    many("limit_levels", "limitEQFLevel", of_list("eqf", closed=True)),
    many("limit_credential_types", "limitCredentialType", any_concept),
    many("identifiers", "identifier", identifier),
    many("documents", "supplementaryDocument", link),
    many("notes", "additionalNote", note),
    lost("modified", "loss/modified", _MODIFIED),
    lost(
        "limit_qualification", "loss/no-place", "ELM takes a whole qualification here, and the record has its name only"
    ),
)
_QUALITY_NOTE: Final = Table(QualityAssurance, elsewhere("kind"), elsewhere("title"))


def quality_assurance(frame: Frame, value: QualityAssurance, path: str) -> None:
    """An accreditation with kind, title and agency. Where one is missing it is a note that says kind and title."""
    found = accreditation(frame, value, path, as_note=True)
    if found is not None:
        add(frame.node, "accreditation", found)


def accreditation(frame: Frame, value: QualityAssurance, path: str, *, as_note: bool = False) -> Node | None:
    """An accreditation; one that ELM cannot hold is lost, or with ``as_note`` becomes a note of the frame's node."""
    return frame.run.once(value, path, lambda: _accreditation(frame, value, path, as_note=as_note))


def _accreditation(frame: Frame, value: QualityAssurance, path: str, *, as_note: bool) -> Node | None:
    run = frame.run
    kind = None if value.kind is None else concept(run, value.kind, f"{path}.kind", "accreditation", closed=True)
    agency = None if value.agency is None else organisation(frame, value.agency, f"{path}.agency")
    title = heading_of(run, value.title)
    if kind is None or agency is None:
        what = "agency" if kind is not None else "type"
        if not as_note or (kind is None and title is None):
            run.leave_out(path, value, "a statement on quality assurance", what)
        else:
            _as_note(frame, value, path, kind, what)
        return None
    node = run.node("accreditation", "Accreditation", value.id, path) | {"dcType": kind, "accreditingAgent": agency}
    ACCREDITATION.fill(Frame(run, value, path, node))
    if "title" not in node:
        node["title"] = label_of(kind)
        run.find(
            TITLE_ASSUMED,
            path,
            texts_of(node["title"]),
            part="quality assurance",
            source="the label of its type",
        )
    return node


def _as_note(frame: Frame, value: QualityAssurance, path: str, kind: Node | None, what: str) -> None:
    run = frame.run
    run.find(AS_NOTE, path, part="a statement on quality assurance", what=what)
    _QUALITY_NOTE.fill(Frame(run, value, path, {}))
    literal = TITLE(frame, value.title, f"{path}.title") or (label_of(kind) if kind else {})
    add(frame.node, "additionalNote", note_of(run, literal, kind or subject_of(run, "quality-assurance")))
