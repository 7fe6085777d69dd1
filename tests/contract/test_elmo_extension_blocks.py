"""Whatever somebody changes in a block: it is in the record, or the block is refused with a finding and stays."""

from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import etree

from mcbridge.diagnostics import JsonLocation
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.mappers.elmo.extension.table import SCHEMA
from mcbridge.model import Credential
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables
from tests.contract.test_elmo_extension_leaves import demanded
from tests.elmo_extension import blocks
from tests.everything import contents

MAPPER = ElmoMapper(Tables(), {"validate": "no"})
VALUES = ("Zq", "2019-08-07", "2019-08-07T06:05:04Z", "P8M", "77", "true", "false", "other", "integrated", "3")


def document() -> bytes:
    luggage, sink = Luggage("elmo"), io.BytesIO()
    luggage.contents = contents()
    MAPPER.write([Read(demanded(), Origin(JsonLocation("record.json")))], sink, luggage)
    return sink.getvalue()


def read(data: bytes) -> tuple[str, list[str]]:
    """The record as JSON, and the ids of what was found."""
    luggage = Luggage("canonical")
    (one,) = MAPPER.read(Source("d.xml", data), luggage)
    assert isinstance(one.record, Credential)
    kept = "".join(data.decode(errors="replace") for data in luggage.contents.values())
    return encode(one.record).decode() + kept, [found.rule.id for found in luggage.report]


def leaves(root: etree._Element) -> Iterator[tuple[etree._Element, str | None]]:
    for block in blocks(root):
        for element in block.iter():
            if not len(element) and (element.text or not element.attrib):
                yield element, None
            for key in map(str, element.attrib):
                yield element, key


def test_each_changed_leaf_is_read_or_its_block_is_refused_and_stays() -> None:
    """A list of its own values is tried for each leaf; the first that the schema takes, and one that it refuses."""
    root = etree.fromstring(document())
    schema = _xml.schema(SCHEMA)
    before, found = read(etree.tostring(root))
    assert found == []
    taken = refused = 0
    silent: list[str] = []
    for number, (element, key) in enumerate(list(leaves(root))):
        block = next(one for one in (element, *element.iterancestors()) if one in blocks(root))
        now = element.text if key is None else element.get(key)
        tried = [False, False]
        for value in (f"Zq{number}x", *VALUES):
            _set(element, key, value)
            valid = schema.validate(block)
            if value != now and not tried[valid]:
                tried[valid] = True
                after, found = read(etree.tostring(root))
                if valid:
                    taken += 1
                    if after == before and not found:
                        silent.append(f"{_xml.xpath(element)} {key}: {now!r} to {value!r}")
                else:
                    refused += 1
                    if "elmo/extension-invalid" not in found or value not in after:
                        silent.append(f"{_xml.xpath(element)} {key}: {value!r}, refused: {found}")
            _set(element, key, now)
    print(f"{taken} changed leaves read, {refused} blocks refused and kept, {len(silent)} changes unnoticed")
    assert silent == []
    assert taken > 900
    assert refused > 50


def _set(element: etree._Element, key: str | None, value: str | None) -> None:
    if key is None:
        element.text = value
    else:
        element.set(key, value or "")
