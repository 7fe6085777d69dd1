"""The leaf test: whatever leaf of an ELMO document changes, it is in the output or its place is in the ledger."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge.diagnostics import Location
from mcbridge.mappers import reader, writer
from mcbridge.mappers._xml import xpath
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_documents import everything
from tests.conformance.elmo_mutations import Leaf
from tests.conformance.elmo_normal import SIGNATURE, parsed, said
from tests.conformance.test_elmo_xsd import declarations, folder, ours, published

__all__ = ["declarations", "folder", "ours", "published"]  # fixtures

TABLES = Tables()
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

MEANT = {
    "languageOfInstruction": ("sv", "de"),
    "iscedCode": ("0613", "0111"),
    "scheme": ("ECVET", "ects"),
    "resultLabel": ("B2/C1", "-3"),
    "status": ("failed", "in-progress", "passed"),
    "engagementHours": ("17.5",),
    "gradingSchemeLocalId": ("AM", "ZAL", "unheard-of"),
    "ref": ("87654321", "unheard-of"),
}
"""Values that mean something to a target, beside those that are merely of the type."""


def candidates(name: str, leaf: Leaf, number: int, now: str) -> list[str]:
    """Other values of the leaf's type, unlike any other in the document where the type allows that."""
    found: list[str] = [value for value in MEANT.get(name, ()) if value != now]
    if leaf.words:
        words = [word for word in leaf.words if word not in (now, "[A-Z][A-Z]")]
        if any("[" in word for word in words):
            return [f"9.{number}"] if name == "@number" else ["SE"]
        return [*found, *words[:2], *words[-1:]]
    match leaf.builtin:
        case "dateTime":
            return [f"{dt.date(2001, 1, 1) + dt.timedelta(number)}T05:06:07+02:00"]
        case "date":
            return [f"{dt.date(1950, 1, 1) + dt.timedelta(number)}"]
        case "decimal":
            return [*found, f"{number}.375"]
        case "integer" | "nonNegativeInteger":
            return [str(100000 + number)]
        case "language":
            return [value for value in ("sv", "fi") if value != now]
        case _:
            return [*found, f"Zq{number}x"]


def images(value: str) -> set[str]:
    """How a value may look in a target: a code of another list, or itself."""
    found = {value}
    for name in ("country", "language", "isced-f"):
        entry = TABLES.vocabulary(name).find(value)
        if entry is not None and entry.iri is not None:
            found |= {entry.iri, entry.code}
    for name, target in (
        ("elmo-los-type-learning-opportunity", "learning-opportunity"),
        ("elmo-gender-human-sex", "human-sex"),
    ):
        crosswalk = TABLES.crosswalk(name)
        origin = TABLES.vocabulary(crosswalk.origin).find(value)
        code = crosswalk.get(origin.code) if origin is not None else None
        entry = TABLES.vocabulary(target).find(code) if code is not None else None
        if entry is not None and entry.iri is not None:
            found.add(entry.iri)
    credit = TABLES.vocabulary("education-credit").find(value)
    if credit is not None and credit.iri is not None:
        found.add(credit.iri)
    return found


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    else:
        yield str(value)


def _xml_strings(document: bytes) -> Counter[str]:
    found = said(parsed(document))
    return Counter(text for _, _, attributes, body in found for text in (body, *(value for _, value in attributes)))


def _json_strings(document: bytes) -> Counter[str]:
    return Counter(text for line in document.splitlines() if line.strip() for text in _strings(json.loads(line)))


def _one_json(document: bytes) -> Counter[str]:
    return Counter(_strings(json.loads(document)))


SPLIT: dict[str, Callable[[bytes], Counter[str]]] = {
    "elmo": _xml_strings,
    "canonical": _json_strings,
    "edc": _one_json,
}


def converted(document: bytes, target: str) -> tuple[Counter[str], set[str]]:
    """The strings of the output, contents included, and the places in the ledger."""
    luggage = Luggage(target)
    reads = list(reader("elmo", TABLES, {"validate": "no"}).read(Source("d.xml", document), luggage))
    strings: Counter[str] = Counter()
    groups = [[read] for read in reads] if target == "edc" else [reads]
    for group in groups:
        sink = BytesIO()
        writer(target, TABLES, {"validate": "no"} if target == "elmo" else {}).write(group, sink, luggage)
        if sink.getvalue():
            strings += SPLIT[target](sink.getvalue())
    if target == "canonical":
        strings += Counter(data.decode(errors="replace") for data in luggage.contents.values())
    origins = {read.record.id: read.origin for read in reads if not isinstance(read.record, str)}  # type: ignore[union-attr]

    def locate(record: str, field: str) -> list[Location]:
        return origins[record].places(field)

    return strings, {line["path"] for line in luggage.losses.resolved(locate)["losses"]}


def _leaves(root: etree._Element, declarations: Declarations) -> Iterator[tuple[etree._Element, str | None, Leaf]]:
    declared = declarations.of(root)
    for element in root.iter():
        if element not in declared or "xmldsig" in declared[element].key:
            continue
        if any(above.tag == SIGNATURE for above in (element, *element.iterancestors())):
            continue
        known = declared[element]
        if known.text is not None and not len(element):
            yield element, None, known.text
        for key in map(str, element.attrib):
            if key in known.attributes:
                yield element, key, known.attributes[key]


def _sources(folder: Path) -> dict[str, bytes]:
    return {"the published example": (folder / "example-1.7.0.xml").read_bytes(), "everything": everything()}


@pytest.mark.parametrize("target", ["elmo", "canonical", "edc"])
@pytest.mark.parametrize("name", ["the published example", "everything"])
def test_every_changed_leaf_is_written_or_named(
    name: str, target: str, folder: Path, declarations: Declarations, ours: etree.XMLSchema
) -> None:
    root = parsed(_sources(folder)[name])
    before, _ = converted(etree.tostring(root), target)
    changed = written = 0
    unaccounted: list[str] = []
    for number, (element, key, leaf) in enumerate(list(_leaves(root, declarations))):
        local = f"@{key}" if key is not None else etree.QName(element).localname
        now = (element.text or "") if key is None else element.get(key, "")
        path = xpath(element)
        path = path if key is None else f"{path}/@{'xml:lang' if key == XML_LANG else key}"
        tried = candidates(local, leaf, number, now)
        if name != "the published example":  # it is large: one value for a leaf, and every third leaf is enough
            tried = tried[:1] if number % 3 == 0 else []
        for value in tried:
            if images(value) & images(now):
                continue  # two spellings of one meaning
            _set(element, key, value)
            if ours.validate(root):
                changed += 1
                after, lost = converted(etree.tostring(root), target)
                new = after - before
                if any(image in text for image in images(value) for text in new) or (value == "passed" and new):
                    written += 1  # what was passed is written as an achievement, and nothing else is
                elif not any(path == place or path.startswith((f"{place}/", f"{place}[")) for place in lost):
                    unaccounted.append(f"{path}: {now!r} to {value!r}")
            _set(element, key, now)
    print(
        f"{name} to {target}: {changed} leaves changed, {written} written, "
        f"{changed - written - len(unaccounted)} in the ledger, {len(unaccounted)} unaccounted for"
    )
    assert changed > 250
    assert unaccounted == [], "\n".join(unaccounted)


def _set(element: etree._Element, key: str | None, value: str) -> None:
    if key is None:
        element.text = value
    else:
        element.set(key, value)
