"""XML piece by piece: what ``safety`` promises of a document as a whole, without ever holding the whole.

A first passage tells whether the document may be read at all: no DOCTYPE, well-formed, within the limits, and whether
the schema is kept, which libxml2 judges as it reads. What it has seen is taken off the tree behind it. Later passages
hand over elements as they end, and their readers take them off when they are through with them.

The limits of depth and of texts are those of a document that is read as a whole; that of nodes holds for what has to be
in memory at once, one child of the root.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from lxml import etree
from lxml.etree import QName, _Element

from mcbridge.mappers._xml.crowds import is_verdict
from mcbridge.mappers._xml.encoding import utf8, utf8_pieces
from mcbridge.mappers._xml.refusals import not_parsed
from mcbridge.mappers._xml.safety import (
    CLOSED,
    check_depth,
    check_length,
    check_prolog,
    check_texts,
    most_nodes,
    too_large,
)
from mcbridge.mappers._xml.validation import Schema
from mcbridge.origins import Source

Event = tuple[str, _Element]

_PROLOG: Final = 1024 * 1024
"""Bytes in which the root element has to begin; beyond them a document is read as a whole."""


_WIDEST: Final = 4
"""Bytes of a character in UTF-8, at most."""
_FOLLOWING: Final = bytes(range(0x80, 0xC0))
"""Bytes that begin no character."""
_TAG: Final = 256
_ROOMY: Final = re.compile(rb"<(?:[^\s<>/:]+:)?content[\s>]")

Change = Callable[[Iterable[bytes]], Iterable[bytes]]
"""What becomes of the pieces of a document before they are parsed."""


class Passage:
    """One way through a document: iterate it for the elements with these tags as they begin and as they end.

    ``behind`` is called when the events of a piece are through. ``valid`` is the verdict of the schema, at the end.
    """

    def __init__(
        self, source: Source, tags: Iterable[str], change: Change = lambda pieces: pieces, schema: Schema | None = None
    ) -> None:
        self._source = source
        self._parser = _parser(tags, schema)
        self._change = change
        self.behind: Callable[[], None] = lambda: None
        self.valid = True

    def __iter__(self) -> Iterator[Event]:
        """Raises ``NotThisFormat`` or ``Unreadable`` for what is not well-formed. A schema's verdict comes last."""
        parser = self._parser
        try:
            for piece in self._change(utf8_pieces(self._source)):
                parser.feed(piece)
                yield from parser.read_events()
                self.behind()
            parser.close()
        except etree.XMLSyntaxError as error:
            if is_verdict(error):
                self.valid = False
            else:
                data = utf8(self._source.data, self._source.name)
                told = _as_a_whole(data) or error
                raise not_parsed(told, data, self._source.name, self._source.limits.depth) from error
        yield from parser.read_events()


def _parser(tags: Iterable[str], schema: Schema | None) -> Any:
    return etree.XMLPullParser(
        ("start", "end"),
        tag=tuple(tags),
        encoding="utf-8",
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        schema=None if schema is None else schema.compiled,
        **CLOSED,
    )


class _Nothing:
    """What a parser makes of a document that nobody wants: no tree."""

    def close(self) -> None:
        """All is through."""


def _as_a_whole(data: bytes) -> etree.XMLSyntaxError | None:
    """What the parser says of a document that it sees at once: it knows better then where the error is."""
    nothing: Any = _Nothing()
    parser = etree.XMLParser(target=nothing, encoding="utf-8", huge_tree=True, **CLOSED)
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return error
    return None


