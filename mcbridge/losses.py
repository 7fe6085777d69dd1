"""What found no home in the target: every leaf of a source is in the output or in this ledger.

A writer names a loss by the record and the canonical path; ``resolved`` turns that
into the place in the source. Values are not repeated here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from mcbridge.diagnostics import Location, place

SEAL = "loss/seal"
"""The signature of the source as a whole; the only loss that ``--fail-on-loss`` forgives."""

REFUSED = "loss/record-refused"
"""A whole record, or row of a table, that a reader or a writer left out; a finding says why."""


class Loss(Struct, frozen=True):
    """One loss. Either ``location`` is known, or ``field`` is the canonical path within ``record``.

    ``leaves`` is the number of leaves that a lost subtree covers. ``changed`` tells that the target got another
    value instead of none.
    """

    record: str
    field: str
    code: str
    reason: str
    location: Location | None = None
    leaves: int = 1
    changed: bool = False


class LossLedger:
    """The losses of a run towards one target format."""

    def __init__(self, to: str) -> None:
        self.to = to
        self._lost: dict[Loss, None] = {}
        self._unsealed: set[str] = set()

    def add(self, lost: Loss) -> None:
        """Name a loss; naming the same one twice is naming it once.

        A seal is one loss of its record: the reader, who knows the place, names it before the writer does.
        """
        if lost.code == SEAL:
            if lost.location is None and lost.record in self._unsealed:
                return
            self._unsealed.add(lost.record)
        self._lost.setdefault(lost)

    def extend(self, lost: Iterable[Loss]) -> None:
        """Name several."""
        for one in lost:
            self.add(one)

    def __iter__(self) -> Iterator[Loss]:
        return iter(self._lost)

    def __len__(self) -> int:
        return len(self._lost)

    @property
    def beyond_seal(self) -> int:
        """How many losses there are other than the seal."""
        return sum(1 for lost in self._lost if lost.code != SEAL)

    def resolved(self, locate: Callable[[str, str], Iterable[Location]]) -> dict[str, Any]:
        """The losses file: ``locate(record, field)`` gives the places in the source, several for a joined thing."""
        lines: dict[tuple[str, str, str, str, str], dict[str, Any]] = {}
        for lost in self._lost:
            spots = [lost.location] if lost.location else list(locate(lost.record, lost.field))
            for spot in spots:
                line: dict[str, Any] = {
                    "source": spot.source,
                    "record": lost.record,
                    "path": place(spot),
                    "field": lost.field,
                    "code": lost.code,
                    "reason": lost.reason,
                }
                if lost.leaves != 1:
                    line["leaves"] = lost.leaves
                lines.setdefault((line["source"], line["record"], line["path"], line["field"], lost.code), line)
        ordered = sorted(lines.items(), key=lambda item: (item[0][0], item[0][1]))
        return {"to": self.to, "losses": [line for _, line in ordered]}
