"""A document that can be repaired says what the clean one says, and comes back valid."""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge.diagnostics import Severity
from mcbridge.errors import InputError
from mcbridge.mappers import _xml, reader, writer
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.elmo_damage import DAMAGES, damaged

TABLES = Tables()
SCHEMA = _xml.schema("elmo/1.7")


def _is_valid(path: Path) -> bool:
    try:
        return SCHEMA.validate(_xml.parse(path.read_bytes(), path.name))
    except InputError:
        return False


CLEAN = [
    path
    for path in sorted(CHECKOUT.glob("tests/golden/elmo/*/input.xml"))
    if path.parent.name != "grades-stored-as-credits" and _is_valid(path)
]
ALL = tuple(name for name in DAMAGES if "namespace" not in name or name.startswith("some"))


def _read(data: bytes) -> tuple[list[Read], Luggage]:
    luggage = Luggage("elmo")
    return list(reader("elmo", TABLES, {}).read(Source("input.xml", data), luggage)), luggage


def _plain(value: Any) -> Any:
    """A record without ids of the document, without spellings, and with residue as what it says."""
    if isinstance(value, dict):
        if "content" in value and value["content"].startswith("<"):
            return [value["path"], _element(etree.fromstring(value["content"]))]
        return {key: _plain(one) for key, one in value.items() if key not in ("spellings", "sha256")}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _element(element: Any) -> Any:
    return [element.tag, dict(element.attrib), element.text, [[_element(one), one.tail] for one in element]]


def _said(read: Read) -> Any:
    found = json.loads(encode(read.record))
    found.pop("id")
    found["document"].pop("id")
    return _plain(found)


def test_there_are_documents_to_damage() -> None:
    assert len(CLEAN) > 10
    found = Counter(name for path in CLEAN for name in DAMAGES if damaged(path.read_bytes(), name)[1])
    assert set(found) == set(DAMAGES)


@pytest.mark.parametrize("names", [*[(name,) for name in DAMAGES], ALL], ids=" and ".join)
@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.parent.name)
def test_a_repaired_document_says_the_same(path: Path, names: tuple[str, ...]) -> None:
    clean = path.read_bytes()
    data, places = damaged(clean, *names)
    reads, luggage = _read(data)
    assert list(map(_said, reads)) == list(map(_said, _read(clean)[0]))
    found = [one for one in luggage.report if one.rule.repair or one.rule.id == "elmo/date-padded"]
    assert bool(found) == bool(places)
    assert luggage.report.worst is not Severity.ERROR
    sink = BytesIO()
    writer("elmo", TABLES, {}).write(reads, sink, luggage)
    assert SCHEMA.validate(_xml.parse(sink.getvalue(), "written"))
