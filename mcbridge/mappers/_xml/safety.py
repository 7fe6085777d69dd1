"""Parsing XML that nobody here has seen: no DOCTYPE, no entities, no network, and limits on everything that can grow.

The parser sees UTF-8 only, so what was looked for in the bytes is what the parser
reads. A DOCTYPE can stand only before the root element and is looked for there,
before anything is parsed: an entity that is never declared cannot be expanded.

The limits cost next to nothing on ordinary documents. libxml2 itself stops at
256 levels and at 10,000,000 characters of text unless it is told not to; it is told
so only when a longer text is there, and then the tree is measured afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.errors import NotThisFormat, Unreadable
from mcbridge.limits import DEFAULT, Limits, raising
from mcbridge.mappers._xml.doctype import doctype, prolog
from mcbridge.mappers._xml.encoding import utf8
from mcbridge.mappers._xml.places import xpath
from mcbridge.mappers._xml.refusals import not_parsed

_NATIVE_DEPTH: Final = 256
_NATIVE_TEXT: Final = 9_000_000
"""What libxml2 allows by itself, with some room."""

_BLANK: Final = b" \t\r\n"
_BEGINNING: Final = re.compile(rb"<(?:[?!].*)?", re.DOTALL)
_OPENING: Final = re.compile(rb"<!\[CDATA\[|<!--|<\?")
_CLOSING: Final = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}


CLOSED: Final[dict[str, Any]] = {"resolve_entities": False, "load_dtd": False, "no_network": True}
"""Settings of every parser: whatever a document asks for, nothing else is opened."""

Path = Callable[..., str]
"""The path of an element, or of its attribute, for people."""

ROOMY: Final = frozenset({"content"})
"""The local names of elements whose text may be as long as an attachment."""


def parse(data: bytes, name: str, limits: Limits = DEFAULT) -> _Element:
    """The root element, without comments and processing instructions; CDATA is text.

    Raises ``NotThisFormat`` for what is no well-formed XML or has a DOCTYPE, ``Unreadable`` for bytes that are in no
    known encoding and for what exceeds the limits. ``name`` is what the user calls the source.
    """
    if len(data) > limits.bytes:
        raise too_large(name, f"the document has {len(data):,} bytes; at most {limits.bytes:,} are read", "bytes")
    text = utf8(data, name)
    _check_prolog(text, name)
    _check_nodes(text, name, limits)
    # Shorter than the limit, nothing in it can be longer.
    plain = _without_opaque(text) if len(text) > min(limits.text, _NATIVE_TEXT) else b""
    huge = limits.depth > _NATIVE_DEPTH or _has_run(plain, _NATIVE_TEXT)
    parser = etree.XMLParser(
        encoding="utf-8", huge_tree=huge, remove_comments=True, remove_pis=True, collect_ids=False, **CLOSED
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise not_parsed(error, text, name, limits.depth) from error
    if huge or limits.depth < _NATIVE_DEPTH:
        check_depth(root, name, limits)
    if _has_run(plain, limits.text):
        check_texts(root, name, limits)
    return root


def _check_prolog(data: bytes, name: str) -> None:
    """Refuse a DOCTYPE, and what has nothing in it. All else that may be wrong is left to the parser to say."""
    if not check_prolog(data, name) and prolog(data) == len(data):
        what = "holds nothing but its prolog" if data.strip(_BLANK) else "is empty"
        raise NotThisFormat(
            f"the document {what}", where=name, hint="export it again; the transfer may have been cut off", line=1
        )


def check_prolog(data: bytes, name: str) -> bool:
    """Whether the root element begins in these first bytes, and no DOCTYPE before it. Raises ``NotThisFormat``."""
    if found := doctype(data):
        way_out = "no format read here needs one" if found.end is None else "--allow-doctype reads the document without"
        raise NotThisFormat(
            "the document has a DOCTYPE, which is refused: it can make a reader fetch files or unfold without end",
            where=f"{name}:{found.line}:{found.column}",
            hint=f"ask the sender to leave the DOCTYPE out; {way_out}",
            line=found.line,
            column=found.column,
        )
    start = prolog(data)
    return start < len(data) and not _BEGINNING.fullmatch(data, start)


def _check_nodes(data: bytes, name: str, limits: Limits) -> None:
    # An element takes four bytes at least. In larger documents tags that open are counted, and equals signs, of which
    # each attribute has one; both may also stand in text, so this is what there can be at most.
    if len(data) // 4 <= limits.nodes:
        return
    most = most_nodes(data)
    if most > limits.nodes:
        raise too_large(
            name, f"the document has about {most:,} elements and attributes; at most {limits.nodes:,} are read", "nodes"
        )


def most_nodes(data: bytes) -> int:
    """How many elements and attributes there can be at most."""
    return data.count(b"<") - data.count(b"</") + data.count(b"=")


def _without_opaque(data: bytes) -> bytes:
    """The bytes with comments, instructions and CDATA blanked out: a < in them is no tag."""
    pieces: list[bytes] = []
    at = 0
    while found := _OPENING.search(data, at):
        end = data.find(_CLOSING[found[0]], found.end())
        if end < 0:
            break  # the parser will refuse it
        pieces += (data[at : found.start()], b" " * (end - found.start()))
        at = end
    return b"".join((*pieces, data[at:])) if pieces else data


def _has_run(data: bytes, length: int) -> bool:
    """Whether more than so many bytes stand somewhere without a tag among them."""
    at = 0
    while len(data) - at > length:
        before = data.rfind(b"<", at + 1, at + length + 2)
        if before < 0:
            return True
        at = before
    return False


@lru_cache
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


def check_depth(root: _Element, name: str, limits: Limits) -> None:
    """Raises ``Unreadable`` for elements nested too deeply."""
    if _deeper_than(limits.depth)(root):
        raise too_large(name, f"elements are nested more than {limits.depth} deep", "depth")


_LONG_ATTRIBUTES: Final = etree.XPath("//@*[string-length() > $most]")


def check_texts(root: _Element, name: str, limits: Limits, path: Path = xpath) -> None:
    """Raises ``Unreadable`` for the first text that is too long."""
    for element in root.iter("*"):
        text, tail = element.text, element.tail
        if text is not None and len(text) > limits.text:
            check_length(len(text), element, name, limits, path)
        if tail is not None and len(tail) > limits.text:
            check_length(len(tail), element.getparent(), name, limits, path)
    values: Any = _LONG_ATTRIBUTES(root, most=limits.text)
    for value in values:
        owner = value.getparent()
        raise _too_long(len(value), limits.text, owner, path(owner, value.attrname), name, "text")


def check_length(length: int, owner: _Element | None, name: str, limits: Limits, path: Path) -> None:
    """Raises ``Unreadable`` for a text of so many characters when that is too long where it stands."""
    if owner is not None:
        limit = "content" if etree.QName(owner).localname in ROOMY else "text"
        most: int = getattr(limits, limit)
        if length > most:
            raise _too_long(length, most, owner, path(owner), name, limit)


def _too_long(length: int, most: int, owner: _Element, place: str, name: str, limit: str) -> Unreadable:
    return too_large(
        f"{name}:{owner.sourceline}",
        f"a text of {length:,} characters stands at {place}; at most {most:,} are read there",
        limit,
    )


def too_large(where: str, message: str, limit: str) -> Unreadable:
    """The error to raise for something beyond a limit."""
    hint = f"ask the sender whether this is meant; if so, split the document; {raising(limit)}"
    return Unreadable(message, where=where, hint=hint)
