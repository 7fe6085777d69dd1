"""What the model has no word for: kept as residue of the entity where it was found, or as the spelling of a value."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree
from lxml.etree import _Element

from mcbridge.mappers.elmo.aside import Aside
from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.model import Residue, Spelling

FORMAT = "elmo"
DRAFT = "elmo-draft"
"""What residue and spellings of a draft are called: no writer of ELMO takes them for its own."""
EWP = "ewp"
"""What an EWP response says beside the documents in it."""
HEAVY = 4096
"""Residue above this many characters stands in the contents."""

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"

_START = re.compile(r"\A<[^\s/>]+(?![^>]* xmlns=)")

_PREFIXED = re.compile(r"[\">\s]([^\W\d][\w.-]*):(?=[^\W\d])(?![\w.-]*=\")")
"""What may be a prefix, at the beginning of a word of a value; the names of elements and attributes are not."""

Frame = list[Any]
"""A dictionary of fields for each struct that an element fills, the entity's first; and the walk, last."""


def attributes_of(element: _Element) -> list[tuple[str, str]]:
    """The attributes of an element; lxml hands out strings, its stubs are less sure."""
    return element.items()  # type: ignore[return-value]


def raw(element: _Element) -> str:
    """An element as exclusive canonical XML, which stands by itself wherever it is pasted."""
    tail, element.tail = element.tail, None
    try:
        text = etree.tostring(element, method="c14n", exclusive=True).decode()
        if said := _said(text, element):
            text = etree.tostring(element, method="c14n", exclusive=True, inclusive_ns_prefixes=said).decode()
    except etree.C14NError:  # relative namespace names, which canonical XML refuses
        text = etree.tostring(element, encoding="unicode")
    finally:
        element.tail = tail
    # What is in no namespace says so: it is pasted below elements that have a default one.
    if any(child.tag[:1] != "{" for child in element.iter("*")):
        return _START.sub(r'\g<0> xmlns=""', text, count=1)
    return text


Steps = dict[tuple[Any, str], tuple[_Element, int]]
"""The last element with a step, and its number, by parent and tag."""


def _said(text: str, element: _Element) -> list[str]:
    """The prefixes that values have (``xsi:type="xs:string"``); the exclusive form declares those of names only."""
    words = set(_PREFIXED.findall(text))
    if not words:
        return []
    prefixes: set[Any] = {prefix for each in element.iter("*") for prefix in each.nsmap}
    return sorted(words & prefixes)


def step(element: _Element, known: Steps | None = None) -> str:
    """The last step of a residue path: the tag, in Clark notation outside our namespace, and its number.

    With ``known`` the siblings before the last one that was asked for are not counted again.
    """
    tag = element.tag
    key = (element.getparent(), tag)
    last, before = (None, 0) if known is None else known.get(key, (None, 0))
    number = 1
    for sibling in element.itersiblings(tag, preceding=True):
        if sibling is last:
            number += before
            break
        number += 1
    if known is not None:
        known[key] = (element, number)
    local = tag.rpartition("}")[2] if tag.startswith(f"{{{NAMESPACE}}}") else tag
    return f"{local}[{number}]"


def residue(frame: Frame, path: str, content: str, element: _Element, within: str = "") -> None:
    """Keep what has no word, at the entity of the frame."""
    walk = frame[-1]
    if isinstance(walk.contents, Aside):
        content = walk.contents.restored(content)
    if len(content) > HEAVY:
        kept = Residue(format=FORMAT, path=path, sha256=walk.contents.keep(content.encode()))
    else:
        kept = Residue(format=FORMAT, path=path, content=content)
    frame[0].setdefault("residue", []).append(kept)
    walk.strays.append(path)
    if walk.trace is not None:
        walk.trace.note(frame[0], "residue", element, within)


def stray(frame: Frame, element: _Element, prefix: str = "") -> None:
    """An element that finds no place."""
    residue(frame, prefix + step(element, frame[-1].steps), raw(element), element)


def spell(frame: Frame, path: str, text: str) -> None:
    """Remember how a value was written."""
    frame[0].setdefault("spellings", []).append(Spelling(format=FORMAT, path=path, text=text))


def camel(name: str) -> str:
    """The JSON name of a field."""
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)


def strays(frame: Frame, element: _Element, prefix: str = "", known: frozenset[str] = frozenset()) -> None:
    """Attributes and text where none belong, in an element that holds elements only."""
    for key, value in attributes_of(element):
        if key not in known and not key.startswith(XSI):
            residue(frame, f"{prefix}@{key}", value, element, f"/@{key}")
    number = 0
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            number += 1
            residue(frame, f"{prefix}text()[{number}]", text, element)
