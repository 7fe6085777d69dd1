"""XML signatures (XMLDSig), enveloped, as EMREX documents have them: from a document to what is known of its seal."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, Rule, Severity, XmlLocation
from mcbridge.model import CertificateState, Seal, SealState
from mcbridge.seals import Found, Terms
from mcbridge.seals.rules import EARLY, EXPIRED, INNER, INVALID, LEGACY, TRUSTED, UNTRUSTED, UNVERIFIED
from mcbridge.seals.xmldsig.structure import MALFORMED, NAMESPACE, Claim, Problem, parser, path, signatures

if TYPE_CHECKING:
    from mcbridge.seals.xmldsig.holding import Holding

KIND: Final = "xmldsig"

_INSTALL: Final = "install what verifies seals: pip install 'mcbridge[seal]'"
_NEWER: Final = "ask the producer to sign with SHA-256"
_LIBRARIES: Final = frozenset(("certifi", "cryptography", "signxml"))
_DOCTYPE: Final = re.compile(rb"(?:[ \t\r\n]++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


def look(text: bytes, name: str, terms: Terms) -> Found:
    """What is known of the seal of a document in UTF-8, which its reader has parsed within its limits."""
    if _DOCTYPE.match(text):
        problem = "the document has a DOCTYPE, and what that brings in is no part of what was signed"
        advice = "ask the issuer for the document without it"
        return _not_holding(Problem(SealState.PRESENT, UNVERIFIED, problem, advice), XmlLocation(name), [])
    try:
        root = etree.fromstring(text, parser())
    except etree.XMLSyntaxError:
        if NAMESPACE.encode() not in text:
            return Found()
        problem = "as it stands the document is no XML, and can have been read only because something was put right"
        return _not_holding(Problem(SealState.INVALID, INVALID, problem, MALFORMED), XmlLocation(name), [])
    found = signatures(root)
    said = [Diagnostic(INNER, _place(name, each)) for each in found.inner]
    if found.claim is None:
        return Found(None, tuple(said))
    where = XmlLocation(name) if found.at is None else _place(name, found.at)
    came = found.claim if isinstance(found.claim, Problem) else _verified(found.claim, terms)
    if isinstance(came, Problem):
        return _not_holding(came, where, said)
    if isinstance(found.claim, Claim) and found.claim.legacy:
        facts = {"problem": f"the seal was verified, though it was made with {_sha1(found.claim)}", "advice": _NEWER}
        said.append(Diagnostic(LEGACY, where, facts=facts, severity=Severity.NOTE))
    return _holding(came, terms, where, said)


def _verified(claim: Claim, terms: Terms) -> Holding | Problem:
    if claim.legacy and not terms.allow_sha1:
        problem = f"the seal was not verified, because it was made with {_sha1(claim)}"
        advice = f"{_NEWER}; --allow-sha1 verifies it all the same, for what that is worth"
        return Problem(SealState.UNSUPPORTED, LEGACY, problem, advice)
    try:
        from mcbridge.seals.xmldsig.holding import holding
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        return Problem(
            SealState.PRESENT, UNVERIFIED, "the libraries that verify signatures are not installed", _INSTALL
        )
    return holding(claim, terms)


def _sha1(claim: Claim) -> str:
    what = claim.method.name if claim.method.legacy else "a digest by SHA-1"
    return f"{what}, which is not safe against forgery any more"


def _not_holding(problem: Problem, where: XmlLocation, said: list[Diagnostic]) -> Found:
    """A seal that is not verified, or does not hold."""
    facts = {"problem": problem.problem, "advice": problem.advice}
    value = None if problem.value is None else f'"{problem.value}"'
    finding = Diagnostic(problem.rule, where, None, value, facts)
    return Found(Seal(state=problem.state, kind=KIND), (finding, *said))


def _holding(holding: Holding, terms: Terms, where: XmlLocation, said: list[Diagnostic]) -> Found:
    """A seal that holds, by a key that is trusted or is not."""
    certificate = holding.certificate
    signer = None if certificate is None else certificate.subject
    if holding.file is not None:
        value = None if signer is None else f": {signer}"
        said.append(Diagnostic(TRUSTED, where, None, value, {"file": holding.file}))
    else:
        asked = Severity.WARNING if terms.trusted is not None else Severity.NOTE
        value = signer or holding.key.fingerprint
        said.append(Diagnostic(UNTRUSTED, where, None, value, {"problem": _whose(holding)}, asked))
    state = None
    if certificate is not None and terms.at is not None:
        state = CertificateState.CURRENT
        outside = _outside(terms.at, certificate.begins, certificate.ends)
        if outside is not None:
            state, rule, date = outside
            facts = {"date": date.date().isoformat(), "moment": terms.at.astimezone(UTC).date().isoformat()}
            said.append(Diagnostic(rule, where, None, certificate.subject, facts))
    seal = Seal(
        state=SealState.EMBEDDED if holding.file is None else SealState.TRUSTED,
        kind=KIND,
        signer=signer,
        fingerprint=holding.key.fingerprint,
        certificate=state,
    )
    return Found(seal, tuple(said), holding.file)


def _whose(holding: Holding) -> str:
    if holding.certificate is None:
        return "it comes without a certificate, SHA-256 "
    if holding.certificate.self_signed:
        return "its certificate is vouched for by nobody else (self-signed), and calls the signer "
    return "its certificate, which was not checked further, calls the signer "


def _outside(at: datetime, begins: datetime, ends: datetime) -> tuple[CertificateState, Rule, datetime] | None:
    if at > ends:
        return CertificateState.EXPIRED, EXPIRED, ends
    if at < begins:
        return CertificateState.EARLY, EARLY, begins
    return None


def _place(name: str, element: _Element) -> XmlLocation:
    line: int | None = element.sourceline  # type: ignore[assignment]
    return XmlLocation(name, line, None, path(element))


__all__ = ["KIND", "look"]
