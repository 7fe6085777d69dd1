"""The first walk: read → check → write.

``convert`` goes all of it. What is wrong with the data is in the luggage's report
and what found no home in its ledger; nothing appears at the target before the last
record is through, and nothing at all when the walk cannot go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from msgspec import Struct

from mcbridge import mappers
from mcbridge.checks.ruling import Rules
from mcbridge.conversion.batches import File, in_words
from mcbridge.conversion.delivery import Delivery, Destination, identity
from mcbridge.conversion.envelopes import unfold
from mcbridge.conversion.intake import Intake, Reading, Tally, plain
from mcbridge.conversion.opening import Found, Opened, expand, sources
from mcbridge.conversion.placing import Staging
from mcbridge.conversion.sealing import Presentations, Sealing, Told
from mcbridge.conversion.selection import Wanted, wanted
from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, Report, Severity, Stop
from mcbridge.errors import InputError
from mcbridge.model import Record
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables


class Inspector(Protocol):
    """A set of rules over records: it sees each as it passes, and may hold findings back until all were seen."""

    def see(self, read: Read) -> Iterable[Diagnostic]: ...

    def end(self) -> Iterable[Diagnostic]: ...


class StrictReport(Report):
    """The report of a run that stops at the first error, and at the first thing that had to be put right."""

    def add(self, found: Diagnostic) -> None:
        """Keep a finding. Raises ``Stop`` when it is an error or a repair."""
        before = len(self)
        super().add(found)
        if len(self) > before:
            kept = self._found[-1]
            if kept.rule.repair or kept.level is Severity.ERROR:
                raise Stop(kept)


class Outcome(Struct, frozen=True):
    """What came of a run: the counts, the files that were written, and the losses with their places.

    ``sizes`` are those of the files, in their order, standard output included. ``uploaded`` tells that somebody takes
    them; ``batch`` is how much at once, where that is limited; ``others`` were in the target folder before.
    """

    tally: Tally
    files: tuple[Path, ...] = ()
    losses: dict[str, Any] | None = None
    sizes: tuple[File, ...] = ()
    uploaded: bool = False
    batch: int | None = None
    others: int = 0


def read_all(
    found: Sequence[Found],
    reading: Reading,
    luggage: Luggage,
    tally: Tally,
    *,
    inspectors: Sequence[Inspector] = (),
    stdin: BinaryIO | None = None,
    watch: Callable[[str], None] | None = None,
) -> Iterator[Read]:
    """The wanted records, each seen by the inspectors. ``watch`` is told of each source as it is opened."""
    opened = _watched(sources(found, luggage.report, stdin, reading.limits), watch)
    for read in Intake(reading, luggage, tally).records(opened):
        for inspector in inspectors:
            for each in inspector.see(read):
                luggage.report.add(each)
        yield read
    for inspector in inspectors:
        for each in inspector.end():
            luggage.report.add(each)


def convert(  # noqa: PLR0913 - the whole walk has this many settings
    found: Sequence[Found],
    reading: Reading,
    destination: Destination,
    luggage: Luggage,
    *,
    inspectors: Sequence[Inspector] = (),
    stdin: BinaryIO | None = None,
    watch: Callable[[str], None] | None = None,
    traced: bool = False,
    protected: Iterable[Path] = (),
) -> Outcome:
    """Carry the records of the sources to the target.

    With ``traced`` the losses come with their places. ``protected`` are files besides the sources that must not be
    written over.
    """
    tally = Tally()
    with Staging([*(each.path for each in found if each.path), *protected]) as staging:
        delivery = Delivery(destination, reading.tables, luggage, staging, traced=traced)
        reads = read_all(found, reading, luggage, tally, inspectors=inspectors, stdin=stdin, watch=watch)
        delivery.deliver(reads, tally)
        tally.refused += luggage.refused
        losses = luggage.losses.resolved(_locator(delivery.origins)) if delivery.origins is not None else None
        others = delivery.others()
        return Outcome(
            tally,
            tuple(staging.commit()),
            losses,
            tuple(delivery.files),
            delivery.filing is not None,
            delivery.filing.batch if delivery.filing is not None else None,
            others,
        )


def read(source: Source | Path | str, luggage: Luggage, *, reading: Reading | None = None) -> Iterator[Read]:
    """The records of one source, told by its content unless ``reading`` says otherwise. Raises ``InputError``."""
    found = source if isinstance(source, Source) else Source.of(Path(source))
    how = reading or Reading(tables=Tables())
    failed: InputError | None = None
    presentations = Presentations()
    for one in unfold(found):
        name = how.format or mappers.detect(one, how.tables)
        known = plain(one, luggage.report) if how.allow_doctype else one
        reader = mappers.reader(name, how.tables, how.options)
        apart = reader.documents(known, luggage) if isinstance(reader, mappers.Unwrapping) else iter((known,))
        for document in apart:
            if isinstance(document, InputError):
                failed = failed or document
                continue
            sealing = Sealing(document, name, how.seals, luggage.report, presentations)
            try:
                for each in sealing.over(reader.read(document, luggage)):
                    yield each.taken_from(document)
            except InputError as error:
                failed = failed or error
    if failed is not None:  # of several documents a bad one costs only itself
        raise failed


def check(
    reads: Iterable[Read], *sets: str, tables: Tables | None = None, contents: Mapping[str, bytes] | None = None
) -> Iterator[Diagnostic]:
    """What sets of rules (``semantic``, ``elmo:strict``, ``annex-i``) find in records.

    ``contents`` are those of the luggage that the records were read with; without them nobody looks at attachments.
    Raises ``UsageError`` for an unknown set.
    """
    rules = Rules(sets, tables or Tables(), contents)
    for each in reads:
        yield from rules.see(each)


def write(
    records: Iterable[Read | Record],
    sink: BinaryIO,
    luggage: Luggage,
    *,
    to: str,
    options: Mapping[str, str] | None = None,
    tables: Tables | None = None,
) -> int:
    """Write the records of one file and return how many were written; what is wrong or lost is in the luggage."""

    def reads() -> Iterator[Read]:
        for each in records:
            yield each if isinstance(each, Read) else Read(each, Origin(JsonLocation(identity(each))))

    return mappers.writer(to, tables or Tables(), options or {}).write(reads(), sink, luggage)


def _watched(
    opened: Iterable[Opened | Diagnostic], watch: Callable[[str], None] | None
) -> Iterator[Opened | Diagnostic]:
    for each in opened:
        if watch is not None:
            watch(each.location.source if isinstance(each, Diagnostic) else each.source.name)
        yield each


def _locator(origins: dict[str, list[Origin]]) -> Callable[[str, str], Iterable[Location]]:
    def locate(record: str, field: str) -> list[Location]:
        known = origins.get(record)
        return [spot for origin in known for spot in origin.places(field)] if known else [JsonLocation("", field)]

    return locate


__all__ = [
    "Delivery",
    "Destination",
    "File",
    "Found",
    "Inspector",
    "Intake",
    "Outcome",
    "Reading",
    "Staging",
    "StrictReport",
    "Tally",
    "Told",
    "Wanted",
    "check",
    "convert",
    "expand",
    "identity",
    "in_words",
    "read",
    "read_all",
    "sources",
    "wanted",
    "write",
]
