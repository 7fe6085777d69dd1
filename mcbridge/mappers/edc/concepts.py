"""Which list a coded word belongs to, and what it is called there.

ELM names every coded value by the IRI of a concept. A record holds codes of our
vocabularies, words of another format's list, IRIs, or labels alone; crosswalks lead
from one list to another. Lists that nobody ships whole (ESCO, regions) are
known by the beginning of their IRIs only.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from mcbridge.model import Concept
from mcbridge.tables import Code, Tables, Vocabulary

_SAFE: Final = ":/#?&=%@+,;!$'()*~[]"


class OpenList(Struct, frozen=True):
    """A list known by the beginning of its IRIs; ``notation`` is what European issuers put beside a concept."""

    scheme: str
    prefix: str
    notation: str | None = None


OPEN_LISTS: Final[Mapping[str, OpenList]] = {
    "claim-type": OpenList("http://data.europa.eu/snb/claim-type/25831c2", "http://data.europa.eu/snb/claim-type/"),
    "grade-status": OpenList(
        "http://data.europa.eu/snb/grade-status/25831c2", "http://data.europa.eu/snb/grade-status/"
    ),
    "atu": OpenList(
        "http://publications.europa.eu/resource/authority/atu",
        "http://publications.europa.eu/resource/authority/atu/",
        "atu",
    ),
    "nuts": OpenList(
        "http://publications.europa.eu/resource/authority/nuts",
        "http://publications.europa.eu/resource/authority/nuts/",
        "nuts",
    ),
    "esco-skills": OpenList(
        "http://data.europa.eu/esco/concept-scheme/skills", "http://data.europa.eu/esco/skill/", "Skill"
    ),
    "esco-occupations": OpenList(
        "http://data.europa.eu/esco/concept-scheme/occupations", "http://data.europa.eu/esco/occupation/"
    ),
}


class Known(Struct, frozen=True):
    """A concept of a list: its IRI, its scheme, and the labels and the notation that the list gives it.

    ``changed`` names the word that a crosswalk replaced by another which does not lead back.
    """

    iri: str
    scheme: str | None
    labels: Mapping[str, str]
    notation: str | None = None
    strange_scheme: bool = False
    changed: str | None = None


class Foreign(Struct, frozen=True):
    """A concept of another list or of none. ``entry`` is set when the list is one of ours."""

    entry: Code | None = None
    scheme: str | None = None


class Unknown(Struct, frozen=True):
    """A code that claims to be of a list which does not have it."""

    list: str


class Lists:
    """The code lists as a writer asks for them; one for all records of a run."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._names = frozenset(tables.names("vocabularies"))
        self._crosswalks = frozenset(tables.names("crosswalks"))

    @cached_property
    def languages(self) -> Vocabulary:
        """The European list of languages."""
        return self.tables.vocabulary("language")

    def known(self, list_: str, word: str) -> Known | None:
        """The concept that a word, a code or an IRI names in a list; for fields that hold a bare code."""
        vocabulary = self.tables.vocabulary(list_)
        entry = vocabulary.find(word)
        return self._entry(vocabulary, entry) if entry else None

    def walked(self, crosswalk: str, word: str) -> Known | None:
        """The concept that a word of one list has in another by a crosswalk."""
        table = self.tables.crosswalk(crosswalk)
        origin = self.tables.vocabulary(table.origin).find(word)
        code = table.get(origin.code) if origin else None
        return self.known(table.target, code) if code else None

    def sort(self, concept: Concept, list_: str) -> Known | Foreign | Unknown:
        """Whether a concept is of the list that the property expects, of another one, or of none."""
        if list_ in OPEN_LISTS:
            return _open(concept, OPEN_LISTS[list_], self._origin(concept.scheme))
        expected = self.tables.vocabulary(list_)
        origin = self._origin(concept.scheme)
        entry = expected.find(concept.code) if concept.code else None
        if entry is not None and (concept.scheme is None or origin is expected or entry.iri == concept.code):
            strange = concept.scheme is not None and origin is not expected
            return self._entry(expected, entry, strange_scheme=strange)
        if origin is not None and origin is not expected:
            return self._walk(concept, origin, expected)
        if concept.scheme is not None and origin is None:
            return Foreign()
        if concept.code and "://" in concept.code and not concept.code.startswith(_space(expected)):
            other = self.tables.vocabulary_of(concept.code)
            known = other is not None and other.by_iri(concept.code) is not None
            return self._walk(concept, other, expected) if other is not None and known else Foreign()
        if not concept.code:
            return Foreign(scheme=concept.scheme)
        if expected.strict:
            return Unknown(expected.name)
        if "://" in concept.code:
            return Known(concept.code, expected.scheme, {}, expected.notation)
        return Foreign()

    def recognise(self, concept: Concept) -> Known | Foreign:
        """The list that a concept belongs to by its own word, where the property expects none."""
        for found in OPEN_LISTS.values():
            if isinstance(known := _open(concept, found, None), Known):
                return known
        origin = self._origin(concept.scheme)
        entry = origin.find(concept.code) if origin and concept.code else None
        if origin is not None and entry is not None:
            return self._entry(origin, entry)
        owner = self.tables.vocabulary_of(concept.code) if ":" in concept.code else None
        entry = owner.by_iri(concept.code) if owner is not None else None
        if owner is not None and entry is not None:
            return self._entry(owner, entry, strange_scheme=concept.scheme is not None)
        return Foreign(scheme=origin.scheme if origin else None)

    def closed_to(self, scheme: str | None, iri: str) -> bool:
        """Whether a scheme is a list of the issuer's that takes its own codes only, and this is none of them."""
        found = self._origin(scheme)
        return found is not None and found.strict and "europa.eu/" in found.scheme and found.by_iri(iri) is None

    def _walk(self, concept: Concept, origin: Vocabulary, expected: Vocabulary) -> Known | Foreign:
        entry = origin.find(concept.code)
        if entry is None:
            return Foreign(scheme=origin.scheme)
        there = f"{origin.name}-{expected.name}"
        if there in self._crosswalks:
            code = self.tables.crosswalk(there).get(entry.code)
            target = expected.by_code(code) if code else None
            if target is not None:
                back = f"{expected.name}-{origin.name}"
                same = back in self._crosswalks and self.tables.crosswalk(back).get(target.code) == entry.code
                return self._entry(expected, target, changed=None if same else entry.code)
        return Foreign(entry, origin.scheme)

    def _origin(self, scheme: str | None) -> Vocabulary | None:
        if scheme is None:
            return None
        if scheme in self._names:
            return self.tables.vocabulary(scheme)
        found = self.tables.vocabulary_of(scheme)
        return found if found is not None and found.scheme == scheme else None

    @staticmethod
    def _entry(
        vocabulary: Vocabulary, entry: Code, *, strange_scheme: bool = False, changed: str | None = None
    ) -> Known:
        return Known(
            quote(entry.iri, safe=_SAFE), vocabulary.scheme, entry.labels, vocabulary.notation, strange_scheme, changed
        )


def _open(concept: Concept, expected: OpenList, origin: Vocabulary | None) -> Known | Foreign:
    if concept.code.startswith(expected.prefix) and concept.code != expected.scheme:
        strange = concept.scheme not in {None, expected.scheme}
        return Known(concept.code, expected.scheme, {}, expected.notation, strange)
    entry = origin.find(concept.code) if origin else None
    return Foreign(entry, origin.scheme if origin else None)


def _space(vocabulary: Vocabulary) -> str:
    """Where the IRIs of a list begin."""
    return next((code.iri.rpartition("/")[0] + "/" for code in vocabulary), vocabulary.scheme)


def scheme_iri(word: str) -> str:
    """The id of a scheme that is known by a word only; the same word gives the same id."""
    return f"urn:epass:conceptScheme:{quote(word, safe='')}"


def entry_iri(entry: Code) -> str:
    """The IRI of one of our own codes, with what an IRI cannot hold percent-encoded."""
    return quote(entry.iri, safe=_SAFE)
