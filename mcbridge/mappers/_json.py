"""JSON as a sender has to write it: UTF-8, each key once in an object, numbers that are numbers, not too deep.

The decoder takes the last of two equal keys, which would lose the first in silence.
Counting is enough to know that none is repeated; only when the numbers differ is the
document read once more to name the key and its place.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec

from mcbridge.errors import NotThisFormat, Unreadable

MAX_LEVELS: Final = 128
"""How deeply objects and arrays may be nested."""
BOM: Final = b"\xef\xbb\xbf"

_ASK: Final = "ask the sender for the file again, as JSON that a parser accepts"
_KEY: Final = re.compile(rb'"[ \t\r\n]*:')
_SPACED: Final = re.compile(rb'"[ \t\r\n]+:')
_BYTE: Final = re.compile(r" ?\(byte (\d+)\)")
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(float_hook=Decimal)


@cache
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder(decimal_format="number", order="sorted")


def compact(value: Any) -> str:
    """A value as JSON with sorted keys and without spaces; decimal numbers keep their digits."""
    return _encoder().encode(value).decode()


def strict(data: bytes, name: str) -> Any:
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
        place = _line_of(data, _bad_byte(data))
        raise Unreadable(f"it is not UTF-8 ({place}): {error.reason}", where=name, hint=_ASK) from None
    except RecursionError:
        raise _too_deep(name) from None
    except msgspec.DecodeError as error:
        raise _malformed(body, str(error), name) from None
    keys = _keys(found, name)
    if keys != _written_keys(body, keys):
        _name_repeated(body, name)
    return found


def _bad_byte(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _line_of(data: bytes, at: int) -> str:
    line = data.count(b"\n", 0, at) + 1
    column = at - data.rfind(b"\n", 0, at)
    return f"line {line}, byte {column}"


def _too_deep(name: str) -> NotThisFormat:
    return NotThisFormat(
        f"objects and arrays are nested more than {MAX_LEVELS} deep", where=name, hint="ask the sender what this is"
    )


def _malformed(body: bytes, said: str, name: str) -> NotThisFormat:
    at = _BYTE.search(said)
    reason = _BYTE.sub("", said).removeprefix("JSON is malformed: ")
    if _lonely_surrogate(body):
        return NotThisFormat(
            "it is no JSON: half of a character stands alone (an escape \\ud800 to \\udfff)", where=name, hint=_ASK
        )
    if at is None:
        return NotThisFormat(f"it is no JSON: {reason}", where=name, hint=_ASK)
    place = int(at[1])
    line = body.count(b"\n", 0, place) + 1
    column = place - body.rfind(b"\n", 0, place)
    return NotThisFormat(f"it is no JSON: {reason}", where=name, hint=_ASK, line=line, column=column)


def _lonely_surrogate(body: bytes) -> bool:
    if _SURROGATE.search(body) is None:
        return False
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return False
    return False


def _keys(found: Any, name: str) -> int:
    """How many keys all objects have. Raises ``NotThisFormat`` when they are nested too deeply."""
    number = 0
    level: list[Any] = [found]
    for _ in range(MAX_LEVELS + 1):
        inner: list[Any] = []
        for value in level:
            if type(value) is dict:
                number += len(value)
                inner += [each for each in value.values() if type(each) is dict or type(each) is list]
            elif type(value) is list:
                inner += [each for each in value if type(each) is dict or type(each) is list]
        if not inner:
            return number
        level = inner
    raise _too_deep(name)


def _written_keys(body: bytes, expected: int) -> int:
    """How often a string is followed by a colon: once a key, and wherever a text happens to look like one."""
    found = body.count(b'":')
    if found != expected and b'\\\\":' not in body:  # JSON in a text of JSON, as a seal has it
        found -= body.count(b'\\":')
    if found == expected and _SPACED.search(body) is None:
        return found
    return sum(1 for _ in _KEY.finditer(body))


class _Repeated(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Repeated(key)
            seen.add(key)
    return found


def _name_repeated(body: bytes, name: str) -> None:
    """Raises ``NotThisFormat`` for the first key that stands twice in one object, if there is one."""
    try:
        json.loads(body, object_pairs_hook=_pairs)
    except _Repeated as repeated:
        line = _line_of_repeated(body, repeated.key)
        raise NotThisFormat(
            f'the key "{repeated.key}" stands twice in one object',
            where=name,
            hint="keep one of the two; a reader would take either and lose the other",
            line=line,
        ) from None


def _line_of_repeated(body: bytes, key: str) -> int | None:
    """The line of a key that stands in the document exactly twice; of others only the key is known."""
    wanted = re.compile(re.escape(json.dumps(key, ensure_ascii=False).encode()) + rb"[ \t\r\n]*:")
    found = [each.start() for each in wanted.finditer(body)]
    return body.count(b"\n", 0, found[1]) + 1 if len(found) == 2 else None
