"""Take the facts out of the published shapes and contexts of European Digital Credentials, as a table.

``python tools/edc_shapes.py ../shared/official/edc`` prints what changed and, with ``--write``, rewrites
``xsd/edc/3.2.json``. Facts only: what a key of the JSON means, and how often, of which class, datatype, kind and list
its values are. Not one sentence of the publishers is taken, only the names that they gave to classes and properties.
Needs rdflib (``dev``).
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rdflib import OWL, RDF, RDFS, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import BNode, Literal, Node, URIRef

SH: Final = Namespace("http://www.w3.org/ns/shacl#")
VERSION: Final = "3.2"
TARGET: Final = Path(__file__).parent.parent / "xsd" / "edc" / f"{VERSION}.json"
BASE: Final = ("EDC-generic-no-cv.ttl", "EDC-generic-full.ttl")
"""What holds for every credential; the second adds the lists to the first."""
PROFILES: Final = ("EDC-accredited", "EDC-converted", "EDC-diplomaSupplement", "EDC-issuedByMandate")
ISSUER: Final = "issuer-2.2.2"
CONTEXTS: Final = ("edc-ap-context.jsonld", "w3c-credentials-v1.jsonld")
SCOPE: Final = "VerifiableCredential"
"""The class whose objects have terms of their own in the context of the W3C."""
PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "clv": "http://data.europa.eu/m8g/",
    "cred": "https://www.w3.org/2018/credentials#",
    "dc": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "person": "http://www.w3.org/ns/person#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rov": "http://www.w3.org/ns/regorg#",
    "sec": "https://w3id.org/security#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_UNDERSTOOD: Final = {"path", "minCount", "maxCount", "class", "datatype", "nodeKind", "node", "or", "hasValue"} | {
    *("uniqueLang", "maxInclusive", "deactivated", "severity", "name", "description", "message", "nodekind", "order"),
}
"""What the shapes say of a property. ``nodekind`` is a slip of the publishers' that means nothing to SHACL."""

Row = dict[str, Any]


def short(iri: object) -> str:
    """An IRI with its prefix, where it has one of ours."""
    text = str(iri)
    for prefix, start in PREFIXES.items():
        if text.startswith(start):
            return f"{prefix}:{text.removeprefix(start)}"
    return text


# --- contexts


