"""What a source is and how much it holds: told without a value of any record, and without writing anything."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final

import msgspec
from msgspec import Struct, field

from mcbridge import mappers
from mcbridge.conversion.intake import Intake, Reading, Tally
from mcbridge.conversion.opening import Found, Opened, finding, sources
from mcbridge.conversion.sealing import Presentations, Sealing, Told
from mcbridge.diagnostics import Diagnostic, Report, Severity
from mcbridge.errors import Ambiguous, InputError
from mcbridge.mappers import Inspecting, Reader
from mcbridge.model import Achievement, Activity, Assessment, Content, Credential, Entitlement, Organisation, Provision
from mcbridge.model.leaves import leaves, structs
from mcbridge.origins import Luggage, Source
from mcbridge.seals import Terms

_CLAIMS: Final = {
    Achievement: "achievements",
    Activity: "activities",
    Assessment: "assessments",
    Entitlement: "entitlements",
}


_Sealed = tuple[Terms, Presentations]
"""By what seals are judged, and what is known of those around several credentials."""


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why a source gives no record, and what to do."""

    message: str
    hint: str = ""


class Stored(Struct, frozen=True, rename="camel", omit_defaults=True):
    """Bytes that records speak of: an attachment, a picture."""

    size: int
    media_type: str | None = None


class Inspected(Struct, rename="camel", omit_defaults=True):
    """One source. ``details`` are what the mapper adds; ``learners`` is a number and nothing else.

    ``by_name``: the format is told by the suffix only, because nobody recognises the content. Claims are counted with
    their parts; learners, organisations and stored bytes once each.
    """

    source: str
    size: int | None = None
    format: str | None = None
    title: str | None = None
    version: str | None = None
    by_name: bool = False
    seal: Told | None = None
    records: dict[str, int] = {}
    learners: int | None = None
    claims: dict[str, int] = {}
    organisations: int | None = None
    stored: tuple[Stored, ...] = field(default=(), name="attachments")
    languages: tuple[str, ...] = ()
    details: Mapping[str, Any] = {}
    findings: dict[str, int] = {}
    refused: int = 0
    problem: Problem | None = None
    passed_over: bool = False


def inspect(
    found: Iterable[Found], reading: Reading, report: Report, stdin: BinaryIO | None = None
) -> Iterator[Inspected]:
    """Every source, those within folders and archives one by one; a source that cannot be read says why.

    ``report`` hears of what is no source's own, such as one that was there before. Raises ``BadOption`` at the end for
    an option that no source took.
    """
    intake = Intake(reading, Luggage(report=report), Tally())
    read = False
    for opened in sources(found, report, stdin, reading.limits):
        if isinstance(opened, Diagnostic):
            yield Inspected(opened.location.source, problem=_said(opened))
            continue
        told = Inspected(opened.source.name, size=opened.source.size, passed_over=not opened.named)
        reader = _reader(opened, intake, told)
        if reader is None:
            yield told
            continue
        read = True
        for document in intake.documents(reader, opened.source):
            yield _inspected(reader, document, opened.source, (reading.seals, intake.presentations))
    if read:
        intake.end()


def _inspected(reader: Reader, document: Source | Diagnostic, source: Source, sealed: _Sealed) -> Inspected:
    if isinstance(document, Diagnostic):
        name, format = document.location.source, reader.format
        size = source.size if name == source.name else None
        return Inspected(name, size=size, format=format.name, title=format.title, problem=_said(document))
    told = Inspected(document.name, size=document.size)
    _describe(reader, document, told)
    _count(reader, document, told, sealed)
    return told


def _reader(opened: Opened, intake: Intake, told: Inspected) -> Reader | None:
    try:
        return intake.reader(opened)
    except InputError as error:
        told.problem = _said(finding(error, opened.source))
    except Ambiguous as error:
        told.problem = Problem(error.message, error.hint or "")
    named = [name for name in mappers.BUILTIN if _by_name(name, opened.source)]
    if len(named) == 1 and mappers.describe(named[0]).reads:
        told.by_name = True
        reader = mappers.reader(named[0], intake.reading.tables, {})
        _describe(reader, opened.source, told)
    return None


