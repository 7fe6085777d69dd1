"""European Digital Credentials: ELM as JSON-LD, read in all its forms, written as ELM 3.2, uploadable or bare.

``reading`` is the way in. ``forms.py`` knows the two files that are written; ``write.py`` builds one credential from
the tables of rows beside it: ``learner``, ``organisations``, ``claims``, ``specifications``, ``envelope`` and the
small pieces they share. Each row holds the conversion of one field, and what no row carries is in the ledger of losses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

import msgspec

from mcbridge.diagnostics import Diagnostic, JsonLocation
from mcbridge.errors import InputError, NotThisFormat, UsageError
from mcbridge.losses import REFUSED, Loss
from mcbridge.mappers.base import Format, RecordKind
from mcbridge.mappers.edc.concepts import Lists
from mcbridge.mappers.edc.defaults import Defaults, load_defaults
from mcbridge.mappers.edc.forms import FORMS
from mcbridge.mappers.edc.options import OPTIONS, TAKEN, options_of
from mcbridge.mappers.edc.rules import NO_LEARNER
from mcbridge.mappers.edc.signs import recognised
from mcbridge.mappers.edc.writing import Refused, Writing
from mcbridge.model import Credential
from mcbridge.model.codec import encode
from mcbridge.model.leaves import count
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables

if TYPE_CHECKING:
    from mcbridge.mappers.edc.reading.coded import Codes
    from mcbridge.mappers.edc.reading.opening import Opened
    from mcbridge.mappers.edc.reading.presentations import Unpacking
    from mcbridge.mappers.edc.structure.verdict import Judge


class EdcMapper:
    """Reader and writer of European Digital Credentials."""

    format: ClassVar[Format] = Format(
        name="edc",
        title="European Digital Credential (ELM JSON-LD)",
        version="3.2",
        suffixes=(".json", ".jsonld"),
        media_types=("application/json", "application/ld+json"),
        reads=frozenset({RecordKind.CREDENTIAL}),
        writes=frozenset({RecordKind.CREDENTIAL}),
        one_per_file=True,
        fullest=({"form": "bare"}, {}),
        beside=("edc-presentation",),
        options=OPTIONS,
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        self._tables = tables
        self._options = options_of(tables, options)

    @cached_property
    def _judge(self) -> Judge | None:
        if not self._options.validate:
            return None
        from mcbridge.mappers.edc.structure.verdict import Judge

        return Judge(self._tables, self._options.schemas)

    @cached_property
    def _defaults(self) -> Defaults:
        return load_defaults(self._tables)

    @cached_property
    def _lists(self) -> Lists:
        return Lists(self._tables)

    @cached_property
    def _codes(self) -> Codes:
        from mcbridge.mappers.edc.reading.coded import Codes

        return Codes(self._tables)

    @property
    def taken(self) -> tuple[str, ...]:
        """The suffixes that the issuer takes, or that are usual for a credential by itself."""
        return TAKEN[self._options.form]

    @cached_property
    def _unpacking(self) -> Unpacking:
        from mcbridge.mappers.edc.reading.presentations import Unpacking

        return Unpacking(self._codes)

    @property
    def batch(self) -> int | None:
        """How many bytes an upload may have."""
        return self._options.batch

    def recognises(self, head: bytes) -> bool:
        """JSON that is a credential in one of our forms or a presentation, or a credential of another kind.

        Those of other kinds are not read, but nobody else could tell what they are.
        """
        return recognised(head)

    def documents(self, source: Source, luggage: Luggage) -> Iterator[Source | InputError]:
        """The credentials of a presentation, or the source itself. Raises ``InputError`` where there is none."""
        return self._unpacking.documents(source, luggage)

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """The credential of a file, or those of a presentation. Raises ``NotThisFormat`` or ``Unreadable``."""
        failed: InputError | None = None
        for document in self.documents(source, luggage):
            try:
                if isinstance(document, InputError):
                    raise document
                read = self._read(document, luggage)
            except InputError as error:  # of several credentials a bad one costs only itself
                failed = failed or error
            else:
                if read is not None:
                    yield read
        if failed is not None:
            raise failed

    def _read(self, source: Source, luggage: Luggage) -> Read | None:
        from mcbridge.mappers.edc.reading.document import open_document

        document = open_document(source, self._unpacking.held(source))
        if self._judge is not None:
            return self._judged(document, source, luggage, self._judge)
        return self._record(document, source, luggage)

    def _judged(self, document: Opened, source: Source, luggage: Luggage, judge: Judge) -> Read | None:
        """The credential, with what its structure lacks among the findings of the reader."""
        from mcbridge.mappers.edc.reading.presentations import Presented
        from mcbridge.mappers.edc.structure.verdict import aside, together

        nodes, lead = document.nodes
        flat = type(nodes) is list
        findings = judge.findings(
            document.credential,
            lead if flat else document.lead,
            sealed=document.seal is not None,
            nodes=nodes if flat else None,
            around=source.around.get if isinstance(source, Presented) else None,
        )
        apart = aside(luggage)
        try:
            return self._record(document, source, apart)
        finally:
            luggage.refused = apart.refused
            for each in together(findings, apart.report, source.name):
                luggage.report.add(each)

    def _record(self, document: Opened, source: Source, luggage: Luggage) -> Read | None:
        from mcbridge.mappers.edc.reading.document import Reading
        from mcbridge.mappers.edc.reading.origin import Places

        try:
            record = Reading(document, source, self._codes, luggage).credential
        except RecursionError:
            advice = "ask the sender what this is; a lower --limit levels=… refuses it sooner"
            raise NotThisFormat("its parts are nested too deeply to be read", where=source.name, hint=advice) from None
        if record is None:
            luggage.refused += 1
            return None
        origin = Origin(JsonLocation(source.name, document.lead), Places(source, self._codes).find)
        return Read(record, origin)

    def inspect(self, source: Source) -> Mapping[str, Any]:
        """The form, and the profiles by their words. Raises ``NotThisFormat`` or ``Unreadable``."""
        from mcbridge.mappers.edc.reading.description import described

        return described(source, self._codes)

    def write(self, records: Iterable[Read], sink: BinaryIO, luggage: Luggage) -> int:
        """Write one credential. Raises ``UsageError`` when there is another: a file holds one."""
        written = 0
        for number, read in enumerate(records):
            if number:
                raise UsageError("a file of this format holds one credential", hint="write several into a folder")
            data = self._file(read, luggage)
            if data is not None:
                sink.write(data)
                written += 1
        return written

    def _file(self, read: Read, luggage: Luggage) -> bytes | None:
        record = read.record
        if not isinstance(record, Credential):
            luggage.report.add(Diagnostic(NO_LEARNER, read.origin.whole, None, record.key))
            luggage.losses.add(Loss(record.key, "", REFUSED, "a provision is no credential", leaves=count(record)))
            return None
        run = Writing(
            read,
            record,
            luggage.contents,
            self._defaults,
            self._lists,
            country=self._options.country,
            bare=self._options.form == "bare",
            profile=self._options.profile,
            embed=self._options.embed,
        )
        run.preferred = tuple(tag for lang in self._options.lang if (tag := run.tag(lang)))
        try:
            found = FORMS[self._options.form](run, self._options.deliver)
        except Refused as refused:
            spot = read.origin.of(refused.path)
            luggage.report.add(Diagnostic(refused.rule, spot, refused.path or None, refused.value, refused.facts))
            why = f"the record was refused ({refused.rule.id})"
            luggage.losses.add(Loss(record.id, "", REFUSED, why, leaves=count(record)))
            return None
        if self._judge is not None and self._refused(found, run, luggage, self._judge):
            return None
        for finding in run.heard():
            luggage.report.add(finding)
        luggage.losses.extend(run.settled())
        return msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"

    def _refused(self, found: dict[str, Any], run: Writing, luggage: Luggage, judge: Judge) -> bool:
        """Whether what would be written is not built as it must be. What an EDC said itself is written all the same."""
        credential: dict[str, Any] = found.get("credential", found)
        findings = judge.findings(credential)
        if not findings:
            return False
        kept = run.from_edc or b'"format":"edc"' in encode(run.record)  # residue of an EDC, however it came here
        faults = judge.faults(findings, run.read.origin.whole, kept=kept)
        for fault in faults:
            luggage.report.add(fault)
        if not faults or kept:
            return False
        why = f"the record was refused ({faults[0].rule.id})"
        luggage.losses.add(Loss(run.record.id, "", REFUSED, why, leaves=count(run.record)))
        return True
