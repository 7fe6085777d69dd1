"""P2: what P1 does and validation by the schema, against parsing alone."""

from __future__ import annotations

from dataclasses import make_dataclass
from time import process_time
from typing import Any

from lxml import etree
from measure import Goal, Way, compare, elmo_document, in_turn, optional

from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables

GOAL = Goal("P2", "ELMO bytes → canonical, validated by the XSD", most=3.6, stretch=3.2, base="lxml parse")


def main() -> None:
    """Measure the goal beside what a user would run instead."""
    documents = [elmo_document(seed=seed) for seed in range(8)]
    parsed, next_, judged, bound, dicts = (in_turn(documents) for _ in range(5))
    mapper = ElmoMapper(Tables(), {})
    schema = _xml.schema("elmo/1.7")
    compiled = schema.compiled

    def ours() -> tuple[list[Read], Luggage]:
        luggage = Luggage()
        return list(mapper.read(Source("elmo.xml", next_()), luggage)), luggage

    (read,), luggage = ours()
    assert len(read.record.achievements) == 100
    assert not len(luggage.losses)
    assert not len(luggage.report)
    ways = [
        Way("lxml parse", lambda: etree.fromstring(parsed()), "a tree, no values"),
        Way("mcbridge", ours, "validated, records with typed values, losses"),
        Way(
            "lxml parse + XSD", lambda: compiled.validate(etree.fromstring(judged())), "a verdict and a tree, no values"
        ),
    ]
    if xsdata := optional("xsdata.formats.dataclass.parsers"):
        parser, root = xsdata.XmlParser(), classes()
        courses = parser.from_bytes(documents[0], root).report[0].learningOpportunitySpecification
        assert len(courses) == 100
        ways.append(Way("xsdata", lambda: parser.from_bytes(bound(), root), "dataclasses of strings, not validated"))
    if optional("xmlschema"):
        library = schema.library
        ways.append(
            Way("xmlschema to_dict", lambda: library.to_dict(etree.fromstring(dicts())), "validated dictionaries")
        )
    compare(GOAL, ways, size=len(documents[0]), clock=process_time)


def classes() -> Any:
    """Dataclasses for the elements of the generated document, as xsdata wants them."""
    namespace = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
    tree: dict[str, Any] = {}
    for element in etree.fromstring(elmo_document()).iter():
        spot = tree
        for above in (*reversed(list(element.iterancestors())), element):
            spot = spot.setdefault(etree.QName(above).localname, {})
        spot.update({f"@{name}": None for name in element.attrib})

    def made(name: str, inside: dict[str, Any], *, top: bool = False) -> type:
        import dataclasses

        fields: list[tuple[str, Any, Any]] = []
        for child, more in inside.items():
            if child.startswith("@"):
                meta = {"type": "Attribute", "name": child.rpartition("}")[2].lstrip("@")}
                if "}" in child:
                    meta["namespace"] = child[2:].partition("}")[0]
                fields.append((meta["name"], str | None, dataclasses.field(default=None, metadata=meta)))
            else:
                kind = made(child, more) if more else str
                meta = {"type": "Element", "namespace": namespace}
                fields.append((child, list[kind], dataclasses.field(default_factory=list, metadata=meta)))
        if not any(not child.startswith("@") for child in inside):
            fields.append(("value", str, dataclasses.field(default="", metadata={"type": "Text"})))
        named = type("Meta", (), {"name": name, "namespace": namespace})
        return make_dataclass(name.title(), fields, namespace={"Meta": named} if top else {})

    return made("elmo", tree["elmo"], top=True)


if __name__ == "__main__":
    main()
