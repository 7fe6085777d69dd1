"""The DOCTYPE in the prolog of a document: where it is, and the document without it.

It can be taken out where it declares no entity: nothing of the document can refer to it
then but by what it would have fetched, and a reference to that is an error of the
document. Blanks take its place, so that every line and column stays.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from mcbridge.mappers._xml.encoding import utf8

LONGEST: Final = 64 * 1024
"""Bytes of a DOCTYPE that is understood."""

_PROLOG: Final = re.compile(rb"(?:[ \t\r\n]++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_LITERAL: Final = rb"(?:\"[^\"]*+\"|'[^']*+')"
_HARMLESS: Final = re.compile(
    rb"<!DOCTYPE\s++[^\s\[>\"']++(?:\s++(?:SYSTEM\s*+%(lit)b|PUBLIC\s*+%(lit)b(?:\s*+%(lit)b)?))?\s*+"
    rb"(?:\[(?:[^\]<\"'%%]++|<!--.*?-->|<\?.*?\?>|<!(?:ELEMENT|ATTLIST|NOTATION)\s(?:[^>\"'%%]++|%(lit)b)*+>)*+\]\s*+)?>"
    % {b"lit": _LITERAL},
    re.DOTALL,
)
"""One without internal entities, and without references to any; what is declared of elements is not applied."""
_DECLARATION: Final = re.compile(rb"<\?xml\s[^>]*?\?>")
_BLACK: Final = re.compile(rb"[^\s]")


class Doctype(Struct, frozen=True):
    """Where it begins and ends in the UTF-8 of the document; ``end`` is absent where it cannot be taken out."""

    start: int
    end: int | None
    line: int
    column: int


def prolog(text: bytes) -> int:
    """Where the prolog ends but for a DOCTYPE."""
    found = _PROLOG.match(text)
    return found.end() if found else 0


def doctype(text: bytes) -> Doctype | None:
    """The DOCTYPE of a document, if it has one."""
    start = prolog(text)
    if not text.startswith(b"<!DOCTYPE", start):
        return None
    found = _HARMLESS.match(text, start, start + LONGEST)
    line = text.count(b"\n", 0, start) + 1
    return Doctype(start, found.end() if found else None, line, start - text.rfind(b"\n", 0, start))


def without_doctype(data: bytes, name: str) -> tuple[bytes, Doctype] | None:
    """The document with blanks in place of a DOCTYPE that can be taken out, and where that was.

    Raises ``Unreadable`` for bytes that are in no known encoding.
    """
    if b"<!DOCTYPE" not in data[:LONGEST].replace(b"\0", b""):
        return None
    text = utf8(data, name)
    found = doctype(text)
    if found is None or found.end is None:
        return None
    declared = _DECLARATION.match(text)
    head = text[: found.start]
    if declared is not None and text != data:  # it was in another encoding, and says so
        head = _blank(declared[0]) + head[declared.end() :]
    return head + _blank(text[found.start : found.end]) + text[found.end :], found


def _blank(text: bytes) -> bytes:
    return _BLACK.sub(b" ", text)
