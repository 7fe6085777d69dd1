"""EMREX ELMO XML, versions 1.0 to 1.7: read, and written as 1.7.

The 1.x versions share a namespace and differ by additions only, so one table reads
them all. Documents are checked against the 1.7 schema; what breaks it is reported
and read all the same, and stays where it was when it is written again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, BinaryIO, ClassVar, Final

from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.errors import BadOption, InputError, NotThisFormat
from mcbridge.losses import REFUSED, SEAL, Loss, LossLedger
from mcbridge.mappers import _xml
from mcbridge.mappers.base import Format, RecordKind
from mcbridge.mappers.elmo import rules
from mcbridge.mappers.elmo.documents import Reading, same_document
from mcbridge.mappers.elmo.extension import echoes
from mcbridge.mappers.elmo.inspection import version_of
from mcbridge.mappers.elmo.origin import Places, line_of, told
from mcbridge.mappers.elmo.pen import Lists, Missing
from mcbridge.mappers.elmo.plain import Plain
from mcbridge.mappers.elmo.rendering import Defaults, Rendering
from mcbridge.mappers.elmo.values import NAMESPACE, moment
from mcbridge.model import Concept, Credential
from mcbridge.model.leaves import count
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables
from mcbridge.tables.loading import typed

SCHEMA: Final = "elmo/1.7"
DRAFT: Final = "http://purl.org/net/elmo"
_VERSIONED = re.compile(re.escape(NAMESPACE) + r"(?:\.\d+)+/?")
_ROOT = re.compile(r"<(?:[\w.-]+:)?elmo[\s/>]")
_OPTIONS: Final = {
    "version": "1.7 (the only one written)",
    "generated": "date and time for generatedDate when the record has none (2026-06-30T12:00:00+02:00)",
    "validate": "no: neither what is read nor what is written is checked against the schema",
}


class ElmoMapper:
    """Reader and writer of ELMO 1.x."""

    format: ClassVar[Format] = Format(
        name="elmo",
        title="EMREX ELMO XML",
        version="1.7",
        suffixes=(".xml",),
        media_types=("application/xml", "text/xml"),
        reads=frozenset((RecordKind.CREDENTIAL,)),
        writes=frozenset((RecordKind.CREDENTIAL,)),
        joins_document=True,
        options=_OPTIONS,
        fullest=({"validate": "no"},),
        as_read=True,
    )

    def __init__(self, tables: Tables, options: Mapping[str, str]) -> None:
        self._tables = tables
        for name in options:
            if name not in _OPTIONS:
                raise BadOption(f'elmo has no option "{name}"', hint=f"it takes {', '.join(_OPTIONS)}")
        if options.get("version", "1.7") != "1.7":
            raise BadOption(f"ELMO {options['version']} is not written", hint="write elmo:version=1.7")
        if options.get("validate", "yes") not in {"yes", "no"}:
            raise BadOption(f"validate={options['validate']}", hint="write validate=yes or validate=no")
        self._validate = options.get("validate", "yes") == "yes"
        try:
            self._generated = moment(options["generated"]) if "generated" in options else None
        except ValueError:
            raise BadOption(
                f'"{options["generated"]}" is no date and time', hint="write for example 2026-06-30T12:00:00+02:00"
            ) from None

    def recognises(self, head: bytes) -> bool:
        """XML whose first elements have one called ``elmo``."""
        text = _decoded(head)
        return text.lstrip("\ufeff \t\r\n")[:1] == "<" and _ROOT.search(text) is not None

    def read(self, source: Source, luggage: Luggage) -> Iterator[Read]:
        """One credential for each report. Raises ``NotThisFormat`` or ``Unreadable``."""
        root = self._open(source)
        repaired = _repair(root, source, luggage)
        checked = not self._validate or not self._valid(root, source, luggage)
        opportunities = None if repaired else Plain.of(root, source.data, source.name)
        reading = Reading(root, source.sha256, luggage.contents, checked=checked, plain=opportunities)
        if reading.walk.troubles or echoes(source.data):
            from mcbridge.mappers.elmo.extension.findings import findings

            for finding in findings(reading.walk, root, source):
                luggage.report.add(finding)
        for signature in reading.signatures:
            reason = "a signature holds for the original bytes only, so none is carried over"
            where = XmlLocation(source.name, line_of(signature), None, _xml.xpath(signature))
            for credential in reading.credentials:
                luggage.losses.add(Loss(credential.id, "seal", SEAL, reason, where))
        if not reading.credentials:
            luggage.report.add(Diagnostic(rules.NO_REPORT, XmlLocation(source.name, xpath=_xml.xpath(root))))
        places = Places(source, partial(self._reopened, source), checked=checked)
        for position, credential in enumerate(reading.credentials, 1):
            report = reading.reports[position - 1]
            whole = XmlLocation(source.name, line_of(report), None, _xml.xpath(report))
            yield Read(credential, Origin(whole, partial(places.find, position)))

    def inspect(self, source: Source) -> Mapping[str, Any]:
        """The versions that it can be of. Raises ``NotThisFormat`` or ``Unreadable``."""
        return {"version": version_of(self._reopened(source))}

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
        losses = LossLedger(luggage.losses.to)
        rendering = Rendering(credentials, losses, luggage.contents, self._lists, self._defaults(), self._generated)
        by_id = {read.record.id: read for read in reads if isinstance(read.record, Credential)}
        try:
            rendered = rendering.render()
            if rendering.folded or any(lost.code != SEAL for lost in losses):
                from mcbridge.mappers.elmo.extension.writing import extend

                rendered, losses = extend(rendering, rendered, losses, self._voice)
        except Missing as missing:
            spot = by_id[missing.record].origin.of(missing.field)
            luggage.report.add(Diagnostic(rules.MISSING, spot, missing.field, facts={"what": missing.what}))
            _refuse(reads, f"the record was refused ({rules.MISSING.id})", luggage)
            return 0
        if self._validate and not rendering.as_read and (faults := self._faults(rendered.data, reads)):
            for fault in faults:
                luggage.report.add(fault)
            _refuse(reads, f"the record was refused ({rules.INVALID.id})", luggage)
            return 0
        luggage.losses.extend(losses)
        for one in rendered.assumed:
            spot = by_id[one.record].origin.of(one.origin)
            luggage.report.add(Diagnostic(rules.ASSUMED, spot, one.field, one.what))
        self._incomplete(credentials, luggage)
        sink.write(rendered.data)
        return len(credentials)

    def _faults(self, data: bytes, reads: Sequence[Read]) -> list[Diagnostic]:
        """What breaks the schema in a document of ours, at the places of the records that it was made of."""
        schema = _xml.schema(SCHEMA)
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

    def _open(self, source: Source) -> _Element:
        root = _xml.parse(source.data, source.name)
        space, _, local = root.tag.rpartition("}")
        if local != "elmo":
            raise NotThisFormat(
                f"the root element is <{local}>, not <elmo>",
                where=source.name,
                hint="this is another kind of document; see `mcbridge formats` for those that are read",
                line=line_of(root),
            )
        if space[1:] == DRAFT:
            raise NotThisFormat(
                "this is a draft of ELMO from before version 1.0, which has another structure",
                where=source.name,
                hint="ask the sender for ELMO 1.x",
                line=line_of(root),
            )
        return root

    def _reopened(self, source: Source) -> _Element:
        root = self._open(source)
        _renamed(root)
        return root

    def _valid(self, root: _Element, source: Source, luggage: Luggage) -> bool:
        schema = _xml.schema(SCHEMA)
        if schema.validate(root):
            return True
        found = list(schema.explain(root, source.data, source.name, rules.SCHEMA))
        for one in found:
            luggage.report.add(one)
        return not found

    @cached_property
    def _voice(self) -> Any:
        """What says the extension in words; it is imported only where there is one to write."""
        from mcbridge.mappers.elmo.extension.echo import Voice

        return Voice(self._tables, self._defaults().echo)

    @cached_property
    def _lists(self) -> Lists:
        countries = frozenset(country.code for country in self._tables.vocabulary("elmo-country"))
        return Lists(countries, self._country, self._kind, self._tables.crosswalk("human-sex-elmo-gender").get)

    def _country(self, word: str) -> str | None:
        found = self._tables.vocabulary("country").find(word)
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


def _decoded(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="ignore")
    if head[:2] in (b"<\0", b"\0<"):  # the mark is often left out
        return head.decode("utf-16-le" if head[:1] == b"<" else "utf-16-be", errors="ignore")
    return head.decode("utf-8", errors="ignore")


def _renamed(root: _Element) -> None:
    """Elements without namespace, or in one with a version number, belong to ELMO; inside extensions they do not."""
    stack = [root]
    while stack:
        element = stack.pop()
        space, _, local = element.tag.rpartition("}")
        space = space[1:]
        if not space or _VERSIONED.fullmatch(space):
            element.tag = f"{{{NAMESPACE}}}{local}"
        if local != "extension":
            stack.extend(element)


def _repair(root: _Element, source: Source, luggage: Luggage) -> bool:
    """Whether the elements had to be put into the namespace of ELMO."""
    space = root.tag.rpartition("}")[0][1:]
    if not space or _VERSIONED.fullmatch(space):
        where = XmlLocation(source.name, line_of(root), None, "elmo")
        luggage.report.add(Diagnostic(rules.NAMESPACE, where, None, space))
    elif space != NAMESPACE:
        raise NotThisFormat(
            f'the namespace "{space}" is not that of ELMO',
            where=source.name,
            hint=f"ELMO 1.x has the namespace {NAMESPACE}",
            line=line_of(root),
        )
    else:
        return False
    _renamed(root)
    return True
