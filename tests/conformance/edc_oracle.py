"""What the published material says of a credential: shapes, context, and which class has which property.

The JSON-LD contexts are put inline, so nothing is fetched. A file without the credential
node would have no focus node at all and conform, so that node is asserted first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
from pyld import jsonld
from rdflib import OWL, RDF, Graph, Namespace, URIRef

SH = Namespace("http://www.w3.org/ns/shacl#")
ELM = Namespace("http://data.europa.eu/snb/model/elm/")
SHAPES = ("EDC-generic-no-cv.rdf", "EDC-generic-full.rdf")
FREE = {"@context", "id", "type"}
WITHOUT_SHAPE = {"ConceptScheme", "Mailbox", "ShaclValidator2017", "VerifiableCredential"}
"""Classes of which the shapes name no property; they have an id, and a concept scheme nothing else."""


def edc_folder(shared: Path) -> Path:
    """Where the published material on European Digital Credentials is."""
    return shared / "official" / "edc"


@cache
def shapes(shared: Path) -> Graph:
    """The issuer's own shapes before sealing, both parts, without the import that would be fetched."""
    graph = Graph()
    for name in SHAPES:
        graph.parse(edc_folder(shared) / "issuer-2.2.2" / name, format="xml")
    graph.remove((None, OWL.imports, None))
    return graph


@cache
def published(shared: Path) -> Graph:
    """The shapes of ELM 3.2 as published, which demand what the seal brings, too."""
    graph = Graph()
    for name in SHAPES:
        graph.parse(edc_folder(shared) / "3.2" / name.replace(".rdf", ".ttl"), format="turtle")
    graph.remove((None, OWL.imports, None))
    return graph


