"""Coded values: concepts of lists that we know, of others, and free ones.

A concept of one of our lists has its IRI for a code and the name of the list for a
scheme, as tables are read; labels that are just ours, and what European issuers put
beside every concept of a list, are left out. Languages, countries and the sex of a
person are bare codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from mcbridge.mappers._json import compact
from mcbridge.mappers.edc.concepts import OPEN_LISTS
from mcbridge.mappers.edc.reading.frames import STUB, Frame, Node
from mcbridge.mappers.edc.reading.rows import LOCALS, Read, single, spoken
from mcbridge.mappers.edc.reading.rules import DANGLING, OTHER_SCHEME
from mcbridge.model import Concept, Texts
from mcbridge.tables import Code, Tables

_REMEMBERED: Final = 4096
SCHEME: Final = "urn:epass:conceptScheme:"
"""How schemes begin that only a word is known of."""
FREE: Final = "free"
_NUMBERED: Final = re.compile(r"urn:epass:concept:\d+")
_NAMELESS: Final = re.compile(r"\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SAFE: Final = ":/#?&=%@+,;!$'()*~[]"
_ESCO: Final = "http://data.europa.eu/esco/model#Skill"
"""What ELM 2 called the scheme of ESCO skills."""


@dataclass(frozen=True, slots=True)
class Known:
    """A concept of a list that we have, or whose IRIs we know the beginning of."""

    scheme: str
    list: str | None
    notation: str | None
    entry: Code | None
    labels: frozenset[tuple[str | None, str]]


class Codes:
    """The lists as a reader asks for them; one for all documents of a run."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._known: dict[str, Known | None] = {}
        self._schemes: dict[str, str] = {}
        self.concepts: dict[str, tuple[Node, Concept]] = {}

    def known(self, iri: str) -> Known | None:
        """What is known of an IRI."""
        if iri not in self._known:
            self._known[iri] = self._look(iri)
        return self._known[iri]

    def _look(self, iri: str) -> Known | None:
        for open_list in OPEN_LISTS.values():
            if iri.startswith(open_list.prefix) and iri != open_list.scheme:
                return Known(open_list.scheme, None, open_list.notation, None, frozenset())
        vocabulary = self.tables.vocabulary_of(iri)
        if vocabulary is None:
            return None
        entry = vocabulary.by_iri(iri) or vocabulary.by_iri(unquote(iri))
        if entry is None:
            return None
        labels: frozenset[tuple[str | None, str]] = frozenset(entry.labels.items())
        return Known(vocabulary.scheme, vocabulary.name, vocabulary.notation, entry, labels)

    def scheme(self, iri: str) -> str:
        """The name of the list with this scheme, or the IRI."""
        if iri not in self._schemes:
            found = self.tables.vocabulary_of(iri)
            self._schemes[iri] = found.name if found is not None and found.scheme == iri else iri
        return self._schemes[iri]

    def entry(self, list_: str, iri: str) -> Code | None:
        """The entry of a list."""
        found = self.known(iri)
        return found.entry if found is not None and found.list == list_ else None


# --- concepts


