"""Reading mapping files: TOML to typed structs, strictly, with errors that name the file and the key.

The TOML parser gives line numbers for text that is no TOML, and none for text that
is; so everything found after parsing is addressed by its key path.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, get_args

import msgspec
from msgspec import Struct

from mcbridge.errors import ConfigError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T")
_ROWS = msgspec.json.Decoder(list[list[str]])
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_AT = re.compile(r"(?s)(.*) - at `\$\.?(.*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")


class Spot(Struct, frozen=True):
    """A file and a key path in it (``columns."ECTS".via``)."""

    file: str
    key: str = ""

    def at(self, *parts: str | int) -> Spot:
        """A place further down."""
        key = self.key
        for part in parts:
            if isinstance(part, int):
                key += f"[{part}]"
            else:
                name = part if _BARE.fullmatch(part) else f'"{part}"'
                key = f"{key}.{name}" if key else name
        return Spot(self.file, key)

    def __str__(self) -> str:
        return f"{self.file}: {self.key}" if self.key else self.file


def fail(spot: Spot, message: str, hint: str | None = None) -> NoReturn:
    """Give up on a mapping file."""
    raise ConfigError(message, where=str(spot), hint=hint)


def near(word: str, known: Iterable[str]) -> str:
    """A hint that names the words that come near, or all when there are few."""
    from difflib import get_close_matches

    words = sorted(known)
    close = get_close_matches(word, words, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "known: " + (", ".join(words) if len(words) <= 40 else ", ".join(words[:40]) + ", …")


def one_of(spot: Spot, word: str, known: Collection[str], what: str) -> str:
    """``word`` when it is known; else an error that names what comes near."""
    if word not in known:
        fail(spot, f"unknown {what} {word!r}", near(word, known))
    return word


def parse(file: Traversable | Path, name: str) -> dict[str, Any]:
    """The TOML of a file. ``name`` is what messages call it."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"the file cannot be read: {error.strerror or error}", where=name) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"the file is not UTF-8 (byte {error.start})", where=name, hint="save it as UTF-8; TOML allows nothing else"
        ) from error
    try:
        return _with_rows(text) or tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is no TOML: {error}", where=name, hint="mend the line it names") from error


def _with_rows(text: str) -> dict[str, Any] | None:
    """The TOML of a table that is mostly ``rows``, whose plain cells are JSON as well: that is ten times faster.

    None where they are not so plain (comments, other quotes, escapes), or anything at all is unusual.
    """
    head, found, rest = text.partition("\nrows = [\n")
    body, closed, tail = rest.partition("\n]\n")
    if not found or not closed or "\\" in body or "\n[" in head:
        return None
    try:
        rows = _ROWS.decode(f"[{body.rstrip().removesuffix(',')}]")
        data = tomllib.loads(f"{head}\nrows = []\n{tail}")
    except (msgspec.DecodeError, tomllib.TOMLDecodeError):
        return None
    return data | {"rows": rows}


def typed(data: object, type_: type[T], spot: Spot) -> T:
    """``data`` as ``type_``; unknown and missing keys and wrong types are errors at their key path."""
    try:
        return msgspec.convert(data, type_)
    except msgspec.ValidationError as error:
        message, path = str(error), ""
        if found := _AT.fullmatch(message):
            message, path = found.groups()
        key = f"{spot.key}{'' if not path or path.startswith('[') or not spot.key else '.'}{path}"
        hint = None
        if unknown := _UNKNOWN.fullmatch(message):
            message = f"unknown key {unknown[1]!r}"
            keys = _keys(type_, path)
            hint = near(unknown[1], keys) if keys else None
        raise ConfigError(_plain(message), where=str(Spot(spot.file, key)), hint=hint) from error


def _keys(type_: object, path: str) -> list[str]:
    """The keys that a struct allows at a path of keys below it; none where the path leads to no struct."""
    shapes = list(_structs(type_))
    for name in path.split(".") if path else ():
        key = name.partition("[")[0]
        fields = [each for shape in shapes for each in msgspec.structs.fields(shape) if each.encode_name == key]
        shapes = [shape for each in fields for shape in _structs(each.type)]
    return [each.encode_name for shape in shapes for each in msgspec.structs.fields(shape)]


def _structs(type_: object) -> Iterator[type[msgspec.Struct]]:
    """The structs in a type: itself, or what an optional one or a collection holds."""
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        yield type_
    for inner in get_args(type_):
        yield from _structs(inner)


def _plain(message: str) -> str:
    """The library's words with a small letter and TOML's names of types."""
    for ours, theirs in (("key", "field"), ("a table", "`object`"), ("an array", "`array`"), ("a string", "`str`")):
        message = message.replace(theirs, ours)
    for ours, theirs in (("true or false", "`bool`"), ("a whole number", "`int`"), ("the table", "Object")):
        message = message.replace(theirs, ours)
    return message[:1].lower() + message[1:]
