"""Bytes that travel packed, as gzip or as base64 text: told by content, and opened within limits.

Whoever packed something may have had a second program wrap, escape or quote it; what
that does to base64 can be told and undone, because none of it belongs to the alphabet.
"""

from __future__ import annotations

import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from mcbridge.errors import Unreadable
from mcbridge.limits import DEFAULT, MEGABYTE, Limits, raising

if TYPE_CHECKING:
    from gzip import GzipFile

HELD: Final = 32 * MEGABYTE
"""What unfolds to more is counted before it is held, so that a bomb takes no memory."""

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
GZIP: Final = b"\x1f\x8b"

_GZIP_HEAD: Final = GZIP + b"\x08\x00" + bytes(4) + b"\x02\xff"
"""A member without name, without time, from no system in particular (RFC 1952, 2.3)."""

_SAMPLE: Final = 4096
_LETTERS: Final = re.compile(rb"[A-Za-z0-9+/]+")
_STEP: Final = 1024 * 1024
_HEAD: Final = 512
"""Bytes in which base64 is told."""

_AROUND: Final = b"\xef\xbb\xbf \t\r\n\"'"
_BLANK: Final = b" \t\r\n"
_ESCAPES: Final = (
    (b"%2B", b"+"),
    (b"%2b", b"+"),
    (b"%2F", b"/"),
    (b"%2f", b"/"),
    (b"%3D", b"="),
    (b"%3d", b"="),
    (b"%2D", b"-"),
    (b"%2d", b"-"),
    (b"%5F", b"_"),
    (b"%5f", b"_"),
    (b"%0D", b""),
    (b"%0d", b""),
    (b"%0A", b""),
    (b"%0a", b""),
    (b"%09", b""),
    (b"%20", b""),
    (b"%22", b""),
)
_BACKSLASHED: Final = ((b"\\/", b"/"), (b"\\r", b""), (b"\\n", b""))
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_ENCODED: Final = re.compile(rb"([A-Za-z0-9+/]{16,})(?:={0,2}|%[0-9A-Fa-f]?|\\)")
"""Text of the alphabet, to its end or to where the head was cut."""
_TEXT: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0 \t\r\n]*(?:<\0?[\w?!:]|\{\0?[\s\"])")


def is_zip(data: bytes) -> bool:
    """Whether bytes begin as a zip archive does."""
    return data[:4] in ZIP


def is_gzip(data: bytes) -> bool:
    """Whether bytes begin as gzip does."""
    return data[:2] == GZIP


TOKEN: Final = re.compile(
    rb"[\xef\xbb\xbf \t\r\n\"']*+(eyJ[\w-]++\.[\w-]*+\.[\w-]*+(?:~[\w~.-]*+)?)[ \t\r\n\"']*+\Z", re.ASCII
)
"""A JSON Web Token: a signed one in three parts (RFC 7519), with disclosures behind it (SD-JWT) or without."""
_TOKEN_HEAD: Final = re.compile(rb"[\xef\xbb\xbf \t\r\n\"']*+eyJ[\w-]++\.[\w-]", re.ASCII)


def is_token(head: bytes) -> bool:
    """Whether bytes are a JSON Web Token, by how they begin: its parts are base64, and it is none."""
    return _TOKEN_HEAD.match(head) is not None


def is_base64(data: bytes) -> bool:
    """Whether bytes are base64 text of gzip, of an archive, of a PDF, or of XML or JSON, by how they begin."""
    if is_token(data):
        return False
    head = _unescaped(plain_text(data[:_HEAD]).strip(_AROUND)).translate(_URL_SAFE, _BLANK)
    found = _ENCODED.fullmatch(head)
    if found is None:
        return False
    begin = binascii.a2b_base64(found[1][: len(found[1]) // 4 * 4])
    return is_gzip(begin) or is_zip(begin) or begin.startswith(b"%PDF-") or _TEXT.match(begin) is not None


def from_base64(data: bytes, name: str, limits: Limits = DEFAULT) -> bytes:
    """What base64 text holds: wrapped or not, by either alphabet, escaped or quoted, padded or not.

    Raises ``Unreadable``.
    """
    if len(data) > limits.envelope:
        raise too_long(len(data), name, limits)
    text = _unescaped(plain_text(data).strip(_AROUND))
    text = text.translate(_URL_SAFE, _BLANK).rstrip(b"=")
    try:
        return binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error as error:
        raise Unreadable(
            f"it is base64 text, which is damaged or was cut off: {_words(error)}",
            where=name,
            hint="copy or save it again as a whole, with nothing before and after it",
        ) from error


def gunzip(data: bytes, name: str, limits: Limits = DEFAULT) -> bytes:
    """What gzip holds. Raises ``Unreadable``."""
    import gzip

    refuse_bomb(data, data[-4:], len(data), name, limits)
    size, held = 0, BytesIO()
    with damaged(name):
        with gzip.open(BytesIO(data)) as stream:
            for piece in within(stream, len(data), name, limits):
                size += len(piece)
                if size <= HELD:
                    held.write(piece)
        if size <= HELD:
            return held.getvalue()
        with gzip.open(BytesIO(data)) as stream:
            return stream.read(size)


def refuse_bomb(head: bytes, tail: bytes, packed: int, name: str, limits: Limits) -> None:
    """Raise ``Unreadable`` for gzip that says of its size, in its last bytes, that it is too much, and begins like it.

    Where it was cut off, the last bytes say anything; what unfolds two hundredfold at its beginning is no document.
    """
    stated = int.from_bytes(tail, "little")
    if stated <= limits.free + limits.ratio * packed and stated <= limits.bytes:
        return
    sample = head[:_SAMPLE]
    try:
        began = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(sample)
    except zlib.error:
        return  # whoever unpacks it says so
    if len(began) > limits.ratio * len(sample):
        raise too_much(name, limits)


def beginning(text: str) -> bytes:
    """How the document begins that base64 text holds, or nothing; only as much as is needed is decoded."""
    sample = text.lstrip()[:_SAMPLE].encode()
    if not is_base64(sample):
        return b""
    sample = _unescaped(sample.strip(_AROUND)).translate(_URL_SAFE, _BLANK)
    found = _LETTERS.match(sample)
    data = b"" if found is None else binascii.a2b_base64(found[0][: len(found[0]) // 4 * 4])
    if not is_gzip(data):
        return data
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(data, _SAMPLE)
    except zlib.error:
        return b""


def base64_of_gzip(data: bytes) -> bytes:
    """The bytes packed as EMREX sends them, on one line; the same bytes give the same text at any time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(data) + packer.flush()
    end = struct.pack("<2L", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return binascii.b2a_base64(_GZIP_HEAD + body + end, newline=False)


def too_long(size: int, name: str, limits: Limits) -> Unreadable:
    """The error for a text that is longer than what is decoded."""
    return Unreadable(
        f"an envelope of {size:,} bytes is not opened; at most {limits.envelope:,} are",
        where=name,
        hint=f"ask the sender for the document itself, or as a .gz file; {raising('envelope')}",
    )


def plain_text(data: bytes) -> bytes:
    """Text in ASCII where it is in UTF-16, as some editors and shells save it; other bytes as they are."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(codec, errors="replace").encode("ascii", errors="replace")
    return data


def _unescaped(text: bytes) -> bytes:
    for escapes, mark in ((_ESCAPES, b"%"), (_BACKSLASHED, b"\\")):
        if mark in text:
            for escape, character in escapes:
                text = text.replace(escape, character)
    return text


def _words(error: binascii.Error) -> str:
    said = str(error)
    return "something in it is no base64" if "allowed" in said or "padding" in said.lower() else said


def within(stream: IO[bytes] | GzipFile, packed: int, name: str, limits: Limits) -> Iterator[bytes]:
    """All of a packed stream, read in steps so that a bomb is noticed before it has gone off. Raises ``Unreadable``.

    ``packed`` is the size that the ratio is counted from: that of what the caller was handed.
    """
    size = 0
    while piece := stream.read(_STEP):
        size += len(piece)
        if size > limits.bytes:
            raise Unreadable(
                f"unpacked, it has more than {limits.bytes:,} bytes",
                where=name,
                hint=f"split the export into smaller files; {raising('bytes')}",
            )
        if size > limits.free + limits.ratio * packed:
            raise too_much(name, limits)
        yield piece


def too_much(name: str, limits: Limits) -> Unreadable:
    """The error for what unfolds beyond the ratio."""
    return Unreadable(
        f"it unfolds to more than {limits.ratio} times its size, which no export does",
        where=name,
        hint=f"ask the sender what this is; unpack it yourself if you trust it; {raising('ratio')}",
    )


class damaged:  # noqa: N801 - reads as a clause
    """Errors of the archive libraries, in our words."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        from gzip import BadGzipFile
        from zipfile import BadZipFile

        # zipfile believes the directory at the end, and stumbles over a place in front of the file
        torn = BadZipFile | BadGzipFile | EOFError | zlib.error | struct.error | ValueError | OverflowError
        # bz2 and lzma, which an archive may use inside, have errors of their own
        others = OSError | NotImplementedError
        if isinstance(error, torn | others) or type(error).__name__ == "LZMAError":
            raise Unreadable(
                f"the archive is damaged or of a kind that is not read: {error}",
                where=self.name,
                hint="ask the sender for it again",
            ) from error
