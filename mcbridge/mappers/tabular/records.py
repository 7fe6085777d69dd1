"""Rows into records, where each row is one. Rows are taken one after the other and forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from mcbridge.mappers.tabular.cell import Problem
from mcbridge.mappers.tabular.making import Claims, Persons
from mcbridge.mappers.tabular.offer import JUDGED, OFFER
from mcbridge.mappers.tabular.places import FIRST
from mcbridge.mappers.tabular.reading import Reading
from mcbridge.mappers.tabular.rows import Row
from mcbridge.mappers.tabular.rules import KEY_MISSING
from mcbridge.mappers.tabular.shapes import maker
from mcbridge.mappers.tabular.sheet import Trouble
from mcbridge.mappers.tabular.values import FORMAT, Values
from mcbridge.model import (
    MODEL_VERSION,
    Answer,
    Certification,
    Document,
    Organisation,
    Provision,
    SourceRef,
    Specification,
)
from mcbridge.model.key import SeveralLocal, local_identifier, provider_identifiers, provision_key
from mcbridge.origins import Read

_WITHIN: Final = f"{FIRST}.parts[0]"
"""The achievement of a record that has one, within its programme."""


def credentials(reading: Reading) -> Iterator[Read]:
    """Each row is the credential of one learner, with one achievement."""
    claims, persons = Claims(reading.sheet), Persons(reading.sheet)
    for row in reading.rows():
        claim = claims.of(row.cells)
        person, troubles = persons.of(row.cells)
        within = FIRST if claim.programme is None else _WITHIN
        if (troubles or claim.troubles) and not reading.tell(row, in_order(troubles, claim.troubles), within):
            continue
        name = reading.identity(row.number)
        document = Document(id=name, format=FORMAT, position=row.number, count=1)
        yield reading.read(replace(claim.credential, id=name, learner=person, document=document), (row,), (within,))


def in_order(troubles: Sequence[Trouble], others: Sequence[Trouble]) -> list[Trouble]:
    """All that is wrong with a row, from left to right."""
    return sorted((*troubles, *others), key=lambda trouble: trouble.at)


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
