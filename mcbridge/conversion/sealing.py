"""Where seals and readers meet: the records of a sealed source learn what is known of its seal.

A reader says that there is a signature and leaves it; whether it holds is found out
over the very bytes that the reader was given. That comes after the reader has parsed
them, so that its limits hold for what is verified, too. XML tells by itself whether
there may be a signature; of JSON its reader says so, with a seal of one of the kinds
below.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from mcbridge import seals
from mcbridge.diagnostics import JsonLocation, Report, XmlLocation, place
from mcbridge.model import CertificateState, Credential, Record, Seal, SealState, SealTrust
from mcbridge.origins import PIECE, Read, Source
from mcbridge.seals import Found, Terms

ABSENT = "absent"
WORDS = {
    SealState.PRESENT: "present, not verified",
    SealState.EMBEDDED: "valid with embedded key",
    SealState.TRUSTED: "valid with a trusted key",
    SealState.INVALID: "invalid",
    SealState.UNSUPPORTED: "unsupported algorithm",
}
"""The states as they are told; with ``ABSENT`` they are all."""
UNTRUSTED: Final = "trust not evaluated"
"""What goes with a key that came with its document, wherever its state is told."""

AROUND: Final = "JAdES"
"""The kind of seal of a JSON document that is a payload with signatures around it."""
PROOF: Final = "data-integrity"
"""The kind of one that is a member of the credential itself."""
_PROOF: Final = "it is a proof in the credential (Data Integrity), and only signatures around it (JAdES) are followed"

_ENCLOSED: Final = re.compile(r"(?:^|/)Signature(?:\[\d+\])?/Object\[")


class Told(Struct, frozen=True, rename="camel"):
    """What is known of the seal of one source, in words. ``trusted_as`` is the file of the user's key.

    ``reason`` says why the seal is not known to hold, without a value of the document.
    """

    status: str = ABSENT
    kind: str | None = None
    signer: str | UnsetType = UNSET
    organisation_identifier: str | UnsetType = UNSET
    fingerprint: str | UnsetType = UNSET
    signed_at: datetime | UnsetType = UNSET
    certificate: str | UnsetType = UNSET
    certificate_from: datetime | UnsetType = UNSET
    certificate_until: datetime | UnsetType = UNSET
    trust: str | UnsetType = UNSET
    trusted_as: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET

    @classmethod
    def of(cls, seal: Seal | None, found: Found | None = None) -> Told:
        """A seal in words, and what was found besides."""
        if seal is None:
            return cls()
        reason: str | UnsetType = UNSET
        if found is not None and found.findings and seal.state not in {SealState.EMBEDDED, SealState.TRUSTED}:
            reason = found.findings[0].masked
        return cls(
            status=WORDS[seal.state],
            kind=seal.kind,
            signer=seal.signer or UNSET,
            organisation_identifier=seal.organisation_identifier or UNSET,
            fingerprint=seal.fingerprint or UNSET,
            signed_at=seal.signed_at or UNSET,
            certificate=UNSET if seal.certificate is None else seal.certificate.value,
            certificate_from=seal.certificate_from or UNSET,
            certificate_until=seal.certificate_until or UNSET,
            trust=UNSET if seal.trust is None else seal.trust.value,
            trusted_as=(None if found is None else found.trusted_as) or UNSET,
            reason=reason,
        )

    @property
    def short(self) -> str:
        """The state, and how far it goes."""
        own = self.status == WORDS[SealState.EMBEDDED] and self.trust == SealTrust.NOT_EVALUATED.value
        return f"{self.status} ({UNTRUSTED})" if own else self.status

    @property
    def line(self) -> str:
        """All of it for people, on one line."""
        text = self.status
        if self.certificate in {CertificateState.EXPIRED.value, CertificateState.EARLY.value}:
            text += f", certificate {str(self.certificate).replace('-', ' ')}"
        beside = [UNTRUSTED] if self.short != self.status else []
        beside += [part for part in (self.kind, self.trusted_as) if isinstance(part, str)]
        if isinstance(self.signed_at, datetime):
            beside.append(f"signed {self.signed_at.isoformat().replace('+00:00', 'Z')} as it says")
        beside += [part for part in (self.organisation_identifier, self.signer) if isinstance(part, str)]
        return f"{text} ({'; '.join(beside)})" if beside else text


class Sealing:
    """The seal of one source. ``told`` is right once its first record has come, or it has none."""

    def __init__(self, source: Source, format: str, terms: Terms, report: Report) -> None:
        self.source = source
        self.format = format
        self.terms = terms
        self.report = report
        self.told = Told()

    def over(self, reads: Iterator[Read]) -> Iterator[Read]:
        """The records, with their seal. An unsigned source costs one search in its bytes, and nothing a record."""
        if self._enclosed or self._signed():
            return self._sealed(reads)
        return self._told(reads) if self._json else reads

    @property
    def _json(self) -> bool:
        return self.source.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"

    def _told(self, reads: Iterator[Read]) -> Iterator[Read]:
        """The records of a JSON document, whose first says whether there is a signature."""
        first = next(reads, None)
        if first is None:
            return
        seal = first.record.seal if isinstance(first.record, Credential) else None
        again = itertools.chain((first,), reads)
        own = seal is not None and seal.state is SealState.PRESENT and seal.kind in {AROUND, PROOF}
        yield from self._sealed(again) if own and self._of_own_format(first.record) else again

    def _of_own_format(self, record: Record) -> bool:
        """Whether the seal of a record is that of its source, and not of one that it was in before."""
        return isinstance(record, Credential) and record.document is not None and record.document.format == self.format

    def _signed(self) -> bool:
        if not self.source.large:
            return seals.signed((self.source.data,))
        with self.source.open() as stream:
            return seals.signed(iter(lambda: stream.read(PIECE), b""))

    @cached_property
    def _enclosed(self) -> bool:
        """Whether the document was taken out of a signature that had it as its content."""
        if not self.source.envelope:
            return False
        path = place(self.source.located(XmlLocation(self.source.name, 1, None, "elmo")))
        return _ENCLOSED.search(path) is not None

    def see(self, record: Record) -> None:
        """Learn from the first record what the reader of a format says of a seal that is not verified here.

        The seal of a record is that of its source only in the format it was in.
        """
        if self.told.status == ABSENT and isinstance(record, Credential) and self._of_own_format(record):
            self.told = Told.of(record.seal)

    def _sealed(self, reads: Iterator[Read]) -> Iterator[Read]:
        held: Iterable[Read] = list(reads) if self.terms.issued else reads
        terms = _at_issue(self.terms, held) if isinstance(held, list) else self.terms
        found: Found | None = None
        for read in held:
            found = found or self._look(terms)
            if found.seal is not None and isinstance(read.record, Credential):
                yield read.located(msgspec.structs.replace(read.record, seal=found.seal))
            else:
                yield read
        if found is None:
            self._look(terms)

    def _look(self, terms: Terms) -> Found:
        source = self.source
        found = self._in_json(terms) if self._json else self._in_xml(terms)
        if found.seal is None and self._enclosed:
            found = seals.enclosing(source.name)
        self.told = Told.of(found.seal, found)
        for each in found.findings:
            self.report.add(msgspec.structs.replace(each, location=source.located(each.location)))
        return found

    def _in_xml(self, terms: Terms) -> Found:
        from mcbridge.mappers._xml.encoding import utf8

        source = self.source
        if source.size > source.limits.seal:
            return seals.too_large(XmlLocation(source.name), "xmldsig", source.limits.seal)
        return seals.look(utf8(source.data, source.name), source.name, terms)

    def _in_json(self, terms: Terms) -> Found:
        """By the parser and the rule of the reader itself: another one could see another payload."""
        from mcbridge.mappers._json import strict
        from mcbridge.mappers.edc.reading.sealed import content_of, is_sealed

        source = self.source
        root: dict[str, Any] = strict(source.data, source.name, source.limits)
        content = content_of(root) if is_sealed(root) else None
        if content is None:
            lead = "" if "proof" in root else "/credential"
            return seals.not_followed(JsonLocation(source.name, f"{lead}/proof"), PROOF, _PROOF)
        if source.size > source.limits.seal:
            return seals.too_large(JsonLocation(source.name), AROUND, source.limits.seal)
        return seals.look_around(root, content, source.name, terms)


def _at_issue(terms: Terms, reads: Iterable[Read]) -> Terms:
    """The terms at the newest moment of issue, else of generation; without either no certificate is judged by time."""
    records = [read.record for read in reads if isinstance(read.record, Credential)]
    moments = [each.issued for each in records if each.issued is not None]
    moments = moments or [each.document.generated for each in records if each.document and each.document.generated]
    return msgspec.structs.replace(terms, at=max(map(seals.aware, moments), default=None), issued=False)


__all__ = ["ABSENT", "WORDS", "Sealing", "Told"]
