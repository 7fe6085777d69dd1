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
XADES: Final = re.compile(r"\{http://uri\.etsi\.org/01903/[^}]*\}QualifyingProperties")
PRESENTATION: Final = "verifiablePresentation"
HOLDERS: Final = frozenset((PRESENTATION, "europassCredential"))
PROOF: Final = "proof"
"""Older Europass XML keeps its signature in an element of its own."""
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
    def legacy(self) -> str | None:
        """What part SHA-1 had in it, if any."""
        if self.method.legacy:
            return self.method.name
        return "a digest by SHA-1" if self.digest.legacy else None


class Signatures(Struct, frozen=True):
    """The signatures of a document: ``at``, which is to cover all of it or has the problem, and those of parts."""

    at: _Element | None = None
    problem: Problem | None = None
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
        if _is_of_all(each, root):
            own.append(each)
        elif _is_of_a_part(each, root):
            inner.append(each)
        else:
            astray.append(each)
    at = next(iter((*own, *astray)), None)
    problem: Problem | None = None
    if not own and astray:
        problem = wrapped("the signature stands within a part of the document, and does not cover the whole of it")
    elif len(own) > 1:
        problem = wrapped(f"there are {len(own)} signatures at the root, and they cannot all cover the document")
    elif own and astray:
        problem = wrapped("there is a second signature within the document, beside the one at its root")
        at = astray[0]
    return Signatures(at, problem, tuple(inner))


def _is_of_all(signature: _Element, root: _Element) -> bool:
    """Whether a signature stands where one over the whole document does: at the root, in Europass XML in its proof."""
    above = signature.getparent()
    return above is root or (above is not None and above.getparent() is root and _is_proof(above))


def _is_of_a_part(signature: _Element, root: _Element) -> bool:
    """Whether it is the signature of a diploma supplement, or of a credential in a presentation."""
    above = signature.getparent()
    if above is None or QName(above).localname == "diplomaSupplement":
        return above is not None
    return QName(root).localname == PRESENTATION and _is_proof(above)


def _is_proof(element: _Element) -> bool:
    above = element.getparent()
    return QName(element).localname == PROOF and above is not None and QName(above).localname in HOLDERS


def is_xades(signature: _Element) -> bool:
    """Whether a signature has properties as XAdES has them."""
    inside = (child for each in signature.iterchildren(tag("Object")) for child in each.iterchildren("*"))
    return any(XADES.fullmatch(str(child.tag)) for child in inside)


def _object(signature: _Element) -> Problem | None:
    """What a signature carries within itself is not covered when it covers the document around it."""
    for each in signature.iterchildren(tag("Object")):
        if any(child.tag != tag("SignatureProperties") for child in each.iterchildren("*")):
            return wrapped("the signature has content of its own (Object), which is not the document that is read")
    return None


def claim(signature: _Element) -> Claim | Problem:
    """What a signature at the root says to cover."""
    if (carried := _object(signature)) is not None:
        return carried
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
    if (problem := not_followed(info)) is not None:
        return problem
    digest = algorithm_of(reference, "DigestMethod")
    if digest not in DIGESTS:
        return unsupported("its digest is by an algorithm that is not followed: ", digest)
    value = decoded(reference.findtext(tag("DigestValue")))
    if value is None:
        return malformed("it has no digest of the document that could be read")
    if decoded(signature.findtext(tag("SignatureValue"))) is None:
        return malformed("it has no signature value that could be read")
    return Claim(signature, SIGNATURES[algorithm_of(info, "SignatureMethod")], DIGESTS[digest], *applied, value)


def not_followed(info: _Element) -> Problem | None:
    """Why a signature is not verified, told by how its value was made."""
    if any(len(prefixes_of(each)) > MOST_PREFIXES for each in info.iter("*")):
        return unsupported(f"its canonical form names more than {MOST_PREFIXES} prefixes")
    own = algorithm_of(info, "CanonicalizationMethod")
    if own not in CANONICAL:
        return unsupported("its own canonical form is one that is not followed: ", own)
    method = algorithm_of(info, "SignatureMethod")
    if is_symmetric(method):
        return unsupported("it was made with a secret that is shared (HMAC), so whoever can verify it can forge it")
    if method not in SIGNATURES:
        return unsupported("it was made by an algorithm that is not followed: ", method)
    return None


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
            forms.append((address, prefixes_of(each)))
        else:
            return unsupported("what it covers was made by a transform that is not followed: ", address)
    if enveloped != 1:
        return malformed("it covers itself, because it does not leave itself out (enveloped-signature)")
    if len(forms) > 1:
        return unsupported("what it covers was brought into more than one canonical form")
    return forms[0] if forms else (DEFAULT_CANONICAL, ())


def prefixes_of(transform: _Element) -> tuple[str, ...]:
    """The prefixes that an exclusive canonical form treats as an inclusive one does."""
    for each in transform.iterchildren("*"):
        if QName(each).localname == "InclusiveNamespaces":
            return tuple(each.get("PrefixList", "").split())
    return ()


def algorithm_of(above: _Element, name: str) -> str:
    """The address of the algorithm that an element of this name has."""
    element = above.find(tag(name))
    return "" if element is None else element.get("Algorithm", "")


def decoded(text: str | None) -> bytes | None:
    """Base64, whatever its line breaks; nothing for what is none, or empty."""
    try:
        return b64decode(_SPACE.sub("", text or ""), validate=True) or None
    except ValueError:
        return None
