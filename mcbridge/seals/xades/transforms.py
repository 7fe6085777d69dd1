"""The transforms that leave signatures out of what is signed, and the canonical form after them.

Sealed Europass XML says that in XPath. An expression in a document is never evaluated:
it is one of the few that all say the same in other words, or it is not followed.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from lxml.etree import _Element

from mcbridge.seals.judging import Problem, malformed, unsupported, wrapped
from mcbridge.seals.xmldsig.algorithms import CANONICAL, DEFAULT_CANONICAL, ENVELOPED, SELECTING
from mcbridge.seals.xmldsig.structure import MOST_PREFIXES, NAMESPACE, prefixes_of, tag

XPATH: Final = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER: Final = "http://www.w3.org/2002/06/xmldsig-filter2"


class LeftOut(Enum):
    """Which signatures a reference to the document does not cover: the one that makes it, or all."""

    OWN = "its own"
    ALL = "all"


_P: Final = r"(?P<prefix>[^\W\d][\w.-]*):Signature"
_Q: Final = r"(?P=prefix):Signature"
_XPATHS: Final = (
    (re.compile(rf"not\(ancestor-or-self::{_P}\)"), LeftOut.ALL),
    (
        # what enveloped-signature stands for (XML Signature, 6.6.4)
        re.compile(rf"count\(ancestor-or-self::{_P}\|here\(\)/ancestor::{_Q}\[1\]\)>count\(ancestor-or-self::{_Q}\)"),
        LeftOut.OWN,
    ),
)
_SUBTRACTED: Final = (
    (re.compile(rf"(?:/descendant::|/descendant-or-self::|//){_P}"), LeftOut.ALL),
    (re.compile(rf"here\(\)/ancestor::{_P}\[1\]"), LeftOut.OWN),
)
_SPACE: Final = re.compile(r"[ \t\r\n]+")


def of_document(transforms: _Element | None) -> tuple[LeftOut, str, tuple[str, ...]] | Problem:
    """What a reference to the document leaves out, and its canonical form with the prefixes that count in it."""
    left: list[LeftOut] = []
    form: tuple[str, tuple[str, ...]] | None = None
    for each in () if transforms is None else transforms.iterchildren(tag("Transform")):
        if form is not None:
            return unsupported("what it covers was changed again after its canonical form was made")
        address = each.get("Algorithm", "")
        if address == ENVELOPED:
            left.append(LeftOut.OWN)
        elif address in {XPATH, FILTER}:
            found = _known(each, address)
            if found is None:
                return unsupported("what it covers is chosen by an expression that is not followed: ", _text(each))
            left.append(found)
        elif address in CANONICAL:
            form = address, prefixes_of(each)
        elif address in SELECTING:
            return wrapped("a transform may leave parts of the document out of what was signed: ", address)
        else:
            return unsupported("what it covers was made by a transform that is not followed: ", address)
    if not left:
        return malformed("it covers itself, because it does not leave itself out")
    return LeftOut.ALL if LeftOut.ALL in left else LeftOut.OWN, *(form or (DEFAULT_CANONICAL, ()))


def of_part(transforms: _Element | None) -> tuple[str, tuple[str, ...]] | Problem:
    """The canonical form of a part of the signature itself."""
    form: tuple[str, tuple[str, ...]] | None = None
    for each in () if transforms is None else transforms.iterchildren(tag("Transform")):
        address = each.get("Algorithm", "")
        if form is not None or address not in CANONICAL:
            return unsupported("what it says of itself was made by a transform that is not followed: ", address)
        form = address, prefixes_of(each)
    if form is not None and len(form[1]) > MOST_PREFIXES:
        return unsupported(f"its canonical form names more than {MOST_PREFIXES} prefixes")
    return form or (DEFAULT_CANONICAL, ())


def _known(transform: _Element, address: str) -> LeftOut | None:
    """What an expression leaves out, if it is one of those that are known."""
    inside = list(transform.iterchildren("*"))
    space = NAMESPACE if address == XPATH else FILTER
    if len(inside) != 1 or inside[0].tag != f"{{{space}}}XPath" or len(inside[0]):
        return None
    [said] = inside
    if address == FILTER and said.get("Filter") != "subtract":
        return None
    text = _SPACE.sub("", said.text or "")
    for pattern, left in _XPATHS if address == XPATH else _SUBTRACTED:
        found = pattern.fullmatch(text)
        if found is not None and said.nsmap.get(found["prefix"]) == NAMESPACE:
            return left
    return None


def _text(transform: _Element) -> str:
    return _SPACE.sub(" ", "".join(str(each) for each in transform.itertext())).strip()[:160]
