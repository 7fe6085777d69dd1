"""P14: a European Digital Credential held against the published shapes, and against their facts without RDF.

The first comparison needs the published files (``../shared/official``, or the folder that ``MCBRIDGE_SHARED`` names);
without them it is left out. The second takes the published sample, or else an invented document of the same make.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import msgspec
from credential import edc_document
from measure import Goal, Way, compare, optional

from mcbridge.mappers.edc.structure import SEALED, UPLOADABLE, Structure, official, profiles
from mcbridge.tables import Tables

SHAPES = Goal("P14", "SHACL check of one EDC, shapes compiled", most=1.2, stretch=1.1, base="pyoxigraph + shacl")
STRUCTURE = Goal("P14b", "structural check of one EDC, no RDF", most=2.0, stretch=1.5, base="json.loads")
PUBLISHED = Path(os.environ.get("MCBRIDGE_SHARED", Path(__file__).parents[2] / "shared")) / "official"
SAMPLE = PUBLISHED / "edc" / "samples" / "Sample-MC-Annex1-signed.jsonld"


def document() -> tuple[bytes, str]:
    """A credential, and the mode in which it is in order."""
    if SAMPLE.exists():
        return json.loads(SAMPLE.read_bytes())["payload"].encode(), SEALED
    return edc_document(), UPLOADABLE


def by_shapes(data: bytes, mode: str) -> None:
    """The published shapes, beside the bare libraries."""
    pyoxigraph = optional("pyoxigraph")
    if not (PUBLISHED / "edc").is_dir() or pyoxigraph is None or optional("shacl") is None:
        print(f"P14  left out: the published shapes ({PUBLISHED / 'edc'}) or the extra shacl are not here")
        return
    judge = official.published(PUBLISHED, mode, frozenset())
    credential: dict[str, Any] = json.loads(data)
    inlined = msgspec.json.encode(credential | {"@context": msgspec.Raw(judge.contexts)})

    def bare() -> Any:
        quads = pyoxigraph.parse(inlined, format=pyoxigraph.RdfFormat.JSON_LD)
        triples = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
        return judge.shapes.validate_text(triples.decode(), format="ntriples")

    def ours() -> Any:
        return list(judge.findings(credential))

    assert bare().conforms
    assert ours() == []
    ways = [
        Way("pyoxigraph + shacl", bare, "a verdict; contexts inline, and whoever has none conforms"),
        Way("mcbridge", ours, "contexts from the store, one credential is there, the default graph only"),
    ]
    if (pyshacl := optional("pyshacl")) and (rdflib := optional("rdflib")):
        shapes = rdflib.Graph()
        for name in ("EDC-generic-no-cv.ttl", "EDC-generic-full.ttl"):
            shapes.parse(PUBLISHED / "edc" / "3.2" / name)
        shapes.remove((None, rdflib.OWL.imports, None))
        quads = pyoxigraph.parse(inlined, format=pyoxigraph.RdfFormat.JSON_LD)
        triples = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.N_TRIPLES)
        graph = rdflib.Graph().parse(data=triples, format="nt")
        ways.append(
            Way("pyshacl", lambda: pyshacl.validate(graph, shacl_graph=shapes), "a verdict on RDF that is made")
        )
    compare(SHAPES, ways, size=len(data))


def by_facts(data: bytes, mode: str) -> None:
    """The structural check, beside reading the JSON."""
    structure = Structure(Tables())
    credential = json.loads(data)
    named = profiles(credential)
    assert structure.findings(credential, mode) == []
    assert structure.examined({**credential, "issuer": None}, mode, named) or mode == UPLOADABLE
    compare(
        STRUCTURE,
        [
            Way("json.loads", lambda: json.loads(data), "dictionaries of strings"),
            Way("mcbridge", lambda: structure.findings(credential, mode), "whether all is in order"),
            Way(
                "mcbridge, in doubt", lambda: structure.examined(credential, mode, named), "and what is not, and where"
            ),
        ],
        size=len(data),
    )


def main() -> None:
    """Measure both ways of checking."""
    data, mode = document()
    by_shapes(data, mode)
    by_facts(data, mode)


if __name__ == "__main__":
    main()