def terms(folder: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Keys (IRI, coercion, and the class that they are bound to, if any), and the names of classes."""
    ap = json.loads((folder / VERSION / CONTEXTS[0]).read_text(encoding="utf-8"))["@context"]
    w3c = json.loads((folder / CONTEXTS[1]).read_text(encoding="utf-8"))["@context"]
    scoped = w3c[SCOPE]["@context"]
    keys: dict[str, list[str]] = {}
    classes: dict[str, str] = {SCOPE: short(w3c[SCOPE]["@id"])}
    for context, scope in ((ap, ""), ({"proof": w3c["proof"]}, ""), (scoped, SCOPE)):
        prefixes = {
            key: value for key, value in context.items() if isinstance(value, str) and value.endswith(("/", "#"))
        }
        prefixes |= {"clv": ap["clv"]}
        for key, meaning in context.items():
            if key.startswith("@") or key in {"id", "type"} or key in prefixes:
                continue
            said = meaning if isinstance(meaning, dict) else {"@id": meaning}
            prefix, _, rest = said["@id"].partition(":")
            iri = short(prefixes.get(prefix, f"{prefix}:") + rest)
            if key[0].isupper():
                classes[key] = iri
            else:
                coercion = str(said.get("@container", said.get("@type", "")))
                keys.setdefault(key, [iri, coercion, scope] if scope else [iri, coercion])
    return dict(sorted(keys.items())), dict(sorted(classes.items()))


# --- shapes


class Shapes:
    """One file of shapes."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.graph = Graph()
        self.graph.parse(path, format="turtle" if path.suffix == ".ttl" else "xml")

    def classes(self) -> dict[str, Row]:
        """The properties of each class, by its IRI."""
        found: dict[str, Row] = {}
        for shape, class_ in sorted(self.graph.subject_objects(SH.targetClass)):
            if self._off(shape):
                continue
            row = found.setdefault(short(class_), {"label": self._label(shape, class_), "properties": []})
            row["properties"] += self.properties(shape, short(class_).partition(":")[2])
        for row in found.values():
            row["properties"].sort(key=lambda each: (each["path"], each["id"]))
        return found

    def nodes(self) -> dict[str, Row]:
        """The shapes that properties refer to."""
        found: dict[str, Row] = {}
        waiting = list(self.graph.objects(None, SH.node))
        while waiting:
            shape = waiting.pop()
            name = self.named(shape)
            if name in found:
                continue
            found[name] = {}
            if classes := [short(each) for each in self.graph.objects(shape, SH["class"])]:
                found[name]["classes"] = sorted(classes)
            if rows := list(self.properties(shape, name.rpartition("/")[2])):
                found[name]["properties"] = sorted(rows, key=lambda each: each["path"])
            for several in self.graph.objects(shape, SH["or"]):
                members = list(Collection(self.graph, several))
                found[name]["any"] = [short(one) for each in members for one in self.graph.objects(each, SH["class"])]
                inner = [one for each in members for one in self.graph.objects(each, SH.node)]
                found[name]["any_node"] = [self.named(each) for each in inner]
                waiting += inner
        return dict(sorted(found.items()))

    def named(self, shape: Node) -> str:
        """What a shape is called here: its name after that of the file."""
        return f"{self.name}/{str(shape).rpartition('/')[2].rpartition('#')[2]}"

    def properties(self, shape: Node, owner: str) -> Iterator[Row]:
        """The properties that a shape speaks of."""
        for each in self.graph.objects(shape, SH.property):
            if not self._off(each):
                yield self._property(each, owner)

    def _off(self, shape: Node) -> bool:
        value = self.graph.value(shape, SH.deactivated)
        return isinstance(value, Literal) and value.toPython() is True

    def _label(self, shape: Node, class_: Node) -> str:
        label = self.graph.value(shape, RDFS.label)
        return str(label).strip() if label is not None else short(class_).partition(":")[2]

    def _property(self, shape: Node, owner: str) -> Row:
        graph = self.graph
        said = {str(each).removeprefix(str(SH)) for each in graph.predicates(shape) if str(each).startswith(str(SH))}
        assert said <= _UNDERSTOOD, f"{shape} says {said - _UNDERSTOOD}, which this script does not know"
        path = graph.value(shape, SH.path)
        assert isinstance(path, URIRef), f"{shape} has a path that is no property"
        local = short(path).replace(":", "_")
        row: Row = {"id": f"{self.name}/{owner}-{local}" if isinstance(shape, BNode) else self.named(shape)}
        row["path"] = short(path)
        for key, name in (("minCount", "min"), ("maxCount", "max"), ("maxInclusive", "most")):
            value = graph.value(shape, SH[key])
            if isinstance(value, Literal):
                row[name] = int(value)
        classes = [short(each) for each in graph.objects(shape, SH["class"])]
        for several in graph.objects(shape, SH["or"]):
            members = [set(graph.predicate_objects(each)) for each in Collection(graph, several)]
            assert all({one for one, _ in each} == {SH["class"]} for each in members), f"{shape}: another sh:or"
            assert not classes, f"{shape}: sh:or beside sh:class"
            classes = [short(value) for each in members for _, value in each]
        if classes:
            row["classes"] = classes
        for key, name in (("datatype", "datatype"), ("nodeKind", "kind")):
            value = graph.value(shape, SH[key])
            if value is not None:
                row[name] = short(value).removeprefix(str(SH))
        if (value := graph.value(shape, SH.node)) is not None:
            row["node"] = self.named(value)
        if (value := graph.value(shape, SH.hasValue)) is not None:
            row["value"] = str(value)
        if (value := graph.value(shape, SH.uniqueLang)) is not None:
            row["unique"] = str(value) == "true"
        if (value := graph.value(shape, SH.name)) is not None:
            row["label"] = str(value)
        return row


def _short_name(path: str) -> str:
    return path.removesuffix(".ttl").removesuffix(".rdf").removeprefix("EDC-")


def _relaxed(folder: Path, rows: Mapping[str, Row], nodes: Mapping[str, Row]) -> list[str]:
    """The shapes of which the issuer's own copy does not demand a value before it has sealed."""
    name = _short_name(BASE[0])
    theirs = Shapes(folder / ISSUER / BASE[0].replace(".ttl", ".rdf"), name)
    before = {
        each["id"]: each
        for table in (theirs.classes(), theirs.nodes())
        for row in table.values()
        for each in row.get("properties", ())
    }
    found = []
    for table in (rows, nodes):
        for row in table.values():
            for each in row.get("properties", ()):
                if not each["id"].startswith(f"{name}/"):
                    continue
                other = before[each["id"]]
                same = {key: value for key, value in each.items() if key not in {"min", "label"}}
                assert same == {key: value for key, value in other.items() if key not in {"min", "label"}}, each["id"]
                if each.get("min") != other.get("min"):
                    assert "min" not in other, f"{each['id']}: the issuer demands more"
                    found.append(each["id"])
    return sorted(found)


# --- the table


def extracted(folder: Path) -> dict[str, Any]:
    """The whole table."""
    keys, classes = terms(folder)
    shapes: dict[str, Row] = {}
    nodes: dict[str, Row] = {}
    for file in BASE:
        one = Shapes(folder / VERSION / file, _short_name(file))
        for iri, row in one.classes().items():
            there = shapes.setdefault(iri, {"label": row["label"], "properties": []})
            there["properties"] += row["properties"]
        nodes |= one.nodes()
    profiles: dict[str, Row] = {}
    for file in PROFILES:
        one = Shapes(folder / VERSION / f"{file}.ttl", _short_name(file))
        (about,) = one.graph.subjects(RDF.type, OWL.Ontology)
        more: Row = {"imports": sorted(str(each) for each in one.graph.objects(about, OWL.imports))}
        more["shapes"] = {iri: each["properties"] for iri, each in sorted(one.classes().items())}
        more["nodes"] = one.nodes()
        profiles[str(about)] = more
    files = [*(f"{VERSION}/{each}" for each in (*BASE, *(f"{one}.ttl" for one in PROFILES), CONTEXTS[0]))]
    files += [CONTEXTS[1], f"{ISSUER}/{BASE[0].replace('.ttl', '.rdf')}"]
    return {
        "version": VERSION,
        "made_from": {each: hashlib.sha256((folder / each).read_bytes()).hexdigest() for each in files},
        "prefixes": PREFIXES,
        "scope": SCOPE,
        "terms": keys,
        "classes": classes,
        "shapes": dict(sorted(shapes.items())),
        "nodes": nodes,
        "profiles": profiles,
        "before_seal": _relaxed(folder, shapes, nodes),
    }


def rendered(table: Mapping[str, Any]) -> str:
    """The table as JSON with one row a line, so that a difference can be read."""
    return f"{_lines(table, 0)}\n"


def _lines(value: Any, depth: int) -> str:
    inline = json.dumps(value, ensure_ascii=False)
    flat = not isinstance(value, dict | list) or not any(isinstance(each, dict | list) for each in _members(value))
    if flat and len(inline) < 400 and depth > 1:
        return inline
    space = " " * (depth + 1)
    if isinstance(value, dict):
        inner = [f"{space}{json.dumps(key)}: {_lines(each, depth + 1)}" for key, each in value.items()]
        return "{\n" + ",\n".join(inner) + "\n" + " " * depth + "}"
    if isinstance(value, list):
        inner = [f"{space}{json.dumps(each, ensure_ascii=False)}" for each in value]
        return "[\n" + ",\n".join(inner) + "\n" + " " * depth + "]"
    return inline


def _members(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def main() -> int:
    """Compare with the committed table, and rewrite it if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder that holds 3.2/ and issuer-2.2.2/")
    parser.add_argument("--write", action="store_true", help="rewrite the table; else only show what would change")
    asked = parser.parse_args()
    text = rendered(extracted(asked.folder))
    old = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    changed = difflib.unified_diff(old.split("\n"), text.split("\n"), "committed", "published", lineterm="")
    sys.stdout.writelines(f"{line}\n" for line in changed)
    if asked.write:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(text, encoding="utf-8")
    return int(text != old and not asked.write)


if __name__ == "__main__":
    sys.exit(main())
