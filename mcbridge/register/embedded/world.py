"""The world that a register knows: agencies with their activities, institutions, countries and languages.

A submission points to all of these and brings none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal

from msgspec import Struct

from mcbridge.tables import Tables
from mcbridge.tables.loading import Spot, parse, typed

ActivityType = Literal["institutional", "programme", "joint programme", "institutional/programme"]

STATUSES: Mapping[int, str] = {1: "part of obligatory EQA system", 2: "voluntary"}
DECISIONS: Mapping[int, str] = {
    1: "positive",
    2: "positive with conditions or restrictions",
    3: "negative",
    4: "not applicable",
}
LEVELS: Mapping[int, str] = {0: "short cycle", 1: "first cycle", 2: "second cycle", 3: "third cycle"}
ASSESSMENTS: Mapping[int, str] = {
    1: "Attendance certificate",
    2: "Assessment based certificate",
    3: "No assessment and no certificate",
}
OUTCOMES: Mapping[int, str] = {1: "Full degree", 2: "No full degree"}
NO_DEGREE = 2
OBLIGATORY, VOLUNTARY = 1, 2
LOCAL_RESOURCE = "local identifier"


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class Agency(_Table, frozen=True, kw_only=True):
    """A quality assurance agency. ``id`` is internal and never accepted, ``deqar_id`` and ``acronym`` are."""

    id: int
    deqar_id: int
    acronym: str
    name: str
    registration_start: date
    registration_end: date | None = None
    focus: tuple[str, ...] = ()
    official: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How answers spell it, which is not how requests may."""
        return f"{self.acronym} - {self.name}"


class Activity(_Table, frozen=True, kw_only=True):
    """What an agency does; its type decides how many institutions and programmes a report has."""

    id: int
    group: int
    agency: str
    name: str
    type: ActivityType
    local_identifier: str
    valid_from: date | None = None
    valid_to: date | None = None


class InstitutionIdentifier(_Table, frozen=True, kw_only=True):
    """A name that an institution has elsewhere; with an agency, it is that agency's own."""

    identifier: str
    resource: str
    agency: str | None = None


class Institution(_Table, frozen=True, kw_only=True):
    """A provider: a higher education institution unless it says that it is another one."""

    id: int
    deqar_id: str
    name: str
    country: str
    eter_id: str | None = None
    website: str = ""
    city: str = ""
    other_provider: bool = False
    levels: tuple[str, ...] = ()
    identifiers: tuple[InstitutionIdentifier, ...] = ()


class _File(_Table, frozen=True, kw_only=True):
    agency: tuple[Agency, ...]
    activity: tuple[Activity, ...]
    institution: tuple[Institution, ...]


class Country(Struct, frozen=True):
    """A country, with the number that answers give it."""

    id: int
    alpha2: str
    alpha3: str
    name: str


class World:
    """All that can be pointed to. ``file`` holds another world than the one for demonstration."""

    def __init__(self, file: Path | None = None, tables: Tables | None = None) -> None:
        source = file if file is not None else files("mcbridge.register.embedded") / "demonstration.toml"
        name = str(file) if file is not None else "demonstration.toml"
        read = typed(parse(source, name), _File, Spot(name))
        self.agencies = read.agency
        self.activities = read.activity
        self.institutions = read.institution
        self._tables = tables if tables is not None else Tables()

    def agency(self, said: str) -> Agency | None:
        """By acronym, in any case."""
        return next((each for each in self.agencies if each.acronym.casefold() == said.casefold()), None)

    def agency_of(self, deqar_id: int) -> Agency | None:
        """By DEQAR id."""
        return next((each for each in self.agencies if each.deqar_id == deqar_id), None)

    def activity(self, id: int) -> Activity | None:
        """By id."""
        return next((each for each in self.activities if each.id == id), None)

    def institution(self, id: int) -> Institution | None:
        """By the internal id that answers show."""
        return next((each for each in self.institutions if each.id == id), None)

    @cached_property
    def countries(self) -> Mapping[str, Country]:
        """By alpha-2 and by alpha-3."""
        found: dict[str, Country] = {}
        for number, code in enumerate(self._tables.vocabulary("country"), start=1):
            alpha3 = code.properties.get("alpha3", "")
            country = Country(number, code.code, alpha3, code.labels.get("en", code.code))
            found[code.code] = country
            if alpha3:
                found[alpha3] = country
        return found

    @cached_property
    def languages(self) -> Mapping[str, str]:
        """English names by ISO 639-1 and by the bibliographic code of ISO 639-2, in small letters."""
        found: dict[str, str] = {}
        for code in self._tables.vocabulary("language"):
            name = code.labels.get("en", code.code)
            if len(code.code) == 2:
                found[code.code] = name
            three = code.properties.get("bibliographic") or code.properties.get("authority", "")
            found[three.lower()] = name
        return found
