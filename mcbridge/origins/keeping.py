"""Bytes that wait until somebody asks for them: a few in memory, many in a file that nobody else can see."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from weakref import finalize

from mcbridge.errors import TryLater
from mcbridge.limits import DEFAULT

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE: Final = 65536
"""How many bytes are taken at once of what is not held as a whole."""


class Nameless:
    """A file that nobody else can see, and that is gone with this process however it ends: it may hold learners' data.

    Raises ``TryLater`` where there is no place for one, or none any more.
    """

    def __init__(self) -> None:
        from tempfile import TemporaryFile

        with _temporary():
            self._file: Any = TemporaryFile()  # noqa: SIM115 - closed when nobody has this object any more
        finalize(self, self._file.close)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        size: int = self._file.seek(0, os.SEEK_END)
        return size

    def add(self, data: bytes) -> None:
        """Put bytes at the end."""
        with _temporary():
            self._file.seek(0, os.SEEK_END)
            self._file.write(data)

    def clear(self) -> None:
        """Forget all of it."""
        self._file.truncate(0)

    def read(self, at: int, number: int) -> bytes:
        """So many bytes from this place on, or as many as there are."""
        self._file.seek(at)
        data: bytes = self._file.read(number)
        return data

    def stream(self) -> BinaryIO:
        """All of it as a stream; several may be read at once."""
        return BufferedReader(_View(self), PIECE)


@contextmanager
def _temporary() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        from tempfile import gettempdir

        raise TryLater(
            f"a temporary file cannot be written: {error.strerror or error}",
            where=gettempdir(),
            hint="make room there, or let the variable TMPDIR name a folder that has room",
        ) from error


class _View(RawIOBase):
    """A nameless file from its beginning, at a place of its own."""

    def __init__(self, file: Nameless) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._file.read(self._at, len(view))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        self._at = offset + (self._file.size if start is None else start)
        return self._at

    def tell(self) -> int:
        return self._at


class Contents(Mapping[str, bytes]):
    """The bytes that records speak of by their SHA-256 (hex): images, documents, long residue.

    Up to ``memory`` bytes are held; those that come later wait in a nameless file until they are asked for.
    """

    def __init__(self, memory: int = DEFAULT.memory) -> None:
        self._found: dict[str, bytes | tuple[int, int]] = {}
        self._room = memory
        self._file: Nameless | None = None

    def keep(self, data: bytes) -> str:
        """Keep bytes and return their SHA-256."""
        name = hashlib.sha256(data).hexdigest()
        if name not in self._found:
            if len(data) <= self._room:
                self._found[name] = data
                self._room -= len(data)
            else:
                file = self._filed()
                self._found[name] = file.size, len(data)
                file.add(data)
        return name

    def taking(self) -> AbstractContextManager[Taking]:
        """Keep bytes that come in pieces; nothing is kept when the block is left by an error."""
        return self._taking()

    @contextmanager
    def _taking(self) -> Iterator[Taking]:
        taking = Taking(self._room, self._filed)
        yield taking
        name = taking.sha256
        if name not in self._found:
            found = self._found[name] = taking.where
            self._room -= len(found) if isinstance(found, bytes) else 0

    def _filed(self) -> Nameless:
        if self._file is None:
            self._file = Nameless()
        return self._file

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of one, piece by piece. Raises ``KeyError``."""
        found = self._found[name]
        if isinstance(found, bytes):
            yield found
            return
        at, end = found[0], sum(found)
        while at < end and self._file is not None:
            piece = self._file.read(at, min(16 * PIECE, end - at))
            at += len(piece)
            yield piece

    def __getitem__(self, name: str) -> bytes:
        return b"".join(self.pieces(name))

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class Taking:
    """Bytes on their way into contents: held while there is ``room``, and at the end of a file from then on."""

    def __init__(self, room: int, filed: Callable[[], Nameless]) -> None:
        self._room = room
        self._filed = filed
        self._digest = hashlib.sha256()
        self._held: list[bytes] = []
        self._file: Nameless | None = None
        self._start = 0
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self._digest.update(piece)
        self.size += len(piece)
        if self._file is None and self.size <= self._room:
            self._held.append(piece)
            return
        if self._file is None:
            self._file = self._filed()
            self._start = self._file.size
            for one in self._held:
                self._file.add(one)
            self._held.clear()
        self._file.add(piece)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what has come so far, hex."""
        return self._digest.hexdigest()

    @property
    def where(self) -> bytes | tuple[int, int]:
        """The bytes; of those in the file, where they begin and how many they are."""
        return b"".join(self._held) if self._file is None else (self._start, self.size)
