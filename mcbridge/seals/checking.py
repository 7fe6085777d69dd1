"""The cryptography of one signature value: one key, one method, the bytes, and yes or no.

For the ways of signing whose bytes are put together in their own rooms (JAdES, XAdES).
The method is chosen among those that are known to be safe, and has to be one for this
kind of key: what a document says of its algorithm decides nothing by itself.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mcbridge.seals.keys import Key
from mcbridge.seals.methods import Method, Padding

_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - for whoever allows it
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def is_for(method: Method, key: Key) -> bool:
    """Whether a method signs with keys of this kind, and on its curve."""
    return key.family in method.families and (method.curve is None or method.curve == key.curve)


def made_with(method: Method, key: Key, data: bytes, signature: bytes) -> bool:
    """Whether these bytes were signed with this key, by this method."""
    if key.weakness is not None or not is_for(method, key):
        return False
    public = load_der_public_key(key.der)
    try:
        match public:
            case rsa.RSAPublicKey():
                _rsa(public, method, data, signature)
            case ec.EllipticCurvePublicKey():
                length = (public.key_size + 7) // 8
                if len(signature) != 2 * length:
                    return False
                halves = (int.from_bytes(signature[:length]), int.from_bytes(signature[length:]))
                public.verify(encode_dss_signature(*halves), data, ec.ECDSA(_HASHES[method.hash]))
            case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
                public.verify(signature, data)
            case _:
                return False
    except (InvalidSignature, InternalError, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _rsa(public: rsa.RSAPublicKey, method: Method, data: bytes, signature: bytes) -> None:
    made = _HASHES[method.hash]
    if method.padding is Padding.PSS:
        salted = padding.PSS(padding.MGF1(made), padding.PSS.DIGEST_LENGTH)
        public.verify(signature, data, salted, made)
    else:
        public.verify(signature, data, padding.PKCS1v15(), made)
