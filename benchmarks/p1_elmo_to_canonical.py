"""P1: ELMO to canonical with its loss ledger, without the schema, against parsing alone.

Without the schema's verdict ``mcbridge`` looks for strays itself, so nothing is lost here either.
"""

from __future__ import annotations

from lxml import etree
from measure import Goal, Way, compare, elmo_document, optional

from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables

GOAL = Goal("P1", "ELMO bytes → canonical, with loss ledger, no XSD", most=3.0, stretch=2.6, base="lxml parse")


def main() -> None:
    """Measure the goal beside what a user would run instead."""
    data = elmo_document()
    mapper = ElmoMapper(Tables(), {"validate": "no"})

    def ours() -> tuple[list[Read], Luggage]:
        luggage = Luggage()
        return list(mapper.read(Source("elmo.xml", data), luggage)), luggage

    def walk() -> object:
        return [(element.tag, element.text) for element in etree.fromstring(data).iter()]

    (read,), luggage = ours()
    assert len(read.record.achievements) == 100
    assert not len(luggage.losses)
    assert not len(luggage.report)
    ways = [
        Way("lxml parse", lambda: etree.fromstring(data), "a tree, no values"),
        Way("mcbridge", ours, "records with typed values, losses, strays"),
        Way("lxml parse + tag and text", walk, "the least that Python does with each element"),
    ]
    if xmltodict := optional("xmltodict"):
        ways.append(Way("xmltodict", lambda: xmltodict.parse(data), "dictionaries of strings"))
    compare(GOAL, ways, size=len(data))


if __name__ == "__main__":
    main()
