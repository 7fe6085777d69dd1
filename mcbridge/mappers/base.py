"""What a mapper is: protocols, so that an author reads one page and inherits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, BinaryIO, ClassVar, Final, Protocol, runtime_checkable

from msgspec import Struct

from mcbridge.diagnostics import Severity, rule
from mcbridge.errors import InputError
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables


class RecordKind(Enum):
    """What a format can hold."""

    CREDENTIAL = "credential"
    PROVISION = "provision"


class Format(Struct, frozen=True, kw_only=True):
    """A notation. ``version`` is that of the standard. ``one_per_file``: several records need a folder.

    ``joins_document``: a file holds the records of one document about one learner, and no others. ``single``: the
    suffixes of files that hold one record where others hold many. ``contents_beside``: the bytes that records speak
    of stand in the folder ``<file>.contents``, each named by its SHA-256.
    ``fullest`` are the options by which it writes, and reads again, the most that documents of it can say, the richest
    first. ``as_read``: a record that was read from it is written as it was, its mistakes included; of a format that is
    only read, that its documents say what they like. ``beside`` names the residue of what its reader takes that its own
    writer does not give back, such as a wrapper.
    ``options`` are the names that may follow the format after a colon, each with one line of help.
    What the format cannot carry is not listed: it follows from the rows of the mapper's table.
    """

    name: str
    title: str
    version: str | None = None
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    reads: frozenset[RecordKind] = frozenset()
    writes: frozenset[RecordKind] = frozenset()
    one_per_file: bool = False
    joins_document: bool = False
    single: tuple[str, ...] = ()
    contents_beside: bool = False
    options: Mapping[str, str] = {}
    fullest: tuple[Mapping[str, str], ...] = ({},)
    as_read: bool = False
    beside: tuple[str, ...] = ()


class Mapper(Protocol):
    """One format. Options are strings; an unknown one raises ``BadOption`` naming the known."""

    format: ClassVar[Format]

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None: ...


@runtime_checkable
class Reader(Protocol):
    """The way in. Raises ``NotThisFormat`` or ``Unreadable`` when nothing can be read; else findings are reported."""

    format: ClassVar[Format]

    def recognises(self, head: bytes) -> bool:
        """Whether the first bytes of a source (up to 64 kB, BOM included) look like this format.

        A built-in is asked only about heads that bear its sign (``SIGNS`` in ``mcbridge.mappers``), so that a file
        of another format does not cost the import of this one; without a sign it is asked about each.
        """
        ...

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """The records of a source, one after the other."""
        ...


@runtime_checkable
class Writer(Protocol):
    """The way out. A record that lacks what the format demands is refused with a finding and left out."""

    format: ClassVar[Format]

    def write(self, records: Iterable[Read], sink: BinaryIO, luggage: Luggage) -> int:
        """Write the records of one file and return how many were written; 0 means that there is no file to keep."""
        ...


@runtime_checkable
class Filing(Protocol):
    """What a writer may add whose files are for somebody who does not take all; its options may change what."""

    @property
    def taken(self) -> tuple[str, ...]:
        """The suffixes of files that are taken; files are called by the first."""
        ...

    @property
    def batch(self) -> int | None:
        """How many bytes are taken at once; ``None`` where nobody counts."""
        ...


@runtime_checkable
class Inspecting(Protocol):
    """What a mapper may add: it tells of a source what no record of it tells, such as an encoding or a form."""

    def inspect(self, source: Source) -> Mapping[str, Any]:
        """Facts by name, as plain data, without a value of any record. ``version`` is that of this very source.

        Raises ``InputError`` where the source cannot be read at all.
        """
        ...


@runtime_checkable
class Unwrapping(Protocol):
    """What a mapper may add whose documents may stand in others, several in one source."""

    def documents(self, source: Source, luggage: Luggage) -> Iterator[Source | InputError]:
        """The documents as sources of their own, or the source itself; an error stands for one that is no document.

        ``read`` takes each of them, and the source as a whole. Raises ``InputError`` where there is none.
        """
        ...


@runtime_checkable
class Sampling(Protocol):
    """What the mapper of a format that is only read may add, so that it can be compared with others."""

    def samples(self, luggage: Luggage) -> Iterator[Read]:
        """The records of made-up documents that together say all that a document can, by the mapper's options."""
        ...


TOO_MANY: Final = rule(
    "credential/too-many-achievements",
    Severity.ERROR,
    "A credential holds more achievements than are read",
    "this credential holds more than {most:,} achievements, parts counted; it was left out",
    "ask the sender whether all of it is of one learner; if so, to read it, set --limit achievements=…",
    "a credential is held as a whole while it is converted, so there is a limit on what it may hold (docs/limits.md)",
    "an export in which all learners have the same number",
)
