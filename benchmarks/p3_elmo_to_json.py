"""P3: ELMO to canonical JSON bytes, with the loss ledger, against parsing alone."""

from __future__ import annotations

from io import BytesIO
from time import process_time

import msgspec
from lxml import etree
from measure import Goal, Way, compare, elmo_document, in_turn, optional

from mcbridge.mappers.canonical import CanonicalMapper
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables

GOAL = Goal("P3", "ELMO bytes → canonical JSON bytes, no XSD", most=3.4, stretch=2.8, base="lxml parse")


def main() -> None:
    """Measure the goal beside what a user would run instead."""
    documents = [elmo_document(seed=seed) for seed in range(8)]
    tables = Tables()
    elmo, canonical = ElmoMapper(tables, {"validate": "no"}), CanonicalMapper(tables, {})
    parsed, next_, read, dicts = (in_turn(documents) for _ in range(4))

    def ours() -> bytes:
        luggage, sink = Luggage(), BytesIO()
        canonical.write(elmo.read(Source("elmo.xml", next_()), luggage), sink, luggage)
        return sink.getvalue()

    assert len(msgspec.json.decode(ours())["achievements"]) == 100
    ways = [
        Way("lxml parse", lambda: etree.fromstring(parsed()), "a tree, no values"),
        Way("mcbridge", ours, "typed values checked for strays, losses, and JSON"),
        Way(
            "mcbridge, no JSON",
            lambda: list(elmo.read(Source("elmo.xml", read()), Luggage())),
            "what P1 measures: the records alone",
        ),
    ]
    if xmltodict := optional("xmltodict"):
        ways.append(
            Way("xmltodict + msgspec", lambda: msgspec.json.encode(xmltodict.parse(dicts())), "strings, XML names")
        )
    compare(GOAL, ways, size=len(documents[0]), clock=process_time)


if __name__ == "__main__":
    main()
