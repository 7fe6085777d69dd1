"""The document that a credential is in, and one reading of it."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import Final

from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.errors import NotThisFormat
from mcbridge.losses import SEAL, Loss
from mcbridge.mappers import _xml
from mcbridge.mappers.base import TOO_MANY
from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.frames import Trace
from mcbridge.mappers.edc_xml.claims import ACHIEVEMENTS
from mcbridge.mappers.edc_xml.credential import made_of, read_credential
from mcbridge.mappers.edc_xml.frames import FORMAT, Frame, local
from mcbridge.mappers.edc_xml.organisations import organisations
from mcbridge.mappers.edc_xml.rules import NO_SUBJECT, PRESENTED
from mcbridge.mappers.edc_xml.run import Run
from mcbridge.mappers.edc_xml.wrapping import CREDENTIAL, Enclosed
from mcbridge.model import MODEL_VERSION, Credential, Document, Seal, SealState, Spelling
from mcbridge.origins import Luggage, Source

KIND: Final = "XAdES"
_LEAST: Final = len("<qualificationAward/>")
"""Bytes that an achievement takes at least."""


def opened(source: Source) -> _Element:
    """The credential of a document. Raises ``NotThisFormat`` or ``Unreadable``."""
    root = _xml.parse(source.data, source.name, source.limits)
    number = source.whole if isinstance(source, Enclosed) else None
    found = root if number is None else next(islice(root.iter(f"{{*}}{CREDENTIAL}"), number, None))
    if local(found) != CREDENTIAL:
        raise NotThisFormat(
            f"the root element is <{local(found)}>, and there is no <{CREDENTIAL}> in it",
            where=source.name,
            hint="this is another kind of document; see `mcbridge formats` for those that are read",
            line=found.sourceline,  # type: ignore[arg-type]  # the stubs say that it may be a string
        )
    return found


class Reading:
    """One reading of a document, with the trace if one was wanted."""

    def __init__(
        self, source: Source, codes: Codes, luggage: Luggage, *, titled: bool = False, trace: Trace | None = None
    ) -> None:
        self.source = source
        self.luggage = luggage
        self.trace = trace
        element = opened(source)
        self.run = Run(source, element, luggage, codes, titled=titled, trace=trace)
        self.credential = None if self._excessive(element) else self._read(element)

    @property
    def whole(self) -> XmlLocation:
        """The place of the credential."""
        return self.run.where(self.run.credential)

    def _excessive(self, element: _Element) -> bool:
        """Whether there are more achievements than are read, which is said."""
        most = self.source.limits.achievements
        if self.source.size <= most * _LEAST:
            return False
        several = element.iter(*(f"{{*}}{name}" for name in ACHIEVEMENTS))
        if next(islice(several, most, None), None) is None:
            return False
        self.luggage.refuse(Diagnostic(TOO_MANY, self.whole, facts={"most": most}))
        return True

    def _read(self, element: _Element) -> Credential | None:
        sha256 = self.source.sha256
        frame = Frame(self.run, None, element, {}, "the credential", home="")
        read_credential(frame)
        fields = frame.fields
        if "learner" not in fields:
            self.luggage.refuse(Diagnostic(NO_SUBJECT, self.whole))
            return None
        fields["id"] = hashlib.sha256(f"{sha256}/1".encode()).hexdigest()
        fields["version"] = MODEL_VERSION
        fields["document"] = self._document(frame)
        seal = self._sealed(fields["id"])
        if seal is not None:
            fields["seal"] = seal
        fields["organisations"] = list(organisations(self.run))
        fields["grading_schemes"] = list(self.run.schemes.values())
        made: Credential = made_of(frame)
        return made

    def _document(self, frame: Frame) -> Document:
        """The document: its version is how its format was written, and what was around it is kept."""
        held = frame.fields.get("spellings", [])
        own = [each for each in held if each.path == VERSION]
        if own:
            frame.fields["spellings"] = [each for each in held if each not in own]
        kept = self.source.kept(self.luggage.contents) if isinstance(self.source, Enclosed) else ()
        if isinstance(self.source, Enclosed):
            self.luggage.report.add(Diagnostic(PRESENTED, self.whole, "document", self.source.wrapper))
        return Document(
            id=self.source.sha256,
            format=FORMAT,
            position=1,
            count=1,
            residue=kept,
            spellings=tuple(Spelling(format=FORMAT, path="format", text=each.text) for each in own),
        )

    def _sealed(self, record: str) -> Seal | None:
        """What is known of a seal before anybody has checked it."""
        outer = self.source.sealed if isinstance(self.source, Enclosed) else None
        places = [self.run.where(each) for each in self.run.signatures] + ([outer] if outer is not None else [])
        for place in places:
            reason = "a seal holds for the original bytes only, so none is carried over"
            self.luggage.losses.add(Loss(record, "seal", SEAL, reason, place))
        return Seal(state=SealState.PRESENT, kind=KIND) if places else None


VERSION: Final = "document.format"


def traced(source: Source, codes: Codes) -> Reading:
    """The document read once more, with open eyes."""
    return Reading(source, codes, Luggage(limits=source.limits), trace=Trace())
