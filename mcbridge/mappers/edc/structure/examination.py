"""Each object of a credential held against all that is demanded of its classes; what breaks it is a finding."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import Any, Final, NamedTuple

from mcbridge.diagnostics import Rule, Severity
from mcbridge.mappers.edc.structure.graph import LANG_STRING, Around, Graph, Subject, Value
from mcbridge.mappers.edc.structure.lexical import FORMS, is_iri
from mcbridge.mappers.edc.structure.rules import (
    CONTRADICTED,
    LANGUAGE_TWICE,
    MALFORMED,
    MISSING,
    NO_CREDENTIAL,
    NOT_LISTED,
    OTHER_CLASS,
    OTHER_DATATYPE,
    OTHER_KEY,
    OUTSIDE_SCHEME,
    SEVERAL,
    TOO_MANY,
)
from mcbridge.mappers.edc.structure.table import CREDENTIAL, Constraint, Demands, Inner

CONCEPT: Final = "skos:Concept"
IN_SCHEME: Final = "skos:inScheme"
SHOWN: Final = 80
ENDLESS: Final = frozenset({"diplomaSupplement/Qualification-elm_hasPart"})
"""Demands that nothing of an end can meet: each qualification with a part that is one. The issuer refuses a circle."""
_OF_A_VALUE: Final = frozenset({MALFORMED, OTHER_CLASS, OTHER_DATATYPE, OUTSIDE_SCHEME})
_DATATYPES: Final = {
    LANG_STRING: 'a text by its language, such as {"en": "…"}',
    "xsd:string": "a text",
    "xsd:anyURI": "an address",
    "rdf:HTML": "a text in HTML, which the published context does not allow to be written",
}


class List(NamedTuple):
    """The codes of one list, by IRI. The European issuer refuses others where the list is ``strict``."""

    codes: Container[str]
    strict: bool


class Finding(NamedTuple):
    """Something that is wrong at a place."""

    rule: Rule
    place: str
    value: str | None
    facts: dict[str, Any]
    severity: Severity | None = None


Lists = Callable[[str], List | None]
"""The list of a scheme, where its codes are known."""


class Examination:
    """One look at one credential; ``findings`` are in the order of the document."""

    def __init__(self, demands: Demands, lists: Lists) -> None:
        self.findings: list[Finding] = []
        self._demands = demands
        self._lists = lists
        self._graph = Graph(demands.table, self._tell)
        self._said: set[tuple[str, str, str]] = set()

    def of(self, root: dict[str, Any] | list[Any], lead: str = "", around: Around | None = None) -> list[Finding]:
        """What is wrong with a credential, or with objects of which one is a credential, that stand at ``lead``."""
        self._graph.add_document(root, lead, around)
        subjects = self._graph.subjects.values()
        credentials = [each for each in subjects if CREDENTIAL in each.types]
        if not credentials:
            self._tell(NO_CREDENTIAL, lead, None, clause="SHACL, targetClass elm:EuropeanDigitalCredential")
        for each in credentials[1:]:
            self._tell(SEVERAL, each.place, None, found=len(credentials), clause="ELM 3.2, one credential a file")
        for each in subjects:
            self._look_at(each)
        return self.findings

    def _tell(self, rule: Rule, place: str, value: str | None, severity: Severity | None = None, **facts: Any) -> None:
        about = "value" if rule in _OF_A_VALUE else rule.id  # the first thing that is wrong with a value is enough
        what = (about, place, str(facts.get("key", "")))
        if what not in self._said:
            self._said.add(what)
            self.findings.append(Finding(rule, place, value, facts, severity))

    def _tell_all(self, found: Iterator[Finding]) -> None:
        for each in found:
            self._tell(each.rule, each.place, each.value, each.severity, **each.facts)

    # one object

    def _look_at(self, subject: Subject) -> None:
        known = False
        allowed: set[str] = set()
        for class_ in subject.types:
            for each in self._demands.shapes.get(class_, ()):
                allowed.add(each.path)
                self._tell_all(self._against(subject, each))
            known = known or class_ in self._demands.shapes
        part = self._graph.called(subject)
        if known and not subject.foreign:
            for path, (key, place) in subject.keys.items():
                if path not in allowed:
                    self._tell(OTHER_KEY, place, key, part=part, clause="ELM 3.2, the properties of the class")
        for path, place in subject.clashes.items():
            key = self._key(path)
            self._tell(CONTRADICTED, place, subject.name, key=key, clause="RDF 1.1, one name, one thing")
        if CONCEPT in subject.types:
            self._look_up(subject)

    def _look_up(self, concept: Subject) -> None:
        """The code of a concept in the lists that it says it is in."""
        for scheme in concept.values.get(IN_SCHEME, ()):
            found = None if scheme.literal else self._lists(scheme.text)
            if found is not None and concept.name not in found.codes:
                strict = "strict" if found.strict else "open"
                facts = {"expected": scheme.text, "clause": f"controlled lists of ELM 3.2, a list that is {strict}"}
                severity = None if found.strict else Severity.WARNING
                self._tell(NOT_LISTED, concept.place, concept.name, severity, **facts)

    def _key(self, path: str) -> str:
        return self._demands.table.keys.get(path, path)

    # one property of one object

    def _against(self, subject: Subject, demand: Constraint) -> Iterator[Finding]:
        values = subject.values.get(demand.path, {})
        key, part = self._key(demand.path), self._graph.called(subject)
        facts = {"part": part, "key": key, "clause": _clause(demand)}
        if len(values) < demand.min:
            severity = Severity.WARNING if demand.id in ENDLESS else None
            yield Finding(MISSING, subject.place, None, facts | {"expected": f"at least {demand.min}"}, severity)
        if demand.max is not None and len(values) > demand.max:
            place = subject.keys[demand.path][1]
            yield Finding(TOO_MANY, place, None, facts | {"found": len(values), "expected": f"at most {demand.max}"})
        if demand.value is not None and all(each.text != demand.value for each in values):
            yield Finding(OUTSIDE_SCHEME, subject.place, None, facts | {"found": part, "expected": demand.value})
        if demand.unique:
            yield from _repeated(values, facts)
        for value, place in values.items():
            found = self._wrong(demand, value, place, facts)
            if found is not None:
                yield found
            elif demand.node is not None:
                yield from self._misfit(self._demands.nodes[demand.node], value, place, facts)

    def _wrong(self, demand: Constraint, value: Value, place: str, facts: dict[str, Any]) -> Finding | None:
        """What is wrong with a value as such."""
        if demand.classes and not self._is_a(value, demand.classes):
            return self._other(OTHER_CLASS, value, place, facts, self._either(demand.classes))
        if demand.kind == "IRI" and (value.literal or not is_iri(value.text)):
            return self._other(OTHER_DATATYPE, value, place, facts, "an object with an id")
        if demand.kind == "Literal" and not value.literal:
            return self._other(OTHER_DATATYPE, value, place, facts, "a text")
        if demand.datatype is not None:
            test, words = FORMS.get(demand.datatype, (None, _DATATYPES.get(demand.datatype, demand.datatype)))
            if value.datatype != demand.datatype:
                return self._other(OTHER_DATATYPE, value, place, facts, words)
            if test is not None and not test(value.text):
                return Finding(MALFORMED, place, value.text[:SHOWN], facts | {"expected": words})
        if demand.most is not None and value.literal and float(value.text) > demand.most:
            return Finding(MALFORMED, place, value.text[:SHOWN], facts | {"expected": f"at most {demand.most}"})
        return None

    def _misfit(self, shape: Inner, value: Value, place: str, facts: dict[str, Any]) -> Iterator[Finding]:
        """What keeps a value from fitting the shape that is named for it."""
        if shape.classes and not all(self._is_a(value, (each,)) for each in shape.classes):
            yield self._other(OTHER_CLASS, value, place, facts, self._either(shape.classes))
        if shape.any and not self._is_a(value, shape.any):
            inner = [self._demands.nodes[each] for each in shape.any_node]
            if not any(self._fits(each, value, facts) for each in inner):
                yield self._other(OTHER_CLASS, value, place, facts, self._either(shape.any))
        subject = self._graph.subjects.get(value.text) or Subject(value.text)
        subject.places = subject.places or [place]
        for each in shape.properties:
            broken = next(self._against(subject, each), None)
            if broken is not None and each.value is not None:
                yield self._other(OUTSIDE_SCHEME, value, place, facts, each.value)
            elif broken is not None:
                yield broken

    def _fits(self, shape: Inner, value: Value, facts: dict[str, Any]) -> bool:
        return next(self._misfit(shape, value, "", facts), None) is None

    # words

    def _is_a(self, value: Value, classes: tuple[str, ...]) -> bool:
        if value.literal:
            return False
        subject = self._graph.subjects.get(value.text)
        return subject is not None and any(each in subject.types for each in classes)

    def _either(self, classes: tuple[str, ...]) -> str:
        words = [self._demands.table.names.get(each, each) for each in classes]
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

    def _other(self, rule: Rule, value: Value, place: str, facts: dict[str, Any], expected: str) -> Finding:
        """A finding about a value that is something else than belongs there."""
        found, quoted = self._shown(value)
        return Finding(rule, place, quoted, facts | {"found": found, "expected": expected})

    def _shown(self, value: Value) -> tuple[str, str | None]:
        """What a value is, and how it begins, which may be somebody's secret."""
        text = value.text if len(value.text) <= SHOWN else value.text[:SHOWN] + "…"
        if value.literal:
            return ("the text " if value.datatype in {"xsd:string", LANG_STRING} else "the value "), text
        subject = self._graph.subjects.get(value.text)
        if subject is None and value.blank:
            return "an object in a graph of its own, which nobody sees from here", None
        if subject is None:
            return ("a reference to what is not in the file, " if is_iri(value.text) else "the text "), text
        called = self._graph.called(subject)
        return (f"{called} without an id" if value.blank and subject.types else called), None


def _clause(demand: Constraint) -> str:
    return f"ELM 3.2, {demand.id}"


def _repeated(values: dict[Value, str], facts: dict[str, Any]) -> Iterator[Finding]:
    """The languages that have several texts, at the second of them."""
    seen: dict[str, list[str]] = {}
    for value, place in values.items():
        if value.lang is not None:
            seen.setdefault(value.lang, []).append(place)
    for lang, places in seen.items():
        if len(places) > 1:
            yield Finding(LANGUAGE_TWICE, places[1], None, facts | {"lang": lang, "found": len(places)})
