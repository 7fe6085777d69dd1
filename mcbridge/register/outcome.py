"""What a run came to: one result for each action, counts, and the exit code that says the worst of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final

from msgspec import Struct

WORST_FIRST: Final = (70, 78, 77, 6, 75, 5, 3, 4, 0)
"""Exit codes when several apply."""


class Came(Enum):
    """What came of one action. ``ADOPTED``: it was at the register already, as it should be."""

    CREATED = "created"
    UPDATED = "updated"
    ADOPTED = "adopted"
    WITHDRAWAL_REQUESTED = "withdrawal requested"
    KEPT = "kept"
    ABSENT = "absent"
    BLOCKED = "blocked"
    FAILED = "failed"
    CONFLICT = "conflict"
    DRIFTED = "drifted"
    UNCERTAIN = "uncertain"
    WAITING = "not sent"

    @property
    def code(self) -> int:
        """The exit code that it stands for."""
        if self in {Came.FAILED, Came.CONFLICT, Came.DRIFTED}:
            return 5
        return 75 if self in {Came.UNCERTAIN, Came.WAITING} else 0


class Result(Struct, frozen=True, kw_only=True):
    """One action's result. ``text`` is the register's or our own word on it, ``flag`` the register's remark."""

    key: str
    title: str
    came: Came
    text: str = ""
    register_id: str | None = None
    flag: str = ""
    verified: bool = False


class Outcome(Struct, frozen=True, kw_only=True):
    """A whole run. ``stopped`` tells why it ended before everything was sent; ``run`` is its id in the ledger."""

    run: str
    results: tuple[Result, ...] = ()
    stopped: str = ""
    stop_code: int = 0

    @property
    def code(self) -> int:
        """The worst of what happened, in the stated order."""
        codes = {self.stop_code, *(result.came.code for result in self.results)}
        return min(codes, key=WORST_FIRST.index)

    def counts(self) -> Mapping[str, int]:
        """How many results there are of each kind."""
        return dict(sorted(Counter(result.came.value for result in self.results).items()))

    def lines(self) -> Iterator[str]:
        """The outcome in words: what did not go through, what the register remarked, and the counts."""
        for result in self.results:
            if result.came.code or result.flag:
                remark = f" [{result.flag}]" if result.flag else ""
                text = f": {result.text}" if result.text else ""
                yield f"{result.came.value:9}{result.key}  {result.title}{text}{remark}"
        if self.stopped:
            yield f"stopped: {self.stopped}"
        counts = self.counts()
        yield ", ".join(f"{number} {name}" for name, number in counts.items()) if counts else "nothing to do"
