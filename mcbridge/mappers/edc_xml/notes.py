"""Notes: texts with what they are about."""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml.coded import concept
from mcbridge.mappers.edc_xml.frames import Frame, attribute, children, local, ours
from mcbridge.mappers.edc_xml.rows import Row, own
from mcbridge.mappers.edc_xml.texts import is_html, put_texts, spoken
from mcbridge.model import Concept, Note, Text

HTML: Final = Concept(code="http://publications.europa.eu/resource/authority/file-type/HTML", scheme="file-type")
"""What a note is whose texts are said to be HTML."""


def notes(names: str, field: str, html: str | None = None) -> Row:
    """A note whose texts are all that a record has room for; those in HTML go to the field ``html`` if there is one."""

    def put(frame: Frame, element: _Element) -> None:
        inner = frame.within(element, frame.fields, frame.part, value=True)
        said = spoken(inner, element, html=html is not None, noted=True)
        plain = [each for each in said if not is_html(each[1])] if html else said
        put_texts(frame, field, plain)
        if html:
            put_texts(frame, html, [each for each in said if is_html(each[1])])
        for child in children(element):
            if local(child) == "subject" and ours(child):
                inner.stray(child)
        inner.spare(element, "lang", "content-type", leaf=True)

    return own(names, (field,) if html is None else (field, html), put)


def note(frame: Frame, element: _Element, name: str, index: int | None) -> Note | None:
    """A note, with what it is about; one in HTML says so."""
    fields: dict[str, Any] = {}
    inner = frame.within(element, fields, f'"{local(element)}" of {frame.part}', name=name, index=index, value=True)
    in_html = [is_html(child) for child in children(element) if local(child) == "text" and ours(child)]
    whole = bool(in_html) and all(in_html)
    said = spoken(inner, element, html=whole, noted=True)
    for child in children(element):
        if local(child) == "subject" and ours(child):
            if "subject" in fields:
                inner.again(child)
                continue
            made = _subject(inner, child)
            if made is not None:
                fields["subject"] = made
                inner.note("subject", None, child)
    inner.spare(element, "lang", "content-type", leaf=True)
    if not said:
        if "subject" in fields:
            frame.keep(element)
        return None
    return Note(texts=tuple(text for text, _ in said), subject=fields.get("subject"), format=HTML if whole else None)


def _subject(frame: Frame, element: _Element) -> Concept | None:
    """What a note is about: a word, perhaps with the IRI of a topic, or a code like others."""
    if len(element):
        return concept(frame, element, "subject", None)
    iri = attribute(element, "uri")
    said = frame.leaf(element, "uri")
    if not said.strip() and not iri:
        frame.empty(element)
        return None
    return Concept(code=iri or "", labels=(Text(said),) if said.strip() else ())
