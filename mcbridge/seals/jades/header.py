"""What the signatures around a payload claim, told before any cryptography.

A JSON Web Signature (RFC 7515) says in a header how it is to be verified, so that
header is what a forger writes to. Only its protected part is believed; what stands in
both parts, twice, or where it must not is refused, and so is everything that a header
calls critical and that is not known here. JAdES is ETSI TS 119 182-1.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from mcbridge.seals.jades.algorithms import METHODS, UNSIGNED, is_symmetric
from mcbridge.seals.judging import Problem, invalid, malformed, unsupported
from mcbridge.seals.methods import Method

MOST: Final = 20
"""Signatures of one document, and certificates of one signature; each costs something."""

CRITICAL: Final = frozenset(("b64", "sigT", "iat", "adoTst", "x5t#o", "sigX5ts", "srCms", "sigPl", "srAts"))
"""What a header may call critical (RFC 7515, 4.1.11), because it is followed or says nothing about what is signed."""
_PROTECTED: Final = frozenset(("alg", "crit", "b64"))
_NAMED: Final = frozenset(("x5c", "jwk", "x5t#S256", "x5t", "x5t#o", "sigX5ts"))
"""What names a public key."""
_URL: Final = re.compile(r"[A-Za-z0-9_-]*")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9#]{0,39}")
_FORGED: Final = "do not rely on this document; ask the issuer for the file as it was sent"


class Entry(Struct, frozen=True):
    """One signature. ``protected`` is its header as it is signed, ``header`` what that says."""

    protected: str
    header: Mapping[str, Any]
    method: Method
    encoded: bool
    signature: bytes
    aside: tuple[str, ...]

    def signing_input(self, payload: str) -> bytes:
        """What was signed (RFC 7515, 5.2; RFC 7797, 3)."""
        return self.protected.encode() + b"." + payload.encode()

    def covered(self, payload: str) -> bytes | None:
        """The content that the signature is about; nothing where the payload is not written as the header says."""
        return from_base64url(payload) if self.encoded else payload.encode()


class Repeated(ValueError):
    """An object has a key twice."""


def from_base64url(text: object) -> bytes | None:
    """Base64 as these signatures have it (RFC 7515, 2): another alphabet, no padding, nothing else."""
    if not isinstance(text, str) or len(text) % 4 == 1 or _URL.fullmatch(text) is None:
        return None
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def from_base64(text: object) -> bytes | None:
    """Base64 as certificates have it (RFC 7515, 4.1.6)."""
    try:
        return b64decode(text, validate=True) or None if isinstance(text, str) else None
    except ValueError:
        return None


def signatures(root: Mapping[str, Any]) -> list[tuple[str, Entry | Problem]] | Problem:
    """Each signature of a document with its place."""
    flat = root.keys() & {"signature", "protected", "header"}
    several = root.get("signatures")
    if "signatures" not in root:
        return [("/signature", _entry(root))]
    if flat:
        return malformed("it has one signature beside a list of them, so two readers may verify two things")
    if not isinstance(several, list) or not several:
        return malformed("there is no signature in it")
    if len(several) > MOST:
        return unsupported(f"there are more than {MOST} signatures")
    return [(f"/signatures/{number}", _entry(each)) for number, each in enumerate(several)]


def _entry(said: object) -> Entry | Problem:
    if not isinstance(said, dict):
        return malformed("a signature is no object")
    protected, aside = said.get("protected"), said.get("header", {})
    header = _header(protected)
    if isinstance(header, Problem) or not isinstance(protected, str):
        return header if isinstance(header, Problem) else malformed("it has no protected header")
    if not isinstance(aside, dict):
        return malformed("its unprotected header is no object")
    for wrong in (_confused(header, aside), _critical(header)):
        if wrong is not None:
            return wrong
    method = _method(header)
    if isinstance(method, Problem):
        return method
    encoded = header.get("b64", True)
    if not isinstance(encoded, bool):
        return malformed('its "b64" is neither true nor false')
    if "sigD" in header:
        return unsupported("it covers something beside the payload (sigD)")
    signature = from_base64url(said.get("signature"))
    if not signature:
        return malformed("it has no signature value that could be read")
    return Entry(protected, header, method, encoded, signature, _beside(header, aside))


def _header(text: object) -> dict[str, Any] | Problem:
    data = from_base64url(text)
    if not data:
        return malformed("it has no protected header that could be read")
    try:
        found = json.loads(data.decode(), object_pairs_hook=_once)
    except Repeated as error:
        return malformed("its protected header says something twice: ", str(error)[:80])
    except (ValueError, RecursionError):
        return malformed("its protected header is no JSON")
    return found if isinstance(found, dict) else malformed("its protected header is no object")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Repeated(key)
        found[key] = value
    return found


def _confused(header: Mapping[str, Any], aside: Mapping[str, Any]) -> Problem | None:
    """What stands in a place where it decides and is not signed, or in two (RFC 7515, 7.2.1)."""
    if both := sorted(header.keys() & aside.keys()):
        return malformed("its two headers say the same thing twice: ", both[0][:80])
    if loose := sorted(_PROTECTED & aside.keys()):
        return invalid("how it is to be verified is not signed itself: ", _FORGED, loose[0])
    return None


def _critical(header: Mapping[str, Any]) -> Problem | None:
    if "crit" not in header:
        return None
    names = header["crit"]
    if not isinstance(names, list) or not names or not all(isinstance(each, str) and each for each in names):
        return malformed('its "crit" is no list of names')
    if missing := next((each for each in names if each not in header), None):
        return malformed("it calls critical what it does not have: ", missing[:80])
    if strange := next((each for each in names if each not in CRITICAL | _NAMED), None):
        return unsupported("it demands that something be understood which is not known here: ", strange[:80])
    return None


def _method(header: Mapping[str, Any]) -> Method | Problem:
    name = header.get("alg")
    if not isinstance(name, str):
        return malformed("it does not say by which algorithm it was made")
    if name.lower() == UNSIGNED:
        return invalid('it says of itself that it signs nothing ("alg": "none")', _FORGED)
    if is_symmetric(name):
        if header.keys() & _NAMED:
            # whoever has the certificate can make this: the public key is taken for a secret
            return invalid("it names a public key, but was made with a secret that is shared: ", _FORGED, name[:80])
        return unsupported("it was made with a secret that is shared (HMAC), so whoever can verify it can forge it")
    return METHODS.get(name) or unsupported("it was made by an algorithm that is not followed: ", name[:80])


def _beside(header: Mapping[str, Any], aside: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of what is not looked into: a time stamp of the content, and all that is not signed."""
    names = ["adoTst"] if "adoTst" in header else []
    for key, value in aside.items():
        if key == "etsiU" and isinstance(value, list):
            names += [_unsigned(each) for each in value[:MOST]]
        else:
            names.append(key)
    return tuple(dict.fromkeys(each if _WORD.fullmatch(each) else "something without a name" for each in names))


def _unsigned(item: object) -> str:
    """What an item of ``etsiU`` calls itself; it stands there as an object, or as the base64 of one."""
    if isinstance(item, str):
        try:
            item = json.loads(from_base64url(item) or b"")
        except (ValueError, RecursionError):
            return ""
    return next(iter(item), "") if isinstance(item, dict) else ""
