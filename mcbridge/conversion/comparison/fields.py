"""Canonical fields by the struct that has them (``Address.parts``), and the places where they stand."""

from __future__ import annotations

import re
import typing
from collections.abc import Container, Iterator
from functools import cache
from typing import Any, Final

import msgspec

from mcbridge.model import Credential

RESIDUE: Final = "residue"
"""What only one format has a word for, whatever it hangs on."""
WHOLE: Final = "Credential"
"""A whole record."""


def place_of(path: str) -> str:
    """A canonical path without its indices; parts of parts are parts."""
    plain = re.sub(r"\[\d+\]", "[]", path)
    return re.sub(r"\b(\w+\[\])(?:\.\1)+(?=\.)", r"\1", plain)


def field_of(path: str) -> str:
    """The field that a canonical path leads to, and the struct that has it."""
    plain = re.sub(r"\[\d*\]", "", path)
    if RESIDUE in plain.split("."):
        return RESIDUE
    return _named(plain)


@cache
def _named(plain: str) -> str:
    shape, name = Credential, ""
    for step in filter(None, plain.split(".")):
        shape, name = (_inside(shape, name) or shape) if name else shape, step
    return f"{shape.__name__}.{name}" if name else WHOLE


@cache
def _inside(shape: Any, name: str) -> Any:
    """The struct that a field holds, or nothing."""
    found = next((info.type for info in infos(shape) if info.encode_name == name), None)
    return next(_structs(found), None)


def _structs(annotation: Any) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for each in typing.get_args(annotation):
        yield from _structs(each)


def occurrences(record: msgspec.Struct, lost: Container[str]) -> Iterator[str]:
    """The fields of a record of which something is not lost; what is below a loss is not looked at."""
    waiting: list[tuple[msgspec.Struct, str]] = [(record, "")]
    while waiting:
        one, lead = waiting.pop()
        for info in _infos(type(one)):
            value = getattr(one, info.name)
            if value is None or (not info.required and value == info.default):
                continue
            path = f"{lead}{info.encode_name}"
            if path in lost:
                continue
            items = list(enumerate(value)) if isinstance(value, tuple) else [(None, value)]
            left = [(at, item) for at, item in items if at is None or f"{path}[{at}]" not in lost]
            if left:
                yield f"{type(one).__name__}.{info.encode_name}"
            for at, item in left:
                if isinstance(item, msgspec.Struct):
                    waiting.append((item, f"{path}." if at is None else f"{path}[{at}]."))


def infos(shape: type) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of a struct; to evaluate the annotations each time would cost more than to use them."""
    return _infos(shape)


@cache
def _infos(shape: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(shape)
