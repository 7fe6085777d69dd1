"""Where a record came from: the source's bytes, and the place of each canonical field in them.

Origins are looked up when something is to be named, not kept while reading: a
reader hands over a function that reads again with its eyes open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, Report, TableLocation
from mcbridge.limits import DEFAULT, Limits
from mcbridge.losses import REFUSED, Loss, LossLedger
from mcbridge.model import Record
from mcbridge.origins.keeping import PIECE, Contents, Nameless, Taking
from mcbridge.origins.source import HEAD, Source, bounded

__all__ = [
    "HEAD",
    "PIECE",
    "Contents",
    "Luggage",
    "Nameless",
    "Origin",
    "Read",
    "Source",
    "Taking",
    "bounded",
]


def _nowhere(_: str) -> None:
    return None


def _alone() -> tuple[Location, ...]:
    return ()


class Origin(Struct, frozen=True):
    """Where one record came from. ``find`` maps a canonical path to a place and is asked only when needed.

    A path that is not known as such is looked up by its parents, so a place is always found. ``shared`` are the places
    beside ``whole`` that the record is made of, such as further rows, or what all records of its document share.
    """

    whole: Location
    find: Callable[[str], Location | None] = _nowhere
    shared: Callable[[], Sequence[Location]] = _alone
    source: Source | None = None

    def of(self, path: str) -> Location:
        """The place of a canonical field (``achievements[2].credits[0].points``), or of the nearest parent."""
        while path:
            found = self.find(path) or self.find(f"{path}[0]")
            if found is not None:
                return found
            cut = max(path.rfind("."), path.rfind("["))
            path = path[:cut] if cut > 0 else ""
        return self.whole

    def places(self, path: str) -> list[Location]:
        """All places of a field: a collection that has none of its own has those of its items; "" is the record."""
        if not path:
            return [self.whole, *self.shared()]
        if (found := self.find(path)) is not None:
            return [found]
        items: list[Location] = []
        while (item := self.find(f"{path}[{len(items)}]")) is not None:
            items.append(item)
        return items or [self.of(path)]


class Read(Struct, frozen=True):
    """A record and where it came from."""

    record: Record
    origin: Origin

    def located(self, record: Record) -> Read:
        """The same place, another record."""
        return replace(self, record=record)

    def taken_from(self, source: Source) -> Read:
        """The same record, and which source it was read from, unless that is known."""
        if self.origin.source is not None:
            return self
        return replace(self, origin=replace(self.origin, source=source))


class Luggage:
    """What travels beside the records of one run: findings, losses and contents. Nobody reads findings back to decide.

    ``refused`` counts the records, or rows of a table, that a reader had to leave out, each with a finding.
    """

    def __init__(self, to: str = "canonical", report: Report | None = None, limits: Limits = DEFAULT) -> None:
        self.report = report if report is not None else Report()
        self.losses = LossLedger(to)
        self.contents = Contents(limits.memory)
        self.refused = 0

    def refuse(self, *found: Diagnostic) -> None:
        """A record or row is left out, for these reasons; the others go on. It is a loss as a whole."""
        for each in found:
            self.report.add(each)
            reason = f"it was left out as a whole ({each.rule.id})"
            self.losses.add(Loss("", "", REFUSED, reason, _whole(each.location)))
        self.refused += 1


def _whole(spot: Location) -> Location:
    """The record that a place stands in, as far as the place tells: the row of a table, a JSON document."""
    match spot:
        case TableLocation():
            return replace(spot, column=None, header=None)
        case JsonLocation():
            return replace(spot, pointer="")
    return spot
