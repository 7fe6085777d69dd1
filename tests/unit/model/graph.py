"""The shapes that a record is made of, found by walking the types of their fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import msgspec


def shapes_of(root: Any) -> list[type[msgspec.Struct]]:
    """The structs that values of a type may hold, in the order in which they are met."""
    found: dict[type[msgspec.Struct], None] = {}
    waiting = [root]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if kind not in found:
                found[kind] = None
                waiting += [field.type for field in msgspec.structs.fields(kind)]
        else:
            waiting += get_args(kind)
    return list(found)


def structs_in(value: Any) -> Iterator[msgspec.Struct]:
    """A struct and all that it holds."""
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from structs_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from structs_in(item)


def filled(record: Any) -> set[tuple[str, str]]:
    """The fields that say something somewhere in a record: shape and JSON name."""
    return {
        (type(struct).__name__, field.encode_name)
        for struct in structs_in(record)
        for field in msgspec.structs.fields(type(struct))
        if field.required or getattr(struct, field.name) != field.default
    }


def declared(root: Any) -> set[tuple[str, str]]:
    """All fields of all shapes that values of a type may hold."""
    return {(shape.__name__, field.encode_name) for shape in shapes_of(root) for field in msgspec.structs.fields(shape)}
