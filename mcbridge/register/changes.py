"""What differs between two JSON values, field by field."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from mcbridge.register.base import Json
from mcbridge.register.hashing import canonical


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a plan file."""


class Change(Part, frozen=True, kw_only=True):
    """One field that differs. ``field`` is its path in the register's words; an absent side has no such field."""

    field: str
    before: Json = None
    after: Json = None

    def __str__(self) -> str:
        return f"{self.field}: {_shown(self.before)} → {_shown(self.after)}"


def compare(before: Json, after: Json, path: str = "") -> tuple[Change, ...]:
    """The fields that differ between two JSON values, by path (``programmes[0].workload_ects``)."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        found: list[Change] = []
        for name in sorted({*before, *after}):
            inner = f"{path}.{name}" if path else name
            found += compare(before.get(name), after.get(name), inner)
        return tuple(found)
    if isinstance(before, list) and isinstance(after, list) and _tables(before) and _tables(after):
        found = []
        for at in range(max(len(before), len(after))):
            old, new = (side[at] if at < len(side) else None for side in (before, after))
            found += compare(old, new, f"{path}[{at}]")
        return tuple(found)
    return () if same(before, after) else (Change(field=path, before=before, after=after),)


def same(before: Json, after: Json) -> bool:
    """Equal, where ``True`` is not 1 and nothing but nothing is nothing."""
    return type(before) is type(after) and before == after


def _tables(items: list[Json]) -> bool:
    return all(isinstance(item, Mapping) for item in items)


def _shown(value: Json) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else canonical(value).decode()
    return text if len(text) <= 80 else f"{text[:79]}…"
