"""What a document in one format would lose in another, before anything is converted.

Nobody keeps a list of it. Records that say everything the first format can say go through the writer of the second,
so the very rows that convert also tell what they lose, and each line here is a loss that was seen. A line is there
``always`` when nothing in that field has ever come through; otherwise it depends on the value, or on where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final

from msgspec import Struct

from mcbridge import mappers
from mcbridge.conversion.comparison.fields import RESIDUE, WHOLE, field_of, occurrences, place_of
from mcbridge.conversion.comparison.specimens import Specimens
from mcbridge.losses import Loss, LossLedger
from mcbridge.model import Record
from mcbridge.origins import Luggage, Read
from mcbridge.tables import Tables

_RESIDUE_WHY: Final = "what only the source format has a word for"


class Line(Struct, frozen=True):
    """One loss of one field (``Address.parts``), and where in a record it was seen."""

    field: str
    code: str
    reason: str
    always: bool
    at: tuple[str, ...]


class Comparison(Struct, frozen=True, omit_defaults=True):
    """The losses on the way from one format to another. ``note`` says where that is not the whole truth."""

    source: str
    target: str
    lines: tuple[Line, ...]
    note: str | None = None


def compare(
    source: str, source_options: Mapping[str, str], target: str, target_options: Mapping[str, str], tables: Tables
) -> Comparison:
    """Compare two formats. Raises ``UsageError`` when the first is not read, or the second not written."""
    specimens = Specimens(source, source_options, tables)
    writer, seen = mappers.writer(target, tables, target_options), _Seen()

    def attempt(reads: Sequence[Read]) -> bool:
        luggage = Luggage(target)
        luggage.contents = specimens.contents
        written = writer.write(reads, BytesIO(), luggage) if reads else 0
        for read in reads:
            seen.add(read.record, luggage.losses)
        return bool(written)

    specimens.tried(target, attempt)
    return Comparison(source, target, seen.lines(), specimens.note)


class _Seen:
    """The losses of all tries."""

    def __init__(self) -> None:
        self.reasons: dict[tuple[str, str], str] = {}
        self.places: dict[tuple[str, str], dict[str, None]] = {}
        self.came_through: set[str] = set()

    def add(self, record: Record, losses: LossLedger) -> None:
        """Those of one try."""
        lost: dict[str, Loss] = {}
        for each in losses:
            lost.setdefault(each.field, each)
            key = field_of(each.field), each.code
            self.reasons.setdefault(key, _RESIDUE_WHY if key[0] == RESIDUE else each.reason)
            self.places.setdefault(key, {}).setdefault(place_of(each.field))
        if "" not in lost:
            self.came_through.update(occurrences(record, lost))

    def lines(self) -> tuple[Line, ...]:
        """By field, then code."""
        codes: dict[str, int] = {}
        for field, _ in self.reasons:
            codes[field] = codes.get(field, 0) + 1
        return tuple(
            Line(
                field,
                code,
                reason,
                always=field not in self.came_through | {WHOLE} and codes[field] == 1,
                at=tuple(sorted(self.places[field, code])),
            )
            for (field, code), reason in sorted(self.reasons.items())
        )


__all__ = ["Comparison", "Line", "compare"]
