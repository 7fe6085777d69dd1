"""Made-up documents that together say all that a document in older Europass XML can."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.mappers import _xml
from mcbridge.mappers.edc_xml.frames import local
from mcbridge.origins import Source

NAME: Final = "sample.xml"


def samples() -> Iterator[Source]:
    """The document with everything in it; then one text in each place, and nothing but what somebody awarded."""
    data = (files(__package__) / NAME).read_bytes()
    yield Source(NAME, data)
    root = _xml.parse(data, NAME)
    for element in [*root.iter("{*}text")]:
        first = next((each for each in _parent(element) if local(each) == "text"), element)
        if first is not element:
            _parent(element).remove(element)
    for element in [*root.iter("{*}activities", "{*}entitlements")]:
        _parent(element).remove(element)
    yield Source(NAME, etree.tostring(root))


def _parent(element: _Element) -> _Element:
    parent = element.getparent()
    assert parent is not None, "a text stands within something"  # noqa: S101
    return parent
