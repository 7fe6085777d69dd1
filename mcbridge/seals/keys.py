"""Public keys and the certificates they come in, as far as a seal is judged by them.

The only room that reads them; ``cryptography`` does the reading. A key is known by
its SubjectPublicKeyInfo in DER, so that it is the same in whatever it came.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from msgspec import Struct

from mcbridge.seals.methods import EC, ED448, ED25519, RSA

SHORTEST: Final = 2048
"""Bits of an RSA key; shorter ones are not safe against forgery any more."""
LONGEST: Final = 16384
"""Bits of an RSA key; with a longer one a document would cost whoever verifies it more than its writer."""
_SHORTEST_CURVE: Final = 224


class Certificate(Struct, frozen=True):
    """What a certificate says: whose key it is, who vouches for that, and for how long.

    ``organisation_identifier`` is that of the organisation (OID 2.5.4.97, ETSI EN 319 412-1: ``VATHR-…``).
    """

    subject: str
    self_signed: bool
    begins: datetime
    ends: datetime
    der: bytes
    organisation_identifier: str | None = None


class Key(Struct, frozen=True):
    """A public key. ``der`` is its SubjectPublicKeyInfo; ``weakness`` says why nothing is verified with it.

    ``family`` is one of ``methods``, or empty for another; ``curve`` is the curve of an EC key.
    """

    der: bytes
    weakness: str | None = None
    certificate: Certificate | None = None
    family: str = ""
    curve: str | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key, hex."""
        return hashlib.sha256(self.der).hexdigest()


def of_certificate(der: bytes) -> Key:
    """The key in a certificate. Raises ``ValueError`` for what is none."""
    with _read():
        read = x509.load_der_x509_certificate(der)
        public = read.public_key()
        certificate = Certificate(
            read.subject.rfc4514_string(),
            read.subject == read.issuer,
            read.not_valid_before_utc,
            read.not_valid_after_utc,
            der,
            _organisation(read.subject),
        )
        return _key(public, certificate)


def of_public_key(der: bytes) -> Key:
    """A key by itself, as SubjectPublicKeyInfo or PKCS #1. Raises ``ValueError`` for what is none."""
    with _read():
        public = load_der_public_key(der)
        return _key(public)


def of_rsa(modulus: int, exponent: int) -> Key:
    """An RSA key by its numbers. Raises ``ValueError`` for numbers that make none."""
    with _read():
        public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        return _key(public)


def of_point(curve: str, point: bytes) -> Key:
    """An elliptic key by the OID of its curve and its point. Raises ``ValueError``."""
    with _read():
        made = ec.get_curve_for_oid(x509.ObjectIdentifier(curve))
        public = ec.EllipticCurvePublicKey.from_encoded_point(made(), point)
        return _key(public)


def of_edwards(curve: str, point: bytes) -> Key:
    """A key on an Edwards curve, by its name and its bytes. Raises ``ValueError``."""
    with _read():
        if curve == ED25519:
            return _key(ed25519.Ed25519PublicKey.from_public_bytes(point))
        if curve == ED448:
            return _key(ed448.Ed448PublicKey.from_public_bytes(point))
    raise ValueError(curve)


def _organisation(subject: x509.Name) -> str | None:
    for each in subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_IDENTIFIER):
        return each.value if isinstance(each.value, str) else each.value.hex()
    return None


def _key(public: object, certificate: Certificate | None = None) -> Key:
    family, curve = "", None
    match public:
        case rsa.RSAPublicKey():
            family = RSA
        case ec.EllipticCurvePublicKey():
            family, curve = EC, public.curve.name
        case ed25519.Ed25519PublicKey():
            family = ED25519
        case ed448.Ed448PublicKey():
            family = ED448
    return Key(_spki(public), _weakness(public), certificate, family, curve)


def _spki(public: object) -> bytes:
    made: bytes = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return made


def _weakness(public: object) -> str | None:
    match public:
        case rsa.RSAPublicKey() if public.key_size < SHORTEST:
            return f"the key is RSA of {public.key_size} bits; safe are {SHORTEST} and more"
        case rsa.RSAPublicKey() if public.key_size > LONGEST:
            return f"the key is RSA of {public.key_size} bits; followed are {LONGEST} and less"
        case ec.EllipticCurvePublicKey() if public.key_size < _SHORTEST_CURVE:
            return f"the key is on the curve {public.curve.name}, which is too small to be safe"
        case rsa.RSAPublicKey() | ec.EllipticCurvePublicKey() | ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            return None
    return "the key is neither RSA nor on an elliptic curve"


@contextmanager
def _read() -> Iterator[None]:
    """Whatever a library says of a broken key is a ``ValueError``; its warnings about odd ones are for nobody here."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except (UnsupportedAlgorithm, InternalError, LookupError, TypeError, OverflowError, x509.InvalidVersion) as error:
        raise ValueError(str(error)) from error
