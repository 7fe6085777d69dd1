"""The files of a run as somebody takes them who takes so much at once: their sizes, and what goes together.

A file is never cut, and the order of the records stays: a batch is full when the next file would be too much for it.
One that is too large by itself is a batch of its own, so that it does not keep others from being taken.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from mcbridge.conversion.placing import Staging
from mcbridge.diagnostics import Diagnostic, Location, Severity, rule

TOO_LARGE: Final = rule(
    "convert/file-too-large",
    Severity.WARNING,
    "A file is larger than what is taken at once",
    "the file of this record has {size}, and whoever it is for takes at most {most} at once; it will be refused",
    "leave out large pictures and attachments at the source; if more is taken, say so with the option batch=…",
    "an upload to the European issuer has a limit, which each installation sets for itself; nothing is left out of a "
    "record to keep to it",
    "a transcript with scans of 6 MB, for an issuer that takes 4.5 MB",
)
SUFFIX: Final = rule(
    "convert/suffix-not-taken",
    Severity.WARNING,
    "A file has a name by which it will be refused",
    'the name of the file ends in "{suffix}", and whoever it is for takes {known} only',
    "give it a name that ends in {first}",
    "an upload to the European issuer is told by the names of files before anybody looks into them",
    "mcbridge convert sheet.csv --to edc -o ana.txt",
)


class File(Struct, frozen=True):
    """A file that was written. Without a ``path`` it is standard output; ``batch`` counts from one, 0 is none."""

    path: Path | None
    size: int
    batch: int = 0


def parted(sizes: Sequence[int], most: int) -> Iterator[range]:
    """Which of them go together, in their order: as many as make no more than ``most``, and one at least."""
    start = total = 0
    for at, size in enumerate(sizes):
        if at > start and total + size > most:
            yield range(start, at)
            start, total = at, 0
        total += size
    if sizes:
        yield range(start, len(sizes))


def into_folders(files: Sequence[File], most: int, staging: Staging) -> list[File]:
    """The files in a folder for each batch beside one another; where one holds all of them they stay as they are."""
    lots = list(parted([each.size for each in files], most))
    if len(lots) < 2:
        return list(files)
    width, moved = max(2, len(str(len(lots)))), []
    for number, lot in enumerate(lots, 1):
        for each in (files[at] for at in lot):
            assert each.path is not None, "standard output is no folder"  # noqa: S101
            folder = each.path.parent / f"batch-{number:0{width}}"
            staging.folder(folder)
            staging.move(each.path, folder / each.path.name)
            moved.append(File(folder / each.path.name, each.size, number))
    return moved


_NAME: Final = re.compile(r"\d+-[0-9a-f]{8,64}")
_FOLDER: Final = re.compile(r"batch-\d{2,}")


def found_beside(folder: Path, written: Container[Path], suffixes: Sequence[str]) -> int:
    """How many files that look like ours are in a folder and its batches and are not of this run."""
    if not folder.is_dir():
        return 0
    inside = [each for each in folder.iterdir() if _FOLDER.fullmatch(each.name) and each.is_dir()]
    files = (each for place in (folder, *inside) for each in place.iterdir() if each.suffix in suffixes)
    return sum(1 for each in files if _NAME.fullmatch(each.stem) and each not in written)


def in_words(size: int) -> str:
    """A size as people say it: 1 kB is 1,000 bytes, as on a disk, and 1 MB a thousand of them."""
    for unit, scale in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= scale:
            return f"{size / scale:,.1f} {unit}"
    return f"{size} byte{'' if size == 1 else 's'}"


def breaches(file: File, most: int | None, suffixes: Iterable[str], where: Location) -> Iterator[Diagnostic]:
    """What will keep a file from being taken."""
    if most is not None and file.size > most:
        yield Diagnostic(TOO_LARGE, where, facts={"size": in_words(file.size), "most": in_words(most)})
    known = tuple(suffixes)
    if file.path is not None and file.path.suffix.lower() not in known:
        facts = {"suffix": file.path.suffix, "known": " or ".join(known), "first": known[0]}
        yield Diagnostic(SUFFIX, where, facts=facts)


__all__ = ["File", "breaches", "found_beside", "in_words", "into_folders", "parted"]
