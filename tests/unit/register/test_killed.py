"""A run that is killed at any point is run again, and the register holds what an uninterrupted run would have made."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest

from mcbridge.register.audit import broken
from mcbridge.register.embedded.server import EmbeddedRegister
from tests.faults import spoiling
from tests.publishing import TOKEN, Clock, open_ledger
from tests.unit.register.killed import Errand, run

FIRST, SECOND = (5, 6), (5, 7)
"""The credits of two offers; the second run changes one of them."""

CREATING = [
    ("begun", 1),
    *[(point, time) for time in (1, 2) for point in ("intended", "sent", "recorded", "verified")],
]
UPDATING = [("begun", 1), ("intended", 1), ("sent", 1), ("recorded", 1), ("verified", 1)]


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.unit.register.killed", "mcbridge.register.deqar", "alembic.command"])
    return context


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedRegister]:
    with EmbeddedRegister(f"sqlite:///{tmp_path}/register.db", token=TOKEN, dialect="deqar") as register:
        yield register


def start(context: ForkServerContext, errand: Errand) -> ForkServerProcess:
    process = context.Process(target=run, args=(errand,))
    process.start()
    return process


def kill(context: ForkServerContext, errand: Errand) -> None:
    process = start(context, errand)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"{errand.kill_at} was not reached"
    process.close()


def held(embedded: EmbeddedRegister) -> dict[str, int]:
    return dict(Counter(kept.local_identifier or "" for kept in embedded.shelf.all()))


def ects(embedded: EmbeddedRegister) -> list[int]:
    """By key: which of two went first is not promised; one whose answer was late is sent again after the other."""
    reports = sorted(embedded.shelf.all(), key=lambda kept: kept.local_identifier or "")
    return [kept.content["programmes"][0]["workload_ects"] for kept in reports]


def in_order(embedded: EmbeddedRegister, folder: Path, credits_: tuple[int, ...]) -> None:
    """The register holds each offer once, the ledger says the same, and another run has nothing to do."""
    assert held(embedded) == {f"demo-uni.example/MC-{at}": 1 for at in range(len(credits_))}
    assert ects(embedded) == list(credits_)
    [first, *_] = [kept.updated for kept in embedded.shelf.all()]
    assert run(Errand(embedded.url, str(folder), credits_)).counts() == {"kept": len(credits_)}
    assert embedded.shelf.all()[0].updated == first
    with open_ledger(folder, Clock(), f"{embedded.url}#DEMOQA") as ledger:
        assert broken(ledger.events()) is None
        assert ledger.open_ops() == ()
        assert {entry.key: entry.register_id for entry in ledger.entries()} == {
            kept.local_identifier: str(kept.id) for kept in embedded.shelf.all()
        }


@pytest.mark.parametrize("point", CREATING, ids=lambda point: f"{point[0]}-{point[1]}")
def test_killed_while_creating(
    processes: ForkServerContext, embedded: EmbeddedRegister, tmp_path: Path, point: tuple[str, int]
) -> None:
    kill(processes, Errand(embedded.url, str(tmp_path), FIRST, point))
    assert all(number == 1 for number in held(embedded).values())
    outcome = run(Errand(embedded.url, str(tmp_path), FIRST))
    assert outcome.code == 0, list(outcome.lines())
    in_order(embedded, tmp_path, FIRST)


@pytest.mark.parametrize("point", UPDATING, ids=lambda point: f"{point[0]}-{point[1]}")
def test_killed_while_updating(
    processes: ForkServerContext, embedded: EmbeddedRegister, tmp_path: Path, point: tuple[str, int]
) -> None:
    assert run(Errand(embedded.url, str(tmp_path), FIRST)).code == 0
    kill(processes, Errand(embedded.url, str(tmp_path), SECOND, point))
    assert run(Errand(embedded.url, str(tmp_path), SECOND)).code == 0
    in_order(embedded, tmp_path, SECOND)


@pytest.mark.parametrize("credits_", [FIRST, SECOND], ids=["creating", "updating"])
def test_killed_between_the_commit_at_the_register_and_its_answer(
    processes: ForkServerContext, embedded: EmbeddedRegister, tmp_path: Path, credits_: tuple[int, ...]
) -> None:
    with spoiling(embedded.url) as proxy:
        if credits_ is SECOND:
            assert run(Errand(proxy.url, str(tmp_path), FIRST)).code == 0
        process: ForkServerProcess | None = None

        def strike() -> None:
            if process is not None and process.pid is not None and process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
                wait([process.sentinel], 20)  # only one may join, and that is the test

        proxy.after_write = strike
        process = start(processes, Errand(proxy.url, str(tmp_path), credits_))
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        proxy.after_write = lambda: None
        assert len(held(embedded)) == (1 if credits_ is FIRST else 2)
        assert run(Errand(proxy.url, str(tmp_path), credits_)).code == 0
        assert held(embedded) == dict.fromkeys(held(embedded), 1)
        assert ects(embedded) == list(credits_)


def test_killed_again_and_again_it_gets_through(
    processes: ForkServerContext, embedded: EmbeddedRegister, tmp_path: Path
) -> None:
    for point in ("intended", "sent", "intended", "sent", "recorded"):
        process = start(processes, Errand(embedded.url, str(tmp_path), FIRST, (point, 1)))
        process.join(60)
        assert max(held(embedded).values(), default=0) <= 1
    assert run(Errand(embedded.url, str(tmp_path), FIRST)).code == 0
    in_order(embedded, tmp_path, FIRST)
