"""Attachments on their way from a document into the contents, piece by piece where they are long.

In a document that is read piece by piece, base64 is taken out of the bytes of a long attachment before they are parsed:
the parser, the schema and the tree would each hold it as a whole. A mark goes on in its place until the element ends.
Only letters of base64 and white space are taken, out of what follows the start tag of a ``content``, so nothing that
means something to XML is ever taken; marks that do not come back as the text of such an element are noticed by whoever
surveys the document. Nobody can write a mark, for it begins with a number that was drawn for this run.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import chain
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.model import Content
from mcbridge.origins import Contents, Nameless, Taking

LONG: Final = 64 * 1024
"""Texts from so many characters on are set aside."""

_PIECE: Final = 256 * 1024
_DATA_URI: Final = re.compile(r"\s*data:([^,;]*)((?:;[^,;]*)*),", re.DOTALL | re.ASCII)
_BASE64: Final = re.compile(r";\s*base64\s*(?=;|$)", re.IGNORECASE)
_SPACE: Final = re.compile("[ \t\n\r]+")
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"
_ALL_BUT_BREAKS: Final = bytes(set(range(256)) - {ord("\n")})
_TAG: Final = re.compile(rb"<(?:[^\s<>/:]+:)?content[\s>]")
_START: Final = 256


class _Taken(Struct):
    """What was taken out of a document at one place: where it stands in the file, and how many line breaks it has."""

    start: int
    size: int = 0
    breaks: int = 0


class Long:
    """A text of which parts were taken out: strings, and places in the file."""

    def __init__(self, parts: list[str | _Taken], file: Nameless) -> None:
        self._parts = parts
        self._file = file

    @property
    def first(self) -> str:
        """What it begins with, as far as that was not taken out."""
        first = self._parts[0]
        return first if isinstance(first, str) else ""

    def __len__(self) -> int:
        return sum(len(part) if isinstance(part, str) else part.size for part in self._parts)

    def pieces(self) -> Iterator[str]:
        """The text in pieces, the first as it is."""
        for part in self._parts:
            if isinstance(part, str):
                yield part
                continue
            for at in range(part.start, part.start + part.size, _PIECE):
                yield self._file.read(at, min(_PIECE, part.start + part.size - at)).decode()


class Aside(Contents):
    """Contents of a document that is read piece by piece. ``aside`` are the texts that a mark stands for."""

    def __init__(self, contents: Contents) -> None:
        super().__init__()
        self.aside: dict[str, Content] = {}
        self._contents = contents
        self._drawn = secrets.token_hex(16)
        self._mark = re.compile(f"{self._drawn}[0-9]+Z")
        self._number = 0
        self._file: Nameless | None = None
        self._taken: dict[str, _Taken] = {}

    @property
    def astray(self) -> bool:
        """Whether something was taken out that has not come back yet."""
        return bool(self._taken)

    def keep(self, data: bytes) -> str:
        """Keep bytes with those of the run."""
        return self._contents.keep(data)

    def taking(self) -> AbstractContextManager[Taking]:
        """The same for bytes that come in pieces."""
        return self._contents.taking()

    def shortened(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of a document in UTF-8, with marks in the place of long base64; line breaks stay."""
        run, start, held = 0, b"", b""
        taken: _Taken | None = None
        for one in pieces:
            piece, held = held + one, b""
            if piece.endswith(b"\r"):  # a line break is not parted
                piece, held = piece[:-1], b"\r"
            at = piece.find(b"<")
            head = piece if at < 0 else piece[:at]
            if run > LONG and head and not head.translate(None, _LETTERS) and _TAG.match(start):
                mark = b""
                if taken is None:
                    name = self._named()
                    mark, taken = name.encode(), self._begun(name)
                breaks = head.translate(None, _ALL_BUT_BREAKS)
                self._add(taken, head, len(breaks))
                yield mark + breaks + piece[len(head) :]
            else:
                taken = None
                yield piece
            if at < 0:
                run += len(piece)
                start = start if len(start) >= _START else (start + piece)[:_START]
            else:
                taken = None
                last = piece.rfind(b"<")
                run, start = len(piece) - last, piece[last : last + _START]
        yield held

    def _named(self) -> str:
        self._number += 1
        return f"{self._drawn}{self._number}Z"

    def _begun(self, mark: str) -> _Taken:
        if self._file is None:
            self._file = Nameless()
        taken = self._taken[mark] = _Taken(self._file.size)
        return taken

    def _add(self, taken: _Taken, data: bytes, breaks: int) -> None:
        if self._file is not None:
            if b"\r" in data:  # as the parser hands them over (XML 1.0, 2.11)
                data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            self._file.add(data)
            taken.size += len(data)
            taken.breaks += breaks

    def whole(self, text: str) -> Long:
        """A text with all that was taken out of it. It is read before the next one is asked for."""
        parts: list[str | _Taken] = []
        behind = 0
        for found in self._mark.finditer(text):
            taken = self._taken.pop(found[0], None)
            if taken is not None:
                parts += [text[behind : found.start()], taken]
                behind = found.end() + taken.breaks
        parts.append(text[behind:])
        return Long(parts, self._file if self._file is not None else Nameless())

    def set_aside(self, text: Long) -> str:
        """The mark that stands for a text from now on."""
        mark = self._named()
        self.aside[mark] = kept(text, self._contents)
        return mark

    def done(self) -> None:
        """What was taken out so far is not needed any more."""
        if self._file is not None and not self._taken:
            self._file.clear()

    def restored(self, text: str) -> str:
        """Markup in which the marks are what they stand for."""
        return self._mark.sub(lambda found: self._restored(found[0]), text) if self._drawn in text else text

    def _restored(self, mark: str) -> str:
        content = self.aside[mark]
        if content.written is None and content.state == "ok":
            return data_uri(content.media_type, self._contents[content.sha256])
        text = self._contents[content.written or content.sha256].decode()
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")

    def forget(self) -> None:
        """No mark is in use any more."""
        self.aside.clear()


