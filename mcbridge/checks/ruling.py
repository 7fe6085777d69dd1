"""The sets of rules of one run, over the records that pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from mcbridge.checks import FAMILIES, SETS, checks, named
from mcbridge.checks.base import Check, Informed
from mcbridge.diagnostics import Diagnostic, Location
from mcbridge.model import Credential
from mcbridge.origins import Read
from mcbridge.tables import Tables

ELMO: Final = "elmo"


class Rules:
    """Sets of rules. A rule that stands in two of them is asked once.

    The set ``elmo`` is for records of ELMO documents: it adds what only these can break, and grades by its profile what
    others ask too. What many records of one document share is told of once. Raises ``UsageError`` for an unknown set.
    """

    def __init__(self, sets: Iterable[str], tables: Tables, contents: Mapping[str, bytes] | None = None) -> None:
        asked = [named(each) for each in sets]
        self._tables = tables
        self._contents = contents
        self._general = _informed(checks(*(name for name, _ in asked if name != ELMO)), contents)
        self._profile = next((profile for name, profile in asked if name == ELMO), None)
        self._more: tuple[Check, ...] | None = None
        self._document = ""
        self._said: set[tuple[str, Location]] = set()

    def see(self, read: Read) -> Iterator[Diagnostic]:
        """What the rules find in a record."""
        record = read.record
        document = record.document if isinstance(record, Credential) else None
        of_elmo = document is not None and document.format == ELMO and self._profile is not None
        if document is not None and document.id != self._document:
            self._document = document.id
            self._said.clear()
        found = self._of_elmo(read) if of_elmo else self._found(self._general, read)
        if document is None or document.count < 2:
            yield from found
            return
        for each in found:
            if self._is_new(each):
                yield each

    def end(self) -> Iterable[Diagnostic]:
        """Nothing waits until all were seen."""
        return ()

    def _found(self, among: Iterable[Check], read: Read) -> Iterator[Diagnostic]:
        for check in among:
            yield from check(read.record, read.origin, self._tables)

    def _of_elmo(self, read: Read) -> Iterator[Diagnostic]:
        from mcbridge.checks.elmo.profiles import CITED, severity

        if self._more is None:  # documents of other formats do without these rules
            asked = {type(check) for check in self._general}
            more = (check for check in checks(ELMO) if type(check) not in asked)
            self._more = _informed(more, self._contents)
        cited = (each for each in self._found(self._more, read) if each.rule.id in CITED)
        for each in chain(self._found(self._general, read), cited):
            if each.rule.id in CITED:
                level = severity(each.rule.id, each.level, self._profile or FAMILIES[ELMO][0])
                yield Diagnostic(each.rule, each.location, each.field, each.value, each.facts, level)
            else:
                yield each

    def _is_new(self, found: Diagnostic) -> bool:
        """The learner and the document are the same in each record; one finding tells of them."""
        if not (found.field or "").startswith(("learner", "document")):
            return True
        key = (found.rule.id, found.location)
        new = key not in self._said
        self._said.add(key)
        return new


def _informed(among: Iterable[Check], contents: Mapping[str, bytes] | None) -> tuple[Check, ...]:
    if contents is None:
        return tuple(among)
    return tuple(check.informed(contents) if isinstance(check, Informed) else check for check in among)


__all__ = ["SETS", "Rules"]
