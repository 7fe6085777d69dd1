"""Candidates from a catalogue, and what those from credentials share with them: keys, organisations, places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from mcbridge.checks.degree import full_degree
from mcbridge.checks.walk import first, organisations
from mcbridge.diagnostics import Diagnostic, Location, Rule, place
from mcbridge.model.base import MODEL_VERSION, Answer, Concept
from mcbridge.model.key import SeveralLocal, local_identifier, provider_identifiers, provision_key
from mcbridge.model.learning import Specification
from mcbridge.model.organisation import Organisation
from mcbridge.model.provision import Certification, Provision, SourceRef
from mcbridge.origins import Origin
from mcbridge.register.bare import bare_organisation, bare_specification, name_of
from mcbridge.register.select_rules import IDENTIFIER_MISSING, PROVIDER_MISSING
from mcbridge.register.verdict import Candidate, Place
from mcbridge.tables import Tables

Names = Mapping[str, str | None]
"""The name that each organisation of a record has from now on, by local id; ``None`` for one that is left out."""

Moves = tuple[tuple[str, str], ...]
"""Where the fields of a provision stand in its record: path in the provision → path in the record."""


def listed(record: Provision, origin: Origin, tables: Tables) -> Candidate:
    """The candidate of a provision that was read as one, from a catalogue."""
    known = organisations(record)
    names = {id_: name_of(organisation) for id_, organisation in known.items()}
    bare = bare_specification(record.specification, names)
    sources = record.sources or (SourceRef(document=origin.whole.source, path=place(origin.whole)),)
    made = Place(sources[0], partial(_within, origin))
    title = first(bare.title)
    provider = names.get(record.provider)
    if provider is None:
        return refused(PROVIDER_MISSING, "provider", title, made)
    key = record.key.strip() or key_of(known[record.provider], bare)
    if isinstance(key, Unnamed):
        return refused(IDENTIFIER_MISSING, key.field, title, made, what=key.what)
    others = named(record.other_providers, names)
    bodies = named(record.awarding_bodies, names)
    degree = record.full_degree if record.full_degree is not Answer.UNKNOWN else full_degree(bare, tables)
    certification = record.certification
    if certification is Certification.UNKNOWN:
        certification = by_kind(bare.assessment_kinds, tables) or Certification.UNKNOWN
    provision = Provision(
        version=MODEL_VERSION,
        key=key,
        provider=provider,
        specification=bare,
        other_providers=others,
        awarding_bodies=bodies,
        organisations=described((provider, *others, *bodies), bare, known, names),
        full_degree=degree,
        part_of_degree=record.part_of_degree,
        certification=certification,
        valid_from=record.valid_from,
        valid_until=record.valid_until,
        sources=sources,
    )
    return Candidate(key, title, provision, (made,))


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Why there is no key: which identifier is missing, and the field where it would stand."""

    field: str
    what: str


def key_of(provider: Organisation, specification: Specification) -> str | Unnamed:
    identifiers = next(provider_identifiers(provider), None)
    if identifiers is None:
        name = first(provider.names) or provider.id
        return Unnamed("provider", f'the provider "{name}" has no identifier')
    try:
        local = local_identifier(specification)
    except SeveralLocal as error:
        values = ", ".join(f'"{value}"' for value in error.values)
        return Unnamed("specification.identifiers", f"it has several local identifiers, {values}")
    if local is None:
        return Unnamed("specification.identifiers", "it has no local identifier")
    return provision_key(identifiers[1], local, specification.version)


def refused(rule: Rule, field: str, title: str, made: Place, **facts: str) -> Candidate:
    return Candidate(None, title, None, (made,), (Diagnostic(rule, made.locate(field), field, title, facts),))


def named(ids: Iterable[str], names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for id_ in ids if (name := names.get(id_))))


def described(
    wanted: Iterable[str], specification: Specification, known: dict[str, Organisation], names: Names
) -> tuple[Organisation, ...]:
    """The organisations that are referred to, and no others."""
    needed = set(wanted)
    for assurance in specification.quality_assurance:
        needed.update(assurance.organisations, (assurance.agency,) if assurance.agency else ())
    found = {
        name: bare_organisation(organisation, name)
        for id_, organisation in reversed(known.items())
        if (name := names[id_]) and name in needed
    }
    return tuple(found[name] for name in sorted(found))


def _within(origin: Origin, field: str) -> Location:
    """The place of a field in a catalogue; of organisations all together, since those not referred to were left out."""
    return origin.of("organisations" if field.startswith("organisations") else field)


def located(origin: Origin, moves: Moves, field: str) -> Location:
    """The place of a field of the provision, by the longest path in ``moves`` that leads to it.

    Only a specification is built in the record as it is in the provision, so only there the rest of the path counts.
    """
    start, end = max(
        (move for move in moves if not move[0] or field == move[0] or field.startswith((f"{move[0]}.", f"{move[0]}["))),
        key=lambda move: len(move[0]),
    )
    return origin.of(end + field[len(start) :] if start.startswith("specification") else end)


def by_kind(kinds: Iterable[Concept], tables: Tables) -> Certification | None:
    """What types of assessment lead to; an assessment outweighs attendance."""
    vocabulary, crosswalk = tables.vocabulary("assessment"), tables.crosswalk("assessment-certification")
    entries = (vocabulary.find(kind.code) for kind in kinds)
    codes = {crosswalk.get(entry.code) for entry in entries if entry}
    return next((each for each in (Certification.ASSESSMENT, Certification.ATTENDANCE) if each.value in codes), None)
