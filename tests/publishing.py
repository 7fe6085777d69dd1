"""What tests of publishing start from: invented offers, a configuration, a clock, and runs on a register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from mcbridge.diagnostics import JsonLocation
from mcbridge.model import Identifier, Organisation, Provision, SourceRef, Text
from mcbridge.register.apply import Conduct, Step, apply
from mcbridge.register.base import Attempt, Looker, Patience, Payload, Register, Settings
from mcbridge.register.brakes import Permission
from mcbridge.register.config import SyncConfig, read_config
from mcbridge.register.ledger import Ledger
from mcbridge.register.outcome import Outcome
from mcbridge.register.plan import About, Plan, SourceMark, make_plan
from mcbridge.register.store import Owner
from mcbridge.register.verdict import Candidate, Place, Verdict
from mcbridge.register.wanted import Wanted, wanted
from mcbridge.tables import Tables
from tests.unit.records import credits_of, offer

TOKEN = "invented-token-0123456789"
TABLES = Tables()
DEMO = Organisation(
    id="demo",
    names=(Text("Demo University", "en"),),
    identifiers=(Identifier(value="demo-uni.example", type="schac"),),
)
QUICK = Patience(connect=2, read=5, write=5, pool=2, attempts=3, first_pause=0.001, longest_pause=0.002)


@dataclass
class Clock:
    """A clock that is moved by hand, and by a second each time that it is looked at."""

    now: datetime = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


def demo(number: int | str = 1, *, ects: str = "5", **fields: Any) -> Provision:
    """An offer of the demonstration university that may be published."""
    made: dict[str, Any] = {
        "key": f"demo-uni.example/MC-{number}",
        "provider": "demo",
        "organisations": (DEMO,),
        "identifiers": (Identifier(value=f"MC-{number}", type="local"),),
        "title": (Text(f"Data Stewardship {number}", "en"), Text(f"Upravljanje podacima {number}", "hr")),
        "credits": credits_of(ects),
    }
    return offer(**(made | fields))


def verdict(provision: Provision) -> Verdict:
    """A verdict without a reason against."""
    ref = SourceRef(document="catalogue.json", path=provision.key)
    place = Place(ref, lambda path: JsonLocation("catalogue.json", path))
    title = provision.specification.title[0].value if provision.specification.title else ""
    return Verdict(Candidate(provision.key, title, provision, (place,)))


def config(url: str | None, folder: Path, kind: str = "deqar", **tables: Any) -> SyncConfig:
    """A configuration for a register at ``url``, with the ledger in ``folder``."""
    said: dict[str, Any] = {
        "register": {"kind": kind, "environment": "test", "token_env": "TOKEN", **({"url": url} if url else {})},
        "report": {
            "agency": "DEMOQA",
            "activity": "10",
            "status": "part of obligatory EQA system",
            "decision": "positive",
            "valid_from": date(2025, 1, 15),
            "files": [{"url": "https://example.edu/report.pdf", "languages": ["eng"], "name": "Review report"}],
        },
        "provider": [{"match": {"schac": "demo-uni.example"}, "deqar_id": "DEQARINST0012"}],
        "ledger": {"url": f"sqlite:///{folder}/ledger.db"},
    }
    return read_config(said | tables, "sync.toml", folder, {})


def settings(config: SyncConfig, clock: Callable[[], datetime], **fields: Any) -> Settings:
    """Settings that find the invented token, and do not wait long."""
    made: dict[str, Any] = {
        "config": config,
        "tables": TABLES,
        "clock": clock,
        "environ": {"TOKEN": TOKEN},
        "patience": QUICK,
    }
    return Settings(**(made | fields))


@dataclass
class Desk:
    """A register, its ledger, and runs on them, one after the other."""

    register: Register
    ledger: Ledger
    clock: Clock
    attempts: list[Attempt] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def plan(self, *offers: Provision | Wanted, may_withdraw: bool = False, complete: bool = True) -> Plan:
        """The plan for these offers."""
        return planned(self.register, self.ledger, offers, may_withdraw=may_withdraw, complete=complete)

    def apply(self, plan: Plan, permission: Permission | None = None, **conduct: Any) -> Outcome:
        """Carry a plan out."""
        return apply(plan, self.register, self.ledger, self.conduct(permission, **conduct))

    def conduct(self, permission: Permission | None = None, **fields: Any) -> Conduct:
        """How: as a first run that was looked at, unless said otherwise."""
        made: dict[str, Any] = {
            "tool": "test",
            "owner": Owner.here("test", "2026-03-01T06:00:00+00:00"),
            "permission": permission or Permission(first_run=True),
            "progress": self.steps.append,
            "pause": lambda seconds: self.clock.pass_by(seconds=seconds),
        }
        return Conduct(**(made | fields))

    def publish(self, *offers: Provision | Wanted) -> Outcome:
        """Plan and carry out."""
        return self.apply(self.plan(*offers))


def planned(
    looker: Looker,
    ledger: Ledger,
    offers: Iterable[Provision | Wanted],
    *,
    may_withdraw: bool = False,
    complete: bool = True,
    records: int | None = None,
) -> Plan:
    """The plan for these offers on a register and a ledger."""
    each = list(offers)
    about = About(
        tool="test",
        register=looker.identity,
        environment="test",
        config="c0f",
        serial=ledger.serial,
        sources=(SourceMark(name="catalogue.json", sha256=f"{len(each):064d}", records=records or len(each)),),
        complete=complete,
    )
    return make_plan(list(_wanted(each, looker)), ledger.entries(), about, may_withdraw=may_withdraw)


def _wanted(offers: Iterable[Provision | Wanted], looker: Looker) -> Iterator[Wanted]:
    for each in offers:
        yield from [each] if isinstance(each, Wanted) else wanted([verdict(each)], looker)


def want(key: str, **body: Any) -> Wanted:
    """A wish for a record with this body."""
    return Wanted(key=key, title=f"Title of {key}", payload=Payload.of(key, f"Title of {key}", body))


def open_ledger(folder: Path, clock: Callable[[], datetime], register: str, environment: str = "test") -> Ledger:
    """The ledger in a folder."""
    return Ledger(f"sqlite:///{folder}/ledger.db", clock=clock, register=register, environment=environment)
