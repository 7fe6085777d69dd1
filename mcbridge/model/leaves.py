"""The leaves of a record by their JSON paths: for losses that cover a subtree, and for finding what nobody carries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import msgspec

BOOKKEEPING = frozenset({"spellings"})
"""Fields that are no facts: how a value was written is nothing to another format."""


@cache
def names(shape: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """The fields of a shape: Python name and JSON name."""
    return tuple((member.name, member.encode_name) for member in members(shape))


class Member(NamedTuple):
    """A field of a shape: its Python name, its JSON name, and what it is when nobody fills it."""

    name: str
    encode_name: str
    default: Any

    @property
    def required(self) -> bool:
        """Whether somebody must."""
        return self.default is msgspec.NODEFAULT


@cache
def members(shape: type[msgspec.Struct]) -> tuple[Member, ...]:
    """The fields of a shape, but for their types: to evaluate the annotations costs more than most that is done."""
    names, defaults = shape.__struct_fields__, shape.__struct_defaults__
    without = (msgspec.NODEFAULT,) * (len(names) - len(defaults))
    return tuple(map(Member, names, shape.__struct_encode_fields__, (*without, *defaults)))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value below ``value`` that is neither absent nor a collection, with its path (``parts[0].title[1].lang``).

    A field at its default counts as absent, but for those that have no default.
    """
    if isinstance(value, msgspec.Struct):
        lead = f"{path}." if path else ""
        for info in members(type(value)):
            if info.name in BOOKKEEPING:
                continue
            inner = getattr(value, info.name)
            if info.required or inner != info.default:
                yield from leaves(inner, lead + info.encode_name)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    elif value is not None:
        yield path, value


def structs(value: Any) -> Iterator[msgspec.Struct]:
    """Each struct in ``value``, itself first."""
    if isinstance(value, msgspec.Struct):
        yield value
        for name, _ in names(type(value)):
            yield from structs(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from structs(item)


def count(value: Any) -> int:
    """How many leaves there are, at least one."""
    return 1 if isinstance(value, str) else max(1, _counted(value))


def _counted(value: Any) -> int:
    """The leaves without their paths, which would be most of the work; achievements may stand as deep as they like."""
    found, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, msgspec.Struct):
            for name, default in _facts(type(one)):
                inner = getattr(one, name)
                if inner is None or inner is default:
                    continue
                if isinstance(inner, str):
                    found += inner != default
                elif inner != default:
                    waiting.append(inner)
        elif isinstance(one, tuple):
            for item in one:
                if isinstance(item, str):
                    found += 1
                else:
                    waiting.append(item)
        else:
            found += one is not None
    return found


@cache
def _facts(shape: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    return tuple((info.name, info.default) for info in members(shape) if info.name not in BOOKKEEPING)
