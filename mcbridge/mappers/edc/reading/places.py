"""Addresses, places and contacts."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, unquote

from mcbridge.mappers.edc.reading.coded import bare, concept
from mcbridge.mappers.edc.reading.frames import Frame, shown
from mcbridge.mappers.edc.reading.leaves import text_of
from mcbridge.mappers.edc.reading.pieces import identifier, link, note
from mcbridge.mappers.edc.reading.rows import Read, Shape, head, many, one, own, several, texts
from mcbridge.mappers.edc.reading.rules import TOLERATED
from mcbridge.model import Address, Contact, Place

ADDRESS: Final = Shape(
    ("Address",),
    Address,
    one("countryCode", "country", bare("country")),
    many("fullAddress", "full", note),
    many("identifier", "identifiers", identifier),
)
PLACE: Final = Shape(
    ("Location",),
    Place,
    many("address", "addresses", ADDRESS.read),
    many("spatialCode", "regions", concept),
    texts("geographicName", "names"),
    texts("description", "description"),
    many("identifier", "identifiers", identifier),
)
place: Read = PLACE.read


def _addresses(frame: Frame, value: Any) -> None:
    """Each address of a contact is a place of its own."""
    for pos, item in several(frame, "address", value):
        held = frame.fields.setdefault("places", [])
        inner = Frame(frame.run, frame, {}, {}, frame.part, name="places", index=len(held))
        made = ADDRESS.read(inner, item, "address", pos, "addresses", 0)
        if made is not None:
            held.append(Place(addresses=(made,)))
            frame.note("places", len(held) - 1, "address", pos)
        elif inner.fields:
            for name in ("residue", "spellings"):
                frame.fields.setdefault(name, []).extend(inner.fields.get(name, ()))


def _mailbox(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
    """An e-mail address is the id of its node."""
    node = item if type(item) is dict else {"id": item}
    said = node.get("id")
    if type(said) is not str or not said:
        frame.wrong(key, pos, item, "a Mailbox with a mailto: id")
        return None
    if type(item) is str:
        frame.find(TOLERATED, key, pos, shown(item), expected="a Mailbox")
    inner = Frame(frame.run, frame, node, frame.fields, "a Mailbox", key, pos, value=True)
    for each, value in node.items():
        if each == "type" and value not in ("Mailbox", "EmailAddress", ["Mailbox"], ["EmailAddress"]):
            inner.wrong(each, None, value, '"Mailbox"')
        elif each not in {"id", "type"}:
            inner.stray(each, value)
    text = unquote(said.removeprefix("mailto:"))
    if "mailto:" + quote(text, safe="@+!$&'*-=^_`{|}~.") != said:
        frame.spell(name, index, said)
    return text


_PARTS: Final = ("countryDialing", "areaDialing", "areaDialingCode", "dialNumber")


def _phone(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
    """A telephone number as a whole; one in parts is joined, and its parts are kept beside."""
    if type(item) is str and item and item not in frame.run.ids:
        frame.find(TOLERATED, key, pos, shown(item), expected="a Phone")
        return item
    found = frame.run.node(frame, item, key, pos)
    if found is None:
        return None
    node = found[0]
    inner = Frame(frame.run, frame, node, frame.fields, "a Phone", key, pos, value=True)
    inner.pointer = found[1]
    number: str | None = None
    parts: list[str] = []
    for each, value in node.items():
        if each == "phoneNumber":
            number = text_of(inner, value[0] if type(value) is list and len(value) == 1 else value, each, None)
        elif each not in {"id", "type"}:
            inner.stray(each, value)
            if each in _PARTS and type(value) is str:
                parts.append(value)
    head(inner, "Phone")
    return number if number is not None else " ".join(parts) or None


def _wallet(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
    said = item.get("id") if type(item) is dict and item.keys() <= {"id", "type"} else item
    return text_of(frame, said, key, pos)


CONTACT: Final = Shape(
    ("ContactPoint",),
    Contact,
    texts("description", "description"),
    own("address", ("places",), _addresses),
    many("emailAddress", "emails", _mailbox),
    many("phone", "phones", _phone),
    many("contactForm", "forms", link),
    many("walletAddress", "wallets", _wallet),
    many("additionalNote", "notes", note),
)
contact: Read = CONTACT.read
