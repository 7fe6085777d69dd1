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
OTHER: Final = "urn:epass:org:2"
"""An organisation that awards nothing."""


def samples() -> Iterator[Source]:
    """The document with everything in it; then with one text in each place, issued by somebody else."""
    data = (files(__package__) / NAME).read_bytes()
    yield Source(NAME, data)
    root = _xml.parse(data, NAME)
    for element in [*root.iter("{*}text")]:
        first = next((each for each in _siblings(element) if local(each) == "text"), element)
        if first is not element:
            _parent(element).remove(element)
    for element in root.iterchildren("{*}issuer"):
        element.set("idref", OTHER)
    yield Source(NAME, etree.tostring(root))


def _parent(element: _Element) -> _Element:
    parent = element.getparent()
    assert parent is not None, "a text stands within something"  # noqa: S101
    return parent


def _siblings(element: _Element) -> Iterator[_Element]:
    return iter(_parent(element))
