"""The rows of ``mappings/elmo/workbook.toml``, and an ELMO document into which a row can put its value."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

import msgspec
from lxml import etree
from msgspec import Struct

import mcbridge
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT

FILE = CHECKOUT / "mappings" / "elmo" / "workbook.toml"
DOCUMENT = CHECKOUT / "tests" / "contract" / "workbook" / "document.xml"
NAMES = {
    "": "https://github.com/emrex-eu/elmo-schemas/tree/v1",
    "a": "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
TABLES = Tables()


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """One row of the sheet; the head of the file says what each key is."""

    row: int
    class_: str
    field: str | None = None
    sheet: str
    elmo: str
    canonical: str
    edc: str | None = None
    status: Literal["mapped", "differs", "not mapped"]
    put: str | None = None
    arrives: str | None = None
    at: str | None = None
    type: str | None = None
    loss: str | None = None
    why: str | None = None
    also: Mapping[str, str] = {}
    xml: str | None = None

    @property
    def is_carried(self) -> bool:
        """Whether there is a value that goes to the other side."""
        return self.status != "not mapped"

    @property
    def name(self) -> str:
        """The id of its test."""
        return "-".join(
            ["row", str(self.row), *(self.class_.strip("(").replace(")", "") + f" {self.field or ''}").split()]
        )


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    source: str
    retrieved: date
    rows: tuple[Row, ...]


def rows() -> tuple[Row, ...]:
    """All rows, as the file has them."""
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), _File).rows


def _tag(step: str) -> str:
    prefix, colon, local = step.rpartition(":")
    return f"{{{NAMES[prefix]}}}{local}" if not step.startswith("@") or colon else step[1:]


def place(root: etree._Element, path: str) -> tuple[etree._Element, str | None]:
    """The first element on a path, made where it is missing, and the name of the attribute that the path ends in."""
    element = root
    for step in path.split("/"):
        if step.startswith("@"):
            return element, _tag(step.removeprefix("@")) if ":" in step else step[1:]
        found = element.find(_tag(step))
        assert found is not None, f"the document has no {step} of {path}"
        element = found
    return element, None


def with_values(values: Mapping[str, str]) -> etree._Element:
    """The document with other values at these places."""
    root = etree.parse(DOCUMENT).getroot()
    for path, value in values.items():
        element, attribute = place(root, path)
        if attribute is None:
            element.text = value
        else:
            assert attribute in element.attrib, path
            element.set(attribute, value)
    return root


def changed(row: Row) -> bytes:
    """The document as a row changes it."""
    root = with_values(({row.elmo: row.put} if row.put is not None else {}) | dict(row.also))
    if row.xml is not None:
        lead, _, last = row.elmo.rpartition("/")
        above = place(root, lead)[0] if lead else root
        element = etree.fromstring(row.xml)
        old = above.find(_tag(last))
        if element.tag == _tag(last) and old is None:
            above.append(element)
        else:
            assert old is not None, row.elmo
            old[:] = [element]
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


class Converted(Struct, frozen=True):
    """What came of a document: the canonical record, the EDC, and the losses with their places."""

    canonical: Any
    edc: Any
    losses: tuple[tuple[str, str], ...]


def convert(document: bytes) -> Converted:
    """Walk a document from ELMO through the record to an EDC."""
    luggage = Luggage("edc")
    [read] = mcbridge.read(Source("document.xml", document), luggage)
    sink, plain = io.BytesIO(), io.BytesIO()
    mcbridge.write([read], sink, luggage, to="edc", options={"deliver": "ada@example.org"}, tables=TABLES)
    mcbridge.write([read.record], plain, Luggage(), to="canonical", tables=TABLES)
    losses = tuple((each.code, each.field) for each in luggage.losses)
    return Converted(json.loads(plain.getvalue()), json.loads(sink.getvalue())["credential"], losses)


def values(tree: Any, path: str) -> Iterator[str]:
    """The texts and numbers at a path of keys, in whichever elements of lists."""
    if isinstance(tree, list):
        for item in tree:
            yield from values(item, path)
    elif path and isinstance(tree, dict):
        key, _, rest = path.partition(".")
        yield from values(tree[key], rest) if key in tree else ()
    elif not path and not isinstance(tree, dict):
        yield str(tree)


def nodes(tree: Any, path: str) -> Iterator[dict[str, Any]]:
    """The nodes at a path of keys, in whichever elements of lists."""
    if isinstance(tree, list):
        for item in tree:
            yield from nodes(item, path)
    elif isinstance(tree, dict):
        key, _, rest = path.partition(".")
        if not path:
            yield tree
        elif key in tree:
            yield from nodes(tree[key], rest)


def part(tree: Any, path: str) -> Any:
    """What a canonical path (``achievements[0].period``) names, or None."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        try:
            tree = tree[int(step)] if isinstance(tree, list) else tree.get(step)
        except IndexError:
            return None
        if tree is None:
            return None
    return tree
