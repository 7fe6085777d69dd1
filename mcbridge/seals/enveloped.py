"""Signatures that stand in an XML document: which of them is to cover it, and which room knows how it was made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.etree import QName, _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.seals import PRESENTED, Found, Terms
from mcbridge.seals.judging import (
    LIBRARIES,
    MALFORMED,
    Problem,
    allowed,
    beside,
    holds,
    invalid,
    legacy,
    not_holding,
    not_installed,
    unverified,
)
from mcbridge.seals.rules import INNER
from mcbridge.seals.xades import structure as xades
from mcbridge.seals.xmldsig import structure as xmldsig
from mcbridge.seals.xmldsig.structure import NAMESPACE, PRESENTATION, parser, path, signatures

if TYPE_CHECKING:
    from mcbridge.seals.holding import Holding

XMLDSIG: Final = "xmldsig"
XADES: Final = "XAdES"

_DOCTYPE: Final = re.compile(rb"(?:[ \t\r\n]++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_UNSAFE: Final = ", which is not safe against forgery any more"


def look(text: bytes, name: str, terms: Terms) -> Found:
    """What is known of the seal of a document in UTF-8, which its reader has parsed within its limits."""
    if _DOCTYPE.match(text):
        problem = "the document has a DOCTYPE, and what that brings in is no part of what was signed"
        advice = "ask the issuer for the document without it"
        return not_holding(unverified(problem, advice), XMLDSIG, XmlLocation(name), [])
    try:
        root = etree.fromstring(text, parser())
    except etree.XMLSyntaxError:
        if NAMESPACE.encode() not in text:
            return Found()
        problem = "as it stands the document is no XML, and can have been read only because something was put right"
        return not_holding(invalid(problem, MALFORMED), XMLDSIG, XmlLocation(name), [])
    found = signatures(root)
    of = PRESENTED if QName(root).localname == PRESENTATION else ""
    said = [Diagnostic(INNER, _place(name, each)) for each in found.inner if not xades.is_of_a_credential(each)]
    if found.at is None:
        return Found(None, tuple(said))
    where, kind = _place(name, found.at), (XADES if xmldsig.is_xades(found.at) else XMLDSIG) + of
    if found.problem is not None:
        return not_holding(found.problem, kind, where, said)
    return _judged(found.at, root, kind, terms, where, said)


def _judged(
    own: _Element, root: _Element, kind: str, terms: Terms, where: XmlLocation, said: list[Diagnostic]
) -> Found:
    plain = own.getparent() is root and not xmldsig.is_xades(own)
    claim = xmldsig.claim(own) if plain else xades.claim(own, root)
    came = claim if isinstance(claim, Problem) else _verified(claim, root, terms)
    if isinstance(claim, xades.Claim) and claim.aside:
        said.append(beside(claim.aside, where))
    if isinstance(came, Problem):
        return not_holding(came, kind, where, said)
    if not isinstance(claim, Problem) and claim.legacy:
        said.append(allowed(f"{claim.legacy}{_UNSAFE}", where))
    return holds(came, kind, terms, where, said)


def _verified(claim: xmldsig.Claim | xades.Claim, root: _Element, terms: Terms) -> Holding | Problem:
    if claim.legacy and not terms.allow_sha1:
        return legacy(f"{claim.legacy}{_UNSAFE}")
    try:
        if isinstance(claim, xades.Claim):
            from mcbridge.seals.xades.holding import holding as held

            return held(claim, root, terms)
        from mcbridge.seals.xmldsig.holding import holding

        return holding(claim, terms)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in LIBRARIES:
            raise
        return not_installed()


def _place(name: str, element: _Element) -> XmlLocation:
    line: int | None = element.sourceline  # type: ignore[assignment]
    return XmlLocation(name, line, None, path(element))


__all__ = ["XADES", "XMLDSIG", "look"]
