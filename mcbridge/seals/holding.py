"""Whose key a seal holds by: the user's keys, held against the one that made the signature.

Imported only where the libraries for signatures are installed.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from mcbridge.seals import Terms
from mcbridge.seals.keys import Certificate, Key, of_certificate, of_public_key


class Holding(Struct, frozen=True):
    """A key by which a seal holds. ``file`` is that of the user's, if the key is one of those.

    ``signed`` is the moment of signing as it is written, ``signed_at`` what it says if it can be read.
    """

    key: Key
    certificate: Certificate | None
    file: str | None
    signed: str | None = None
    signed_at: datetime | None = None


def pinned(terms: Terms) -> list[tuple[str, Key]]:
    """The keys that the user trusts, each with its file."""
    return [
        (each.file, of_public_key(each.der) if each.certificate is None else of_certificate(each.certificate))
        for each in terms.trusted or ()
    ]


def held_by(
    key: Key, known: list[tuple[str, Key]], signed: str | None = None, signed_at: datetime | None = None
) -> Holding:
    """What holds by this key: it may be one that the user trusts, and a certificate of it may stand in their file."""
    same = [(file, each.certificate) for file, each in known if each.der == key.der]
    certificates = (key.certificate, *(certificate for _, certificate in same))
    return Holding(key, next(filter(None, certificates), None), same[0][0] if same else None, signed, signed_at)
