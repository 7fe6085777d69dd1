"""One reading of one credential: what all frames share, and references resolved."""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.frames import Frame, Node, Trace
from mcbridge.mappers.edc.reading.rules import CYCLE, DANGLING, TOO_MUCH
from mcbridge.model import GradingScheme, Organisation
from mcbridge.origins import Luggage

STUB: Final = frozenset({"id", "type", "@id", "@type"})
"""What a node has that only refers to another."""
MAX_UNFOLDED: Final = 10_000
"""How many keys the nodes may have, together, that references in one credential are unfolded to."""
MAX_FRAMES: Final = 120
"""How deeply references may lead."""


class Run:
    """One reading. ``source`` is what the document is called; ``lead`` the place of the credential in it."""

    def __init__(
        self, source: str, root: Node, luggage: Luggage, codes: Codes, *, lead: str = "", trace: Trace | None = None
    ) -> None:
        self.source = source
        self.root = root
        self.luggage = luggage
        self.codes = codes
        self.lead = lead
        self.trace = trace
        self.media: dict[str, dict[str, Any]] = {}
        self.agents: dict[str, list[tuple[Node, str]]] = {}
        self.agents_open: dict[int, str] = {}
        self.names_open: dict[str, str] = {}
        self.organisations: dict[str, Organisation | None] = {}
        self.contents_of: dict[Organisation, str] = {}
        self.schemes: dict[str, GradingScheme] = {}
        self.scheme_nodes: dict[str, list[tuple[Node, str]]] = {}
        self.awards: dict[str, list[tuple[Node, Any]]] = {}
        self._ids: dict[str, tuple[Node, str]] | None = None
        self._unfolded = 0

    def node(self, up: Frame, item: Any, key: str, pos: int | None) -> tuple[Node, str | None] | None:
        """The node that stands at a place, or that a reference there leads to, with its pointer when it is elsewhere.

        What is none is kept beside, and said.
        """
        if type(item) is dict and item:
            if not (item.keys() <= STUB and ("id" in item or "@id" in item)):
                return item, None
            name = item.get("id", item.get("@id"))
        else:
            name = item
        if type(name) is not str or not name:
            up.wrong(key, pos, item, "an object")
            return None
        return self._followed(up, item, name, key, pos)

    def _followed(self, up: Frame, item: Any, name: str, key: str, pos: int | None) -> tuple[Node, str] | None:
        found = self.ids.get(name)
        if found is None:
            if type(item) is str and not _names(name):
                up.wrong(key, pos, item, "an object")
            else:
                up.aside(key, pos, item, DANGLING, name)
            return None
        deep = 0
        frame: Frame | None = up
        while frame is not None:
            if frame.node is found[0]:
                up.aside(key, pos, item, CYCLE, name)
                return None
            deep += 1
            frame = frame.up
        self._unfolded += _size(found[0])
        if deep > MAX_FRAMES or self._unfolded > MAX_UNFOLDED:
            up.aside(key, pos, item, TOO_MUCH, name)
            return None
        return found

    @property
    def ids(self) -> dict[str, tuple[Node, str]]:
        """The nodes by their ids, each where it is first said what it is; made when the first reference is met."""
        if self._ids is None:
            self._ids = {}
            waiting: list[tuple[Any, str]] = [(self.root, self.lead)]
            while waiting:
                value, place = waiting.pop()
                if type(value) is dict:
                    name = value.get("id", value.get("@id"))
                    if type(name) is str and not value.keys() <= STUB:
                        self._ids.setdefault(name, (value, place))
                    inner = [(each, f"{place}/{key}") for key, each in value.items() if type(each) in (dict, list)]
                    waiting += reversed(inner)
                elif type(value) is list:
                    waiting += [(each, f"{place}/{pos}") for pos, each in enumerate(value)][::-1]
        return self._ids


def _names(text: str) -> bool:
    """Whether a string looks like the id of something."""
    head, colon, rest = text.partition(":")
    return (
        bool(colon and rest) and head.isascii() and head.replace("+", "").isalnum() and not any(map(str.isspace, text))
    )


def _size(node: Node) -> int:
    """How many keys a node has with all that is in it."""
    number = 0
    waiting: list[Any] = [node]
    while waiting:
        value = waiting.pop()
        if type(value) is dict:
            number += len(value)
            waiting += value.values()
        elif type(value) is list:
            waiting += value
    return number
