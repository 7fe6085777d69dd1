"""Each leaf of a document in older Europass XML in turn is changed, and each element gets a child that nobody knows.

A leaf is the text of an element without children, or an attribute. What became of a change is told by all that comes
of a document: its record with residue and spellings, its findings, and the losses that its reader names.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.errors import InputError
from mcbridge.mappers import reader, writer
from mcbridge.mappers._xml import xpath
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables

TABLES: Final = Tables()
XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"


@dataclass(frozen=True)
class Changed:
    """A document with one thing changed at a place."""

    place: str
    document: bytes


def changes(document: bytes, only: Callable[[int], bool] = lambda _: True) -> Iterator[Changed]:
    """Every change of a document, or those whose numbers are asked for."""
    root = etree.fromstring(document)
    number = 0
    for element in root.iter("*"):
        if any(each.tag == SIGNATURE for each in (element, *element.iterancestors())):
            continue  # the seal is for whoever has the bytes
        for place, undo in _each(element, number):
            number += 1
            if only(number):
                yield Changed(place, etree.tostring(root))
            undo()


def _each(element: _Element, number: int) -> Iterator[tuple[str, Callable[[], None]]]:
    for name in map(str, element.attrib):
        if name.startswith(XSI):
            continue
        held = element.get(name, "")
        element.set(name, f"{held}x{number}")
        yield xpath(element, name), lambda name=name, held=held: element.set(name, held)  # type: ignore[misc]
    if not len(element):
        text = element.text
        element.text = f"Zq{number}"
        yield xpath(element), lambda: setattr(element, "text", text)
    else:
        element.insert(0, etree.Element(f"{{{etree.QName(element).namespace}}}zqUnknown"))
        yield f"{xpath(element)}/zqUnknown", lambda: element.remove(element[0])


@cache
def _reader() -> Any:
    return reader("edc-xml", TABLES, {})


def outcome(document: bytes) -> str:
    """All that comes of a document, but for what is derived from its bytes, and for lines."""
    luggage = Luggage("canonical")
    found: list[Any] = []
    try:
        for read in _reader().read(Source("d.xml", document), luggage):
            record = json.loads(encode(read.record))
            record.pop("id")
            record["document"].pop("id")
            found.append(record)
    except InputError as error:
        found.append(error.message)
    said = [{key: value for key, value in each.items() if key != "line"} for each in luggage.report.to_json()]
    lost = [[each.field, each.code, each.reason] for each in luggage.losses]
    held = sorted(luggage.contents)
    return json.dumps([found, said, lost, held], sort_keys=True)


def silent(document: bytes, only: Callable[[int], bool] = lambda _: True) -> tuple[int, list[str]]:
    """How many changes were made, and the places of those of which nothing came."""
    before = outcome(document)
    made = list(changes(document, only))
    return len(made), [each.place for each in made if outcome(each.document) == before]


@dataclass(frozen=True)
class Carried:
    """What becomes of a document towards ELM 3: the file, the places in the ledger, and what the records say."""

    file: str
    lost: frozenset[str]
    facts: str


def carried(document: bytes) -> Carried:
    """What is written of a document, without what is derived from its bytes."""
    luggage, sink = Luggage("edc"), BytesIO()
    (read,) = _reader().read(Source("d.xml", document), luggage)
    assert writer("edc", TABLES, {"country": "IE"}).write([read], sink, luggage) == 1
    lost = luggage.losses.resolved(lambda _, field: read.origin.places(field))["losses"]
    places = frozenset(line["path"] for line in lost) - {"europassCredential"}
    facts = json.dumps(_facts(json.loads(encode(read.record))), sort_keys=True)
    return Carried(_DERIVED.sub("", sink.getvalue().decode()), places, facts)


_DERIVED: Final = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _facts(value: Any) -> Any:
    """What a record says, however it was written."""
    if isinstance(value, dict):
        return {key: _facts(inner) for key, inner in value.items() if key not in {"spellings", "document", "id"}}
    return [_facts(inner) for inner in value] if isinstance(value, list) else value


def unaccounted(document: bytes, only: Callable[[int], bool]) -> tuple[int, list[str]]:
    """How many changes were made, and those that are neither in the file nor in the ledger, though they are facts."""
    before, made, found = carried(document), 0, []
    for each in changes(document, only):
        made += 1
        after = carried(each.document)
        place = f"{each.place}[1]" if each.place.endswith("zqUnknown") else each.place
        named = any(place == lost or place.startswith(f"{lost}/") for lost in after.lost)
        if after.file == before.file and not named and after.facts != before.facts:
            found.append(each.place)
    return made, found


def without_seal(document: bytes) -> bytes:
    """A document without signatures."""
    root = copy.deepcopy(etree.fromstring(document))
    for proof in root.iter("{*}proof"):
        for each in [*proof.iterchildren(SIGNATURE)]:
            proof.remove(each)
    return etree.tostring(root)
