"""The algorithms of JSON Web Signatures by the names that RFC 7518, 8037 and 9864 gave them: what is followed."""

from __future__ import annotations

from typing import Final

from mcbridge.seals.methods import ED448, ED25519, Method, Padding, of_curve, of_rsa

METHODS: Final = {
    "RS256": of_rsa("RS256", "sha256"),
    "RS384": of_rsa("RS384", "sha384"),
    "RS512": of_rsa("RS512", "sha512"),
    "PS256": of_rsa("PS256", "sha256", Padding.PSS),
    "PS384": of_rsa("PS384", "sha384", Padding.PSS),
    "PS512": of_rsa("PS512", "sha512", Padding.PSS),
    "ES256": of_curve("ES256", "sha256", "secp256r1"),
    "ES384": of_curve("ES384", "sha384", "secp384r1"),
    "ES512": of_curve("ES512", "sha512", "secp521r1"),
    "EdDSA": Method("EdDSA", frozenset((ED25519, ED448))),
    "Ed25519": Method("Ed25519", frozenset((ED25519,))),
    "Ed448": Method("Ed448", frozenset((ED448,))),
}
CURVES: Final = {
    "P-256": "1.2.840.10045.3.1.7",
    "P-384": "1.3.132.0.34",
    "P-521": "1.3.132.0.35",
}
"""The curves of a key by its numbers, by their names there, and their object identifiers."""

DIGESTS: Final = {
    "S256": "sha256",
    "S384": "sha384",
    "S512": "sha512",
    "sha-256": "sha256",
    "sha-384": "sha384",
    "sha-512": "sha512",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
"""The digests of certificates (``x5t#o``, ``sigX5ts``), as signers spell them."""

UNSIGNED: Final = "none"


def is_symmetric(name: str) -> bool:
    """Whether the key of an algorithm is a secret that both sides share, so that either could have signed."""
    return name.upper().startswith("HS")
