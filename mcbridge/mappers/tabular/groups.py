"""Rows into credentials, where the rows of one learner are one: in whatever order they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, Rule
from mcbridge.mappers.tabular.cell import on_one_line, unguarded
from mcbridge.mappers.tabular.claim import HEAD
from mcbridge.mappers.tabular.making import Claim, Claims, Persons, compared
from mcbridge.mappers.tabular.places import path_of
from mcbridge.mappers.tabular.reading import Reading
from mcbridge.mappers.tabular.records import in_order
from mcbridge.mappers.tabular.rows import Row
from mcbridge.mappers.tabular.rules import (
    GROUP_CONTRADICTION,
    GROUP_KEY_EMPTY,
    GROUP_LEFT_OUT,
    PROGRAMME_DIFFERS,
    ROW_REPEATED,
)
from mcbridge.mappers.tabular.shapes import targets_of
from mcbridge.mappers.tabular.sheet import Sheet
from mcbridge.mappers.tabular.values import FORMAT
from mcbridge.model import MODEL_VERSION, Achievement, Credential, Document, Identifier, Learner
from mcbridge.origins import Read


class _Group:
    """The rows of one learner so far.

    ``cells`` are those of the first row, filled from later ones where it says nothing of the learner or the document.
    ``outer`` are the achievements of the credential as they will be: a programme with its parts, or the claim itself.
    """

    def __init__(self, row: Row, person: Learner) -> None:
        self.person = person
        self.cells: Sequence[str] = row.cells
        self.first = row
        self.rows: list[Row] = []
        self.paths: list[str] = []
        self.claims: list[Claim] = []
        self.contrary: Row | None = None
        self.known: dict[tuple[str, ...], int] = {}
        self.programmes: dict[Achievement, int] = {}
        self.codes: dict[tuple[Identifier, ...], tuple[Achievement, Row]] = {}
        self.outer: list[list[Achievement]] = []

    def path(self, claim: Claim) -> str:
        """Where the achievement of a row will stand."""
        if claim.programme is None:
            return f"achievements[{len(self.outer)}]"
        at = self.programmes.get(claim.programme)
        return f"achievements[{len(self.outer)}].parts[0]" if at is None else self._part(at)

    def _part(self, at: int) -> str:
        return f"achievements[{at}].parts[{len(self.outer[at])}]"

    def add(self, row: Row, claim: Claim) -> None:
        """Take a row in."""
        self.rows.append(row)
        self.paths.append(self.path(claim))
        self.claims.append(claim)
        if claim.programme is None:
            self.outer.append([claim.achievement])
        elif claim.programme in self.programmes:
            self.outer[self.programmes[claim.programme]].append(claim.achievement)
        else:
            self.programmes[claim.programme] = len(self.outer)
            self.outer.append([claim.achievement])

    def achievements(self) -> tuple[Achievement, ...]:
        """All of them, in the order in which the rows first speak of them."""
        around = {at: programme for programme, at in self.programmes.items()}
        return tuple(
            replace(around[at], parts=tuple(several)) if at in around else several[0]
            for at, several in enumerate(self.outer)
        )


def grouped(reading: Reading) -> Iterator[Read]:
    """Rows with the same key are one credential, which comes when its last row is read.

    Where the rows of each learner stand together, one credential is held at a time. Where several bodies award and no
    issuer is named, there is none. A learner whose rows contradict each other is left out.
    """
    claims, groups = Claims(reading.sheet), _Groups(reading)
    key_of = _key(reading.sheet)
    last = {hash(key_of(row.cells)): row.number for row in reading.raw()}
    for row in reading.rows():
        key = key_of(row.cells)
        if not all(key):
            _without_key(reading, row, key)
            continue
        groups.take(key, row, claims.of(row.cells))
        if last.get(hash(key)) == row.number:
            yield from groups.end(key)
    for key in list(groups.waiting):
        yield from groups.end(key)


def _key(sheet: Sheet) -> Callable[[Sequence[str]], tuple[str, ...]]:
    wanted = {target.name for target in sheet.profile.group_by}
    places = [slot.at for slot in sheet.slots if slot.target in wanted]

    def key(cells: Sequence[str]) -> tuple[str, ...]:
        return tuple("" if sheet.says_nothing(cells[at]) else on_one_line(unguarded(cells[at])) for at in places)

    return key


def _without_key(reading: Reading, row: Row, key: Sequence[str]) -> None:
    wanted = {target.name for target in reading.sheet.profile.group_by}
    slots = [slot for slot in reading.sheet.slots if slot.target in wanted]
    slot = next(slot for slot, part in zip(slots, key, strict=True) if not part)
    field = path_of(reading.sheet.profile.record, slot.target)
    reading.luggage.refuse(Diagnostic(GROUP_KEY_EMPTY, reading.spot(row, slot.at), field))


class _Groups:
    """The learners who still have rows to come."""

    def __init__(self, reading: Reading) -> None:
        self.waiting: dict[tuple[str, ...], _Group] = {}
        self._reading = reading
        self._persons = Persons(reading.sheet)
        self._head = reading.sheet.part({*targets_of(HEAD), "issuer"})
        self._read = [slot.at for slot in reading.sheet.slots]

    def take(self, key: tuple[str, ...], row: Row, claim: Claim) -> None:
        """Put a row to those of its learner, unless something is wrong with it; what is wrong is told."""
        group = self.waiting.get(key)
        person, troubles = self._persons.of(row.cells)
        path = group.path(claim) if group else _Group(row, person).path(claim)
        if not self._reading.tell(row, in_order(troubles, claim.troubles), path):
            return
        if group is None:
            group = self.waiting[key] = _Group(row, person)
        elif self._repeats(group, row) or self._contradicts(group, row, person, claim):
            return
        self._compare_programme(group, row, claim)
        group.known[tuple(row.cells[at] for at in self._read)] = row.number
        group.add(row, claim)

    def end(self, key: tuple[str, ...]) -> Iterator[Read]:
        """The credential of a learner, if there is one."""
        group = self.waiting.pop(key, None)
        if group is None:
            return
        if group.contrary is not None:
            for row in group.rows:
                facts = {"first": f"row {group.contrary.number}"}
                self._reading.luggage.refuse(Diagnostic(GROUP_LEFT_OUT, self._reading.spot(row, -1), facts=facts))
            return
        yield self._joined(group)

    def _repeats(self, group: _Group, row: Row) -> bool:
        """Whether a row of the group says the same already."""
        before = group.known.get(tuple(row.cells[at] for at in self._read))
        if before is not None:
            self._tell(ROW_REPEATED, row, -1, None, first=before)
        return before is not None

    def _contradicts(self, group: _Group, row: Row, person: Learner, claim: Claim) -> bool:
        """Whether a row says something else about the learner or the document than the rows before it."""
        found: dict[int, str] = {}
        if replace(person, spellings=()) != replace(group.person, spellings=()):
            group.cells, contrary = self._persons.compared(row.cells, group.cells)
            found |= dict.fromkeys(contrary, "person")
            group.person = self._persons.of(group.cells)[0]
        if (claim.head, claim.named, claim.issuer) != (
            group.claims[0].head,
            group.claims[0].named,
            group.claims[0].issuer,
        ):
            group.cells, contrary = compared(self._head, row.cells, group.cells)
            found |= dict.fromkeys(contrary, "document")
        for at, what in sorted(found.items()):
            other, first = group.cells[at].strip(), self._first(group, at)
            self._tell(GROUP_CONTRADICTION, row, at, row.cells[at].strip(), first=first, other=other, what=what)
        if found:
            group.contrary = group.contrary or row
            group.rows.append(row)
        return bool(found)

    def _first(self, group: _Group, at: int) -> str:
        """The cell that was there first."""
        source = next((row for row in group.rows if not self._reading.sheet.says_nothing(row.cells[at])), group.first)
        return f"{self._reading.spot(source, at).cell}"

    def _compare_programme(self, group: _Group, row: Row, claim: Claim) -> None:
        programme = claim.programme
        if programme is None or programme.specification is None or not programme.specification.identifiers:
            return
        same, first = group.codes.setdefault(programme.specification.identifiers, (programme, row))
        if same != programme and programme not in group.programmes:
            part = self._reading.sheet.part({"programme.title"})
            at = part.slots[0].at if part.slots else -1
            self._tell(PROGRAMME_DIFFERS, row, at, row.cells[at].strip() if at >= 0 else "", first=first.number)

    def _tell(self, rule_: Rule, row: Row, at: int, value: str | None, **facts: object) -> None:
        sheet = self._reading.sheet
        field = next((path_of(sheet.profile.record, slot.target) for slot in sheet.slots if slot.at == at), None)
        self._reading.luggage.report.add(Diagnostic(rule_, self._reading.spot(row, at), field, value, facts))

    def _joined(self, group: _Group) -> Read:
        first = group.rows[0].number
        name = self._reading.identity(first)
        issuers = {claim.issuer for claim in group.claims if claim.named} or {claim.issuer for claim in group.claims}
        head = {name: value for claim in reversed(group.claims) for name, value in claim.head.items()}
        record = Credential(
            version=MODEL_VERSION,
            id=name,
            learner=group.person,
            issuer=issuers.pop() if len(issuers) == 1 else None,
            achievements=group.achievements(),
            organisations=tuple({each.id: each for claim in group.claims for each in claim.organisations}.values()),
            grading_schemes=tuple({each.id: each for claim in group.claims for each in claim.schemes}.values()),
            document=Document(id=name, format=FORMAT, position=first, count=1),
            **head,
        )
        return self._reading.read(record, group.rows, group.paths)
