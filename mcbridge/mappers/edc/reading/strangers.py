"""Credentials of other kinds that learners bring along: told apart by name, and what to ask for instead.

None of them is read here: each says something else than a European Digital Credential, or says it in an envelope of its
own, and half of it understood would be worse than none.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import msgspec

from mcbridge.mappers.edc.reading.frames import CLASS, Node
from mcbridge.packing import TOKEN

PRESENTATIONS: Final = frozenset({"VerifiablePresentation", "EuropeanDigitalPresentation"})
VERSION_2: Final = "https://www.w3.org/ns/credentials/v2"

_INSTEAD: Final = (
    "ask the learner or the issuer for the European Digital Credential itself: the file (.jsonld or .json) that is "
    "saved in the Europass viewer or wallet"
)
_NOT: Final = ", not a European Digital Credential"
_BADGE: Final = ("an Open Badge 3.0" + _NOT, _INSTEAD)
_EBSI: Final = ("a credential of EBSI in an envelope of VCDM 2.0 (VerifiableAttestation)" + _NOT, _INSTEAD)
_WALLET: Final = ("a learning credential of the EUDI wallet (SD-JWT VC)" + _NOT, _INSTEAD)
_SELECTIVE: Final = ("a credential of a wallet (SD-JWT)" + _NOT, _INSTEAD)
_ENVELOPED: Final = ("a credential in an envelope of VCDM 2.0 (a token in a data: address)" + _NOT, _INSTEAD)
_OTHER: Final = ("a verifiable credential" + _NOT, _INSTEAD)
_BY_TYPE: Final = {
    "OpenBadgeCredential": _BADGE,
    "AchievementCredential": _BADGE,
    "EndorsementCredential": _BADGE,
    "ClrCredential": ("a Comprehensive Learner Record (CLR 2.0)" + _NOT, _INSTEAD),
    "EnvelopedVerifiableCredential": _ENVELOPED,
    "EnvelopedVerifiablePresentation": _ENVELOPED,
}
_SD_JWT: Final = "urn:eu.europa.ec.eudi:learning:credential"
_BADGES_2: Final = "w3id.org/openbadges/v2"
_EXPANDED: Final = (
    "JSON-LD in another form than that of a European Digital Credential: its keys are full addresses (expanded)",
    "compact it with the context http://data.europa.eu/snb/model/context/edc-ap, or ask for the file as it was issued",
)


def words(node: Node) -> frozenset[str]:
    """The classes that a node says it is of."""
    said = node.get("type", node.get("@type"))
    return frozenset(each for each in (said if type(said) is list else [said]) if type(each) is str)


def stranger(node: Node) -> tuple[str, str] | None:
    """What a document is when it is a credential of another kind, and what to do; its envelope has been opened."""
    said = words(node)
    if "VerifiableAttestation" in said and VERSION_2 in _contexts(node):
        return _EBSI
    if CLASS in said:
        return None
    for word, known in _BY_TYPE.items():
        if word in said:
            return known
    if _learning(node):
        return _WALLET
    if type(node.get("vct")) is str or "_sd" in node:
        return _SELECTIVE
    if _BADGES_2 in str(node.get("@context"))[:200]:
        return "an Open Badge 2" + _NOT, _INSTEAD
    if any(word.endswith(f"/{CLASS}") for word in said):
        return _EXPANDED
    if "VerifiableCredential" in said:
        return _OTHER
    return None


def _contexts(node: Node) -> list[Any]:
    said = node.get("@context")
    return said if type(said) is list else [said]


# --- tokens


def token(text: bytes) -> tuple[str, str] | None:
    """What a JSON Web Token is, and what to do; nothing for what is no token."""
    found = TOKEN.match(text)
    if found is None:
        return None
    _, _, rest = found[1].partition(b".")
    said = decoded(rest.partition(b".")[0])
    if b"~" in found[1]:
        return _WALLET if _learning(said) else _SELECTIVE
    if type(said) is not dict:
        return "a signed token (JWT)" + _NOT, _INSTEAD
    for key in ("vc", "vp"):
        said = said[key] if type(said.get(key)) is dict else said
    if words(said) & PRESENTATIONS:
        return "a presentation as a signed token (JWT)" + _NOT, _INSTEAD
    known = stranger(said)
    if known is None or known is _OTHER:
        return "a verifiable credential as a signed token (JWT)" + _NOT, _INSTEAD
    what, hint = known
    return f"{what}, as a signed token (JWT)", hint


def _learning(said: Any) -> bool:
    return type(said) is dict and str(said.get("vct", "")).startswith(_SD_JWT)


def decoded(text: bytes | str) -> Any:
    """The JSON that base64url text holds, or nothing."""
    data = text.encode() if isinstance(text, str) else text
    try:
        plain = base64.b64decode(data + b"=" * (-len(data) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(plain)
    except (binascii.Error, ValueError, RecursionError):
        return None
