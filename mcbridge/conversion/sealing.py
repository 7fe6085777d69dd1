"""Where seals and readers meet: the records of a sealed source learn what is known of its seal.

A reader says that there is a signature and leaves it; whether it holds is found out
over the very bytes that the reader was given. That comes after the reader has parsed
them, so that its limits hold for what is verified, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from mcbridge import seals
from mcbridge.diagnostics import Report, XmlLocation, place
from mcbridge.model import CertificateState, Credential, Record, Seal, SealState
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


_ENCLOSED: Final = re.compile(r"(?:^|/)Signature(?:\[\d+\])?/Object\[")


class Told(Struct, frozen=True, rename="camel"):
    """What is known of the seal of one source, in words. ``trusted_as`` is the file of the user's key.

    ``reason`` says why the seal is not known to hold, without a value of the document.
    """

    status: str = ABSENT
    kind: str | None = None
    signer: str | UnsetType = UNSET
    fingerprint: str | UnsetType = UNSET
    certificate: str | UnsetType = UNSET
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
        file = None if found is None else found.trusted_as
        return cls(
            WORDS[seal.state],
            seal.kind,
            seal.signer or UNSET,
            seal.fingerprint or UNSET,
            UNSET if seal.certificate is None else seal.certificate.value,
            file or UNSET,
            reason,
        )

    @property
    def line(self) -> str:
        """All of it for people, on one line."""
        text = self.status
        if self.certificate in {CertificateState.EXPIRED.value, CertificateState.EARLY.value}:
            text += f", certificate {str(self.certificate).replace('-', ' ')}"
        beside = [part for part in (self.kind, self.trusted_as, self.signer) if isinstance(part, str)]
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
        return self._sealed(reads) if self._enclosed or self._signed() else reads

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
        if self.told.status == ABSENT and isinstance(record, Credential):
            document = record.document
            if record.seal is not None and document is not None and document.format == self.format:
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
        from mcbridge.mappers._xml.encoding import utf8

        source = self.source
        if source.size > source.limits.seal:
            found = seals.too_large(source.name, source.limits.seal)
        else:
            found = seals.look(utf8(source.data, source.name), source.name, terms)
        if found.seal is None and self._enclosed:
            found = seals.enclosing(source.name)
        self.told = Told.of(found.seal, found)
        for each in found.findings:
            self.report.add(msgspec.structs.replace(each, location=source.located(each.location)))
        return found


def _at_issue(terms: Terms, reads: Iterable[Read]) -> Terms:
    """The terms at the newest moment of issue, else of generation; without either no certificate is judged by time."""
    records = [read.record for read in reads if isinstance(read.record, Credential)]
    moments = [each.issued for each in records if each.issued is not None]
    moments = moments or [each.document.generated for each in records if each.document and each.document.generated]
    return msgspec.structs.replace(terms, at=max(map(seals.aware, moments), default=None), issued=False)


__all__ = ["ABSENT", "WORDS", "Sealing", "Told"]
