"""From the sources that ``sync.toml`` names to verdicts: what is on offer, and whether it may be published."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mcbridge.cli.seals import terms
from mcbridge.conversion import Intake, Reading, Tally, expand, sources
from mcbridge.errors import BadOption, ConfigError, UsageError
from mcbridge.limits import limits_of
from mcbridge.origins import Luggage, Read, Source
from mcbridge.register.plan import SourceMark
from mcbridge.tables import Tables

if TYPE_CHECKING:
    from mcbridge.register.config import SourceConfig, SyncConfig
    from mcbridge.seals import Terms


class Collection:
    """The records of all sources of a configuration. The marks and counts are right once ``reads`` is through."""

    def __init__(self, config: SyncConfig, tables: Tables, luggage: Luggage) -> None:
        self.config = config
        self.tables = tables
        self.luggage = luggage
        self.tally = Tally()
        self.marks: list[SourceMark] = []

    @property
    def complete(self) -> bool:
        """Whether everything in the sources was understood, so that what is not in them is meant to be away."""
        return not (self.tally.failed or self.tally.passed_over or self.luggage.refused)

    def reads(self) -> Iterator[Read]:
        """The records, source by source. Raises ``ConfigError`` for a path that is not there."""
        limits = limits_of(self.config.limits)
        for at, each in enumerate(self.config.source):
            try:
                found = expand([str(self.config.folder / path) for path in each.paths])
            except UsageError as error:
                where = self.config.spot("source", at, "paths")
                raise ConfigError(f"{error.where}: {error.message}", where=str(where), hint=error.hint) from error
            intake = Intake(self._reading(each), self.luggage, self.tally, done=self._mark)
            yield from intake.records(sources(found, self.luggage.report, limits=limits))

    def _reading(self, source: SourceConfig) -> Reading:
        profile = source.profile
        if profile is not None and (profile.endswith(".toml") or len(Path(profile).parts) > 1):
            profile = str(self.config.folder / profile)
        options = {} if profile is None else {"profile": profile}
        return Reading(tables=self.tables, format=source.format, options=options, seals=self._seals)

    @cached_property
    def _seals(self) -> Terms:
        """By what seals are judged. Raises ``ConfigError``."""
        said = self.config.seals
        folder = None if said.trusted_keys is None else self.config.folder / said.trusted_keys
        try:
            return terms(folder, allow_sha1=said.allow_sha1, verify_at=said.verify_at)
        except BadOption as error:
            where = str(self.config.spot("seals", "verify_at"))
            raise ConfigError(error.message, where=where, hint=error.hint) from error

    def _mark(self, source: Source, records: int) -> None:
        """A source by its place beside the configuration, so that the same run elsewhere gives the same plan."""
        name = Path(os.path.relpath(source.name, self.config.folder)).as_posix()
        self.marks.append(SourceMark(name=name, sha256=source.sha256, records=records))
