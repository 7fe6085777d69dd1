"""The signature status of original bytes, one room for each way of signing.

A signature holds for bytes, so it is looked at before anything is put right in them.
``signed`` costs an unsigned document one search; all else, and the libraries for it,
is imported when a signature is there. What is known comes as a ``Found``: a ``Seal``
for the records and findings for people. XMLDSig is in ``xmldsig/``, XAdES in
``xades/``, JAdES in ``jades/``; what they share (keys, the user's trust in them, what is
told, the rules) is beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, XmlLocation
from mcbridge.limits import raising
from mcbridge.model import Seal, SealState

PRESENTED: Final = " of the presentation"
"""What the kind of a seal ends in that is not the credential's own: whoever shows something did not issue it."""

_NAME: Final = "Signature"
_ELEMENT: Final = re.compile(rb"[<:]Signature[\s/>]")
_OVERLAP: Final = 32
"""Bytes of one piece that are looked at with the next: more than a name has, in any encoding."""
_WIDE: Final = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_MARKS: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Trusted(Struct, frozen=True):
    """A public key that the user knows to be that of an issuer. ``der`` is its SubjectPublicKeyInfo.

    ``certificate`` is the certificate (DER) that it came in; ``file`` is for messages.
    """

    file: str
    der: bytes
    certificate: bytes | None = None


class Terms(Struct, frozen=True, kw_only=True):
    """By what a signature is judged.

    ``at`` is the moment for which certificates must be within their term; without it their term is not judged.
    ``issued`` takes the document's own newest date of issue instead. ``trusted`` is empty when the user named keys
    and none of them can be held against a signature; it is absent when none were named.
    """

    trusted: tuple[Trusted, ...] | None = None
    allow_sha1: bool = False
    at: datetime | None = None
    issued: bool = False


class Found(Struct, frozen=True):
    """What is known of the seal of a source. ``trusted_as`` is the file of the user's key that it holds by."""

    seal: Seal | None = None
    findings: tuple[Diagnostic, ...] = ()
    trusted_as: str | None = None


def signed(pieces: Iterable[bytes]) -> bool:
    """Whether bytes, whole or in pieces, are XML in which an element called ``Signature`` may stand.

    No means that there is none. Of what is no XML only the first piece is looked at, and only its beginning.
    """
    name, before = b"", b""
    for piece in pieces:
        if not name:
            wide = _MARKS.get(piece[:2]) or _WIDE.get(piece[:2])
            name = _NAME.encode(wide or "ascii")
            if wide is None and piece[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<":
                return False
        data = before + piece if before else piece
        if name in data and (len(name) > len(_NAME) or _ELEMENT.search(data)):
            return True
        before = data[-_OVERLAP:]
    return False


def aware(moment: datetime) -> datetime:
    """A moment that can be compared with others: one without a zone is taken to be in UTC."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def look(text: bytes, name: str, terms: Terms) -> Found:
    """What is known of the signature of an XML document, which is given in UTF-8 and was parsed before.

    ``name`` is what the user calls the source.
    """
    from mcbridge.seals import enveloped

    return enveloped.look(text, name, terms)


def look_around(root: Mapping[str, Any], read: bytes, where: JsonLocation, terms: Terms) -> Found:
    """What is known of the signatures around a payload, given the node that has both as it was parsed.

    ``read`` is what its reader took out of it: that has to be what was signed.
    """
    from mcbridge.seals import jades

    return jades.look(root, read, where, terms)


def too_large(where: Location, kind: str, most: int) -> Found:
    """What is known of a signed document that is not verified for its size in bytes."""
    from mcbridge.seals.rules import UNVERIFIED

    facts = {
        "problem": f"seals of documents of more than {most:,} bytes are not verified",
        "advice": f"verify it on a machine with much memory; {raising('seal')}",
    }
    return Found(Seal(state=SealState.PRESENT, kind=kind), (Diagnostic(UNVERIFIED, where, facts=facts),))


def not_followed(where: Location, kind: str, problem: str) -> Found:
    """What is known of a document with a signature of a kind that is not verified here."""
    from mcbridge.seals.rules import UNSUPPORTED

    finding = Diagnostic(UNSUPPORTED, where, facts={"problem": problem})
    return Found(Seal(state=SealState.UNSUPPORTED, kind=kind), (finding,))


def enclosing(name: str) -> Found:
    """What is known of a document that was taken out of a signature: nothing, for it may cover that or another."""
    problem = (
        "the document stood within the signature (enveloping), and only one that stands in the document is followed"
    )
    return not_followed(XmlLocation(name), "xmldsig", problem)


__all__ = [
    "PRESENTED",
    "Found",
    "Terms",
    "Trusted",
    "aware",
    "enclosing",
    "look",
    "look_around",
    "not_followed",
    "signed",
    "too_large",
]
