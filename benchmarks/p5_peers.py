"""P5: ELMO to validated records, against libraries that turn XML into Python objects and do less.

The goal is three: 30 times as fast as ``xmlschema``, 13 times as ``xsdata``, 2.7 times as ``xmltodict``. The last is
the hardest and stands as the goal; the table says how the other two came out. Like is compared with like: of the peers
only ``xmlschema`` validates, so it is to be held against the line with XSD and the others against the one without.
"""

from __future__ import annotations

from time import process_time

from lxml import etree
from measure import Goal, Way, compare, elmo_document, in_turn, optional
from p2_elmo_validated import classes

from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables

GOAL = Goal("P5", "ELMO → records, against peers that do less", most=1 / 2.7, stretch=1 / 3, base="xmltodict")


def main() -> None:
    """Measure the goal beside what a user would run instead."""
    documents = [elmo_document(seed=seed) for seed in range(8)]
    blind, next_, dicts, bound, validated = (in_turn(documents) for _ in range(5))
    mappers = {choice: ElmoMapper(Tables(), {"validate": choice}) for choice in ("yes", "no")}

    def ours(data: bytes, validate: str) -> tuple[list[Read], Luggage]:
        luggage = Luggage()
        return list(mappers[validate].read(Source("elmo.xml", data), luggage)), luggage

    (read,), luggage = ours(documents[0], "yes")
    assert len(read.record.achievements) == 100
    assert not len(luggage.report)
    ways = [
        Way("mcbridge", lambda: ours(blind(), "no"), "records with typed values, losses, strays"),
        Way("mcbridge, XSD", lambda: ours(next_(), "yes"), "and validated"),
    ]
    if xmltodict := optional("xmltodict"):
        assert len(xmltodict.parse(documents[0])["elmo"]["report"]["learningOpportunitySpecification"]) == 100
        ways.insert(0, Way("xmltodict", lambda: xmltodict.parse(dicts()), "dictionaries of strings"))
    if xsdata := optional("xsdata.formats.dataclass.parsers"):
        parser, root = xsdata.XmlParser(), classes()
        ways.append(
            Way("xsdata", lambda: parser.from_bytes(bound(), root), "dataclasses of strings; goal: 13 × as fast")
        )
    if optional("xmlschema"):
        library = _xml.schema("elmo/1.7").library
        ways.append(
            Way(
                "xmlschema to_dict",
                lambda: library.to_dict(etree.fromstring(validated())),
                "validated dictionaries; goal: 30 × as fast",
            )
        )
    compare(GOAL, ways, size=len(documents[0]), clock=process_time)


if __name__ == "__main__":
    main()
