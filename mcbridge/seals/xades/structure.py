"""What a XAdES signature claims to cover, told before any cryptography.

Its references are to the document as a whole and to parts of the signature itself:
the properties that the signer signed, and the key. Whatever else stands in a signature
is covered by nobody, so nothing may stand there that a reader could take for content.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import QName, _Element
from msgspec import Struct

from mcbridge.seals.judging import Problem, malformed, unsupported, wrapped
from mcbridge.seals.methods import Method, Padding, of_curve, of_rsa
from mcbridge.seals.xades.properties import Properties, properties
from mcbridge.seals.xades.transforms import LeftOut, of_document, of_part
from mcbridge.seals.xmldsig.algorithms import DIGESTS, HASHES, SIGNATURES, Algorithm
from mcbridge.seals.xmldsig.structure import (
    HOLDERS,
    XADES,
    algorithm_of,
    decoded,
    is_xades,
    not_followed,
    prefixes_of,
    tag,
)

MOST: Final = 20
"""References of one signature; each costs a canonical form."""
_OWN: Final = re.compile(r"http://www\.w3\.org/[\w./#-]*|http://uri\.etsi\.org/[\w./#-]*")
"""The namespaces of signatures and all that belongs to them."""
_NAMES: Final = frozenset(("id", "{http://www.w3.org/XML/1998/namespace}id"))


class Part(Struct, frozen=True):
    """Something that is signed: the document, or the part of the signature in ``element``."""

    digest: Algorithm
    value: bytes
    canonical: str
    prefixes: tuple[str, ...]
    left_out: LeftOut = LeftOut.OWN
    element: _Element | None = None

    @property
    def hash(self) -> str:
        """What the standard library calls the digest."""
        return HASHES[self.digest.name]


class Claim(Struct, frozen=True):
    """A signature that claims the document and parts of itself. ``value`` is the signature's own."""

    element: _Element
    info: _Element
    method: Method
    canonical: str
    prefixes: tuple[str, ...]
    value: bytes
    parts: tuple[Part, ...]
    properties: Properties
    legacy: str | None = None

    @property
    def aside(self) -> tuple[str, ...]:
        """The names of what is not looked into."""
        return self.properties.aside


def is_of_a_credential(signature: _Element) -> bool:
    """Whether it is the seal of a credential in a presentation, which is verified where that is read."""
    above = signature.getparent()
    holder = None if above is None else above.getparent()
    return holder is not None and QName(holder).localname in HOLDERS


def claim(signature: _Element, root: _Element) -> Claim | Problem:
    """What a signature says to cover."""
    for wrong in (_carried(root), _placed(signature)):
        if wrong is not None:
            return wrong
    info = signature.find(tag("SignedInfo"))
    if info is None:
        return malformed("it has no SignedInfo")
    if (problem := not_followed(info)) is not None:
        return problem
    value = decoded(signature.findtext(tag("SignatureValue")))
    if value is None:
        return malformed("it has no signature value that could be read")
    parts = _parts(info, signature, root)
    if isinstance(parts, Problem):
        return parts
    said = properties(signature)
    if isinstance(said, Problem):
        return said
    if said.element is not None and all(each.element is not said.element for each in parts):
        return malformed("its properties are not signed, so anybody can have written them")
    own = info.find(tag("CanonicalizationMethod"))
    prefixes = () if own is None else prefixes_of(own)
    legacy = _legacy(algorithm_of(info, "SignatureMethod"), parts, said)
    form = algorithm_of(info, "CanonicalizationMethod")
    return Claim(signature, info, _method(info), form, prefixes, value, parts, said, legacy)


def _carried(root: _Element) -> Problem | None:
    """Whether something stands in a signature that a reader could take for content."""
    for signature in root.iter(tag("Signature")):
        for each in signature.iter("*"):
            if _OWN.fullmatch(str(QName(each).namespace)) is None:
                return wrapped("the signature has content of its own, which is not the document that is read")
    return None


