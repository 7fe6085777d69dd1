"""The bytes of elements called ``elmo`` in a document, so that each stands by itself and a seal over it still holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml.etree import _Element

ROOT: Final = re.compile(
    r"\ufeff?(?:\s++|<\?.*?\?>|<!--.*?-->)*+"
    r"<(?:[^\s/>:!?<]+:)?([^\s/>:!?<]+)((?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+)>\s*+(<!\[CDATA\[|<(?:[^\s/>:!?<]+:)?elmo[\s/>]|.?)",
    re.DOTALL,
)
"""How a document begins: the name of its root, and what comes behind the start tag of that."""
_TAGS: Final = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(/?)(?:[^\s/>:!?<]+:)?elmo((?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>",
    re.DOTALL,
)
_PREFIXES: Final = re.compile(rb"[<\s\"'/]([^\s:<>\"'/=&]+):")
"""Prefixes of elements, of attributes, and of values that name a type."""
_USED: Final = rb"[<\s\"'/]%b:"
_FEW: Final = 30
"""So many prefixes are looked for one by one."""
_UNPREFIXED: Final = re.compile(rb"<[^\s:/>!?]+[\s/>]")
_DECLARATION: Final = re.compile(r"<\?xml\s[^>]*?\?>")


def spans(text: bytes) -> list[tuple[int, int, int]]:
    """Start, end of the name in the start tag, and end of each element called elmo, in document order.

    The text has been parsed before, so what looks like a tag outside of comments, CDATA and instructions is one.
    """
    spans: list[tuple[int, int, int]] = []
    waiting: list[int] = []
    for found in _TAGS.finditer(text):
        if found[2] is None:
            continue
        if found[1]:
            at = waiting.pop()
            spans[at] = (*spans[at][:2], found.end())
        else:
            if not found[3]:
                waiting.append(len(spans))
            spans.append((found.start(), found.start(2), found.end()))
    return spans


def declarations(element: _Element, data: bytes, around: Mapping[str | None, str]) -> bytes:
    """The declarations, out of those around a document, of the namespaces that it uses and does not declare itself."""
    found = _TAGS.match(data)
    own = b"" if found is None else found[2]
    used = set(_PREFIXES.findall(data)) if len(around) > _FEW else None
    added = b""
    for prefix, space in around.items():
        name = b"xmlns" if prefix is None else b"xmlns:" + prefix.encode()
        if prefix is None:
            # A wrapper's own default is not meant for a document that forgot to declare its namespace.
            meant = "elmo" in space or namespace_of(element) != space
            wanted = meant and _UNPREFIXED.search(data) is not None
        else:
            known = prefix.encode()
            wanted = known in used if used is not None else re.search(_USED % re.escape(known), data) is not None
        if wanted and not re.search(rb"\s%b\s*=" % re.escape(name), own):
            written = space.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
            added += b' %b="%b"' % (name, written.encode())
    return added


def undeclared(text: str) -> bytes:
    """The text as UTF-8. A declaration of another encoding is taken out: the text has been decoded by now."""
    found = _DECLARATION.match(text)
    if found is None or re.search(r"encoding\s*=\s*[\"']utf-?8", found[0], re.IGNORECASE) or "encoding" not in found[0]:
        return text.encode()
    return text[found.end() :].encode()


def namespace_of(element: _Element) -> str:
    """The namespace of an element, or nothing."""
    return element.tag.rpartition("}")[0][1:]
