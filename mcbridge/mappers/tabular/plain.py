"""Entities straight from the cells of a row, field by field, each remembered by the cells that it is made of.

That is for cells that say what they say and no more. As soon as there is something to
tell about one, the way through ``Values`` is taken, which knows how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.mappers.tabular.shapes import Fill, compiled, one_of
from mcbridge.mappers.tabular.sheet import Part, Sheet, Slot

T = TypeVar("T", bound=Struct)

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


_Field = tuple[str, Callable[[Sequence[str]], Any], Remembered]
"""The name of a field, what takes its cells out of a row, and what is made of them."""


class Fields:
    """The fields of an entity: those ``given`` are the same in every row, the others are made of cells."""

    def __init__(self, sheet: Sheet, fills: Iterable[Fill]) -> None:
        self.given: dict[str, Any] = {}
        self._sheet = sheet
        self._all: list[_Field] = []
        self._fields: list[_Field] = []
        for fill in fills:
            part = sheet.part(fill.targets)
            if part.slots or part.defaults:
                self._add(fill, part)
            elif part.constants:
                self.given[fill.field] = compiled(fill, part.present)(sheet.values(part, ())[0])

    def of(self, cells: Sequence[str]) -> dict[str, Any]:
        """What the cells of a row make of them. Raises ``NotPlain``."""
        return {field: known[key(cells)] for field, key, known in self._fields}

    def _add(self, fill: Fill, part: Part) -> None:
        make = self._reader(fill, part)
        single = len(part.slots) == 1 and not part.constants and not part.defaults
        swift = self._swift(fill, part.slots[0], make) if single else None
        field = (fill.field, part.key, Remembered(make) if swift is None else Kept(swift))
        self._all.append(field)
        if not single or fill.field != "spellings" or part.slots[0].swift is None:
            self._fields.append(field)

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
        swift, lang, column = slot.swift, slot.lang, slot.column
        one = one_of((fill,), slot.target)
        if one is None or swift is None:
            return None
        _, made_of = one

        def read_one(raw: str) -> Any:
            value = swift(raw)
            if value is not None:
                return made_of(value, column, lang)
            if raw and self._fields is not self._all:
                self._fields = self._all
                raise NotPlain
            return read(raw)

        return read_one


def plain(sheet: Sheet, shape: type[T], fills: Iterable[Fill]) -> Callable[[Sequence[str]], T]:
    """What makes an entity of the cells of a row. It raises ``NotPlain``."""
    fields = Fields(sheet, fills)
    base, of = shape(**fields.given), fields.of
    return lambda cells: replace(base, **of(cells))
