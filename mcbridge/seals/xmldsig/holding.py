"""By which key a claim holds, or why it does not; imported only where the libraries for it are installed."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from mcbridge.model import SealState
from mcbridge.seals import Terms
from mcbridge.seals.keys import Certificate, Key, of_certificate, of_public_key
from mcbridge.seals.rules import INVALID, UNSUPPORTED, UNVERIFIED
from mcbridge.seals.xmldsig.key_info import named
from mcbridge.seals.xmldsig.structure import MALFORMED, Claim, Problem
from mcbridge.seals.xmldsig.verification import Came, canonical_form, is_unchanged, may_be_by, verify

_CHANGED: Final = (
    "ask the issuer for the file as it was sent; to open it in an editor and save it, or to indent it, is enough to "
    "break a seal, and so is a changed grade"
)
_OTHER_KEY: Final = "it was not made with the key that it names, or was changed itself"
_FORGED: Final = "do not rely on this document; ask the issuer for the file as it was sent"


class Holding(Struct, frozen=True):
    """A key by which a seal holds. ``file`` is that of the user's, if the key is one of those."""

    key: Key
    certificate: Certificate | None
    file: str | None


def holding(claim: Claim, terms: Terms) -> Holding | Problem:
    """The key by which a claim holds.

    Tried are the keys that the signature names, and where it names none those that the user trusts. Which of them made
    it says nothing yet of whose it is: that is the question whether it is one of the user's.
    """
    canonical = canonical_form(claim)
    if canonical is None:
        return _invalid("the document has no canonical form, so it cannot have been signed as it is", MALFORMED)
    if not is_unchanged(claim, canonical):
        return _invalid("the document was changed after it was signed", _CHANGED)
    keys = named(claim.element)
    if keys.broken is not None:
        return _invalid(f"it is malformed: {keys.broken}", MALFORMED)
    pinned = [
        (each.file, of_public_key(each.der) if each.certificate is None else of_certificate(each.certificate))
        for each in terms.trusted or ()
    ]
    came = _by_one_of(claim, keys.all or tuple(key for _, key in pinned), canonical, terms)
    if isinstance(came, Problem):
        if keys.all:
            return came
        if pinned:
            return _unverified(
                "there is no key in it, and it was made with none of the trusted ones",
                "ask the issuer which key it signs with",
            )
        return _unverified("there is no key in it", "get the issuer's key, and name its folder with --trusted-keys")
    if any(key.der != came.der for key in keys.bare):
        return _invalid("it names two different keys, and was made with one of them", _FORGED)
    same = [(file, key.certificate) for file, key in pinned if key.der == came.der]
    certificates = (came.certificate, *(certificate for _, certificate in same))
    return Holding(came, next(filter(None, certificates), None), same[0][0] if same else None)


def _by_one_of(claim: Claim, keys: tuple[Key, ...], canonical: bytes, terms: Terms) -> Key | Problem:
    """The first key that the claim holds by, else what is wrong with the first."""
    problems: list[Problem] = []
    for key in keys:
        if key.weakness is not None:
            problems.append(Problem(SealState.UNSUPPORTED, UNSUPPORTED, key.weakness))
            continue
        if len(keys) > 1 and not may_be_by(claim, key, sha1=terms.allow_sha1):
            problems.append(_invalid(_OTHER_KEY, _FORGED))
            continue
        came = verify(claim, key, canonical, sha1=terms.allow_sha1)
        if came is Came.HOLDS:
            return key
        if came is Came.MALFORMED:
            problems.append(_invalid("it is malformed", MALFORMED))
        elif came is Came.OTHER_KEY:
            problems.append(_invalid(_OTHER_KEY, _FORGED))
        else:
            problems.append(_invalid("the document was changed after it was signed", _CHANGED))
    return problems[0] if problems else _unverified("there is no key in it", "")


def _invalid(problem: str, advice: str) -> Problem:
    return Problem(SealState.INVALID, INVALID, problem, advice)


def _unverified(problem: str, advice: str) -> Problem:
    return Problem(SealState.PRESENT, UNVERIFIED, problem, advice)
