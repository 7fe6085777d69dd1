"""Records into files: what shares a file, what it is called, and the bytes that travel beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from mcbridge import mappers
from mcbridge.checks import WRITING, Check, before_writing
from mcbridge.conversion.batches import File, breaches, found_beside, into_folders
from mcbridge.conversion.envelopes import CONTENTS
from mcbridge.conversion.intake import Tally
from mcbridge.conversion.placing import Staging, is_device
from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, Severity, rule
from mcbridge.errors import UsageError
from mcbridge.losses import Loss
from mcbridge.mappers import Filing, Format, RecordKind, Writer
from mcbridge.model import Credential, Record
from mcbridge.model.leaves import leaves
from mcbridge.origins import Luggage, Origin, Read
from mcbridge.tables import Tables

LOST_CONTENTS: Final = rule(
    "loss/contents",
    Severity.NOTE,
    "The bytes of an attachment or image could not travel with the record",
    "standard output holds records only, and no bytes beside them",
    "write to a file: the bytes are put into a folder beside it",
    "images and documents stand beside canonical JSON, named by their SHA-256, so that records stay small",
    "mcbridge convert transcript.xml --to canonical -o -",
)

KIND: Final = rule(
    "convert/kind-not-held",
    Severity.ERROR,
    "The target format has no place for this kind of record",
    "this is a {kind}, and {format} holds none",
    "convert it to another format; `mcbridge formats` says which holds what",
    "a credential is about a learner and a provision is not; neither can be made of the other by a conversion",
    "a course catalogue to ELMO, which is a transcript of a person",
)

_HEX = re.compile(r"[0-9a-f]{8,}")


class Destination(Struct, frozen=True, kw_only=True):
    """Where to, and how. ``out`` is a file, a folder when ``is_folder``, or a stream."""

    format: str
    out: Path | BinaryIO
    options: Mapping[str, str] = {}
    is_folder: bool = False


class Delivery:
    """The way out of one run. ``origins`` are kept by record id where losses are to be named with their places.

    ``files`` are what has been written; ``filing`` is what is known of whoever they are for.
    """

    def __init__(
        self, destination: Destination, tables: Tables, luggage: Luggage, staging: Staging, *, traced: bool
    ) -> None:
        self.destination = destination
        self.luggage = luggage
        self.staging = staging
        self.writer: Writer = mappers.writer(destination.format, tables, destination.options)
        self.format: Format = self.writer.format
        self.origins: dict[str, list[Origin]] | None = {} if traced else None
        self.filing: Filing | None = self.writer if isinstance(self.writer, Filing) else None
        self.files: list[File] = []
        self._tables = tables
        self._before: Check | None = None
        self._position = 0

    def deliver(self, reads: Iterable[Read], tally: Tally) -> None:
        """Stage the files of all records. Raises ``UsageError`` where several need a folder and there is none."""
        out = self.destination.out
        if isinstance(out, Path) and self.destination.is_folder:
            self.staging.folder(out)
            for group in self._groups(reads):
                self._write(group, out / self._name(group[0], out), tally)
            if self.filing is not None and self.filing.batch is not None:
                self.files = into_folders(self.files, self.filing.batch, self.staging)
        elif self._holds_many():
            self._write(reads, out, tally)
        else:
            self._write(self._only_group(reads), out, tally)

    def others(self) -> int:
        """How many files of such names are in the folder, or in a batch of it, that this run has not written."""
        out = self.destination.out
        if self.filing is None or not isinstance(out, Path) or not self.destination.is_folder:
            return 0
        return found_beside(out, {each.path for each in self.files if each.path is not None}, self.filing.taken)

    def _holds_many(self) -> bool:
        out, format = self.destination.out, self.format
        if format.one_per_file or format.joins_document:
            return False
        return not isinstance(out, Path) or out.suffix.lower() not in format.single

    def _only_group(self, reads: Iterable[Read]) -> list[Read]:
        groups = self._groups(reads)
        first = next(groups, [])
        if next(groups, None) is not None:
            what = "one document about one learner" if self.format.joins_document else "one record"
            raise UsageError(
                f"there are several records, and a file of {self.format.title} holds {what}",
                where=str(self.destination.out) if isinstance(self.destination.out, Path) else "-",
                hint="write them into a folder: end the name after -o in /",
            )
        return first

    def _groups(self, reads: Iterable[Read]) -> Iterator[list[Read]]:
        """The records that share a file. Those of one document may come from several sources, so they wait."""
        if not self.format.joins_document:
            for read in reads:
                yield [read]
            return
        waiting: dict[object, list[Read]] = {}
        for read in reads:
            record = read.record
            if isinstance(record, Credential) and record.document is not None:
                document = record.document
                group = waiting.setdefault((document.id, record.learner), [])
                group.append(read)
                if len(group) == document.count:
                    yield _in_order(waiting.pop((document.id, record.learner)))
            else:
                yield [read]
        for group in waiting.values():
            yield _in_order(group)

    def _write(self, reads: Iterable[Read], out: Path | BinaryIO, tally: Tally) -> None:
        count, hashes = 0, dict[str, None]()
        where: Location = JsonLocation("")

        def passing() -> Iterator[Read]:
            nonlocal count, where
            for read in reads:
                count, where = count + 1, read.origin.whole
                if not self._holds(read):
                    continue
                for each in self._breaches(read):
                    self.luggage.report.add(each)
                if self.origins is not None:
                    self.origins.setdefault(identity(read.record), []).append(read.origin)
                if self.format.contents_beside and self.luggage.contents:
                    hashes.update(dict.fromkeys(self._contents(read.record, out)))
                yield read

        with self.staging.open(out) if isinstance(out, Path) else self.staging.stream(out) as sink:
            written = self.writer.write(passing(), sink, self.luggage)
            size = sink.tell()
        tally.written += written
        tally.refused += count - written
        if isinstance(out, Path) and not written:
            self.staging.drop(out)
            return
        if isinstance(out, Path) and hashes:
            self._put_beside(out.with_name(out.name + CONTENTS), hashes)
        self._file(File(out if isinstance(out, Path) and not is_device(out) else None, size), where)

    def _file(self, file: File, where: Location) -> None:
        self.files.append(file)
        if self.filing is not None:
            for each in breaches(file, self.filing.batch, self.filing.taken, where):
                self.luggage.report.add(each)

    def _holds(self, read: Read) -> bool:
        kind = RecordKind.CREDENTIAL if isinstance(read.record, Credential) else RecordKind.PROVISION
        if kind in self.format.writes:
            return True
        facts = {"kind": kind.value, "format": self.format.title}
        self.luggage.report.add(Diagnostic(KIND, read.origin.whole, facts=facts))
        return False

    def _breaches(self, read: Read) -> Iterable[Diagnostic]:
        """What the target has in words, and a record of another format would break. It is written all the same.

        A record that was read from the target's own format is written as it was, and nobody asks.
        """
        record, name = read.record, self.format.name
        own = isinstance(record, Credential) and record.document is not None and record.document.format == name
        if own or name not in WRITING:
            return ()
        if self._before is None:
            self._before = before_writing(name, self.luggage.contents)
        return self._before(record, read.origin, self._tables)

    def _contents(self, record: Record, out: Path | BinaryIO) -> Iterator[str]:
        for path, value in leaves(record):
            if path.endswith((".sha256", ".written")) and value in self.luggage.contents:
                if not isinstance(out, Path):
                    code, reason = LOST_CONTENTS.id, LOST_CONTENTS.template
                    self.luggage.losses.add(Loss(identity(record), path, code, reason))
                yield value

    def _put_beside(self, folder: Path, hashes: Iterable[str]) -> None:
        self.staging.folder(folder)
        for name in hashes:
            with self.staging.open(folder / name) as sink:
                for piece in self.luggage.contents.pieces(name):
                    sink.write(piece)

    def _name(self, first: Read, out: Path) -> str:
        """``<position>-<8 hex of the record id>.<ext>``: the same in every run, and nobody's name."""
        self._position += 1
        record = first.record
        document = record.document if isinstance(record, Credential) else None
        position = document.position if document else self._position
        known = identity(record)
        digits = known if _HEX.fullmatch(known) else hashlib.sha256(known.encode()).hexdigest()
        suffixes = self.filing.taken if self.filing is not None else self.format.suffixes
        suffix = suffixes[0] if suffixes else ""
        name = f"{position}-{digits[:8]}{suffix}"
        return name if out / name not in self.staging else f"{position}-{digits}{suffix}"


def _in_order(group: list[Read]) -> list[Read]:
    def position(read: Read) -> int:
        document = read.record.document if isinstance(read.record, Credential) else None
        return document.position if document else 0

    return sorted(group, key=position)


def identity(record: Record) -> str:
    """What losses call a record: the id of a credential, the key of a provision."""
    return record.id if isinstance(record, Credential) else record.key
