"""From the bytes of a file to the credential in it: its forms, what stands beside it, and what is none of ours.

A sealed file has the credential as text; that one is read, and its places go on behind ``/payload``. One value and an
array of one are the same here, too. The nodes of flattened JSON-LD (``@graph``) are read where references lead to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mcbridge.errors import NotThisFormat, Unreadable
from mcbridge.limits import raising
from mcbridge.mappers._json import check_number, strict
from mcbridge.mappers.edc.reading.frames import CLASS, Node, Renamed, shown, step
from mcbridge.mappers.edc.reading.sealed import content_of, is_sealed
from mcbridge.mappers.edc.reading.strangers import PRESENTATIONS, stranger, token, words
from mcbridge.origins import Source

_FEW: Final = 100
_SENDER: Final = "ask the sender for the file as it was issued"
_ONE_EACH: Final = "put each credential into its own file, or all of them into a presentation"


@dataclass(frozen=True, slots=True)
class Beside:
    """A value beside the credential: what holds it, its pointer and its key."""

    part: str
    pointer: str
    key: str


@dataclass(frozen=True, slots=True)
class Outermost:
    """What a file holds once its seal is off. ``body`` is the JSON that ``node`` is the whole of, or the only item.

    ``lead`` is the pointer of the node, ``seal`` that of the signatures.
    """

    node: Node
    lead: str
    body: bytes
    seal: str | None = None
    beside: tuple[Beside, ...] = ()
    renamed: Renamed | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A document and the credential in it. ``lead`` is the place of the credential, ``seal`` that of its signatures.

    ``nodes`` are all that references may lead to, and where they stand; ``around`` holds it in the uploadable form.
    """

    credential: Node
    lead: str
    nodes: tuple[Any, str]
    uploadable: bool = False
    seal: str | None = None
    context: tuple[Any, str] | None = None
    around: tuple[Node, str] | None = None
    beside: tuple[Beside, ...] = ()
    renamed: Renamed | None = None


def refused(source: Source | str, message: str, hint: str, pointer: str | None = None) -> NotThisFormat:
    """A document that is not read, and why."""
    name = source if isinstance(source, str) else source.name
    return NotThisFormat(message, where=name, hint=hint, pointer=pointer)


