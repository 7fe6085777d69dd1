"""Canonical JSON of a record: the same record gives the same bytes, and only our own version is read."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from mcbridge.model.base import MODEL_VERSION
from mcbridge.model.credential import Credential
from mcbridge.model.provision import Provision

Record = Credential | Provision


class WrongVersion(ValueError):
    """The record's ``version`` is not ours; ``found`` is what it says, or ``None``."""

    def __init__(self, found: object) -> None:
        super().__init__(found)
        self.found = found


class _Head(msgspec.Struct):
    version: Any = None
    record: Any = None


@cache
def _decoder() -> msgspec.json.Decoder[Record]:
    return msgspec.json.Decoder(Record)


@cache
def _encoder() -> msgspec.json.Encoder:
    return msgspec.json.Encoder(decimal_format="string")


def encode(record: Record) -> bytes:
    """One line of JSON, defaults left out."""
    return _encoder().encode(record)


def decode(data: bytes) -> Record:
    """Read one record. Raises ``WrongVersion``, or ``msgspec.DecodeError`` with the path of the first misfit."""
    try:
        record = _decoder().decode(data)
    except msgspec.ValidationError:
        # an older or newer record usually fails on a field first: its version is the better thing to say
        head = msgspec.json.decode(data, type=_Head)
        if head.version != MODEL_VERSION:
            raise WrongVersion(head.version) from None
        raise
    if record.version != MODEL_VERSION:
        raise WrongVersion(record.version)
    return record


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record."""
    from inspect import cleandoc

    (ref,), components = msgspec.json.schema_components((Record,), ref_template="#/$defs/{name}")
    for component in components.values():
        if "description" in component:  # a docstring, which Python indents until 3.12
            component["description"] = cleandoc(component["description"])
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "mcbridge canonical record"}
    return {**head, **ref, "$defs": components}