def _placed(signature: _Element) -> Problem | None:
    """Whether a signature has its parts once each, and nothing in it but its properties."""
    for name in ("SignedInfo", "SignatureValue", "KeyInfo"):
        if len(signature.findall(tag(name))) > 1:
            return wrapped("it says twice what it is: ", name)
    for each in signature.iterchildren(tag("Object")):
        for child in each.iterchildren("*"):
            if child.tag != tag("SignatureProperties") and XADES.fullmatch(str(child.tag)) is None:
                return wrapped("the signature has content of its own (Object), which is not the document that is read")
    return None


def _method(info: _Element) -> Method:
    """How the value was made, of what is followed."""
    name = SIGNATURES[algorithm_of(info, "SignatureMethod")].name
    made = "sha" + name.rpartition("SHA")[2]
    if name.startswith("ECDSA"):
        return of_curve(name, made)
    return of_rsa(name, made, Padding.PSS if "PSS" in name else Padding.PKCS1)


def _parts(info: _Element, signature: _Element, root: _Element) -> tuple[Part, ...] | Problem:
    references = info.findall(tag("Reference"))
    if len(references) > MOST:
        return unsupported(f"it covers more than {MOST} parts")
    whole = [each for each in references if each.get("URI") == ""]
    if len(whole) != 1:
        many = "does not cover the document as a whole" if not whole else f"covers the document {len(whole)} times"
        return wrapped(f"it {many}")
    found: list[Part] = []
    for each in references:
        part = _part(each, signature, root)
        if isinstance(part, Problem):
            return part
        found.append(part)
    return tuple(found)


def _part(reference: _Element, signature: _Element, root: _Element) -> Part | Problem:
    address = algorithm_of(reference, "DigestMethod")
    if address not in DIGESTS:
        return unsupported("its digest is by an algorithm that is not followed: ", address)
    value = decoded(reference.findtext(tag("DigestValue")))
    if value is None:
        return malformed("it has no digest of the document that could be read")
    transforms = reference.find(tag("Transforms"))
    said = reference.get("URI")
    if said == "":
        chosen = of_document(transforms)
        if isinstance(chosen, Problem):
            return chosen
        left, canonical, prefixes = chosen
        return Part(DIGESTS[address], value, canonical, prefixes, left)
    element = _within(said, signature, root)
    if isinstance(element, Problem):
        return element
    form = of_part(transforms)
    return form if isinstance(form, Problem) else Part(DIGESTS[address], value, *form, element=element)


def _within(address: str | None, signature: _Element, root: _Element) -> _Element | Problem:
    """The part of the signature that a reference is to: its properties, or its key."""
    if not address or address[:1] != "#" or len(address) == 1:
        return wrapped("it covers something outside the document: ", address or "")
    named = [each for each in root.iter("*") if address[1:] in _ids(each) and not _of_another(each, signature)]
    if len(named) != 1:
        many = "nothing has the name" if not named else "several things have the name"
        return wrapped(f"{many} of what it covers: ", address)
    [element] = named
    above = element.getparent()
    if element.tag == tag("KeyInfo") and above is signature:
        return element
    if QName(element).localname == "SignedProperties" and above is not None and XADES.fullmatch(str(above.tag)):
        holder = above.getparent()
        if holder is not None and holder.tag == tag("Object") and holder.getparent() is signature:
            return element
    return wrapped("it covers an element that it names, and that is no part of the signature itself: ", address)


def _of_another(element: _Element, signature: _Element) -> bool:
    """Whether it stands in another signature, such as that of a credential in a presentation, where ids are its own."""
    around = list(element.iterancestors(tag("Signature")))
    return bool(around) and signature not in around


def _ids(element: _Element) -> set[str]:
    return {str(value) for name, value in element.attrib.items() if str(name).lower() in _NAMES}


def _legacy(address: str, parts: tuple[Part, ...], said: Properties) -> str | None:
    if SIGNATURES[address].legacy:
        return SIGNATURES[address].name
    if any(each.digest.legacy for each in parts) or any(each.legacy for each in said.certificates):
        return "a digest by SHA-1"
    return None


__all__ = ["Claim", "Part", "claim", "is_of_a_credential", "is_xades"]
