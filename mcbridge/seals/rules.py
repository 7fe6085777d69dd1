"""What can be said of a seal."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

INVALID: Final = rule(
    "seal/invalid",
    Severity.ERROR,
    "The seal of a document does not hold",
    "the seal does not hold: {problem}{value}",
    "{advice}",
    "what is read must be what was signed: of XML one signature over the whole document (XML Signature, core "
    "validation; EMREX: enveloped, one reference with an empty URI), of a sealed credential the text of its payload "
    "(RFC 7515, 5.2)",
    "a grade that was changed in a signed transcript, or a signed transcript that was opened and saved in an editor",
)
UNVERIFIED: Final = rule(
    "seal/unverified",
    Severity.WARNING,
    "A document is sealed, and the seal was not verified",
    "the document is sealed, and whether the seal holds is not known: {problem}",
    "{advice}",
    "a seal that nobody verified says nothing",
    "a signature without a key in it, where no key is known",
)
UNSUPPORTED: Final = rule(
    "seal/unsupported-algorithm",
    Severity.WARNING,
    "A document is sealed in a way that is not verified here",
    "the seal was not verified: {problem}{value}",
    "ask the issuer to sign with RSA or ECDSA and SHA-256; nothing is known of this seal",
    "verified is only what is known to be safe: a name of an algorithm in a document is no reason to follow it",
    "a signature by HMAC, whose key would have to be a secret that issuer and receiver share",
)
LEGACY: Final = rule(
    "seal/legacy-algorithm",
    Severity.WARNING,
    "A seal was made with SHA-1",
    "{problem}",
    "{advice}",
    "two documents with one SHA-1 value can be made by anybody with some money since 2017, so such a seal proves "
    "little; many EMREX producers sign so all the same",
    "RSA-SHA1, as in the published EMREX examples",
)
UNTRUSTED: Final = rule(
    "seal/untrusted",
    Severity.WARNING,
    "The key of a seal is not one that you trust",
    "nothing was changed since it was signed, but anybody could have made the key it was signed with: {problem}{value}",
    "get the issuer's key from a place that you trust, such as the EMREX registry, put it into a folder, and name "
    "that with --trusted-keys",
    "a signature carries its own key, so it proves that nothing changed, and not who signed; only a key that you "
    "know before proves that",
    "a transcript that was forged as a whole, and signed with a key made for it",
)
TRUSTED: Final = rule(
    "seal/trusted",
    Severity.NOTE,
    "A seal holds by a key that you trust",
    "the document is as it was signed, with the key in {file}{value}",
    "nothing is to be done",
    "the signature was verified over the original bytes, and its key is one of --trusted-keys",
    "a transcript signed with the key that the EMREX registry has of its producer",
)
EXPIRED: Final = rule(
    "seal/certificate-expired",
    Severity.WARNING,
    "The certificate of a signer had expired",
    "the certificate of the signer ({value}) expired on {date}, before {moment}",
    "if the document is older than that, judge it by its own date: --verify-at issued, or --verify-at TIME; "
    "else ask the issuer for one with a current certificate",
    "an expired certificate is no longer vouched for; a document that was signed in its term is none the worse, but "
    "only the signer says when that was",
    "a transcript of last year, whose producer's certificate has ended since",
)
EARLY: Final = rule(
    "seal/certificate-not-yet-valid",
    Severity.WARNING,
    "The certificate of a signer was not valid yet",
    "the certificate of the signer ({value}) is valid from {date}, after {moment}",
    "check the moment of --verify-at, and the clock of this machine; else ask the issuer",
    "nobody vouches for a certificate before its term begins, so the document or its certificate has a wrong date",
    "a document that says it was issued before its certificate was made",
)
SIGNING_TIME: Final = rule(
    "seal/signing-time",
    Severity.WARNING,
    "The moment of signing cannot be true",
    "the moment at which the signer says to have signed {problem}{value}",
    "ask the issuer when and with which certificate it was signed",
    "a certificate vouches for its key in its term only; the moment is what the signer says (JAdES sigT, XAdES "
    "SigningTime), and no proof of when it was signed",
    "a sealed credential whose certificate had ended on the day before it was sealed",
)
BESIDE: Final = rule(
    "seal/not-evaluated",
    Severity.NOTE,
    "A signature carries time stamps or proofs that were not evaluated",
    "the signature carries what was not evaluated: {what}",
    "a validation service of trusted lists reads them, if you have to know when it was signed, or whether the "
    "certificate was revoked",
    "time stamps, chains of certificates and lists of revoked ones prove something only to whoever has trusted lists; "
    "what is not signed itself could have been put there by anybody (JAdES etsiU, XAdES UnsignedProperties)",
    "the archive time stamp of a credential that the European issuer sealed",
)
INNER: Final = rule(
    "seal/inner-unverified",
    Severity.NOTE,
    "A part of a document has a signature of its own, which was not verified",
    "a diploma supplement has a signature of its own, which was not verified",
    "verify it with the tool of its issuer if you rely on the supplement by itself",
    "such a signature says something of that part alone; whether the document holds is said by the one at its root",
    "a diploma supplement that was signed by itself",
)

__all__ = [
    "BESIDE",
    "EARLY",
    "EXPIRED",
    "INNER",
    "INVALID",
    "LEGACY",
    "SIGNING_TIME",
    "TRUSTED",
    "UNSUPPORTED",
    "UNTRUSTED",
    "UNVERIFIED",
]
