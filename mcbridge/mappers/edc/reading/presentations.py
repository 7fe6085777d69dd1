"""Presentations: the credentials that somebody shows together, each a document of its own.

A credential in a presentation is sealed, bare, or JSON within a string; its bytes are those that stand in the file, so
that a seal of its own still holds, and its places are those of the file. A reference leads to whatever is in the
presentation, since in JSON-LD a node is often said once for all credentials. What else the presentation says (what it
is, who shows it, what was checked) is kept beside each of them, as residue of the document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from mcbridge.diagnostics import Diagnostic, JsonLocation, Location
from mcbridge.errors import InputError, Unreadable
from mcbridge.limits import raising
from mcbridge.losses import SEAL, Loss
from mcbridge.mappers._json import as_written, compact
from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.credential import CONTEXT
from mcbridge.mappers.edc.reading.frames import CLASS, HEAVY, STUB, Node, shown, step
from mcbridge.mappers.edc.reading.opening import Beside, Outermost, outermost, refused
from mcbridge.mappers.edc.reading.rules import PRESENTED, UNKNOWN_KEY
from mcbridge.mappers.edc.reading.run import Nodes
from mcbridge.mappers.edc.reading.strangers import PRESENTATIONS, token, words
from mcbridge.model import Residue
from mcbridge.origins import Luggage, Source

KEY: Final = "verifiableCredential"
_LIST: Final = "verifiable-presentation"
BESIDE: Final = "loss/beside"
"""What stands beside a credential in its file, where nothing is expected."""


PRESENTATION: Final = "edc-presentation"
"""The format of what a presentation says beside its credentials; the writer of EDC has no place for it."""
_SEVERAL: Final = 50
"""How many things a presentation may say that are kept one by one."""


class Kept(Struct, frozen=True):
    """What a presentation says besides, and where; ``data`` are the bytes that a residue speaks of."""

    residue: Residue
    place: str
    data: bytes = b""


class Presented(Source):
    """A credential that stands in a presentation, the ``number``-th.

    ``lead`` is its pointer, ``around`` all nodes of the presentation, ``kept`` what that says besides, ``kind`` what
    kind it says it is.
    """

    def __init__(
        self,
        outer: Source,
        number: int,
        data: bytes,
        lead: str,
        around: Nodes,
        kept: tuple[Kept, ...],
        kind: str | None,
    ) -> None:
        envelope = (*outer.envelope, "presentation")
        super().__init__(_name(outer, number), data, limits=outer.limits, envelope=envelope)
        self.outer = outer
        self.lead = lead
        self.around = around
        self.kept = kept
        self.kind = kind

    def located(self, where: Location) -> Location:
        """A place in the bytes of the credential as one in the file; what the reader says has that already."""
        if isinstance(where, JsonLocation) and where.source == self.name:
            return JsonLocation(where.source, f"{self.lead}{where.pointer}", where.line)
        return where


class Unpacking:
    """The way to the documents of sources. What the last one holds waits until it is read: it is parsed once."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._held: tuple[Source, Outermost] | None = None

    def documents(self, source: Source, luggage: Luggage) -> Iterator[Source | InputError]:
        """The credentials of a presentation, or the source itself; an error stands for what is no credential.

        What is lost of the presentation is named in the luggage. Raises ``InputError`` where there is none.
        """
        if isinstance(source, Presented) or (self._held is not None and self._held[0] is source):
            yield source
            return
        self._held = None
        outer = outermost(source)
        said = words(outer.node)
        if KEY in outer.node and (CLASS not in said or said & PRESENTATIONS):
            yield from _taken(outer, source, luggage, self._codes)
            return
        self._held = source, outer
        yield source

    def held(self, source: Source) -> Outermost | None:
        """What a source holds, if it is the last one; it is let go of."""
        held, self._held = self._held, None
        return held[1] if held is not None and held[0] is source else None


def _taken(outer: Outermost, source: Source, luggage: Luggage, codes: Codes) -> Iterator[Source | InputError]:
    node, lead = outer.node, outer.lead
    held = node[KEY]
    items: list[Any] = held if type(held) is list else [held]
    place = f"{lead}/{KEY}"
    if not items or held is None:
        advice = "ask whoever made it to put the credentials into it"
        raise refused(source, "this is a presentation without a credential", advice, place)
    if len(items) > source.limits.documents:
        raise Unreadable(
            f"there are more than {source.limits.documents:,} credentials in it",
            where=source.name,
            hint=f"ask the sender for several files; {raising('documents')}",
        )
    kind, kept = kind_of(node, codes), _kept(node, lead)
    _tell(outer, source, luggage, kind, len(items))
    around = Nodes(((node, lead),), outer.renamed)
    for number, (item, raw) in enumerate(zip(items, _pieces(outer.body), strict=True), 1):
        spot = f"{place}/{number - 1}" if type(held) is list else place
        try:
            data, at = _credential(item, raw, spot, around, _name(source, number))
        except InputError as error:
            yield error
        else:
            yield Presented(source, number, data, at, around, kept, kind)


