"""EMREX ELMO XML, versions 1.0 to 2.1: read, and written as 1.7 or 2.0.

The versions share a namespace and most of their elements, so one table reads them
all; where they differ stands in ``versions.py``. Documents are checked against the
schema of 1.7 or of 2.0, by what is in them; what breaks it is reported and read all
the same, and stays where it was when it is written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, BinaryIO, ClassVar

from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.errors import InputError
from mcbridge.losses import REFUSED, SEAL, Loss, LossLedger
from mcbridge.mappers import _xml
from mcbridge.mappers.base import TOO_MANY, Format, RecordKind
from mcbridge.mappers.elmo import rules
from mcbridge.mappers.elmo.documents import Reading, same_document
from mcbridge.mappers.elmo.extension import echoes
from mcbridge.mappers.elmo.inspection import version_by, version_of
from mcbridge.mappers.elmo.opening import excessive, is_draft, legible, recognised, reopened
from mcbridge.mappers.elmo.options import KNOWN, Options
from mcbridge.mappers.elmo.origin import Places, line_of, told
from mcbridge.mappers.elmo.pen import Lists, Missing
from mcbridge.mappers.elmo.plain import Plain
from mcbridge.mappers.elmo.rendering import Defaults, Rendered, Rendering
from mcbridge.mappers.elmo.repairs import Knowledge, Repairs
from mcbridge.mappers.elmo.repairs.knowledge import Written
from mcbridge.mappers.elmo.residues import DRAFT, EWP
from mcbridge.mappers.elmo.verdict import FIRST_CHOICE, notes
from mcbridge.mappers.elmo.versions import LOST
from mcbridge.mappers.elmo.wrappers import carried, documents
from mcbridge.model import Concept, Credential
from mcbridge.model.leaves import count
from mcbridge.origins import Contents, Luggage, Origin, Read, Source
from mcbridge.packing import base64_of_gzip
from mcbridge.tables import Tables
from mcbridge.tables.loading import typed


class ElmoMapper:
    """Reader and writer of ELMO."""

    format: ClassVar[Format] = Format(
        name="elmo",
        title="EMREX ELMO XML",
        version="1.7",
        suffixes=(".xml",),
        media_types=("application/xml", "text/xml"),
        reads=frozenset((RecordKind.CREDENTIAL,)),
        writes=frozenset((RecordKind.CREDENTIAL,)),
        joins_document=True,
        options=KNOWN,
        fullest=({"validate": "no"}, {"validate": "no", "version": "2.0"}),
        as_read=True,
        beside=(EWP, DRAFT),
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        self._tables = tables
        self._options = Options.of(options)
        if self._options.envelope == "emrex":
            vars(self)["format"] = replace(type(self).format, suffixes=(".b64", *type(self).format.suffixes))

    def recognises(self, head: bytes) -> bool:
        """XML whose first elements have one called ``elmo``."""
        return recognised(head)

    def documents(self, source: Source, luggage: Luggage) -> Iterator[Source | InputError]:
        """The documents of a source: itself, or those that stand in other XML. Raises ``InputError`` for none."""
        return documents(source, luggage)

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """One credential for each report. Raises ``NotThisFormat`` or ``Unreadable``."""
        failed: InputError | None = None
        for document in self.documents(source, luggage):
            try:
                if isinstance(document, InputError):
                    raise document
                yield from carried(document, luggage, self._read)
            except InputError as error:  # of several documents a bad one costs only itself
                failed = failed or error
        if failed is not None:
            raise failed

    def _read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        if source.large and self._options.official is None:
            from mcbridge.mappers.elmo.streaming import Streaming, surveyed

            survey = surveyed(source, luggage.contents, self._knowledge if self._options.validate else None)
            if survey is not None:
                yield from Streaming(source, survey).read(luggage)
                return
        yield from self._whole(source, luggage)

    def _whole(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """The records of a document that is held as a whole."""
        source, root = legible(source, luggage.report)
        if is_draft(root):
            from mcbridge.mappers.elmo.draft import read

            yield from read(root, source, luggage)
            return
        repairs = Repairs(root, source, self._knowledge, self._schema)
        tree = repairs.tree
        for finding in repairs.findings:
            luggage.report.add(finding)
        for finding in notes(repairs.schema, tree, source):
            luggage.report.add(finding)
        valid = repairs.valid or self._valid(repairs, source, luggage)
        checked = tree.changed or not valid
        tree.settle()
        opportunities = None if tree.changed else Plain.of(root, source.data, source.name)
        reading = Reading(
            root, source.sha256, luggage.contents, checked=checked, plain=opportunities, written=tree.written
        )
        if reading.walk.troubles or echoes(source.data):
            from mcbridge.mappers.elmo.extension.findings import findings

            for finding in findings(reading.walk, root, source):
                luggage.report.add(finding)
        for signature in reading.signatures:
            reason = "a signature holds for the original bytes only, so none is carried over"
            where = XmlLocation(source.name, line_of(signature), None, tree.standing.path(signature))
            for credential in reading.credentials:
                luggage.losses.add(Loss(credential.id, "seal", SEAL, reason, where))
        if not reading.credentials:
            luggage.report.add(Diagnostic(rules.NO_REPORT, XmlLocation(source.name, xpath=_xml.xpath(root))))
        excess = excessive(root, source)
        for spot in excess.values():
            luggage.refuse(Diagnostic(TOO_MANY, spot, facts={"most": source.limits.achievements}))
        places = Places(source, partial(reopened, source, self._knowledge, self._schema), checked=checked)
        for position, credential in enumerate(reading.credentials, 1):
            if position in excess:
                continue
            report = reading.reports[position - 1]
            whole = XmlLocation(source.name, line_of(report), None, tree.standing.path(report))
            yield Read(credential, Origin(whole, partial(places.find, position), places.shared))

    def inspect(self, source: Source) -> Mapping[str, Any]:
        """The versions that it can be of. Raises ``NotThisFormat`` or ``Unreadable``."""
        if source.large:
            from mcbridge.mappers.elmo.streaming import features_of, surveyed

            survey = surveyed(source, Contents(), self._knowledge)
            if survey is not None:
                return {"version": version_by(features_of(source, survey))}
        root = legible(source)[1]
        if is_draft(root):
            return {"version": "draft (before 1.0)"}
        told = {"version": version_of(reopened(source, self._knowledge, None).root)}
        return told if self._options.official is None else {**told, "checkedBy": "the published schemas"}

    def write(self, records: Iterable[Read], sink: BinaryIO, luggage: Luggage) -> int:
        """One document of all the records; they must be of one learner and one document."""
        reads: list[Read] = []
        credentials: list[Credential] = []
        for read in records:
            if not isinstance(read.record, Credential):
                _refuse([read], "a provision is about no learner", luggage)
                continue
            apart = same_document(credentials[0], read.record) if credentials else None
            if apart is None:
                reads.append(read)
                credentials.append(read.record)
            else:
                luggage.report.add(Diagnostic(rules.APART, read.origin.whole, facts={"part": apart}))
                _refuse([read], f"the record was refused ({rules.APART.id})", luggage)
        if not credentials:
            return 0
        order = sorted(range(len(credentials)), key=lambda index: _position(credentials[index]))
        reads = [reads[index] for index in order]
        credentials = [credentials[index] for index in order]
        by_id = {read.record.id: read for read in reads if isinstance(read.record, Credential)}
        try:
            rendering, rendered, losses = self._rendered(credentials, luggage)
        except Missing as missing:
            spot = by_id[missing.record].origin.of(missing.field)
            luggage.report.add(Diagnostic(rules.MISSING, spot, missing.field, facts={"what": missing.what}))
            _refuse(reads, f"the record was refused ({rules.MISSING.id})", luggage)
            return 0
        if self._options.validate and not rendering.as_read and (faults := self._faults(rendered.data, reads)):
            for fault in faults:
                luggage.report.add(fault)
            _refuse(reads, f"the record was refused ({rules.INVALID.id})", luggage)
            return 0
        luggage.losses.extend(losses)
        for one in rendered.assumed:
            spot = by_id[one.record].origin.of(one.origin)
            luggage.report.add(Diagnostic(rules.ASSUMED, spot, one.field, one.what))
        self._incomplete(credentials, luggage)
        sink.write(base64_of_gzip(rendered.data) if self._options.envelope == "emrex" else rendered.data)
        return len(credentials)

    def _rendered(
        self, credentials: Sequence[Credential], luggage: Luggage, *, obeying: bool = False
    ) -> tuple[Rendering, Rendered, LossLedger]:
        """The document and what it does not say. Raises ``Missing``.

        What is read from a document with our extension may be in words of another format, which the schema refuses in
        the elements of ELMO: then it is written as what comes from that format is.
        """
        losses = LossLedger(luggage.losses.to)
        given = (losses, luggage.contents, self._lists, self._defaults(), self._options.generated)
        rendering = Rendering(credentials, *given, self._options.version, obeying=obeying)
        rendered = rendering.render()
        if not rendering.folded and all(lost.code in (SEAL, LOST) for lost in losses):
            return rendering, rendered, losses
        from mcbridge.mappers.elmo.extension.writing import extend

        if rendering.as_read and self._breaks(rendered.data):  # which no block of ours would mend
            with suppress(Missing):
                other = self._rendered(credentials, luggage, obeying=True)
                if not self._breaks(other[1].data):
                    return other
        extended, left = extend(rendering, rendered, losses, self._voice)
        return rendering, extended, left

    def _breaks(self, data: bytes) -> bool:
        """Whether the schema refuses a document."""
        schema = self._options.schema(f"elmo/{self._options.version}")
        try:
            return schema.refuses(_xml.parse(data, ""))
        except InputError:
            return True

    def _faults(self, data: bytes, reads: Sequence[Read]) -> list[Diagnostic]:
        """What breaks the schema in a document of ours, at the places of the records that it was made of."""
        schema = self._options.schema(f"elmo/{self._options.version}")
        try:
            root = _xml.parse(data, "")
        except InputError as error:  # nested too deeply, or longer than anybody reads
            facts = {"opening": error.message, "closing": "", "advice": error.hint or "split the record"}
            return [Diagnostic(rules.INVALID, reads[0].origin.whole, facts=facts)]
        return [] if schema.validate(root) else list(told(schema.explain(root, data, "", rules.INVALID), root, reads))

    def _incomplete(self, credentials: list[Credential], luggage: Luggage) -> None:
        """Fewer reports than the document had are a loss by name."""
        document = credentials[0].document
        if document is None or len(credentials) >= document.count:
            return
        there = {_position(credential) for credential in credentials}
        for position in range(1, document.count + 1):
            if position not in there:
                reason = f"report {position} of {document.count} of the document did not come along"
                luggage.losses.add(Loss(credentials[0].id, "document.count", "loss/report", reason))

    def _valid(self, repairs: Repairs, source: Source, luggage: Luggage) -> bool:
        """Whether there is nothing more to find, after repairs."""
        schema, tree = repairs.schema, repairs.tree
        if schema is None:
            return False
        found = list(schema.explain(tree.root, source.data, source.name, rules.SCHEMA, tree.standing))
        for one in found:
            luggage.report.add(one)
        return not found

    @property
    def _schema(self) -> _xml.Schema | None:
        return self._options.schema(FIRST_CHOICE) if self._options.validate else None

    @cached_property
    def _knowledge(self) -> Knowledge:
        written = self._tables.repairs("elmo", lambda data, spot: typed(data, Written, spot))
        return Knowledge.of(written, self._country)

    @cached_property
    def _voice(self) -> Any:
        """What says the extension in words; it is imported only where there is one to write."""
        from mcbridge.mappers.elmo.extension.echo import Voice

        return Voice(self._tables, self._defaults().echo)

    @cached_property
    def _lists(self) -> Lists:
        countries = frozenset(country.code for country in self._tables.vocabulary("elmo-country"))
        gender = self._tables.crosswalk("human-sex-elmo-gender").get
        return Lists(countries, self._country, self._kind, gender, self._credit_scheme)

    def _country(self, word: str) -> str | None:
        found = self._tables.vocabulary("country").find(word)
        return None if found is None else found.code

    def _credit_scheme(self, word: str) -> str | None:
        found = self._tables.vocabulary("education-credit").find(word)
        return None if found is None else found.code

    def _kind(self, concept: Concept) -> str | None:
        entry = self._tables.vocabulary("learning-opportunity").find(concept.code)
        if entry is None:
            return None
        crossed = self._tables.crosswalk("learning-opportunity-elmo-los-type").get(entry.code)
        word = None if crossed is None else self._tables.vocabulary("elmo-los-type").find(crossed)
        return None if word is None else word.code

    def _defaults(self) -> Defaults:
        return self._tables.defaults("elmo", lambda data, spot: typed(data, Defaults, spot))


def _refuse(reads: Iterable[Read], why: str, luggage: Luggage) -> None:
    for read in reads:
        record = read.record
        name = record.id if isinstance(record, Credential) else record.key
        luggage.losses.add(Loss(name, "", REFUSED, why, leaves=count(record)))


def _position(credential: Credential) -> int:
    return credential.document.position if credential.document is not None else 1
