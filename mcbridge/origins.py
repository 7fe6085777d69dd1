"""Where a record came from: the source's bytes, and the place of each canonical field in them.

Origins are looked up when something is to be named, not kept while reading: a
reader hands over a function that reads again with its eyes open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, Report, TableLocation
from mcbridge.errors import Unreadable
from mcbridge.losses import REFUSED, Loss, LossLedger
from mcbridge.model import Record

MAX_BYTES = 256 * 1024 * 1024
"""The largest source that is read, in bytes."""


class Source:
    """One thing to read. ``name`` is what a user calls it; the bytes are kept, so it can be opened again."""

    def __init__(self, name: str, data: bytes | None = None, path: Path | None = None) -> None:
        self.name = name
        self.path = path
        self._data = data

    @classmethod
    def of(cls, path: Path) -> Source:
        """A file."""
        return cls(str(path), path=path)

    @cached_property
    def data(self) -> bytes:
        """The bytes. Raises ``Unreadable``."""
        if self._data is not None:
            return self._data
        if self.path is None:
            raise Unreadable("the source has neither bytes nor a path", where=self.name)
        try:
            size = self.path.stat().st_size
            if size > MAX_BYTES:
                raise Unreadable(
                    f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read",
                    where=self.name,
                    hint="split the export into smaller files",
                )
            return self.path.read_bytes()
        except OSError as error:
            raise Unreadable(
                f"the file cannot be read: {error.strerror or error}",
                where=self.name,
                hint="check the name and the rights of the file",
            ) from error

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the bytes, hex: the identity of the document."""
        return hashlib.sha256(self.data).hexdigest()

    def open(self) -> BinaryIO:
        """The bytes as a stream."""
        return BytesIO(self.data)


def _nowhere(_: str) -> None:
    return None


class Origin(Struct, frozen=True):
    """Where one record came from. ``find`` maps a canonical path to a place and is asked only when needed.

    A path that is not known as such is looked up by its parents, so a place is always found.
    """

    whole: Location
    find: Callable[[str], Location | None] = _nowhere

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
        """All places of a field: a collection that has none of its own has those of its items."""
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


class Contents(Mapping[str, bytes]):
    """The bytes that records speak of by their SHA-256 (hex): images, documents, long residue."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}

    def keep(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256."""
        name = hashlib.sha256(data).hexdigest()
        self._bytes.setdefault(name, data)
        return name

    def __getitem__(self, name: str) -> bytes:
        return self._bytes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bytes)

    def __len__(self) -> int:
        return len(self._bytes)


class Luggage:
    """What travels beside the records of one run: findings, losses and contents. Nobody reads findings back to decide.

    ``refused`` counts the records, or rows of a table, that a reader had to leave out, each with a finding.
    """

    def __init__(self, to: str = "canonical", report: Report | None = None) -> None:
        self.report = report if report is not None else Report()
        self.losses = LossLedger(to)
        self.contents = Contents()
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
