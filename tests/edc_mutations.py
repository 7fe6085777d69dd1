"""Changes to one property of one object of a credential: some break it, some must not. Each returns whether it did any.

They change the JSON, as senders do: what that means in RDF, the judges say.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from tests.edc_specimens import ASIDE, IMPOSSIBLE, Maker, Node, Rows, classes, rows

NOWHERE: Final = "urn:epass:nowhere:1"


class Spot(NamedTuple):
    """Where something is changed: a property of an object of a document."""

    root: Node
    node: Node
    row: Rows
    maker: Maker

    @property
    def value(self) -> Any:
        """What stands there."""
        return self.node[self.row.key]

    def put(self, value: Any) -> bool:
        """Put something else there."""
        self.node[self.row.key] = value
        return True

    @property
    def inner(self) -> Node | None:
        """The object that stands there, if one does and it is no text by language."""
        return self.value if isinstance(self.value, dict) and "type" in self.value else None

    @property
    def scheme(self) -> Node | None:
        """The list of the concept that stands there."""
        return self.inner.get("inScheme") if self.inner is not None else None

    @property
    def texts(self) -> Node | None:
        """The texts by language that stand there."""
        return self.value if self.row.datatype == "rdf:langString" else None


Mutation = Callable[[Spot], bool]


def delete(spot: Spot) -> bool:
    del spot.node[spot.row.key]
    return True


def null(spot: Spot) -> bool:
    return spot.put(None)


def empty(spot: Spot) -> bool:
    return spot.put([])


def in_array(spot: Spot) -> bool:
    return spot.texts is None and spot.put([spot.value])


def texts_in_array(spot: Spot) -> bool:
    return spot.texts is not None and spot.put([spot.value])


def in_arrays(spot: Spot) -> bool:
    return spot.texts is None and spot.put([[spot.value]])


def same_twice(spot: Spot) -> bool:
    return spot.texts is None and spot.put([spot.value, copy.deepcopy(spot.value)])


def another(spot: Spot) -> bool:
    if spot.texts is not None:
        spot.texts["hr"] = "i na hrvatskom"
        return True
    other = spot.maker.value(spot.row)
    return other != spot.value and spot.put([spot.value, other])


def two_of_a_language(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"en": ["one", "two"]})


def same_text_twice(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"en": ["one", "one"]})


def text_in_array(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"en": ["one"]})


def languages_by_case(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"en": "one", "EN": "two"})


def capital_language(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"EN-gb": "one"})


def no_language(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"@none": "one"})


def odd_language(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"English words": "one"})


def number_in_language(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"en": 7})


def null_in_language(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"en": None})


def empty_text(spot: Spot) -> bool:
    return spot.texts is not None and spot.put({"en": ""})


def plain_text(spot: Spot) -> bool:
    return spot.put("plain text" if spot.inner is None else NOWHERE)


def relative(spot: Spot) -> bool:
    return spot.inner is not None and spot.put("organisation-1")


def number(spot: Spot) -> bool:
    return spot.put(7)


def fraction(spot: Spot) -> bool:
    return spot.put(2.5)


def big(spot: Spot) -> bool:
    return spot.inner is None and spot.texts is None and spot.put(101)


def zero(spot: Spot) -> bool:
    return spot.inner is None and spot.texts is None and spot.put(0)


def negative(spot: Spot) -> bool:
    return spot.inner is None and spot.texts is None and spot.put("-3")


def digits(spot: Spot) -> bool:
    return spot.inner is None and spot.texts is None and spot.put("12")


def truth(spot: Spot) -> bool:
    return spot.put(True)


def bare_date(spot: Spot) -> bool:
    return spot.row.datatype == "xsd:dateTime" and spot.put("2025-03-01")


def no_such_day(spot: Spot) -> bool:
    return spot.row.datatype == "xsd:dateTime" and spot.put("2025-02-30T00:00:00Z")


def without_zone(spot: Spot) -> bool:
    return spot.row.datatype == "xsd:dateTime" and spot.put("2025-02-28T00:00:00")


def with_zone(spot: Spot) -> bool:
    return spot.row.datatype == "xsd:dateTime" and spot.put("2025-02-28T00:00:00.25+05:30")


def words(spot: Spot) -> bool:
    return spot.row.datatype is not None and spot.texts is None and spot.put("some words")


def odd_duration(spot: Spot) -> bool:
    return spot.row.datatype == "xsd:duration" and spot.put("60H")


def fine_duration(spot: Spot) -> bool:
    return spot.row.datatype == "xsd:duration" and spot.put("P1Y2M3DT4H5M6.5S")


def an_object(spot: Spot) -> bool:
    return spot.inner is None and spot.put({"id": "urn:epass:thing:77", "type": "WebResource", "contentURL": "urn:x"})


def retyped(spot: Spot) -> bool:
    if spot.inner is None:
        return isinstance(spot.value, str) and spot.put(NOWHERE)
    return spot.inner.update(type="Phone" if spot.inner["type"] == "Mailbox" else "Mailbox") is None


def untyped(spot: Spot) -> bool:
    return spot.inner is not None and bool(spot.inner.pop("type"))


def nonsense_type(spot: Spot) -> bool:
    return spot.inner is not None and spot.inner.update(type="Nonsense") is None


def type_in_array(spot: Spot) -> bool:
    inner = spot.inner
    return inner is not None and isinstance(inner["type"], str) and inner.update(type=[inner["type"]]) is None


def second_type(spot: Spot) -> bool:
    inner = spot.inner
    return inner is not None and isinstance(inner["type"], str) and inner.update(type=[inner["type"], "Note"]) is None


def full_type(spot: Spot) -> bool:
    inner = spot.inner
    if inner is None or not isinstance(inner["type"], str):
        return False
    inner["type"] = {"Concept": "skos:Concept"}.get(
        inner["type"], f"http://data.europa.eu/snb/model/elm/{inner['type']}"
    )
    return True


def unnamed(spot: Spot) -> bool:
    return spot.inner is not None and bool(spot.inner.pop("id"))


def oddly_named(spot: Spot) -> bool:
    return spot.inner is not None and spot.inner.update(id="thing 1") is None


def by_keywords(spot: Spot) -> bool:
    inner = spot.inner
    return inner is not None and inner.update({"@id": inner.pop("id"), "@type": inner.pop("type")}) is None


def bare_reference(spot: Spot) -> bool:
    inner = spot.inner
    if inner is None or ASIDE in spot.root:
        return False
    spot.root[ASIDE] = inner
    return spot.put(inner["id"])


def stub(spot: Spot) -> bool:
    inner = spot.inner
    if inner is None or ASIDE in spot.root:
        return False
    spot.root[ASIDE] = inner
    return spot.put({"id": inner["id"]})


def stub_of_nothing(spot: Spot) -> bool:
    inner = spot.inner
    return inner is not None and spot.put({"id": inner["id"], "type": inner["type"]})


def split(spot: Spot) -> bool:
    inner = spot.inner
    if inner is None or ASIDE in spot.root:
        return False
    keys = [key for key in inner if key not in {"id", "type"}]
    spot.root[ASIDE] = {"id": inner["id"]} | {key: inner.pop(key) for key in keys[::2]}
    return True


def repeated(spot: Spot) -> bool:
    inner = spot.inner
    if inner is None or ASIDE in spot.root:
        return False
    spot.root[ASIDE] = copy.deepcopy(inner)
    return True


def contradicted(spot: Spot) -> bool:
    """The object of the property says something else elsewhere."""
    if ASIDE in spot.root or spot.node is spot.root:
        return False
    spot.root[ASIDE] = {"id": spot.node["id"], spot.row.key: spot.maker.value(spot.row)}
    return True


def other_scheme(spot: Spot) -> bool:
    return spot.scheme is not None and spot.scheme.update(id="http://data.europa.eu/snb/other/25831c2") is None


def no_scheme(spot: Spot) -> bool:
    return spot.inner is not None and spot.inner.pop("inScheme", None) is not None


def untyped_scheme(spot: Spot) -> bool:
    return spot.scheme is not None and bool(spot.scheme.pop("type"))


def bare_scheme(spot: Spot) -> bool:
    if spot.scheme is None:
        return False
    spot.value["inScheme"] = spot.scheme["id"]
    return True


def two_schemes(spot: Spot) -> bool:
    if spot.scheme is None:
        return False
    spot.value["inScheme"] = [{"id": "https://lists.example.org/other", "type": "ConceptScheme"}, spot.scheme]
    return True


def unknown_key(spot: Spot) -> bool:
    spot.node["studentNumber"] = {"id": "urn:epass:person:99", "type": "Person"}
    return True


def misplaced_key(spot: Spot) -> bool:
    key = "levelOfCompletion" if "levelOfCompletion" not in spot.node else "page"
    spot.node[key] = 3
    return True


def misplaced_fault(spot: Spot) -> bool:
    """What stands at a wrong place is an object all the same, and looked at."""
    if spot.node.get("type") == "Person" or ASIDE in spot.node:
        return False
    spot.node[ASIDE] = {"id": "urn:epass:person:99", "type": "Person"}
    return True


def no_context_of_ours(spot: Spot) -> bool:
    if spot.node is spot.root or spot.inner is None:
        return False
    spot.inner["@context"] = {}
    return True


def misspelt_key(spot: Spot) -> bool:
    spot.node[spot.row.key.upper()] = spot.node.pop(spot.row.key)
    return True


def impossible(spot: Spot) -> bool:
    return spot.put({"id": NOWHERE, "type": "Proof"} if spot.row.key == "proof" else NOWHERE)


MUTATIONS: Final[Mapping[str, Mutation]] = {
    each.__name__: each
    for each in (
        *(delete, null, empty, in_array, texts_in_array, in_arrays, same_twice, another, two_of_a_language),
        *(same_text_twice, text_in_array, languages_by_case, capital_language, no_language, odd_language),
        *(number_in_language, null_in_language, empty_text, plain_text, relative, number, fraction, big, zero),
        *(negative, digits, truth, bare_date, no_such_day, without_zone, with_zone, words, odd_duration),
        *(fine_duration, an_object, retyped, untyped, nonsense_type, type_in_array, second_type, full_type),
        *(unnamed, oddly_named, by_keywords, bare_reference, stub, stub_of_nothing, split, repeated, contradicted),
        *(other_scheme, no_scheme, untyped_scheme, bare_scheme, two_schemes, unknown_key, misplaced_key),
        *(misplaced_fault, no_context_of_ours, misspelt_key, impossible),
    )
}


class Mutant(NamedTuple):
    """A changed document, and how it was changed."""

    class_: str
    path: str
    name: str
    document: Node

    @property
    def title(self) -> str:
        """For messages."""
        return f"{self.class_} {self.path} {self.name}"


def mutant(class_: str, path: str, name: str) -> Mutant | None:
    """The document of a class with one change, if the change is possible there."""
    maker = Maker()
    root, node = _found(maker, class_)
    row = next(each for each in rows(class_) if each.path == path)
    if row.key in IMPOSSIBLE or row.key not in node:
        return None
    done = MUTATIONS[name](Spot(root, node, row, maker))
    return Mutant(class_, path, name, root) if done else None


def breaking(row: Rows) -> Iterator[str]:
    """The changes that break what each constraint of a property says, one after the other."""
    if row.min:
        yield "delete"
    if row.max is not None:
        yield "another"
    if row.key in IMPOSSIBLE:
        yield "impossible"
    elif row.classes or row.literal:
        texts = row.datatype == "rdf:langString"
        yield "retyped" if row.classes else "plain_text" if texts else "an_object"
    elif any(each.kind == "IRI" for each in row.constraints):
        yield "number"
    if any(each.unique for each in row.constraints):
        yield "two_of_a_language"
    if any(each.most for each in row.constraints):
        yield "big"
    if row.scheme:
        yield "other_scheme"


def aimed() -> Iterator[Mutant]:
    """For each class and each kind of constraint a document that breaks it in all properties that have one."""
    for class_ in classes():
        asked = {row.path: set(breaking(row)) for row in rows(class_)}
        for name in sorted(set().union(*asked.values())):
            maker = Maker()
            root, node = _found(maker, class_)
            spots = [Spot(root, node, row, maker) for row in rows(class_) if name in asked[row.path]]
            done = [MUTATIONS[name](spot) for spot in spots if spot.row.key in node or name == "impossible"]
            if any(done):
                yield Mutant(class_, "*", name, root)


def _found(maker: Maker, class_: str) -> tuple[Node, Node]:
    root, steps = maker.document(class_)
    node: Any = root
    for step in steps:
        node = node[step]
    return root, node


def seeded(number: int, seed: int) -> Iterator[Mutant]:
    """Any changes anywhere."""
    dice = random.Random(seed)  # noqa: S311 - chance that can be repeated
    spots = [(class_, row.path) for class_ in classes() for row in rows(class_)]
    names = list(MUTATIONS)
    while number:
        found = mutant(*dice.choice(spots), dice.choice(names))
        if found is not None:
            number -= 1
            yield found
