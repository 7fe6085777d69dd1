"""How long a fuzz run takes, by which seed, and what ends a case that does not end by itself.

``MCBRIDGE_FUZZ_SECONDS``
    the time of each run, 60 unless told
``MCBRIDGE_FUZZ_SEED``
    where a run begins; the same seed gives the same cases in the same order
``MCBRIDGE_FUZZ_CASE``
    one case of a run and no other, to look at it again

A run ends by the clock, whatever the machine: a slow one tries fewer cases of the same order.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from random import Random
from types import FrameType
from typing import Final

SEED: Final = int(os.environ.get("MCBRIDGE_FUZZ_SEED", "20310501"))
SECONDS: Final = float(os.environ.get("MCBRIDGE_FUZZ_SECONDS", "60"))
CASE: Final = os.environ.get("MCBRIDGE_FUZZ_CASE")

PATIENCE: Final = 20
"""Seconds of work after which a case hangs; waiting does not count, so a busy machine makes no difference."""
STANDSTILL: Final = 300
"""Seconds after which even one that only waits, or that no signal reaches, is ended together with the test process."""


class Hang(BaseException):
    """A case did not come to an end. No ``except Exception`` on its way may catch it."""


def cases(seconds: float = SECONDS) -> Iterator[tuple[int, Random]]:
    """The numbers of cases and their random numbers, until the time is up; at least one."""
    if CASE is not None:
        yield int(CASE), chance(int(CASE))
        return
    end = time.monotonic() + seconds
    for number in count():
        yield number, chance(number)
        if time.monotonic() > end:
            return


def chance(number: int) -> Random:
    """The random numbers of one case, whatever came before it."""
    return Random(f"{SEED}/{number}")  # noqa: S311 - repeatable, not secret


def replay(number: int) -> str:
    """How a case is looked at again."""
    return f"MCBRIDGE_FUZZ_SEED={SEED} MCBRIDGE_FUZZ_CASE={number}"


@contextmanager
def watched(seconds: float = PATIENCE) -> Iterator[None]:
    """Raises ``Hang`` in what works longer; what cannot be reached shows where it is, and ends the process."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Hang(f"no end after {seconds:g} seconds of work")

    faulthandler.dump_traceback_later(STANDSTILL, exit=True, file=sys.__stderr__ or sys.stderr)
    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        faulthandler.cancel_dump_traceback_later()
