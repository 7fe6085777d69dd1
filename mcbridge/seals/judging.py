"""From what came of a signature to what is told of it: the same words for every way of signing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, Location, Rule, Severity
from mcbridge.model import CertificateState, Seal, SealState, SealTrust
from mcbridge.seals import Found, Terms
from mcbridge.seals.rules import (
    BESIDE,
    EARLY,
    EXPIRED,
    INVALID,
    LEGACY,
    SIGNING_TIME,
    TRUSTED,
    UNSUPPORTED,
    UNTRUSTED,
    UNVERIFIED,
)

if TYPE_CHECKING:
    from mcbridge.seals.holding import Holding

LIBRARIES: Final = frozenset(("certifi", "cryptography", "signxml"))
"""What verifies signatures, as their modules are called; a user may have none of them."""
NEWER: Final = "ask the producer to sign with SHA-256"
MALFORMED: Final = (
    "ask the issuer for the document again; this signature was not made by software that follows the standard"
)
WRAPPED: Final = (
    "do not rely on this document: what is read in it is not what was signed; ask the issuer for the original"
)


class Problem(Struct, frozen=True):
    """Why a seal is not verified, or does not hold. ``value`` is what stands in the document, for the message."""

    state: SealState
    rule: Rule
    problem: str
    advice: str = ""
    value: str | None = None


def wrapped(problem: str, value: str | None = None) -> Problem:
    """The signature does not cover what is read."""
    return Problem(SealState.INVALID, INVALID, problem, WRAPPED, value)


def malformed(problem: str, value: str | None = None) -> Problem:
    """The signature breaks its own standard."""
    return Problem(SealState.INVALID, INVALID, f"it is malformed: {problem}", MALFORMED, value)


def invalid(problem: str, advice: str, value: str | None = None) -> Problem:
    """The signature does not hold."""
    return Problem(SealState.INVALID, INVALID, problem, advice, value)


def unsupported(problem: str, value: str | None = None) -> Problem:
    """The signature was made in a way that is not followed."""
    return Problem(SealState.UNSUPPORTED, UNSUPPORTED, problem, "", value)


def unverified(problem: str, advice: str) -> Problem:
    """Nobody could tell whether the signature holds."""
    return Problem(SealState.PRESENT, UNVERIFIED, problem, advice)


def not_installed() -> Problem:
    """The libraries are missing."""
    advice = "install what verifies seals: pip install 'mcbridge[seal]'"
    return unverified("the libraries that verify signatures are not installed", advice)


def legacy(what: str) -> Problem:
    """SHA-1 had a part in it, and the user does not allow that."""
    problem = f"the seal was not verified, because it was made with {what}"
    advice = f"{NEWER}; --allow-sha1 verifies it all the same, for what that is worth"
    return Problem(SealState.UNSUPPORTED, LEGACY, problem, advice)


def allowed(what: str, where: Location) -> Diagnostic:
    """SHA-1 had a part in it, and the user allows that."""
    facts = {"problem": f"the seal was verified, though it was made with {what}", "advice": NEWER}
    return Diagnostic(LEGACY, where, facts=facts, severity=Severity.NOTE)


def beside(names: tuple[str, ...], where: Location) -> Diagnostic:
    """What stands in a signature and was not looked into."""
    return Diagnostic(BESIDE, where, None, None, {"what": ", ".join(names)})


def finding(problem: Problem, where: Location) -> Diagnostic:
    """What there is to say of a problem."""
    value = None if problem.value is None else f'"{problem.value}"'
    return Diagnostic(problem.rule, where, None, value, {"problem": problem.problem, "advice": problem.advice})


def not_holding(problem: Problem, kind: str, where: Location, said: list[Diagnostic]) -> Found:
    """A seal that is not verified, or does not hold."""
    return Found(Seal(state=problem.state, kind=kind), (finding(problem, where), *said))


def holds(holding: Holding, kind: str, terms: Terms, where: Location, said: list[Diagnostic]) -> Found:
    """A seal that holds, by a key that is trusted or is not. ``said`` stands before what is said of that."""
    certificate = holding.certificate
    signer = None if certificate is None else certificate.subject
    told = list(said)
    if holding.file is not None:
        value = None if signer is None else f": {signer}"
        told.append(Diagnostic(TRUSTED, where, None, value, {"file": holding.file}))
    else:
        asked = Severity.WARNING if terms.trusted is not None else Severity.NOTE
        value = signer or holding.key.fingerprint
        told.append(Diagnostic(UNTRUSTED, where, None, value, {"problem": _whose(holding)}, asked))
    told += _timed(holding, where)
    state = None
    if certificate is not None and terms.at is not None:
        state = CertificateState.CURRENT
        outside = _outside(terms.at, certificate.begins, certificate.ends)
        if outside is not None:
            state, rule, date = outside
            facts = {"date": date.date().isoformat(), "moment": terms.at.astimezone(UTC).date().isoformat()}
            told.append(Diagnostic(rule, where, None, certificate.subject, facts))
    seal = Seal(
        state=SealState.EMBEDDED if holding.file is None else SealState.TRUSTED,
        kind=kind,
        signer=signer,
        organisation_identifier=None if certificate is None else certificate.organisation_identifier,
        fingerprint=holding.key.fingerprint,
        signed_at=holding.signed_at,
        certificate=state,
        certificate_from=None if certificate is None else certificate.begins,
        certificate_until=None if certificate is None else certificate.ends,
        trust=SealTrust.NOT_EVALUATED,
    )
    return Found(seal, tuple(told), holding.file)


def _whose(holding: Holding) -> str:
    if holding.certificate is None:
        return "it comes without a certificate, SHA-256 "
    if holding.certificate.self_signed:
        return "its certificate is vouched for by nobody else (self-signed), and calls the signer "
    return "its certificate, which was not checked further, calls the signer "


def _timed(holding: Holding, where: Location) -> list[Diagnostic]:
    """What is odd about the moment at which the signer says to have signed."""
    if holding.signed is None:
        return []
    if holding.signed_at is None:
        return [Diagnostic(SIGNING_TIME, where, None, f'"{holding.signed}"', {"problem": "is no moment: "})]
    if holding.certificate is None:
        return []
    outside = _outside(holding.signed_at, holding.certificate.begins, holding.certificate.ends)
    if outside is None:
        return []
    beyond = "after the term of the certificate" if outside[1] is EXPIRED else "before the term of the certificate"
    return [Diagnostic(SIGNING_TIME, where, None, holding.signed, {"problem": f"is {beyond}: "})]


def _outside(at: datetime, begins: datetime, ends: datetime) -> tuple[CertificateState, Rule, datetime] | None:
    if at > ends:
        return CertificateState.EXPIRED, EXPIRED, ends
    if at < begins:
        return CertificateState.EARLY, EARLY, begins
    return None


def moment(text: str) -> datetime | None:
    """A moment as signers write it; nothing for what is none."""
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
