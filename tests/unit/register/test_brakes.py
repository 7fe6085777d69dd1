"""When a run does not begin: each brake, where it holds, and the number that releases it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from mcbridge.errors import BrakeHeld
from mcbridge.register.base import Entry, Payload, State
from mcbridge.register.brakes import Permission, held, sources_hash, stop_if_held
from mcbridge.register.memory import MemoryRegister
from mcbridge.register.plan import About, Plan, SourceMark, make_plan
from mcbridge.register.rows import Run
from tests.publishing import Clock, Desk, open_ledger, want


def entries(number: int, *, ripe: int = 0) -> list[Entry]:
    made = []
    for at in range(number):
        payload = Payload.of(f"k{at:03}", "T", {"ects": 5})
        made.append(
            Entry(
                key=payload.key,
                state=State.PUBLISHED,
                register_id=str(at),
                hash=payload.hash,
                body=payload.body,
                ripe=at < ripe,
            )
        )
    return made


def run(records: int) -> Run:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Run("r", "p", 0, 1, records, (), now, now, 0)


def plan(present: list[Entry], *, updates: int = 0, missing: int = 0, records: int | None = None) -> Plan:
    wants = [want(entry.key, ects=6 if at < updates + missing else 5) for at, entry in enumerate(present)][missing:]
    count = len(present) if records is None else records
    about = About(
        tool="t",
        register="r",
        environment="test",
        config="c",
        serial=0,
        sources=(SourceMark(name="a.csv", sha256="5ha", records=count),),
    )
    return make_plan(wants, present, about, may_withdraw=True)


def names(plan_: Plan, present: list[Entry], runs: list[Run], permission: Permission | None = None) -> list[str]:
    return [brake.name for brake in held(plan_, present, runs, permission or Permission())]


def test_a_first_run_is_meant_or_was_looked_at() -> None:
    about = msgspec.structs.replace(plan([]).about, sources=())
    fresh = make_plan([want("a", ects=1)], [], about, may_withdraw=False)
    assert names(fresh, [], []) == ["first-run"]
    assert names(fresh, [], [], Permission(first_run=True)) == []
    assert names(fresh, [], [], Permission(reviewed=True)) == []
    assert names(fresh, [], [run(1)], None) == ["source-empty"]


@pytest.mark.parametrize(
    ("published", "updates", "allowed", "holds"),
    [
        (10, 3, None, False),
        (10, 4, None, True),
        (10, 4, 4, False),
        (10, 4, 3, True),
        (10, 10, 10, False),
        (1, 1, None, False),
        (2, 2, None, True),
        (100, 30, None, False),
        (100, 31, None, True),
    ],
)
def test_more_than_thirty_per_cent_of_updates_hold(
    published: int, updates: int, allowed: int | None, *, holds: bool
) -> None:
    present = entries(published)
    permission = Permission(allow_updates=allowed)
    assert names(plan(present, updates=updates), present, [run(published)], permission) == ["updates"] * holds


@pytest.mark.parametrize(
    ("published", "gone", "allowed", "holds"),
    [(100, 5, None, False), (100, 6, None, True), (100, 6, 6, False), (200, 10, None, False), (200, 11, None, True)],
)
def test_more_than_five_withdrawals_and_five_per_cent_hold(
    published: int, gone: int, allowed: int | None, *, holds: bool
) -> None:
    present = entries(published, ripe=gone)
    permission = Permission(allow_withdraw=allowed)
    found = names(plan(present, missing=gone, records=published), present, [run(published)], permission)
    assert found == ["withdrawals"] * holds


@pytest.mark.parametrize(
    ("now", "last", "name"),
    [(80, 100, ""), (79, 100, "source-shrunk"), (0, 100, "source-empty"), (0, 0, "source-empty")],
)
def test_a_source_that_shrank_or_is_empty_holds_until_it_is_accepted_by_its_hash(
    now: int, last: int, name: str
) -> None:
    present = entries(3)
    shrunk = plan(present, records=now)
    runs = [run(last)]
    assert names(shrunk, present, runs) == ([name] if name else [])
    [*brakes] = held(shrunk, present, runs, Permission())
    for brake in brakes:
        assert sources_hash(shrunk.about.sources) in brake.release
    assert names(shrunk, present, runs, Permission(accept_source=sources_hash(shrunk.about.sources))) == []
    assert names(shrunk, present, runs, Permission(accept_source="another")) == ([name] if name else [])


def test_the_last_run_that_had_records_is_the_measure() -> None:
    present = entries(3)
    assert names(plan(present, records=50), present, [run(0), run(100)]) == ["source-shrunk"]


def test_every_brake_that_holds_is_told_with_the_number_that_releases_it() -> None:
    present = entries(10)
    found = held(plan(present, updates=5, records=5), present, [run(100)], Permission())
    with pytest.raises(BrakeHeld) as caught:
        stop_if_held(found)
    assert caught.value.exit_code == 6
    assert "5 of 10 published records would be updated" in caught.value.message
    assert "the sources hold 5 records, 100 the last time" in caught.value.message
    assert "--allow-updates 5" in (caught.value.hint or "")
    assert "--accept-source" in (caught.value.hint or "")
    stop_if_held(())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock, register = Clock(), MemoryRegister()
    with open_ledger(tmp_path, clock, register.identity) as ledger:
        yield Desk(register, ledger, clock)


def test_a_held_run_sends_nothing_and_leaves_no_trace(desk: Desk) -> None:
    with pytest.raises(BrakeHeld, match="first run"):
        desk.apply(desk.plan(want("a", ects=1)), Permission())
    assert desk.ledger.runs() == ()
    assert desk.ledger.entries() == ()
    assert desk.register.lookup("a") is None


def test_what_was_overridden_stands_in_the_audit_trail(desk: Desk) -> None:
    desk.apply(desk.plan(want("a", ects=1)), Permission(first_run=True, allow_updates=7))
    assert desk.ledger.events()[0].data["overrides"] == {"first_run": True, "allow_updates": 7}
