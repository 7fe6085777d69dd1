"""The bytes of elements called ``elmo`` in a document, so that each stands by itself and a seal over it still holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml.etree import _Element

from mcbridge.mappers._xml import slices

_NAME: Final = "elmo"
ROOT: Final = re.compile(
    r"\ufeff?(?:\s++|<\?.*?\?>|<!--.*?-->)*+"
    r"<(?:[^\s/>:!?<]+:)?([^\s/>:!?<]+)((?:[^<>\"']++|\"[^\"]*\"|'[^']*')*+)>\s*+(<!\[CDATA\[|<(?:[^\s/>:!?<]+:)?elmo[\s/>]|.?)",
    re.DOTALL,
)
"""How a document begins: the name of its root, and what comes behind the start tag of that."""
_DECLARATION: Final = re.compile(r"<\?xml\s[^>]*?\?>")


def spans(text: bytes) -> list[tuple[int, int, int]]:
    """Start, end of the name in the start tag, and end of each element called elmo, in document order."""
    return slices.spans(text, _NAME)


def declarations(element: _Element, data: bytes, around: Mapping[str | None, str]) -> bytes:
    """The declarations, out of those around a document, of the namespaces that it uses and does not declare itself."""
    space = around.get(None, "")
    # A wrapper's own default is not meant for a document that forgot to declare its namespace.
    return slices.declarations(data, _NAME, around, default=_NAME in space or namespace_of(element) != space)


def undeclared(text: str) -> bytes:
    """The text as UTF-8. A declaration of another encoding is taken out: the text has been decoded by now."""
    found = _DECLARATION.match(text)
    if found is None or re.search(r"encoding\s*=\s*[\"']utf-?8", found[0], re.IGNORECASE) or "encoding" not in found[0]:
        return text.encode()
    return text[found.end() :].encode()


def namespace_of(element: _Element) -> str:
    """The namespace of an element, or nothing."""
    return element.tag.rpartition("}")[0][1:]
