"""What the check of the structure says, beside what the reader says: of one matter at one place a single finding.

The reader's finding stands for both, since it says what became of the value; it is an error where the shapes object.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, Report, Rule, Severity
from mcbridge.mappers.edc.reading import rules as reader
from mcbridge.mappers.edc.structure import SEALED, UPLOADABLE, Structure, profiles, rules
from mcbridge.mappers.edc.structure.examination import Finding
from mcbridge.mappers.edc.structure.graph import Around, without_strangers
from mcbridge.origins import Luggage
from mcbridge.tables import Tables

_OTHER: Final = (reader.WRONG_TYPE, reader.OTHER_TYPE, reader.DANGLING, reader.WRONG_VALUE, reader.EMPTY, reader.CYCLE)
SAME: Final[Mapping[Rule, tuple[Rule, ...]]] = {
    rules.CONTRADICTED: (reader.ID_CLASH,),
    rules.MALFORMED: (reader.WRONG_VALUE, reader.BARE_DATE),
    rules.NOT_A_TERM: (reader.UNKNOWN_KEY,),
    rules.OTHER_CLASS: _OTHER,
    rules.OTHER_DATATYPE: _OTHER,
    rules.OUTSIDE_SCHEME: (reader.OTHER_SCHEME, *_OTHER),
    rules.TOO_MANY: (reader.SEVERAL,),
}
"""Rules of this check, and those of the reader that are about the same."""
_ABSENT: Final = {"credentialSubject": reader.NO_SUBJECT, "hasClaim": reader.NO_CLAIM}
"""Keys whose absence the reader tells."""
_STEPS: Final = re.compile(r"(/[^/]*){0,2}")


class Judge:
    """The check of the structure, and the published shapes where ``schemas`` is the folder that has them."""

    def __init__(self, tables: Tables, schemas: Path | None = None) -> None:
        self._structure = Structure(tables)
        self._schemas = schemas

    def findings(
        self,
        credential: dict[str, Any],
        lead: str = "",
        *,
        sealed: bool = False,
        nodes: list[Any] | None = None,
        around: Around | None = None,
    ) -> list[Finding]:
        """What is wrong with a credential; see ``Structure``. Raises ``ConfigError`` where the shapes are not there."""
        mode = SEALED if sealed else UPLOADABLE
        found = self._structure.findings(credential, mode, lead, nodes, around)
        if self._schemas is not None:
            from mcbridge.mappers.edc.structure.official import published

            shapes = published(self._schemas, mode, profiles(credential))
            there = {(each.place, each.facts.get("key")) for each in found}
            root = credential if nodes is None else nodes
            strange = any(each.rule is rules.NOT_A_TERM for each in found)
            for each in shapes.findings(without_strangers(root) if strange else root, lead):
                if not any(_near(each, place, key) for place, key in there):
                    found.append(each)
        return found

    def faults(self, found: list[Finding], where: Location, *, kept: bool) -> list[Diagnostic]:
        """What is wrong with a credential of ours. With ``kept`` it says what an EDC said, which nobody corrects.

        That was told where it was read, so here it is only said that it is still so.
        """
        errors = [each for each in found if level(each) is Severity.ERROR]
        if kept:
            return [of_ours(each, where, len(errors) - 1) for each in errors[:1]]
        return [of_ours(each, where) for each in found if each in errors or each.rule in rules.OF_THE_WRITER]


def _near(found: Finding, place: str, key: object) -> bool:
    """Whether a finding of the shapes is about what was found at a place, or in one value of a property there."""
    mine = f"{found.place}/{found.facts.get('key')}"
    return found.facts.get("key") == key and (place == found.place or place.startswith(mine))


def level(found: Finding) -> Severity:
    """How bad a finding is in what others wrote."""
    return found.severity or found.rule.severity


def aside(luggage: Luggage) -> Luggage:
    """The same luggage with a report of its own, for a reader whose findings are still to be put together with ours."""
    apart = copy.copy(luggage)
    apart.report = Report()
    return apart


def together(findings: Iterable[Finding], said: Iterable[Diagnostic], source: str) -> Iterator[Diagnostic]:
    """Our findings and those of the reader, each matter once."""
    reading = list(said)
    raised: set[int] = set()
    ours = []
    absent = [number for number, each in enumerate(reading) if each.rule in _ABSENT.values()]
    within: dict[str, list[int]] = {}
    exactly: dict[str, list[int]] = {}
    for number, each in enumerate(reading):
        spot = each.location.pointer if isinstance(each.location, JsonLocation) else ""
        exactly.setdefault(spot, []).append(number)
        for place in _around(spot):
            within.setdefault(place, []).append(number)
    for found in findings:
        if found.rule is rules.MISSING:
            about = absent if found.facts["key"] in _ABSENT else []
        else:
            above = (number for spot in _around(found.place)[1:] for number in exactly.get(spot, ()))
            about = sorted({*within.get(found.place, ()), *above})
        same = [number for number in about if _same(found, reading[number])]
        if not same:
            ours.append(told(found, source))
        elif level(found) is Severity.ERROR:
            raised.update(same)
    for number, each in enumerate(reading):
        yield replace(each, severity=Severity.ERROR) if number in raised else each
    yield from ours


def told(found: Finding, source: str) -> Diagnostic:
    """A finding about a document, where it stands."""
    return Diagnostic(found.rule, JsonLocation(source, found.place), None, found.value, found.facts, found.severity)


def of_ours(found: Finding, where: Location, more: int | None = None) -> Diagnostic:
    """A finding about what would be written, at the place of the record; of what is kept, with the number of others."""
    said = Diagnostic(found.rule, where, None, found.value, found.facts)
    facts = {"part": found.place or "the credential", "problem": said.masked}
    if more is None:
        return Diagnostic(rules.WRITTEN, where, None, None, facts)
    return Diagnostic(rules.KEPT, where, None, None, facts | {"more": f", and in {more} more places" if more else ""})


def _around(place: str) -> tuple[str, str, str]:
    """A place, and the two that it stands in."""
    above = place.rpartition("/")[0]
    return place, above, above.rpartition("/")[0]


def _same(found: Finding, each: Diagnostic) -> bool:
    if found.rule is rules.MISSING:
        return each.rule is _ABSENT.get(str(found.facts["key"]))
    if each.rule not in SAME.get(found.rule, ()) or not isinstance(each.location, JsonLocation):
        return False
    shorter, longer = sorted((found.place, each.location.pointer), key=len)
    return longer.startswith(shorter) and _STEPS.fullmatch(longer[len(shorter) :]) is not None