def _by_name(name: str, source: Source) -> bool:
    format = mappers.describe(name)
    return source.name.lower().endswith(format.suffixes)


def _describe(reader: Reader, source: Source, told: Inspected) -> None:
    """What the format is, and what its mapper adds."""
    format = reader.format
    facts: dict[str, Any] = {}
    if isinstance(reader, Inspecting):
        try:
            facts = dict(reader.inspect(source))
        except InputError as error:
            told.problem = told.problem or _said(finding(error, source))
    told.format, told.title = format.name, format.title
    told.version = facts.pop("version", None if told.problem else format.version)
    told.details = {"envelope": ", ".join(source.envelope), **facts} if source.envelope else facts


def _count(reader: Reader, source: Source, told: Inspected, sealed: _Sealed) -> None:
    luggage, counts = Luggage(limits=source.limits), _Counts()
    terms, presentations = sealed
    sealing = Sealing(source, reader.format.name, terms, luggage.report, presentations)
    try:
        for read in sealing.over(reader.read(source, luggage)):
            sealing.see(read.record)
            counts.add(read.record)
    except InputError as error:
        told.problem = _said(finding(error, source))
    except Ambiguous as error:  # it is open how this source is to be read
        told.problem = Problem(error.message.removeprefix(f"{source.name}: "), error.hint or "")
    levels = Counter(each.level for each in luggage.report)
    told.findings = {level.value: levels[level] for level in Severity if levels[level]}
    told.refused = luggage.refused
    counts.tell(told)
    if told.learners is not None:
        told.seal = sealing.told
    if told.problem is None and not counts.records:
        worst = next((each for each in luggage.report if each.level is Severity.ERROR), None)
        told.problem = None if worst is None else _said(worst)


def _said(found: Diagnostic) -> Problem:
    """A finding without the value that it is about."""
    line = getattr(found.location, "line", None)
    where = "" if line is None else f"line {line}: "
    return Problem(f"{where}{found.masked}", found.masked_hint)


class _Counts:
    """What the records of one source hold."""

    def __init__(self) -> None:
        self.records: Counter[str] = Counter()
        self.claims: Counter[str] = Counter()
        self.learners: set[bytes] = set()
        self.organisations: set[bytes] = set()
        self.stored: dict[str, Stored] = {}
        self.languages: Counter[str] = Counter()

    def add(self, record: Credential | Provision) -> None:
        """Count one."""
        if isinstance(record, Credential):
            self.records["credentials"] += 1
            self.learners.add(_digest(record.learner))
        else:
            self.records["provisions"] += 1
        for one in structs(record):
            if isinstance(one, Organisation):
                self.organisations.add(_digest(one))
            elif isinstance(one, Content):
                self.stored[one.sha256] = Stored(one.size, one.media_type)
            elif kind := _CLAIMS.get(type(one)):
                self.claims[kind] += 1
        for path, value in leaves(record):
            name = path.rpartition(".")[2].partition("[")[0]
            if name in {"lang", "languages", "primaryLanguage"}:
                self.languages[value] += 1

    def tell(self, told: Inspected) -> None:
        """Put the counts where they are told."""
        if not self.records:
            return
        told.records = dict(sorted(self.records.items()))
        if "credentials" in self.records:
            told.learners = len(self.learners)
            told.claims = {kind: self.claims[kind] for kind in _CLAIMS.values() if self.claims[kind]}
        told.organisations = len(self.organisations)
        told.stored = tuple(self.stored.values())
        told.languages = tuple(sorted(self.languages))


def _digest(value: Struct) -> bytes:
    return hashlib.sha256(msgspec.json.encode(value)).digest()
