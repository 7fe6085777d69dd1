"""P7: a European Digital Credential to canonical, without RDF, against decoding its JSON alone."""

from __future__ import annotations

import json

import msgspec
from credential import edc_document
from measure import Goal, Way, compare, optional

from mcbridge.mappers.edc import EdcMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables

GOAL = Goal("P7", "EDC JSON-LD → canonical, no RDF", most=4.0, stretch=2.5, base="msgspec untyped decode")


def main() -> None:
    """Measure the goal beside what a user would run instead."""
    data = edc_document()
    tables = Tables()
    unchecked = {"validate": "no"}
    mapper = EdcMapper(tables, unchecked)
    checked = EdcMapper(tables, {})

    def read_by(reader: EdcMapper) -> tuple[list[Read], Luggage]:
        luggage = Luggage()
        return list(reader.read(Source("credential.json", data), luggage)), luggage

    def ours() -> tuple[list[Read], Luggage]:
        return read_by(mapper)

    (read,), luggage = ours()
    assert len(read.record.achievements[0].specification.learning_outcomes) == 8
    assert len(read.record.organisations) == 2
    assert not len(luggage.losses)
    ways = [
        Way("msgspec untyped decode", lambda: msgspec.json.decode(data), "dictionaries of strings"),
        Way("mcbridge", ours, "a record with typed values, strict JSON, strays, pictures by their SHA-256"),
        Way(
            "mcbridge, first of a run", lambda: read_by(EdcMapper(tables, unchecked)), "the same, no concept met before"
        ),
        Way(
            "mcbridge, checked", lambda: read_by(checked), "and held against the structure of ELM, which is the default"
        ),
        Way("json.loads", lambda: json.loads(data), "dictionaries of strings"),
    ]
    if jsonld := optional("pyld.jsonld"):
        # The contexts are not at hand: what is taken away is the part that can be expanded without them.
        graph = {**json.loads(data), "@context": {"@vocab": "http://data.europa.eu/snb/model/elm/"}}
        ways.append(Way("PyLD expand", lambda: jsonld.expand(graph), "expanded by a one-line context"))
    compare(GOAL, ways, size=len(data))


if __name__ == "__main__":
    main()
