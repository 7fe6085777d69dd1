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
from functools import lru_cache
from typing import Any, Final

from lxml import etree
from lxml.etree import _Element
from msgspec import Struct

from mcbridge.errors import NotThisFormat, Unreadable
from mcbridge.mappers._xml.encoding import utf8
from mcbridge.mappers._xml.places import xpath
from mcbridge.mappers._xml.refusals import not_parsed
from mcbridge.origins import MAX_BYTES

MEGABYTE: Final = 1024 * 1024

_NATIVE_DEPTH: Final = 256
_NATIVE_TEXT: Final = 9_000_000
"""What libxml2 allows by itself, with some room."""

_BLANK: Final = b" \t\r\n"
_PROLOG: Final = re.compile(rb"(?:[ \t\r\n]++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_OPENING: Final = re.compile(rb"<!\[CDATA\[|<!--|<\?")
_CLOSING: Final = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}


class XmlLimits(Struct, frozen=True):
    """How large a document and its parts may be. Text is counted in characters.

    ``depth`` goes up to 2,048, where libxml2 stops. ``content`` holds for texts of elements whose local name is in
    ``roomy`` (attachments), ``text`` for all others and for attributes. ``nodes`` counts elements and attributes.
    """

    bytes: int = MAX_BYTES
    depth: int = _NATIVE_DEPTH
    nodes: int = 5_000_000
    text: int = MEGABYTE
    content: int = 32 * MEGABYTE
    roomy: frozenset[str] = frozenset({"content"})


DEFAULT: Final = XmlLimits()


def parse(data: bytes, name: str, limits: XmlLimits = DEFAULT) -> _Element:
    """The root element, without comments and processing instructions; CDATA is text.

    Raises ``NotThisFormat`` for what is no well-formed XML or has a DOCTYPE, ``Unreadable`` for bytes that are in no
    known encoding and for what exceeds the limits. ``name`` is what the user calls the source.
    """
    if len(data) > limits.bytes:
        raise _too_large(name, f"the document has {len(data):,} bytes; at most {limits.bytes:,} are read")
    text = utf8(data, name)
    _check_prolog(text, name)
    _check_nodes(text, name, limits)
    # Shorter than the limit, nothing in it can be longer.
    plain = _without_opaque(text) if len(text) > limits.text else b""
    huge = limits.depth > _NATIVE_DEPTH or _has_run(plain, _NATIVE_TEXT)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=huge,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise not_parsed(error, text, name, limits.depth) from error
    if huge or limits.depth < _NATIVE_DEPTH:
        _check_depth(root, name, limits)
    if _has_run(plain, limits.text):
        _check_texts(root, name, limits)
    return root


def _check_prolog(data: bytes, name: str) -> None:
    """Refuse a DOCTYPE, and what has nothing in it. All else that may be wrong is left to the parser to say."""
    found = _PROLOG.match(data)
    start = found.end() if found else 0
    if start == len(data):
        what = "holds nothing but its prolog" if data.strip(_BLANK) else "is empty"
        raise NotThisFormat(
            f"the document {what}", where=name, hint="export it again; the transfer may have been cut off", line=1
        )
    if data.startswith(b"<!DOCTYPE", start):
        line = data.count(b"\n", 0, start) + 1
        column = start - data.rfind(b"\n", 0, start)
        raise NotThisFormat(
            "the document has a DOCTYPE, which is refused: it can make a reader fetch files or unfold without end",
            where=f"{name}:{line}:{column}",
            hint="ask the sender to leave the DOCTYPE out; no format read here needs one",
            line=line,
            column=column,
        )


def _check_nodes(data: bytes, name: str, limits: XmlLimits) -> None:
    # An element takes four bytes at least. In larger documents tags that open are counted, and equals signs, of which
    # each attribute has one; both may also stand in text, so this is what there can be at most.
    if len(data) // 4 <= limits.nodes:
        return
    most = data.count(b"<") - data.count(b"</") + data.count(b"=")
    if most > limits.nodes:
        raise _too_large(
            name, f"the document has about {most:,} elements and attributes; at most {limits.nodes:,} are read"
        )


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


def _check_depth(root: _Element, name: str, limits: XmlLimits) -> None:
    if _deeper_than(limits.depth)(root):
        raise _too_large(name, f"elements are nested more than {limits.depth} deep")


_LONG_ATTRIBUTES: Final = etree.XPath("//@*[string-length() > $most]")


def _check_texts(root: _Element, name: str, limits: XmlLimits) -> None:
    for element in root.iter("*"):
        text, tail = element.text, element.tail
        if text is not None and len(text) > limits.text:
            _check_text(text, element, name, limits)
        if tail is not None and len(tail) > limits.text:
            _check_text(tail, element.getparent(), name, limits)
    values: Any = _LONG_ATTRIBUTES(root, most=limits.text)
    for value in values:
        owner = value.getparent()
        raise _too_long(value, limits.text, owner, xpath(owner, value.attrname), name)


def _check_text(text: str, owner: _Element | None, name: str, limits: XmlLimits) -> None:
    if owner is not None:
        most = limits.content if etree.QName(owner).localname in limits.roomy else limits.text
        if len(text) > most:
            raise _too_long(text, most, owner, xpath(owner), name)


def _too_long(text: str, most: int, owner: _Element, place: str, name: str) -> Unreadable:
    return _too_large(
        f"{name}:{owner.sourceline}",
        f"a text of {len(text):,} characters stands at {place}; at most {most:,} are read there",
    )


def _too_large(where: str, message: str) -> Unreadable:
    return Unreadable(message, where=where, hint="ask the sender whether this is meant; if so, split the document")
