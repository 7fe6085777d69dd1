"""What an XML signature claims to cover, told before any cryptography.

A signature that holds proves nothing about what it does not cover, and whoever wraps
a document makes it cover something that nobody reads. So one shape is accepted: one
signature, child of the root, with one reference to the whole document (``URI=""``) and
no transform but the enveloped signature and a canonical form. All else says what is
not covered.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Final

from lxml import etree
from lxml.etree import QName, _Element
from msgspec import Struct

from mcbridge.seals.judging import Problem, malformed, unsupported, wrapped
from mcbridge.seals.xmldsig.algorithms import (
    CANONICAL,
    DEFAULT_CANONICAL,
    DIGESTS,
    ENVELOPED,
    SELECTING,
    SIGNATURES,
    Algorithm,
    is_symmetric,
)

NAMESPACE: Final = "http://www.w3.org/2000/09/xmldsig#"
_XADES: Final = re.compile(r"\{http://uri\.etsi\.org/01903/[^}]*\}QualifyingProperties")
_SPACE: Final = re.compile(r"[ \t\r\n]+")

MOST_PREFIXES: Final = 100
"""Of an exclusive canonical form; each is looked for at every element."""


class Claim(Struct, frozen=True):
    """A signature that claims the whole document. ``digest_value`` is what the document had when it was signed."""

    element: _Element
    method: Algorithm
    digest: Algorithm
    canonical: str
    prefixes: tuple[str, ...]
    digest_value: bytes

    @property
    def legacy(self) -> bool:
        """Whether SHA-1 had a part in it."""
        return self.method.legacy or self.digest.legacy


class Signatures(Struct, frozen=True):
    """The signatures of a document: what is claimed by the one at the root, and those of parts by themselves."""

    claim: Claim | Problem | None
    at: _Element | None = None
    inner: tuple[_Element, ...] = ()


def tag(name: str) -> str:
    """A name of XML Signature as lxml spells it."""
    return f"{{{NAMESPACE}}}{name}"


def parser() -> etree.XMLParser:
    """Comments are no part of what a reference to the whole document covers, so they are not there to mislead."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        collect_ids=False,
    )


def path(element: _Element) -> str:
    """Where an element stands: local names, each below the root with its number among those of its name."""
    steps = []
    above = element.getparent()
    while above is not None:
        name = QName(element).localname
        before = sum(QName(each).localname == name for each in element.itersiblings("*", preceding=True))
        steps.append(f"{name}[{before + 1}]")
        element, above = above, above.getparent()
    return "/".join((QName(element).localname, *reversed(steps)))


def signatures(root: _Element) -> Signatures:
    """What is signed in a document, as far as it says."""
    own: list[_Element] = []
    inner: list[_Element] = []
    astray: list[_Element] = []
    for each in root.iter(tag("Signature")):
        above = each.getparent()
        if above is root:
            own.append(each)
        elif above is not None and QName(above).localname == "diplomaSupplement":
            inner.append(each)
        else:
            astray.append(each)
    found: Claim | Problem | None = None
    at = next(iter((*own, *astray)), None)
    if not own and astray:
        found = wrapped("the signature stands within a part of the document, and does not cover the whole of it")
    elif len(own) > 1:
        found = wrapped(f"there are {len(own)} signatures at the root, and they cannot all cover the document")
    elif own:
        found = _object(own[0])
        if found is None and astray:
            found, at = (
                wrapped("there is a second signature within the document, beside the one at its root"),
                astray[0],
            )
        found = found or _claim(own[0])
    return Signatures(found, at, tuple(inner))


def _object(signature: _Element) -> Problem | None:
    """What a signature carries within itself is not covered when it covers the document around it."""
    for each in signature.iterchildren(tag("Object")):
        inside = list(each.iterchildren("*"))
        if any(_XADES.fullmatch(str(child.tag)) for child in inside):
            return unsupported("it is a XAdES signature, and those are not verified yet")
        if any(child.tag != tag("SignatureProperties") for child in inside):
            return wrapped("the signature has content of its own (Object), which is not the document that is read")
    return None


def _claim(signature: _Element) -> Claim | Problem:
    info = signature.find(tag("SignedInfo"))
    if info is None:
        return malformed("it has no SignedInfo")
    references = info.findall(tag("Reference"))
    if len(references) != 1:
        return wrapped(f"it covers {len(references)} parts, where it must cover the document and nothing else")
    [reference] = references
    if (problem := _reach(reference.get("URI"))) is not None:
        return problem
    applied = _transforms(reference.find(tag("Transforms")))
    if isinstance(applied, Problem):
        return applied
    if any(len(_prefixes(each)) > MOST_PREFIXES for each in (info, *info.iter("*"))):
        return unsupported(f"its canonical form names more than {MOST_PREFIXES} prefixes")
    own = _algorithm(info, "CanonicalizationMethod")
    if own not in CANONICAL:
        return unsupported("its own canonical form is one that is not followed: ", own)
    method = _algorithm(info, "SignatureMethod")
    if is_symmetric(method):
        return unsupported("it was made with a secret that is shared (HMAC), so whoever can verify it can forge it")
    if method not in SIGNATURES:
        return unsupported("it was made by an algorithm that is not followed: ", method)
    digest = _algorithm(reference, "DigestMethod")
    if digest not in DIGESTS:
        return unsupported("its digest is by an algorithm that is not followed: ", digest)
    value = _bytes(reference.findtext(tag("DigestValue")))
    if value is None:
        return malformed("it has no digest of the document that could be read")
    if _bytes(signature.findtext(tag("SignatureValue"))) is None:
        return malformed("it has no signature value that could be read")
    return Claim(signature, SIGNATURES[method], DIGESTS[digest], *applied, value)


def _reach(address: str | None) -> Problem | None:
    """A reference must be to the document as a whole."""
    if address is None:
        return wrapped("it does not say what it covers")
    if address.startswith("#"):
        return wrapped("it covers an element that it names, and not the document as a whole: ", address)
    if address:
        return wrapped("it covers something outside the document: ", address)
    return None


def _transforms(transforms: _Element | None) -> tuple[str, tuple[str, ...]] | Problem:
    """The canonical form of what is covered, and the prefixes that it treats as inclusive ones."""
    enveloped = 0
    forms: list[tuple[str, tuple[str, ...]]] = []
    for each in () if transforms is None else transforms.iterchildren(tag("Transform")):
        address = each.get("Algorithm", "")
        if address in SELECTING:
            return wrapped("a transform may leave parts of the document out of what was signed: ", address)
        if address == ENVELOPED:
            enveloped += 1
            if forms:
                return malformed("it leaves itself out only after the canonical form was made")
        elif address in CANONICAL:
            forms.append((address, _prefixes(each)))
        else:
            return unsupported("what it covers was made by a transform that is not followed: ", address)
    if enveloped != 1:
        return malformed("it covers itself, because it does not leave itself out (enveloped-signature)")
    if len(forms) > 1:
        return unsupported("what it covers was brought into more than one canonical form")
    return forms[0] if forms else (DEFAULT_CANONICAL, ())


def _prefixes(transform: _Element) -> tuple[str, ...]:
    for each in transform.iterchildren("*"):
        if QName(each).localname == "InclusiveNamespaces":
            return tuple(each.get("PrefixList", "").split())
    return ()


def _algorithm(above: _Element, name: str) -> str:
    element = above.find(tag(name))
    return "" if element is None else element.get("Algorithm", "")


def _bytes(text: str | None) -> bytes | None:
    try:
        return b64decode(_SPACE.sub("", text or ""), validate=True) or None
    except ValueError:
        return None
