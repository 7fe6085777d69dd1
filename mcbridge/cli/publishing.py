"""One publishing run, from the configuration to a plan; what is ambient (time, environment, process) enters here."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from msgspec import Struct

import mcbridge
from mcbridge.cli.collecting import Collection
from mcbridge.cli.environment import variables
from mcbridge.diagnostics import Report
from mcbridge.errors import ConfigError, InputError
from mcbridge.origins import Luggage
from mcbridge.register import kind
from mcbridge.register.base import Attempt, Looker, Register, Settings
from mcbridge.register.config import SyncConfig, load_config
from mcbridge.register.judge import judge
from mcbridge.register.ledger import Ledger
from mcbridge.register.plan import About, Plan, make_plan
from mcbridge.register.select import select
from mcbridge.register.verdict import Verdict
from mcbridge.register.wanted import wanted
from mcbridge.tables import Tables


def now() -> datetime:
    """The clock of a run."""
    return datetime.now(UTC)


class Draft(Struct, frozen=True):
    """A plan, the verdicts that it was made from, and what was found in the sources."""

    plan: Plan
    verdicts: tuple[Verdict, ...]
    collection: Collection


class Publishing:
    """A configuration with its register and its ledger, open as long as the run goes on."""

    def __init__(self, file: Path, mappings: Path | None) -> None:
        self.config: SyncConfig = load_config(file, variables())
        self.tables = Tables(mappings)
        self._watchers: list[Callable[[Attempt], None]] = []
        self.settings = Settings(
            config=self.config,
            tables=self.tables,
            clock=now,
            environ=dict(os.environ),
            watch=self._watch,
            agent=f"mcbridge/{mcbridge.__version__}",
        )
        self._kind: type[Register] = kind(self.config.register.kind)

    def _watch(self, attempt: Attempt) -> None:
        for watcher in self._watchers:
            watcher(attempt)

    @contextmanager
    def register(self) -> Iterator[Looker]:
        """The register without a way to write, and without a ledger."""
        with closing(self._kind.looking(self.settings)) as looker:
            yield looker

    @contextmanager
    def looking(self) -> Iterator[tuple[Looker, Ledger]]:
        """The register without a way to write, and its ledger."""
        with self.register() as looker, self._ledger(looker) as ledger:
            yield looker, ledger

    @contextmanager
    def writing(self) -> Iterator[tuple[Register, Ledger]]:
        """The register, and its ledger."""
        register = self._kind(self.settings)
        with closing(register), self._ledger(register) as ledger:
            yield register, ledger

    @contextmanager
    def _ledger(self, looker: Looker) -> Iterator[Ledger]:
        """The ledger of this register; exchanges with the register are written into it while it is open."""
        environment = self.config.register.environment
        with Ledger(self.config.ledger_url, clock=now, register=looker.identity, environment=environment) as ledger:
            self._watchers.append(ledger.attempt)
            try:
                yield ledger
            finally:
                self._watchers.remove(ledger.attempt)

    def verdicts(self) -> tuple[tuple[Verdict, ...], Collection]:
        """What the sources offer, judged. Raises ``ConfigError`` without a source, ``InputError`` without a record."""
        if not self.config.source:
            raise ConfigError("no source is named", where=self.config.file, hint='add [[source]] with paths = ["…"]')
        collection = Collection(self.config, self.tables, Luggage(report=Report()))
        policy = self.tables.changed_policy(self.config.register.kind, self.config.policy, self.config.file)
        providers: list[Mapping[str, str]] = [provider.match for provider in self.config.provider]
        found = tuple(judge(select(collection.reads(), self.tables), policy, self.tables, providers))
        return found, collection

    def draft(self, looker: Looker, ledger: Ledger) -> Draft:
        """A plan of the sources as they are now."""
        found, collection = self.verdicts()
        about = About(
            tool=mcbridge.__version__,
            register=looker.identity,
            environment=self.config.register.environment,
            config=self.config.hash,
            serial=ledger.serial,
            sources=tuple(collection.marks),
            complete=collection.complete,
        )
        plan = make_plan(wanted(found, looker), ledger.entries(), about, may_withdraw=True)
        return Draft(plan, found, collection)


def read_plan(path: Path) -> Plan:
    """A plan file. Raises ``InputError``."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"the plan cannot be read: {error.strerror or error}", where=str(path)) from error
    return Plan.from_json(data, str(path))


@contextmanager
def gently() -> Iterator[Callable[[], bool]]:
    """Ask to stop rather than stop: the first signal lets the record in hand be finished, the second ends the run."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    kept: dict[int, Any] = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


__all__ = ["Draft", "Publishing", "gently", "now", "read_plan"]
