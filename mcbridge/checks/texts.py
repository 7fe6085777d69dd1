"""Texts: no trace of an encoding that was not the right one.

UTF-8 that somebody read as if it were Windows-1252 or Latin-1 and wrote again (``Ã¸`` for ``ø``) looks like letters and
signs that may stand side by side in honest text: ``SÃO``, ``JYVÄSKYLÄ–TAMPERE``, ``« café »``. So what a pair of signs
would have been must be plausible, and so must be its neighbours. Nothing is mended: who damaged it may have lost more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, Final

import msgspec
from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Record
from mcbridge.model.leaves import names
from mcbridge.origins import Origin
from mcbridge.tables import Tables

DAMAGED: Final = rule(
    "encoding/damaged",
    Severity.WARNING,
    "A text damaged by a wrong encoding",
    'the text "{value}" holds {what}',
    "ask whoever runs the export to write UTF-8 once; the text is not mended here, because more may have been lost",
    "bytes that are read in the wrong encoding and written again stay wrong for everybody after"
    " (S56, good practice, not in the schema)",
    "EJK-HÃ˜J",
)

Place = tuple[str, Struct, str, str]
"""A canonical path, the struct that holds the text, the JSON name of its field, and the text."""

_NO_TEXT: Final = frozenset(("residue", "spellings", "sha256", "written", "mediaType", "record", "version", "id"))


def strings(whole: Struct) -> Iterator[Place]:
    """Every string of a record with its path, but for what is kept as it was written, and for bytes."""
    waiting: list[tuple[str, object, Struct, str]] = [("", whole, whole, "")]
    while waiting:
        path, value, holder, name = waiting.pop()
        if isinstance(value, str):
            yield path, holder, name, value
        elif isinstance(value, Struct):
            lead = f"{path}." if path else ""
            waiting += [
                (f"{lead}{inner}", found, value, inner)
                for python, inner in reversed(names(type(value)))
                if inner not in _NO_TEXT and (found := getattr(value, python)) is not None and found != ()
            ]
        elif isinstance(value, tuple):
            waiting += [(f"{path}[{at}]", each, holder, name) for at, each in enumerate(value)][::-1]


def written(record: Record) -> str:
    """All of a record in one string, for a first look at what most records do not have."""
    return msgspec.json.encode(record).decode().replace('\\"', '"')


class Texts:
    """The texts of a record."""

    rules: ClassVar[tuple[Rule, ...]] = (DAMAGED,)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        if not _SUSPECT.search(written(record)):
            return
        for path, _, _, value in strings(record):
            if found := damage(value):
                what, at = found
                yield Diagnostic(DAMAGED, origin.of(path), path, excerpt(value, at), {"what": what})


AROUND: Final = 60
"""So many characters before and after a fault are quoted."""


def excerpt(text: str, at: int) -> str:
    """A text as far as it is quoted: all of it, or what stands around a position."""
    start, end = max(0, at - AROUND), at + AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def damage(text: str) -> tuple[str, int] | None:
    """What shows that a text was read in a wrong encoding, and where, or nothing."""
    if text.isascii():
        return None
    if "\ufffd" in text:
        return "a sign that stands for a character that was lost", text.index("\ufffd")
    if control := _CONTROL.search(text):
        return "control characters where Windows-1252 has letters and signs", control.start()
    at = _mistaken(text)
    return None if at is None else ("UTF-8 that was read as Windows-1252 or Latin-1", at)


# --- UTF-8 taken for Windows-1252 -----------------------------------------------------------------------------------

_HIGH: Final = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"
}
_BYTES: Final = {sign: byte for byte, sign in _HIGH.items()} | {chr(byte): byte for byte in range(0x80, 0x100)}
_NEXT: Final = "".join(sign for sign, byte in _BYTES.items() if byte < 0xC0)

_CONTROL: Final = re.compile("[\x80-\x84\x86-\x9f]")  # without NEL, which is a line break
_SEQUENCE: Final = re.compile(f"[\xc2-\xdf][{_NEXT}]|[\xe0-\xef][{_NEXT}]{{2}}|[\xf0-\xf4][{_NEXT}]{{3}}")
_SUSPECT: Final = re.compile(f"[\ufffd\x80-\x84\x86-\x9f]|{_SEQUENCE.pattern}")

_PUNCTUATION: Final = frozenset("\xa0»”’…“«‘")
"""Signs that may follow a letter in honest text."""
_CLOSING: Final = {"»": "«»", "«": "»", "”": "“”„", "“": "„", "’": "‘’‚", "‘": "‚"}
"""Signs that end a quotation, and those that may have begun it."""
LOOKED_BACK: Final = 1000
"""A quotation is not looked for farther back."""
_DASHES: Final = frozenset("–—")

_ALONE: Final = (
    (0x00A0, 0x017F),  # Latin with marks
    (0x0192, 0x0192),
    (0x01A0, 0x01A1),
    (0x01AF, 0x01B0),
    (0x01CD, 0x01DC),
    (0x0218, 0x021B),
    (0x02BB, 0x02DD),
    (0x0386, 0x03CE),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x0490, 0x0491),
    (0x1E00, 0x1EFF),  # Vietnamese, Welsh
    (0x2010, 0x203A),  # dashes and quotation marks
    (0x20A0, 0x20BF),
    (0x2116, 0x2122),
    (0x2190, 0x22FF),
    (0xFB00, 0xFB06),
    (0x1F300, 0x1FAFF),
)
"""What one pair (or three, or four) of signs may have been."""
_TOGETHER: Final = (
    (0x0531, 0x058A),  # Armenian
    (0x05BE, 0x05F4),  # Hebrew
    (0x060C, 0x06FF),  # Arabic
    (0x0900, 0x0DFF),  # scripts of India
    (0x0E00, 0x0E7F),
    (0x10A0, 0x10FF),
    (0x3000, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xFF01, 0xFF9F),
)
"""What two or more of them in a row may have been."""


def _mistaken(text: str) -> int | None:
    before = -1
    for found in _SEQUENCE.finditer(text):
        code = _decoded(found[0])
        if code is None:
            continue
        if _among(code, _ALONE) and not _honest(text, found):
            return found.start()
        if _among(code, _TOGETHER):
            if before == found.start():
                return before
            before = found.end()
    return None


def _decoded(signs: str) -> int | None:
    try:
        return ord(bytes(_BYTES[sign] for sign in signs).decode())
    except UnicodeDecodeError:
        return None


def _among(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _honest(text: str, found: re.Match[str]) -> bool:
    """Whether the signs may be a letter and the punctuation that follows it."""
    start, end = found.span()
    last, following = found[0][1], text[end : end + 1]
    around = text[start - 1 : start] if start else ""
    earlier = text[max(0, start - LOOKED_BACK) : start]
    if len(found[0]) > 2:
        # an "á", and the end of a quotation that began before
        return found[0][1] == "»" and "«" in earlier
    if last in _DASHES:
        return _words(text, start, end)
    if last not in _PUNCTUATION or (following.isalpha() and last != "’"):
        return False
    if last == "’" and found[0][0] not in "ÃÄÅ" and around.isupper() and following.isupper():
        return True  # an apostrophe within a word in capitals, as Turkish has before endings
    if last in _CLOSING and not any(sign in earlier for sign in _CLOSING[last]):
        return False
    if (
        last not in _CLOSING and found[0][0] == "\xc3"
    ):  # Portuguese words in capitals end so after a consonant, those of the north after a vowel
        return around.isupper() and around not in "AEIOUYÄÖÅÆØ"
    return around.isupper()


def _words(text: str, start: int, end: int) -> bool:
    """Whether a dash stands between two words in capitals, as in the name of a line or a border."""
    left = re.search(r"[^\W\d_]*\Z", text[max(0, start - 20) : start + 1])
    right = re.match(r"[^\W\d_]*", text[end : end + 20])
    sides = (left[0] if left else "", right[0] if right else "")
    return all(len(side) > 2 and side.isupper() for side in sides)
