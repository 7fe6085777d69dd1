"""A publishing run in a process of its own, killed at a named point: started by the tests from a fork server."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mcbridge.register import kind
from mcbridge.register.apply import Step, apply
from mcbridge.register.base import Patience, Register
from mcbridge.register.ledger import Ledger
from mcbridge.register.outcome import Outcome
from tests.publishing import Clock, Desk, config, demo, planned, settings

PATIENCE = Patience(connect=2, read=0.25, write=1, pool=1, attempts=2, first_pause=0.001, longest_pause=0.002)


@dataclass(frozen=True)
class Errand:
    """What a run is to do: publish offers with these credits at ``url``; ``kill_at`` is a point and its number."""

    url: str
    folder: str
    ects: tuple[int, ...]
    kill_at: tuple[str, int] | None = None


def _now() -> datetime:
    return datetime.now(UTC)


def run(errand: Errand) -> Outcome:
    """Carry the errand out; with ``kill_at`` this does not return."""
    met = 0

    def watch(step: Step) -> None:
        nonlocal met
        if errand.kill_at is not None and step.point == errand.kill_at[0]:
            met += 1
            if met == errand.kill_at[1]:
                os.kill(os.getpid(), signal.SIGKILL)

    folder = Path(errand.folder)
    given = settings(config(errand.url, folder), _now, patience=PATIENCE)
    register: Register = kind("deqar")(given)
    with Ledger(f"sqlite:///{folder}/ledger.db", clock=_now, register=register.identity, environment="test") as ledger:
        offers = [demo(at, ects=str(ects)) for at, ects in enumerate(errand.ects)]
        plan = planned(register, ledger, offers)
        desk = Desk(register, ledger, Clock())
        outcome = apply(plan, register, ledger, desk.conduct(progress=watch, pause=time.sleep))
    register.close()
    return outcome