def _kept(node: Node, lead: str) -> tuple[Kept, ...]:
    """What a presentation says besides, made once for all credentials: as little in each as tells where to find it."""
    said = {
        key: value
        for key, value in node.items()
        if key not in {KEY, "proof"} and not (key == "@context" and value == CONTEXT)
    }
    if len(said) > _SEVERAL:
        data = compact(said).encode()
        whole = Residue(format=PRESENTATION, path="/", sha256=hashlib.sha256(data).hexdigest())
        return (Kept(whole, lead, data),)
    texts = {key: compact(value) for key, value in said.items()}
    room, found = HEAVY, []
    for key, text in texts.items():
        place, room = step(key), room - len(text)
        if room >= 0:
            found.append(Kept(Residue(format=PRESENTATION, path=place, content=text), f"{lead}{place}"))
            continue
        data, room = text.encode(), room + len(text)
        heavy = Residue(format=PRESENTATION, path=place, sha256=hashlib.sha256(data).hexdigest())
        found.append(Kept(heavy, f"{lead}{place}", data))
    return tuple(found)


def _name(source: Source, number: int) -> str:
    return f"{source.name}!credential[{number}]"


def _pieces(body: bytes) -> list[bytes]:
    """The bytes of each credential as they stand in the presentation."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"[":
        text = bytes(msgspec.json.decode(text, type=list[Raw])[0])
    held = bytes(msgspec.json.decode(text, type=dict[str, Raw])[KEY])
    return [bytes(each) for each in msgspec.json.decode(held, type=list[Raw])] if held[:1] == b"[" else [held]


def _credential(item: Any, raw: bytes, place: str, around: Nodes, name: str) -> tuple[bytes, str]:
    """The bytes of one credential, and where it stands."""
    if type(item) is str and item.lstrip()[:1] in {"{", "["}:
        return item.encode(), place
    called = item.get("id") if type(item) is dict and item.keys() <= STUB else item
    if type(called) is str:
        known = token(called.encode())
        if known is not None:
            raise refused(name, f"this is {known[0]}", known[1], place)
        found = around.get(called)
        if found is not None and CLASS in words(found[0]):
            return as_written(found[0]), found[1]
        said = f'it refers to the credential "{called[:80]}", which is not in the file'
        raise refused(name, said, "ask for the presentation with the credentials in it; nothing is fetched", place)
    if type(item) not in (dict, list) or not item:
        raise refused(name, f"this is {shown(item)}, not a credential", "ask whoever made the presentation", place)
    return raw, place


def _tell(outer: Outermost, source: Source, luggage: Luggage, kind: str | None, count: int) -> None:
    """What the presentation is, and what of it goes nowhere."""
    facts = {"kind": f" ({kind})" if kind else "", "count": f"{count:,}", "s": "" if count == 1 else "s"}
    luggage.report.add(Diagnostic(PRESENTED, JsonLocation(source.name, outer.lead), None, None, facts))
    seals = [outer.seal] if outer.seal is not None else []
    if outer.node.get("proof"):
        seals.append(f"{outer.lead}/proof")
    for place in seals:
        spot = JsonLocation(source.name, place)
        luggage.losses.add(
            Loss("", "", SEAL, "a seal holds for the original bytes only, so none is carried over", spot)
        )
    lose_beside(outer.beside, source.name, luggage)


def lose_beside(beside: tuple[Beside, ...], name: str, luggage: Luggage, record: str = "") -> None:
    """Keys that nobody expects beside a credential go nowhere."""
    for each in beside:
        spot = JsonLocation(name, each.pointer)
        luggage.report.add(Diagnostic(UNKNOWN_KEY, spot, None, each.key, {"part": each.part}))
        reason = f"{each.part} has no such key, and it is not the credential's"
        luggage.losses.add(Loss(record, "", BESIDE, reason, spot))


def kind_of(node: Node, codes: Codes) -> str | None:
    """What kind of presentation it says it is (notarised copy, mandated issue, shared), wherever it says so."""
    for key, value in node.items():
        if key in {KEY, "verificationCheck", "holder"}:
            continue
        for each in value if type(value) is list else [value]:
            iri = each.get("id") if type(each) is dict else each
            entry = codes.entry(_LIST, iri) if type(iri) is str else None
            if entry is not None:
                return entry.labels.get("en", entry.code)
    return None


__all__ = ["PRESENTATIONS", "Presented", "Unpacking", "kind_of", "lose_beside"]
