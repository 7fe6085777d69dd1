"""One credential as a document has it: its envelope, its context, its seal, and what stands beside it."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from mcbridge.diagnostics import Diagnostic, JsonLocation
from mcbridge.losses import SEAL, Loss
from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.credential import CONTEXT, DELIVERY, made_of, read_credential
from mcbridge.mappers.edc.reading.frames import CLASS, FORMAT, STUB, Frame, Trace, shown, step
from mcbridge.mappers.edc.reading.opening import Opened, Outermost, opened
from mcbridge.mappers.edc.reading.organisations import organisations
from mcbridge.mappers.edc.reading.presentations import BESIDE, Presented, lose_beside
from mcbridge.mappers.edc.reading.rules import (
    DELIVERED_TO,
    NO_CONTEXT,
    OTHER_CONTEXT,
    SECOND,
    UNKNOWN_CONTEXT,
    UNREFERRED,
)
from mcbridge.mappers.edc.reading.run import Run
from mcbridge.mappers.edc.reading.strangers import VERSION_2, words
from mcbridge.model import MODEL_VERSION, Credential, Document, Seal, SealState
from mcbridge.origins import Luggage, Source


def open_document(source: Source, outer: Outermost | None = None) -> Opened:
    """The credential of a source, which may stand in a presentation. Raises ``NotThisFormat`` or ``Unreadable``.

    ``outer`` is what the source holds, where that is known.
    """
    if isinstance(source, Presented):
        return opened(source, source.lead, presented=True)
    return opened(source, outer=outer)


class Reading:
    """One reading of a document, with the trace if one was wanted."""

    def __init__(
        self, document: Opened, source: Source, codes: Codes, luggage: Luggage, trace: Trace | None = None
    ) -> None:
        self.trace = trace
        # what a seal covers is read and nothing else, whatever the presentation says of the same node
        around = source.around if isinstance(source, Presented) and document.seal is None else None
        self.run = Run(
            source.name,
            document.nodes,
            luggage,
            codes,
            lead=document.lead,
            around=around,
            renamed=document.renamed,
            trace=trace,
        )
        frame = Frame(self.run, None, document.credential, {}, CLASS)
        frame.pointer = document.lead
        frame.home = ""
        self._document = document
        self._source = source
        self.credential = self._made(frame)

    def _made(self, frame: Frame) -> Credential | None:
        document, fields, sha256 = self._document, frame.fields, self._source.sha256
        _context(frame, document)
        read_credential(frame)
        self._deliver(frame)
        fields["id"] = hashlib.sha256(f"{sha256}/1".encode()).hexdigest()
        lose_beside(document.beside, self.run.source, self.run.luggage, fields["id"])
        self._unreferred(fields["id"])
        self._alone(frame)
        fields["version"] = MODEL_VERSION
        fields["document"] = self._described(sha256)
        self._seal(fields)
        fields["organisations"] = list(organisations(self.run))
        fields["grading_schemes"] = list(self.run.schemes.values())
        return made_of(frame) if "learner" in fields else None

    def _deliver(self, frame: Frame) -> None:
        """Where the credential is to go, which stands beside it in the file."""
        if self._document.around is None:
            return
        node, place = self._document.around
        count = 0
        if "deliveryDetails" in node:
            top = Frame(self.run, None, node, frame.fields, "the uploadable file")
            top.pointer, top.home = place, ""
            value, pos = node["deliveryDetails"], None
            if type(value) is list and len(value) == 1:
                value, pos = value[0], 0
            made = DELIVERY.read(top, value, "deliveryDetails", pos, "delivery", None)
            if made is not None:
                frame.fields["delivery"] = made
                top.note("delivery", None, "deliveryDetails", pos)
                count = len(made.addresses)
            place = f"{place}/deliveryDetails"
        if count not in {1, 2}:
            spot = JsonLocation(self.run.source, place)
            self.run.luggage.report.add(Diagnostic(DELIVERED_TO, spot, None, None, {"found": count or "no"}))

    def _unreferred(self, record: str) -> None:
        """In a flattened document a node that no reference leads to goes nowhere."""
        nodes, place = self._document.nodes
        if nodes is self._document.credential:
            return
        for pos, node in enumerate(nodes if type(nodes) is list else [nodes]):
            spot = f"{place}/{pos}" if type(nodes) is list else place
            if spot != self._document.lead and spot not in self.run.ids.reached:
                name = node.get("id") if type(node) is dict else None
                where = JsonLocation(self.run.source, spot)
                if type(node) is not dict or not node.keys() <= STUB:  # which says no more than what refers to it
                    said = name if type(name) is str else shown(node)
                    self.run.luggage.report.add(Diagnostic(UNREFERRED, where, None, said))
                reason = "nothing that is read refers to this node for what it says"
                self.run.luggage.losses.add(Loss(record, "", BESIDE, reason, where))

    def _alone(self, frame: Frame) -> None:
        """There is one credential in a document; what it says of itself is no second one."""
        if not self.run.suspected:  # whatever is no credential's part is kept beside
            return
        mine = frame.node.get("id")
        waiting: list[tuple[Any, str]] = [self._document.nodes]
        while waiting:
            value, place = waiting.pop()
            if type(value) is dict:
                waiting += [(each, f"{place}{step(key)}") for key, each in value.items()][::-1]
                name = value.get("id")
                if value is not frame.node and CLASS in words(value) and (name is None or name != mine):
                    said = name if type(name) is str else "without an id"
                    self.run.luggage.report.add(Diagnostic(SECOND, JsonLocation(self.run.source, place), None, said))
            elif type(value) is list:
                waiting += [(each, f"{place}/{pos}") for pos, each in enumerate(value)][::-1]

    def _described(self, sha256: str) -> Document:
        """The document, with what a presentation says beside the credential."""
        kept = self._source.kept if isinstance(self._source, Presented) else ()
        contents = self.run.luggage.contents
        for each in kept:
            if each.residue.sha256 is not None and each.residue.sha256 not in contents:
                contents.keep(each.data)
        found = Document(id=sha256, format=FORMAT, position=1, count=1, residue=tuple(each.residue for each in kept))
        if self.trace is not None and kept:
            fields: dict[str, Any] = {}
            for index, each in enumerate(kept):
                self.trace.note(fields, "residue", index, each.place)
            self.trace.bind(found, fields)
        return found

    def _seal(self, fields: dict[str, Any]) -> None:
        document = self._document
        place, kind = document.seal, "JAdES"
        if place is None and document.credential.get("proof"):
            place, kind = f"{document.lead}/proof", "data-integrity"
        if place is None:
            return
        fields["seal"] = Seal(state=SealState.PRESENT, kind=kind)
        reason = "a seal holds for the original bytes only, so none is carried over"
        spot = JsonLocation(self.run.source, place)
        self.run.luggage.losses.add(Loss(fields["id"], "seal", SEAL, reason, spot))


_KNOWN: Final = frozenset(
    (
        *CONTEXT,
        VERSION_2,
        "https://data.europa.eu/snb/model/context/edc-ap",
        "https://www.w3.org/2018/credentials/v1/",
        "http://www.w3.org/2018/credentials/v1",
    )
)
"""Contexts that say what the keys are taken for; those of EBSI and of third parties included."""


def _context(frame: Frame, document: Opened) -> None:
    """What the context is: that of the credential, or that of the document around it."""
    run, held = frame.run, []
    if "@context" in frame.node:
        held.append((frame.node["@context"], frame.place("@context")))
    if document.context is not None:
        held.append(document.context)
    if not any(said is not None for said, _ in held) and not document.uploadable:
        frame.find(NO_CONTEXT, None, None)
    for said, place in held:
        if said is None or said == CONTEXT:
            continue
        spot = JsonLocation(run.source, place)
        others = [each for each in _listed(said) if type(each) is not str or each not in _KNOWN]
        if others:
            named = ", ".join(each if type(each) is str else shown(each) for each in others)
            run.luggage.report.add(Diagnostic(UNKNOWN_CONTEXT, spot, None, named))
        else:
            run.luggage.report.add(Diagnostic(OTHER_CONTEXT, spot, None, shown(said)))
        if (said, place) == document.context:
            reason = "the context around the nodes of a flattened document is not that of the credential itself"
            run.luggage.losses.add(Loss("", "", BESIDE, reason, spot))


def _listed(value: Any) -> list[Any]:
    return value if type(value) is list else [value]


def traced(source: Source, codes: Codes) -> Reading:
    """The document read once more, with open eyes."""
    return Reading(open_document(source), source, codes, Luggage(), Trace())
