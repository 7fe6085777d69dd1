"""One reading of one credential: what all frames share, and references resolved."""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.reading.coded import Codes
from mcbridge.mappers.edc.reading.frames import STUB, Frame, Node, Renamed, Trace, as_keyword, shown, step
from mcbridge.mappers.edc.reading.rules import CYCLE, DANGLING, OTHER_TYPE, TOO_MUCH
from mcbridge.model import GradingScheme, Organisation
from mcbridge.origins import Luggage

MIN_UNFOLDED: Final = 10_000
MAX_UNFOLDED: Final = 200_000
TIMES_UNFOLDED: Final = 10
"""How many keys the nodes may have, together, that references are unfolded to: so many times those that there are."""
MAX_FRAMES: Final = 60
"""How deeply references may lead."""


class Nodes:
    """The nodes of some trees by their ids, each where it is first said what it is; looked for when first asked."""

    def __init__(self, trees: tuple[tuple[Any, str], ...], renamed: Renamed | None = None) -> None:
        self._trees = trees
        self._renamed = renamed or {}
        self._found: dict[str, tuple[Node, str]] | None = None
        self._keys = 0
        self._lent = 0

    def get(self, name: str) -> tuple[Node, str] | None:
        """A node and its pointer."""
        return self._all().get(name)

    def __contains__(self, name: object) -> bool:
        return name in self._all()

    def lend(self, name: str) -> tuple[Node, str] | None:
        """The same for one of many documents that refer to it; all they get together has an end."""
        found = self.get(name)
        if found is not None:
            self._lent += _size(found[0])
        return found if self._lent <= max(MIN_UNFOLDED, TIMES_UNFOLDED * self.keys) else None

    @property
    def keys(self) -> int:
        """How many keys all nodes have together."""
        self._all()
        return self._keys

    def _all(self) -> dict[str, tuple[Node, str]]:
        if self._found is None:
            self._found = {}
            waiting: list[tuple[Any, str]] = list(self._trees)
            while waiting:
                value, place = waiting.pop()
                if type(value) is dict:
                    self._keys += len(value)
                    name = value.get("id")
                    if type(name) is str and not value.keys() <= STUB:
                        self._found.setdefault(name, (value, place))
                    inner = [(key, each) for key, each in value.items() if type(each) in (dict, list)]
                    for key, each in reversed(inner):
                        waiting.append((each, f"{place}{step(as_keyword(self._renamed, value, key))}"))
                elif type(value) is list:
                    waiting += [(each, f"{place}/{pos}") for pos, each in enumerate(value)][::-1]
        return self._found


class Ids:
    """Where references lead: to nodes of the document, else to those ``around`` it; ``reached`` are their places."""

    def __init__(self, own: Nodes, around: Nodes | None) -> None:
        self._own = own
        self._around = around
        self.reached: set[str] = set()

    def look(self, name: str) -> tuple[Node, str] | None:
        """The node that a reference leads to, with its pointer."""
        found = self._own.get(name)
        return self._around.lend(name) if found is None and self._around is not None else found

    def get(self, name: str) -> tuple[Node, str] | None:
        """The same, and it counts as reached."""
        found = self.look(name)
        if found is not None:
            self.reached.add(found[1])
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._own or (self._around is not None and name in self._around)

    @property
    def keys(self) -> int:
        """How many keys there are in all."""
        return self._own.keys + (0 if self._around is None else self._around.keys)


