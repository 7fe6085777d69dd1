"""The options that may follow ``elmo:``, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from mcbridge.errors import BadOption
from mcbridge.mappers import _xml
from mcbridge.mappers._xml import Schema
from mcbridge.mappers.elmo.values import moment
from mcbridge.mappers.elmo.versions import FIRST, WRITTEN

KNOWN: Final = {
    "version": "of what is written: 1.7, where nothing is said, or 2.0",
    "generated": "date and time for generatedDate when the record has none (2026-06-30T12:00:00+02:00)",
    "envelope": "emrex: written as base64 of gzip, as EMREX providers send it (none)",
    "validate": "no: neither what is read nor what is written is checked against the schema; official: it is checked "
    "against the published one, once it was added (mcbridge schemas)",
    "schemas": "the folder of the published schemas, where it is another one than that of mcbridge schemas",
}
_CHECKS: Final = ("yes", "no", "official")
_ENVELOPES: Final = ("none", "emrex")


class Options(Struct, frozen=True, kw_only=True):
    """What a caller asked for."""

    version: str = FIRST
    generated: datetime | None = None
    envelope: str = _ENVELOPES[0]
    validate: bool = True
    official: Path | None = None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Options:
        """Options as they were written. Raises ``BadOption``."""
        for name in given:
            if name not in KNOWN:
                raise BadOption(f'elmo has no option "{name}"', hint=f"it takes {', '.join(KNOWN)}")
        return cls(
            version=_one_of("version", given, WRITTEN),
            generated=_moment(given.get("generated")),
            envelope=_one_of("envelope", given, _ENVELOPES),
            validate=_one_of("validate", given, _CHECKS) != "no",
            official=_official(given),
        )

    def schema(self, name: str) -> Schema:
        """The schema of a name, ours or the published one. Raises ``ConfigError`` for one that was not added."""
        if self.official is None:
            return _xml.schema(name)
        from mcbridge.mappers._xml.official import published

        return published(name, self.official)


def _one_of(name: str, given: Mapping[str, str], words: tuple[str, ...]) -> str:
    """The word given, or the first."""
    word = given.get(name, words[0])
    if word not in words:
        hint = " or ".join(f"elmo:{name}={each}" for each in words)
        raise BadOption(f'{name} cannot be "{word}"', hint=f"write {hint}")
    return word


def _official(given: Mapping[str, str]) -> Path | None:
    if given.get("validate") != "official":
        return None
    if "schemas" not in given:
        raise BadOption("validate=official needs the folder of the schemas", hint="add schemas=DIR")
    return Path(given["schemas"])


def _moment(word: str | None) -> datetime | None:
    try:
        return None if word is None else moment(word)
    except ValueError:
        raise BadOption(f'"{word}" is no date and time', hint="write for example 2026-06-30T12:00:00+02:00") from None
