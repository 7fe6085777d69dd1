"""The key that a protected header names: a certificate, or a key by its numbers.

What only points to a key (an address, a name) is not followed. A certificate has to
be the one whose digests the header has, else somebody put another in its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mcbridge.seals import keys
from mcbridge.seals.jades.algorithms import CURVES, DIGESTS
from mcbridge.seals.jades.header import MOST, from_base64, from_base64url
from mcbridge.seals.judging import Problem, invalid, malformed, unsupported
from mcbridge.seals.keys import Key

FORGED: Final = "do not rely on this document; ask the issuer for the file as it was sent"


def named(header: Mapping[str, Any]) -> Key | Problem | None:
    """The key that signed, as the protected header says."""
    certified: Key | None = None
    if "x5c" in header:
        chain = header["x5c"]
        if not isinstance(chain, list) or not 0 < len(chain) <= MOST:
            return malformed("its certificates (x5c) cannot be read")
        der = from_base64(chain[0])
        if der is None:
            return malformed("its certificate (x5c) cannot be read")
        wrong = next(_mismatches(header, der), None)
        if wrong is not None:
            return wrong
        try:
            certified = keys.of_certificate(der)
        except ValueError:
            return malformed("its certificate (x5c) cannot be read")
    if "jwk" not in header:
        return certified
    try:
        bare = _by_numbers(header["jwk"])
    except ValueError:
        return malformed("its key (jwk) cannot be read")
    if certified is not None and certified.der != bare.der:
        return invalid("it names two different keys, and can have been made with one of them only", FORGED)
    return certified or bare


def _mismatches(header: Mapping[str, Any], der: bytes) -> Iterator[Problem]:
    """The digests in the header that are not those of the certificate."""
    for name, made in (("x5t#S256", "sha256"), ("x5t", "sha1")):
        if name in header:
            yield from _compared(name, from_base64url(header[name]), made, der)
    if "x5t#o" in header:
        yield from _other(header["x5t#o"], "x5t#o", der)
    if "sigX5ts" in header:
        several = header["sigX5ts"]
        first = several[0] if isinstance(several, list) and several else None
        yield from _other(first, "sigX5ts", der)


def _other(said: object, name: str, der: bytes) -> Iterator[Problem]:
    if not isinstance(said, dict) or not isinstance(said.get("digAlg"), str):
        yield malformed("the digest of its certificate cannot be read: ", name)
    elif said["digAlg"] not in DIGESTS:
        yield unsupported(
            "the digest of its certificate is by an algorithm that is not followed: ", said["digAlg"][:80]
        )
    else:
        value = from_base64url(said.get("digVal"))
        yield from _compared(name, value or from_base64(said.get("digVal")), DIGESTS[said["digAlg"]], der)


def _compared(name: str, value: bytes | None, made: str, der: bytes) -> Iterator[Problem]:
    if value is None:
        yield malformed("the digest of its certificate cannot be read: ", name)
    elif hashlib.new(made, der, usedforsecurity=False).digest() != value:
        yield invalid("the certificate in it is not the one that it says to have been made with: ", FORGED, name)


def _by_numbers(said: object) -> Key:
    """A key as RFC 7518, 6 and RFC 8037 write it. Raises ``ValueError``."""
    if not isinstance(said, dict):
        raise ValueError(said)  # noqa: TRY004 - of the document, not of ours
    numbers = {name: from_base64url(said.get(name)) or b"" for name in ("n", "e", "x", "y")}
    curve = said.get("crv")
    match said.get("kty"):
        case "RSA":
            return keys.of_rsa(int.from_bytes(numbers["n"]), int.from_bytes(numbers["e"]))
        case "EC" if isinstance(curve, str) and curve in CURVES and len(numbers["x"]) == len(numbers["y"]):
            return keys.of_point(CURVES[curve], b"\x04" + numbers["x"] + numbers["y"])
        case "OKP" if isinstance(curve, str):
            return keys.of_edwards(curve, numbers["x"])
    raise ValueError(said.get("kty"))
