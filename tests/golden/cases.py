"""Golden cases: what stands in their folders, and the walk that each of them makes.

A folder ``tests/golden/<format>/<case-name>/`` holds

``input.<ext>``
    what came in, in whatever envelope; absent where a format is only written
``canonical.json`` or ``canonical.ndjson``
    what was understood; absent when nothing could be read
``canonical.<ext>.contents/``
    the bytes that the records of a case without input speak of
``output.<ext>``
    what is written from the canonical records; absent when nothing is
``corrected.xml``
    of a case with ``clause``: the same in order, as far as this clause goes
``report.json``, ``losses.json``
    findings and losses of the whole walk; absent when there are none
``case.toml``
    ``why`` the case exists; ``rules`` are the sets of rules that its records are held against, none by default, and
    ``clause`` is the number of the clause of ELMO that it breaks; ``[read]`` and ``[write]`` hold options;
    ``output-breaks-schema`` says why what is written is not valid, where it is not; with ``input-is-canonical`` one
    file is input, canonical and output
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from mcbridge import conversion
from mcbridge.conversion import identity
from mcbridge.conversion.envelopes import unfold
from mcbridge.conversion.opening import finding
from mcbridge.diagnostics import JsonLocation, Location
from mcbridge.errors import InputError
from mcbridge.mappers import Format, describe, reader, writer
from mcbridge.model import Record
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT

FOLDER = CHECKOUT / "tests" / "golden"
TABLES = Tables()


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """``case.toml``."""

    why: str = ""
    rules: str = ""
    clause: str = ""
    read: Mapping[str, str] = {}
    write: Mapping[str, str] = {}
    output_breaks_schema: str = ""
    input_is_canonical: bool = False


@dataclass(frozen=True)
class Walk:
    """What came of a case: records as they were read, and the bytes that were written, with all that was said."""

    reads: tuple[Read, ...]
    output: bytes
    luggage: Luggage

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple(read.record for read in self.reads)


@dataclass(frozen=True)
class Case:
    """One folder."""

    folder: Path
    format: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "format", self.folder.parent.name)

    def __str__(self) -> str:
        return f"{self.format}/{self.folder.name}"

    @cached_property
    def described(self) -> Format:
        return describe(self.format)

    @cached_property
    def settings(self) -> Settings:
        path = self.folder / "case.toml"
        return msgspec.toml.decode(path.read_bytes(), type=Settings) if path.exists() else Settings()

    @property
    def input(self) -> Path | None:
        return self._file("input")

    @property
    def canonical(self) -> Path | None:
        return self.input if self.settings.input_is_canonical else self._file("canonical")

    @property
    def output(self) -> Path | None:
        return self.input if self.settings.input_is_canonical else self._file("output")

    def _file(self, stem: str) -> Path | None:
        found = [path for path in self.folder.glob(f"{stem}.*") if path.is_file()]
        assert len(found) < 2, f"{self}: {', '.join(path.name for path in found)}"
        return found[0] if found else None

    def source(self, path: Path) -> Source:
        """A file of the case, called by its name only, so that nothing depends on where the repository is."""
        return Source(path.name, path=path)

    @cached_property
    def walk(self) -> Walk:
        """Read the input, or without one the canonical records, and write them."""
        luggage = Luggage(self.format if self.described.writes else "canonical")
        path, name, options = self.input, self.format, self.settings.read
        if path is None:
            path, name, options = self.canonical, "canonical", {}
        assert path is not None, f"{self} has neither input nor canonical records"
        reads = tuple(self._read(self.source(path), name, options, luggage))
        self.check(reads, luggage)
        output = self._write(reads, luggage) if self.described.writes else b""
        return Walk(reads, output, luggage)

    def check(self, reads: tuple[Read, ...], luggage: Luggage) -> None:
        """Hold the records against the sets of rules that the case names."""
        sets = [name.strip() for name in self.settings.rules.split(",") if name.strip()]
        if not sets:
            return
        for found in conversion.check(reads, *sets, tables=TABLES, contents=luggage.contents):
            luggage.report.add(found)

    def options(self, given: Mapping[str, str]) -> dict[str, str]:
        """Options; one that names a file of the case is the path of that file."""
        return {name: str(self.folder / value) if self._has(value) else value for name, value in given.items()}

    def _has(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def _read(self, source: Source, name: str, options: Mapping[str, str], luggage: Luggage) -> Iterator[Read]:
        try:
            for one in unfold(source):
                yield from reader(name, TABLES, self.options(options)).read(one, luggage)
        except InputError as error:
            luggage.report.add(finding(error, source))

    def _write(self, reads: tuple[Read, ...], luggage: Luggage) -> bytes:
        sink = BytesIO()
        if reads:
            writer(self.format, TABLES, self.options(self.settings.write)).write(reads, sink, luggage)
        return sink.getvalue()

    def pivot(self) -> tuple[Record, ...]:
        """The canonical records as the repository has them."""
        path = self.canonical
        if path is None:
            return ()
        return tuple(read.record for read in reader("canonical", TABLES, {}).read(self.source(path), Luggage()))

    def written(self) -> bytes:
        """What is written from the canonical records of the repository; places and bytes are those of the input."""
        walk, records = self.walk, self.pivot()
        luggage = Luggage(self.format)
        for data in walk.luggage.contents.values():
            luggage.contents.keep(data)
        origins = [read.origin for read in walk.reads]
        origins += [Origin(JsonLocation("canonical"))] * (len(records) - len(origins))
        return self._write(tuple(map(Read, records, origins)), luggage)

    def document(self) -> bytes:
        """What was written, taken out of its envelope if it has one."""
        (found,) = unfold(Source("output", self.walk.output))
        return found.data

    def again(self) -> tuple[Record, ...]:
        """What is read from the output."""
        source = Source(f"output{self.described.suffixes[0]}", self.document())
        options = self.options(self.settings.read)
        return tuple(read.record for read in reader(self.format, TABLES, options).read(source, Luggage()))

    def findings(self) -> list[dict[str, Any]]:
        """The findings of the walk; addresses of this machine are left out."""
        found: list[dict[str, Any]] = self._anywhere(self.walk.luggage.report.to_json())
        return found

    def losses(self) -> dict[str, Any]:
        """The losses file of the walk."""
        origins: dict[str, list[Origin]] = {}
        for read in self.walk.reads:
            origins.setdefault(identity(read.record), []).append(read.origin)

        def locate(record: str, path: str) -> list[Location]:
            return [origin.of(path) for origin in origins.get(record, ())] or [JsonLocation("", path)]

        found: dict[str, Any] = self._anywhere(self.walk.luggage.losses.resolved(locate))
        return found

    def _anywhere(self, found: Any) -> Any:
        here = json.dumps(f"{self.folder}/")[1:-1]
        return json.loads(json.dumps(found).replace(here, ""))


def cases() -> list[Case]:
    """All of them."""
    return [Case(folder) for folder in sorted(FOLDER.glob("*/*/")) if not folder.name.startswith(("_", "."))]


def values(records: Iterable[Record]) -> list[Any]:
    """Records as JSON values."""
    return [json.loads(encode(record)) for record in records]
