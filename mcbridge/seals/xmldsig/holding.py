"""By which key a claim holds, or why it does not; imported only where the libraries for it are installed."""

from __future__ import annotations

from typing import Final

from mcbridge.seals import Terms
from mcbridge.seals.holding import Holding, held_by, pinned
from mcbridge.seals.judging import MALFORMED, Problem, invalid, unsupported, unverified
from mcbridge.seals.keys import Key
from mcbridge.seals.methods import EC, RSA
from mcbridge.seals.xmldsig.key_info import named
from mcbridge.seals.xmldsig.structure import Claim
from mcbridge.seals.xmldsig.verification import Came, canonical_form, is_unchanged, may_be_by, verify

FOLLOWED: Final = frozenset((RSA, EC))
"""The kinds of keys that XML signatures are made with."""

CHANGED: Final = (
    "ask the issuer for the file as it was sent; to open it in an editor and save it, or to indent it, is enough to "
    "break a seal, and so is a changed grade"
)
OTHER_KEY: Final = "it was not made with the key that it names, or was changed itself"
FORGED: Final = "do not rely on this document; ask the issuer for the file as it was sent"


def holding(claim: Claim, terms: Terms) -> Holding | Problem:
    """The key by which a claim holds.

    Tried are the keys that the signature names, and where it names none those that the user trusts. Which of them made
    it says nothing yet of whose it is: that is the question whether it is one of the user's.
    """
    canonical = canonical_form(claim)
    if canonical is None:
        return invalid("the document has no canonical form, so it cannot have been signed as it is", MALFORMED)
    if not is_unchanged(claim, canonical):
        return invalid("the document was changed after it was signed", CHANGED)
    keys = named(claim.element)
    if keys.broken is not None:
        return invalid(f"it is malformed: {keys.broken}", MALFORMED)
    known = pinned(terms)
    came = _by_one_of(claim, keys.all or tuple(key for _, key in known), canonical, terms)
    if isinstance(came, Problem):
        if keys.all:
            return came
        if known:
            return unverified(
                "there is no key in it, and it was made with none of the trusted ones",
                "ask the issuer which key it signs with",
            )
        return unverified("there is no key in it", "get the issuer's key, and name its folder with --trusted-keys")
    if any(key.der != came.der for key in keys.bare):
        return invalid("it names two different keys, and was made with one of them", FORGED)
    return held_by(came, known)


def _by_one_of(claim: Claim, keys: tuple[Key, ...], canonical: bytes, terms: Terms) -> Key | Problem:
    """The first key that the claim holds by, else what is wrong with the first."""
    problems: list[Problem] = []
    for key in keys:
        if key.weakness is not None or key.family not in FOLLOWED:
            problems.append(unsupported(key.weakness or "the key is neither RSA nor on an elliptic curve"))
            continue
        if len(keys) > 1 and not may_be_by(claim, key, sha1=terms.allow_sha1):
            problems.append(invalid(OTHER_KEY, FORGED))
            continue
        came = verify(claim, key, canonical, sha1=terms.allow_sha1)
        if came is Came.HOLDS:
            return key
        if came is Came.MALFORMED:
            problems.append(invalid("it is malformed", MALFORMED))
        elif came is Came.OTHER_KEY:
            problems.append(invalid(OTHER_KEY, FORGED))
        else:
            problems.append(invalid("the document was changed after it was signed", CHANGED))
    return problems[0] if problems else unverified("there is no key in it", "")
