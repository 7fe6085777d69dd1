"""The leaf test: whatever leaf of an ELMO document changes, it is in the output or its place is in the ledger."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge.cli.reading import format_and_options
from mcbridge.diagnostics import Location
from mcbridge.mappers import reader, writer
from mcbridge.mappers._xml import xpath
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_documents import everything
from tests.conformance.elmo_mutations import Leaf
from tests.conformance.elmo_normal import SIGNATURE, parsed, said
from tests.conformance.test_elmo_xsd import declarations, folder, ours, published, schemas_of

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
    format, options = format_and_options(target)
    options |= {"validate": "no"} if format == "elmo" else {}
    luggage = Luggage(format)
    reads = list(reader("elmo", TABLES, {"validate": "no"}).read(Source("d.xml", document), luggage))
    strings: Counter[str] = Counter()
    groups = [[read] for read in reads] if target == "edc" else [reads]
    for group in groups:
        sink = BytesIO()
        writer(format, TABLES, options).write(group, sink, luggage)
        if sink.getvalue():
            strings += SPLIT[format](sink.getvalue())
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
    return {
        "the published example": (folder / "example-1.7.0.xml").read_bytes(),
        "the published example of 2.0": (folder / "example-2.0.0.xml").read_bytes(),
        "everything": everything(),
        "everything of 2.0": everything("2.0"),
    }


class Account:
    """What became of the leaves of a document that were changed, one at a time; the document is as before afterwards.

    ``values`` chooses among the values that are tried for a leaf of a number. Changes that make the document invalid
    are passed over, and those to another spelling of the same meaning.
    """

    def __init__(
        self,
        root: etree._Element,
        target: str,
        declarations: Declarations,
        valid: Callable[[etree._Element], bool],
        values: Callable[[int, list[str]], list[str]],
    ) -> None:
        self.changed = self.written = 0
        self.unaccounted: list[str] = []
        before, _ = converted(etree.tostring(root), target)
        for number, (element, key, leaf) in enumerate(list(_leaves(root, declarations))):
            local = f"@{key}" if key is not None else etree.QName(element).localname
            now = (element.text or "") if key is None else element.get(key, "")
            path = xpath(element)
            path = path if key is None else f"{path}/@{'xml:lang' if key == XML_LANG else key}"
            for value in values(number, candidates(local, leaf, number, now)):
                if images(value) & images(now):
                    continue
                _set(element, key, value)
                if valid(root):
                    self.changed += 1
                    after, lost = converted(etree.tostring(root), target)
                    new = after - before
                    if any(image in text for image in images(value) for text in new) or (value == "passed" and new):
                        self.written += 1  # what was passed is written as an achievement, and nothing else is
                    elif not any(path == place or path.startswith((f"{place}/", f"{place}[")) for place in lost):
                        self.unaccounted.append(f"{path}: {now!r} to {value!r}")
                _set(element, key, now)

    def __str__(self) -> str:
        named = self.changed - self.written - len(self.unaccounted)
        return (
            f"{self.changed} leaves changed, {self.written} written, {named} in the ledger, "
            f"{len(self.unaccounted)} unaccounted for"
        )


@pytest.mark.parametrize(
    ("name", "target"),
    [
        *product(("the published example", "everything"), ("elmo", "canonical", "edc")),
        ("the published example of 2.0", "edc"),
        ("the published example of 2.0", "elmo"),
        *product(("everything of 2.0",), ("elmo:2.0", "elmo", "canonical", "edc")),
    ],
)
def test_every_changed_leaf_is_written_or_named(
    name: str, target: str, folder: Path, declarations: Declarations, ours: etree.XMLSchema
) -> None:
    """The published example of 2.0 has no element of 2.0, and not the one that 2.0 demands: it is one of 1.x."""
    valid = ours.validate
    schemas = schemas_of("2.0", folder) if name == "everything of 2.0" else None
    if schemas is not None:
        valid, declarations = schemas.ours.validate, schemas.declarations

    def values(number: int, tried: list[str]) -> list[str]:
        if name.startswith("the published example"):
            return tried
        # It is large: one value for a leaf, and every third leaf is enough; most of 2.0 is the same.
        return tried[:1] if number % (6 if schemas is not None else 3) == 0 else []

    found = Account(parsed(_sources(folder)[name]), target, declarations, valid, values)
    print(f"{name} to {target}: {found}")
    assert found.changed > 250
    assert found.unaccounted == [], "\n".join(found.unaccounted)


def _set(element: etree._Element, key: str | None, value: str) -> None:
    if key is None:
        element.text = value
    else:
        element.set(key, value)
