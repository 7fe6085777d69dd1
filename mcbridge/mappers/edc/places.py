"""Addresses, places and contacts."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

from msgspec.structs import replace

from mcbridge.mappers.edc.coded import bare_code, of_list
from mcbridge.mappers.edc.pieces import identifier, link, note, note_of, plain
from mcbridge.mappers.edc.rows import RESIDUE, Frame, Table, add, elsewhere, lost, many, one, own
from mcbridge.mappers.edc.rules import COUNTRY_ASSUMED
from mcbridge.mappers.edc.texts import TITLE, any_number, language_map
from mcbridge.mappers.edc.writing import Node, texts_of
from mcbridge.model import Address, Contact, Note, Place

_EMAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+")


def _full(frame: Frame, value: tuple[Note, ...], path: str) -> None:
    """Several notes are one: an address has one text, which may hold several strings a language."""
    for index, item in enumerate(value):
        literal = language_map(frame.run, item.texts, f"{path}[{index}].texts", unique=False)
        _extend(frame, literal or {}, f"{path}[{index}]")
        for name in ("subject", "format"):
            extra = getattr(item, name)
            if extra is not None:
                why = "the text of an address has no subject and no format"
                frame.run.lose(f"{path}[{index}].{name}", "loss/no-place", why, extra)


def _extend(frame: Frame, literal: Node, path: str = "") -> None:
    node = frame.node.get("fullAddress")
    if node is None:
        if not literal:
            return
        node = frame.node["fullAddress"] = note_of(frame.run, {}, path=path)
    for tag, values in literal.items():
        node["noteLiteral"].setdefault(tag, []).extend(values)


def _joined(address: Address) -> str:
    town = " ".join(part for part in (address.postal_code, address.locality) if part and part.strip())
    parts = [*(part.value for part in address.parts), *address.lines, town, address.region or ""]
    return ", ".join(part.strip() for part in parts if part.strip())


def _part(frame: Frame, value: Any, path: str) -> None:
    if isinstance(value, str) and not value.strip():
        frame.run.lose(path, "loss/empty", "an empty part of an address is not written", value)


def _parts(frame: Frame, value: Any, path: str) -> None:
    why = "the parts of the address stand in one text, without their names"
    frame.run.lose(path, "loss/address-structure", why, leaves=len(value), changed=True)


def _lines(frame: Frame, value: tuple[str, ...], path: str) -> None:
    for index, item in enumerate(value):
        _part(frame, item, f"{path}[{index}]")


ADDRESS: Final = Table(
    Address,
    own("full", ("fullAddress",), _full),
    own("parts", ("fullAddress",), _parts),
    own("lines", ("fullAddress",), _lines),
    own("postal_code", ("fullAddress",), _part),
    own("locality", ("fullAddress",), _part),
    own("region", ("fullAddress",), _part),
    many("identifiers", "identifier", identifier),
    elsewhere("country", "countryCode"),
)


def address(frame: Frame, value: Address, path: str, country: Node | None = None) -> Node | None:
    """An address. ELM demands its country; ``country`` is taken when it has none, and without any it is lost."""
    run = frame.run
    own_country = None
    if value.country is not None:
        own_country = bare_code(run, value.country, f"{path}.country", "country")
    stated = own_country or country
    if stated is None:
        run.lose(path, "loss/country-missing", "ELM demands the country of an address", value)
        return None
    if own_country is None:
        source = "another address of the same organisation, or what it is known by"
        run.find(COUNTRY_ASSUMED, path, texts_of(stated["prefLabel"]), part="an address", source=source)
    inner = Frame(run, value, path, run.node("address", "Address", path=path) | {"countryCode": stated})
    ADDRESS.fill(inner)
    if joined := _joined(value):
        _extend(inner, run.said(joined))
    return inner.node


PLACE: Final = Table(
    Place,
    elsewhere("id", "id"),
    one("names", "geographicName", any_number),
    one("description", "description", TITLE),
    many("identifiers", "identifier", identifier),
    many("regions", "spatialCode", of_list("atu")),
    elsewhere("addresses", "address"),
)


def place(frame: Frame, value: Place, path: str, country: Node | None = None) -> Node | None:
    """A location. ELM demands an address of it, with a country; ``country`` as in ``address``."""
    of = country["id"] if country is not None else None
    return frame.run.once(value, path, lambda: _place(frame, value, path, country), of)


def says_nothing(value: Address | Place) -> bool:
    """Whether an address or a place holds no more than what was said beside it."""
    if isinstance(value, Place):
        bare = replace(value, spellings=(), residue=(), addresses=())
        return bare == Place() and all(map(says_nothing, value.addresses))
    return replace(value, spellings=(), residue=()) == Address()


def empty_beside(frame: Frame, value: Address | Place, others: tuple[Address | Place, ...], path: str) -> bool:
    """Whether it says nothing and others do: the country that ELM demands is not made up for it then."""
    if not says_nothing(value) or all(map(says_nothing, others)):
        return False
    _beside_nothing(frame, value, path)
    return True


def _beside_nothing(frame: Frame, value: Address | Place, path: str) -> None:
    for index, item in enumerate(value.residue):
        why = f"{item.format} said this of an address or a place that says nothing else, which is not written"
        frame.run.lose(f"{path}.residue[{index}]", RESIDUE, why, leaves=1)
    if isinstance(value, Place):
        for index, each in enumerate(value.addresses):
            _beside_nothing(frame, each, f"{path}.addresses[{index}]")


def _place(frame: Frame, value: Place, path: str, country: Node | None) -> Node | None:
    run = frame.run
    found: Node = {}
    for index, item in enumerate(value.addresses):
        here = f"{path}.addresses[{index}]"
        if not empty_beside(frame, item, value.addresses, here):
            add(found, "address", address(frame, item, here, country))
    if not found and country is not None and not value.addresses:
        found["address"] = [run.node("address", "Address") | {"countryCode": country}]
    if not found:
        run.lose(path, "loss/country-missing", "ELM demands an address of a place, with its country", value)
        return None
    node = run.node("location", "Location", value.id, path) | found
    return PLACE.fill(Frame(run, value, path, node))


# contacts


def _places(frame: Frame, value: tuple[Place, ...], path: str) -> None:
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        found = [
            node
            for at, each in enumerate(item.addresses)
            if (node := address(frame, each, f"{here}.addresses[{at}]")) is not None
        ]
        for node in found:
            add(frame.node, "address", node)
        if not found:
            frame.run.lose(here, "loss/country-missing", "ELM demands an address of a place, with its country", item)
            continue
        _CONTACT_PLACE.fill(Frame(frame.run, item, here, {}))


_CONTACT_PLACE: Final = Table(Place, elsewhere("addresses", "address"))


def _mailbox(frame: Frame, value: str, path: str) -> Node | None:
    text = value.strip().removeprefix("mailto:")
    if not _EMAIL.fullmatch(text):
        frame.run.lose(path, "loss/e-mail", "this is no e-mail address", value)
        return None
    return {"id": "mailto:" + quote(text, safe="@+!$&'*-=^_`{|}~."), "type": "Mailbox"}


def _phone(frame: Frame, value: str, path: str) -> Node | None:
    found = plain(frame, value, path)
    return None if found is None else frame.run.node("phone", "Phone") | {"phoneNumber": found}


CONTACT: Final = Table(
    Contact,
    one("description", "description", TITLE),
    own("places", ("address",), _places),
    many("emails", "emailAddress", _mailbox),
    many("phones", "phone", _phone),
    many("forms", "contactForm", link),
    lost("wallets", "loss/wallet", "ELM 3.2 has no property for the address of a wallet"),
    many("notes", "additionalNote", note),
)


def contact(frame: Frame, value: Contact, path: str) -> Node | None:
    """A contact point; one of which nothing could be written is left out."""
    run = frame.run
    node = CONTACT.fill(Frame(run, value, path, {}))
    if not node:
        run.lose(path, "loss/empty", "nothing of this contact could be written", value)
        return None
    return run.node("contactPoint", "ContactPoint", path=path) | node
