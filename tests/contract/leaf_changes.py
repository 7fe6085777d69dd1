"""Each leaf of a record in turn gets another valid value of its kind.

A change knows what a target may make of the new value: the value as it is, the IRI
of a code, the text of an amount, the name of an organisation that is referred to.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from urllib.parse import quote

import msgspec

from mcbridge.model import (
    Address,
    Concept,
    Contact,
    Content,
    Credential,
    Credit,
    Display,
    Document,
    Duration,
    Field,
    Framework,
    Identifier,
    Learner,
    Level,
    Link,
    Organisation,
    OrganisationKind,
    Specification,
    Text,
)
from mcbridge.model.codec import WrongVersion, decode, encode
from mcbridge.model.leaves import leaves, names
from mcbridge.origins import Contents
from mcbridge.tables import Tables

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
REFERENCES: Final = {
    "agency",
    "assessors",
    "bodies",
    "directedBy",
    "issuer",
    "memberOf",
    "organisations",
    "parts",
    "providers",
}
"""Fields that hold local ids of organisations (``parts`` only where they are strings)."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record with one leaf changed. ``forms`` are those in which the new value may appear in a target."""

    path: str
    record: Credential
    forms: tuple[str, ...]


def steps(path: str) -> list[str | int]:
    """The keys and indexes of a canonical path."""
    return [name or int(index) for name, index in _STEP.findall(path)]


def parents(record: Any, path: str) -> list[tuple[Any, str]]:
    """The structs that a path goes through, each with the Python name of the field it leaves by."""
    found: list[tuple[Any, str]] = []
    value = record
    for step in steps(path):
        if isinstance(step, int):
            value = value[step]
        else:
            shape: type[msgspec.Struct] = type(value)
            field = next(name for name, encoded in names(shape) if encoded == step)
            found.append((value, field))
            value = getattr(value, field)
    return found


def changed(record: Credential, path: str, value: Any) -> Credential:
    """The record with another value at a path. Raises ``WrongVersion`` where no other value is valid."""
    data = json.loads(encode(record))
    *way, last = steps(path)
    place = data
    for step in way:
        place = place[step]
    place[last] = json.loads(msgspec.json.encode(value))
    found = decode(json.dumps(data).encode())
    assert isinstance(found, Credential)
    return found


