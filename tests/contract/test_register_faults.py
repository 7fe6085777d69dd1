"""Whatever happens between us and a register, no record is ever there twice, and a clean run puts everything right."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from mcbridge.model import Provision
from mcbridge.register import kind
from mcbridge.register.base import Patience, Register
from mcbridge.register.brakes import Permission
from mcbridge.register.embedded.fields import Dialect
from mcbridge.register.embedded.server import EmbeddedRegister
from mcbridge.register.ledger import Ledger
from mcbridge.register.outcome import Outcome
from tests.faults import Fault, Proxy, spoiling
from tests.publishing import TOKEN, Clock, Desk, config, demo, settings

PATIENCE = Patience(
    connect=2, read=0.3, write=1, pool=1, attempts=3, first_pause=0.001, longest_pause=0.002, longest_asked=1
)
FAULTS: tuple[Fault, ...] = tuple(fault for fault in get_args(Fault) if fault != "none")
KEYS = ("demo-uni.example/MC-1", "demo-uni.example/MC-2")


@dataclass
class Ground:
    """A register, the proxy in front of it, and whoever publishes through that."""

    embedded: EmbeddedRegister
    proxy: Proxy
    desk: Desk

    def run(self, *offers: Provision) -> Outcome:
        """One run that really waits where it has to."""
        return self.desk.apply(self.desk.plan(*offers), pause=time.sleep)

    def held(self) -> dict[str, int]:
        """How many records the register holds under each local identifier."""
        return dict(Counter(kept.local_identifier or "" for kept in self.embedded.shelf.all()))

    def credits(self, key: str) -> int:
        [kept] = self.embedded.shelf.find("DEMOQA", key)
        found: int = kept.content["programmes"][0]["workload_ects"]
        return found

    def writes(self) -> int:
        return sum(1 for method, _ in self.proxy.seen if method != "GET")


both = pytest.mark.parametrize("ground", ["deqar", "strict"], indirect=True)
"""On both dialects: the strict one has a constraint in its database, the real one only looks before it writes."""
as_it_is = pytest.mark.parametrize("ground", ["deqar"], indirect=True)


@pytest.fixture
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    dialect: Dialect = request.param
    clock = Clock()
    with (
        EmbeddedRegister(f"sqlite:///{tmp_path}/register.db", token=TOKEN, dialect=dialect) as embedded,
        spoiling(embedded.url) as proxy,
    ):
        given = settings(config(proxy.url, tmp_path), lambda: dt.datetime.now(dt.UTC), patience=PATIENCE)
        register: Register = kind("deqar")(given)
        with Ledger(
            f"sqlite:///{tmp_path}/ledger.db", clock=given.clock, register=register.identity, environment="test"
        ) as ledger:
            yield Ground(embedded, proxy, Desk(register, ledger, clock))
        register.close()


@pytest.mark.parametrize(
    ("ground", "fault"),
    [
        *[("deqar", fault) for fault in FAULTS],
        *[("strict", fault) for fault in ("drop-before", "drop-after", "500-after", "late", "twice")],
    ],
    indirect=["ground"],
)
def test_a_spoilt_create_never_makes_two(ground: Ground, fault: Fault) -> None:
    ground.proxy.writes = [fault]
    ground.run(demo(1), demo(2))
    ground.proxy.settle()
    assert max(ground.held().values()) == 1
    assert ground.run(demo(1), demo(2)).code == 0
    assert ground.held() == dict.fromkeys(KEYS, 1)
    before = ground.writes()
    assert ground.run(demo(1), demo(2)).counts() == {"kept": 2}
    assert ground.writes() == before, "nothing is sent when nothing changed"


@as_it_is
@pytest.mark.parametrize("fault", FAULTS)
def test_a_spoilt_update_ends_with_the_new_content_and_one_record(ground: Ground, fault: Fault) -> None:
    offers = [demo(1), demo(2), demo(3), demo(4)]
    assert ground.run(*offers).code == 0
    ground.proxy.writes = [fault]
    changed = [demo(1, ects="9"), *offers[1:]]
    ground.run(*changed)
    ground.proxy.settle()
    assert ground.run(*changed).code == 0
    assert max(ground.held().values()) == 1
    assert ground.credits(KEYS[0]) == 9


@as_it_is
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if not fault.startswith(("late", "slow"))])
def test_a_spoilt_look_up_makes_nothing_worse(ground: Ground, fault: Fault) -> None:
    ground.proxy.writes = ["drop-after"]
    ground.proxy.reads = [fault, fault]
    ground.run(demo(1), demo(2))
    assert max(ground.held().values()) == 1
    assert ground.run(demo(1), demo(2)).code == 0
    assert ground.held() == dict.fromkeys(KEYS, 1)


@both
@pytest.mark.parametrize("seed", range(4))
def test_random_faults_and_edits_end_in_one_record_each_after_two_clean_runs(ground: Ground, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing is secret about faults
    quick = [fault for fault in FAULTS if fault not in {"late", "slow-after"}]
    offers: list[Provision] = []
    for _ in range(3):
        offers = [demo(at, ects=str(chance.randint(1, 59))) for at in range(3)]
        ground.proxy.writes = chance.choices(quick, k=chance.randint(0, 4))
        ground.proxy.reads = chance.choices(["none", *quick], k=chance.randint(0, 4))
        plan = ground.desk.plan(*offers)
        ground.desk.apply(plan, Permission(first_run=True, allow_updates=3))
        assert max(ground.held().values(), default=0) <= 1
    ground.proxy.writes, ground.proxy.reads = [], []
    codes = [
        ground.desk.apply(ground.desk.plan(*offers), Permission(first_run=True, allow_updates=3)).code for _ in range(2)
    ]
    assert codes[-1] == 0, codes
    assert set(ground.held().values()) == {1}
    assert [ground.credits(offer.key) for offer in offers] == [
        int(offer.specification.credits[0].points or 0) for offer in offers
    ]
    assert ground.desk.plan(*offers).pending == ()
    by_ledger = {entry.key: entry.register_id for entry in ground.desk.ledger.entries()}
    assert by_ledger == {kept.local_identifier: str(kept.id) for kept in ground.embedded.shelf.all()}


@as_it_is
def test_the_token_stands_in_no_ledger_no_plan_and_no_outcome(ground: Ground, tmp_path: Path) -> None:
    ground.proxy.writes = ["500-after", "page-after"]
    plan = ground.desk.plan(demo(1), demo(2), demo(3))
    outcome = ground.run(demo(1), demo(2), demo(3))
    ground.desk.ledger.close()
    written = b"".join(file.read_bytes() for file in tmp_path.glob("ledger.db*"))
    assert b"demo-uni.example/MC-1" in written
    assert TOKEN.encode() not in written
    assert TOKEN not in plan.to_json().decode() + str(outcome) + repr(ground.desk.register)
