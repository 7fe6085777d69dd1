"""One credential, changed as a test needs it, and what came of writing it."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

from mcbridge.diagnostics import Diagnostic, JsonLocation
from mcbridge.losses import Loss
from mcbridge.mappers.edc import EdcMapper
from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Address,
    Award,
    Credential,
    Learner,
    Organisation,
    Place,
    Specification,
    Text,
    Texts,
)
from mcbridge.origins import Contents, Luggage, Origin, Read
from mcbridge.tables import Tables

TABLES = Tables()
HOME = Place(addresses=(Address(country="HR"),))


def en(text: str) -> Texts:
    """An English text."""
    return (Text(text, "en"),)


def body(id_: str = "body", **more: Any) -> Organisation:
    """An organisation that can be written."""
    given: dict[str, Any] = {"id": id_, "names": en(f"Body {id_}"), "places": (HOME,)}
    return Organisation(**(given | more))


def award(*bodies: str) -> Award:
    """An award with a date."""
    return Award(bodies=bodies or ("body",), date=dt.date(2025, 6, 30))


def achievement(**more: Any) -> Achievement:
    """An achievement that can be written."""
    given: dict[str, Any] = {"title": en("Basics of maps"), "award": award()}
    return Achievement(**(given | more))


def offering(**more: Any) -> Achievement:
    """An achievement with a specification."""
    given: dict[str, Any] = {"title": en("Basics of maps")}
    return achievement(specification=Specification(**(given | more)))


def credential(*achievements: Achievement, **more: Any) -> Credential:
    """A credential that can be written."""
    given: dict[str, Any] = {
        "version": MODEL_VERSION,
        "id": "one",
        "learner": Learner(family_name=en("Izmišljić")),
        "primary_language": "en",
        "achievements": achievements or (achievement(),),
        "organisations": (body(),),
    }
    return Credential(**(given | more))


class Result:
    """What came of it. Options are named with ``_`` for ``-``."""

    def __init__(self, record: Any, contents: Contents | None = None, **options: str) -> None:
        luggage = Luggage("edc")
        luggage.contents = contents or Contents()
        sink = io.BytesIO()
        read = Read(record, Origin(JsonLocation("record.json")))
        named = {name.replace("_", "-"): value for name, value in options.items()}
        self.count = EdcMapper(TABLES, named).write([read], sink, luggage)
        self.data = sink.getvalue()
        self.document: dict[str, Any] = json.loads(self.data) if self.data else {}
        self.findings: list[Diagnostic] = list(luggage.report)
        self.losses: list[Loss] = list(luggage.losses)

    @property
    def credential(self) -> dict[str, Any]:
        """The credential itself."""
        found: dict[str, Any] = self.document["credential"]
        return found

    @property
    def claim(self) -> dict[str, Any]:
        """Its first claim."""
        found: dict[str, Any] = self.credential["credentialSubject"]["hasClaim"][0]
        return found

    @property
    def offer(self) -> dict[str, Any]:
        """What its first claim points to."""
        found: dict[str, Any] = self.claim["specifiedBy"]
        return found

    def rules(self) -> list[tuple[str, str | None]]:
        """The findings by rule and field."""
        return [(found.rule.id, found.field) for found in self.findings]

    def message(self, rule: str) -> str:
        """The message of the only finding of a rule."""
        (found,) = [found for found in self.findings if found.rule.id == rule]
        return found.message

    def lost(self) -> list[tuple[str, str]]:
        """The losses by field and code."""
        return [(lost.field, lost.code) for lost in self.losses]