class Changes:
    """All changes of one record. ``contents`` holds the bytes that the record, and a changed one, may speak of."""

    def __init__(self, record: Credential, contents: Contents, tables: Tables) -> None:
        self.record = record
        self.contents = contents
        self.tables = tables
        self.lists = tables.names("vocabularies")

    def __iter__(self) -> Iterator[Change]:
        for path, value in leaves(self.record):
            struct, field = parents(self.record, path)[-1]
            if isinstance(struct, Content) and field == "written":
                continue  # how the source wrote the bytes: a spelling
            other = self.other(struct, field, value)
            try:
                record = changed(self.record, path, other)
            except WrongVersion:
                continue  # the version has one valid value
            changed_struct, _ = parents(record, path)[-1]
            yield Change(path, record, tuple(self.forms(record, changed_struct, field, other)))

    # another value

    def other(self, struct: Any, field: str, value: Any) -> Any:
        """Another valid value for a leaf."""
        if isinstance(value, bool):
            return not value
        if isinstance(value, Framework):
            return self._framework(struct)
        if isinstance(value, Enum):
            several = list(type(value))
            return several[(several.index(value) + 1) % len(several)]
        if isinstance(value, dt.datetime):
            return value + dt.timedelta(days=400, seconds=1)
        if isinstance(value, dt.date):
            return value + dt.timedelta(days=400)
        if isinstance(value, Decimal):
            return value + 7
        if isinstance(value, int):
            return value + 3
        special = self._words().get((type(struct), field))
        if special is not None:
            return special(struct, value)
        if self.refers(struct, field):
            return "stranger" if value != "stranger" else "holding"
        if field == "grading_scheme":
            return "scale-three"
        return f"{value}-changed"

    @staticmethod
    def _framework(level: Level) -> Framework:
        if level.framework is Framework.NQF:
            return Framework.EQF if level.code else Framework.OTHER
        return Framework.NQF

    def refers(self, struct: Any, field: str) -> bool:
        """Whether a string is the local id of an organisation."""
        if field == "parts":
            return isinstance(struct, Organisation)
        shape: type[msgspec.Struct] = type(struct)
        return dict(names(shape))[field] in REFERENCES

    def _words(self) -> Mapping[tuple[type, str], Callable[[Any, str], str]]:
        country, language = self._swap("DE", "FR"), self._swap("de", "fr")
        return {
            (Text, "lang"): language,
            (Address, "country"): country,
            (Identifier, "country"): country,
            (Level, "country"): country,
            (Learner, "citizenships"): country,
            (Credential, "languages"): language,
            (Credential, "primary_language"): language,
            (Specification, "languages"): language,
            (Link, "languages"): language,
            (Display, "lang"): language,
            (Content, "lang"): language,
            (Learner, "gender"): self._swap("MALE", "FEMALE"),
            (Credit, "scheme"): self._swap("ecvet", "ects"),
            (Contact, "emails"): lambda _, value: f"changed.{value}",
            (Content, "media_type"): self._swap("image/gif", "image/jpeg"),
            (Content, "sha256"): self._bytes,
            (Document, "id"): lambda _, value: value[::-1] if value[::-1] != value else "0" * 64,
            (Identifier, "issued"): self._swap("2021-03-04", "2022-03-04"),
            (Concept, "code"): self._code,
            (Concept, "scheme"): lambda _, value: f"{value}-changed",
            (Field, "code"): self._field,
            (Level, "value"): self._level,
        }

    @staticmethod
    def _swap(one: str, other: str) -> Callable[[Any, str], str]:
        return lambda _, value: one if value != one else other

    def _bytes(self, _: Any, value: str) -> str:
        return next(name for name in self.contents if name != value)

    def _code(self, concept: Concept, value: str) -> str:
        if concept.scheme in self.lists:
            codes = [code.code for code in self.tables.vocabulary(concept.scheme)]
            known = self._find(concept.scheme, value)
            return next((code for code in codes if self._find(concept.scheme, code) != known), f"{value}-changed")
        return f"{value}-changed"

    def _find(self, list_: str, word: str) -> str | None:
        found = self.tables.vocabulary(list_).find(word)
        return found.iri if found else None

    def _field(self, field: Field, value: str) -> str:
        return "0511" if field.scheme == "isced-f" and value != "0511" else f"{value}-changed"

    def _level(self, level: Level, value: str) -> str:
        if level.framework is Framework.EQF:
            return "7" if value != "7" else "5"
        return "second" if level.framework is Framework.QF_EHEA else f"{value}-changed"

    # how it may appear

    def forms(self, record: Credential, struct: Any, field: str, value: Any) -> list[str]:
        """The strings in which a target may show a value, as parts of them."""
        if isinstance(value, bool):
            said = str(value).lower()
            return ["Qualification" if value else "LearningAchievementSpecification"] if "is_qual" in field else [said]
        if isinstance(value, dt.datetime):
            return [value.isoformat().removesuffix("+00:00"), value.astimezone(dt.UTC).isoformat()[:19]]
        if isinstance(value, dt.date):
            return [value.isoformat()]
        if isinstance(struct, Duration):
            return [self.amount(struct)]
        if isinstance(value, Decimal):
            return [format(value, "f")]
        if isinstance(value, Enum):
            return self._enum(value)
        if isinstance(struct, Content) and field == "sha256":
            data = self.contents[value]
            return [base64.b64encode(data).decode(), data.decode(errors="replace")]
        if isinstance(value, str) and self.refers(struct, field):
            return [text.value for item in record.organisations if item.id == value for text in item.names]
        if field == "grading_scheme":
            return [text.value for item in record.grading_schemes if item.id == value for text in item.title]
        if isinstance(struct, Text) and field == "lang":
            return [f'"{value}": ']
        return [str(value), quote(str(value), safe=""), *self._coded(struct, field, value)]

    def _enum(self, value: Enum) -> list[str]:
        found = [str(value.value)]
        if isinstance(value, OrganisationKind):
            found += [str(value.value).replace("-", " "), "Agent", "Group", "Organisation"]
        if (code := self._find("stackability", str(value.value))) is not None:
            found += [self.tables.vocabulary("stackability").by_iri(code).labels["en"]]  # type: ignore[union-attr]
        return found

    def _coded(self, struct: Any, field: str, value: str | int) -> list[str]:
        if not isinstance(value, str):
            return []
        lists: list[str] = []
        if isinstance(struct, Concept) and field == "code":
            lists = list(self.lists)
        elif "country" in field or "citizen" in field:
            lists = ["country"]
        elif "lang" in field:
            lists = ["language"]
        elif field in {"gender", "scheme", "media_type", "value"} or isinstance(struct, Field):
            lists = ["human-sex", "education-credit", "file-type", "eqf", "qf-ehea", "isced-f"]
        found = [self._find(name, value) for name in lists]
        if isinstance(struct, Concept) and field == "code" and struct.scheme in self.lists:
            found += self._walked(struct.scheme, value)
        return [iri for iri in found if iri is not None]

    def _walked(self, list_: str, value: str) -> Iterator[str | None]:
        """What crosswalks from a list make of a code of it."""
        for name in self.tables.names("crosswalks"):
            table = self.tables.crosswalk(name)
            if table.origin == list_ and (code := table.get(value)) is not None and table.target in self.lists:
                yield self._find(table.target, code)

    @staticmethod
    def amount(value: Duration) -> str:
        """A duration in ISO 8601, by months, hours, minutes and seconds."""
        seconds = value.seconds
        hours, minutes = int(seconds // 3600), int(seconds % 3600 // 60)
        rest = seconds % 60
        time = [
            f"{hours}H" if hours else "",
            f"{minutes}M" if minutes else "",
            f"{rest.normalize():f}S" if rest else "",
        ]
        months = f"{value.months}M" if value.months else ""
        return f"P{months}" + ("T" + "".join(time) if any(time) else "")
