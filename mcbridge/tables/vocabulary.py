"""Code lists: what a code means, which IRI it has, and which other spellings mean the same.

A file of ``mappings/vocabularies/`` is a table: ``columns`` names the cells of each
row. ``code`` is the code; a column named by a two-letter language holds labels; any
other column is a property of the code (``alpha3``, ``media_type``). ``iri`` is the
pattern of the IRIs, with the column that fills it in braces. ``rest`` names a list of
the same scheme with the codes that are seldom met: it is read when one is asked for
that the list itself does not have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from msgspec import Struct

from mcbridge.tables.folding import fold
from mcbridge.tables.loading import Spot, fail, one_of, typed

_PATTERN = re.compile(r"([^{}]*)\{([a-z0-9_]+)\}([^{}]*)")
_LANGUAGE = re.compile(r"[a-z]{2}")


class Code(Struct, frozen=True):
    """One code. ``labels`` are by language; ``properties`` are the other columns of its row, without empty cells."""

    code: str
    iri: str
    labels: Mapping[str, str]
    properties: Mapping[str, str]


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    scheme: str
    iri: str
    version: str
    source: str
    retrieved: date
    strict: bool
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    page: str | None = None
    notation: str | None = None
    rest: str | None = None
    lookup: tuple[str, ...] = ()
    aliases: dict[str, str] = {}


class Vocabulary:
    """One code list.

    ``scheme`` is its IRI; ``strict`` says that the receiver of the format rejects a code that is not in it;
    ``notation`` is the word that European issuers put beside each of its concepts. ``source``, ``version`` and
    ``retrieved`` tell where the list came from. Whoever goes through it meets its own codes, not those of its rest.
    """

    def __init__(
        self, name: str, data: Mapping[str, Any], spot: Spot, lists: Callable[[str], Vocabulary] | None = None
    ) -> None:
        file = typed(data, _File, spot)
        self.name = name
        self.title = file.title
        self.scheme = file.scheme
        self.version = file.version
        self.source = file.source
        self.page = file.page
        self.retrieved = file.retrieved
        self.strict = file.strict
        self.notation = file.notation
        self._rest_of = (file.rest, spot, lists)
        self._codes: dict[str, Code] = {}
        self._iris: dict[str, Code] = {}
        self._words: dict[str, Code] = {}
        self._fill(file, spot)

    def _fill(self, file: _File, spot: Spot) -> None:
        columns = file.columns
        for index, column in enumerate(columns):
            if column in columns[:index]:
                fail(spot.at("columns", index), f"the column {column!r} stands twice")
        one_of(spot.at("columns"), "code", columns, "column")
        pattern = _PATTERN.fullmatch(file.iri)
        if not pattern:
            fail(spot.at("iri"), f"{file.iri!r} has no column in braces", "write for example …/country/{code}")
        before, iri_column, after = pattern.groups()
        one_of(spot.at("iri"), iri_column, columns, "column")
        for index, column in enumerate(file.lookup):
            one_of(spot.at("lookup", index), column, columns, "column")
        names = tuple(column for column in columns if _LANGUAGE.fullmatch(column))
        if "en" not in names:
            fail(spot.at("columns"), "there are no English labels", "add a column named en")
        code_at, iri_at = columns.index("code"), columns.index(iri_column)
        labels_at = tuple((columns.index(lang), lang) for lang in names)
        others_at = tuple((at, name) for at, name in enumerate(columns) if name not in names and name != "code")
        for index, row in enumerate(file.rows):
            if len(row) != len(columns):
                fail(spot.at("rows", index), f"{len(row)} cells, but {len(columns)} columns")
            code = row[code_at]
            if not code or not row[iri_at]:
                fail(spot.at("rows", index), "a code or its IRI is empty")
            entry = Code(
                code,
                f"{before}{row[iri_at]}{after}",
                {lang: row[at] for at, lang in labels_at if row[at]},
                {name: row[at] for at, name in others_at if row[at]},
            )
            if code in self._codes:
                fail(spot.at("rows", index), f"the code {code!r} stands twice")
            if entry.iri in self._iris:
                fail(spot.at("rows", index), f"the IRI {entry.iri} stands twice")
            if "en" not in entry.labels:
                fail(spot.at("rows", index), f"the code {code!r} has no English label")
            self._codes[code] = self._iris[entry.iri] = entry
        self._spell(file, spot)

    def _spell(self, file: _File, spot: Spot) -> None:
        """Index the other spellings: codes without case, then what `aliases` says, then the lookup columns."""
        words = self._words
        for entry in self._codes.values():
            words.setdefault(entry.code.casefold(), entry)
        for word, code in file.aliases.items():
            here = spot.at("aliases", word)
            one_of(here, code, self._codes, "code")
            if word in self._codes:
                fail(here, f"{word!r} is a code itself")
            words[word.casefold()] = self._codes[code]
        fixed = frozenset(words)
        for column in file.lookup:
            for index, entry in enumerate(self._codes.values()):
                word = entry.properties.get(column, "").casefold()
                if not word or word in fixed:
                    continue
                if words.setdefault(word, entry) is not entry:
                    fail(
                        spot.at("rows", index),
                        f"{word!r} in the column {column!r} means {words[word].code!r} and {entry.code!r}",
                        "say in [aliases] which of them is meant",
                    )

    def by_code(self, code: str) -> Code | None:
        """The entry of exactly this code."""
        entry = self._codes.get(code)
        return entry if entry or self._rest is None else self._rest.by_code(code)

    def by_iri(self, iri: str) -> Code | None:
        """The entry with exactly this IRI."""
        entry = self._iris.get(iri)
        return entry if entry or self._rest is None else self._rest.by_iri(iri)

    def find(self, word: str) -> Code | None:
        """The entry that ``word`` names: a code or alias in whatever case, or an IRI. Labels are not looked at."""
        word = word.strip()
        entry = self._codes.get(word) or self._words.get(word.casefold()) or self._iris.get(word)
        return entry if entry or not word or self._rest is None else self._rest.find(word)

    def by_label(self, text: str) -> Code | None:
        """The entry with this label in any language, folded; ``None`` also when several share it."""
        return self._labels.get(fold(text))

    @cached_property
    def _labels(self) -> dict[str, Code | None]:
        found: dict[str, Code | None] = {}
        for entry in self._codes.values():
            for key in {fold(label) for label in entry.labels.values()}:
                found[key] = None if key in found else entry
        return found

    def label(self, code: str, lang: str = "en") -> str | None:
        """The label of a code in a language, else in English; ``None`` for a code that is not in the list."""
        entry = self.by_code(code)
        return None if entry is None else entry.labels.get(lang, entry.labels["en"])

    @cached_property
    def _rest(self) -> Vocabulary | None:
        name, spot, lists = self._rest_of
        if name is None or lists is None:
            return None
        rest = lists(name)
        here = spot.at("rest")
        if rest.scheme != self.scheme:
            fail(here, f"the list {name!r} is of another scheme, {rest.scheme}")
        if rest._rest_of[0] is not None:  # noqa: SLF001 - one of our own
            fail(here, f"the list {name!r} has a rest itself")
        return rest

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and self.by_code(code) is not None

    def __iter__(self) -> Iterator[Code]:
        return iter(self._codes.values())

    def __len__(self) -> int:
        return len(self._codes)
