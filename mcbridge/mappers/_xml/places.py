"""Where something stands in an XML document: paths that people can read, and columns, which lxml does not know.

A path names each element by its local name and its number among siblings of that
name: ``elmo/report[1]/issuer[1]/title[2]/@lang``. Numbers stand at every step but the
root, so a path does not change its form when a second sibling comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from lxml.etree import QName, _Element

from mcbridge.mappers._xml.encoding import utf8


def xpath(element: _Element, attribute: str | None = None) -> str:
    """The path of one element, or of its attribute (a name as lxml gives it)."""
    steps: list[str] = []
    above = element.getparent()
    while above is not None:
        local = _local(element.tag)
        number = 1 + sum(_local(before.tag) == local for before in element.itersiblings("*", preceding=True))
        steps.append(f"{local}[{number}]")
        element, above = above, above.getparent()
    steps.append(_local(element.tag))
    path = "/".join(reversed(steps))
    return path if attribute is None else f"{path}/@{_local(attribute)}"


def xpaths(root: _Element) -> dict[_Element, str]:
    """The path of every element, in one walk. The keys keep lxml's elements alive, so they can be looked up."""
    names: dict[str, str] = {}
    paths = {root: _local(root.tag)}
    waiting = [root]
    for element in waiting:  # grows on the way
        above = paths[element]
        counts: dict[str, int] = {}
        for child in element.iterchildren("*"):
            tag = child.tag
            local = names.get(tag) or names.setdefault(tag, _local(tag))
            number = counts.get(local, 0) + 1
            counts[local] = number
            paths[child] = f"{above}/{local}[{number}]"
            waiting.append(child)
    return paths


def columns(data: bytes) -> Iterator[tuple[int, int]]:
    """Line and column, from one, of the start tag of each element in document order.

    The n-th is that of the n-th of ``root.iter("*")``. This is a pass of its own over a document that was parsed
    before, so it is made only when there is something to report; where expat cannot follow, places run out.
    """
    data = utf8(data, "the document")
    found: list[tuple[int, int]] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda _name, _attributes: found.append(
        (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
    )
    for start in range(0, len(data) + 1, _PIECE):
        piece = data[start : start + _PIECE]
        try:
            parser.Parse(piece, len(piece) < _PIECE)
        except expat.ExpatError:
            yield from found
            return
        yield from found
        found.clear()


_PIECE = 65536


def _local(tag: str) -> str:
    return QName(tag).localname
