"""Where the fields of a record stand in the table: asked for only when something is to be named, then read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from mcbridge.diagnostics import TableLocation
from mcbridge.mappers.tabular.offer import ALIGNED, OUTCOMES, SKILLS, skill_positions
from mcbridge.mappers.tabular.places import PATHS, holders, path_of
from mcbridge.mappers.tabular.rows import Row
from mcbridge.mappers.tabular.sheet import Sheet
from mcbridge.mappers.tabular.values import ROLES, Values
from mcbridge.model import Credential, Provision


class Whereabouts(Struct, eq=False):
    """Canonical path → cell, for one record and the rows that it was made of."""

    _source: str
    _sheet: Sheet
    _record: Credential | Provision
    _rows: Sequence[Row]
    _paths: Sequence[str]
    _found: dict[str, TableLocation] | None = None

    def __call__(self, path: str) -> TableLocation | None:
        if self._found is None:
            self._found = self._index()
        return self._found.get(path)

    def _index(self) -> dict[str, TableLocation]:
        found = self._of_rows()
        whole = self._sheet.whole()
        kind = self._sheet.profile.record
        read = [self._sheet.values(whole, row.cells)[0] for row in self._rows]
        for within, row, values in zip(self._paths, self._rows, read, strict=True):
            for path, column in _filled(kind, values, within):
                if column >= 0:
                    spot = self._spot(row, column)
                    for holder in holders(path):
                        found.setdefault(holder, spot)
        for row, values in zip(self._rows, read, strict=True):
            for path, column in self._shared(values):
                found.setdefault(path, self._spot(row, column))
        for within, row in zip(self._paths, self._rows, strict=True):
            for slot in self._sheet.slots:
                for holder in holders(path_of(kind, slot.target, achievement=within, nr=slot.column.nr)):
                    found.setdefault(holder, self._spot(row, slot.at))
        return found

    def _of_rows(self) -> dict[str, TableLocation]:
        """Rows: each achievement has its own, a programme all that speak of it."""
        found: dict[str, TableLocation] = {}
        counted = Counter[str]()
        for within, row in zip(self._paths, self._rows, strict=True):
            spot = self.row(row)
            found[within] = spot
            programme, inside, _ = within.rpartition(".parts")
            if inside:
                for path in (programme, f"{programme}.specification"):
                    found[f"{path}[{counted[programme]}]"] = spot
                counted[programme] += 1
        return found

    def row(self, row: Row) -> TableLocation:
        """The place of a row as a whole."""
        return TableLocation(self._source, row.number, row.line)

    def further(self) -> list[TableLocation]:
        """The rows beyond the first."""
        return [self.row(each) for each in self._rows[1:]]

    def _spot(self, row: Row, column: int) -> TableLocation:
        return TableLocation(self._source, row.number, row.line, column + 1, self._sheet.layout.headings[column])

    def _shared(self, values: Values) -> Iterator[tuple[str, int]]:
        """What stands once in a record and is named by a cell: organisations, scales, the key of a provision."""
        places = {organisation.id: at for at, organisation in enumerate(self._record.organisations)}
        for role in ROLES:
            for value in values.all(role):
                at = places.get(self._sheet.parties.organisation(value.value).id)
                if at is not None and value.at >= 0:
                    yield f"organisations[{at}]", value.at
        for value in values.all("assessment.gradingScheme"):
            for at, scheme in enumerate(self._record.grading_schemes):
                if value.at >= 0 and value.text in scheme.description:
                    yield f"gradingSchemes[{at}]", value.at
        bodies = [value.at for value in values.all("awardingBody") if value.at >= 0]
        if isinstance(self._record, Provision):
            yield from ((f"otherProviders[{at}]", value.at) for at, value in enumerate(values.all("provider")[1:]))
            yield from (("key", value.at) for value in values.all("specification.identifier") if value.at >= 0)
            yield from (("provider", at) for at in bodies)
        else:
            yield from (("issuer", at) for at in bodies)


def _family(kind: str, target: str) -> list[str]:
    """All targets that tell of the same thing."""
    lead = PATHS[kind][target].partition("@")[0]
    return [other for other, path in PATHS[kind].items() if path.startswith(f"{lead}@")]


def _of_series(kind: str, values: Values, target: str, achievement: str) -> Iterator[tuple[str, int]]:
    rank = {nr: at for at, nr in enumerate(values.numbers(_family(kind, target)), 1)}
    counted = Counter[int]()
    for value in values.all(target):
        nr = rank.get(value.nr, 1)
        yield path_of(kind, target, counted[nr], achievement=achievement, nr=nr), value.at
        counted[nr] += 1


def _filled(kind: str, values: Values, achievement: str) -> Iterator[tuple[str, int]]:
    """Path and column of each value, counted as the entities count them."""
    counted: Counter[str] = Counter()
    for target, pattern in PATHS[kind].items():
        several = values.all(target)
        if "@" in pattern:
            yield from _of_series(kind, values, target, achievement)
            continue
        if target in ALIGNED:
            places = values.positions(target)
        elif target == SKILLS:
            outcomes = {at for at, _ in values.positions(OUTCOMES)}
            places = skill_positions(len(outcomes), len(several))
        else:
            places = [(counted[pattern] + at, 0) for at in range(len(several))]
            counted[pattern] += len(several)
        for value, place in zip(several, places, strict=True):
            yield path_of(kind, target, *place, achievement=achievement), value.at
