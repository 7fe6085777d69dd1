"""Findings about data: where, which rule, what was found, what to do.

A ``Rule`` is declared once, in the module that finds it, with ``rule(…)``; the
declaration is its documentation (``mcbridge explain``). Reports keep findings in a
stable order and are written as JSON lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct

from mcbridge.errors import McbridgeError


class Severity(Enum):
    """ERROR must not be published or written as if fine; WARNING is suspicious and kept; NOTE is for the record."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 is worst."""
        return _RANK[self]


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class XmlLocation(Struct, frozen=True, gc=False):
    """A place in an XML document. ``line`` and ``column`` count from one; a column that is not known is absent."""

    source: str
    line: int | None = None
    column: int | None = None
    xpath: str | None = None


class TableLocation(Struct, frozen=True, gc=False):
    """A place in a table as a spreadsheet shows it: the header is row 1, ``column`` is the field's number.

    ``line`` is the first physical line of the row, which differs where cells hold line breaks.
    """

    source: str
    row: int | None = None
    line: int | None = None
    column: int | None = None
    header: str | None = None
    sheet: str | None = None

    @property
    def cell(self) -> str | None:
        """``F47``, when row and column are known."""
        return f"{letters(self.column)}{self.row}" if self.row and self.column else None


class JsonLocation(Struct, frozen=True, gc=False):
    """A place in a JSON document, as a JSON Pointer (RFC 6901). ``line`` is that of a file with one record a line."""

    source: str
    pointer: str = ""
    line: int | None = None


class TomlLocation(Struct, frozen=True, gc=False):
    """A place in a mapping or configuration file."""

    source: str
    key: str = ""


Location = XmlLocation | TableLocation | JsonLocation | TomlLocation


def letters(column: int) -> str:
    """The spreadsheet's letters of a column number: 1 is A, 27 is AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def place(location: Location) -> str:
    """The path within the source: an XPath, a JSON Pointer, ``sheet!cell`` or a key."""
    match location:
        case XmlLocation(xpath=xpath):
            return xpath or ""
        case TableLocation(sheet=sheet, row=row):
            spot = location.cell or (f"row {row}" if row else "")
            return f"{sheet}!{spot}" if sheet else spot
        case JsonLocation(pointer=pointer):
            return pointer
        case TomlLocation(key=key):
            return key


class Rule(Struct, frozen=True):
    """One thing that can be wrong. ``template`` and ``hint`` are filled from the facts of a finding.

    A ``repair`` says what was put right in order to go on; a strict run stops there.
    """

    id: str
    severity: Severity
    title: str
    template: str
    hint: str
    why: str
    example: str = ""
    repair: bool = False


_RULES: dict[str, Rule] = {}


def rule(
    id: str,
    severity: Severity,
    title: str,
    template: str,
    hint: str,
    why: str,
    example: str = "",
    *,
    repair: bool = False,
) -> Rule:
    """Declare a rule. An id is declared once and never used again for something else."""
    if id in _RULES:
        raise ValueError(id)
    declared = Rule(id, severity, title, template, hint, why, example, repair)
    _RULES[id] = declared
    return declared


def rules() -> Mapping[str, Rule]:
    """The rules declared by the modules imported so far, by id."""
    return dict(sorted(_RULES.items()))


class Diagnostic(Struct, frozen=True):
    """One finding. ``field`` is the canonical path, ``value`` what was found as written."""

    rule: Rule
    location: Location
    field: str | None = None
    value: str | None = None
    facts: Mapping[str, Any] = {}
    severity: Severity | None = None

    @property
    def level(self) -> Severity:
        """The rule's severity unless this run changed it."""
        return self.severity or self.rule.severity

    @property
    def message(self) -> str:
        """What was found, quoting the value."""
        return self._fill(self.rule.template, masked=False)

    @property
    def masked(self) -> str:
        """The message with the value left out, for places where personal data must not show."""
        return self._fill(self.rule.template, masked=True)

    @property
    def hint(self) -> str:
        """What to do, and who."""
        return self._fill(self.rule.hint, masked=False)

    @property
    def masked_hint(self) -> str:
        """The hint with the value left out."""
        return self._fill(self.rule.hint, masked=True)

    def _fill(self, template: str, *, masked: bool) -> str:
        value = "…" if masked and self.value is not None else (self.value or "")
        return template.format_map({"value": value, **self.facts})

    def to_dict(self) -> dict[str, Any]:
        """The keys of a diagnostics line; absent ones are left out."""
        spot = self.location
        found: dict[str, Any] = {
            "rule": self.rule.id,
            "severity": self.level.value,
            "message": self.message,
            "hint": self.hint,
            "source": spot.source,
            "line": getattr(spot, "line", None),
            "column": getattr(spot, "column", None),
            "sheet": getattr(spot, "sheet", None),
            "cell": getattr(spot, "cell", None),
            "row": getattr(spot, "row", None),
            "field": self.field,
            "path": place(spot) or None,
        }
        if isinstance(spot, TableLocation) and spot.header:
            found["header"] = spot.header
        return {key: value for key, value in found.items() if value is not None}


def _position(found: Diagnostic) -> tuple[str, int, int, str, str]:
    spot = found.location
    line = getattr(spot, "line", None) or getattr(spot, "row", None) or 0
    column = getattr(spot, "column", None) or 0
    return (spot.source, line, column, place(spot), found.rule.id)


class Report:
    """The findings of a run. ``allow`` silences rules, ``deny`` makes them errors, for this run only.

    ``errors`` counts those that are errors.
    """

    def __init__(self, *, allow: Iterable[str] = (), deny: Iterable[str] = ()) -> None:
        self.allow = frozenset(allow)
        self.deny = frozenset(deny)
        self._found: list[Diagnostic] = []
        self.errors = 0

    def add(self, found: Diagnostic) -> None:
        """Keep a finding."""
        if found.rule.id in self.allow:
            return
        if found.rule.id in self.deny and found.level is not Severity.ERROR:
            found = Diagnostic(found.rule, found.location, found.field, found.value, found.facts, Severity.ERROR)
        self._found.append(found)
        self.errors += found.level is Severity.ERROR

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(self._found, key=_position))

    def __len__(self) -> int:
        return len(self._found)

    @property
    def worst(self) -> Severity | None:
        """The worst severity found."""
        return min((found.level for found in self._found), key=lambda level: level.rank, default=None)

    def by_rule(self) -> Mapping[str, int]:
        """How often each rule was found."""
        return dict(sorted(Counter(found.rule.id for found in self._found).items()))

    def to_json(self) -> list[dict[str, Any]]:
        """All findings as dictionaries, in order."""
        return [found.to_dict() for found in self]


class Stop(McbridgeError):
    """Raised by a strict run at the first finding that is an error or a repair."""

    exit_code = 3

    def __init__(self, found: Diagnostic) -> None:
        super().__init__(found.message, where=place(found.location), hint=found.hint)
        self.found = found
