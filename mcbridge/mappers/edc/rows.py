"""Rows: what becomes of each field of a struct, and the driver that leaves none out.

A ``Table`` belongs to one struct. It is compiled with the fields of the struct in
hand, so a field without a row is a loss by itself, and a row for a field that does
not exist is an error when the module is imported. The row holds the conversion: it
writes into the node, or names the loss and why.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec import Struct

from mcbridge.mappers.edc import values
from mcbridge.mappers.edc.restoring import put_back
from mcbridge.mappers.edc.rules import ZONE_ASSUMED
from mcbridge.mappers.edc.writing import Node, Writing
from mcbridge.model import Residue
from mcbridge.model.leaves import BOOKKEEPING

NO_PLACE: Final = "loss/no-place"
RESIDUE: Final = "loss/residue"


class Above(Struct, frozen=True):
    """What the parts of a claim take from it: its heading, its awarding process, and how deep they are.

    ``claim`` is the node of the claim that a specification belongs to; ``qualification`` tells that the part has to
    be one, because the whole is.
    """

    heading: Node | None = None
    process: Node | None = None
    depth: int = 0
    claim: Node | None = None
    qualification: bool = False


class Frame(Struct, frozen=True):
    """One struct that is being written: its canonical path, its node so far, and what is above it."""

    run: Writing
    entity: Any
    path: str
    node: Node
    above: Above = Above()


Put = Callable[[Frame, Any, str], None]
Convert = Callable[[Frame, Any, str], Any]
"""From a value and its canonical path to JSON; ``None`` when it is refused, and then the loss is named."""


class Row(Struct, frozen=True):
    """One field. ``keys`` are the ELM properties that it goes to, none for a field that has no place."""

    field: str
    keys: tuple[str, ...]
    put: Put


def one(name: str, key: str, convert: Convert) -> Row:
    """A field that is one value of one property."""

    def put(frame: Frame, value: Any, path: str) -> None:
        found = convert(frame, value, path)
        if found is not None:
            frame.node[key] = found

    return Row(name, (key,), put)


def many(name: str, key: str, convert: Convert) -> Row:
    """A collection: each item is one value of a property that repeats."""

    def put(frame: Frame, value: Any, path: str) -> None:
        for index, item in enumerate(value):
            add(frame.node, key, convert(frame, item, f"{path}[{index}]"))

    return Row(name, (key,), put)


def listed(name: str, key: str, convert: Convert) -> Row:
    """One value of a property that repeats."""

    def put(frame: Frame, value: Any, path: str) -> None:
        add(frame.node, key, convert(frame, value, path))

    return Row(name, (key,), put)


def first(name: str, key: str, convert: Convert) -> Row:
    """A collection of which the property takes one; the others are lost."""

    def put(frame: Frame, value: Any, path: str) -> None:
        for index, item in enumerate(value):
            here = f"{path}[{index}]"
            if key in frame.node:
                frame.run.lose(here, "loss/single-value", f"ELM has room for one {key} here", item)
            elif (found := convert(frame, item, here)) is not None:
                frame.node[key] = found

    return Row(name, (key,), put)


def by(format: Callable[[Any], Any]) -> Convert:
    """The conversion of a value that only has to be formatted."""

    def convert(frame: Frame, value: Any, path: str) -> Any:
        return format(value)

    return convert


def spelled(format: Callable[[Any], Any], read: Callable[[str], Any], form: re.Pattern[str] | None = None) -> Convert:
    """The conversion of a value that an EDC may have spelled otherwise, which is kept while it reads as the value.

    A spelling that is not of the ``form`` which its type demands is not kept: the issuer would refuse it.
    """

    def convert(frame: Frame, value: Any, path: str) -> Any:
        written = frame.run.spellings.get(path)
        if written is None or (form is not None and form.fullmatch(written) is None) or read(written) != value:
            return format(value)
        return written

    return convert


DAY: Final = spelled(values.day, values.day_of, values.INSTANT)
NUMBER: Final = spelled(values.number, values.number_of)
SAME: Final = by(lambda value: value)
"""The conversion of a value that JSON has as it is."""


def _moment(frame: Frame, value: dt.datetime, path: str) -> str:
    """The conversion of a moment. One without a time zone is in UTC, as the issuer takes it, and that is said."""
    written: str = _SPELLED(frame, value, path)
    if value.tzinfo is None and written.endswith("Z"):
        frame.run.find(ZONE_ASSUMED, path, written)
    return written


_SPELLED: Final = spelled(values.instant, values.instant_of, values.INSTANT)
INSTANT: Final[Convert] = _moment


def own(name: str, keys: tuple[str, ...], put: Put) -> Row:
    """A field with a way of its own."""
    return Row(name, keys, put)


def lost(name: str, code: str, why: str) -> Row:
    """A field that ELM has no place for, with the reason."""

    def put(frame: Frame, value: Any, path: str) -> None:
        frame.run.lose(path, code, why, value)

    return Row(name, (), put)


def elsewhere(name: str, *keys: str) -> Row:
    """A field that is written before or after the rows run, because others depend on it."""
    return Row(name, keys, _nothing)


def _nothing(frame: Frame, value: Any, path: str) -> None:
    return None


def add(node: Node, key: str, found: Any) -> None:
    """Append to a property that repeats, unless there is nothing to append."""
    if found is not None:
        node.setdefault(key, []).append(found)


class Table:
    """The rows of one struct, in the order in which the properties are written."""

    def __init__(self, shape: type[msgspec.Struct], *rows: Row) -> None:
        self.shape = shape
        self.rows = {row.field: row for row in rows}
        fields = {info.name: info for info in msgspec.structs.fields(shape)}
        if unknown := set(self.rows) - set(fields):
            raise ValueError(f"{shape.__name__} has no field {', '.join(sorted(unknown))}")
        if len(self.rows) != len(rows):
            raise ValueError(f"a field of {shape.__name__} has two rows")
        left = [name for name in fields if name not in self.rows and name not in BOOKKEEPING]
        ordered = sorted([*self.rows, *left], key=lambda name: name == "residue")  # its place has to be there by then
        self._steps = tuple(
            (name, info.encode_name, info.required, info.default, self._put(name))
            for name in ordered
            for info in [fields[name]]
        )

    def _put(self, name: str) -> Put:
        if name in self.rows:
            return self.rows[name].put
        return residues if name == "residue" else _no_place

    @property
    def without_place(self) -> tuple[str, ...]:
        """The fields that go nowhere, whatever they hold."""
        return tuple(name for name, *_ in self._steps if name not in self.rows or not self.rows[name].keys)

    def fill(self, frame: Frame) -> Node:
        """Run the rows over the fields that hold something."""
        entity, lead = frame.entity, f"{frame.path}." if frame.path else ""
        for name, encoded, required, default, put in self._steps:
            value = getattr(entity, name)
            if value is None or (not required and value == default):
                continue
            put(frame, value, lead + encoded)
        return frame.node


def _no_place(frame: Frame, value: Any, path: str) -> None:
    frame.run.lose(path, NO_PLACE, "ELM has no place for this here", value)


def residues(frame: Frame, value: tuple[Residue, ...], path: str) -> None:
    """What an EDC said beside goes back to its place; what another format said has none here."""
    for index, item in enumerate(value):
        if not put_back(frame.node, item, frame.run.contents):
            why = f"{item.format} said this at {item.path}, and ELM has no word for it"
            frame.run.lose(f"{path}[{index}]", RESIDUE, why, leaves=1)
