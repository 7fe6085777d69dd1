"""A document that stands in another one: its bytes are its own, its places are those of the wrapper."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, Location, Report, XmlLocation
from mcbridge.errors import InputError, NotThisFormat
from mcbridge.losses import Loss, LossLedger
from mcbridge.mappers.elmo.residues import EWP, HEAVY
from mcbridge.model import Credential, Residue
from mcbridge.origins import Luggage, Origin, Read, Source


class Kept(Struct, frozen=True):
    """Something beside a document that is kept: its path from the wrapper's part, its text, and where it stands."""

    path: str
    content: str
    where: XmlLocation


class Spot(Struct, frozen=True):
    """Where a document begins in its wrapper: ``path`` of the element that it is or stands in.

    ``told`` says how far places go: ``columns`` too, ``lines`` only, or neither. ``added`` bytes were put in behind the
    start tag's name, which ends in column ``name_ends``.
    """

    path: str
    line: int
    column: int = 1
    told: str = "columns"
    added: int = 0
    name_ends: int = 0


class Wrapped(Source):
    """A document that stands in another one, the ``number``-th."""

    def __init__(
        self, outer: Source, number: int, data: bytes, spot: Spot, envelope: tuple[str, ...], kept: tuple[Kept, ...]
    ) -> None:
        name, around = f"{outer.name}!elmo[{number}]", (*outer.envelope, *envelope)
        super().__init__(name, data, limits=outer.limits, envelope=around)
        self.spot = spot
        self.kept = kept

    def located(self, where: Location) -> Location:
        """A place in the document as a place in its wrapper."""
        if not isinstance(where, XmlLocation) or where.source != self.name:
            return where
        line, column = self._line(where.line, where.column)
        spot = self.spot
        if where.xpath is None:
            path = spot.path
        elif spot.told == "columns":
            path = f"{spot.path}/{within}" if (within := where.xpath.partition("/")[2]) else spot.path
        else:
            path = f"{spot.path}/text()/{where.xpath}"
        return XmlLocation(self.name, line, column, path)

    def _line(self, line: int | None, column: int | None) -> tuple[int, int | None]:
        spot = self.spot
        if line is None or spot.told == "neither":
            return spot.line, None
        if spot.told == "lines" or column is None:
            return spot.line + line - 1, None
        if line == 1:
            column += spot.column - 1 - (spot.added if column > spot.name_ends else 0)
        return spot.line + line - 1, column

    def placed(self, read: Read, luggage: Luggage) -> Read:
        """A record of the document with places in the wrapper, and with what is kept of that."""
        record, before = read.record, 0
        if isinstance(record, Credential) and record.document is not None and self.kept:
            before = len(record.document.residue)
            residue = (*record.document.residue, *(_residue(one, luggage) for one in self.kept))
            record = replace(record, document=replace(record.document, residue=residue))
        places = {f"document.residue[{before + n}]": one.where for n, one in enumerate(self.kept)}

        def find(path: str) -> Location | None:
            found = read.origin.find(path)
            return places.get(path) if found is None else self.located(found)

        def shared() -> list[Location]:
            return [*map(self.located, read.origin.shared()), *(one.where for one in self.kept)]

        return Read(record, Origin(self.located(read.origin.whole), find, shared))

    def misplaced(self, error: InputError) -> InputError:
        """An error about the document, with its place in the wrapper."""
        line, column = (error.line, error.column) if isinstance(error, NotThisFormat) else (None, None)
        line, column = self._line(line, column)
        where = ":".join(str(part) for part in (self.name, line, column) if part is not None)
        return NotThisFormat(error.message, where=where, hint=error.hint, line=line, column=column)


def _residue(kept: Kept, luggage: Luggage) -> Residue:
    if len(kept.content) > HEAVY:
        return Residue(format=EWP, path=kept.path, sha256=luggage.contents.keep(kept.content.encode()))
    return Residue(format=EWP, path=kept.path, content=kept.content)


class Forwarded(Luggage):
    """The luggage of a run, for a document whose places are others."""

    def __init__(self, outer: Luggage, located: Callable[[Location], Location]) -> None:
        self._outer = outer
        self.report = _Findings(outer.report, located)
        self.losses = _Losses(outer.losses, located)
        self.contents = outer.contents

    @property
    def refused(self) -> int:  # it is counted in one place
        return self._outer.refused

    @refused.setter
    def refused(self, count: int) -> None:
        self._outer.refused = count


class _Findings(Report):
    def __init__(self, outer: Report, located: Callable[[Location], Location]) -> None:
        super().__init__()
        self._outer, self._located = outer, located

    def add(self, found: Diagnostic) -> None:
        self._outer.add(replace(found, location=self._located(found.location)))


class _Losses(LossLedger):
    def __init__(self, outer: LossLedger, located: Callable[[Location], Location]) -> None:
        super().__init__(outer.to)
        self._outer, self._to_place = outer, located

    def add(self, lost: Loss) -> None:
        where = lost.location
        self._outer.add(lost if where is None else replace(lost, location=self._to_place(where)))
