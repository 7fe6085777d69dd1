"""How much is read of everything that can grow: settings, with defaults that protect a small machine.

They travel with a source (``Source.limits``), so that whoever reads of it keeps them. Whatever refuses a document
because of one names it, and how it is raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import fields, replace

from mcbridge.errors import BadOption

KILOBYTE: Final = 1024
MEGABYTE: Final = 1024 * KILOBYTE

_UNITS: Final[Mapping[str, int]] = {
    "": 1,
    "B": 1,
    "KB": KILOBYTE,
    "MB": MEGABYTE,
    "GB": 1024 * MEGABYTE,
}
_VALUE: Final = re.compile(r"\s*(\d{1,15})\s*([KMG]?B)?\s*", re.ASCII | re.IGNORECASE)


_DEEPEST: Final = 512
"""Levels of elements: 250 achievements in one another. Python does not go through many more."""


def _limit(unit: str, what: str) -> Meta:
    return Meta(title=unit, description=what)


class Limits(Struct, frozen=True, kw_only=True):
    """All settings of one run; each says in its annotation what it counts and what it is about."""

    bytes: Annotated[int, _limit("bytes", "of one document, unpacked")] = 256 * MEGABYTE
    stream: Annotated[
        int, _limit("bytes", "of a document from which on it is read piece by piece, and never held as a whole")
    ] = 8 * MEGABYTE
    memory: Annotated[
        int,
        _limit("bytes", "of attachments and pictures that wait in memory; the others wait in a temporary file"),
    ] = 4 * MEGABYTE
    achievements: Annotated[int, _limit("achievements", "of one report of an ELMO document, parts counted")] = 20_000
    nodes: Annotated[
        int,
        _limit("elements and attributes", "of an XML document, or of one report of it when it is read piece by piece"),
    ] = 5_000_000
    depth: Annotated[int, _limit("levels", "of elements in elements of an XML document; no more than 512")] = 256
    levels: Annotated[int, _limit("levels", "of objects and arrays in each other in a JSON document")] = 128
    json: Annotated[int, _limit("bytes", "of a European Digital Credential, which is held as a whole")] = 64 * MEGABYTE
    values: Annotated[
        int,
        _limit("values", "of a European Digital Credential: objects, arrays, texts, numbers, by commas and brackets"),
    ] = 500_000
    text: Annotated[int, _limit("characters", "of one text, or of the value of an attribute")] = MEGABYTE
    content: Annotated[int, _limit("characters", "of one attachment or picture, as it is written in base64")] = (
        32 * MEGABYTE
    )
    seal: Annotated[
        int,
        _limit("bytes", "of a signed document whose seal is verified, which takes up to forty times as much memory"),
    ] = 32 * MEGABYTE
    members: Annotated[int, _limit("files", "in an archive")] = 10_000
    ratio: Annotated[int, _limit("times", "the size of an archive that it may unfold to")] = 200
    free: Annotated[int, _limit("bytes", "that an archive unfolds to before the ratio counts")] = 10 * MEGABYTE
    envelope: Annotated[int, _limit("bytes", "of base64 text, or of the body of a form")] = 48 * MEGABYTE
    documents: Annotated[int, _limit("documents", "in one wrapper, such as an EWP response or a presentation")] = 10_000


DEFAULT: Final = Limits()


class Said(Struct, frozen=True):
    """What there is to say about one limit: its default, its unit and what it is about."""

    default: int
    unit: str
    what: str


def known() -> dict[str, Said]:
    """All limits by name."""
    hints: dict[str, Any] = get_type_hints(Limits, include_extras=True)
    found = {}
    for each in fields(Limits):
        (meta,) = hints[each.name].__metadata__
        found[each.name] = Said(each.default, meta.title, meta.description)
    return found


def limits_of(given: Iterable[str] | Mapping[str, object], base: Limits = DEFAULT) -> Limits:
    """Limits as somebody wrote them (``text=2MB``), or by name. Raises ``BadOption`` naming those that there are."""
    pairs = given.items() if isinstance(given, Mapping) else (_parted(text) for text in given)
    said = known()
    changed: dict[str, int] = {}
    for name, value in pairs:
        if name not in said:
            raise BadOption(f'there is no limit "{name}"', hint=f"there are: {', '.join(said)}")
        changed[name] = _amount(name, value, said[name].unit)
    if changed.get("depth", 0) > _DEEPEST:
        raise BadOption(f"depth cannot be more than {_DEEPEST}", hint="no transcript or credential needs that")
    return replace(base, **changed)


def _parted(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadOption(f'"{text}" sets no limit', hint="write NAME=VALUE, for example text=2MB")
    return name.strip(), value


def _amount(name: str, value: object, unit: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    found = _VALUE.fullmatch(value) if isinstance(value, str) else None
    if found is None or (found[2] and unit not in {"bytes", "characters"}):
        example = "512MB" if unit == "bytes" else "2MB" if unit == "characters" else "50000"
        raise BadOption(f'{name} cannot be "{value}"', hint=f"write a number of {unit}, for example {name}={example}")
    return int(found[1]) * _UNITS[(found[2] or "").upper()]


def raising(name: str) -> str:
    """What to add to the hint of a refusal: the limit and how it is raised."""
    return f"to read more, set --limit {name}=…"


def amount(value: int, unit: str) -> str:
    """A limit as people say it: ``256 MB``, ``20,000``."""
    if unit in {"bytes", "characters"}:
        for name, size in (("GB", 1024 * MEGABYTE), ("MB", MEGABYTE), ("KB", KILOBYTE)):
            if value and value % size == 0:
                return f"{value // size} {name}"
    return f"{value:,}"
