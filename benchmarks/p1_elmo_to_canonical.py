"""P1: ELMO to canonical with its loss ledger, without the schema, against parsing alone.

Without the schema's verdict ``mcbridge`` looks for strays itself, so nothing is lost here either.
"""

from __future__ import annotations

from time import process_time

from lxml import etree
from measure import Goal, Way, compare, elmo_document, in_turn, optional

from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables

GOAL = Goal("P1", "ELMO bytes → canonical, with loss ledger, no XSD", most=3.0, stretch=2.6, base="lxml parse")


def main() -> None:
    """Measure the goal beside what a user would run instead."""
    documents = [elmo_document(seed=seed) for seed in range(8)]
    mapper = ElmoMapper(Tables(), {"validate": "no"})
    parsed, next_, walked, dicts = (in_turn(documents) for _ in range(4))

    def ours() -> tuple[list[Read], Luggage]:
        luggage = Luggage()
        return list(mapper.read(Source("elmo.xml", next_()), luggage)), luggage

    def walk() -> object:
        return [(element.tag, element.text) for element in etree.fromstring(walked()).iter()]

    (read,), luggage = ours()
    assert len(read.record.achievements) == 100
    assert not len(luggage.losses)
    assert not len(luggage.report)
    ways = [
        Way("lxml parse", lambda: etree.fromstring(parsed()), "a tree, no values"),
        Way("mcbridge", ours, "records with typed values, losses, strays"),
        Way("lxml parse + tag and text", walk, "the least that Python does with each element"),
    ]
    if xmltodict := optional("xmltodict"):
        ways.append(Way("xmltodict", lambda: xmltodict.parse(dicts()), "dictionaries of strings"))
    compare(GOAL, ways, size=len(documents[0]), clock=process_time)


if __name__ == "__main__":
    main()
