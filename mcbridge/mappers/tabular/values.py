"""The values of one row by target, and the small shapes of the model made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from mcbridge.mappers.tabular.cell import Problem
from mcbridge.mappers.tabular.parties import Parties
from mcbridge.mappers.tabular.rules import UNPAIRED
from mcbridge.model import Concept, Credit, Identifier, Link, Note, Organisation, Spelling, Text, Texts
from mcbridge.tables import Code, Column

FORMAT: Final = "csv"
"""Whose spellings these are."""

ROLES: Final = ("awardingBody", "provider", "issuer", "qualityAssurance.agency")
"""The targets that hold organisations, in the order in which a record lists them."""


class Value(NamedTuple):
    """One value. ``at`` is the index of its cell, -1 for one that the profile gives; ``column`` is absent then."""

    value: Any
    lang: str | None = None
    at: int = -1
    spelling: str | None = None
    column: Column | None = None

    @property
    def text(self) -> Text:
        """The value as a text in the language of its column."""
        return Text(self.value, self.lang)

    @property
    def scheme(self) -> str | None:
        """The scheme that the column names."""
        return self.column.scheme if self.column else None

    @property
    def nr(self) -> int:
        """Which of several things of the same kind the column speaks of; 0 for what holds for each of them."""
        return self.column.nr if self.column else 0

    @property
    def country(self) -> str | None:
        """The country that the column names."""
        return self.column.country if self.column else None


class Values:
    """The values of a row. ``schemes``: the IRI of the list that a target's codes are from.

    ``numbered``: a column may say which of several things it speaks of.

    ``problems`` collects what is wrong between cells, each with the index of a cell and its target.
    """

    __slots__ = ("_numbered", "_schemes", "by_target", "parties", "problems")

    def __init__(
        self,
        by_target: Mapping[str, Sequence[Value]],
        schemes: Mapping[str, str],
        parties: Parties,
        *,
        numbered: bool = False,
    ) -> None:
        self.by_target = by_target
        self.parties = parties
        self._schemes = schemes
        self._numbered = numbered
        self.problems: list[tuple[int, str, Problem]] = []

    def all(self, target: str) -> Sequence[Value]:
        """The values in the order of the columns."""
        return self.by_target.get(target, ())

    def first(self, target: str) -> Any:
        """The value of a target that has one, else ``None``."""
        found = self.by_target.get(target)
        return found[0].value if found else None

    def any(self, *targets: str) -> bool:
        """Whether there is a value for one of these."""
        return any(target in self.by_target for target in targets)

    def series(self, targets: Iterable[str]) -> list[Values]:
        """The values of each of several things that these targets tell of; what the profile gives holds for each."""
        numbers = self.numbers(targets) if self._numbered else ()
        if not numbers:
            return [self]
        return [self._only(nr) for nr in numbers]

    def numbers(self, targets: Iterable[str]) -> tuple[int, ...]:
        """Which of several things the columns speak of."""
        return tuple(sorted({value.nr for target in targets for value in self.all(target)} - {0}))

    def _only(self, nr: int) -> Values:
        kept = {
            target: some
            for target, values in self.by_target.items()
            if (some := [value for value in values if value.nr in {0, nr}])
        }
        only = Values(kept, self._schemes, self.parties)
        only.problems = self.problems
        return only

    def texts(self, target: str) -> Texts:
        """One thing said in several languages."""
        return tuple(value.text for value in self.all(target))

    def note(self, target: str) -> Note | None:
        """One remark in several languages."""
        texts = self.texts(target)
        return Note(texts=texts) if texts else None

    def notes(self, target: str) -> tuple[Note, ...]:
        """Remarks; the first of each language are the same one."""
        return tuple(Note(texts=texts) for texts in self.aligned(target, "remarks in another language"))

    def strings(self, target: str) -> tuple[str, ...]:
        """Plain texts, and codes where the model holds bare ones."""
        return tuple(bare(value.value) for value in self.all(target))

    def code(self, target: str) -> str | None:
        """The bare code of a target that has one."""
        found = self.first(target)
        return None if found is None else bare(found)

    def concepts(self, target: str) -> tuple[Concept, ...]:
        """Coded words: the IRI where the list is one of ours, else what was written."""
        scheme = self._schemes.get(target)
        return tuple(
            Concept(code=value.value.iri, scheme=scheme)
            if isinstance(value.value, Code)
            else Concept(code=value.value, scheme=scheme)
            for value in self.all(target)
        )

    def ids(self, role: str) -> tuple[str, ...]:
        """The local ids of the organisations with a role."""
        return self.parties.ids([value.value for value in self.all(role)])

    def organisations(self) -> tuple[Organisation, ...]:
        """The organisations that are named, each once."""
        return self.parties.of([value.value for role in ROLES for value in self.all(role)])

    def concept(self, target: str) -> Concept | None:
        """The coded word of a target that has one."""
        return next(iter(self.concepts(target)), None)

    def identifiers(self, target: str) -> tuple[Identifier, ...]:
        """Numbers, of the type that their column says."""
        return tuple(
            Identifier(
                value=value.value,
                type=value.column.type if value.column else None,
                country=value.country,
            )
            for value in self.all(target)
        )

    def links(self, target: str) -> tuple[Link, ...]:
        """Pages."""
        return tuple(Link(url=value.value) for value in self.all(target))

    def credits(self, target: str) -> tuple[Credit, ...]:
        """Credits of the scheme that their column names; one that names none is no scheme's."""
        return tuple(
            Credit(
                scheme=value.scheme or "",
                points=value.value,
                spellings=spelling(value, "points"),
            )
            for value in self.all(target)
        )

    def spellings(self, paths: Iterable[tuple[str, str]]) -> tuple[Spelling, ...]:
        """How the values of an entity were written: pairs of the path within it and the target."""
        return tuple(
            Spelling(format=FORMAT, path=path, text=value.spelling)
            for path, target in paths
            for value in self.by_target.get(target, ())
            if value.spelling is not None
        )

    def positions(self, target: str) -> list[tuple[int, int]]:
        """For each value of something that is said one by one: which thing it is, and which language of it.

        The first of each language are the same thing. Where the languages have different numbers of them, nobody
        can say which belong together: each value then is a thing of its own.
        """
        values = self.all(target)
        languages = list(dict.fromkeys(value.lang for value in values))
        if len({sum(value.lang == lang for value in values) for lang in languages}) > 1:
            return [(at, 0) for at in range(len(values))]
        counted = Counter[str | None]()
        found: list[tuple[int, int]] = []
        for value in values:
            found.append((counted[value.lang], languages.index(value.lang)))
            counted[value.lang] += 1
        return found

    def aligned(self, target: str, what: str) -> list[Texts]:
        """The things at their positions; values that cannot be aligned are a problem."""
        values = self.all(target)
        things: dict[int, list[Text]] = {}
        for value, (at, _) in zip(values, self.positions(target), strict=True):
            things.setdefault(at, []).append(value.text)
        second = next((value for value in values if value.lang != values[0].lang), None)
        if second is not None and len(things) == len(values):
            these, those = (sum(value.lang == lang for value in values) for lang in (second.lang, values[0].lang))
            facts = {"these": these, "those": those, "what": what}
            self.problems.append((second.at, target, Problem(UNPAIRED, None, facts)))
        return [tuple(texts) for texts in things.values()]


def bare(value: Any) -> str:
    """A code without its list, or the text itself."""
    return value.code if isinstance(value, Code) else value


def spelling(value: Value, path: str) -> tuple[Spelling, ...]:
    """How one value was written, for the entity that holds nothing else."""
    return () if value.spelling is None else (Spelling(format=FORMAT, path=path, text=value.spelling),)