@cache
def contexts(shared: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The W3C credentials context and that of ELM 3.2."""
    names = ("w3c-credentials-v1.jsonld", "3.2/edc-ap-context.jsonld")
    w3c, elm = (json.loads((edc_folder(shared) / name).read_text(encoding="utf-8"))["@context"] for name in names)
    return w3c, elm


@cache
def terms(shared: Path) -> frozenset[str]:
    """The keys that the contexts know within a credential."""
    w3c, elm = contexts(shared)
    return frozenset(elm) | frozenset(w3c["VerifiableCredential"]["@context"]) | FREE


@cache
def properties(shared: Path) -> dict[str, frozenset[str]]:
    """The keys that the shapes name for each class, by its name in JSON. What else an object holds is dropped."""
    graph, elm = shapes(shared), contexts(shared)[1]
    w3c = contexts(shared)[0]["VerifiableCredential"]["@context"]
    keys: dict[str, set[str]] = {}
    prefixes = {name: iri for name, iri in (*elm.items(), *w3c.items()) if isinstance(iri, str) and "://" in iri}
    for key, meaning in (*elm.items(), *w3c.items()):
        short = meaning.get("@id") if isinstance(meaning, dict) else meaning
        if isinstance(short, str) and ":" in short:
            prefix, _, rest = short.partition(":")
            keys.setdefault(prefixes.get(prefix, f"{prefix}:") + rest, set()).add(key)
    found: dict[str, set[str]] = {}
    for shape, class_ in graph.subject_objects(SH.targetClass):
        for name in keys.get(str(class_), ()):
            paths = (graph.value(each, SH.path) for each in graph.objects(shape, SH.property))
            found.setdefault(name, set()).update(key for path in paths for key in keys.get(str(path), ()))
    return {name: frozenset(known) for name, known in found.items()}


def objects(value: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a credential that has a type, with its JSON Pointer."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, f"{pointer}/{index}")
    elif isinstance(value, dict) and "type" in value:
        yield pointer, value
        for key, item in value.items():
            yield from objects(item, f"{pointer}/{key}")


def strangers(credential: dict[str, Any], shared: Path) -> list[str]:
    """The keys that the context does not know, or that no shape names for the class they stand at."""
    known, of_class = terms(shared), properties(shared)
    found = []
    for pointer, item in objects(credential):
        classes = [item["type"]] if isinstance(item["type"], str) else item["type"]
        named = [name for name in classes if name not in WITHOUT_SHAPE]
        allowed = frozenset().union(FREE, *(of_class[name] for name in named))
        found += [f"{pointer}/{key}" for key in item if key not in known or key not in allowed]
    return found


def clashes(credential: dict[str, Any]) -> list[str]:
    """Ids that two objects with different content share."""
    seen: dict[str, Any] = {}
    found = []
    for pointer, item in objects(credential):
        if seen.setdefault(item["id"], item) != item:
            found.append(f"{pointer}: {item['id']}")
    return found


FORMS = {
    "xsd:dateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
    "xsd:duration": re.compile(r"-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"),
    "xsd:integer": re.compile(r"-?\d+"),
    "xsd:positiveInteger": re.compile(r"[1-9]\d*"),
    "xsd:boolean": re.compile("true|false"),
}
"""How values of a type are written; the library that judges by the shapes takes a day for an instant."""


def misspelt(credential: dict[str, Any], shared: Path) -> list[str]:
    """The values that are not written as the type of their key in the contexts demands."""
    w3c, elm = contexts(shared)
    meanings = {**elm, **w3c["VerifiableCredential"]["@context"]}
    types = {key: meaning.get("@type") for key, meaning in meanings.items() if isinstance(meaning, dict)}
    found = []
    for pointer, item in objects(credential):
        for key, value in item.items():
            form = FORMS.get(types.get(key) or "")
            for each in value if isinstance(value, list) else [value]:
                text = each if isinstance(each, str) else json.dumps(each)
                if form is not None and not form.fullmatch(text):
                    found.append(f"{pointer}/{key}: {text}")
    return found


def graph_of(credential: dict[str, Any], shared: Path) -> Graph:
    """The credential as RDF."""
    inlined = {**credential, "@context": list(contexts(shared))}
    quads = jsonld.to_rdf(inlined, {"format": "application/n-quads", "documentLoader": _refuse})
    return Graph().parse(data=quads, format="nt")


def _refuse(url: str, options: Any) -> Any:
    raise AssertionError(f"{url} would be fetched")


def violations(credential: dict[str, Any], shared: Path) -> str:
    """What the shapes say against it, or nothing. Asserts that there is exactly one credential to look at."""
    graph = graph_of(credential, shared)
    assert len(set(graph.subjects(RDF.type, ELM.EuropeanDigitalCredential))) == 1
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes(shared), inference="none")
    assert isinstance(report, str)
    return "" if conforms else report


def violated(credential: dict[str, Any], shared: Path) -> set[str]:
    """The properties about which the published shapes complain, by their local names."""
    graph = graph_of(credential, shared)
    assert len(set(graph.subjects(RDF.type, ELM.EuropeanDigitalCredential))) == 1
    _, report, _ = pyshacl.validate(graph, shacl_graph=published(shared), inference="none")
    assert isinstance(report, Graph)
    return {re.split("[#/]", str(path))[-1] for path in report.objects(None, SH.resultPath)}


def assert_bare(credential: dict[str, Any], shared: Path, lacks: frozenset[str] = frozenset()) -> None:
    """A credential by itself: what the published shapes ask for but for the seal's part and what the record lacks."""
    assert credential["@context"] == [
        "https://www.w3.org/2018/credentials/v1",
        "http://data.europa.eu/snb/model/context/edc-ap",
    ]
    assert not {"proof", "payload", "signatures", "deliveryDetails"} & set(credential)
    assert "eIDASIdentifier" not in credential.get("issuer", {})
    assert strangers(credential, shared) == []
    assert clashes(credential) == []
    assert misspelt(credential, shared) == []
    seal = {"issuer", "eidasLegalIdentifier"} if "issuer" in credential else set()
    assert violated(credential, shared) == lacks | seal


def assert_uploadable(document: dict[str, Any], shared: Path) -> None:
    """The file is one that the European issuer takes: by its shapes, its context, and its rules for an upload."""
    assert set(document) <= {"credential", "deliveryDetails"}
    credential = document["credential"]
    assert not {"issuer", "issued", "issuanceDate", "proof"} & set(credential)
    assert strangers(credential, shared) == []
    assert clashes(credential) == []
    assert misspelt(credential, shared) == []
    assert all(URIRef(item["id"]).n3() for _, item in objects(credential))
    assert violations(credential, shared) == ""
    if "deliveryDetails" in document:
        assert set(document["deliveryDetails"]) <= {"deliveryAddress", "displayDetails"}
        assert 1 <= len(document["deliveryDetails"]["deliveryAddress"]) <= 2
