"""By which key a signature around a payload holds, or why not; imported only where the libraries are installed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from mcbridge.seals import Terms
from mcbridge.seals.checking import is_for, made_with
from mcbridge.seals.holding import Holding, held_by, pinned
from mcbridge.seals.jades.header import Entry
from mcbridge.seals.jades.key_info import FORGED, named
from mcbridge.seals.judging import Problem, invalid, moment, unsupported, unverified

_CHANGED: Final = (
    "ask the issuer for the file as it was sent; to take the credential out of it and put it back is enough to break "
    "a seal, and so is a changed grade"
)


def holding(entry: Entry, payload: str, terms: Terms) -> Holding | Problem:
    """The key by which a signature holds for a payload."""
    key = named(entry.header)
    if isinstance(key, Problem):
        return key
    known = pinned(terms)
    signed, signed_at = _signed(entry.header)
    data = entry.signing_input(payload)
    if key is None:
        for _, each in known:
            if made_with(entry.method, each, data, entry.signature):
                return held_by(each, known, signed, signed_at)
        if known:
            advice = "ask the issuer which key it signs with"
            return unverified("there is no key in it, and it was made with none of the trusted ones", advice)
        return unverified("there is no key in it", "get the issuer's key, and name its folder with --trusted-keys")
    if not is_for(entry.method, key):
        said = entry.method.name
        return invalid("the key that it names is of another kind than its algorithm: ", FORGED, said)
    if key.weakness is not None:
        return unsupported(key.weakness)
    if not made_with(entry.method, key, data, entry.signature):
        return invalid("the document was changed after it was signed, or was not signed with the key named", _CHANGED)
    return held_by(key, known, signed, signed_at)


def _signed(header: Any) -> tuple[str | None, datetime | None]:  # noqa: ANN401 - as it is in the document
    """When it was signed: ``sigT``, or ``iat`` of later editions in seconds since 1970."""
    said = header.get("sigT", header.get("iat"))
    if isinstance(said, str):
        return said[:80], moment(said)
    if isinstance(said, int) and not isinstance(said, bool):
        try:
            return str(said), datetime.fromtimestamp(said, UTC)
        except (OverflowError, OSError, ValueError):
            return str(said)[:80], None
    return (None, None) if said is None else (str(said)[:80], None)
