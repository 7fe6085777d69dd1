"""P4: canonical to ELMO bytes, against parsing what was written.

The record is one that was read from ELMO, and, as a second figure, the same as if it came from another format.
"""

from __future__ import annotations

from io import BytesIO
from time import process_time

from lxml import etree
from lxml.etree import SubElement
from measure import Goal, Way, compare, elmo_document, optional
from msgspec.structs import replace

from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables

GOAL = Goal("P4", "canonical → ELMO bytes", most=1.5, stretch=1.2, base="lxml parse of the result")


def main() -> None:
    """Measure the goal beside what a user would run instead."""
    mapper = ElmoMapper(Tables(), {"validate": "no"})
    checked = ElmoMapper(Tables(), {})
    (read,) = mapper.read(Source("elmo.xml", elmo_document()), Luggage())
    assert read.record.document is not None
    elsewhere = read.located(replace(read.record, document=replace(read.record.document, format="edc")))

    def written(by: ElmoMapper, one: Read) -> bytes:
        luggage, sink = Luggage(to="elmo"), BytesIO()
        assert by.write([one], sink, luggage) == 1
        assert not len(luggage.losses)
        return sink.getvalue()

    data = written(mapper, read)
    assert data == written(checked, elsewhere)
    tree = etree.fromstring(data)

    def again(element: etree._Element, above: etree._Element) -> None:
        one = SubElement(above, element.tag, element.attrib)
        one.text = element.text
        for child in element:
            again(child, one)

    def elements() -> bytes:
        root = etree.Element(tree.tag, nsmap=tree.nsmap)
        for child in tree:
            again(child, root)
        return etree.tostring(root, encoding="utf-8")

    ways = [
        Way("lxml parse of the result", lambda: etree.fromstring(data), "a tree"),
        Way("mcbridge", lambda: written(mapper, read), "a record of ELMO, losses named"),
        Way("mcbridge, from elsewhere", lambda: written(mapper, elsewhere), "and its codes looked up"),
        Way(
            "mcbridge, from elsewhere, XSD", lambda: written(checked, elsewhere), "and validated, which is the default"
        ),
        Way("lxml SubElement", elements, "a tree of what is known already, serialised"),
    ]
    if xmltodict := optional("xmltodict"):
        known = xmltodict.parse(data)
        ways.append(Way("xmltodict unparse", lambda: xmltodict.unparse(known), "from dictionaries of strings"))
    compare(GOAL, ways, size=len(data), clock=process_time)


if __name__ == "__main__":
    main()
