"""Rows into what they say: the learner, and the claim with its offer and the organisations around it.

What is not about the learner is remembered by the cells it was made of, since many
learners reach the same offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.mappers.tabular.claim import ASSESSED, HEAD, LEARNER, PROGRAMME, RESULT, grading_scheme
from mcbridge.mappers.tabular.offer import OFFER
from mcbridge.mappers.tabular.plain import Fields, NotPlain
from mcbridge.mappers.tabular.shapes import Fill, maker, targets_of
from mcbridge.mappers.tabular.sheet import Part, Sheet, Trouble
from mcbridge.mappers.tabular.values import ROLES, Value, Values
from mcbridge.model import MODEL_VERSION, Achievement, Credential, GradingScheme, Learner, Organisation, Specification
from mcbridge.tables import TARGETS

T = TypeVar("T")
REMEMBERED: Final = 8192
"""How many different claims are remembered; then remembering begins anew."""


class Claim(Struct, frozen=True, gc=False):
    """What a row says but for the learner. ``head`` are the fields of the credential itself.

    ``credential`` is all of it, of nobody yet. ``programme`` is what the achievement is a part of, without it.

    ``issuer``: who awards also issues when nobody else is ``named``.
    """

    achievement: Achievement
    issuer: str | None
    named: bool
    organisations: tuple[Organisation, ...]
    schemes: tuple[GradingScheme, ...]
    head: dict[str, Any]
    troubles: tuple[Trouble, ...]
    credential: Credential
    programme: Achievement | None = None


class _Described(NamedTuple):
    specification: Specification | None
    agencies: tuple[Organisation, ...]
    troubles: list[Trouble]


class _Parties(NamedTuple):
    issuer: str | None
    named: bool
    organisations: tuple[Organisation, ...]
    by_target: Mapping[str, Sequence[Value]]
    troubles: list[Trouble]


class _Programme(NamedTuple):
    programme: Achievement | None
    troubles: list[Trouble]


_NO_PROGRAMME: Final = _Programme(None, [])


class _Told(Struct, frozen=True, gc=False):
    head: dict[str, Any]
    achievement: Achievement
    schemes: tuple[GradingScheme, ...]
    troubles: list[Trouble]


_NOBODY: Final = Learner()
_PARTIES: Final = frozenset({*ROLES} - {*targets_of(OFFER)})
_AWARDED: Final = frozenset({*targets_of(HEAD), *targets_of(RESULT)} - _PARTIES)


def _schemes(values: Values) -> tuple[GradingScheme, ...]:
    """The scales of the assessments, each once."""
    scales = map(grading_scheme, values.series(ASSESSED) if values.any("assessment.gradingScheme") else ())
    return tuple({scale.id: scale for scale in scales if scale is not None}.values())


_SCALES: Final = Fill("schemes", ASSESSED, _schemes)


class Claims:
    """Claims by the cells they are made of: first of all of them, then of those of the offer, and of each field."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._rest = sheet.part(TARGETS.keys() - targets_of(LEARNER))
        self._offer = sheet.part(targets_of(OFFER))
        self._party = sheet.part(_PARTIES)
        self._award = sheet.part(_AWARDED)
        self._specify = maker(Specification, OFFER, self._offer.present)
        self._achieve = maker(Achievement, RESULT, self._award.present | self._party.present)
        self._of = remembering(self._rest, self._make)
        self._offered = remembering(self._offer, self._offering)
        self._named = remembering(self._party, self._naming)
        self._achieved = Fields(sheet, RESULT, Achievement)
        scaled = "assessment.gradingScheme" in self._award.present
        self._head = Fields(sheet, (*HEAD, _SCALES) if scaled else HEAD)
        self._nobody = Credential(version=MODEL_VERSION, id="", learner=_NOBODY)
        self._around = sheet.part(targets_of(PROGRAMME))
        self._enclose = maker(Achievement, PROGRAMME, self._around.present)
        self._enclosed = remembering(self._around, self._enclosing) if self._around.slots else None

    def of(self, cells: Sequence[str]) -> Claim:
        """The claim of a row."""
        return self._of(cells)

    def _make(self, cells: Sequence[str]) -> Claim:
        offer, parties = self._offered(cells), self._named(cells)
        try:
            told = self._plainly(cells)
        except NotPlain:
            told = self._at_length(cells, parties)
        achieved = told.achievement
        if offer.specification is not None:
            achieved = replace(achieved, specification=offer.specification)
        organisations = parties.organisations
        if offer.agencies:
            organisations = tuple({each.id: each for each in (*organisations, *offer.agencies)}.values())
        head = {name: value for name, value in told.head.items() if value}
        around = self._enclosed(cells) if self._enclosed is not None else _NO_PROGRAMME
        programme = around.programme
        credential = replace(
            self._nobody,
            issuer=parties.issuer,
            achievements=(achieved if programme is None else replace(programme, parts=(achieved,)),),
            organisations=organisations,
            grading_schemes=told.schemes,
            **head,
        )
        return Claim(
            achieved,
            parties.issuer,
            parties.named,
            organisations,
            told.schemes,
            head,
            (*offer.troubles, *parties.troubles, *told.troubles, *around.troubles),
            credential,
            programme,
        )

    def _offering(self, cells: Sequence[str]) -> _Described:
        values, troubles = self._sheet.values(self._offer, cells)
        made = self._specify(values)
        troubles += [Trouble(at, target, 0, problem) for at, target, problem in values.problems]
        return _Described(made if made != Specification() else None, values.organisations(), troubles)

    def _enclosing(self, cells: Sequence[str]) -> _Programme:
        """What the row is a part of, where a cell says so; what the profile gives only adds to it."""
        values, troubles = self._sheet.values(self._around, cells)
        told = any(value.at >= 0 for several in values.by_target.values() for value in several)
        return _Programme(self._enclose(values) if told else None, troubles)

    def _naming(self, cells: Sequence[str]) -> _Parties:
        values, troubles = self._sheet.values(self._party, cells)
        issuers, bodies = values.ids("issuer"), values.ids("awardingBody")
        organisations = tuple({each.id: each for each in values.organisations()}.values())
        return _Parties(next(iter(issuers or bodies), None), bool(issuers), organisations, values.by_target, troubles)

    def _plainly(self, cells: Sequence[str]) -> _Told:
        head, achieved = self._head.of(cells), self._achieved.of(cells)
        if "schemes" not in head:
            return _Told(head, achieved, (), [])
        return _Told({name: head[name] for name in head if name != "schemes"}, achieved, head["schemes"], [])

    def _at_length(self, cells: Sequence[str], parties: _Parties) -> _Told:
        found, troubles = self._sheet.values(self._award, cells)
        values = self._sheet.together({**parties.by_target, **found.by_target})
        head = {fill.field: fill.make(values) for fill in HEAD}
        told = _Told(head, self._achieve(values), _schemes(values), troubles)
        troubles += [Trouble(at, target, 0, problem) for at, target, problem in values.problems]
        return told


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


class Persons:
    """Learners of rows."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._part = sheet.part(targets_of(LEARNER))
        self._make = maker(Learner, LEARNER, self._part.present)
        self._plainly = Fields(sheet, LEARNER, Learner)

    def of(self, cells: Sequence[str]) -> tuple[Learner, Sequence[Trouble]]:
        """The learner of a row, and what is wrong with the cells about them."""
        try:
            return self._plainly.of(cells), ()
        except NotPlain:
            values, troubles = self._sheet.values(self._part, cells)
            return self._make(values), troubles

    def compared(self, cells: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[int]]:
        """Two rows about one learner: what both say together, and the indices of cells that contradict each other.

        A cell that says nothing contradicts nothing.
        """
        return compared(self._part, cells, others)


def compared(part: Part, cells: Sequence[str], others: Sequence[str]) -> tuple[list[str], list[int]]:
    """The cells of ``others``, those of a part filled from ``cells`` where they say nothing; and where both differ."""
    together, contrary = list(others), []
    for slot in part.slots:
        said, before = ([value for value, _ in slot.read(each[slot.at]).values] for each in (cells, others))
        if not before:
            together[slot.at] = cells[slot.at]
        elif said and said != before:
            contrary.append(slot.at)
    return together, contrary
