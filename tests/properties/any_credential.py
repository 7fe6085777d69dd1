"""Credentials made up from the types of the model: whatever they allow, sensible or not, from a seed."""

from __future__ import annotations

import datetime as dt
import random
import types
import typing
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec

from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Activity,
    Address,
    Assessment,
    Content,
    Credential,
    Credit,
    Entitlement,
    Organisation,
    Place,
    Text,
)

LANGUAGES: Final = (None, "en", "hr", "EN", "hrv", "de-AT", "x y", "", "zz", "en ")
COUNTRIES: Final = ("HR", "SI", "EL", "UK", "XK", "HRV", "XX", "", "croatia")
CODES: Final = (
    "5",
    "first",
    "blended",
    "online",
    "written-examination",
    "Course",
    "0532",
    "positive",
    "programme-licence",
    "skill",
    "actual",
    "generic",
    "converted",
    "conversion",
    "http://data.europa.eu/snb/eqf/6",
    "http://data.europa.eu/snb/eqf/66",
    "http://data.europa.eu/esco/skill/1",
    "http://publications.europa.eu/resource/authority/atu/HRV",
    "https://example.org/list/with space",
    "https://example.org/list/1",
    "urn:epass:concept:1",
)
SCHEMES: Final = (
    None,
    "eqf",
    "learning-opportunity",
    "elmo-los-type",
    "assessment",
    "isced-f",
    "made up",
    "https://example.org/list",
)
IDS: Final = (
    None,
    "a",
    "b",
    "c",
    "urn:epass:org:1",
    "https://example.org/id/1",
    "https://example.org/id/2",
    "not an id",
)
DEEP: Final = {"parts", "sections"}


class Maker:
    """One made-up credential. Fields are filled with the given chance, less often the deeper they are."""

    def __init__(self, seed: int, chance: float, hashes: list[str]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - test data
        self.chance = chance
        self.hashes = hashes
        self.number = 0
        self.types: dict[str, dict[str, Any]] = {}

    def credential(self) -> Credential:
        """A credential that has an issuer, a date, and claims with titles; all else is as it comes."""
        made: Credential = self.struct(Credential, 0)
        where = Place(addresses=(Address(country="HR"),))
        organisations = [
            msgspec.structs.replace(self.struct(Organisation, 2), id=name, names=(Text(f"Body {name}", "en"),))
            for name in ("a", "b", "c", "https://example.org/id/1")
        ]
        organisations[:2] = [msgspec.structs.replace(one, places=(where, *one.places)) for one in organisations[:2]]
        organisations[0] = msgspec.structs.replace(organisations[0], kind=None)
        claims = {
            name: tuple(
                msgspec.structs.replace(self.struct(shape, 0), title=(Text(f"{name} {at}", "en"),))
                for at in range(self.random.choice(several))
            )
            for name, shape, several in (
                ("achievements", Achievement, (1, 2)),
                ("activities", Activity, (0, 0, 1)),
                ("assessments", Assessment, (0, 0, 1)),
                ("entitlements", Entitlement, (0, 0, 1)),
            )
        }
        return msgspec.structs.replace(
            made,
            version=MODEL_VERSION,
            id=f"made-up-{self.number}",
            issuer="a",
            issued=dt.datetime(2025, 6, 30, tzinfo=dt.UTC),
            organisations=tuple(organisations),
            **claims,
        )

    def struct(self, shape: type[Any], depth: int) -> Any:
        """A struct with some of its fields."""
        values = {}
        chance = self.chance / (1 + depth / 3)
        if shape.__name__ not in self.types:
            self.types[shape.__name__] = typing.get_type_hints(shape)
        fields = self.types[shape.__name__]
        for info in msgspec.structs.fields(shape):
            likely = 1 if info.required else 0.1 * chance if info.name in DEEP else chance
            if self.random.random() < likely:
                values[info.name] = self.value(shape, info.name, fields[info.name], depth + 1)
        if shape is Content:
            values["size"] = abs(values["size"])
        return shape(**values)

    def value(self, shape: type, field: str, type_: Any, depth: int) -> Any:
        """A value of a type."""
        pick = self.random.choice
        origin, inner = typing.get_origin(type_), typing.get_args(type_)
        if origin in {typing.Union, types.UnionType}:
            return self.value(shape, field, next(each for each in inner if each is not type(None)), depth)
        if origin is tuple:
            return tuple(self.value(shape, field, inner[0], depth) for _ in range(pick((1, 1, 2, 3))))
        if origin is typing.Literal:
            return pick(inner)
        if type_ is str:
            return self.string(shape, field)
        if type_ is bool:
            return pick((True, False))
        if type_ is int:
            return pick((-1, 0, 1, 7, 100, 101))
        if type_ is Decimal:
            return pick((Decimal(0), Decimal("4.50"), Decimal(-3), Decimal("1E+3"), Decimal("33.333")))
        if type_ is dt.datetime:
            zone = pick((dt.UTC, dt.timezone(dt.timedelta(hours=2)), None))
            return dt.datetime(2025, 6, pick(range(1, 31)), 12, 30, 15, pick((0, 500000)), tzinfo=zone)
        if type_ is dt.date:
            return dt.date(2025, pick(range(1, 13)), pick(range(1, 29)))
        if issubclass(type_, Enum):
            return pick(list(type_))
        return self.struct(type_, depth)

    def string(self, shape: type, field: str) -> str:
        """A string: a word for the fields that hold one of a list, else a new one."""
        pick, self.number = self.random.choice, self.number + 1
        if field in {"lang", "languages", "primary_language"}:
            return pick(LANGUAGES) or ""
        if "country" in field or field == "citizenships":
            return pick(COUNTRIES)
        if shape is Text or field in {"url", "emails", "value"}:
            return pick((f"text {self.number}", f"text {self.number}", f"a@b{self.number}.example.org", "", " "))
        if shape is Credit:
            return pick(("ECTS", "ecvet", "", f"points {self.number}"))
        if field in {"code", "scheme", "gender", "media_type"}:
            return pick(CODES if field == "code" else SCHEMES) or f"word {self.number}"
        if field in {"sha256", "written"}:
            return pick([*self.hashes, "0" * 64])
        if field in {"id", "agency", "issuer", "bodies", "providers", "organisations", "grading_scheme", "creator"}:
            return pick(IDS) or f"id {self.number}"
        if shape is Organisation and field in {"parts", "member_of"}:
            return pick(IDS) or "a"
        return f"word {self.number}"


def credential(seed: int, hashes: list[str], chance: float = 0.5) -> Credential:
    """The credential of a seed."""
    return Maker(seed, chance, hashes).credential()
