"""What the signer says of a signature in it: when it was made, with which certificate, and what stands beside."""

from __future__ import annotations

from typing import Final

from lxml.etree import QName, _Element
from msgspec import Struct

from mcbridge.seals.judging import Problem, malformed, unsupported, wrapped
from mcbridge.seals.xmldsig.algorithms import DIGESTS, HASHES
from mcbridge.seals.xmldsig.structure import XADES, algorithm_of, decoded, tag

_STAMPS: Final = ("AllDataObjectsTimeStamp", "IndividualDataObjectsTimeStamp")
MOST: Final = 20


class Digest(Struct, frozen=True):
    """The digest of a certificate."""

    hash: str
    value: bytes
    legacy: bool


class Properties(Struct, frozen=True):
    """What is said. ``element`` is what of it has to be signed; ``aside`` names what nobody looks into."""

    element: _Element | None = None
    signed: str | None = None
    certificates: tuple[Digest, ...] = ()
    aside: tuple[str, ...] = ()


def properties(signature: _Element) -> Properties | Problem:
    """What a signature says of itself; one that says nothing is a plain XML signature."""
    found = [
        each
        for held in signature.iterchildren(tag("Object"))
        for each in held.iterchildren("*")
        if XADES.fullmatch(str(each.tag))
    ]
    if not found:
        return Properties()
    if len(found) > 1:
        return malformed("it has its properties twice")
    [qualifying] = found
    if qualifying.get("Target") not in {None, f"#{signature.get('Id', '')}"}:
        return wrapped("its properties are those of another signature: ", qualifying.get("Target"))
    space = f"{{{QName(qualifying).namespace}}}"
    held = qualifying.findall(f"{space}SignedProperties")
    if len(held) != 1:
        return malformed("it has no signed properties, or has them twice")
    [said] = held
    own = said.find(f"{space}SignedSignatureProperties")
    certificates = () if own is None else _certificates(own, space)
    if isinstance(certificates, Problem):
        return certificates
    signed = None if own is None else own.findtext(f"{space}SigningTime")
    return Properties(said, signed and signed.strip()[:80], certificates, _aside(qualifying, said, space))


def _certificates(own: _Element, space: str) -> tuple[Digest, ...] | Problem:
    """The digests of the certificate that the signer says to have signed with, and of those above it."""
    found: list[Digest] = []
    held = [each for name in ("SigningCertificate", "SigningCertificateV2") for each in own.iterfind(f"{space}{name}")]
    for each in held:
        for digest in list(each.iterfind(f"{space}Cert/{space}CertDigest"))[: MOST + 1]:
            address = algorithm_of(digest, "DigestMethod")
            value = decoded(digest.findtext(tag("DigestValue")))
            if address not in DIGESTS:
                return unsupported("the digest of its certificate is by an algorithm that is not followed: ", address)
            if value is None:
                return malformed("the digest of its certificate cannot be read")
            found.append(Digest(HASHES[DIGESTS[address].name], value, DIGESTS[address].legacy))
    if len(found) > MOST:
        return unsupported(f"it names more than {MOST} certificates")
    return tuple(found) or malformed("it does not say with which certificate it was made (SigningCertificate)")


def _aside(qualifying: _Element, said: _Element, space: str) -> tuple[str, ...]:
    """Time stamps, and all that is not signed."""
    names = [name for name in _STAMPS if said.find(f"{space}SignedDataObjectProperties/{space}{name}") is not None]
    names += [QName(each).localname for each in qualifying.iterfind(f"{space}UnsignedProperties/*/*")]
    return tuple(dict.fromkeys(names))[:MOST]
