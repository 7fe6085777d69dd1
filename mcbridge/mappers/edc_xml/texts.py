"""Texts in languages: ``<text lang="…">`` within an element, and the plainer way of the first versions."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml.frames import Frame, attribute, children, key_of, local, ours
from mcbridge.mappers.edc_xml.rows import Row, own
from mcbridge.mappers.edc_xml.rules import EMPTY
from mcbridge.model import Text

_PLAIN: Final = "text/plain"
_HTML: Final = "text/html"

Said = list[tuple[Text, _Element]]


def texts(names: str, field: str) -> Row:
    """Texts; an element that repeats adds to them."""

    def put(frame: Frame, element: _Element) -> None:
        inner = frame.within(element, frame.fields, frame.part, value=True)
        put_texts(frame, field, spoken(inner, element))
        inner.spare(element, "lang", "content-type", leaf=True)

    return own(names, (field,), put)


def put_texts(frame: Frame, field: str, said: Said) -> None:
    """Add texts to a field."""
    held = frame.fields.setdefault(field, []) if said else []
    for text, where in said:
        held.append(text)
        frame.note(field, len(held) - 1, where)


def spoken(frame: Frame, element: _Element, *, html: bool = False, noted: bool = False) -> Said:
    """The texts of an element. ``html`` has a place for what is said to be HTML, ``noted`` for what they are about."""
    found: Said = []
    for child in children(element):
        if local(child) == "text" and ours(child):
            found.append((_text(frame, child, html=html), child))
        elif not noted or local(child) != "subject" or not ours(child):
            frame.stray(child)
    if not found and (not len(element) and (element.text or element.attrib)):
        text = element.text or ""
        found.append((Text(text, attribute(element, "lang")), element))
        _formatted(frame, element, html=html)
        if not text.strip():
            frame.find(EMPTY, element, local(element), part=frame.part)
    elif not found and not any(local(child) == "subject" for child in children(element)):
        frame.empty(element)
    return found


def _text(frame: Frame, element: _Element, *, html: bool) -> Text:
    lang = attribute(element, "lang")
    said = frame.leaf(element, "lang", "content-type")
    if not said.strip():
        frame.find(EMPTY, element, local(element), part=frame.part)
    _formatted(frame, element, html=html)
    return Text(said, lang)


def _formatted(frame: Frame, element: _Element, *, html: bool) -> None:
    said = attribute(element, "content-type")
    if said not in {None, _PLAIN} and not (html and said == _HTML):
        frame.keep(element, key_of(element, "content-type"))


def is_html(element: _Element) -> bool:
    """Whether a text is said to be HTML."""
    return attribute(element, "content-type") == _HTML