# ------------------------------------------------------------------------------------------------------- into contents


def kept(text: str | Long, contents: Contents) -> Content:
    """A ``data:`` URI as content without language. What is no base64 is kept as it is, and said to be undecodable."""
    first = text if isinstance(text, str) else text.first
    found = _DATA_URI.match(first)
    if found is None and isinstance(text, Long):
        return kept("".join(text.pieces()), contents)
    media = (found[1] + _BASE64.sub("", found[2])).strip() or None if found else None
    if found and _BASE64.search(found[2]):
        content = _decoded(text, found.end(), contents)
        if content is not None:
            plain = content.written is None and found[0] == data_uri(media, b"")
            return replace(content, media_type=media, written=None if plain else _as_text(text, contents)[0])
    sha256, size = _as_text(text, contents)
    return Content(sha256=sha256, size=size, media_type=media, state="undecodable")


def _pieces(text: str | Long) -> Iterator[str]:
    if isinstance(text, Long):
        yield from text.pieces()
    else:
        yield from (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))


def _as_text(text: str | Long, contents: Contents) -> tuple[str, int]:
    with contents.taking() as taking:
        for piece in _pieces(text):
            taking.add(piece.encode())
    return taking.sha256, taking.size


def _decoded(text: str | Long, at: int, contents: Contents) -> Content | None:
    """The bytes of base64 from this place on, kept. ``written`` is none where it was written as we would."""
    if len(text) < LONG and isinstance(text, str):
        raw = _SPACE.sub("", text[at:])
        try:
            data = base64.b64decode(raw, validate=True)
        except ValueError:
            return None
        plain = len(raw) == len(text) - at and base64.b64encode(data).decode() == raw
        return Content(sha256=contents.keep(data), size=len(data), written=None if plain else "")
    plain = True
    try:
        with contents.taking() as taking:
            for raw, spaced in _quads(_pieces(text), at):
                data = base64.b64decode(raw, validate=True)
                plain = plain and not spaced and base64.b64encode(data).decode() == raw
                taking.add(data)
    except ValueError:
        return None
    return Content(sha256=taking.sha256, size=taking.size, written=None if plain else "")


def _quads(pieces: Iterator[str], at: int) -> Iterator[tuple[str, bool]]:
    """Base64 in pieces of whole quads without space, and whether there was any. The last piece is the last quad.

    Raises ``binascii.Error`` for padding before the end.
    """
    rest = ""
    for piece in chain((next(pieces, "")[at:],), pieces):
        without = _SPACE.sub("", piece)
        end = max(0, (len(rest) + len(without) - 1) // 4 * 4)
        raw, rest = (rest + without)[:end], (rest + without)[end:]
        if "=" in raw:
            raise binascii.Error(raw[:0])
        yield raw, len(without) < len(piece)
    yield rest, False


def data_uri(media_type: str | None, data: bytes) -> str:
    """Bytes as a ``data:`` URI."""
    return f"data:{media_type or ''};base64,{base64.b64encode(data).decode()}"
