"""Seals credentials as JSON Web Signatures, rightly and wrongly, with keys made for the occasion."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from tests.unit.seals.signing import rsa_key

CONTEXT = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
CREDENTIAL: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "urn:credential:6a0d2f0e-51a9-4c39-9a6f-3c1c9a4f7b10",
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "issued": "2031-05-02T09:30:00Z",
    "validFrom": "2031-05-02T00:00:00Z",
    "credentialSubject": {
        "id": "urn:epass:person:1",
        "type": "Person",
        "givenName": {"hr": "Žofija"},
        "familyName": {"hr": "Nepostojeća"},
        "hasClaim": {
            "id": "urn:epass:learningAchievement:1",
            "type": "LearningAchievement",
            "title": {"en": "Maps for beginners – 地図"},
        },
    },
}
TEXT = json.dumps(CREDENTIAL, ensure_ascii=False, indent=1)
"""Not the form that a serialiser of ours would give it: what is verified is the text as it is."""

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey
Signs = Private | bytes | None
_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
AUTHORITY = rsa_key(9)


@cache
def curve_key(name: str) -> Private:
    """A key on a curve by the name that algorithms know it by."""
    match name:
        case "Ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "Ed448":
            return ed448.Ed448PrivateKey.generate()
    curves: dict[str, ec.EllipticCurve] = {"256": ec.SECP256R1(), "384": ec.SECP384R1(), "512": ec.SECP521R1()}
    return ec.generate_private_key(curves[name])


def key_for(algorithm: str) -> Private:
    """A key that an algorithm can sign with."""
    if algorithm.startswith("Ed"):
        return curve_key("Ed448" if algorithm == "Ed448" else "Ed25519")
    return curve_key(algorithm[2:]) if algorithm.startswith("ES") else rsa_key()


def seal_certificate(
    key: Private,
    begins: datetime = datetime(2030, 1, 1, tzinfo=UTC),
    ends: datetime = datetime(2032, 1, 1, tzinfo=UTC),
    name: str = "Seal of Nowhere",
) -> x509.Certificate:
    """A certificate as those of electronic seals are: of an organisation with an identifier, by an authority."""
    parts = [
        (x509.NameOID.COUNTRY_NAME, "HR"),
        (x509.NameOID.ORGANIZATION_NAME, "University of Nowhere"),
        (x509.NameOID.ORGANIZATION_IDENTIFIER, "VATHR-00000000001"),
        (x509.NameOID.COMMON_NAME, name),
    ]
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority")])
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), begins, ends)
    return made.sign(AUTHORITY, hashes.SHA256())


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a credential is sealed; every part of it can be made wrong. ``header`` is added, ``without`` is left out."""

    alg: str = "RS256"
    b64: bool = False
    header: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    aside: dict[str, Any] | None = None
    certificate: x509.Certificate | None = None
    protected: str | None = None


def url(data: bytes) -> str:
    """Base64 as these signatures have it."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def header_of(key: Signs, way: Way) -> dict[str, Any]:
    """The protected header of European issuers."""
    found: dict[str, Any] = {"alg": way.alg, "typ": "jose+json", "cty": "octet-stream", "b64": way.b64}
    found |= {"sigT": "2031-05-02T09:30:00Z", "crit": ["b64", "sigT"]}
    if isinstance(key, Private):
        der = (way.certificate or seal_certificate(key)).public_bytes(Encoding.DER)
        found |= {"x5c": [b64encode(der).decode()], "x5t#S256": url(hashlib.sha256(der).digest())}
    found |= way.header
    return {name: value for name, value in found.items() if name not in way.without}


def entry(payload: str, key: Signs, way: Way = Way()) -> dict[str, Any]:
    """One signature over a payload as it stands in the file."""
    protected = way.protected or url(json.dumps(header_of(key, way)).encode())
    made: dict[str, Any] = {"protected": protected, "signature": url(_value(key, way.alg, f"{protected}.{payload}"))}
    if way.aside is not None:
        made["header"] = way.aside
    return made


def payload_of(text: str, way: Way = Way()) -> str:
    """A credential as a payload."""
    return url(text.encode()) if way.b64 else text


def sealed(key: Signs | None = None, way: Way = Way(), text: str = TEXT) -> dict[str, Any]:
    """A sealed document with one signature."""
    payload = payload_of(text, way)
    return {"payload": payload, "signatures": [entry(payload, key if key is not None else key_for(way.alg), way)]}


def written(document: Any, **how: Any) -> bytes:
    """A document as a file."""
    return json.dumps(document, **({"ensure_ascii": False} | how)).encode()


def _value(key: Signs, alg: str, text: str) -> bytes:
    data, made = text.encode(), _HASHES.get(alg[2:5], hashes.SHA256())
    match key:
        case None:
            return b"none"
        case bytes():
            return hmac.new(key, data, "sha256").digest()
        case rsa.RSAPrivateKey() if alg.startswith("PS"):
            return key.sign(data, padding.PSS(padding.MGF1(made), made.digest_size), made)
        case rsa.RSAPrivateKey():
            return key.sign(data, padding.PKCS1v15(), made)
        case ec.EllipticCurvePrivateKey():
            length = (key.key_size + 7) // 8
            return b"".join(each.to_bytes(length) for each in decode_dss_signature(key.sign(data, ec.ECDSA(made))))
    return key.sign(data)
