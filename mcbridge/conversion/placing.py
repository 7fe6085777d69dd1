"""Files that appear whole or not at all: written beside their place, then renamed.

Everything of a run is staged first and committed together, so a run that stops
leaves the old files as they were.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter, FileIO
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, BinaryIO, Final, Self, cast

from msgspec import Struct

from mcbridge.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

IN_MEMORY: Final = 16 * 1024 * 1024
"""What goes to a stream waits in memory up to this many bytes, and beyond in a file that nobody else can see."""


_NODE: Final = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
_HOST: Final = re.sub(r"\W", "", _NODE)[:32]
"""Part of the names of files on their way: a folder may be shared by machines, and a process number is of one."""


class _Staged(Struct, frozen=True):
    target: Path
    beside: Path


class Staging:
    """The files of one run on their way to their places. Leaving it without ``commit`` takes back everything.

    ``protected`` are files that must not be written over: the sources, and what other parts of the run write.
    """

    def __init__(self, protected: Iterable[Path] = ()) -> None:
        self._protected = frozenset(path.resolve() for path in protected if not is_device(path))
        self._staged: dict[Path, _Staged] = {}
        self._streams: list[tuple[BinaryIO, IO[bytes]]] = []
        self._taken: set[Path] = set()
        self._made: list[Path] = []
        self._numbers = count(1)
        self._swept: set[Path] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for staged in self._staged.values():
            staged.beside.unlink(missing_ok=True)
        self._staged.clear()
        self._taken.clear()
        for _, waiting in self._streams:
            waiting.close()
        self._streams.clear()
        for folder in reversed(self._made):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        self._made.clear()

    def __contains__(self, target: Path) -> bool:
        return target in self._staged

    @contextmanager
    def open(self, target: Path) -> Iterator[BinaryIO]:
        """A stream whose bytes will stand at ``target``. Raises ``UsageError`` where nothing can be written."""
        with _speaking_of(target):
            real = self._free(target)
            beside, handle = self._new_beside(real)
        self._staged[target] = _Staged(real, beside)
        self._taken.add(real)
        with BufferedWriter(_Sink(handle, target)) as stream:
            yield stream
            stream.flush()
            with _speaking_of(target):
                os.fsync(handle)

    def reserve(self, target: Path) -> None:
        """Find out whether a file can be written, before the work that it is for. Raises ``UsageError``."""
        with self.open(target):
            pass
        self.drop(target)

    @contextmanager
    def stream(self, stream: BinaryIO) -> Iterator[BinaryIO]:
        """Like ``open`` for a stream such as standard output: nothing goes into it before the run is through."""
        from tempfile import SpooledTemporaryFile

        waiting = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - read again by commit
        self._streams.append((stream, waiting))
        yield cast("BinaryIO", waiting)

    def drop(self, target: Path) -> None:
        """Give up one file; what stood at its place stays."""
        staged = self._staged.pop(target)
        self._taken.discard(staged.target)
        staged.beside.unlink()

    def move(self, target: Path, other: Path) -> None:
        """Let a file that is through stand elsewhere, in a folder of the same disk. Raises ``UsageError``."""
        with _speaking_of(other):
            real = self._free(other)
        staged = self._staged.pop(target)
        self._taken.discard(staged.target)
        self._staged[other] = _Staged(real, staged.beside)
        self._taken.add(real)

    def folder(self, folder: Path) -> None:
        """Make a folder if it is not there. Raises ``UsageError`` where that cannot be done."""
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        with _speaking_of(folder):
            for each in reversed(missing):
                each.mkdir()
                self._made.append(each)
            if not folder.is_dir():
                raise UsageError("this is a file, not a folder", where=str(folder), hint="name another place")

    def commit(self) -> list[Path]:
        """Put every file in its place, in the order of staging, and say which."""
        placed = []
        for target, staged in list(self._staged.items()):
            with _speaking_of(target):
                if is_device(staged.target):
                    with staged.beside.open("rb") as written, staged.target.open("wb") as device:
                        _pour(written, device)
                    staged.beside.unlink()
                else:
                    if staged.target.exists():
                        staged.beside.chmod(stat.S_IMODE(staged.target.stat().st_mode))
                    staged.beside.replace(staged.target)
            del self._staged[target]
            placed.append(target)
        for stream, waiting in self._streams:
            waiting.seek(0)
            with _speaking_of(Path("-")):
                _pour(waiting, stream)
                stream.flush()
        return placed

    def _free(self, target: Path) -> Path:
        """Where a file would really stand. Raises ``UsageError`` where none can be put."""
        real = target.resolve()
        if real in self._protected:
            raise UsageError(
                "this is a source or another output, and is not written over",
                where=str(target),
                hint="name another file",
            )
        if real in self._taken and not is_device(real):
            raise UsageError("two outputs have this name", where=str(target), hint="give each a file of its own")
        if real.is_dir():
            raise UsageError("this is a folder, not a file", where=str(target), hint="end the name in / to fill it")
        if real.exists() and not os.access(real, os.W_OK):
            raise UsageError(
                "this cannot be written: the file is protected",
                where=str(target),
                hint="change its rights, or the name",
            )
        return real

    def _new_beside(self, target: Path) -> tuple[Path, int]:
        folder = _folder_for_a_while() if is_device(target) else target.parent
        if folder not in self._swept:
            self._swept.add(folder)
            _sweep(folder)
        for number in self._numbers:
            beside = folder / f".mcbridge-{_HOST}-{os.getpid()}-{number}.part"
            try:
                # rights follow the umask as for any new file; a file that somebody else left is never taken
                return beside, os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            except FileExistsError:
                continue
        raise AssertionError  # the numbers do not end


def _folder_for_a_while() -> Path:
    from tempfile import gettempdir

    return Path(gettempdir())


def _pour(source: IO[bytes], sink: IO[bytes]) -> None:
    while piece := source.read(1 << 16):
        sink.write(piece)


def _sweep(folder: Path) -> None:
    """Take away what a run that was killed on this machine left: it may hold learners' data."""
    for left in folder.glob(f".mcbridge-{_HOST}-*-*.part"):
        process = left.name.rsplit("-", 2)[1]
        if process.isdecimal() and not _is_running(int(process)):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


class _Sink(FileIO):
    """A file whose errors speak of the target, so that they are not taken for those of a source read meanwhile."""

    def __init__(self, handle: int, target: Path) -> None:
        super().__init__(handle, "wb")
        self._target = target

    def write(self, data: ReadableBuffer, /) -> int:
        with _speaking_of(self._target):
            return super().write(data) or 0


def is_device(path: Path) -> bool:
    """A device or pipe, which is written to rather than replaced."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


@contextmanager
def _speaking_of(target: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # nobody reads on: no error of ours, nor of the target
        raise
    except OSError as error:
        hint = "check the rights and the space there, or name another place"
        if isinstance(error, FileNotFoundError):
            hint = "make the folder first, or name another place"
        raise UsageError(f"this cannot be written: {error.strerror or error}", where=str(target), hint=hint) from error
