"""Addresses, places and contacts."""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml.coded import bare, coded
from mcbridge.mappers.edc_xml.frames import Frame, attribute, children, local, ours
from mcbridge.mappers.edc_xml.leaves import word
from mcbridge.mappers.edc_xml.notes import note, notes
from mcbridge.mappers.edc_xml.pieces import identifier, link
from mcbridge.mappers.edc_xml.rows import Read, Shape, build, many, one, own
from mcbridge.mappers.edc_xml.texts import texts
from mcbridge.model import Address, Contact, Place

ADDRESS: Final = Shape(
    "address",
    Address,
    one("country", "country", bare("country")),
    many("fullAddress", "full", note),
    many("identifier", "identifiers", identifier),
)
PLACE: Final = Shape(
    "location",
    Place,
    many("hasAddress address", "addresses", ADDRESS.read),
    many("spatialCode", "regions", coded),
    texts("name", "names"),
    notes("description", "description"),
    many("identifier", "identifiers", identifier),
)
place: Read = PLACE.read


def _address(frame: Frame, element: _Element) -> None:
    """Each address of a contact is a place of its own."""
    held = frame.fields.setdefault("places", [])
    outer = frame.within(element, {}, frame.part, name="places", index=len(held))
    inner = outer.within(element, {}, ADDRESS.part, name="addresses", index=0)
    outer.fields["addresses"] = [ADDRESS.made(inner)]
    held.append(build(Place, outer))
    frame.note("places", len(held) - 1, element)


def _mailbox(frame: Frame, element: _Element, name: str, index: int | None) -> str | None:
    """An address for mail is the address of a page, without what says that it is mail."""
    said = attribute(element, "uri")
    if said is None and len(element):
        inner = frame.within(element, frame.fields, f'"{local(element)}" of {frame.part}', value=True)
        for child in children(element):
            if said is None and ours(child) and local(child) == "uri":
                said = inner.leaf(child)
            else:
                inner.stray(child)
        inner.spare(element)
    else:
        text = frame.leaf(element, "uri")
        if said is None:
            said = text
        elif text.strip():
            frame.keep(element)
    said = said or ""
    plain = said.strip().removeprefix("mailto:")
    if not plain:
        frame.empty(element)
        return None
    if said != f"mailto:{plain}":
        frame.spell(name, index, said)
    return plain


_PARTS: Final = ("countryDialing", "areaDialing", "dialNumber")


def _phone(frame: Frame, element: _Element, name: str, index: int | None) -> str | None:
    """A telephone number as a whole; one in parts is joined, and the parts are kept."""
    inner = frame.within(element, frame.fields, f'"{local(element)}" of {frame.part}', value=True)
    number: str | None = None
    parts: list[str] = []
    for child in children(element):
        key = local(child) if ours(child) else ""
        if key == "phoneNumber" and number is None:
            number = inner.leaf(child).strip() or None
            if number is None:
                inner.empty(child)
        elif key in _PARTS:
            parts.append((child.text or "").strip())
            inner.keep(child)
        else:
            inner.stray(child)
    inner.spare(element)
    if number is None and not len(element):
        number = (element.text or "").strip() or None
    found = number or " ".join(filter(None, parts)) or None
    if found is None:
        frame.empty(element)
    return found


def _page(frame: Frame, element: _Element, name: str, index: int | None) -> Any:
    return link(frame, element, name, index)


CONTACT: Final = Shape(
    "contactPoint",
    Contact,
    many("note additionalNote", "notes", note),
    notes("description", "description"),
    own("address", ("places",), _address),
    many("mailBox", "emails", _mailbox),
    many("phone", "phones", _phone),
    many("webresource webResource", "forms", _page),
    many("wallet walletAddress", "wallets", word),
)
contact: Read = CONTACT.read
