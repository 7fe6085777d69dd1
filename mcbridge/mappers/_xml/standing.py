"""Where elements stood in a document before some of them were moved.

A place is counted in the document as somebody sent it: the number of an element in document order gives its line and
column, and its number among its siblings the path. Only what was moved is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.etree import QName, _Element

from mcbridge.diagnostics import XmlLocation
from mcbridge.mappers._xml.places import columns


class Standing:
    """The order of a document as it came. ``root`` is any element of it."""

    def __init__(self, root: _Element) -> None:
        self._top = root.getroottree().getroot()
        self._stood: dict[_Element, list[_Element]] = {}
        self._parents: dict[_Element, _Element] = {}
        self._instead: dict[_Element, _Element] = {}
        self._numbers: dict[_Element, dict[_Element, int]] = {}

    def keep(self, parent: _Element) -> None:
        """The children of an element are about to be moved, added to or taken out."""
        if parent not in self._stood:
            children = list(parent.iterchildren("*"))
            self._stood[parent] = children
            for child in children:
                self._parents[child] = parent

    def replaces(self, new: _Element, old: _Element) -> None:
        """A new element stands for one of the document."""
        self._instead[new] = old

    def original(self, element: _Element) -> _Element:
        """The element of the document that one stands for: nearly always itself."""
        return self._instead.get(element, element)

    def walk(self) -> Iterator[_Element]:
        """All elements, in the order of the document as it came."""
        if not self._stood:
            yield from self._top.iter("*")
            return
        waiting = [self._top]
        while waiting:
            element = waiting.pop()
            yield element
            children = self._stood.get(element)
            waiting += reversed(children) if children is not None else element.iterchildren("*", reversed=True)

    def numbers(self, wanted: Iterable[_Element]) -> dict[_Element, int]:
        """The number of each of these elements in document order, from nought."""
        given = {element: self.original(element) for element in wanted}
        originals = set(given.values())
        found = {element: number for number, element in enumerate(self.walk()) if element in originals}
        return {element: found[original] for element, original in given.items()}

    def path(self, element: _Element, attribute: str | None = None) -> str:
        """The path of an element, or of its attribute, as ``places.xpath`` writes it."""
        element = self.original(element)
        steps: list[str] = []
        while (above := self._above(element)) is not None:
            steps.append(f"{QName(element).localname}[{self._number(element, above)}]")
            element = above
        steps.append(QName(element).localname)
        path = "/".join(reversed(steps))
        return path if attribute is None else f"{path}/@{QName(attribute).localname}"

    def _number(self, element: _Element, above: _Element) -> int:
        # Thousands of findings may be about thousands of siblings: those are counted once. What is moved is kept
        # before, so the count of the children as they are now is that of the children as they stood.
        known = self._numbers.get(above)
        if known is None or element not in known:
            known = self._numbers[above] = {}
            counts: dict[str, int] = {}
            for child in self._stood.get(above) or above.iterchildren("*"):
                local = QName(child).localname
                counts[local] = known[child] = counts.get(local, 0) + 1
        return known[element]

    def places(self, elements: Iterable[_Element], data: bytes, source: str) -> dict[_Element, XmlLocation]:
        """The places of elements in the bytes that were parsed."""
        numbers = self.numbers(elements)
        last = max(numbers.values(), default=-1)
        spots = dict(enumerate(islice(columns(data), last + 1))) if numbers else {}
        found: dict[_Element, XmlLocation] = {}
        for element, number in numbers.items():
            line, column = spots.get(number) or (self.original(element).sourceline, None)
            found[element] = XmlLocation(source, line, column, self.path(element))  # type: ignore[arg-type]
        return found

    def _above(self, element: _Element) -> _Element | None:
        return self._parents.get(element) if element in self._parents else element.getparent()
