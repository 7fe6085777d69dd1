"""What a value says, apart from how somebody wrote it: for telling differences, and for noticing changes by others."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from mcbridge.model.leaves import members


def facts(value: Any) -> Any:
    """The value as JSON has it, without residue and spellings."""
    return _bare(msgspec.to_builtins(value))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(inner) for key, inner in value.items() if key not in {"residue", "spellings"}}
    return [_bare(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def digest(value: Any) -> str:
    """Sixteen hexadecimal digits that tell a value from another."""
    import json

    text = json.dumps(facts(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def named(struct: Any, word: str) -> str | None:
    """The field that has this name in JSON."""
    if not isinstance(struct, msgspec.Struct):
        return None
    return next((member.name for member in members(type(struct)) if member.encode_name == word), None)


def default(struct: type[msgspec.Struct], name: str) -> Any:
    """What a field is when nobody fills it."""
    return next(info.default for info in members(struct) if info.name == name)


def filled(value: msgspec.Struct) -> dict[str, Any]:
    """The fields that are not at their default, those without a default included."""
    found = ((info, getattr(value, info.name)) for info in members(type(value)))
    return {info.name: inner for info, inner in found if info.required or inner != info.default}
