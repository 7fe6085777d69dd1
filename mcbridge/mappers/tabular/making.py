"""Rows into what they say: the learner, and the claim with its offer and the organisations around it.

What is not about the learner is remembered by the cells it was made of, since many
learners reach the same offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from msgspec.structs import replace

from mcbridge.mappers.tabular.cell import Cell
from mcbridge.mappers.tabular.claim import ASSESSED, HEAD, LEARNER, RESULT, grading_scheme
from mcbridge.mappers.tabular.offer import OFFER
from mcbridge.mappers.tabular.shapes import One, maker, one_of, targets_of
from mcbridge.mappers.tabular.sheet import Part, Sheet, Trouble
from mcbridge.mappers.tabular.values import ROLES, Value
from mcbridge.model import Achievement, GradingScheme, Learner, Organisation, Specification
from mcbridge.tables import TARGETS, Column

T = TypeVar("T")
REMEMBERED: Final = 2048
"""How many different claims are remembered; then remembering begins anew."""


class Claim(NamedTuple):
    """What a row says but for the learner. ``head`` are the fields of the credential itself.

    ``issuer``: who awards also issues when nobody else is ``named``.
    """

    achievement: Achievement
    issuer: str | None
    named: bool
    organisations: tuple[Organisation, ...]
    schemes: tuple[GradingScheme, ...]
    head: dict[str, Any]
    troubles: tuple[Trouble, ...]


class _Described(NamedTuple):
    specification: Specification | None
    agencies: tuple[Organisation, ...]
    troubles: list[Trouble]


class _Frame(NamedTuple):
    head: dict[str, Any]
    issuers: tuple[str, ...]
    bodies: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    by_target: Mapping[str, Sequence[Value]]
    troubles: list[Trouble]


_AROUND: Final = frozenset({*ROLES, *targets_of(HEAD)} - {*targets_of(OFFER)})
_AWARDED: Final = frozenset({*targets_of(RESULT)} - _AROUND)


class Claims:
    """Claims by the cells they are made of: first of all of them, then of those of the offer, and those around it."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._rest = sheet.part(TARGETS.keys() - targets_of(LEARNER))
        self._offer = sheet.part(targets_of(OFFER))
        self._frame = sheet.part(_AROUND)
        self._award = sheet.part(_AWARDED)
        self._specify = maker(Specification, OFFER, self._offer.present)
        self._achieve = maker(Achievement, RESULT, self._award.present | self._frame.present)
        self._scaled = "assessment.gradingScheme" in self._award.present
        self._of = remembering(self._rest, self._make)
        self._offered = remembering(self._offer, self._offering)
        self._framed = remembering(self._frame, self._framing)

    def of(self, cells: Sequence[str]) -> Claim:
        """The claim of a row."""
        return self._of(cells)

    def _make(self, cells: Sequence[str]) -> Claim:
        offer, frame = self._offered(cells), self._framed(cells)
        found, troubles = self._sheet.values(self._award, cells)
        values = self._sheet.together({**frame.by_target, **found.by_target})
        achieved = self._achieve(values)
        scales = map(grading_scheme, values.series(ASSESSED)) if self._scaled else ()
        troubles += [Trouble(at, target, 0, problem) for at, target, problem in values.problems]
        return Claim(
            replace(achieved, specification=offer.specification) if offer.specification is not None else achieved,
            next(iter(frame.issuers or frame.bodies), None),
            bool(frame.issuers),
            tuple({each.id: each for each in (*frame.organisations, *offer.agencies)}.values()),
            tuple({scale.id: scale for scale in scales if scale is not None}.values()),
            frame.head,
            (*offer.troubles, *frame.troubles, *troubles),
        )

    def _offering(self, cells: Sequence[str]) -> _Described:
        values, troubles = self._sheet.values(self._offer, cells)
        made = self._specify(values)
        troubles += [Trouble(at, target, 0, problem) for at, target, problem in values.problems]
        return _Described(made if made != Specification() else None, values.organisations(), troubles)

    def _framing(self, cells: Sequence[str]) -> _Frame:
        values, troubles = self._sheet.values(self._frame, cells)
        head = {fill.field: fill.make(values) for fill in HEAD}
        return _Frame(
            {name: value for name, value in head.items() if value},
            values.ids("issuer"),
            values.ids("awardingBody"),
            values.organisations(),
            values.by_target,
            troubles,
        )


def remembering(part: Part, make: Callable[[Sequence[str]], T]) -> Callable[[Sequence[str]], T]:
    """``make`` for rows, but once for equal cells of a part."""
    made: dict[Any, T] = {}

    def remembered(cells: Sequence[str]) -> T:
        key = part.key(cells)
        found = made.get(key)
        if found is None:
            if len(made) >= REMEMBERED:
                made.clear()
            found = made[key] = make(cells)
        return found

    return remembered


_Plain = tuple[str, One, int, str | None, Column, Callable[[str], Cell]]
"""A field, what makes it of a value, and the column: its index, language, profile and reader."""


class Persons:
    """Learners of rows."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._part = sheet.part(targets_of(LEARNER))
        self._make = maker(Learner, LEARNER, self._part.present)
        self._plain = self._plainly()

    def of(self, cells: Sequence[str]) -> tuple[Learner, Sequence[Trouble]]:
        """The learner of a row, and what is wrong with the cells about them.

        Most learners are a row of plain cells, one for a field; whatever is more than that goes the long way.
        """
        fields: dict[str, Any] = {}
        for field, one, at, lang, column, read in self._plain:
            values, problems = read(cells[at])
            if problems or len(values) > 1:
                break
            if values:
                (value, spelling), *_ = values
                if spelling is not None:
                    break
                fields[field] = one(value, column, lang)
        else:
            if self._plain:
                return Learner(**fields), ()
        return self._at_length(cells)

    def _plainly(self) -> list[_Plain]:
        """The columns, when each fills a field of its own and nothing else does; else none."""
        found: dict[str, _Plain] = {}
        for slot in self._part.slots:
            one = one_of(LEARNER, slot.target)
            if one is None or one[0] in found:
                return []
            found[one[0]] = (*one, slot.at, slot.lang, slot.column, slot.read)
        return [] if self._part.constants or self._part.defaults else list(found.values())

    def _at_length(self, cells: Sequence[str]) -> tuple[Learner, Sequence[Trouble]]:
        values, troubles = self._sheet.values(self._part, cells)
        return self._make(values), troubles

    def differing(self, cells: Sequence[str], others: Sequence[str]) -> int:
        """The index of the first cell about the learner that says something else, -1 when there is none."""
        slots = self._part.slots
        return next((s.at for s in slots if _said(s.read(cells[s.at])) != _said(s.read(others[s.at]))), -1)


def _said(cell: Any) -> list[Any]:
    return [value for value, _ in cell.values]
