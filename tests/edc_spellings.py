"""One credential spelled in other ways that say the same in JSON-LD: nodes once, by reference, flattened, in arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

ROOT: Final = "urn:credential:"
LISTS: Final = frozenset({"Concept", "ConceptScheme", "ShaclValidator2017"})
"""Classes of what is said again wherever it stands."""


def _is_node(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("id"), str) or len(value) < 3:
        return False
    return isinstance(value.get("type"), str) and value["type"] not in LISTS


def _again(document: Any, said: Callable[[str, Any], Any]) -> Any:
    """The document with each node in full where it first stands, and something else wherever it stands again."""
    seen: dict[str, Any] = {}

    def walk(value: Any, key: str) -> Any:
        if isinstance(value, list):
            return [walk(each, key) for each in value]
        if not isinstance(value, dict):
            return value
        if _is_node(value):
            if seen.setdefault(value["id"], value) != value:
                return {name: walk(each, name) for name, each in value.items()}
            if seen[value["id"]] is not value:
                return said(key, value)
        return {name: walk(each, name) for name, each in value.items()}

    return walk(document, "")


def stubbed(document: Any) -> Any:
    """What stands again is a reference with its class."""
    return _again(document, lambda _, node: {"id": node["id"], "type": node["type"]})


def named(document: Any) -> Any:
    """What stands again is an IRI alone."""
    return _again(document, lambda _, node: node["id"])


def backwards(document: Any) -> Any:
    """The keys of each node the other way round, so that references come before what they lead to."""
    if isinstance(document, dict):
        items = [(key, backwards(each)) for key, each in document.items()]
        return dict(reversed(items) if "type" in document else items)
    return [backwards(each) for each in document] if isinstance(document, list) else document


def flattened(document: Any) -> Any:
    """All nodes beside one another, which refer to each other by the keywords of JSON-LD."""
    nodes: dict[str, Any] = {}

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(each) for each in value]
        if not isinstance(value, dict) or "id" not in value:
            return {key: walk(each) for key, each in value.items()} if isinstance(value, dict) else value
        name = value["id"]
        if name not in nodes:
            nodes[name] = {}
            body = {key: walk(each) for key, each in value.items() if key not in {"id", "type", "@context"}}
            nodes[name].update({"@id": name, "@type": value["type"]} if "type" in value else {"@id": name}, **body)
        return {"@id": name}

    walk(document)
    return {"@context": document["@context"], "@graph": list(nodes.values())[::-1]}


def listed(document: Any) -> Any:
    """Every value in an array of its own."""
    if isinstance(document, dict):
        return {key: each if key in {"id", "@context"} else _list(listed(each)) for key, each in document.items()}
    return [listed(each) for each in document] if isinstance(document, list) else document


def _list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


SPELLINGS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "stubbed": stubbed,
    "named": named,
    "flattened": flattened,
    "listed": listed,
}
