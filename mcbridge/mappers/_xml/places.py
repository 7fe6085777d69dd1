"""Where something stands in an XML document: paths that people can read, and columns, which lxml does not know.

A path names each element by its local name and its number among siblings of that
name: ``elmo/report[1]/issuer[1]/title[2]/@lang``. Numbers stand at every step but the
root, so a path does not change its form when a second sibling comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from xml.parsers import expat

from lxml.etree import QName, _Element

from mcbridge.mappers._xml.encoding import utf8


def xpath(element: _Element, attribute: str | None = None) -> str:
    """The path of one element, or of its attribute (a name as lxml gives it)."""
    steps: list[str] = []
    above = element.getparent()
    while above is not None:
        tag = element.tag
        local = _local(tag)
        # hundreds of findings in a list of thousands ask this for each of them: most siblings have the same tag
        others = [before.tag for before in element.itersiblings("*", preceding=True)]
        number = 1 + others.count(tag) + sum(other != tag and _local(other) == local for other in others)
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
    yield from (spot for _, _, spot in _starts(data[start : start + _PIECE] for start in range(0, len(data), _PIECE)))


def columns_by_child(pieces: Iterable[bytes]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """The same for the root alone, then for each child of it, with the name as it is written.

    ``pieces`` are those of a document in UTF-8.
    """
    name, found = "", list[tuple[int, int]]()
    for depth, tag, spot in _starts(pieces):
        if depth < 2:
            if found:
                yield name, found
            name, found = tag, []
        found.append(spot)
    if found:
        yield name, found


def _starts(pieces: Iterable[bytes]) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """Depth, name and place of each element."""
    found: list[tuple[int, str, tuple[int, int]]] = []
    depth = 0

    def start(name: str, _: object) -> None:
        nonlocal depth
        found.append((depth, name, (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)))
        depth += 1

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    for piece in chain(pieces, (b"",)):
        try:
            parser.Parse(piece, not piece)
        except expat.ExpatError:
            yield from found
            return
        yield from found
        found.clear()


_PIECE = 65536


def _local(tag: str) -> str:
    return QName(tag).localname
