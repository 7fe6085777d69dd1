"""ELMO documents as lists of what they say, after the normalisations of ``docs/normalisations.md``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
EXACT = frozenset(("description", "descriptionHtml", "additionalInformation", "introduction", "content", "ref"))
TOKENS = frozenset(("type", "label", "localId", "number", "count"))
_SPACE = re.compile("[ \t\r\n]+")
_PARSER = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)

Said = tuple[str, str, tuple[tuple[str, str], ...], str]
"""Path, tag, attributes by name, and text of one element."""


def parsed(document: bytes) -> etree._Element:
    """The document without comments and processing instructions."""
    return etree.fromstring(document, _PARSER)


def said(root: etree._Element) -> list[Said]:
    """Each element in order; signatures are left out."""
    return list(_walk(root, "elmo", foreign=False))


def _strings(pair: tuple[str | bytes, str | bytes]) -> tuple[str, str]:
    """Lxml gives strings here; its stubs are less sure."""
    key, value = pair
    return str(key), str(value)


def _walk(element: etree._Element, path: str, *, foreign: bool) -> Iterator[Said]:
    local = etree.QName(element).localname
    foreign = foreign or local in {"extension", "introduction"}
    text = element.text or ""
    if not foreign:
        if len(element):
            text = text.strip()
        elif local not in EXACT:
            text = _SPACE.sub(" ", text).strip(" ")
    attributes = tuple(
        sorted(
            (key, _SPACE.sub(" ", value).strip(" ") if key in TOKENS and not foreign else value)
            for key, value in map(_strings, element.attrib.items())
            if not key.startswith(XSI)
        )
    )
    yield path, element.tag, attributes, text
    counts: dict[str, int] = {}
    for child in element:
        if child.tag == SIGNATURE and not foreign:
            continue
        name = etree.QName(child).localname
        counts[name] = counts.get(name, 0) + 1
        yield from _walk(child, f"{path}/{name}[{counts[name]}]", foreign=foreign)
        tail = (child.tail or "") if foreign else (child.tail or "").strip()
        if tail:
            yield path, "text()", (), tail


def facts(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """Each leaf: the path of its element or attribute, its name, and what it says; containers say nothing."""
    for path, tag, attributes, text in said(root):
        name = tag.rpartition("}")[2]
        for key, value in attributes:
            yield f"{path}/@{key}", f"{name}/@{key}", value
        if text:
            yield path, name, text
