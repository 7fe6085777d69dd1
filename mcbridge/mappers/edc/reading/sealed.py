"""The credential within a sealed document, as the bytes that were signed.

A JSON Web Signature has its payload as it is (``b64`` false, RFC 7797: how European
issuers seal) or as base64url (RFC 7515). JSON begins with a bracket, which base64url
does not know, so the payload tells by itself; whether its header agrees is found out
where the seal is verified.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any, Final

_ENCODED: Final = re.compile(r"[A-Za-z0-9_-]+")


def is_sealed(root: Mapping[str, Any]) -> bool:
    """Whether a document is a payload with signatures around it: a list of them, or one (RFC 7515, 7.2)."""
    return "payload" in root and ("signatures" in root or "signature" in root)


def content_of(root: Mapping[str, Any]) -> bytes | None:
    """What a sealed document holds; nothing where its payload is no text."""
    payload = root.get("payload")
    if not isinstance(payload, str):
        return None
    if _ENCODED.fullmatch(payload) is None or len(payload) % 4 == 1:
        return payload.encode()
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
