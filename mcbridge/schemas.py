"""Official schemas, shapes and contexts that a user has: told by their SHA-256, never by name, and none is shipped.

Which there are stands in ``xsd/official.toml``. A store is a folder; where it is, is said at the roof.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from mcbridge.errors import ConfigError
from mcbridge.resources import data_root

TABLE: Final = "official.toml"


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A published file. ``stand_in`` is a path below ``xsd/``; ``urls`` are the addresses that it answers for."""

    title: str
    role: str
    sha256: str
    size: int
    licence: str
    origin: str
    version: str | None = None
    namespace: str = ""
    urls: tuple[str, ...] = ()
    stand_in: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.title} {self.version}" if self.version else self.title


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What files are good for together; a schema begins with its ``root``."""

    title: str
    files: tuple[str, ...]
    root: str | None = None


class Official(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: purposes by name, files by the path that they have in a store."""

    purposes: Mapping[str, Purpose]
    files: Mapping[str, Known]


class State(Enum):
    """What a store has of a file."""

    PRESENT = "present"
    CHANGED = "changed"
    STAND_IN = "ours stands in"
    MISSING = "missing"


@cache
def official() -> Official:
    """The table. Raises ``ConfigError`` when it is missing or wrong."""
    where = f"xsd/{TABLE}"
    try:
        found = msgspec.toml.decode((data_root("xsd") / TABLE).read_bytes(), type=Official)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(str(error), where=where, hint="install mcbridge again") from error
    unknown = {path for one in found.purposes.values() for path in one.files} - found.files.keys()
    if unknown:
        raise ConfigError(f"a purpose names {', '.join(sorted(unknown))}, which is no file of it", where=where)
    return found


def recognised(data: bytes) -> tuple[str, bytes] | None:
    """The path of a known file and its bytes as published; line ends of Windows, put in by a tool, are undone."""
    for form in (data, data.replace(b"\r\n", b"\n")):
        digest = hashlib.sha256(form).hexdigest()
        for path, known in official().files.items():
            if known.sha256 == digest:
                return path, form
    return None


def nearest(name: str) -> str | None:
    """The path of the known file whose name is most like this one, if any is."""
    from difflib import get_close_matches

    last = name.rpartition("/")[2].rpartition("\\")[2].casefold()
    names: dict[str, str] = {}
    for path in official().files:
        names.setdefault(path.rpartition("/")[2].casefold(), path)
    near = get_close_matches(last, names, n=1, cutoff=0.75)
    return names[near[0]] if near else None


class Store:
    """The folder of one user; it need not be there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def state(self, path: str) -> State:
        """Whether a known file is there, and is what was published."""
        known = official().files[path]
        try:
            data = (self.folder / path).read_bytes()
        except OSError:
            return State.MISSING if known.stand_in is None else State.STAND_IN
        return State.PRESENT if hashlib.sha256(data).hexdigest() == known.sha256 else State.CHANGED

    def missing(self, purpose: str) -> list[str]:
        """The files that a purpose needs and that are not there as they were published."""
        wanting = (State.MISSING, State.CHANGED)
        return [path for path in official().purposes[purpose].files if self.state(path) in wanting]

    def serves(self, path: str) -> Iterator[str]:
        """The purposes that a file is good for."""
        yield from (name for name, purpose in official().purposes.items() if path in purpose.files)

    def keep(self, path: str, data: bytes) -> bool:
        """Put a recognised file in its place, as a whole or not at all; whether it was not there before.

        Raises ``ConfigError`` when the folder cannot be written to.
        """
        if self.state(path) is State.PRESENT:
            return False
        target = self.folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=".")
            beside = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                beside.chmod(0o644)
                beside.replace(target)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise ConfigError(
                f"the file cannot be put there: {error.strerror or error}",
                where=str(target),
                hint="check the rights of the folder, or name another one with MCBRIDGE_SCHEMAS",
            ) from error
        return True
