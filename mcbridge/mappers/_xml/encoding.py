"""What encoding a document is in: the byte order mark decides, then the declaration, then UTF-8 (XML 1.0, appendix F).

The XML libraries are handed UTF-8 only, so that all of them read the same characters
and none falls back on what its platform happens to know.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from mcbridge.errors import Unreadable
from mcbridge.mappers._xml.refusals import not_decoded
from mcbridge.origins import PIECE, Source

_DECLARED: Final = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_CHARSET: Final = (
    r"ascii|utf-8|utf-16(?:-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|tis-620|hp-roman8|kz1048|ptcp154"
    r"|big5\w*|gb2312|gbk|gb18030|euc_\w+|shift_jis\w*|johab"
)
"""Names, as Python's codecs call them, of encodings for text that people store documents in."""


def utf8(data: bytes, name: str) -> bytes:
    """The document in UTF-8 and without byte order mark, whatever it was in; bytes that claim to be UTF-8 as they are.

    Raises ``Unreadable`` for an encoding that is unknown, or is not what the bytes are in.
    """
    if data.startswith(codecs.BOM_UTF8):
        return data[3:]
    encoding = _other_than_utf8(data, name)
    return data if encoding is None else _recoded(data, encoding, name)


def utf8_pieces(source: Source) -> Iterator[bytes]:
    """The same, piece by piece."""
    encoding = _other_than_utf8(source.head, source.name)
    with source.open() as stream:
        if encoding is None:
            if source.head.startswith(codecs.BOM_UTF8):
                stream.seek(len(codecs.BOM_UTF8))
            while piece := stream.read(PIECE):
                yield piece
            return
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        first = True
        try:
            while piece := stream.read(PIECE):
                text = decoder.decode(piece)
                yield (text.removeprefix("\ufeff") if first else text).encode()
                first = False
            yield decoder.decode(b"", final=True).encode()
        except UnicodeDecodeError:
            utf8(source.data, source.name)  # which says where it is in the document as a whole
            raise


def _other_than_utf8(data: bytes, name: str) -> str | None:
    """The encoding that a document must be recoded from, told by its first bytes."""
    if data.startswith(codecs.BOM_UTF8):
        return None
    if data.startswith((codecs.BOM_UTF16_LE, b"<\0")):
        return "utf-16-le"
    if data.startswith((codecs.BOM_UTF16_BE, b"\0<")):
        return "utf-16-be"
    declared = _DECLARED.match(data)
    if declared is None:
        return None
    stated = declared[1].decode()
    try:
        encoding = codecs.lookup(stated).name
    except LookupError as error:
        raise not_decoded(stated, name) from error
    if encoding == "utf-8":
        return None
    if not re.fullmatch(_CHARSET, encoding):
        raise not_decoded(stated, name)
    if encoding.startswith("utf-16"):
        raise Unreadable(
            f"the declaration says {stated}, but the bytes are not in it",
            where=name,
            hint='write encoding="UTF-8" into the first line, or save the file in UTF-16',
        )
    return encoding


def _recoded(data: bytes, encoding: str, name: str) -> bytes:
    try:
        return data.decode(encoding).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        raise not_decoded(encoding, name, error) from error
