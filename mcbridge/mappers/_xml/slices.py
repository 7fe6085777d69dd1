"""The bytes of some elements of a document, so that each stands by itself and a seal over it still holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_PREFIXES: Final = re.compile(rb"[<\s\"'/]([^\s:<>\"'/=&]+):")
"""Prefixes of elements, of attributes, and of values that name a type."""
_USED: Final = rb"[<\s\"'/]%b:"
_FEW: Final = 30
"""So many prefixes are looked for one by one."""
_UNPREFIXED: Final = re.compile(rb"<[^\s:/>!?]+[\s/>]")


@lru_cache
def _tags(name: str) -> re.Pattern[bytes]:
    return re.compile(
        rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
        rb"|<(/?)(?:[^\s/>:!?<]+:)?%b((?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>" % name.encode(),
        re.DOTALL,
    )


def spans(text: bytes, name: str) -> list[tuple[int, int, int]]:
    """Start, end of the name in the start tag, and end of each element with this local name, in document order.

    The text has been parsed before, so what looks like a tag outside of comments, CDATA and instructions is one.
    """
    spans: list[tuple[int, int, int]] = []
    waiting: list[int] = []
    for found in _tags(name).finditer(text):
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


def declarations(data: bytes, name: str, around: Mapping[str | None, str], *, default: bool = True) -> bytes:
    """The declarations, out of those around an element, of the namespaces that it uses and does not declare itself.

    ``default`` says whether the default namespace around it is meant for it.
    """
    found = _tags(name).match(data)
    own = b"" if found is None else found[2]
    used = set(_PREFIXES.findall(data)) if len(around) > _FEW else None
    added = b""
    for prefix, space in around.items():
        written = b"xmlns" if prefix is None else b"xmlns:" + prefix.encode()
        if prefix is None:
            wanted = default and _UNPREFIXED.search(data) is not None
        else:
            known = prefix.encode()
            wanted = known in used if used is not None else re.search(_USED % re.escape(known), data) is not None
        if wanted and not re.search(rb"\s%b\s*=" % re.escape(written), own):
            escaped = space.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
            added += b' %b="%b"' % (written, escaped.encode())
    return added