class Guard:
    """The limits, while a first passage goes on; ``begun`` tells it of the root, ``anew`` of a child to be dropped."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        self._limits = source.limits
        self._prolog: bytes | None = b""
        self._root: _Element | None = None
        self._nodes = 0
        self._run = 0
        self._start = b""
        self._long = False
        self._excess: tuple[_Element, int] | None = None
        self._dropped: list[tuple[_Element, Counter[str]]] = []

    @property
    def undecided(self) -> bool:
        """Whether the root element has not begun yet."""
        return self._prolog is not None

    def begun(self, root: _Element) -> None:
        """The root element is there."""
        self._root = root

    def anew(self) -> None:
        """A child of the root begins, and what was before it is no longer held."""
        self._nodes = 0

    def before(self, piece: bytes) -> bytes:
        """A piece, or what of it is to be parsed. Raises ``NotThisFormat`` for a DOCTYPE, and ``Unreadable``."""
        limits = self._limits
        if self._prolog is not None:
            self._prolog += piece
            self._prolog = None if check_prolog(self._prolog, self._name) else self._prolog
            if self._prolog is not None and len(self._prolog) > _PROLOG:
                raise AsAWhole
        self._nodes += most_nodes(piece)
        if self._nodes > limits.nodes:
            message = f"one part of the document has about {self._nodes:,} elements and attributes"
            raise too_large(self._name, f"{message}; at most {limits.nodes:,} are read", "nodes")
        first = piece.find(b"<")
        if self._excess is not None:
            return self._counted(piece if first < 0 else piece[:first], ended=first >= 0)
        self._run += len(piece) if first < 0 else first
        self._long |= self._run > limits.text
        most = max(limits.text, limits.content)
        if self._run > _WIDEST * most + _PROLOG:
            raise too_large(self._name, f"a text has more than {most:,} characters", "content")
        if first < 0:
            self._start = (self._start + piece[:_TAG])[:_TAG]
        else:
            last = piece.rfind(b"<")
            self._run, self._start = len(piece) - last, piece[last : last + _TAG]
        return piece

    def _counted(self, text: bytes, *, ended: bool) -> bytes:
        """Nothing more of a text that is too long is parsed; it is counted, so that it can be said how long it is."""
        if self._excess is not None:
            owner, length = self._excess
            self._excess = owner, length + len(text.translate(None, _FOLLOWING))
            if ended:
                check_length(self._excess[1], owner, self._name, self._limits, self.xpath)
        return b""

    def behind(self) -> None:
        """After a piece. Raises ``Unreadable`` for what is too long or too deep."""
        if self._root is None:
            return
        check_depth(self._root, self._name, self._limits)
        if self._long and self._run <= self._limits.text:  # it has ended
            check_texts(self._root, self._name, self._limits, self.xpath)
            self._long = False
        elif self._excess is None and self._run > _WIDEST * self._limits.text and not _ROOMY.match(self._start):
            element = self._root
            while len(element):
                element = element[-1]
            parent = element.getparent()
            for owner, text in ((element, element.text), (parent, element.tail)):
                if owner is not None and text is not None and len(text) > self._limits.text:
                    self._excess = owner, len(text)

    def measure(self, element: _Element, length: int) -> None:
        """The length of an attachment that is not in the tree. Raises ``Unreadable`` when it is too long."""
        check_length(length, element, self._name, self._limits, self.xpath)

    def drop(self, root: _Element) -> None:
        """Take off all that has ended but the last of each level, and remember how many there were."""
        depth, element = 0, root
        while len(element):
            counts = self._counts(depth, element)
            if len(element) > 1:
                tags = Counter([child.tag for child in element])
                tags[element[-1].tag] -= 1
                for tag, number in tags.items():
                    counts[QName(tag).localname] += number
                several: Any = element
                del several[:-1]
            depth, element = depth + 1, element[-1]

    def taken(self, child: _Element) -> None:
        """A child of the root is taken out of the tree by somebody who keeps it."""
        if self._root is not None:
            self._counts(0, self._root)[QName(child).localname] += 1

    def _counts(self, depth: int, element: _Element) -> Counter[str]:
        if depth == len(self._dropped) or self._dropped[depth][0] is not element:
            del self._dropped[depth:]
            self._dropped.append((element, Counter()))
        return self._dropped[depth][1]

    def xpath(self, element: _Element, attribute: str | None = None) -> str:
        """The path of an element of the document, of which parts are gone."""
        gone = {id(held): counts for held, counts in self._dropped}
        steps: list[str] = []
        above = element.getparent()
        while above is not None:
            local = QName(element).localname
            before = sum(QName(one).localname == local for one in element.itersiblings("*", preceding=True))
            steps.append(f"{local}[{1 + before + gone.get(id(above), Counter())[local]}]")
            element, above = above, above.getparent()
        path = "/".join((QName(element).localname, *reversed(steps)))
        return path if attribute is None else f"{path}/@{QName(attribute).localname}"


class AsAWhole(Exception):
    """The document is better read as a whole: the root element is far away, or there is what nobody expects."""
