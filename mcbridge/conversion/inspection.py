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
from mcbridge.diagnostics import Diagnostic, Report, Severity
from mcbridge.errors import Ambiguous, InputError
from mcbridge.mappers import Inspecting, Reader
from mcbridge.model import Achievement, Activity, Assessment, Content, Credential, Entitlement, Organisation, Provision
from mcbridge.model.leaves import leaves, structs
from mcbridge.origins import Luggage, Source

_CLAIMS: Final = {
    Achievement: "achievements",
    Activity: "activities",
    Assessment: "assessments",
    Entitlement: "entitlements",
}
_SEALS: Final = {"present": "present, not verified"}


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why a source gives no record, and what to do."""

    message: str
    hint: str = ""


class Stored(Struct, frozen=True, rename="camel", omit_defaults=True):
    """Bytes that records speak of: an attachment, a picture."""

    size: int
    media_type: str | None = None


class Seal(Struct, frozen=True):
    """Whether the bytes are signed; nothing here says that a signature holds."""

    status: str = "absent"
    kind: str | None = None


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
    seal: Seal | None = None
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
    intake = Intake(reading, Luggage(), Tally())
    read = False
    for opened in sources(found, report, stdin):
        if isinstance(opened, Diagnostic):
            yield Inspected(opened.location.source, problem=_said(opened))
            continue
        told = Inspected(opened.source.name, size=len(opened.source.data), passed_over=not opened.named)
        reader = _reader(opened, intake, told)
        if reader is not None:
            read = True
            told.passed_over = False
            _describe(reader, opened.source, told)
            _count(reader, opened.source, told)
        yield told
    if read:
        intake.end()


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
    told.details = facts


def _count(reader: Reader, source: Source, told: Inspected) -> None:
    luggage, counts = Luggage(), _Counts(reader.format.name)
    try:
        for read in reader.read(source, luggage):
            counts.add(read.record)
    except InputError as error:
        told.problem = _said(finding(error, source))
    except Ambiguous as error:  # it is open how this source is to be read
        told.problem = Problem(error.message.removeprefix(f"{source.name}: "), error.hint or "")
    levels = Counter(each.level for each in luggage.report)
    told.findings = {level.value: levels[level] for level in Severity if levels[level]}
    told.refused = luggage.refused
    counts.tell(told)
    if told.problem is None and not counts.records:
        worst = next((each for each in luggage.report if each.level is Severity.ERROR), None)
        told.problem = None if worst is None else _said(worst)


def _said(found: Diagnostic) -> Problem:
    """A finding without the value that it is about."""
    line = getattr(found.location, "line", None)
    where = "" if line is None else f"line {line}: "
    return Problem(f"{where}{found.masked}", found.masked_hint)


class _Counts:
    """What the records of one source hold. The seal of a record is that of its source only in the format it was in."""

    def __init__(self, format: str) -> None:
        self.format = format
        self.records: Counter[str] = Counter()
        self.claims: Counter[str] = Counter()
        self.learners: set[bytes] = set()
        self.organisations: set[bytes] = set()
        self.stored: dict[str, Stored] = {}
        self.languages: Counter[str] = Counter()
        self.seal = Seal()

    def add(self, record: Credential | Provision) -> None:
        """Count one."""
        if isinstance(record, Credential):
            self.records["credentials"] += 1
            self.learners.add(_digest(record.learner))
            document = record.document
            if record.seal is not None and document is not None and document.format == self.format:
                self.seal = Seal(_SEALS.get(record.seal.state.value, record.seal.state.value), record.seal.kind)
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
            told.seal = self.seal
        told.organisations = len(self.organisations)
        told.stored = tuple(self.stored.values())
        told.languages = tuple(sorted(self.languages))


def _digest(value: Struct) -> bytes:
    return hashlib.sha256(msgspec.json.encode(value)).digest()
