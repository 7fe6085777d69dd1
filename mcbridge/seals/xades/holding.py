"""By which key a XAdES signature holds, or why not; imported only where the libraries are installed."""

from __future__ import annotations

import hashlib
from typing import Final

from lxml.etree import _Element

from mcbridge.seals import Terms
from mcbridge.seals.checking import made_with
from mcbridge.seals.holding import Holding, held_by, pinned
from mcbridge.seals.judging import MALFORMED, Problem, invalid, moment, unsupported, unverified
from mcbridge.seals.keys import Key
from mcbridge.seals.xades import canonical
from mcbridge.seals.xades.structure import Claim, Part
from mcbridge.seals.xmldsig.holding import CHANGED, FORGED, OTHER_KEY
from mcbridge.seals.xmldsig.key_info import named

_CERTIFICATE: Final = "the certificate in it is not the one that the signer says to have signed with"


def holding(claim: Claim, root: _Element, terms: Terms) -> Holding | Problem:
    """The key by which a claim holds."""
    for part in claim.parts:
        wrong = _changed(part, claim, root)
        if wrong is not None:
            return wrong
    keys = named(claim.element)
    if keys.broken is not None:
        return invalid(f"it is malformed: {keys.broken}", MALFORMED)
    info = canonical.of_part(claim.info, claim.canonical, claim.prefixes)
    if info is None:
        return invalid("it has no canonical form, so it cannot have been signed as it is", MALFORMED)
    known = pinned(terms)
    candidates = _signers(keys.certified, claim) if keys.certified else keys.bare
    if isinstance(candidates, Problem):
        return candidates
    came = _by_one_of(claim, candidates or tuple(key for _, key in known), info, own=bool(candidates))
    if isinstance(came, Problem):
        if not candidates and known:
            advice = "ask the issuer which key it signs with"
            return unverified("there is no key in it, and it was made with none of the trusted ones", advice)
        return came
    if any(key.der != came.der for key in keys.bare):
        return invalid("it names two different keys, and was made with one of them", FORGED)
    signed = claim.properties.signed
    return held_by(came, known, signed, None if signed is None else moment(signed))


def _changed(part: Part, claim: Claim, root: _Element) -> Problem | None:
    if part.element is None:
        made = canonical.of_document(root, claim.element, part.left_out, part.canonical, part.prefixes)
        problem, advice = "the document was changed after it was signed", CHANGED
    else:
        made = canonical.of_part(part.element, part.canonical, part.prefixes)
        problem, advice = "what the signer says of the signature was changed after it was signed", FORGED
    if made is None:
        return invalid("the document has no canonical form, so it cannot have been signed as it is", MALFORMED)
    return None if hashlib.new(part.hash, made).digest() == part.value else invalid(problem, advice)


def _signers(certified: tuple[Key, ...], claim: Claim) -> tuple[Key, ...] | Problem:
    """The keys whose certificate is the one that was signed with, as the signed properties say."""
    said = claim.properties.certificates
    if not said:
        return certified
    found = tuple(each for each in certified if each.certificate is not None and _is_one(each.certificate.der, claim))
    return found or invalid(_CERTIFICATE, FORGED)


def _is_one(der: bytes, claim: Claim) -> bool:
    return any(
        hashlib.new(each.hash, der, usedforsecurity=False).digest() == each.value
        for each in claim.properties.certificates
    )


def _by_one_of(claim: Claim, keys: tuple[Key, ...], info: bytes, *, own: bool) -> Key | Problem:
    """The first key that the signature was made with, else what is wrong."""
    if not keys:
        return unverified("there is no key in it", "get the issuer's key, and name its folder with --trusted-keys")
    weak = next((each.weakness for each in keys if each.weakness is not None), None) if own else None
    for each in keys:
        if made_with(claim.method, each, info, claim.value):
            return each
    return unsupported(weak) if weak is not None else invalid(OTHER_KEY, FORGED)
