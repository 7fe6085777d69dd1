"""The published SHACL shapes, where a user has added them: RDF by pyoxigraph, judged by ``shacl``.

Shapes and contexts come from the store of ``mcbridge schemas`` and from nowhere else. A document's own ``@context`` is
put aside and the stored ones are put in its place, so nothing is ever fetched. The shapes look at the objects of the
classes that they name: a document without a credential would conform, so that is asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from mcbridge.errors import ConfigError
from mcbridge.mappers.edc.structure.examination import Finding
from mcbridge.mappers.edc.structure.rules import NO_CREDENTIAL, SEVERAL, VIOLATION
from mcbridge.mappers.edc.structure.table import GENERIC, SEALED, table
from mcbridge.schemas import State, Store, official

if TYPE_CHECKING:
    from pyoxigraph import Quad
    from shacl import Report, Shapes

CONTEXTS: Final = ("edc/w3c-credentials-v1.jsonld", "edc/3.2/edc-ap-context.jsonld")
_SHAPES: Final = {SEALED: ("edc/3.2", "ttl")}
_ISSUER: Final = ("edc/issuer-2.2.2", "rdf")
_PROFILES: Final = {
    "http://data.europa.eu/snb/model/ap/edc-accredited": ("EDC-accredited",),
    "http://data.europa.eu/snb/model/ap/edc-converted": ("EDC-converted",),
    "http://data.europa.eu/snb/model/ap/edc-diploma-supplement": ("EDC-accredited", "EDC-diplomaSupplement"),
    "http://data.europa.eu/snb/model/ap/edc-issued-by-mandate": ("EDC-issuedByMandate",),
    GENERIC: (),
}
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CLASS: Final = "http://data.europa.eu/snb/model/elm/EuropeanDigitalCredential"
_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"


class Published:
    """The shapes of one mode and some profiles, ready to judge."""

    def __init__(self, shapes: Shapes, contexts: bytes) -> None:
        self.shapes = shapes
        self.contexts = contexts

    def graph(self, credential: Mapping[str, Any] | list[Any]) -> list[Quad]:
        """What a credential says in the graph that shapes look at. Raises ``SyntaxError`` for what is no JSON-LD."""
        import pyoxigraph

        if isinstance(credential, list):
            credential = {"@graph": credential}
        body = msgspec.json.encode({key: value for key, value in credential.items() if key != "@context"})
        text = b'{"@context":' + self.contexts + (b"," if len(body) > 2 else b"") + body[1:]
        default = pyoxigraph.DefaultGraph()
        found = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.JSON_LD)
        return [quad for quad in found if quad.graph_name == default]

    def report(self, quads: Iterable[Quad]) -> Report:
        """What the shapes say."""
        import pyoxigraph

        triples = (quad.triple for quad in quads)
        text = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        return self.shapes.validate_text(text.decode(), format="ntriples")

    def findings(self, credential: Mapping[str, Any] | list[Any], lead: str = "") -> Iterator[Finding]:
        """What the shapes say against a credential, and whether there is one."""
        import pyoxigraph

        clause = "SHACL, targetClass elm:EuropeanDigitalCredential"
        try:
            quads = self.graph(credential)
        except SyntaxError as error:
            facts = {"key": "the document", "part": "it", "expected": str(error), "clause": "JSON-LD 1.1"}
            yield Finding(VIOLATION, lead, None, facts)
            return
        named, class_ = pyoxigraph.NamedNode(_TYPE), pyoxigraph.NamedNode(_CLASS)
        there = {quad.subject for quad in quads if quad.predicate == named and quad.object == class_}
        if not there:
            yield Finding(NO_CREDENTIAL, lead, None, {"clause": clause})
            return
        if len(there) > 1:
            yield Finding(SEVERAL, lead, None, {"found": len(there), "clause": clause})
        report = self.report(quads)
        if not report.conforms:
            yield from _told(report, lead, credential)


def _told(report: Report, lead: str, credential: Mapping[str, Any] | list[Any]) -> Iterator[Finding]:
    """The results of a report, at the places of their objects."""
    places = _places(credential, lead)
    for each in report.results:
        focus = each.focus_node.strip("<>")
        path = table().shorten((each.path or "").strip("<>"))
        key = table().keys.get(path, path)
        shape = (each.root_shape or each.source_shape or "").strip("<>").rpartition("/")[2]
        words = each.component.removesuffix("ConstraintComponent") + (" of " if each.value else "")
        part = focus if not focus.startswith("_:") else "an object without an id"
        facts = {"key": key, "part": part, "expected": words, "clause": f"SHACL, {shape}"}
        yield Finding(VIOLATION, places.get(focus, lead), (each.value_plain or "")[:80] or None, facts)


def _places(value: Any, place: str) -> dict[str, str]:
    """Where each object stands first, by its id."""
    found: dict[str, str] = {}
    waiting: list[tuple[Any, str]] = [(value, place)]
    while waiting:
        item, at = waiting.pop()
        if isinstance(item, Mapping):
            name = item.get("id")
            if type(name) is str:
                found.setdefault(name, at)
            waiting += [(each, f"{at}/{key}") for key, each in item.items() if type(each) in {dict, list}][::-1]
        elif type(item) is list:
            waiting += [(each, f"{at}/{pos}") for pos, each in enumerate(item)][::-1]
    return found


@lru_cache(maxsize=32)
def published(folder: Path, mode: str, profiles: frozenset[str]) -> Published:
    """The shapes of a user's store. Raises ``ConfigError`` that says what has to be installed or added."""
    try:
        import pyoxigraph
        import shacl
    except ImportError as error:
        raise ConfigError(
            f"the published shapes need the library {error.name}, which is not installed",
            hint="install mcbridge with the extra shacl: pip install 'mcbridge[shacl]'",
        ) from error
    place, suffix = _SHAPES.get(mode, _ISSUER)
    names = dict.fromkeys(("EDC-generic-no-cv", "EDC-generic-full"))
    names |= dict.fromkeys(name for each in sorted(profiles) for name in _PROFILES.get(each, ()))
    paths = [f"{place}/{name}.{suffix}" for name in names]
    _demand(folder, [*paths, *CONTEXTS])
    forms = {"ttl": pyoxigraph.RdfFormat.TURTLE, "rdf": pyoxigraph.RdfFormat.RDF_XML}
    quads = [
        quad.triple
        for path in paths
        for quad in pyoxigraph.parse((folder / path).read_bytes(), format=forms[suffix], rename_blank_nodes=True)
        if quad.predicate.value != _IMPORTS
    ]
    text = (pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"").decode()
    contexts = [msgspec.json.decode((folder / path).read_bytes())["@context"] for path in CONTEXTS]
    return Published(shacl.Shapes.from_text(text, format="ntriples"), msgspec.json.encode(contexts))


def _demand(folder: Path, paths: Iterable[str]) -> None:
    store = Store(folder)
    wanting = [path for path in paths if store.state(path) is not State.PRESENT]
    if wanting:
        said = ", ".join(official().files[path].name for path in wanting)
        raise ConfigError(
            f"the published shapes are not there as a whole; missing, or changed since they were added: {said}",
            where=str(folder),
            hint="mcbridge schemas add FILE takes each; mcbridge schemas list says where they come from",
        )
