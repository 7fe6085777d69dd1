"""Links, identifiers and embedded documents."""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc.reading.pieces import decoded
from mcbridge.mappers.edc_xml.coded import bare, concept, country
from mcbridge.mappers.edc_xml.frames import Frame, attribute, children, local, ours
from mcbridge.mappers.edc_xml.leaves import WHOLE, word
from mcbridge.mappers.edc_xml.rows import Row, Shape, build, many, own
from mcbridge.mappers.edc_xml.rules import SIZE_DIFFERS, UNDECODABLE, WRONG_VALUE
from mcbridge.mappers.edc_xml.texts import texts
from mcbridge.model import Attachment, Content, Identifier, Link, Text

# --- links


def _address(frame: Frame, element: _Element) -> None:
    said = word(frame, element, "url", None)
    if said is not None and frame.fields.setdefault("url", said) != said:
        frame.again(element)


LINK: Final = Shape(
    "page",
    Link,
    own("uri", ("url",), _address),
    texts("title", "titles"),
    texts("description", "description"),
    many("language", "languages", bare("language")),
    attributes=("uri",),
)


def link(frame: Frame, element: _Element, name: str, index: int | None) -> Link | None:
    """A page or a document on the web."""
    said = (attribute(element, "uri") or "").strip()
    inner = frame.within(element, {}, f'"{local(element)}" of {frame.part}', name=name, index=index, value=True)
    if said:
        inner.fields["url"] = said
        inner.note("url", None, element)
    LINK.fill(inner)
    if "url" not in inner.fields:
        frame.wrong(element, "a page with its address (uri)")
        return None
    made: Link = build(Link, inner)
    return made


# --- identifiers

_ATTRIBUTES: Final = ("schemeID", "schemeName", "schemeAgencyName", "issuedDate", "type", "spatialID")


def identifier(frame: Frame, element: _Element, name: str, index: int | None) -> Identifier | None:
    """A name that somebody gave; without a kind of its own, the name of its scheme is the kind."""
    fields: dict[str, Any] = {}
    inner = frame.within(element, fields, f'"{local(element)}" of {frame.part}', name=name, index=index, value=True)
    value = word(inner, element, "value", None, _ATTRIBUTES)
    if value is None:
        return None
    fields["value"] = value
    for key, field in (
        ("schemeID", "scheme"),
        ("issuedDate", "issued"),
        ("type", "type"),
        ("schemeName", "scheme_name"),
    ):
        if said := attribute(element, key):
            fields[field] = said
            inner.note(field, None, element)
    if agency := attribute(element, "schemeAgencyName"):
        fields["agency"] = [Text(agency)]
        inner.note("agency", 0, element)
    if spatial := attribute(element, "spatialID"):
        fields["country"] = country(inner, spatial, "country", None)
        inner.note("country", None, element)
    if "type" not in fields and "scheme_name" in fields:
        fields["type"] = fields.pop("scheme_name")
        inner.note("type", None, element)
    made: Identifier = build(Identifier, inner)
    return made


# --- embedded documents


def _content(frame: Frame, element: _Element) -> None:
    if "sha256" in frame.fields:
        frame.again(element)
        return
    text = frame.leaf(element)
    run = frame.run
    if text not in run.media:
        run.media[text] = decoded(text, run.luggage.contents)
    found: dict[str, Any] = run.media[text]
    if "state" in found:
        frame.find(UNDECODABLE, element)
    frame.fields |= found
    frame.note("sha256", None, element)


def _media_type(frame: Frame, element: _Element) -> None:
    """The file type; a code that no media type is known of is kept."""
    made = concept(frame, element, "media_type", None, "file-type")
    if made is None:
        return
    codes = frame.run.codes
    entry = codes.entry("file-type", made.code)
    media_type = entry.properties.get("media_type") if entry else None
    if media_type is None or "media_type" in frame.fields:
        frame.keep(element)
        return
    frame.fields["media_type"] = media_type
    frame.note("media_type", None, element)
    if made.labels or made.definition or codes.tables.vocabulary("file-type").find(media_type) is not entry:
        frame.keep(element)


def _encoding(frame: Frame, element: _Element) -> None:
    made = concept(frame, element, "sha256", None, "encoding")
    if made is None:
        return
    entry = frame.run.codes.entry("encoding", made.code)
    if entry is None or entry.properties.get("word") != "base64":
        frame.aside(element, WRONG_VALUE, made.code, expected="base64")
    elif made.labels or made.definition:
        frame.keep(element)


def _size(frame: Frame, element: _Element) -> None:
    size = WHOLE(frame, element, "size", None)
    if size is not None:
        frame.fields["stated"] = (size, element)


def _whole(frame: Frame) -> None:
    stated = frame.fields.pop("stated", None)
    if stated is None:
        return
    frame.spell("size", None, str(stated[0]))  # a record has the size anyway, so only this tells that it was stated
    if "state" not in frame.fields and stated[0] != frame.fields.get("size"):
        frame.find(SIZE_DIFFERS, stated[1], str(stated[0]), size=frame.fields.get("size", 0))


_MEDIA: Final[tuple[Row, ...]] = (
    own("content", ("sha256", "size", "state", "written"), _content),
    own("contentType", ("media_type",), _media_type),
    own("contentEncoding", (), _encoding),
    own("contentSize", ("size",), _size),
)
MEDIA: Final = Shape("logo image", Content, *_MEDIA, finish=_whole)
_DESCRIBED: Final = Shape("Attachment", Attachment, texts("title", "title"), texts("description", "description"))
_PARTS: Final = frozenset(MEDIA.puts)


def attachment(frame: Frame, element: _Element, name: str, index: int | None) -> Attachment | None:
    """An attachment: the document and what is said about it, in one element."""
    outer = frame.within(element, {}, _DESCRIBED.part, name=name, index=index)
    inner = frame.within(element, {}, _DESCRIBED.part, name="contents", index=0, value=True)
    inner.up = outer
    said = attribute(element, "id")
    if said:
        outer.fields["id"] = said
        outer.note("id", None, element)
    for child in children(element):
        key = local(child) if ours(child) else ""
        if key in _PARTS:
            MEDIA.puts[key](inner, child)
        elif key in _DESCRIBED.puts:
            _DESCRIBED.puts[key](outer, child)
        else:
            outer.stray(child)
    outer.spare(element, "id")
    _whole(inner)
    if "sha256" in inner.fields:
        outer.fields["contents"] = [build(Content, inner)]
        outer.note("contents", 0, element)
    if not outer.fields:
        frame.empty(element)
        return None
    made: Attachment = build(Attachment, outer)
    return made
