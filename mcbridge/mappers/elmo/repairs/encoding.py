"""Documents that say they are in UTF-8, and have bytes in them that are not.

A server that writes windows-1252 into a document declared as UTF-8 makes it unreadable for every XML parser. Only the
bytes that are no UTF-8 are read as windows-1252: what is UTF-8 already stays, and text that was encoded twice is left
as it is, because it is well-formed. A signed document is never read in this way: what would be read is not what was
signed.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.errors import Unreadable
from mcbridge.mappers.elmo.repairs import rules
from mcbridge.origins import Source

_SIGNED: Final = b"http://www.w3.org/2000/09/xmldsig#"
_OTHER: Final = "windows-1252"
_SHOWN: Final = 40
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
"""What is beside ASCII, as far as it goes: each run is in one encoding."""


class Recoded(Source):
    """A source in UTF-8 that is the same document as the one it was made of."""

    def __init__(self, source: Source, data: bytes) -> None:
        super().__init__(source.name, data, source.path, limits=source.limits, envelope=source.envelope)
        self.sha256 = source.sha256


def recoded(source: Source, error: Unreadable) -> tuple[Source, Diagnostic]:
    """The source in UTF-8, and what was done. Raises ``Unreadable`` where nothing can be done."""
    data = source.data.removeprefix(codecs.BOM_UTF8)
    if _SIGNED in data:
        raise Unreadable(
            f"{error.message}; the document has a signature, so its bytes are not read in another encoding",
            where=error.where,
            hint="ask the sender for the document as it was signed; a changed byte makes the signature void",
        ) from error
    starts: list[int] = []

    def run(found: re.Match[bytes]) -> bytes:
        if _is_utf8(found[0]):
            return found[0]
        starts.append(found.start())
        return found[0].decode(_OTHER).encode()

    try:
        mended = _HIGH.sub(run, data)
    except UnicodeDecodeError as neither:
        byte = neither.object[neither.start]
        raise Unreadable(
            f"the bytes are neither UTF-8, as the document says, nor {_OTHER} (0x{byte:02X})",
            where=error.where,
            hint="ask the sender to export the document again, in UTF-8",
        ) from error
    if not starts:
        raise error
    line_start = mended.rfind(b"\n", 0, starts[0]) + 1
    where = XmlLocation(
        source.name,
        mended.count(b"\n", 0, line_start) + 1,
        len(mended[line_start : starts[0]].decode()) + 1,
    )
    facts = {"places": f"{len(starts):,} place{'s' if len(starts) > 1 else ''}"}
    return Recoded(source, mended), Diagnostic(rules.RECODED, where, None, _around(mended, starts[0]), facts)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _around(data: bytes, start: int) -> str:
    """The word at a place."""
    text = data[max(0, start - _SHOWN) : start].decode(errors="ignore")
    after = data[start : start + _SHOWN].decode(errors="ignore")
    head = re.split(r"[\s<>]", text)[-1]
    return head + re.split(r"[\s<>]", after)[0]
