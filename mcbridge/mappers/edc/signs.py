"""How files begin that are European Digital Credentials, or that their reader knows by name."""

from __future__ import annotations

import re
from typing import Final

from mcbridge.packing import is_token

_LEAD: Final = b"\xef\xbb\xbf \t\r\n"
_QUOTE: Final = rb'(?:\\?"|\\u0022)'
_CLASS: Final = re.compile(
    _QUOTE + rb"(?:[\w:/.#-]{0,60}EuropeanDigital(?:Credential|Presentation)"
    rb"|https?:\\?/\\?/data\.europa\.eu\\?/snb\\?/model\\?/context\\?/edc-ap"
    rb"|credentialProfiles|verifiableCredential"
    # credentials of other kinds, which are told by name
    rb"|(?:Enveloped)?Verifiable(?:Credential|Presentation|Attestation)"
    rb"|(?:OpenBadge|Achievement|Endorsement|Clr)Credential|https:\\?/\\?/w3id\.org\\?/openbadges\\?/v2"
    rb"|vct|_sd)" + _QUOTE
)
_FORMS: Final = (
    (b'"credential"', b'"deliveryDetails"'),
    (b'"payload"', b'"signature'),
    (b'"signatures"', b'"protected"'),
)
_ENCODED: Final = re.compile(rb'"payload"\s*:\s*"(?:eyJ|ew[0o])')
"""A payload in base64url that is JSON, however far away its signatures are."""


def recognised(head: bytes) -> bool:
    """Whether a file that begins so is one that the reader of European Digital Credentials has an answer to."""
    if is_token(head):
        return True
    if head.lstrip(_LEAD)[:1] not in {b"{", b"["}:
        return False
    if _CLASS.search(head) is not None or _ENCODED.search(head) is not None:
        return True
    return any(all(key in head for key in keys) for keys in _FORMS)