class Run:
    """One reading. ``source`` is what the document is called; ``lead`` the place of the credential in it.

    ``suspected``: something that was kept beside speaks of a credential.

    ``nodes`` are all that a reference may lead to, with the place of what holds them; ``renamed`` tells which of them
    have keywords of JSON-LD for short names.
    """

    def __init__(
        self,
        source: str,
        nodes: tuple[Any, str],
        luggage: Luggage,
        codes: Codes,
        *,
        lead: str = "",
        around: Nodes | None = None,
        renamed: Renamed | None = None,
        trace: Trace | None = None,
    ) -> None:
        self.source = source
        self.luggage = luggage
        self.codes = codes
        self.lead = lead
        self.trace = trace
        self.renamed = renamed or {}
        self.ids = Ids(Nodes((nodes,), renamed), around)
        self.media: dict[str, dict[str, Any]] = {}
        self.agents: dict[str, list[tuple[Node, str]]] = {}
        self.agents_open: dict[int, str] = {}
        self.names_open: dict[str, str] = {}
        self.organisations: dict[str, Organisation | None] = {}
        self.contents_of: dict[Organisation, str] = {}
        self.schemes: dict[str, GradingScheme] = {}
        self.scheme_nodes: dict[str, list[tuple[Node, str]]] = {}
        self.awards: dict[str, list[tuple[Node, Any]]] = {}
        self.suspected = False
        self._unfolded = 0
        self._most = 0

    def node(self, up: Frame, item: Any, key: str, pos: int | None) -> tuple[Node, str | None] | None:
        """The node that stands at a place, or that a reference there leads to, with its pointer when it is elsewhere.

        What is none is kept beside, and said.
        """
        if type(item) is dict and item:
            if not (item.keys() <= STUB and "id" in item):
                return item, None
            name = item.get("id")
        else:
            name = item
        if type(name) is not str or not name:
            up.wrong(key, pos, item, "an object")
            return None
        return self._followed(up, item, name, key, pos)

    def _followed(self, up: Frame, item: Any, name: str, key: str, pos: int | None) -> tuple[Node, str] | None:
        found = self.ids.look(name)
        if found is None:
            if type(item) is str and not _names(name):
                up.wrong(key, pos, item, "an object")
            else:
                up.aside(key, pos, item, DANGLING, name)
            return None
        frame: Frame | None = up
        while frame is not None:
            if frame.node is found[0]:
                up.aside(key, pos, item, CYCLE, name)
                return None
            frame = frame.up
        self._unfolded += _size(found[0])
        if self._unfolded > self._limit() or self.deep(up):
            up.aside(key, pos, item, TOO_MUCH, name)
            return None
        self.ids.reached.add(found[1])
        self.compare(up, item, key, pos, found[0])
        return found

    def compare(self, up: Frame, item: Any, key: str, pos: int | None, node: Node) -> None:
        """A reference may say a class, too; one that is not that of the node is kept beside."""
        if type(item) is dict and "type" in item:
            said, held = _listed(item["type"]), _listed(node.get("type"))
            if not all(each in held for each in said):
                words = ", ".join(each if type(each) is str else shown(each) for each in said)
                expected = ", ".join(each for each in held if type(each) is str) or "what it refers to"
                up.aside(key, pos, item, OTHER_TYPE, words, expected=expected)

    def seen(self, item: Any) -> Node | None:
        """The node that stands at a place or that a reference there leads to, to be looked at and not read."""
        if type(item) is list and len(item) == 1:
            item = item[0]
        name = item
        if type(item) is dict:
            if not item.keys() <= STUB:
                return item
            name = item.get("id")
        found = self.ids.look(name) if type(name) is str else None
        return None if found is None else found[0]

    def deep(self, frame: Frame | None) -> bool:
        """Whether so many nodes stand around a place that no reference is followed from there."""
        number = 0
        while frame is not None:
            number += 1
            frame = frame.up
        return number > MAX_FRAMES

    def _limit(self) -> int:
        """How far references may unfold: a flattened document is nothing but references, so its size counts."""
        if not self._most:
            self._most = min(max(MIN_UNFOLDED, TIMES_UNFOLDED * self.ids.keys), MAX_UNFOLDED)
        return self._most


def _listed(value: Any) -> list[Any]:
    return value if type(value) is list else [value]


def _names(text: str) -> bool:
    """Whether a string looks like the id of something."""
    head, colon, rest = text.partition(":")
    if not colon or not rest or any(map(str.isspace, text)):
        return False
    return head == "_" or (head.isascii() and head.replace("+", "").isalnum())


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
