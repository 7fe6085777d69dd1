"""The algorithms of XML signatures, by the addresses that name them: what is followed, and what is refused."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Algorithm(Struct, frozen=True):
    """One that is followed: its name for people; ``legacy`` ones only where the user allows SHA-1."""

    name: str
    legacy: bool = False


_DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_PSS: Final = "http://www.w3.org/2007/05/xmldsig-more#"
_ENC: Final = "http://www.w3.org/2001/04/xmlenc#"
_C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_C14N11: Final = "http://www.w3.org/2006/12/xml-c14n11"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"

SIGNATURES: Final = {
    f"{_MORE}rsa-sha256": Algorithm("RSA-SHA256"),
    f"{_MORE}rsa-sha384": Algorithm("RSA-SHA384"),
    f"{_MORE}rsa-sha512": Algorithm("RSA-SHA512"),
    f"{_PSS}sha256-rsa-MGF1": Algorithm("RSA-PSS-SHA256"),
    f"{_PSS}sha384-rsa-MGF1": Algorithm("RSA-PSS-SHA384"),
    f"{_PSS}sha512-rsa-MGF1": Algorithm("RSA-PSS-SHA512"),
    f"{_MORE}ecdsa-sha256": Algorithm("ECDSA-SHA256"),
    f"{_MORE}ecdsa-sha384": Algorithm("ECDSA-SHA384"),
    f"{_MORE}ecdsa-sha512": Algorithm("ECDSA-SHA512"),
    f"{_DSIG}rsa-sha1": Algorithm("RSA-SHA1", legacy=True),
    f"{_MORE}ecdsa-sha1": Algorithm("ECDSA-SHA1", legacy=True),
}
DIGESTS: Final = {
    f"{_ENC}sha256": Algorithm("SHA-256"),
    f"{_MORE}sha384": Algorithm("SHA-384"),
    f"{_ENC}sha512": Algorithm("SHA-512"),
    f"{_DSIG}sha1": Algorithm("SHA-1", legacy=True),
}
HASHES: Final = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512", "SHA-1": "sha1"}
"""What the standard library calls them."""

INCLUSIVE: Final = frozenset((_C14N, _C14N11))
CANONICAL: Final = frozenset(
    (*INCLUSIVE, EXCLUSIVE, f"{_C14N}#WithComments", f"{_C14N11}#WithComments", f"{EXCLUSIVE}WithComments")
)
"""Canonical forms. With a reference to the whole document comments are no part of it in any of them."""
DEFAULT_CANONICAL: Final = _C14N
ENVELOPED: Final = f"{_DSIG}enveloped-signature"

SELECTING: Final = frozenset(
    (
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        f"{_DSIG}base64",
    )
)
"""Transforms that may leave parts of the document out of what is signed, or make something else of it."""


def is_symmetric(address: str) -> bool:
    """Whether the key of an algorithm is a secret that both sides share, so that either could have signed."""
    return "#hmac-" in address.lower()
