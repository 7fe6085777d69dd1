"""Putting back what only EDC has a word for: residue at its place, values as they were spelled.

Residue of an entity has a JSON Pointer that begins at the node of the entity. A
property that repeats may stand as one value or as an array of one, so a step may
count or not. Concepts are one node wherever they occur, and so is what is put back
into them.
"""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from mcbridge.model import Entity, Residue
from mcbridge.origins import Contents

FORMAT: Final = "edc"
OURS: Final = frozenset(
    {"id", "type", "contentEncoding", "contentType", "credentialSchema", "expirationDate", "issuanceDate"}
)
"""Properties that are written whatever the record says; what an EDC said instead takes their place.

So does the title of a part that is no entity, since it was made up.
"""


def spellings(value: Any, path: str = "") -> dict[str, str]:
    """How values were written in an EDC, by canonical path."""
    found: dict[str, str] = {}
    _collect(value, path, found)
    return found


def _collect(value: Any, path: str, found: dict[str, str]) -> None:
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            if isinstance(item, (msgspec.Struct, tuple)):
                _collect(item, f"{path}[{index}]", found)
    elif isinstance(value, msgspec.Struct):
        lead = f"{path}." if path else ""
        if isinstance(value, Entity):
            found.update({lead + each.path: each.text for each in value.spellings if each.format == FORMAT})
        for name, encoded in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            inner = getattr(value, name)
            if isinstance(inner, (msgspec.Struct, tuple)) and inner != ():
                _collect(inner, lead + encoded, found)


def put_back(node: dict[str, Any], item: Residue, contents: Contents) -> bool:
    """Put residue where it was found; whether there is still such a place, and nothing else at it."""
    text: str | bytes | None = item.content if item.sha256 is None else contents.get(item.sha256)
    if item.format != FORMAT or text is None or not item.path.startswith("/"):
        return False
    try:
        content = json.loads(text)
    except ValueError:
        return False
    *way, last = (step.replace("~1", "/").replace("~0", "~") for step in item.path[1:].split("/"))
    counted = last.isdecimal() and bool(way)
    place: Any = _reached(node, way[:-1] if counted else way)
    if not isinstance(place, dict):
        return False
    if counted:
        return _insert(place, way[-1], int(last), content)
    if (last == "id" and not isinstance(content, str)) or (last == "type" and isinstance(content, dict)):
        return False
    if last in OURS or (way and last == "title"):
        place[last] = content
    return bool(place.setdefault(last, content) == content)


def _reached(place: Any, way: list[str]) -> Any:
    """What stands at the end of a way, or ``None``."""
    for step in way:
        if isinstance(place, list):
            if step.isdecimal():
                place = place[int(step)] if int(step) < len(place) else None
                continue
            place = place[0] if len(place) == 1 else None
        if not isinstance(place, dict):
            return None
        if step not in place and step == "0":
            continue  # one value of a property that the source wrote as an array
        place = place.get(step)
    return place[0] if isinstance(place, list) and len(place) == 1 else place


def _insert(place: dict[str, Any], key: str, index: int, content: Any) -> bool:
    held = place.setdefault(key, [])
    if not isinstance(held, list):
        held = place[key] = [held]
    held.insert(index, content)
    return True
