"""Notes, links, identifiers and embedded documents."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

import msgspec

from mcbridge.mappers.edc.reading.coded import bare, code_of, concept
from mcbridge.mappers.edc.reading.frames import Frame, shown
from mcbridge.mappers.edc.reading.leaves import issued, string, whole
from mcbridge.mappers.edc.reading.rows import Read, Shape, build, many, one, own, single, texts
from mcbridge.mappers.edc.reading.rules import DANGLING, OTHER_TYPE, SIZE_DIFFERS, TOLERATED, UNDECODABLE, WRONG_VALUE
from mcbridge.model import Attachment, Concept, Content, Identifier, Link, Note, Text
from mcbridge.origins import Contents

# --- notes

_NOTE: Final = Shape(
    ("Note",),
    Note,
    texts("noteLiteral", "texts"),
    one("subject", "subject", concept),
    one("noteFormat", "format", concept),
)


def note(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Note | None:
    """A note; a plain string is one without a language."""
    if type(item) is str and item and item not in frame.run.ids:
        frame.find(TOLERATED, key, pos, shown(item), expected="a note")
        return Note(texts=(Text(item),))
    found: Note | None = _NOTE.read(frame, item, key, pos, name, index)
    return found


# --- links


def _named_by_id(frame: Frame) -> None:
    """A page that says its address by its id only."""
    if "url" not in frame.fields:
        name = frame.node.get("id")
        if type(name) is str and "://" in name:
            frame.find(TOLERATED, "id", None, shown(name), expected="contentURL")
            frame.fields["url"] = name


_LINK: Final = Shape(
    ("WebResource",),
    Link,
    one("contentURL", "url", string),
    texts("title", "titles"),
    texts("description", "description"),
    many("language", "languages", bare("language")),
    finish=_named_by_id,
)


def link(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Link | None:
    """A page on the web; an address alone is one, too."""
    address = item.get("id") if type(item) is dict and item.keys() <= {"id", "type"} else item
    if type(address) is str and address not in frame.run.ids:
        if "://" not in address:
            frame.aside(key, pos, item, DANGLING, address)
            return None
        frame.find(TOLERATED, key, pos, shown(item), expected="a WebResource")
        return Link(url=address)
    found: Link | None = _LINK.read(frame, item, key, pos, name, index)
    return found


# --- identifiers


def _kind(frame: Frame, value: Any) -> None:
    """The kind of an identifier stands in ``schemeName``; beside a name of the scheme our own concept tells it."""
    run = frame.run
    item = run.seen(value) or {}
    said = item.get("inScheme")
    said = said[0] if type(said) is list and len(said) == 1 else said
    ours = (said.get("id") if type(said) is dict else said) == "urn:epass:conceptScheme:identifier-type"
    word = item.get("notation")
    word = word[0] if type(word) is list and len(word) == 1 else word
    if ours and type(word) is str and "type" not in frame.fields:
        frame.fields["type"] = word
        run.ids.get(item.get("id", ""))
    else:
        frame.stray("dcType", value)


def _country(frame: Frame, value: Any) -> None:
    found = single(frame, "spatial", value)
    if found is None:
        return
    made = concept(frame, found[1], "spatial", found[0], "country", None)
    if made is not None:
        frame.fields["country"] = code_of(frame, made, "country", "country", None)


def _creator(frame: Frame, value: Any) -> None:
    """Whoever made it is an IRI; a whole node of somebody has no place."""
    found = single(frame, "creator", value)
    item = found[1] if found else None
    if type(item) is dict and item.keys() <= {"id", "type"} and type(item.get("id")) is str:
        item = item["id"]
    if type(item) is str and item:
        frame.fields["creator"] = item
    elif found is not None:
        frame.stray("creator", value)


def _named(frame: Frame) -> None:
    """Without a kind of its own, the name of the scheme is the kind."""
    fields = frame.fields
    if "type" not in fields and "scheme_name" in fields:
        fields["type"] = fields.pop("scheme_name")
    legal = "LegalIdentifier" in str(frame.node.get("type"))
    if legal and "country" not in fields:
        frame.aside("type", None, frame.node["type"], OTHER_TYPE, "LegalIdentifier", expected="Identifier")


IDENTIFIER: Final = Shape(
    ("Identifier", "LegalIdentifier"),
    Identifier,
    one("notation", "value", string),
    one("schemeName", "scheme_name", string),
    one("schemeId", "scheme", string),
    texts("schemeAgency", "agency"),
    one("dateIssued", "issued", issued),
    own("dcType", ("type",), _kind),
    own("spatial", ("country",), _country),
    own("creator", ("creator",), _creator),
    finish=_named,
)


def identifier(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Identifier | None:
    """An identifier; a plain string is one without a scheme."""
    if type(item) is str and item and item not in frame.run.ids:
        frame.find(TOLERATED, key, pos, shown(item), expected="an Identifier")
        return Identifier(value=item)
    found: Identifier | None = IDENTIFIER.read(frame, item, key, pos, name, index)
    return found


# --- embedded documents


def content_of(frame: Frame, text: str, contents: Contents) -> dict[str, Any]:
    """The description of base64 text; the bytes go to the contents, and the text when it cannot be made again."""
    run = frame.run
    if text not in run.media:
        run.media[text] = decoded(text, contents)
    found: dict[str, Any] = run.media[text]
    if "state" in found:
        frame.find(UNDECODABLE, "content", None)
    return found


def decoded(text: str, contents: Contents) -> dict[str, Any]:
    """What a ``Content`` says of base64 text, whose bytes are kept in the contents."""
    try:
        data = msgspec.convert(text, bytes)  # several times as quick as the standard library
        if _plainly(data, text):
            return {"sha256": contents.keep(data), "size": len(data)}
    except msgspec.ValidationError:
        pass
    raw = text.encode()
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return {"sha256": contents.keep(raw), "size": len(raw), "state": "undecodable"}
    return {"sha256": contents.keep(data), "size": len(data), "written": contents.keep(raw)}


def _plainly(data: bytes, text: str) -> bool:
    """Whether bytes are written as this text: each letter has counted, and the last ones have no bits to spare."""
    tail = base64.b64encode(data[-(len(data) % 3 or 3) :]).decode()
    return (len(data) + 2) // 3 * 4 == len(text) and text[-4:] == tail


def _content(frame: Frame, value: Any) -> None:
    found = single(frame, "content", value)
    if found is None:
        return
    if type(found[1]) is str:
        frame.fields |= content_of(frame, found[1], frame.run.luggage.contents)
    else:
        frame.wrong("content", found[0], found[1], "base64 text")


def _media_type(frame: Frame, value: Any) -> None:
    found = single(frame, "contentType", value)
    if found is None:
        return
    made = concept(frame, found[1], "contentType", found[0], "media_type", None)
    if made is None:
        return
    entry = frame.run.codes.entry("file-type", made.code)
    word = entry.properties.get("media_type") if entry else None
    if entry is None or word is None or _says_more(made):
        frame.stray("contentType", value)
    if word is not None:
        frame.fields["media_type"] = word
        vocabulary = frame.run.codes.tables.vocabulary("file-type")
        if entry is not None and vocabulary.find(word) is not entry:
            frame.spell("media_type", None, entry.iri)


def _says_more(found: Concept) -> bool:
    """Whether a concept says what its code does not."""
    return bool(found.labels or found.definition) or found.notation is not None


def _encoding(frame: Frame, value: Any) -> None:
    found = single(frame, "contentEncoding", value)
    if found is None:
        return
    made = concept(frame, found[1], "contentEncoding", found[0], "sha256", None)
    entry = made and frame.run.codes.entry("encoding", made.code)
    if made is not None and (not entry or entry.properties.get("word") != "base64" or _says_more(made)):
        frame.aside("contentEncoding", None, value, WRONG_VALUE, made.code, expected="base64")


def _size(frame: Frame, value: Any) -> None:
    found = single(frame, "contentSize", value)
    if found is not None:
        size = whole(frame, found[1], "contentSize", found[0], "size", None)
        if size is not None:
            frame.fields["stated"] = size


def _whole_content(frame: Frame) -> None:
    fields = frame.fields
    stated = fields.pop("stated", None)
    if stated is None or fields.get("state") is not None:
        return
    frame.spell("size", None, str(stated))  # a record has the size anyway, so only this tells that it was stated
    if stated != fields.get("size"):
        frame.find(SIZE_DIFFERS, "contentSize", None, str(stated), size=fields.get("size"))


_CONTENT_ROWS: Final = (
    own("content", ("sha256", "size", "state", "written"), _content),
    own("contentType", ("media_type",), _media_type),
    own("contentEncoding", (), _encoding),
    own("contentSize", ("size",), _size),
)
CONTENT: Final = Shape(("MediaObject",), Content, *_CONTENT_ROWS, finish=_whole_content)


media: Read = CONTENT.read


def _put_content(frame: Frame, value: Any) -> None:
    """The document of an attachment, which has a struct of its own within that of the attachment."""


def _attached(frame: Frame) -> None:
    """An attachment is the document and what is said about it, in one node."""
    inner = Frame(frame.run, frame, frame.node, {}, frame.part, name="contents", index=0, value=True)
    for row in _CONTENT_ROWS:
        for key in row.keys:
            if key in frame.node:
                row.put(inner, frame.node[key])
    _whole_content(inner)
    if "sha256" in inner.fields:
        made = build(Content, inner)
        frame.fields["contents"] = [made]
        frame.note("contents", 0, "content" if "content" in frame.node else None, None)


ATTACHMENT: Final = Shape(
    ("MediaObject",),
    Attachment,
    texts("title", "title"),
    texts("description", "description"),
    one("attachmentType", "kind", concept),
    *(own(key, ("contents",), _put_content) for row in _CONTENT_ROWS for key in row.keys),
    finish=_attached,
)
attachment: Read = ATTACHMENT.read
