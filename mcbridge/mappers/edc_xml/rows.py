"""Rows: what each element of a kind becomes, and the shapes that they make.

A ``Shape`` belongs to one kind of element. Its rows are compiled into one dictionary
from local names to functions; reading an element is one pass over its children, and
a child without a row is kept beside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
from lxml.etree import _Element
from msgspec import Struct

from mcbridge.mappers.edc_xml.frames import Frame, Put, attribute, children, key_of, local, local_name, ours
from mcbridge.mappers.edc_xml.rules import WRONG_VALUE

Read = Callable[[Frame, _Element, str, int | None], Any]
"""Reads one element: the frame it is in, the element, and the field and number it gets.

``None`` when it cannot be read; then it is kept beside, and that has been said.
"""
IDREF: Final = "idref"


class Row(Struct, frozen=True):
    """What becomes of elements of some name. ``fields`` are those of the struct that they fill."""

    names: tuple[str, ...]
    fields: tuple[str, ...]
    put: Put


def one(names: str, field: str, read: Read) -> Row:
    """An element that stands once. Several names are those of other versions."""

    def put(frame: Frame, element: _Element) -> None:
        if field in frame.fields:
            frame.again(element)
            return
        made = read(frame, element, field, None)
        if made is not None:
            frame.fields[field] = made
            frame.note(field, None, element)

    return Row(tuple(names.split()), (field,), put)


def many(names: str, field: str, read: Read) -> Row:
    """An element that repeats."""

    def put(frame: Frame, element: _Element) -> None:
        at = len(frame.fields.get(field, ()))
        made = read(frame, element, field, at)
        if made is not None:
            frame.fields.setdefault(field, []).append(made)
            frame.note(field, at, element)

    return Row(tuple(names.split()), (field,), put)


def own(names: str, fields: tuple[str, ...], put: Put) -> Row:
    """An element with a way of its own."""
    return Row(tuple(names.split()), fields, put)


def group(names: str, *rows: Row) -> Row:
    """An element that only holds others, which say something of the element above."""
    puts = {name: row.put for row in rows for name in row.names}

    def put(frame: Frame, element: _Element) -> None:
        inner = frame.within(element, frame.fields, f'"{local(element)}" of {frame.part}', value=True)
        fill(inner, puts)
        inner.spare(element)

    return Row(tuple(names.split()), tuple(field for row in rows for field in row.fields), put)


def fill(frame: Frame, puts: dict[str, Put]) -> None:
    """One pass over the children of an element."""
    for child in children(frame.element):
        put = puts.get(local(child)) if ours(child) else None
        if put is None:
            frame.stray(child)
        else:
            put(frame, child)


class Shape:
    """A kind of element and the struct that it becomes.

    ``names`` are the words for it. ``finish`` looks at the fields when all rows have run; ``attributes`` are those
    that rows look at besides the id.
    """

    def __init__(
        self,
        names: str,
        struct: type[msgspec.Struct],
        *rows: Row,
        finish: Callable[[Frame], None] | None = None,
        attributes: tuple[str, ...] = (),
        id: str | None = None,
    ) -> None:
        self.names = tuple(names.split())
        self.part = f"a {self.names[0]}" if self.names[0][0] not in "aeiou" else f"an {self.names[0]}"
        self.struct = struct
        self.rows = rows
        self._finish = finish
        self._attributes = attributes
        fields = set(struct.__struct_fields__)
        self.value = "residue" not in fields
        self._id = id or ("id" if "id" in fields else None)
        self._demands = frozenset(info.name for info in msgspec.structs.fields(struct) if info.required)
        self.fields = {field for row in rows for field in row.fields}
        if unknown := self.fields - fields:
            raise ValueError(f"{struct.__name__} has no field {', '.join(sorted(unknown))}")
        self.puts: dict[str, Put] = {name: row.put for row in rows for name in row.names}
        self._elements = {field: row.names[0] for row in reversed(rows) for field in row.fields}
        if self._id is not None:
            self.puts.setdefault("id", self._child_id)

    def _child_id(self, frame: Frame, element: _Element) -> None:
        """Places say their id in an element."""
        said = frame.leaf(element)
        if said and "id" not in frame.fields:
            frame.fields["id"] = said
            frame.note("id", None, element)
        else:
            frame.keep(element)

    def read(self, frame: Frame, element: _Element, name: str, index: int | None) -> Any:
        """The struct of an element, of one that it refers to, or nothing."""
        target = frame.run.target(frame, element, self.names) if attribute(element, IDREF) is not None else element
        if target is None:
            return None
        return self.made(frame.within(target, {}, self.part, name=name, index=index, value=self.value))

    def made(self, frame: Frame) -> Any:
        """The struct of a frame."""
        self.fill(frame)
        return self.built(frame)

    def fill(self, frame: Frame) -> None:
        """The fields of a frame."""
        element = frame.element
        said = attribute(element, "id")
        if said is not None:
            if self._id is not None and said and self._id not in frame.fields:
                frame.fields[self._id] = said
                frame.note(self._id, None, element)
            else:
                frame.keep(element, key_of(element, "id"))
        fill(frame, self.puts)
        frame.spare(element, "id", *self._attributes)
        if self._finish is not None:
            self._finish(frame)

    def built(self, frame: Frame) -> Any:
        """The struct of fields that have been filled; ``None`` without what it cannot do without."""
        if not self._demands <= frame.fields.keys():
            lacks = " and ".join(self._elements.get(name, name) for name in sorted(self._demands - frame.fields.keys()))
            up = frame.up or frame
            up.aside(frame.element, WRONG_VALUE, "incomplete", expected=f"{self.part} with {lacks}")
            return None
        return build(self.struct, frame)


def build(struct: Callable[..., Any], frame: Frame) -> Any:
    """The struct of the fields of a frame, in which lists become tuples; known to the trace."""
    fields = frame.fields
    for name, value in fields.items():
        if type(value) is list:
            fields[name] = tuple(value)
    made = struct(**fields)
    if frame.run.trace is not None:
        frame.run.trace.bind(made, fields, frame.run.pathed(frame.element))
    return made


def lazily(shape: Callable[[], Shape]) -> Read:
    """The reading of a shape that is defined further down, or that holds itself."""
    return lambda frame, element, name, index: shape().read(frame, element, name, index)


__all__ = ["IDREF", "Read", "Row", "Shape", "build", "fill", "group", "lazily", "local_name", "many", "one", "own"]
