"""The keys that a signature names in its ``KeyInfo``: certificates, and keys by their numbers.

What only points to a key (a name, a serial number, an address) is not followed.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

from lxml.etree import _Element
from msgspec import Struct

from mcbridge.seals import keys
from mcbridge.seals.keys import Key
from mcbridge.seals.xmldsig.structure import tag

_ELEVEN: Final = "{http://www.w3.org/2009/xmldsig11#}"
_SPACE: Final = re.compile(r"\s+")
MOST: Final = 20
"""Keys of one signature; each costs a verification, and a chain of certificates has a handful."""


_KEYS: Final = frozenset((tag("X509Certificate"), tag("KeyValue"), f"{_ELEVEN}DEREncodedKeyValue"))


class Named(Struct, frozen=True):
    """The keys of one signature. ``broken`` says what of it could not be read."""

    certified: tuple[Key, ...] = ()
    bare: tuple[Key, ...] = ()
    broken: str | None = None

    @property
    def all(self) -> tuple[Key, ...]:
        """Those in certificates first: they say whose they are."""
        return (*self.certified, *self.bare)


def named(signature: _Element) -> Named:
    """The keys that the signature names itself."""
    info = signature.find(tag("KeyInfo"))
    if info is None:
        return Named()
    if sum(1 for each in info.iter("*") if each.tag in _KEYS) > MOST:
        return Named(broken=f"it names more than {MOST} keys")
    certified: list[Key] = []
    bare: list[Key] = []
    what = "certificate"
    try:
        found = info.iterfind(f"{tag('X509Data')}/{tag('X509Certificate')}")
        certified.extend(keys.of_certificate(_bytes(each.text)) for each in found)
        what = "key"
        for each in info.iterfind(f"{tag('KeyValue')}/{tag('RSAKeyValue')}"):
            modulus, exponent = (_bytes(each.findtext(tag(name))) for name in ("Modulus", "Exponent"))
            bare.append(keys.of_rsa(int.from_bytes(modulus), int.from_bytes(exponent)))
        for each in info.iterfind(f"{tag('KeyValue')}/{_ELEVEN}ECKeyValue"):
            curve = each.find(f"{_ELEVEN}NamedCurve")
            address = "" if curve is None else curve.get("URI", "")
            point = _bytes(each.findtext(f"{_ELEVEN}PublicKey"))
            bare.append(keys.of_point(address.removeprefix("urn:oid:"), point))
        bare.extend(keys.of_public_key(_bytes(each.text)) for each in info.iterfind(f"{_ELEVEN}DEREncodedKeyValue"))
    except ValueError:
        return Named(tuple(certified), tuple(bare), f"the {what} in it cannot be read")
    return Named(tuple(certified), tuple(bare))


def _bytes(text: str | None) -> bytes:
    return b64decode(_SPACE.sub("", text or ""), validate=True)
