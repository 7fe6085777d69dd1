"""Rows into records: each row is one, or the rows of one learner are.

Rows are taken one after the other and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic
from mcbridge.mappers.tabular.cell import Problem, on_one_line, unguarded
from mcbridge.mappers.tabular.making import Claim, Claims, Persons
from mcbridge.mappers.tabular.offer import JUDGED, OFFER
from mcbridge.mappers.tabular.places import path_of
from mcbridge.mappers.tabular.reading import Reading
from mcbridge.mappers.tabular.rows import Row
from mcbridge.mappers.tabular.rules import GROUP_CONTRADICTION, GROUP_KEY_EMPTY, KEY_MISSING
from mcbridge.mappers.tabular.shapes import maker
from mcbridge.mappers.tabular.sheet import Sheet, Trouble
from mcbridge.mappers.tabular.values import FORMAT, Values
from mcbridge.model import (
    MODEL_VERSION,
    Answer,
    Certification,
    Credential,
    Document,
    Learner,
    Organisation,
    Provision,
    SourceRef,
    Specification,
)
from mcbridge.model.key import SeveralLocal, local_identifier, provider_identifiers, provision_key
from mcbridge.origins import Read


def credentials(reading: Reading) -> Iterator[Read]:
    """Each row is the credential of one learner, with one achievement."""
    claims, persons = Claims(reading.sheet), Persons(reading.sheet)
    for row in reading.rows():
        claim = claims.of(row.cells)
        person, troubles = persons.of(row.cells)
        if (troubles or claim.troubles) and not reading.tell(row, _in_order(troubles, claim.troubles)):
            continue
        name = reading.identity(row.number)
        document = Document(id=name, format=FORMAT, position=row.number, count=1)
        yield reading.read(replace(claim.credential, id=name, learner=person, document=document), (row,))


def _in_order(troubles: Sequence[Trouble], others: Sequence[Trouble]) -> list[Trouble]:
    return sorted((*troubles, *others), key=lambda trouble: trouble.at)


class _Group:
    """The rows of one learner so far."""

    def __init__(self, row: Row, person: Learner, claim: Claim) -> None:
        self.rows = [row]
        self.person = person
        self.claims = [claim]


def grouped(reading: Reading) -> Iterator[Read]:
    """Rows with the same key are one credential, which comes when its last row is read.

    Where the rows of each learner stand together, one credential is held at a time. Where several bodies award and no
    issuer is named, there is none.
    """
    claims, persons = Claims(reading.sheet), Persons(reading.sheet)
    key_of = _key(reading.sheet)
    last = {hash(key_of(row.cells)): row.number for row in reading.raw()}
    waiting: dict[tuple[str, ...], _Group] = {}
    for row in reading.rows():
        key = key_of(row.cells)
        if not all(key):
            _without_key(reading, row, key)
            continue
        group = waiting.get(key)
        claim = claims.of(row.cells)
        person, troubles = persons.of(row.cells)
        usable = reading.tell(row, _in_order(troubles, claim.troubles), len(group.rows) if group else 0)
        if usable and group is None:
            waiting[key] = _Group(row, person, claim)
        elif usable and group is not None and not _contradicts(reading, row, persons, group, person, claim):
            group.rows.append(row)
            group.claims.append(claim)
        if last.get(hash(key)) == row.number and key in waiting:
            yield _joined(reading, waiting.pop(key))
    for group in waiting.values():
        yield _joined(reading, group)


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


def _contradicts(reading: Reading, row: Row, persons: Persons, group: _Group, person: Learner, claim: Claim) -> bool:
    """Whether a row says something else about the learner or the document than the first row of its group."""
    if replace(person, spellings=()) != replace(group.person, spellings=()):
        at = persons.differing(row.cells, group.rows[0].cells)
    elif _document(claim) != _document(group.claims[0]):
        at = -1
    else:
        return False
    value = row.cells[at] if at >= 0 else ""
    facts = {"first": group.rows[0].number}
    reading.luggage.refuse(Diagnostic(GROUP_CONTRADICTION, reading.spot(row, at), None, value, facts))
    return True


def _document(claim: Claim) -> tuple[object, ...]:
    """What a row says of the document; several bodies may award in one, so only an issuer that is named counts."""
    return {**claim.head, "spellings": ()}, claim.issuer if claim.named else None


def _joined(reading: Reading, group: _Group) -> Read:
    first = group.rows[0].number
    name = reading.identity(first)
    issuers = {claim.issuer for claim in group.claims}
    record = Credential(
        version=MODEL_VERSION,
        id=name,
        learner=group.person,
        issuer=issuers.pop() if len(issuers) == 1 else None,
        achievements=tuple(claim.achievement for claim in group.claims),
        organisations=tuple({each.id: each for claim in group.claims for each in claim.organisations}.values()),
        grading_schemes=tuple({each.id: each for claim in group.claims for each in claim.schemes}.values()),
        document=Document(id=name, format=FORMAT, position=first, count=1),
        **group.claims[0].head,
    )
    return reading.read(record, group.rows)


def provisions(reading: Reading) -> Iterator[Read]:
    """Each row is one thing on offer."""
    sheet = reading.sheet
    part = sheet.whole()
    specify = maker(Specification, (*OFFER, *JUDGED), part.present)
    for row in reading.rows():
        values, troubles = sheet.values(part, row.cells)
        offer = specify(values)
        troubles += [Trouble(at, target, 0, problem) for at, target, problem in values.problems]
        record = _provision(reading, row, values, offer)
        if isinstance(record, Provision):
            if not troubles or reading.tell(row, troubles):
                yield reading.read(record, (row,))
        else:
            at = part.column_of(record.target)
            reading.tell(row, [*troubles, Trouble(at, record.target, 0, record.problem)])


class _Keyless(NamedTuple):
    """Why there is no key, and the target of the cell where the missing part would stand."""

    target: str
    problem: Problem


def _provision(reading: Reading, row: Row, values: Values, offer: Specification) -> Provision | _Keyless:
    bodies = values.ids("awardingBody")
    providers = values.ids("provider") or bodies[:1]
    organisations = values.organisations()
    key = _key_of(offer, next((each for each in organisations if each.id in providers[:1]), None))
    if isinstance(key, _Keyless):
        return key
    return Provision(
        version=MODEL_VERSION,
        key=key,
        provider=providers[0],
        other_providers=providers[1:],
        awarding_bodies=bodies,
        organisations=organisations,
        specification=offer,
        full_degree=Answer(values.code("provision.fullDegree") or "unknown"),
        part_of_degree=Answer(values.code("provision.partOfDegree") or "unknown"),
        certification=Certification(values.code("provision.certification") or "unknown"),
        valid_from=values.first("provision.validFrom"),
        valid_until=values.first("provision.validUntil"),
        sources=(SourceRef(document=reading.source.sha256, path=f"row {row.number}"),),
        spellings=values.spellings((("validFrom", "provision.validFrom"), ("validUntil", "provision.validUntil"))),
    )


def _key_of(offer: Specification, provider: Organisation | None) -> str | _Keyless:
    known = next(provider_identifiers(provider), None) if provider else None
    advice = "add the provider with an identifier to mappings/organisations/, and name it in the export"
    if known is None:
        what = "nothing identifies the provider" if provider else "no provider is named"
        return _Keyless("provider", Problem(KEY_MISSING, None, {"what": what, "advice": advice}))
    try:
        local = local_identifier(offer)
        what = "the offer has no code of its provider's"
        advice = "give each offer a code that never changes, in a column of its own"
    except SeveralLocal as error:
        local = None
        what = f"the offer has {len(error.values)} codes of its provider's"
        advice = "give the columns different types in the profile, so that one of them is the local code"
    if local is None:
        return _Keyless("specification.identifier", Problem(KEY_MISSING, None, {"what": what, "advice": advice}))
    return provision_key(known[1], local, offer.version)
