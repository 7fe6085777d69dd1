"""Documents of which libxml2 could find thousands of faults: each costs it a look at all the siblings of an element.

lxml asks for the path of every fault, and the path counts siblings, so 30,000 faults in one list take half a minute.
Such a document is judged while it is parsed once more, where there are no paths; where that finds many faults, they are
looked for in a few of the siblings at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.mappers._xml.safety import CLOSED

ELEMENTS: Final = 4_000
"""Up to so many elements it makes no difference."""

SIDE_BY_SIDE: Final = 400
"""Siblings of one name that are looked at together."""

LOOKS: Final = 12
"""Times that a document is looked at for the first of its faults."""

_LARGE: Final = etree.XPath(f"boolean(/descendant-or-self::*[{ELEMENTS + 1}])")
_IDENTIFIERS: Final = etree.XPath(
    "descendant-or-self::d:*/@Id | descendant-or-self::*/@xml:id",
    namespaces={"d": "http://www.w3.org/2000/09/xmldsig#"},
)
_WIDE: Final = etree.XPath(f"boolean(descendant-or-self::*[*[{SIDE_BY_SIDE + 1}]])")


def crowded(root: _Element) -> bool:
    """Whether a document is large, and an element of it has more children than are looked at together."""
    return bool(_LARGE(root)) and bool(_WIDE(root))


def faults(root: _Element, schema: etree.XMLSchema) -> list[str]:
    """What a schema finds in a document, without its places."""
    parser = etree.XMLParser(huge_tree=True, collect_ids=False, schema=schema, **CLOSED)
    try:
        etree.fromstring(etree.tostring(root, with_tail=False), parser)
    except etree.XMLSyntaxError as error:
        if not is_verdict(error):
            raise
    log: Any = parser.error_log
    return [entry.message for entry in log] + _repeated(root)


def is_verdict(error: etree.XMLSyntaxError) -> bool:
    """Whether it is the schema that stopped a parser."""
    log: Any = error.error_log
    return log.last_error is not None and log.last_error.domain_name == "SCHEMASV"


def _repeated(root: _Element) -> list[str]:
    """The identifiers that stand there once more: a parser that keeps nothing does not notice."""
    found: Any = _IDENTIFIERS(root)
    names = Counter([" ".join(name.split()) for name in found])
    return list((names - Counter(names.keys())).elements())


def parts(root: _Element) -> Iterator[tuple[_Element, dict[_Element, _Element]]]:
    """The document with some of the siblings of one name each, and the elements that its elements are copies of.

    Schemas allow one of a name or any number, so what has more than one still is judged alike.
    """
    starts = range(0, _most(root), SIDE_BY_SIDE)
    some = {round(look * (len(starts) - 1) / (LOOKS - 1)) for look in range(LOOKS)}
    for number in sorted(some):
        copies: dict[_Element, _Element] = {}
        yield _part(root, None, starts[number], copies), copies


def _most(root: _Element) -> int:
    wide = (element for element in root.iter("*") if len(element) > SIDE_BY_SIDE)
    return max((max(_names(element).values()) for element in wide), default=1)


def _names(element: _Element) -> Counter[str]:
    return Counter([child.tag for child in element.iterchildren("*")])


def _part(element: _Element, above: _Element | None, start: int, copies: dict[_Element, _Element]) -> _Element:
    made: Any = etree.Element if above is None else partial(etree.SubElement, above)
    copy: _Element = made(element.tag, element.attrib, element.nsmap)
    copy.tail = None if above is None else element.tail
    copy.text = element.text
    copies[copy] = element
    names = _names(element) if len(element) > SIDE_BY_SIDE else Counter[str]()
    before: Counter[str] = Counter()
    for child in element.iterchildren("*"):
        first = min(start, names[child.tag] - SIDE_BY_SIDE)
        if names[child.tag] <= SIDE_BY_SIDE or first <= before[child.tag] < first + SIDE_BY_SIDE:
            _part(child, copy, start, copies)
        before[child.tag] += 1
    return copy
