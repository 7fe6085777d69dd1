"""XML signatures (XMLDSig), enveloped, as EMREX documents have them: from a document to what is known of its seal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.seals import Found, Terms
from mcbridge.seals.judging import (
    LIBRARIES,
    MALFORMED,
    Problem,
    allowed,
    holds,
    invalid,
    legacy,
    not_holding,
    not_installed,
    unverified,
)
from mcbridge.seals.rules import INNER
from mcbridge.seals.xmldsig.structure import NAMESPACE, Claim, parser, path, signatures

if TYPE_CHECKING:
    from mcbridge.seals.holding import Holding

KIND: Final = "xmldsig"

_DOCTYPE: Final = re.compile(rb"(?:[ \t\r\n]++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


def look(text: bytes, name: str, terms: Terms) -> Found:
    """What is known of the seal of a document in UTF-8, which its reader has parsed within its limits."""
    if _DOCTYPE.match(text):
        problem = "the document has a DOCTYPE, and what that brings in is no part of what was signed"
        advice = "ask the issuer for the document without it"
        return not_holding(unverified(problem, advice), KIND, XmlLocation(name), [])
    try:
        root = etree.fromstring(text, parser())
    except etree.XMLSyntaxError:
        if NAMESPACE.encode() not in text:
            return Found()
        problem = "as it stands the document is no XML, and can have been read only because something was put right"
        return not_holding(invalid(problem, MALFORMED), KIND, XmlLocation(name), [])
    found = signatures(root)
    said = [Diagnostic(INNER, _place(name, each)) for each in found.inner]
    if found.claim is None:
        return Found(None, tuple(said))
    where = XmlLocation(name) if found.at is None else _place(name, found.at)
    came = found.claim if isinstance(found.claim, Problem) else _verified(found.claim, terms)
    if isinstance(came, Problem):
        return not_holding(came, KIND, where, said)
    if isinstance(found.claim, Claim) and found.claim.legacy:
        said.append(allowed(_sha1(found.claim), where))
    return holds(came, KIND, terms, where, said)


def _verified(claim: Claim, terms: Terms) -> Holding | Problem:
    if claim.legacy and not terms.allow_sha1:
        return legacy(_sha1(claim))
    try:
        from mcbridge.seals.xmldsig.holding import holding
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in LIBRARIES:
            raise
        return not_installed()
    return holding(claim, terms)


def _sha1(claim: Claim) -> str:
    what = claim.method.name if claim.method.legacy else "a digest by SHA-1"
    return f"{what}, which is not safe against forgery any more"


def _place(name: str, element: _Element) -> XmlLocation:
    line: int | None = element.sourceline  # type: ignore[assignment]
    return XmlLocation(name, line, None, path(element))


__all__ = ["KIND", "look"]
