"""The facts about classes and properties of ELM 3.2, as ``tools/edc_shapes.py`` took them from what was published.

A property is known by its IRI: two keys may mean the same one, and a key without a meaning in the context means none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import Final

import msgspec
from msgspec import Struct

from mcbridge.errors import ConfigError
from mcbridge.resources import data_root

VERSION: Final = "3.2"
SEALED: Final = "sealed"
UPLOADABLE: Final = "uploadable"
GENERIC: Final = "http://data.europa.eu/snb/model/ap/edc-generic-full"
CREDENTIAL: Final = "elm:EuropeanDigitalCredential"
OURS: Final = frozenset({"generic-no-cv/Organisation-rov_legalName"})
"""What the issuer does not demand before it seals, and this house does: an organisation without a name is nobody."""


class Constraint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one shape says of one property. ``node`` names a shape that each value has to fit."""

    id: str
    path: str
    min: int = 0
    max: int | None = None
    most: int | None = None
    classes: tuple[str, ...] = ()
    datatype: str | None = None
    kind: str | None = None
    node: str | None = None
    value: str | None = None
    unique: bool = False
    label: str = ""


class Shape(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of the objects of one class."""

    label: str
    properties: tuple[Constraint, ...]


class Inner(Struct, frozen=True, forbid_unknown_fields=True):
    """A shape for values: of all ``classes``, with these properties, and of one class or shape of ``any``."""

    classes: tuple[str, ...] = ()
    properties: tuple[Constraint, ...] = ()
    any: tuple[str, ...] = ()
    any_node: tuple[str, ...] = ()


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """What a profile demands beside the generic one."""

    imports: tuple[str, ...]
    shapes: Mapping[str, tuple[Constraint, ...]]
    nodes: Mapping[str, Inner]


class Term(Struct, frozen=True, array_like=True):
    """What a key means, what its values are taken for, and the class that it is bound to."""

    iri: str
    coercion: str
    scope: str = ""


class Table(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The whole table."""

    version: str
    made_from: Mapping[str, str]
    prefixes: Mapping[str, str]
    scope: str
    terms: Mapping[str, Term]
    classes: Mapping[str, str]
    shapes: Mapping[str, Shape]
    nodes: Mapping[str, Inner]
    profiles: Mapping[str, Profile]
    before_seal: frozenset[str]

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key of each property, for messages."""
        return {term.iri: key for key, term in reversed(list(self.terms.items()))}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The word for each class, for messages."""
        return {iri: name for name, iri in self.classes.items()}

    def shorten(self, iri: str) -> str:
        """An IRI as the table writes it."""
        for prefix, start in self.prefixes.items():
            if iri.startswith(start):
                return f"{prefix}:{iri[len(start) :]}"
        return iri


class Demands(Struct, frozen=True, dict=True):
    """What is demanded in one mode and by some profiles: constraints by class, and the shapes that they name."""

    table: Table
    shapes: Mapping[str, tuple[Constraint, ...]]
    nodes: Mapping[str, Inner]

    def label(self, class_: str) -> str:
        """What people call the objects of a class."""
        shape = self.table.shapes.get(class_)
        return shape.label if shape is not None else self.table.names.get(class_, class_)


@cache
def table() -> Table:
    """The table of this version. Raises ``ConfigError`` when it is missing or wrong."""
    spot = data_root("xsd") / "edc" / f"{VERSION}.json"
    try:
        return msgspec.json.decode(spot.read_bytes(), type=Table)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(str(error), where=f"xsd/edc/{VERSION}.json", hint="install mcbridge again") from error


@cache
def demands(mode: str, profiles: frozenset[str]) -> Demands:
    """What is demanded; profiles are known by the IRI of their schema, others add nothing."""
    known = table()
    waived = (known.before_seal - OURS) if mode == UPLOADABLE else frozenset()
    shapes = {iri: _without(waived, shape.properties) for iri, shape in known.shapes.items()}
    nodes = {name: _waiving(waived, node) for name, node in known.nodes.items()}
    for name in dict.fromkeys(each for profile in sorted(profiles) for each in _with_imports(known, profile)):
        profile = known.profiles[name]
        for iri, more in profile.shapes.items():
            shapes[iri] = (*shapes.get(iri, ()), *more)
        nodes |= profile.nodes
    return Demands(known, shapes, nodes)


def _with_imports(known: Table, profile: str) -> Iterator[str]:
    if profile in known.profiles:
        for each in known.profiles[profile].imports:
            yield from _with_imports(known, each)
        yield profile


def _without(waived: frozenset[str], found: Iterable[Constraint]) -> tuple[Constraint, ...]:
    return tuple(msgspec.structs.replace(each, min=0) if each.id in waived else each for each in found)


def _waiving(waived: frozenset[str], node: Inner) -> Inner:
    return msgspec.structs.replace(node, properties=_without(waived, node.properties))
