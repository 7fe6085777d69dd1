"""The short way: whether a credential is in order beyond doubt. What is not, ``examination`` looks at.

Each class has a table of tests by key, made once. A test takes a value and says whether it fits and is written as
issuers write it; objects in it are put on a pile, to be looked at next. Nothing is kept of an object but its id: one
that is repeated word by word is looked at once. Any doubt ends it. Other ways of writing the same are rare, and what
they mean takes all that JSON-LD has to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from typing import Any, Final, NamedTuple

from mcbridge.mappers.edc.structure.lexical import FORMS, is_iri
from mcbridge.mappers.edc.structure.table import CREDENTIAL, Constraint, Demands

Node = dict[str, Any]
Test = Callable[[Any, list[Node]], bool]
Codes = Callable[[str], Container[str] | None]
"""The codes of a list by its scheme, where they are known."""

_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.ASCII)
_TAGS: Final = frozenset({"de", "en", "es", "fr", "hr", "it", "pl"})
_CREDENTIAL: Final = ["VerifiableCredential", "EuropeanDigitalCredential"]
_FREE: Final = frozenset({"id", "type"})
_CONCEPT: Final = "Concept"


class Class(NamedTuple):
    """What is tested of the objects of one class."""

    tests: dict[str, Test]
    required: frozenset[str]
    coded: bool


class Acceptance:
    """The tests of one set of demands."""

    def __init__(self, demands: Demands, codes: Codes) -> None:
        self._demands = demands
        self._codes = codes
        self._classes: dict[str, Class | None] = {}

    def accepts(self, credential: Node) -> bool:
        """Whether nothing can be said against a credential."""
        if credential.get("type") != _CREDENTIAL:
            return False
        root = {key: value for key, value in credential.items() if key != "@context"}
        root["type"] = _CREDENTIAL[1]
        seen: dict[str, Node] = {}
        pile = [root]
        classes = self._classes
        while pile:
            node = pile.pop()
            name = node.get("id")
            if type(name) is str:
                first = seen.get(name)
                if first is None:
                    seen[name] = node
                elif first == node:
                    continue
                else:
                    return False
            elif name is not None:
                return False
            word = node["type"]
            known = classes[word] if word in classes else self._made(word)
            if known is None or not known.required <= node.keys():
                return False
            tests = known.tests
            for key, value in node.items():
                if key in _FREE:
                    continue
                test = tests.get(key)
                if test is None or not test(value, pile):
                    return False
            if known.coded and not self._listed(node):
                return False
        return all(map(is_iri, seen))

    def _listed(self, concept: Node) -> bool:
        scheme = concept.get("inScheme")
        if scheme is None:
            return True
        name = scheme.get("id") if type(scheme) is dict else None
        if type(name) is not str:
            return False
        codes = self._codes(name)
        return codes is None or concept.get("id") in codes

    # making the tests

    def _made(self, word: str) -> Class | None:
        """The tests of a class by its word; nothing for a word that is none."""
        iri = self._demands.table.classes.get(word, "")
        found = None
        if iri in self._demands.shapes:
            rows = self._rows(self._demands.shapes[iri])
            tests = {key: test for key, row in rows.items() if (test := self._test(key, row)) is not None}
            required = frozenset(self._key(each) for each in self._demands.shapes[iri] if each.min)
            found = Class(tests, required, word == _CONCEPT) if iri != CREDENTIAL or word == _CREDENTIAL[1] else None
        self._classes[word] = found
        return found

    def _key(self, demand: Constraint) -> str:
        return self._demands.table.keys.get(demand.path, demand.path)

    def _rows(self, demands: Iterable[Constraint]) -> dict[str, list[Constraint]]:
        found: dict[str, list[Constraint]] = {}
        for each in demands:
            found.setdefault(self._key(each), []).append(each)
        return found

    def _test(self, key: str, row: list[Constraint]) -> Test | None:
        """The test of one property, by all that is demanded of it; nothing where it can only be doubted."""
        term = self._demands.table.terms.get(key)
        if term is None:
            return None
        single = any(each.max == 1 for each in row)
        types = {each.datatype for each in row if each.datatype}
        if term.coercion == "@language":
            return _texts(single=single, unique=any(each.unique for each in row))
        if term.coercion == "@id":
            return None if types else self._objects(row, single=single)
        if term.coercion == "@graph" or len(types | {term.coercion or "xsd:string"}) != 1:
            return None
        most = min((each.most for each in row if each.most is not None), default=None)
        return _several(_literal(term.coercion or "xsd:string", most), single=single)

    def _objects(self, row: list[Constraint], *, single: bool) -> Test:
        shapes = [self._demands.nodes[each.node] for each in row if each.node]
        groups = [each.classes for each in row if each.classes]
        groups += [each.any for each in shapes if each.any] + [(one,) for each in shapes for one in each.classes]
        if not groups:
            return _several(lambda value, _: type(value) is str and is_iri(value), single=single)
        names = self._demands.table.names
        words = frozenset(names[each] for each in set.intersection(*map(set, groups)) if each in names)
        inner = [each for shape in shapes for each in shape.properties]
        schemes = {each.value for each in inner if each.value}
        named = any(each.kind == "IRI" for each in row)
        if schemes:
            return _several(_concept(words, schemes.pop()), single=single) if len(schemes) == 1 else _never
        if inner:
            return _several(self._fitting(words, inner), single=single)
        return _several(_object(words, named=named), single=single)

    def _fitting(self, words: frozenset[str], inner: list[Constraint]) -> Test:
        """An object of which the place demands more than its class does."""
        plain = _object(words, named=False)
        tests = {key: self._test(key, row) or _never for key, row in self._rows(inner).items()}
        required = frozenset(self._key(each) for each in inner if each.min)

        def fits(value: Any, pile: list[Node]) -> bool:
            if not plain(value, pile) or not required <= value.keys():
                return False
            return all(test(value[key], pile) for key, test in tests.items() if key in value)

        return fits


def _never(value: Any, pile: list[Node]) -> bool:
    return False


def _several(test: Test, *, single: bool) -> Test:
    """One value, or an array of as many as may be."""

    def each(value: Any, pile: list[Node]) -> bool:
        if type(value) is not list:
            return test(value, pile)
        if single and len(value) != 1:
            return False
        for item in value:
            if not test(item, pile):
                return False
        return bool(value)

    return each


def _object(words: frozenset[str], *, named: bool) -> Test:
    def fits(value: Any, pile: list[Node]) -> bool:
        if type(value) is not dict:
            return False
        word = value.get("type")
        if type(word) is not str or word not in words or (named and "id" not in value):
            return False
        pile.append(value)
        return True

    return fits


def _concept(words: frozenset[str], scheme: str) -> Test:
    """A concept of a list; that the list is one is tested when its turn comes."""

    def fits(value: Any, pile: list[Node]) -> bool:
        if type(value) is not dict or "id" not in value:
            return False
        word, said = value.get("type"), value.get("inScheme")
        if type(word) is not str or word not in words or type(said) is not dict or said.get("id") != scheme:
            return False
        pile.append(value)
        return True

    return fits


def _texts(*, single: bool, unique: bool) -> Test:
    def fits(value: Any, pile: list[Node]) -> bool:
        if type(value) is not dict or not value or (single and len(value) > 1):
            return False
        for tag, said in value.items():
            if tag not in _TAGS and not _TAG.fullmatch(tag):
                return False
            if type(said) is str:
                continue
            if type(said) is not list or not said or ((unique or single) and len(said) > 1):
                return False
            if not all(type(each) is str for each in said):
                return False
        return True

    return fits


def _literal(datatype: str, most: int | None) -> Test:
    form = FORMS[datatype][0] if datatype in FORMS else None
    least = {"xsd:integer": None, "xsd:positiveInteger": 1}.get(datatype, 0)

    def text(value: Any, pile: list[Node]) -> bool:
        return type(value) is str

    def formed(value: Any, pile: list[Node]) -> bool:
        return type(value) is str and bool(form is not None and form(value))

    def number(value: Any, pile: list[Node]) -> bool:
        return type(value) is int and (least is None or value >= least) and (most is None or value <= most)

    def truth(value: Any, pile: list[Node]) -> bool:
        return type(value) is bool

    if datatype in {"xsd:integer", "xsd:positiveInteger"}:
        return number
    return truth if datatype == "xsd:boolean" else text if form is None else formed
