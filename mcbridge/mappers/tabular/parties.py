"""Organisations of a row: what the profile's list knows of a name, or the name alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mcbridge.model import Address, Concept, Contact, Identifier, Link, Organisation, Place, Text
from mcbridge.tables import KnownOrganisation, Organisations, fold

REMEMBERED: Final = 1024


class Parties:
    """Makes organisations of names. The same name gives the same local id in every row of every file."""

    def __init__(self, known: Organisations | None) -> None:
        self._known = known
        self._keys = {id(entry): name for name, entry in known} if known is not None else {}
        self._made: dict[str, Organisation] = {}

    def of(self, names: Iterable[str]) -> tuple[Organisation, ...]:
        """The organisations of these names, each once."""
        return tuple({(each := self.organisation(name)).id: each for name in names}.values())

    def ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Their local ids, each once."""
        return tuple(dict.fromkeys(self.organisation(name).id for name in names))

    def organisation(self, name: str) -> Organisation:
        """The organisation of this name."""
        found = self._made.get(name)
        if found is None:
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            found = self._made[name] = self._make(name)
        return found

    def _make(self, name: str) -> Organisation:
        entry = self._known.find(name) if self._known is not None else None
        if entry is None:
            return Organisation(id=_id(name), names=(Text(name),))
        return _known(_id(self._keys[id(entry)]), entry)


def _id(name: str) -> str:
    return f"org-{fold(name)}"


def _known(local: str, entry: KnownOrganisation) -> Organisation:
    return Organisation(
        id=local,
        names=tuple(Text(name, lang) for lang, name in entry.names.items()),
        kind=entry.kind,
        identifiers=tuple(Identifier(value=value, type=type_) for type_, value in entry.identifiers.items()),
        places=(
            Place(
                addresses=(Address(country=entry.country, locality=entry.locality),),
                regions=tuple(Concept(code=iri, scheme=iri.rpartition("/")[0]) for iri in entry.regions),
            ),
        ),
        homepages=(Link(url=entry.homepage),) if entry.homepage else (),
        contacts=(Contact(emails=(entry.email,)),) if entry.email else (),
    )
