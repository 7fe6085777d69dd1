"""How the letters of a table are written: byte order mark, then strict UTF-8, then what the profile declares, in order.

Nothing is read out of the letters themselves: code pages such as cp1250 and cp1252
read each other's bytes without complaint and give other letters.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Final

from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, Report, TableLocation
from mcbridge.errors import BadOption, Unreadable
from mcbridge.mappers.tabular.rules import ENCODING_ASSUMED, ENCODING_CONTRADICTED
from mcbridge.origins import Source

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT: Final = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_CHUNK: Final = 1 << 20


class Misfit(Struct, frozen=True):
    """The first byte that is wrong in an encoding: its position in the file, and the line, both by counting."""

    byte: str
    position: int
    line: int


def known(name: str) -> str:
    """The codec's own name. Raises ``BadOption`` for what is no encoding of text."""
    try:
        codec = codecs.lookup(name).name
        "".encode(codec)  # refuses codecs that turn bytes into bytes
    except (LookupError, ValueError):
        codec = ""
    if not codec or codec in _NO_TEXT:
        raise BadOption(f'there is no encoding "{name}"', hint="for example utf-8, cp1250, cp1252, iso-8859-2, utf-16")
    return codec


def mark(head: bytes) -> str | None:
    """The encoding that a byte order mark stands for."""
    return next((name for start, name in _MARKS if head.startswith(start)), None)


def encoding_of(source: Source, declared: tuple[str, ...], asked: str | None, report: Report) -> str:
    """The encoding to read a source with; every byte has been tried.

    ``declared`` are the profile's candidates, ``asked`` is the user's own word. Raises ``Unreadable``.
    """
    marked = mark(source.head)
    if marked:
        if asked and known(asked) not in {marked, marked.removesuffix("-sig"), f"{marked}-le", f"{marked}-be"}:
            facts = {"encoding": asked, "found": marked.removesuffix("-sig").upper()}
            report.add(Diagnostic(ENCODING_CONTRADICTED, TableLocation(source.name, row=1, line=1), facts=facts))
        _demand(source, marked, "the file begins with the byte order mark of it")
        return marked
    if asked:
        _demand(source, known(asked), "it was asked for by name")
        return known(asked)
    _refuse_unmarked(source)
    misfit = _misfit(source, "utf-8")
    if misfit is None:
        return "utf-8"
    return _declared(source, declared, misfit, report)


def _refuse_unmarked(source: Source) -> None:
    """Sixteen bits a letter without a mark reads as UTF-8 full of NUL characters."""
    head = source.head[:256]
    if len(head) >= 4 and head.count(0) * 4 >= len(head):
        order = "be" if head[:2:2] == b"\0" else "le"
        raise Unreadable(
            f"{head.count(0)} of the first {len(head)} bytes are NUL, as in UTF-16 without its byte order mark",
            where=f"{source.name}:1",
            hint=f"say --encoding utf-16-{order}, or save the table as UTF-8",
        )


def _declared(source: Source, declared: tuple[str, ...], utf8: Misfit, report: Report) -> str:
    if not all(piece.isascii() for piece in _pieces(source, utf8.position)):
        # letters of UTF-8 before that byte: another encoding would give wrong letters for all of them, in silence
        raise Unreadable(
            f"the file is UTF-8 up to line {utf8.line}, where byte {utf8.byte} is not (position {utf8.position:,}): "
            "rows in another encoding have been mixed in",
            where=f"{source.name}:{utf8.line}",
            hint="look at that line, type its letters anew and save the table as UTF-8; or, if all of the file is in "
            "one other encoding, say which with --encoding",
        )
    candidates = [name for name in declared if codecs.lookup(name).name not in {"utf-8", "utf-8-sig"}]
    for name in candidates:
        if _misfit(source, name) is None:
            facts = {"byte": utf8.byte, "position": utf8.position, "line": utf8.line, "encoding": name}
            report.add(Diagnostic(ENCODING_ASSUMED, TableLocation(source.name, line=utf8.line), facts=facts))
            return name
    tried = ", ".join(["UTF-8", *candidates])
    raise Unreadable(
        f"byte {utf8.byte} at position {utf8.position:,} (line {utf8.line}) is no UTF-8, and the file is in none "
        f"of the encodings that the profile declares (tried: {tried})",
        where=f"{source.name}:{utf8.line}",
        hint="export as UTF-8, or say which encoding it is with --encoding, for example --encoding cp1250",
    )


def _demand(source: Source, encoding: str, why: str) -> None:
    name = encoding.removesuffix("-sig")  # the mark is UTF-8 as well, and its bytes count
    misfit = _misfit(source, name)
    if misfit is None:
        return
    raise Unreadable(
        f"byte {misfit.byte} at position {misfit.position:,} (line {misfit.line}) is no {name}; {why}",
        where=f"{source.name}:{misfit.line}",
        hint="leave --encoding out, or name the encoding that the export has; a file that was cut off ends like this",
    )


def blank(source: Source) -> bool:
    """Whether there is nothing but white space."""
    return not source.head.strip() and not any(piece.strip() for piece in _pieces(source))


def _pieces(source: Source, size: int | None = None) -> Iterator[bytes]:
    """The bytes in pieces, or as many of them."""
    left = source.size if size is None else size
    with source.open() as stream:
        while left > 0 and (piece := stream.read(min(left, _CHUNK))):
            left -= len(piece)
            yield piece


def _misfit(source: Source, encoding: str) -> Misfit | None:
    """The first byte that is wrong, reading all of them in pieces. The position is that of the bytes in the file."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    start, size = 0, source.size
    for piece in _pieces(source):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=start + len(piece) >= size)
        except UnicodeError as error:
            at = start - held + (error.start if isinstance(error, UnicodeDecodeError) else 0)
            return _found(source, encoding, max(0, min(at, size - 1)))
        start += len(piece)
    return None


def _found(source: Source, encoding: str, at: int) -> Misfit:
    wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    if wide:
        decoder = codecs.getincrementaldecoder(encoding)("ignore")
        line = 1 + sum(decoder.decode(piece).count("\n") for piece in _pieces(source, at))
    else:
        line = 1 + sum(piece.count(b"\n") for piece in _pieces(source, at))
    with source.open() as stream:
        stream.seek(at)
        return Misfit(f"0x{stream.read(1)[0]:02X}", at, line)


def text_of(source: Source, encoding: str) -> TextIOWrapper:
    """The text, with its line breaks as they are: those inside cells belong to the cells."""
    return TextIOWrapper(source.open(), encoding=encoding, newline="")


def heads(head: bytes, declared: tuple[str, ...]) -> Iterator[str]:
    """Readings of a file's first bytes, best first: for recognising headings, never for values.

    A last letter that was cut in two does not matter here.
    """
    for encoding in dict.fromkeys((mark(head) or "utf-8", *declared)):
        try:
            yield codecs.getincrementaldecoder(encoding)("strict").decode(head)
        except UnicodeError:
            continue
