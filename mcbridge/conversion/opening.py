"""From what a caller names to sources: files, folders, patterns, standard input, and archives by their content.

Names are expanded before anything is read, so a wrong one costs nothing. An archive
is told by its first bytes, never by its name, and is opened within limits of size
and ratio; an archive in an archive is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from glob import glob
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, Location, Report, Severity, XmlLocation, rule
from mcbridge.errors import InputError, NotThisFormat, Unreadable, UsageError
from mcbridge.origins import MAX_BYTES, Source

if TYPE_CHECKING:
    from gzip import GzipFile

STDIN: Final = "-"
CONTENTS: Final = ".contents"
"""What follows the name of a file of ours whose records speak of bytes: the folder that has them."""

FREE: Final = 10 * 1024 * 1024
RATIO: Final = 200
"""An archive may unfold to ``RATIO`` times its size; the first ``FREE`` bytes are not counted against it."""
MEMBERS: Final = 10_000

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

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_OFFICE = "[Content_Types].xml"


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


def sources(found: Iterable[Found], report: Report, stdin: BinaryIO | None = None) -> Iterator[Opened | Diagnostic]:
    """Open one after the other, archives unfolded; what cannot be opened comes as the finding that says why."""
    seen: dict[str, str] = {}
    for each in found:
        if each.path is None:
            source = Source(each.name, data=stdin.read() if stdin else b"")
        else:
            source = Source(each.name, path=each.path)
        try:
            for one in unfold(source):
                first = seen.setdefault(one.sha256, one.name)
                if first != one.name:
                    report.add(Diagnostic(TWICE, XmlLocation(one.name), facts={"first": first}))
                else:
                    yield Opened(one, named=each.named and one.name == source.name)
        except InputError as error:
            yield finding(error, source)


def finding(error: InputError, source: Source, *, passed_over: bool = False) -> Diagnostic:
    """The error that ended the reading of a source, as a finding."""
    line, column = (error.line, error.column) if isinstance(error, NotThisFormat) else (None, None)
    name = source.name if line else error.where or source.name  # with a line, "where" repeats it
    where: Location = XmlLocation(name, line, column)
    facts = {"problem": error.message, "advice": error.hint or "ask the sender for the file again"}
    return Diagnostic(PASSED_OVER if passed_over else UNREADABLE, where, facts=facts)


def unfold(source: Source) -> Iterator[Source]:
    """The source itself, or what the archive holds that it is. Raises ``Unreadable``."""
    head = source.data[:4]
    if head in _ZIP:
        yield from _zip(source)
    elif head[:2] == _GZIP:
        yield _gzip(source)
    else:
        yield source


def _gzip(source: Source) -> Source:
    import gzip

    with _broken(source.name), gzip.open(BytesIO(source.data)) as stream:
        data = _within(stream, len(source.data), source.name)
    _refuse_nested(data, source.name)
    # Lines and columns of findings are those of the document inside, which has no name of its own.
    return Source(source.name, data=data, path=source.path)


def _zip(source: Source) -> Iterator[Source]:
    import zipfile

    with _broken(source.name), zipfile.ZipFile(BytesIO(source.data)) as archive:
        members = sorted((each for each in archive.infolist() if not each.is_dir()), key=lambda each: each.filename)
        if any(member.filename == _OFFICE for member in members):
            raise Unreadable(
                "this is an office document, which is not read", where=source.name, hint="save the sheet as CSV"
            )
        members = [member for member in members if not _is_aside(member.filename)]
        if not members:
            raise Unreadable("there is no file in this archive", where=source.name, hint="ask the sender for it again")
        if len(members) > MEMBERS:
            raise Unreadable(
                f"the archive has {len(members):,} files; at most {MEMBERS:,} are read",
                where=source.name,
                hint="split the archive",
            )
        for member in members:
            name = f"{source.name}!{member.filename}"
            if member.flag_bits & 1:
                raise Unreadable("the file is encrypted", where=name, hint="unpack the archive with its password first")
            with archive.open(member) as stream:
                data = _within(stream, member.compress_size, name)
            _refuse_nested(data, name)
            yield Source(name, data=data)


def _is_aside(name: str) -> bool:
    parts = Path(name).parts
    return any(part.startswith((".", "__MACOSX")) or part.endswith(CONTENTS) for part in parts)


def _within(stream: IO[bytes] | GzipFile, packed: int, name: str) -> bytes:
    """All of a packed stream, read in steps so that a bomb is noticed before it has gone off."""
    out = bytearray()
    while piece := stream.read(1024 * 1024):
        out += piece
        if len(out) > MAX_BYTES:
            raise Unreadable(
                f"unpacked, it has more than {MAX_BYTES:,} bytes",
                where=name,
                hint="split the export into smaller files",
            )
        if len(out) > FREE + RATIO * packed:
            raise Unreadable(
                f"it unfolds to more than {RATIO} times its size, which no export does",
                where=name,
                hint="ask the sender what this is; unpack it yourself if you trust it",
            )
    return bytes(out)


def _refuse_nested(data: bytes, name: str) -> None:
    if data[:4] in _ZIP or data[:2] == _GZIP:
        raise Unreadable("an archive within an archive is not opened", where=name, hint="unpack the outer one first")


class _broken:  # noqa: N801 - reads as a clause
    """Errors of the archive libraries, in our words."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        import zlib
        from gzip import BadGzipFile
        from zipfile import BadZipFile

        if isinstance(error, BadZipFile | BadGzipFile | EOFError | zlib.error | NotImplementedError):
            raise Unreadable(
                f"the archive is damaged or of a kind that is not read: {error}",
                where=self.name,
                hint="ask the sender for it again",
            ) from error
