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
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import UNSET, Struct, UnsetType

from mcbridge import seals
from mcbridge.diagnostics import JsonLocation, Report, XmlLocation, place
from mcbridge.model import CertificateState, Credential, Record, Seal, SealState, SealTrust
from mcbridge.origins import PIECE, Read, Source
from mcbridge.seals import Found, Terms

if TYPE_CHECKING:
    from mcbridge.mappers.edc.reading.opening import Signed

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


class Presentations:
    """What is known of the seals of presentations; of one after the other, so that each is looked at once."""

    def __init__(self) -> None:
        self._last: tuple[Source, Found] | None = None

    def known(self, outer: Source) -> Found | None:
        """What was found before."""
        return self._last[1] if self._last is not None and self._last[0] is outer else None

    def learn(self, outer: Source, found: Found) -> Found:
        """What is found now. The seal of a presentation is called that."""
        if found.seal is not None and not found.seal.kind.endswith(seals.PRESENTED):
            kind = f"{found.seal.kind}{seals.PRESENTED}"
            found = msgspec.structs.replace(found, seal=msgspec.structs.replace(found.seal, kind=kind))
        self._last = outer, found
        return found


class Sealing:
    """The seal of one source. ``told`` is right once its first record has come, or it has none."""

    def __init__(
        self, source: Source, format: str, terms: Terms, report: Report, presentations: Presentations | None = None
    ) -> None:
        self.source = source
        self.format = format
        self.terms = terms
        self.report = report
        self.told = Told()
        self._presentations = presentations or Presentations()

    def over(self, reads: Iterator[Read]) -> Iterator[Read]:
        """The records, with their seal. An unsigned source costs one search in its bytes, and nothing a record."""
        if self._enclosed or self._signed() or self.source.outer is not None:
            return self._sealed(reads)
        return self._told(reads) if _is_json(self.source) else reads

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
        if source.outer is not None and source.data is source.outer.data:
            found = Found()  # one of several credentials that are read in a document, which is looked at once
        else:
            found = _in_json(source, terms) if _is_json(source) else _in_xml(source, terms)
        if found.seal is None and self._enclosed:
            found = seals.enclosing(source.name)
        self._say(found)
        if source.outer is not None:
            found = _together(found, self._around(source.outer, terms))
        self.told = Told.of(found.seal, found)
        return found

    def _around(self, outer: Source, terms: Terms) -> Found:
        """What is known of the seal of the presentation that a credential stood in."""
        found = self._presentations.known(outer)
        if found is None:
            found = _around_json(outer, terms) if _is_json(outer) else _in_xml(outer, terms)
            self._say(found, outer)
            found = self._presentations.learn(outer, found)
        return found

    def _say(self, found: Found, source: Source | None = None) -> None:
        for each in found.findings:
            where = (source or self.source).located(each.location)
            self.report.add(msgspec.structs.replace(each, location=where))


def _is_json(source: Source) -> bool:
    return source.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def _in_xml(source: Source, terms: Terms) -> Found:
    from mcbridge.mappers._xml.encoding import utf8

    if source.size > source.limits.seal:
        return seals.too_large(XmlLocation(source.name), "xmldsig", source.limits.seal)
    return seals.look(utf8(source.data, source.name), source.name, terms)


def _in_json(source: Source, terms: Terms) -> Found:
    """By the parser and the rules of the reader itself: another one could see another payload."""
    from mcbridge.mappers.edc.reading.opening import opened, signed

    around = signed(source)
    if around is not None:
        return _judged(source, around, terms)
    document = opened(source, presented=source.outer is not None)
    if not document.credential.get("proof"):
        return Found()
    return seals.not_followed(JsonLocation(source.name, f"{document.lead}/proof"), PROOF, _PROOF)


def _around_json(outer: Source, terms: Terms) -> Found:
    from mcbridge.mappers.edc.reading.opening import outermost, signed

    around = signed(outer)
    if around is not None:
        return _judged(outer, around, terms)
    presentation = outermost(outer)
    if not presentation.node.get("proof"):
        return Found()
    return seals.not_followed(JsonLocation(outer.name, f"{presentation.lead}/proof"), PROOF, _PROOF)


def _judged(source: Source, around: Signed, terms: Terms) -> Found:
    where = JsonLocation(source.name, around.lead)
    if source.size > source.limits.seal:
        return seals.too_large(where, AROUND, source.limits.seal)
    return seals.look_around(around.node, around.content, where, terms)


def _together(own: Found, around: Found) -> Found:
    """A credential's own seal, unless it has none or that of the presentation around it is broken."""
    if around.seal is None or (own.seal is not None and around.seal.state is not SealState.INVALID):
        return own
    return around if own.seal is None or own.seal.state is not SealState.INVALID else own


def _at_issue(terms: Terms, reads: Iterable[Read]) -> Terms:
    """The terms at the newest moment of issue, else of generation; without either no certificate is judged by time."""
    records = [read.record for read in reads if isinstance(read.record, Credential)]
    moments = [each.issued for each in records if each.issued is not None]
    moments = moments or [each.document.generated for each in records if each.document and each.document.generated]
    return msgspec.structs.replace(terms, at=max(map(seals.aware, moments), default=None), issued=False)


__all__ = ["ABSENT", "WORDS", "Sealing", "Told"]
