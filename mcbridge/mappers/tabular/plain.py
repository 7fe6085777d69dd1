"""Entities straight from the cells of a row, field by field, each remembered by the cells that it is made of.

That is for cells that say what they say and no more. As soon as there is something to
tell about one, the way through ``Values`` is taken, which knows how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.mappers.tabular.shapes import Fill, Inner, compiled, one_of
from mcbridge.mappers.tabular.sheet import Part, Sheet, Slot
from mcbridge.model.leaves import members

REMEMBERED: Final = 8192
"""How many different cells of one field are remembered; then remembering begins anew."""


class NotPlain(Exception):
    """There is something to tell about a cell of this row."""


class Remembered(dict[Any, Any]):
    """What was made of each key; of a new key it is made when it is asked for."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: Any) -> Any:
        made = self.make(key)
        if len(self) >= REMEMBERED:
            self.clear()
        self[key] = made
        return made


class Kept(Remembered):
    """The same for what is soon made: the first keys are remembered and no others."""

    __slots__ = ()

    def __missing__(self, key: Any) -> Any:
        if len(self) >= REMEMBERED:
            return self.make(key)
        made = self[key] = self.make(key)
        return made


_Field = tuple[str, str, Any]
"""The name of a field, what makes it, and the end of the expression that asks that for the cells of a row."""


class Fields:
    """The fields of an entity, those that are the same in every row and those that are made of cells.

    ``of`` takes a row and makes them: the entity, or a dictionary where no ``base`` of the shape is given. It raises
    ``NotPlain``, and may be another function afterwards.
    """

    def __init__(self, sheet: Sheet, fills: Iterable[Fill], shape: type[Struct] | None = None) -> None:
        self.of: Callable[[Sequence[str]], Any]
        self._sheet = sheet
        self._all: list[_Field] = []
        given: dict[str, Any] = {}
        seldom: list[_Field] = []
        for fill in fills:
            part = sheet.part(fill.targets)
            if fill.inner is not None and _apart(fill.inner, part):
                self._all.append((fill.field, "(cells)", self._entity(fill.inner)))
            elif part.slots or part.defaults:
                field, often = self._field(fill, part)
                self._all.append(field)
                if not often:
                    seldom.append(field)
            elif part.constants:
                given[fill.field] = compiled(fill, part.present)(sheet.values(part, ())[0])
        self._base = given if shape is None else shape(**given)
        self._careful = not seldom
        self.of = written(self._base, [field for field in self._all if field not in seldom])

    def _entity(self, inner: Inner) -> Callable[[Sequence[str]], Any]:
        """An entity within the entity, by its own fields: days and names seldom meet twice."""
        fields, nothing = Fields(self._sheet, inner.fills, inner.shape), inner.shape()

        def entity(cells: Sequence[str]) -> Any:
            made = fields.of(cells)
            return None if made == nothing else made

        return entity

    def _field(self, fill: Fill, part: Part) -> tuple[_Field, bool]:
        """A field, and whether it is to be looked at before any cell needs care."""
        make = self._reader(fill, part)
        single = len(part.slots) == 1 and not part.constants and not part.defaults
        swift = self._swift(fill, part.slots[0], make) if single else None
        cells = [f"cells[{slot.at}]" for slot in part.slots]
        key = f"[{', '.join(cells) or '()'}]"
        often = not single or fill.field != "spellings" or part.slots[0].swift is None
        return (fill.field, key, Remembered(make) if swift is None else Kept(swift)), often

    def _reader(self, fill: Fill, part: Part) -> Callable[[Any], Any]:
        """A field from its cell, or from a tuple of several."""
        make, values_of = compiled(fill, part.present), self._sheet.values
        single, near = len(part.slots) == 1, part.alone()

        def read(key: Any) -> Any:
            values, troubles = values_of(near, (key,) if single else key)
            made = make(values)
            if troubles or values.problems:
                raise NotPlain
            return made

        return read

    def _swift(self, fill: Fill, slot: Slot, read: Callable[[str], Any]) -> Callable[[str], Any] | None:
        """The same for a column whose cells seldom need care; its spellings are looked at from the first that does."""
        swift = slot.swift
        one = one_of((fill,), slot.target)
        if one is None or swift is None:
            return None
        made_of = one[1](slot.column, slot.lang)

        def read_one(raw: str) -> Any:
            value = swift(raw)
            if value is not None:
                return made_of(value)
            if raw and not self._careful:
                self._careful = True
                self.of = written(self._base, self._all)
                raise NotPlain
            return read(raw)

        return read_one


def _apart(inner: Inner, part: Part) -> bool:
    """Whether the fields of an entity within an entity can be made one by one, of several cells and nothing else."""
    if inner.several or len(part.slots) < 2 or part.constants or part.defaults:
        return False
    return not any(member.required for member in members(inner.shape))


def written(base: Any, fields: Sequence[_Field]) -> Callable[[Sequence[str]], Any]:
    """What makes a row into ``base`` with these fields.

    It is written out and compiled, as the standard library does for named tuples: a loop takes twice the time.
    """
    if not fields:
        return lambda _: base
    names: dict[str, Any] = {f"made{at}": made for at, (_, _, made) in enumerate(fields)}
    names |= {"base": base, "together": dict if isinstance(base, dict) else replace}
    several = ", ".join(f"{field}=made{at}{key}" for at, (field, key, _) in enumerate(fields))
    function: Callable[[Sequence[str]], Any] = eval(f"lambda cells: together(base, {several})", names)  # noqa: S307 - of names and numbers of ours
    return function