def concept(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Concept | None:
    """A concept; one that is repeated word by word, in whatever document, is read once."""
    run = frame.run
    iri = item.get("id") if type(item) is dict else item
    if type(iri) is str:
        held = run.codes.concepts.get(iri)
        if held is not None and held[0] == item:
            found: Concept = held[1]
            return found
    made, clean = _read(frame, item, key, pos, name, index)
    if made is not None and clean and type(iri) is str and type(item) is dict and len(item) > 2:
        if len(run.codes.concepts) >= _REMEMBERED:
            run.codes.concepts.clear()
        run.codes.concepts[iri] = (item, made)
    return made


@dataclass(slots=True)
class _Said:
    """What a node says of a concept."""

    iri: str = ""
    scheme: str | None = None
    labels: Texts = ()
    notation: str | None = None
    definition: Texts = ()


def _read(
    frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None
) -> tuple[Concept | None, bool]:
    reached = _node(frame, item, key, pos)
    if reached is None:
        return None, False
    node, pointer = reached
    inner = Frame(frame.run, frame, node, {}, "a concept", key, pos, name, index, value=True)
    inner.pointer = pointer
    said, before = _Said(), _told(inner)
    for each, value in node.items():
        put = _PUTS.get(each)
        if put is None:
            inner.stray(each, value)
        else:
            put(inner, value, said)
    return _made(inner, said), _told(inner) == before


def _told(frame: Frame) -> tuple[int, int, int]:
    fields = frame.entity.fields
    return len(fields.get("residue", ())), len(fields.get("spellings", ())), len(frame.run.luggage.report)


def _node(frame: Frame, item: Any, key: str, pos: int | None) -> tuple[Node, str | None] | None:
    """The node of a concept, and where it is when that is elsewhere. An IRI alone names it as well.

    One that holds in the file only has to be there.
    """
    if type(item) is dict and item:
        iri = item.get("id")
        if type(iri) is not str or len(item) > 2 or not item.keys() <= STUB:
            return item, None
    elif type(item) is str and ":" in item and " " not in item:
        iri = item
    else:
        frame.wrong(key, pos, item, "a concept")
        return None
    found: tuple[Node, str] | None = frame.run.ids.get(iri)
    if found is not None:
        frame.run.compare(frame, item, key, pos, found[0])
        return found
    if iri.startswith(LOCALS):
        frame.aside(key, pos, item, DANGLING, iri)
        return None
    return {"id": iri}, None


def _iri(frame: Frame, value: Any, said: _Said) -> None:
    if type(value) is str and value:
        said.iri = value
    else:
        frame.wrong("id", None, value, "an id")


def _type(frame: Frame, value: Any, said: _Said) -> None:
    if value not in ("Concept", ["Concept"]):
        frame.wrong("type", None, value, '"Concept"')


def _in_scheme(frame: Frame, value: Any, said: _Said) -> None:
    found = single(frame, "inScheme", value)
    if found is None:
        return
    pos, item = found
    if type(item) is dict and type(item.get("id")) is str:
        said.scheme = item["id"]
        if not item.keys() <= STUB or item.get("type", "ConceptScheme") not in ("ConceptScheme", ["ConceptScheme"]):
            for key, extra in item.items():
                if key not in {"id", "type"} or (key == "type" and extra not in ("ConceptScheme", ["ConceptScheme"])):
                    below = Frame(frame.run, frame, item, frame.fields, "a scheme", "inScheme", pos, value=True)
                    below.stray(key, extra)
    elif type(item) is str and item:
        said.scheme = item
    else:
        frame.wrong("inScheme", pos, item, "a scheme")


def _labels(frame: Frame, value: Any, said: _Said) -> None:
    said.labels = tuple(text for text, _ in spoken(frame, "prefLabel", value))


def _definition(frame: Frame, value: Any, said: _Said) -> None:
    said.definition = tuple(text for text, _ in spoken(frame, "definition", value))


def _notation(frame: Frame, value: Any, said: _Said) -> None:
    found = single(frame, "notation", value)
    if found is not None and type(found[1]) is str:
        said.notation = found[1]
    elif found is not None:
        frame.wrong("notation", found[0], found[1], "a text")


_PUTS: Final[Mapping[str, Callable[[Frame, Any, _Said], None]]] = {
    "id": _iri,
    "type": _type,
    "inScheme": _in_scheme,
    "prefLabel": _labels,
    "notation": _notation,
    "definition": _definition,
}


def _made(frame: Frame, said: _Said) -> Concept:
    codes: Codes = frame.run.codes
    known = codes.known(said.iri) if said.iri else None
    if known is not None:
        return _of_list(frame, said, known)
    if not said.iri or said.iri.startswith(LOCALS):
        return _free(frame, said)
    scheme = said.scheme and codes.scheme(said.scheme)
    return Concept(code=said.iri, scheme=scheme, labels=said.labels, notation=said.notation, definition=said.definition)


def _of_list(frame: Frame, said: _Said, known: Known) -> Concept:
    if said.scheme == _ESCO:
        frame.spell("scheme", None, said.scheme)
    elif said.scheme not in {None, known.scheme}:
        frame.aside("inScheme", None, frame.node.get("inScheme"), OTHER_SCHEME, said.scheme, concept=said.iri)
    labels = () if _ours(said.labels, known) else said.labels
    notation = None if said.notation == known.notation else said.notation
    iri = known.entry.iri if known.entry is not None and quote(known.entry.iri, safe=_SAFE) == said.iri else said.iri
    return Concept(code=iri, scheme=known.list, labels=labels, notation=notation, definition=said.definition)


def _ours(labels: Texts, known: Known) -> bool:
    return len(labels) == len(known.labels) and all((text.lang, text.value) in known.labels for text in labels)


def _free(frame: Frame, said: _Said) -> Concept:
    """A concept of no list: its id holds in the file only, so its notation is its code, when it has one."""
    scheme = said.scheme
    if scheme is not None and scheme.startswith(SCHEME):
        word = unquote(scheme.removeprefix(SCHEME))
        if _NAMELESS.fullmatch(word):
            frame.spell("scheme", None, scheme)
        scheme = None if word == FREE or _NAMELESS.fullmatch(word) else word
    elif scheme is not None:
        scheme = frame.run.codes.scheme(scheme)
    if said.iri and not _NUMBERED.fullmatch(said.iri):
        frame.spell("code", None, said.iri)
    return Concept(code=said.notation or "", scheme=scheme, labels=said.labels, definition=said.definition)


# --- bare codes


def bare(list_: str) -> Read:
    """The code of a concept of a list; of one that is not in it, its IRI. Labels other than ours are a spelling."""

    def read(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
        found = concept(frame, item, key, pos, name, index)
        return None if found is None else code_of(frame, found, list_, name, index)

    return read


def code_of(frame: Frame, found: Concept, list_: str, name: str, index: int | None, more: str = "") -> str:
    """The bare code that a concept has in a list."""
    codes: Codes = frame.run.codes
    entry = codes.entry(list_, found.code)
    if found.labels or found.definition or found.notation is not None:
        frame.spell(name, index, compact(_map(found)), more)
    if entry is not None:
        return entry.code
    return found.code or next((text.value for text in found.labels), "")


def _map(found: Concept) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, texts in (("prefLabel", found.labels), ("definition", found.definition)):
        for text in texts:
            said.setdefault(key, {}).setdefault(text.lang or "@none", []).append(text.value)
    if found.notation is not None:
        said["notation"] = found.notation
    return said