def check_size(source: Source) -> None:
    """Raises ``Unreadable`` for a file that is too large to be held as a whole."""
    if source.size > source.limits.json:
        raise Unreadable(
            f"it has {source.size:,} bytes; of a European Digital Credential at most {source.limits.json:,} are read",
            where=source.name,
            hint=f"ask the sender for the credentials one by one; {raising('json')}",
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """A payload and its signatures. ``content`` is what the payload holds, ``lead`` the place of the node."""

    node: Node
    content: bytes
    lead: str


def signed(source: Source) -> Signed | None:
    """The signatures of a file, if it is a sealed one, as the reader itself sees them. Raises ``InputError``."""
    node, place = _only(strict(source.data, source.name, source.limits), source, "")
    content = content_of(node) if is_sealed(node) else None
    return None if content is None else Signed(node, content, place)


def outermost(source: Source, lead: str = "") -> Outermost:
    """What a file holds. Raises ``InputError``; for credentials of other kinds that are no JSON their names."""
    check_size(source)
    data = source.data
    known = token(data) if data[:1] not in b"{[" else None
    if known is not None:
        raise refused(source, f"this is {known[0]}", known[1], lead or None)
    check_number(data, source.name, source.limits)
    node, place = _only(strict(data, source.name, source.limits), source, lead)
    if is_sealed(node):
        return _unsealed(node, source, place)
    return Outermost(node, place, data, renamed=_shortened(node, data))


def _shortened(node: Node, data: bytes) -> Renamed | None:
    """Give ``@id`` and ``@type`` their short names in all nodes, as the context of credentials allows; tell which.

    A node that has both keeps both, and the keyword is a key that nobody expects.
    """
    if not _has_keywords(data):
        return None
    renamed: Renamed = {}
    waiting: list[Any] = [node]
    while waiting:
        value = waiting.pop()
        if type(value) is list:
            waiting += value
        elif type(value) is dict:
            waiting += value.values()
            words = [word for word in ("id", "type") if f"@{word}" in value and word not in value]
            if words and "@value" not in value:
                items = [(key[1:] if key[1:] in words and key[:1] == "@" else key, each) for key, each in value.items()]
                value.clear()
                value.update(items)
                renamed[id(value)] = frozenset(words)
    return renamed


def _only(value: Any, source: Source, lead: str) -> tuple[Node, str]:
    """The one object that a document is, and its pointer."""
    if type(value) is list and len(value) == 1:
        value, lead = value[0], f"{lead}/0"
    if type(value) is list:
        several = f"an array of {len(value):,} values, not one credential" if value else "an empty array"
        raise refused(source, f"this is {several}", _ONE_EACH, f"{lead}/1" if value else lead)
    if type(value) is not dict:
        raise refused(source, f"this is {shown(value)}, not a credential", "this is another kind of document", lead)
    return value, lead


def _has_keywords(data: bytes) -> bool:
    """Whether ``@id`` or ``@type`` may be in a document; one sign is looked for much faster than several."""
    at = data.find(b"@")
    for _ in range(_FEW):
        if at < 0:
            return False
        if data[at + 1 : at + 3] in {b"id", b"ty"}:
            return True
        at = data.find(b"@", at + 1)
    return b'"@id"' in data or b'"@type"' in data


def _unsealed(node: Node, source: Source, lead: str) -> Outermost:
    place, body = f"{lead}/payload", content_of(node)
    if body is None:
        said = f'the "payload" of the seal is {shown(node["payload"])}, not a text'
        raise refused(source, said, _SENDER, place)
    try:
        inner = strict(body, source.name, source.limits)
    except NotThisFormat as error:
        hint, said = error.hint or _SENDER, f'the "payload" of the seal cannot be read: {error.message}'
        raise refused(source, said, hint, place) from None
    if type(inner) not in (dict, list):
        raise refused(source, f'the "payload" of the seal is {shown(inner)}, not a credential', _SENDER, place)
    found, within = _only(inner, source, place)
    signs = "signatures" if "signatures" in node else "signature"
    known = {"payload", signs, *(() if signs == "signatures" else ("protected", "header"))}
    beside = tuple(_beside("the sealed file", node, lead, known))
    return Outermost(found, within, body, f"{lead}/{signs}", beside, _shortened(found, body))


def _beside(part: str, node: Node, lead: str, known: set[str]) -> Iterator[Beside]:
    return (Beside(part, f"{lead}{step(key)}", key) for key in node if key not in known)


# --- the credential


def opened(source: Source, lead: str = "", *, presented: bool = False, outer: Outermost | None = None) -> Opened:
    """The credential of a document; ``lead`` is where the document stands. Raises ``NotThisFormat`` or ``Unreadable``.

    ``presented``: it stands in a presentation. ``outer`` is what the source holds, where that is known.
    """
    outer = outer or outermost(source, lead)
    node = outer.node
    if "credential" in node and not {"type"} & node.keys():
        return _uploadable(node, outer, source)
    if "@graph" in node and CLASS not in words(node):
        return _flattened(node, outer, source)
    _check(node, outer.lead, source, presented=presented)
    return Opened(node, outer.lead, (node, outer.lead), seal=outer.seal, beside=outer.beside, renamed=outer.renamed)


def _uploadable(node: Node, outer: Outermost, source: Source) -> Opened:
    lead, inner = f"{outer.lead}/credential", node["credential"]
    if type(inner) is list and len(inner) > 1:
        said = f'"credential" is an array of {len(inner):,} values; an uploadable file holds one credential'
        raise refused(source, said, _ONE_EACH, f"{lead}/1")
    if type(inner) is list and inner:
        inner, lead = inner[0], f"{lead}/0"
    if type(inner) is not dict:
        advice = "ask the sender for it; an uploadable file holds one credential"
        raise refused(source, f'"credential" is {shown(inner)}, not an object', advice, lead)
    _check(inner, lead, source, uploadable=True)
    beside = (*outer.beside, *_beside("the uploadable file", node, outer.lead, {"credential", "deliveryDetails"}))
    return Opened(
        inner,
        lead,
        (inner, lead),
        uploadable=True,
        seal=outer.seal,
        around=(node, outer.lead),
        beside=beside,
        renamed=outer.renamed,
    )


def _flattened(node: Node, outer: Outermost, source: Source) -> Opened:
    """Flattened JSON-LD: the nodes stand beside one another, and one of them is the credential."""
    place, graph = f"{outer.lead}/@graph", node["@graph"]
    nodes = graph if type(graph) is list else [graph]
    places = [f"{place}/{pos}" if type(graph) is list else place for pos in range(len(nodes))]
    found = [at for at, each in enumerate(nodes) if type(each) is dict and CLASS in words(each)]
    if any(type(each) is dict and words(each) & PRESENTATIONS for each in nodes):
        said = "a presentation is flattened in it (@graph), so that its credentials do not stand by themselves"
        raise refused(source, said, "ask for the presentation as it was made", place)
    if len(found) != 1:
        several = f"{len(found)} credentials stand in it" if found else "there is no EuropeanDigitalCredential in it"
        at = places[found[1]] if found else place
        raise refused(source, several, _ONE_EACH if found else "this is another kind of document", at)
    credential, lead = nodes[found[0]], places[found[0]]
    _check(credential, lead, source)
    context = (node["@context"], f"{outer.lead}/@context") if "@context" in node else None
    beside = (*outer.beside, *_beside("the file", node, outer.lead, {"@context", "@graph"}))
    return Opened(
        credential, lead, (graph, place), seal=outer.seal, context=context, beside=beside, renamed=outer.renamed
    )


def _check(node: Node, lead: str, source: Source, *, uploadable: bool = False, presented: bool = False) -> None:
    """Raises ``NotThisFormat`` for what is no credential of ours, naming it."""
    said, known = words(node), stranger(node)
    if known is not None:
        raise refused(source, f"this is {known[0]}", known[1], lead or None)
    if CLASS in said or (uploadable and "credentialSubject" in node):
        return
    if said & PRESENTATIONS or "verifiableCredential" in node:
        if presented:
            advice = "ask for the inner presentation by itself; what it shows is not what the outer one shows"
            raise refused(source, "a presentation stands within a presentation", advice, lead)
        advice = "ask whoever made it to put the credentials into it"
        raise refused(source, "this is a presentation without a credential", advice, f"{lead}/verifiableCredential")
    hint = "this is another kind of document"
    raise refused(source, "there is no EuropeanDigitalCredential in this document", hint, lead or None)
