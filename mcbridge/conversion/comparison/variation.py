"""What else may stand in each field of a record, by the types of the model.

Nothing, an empty text, a word that is on no list, another code, a reference to nobody, a second value: a conversion
may take one of them and not the other.
"""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from mcbridge.conversion.comparison.fields import infos
from mcbridge.model import Concept, Credential, Document, Field, Organisation, Residue, Spelling, Text
from mcbridge.model.leaves import count, structs
from mcbridge.tables import Tables

AT_ONCE: Final = 20
WIDE_AT_ONCE: Final = 5
"""So many changes are tried in one record, each of another shape; fewer of those that hide others."""
WORDS: Final = ("", " two  spaces\n and \x01", "no such thing", "http://data.europa.eu/snb/eqf/6")
"""What may stand where a text is: no format and no list takes all of them."""
MEDIA_TYPES: Final = ("application/pdf; version=1.7",)
NUMBERS: Final = (0, -1, 101)
FIXED: Final = frozenset({("Credential", "version"), ("Credential", "id"), ("Document", "format"), ("Document", "id")})
"""Fields that say which record it is; any other value makes it another record, or none."""


class Change(msgspec.Struct, frozen=True, eq=False):
    """Another value for a field wherever a struct has it; without a field, for the struct itself."""

    shape: type
    field: str | None
    other: Callable[[Any], Any]
    saying: bool = False
    wide: bool = False


Where = Callable[[Change, int], bool]
"""Whether a change is made at a place: the places where it fits are numbered, the same for all changes of a field."""


def everywhere(change: Change, number: int) -> bool:
    """At every place."""
    return True


def changed(record: Credential, changes: Iterable[Change], where: Where = everywhere) -> Credential:
    """The record with changes made."""
    made: Credential = _Changing(changes, where).of(record)
    return made


def fitting(record: Credential, change: Change) -> int:
    """At how many places a change can be made."""
    changing = _Changing([change], lambda *_: False)
    changing.of(record)
    return changing.met.get(change, -1) + 1


class _Changing:
    """Changes being made; what holds nothing that they are about is left alone."""

    def __init__(self, changes: Iterable[Change], where: Where) -> None:
        self.where = where
        self.met: dict[Change, int] = {}
        self.of_field: dict[tuple[type, str], list[Change]] = {}
        self.of_shape: dict[type, list[Change]] = {}
        for each in changes:
            if each.field is None:
                self.of_shape.setdefault(each.shape, []).append(each)
            else:
                self.of_field.setdefault((each.shape, each.field), []).append(each)
        self.shapes = {*self.of_shape, *(shape for shape, _ in self.of_field)}
        self.plans: dict[type, list[tuple[str, bool, list[Change]]]] = {}

    def of(self, value: Any) -> Any:
        """The value, changed."""
        if isinstance(value, tuple):
            return tuple([self.of(item) for item in value])
        kind, new = type(value), {}
        if not isinstance(value, msgspec.Struct):
            return value
        for name, deeper, own in self._plan(kind):
            held = getattr(value, name)
            if deeper and held:
                held = self.of(held)
            for change in own:
                held = self._made(change, held)
            new[name] = held
        if new:
            value = replace(value, **new)
        for change in self.of_shape.get(kind, ()):
            value = self._made(change, value)
        return value

    def _made(self, change: Change, value: Any) -> Any:
        number = self.met[change] = self.met.get(change, -1) + 1
        return change.other(value) if self.where(change, number) else value

    def _plan(self, kind: type) -> list[tuple[str, bool, list[Change]]]:
        if kind not in self.plans:
            found = [
                (info.name, not self.shapes.isdisjoint(_shapes(info.type)), self.of_field.get((kind, info.name), []))
                for info in infos(kind)
            ]
            self.plans[kind] = [each for each in found if each[1] or each[2]]
        return self.plans[kind]


def changes(record: Credential, tables: Tables) -> list[Change]:
    """All there are, so ordered that those of one field are apart."""
    known = _Known(record)
    by_field = [list(_of_field(shape, info, known)) for shape in _shapes(Credential) for info in _fields(shape)]
    by_field += [list(_of_lists(tables)), list(_grafts(known)), list(_alone())]
    longest = max(map(len, by_field))
    return [found[at] for at in range(longest) for found in by_field if at < len(found)]


class _Known:
    """What the record holds: its organisations, the fields that name them, and the fullest struct of each shape."""

    def __init__(self, record: Credential) -> None:
        self.ids = [one.id for one in record.organisations]
        self.referring: set[tuple[type, str]] = set()
        self.fullest: dict[type, tuple[int, Any]] = {}
        for one in structs(record):
            size = count(one)
            if size > self.fullest.get(type(one), (0, None))[0]:
                self.fullest[type(one)] = size, one
            for name in one.__struct_fields__:
                value = getattr(one, name)
                if value in self.ids or (isinstance(value, tuple) and any(each in self.ids for each in value)):
                    self.referring.add((type(one), name))


def rounds(found: Sequence[Change]) -> list[list[Change]]:
    """The changes that are tried together: never two of one shape, and fewer of those that take much away."""
    wide = [change for change in found if change.wide or change.field is None]
    narrow = [change for change in found if not (change.wide or change.field is None)]
    return [*_rounds(narrow, AT_ONCE), *_rounds(wide, WIDE_AT_ONCE)]


