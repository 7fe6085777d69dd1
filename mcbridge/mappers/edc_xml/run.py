"""One reading of one credential: what all frames share, and references resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml.etree import _Element

from mcbridge.diagnostics import Rule, XmlLocation
from mcbridge.mappers._xml import xpaths
from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.frames import Trace
from mcbridge.mappers.edc_xml.frames import SIGNATURE, Frame, attribute, children, local, where
from mcbridge.mappers.edc_xml.rows import IDREF
from mcbridge.mappers.edc_xml.rules import CYCLE, DANGLING, TOO_MUCH, WRONG_KIND
from mcbridge.model import Achievement, GradingScheme, Organisation
from mcbridge.origins import Luggage, Source

BLOCKS: Final = "References"
"""How the names of the elements end that hold what is referred to."""
MAX_UNFOLDED: Final = 100_000
"""How many elements what is referred to again may have, together, in one credential."""
MAX_FRAMES: Final = 120
"""How deeply references may lead."""


class Run:
    """One reading of a credential. ``source`` is the document that it is in.

    ``titled`` makes an achievement of the title of a credential that claims nothing.
    """

    def __init__(
        self,
        source: Source,
        credential: _Element,
        luggage: Luggage,
        codes: Codes,
        *,
        titled: bool = False,
        trace: Trace | None = None,
    ) -> None:
        self.source = source
        self.credential = credential
        self.luggage = luggage
        self.codes = codes
        self.trace = trace
        self.titled = titled
        self.media: dict[str, dict[str, Any]] = {}
        self.agents: dict[_Element, str] = {}
        self.organisations: dict[str, Organisation | None] = {}
        self.schemes: dict[str, GradingScheme] = {}
        self.scheme_elements: dict[_Element, str] = {}
        self.used: set[_Element] = set()
        self.lifted: list[Achievement | None] = []
        self.direct = 0
        self.blocks = [each for each in children(credential) if local(each).endswith(BLOCKS)]
        self.signatures = [
            found
            for each in children(credential)
            for found in ([each] if each.tag == SIGNATURE else children(each) if local(each) == "proof" else ())
            if found.tag == SIGNATURE
        ]
        self.twice: list[_Element] = []
        self.ids = dict(self._index())
        self.reached: set[_Element] = set()
        self._said: set[tuple[str, _Element, str | None, str | None]] = set()
        self._unfolded = 0
        self._paths = xpaths(credential.getroottree().getroot()) if trace is not None else {}

    def _index(self) -> Iterator[tuple[str, _Element]]:
        """What can be referred to by its id, the first of each; an id that is there again is remembered."""
        seen: set[str] = set()
        for block in self.blocks:
            for element in children(block):
                name = attribute(element, "id")
                if name is None:
                    continue
                if name in seen:
                    self.twice.append(element)
                else:
                    seen.add(name)
                    yield name, element

    # places

    def where(self, element: _Element, attribute: str | None = None) -> XmlLocation:
        """The place of an element in the source that the user has."""
        found = self.source.located(where(self.source.name, element, attribute))
        return found if isinstance(found, XmlLocation) else XmlLocation(self.source.name)

    def pathed(self, element: _Element) -> str:
        """The path of an element, for a trace."""
        return self._paths[element]

    def said(self, rule: Rule, element: _Element, attribute: str | None, value: str | None) -> bool:
        """Whether this was said before, and from now on it was."""
        key = rule.id, element, attribute, value
        if key in self._said:
            return True
        self._said.add(key)
        return False

    # references

    def target(self, up: Frame, element: _Element, names: tuple[str, ...]) -> _Element | None:
        """What an element refers to, one of the elements called so. What leads nowhere is kept beside, and said."""
        name = attribute(element, IDREF) or ""
        found = self.ids.get(name)
        if found is None:
            up.aside(element, DANGLING, name)
            return None
        if local(found) not in names:
            up.aside(element, WRONG_KIND, name, found=local(found))
            return None
        deep = 0
        frame: Frame | None = up
        while frame is not None:
            if frame.element is found:
                up.aside(element, CYCLE, name)
                return None
            deep += 1
            frame = frame.up
        if found in self.reached:
            self._unfolded += sum(1 for _ in found.iter("*"))
        if deep > MAX_FRAMES or self._unfolded > MAX_UNFOLDED:
            up.aside(element, TOO_MUCH, name)
            return None
        self.reached.add(found)
        up.spare(element, IDREF)
        for child in children(element):
            up.stray(child)
        return found

    def peek(self, up: Frame, element: _Element, names: tuple[str, ...]) -> _Element | None:
        """What an element refers to, to be looked at in passing: it counts as read when something else leads there."""
        before = set(self.reached)
        found = self.target(up, element, names)
        self.reached = before
        return found
