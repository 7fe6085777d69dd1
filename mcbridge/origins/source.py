"""What is read: its bytes, held or not, and how much of it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, Final, Self

from mcbridge.diagnostics import Location
from mcbridge.errors import Unreadable
from mcbridge.limits import DEFAULT, Limits, raising
from mcbridge.origins.keeping import PIECE, Nameless

HEAD: Final = 65536
"""How many bytes of a source are shown to whoever has to tell what it is."""


class Source:
    """One thing to read, and how much of it. ``name`` is what a user calls it.

    It can be opened again as often as anybody likes. What is small is held; of a large file, or of ``kept`` bytes on
    disk, nothing is until somebody asks for ``data``. ``envelope`` names what it was taken out of, the outermost first
    (``form``, ``base64``, ``gzip``). ``outer`` is the document that it was taken out of, where that may have a seal of
    its own.
    """

    outer: Source | None = None

    def __init__(
        self,
        name: str,
        data: bytes | None = None,
        path: Path | None = None,
        *,
        limits: Limits = DEFAULT,
        kept: Nameless | None = None,
        envelope: tuple[str, ...] = (),
    ) -> None:
        # The bytes of a file's name need be no text, and what names it may be: findings, losses, JSON.
        self.name = name if name.isascii() else name.encode(errors="backslashreplace").decode()
        self.path = path
        self.limits = limits
        self.envelope = envelope
        self._data = data
        self._kept = kept
        self._seen: os.stat_result | None = None
        self._original: Source | None = None

    @classmethod
    def of(cls, path: Path, limits: Limits = DEFAULT) -> Source:
        """A file."""
        return cls(str(path), path=path, limits=limits)

    @classmethod
    def collected(
        cls,
        name: str,
        pieces: Iterable[bytes],
        path: Path | None = None,
        *,
        limits: Limits = DEFAULT,
        envelope: tuple[str, ...] = (),
    ) -> Source:
        """What comes in pieces: held when it is small, and in a nameless file on disk when it is not."""
        held, kept = bytearray(), None
        for piece in pieces:
            if kept is None and len(held) + len(piece) > limits.stream:
                kept = Nameless()
                kept.add(bytes(held))
                held.clear()
            if kept is None:
                held += piece
            else:
                kept.add(piece)
        data = None if kept is not None else bytes(held)
        return cls(name, data, path, limits=limits, kept=kept, envelope=envelope)

    @cached_property
    def data(self) -> bytes:
        """All bytes, held from now on. Raises ``Unreadable``."""
        self._within()
        if self._data is not None:
            return self._data
        with _reading(self.name), self.open() as stream:
            return stream.read()

    @cached_property
    def size(self) -> int:
        """How many bytes there are. Raises ``Unreadable``."""
        if self._data is not None:
            return len(self._data)
        if self._kept is not None:
            return self._kept.size
        with _reading(self.name):
            found = self._file().stat()
            if stat.S_ISREG(found.st_mode):
                self._seen = found
                return found.st_size
            taken = self._taken_in()
        self._data, self._kept = taken._data, taken._kept  # noqa: SLF001 - of its own kind
        return taken.size

    @cached_property
    def head(self) -> bytes:
        """The first bytes, at most ``HEAD`` of them. Raises ``Unreadable``."""
        if not self.large:
            return self.data[:HEAD]
        with _reading(self.name), self.open() as stream:
            return stream.read(HEAD)

    @property
    def large(self) -> bool:
        """Whether it is to be read piece by piece where that can be done. Raises ``Unreadable`` beyond all limits."""
        self._within()
        return self.size > self.limits.stream

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the bytes, hex: the identity of the document."""
        if not self.large:
            return hashlib.sha256(self.data).hexdigest()
        with _reading(self.name), self.open() as stream:
            return _digest(stream).hexdigest()

    def located(self, where: Location) -> Location:
        """A place in the bytes of the source as one in what the user has."""
        return where

    def reading(self, data: bytes) -> Self:
        """The same source, to be read from other bytes that stand for its own; who it is does not change."""
        sha256 = self.sha256
        again = copy(self)
        vars(again).update(data=data, sha256=sha256, _data=data, size=len(data), head=data[:HEAD])
        again._original = self.original  # noqa: SLF001 - of its own kind
        return again

    @property
    def original(self) -> Source:
        """The source with the bytes that came, whatever it is read from."""
        return self._original or self

    def open(self) -> BinaryIO:
        """The bytes as a stream from their beginning. Raises ``Unreadable``, also when they are others than before."""
        size = self.size  # which takes in what can be read once only
        if self._data is not None or "data" in self.__dict__:
            return BytesIO(self.data)
        if self._kept is not None:
            return self._kept.stream()
        with _reading(self.name):
            stream = self._file().open("rb")
            now, before = os.fstat(stream.fileno()), self._seen
        if before is not None and (now.st_size, now.st_mtime_ns) != (size, before.st_mtime_ns):
            stream.close()
            raise Unreadable(
                "the file changed while it was read",
                where=self.name,
                hint="wait until the export is through, and run this again",
            )
        return stream

    def _file(self) -> Path:
        if self.path is None:
            raise Unreadable("the source has neither bytes nor a path", where=self.name)
        return self.path

    def _taken_in(self) -> Source:
        """What can be read once only, such as a pipe."""
        with self._file().open("rb") as stream:
            return Source.collected(self.name, bounded(stream, self.limits, self.name), limits=self.limits)

    def _within(self) -> None:
        if self.size > self.limits.bytes:
            raise Unreadable(
                f"the file has {self.size:,} bytes; at most {self.limits.bytes:,} are read",
                where=self.name,
                hint=f"split the export into smaller files; {raising('bytes')}",
            )


def bounded(stream: IO[bytes], limits: Limits, name: str) -> Iterator[bytes]:
    """The bytes of a stream whose end is not known. Raises ``Unreadable`` when there are too many."""
    size = 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > limits.bytes:
            raise Unreadable(
                f"there are more than {limits.bytes:,} bytes",
                where=name,
                hint=f"split the export into smaller files; {raising('bytes')}",
            )
        yield piece


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unreadable(
            f"the file cannot be read: {error.strerror or error}",
            where=name,
            hint="check the name and the rights of the file",
        ) from error


def _digest(stream: IO[bytes]) -> hashlib._Hash:
    digest = hashlib.sha256()
    while piece := stream.read(PIECE):
        digest.update(piece)
    return digest
