"""Organisations, groups and persons that act, and quality assurance.

An organisation stands once in a record. It is one with another when their content is
equal: an id is a name, not a proof, so a second content under one id gets a suffix.
Nodes that are repeated word by word are not read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from mcbridge.mappers.edc.organisations import KINDS
from mcbridge.mappers.edc.reading.coded import concept
from mcbridge.mappers.edc.reading.frames import STUB, Frame, Node
from mcbridge.mappers.edc.reading.leaves import DAY, INSTANT, string
from mcbridge.mappers.edc.reading.pieces import identifier, link, media, note
from mcbridge.mappers.edc.reading.places import contact, place
from mcbridge.mappers.edc.reading.rows import LOCALS, Row, Shape, build, many, one, own, several, texts, types
from mcbridge.mappers.edc.reading.rules import DANGLING, ID_CLASH, ONE_ORGANISATION, TOO_MUCH
from mcbridge.model import Concept, Organisation, OrganisationKind, QualityAssurance, Text

KIND: Final = "urn:mcbridge:organisation-kind:"
"""How the codes of our own kinds of organisations begin."""


def agent(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
    """Whoever acts, by the local id in the record."""
    run = frame.run
    pointer: str | None = None
    node: Node
    if type(item) is dict and item and not (item.keys() <= STUB and "id" in item):
        node = item
    else:
        said = item.get("id") if type(item) is dict else item
        if type(said) is not str or not said:
            frame.wrong(key, pos, item, "an organisation")
            return None
        if said in run.names_open:
            return str(run.names_open[said])
        found = run.ids.look(said)
        if found is None or run.deep(frame):
            frame.aside(key, pos, item, DANGLING if found is None else TOO_MUCH, said)
            return None
        node, pointer = found
        run.ids.reached.add(pointer)
        run.compare(frame, item, key, pos, node)
    return _local(frame, node, key, pos, pointer)


def _local(frame: Frame, node: Node, key: str, pos: int | None, pointer: str | None) -> str | None:
    """The local id of a node that was read before word by word, else of what it is read as."""
    run = frame.run
    opened = run.agents_open.get(id(node))
    if opened is not None:
        return str(opened)
    name = node.get("id")
    name = name if type(name) is str else ""
    for other, local in run.agents.get(name, ()):
        if other is node or other == node:
            return str(local)
    local = _read(frame, node, key, pos, pointer, name)
    run.agents.setdefault(name, []).append((node, local))
    return local


def _read(frame: Frame, node: Node, key: str, pos: int | None, pointer: str | None, name: str) -> str:
    run = frame.run
    local = name if name and name not in run.organisations else _free(run, name)
    run.organisations[local] = None  # its place, before those that it refers to
    run.agents_open[id(node)] = local
    outer = run.names_open.get(name)
    run.names_open[name] = local
    shape = _shape_of(node)
    inner = Frame(run, frame, node, {}, shape.part, key, pos)
    inner.pointer = pointer
    inner.home = f"organisations[{len(run.organisations) - 1}]"
    shape.fill(inner)
    _kind_of(inner, shape)
    inner.fields["id"] = local
    made: Organisation = build(Organisation, inner)
    del run.agents_open[id(node)]
    if outer is None:
        del run.names_open[name]
    else:
        run.names_open[name] = outer
    content = replace(made, id="")
    same = run.contents_of.get(content)
    if same is not None and (name == same or not name or name.startswith(LOCALS)):
        del run.organisations[local]
        if name and name != same:
            inner.find(ONE_ORGANISATION, None, None, name, name=same)
        return str(same)
    if name and local != name:
        inner.find(ID_CLASH, None, None, name, name=local)
    run.contents_of[content] = local
    run.organisations[local] = made
    return local


def _free(run: Any, name: str) -> str:
    """A name that no organisation has."""
    number = 2 if name else len(run.organisations) + 1
    while (found := f"{name}~{number}" if name else f"org-{number}") in run.organisations:
        number += 1
    return found


def _shape_of(node: Node) -> Shape:
    said = types(node)
    for shape in (PERSON, GROUP, AGENT):
        if shape.part in said and "Organisation" not in said:
            return shape
    return ORGANISATION


def _kind_of(frame: Frame, shape: Shape) -> None:
    """Persons and groups say what they are by their class; an agent is either, and only its word is kept."""
    fields = frame.fields
    if shape is PERSON:
        fields["kind"] = OrganisationKind.PERSON
    elif shape is GROUP:
        fields["kind"] = OrganisationKind.GROUP
    elif shape is AGENT:
        frame.spell("kind", None, "Agent")


def organisations(run: Any) -> Iterator[Organisation]:
    """Those that were read, in the order in which the credential names them."""
    for made in run.organisations.values():
        if made is not None:
            yield made


# --- rows


def _dc_type(frame: Frame, value: Any) -> None:
    """Our own word for the kind of an organisation, and the kinds of others."""
    for pos, item in several(frame, "dcType", value):
        held = frame.fields.get("kinds", ())
        found = concept(frame, item, "dcType", pos, "kinds", len(held))
        if found is None:
            continue
        word = found.code.removeprefix(KIND)
        if word in _SAID and found == _kind_concept(word) and "kind" not in frame.fields:
            frame.fields["kind"] = OrganisationKind(word)
            frame.note("kind", None, "dcType", pos)
        else:
            frame.fields.setdefault("kinds", []).append(found)
            frame.note("kinds", len(held), "dcType", pos)


def _kind_concept(word: str) -> Concept:
    return Concept(code=KIND + word, scheme=KIND.removesuffix(":"), labels=(Text(_SAID[word], "en"),))


_SAID: Final = {kind.value: label for kind, label in KINDS.items()}
"""Our own words with their labels; a concept that says more, or something else, is kept as it is."""

_ALL: Final = (
    texts("altLabel", "alt_names"),
    own("dcType", ("kind", "kinds"), _dc_type),
    many("location", "places", place),
    many("contactPoint", "contacts", contact),
    many("additionalNote", "notes", note),
    many("groupMemberOf", "member_of", agent),
    many("identifier", "identifiers", identifier),
    one("dateModified", "modified", INSTANT),
    many("homepage", "homepages", link),
)


def _accreditation(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Any:
    return ACCREDITATION.read(frame, item, key, pos, name, index)


ORGANISATION: Final = Shape(
    ("Organisation",),
    Organisation,
    texts("legalName", "names"),
    *_ALL,
    one("registration", "registration", identifier),
    one("eIDASIdentifier", "eidas_identifier", identifier),
    many("vatIdentifier", "vat_identifiers", identifier),
    many("taxIdentifier", "tax_identifiers", identifier),
    one("logo", "logo", media),
    many("accreditation", "accreditations", _accreditation),
    many("subOrganizationOf", "member_of", agent),
    many("hasSubOrganization", "parts", agent),
)
AGENT: Final = Shape(("Agent",), Organisation, texts("prefLabel", "names"), *_ALL)
GROUP: Final = Shape(("Group",), Organisation, texts("prefLabel", "names"), *_ALL, many("member", "parts", agent))


def _full_name(frame: Frame) -> None:
    """A person is called by the full name, else by given and family name, as European issuers make it."""
    fields = frame.fields
    if "names" not in fields:
        given, family = _one(frame.node.get("givenName")), _one(frame.node.get("familyName"))
        words = [word for word in (given, family) if word]
        if words:
            fields["names"] = [Text(" ".join(words))]


def _one(value: Any) -> str:
    """The only string in a language map."""
    while type(value) in (dict, list) and len(value) == 1:
        value = next(iter(value.values())) if type(value) is dict else value[0]
    return value if type(value) is str else ""


class _Person(Shape):
    def fill(self, frame: Frame) -> None:
        super().fill(frame)
        _full_name(frame)


PERSON: Final = _Person(
    ("Person",), Organisation, texts("fullName", "names"), *_ALL, many("memberOf", "member_of", agent)
)
MEMBERSHIPS: Final[tuple[Row, ...]] = (
    many("memberOf", "member_of", agent),
    many("groupMemberOf", "member_of", agent),
)

ACCREDITATION: Final = Shape(
    ("Accreditation",),
    QualityAssurance,
    one("dcType", "kind", concept),
    texts("title", "title"),
    texts("description", "description"),
    one("accreditingAgent", "agency", agent),
    many("organisation", "organisations", agent),
    one("decision", "decision", concept),
    one("report", "report", link),
    many("landingPage", "landing_pages", link),
    many("homepage", "homepages", link),
    one("status", "status", string),
    one("dateIssued", "issued", DAY),
    one("dateModified", "modified", INSTANT),
    one("reviewDate", "reviewed", DAY),
    one("expiryDate", "expires", DAY),
    many("limitField", "limit_fields", concept),
    many("limitJurisdiction", "limit_jurisdictions", concept),
    many("limitEQFLevel", "limit_levels", concept),
    many("limitCredentialType", "limit_credential_types", concept),
    many("identifier", "identifiers", identifier),
    many("supplementaryDocument", "documents", link),
    many("additionalNote", "notes", note),
)
