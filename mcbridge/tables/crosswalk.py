"""Crosswalks: what a code of one list is in another. They go one way, and say what they leave out.

``[rows]`` says what corresponds; ``[none]`` names codes that deliberately have no
counterpart, with the reason. Refusing to guess is part of the table: EQF levels 1
to 4 have no QF-EHEA cycle. A list called ``words`` is free text, compared folded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, Protocol

from msgspec import Struct, field

from mcbridge.tables.folding import fold
from mcbridge.tables.loading import Spot, fail, near, one_of, typed
from mcbridge.tables.vocabulary import Vocabulary

WORDS = "words"
"""The name that stands for free text instead of a vocabulary."""

Completeness = Literal["complete", "partial"]


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    from_: str = field(name="from")
    to: str
    version: str
    source: str
    retrieved: date
    completeness: Completeness
    lossy: bool
    rows: dict[str, str]
    none: dict[str, str] = {}


class Lists(Protocol):
    """What a crosswalk needs of the other tables."""

    def names(self, folder: str) -> tuple[str, ...]: ...

    def vocabulary(self, name: str) -> Vocabulary: ...


class Crosswalk:
    """One table from the list ``origin`` to the list ``target``.

    ``completeness`` is ``complete`` when every code of the origin has a row or a reason for having none;
    ``lossy`` when going there and back may not give the same code.
    """

    def __init__(self, name: str, data: Mapping[str, Any], spot: Spot, tables: Lists) -> None:
        file = typed(data, _File, spot)
        self.name = name
        self.title = file.title
        self.origin = file.from_
        self.target = file.to
        self.version = file.version
        self.source = file.source
        self.retrieved = file.retrieved
        self.completeness = file.completeness
        self.lossy = file.lossy
        origin = _list(self.origin, spot.at("from"), tables)
        target = _list(self.target, spot.at("to"), tables)
        self._rows: dict[str, str] = {}
        self._none: dict[str, str] = {}
        for word, code in file.rows.items():
            here = spot.at("rows", word)
            self._rows[self._key(word, origin, here)] = _target(code, target, here)
        for word, reason in file.none.items():
            here = spot.at("none", word)
            key = self._key(word, origin, here)
            if not reason.strip():
                fail(here, "no reason is given", "say why nothing corresponds")
            self._none[key] = reason
        self._check(origin, spot)

    def _key(self, word: str, origin: Vocabulary | None, spot: Spot) -> str:
        if origin is None:
            key = fold(word)
        elif (entry := origin.find(word)) is not None:
            key = entry.code
        else:
            fail(spot, f"{word!r} is no code of {origin.name!r}", near(word, (entry.code for entry in origin)))
        if not key or key in self._rows or key in self._none:
            fail(spot, f"{word!r} stands twice" if key else "the word is empty")
        return key

    def _check(self, origin: Vocabulary | None, spot: Spot) -> None:
        if self.completeness == "complete":
            if origin is None:
                fail(spot.at("completeness"), "a table of free words is never complete", 'write "partial"')
            missing = [entry.code for entry in origin if entry.code not in self._rows and entry.code not in self._none]
            if missing:
                fail(spot.at("rows"), f"no row for {', '.join(missing)}", "add them to [rows] or to [none]")
        if not self.lossy and len(set(self._rows.values())) < len(self._rows):
            fail(spot.at("lossy"), "several rows have one target, so something is lost", "write true")

    def get(self, word: str) -> str | None:
        """The code in the target list, or ``None``; ``reason`` may tell why."""
        return self._rows.get(fold(word) if self.origin == WORDS else word)

    def reason(self, word: str) -> str | None:
        """Why a code deliberately has no counterpart; ``None`` when the table does not know the code or has a row."""
        return self._none.get(fold(word) if self.origin == WORDS else word)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._rows.items())

    def __len__(self) -> int:
        return len(self._rows)


def _list(name: str, spot: Spot, tables: Lists) -> Vocabulary | None:
    known = (WORDS, *tables.names("vocabularies"))
    return None if one_of(spot, name, known, "list") == WORDS else tables.vocabulary(name)


def _target(code: str, target: Vocabulary | None, spot: Spot) -> str:
    if target is None:
        return code
    entry = target.find(code)
    if entry is None:
        fail(spot, f"{code!r} is no code of {target.name!r}", near(code, (entry.code for entry in target)))
    return entry.code