def _rounds(found: Sequence[Change], size: int) -> list[list[Change]]:
    made: list[list[Change]] = [[] for _ in range(-(-len(found) // size))]
    for at, change in enumerate(found):
        for step in range(len(made)):
            one = made[(at + step) % len(made)]
            if len(one) < size and all(each.shape is not change.shape for each in one):
                one.append(change)
                break
        else:
            made.append([change])
    return made


def _fields(shape: type) -> Iterator[msgspec.structs.FieldInfo]:
    for info in infos(shape):
        if (shape.__name__, info.name) not in FIXED and info.name not in {"residue", "spellings"}:
            yield info


def _of_field(shape: type, info: msgspec.structs.FieldInfo, known: _Known) -> Iterator[Change]:
    name, kind = info.name, _kind(info.type)
    if kind is tuple:
        yield Change(shape, name, lambda value: value + value, saying=True)
        kind = _kind(typing.get_args(_plain(info.type))[0])
    holding = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    if not info.required:
        yield Change(shape, name, _always(info.default), wide=holding)
    for other in _others(kind):
        yield Change(shape, name, _everywhere(other))
    if name == "media_type":
        for word in MEDIA_TYPES:
            yield Change(shape, name, _everywhere(_always(word)))
    for other in _members(kind):
        yield Change(shape, name, _everywhere(other), saying=True, wide=typing.get_origin(kind) is not typing.Literal)
    if holding:
        yield Change(shape, name, _everywhere(_bare), wide=True)
        yield Change(shape, name, _everywhere(_blank), wide=True)
        yield Change(shape, name, _and_a_blank_one, saying=True)
    if (shape, name) in known.referring:
        ids = known.ids
        for at in range(1, len(ids)):
            yield Change(shape, name, _everywhere(partial(_next, ids, at)))


def _next(ids: list[str], step: int, value: str) -> str:
    return ids[(ids.index(value) + step) % len(ids)] if value in ids else value


def _everywhere(other: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The change of a value as that of a collection, and of nothing into nothing."""

    def change(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(other(item) for item in value)
        return value if value is None else other(value)

    return change


def _others(kind: Any) -> Iterator[Callable[[Any], Any]]:
    if kind is str:
        for word in WORDS:
            yield _always(word)
    elif kind in {int, Decimal}:
        for number in NUMBERS:
            yield _always(kind(number))
        if kind is Decimal:
            yield lambda value: value + Decimal("0.5")
    elif kind in {dt.date, dt.datetime}:
        yield lambda value: value + dt.timedelta(days=400)


def _members(kind: Any) -> Iterator[Callable[[Any], Any]]:
    """All the words of a closed list of the model's own."""
    if kind is bool:
        yield lambda value: not value
    elif isinstance(kind, type) and issubclass(kind, Enum):
        for member in kind:
            yield _always(member)
    elif typing.get_origin(kind) is typing.Literal:
        for word in typing.get_args(kind):
            yield _always(word)


def _bare(value: Any, *more: str) -> Any:
    """A struct with nothing but what it must have, and ``more``."""
    kept = {info.name for info in infos(type(value)) if info.required} | set(more)
    return type(value)(**{name: getattr(value, name) for name in kept})


def _and_a_blank_one(value: Any) -> Any:
    """One more in a collection, which says nothing."""
    return (*value, _blank(value[0])) if isinstance(value, tuple) and value else value


def _only(name: str, value: Any) -> Any:
    return _bare(value, name)


def _blank(value: Any) -> Any:
    """A struct whose mandatory texts are there and empty."""
    bare = _bare(value)
    return replace(bare, **{name: "" for name in bare.__struct_fields__ if type(getattr(bare, name)) is str})


def _grafts(known: _Known) -> Iterator[Change]:
    """The fullest struct of a shape in the place of each other."""
    for shape, (_, one) in known.fullest.items():
        if shape not in {Credential, Organisation, Document, Text}:
            yield Change(shape, None, partial(_grafted, one), saying=True)


def _alone() -> Iterator[Change]:
    """Of a struct one thing only; of an organisation nothing but that it is there."""
    yield Change(Organisation, None, _bare)
    for shape in _shapes(Credential):
        if shape not in {Credential, Organisation, Document, Text}:
            for info in _fields(shape):
                if not info.required:
                    yield Change(shape, None, partial(_only, info.name))


def _grafted(one: Any, value: Any) -> Any:
    """What ``value`` says, and what ``one`` says where it says nothing; what it holds of its own kind stays away."""
    new = {
        info.name: getattr(one, info.name)
        for info in infos(type(value))
        if not info.required and getattr(value, info.name) == info.default and info.name != "parts"
    }
    return replace(value, **new)


def _of_lists(tables: Tables) -> Iterator[Change]:
    """A code of each list of ours, for whatever is coded."""
    for name in tables.names("vocabularies"):
        code = next(iter(tables.vocabulary(name))).code
        for shape in (Concept, Field):
            yield Change(shape, None, partial(_coded, code, name), saying=True)


def _coded(code: str, scheme: str, value: Any) -> Any:
    return replace(value, code=code, scheme=scheme)


def _always(value: Any) -> Callable[[Any], Any]:
    """Puts one value in the place of any."""
    return lambda _: value


def _plain(annotation: Any) -> Any:
    """A type without ``None``."""
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        return next(each for each in typing.get_args(annotation) if each is not type(None))
    return annotation


def _kind(annotation: Any) -> Any:
    plain = _plain(annotation)
    return tuple if typing.get_origin(plain) is tuple else plain


@cache
def _shapes(root: Any) -> tuple[type, ...]:
    found: dict[type, None] = {}
    waiting = [root]
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            if kind not in found and kind not in {Residue, Spelling}:
                found[kind] = None
                waiting += [info.type for info in infos(kind)]
        else:
            waiting += typing.get_args(kind)
    return tuple(found)
