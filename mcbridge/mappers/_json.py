"""JSON as a sender has to write it: UTF-8, each key once in an object, numbers that are numbers, not too deep.

The decoder takes the last of two equal keys, which would lose the first in silence.
Counting is enough to know that none is repeated: a document has two quotes for each
string, and what was decoded has as many strings. Only when the numbers differ is the
document read once more to name the key and its place.
"""

from __future__ import annotations

import gc
import json
import re
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec

from mcbridge.errors import NotThisFormat, Unreadable
from mcbridge.limits import DEFAULT, Limits, raising

BOM: Final = b"\xef\xbb\xbf"

_ASK: Final = "ask the sender for the file again, as JSON that a parser accepts"
_BYTE: Final = re.compile(r" ?\(byte (\d+)\)")
_MARK: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{\]}]', re.DOTALL)
# Two backslashes are a backslash; a high half has to be followed by a low one.
_SURROGATES: Final = re.compile(
    rb"(?<!\\)(?:\\\\)*(\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_PAIR: Final = len("\\ud83d\\ude00")
_QUOTE: Final = ord('"')
_FEW: Final = 500
_ROOMY: Final = {"content": "content", "payload": "bytes", "verifiableCredential": "bytes"}
"""The keys of longer texts, and the limits that hold for them."""


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(float_hook=Decimal)


@cache
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder(decimal_format="number", order="sorted")


def compact(value: Any) -> str:
    """A value as JSON with sorted keys and without spaces; decimal numbers keep their digits."""
    return _encoder().encode(value).decode()


def as_written(value: Any) -> bytes:
    """A value as JSON with its keys in their order; decimal numbers keep their digits."""
    return msgspec.json.Encoder(decimal_format="number").encode(value)


def strict(data: bytes, name: str, limits: Limits = DEFAULT) -> Any:
    """The value of a document; numbers with a fraction are ``Decimal``.

    Raises ``Unreadable`` for bytes in another encoding and ``NotThisFormat`` for all else that is no JSON, that is
    nested too deeply or repeats a key, with the place.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:4]:
        raise Unreadable("the file is in UTF-16 or UTF-32; JSON is exchanged in UTF-8", where=name, hint=_ASK)
    body = data[3:] if data[:3] == BOM else data
    if not body.strip():
        raise NotThisFormat("the file is empty", where=name, hint="export it again; it was not transferred")
    try:
        found = _decoder().decode(body)
    except UnicodeDecodeError as error:
        line, column = _spot(data, _bad_byte(data))
        where = f"{name}:{line}:{column}"
        raise Unreadable(f"the bytes here are not UTF-8: {error.reason}", where=where, hint=_ASK) from None
    except RecursionError:
        raise _too_deep(body, name, limits.levels) from None
    except msgspec.DecodeError as error:
        raise _malformed(body, str(error), name) from None
    strings, longest = _strings(found, limits.levels, measure=len(body) > limits.text)
    if strings is None:
        raise _too_deep(body, name, limits.levels)
    if longest > limits.text:
        _check_texts(found, name, limits)
    if body.count(b'"') - _escaped_quotes(body) != 2 * strings:
        _name_repeated(body, name)
    return found


def check_number(body: bytes, name: str, limits: Limits) -> None:
    """Raises ``Unreadable`` for too many values, before any is made; commas within texts count, too, and are few."""
    if len(body) <= limits.values:  # each value takes a byte at least
        return
    number = body.count(b",") + body.count(b"{") + body.count(b"[")
    if number > limits.values:
        raise Unreadable(
            f"there are more than {limits.values:,} values in it",
            where=name,
            hint=f"ask the sender what this is, or to split it; {raising('values')}",
        )


def _bad_byte(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _too_deep(body: bytes, name: str, most: int) -> NotThisFormat:
    levels, at = 0, 0
    for mark in _MARK.finditer(body):
        levels += mark[0] in {b"{", b"["}
        levels -= mark[0] in {b"}", b"]"}
        if levels > most:
            at = mark.start()
            break
    line, column = _spot(body, at)
    hint = f"ask the sender what this is; {raising('levels')}"
    return NotThisFormat(
        f"objects and arrays are nested more than {most} deep", where=name, hint=hint, line=line, column=column
    )


def _spot(body: bytes, at: int) -> tuple[int, int]:
    """The line and the column of a byte, both from one."""
    return body.count(b"\n", 0, at) + 1, at - body.rfind(b"\n", 0, at)


def _malformed(body: bytes, said: str, name: str) -> NotThisFormat:
    reason = _BYTE.sub("", said).removeprefix("JSON is malformed: ")
    half = _half(body)
    if half is not None:
        return NotThisFormat(
            "it is no JSON: half of a character stands alone (an escape \\ud800 to \\udfff)",
            where=name,
            hint=_ASK,
            line=half[0],
            column=half[1],
        )
    at = _BYTE.search(said)
    line, column = _spot(body, int(at[1]) if at else len(body))
    return NotThisFormat(f"it is no JSON: {reason}", where=name, hint=_ASK, line=line, column=column)


def _half(body: bytes) -> tuple[int, int] | None:
    """Where the first escape stands that is one half of a character without the other."""
    for found in _SURROGATES.finditer(body):
        if len(found[1]) != _PAIR:
            return _spot(body, found.start(1))
    return None


def _strings(found: Any, most: int, *, measure: bool) -> tuple[int | None, int]:
    """How many strings there are, keys and texts, and how long the longest text is, if it is to be measured.

    Nothing for the number when objects and arrays are nested too deeply.
    """
    number, longest = 0, 0
    dicts: list[dict[str, Any]] = []
    lists: list[list[Any]] = [[found]]
    for _ in range(most + 2):
        # The values of the objects and the items of the arrays, by the one function that gives them all at once.
        values = gc.get_referents(*dicts, *lists)
        others = [each for each in values if type(each) is not str]
        if measure:
            longest = max(longest, max(map(len, [each for each in values if type(each) is str]), default=0))
        number += 2 * len(values) - sum(map(len, lists)) - len(others)
        dicts, lists = [each for each in others if type(each) is dict], [each for each in others if type(each) is list]
        if not dicts and not lists:
            return number, longest
    return None, longest


def _escaped_quotes(body: bytes) -> int:
    """How many quotes stand within strings. Most documents have few escapes, or none."""
    number, at = 0, body.find(b"\\")
    for _ in range(_FEW):
        if at < 0:
            return number
        number += body[at + 1] == _QUOTE
        at = body.find(b"\\", at + 2)
    return number + body[at:].replace(b"\\\\", b"").count(b'\\"') if at >= 0 else number


def _check_texts(found: Any, name: str, limits: Limits) -> None:
    waiting: list[tuple[Any, str, str]] = [(found, "", "text")]
    while waiting:
        value, place, limit = waiting.pop()
        most: int = getattr(limits, limit)
        if type(value) is str and len(value) > most:
            said = f"a text of {len(value):,} characters stands at {place}; at most {most:,} are read there"
            hint = f"ask the sender whether this is meant; if so, leave it out; {raising(limit)}"
            raise Unreadable(said, where=name, hint=hint)
        if type(value) is dict:
            waiting += [(each, f"{place}/{_step(key)}", _ROOMY.get(key, "text")) for key, each in value.items()]
        elif type(value) is list:
            waiting += [(each, f"{place}/{pos}", limit) for pos, each in enumerate(value)]


def _step(key: str) -> str:
    """A key in a JSON Pointer; a long one is cut (RFC 6901)."""
    return key[:80].replace("~", "~0").replace("/", "~1")


class _Twice(msgspec.Struct):
    """Stands for an object with a key that it has twice, so that the object can be found in the document."""

    key: str


def _pairs(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return _Twice(key)
        seen.add(key)
    return found


def _name_repeated(body: bytes, name: str) -> None:
    """Raises ``NotThisFormat`` for the first key that stands twice in one object, if there is one."""
    waiting = [(json.loads(body, object_pairs_hook=_pairs), "")]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, _Twice):
            raise NotThisFormat(
                f'the key "{value.key}" stands twice in one object, at {place}/{_step(value.key)}',
                where=name,
                hint="keep one of the two; a reader would take either and lose the other",
            )
        if type(value) is dict:
            waiting += [(each, f"{place}/{_step(key)}") for key, each in value.items()][::-1]
        elif type(value) is list:
            waiting += [(each, f"{place}/{pos}") for pos, each in enumerate(value)][::-1]
