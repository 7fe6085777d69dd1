"""``--only FIELD=VALUE``: which records of the sources are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from types import UnionType
from typing import Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from mcbridge.errors import BadOption
from mcbridge.model import Credential, Provision, Record

_INDEX = re.compile(r"\[\d+\]")


class Wanted(Struct, frozen=True):
    """A record is wanted when one of its values at ``names`` (Python names, from the record down) is ``value``."""

    names: tuple[str, ...]
    value: str

    def takes(self, record: Record) -> bool:
        """Whether the record has the value."""
        return any(found == self.value for found in _values(record, self.names))


def takes(only: Sequence[Wanted], record: Record) -> bool:
    """Whether a record meets all of them."""
    return all(each.takes(record) for each in only)


def wanted(text: str) -> Wanted:
    """Read ``learner.familyName=Example``: a path as in the JSON, without numbers, down to a value or what has one.

    Raises ``BadOption`` for a field that no record has, with those that come near.
    """
    field, sign, value = text.partition("=")
    if not sign:
        raise BadOption(
            f'--only "{text}" names no value', hint="write FIELD=VALUE, as in learner.identifiers=1191234567"
        )
    parts = _INDEX.sub("", field.strip()).split(".")
    first: BadOption | None = None
    for kind in (Credential, Provision):
        try:
            return Wanted(_names(kind, parts, field), value)
        except BadOption as error:
            first = first or error
    raise first or BadOption(f'no record has a field "{field}"')


def _names(kind: type[msgspec.Struct], parts: list[str], field: str) -> tuple[str, ...]:
    shapes, names = [kind], []
    for at, part in enumerate(parts):
        known = {info.encode_name: (shape, info.name) for shape in shapes for info in msgspec.structs.fields(shape)}
        if part not in known:
            lead = "".join(f"{each}." for each in parts[:at])
            from difflib import get_close_matches

            near = get_close_matches(part, known, n=3, cutoff=0.5)
            hint = "did you mean " + " or ".join(f"{lead}{each}" for each in near) + "?" if near else None
            raise BadOption(f'no record has a field "{field}"', hint=hint or f"{lead or 'it'} has: {', '.join(known)}")
        shape, name = known[part]
        names.append(name)
        shapes = list(_structs(get_type_hints(shape)[name]))
    if shapes and not any("value" in shape.__struct_fields__ for shape in shapes):
        fields = [info.encode_name for shape in shapes for info in msgspec.structs.fields(shape)]
        raise BadOption(f'"{field}" is no value', hint=f"go on with one of: {', '.join(fields)}")
    return (*names, "value") if shapes else tuple(names)


def _structs(hint: object) -> Iterator[type[msgspec.Struct]]:
    if get_origin(hint) in {tuple, Union, UnionType}:
        for inner in get_args(hint):
            yield from _structs(inner)
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint


def _values(value: object, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, tuple):
        for each in value:
            yield from _values(each, names)
    elif names:
        yield from _values(getattr(value, names[0], None), names[1:])
    elif value is not None:
        yield str(value.value) if isinstance(value, Enum) else str(msgspec.to_builtins(value))
