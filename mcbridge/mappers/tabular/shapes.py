"""Tables of what an entity is made of: one row a field, with the targets that fill it.

A table is compiled for the targets that a file and its profile really have, so that a
row of the file costs only what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct

from mcbridge.mappers.tabular.values import Values
from mcbridge.model import Identifier, Text
from mcbridge.model.leaves import members
from mcbridge.tables import Column

T = TypeVar("T", bound=Struct)


class Inner(NamedTuple):
    """An entity within an entity; ``several``: its field holds a tuple."""

    shape: type[Struct]
    fills: tuple[Fill, ...]
    several: bool


One = Callable[[Column, str | None], Callable[[Any], Any]]
"""For a column and its language: a field from its only value, a text or a day."""


class Fill(NamedTuple):
    """One field of an entity, the targets it needs, and how it is made of their values.

    ``one`` makes the same of a single value, without the way through ``Values``.
    """

    field: str
    targets: tuple[str, ...]
    make: Callable[[Values], Any]
    inner: Inner | None = None
    one: One | None = None


def texts(field: str, target: str) -> Fill:
    """One thing said in several languages."""
    return Fill(
        field, (target,), lambda values: values.texts(target), one=lambda _, lang: lambda value: (Text(value, lang),)
    )


def first(field: str, target: str) -> Fill:
    """The only value."""
    return Fill(field, (target,), lambda values: values.first(target), one=lambda *_: lambda value: value)


def strings(field: str, target: str) -> Fill:
    """Plain texts or bare codes."""
    return Fill(field, (target,), lambda values: values.strings(target), one=lambda *_: lambda value: (value,))


def concept(field: str, target: str) -> Fill:
    """A coded word."""
    return Fill(field, (target,), lambda values: values.concept(target))


def concepts(field: str, target: str) -> Fill:
    """Coded words."""
    return Fill(field, (target,), lambda values: values.concepts(target))


def coded(field: str, target: str, to: Callable[[str], Any]) -> Fill:
    """A bare code as something else."""

    def make(values: Values) -> Any:
        code = values.code(target)
        return None if code is None else to(code)

    return Fill(field, (target,), make)


def notes(field: str, target: str) -> Fill:
    """Remarks, each in several languages."""
    return Fill(field, (target,), lambda values: values.notes(target))


def identifiers(field: str, target: str) -> Fill:
    """Numbers with their types."""
    return Fill(field, (target,), lambda values: values.identifiers(target), one=_identifier)


def _identifier(column: Column, _: str | None) -> Callable[[Any], tuple[Identifier, ...]]:
    return lambda value: (Identifier(value=value, type=column.type, country=column.country),)


def credits_(field: str, target: str) -> Fill:
    """Credits with their schemes."""
    return Fill(field, (target,), lambda values: values.credits(target))


def links(field: str, target: str) -> Fill:
    """Pages."""
    return Fill(field, (target,), lambda values: values.links(target))


def parties(field: str, target: str) -> Fill:
    """Local ids of organisations."""
    return Fill(field, (target,), lambda values: values.ids(target))


def one_party(field: str, target: str) -> Fill:
    """The local id of an organisation."""
    return Fill(field, (target,), lambda values: next(iter(values.ids(target)), None))


def spellings(*paths: tuple[str, str]) -> Fill:
    """How values were written: path within the entity, and target."""
    return Fill("spellings", tuple(target for _, target in paths), lambda values: values.spellings(paths))


def part(field: str, shape: type[Struct], *fills: Fill) -> Fill:
    """An entity within the entity; none when nothing is said of it."""
    return Fill(field, targets_of(fills), _part(shape, fills, targets_of(fills)), Inner(shape, fills, several=False))


def parts(field: str, shape: type[Struct], *fills: Fill) -> Fill:
    """The same where the entity could hold several: one for each number that the columns have, or none."""
    return Fill(field, targets_of(fills), _parts(shape, fills, targets_of(fills)), Inner(shape, fills, several=True))


def targets_of(fills: Iterable[Fill]) -> tuple[str, ...]:
    """All targets of a table."""
    return tuple(dict.fromkeys(target for fill in fills for target in fill.targets))


def maker(shape: type[T], fills: Iterable[Fill], present: Collection[str]) -> Callable[[Values], T]:
    """What makes an entity of the values of a row, for rows with these targets."""
    wanted = tuple(
        (fill.field, compiled(fill, present)) for fill in fills if any(target in present for target in fill.targets)
    )

    def make(values: Values) -> T:
        return shape(**{field: made(values) for field, made in wanted})

    return make


def one_of(fills: Iterable[Fill], target: str) -> tuple[str, One] | None:
    """Field and function for a target that alone fills its field, also within an entity of the entity."""
    for fill in fills:
        if target in fill.targets and fill.field != "spellings":
            if fill.inner is None:
                return (fill.field, fill.one) if fill.one is not None else None
            return _within(fill.field, fill.inner, target)
    return None


def _within(field: str, inner: Inner, target: str) -> tuple[str, One] | None:
    found = one_of(inner.fills, target)
    if found is None:
        return None
    name, one = found
    shape, several = inner.shape, inner.several

    def make(column: Column, lang: str | None) -> Callable[[Any], Any]:
        inside = one(column, lang)
        if several:
            return lambda value: (shape(**{name: inside(value)}),)
        return lambda value: shape(**{name: inside(value)})

    return field, make


def compiled(fill: Fill, present: Collection[str]) -> Callable[[Values], Any]:
    """What makes a field, for rows with these targets."""
    if fill.inner is None:
        return fill.make
    made = _parts if fill.inner.several else _part
    return made(fill.inner.shape, fill.inner.fills, present)


def _part(shape: type[Struct], fills: Iterable[Fill], present: Collection[str]) -> Callable[[Values], Struct | None]:
    make = maker(shape, fills, present)
    targets = tuple(target for target in targets_of(fills) if target in present)
    nothing = shape() if not any(member.required for member in members(shape)) else None

    def made(values: Values) -> Struct | None:
        one = make(values) if values.any(*targets) else None
        return None if one == nothing else one

    return made


def _parts(
    shape: type[Struct], fills: Iterable[Fill], present: Collection[str]
) -> Callable[[Values], tuple[Struct, ...]]:
    make = _part(shape, fills, present)
    targets = tuple(target for target in targets_of(fills) if target in present)

    def made(values: Values) -> tuple[Struct, ...]:
        return tuple(one for each in values.series(targets) if (one := make(each)) is not None)

    return made
