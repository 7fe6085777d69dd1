"""The document around a credential: its three forms, its context, its seal, and what is none of ours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from mcbridge.diagnostics import JsonLocation
from mcbridge.errors import NotThisFormat
from mcbridge.losses import SEAL, Loss
from mcbridge.mappers._json import strict
from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.credential import CONTEXT, DELIVERY, made_of, read_credential
from mcbridge.mappers.edc.reading.frames import FORMAT, Frame, Node, Trace, shown
from mcbridge.mappers.edc.reading.organisations import organisations
from mcbridge.mappers.edc.reading.rules import NO_CONTEXT, OTHER_CONTEXT, UNKNOWN_KEY
from mcbridge.mappers.edc.reading.run import Run
from mcbridge.mappers.edc.reading.sealed import content_of, is_sealed
from mcbridge.model import MODEL_VERSION, Credential, Document, Seal, SealState
from mcbridge.origins import Luggage, Source

CLASS: Final = "EuropeanDigitalCredential"
PRESENTATIONS: Final = frozenset({"VerifiablePresentation", "EuropeanDigitalPresentation"})
OPEN_BADGES: Final = frozenset({"OpenBadgeCredential", "AchievementCredential"})
SD_JWT: Final = "urn:eu.europa.ec.eudi:learning:credential"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document and the credential in it. ``lead`` is the place of the credential; ``form`` is one of three."""

    root: Node
    credential: Node
    form: str
    lead: str
    kind: str | None = None


def opened(source: Source) -> Opened:
    """The credential of a document. Raises ``NotThisFormat`` or ``Unreadable``."""
    root = strict(source.data, source.name, source.limits)
    if type(root) is list:
        several = f"an array of {len(root)} values" if len(root) != 1 else "an array"
        raise _other(source, f"the document is {several}, not one credential", "put each credential into its own file")
    if type(root) is not dict:
        raise _other(source, f"the document is {shown(root)}, not a credential", "this is another kind of document")
    if is_sealed(root):
        return _sealed(root, source)
    if "credential" in root and "type" not in root:
        inner = root["credential"]
        if type(inner) is list and len(inner) == 1:
            inner = inner[0]
        if type(inner) is not dict:
            advice = "ask the sender for it; an uploadable file holds one credential"
            raise _other(source, f'"credential" is {shown(inner)}, not an object', advice)
        _ours(inner, source, uploadable=True)
        return Opened(root, inner, "uploadable", "/credential")
    _ours(root, source, uploadable=False)
    return Opened(root, root, "bare", "")


def _other(source: Source, message: str, hint: str) -> NotThisFormat:
    return NotThisFormat(message, where=source.name, hint=hint)


def _sealed(root: Node, source: Source) -> Opened:
    content = content_of(root)
    if content is None:
        said = shown(root["payload"])
        raise _other(source, f'the "payload" of the seal is {said}, not a text', "ask the sender for the file")
    try:
        inner = strict(content, source.name, source.limits)
    except NotThisFormat as error:
        hint = error.hint or "ask the sender for the file again"
        raise _other(source, f'the "payload" of the seal cannot be read: {error.message}', hint) from None
    if type(inner) is not dict:
        raise _other(source, f'the "payload" of the seal is {shown(inner)}', "ask the sender for the credential")
    _ours(inner, source, uploadable=False)
    return Opened(root, inner, "sealed", "/payload", "JAdES")


def _ours(node: Node, source: Source, *, uploadable: bool) -> None:
    """Raises ``NotThisFormat`` for credentials of other kinds, naming them."""
    said = node.get("type", node.get("@type"))
    words = {each for each in (said if type(said) is list else [said]) if type(each) is str}
    if CLASS in words or (uploadable and "credentialSubject" in node):
        return
    if words & PRESENTATIONS or "verifiableCredential" in node:
        raise _other(source, "this is a presentation, which wraps credentials", "take the credentials out of it first")
    if words & OPEN_BADGES:
        raise _other(source, "this is an Open Badge 3.0, not a European Digital Credential", "ask for an EDC")
    if str(node.get("vct", "")).startswith(SD_JWT) or "_sd" in node:
        raise _other(
            source,
            "this is a learning credential of the EUDI wallet (SD-JWT), not a European Digital Credential",
            "ask for an EDC",
        )
    if "VerifiableCredential" in words and "credentialSubject" in node:
        raise _other(source, "this is a verifiable credential, but no European Digital Credential", "ask for an EDC")
    raise _other(source, "there is no EuropeanDigitalCredential in this document", "this is another kind of document")


# --- reading


class Reading:
    """One reading of a document, with the trace if one was wanted."""

    def __init__(
        self, document: Opened, source: Source, codes: Codes, luggage: Luggage, trace: Trace | None = None
    ) -> None:
        self.trace = trace
        self.run = Run(source.name, document.credential, luggage, codes, lead=document.lead, trace=trace)
        frame = Frame(self.run, None, document.credential, {}, CLASS)
        frame.pointer = document.lead
        frame.home = ""
        self._document = document
        self.credential = self._made(frame, source.sha256)

    def _made(self, frame: Frame, sha256: str) -> Credential | None:
        document, fields = self._document, frame.fields
        _context(frame, document)
        read_credential(frame)
        self._around(frame)
        seal = self._seal()
        fields["id"] = hashlib.sha256(f"{sha256}/1".encode()).hexdigest()
        fields["version"] = MODEL_VERSION
        fields["document"] = Document(id=sha256, format=FORMAT, position=1, count=1)
        if seal is not None:
            fields["seal"] = seal
            for place in self._seal_places():
                reason = "a seal holds for the original bytes only, so none is carried over"
                spot = JsonLocation(self.run.source, place)
                self.run.luggage.losses.add(Loss(fields["id"], "seal", SEAL, reason, spot))
        fields["organisations"] = list(organisations(self.run))
        fields["grading_schemes"] = list(self.run.schemes.values())
        return made_of(frame) if "learner" in fields else None

    def _around(self, frame: Frame) -> None:
        """What stands beside the credential in the file: the delivery, and keys that nobody expects."""
        if self._document.form != "uploadable":
            return
        top = Frame(self.run, None, self._document.root, frame.fields, "the uploadable file")
        top.pointer, top.home = "", ""
        for key, value in self._document.root.items():
            if key == "deliveryDetails":
                made = DELIVERY.read(top, value, key, None, "delivery", None)
                if made is not None:
                    frame.fields["delivery"] = made
                    top.note("delivery", None, key, None)
            elif key != "credential":
                top.find(UNKNOWN_KEY, key, None, key, part=top.part)

    def _seal(self) -> Seal | None:
        if self._document.kind is not None:
            return Seal(state=SealState.PRESENT, kind=self._document.kind)
        if self._document.credential.get("proof"):
            return Seal(state=SealState.PRESENT, kind="data-integrity")
        return None

    def _seal_places(self) -> list[str]:
        if self._document.kind is not None:
            return ["/signatures" if "signatures" in self._document.root else "/signature"]
        return [f"{self._document.lead}/proof"]


def _context(frame: Frame, document: Opened) -> None:
    said = document.credential.get("@context")
    if said is None:
        if document.form != "uploadable":
            frame.find(NO_CONTEXT, None, None)
    elif said != CONTEXT:
        frame.find(OTHER_CONTEXT, "@context", None, shown(said))


def traced(source: Source, codes: Codes) -> Reading:
    """The document read once more, with open eyes."""
    return Reading(opened(source), source, codes, Luggage(), Trace())
