"""From what a caller names to sources: files, folders, patterns, standard input, and what is packed in them.

Names are expanded before anything is read, so a wrong one costs nothing. Archives and
other envelopes are told by their content, never by their name; ``envelopes`` opens
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from glob import glob
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from mcbridge.conversion.envelopes import CONTENTS, NoDocument, layers
from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, Report, Severity, XmlLocation, rule
from mcbridge.errors import InputError, NotThisFormat, Unreadable, UsageError
from mcbridge.limits import DEFAULT, Limits
from mcbridge.origins import Source, bounded

STDIN: Final = "-"
UNREADABLE: Final = rule(
    "source/unreadable",
    Severity.ERROR,
    "A source could not be read",
    "{problem}",
    "{advice}",
    "a source that cannot be read as a whole gives no records; the others of the run are not touched by it",
    "an XML document that ends in the middle of an element",
)
PASSED_OVER: Final = rule(
    "source/passed-over",
    Severity.WARNING,
    "A file in a folder or archive is in no format that is read",
    "the file is passed over: {problem}",
    "take it out of the folder, or name it by itself with --from when it is meant to be read",
    "a folder is walked as a whole, so that a new file in it is not missed in silence",
    "readme.txt beside the exports",
)
TWICE: Final = rule(
    "source/read-twice",
    Severity.WARNING,
    "Two sources hold the same bytes",
    "the same bytes were read as {first} already; they are read once",
    "take one of the two away",
    "the identity of a document is the SHA-256 of its bytes, so its records would come out twice under one id",
    "a copy of an export left in the folder",
)

DOCTYPE: Final = rule(
    "source/doctype-ignored",
    Severity.WARNING,
    "A document with a DOCTYPE was read without it",
    "the DOCTYPE was left out on reading: nothing was fetched, and what it declares was not applied",
    "ask the sender to leave it out; no format read here needs one",
    "a DOCTYPE can make a reader fetch files or unfold without end, so it is left out or refused, and never followed",
    '<!DOCTYPE elmo SYSTEM "elmo.dtd">, with --allow-doctype',
)


class Opened(Struct, frozen=True):
    """A source, and whether the caller named this very file; others may turn out to be something else."""

    source: Source
    named: bool


class Found(Struct, frozen=True):
    """What an argument stands for, before it is opened: a file, or standard input when there is no path."""

    name: str
    path: Path | None
    named: bool


def expand(arguments: Sequence[str]) -> list[Found]:
    """The files behind the arguments, each once, folders walked in sorted order.

    Hidden files and folders of contents are passed over. Raises ``UsageError`` for what is not there, and
    ``Unreadable`` for a folder or pattern without files.
    """
    found: dict[Path | str, Found] = {}
    for argument in arguments:
        if argument == STDIN:
            if STDIN in found:
                raise UsageError("standard input can be read once", hint="name - only once")
            found[STDIN] = Found(STDIN, None, named=True)
            continue
        for each in _files(argument):
            found.setdefault(each.path.resolve() if each.path else each.name, each)
    return list(found.values())


def _files(argument: str) -> Iterator[Found]:
    path = Path(argument)
    if path.is_dir():
        yield from _walk(path)
    elif _exists(path):
        yield Found(argument, path, named=True)
    elif any(mark in argument for mark in "*?["):
        matches = [Path(match) for match in sorted(glob(argument, recursive=True))]  # noqa: PTH207 - any path, also absolute
        matches = [match for match in matches if not match.name.endswith(CONTENTS)]
        if not matches:
            raise Unreadable(
                "no file matches", where=argument, hint="check the pattern, and that the export has arrived"
            )
        for match in matches:
            if match.is_dir():
                yield from _walk(match)
            else:
                yield Found(str(match), match, named=True)
    else:
        raise UsageError("there is no such file or folder", where=argument, hint="check the name")


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except PermissionError:
        return True  # reading it will say so
    except (OSError, ValueError):
        return False
    return True


def _walk(folder: Path) -> Iterator[Found]:
    waiting, files = [folder], []
    while waiting:
        inside = waiting.pop()
        try:
            entries = list(inside.iterdir())
        except OSError as error:
            raise Unreadable(
                f"the folder cannot be read: {error.strerror or error}", where=str(inside), hint="check its rights"
            ) from error
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                if not entry.is_symlink() and not entry.name.endswith(CONTENTS):
                    waiting.append(entry)
            elif entry.is_file():
                files.append(entry)
    if not files:
        raise Unreadable(
            "there is no file in this folder", where=str(folder), hint="check the name, and that the export has arrived"
        )
    for file in sorted(files, key=lambda file: file.relative_to(folder).parts):
        yield Found(str(file), file, named=False)


def sources(
    found: Iterable[Found], report: Report, stdin: BinaryIO | None = None, limits: Limits = DEFAULT
) -> Iterator[Opened | Diagnostic]:
    """Open one after the other, archives unfolded; what cannot be opened comes as the finding that says why."""
    seen: dict[str, str] = {}
    for each in found:
        source = Source(each.name, path=each.path, limits=limits)
        try:
            if each.path is None:
                source = Source.collected(each.name, bounded(stdin, limits, each.name) if stdin else (), limits=limits)
            for one in layers(source):
                if isinstance(one, InputError):
                    yield finding(one, source)
                    continue
                first = seen.setdefault(one.sha256, one.name)
                if first != one.name:
                    report.add(Diagnostic(TWICE, XmlLocation(one.name), facts={"first": first}))
                else:
                    yield Opened(one, named=each.named and one.name == source.name)
        except InputError as error:
            yield finding(error, source)


def finding(error: InputError, source: Source, *, passed_over: bool = False) -> Diagnostic:
    """The error that ended the reading of a source, as a finding."""
    if isinstance(error, NoDocument):
        return error.finding
    line, column = (error.line, error.column) if isinstance(error, NotThisFormat) else (None, None)
    name = (error.where or source.name).removesuffix(f":{line}:{column}").removesuffix(f":{line}")
    where: Location = XmlLocation(name, line, column)
    if isinstance(error, NotThisFormat) and error.pointer is not None:
        where = JsonLocation(name, error.pointer)
    facts = {"problem": error.message, "advice": error.hint or "ask the sender for the file again"}
    return Diagnostic(PASSED_OVER if passed_over else UNREADABLE, where, facts=facts)
