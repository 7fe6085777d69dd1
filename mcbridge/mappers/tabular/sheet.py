"""A profile put on one file's headings: which cell is read how, and what stands in where a row says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from mcbridge.errors import ConfigError
from mcbridge.mappers.tabular.cell import Cell, Problem, token
from mcbridge.mappers.tabular.columns import reader_of, swift_of, value_reader
from mcbridge.mappers.tabular.header import Layout
from mcbridge.mappers.tabular.parties import Parties
from mcbridge.mappers.tabular.rules import CELLS_DISAGREE, DEFAULT_USED
from mcbridge.mappers.tabular.values import Value, Values
from mcbridge.tables import TARGETS, Column, Given, Profile, Tables


class Slot(NamedTuple):
    """One column of the file that goes somewhere. ``swift`` reads the only value of a cell that needs no care."""

    at: int
    target: str
    lang: str | None
    column: Column
    read: Callable[[str], Cell]
    swift: Callable[[str], Any] | None


class Trouble(NamedTuple):
    """A problem of a row: the cell (-1 for the row), the target and how many values were before it.

    ``nr``: which of several things of the same kind the column speaks of.
    """

    at: int
    target: str
    ordinal: int
    problem: Problem
    nr: int = 1


class Unread(NamedTuple):
    """A column that goes nowhere. A cell of it that is not empty is a loss with this code and reason."""

    at: int
    code: str
    reason: str


class Sheet:
    """The compiled profile."""

    def __init__(self, profile: Profile, layout: Layout, tables: Tables) -> None:
        self.profile = profile
        self.layout = layout
        self.parties = Parties(profile.organisations)
        self.width = len(layout.headings)
        self.unread = tuple(_unread(layout))
        self._schemes = _schemes(profile, tables)
        self._constants = _given(profile.constants, "constants", profile, tables)
        self._defaults = _given(profile.defaults, "defaults", profile, tables)
        self._nothing = frozenset(token(word) for word in (*profile.dialect.empty, ""))
        self.slots = tuple(
            Slot(
                at,
                column.to.name,
                column.lang,
                column,
                reader_of(column, profile, tables),
                swift_of(column, profile.dialect),
            )
            for at, whole in enumerate(layout.columns)
            for column in (whole.readings if whole is not None else ())
            if column.to is not None
        )

        self._numbered = any(slot.column.nr > 1 for slot in self.slots)

    def part(self, targets: Collection[str]) -> Part:
        """The columns with these targets."""
        return Part(self.slots, self._constants, self._defaults, targets)

    def whole(self) -> Part:
        """All columns."""
        return self.part(TARGETS)

    def values(self, part: Part, cells: Sequence[str]) -> tuple[Values, list[Trouble]]:
        """The values of a part of a row, and what is wrong with its cells. Cells come before constants."""
        found: dict[str, list[Value]] = {}
        troubles: list[Trouble] = []
        for at, target, lang, column, read, _ in part.slots:
            values, problems = read(cells[at])
            if problems:
                before = len(found.get(target, ()))
                troubles += [Trouble(at, target, before, problem, column.nr) for problem in problems]
            if values:
                made = [Value(value, lang, at, text, column) for value, text in values]
                if target in found:
                    found[target] += made
                else:
                    found[target] = made
        for target in part.doubled:
            if len(found.get(target, ())) > 1:
                found[target], contradictions = self._agreed(target, found[target], cells)
                troubles += contradictions
        for target, given in part.constants.items():
            found.setdefault(target, []).extend(given)
        for target, given in part.defaults.items():
            if target not in found and not any(trouble.target == target for trouble in troubles):
                found[target] = list(given)
                used = " / ".join(str(getattr(value.value, "code", value.value)) for value in given)
                problem = Problem(DEFAULT_USED, None, {"used": used, "profile": self.profile.name})
                troubles.append(Trouble(part.column_of(target), target, 0, problem))
        return self.together(found), troubles

    def _agreed(self, target: str, values: Sequence[Value], cells: Sequence[str]) -> tuple[list[Value], list[Trouble]]:
        """The values of a target that several cells give, each once, and where two of them contradict each other."""
        kept: dict[tuple[str | None, int], Value] = {}
        troubles: list[Trouble] = []
        for value in values:
            first = kept.setdefault((value.lang, value.nr), value)
            if first.value != value.value:
                facts = {
                    "this": _plainly(value.value),
                    "that": _plainly(first.value),
                    "other": cells[first.at].strip(),
                    "where": f'the column "{self.layout.headings[first.at]}"',
                }
                problem = Problem(CELLS_DISAGREE, cells[value.at].strip(), facts)
                troubles.append(Trouble(value.at, target, 0, problem, value.nr))
        return list(kept.values()), troubles

    def together(self, by_target: Mapping[str, Sequence[Value]]) -> Values:
        """Values that belong to one row."""
        return Values(by_target, self._schemes, self.parties, numbered=self._numbered)

    def says_nothing(self, cell: str) -> bool:
        """Whether a cell holds nothing, or a word for it."""
        return not cell or token(cell) in self._nothing


class Part:
    """Some columns of a sheet. ``key`` takes their cells out of a row: equal cells give equal values.

    ``present`` are the targets that can have values at all; ``doubled`` those of which several cells say the same.
    """

    def __init__(
        self,
        slots: Sequence[Slot],
        constants: Mapping[str, Sequence[Value]],
        defaults: Mapping[str, Sequence[Value]],
        targets: Collection[str],
    ) -> None:
        self.slots = tuple(slot for slot in slots if slot.target in targets)
        self.constants = {target: values for target, values in constants.items() if target in targets}
        self.defaults = {target: values for target, values in defaults.items() if target in targets}
        self.present = frozenset((*(slot.target for slot in self.slots), *self.constants, *self.defaults))
        counted = Counter((slot.target, slot.lang, slot.column.nr) for slot in self.slots)
        self.doubled = tuple(
            {target for (target, _, _), times in counted.items() if times > 1 and not TARGETS[target].many}
        )
        places = [slot.at for slot in self.slots]
        self.key: Callable[[Sequence[str]], Any] = itemgetter(*places) if places else lambda _: ()

    def alone(self) -> Part:
        """The same for the cells that ``key`` takes out, and nothing else."""
        slots = [slot._replace(at=at) for at, slot in enumerate(self.slots)]
        return Part(slots, self.constants, self.defaults, self.present)

    def column_of(self, target: str) -> int:
        """The index of the first column with a target, -1 when there is none."""
        return next((slot.at for slot in self.slots if slot.target == target), -1)


def _plainly(value: Any) -> str:
    """A value as somebody would say it."""
    return f'"{getattr(value, "code", value)}"'


def _unread(layout: Layout) -> list[Unread]:
    unread: list[Unread] = []
    for at, column in enumerate(layout.columns):
        if column is None:
            reason = "the profile does not mention this column"
            unread.append(Unread(at, "loss/unknown-column", reason))
        elif column.ignore is not None:
            unread.append(Unread(at, "loss/ignored-column", f"the profile ignores this column: {column.ignore}"))
    return unread


def _schemes(profile: Profile, tables: Tables) -> dict[str, str]:
    given = (each.to for each in (*profile.constants, *profile.defaults))
    targets = [*(each.to for column in profile.columns for each in column.readings), *given]
    return {
        target.name: tables.vocabulary(target.vocabulary).scheme
        for target in targets
        if target is not None and target.vocabulary is not None
    }


def _given(given: Sequence[Given], where: str, profile: Profile, tables: Tables) -> Mapping[str, list[Value]]:
    """What the profile gives, read as a cell would be. Raises ``ConfigError``."""
    found: dict[str, list[Value]] = {}
    for each in given:
        column = Column(header=where, to=each.to)
        cell = value_reader(each.to, column, profile, tables)(each.value)
        fatal = next((problem for problem in cell.problems if problem.fatal), None)
        if fatal is not None or not cell.values:
            why = fatal.rule.title if fatal else "nothing can be read"
            raise ConfigError(
                f'"{each.value}" cannot stand for {each.to.name}: {why}',
                where=f"profile {profile.name}: {where}",
                hint="write it as a cell of this export would have it",
            )
        found.setdefault(each.to.name, []).extend(Value(value, each.lang, spelling=text) for value, text in cell.values)
    return found
