"""Small credentials made from the table of facts: for each class one that has all properties of it. All is invented."""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import Any, Final

from mcbridge.mappers.edc.structure.table import CREDENTIAL, SEALED, Constraint, Demands, demands
from mcbridge.tables import Tables

Node = dict[str, Any]
TABLES: Final = Tables()
CONTEXT: Final = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
IMPOSSIBLE: Final = frozenset({"dateModified", "descriptionHtml", "proof"})
"""Keys of which no value can be right: the context makes references of dates and HTML, and a graph of a proof."""
ROOT: Final = "urn:credential:00000000-0000-4000-8000-000000000000"
GENERIC: Final = "http://data.europa.eu/snb/credential/e34929035b"
ASIDE: Final = "used"
"""A key that no class of the credential has, for objects that no way leads to."""
CHOSEN: Final = {
    "cred:credentialSubject": "elm:Person",
    "cred:issuer": "elm:Organisation",
    "elm:hasClaim": "elm:LearningAchievement",
}
"""The class that a value gets where a property takes several, and the first is not meant."""
LITERALS: Final = {
    "xsd:dateTime": "2025-03-{day:02d}T10:00:00Z",
    "xsd:duration": "PT{n}H",
    "xsd:string": "text {n}",
    "xsd:anyURI": "https://www.example.org/{n}",
}
NUMBERS: Final = frozenset({"xsd:integer", "xsd:positiveInteger", "xsd:decimal"})


class Rows:
    """What is demanded of one property of a class, whatever shapes say it."""

    def __init__(self, path: str, key: str, found: list[Constraint], asked: Demands) -> None:
        self.path, self.key, self.constraints = path, key, found
        self.min = max(each.min for each in found)
        most = [each.max for each in found if each.max is not None]
        self.max = min(most) if most else None
        classes = [each.classes for each in found if each.classes]
        self.datatype = next((each.datatype for each in found if each.datatype), None)
        self.literal = any(each.kind == "Literal" for each in found) or self.datatype is not None
        nodes = [asked.nodes[each.node] for each in found if each.node]
        classes += [each.any for each in nodes if each.any]
        self.classes = min(classes, key=len) if classes else ()
        values = [inner.value for each in nodes for inner in each.properties if inner.value]
        self.scheme = values[0] if values else None


@cache
def rows(class_: str, mode: str = SEALED, profiles: frozenset[str] = frozenset()) -> tuple[Rows, ...]:
    """The properties of a class that have a key."""
    asked = demands(mode, profiles)
    by_path: dict[str, list[Constraint]] = {}
    for each in asked.shapes.get(class_, ()):
        by_path.setdefault(each.path, []).append(each)
    keys, terms = asked.table.keys, asked.table.terms
    known = {path: found for path, found in by_path.items() if path in keys}
    return tuple(
        Rows(path, keys[path], found, asked)
        for path, found in known.items()
        if class_ == CREDENTIAL or not terms[keys[path]].scope
    )


class Maker:
    """Makes objects, each with an id of its own."""

    def __init__(self) -> None:
        self.number = 0

    def document(self, class_: str) -> tuple[Node, list[str | int]]:
        """A credential with a full object of a class, and where that is."""
        root = self.node(CREDENTIAL, full=class_ == CREDENTIAL)
        way = _ways().get(class_)
        if class_ == CREDENTIAL:
            return {"@context": CONTEXT} | root, []
        if way is None:
            key = "hasClaim" if class_ == "elm:Claim" else ASIDE
            steps: list[str | int] = ["credentialSubject"] if key == "hasClaim" else []
            holder = root["credentialSubject"] if steps else root
            holder[key] = self.node(class_, full=True)
            return {"@context": CONTEXT} | root, [*steps, key]
        here, steps = root, []
        for above, key in way:
            row = next(each for each in rows(above) if each.key == key)
            nearer = class_ if (above, key) == way[-1] else way[way.index((above, key)) + 1][0]
            here[key] = self.node(nearer, row, full=(above, key) == way[-1])
            here = here[key]
            steps.append(key)
        return {"@context": CONTEXT} | root, steps

    def node(self, class_: str, row: Rows | None = None, *, full: bool = False) -> Node:
        """An object of a class, with what is mandatory or with everything."""
        if class_ == "skos:Concept":
            node = self.concept(row)
        else:
            self.number += 1
            node = {"id": self._id(class_), "type": self._word(class_)}
            if class_ == CREDENTIAL:
                node["type"] = ["VerifiableCredential", "EuropeanDigitalCredential"]
        for each in rows(class_):
            if (full or each.min) and each.key not in IMPOSSIBLE and each.key not in node:
                node[each.key] = self.value(each)
        if row is not None and row.path == "cred:issuer":
            node["eIDASIdentifier"] = self.node("elm:LegalIdentifier")
        return node

    def value(self, row: Rows) -> Any:
        """One value of a property."""
        self.number += 1
        if row.classes and row.classes[0] in {CREDENTIAL, "cred:VerifiableCredential"}:
            return ROOT
        if row.classes:
            return self.node(CHOSEN.get(row.path, row.classes[0]), row)
        if row.datatype == "rdf:langString":
            return {"en": f"{row.key} {self.number}"}
        if row.datatype in NUMBERS:
            return 1 + self.number % 90
        if row.datatype == "xsd:boolean":
            return True
        if row.literal:
            form = LITERALS.get(row.datatype or "", "text {n}")
            return form.format(n=self.number, day=1 + self.number % 28)
        return f"urn:epass:thing:{self.number}"

    def concept(self, row: Rows | None) -> Node:
        """A concept, of the list that the property demands."""
        self.number += 1
        scheme = row.scheme if row is not None else None
        key = row.key if row is not None else "concept"
        node: Node = {"id": f"https://lists.example.org/{key}/{self.number}", "type": "Concept"}
        if scheme is not None:
            node["id"] = GENERIC if key == "credentialProfiles" else self._code(scheme)
            node["inScheme"] = {"id": scheme, "type": "ConceptScheme"}
        node["prefLabel"] = {"en": f"label of {key}"}
        return node

    def _code(self, scheme: str) -> str:
        steps = scheme.split("/")
        name = steps[-2] if steps[-1] == "25831c2" else steps[-1]
        if name in TABLES.names("vocabularies"):
            codes = [each.iri for each in TABLES.vocabulary(name)]
            return codes[self.number % len(codes)]
        return f"{scheme.removesuffix('/25831c2')}/c_{self.number}"

    def _id(self, class_: str) -> str:
        name = class_.partition(":")[2]
        if class_ == CREDENTIAL:
            return ROOT
        return f"urn:epass:{name[0].lower()}{name[1:]}:{self.number}"

    def _word(self, class_: str) -> str:
        return demands(SEALED, frozenset()).table.names.get(class_, class_)


@cache
def _ways() -> dict[str, list[tuple[str, str]]]:
    """The shortest way of properties from the credential to each class."""
    found: dict[str, list[tuple[str, str]]] = {}
    waiting: deque[tuple[str, list[tuple[str, str]]]] = deque([(CREDENTIAL, [])])
    while waiting:
        class_, way = waiting.popleft()
        for row in rows(class_):
            for inner in row.classes if row.key not in IMPOSSIBLE else ():
                if inner not in found and inner != CREDENTIAL and not (inner == "skos:Concept" and row.scheme):
                    found[inner] = [*way, (class_, row.key)]
                    waiting.append((inner, found[inner]))
    return found


def classes() -> tuple[str, ...]:
    """The classes that an object of a credential can be of."""
    known = demands(SEALED, frozenset())
    return tuple(each for each in known.shapes if each in known.table.names)
