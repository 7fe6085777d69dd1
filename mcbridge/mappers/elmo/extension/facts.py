"""What a value says, apart from how somebody wrote it: for telling differences, and for noticing changes by others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec


def facts(value: Any) -> Any:
    """The value as JSON has it, without residue and spellings."""
    return _bare(msgspec.to_builtins(value))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items() if key not in {"residue", "spellings"}}
    return [_bare(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def digest(value: Any) -> str:
    """Sixteen hexadecimal digits that tell a value from another."""
    text = json.dumps(facts(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _infos(struct: type[msgspec.Struct]) -> Mapping[str, msgspec.structs.FieldInfo]:
    """By JSON name. Looking a struct up evaluates its annotations anew each time."""
    return {info.encode_name: info for info in msgspec.structs.fields(struct)}


def named(struct: Any, word: str) -> str | None:
    """The field that has this name in JSON."""
    found = _infos(type(struct)).get(word) if isinstance(struct, msgspec.Struct) else None
    return None if found is None else found.name


def default(struct: type[msgspec.Struct], name: str) -> Any:
    """What a field is when nobody fills it."""
    return next(info.default for info in _infos(struct).values() if info.name == name)


def filled(value: msgspec.Struct) -> dict[str, Any]:
    """The fields that are not at their default, those without a default included."""
    found = ((info, getattr(value, info.name)) for info in _infos(type(value)).values())
    return {info.name: inner for info, inner in found if info.required or inner != info.default}
