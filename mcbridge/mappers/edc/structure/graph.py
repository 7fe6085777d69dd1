"""What a credential says once JSON-LD has read it: objects with one id are one, values are what their key makes them.

Nothing is fetched and no RDF is made: the terms of the two contexts are in the table. What JSON-LD would drop, or would
stop at, is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from mcbridge.diagnostics import Rule
from mcbridge.mappers.edc.structure.lexical import LANGUAGE, is_iri, native, written
from mcbridge.mappers.edc.structure.rules import KEYWORD, LANGUAGE_TAG, NO_IRI, NOT_A_CLASS, NOT_A_TERM, OTHER_DATATYPE
from mcbridge.mappers.edc.structure.table import Table, Term, table

Node = dict[str, Any]
Around = Callable[[str], "tuple[Node, str] | None"]
"""The object of an id and its place, where it is known."""
Telling = Callable[..., None]
"""Takes a rule, a JSON Pointer, the value in question, and the facts of the message."""

NAMES: Final = frozenset({"id", "type", "@id", "@type"})
_KEPT: Final = NAMES | {"@context", "@graph"}
BLANK: Final = "_:"
LANG_STRING: Final = "rdf:langString"
_JSON_LD: Final = "JSON-LD 1.1, with the contexts of ELM 3.2"


class Value(NamedTuple):
    """A value as RDF has it: an IRI, the name of a node without one, or a text with datatype and language."""

    text: str
    datatype: str | None = None
    lang: str | None = None

    @property
    def literal(self) -> bool:
        """Whether it is no object."""
        return self.datatype is not None

    @property
    def blank(self) -> bool:
        """Whether it is an object without an id."""
        return self.datatype is None and self.text.startswith(BLANK)


class Subject:
    """One object, with all that the file says of it: places, classes, and values by the IRI of their property."""

    __slots__ = ("clashes", "foreign", "keys", "name", "places", "types", "values")

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: list[str] = []
        self.types: dict[str, None] = {}
        self.foreign = False
        self.values: dict[str, dict[Value, str]] = {}
        self.keys: dict[str, tuple[str, str]] = {}
        self.clashes: dict[str, str] = {}

    @property
    def place(self) -> str:
        """Where it stands first."""
        return self.places[0]

    def note(self, path: str, found: dict[Value, str]) -> None:
        """Add the values of one place; those that contradict what is known already are remembered."""
        there = self.values.setdefault(path, found)
        if there is not found:
            if not (there.keys() <= found.keys() or there.keys() >= found.keys()):
                self.clashes.setdefault(path, next(iter(found.values()), self.places[-1]))
            for value, place in found.items():
                there.setdefault(value, place)


class Graph:
    """All objects of a file, in the order in which they stand there."""

    def __init__(self, table: Table, tell: Telling) -> None:
        self.subjects: dict[str, Subject] = {}
        self._table = table
        self._tell = tell
        self._unnamed = 0
        self._referred: list[str] = []

    def add_document(self, root: Node | list[Any], lead: str, around: Around | None = None) -> None:
        """A credential, or the objects of flattened JSON-LD, of which one is a credential.

        What is referred to and not among them is asked of ``around``, such as the presentation that they stand in.
        """
        if type(root) is dict:
            self.add(root, lead, top=True)
        for pos, item in enumerate(root if type(root) is list else ()):
            if type(item) is dict:
                self.add(item, f"{lead}/{pos}", top=True)
        while around is not None and self._referred:
            name = self._referred.pop()
            if (name not in self.subjects or not self.subjects[name].types) and (found := around(name)) is not None:
                self.add(*found)

    def add(self, node: Node, place: str, *, top: bool = False) -> Value:
        """An object, with all that is in it."""
        name = self._name(node, place)
        if node.keys() <= NAMES:
            self._referred.append(name)
        subject = self.subjects.setdefault(name, Subject(name))
        subject.places.append(place)
        types = dict.fromkeys(self._types(node, place, subject))
        subject.types |= types
        scoped = self._table.classes[self._table.scope] in types
        for key, item in node.items():
            if key in NAMES or (key == "@context" and top):
                continue
            term = self._table.terms.get(key)
            spot = f"{place}/{step(key)}"
            if term is None or (term.scope and not scoped):
                self._stray(key, spot, subject)
                continue
            subject.keys.setdefault(term.iri, (key, spot))
            found: dict[Value, str] = {}
            for value, at in self._values(term, key, item, spot):
                found.setdefault(value, at)
            if found:
                subject.note(term.iri, found)
        return Value(name)

    # names and classes

    def _name(self, node: Node, place: str) -> str:
        if "id" in node and "@id" in node:
            self._tell(KEYWORD, f"{place}/@id", "@id", part="an object that has an id already", clause=_JSON_LD)
        name = node.get("id", node.get("@id"))
        if name is None:
            self._unnamed += 1
            return f"{BLANK}{self._unnamed} "  # no id that a file could have
        if type(name) is str:
            return self._absolute(name, f"{place}/{'id' if 'id' in node else '@id'}")
        self._tell(NO_IRI, f"{place}/id", str(name), clause=_JSON_LD)
        return f"{BLANK}{name} "

    def _absolute(self, name: str, place: str) -> str:
        if not is_iri(name) and not name.startswith(BLANK):
            self._tell(NO_IRI, place, name, clause=_JSON_LD)
        return name

    def _types(self, node: Node, place: str, subject: Subject) -> Iterator[str]:
        said = node.get("type", node.get("@type"))
        key = "type" if "type" in node else "@type"
        for each in _flat(said):
            if type(each) is not str:
                self._tell(KEYWORD, f"{place}/{key}", key, part="an object", clause=_JSON_LD)
            elif each in self._table.classes:
                yield self._table.classes[each]
            elif ":" in each:
                yield self._table.shorten(each)
            else:
                subject.foreign = True
                self._tell(NOT_A_CLASS, f"{place}/{key}", each, part="an object", clause=_JSON_LD)

    def _stray(self, key: str, place: str, subject: Subject) -> None:
        rule: Rule = KEYWORD if key.startswith("@") or ":" in key else NOT_A_TERM
        self._tell(rule, place, key, part=self.called(subject), clause=_JSON_LD)

    def called(self, subject: Subject | None) -> str:
        """What a message calls an object: the word of its class."""
        if subject is None or not subject.types:
            return "an object without a class"
        words = [self._table.names.get(each, each) for each in subject.types]
        word = next((each for each in words if each != self._table.scope), words[0])
        return f"{'an' if word[0] in 'AEIOU' else 'a'} {word}"

    # values

    def _values(self, term: Term, key: str, item: Any, place: str) -> Iterator[tuple[Value, str]]:
        if term.coercion == "@language" and type(item) is dict:
            yield from self._texts(key, item, place)
        elif type(item) is list:
            for pos, each in enumerate(item):
                # an object in an array is no map of languages to JSON-LD
                yield from self._one(term, key, each, f"{place}/{pos}")
        else:
            yield from self._one(term, key, item, place)

    def _one(self, term: Term, key: str, item: Any, place: str) -> Iterator[tuple[Value, str]]:
        kind = type(item)
        if item is None:
            return
        if kind is list:
            for pos, each in enumerate(item):
                yield from self._one(term, key, each, f"{place}/{pos}")
        elif kind is dict:
            yield self._object(term, item, place), place
        elif term.coercion == "@id" and kind is str:
            self._referred.append(item)
            yield Value(item), place
        elif term.coercion in {"", "@id", "@language"}:
            yield Value(item if kind is str else written(item), native(item)), place
        elif term.coercion == "@graph":
            self._unnamed += 1
            yield Value(f"{BLANK}{self._unnamed} "), place
        else:
            yield Value(item if kind is str else written(item), term.coercion), place

    def _object(self, term: Term, item: Node, place: str) -> Value:
        if term.coercion == "@graph":  # what is in a graph of its own, nobody outside of it sees
            self._unnamed += 1
            return Value(f"{BLANK}{self._unnamed} ")
        if "@value" in item:
            self._tell(KEYWORD, f"{place}/@value", "@value", part="a value", clause=_JSON_LD)
            return Value(str(item["@value"]), str(item.get("@type", "xsd:string")))
        return self.add(item, place)

    def _texts(self, key: str, item: Node, place: str) -> Iterator[tuple[Value, str]]:
        for tag, said in item.items():
            spot = f"{place}/{step(tag)}"
            if tag != "@none" and not LANGUAGE.fullmatch(tag):
                self._tell(LANGUAGE_TAG, spot, tag, part="an object", key=key, clause=_JSON_LD)
                continue
            for pos, text in enumerate(said if type(said) is list else [said]):
                at = f"{spot}/{pos}" if type(said) is list else spot
                if type(text) is str:
                    yield (Value(text, "xsd:string") if tag == "@none" else Value(text, LANG_STRING, tag.lower())), at
                elif text is not None:
                    facts = {"part": "an object", "key": key, "expected": "a text", "found": kind_of(text)}
                    self._tell(OTHER_DATATYPE, at, None, **facts, clause=_JSON_LD)


def _flat(item: Any) -> list[Any]:
    if item is None:
        return []
    return item if type(item) is list else [item]


def kind_of(item: Any) -> str:
    kinds: dict[type, str] = {dict: "an object", list: "an array", bool: "a truth value"}
    return kinds.get(type(item), "a number")


def step(key: str) -> str:
    """A key in a JSON Pointer (RFC 6901); a long one is cut."""
    return key[:80].replace("~", "~0").replace("/", "~1")


def without_strangers(value: Any) -> Any:
    """The same without keys that mean nothing: JSON-LD drops them with all that is in them; some software does not."""
    if type(value) is list:
        return [without_strangers(each) for each in value]
    if type(value) is not dict:
        return value
    known = table().terms
    texts = value.keys().isdisjoint(NAMES)
    return {key: without_strangers(each) for key, each in value.items() if texts or key in known or key in _KEPT}
