"""Our own JSON: one record in a file, or one a line (NDJSON).

The bytes that records speak of stand beside the file in ``<file>.contents/``, one
file each, named by its SHA-256.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

import msgspec

from mcbridge.diagnostics import Diagnostic, JsonLocation, Severity, rule
from mcbridge.errors import BadOption, InputError, NotThisFormat
from mcbridge.limits import Limits
from mcbridge.mappers._json import strict
from mcbridge.mappers.base import Format, RecordKind
from mcbridge.model import MODEL_VERSION, Record
from mcbridge.model.codec import WrongVersion, decode, encode
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables

INVALID: Final = rule(
    "canonical/invalid",
    Severity.ERROR,
    "The record is not a canonical record",
    "the record cannot be read: {reason}",
    "{advice}",
    "the canonical model refuses unknown fields, so that a misspelt one is not lost in silence",
    '{"record": "credential", "version": "1", "learner": {"givenName": "Ana"}}',
)
OTHER_VERSION: Final = rule(
    "canonical/other-version",
    Severity.ERROR,
    "The record has another version of the canonical model",
    'the record says version "{value}"; this mcbridge reads and writes version "{ours}"',
    "{advice}",
    "shapes change between versions; reading another one by guess could lose a field",
    '{"record": "credential", "version": "0"}',
)
CONTENT_MISSING: Final = rule(
    "canonical/content-missing",
    Severity.WARNING,
    "The bytes of an attachment or image are not beside the record",
    'the record speaks of content {value}, but "{folder}" has no such file, or its bytes are others',
    "copy the folder along with the file",
    "images and documents stand beside canonical JSON, named by their SHA-256, so that records stay small",
    "",
)

_COMPARE: Final = "compare it with the schema that `mcbridge schema canonical` prints, and mend it at the place named"
_HASH = re.compile(rb'"(?:sha256|written)"\s*:\s*"([0-9a-f]{64})"')
_RECORD = re.compile(rb'"record"\s*:\s*"(?:credential|provision)"')


class CanonicalMapper:
    """Reader and writer of canonical JSON and NDJSON."""

    format: ClassVar[Format] = Format(
        name="canonical",
        title="mcbridge canonical JSON",
        version=MODEL_VERSION,
        suffixes=(".json", ".ndjson"),
        media_types=("application/json", "application/x-ndjson"),
        reads=frozenset(RecordKind),
        writes=frozenset(RecordKind),
        single=(".json",),
        contents_beside=True,
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        for name in options:
            raise BadOption(f'canonical has no option "{name}"', hint="it takes none")

    def recognises(self, head: bytes) -> bool:
        """JSON whose first record names itself as one of ours."""
        return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and _RECORD.search(head) is not None

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """One record, or one a line; a bad line costs only itself."""
        data = source.data.removeprefix(b"\xef\xbb\xbf")
        if not data.strip():
            raise NotThisFormat("the file is empty", where=source.name, hint="ask the sender for the file again")
        beside = Path(f"{source.path}.contents") if source.path else None
        for line, text in _records(data):
            where = JsonLocation(source.name, line=line)
            record = _decoded(text, where, luggage, source.limits)
            if record is None:
                continue
            for name in dict.fromkeys(_HASH.findall(text)):
                _fetch(name.decode(), beside, where, luggage)
            yield Read(record, Origin(where, _finder(source.name, line)))

    def write(self, records: Iterable[Read], sink: BinaryIO, luggage: Luggage) -> int:
        """One record a line; a file with one record is a JSON file."""
        written = 0
        for read in records:
            sink.write(encode(read.record) + b"\n")
            written += 1
        return written


def _records(data: bytes) -> Iterator[tuple[int | None, bytes]]:
    """A file with one object may be laid out freely; several stand one a line."""
    lines = data.splitlines()
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if len(filled) > 1 and all(line.lstrip()[:1] == b"{" and line.rstrip()[-1:] == b"}" for _, line in filled[:2]):
        yield from filled
    else:
        yield None, data


def _decoded(text: bytes, where: JsonLocation, luggage: Luggage, limits: Limits) -> Record | None:
    try:
        strict(text, where.source, limits)  # the typed decoder takes the last of two equal keys
        return decode(text)
    except WrongVersion as error:
        advice = "convert the source again with this version"
        if isinstance(error.found, str) and error.found.isdigit() and int(error.found) > int(MODEL_VERSION):
            advice = "install the newer mcbridge that wrote it"
        facts = {"ours": MODEL_VERSION, "advice": advice}
        said = "none" if error.found is None else str(error.found)
        luggage.refuse(Diagnostic(OTHER_VERSION, where, "version", said, facts))
    except InputError as error:
        reason, line = error.message, where.line
        if isinstance(error, NotThisFormat) and error.line is not None:
            reason, line = f"{reason} (column {error.column})", line or error.line
        advice = error.hint if error.hint and "--limit" in error.hint else _COMPARE
        facts = {"reason": reason, "advice": advice}
        luggage.refuse(Diagnostic(INVALID, JsonLocation(where.source, line=line), facts=facts))
    except msgspec.DecodeError as error:
        reason, _, path = str(error).partition(" - at `$")
        pointer = path.rstrip("`").replace("[", ".").replace("]", "").replace(".", "/")
        spot = JsonLocation(where.source, pointer, where.line)
        luggage.refuse(Diagnostic(INVALID, spot, facts={"reason": reason, "advice": _COMPARE}))
    return None


def _fetch(name: str, beside: Path | None, where: JsonLocation, luggage: Luggage) -> None:
    if name in luggage.contents:
        return
    path = beside / name if beside else None
    data = path.read_bytes() if path and path.is_file() else None
    if data is None or luggage.contents.keep(data) != name:
        facts = {"folder": str(beside) if beside else "standard input"}
        luggage.report.add(Diagnostic(CONTENT_MISSING, where, None, name, facts))


def _finder(source: str, line: int | None) -> Callable[[str], JsonLocation]:
    def find(path: str) -> JsonLocation:
        return JsonLocation(source, "/" + path.replace("[", ".").replace("]", "").replace(".", "/"), line)

    return find
