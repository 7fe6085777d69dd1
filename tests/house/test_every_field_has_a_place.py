"""A field of the model is in what each format writes, or in its ledger: nobody keeps a list of either.

The full record is written once as it is and once with each of its fields changed. A field that makes no difference
to the output, and that no loss names, was overlooked by that format on the day it was born.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from mcbridge.losses import Loss
from mcbridge.mappers import RecordKind, describe, names, reader, writer
from mcbridge.model import Credential, Record
from mcbridge.model.leaves import leaves
from mcbridge.model.leaves import names as fields
from mcbridge.origins import Luggage, Read
from tests.contract.leaf_changes import changed, parents
from tests.golden.cases import FOLDER, TABLES, Case
from tests.unit.model.graph import declared, shapes_of

WRITTEN = [name for name in names() if RecordKind.CREDENTIAL in describe(name).writes]
NO_FACTS = frozenset(
    (
        # what a record of ours is: there is no other value for it
        ("Credential", "version"),
        ("Seal", "trust"),
        # which record and which source this is: each document is one of its own, and names both anew
        ("Credential", "id"),
        ("Document", "id"),
        ("Document", "format"),
        ("Document", "position"),
        # how a source wrote a value: nothing to any format but its own, where golden cases show it
        ("Content", "written"),
        ("Spelling", "format"),
        ("Spelling", "path"),
        ("Spelling", "text"),
    )
)


def full() -> tuple[Read, Luggage]:
    case = Case(FOLDER / "canonical" / "everything")
    luggage = Luggage()
    assert case.input is not None
    (read,) = reader("canonical", TABLES, {}).read(case.source(case.input), luggage)
    return read, luggage


def written(record: Record, like: Read, contents: Luggage, name: str) -> tuple[bytes, list[Loss]]:
    """The output and the losses of a record."""
    luggage = Luggage(name)
    luggage.contents = contents.contents
    sink = BytesIO()
    writer(name, TABLES, {}).write([like.located(record)], sink, luggage)
    return sink.getvalue(), list(luggage.losses)


def other(struct: Any, field: str, value: Any) -> Any:
    """Another value of the same type."""
    kind = get_type_hints(type(struct))[field]
    if get_origin(kind) is Literal:
        return next(word for word in get_args(kind) if word != value)
    match value:
        case bool():
            return not value
        case Enum():
            several = list(type(value))
            return several[(several.index(value) + 1) % len(several)]
        case dt.date():
            return value + dt.timedelta(days=400)
        case int() | Decimal():
            return value + 1
        case _:
            return f"{value}x"


def covers(lost: Loss, path: str) -> bool:
    """Whether a loss names a path or one of its parents; the empty one is the whole record."""
    return not lost.field or path == lost.field or path.startswith((f"{lost.field}.", f"{lost.field}["))


@pytest.mark.parametrize("name", WRITTEN)
def test_every_field_is_written_or_declared_as_lost(name: str) -> None:
    read, luggage = full()
    record = read.record
    assert isinstance(record, Credential)
    before, _ = written(record, read, luggage, name)
    assert before
    noticed: set[tuple[str, str]] = set()
    for path, value in leaves(record):
        struct, field = parents(record, path)[-1]
        shape: type[msgspec.Struct] = type(struct)
        place = (shape.__name__, dict(fields(shape))[field])
        if place in noticed | NO_FACTS:
            continue
        after, lost = written(changed(record, path, other(struct, field, value)), read, luggage, name)
        if after != before or any(covers(each, path) for each in lost):
            noticed.add(place)
    holders = {(shape, field) for shape, field in declared(Credential) if _holds_structs(shape, field)}
    overlooked = declared(Credential) - noticed - holders - NO_FACTS
    assert sorted(overlooked) == [], f"{name} writes these fields nowhere, and names no loss"
    assert declared(Credential) >= NO_FACTS


def _holds_structs(shape: str, field: str) -> bool:
    """Whether a field holds structs, whose own fields are looked at instead."""
    kinds = {kind.__name__: kind for kind in shapes_of(Credential)}
    found = next(info for info in msgspec.structs.fields(kinds[shape]) if info.encode_name == field)
    return bool(shapes_of(found.type))
