"""Notes, links, identifiers and embedded documents."""

from __future__ import annotations

import base64
import datetime as dt
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from mcbridge.mappers.edc.coded import any_concept, bare_code, code, concept, known_concept, label_of, of_list
from mcbridge.mappers.edc.rows import Convert, Frame, Table, elsewhere, first, lost, one, own, residues, spelled
from mcbridge.mappers.edc.rules import CONTENT_MISSING, MEDIA_TYPE_ASSUMED
from mcbridge.mappers.edc.texts import TITLE, any_number, one_in_all
from mcbridge.mappers.edc.values import DURATION, FRACTION, day, duration, duration_of, instant
from mcbridge.mappers.edc.writing import Node, Writing, is_iri
from mcbridge.model import Attachment, Concept, Content, Duration, Identifier, Link, Note, Texts


def plain(frame: Frame, value: str, path: str) -> str | None:
    """A string of a property that has no language; an empty one is not written."""
    if value.strip():
        return value
    frame.run.lose(path, "loss/empty", "an empty text is not written", value)
    return None


_lasting: Final = spelled(duration, duration_of, DURATION)


def lasting(frame: Frame, value: Duration, path: str) -> str | None:
    """A duration; a negative one is lost, and so is what is less than a billionth of a second."""
    short = replace(value, seconds=Decimal(format(value.seconds, f".{FRACTION}f")))
    if short != value:
        why = "a duration is written in whole billionths of a second"
        frame.run.lose(f"{path}.seconds", "loss/duration", why, value.seconds, changed=True)
        value = short
    try:
        found: str = _lasting(frame, value, path)
    except ValueError:
        frame.run.lose(path, "loss/duration", "nothing lasts less than no time", value)
        return None
    return found


NOTE: Final = Table(
    Note,
    one("texts", "noteLiteral", any_number),
    one("subject", "subject", any_concept),
    one("format", "noteFormat", of_list("file-type")),
)
LINK: Final = Table(
    Link,
    one("titles", "title", TITLE),
    first("languages", "language", code("language")),
    one("url", "contentURL", plain),
)


def note(frame: Frame, value: Note, path: str) -> Node | None:
    """A note; one without any text is lost."""
    run = frame.run
    if not any(text.value.strip() for text in value.texts):
        run.lose(path, "loss/empty", "a note without text is not written", value)
        return None
    return NOTE.fill(Frame(run, value, path, run.node("note", "Note", path=path, value=value)))


def note_of(run: Writing, literal: Node, subject: Node | None = None, path: str = "") -> Node:
    """A note made from texts that are language maps already."""
    made = run.node("note", "Note", path=path) | {"noteLiteral": literal}
    return made | {"subject": subject} if subject else made


def subject_of(run: Writing, name: str) -> Node:
    """The free concept of one of the named subjects (``[subjects]`` of the defaults)."""
    words = getattr(run.defaults.subjects, name.replace("-", "_"))
    key = ("subject", name)
    node = run.free_concepts.get(key)
    if node is None:
        node = run.free_concepts[key] = {
            "id": f"urn:mcbridge:note-subject:{name}",
            "type": "Concept",
            "inScheme": {"id": "urn:mcbridge:note-subject", "type": "ConceptScheme"},
            "prefLabel": {tag: [text] for tag, text in words.items()},
        }
    return node


def concept_note(frame: Frame, value: Concept, path: str, list_: str) -> Node | None:
    """A coded value for which ELM has no property: a note about it, with its label as the text."""
    node = concept(frame.run, value, path, list_)
    return None if node is None else note_of(frame.run, label_of(node), node)


def html_note(frame: Frame, value: Texts, path: str) -> None:
    """A description in HTML: a note that says so, since the context of ELM 3.2 refuses ``descriptionHtml``."""
    run = frame.run
    literal = any_number(frame, value, path)
    html = run.lists.known("file-type", "HTML")
    if literal is not None and html is not None:
        made = note_of(run, literal, subject_of(run, "description-html")) | {"noteFormat": known_concept(run, html)}
        frame.node.setdefault("additionalNote", []).append(made)


def link(frame: Frame, value: Link, path: str) -> Node | None:
    """A page on the web; one without an address is lost."""
    run = frame.run
    if not value.url.strip():
        run.lose(path, "loss/empty", "a link without an address is not written", value)
        return None
    return LINK.fill(Frame(run, value, path, run.node("webResource", "WebResource", path=path, value=value)))


# identifiers


def _type(frame: Frame, value: str, path: str) -> None:
    if frame.entity.scheme_name is None:
        frame.node["schemeName"] = value
    else:
        _as_type(frame, value, path)


def _scheme(frame: Frame, value: str, path: str) -> None:
    if is_iri(value):
        frame.node["schemeId"] = value
    elif frame.entity.scheme_name is None and frame.entity.type is None:
        frame.node["schemeName"] = value
    elif frame.entity.scheme_name is not None and frame.entity.type is not None:
        why = "ELM takes two of the kind, the name of the scheme and a word for the scheme, and this is the third"
        frame.run.lose(path, "loss/identifier-scheme", why, value)
    else:
        _as_type(frame, value, path)


def _as_type(frame: Frame, value: str, path: str) -> None:
    found = any_concept(frame, Concept(labels=(), code=value, scheme="identifier-type"), path)
    if found is not None:
        frame.node.setdefault("dcType", []).append(found)


def _country(frame: Frame, value: str, path: str) -> None:
    found = bare_code(frame.run, value, path, "country")
    if found is not None:
        frame.node.update(type="LegalIdentifier", spatial=found)


def _creator(frame: Frame, value: str, path: str) -> str | None:
    if is_iri(value):
        return value
    frame.run.lose(path, "loss/creator", "ELM takes an IRI here", value)
    return None


def _issued(frame: Frame, value: str, path: str) -> str | None:
    text = value.strip()
    try:
        return day(dt.date.fromisoformat(text)) if len(text) <= 10 else instant(dt.datetime.fromisoformat(text))
    except ValueError:
        frame.run.lose(path, "loss/date", "ELM takes a date here, and this is none", value)
        return None


IDENTIFIER: Final = Table(
    Identifier,
    own("type", ("schemeName", "dcType"), _type),
    one("scheme_name", "schemeName", plain),
    own("scheme", ("schemeId", "schemeName", "dcType"), _scheme),
    one("agency", "schemeAgency", one_in_all),
    one("creator", "creator", _creator),
    one("issued", "dateIssued", _issued),
    one("value", "notation", plain),
    own("country", ("spatial",), _country),
)


def identifier(frame: Frame, value: Identifier, path: str) -> Node | None:
    """An identifier; with a country it is a legal identifier. One without a value is lost."""
    run = frame.run
    if not value.value.strip():
        run.lose(path, "loss/empty", "an identifier without a value is not written", value)
        return None
    legal = value.country is not None and run.lists.known("country", value.country) is not None
    node = run.node("legalIdentifier" if legal else "identifier", "Identifier", path=path, value=value)
    return IDENTIFIER.fill(Frame(run, value, path, node))


def identifiers_or(key: str, fallback_name: str) -> Convert:
    """A legal identifier of a property that demands one; without a country it becomes a plain identifier.

    The plain one says by its scheme name what it is, unless it has one of its own.
    """

    def convert(frame: Frame, value: Identifier, path: str) -> Node | None:
        node = identifier(frame, value, path)
        if node is None or node["type"] == "LegalIdentifier":
            return node
        node.setdefault("schemeName", fallback_name)
        frame.node.setdefault("identifier", []).append(node)
        return None

    return convert


# documents and images


def _bytes(frame: Frame, value: str, path: str) -> str:
    return base64.b64encode(frame.run.contents[value]).decode("ascii")


def _media_type(frame: Frame, value: str, path: str) -> Node:
    run = frame.run
    known = run.lists.known("file-type", value.partition(";")[0])
    if known is None:
        run.lose(path, "loss/media-type", "the European list has no such type of file", value, changed=True)
        return _default_type(run, value, path)
    if value.partition(";")[2].strip():
        run.lose(path, "loss/media-type", "the European list knows no parameters of a type", value, changed=True)
    return known_concept(run, known)


def _default_type(run: Writing, value: str, path: str) -> Node:
    default = run.lists.known("file-type", run.defaults.media_type)
    assert default is not None, "the defaults are checked when they are loaded"  # noqa: S101
    run.find(MEDIA_TYPE_ASSUMED, path, value, written=run.defaults.media_type)
    return known_concept(run, default)


def _size(frame: Frame, value: int, path: str) -> int | None:
    """An EDC need not state it, and then it is not written back."""
    stated = frame.run.spellings.get(path)
    if stated is not None and stated.isdecimal():
        return int(stated)
    return None if frame.run.from_edc else value


CONTENT: Final = Table(
    Content,
    one("media_type", "contentType", _media_type),
    elsewhere("state"),
    elsewhere("written"),
    one("size", "contentSize", _size),
    lost("lang", "loss/content-language", "ELM does not say in which language a document is"),
    one("sha256", "content", _bytes),
)


def media(frame: Frame, value: Content, path: str) -> Node | None:
    """An embedded document or image. Without its bytes it is lost."""
    run = frame.run
    if value.state == "undecodable":
        run.lose(path, "loss/content", "the content is not base64, so there is no document to embed", value)
        return None
    if value.sha256 not in run.contents:
        run.find(CONTENT_MISSING, path, value.sha256, reason="its bytes did not come with the record")
        run.lose(path, "loss/content", "its bytes did not come with the record", value)
        return None
    node = CONTENT.fill(Frame(run, value, path, run.node("mediaObject", "MediaObject", path=path, value=value)))
    if "contentType" not in node:
        node["contentType"] = _default_type(run, "not stated", path)
    encoding = run.lists.known("encoding", "base64")
    assert encoding is not None, "the vocabulary has it"  # noqa: S101
    node["contentEncoding"] = known_concept(run, encoding)
    return node


ATTACHMENT: Final = Table(
    Attachment,
    elsewhere("id", "id"),
    lost("identifiers", "loss/attachment-identifier", "an embedded document has no identifier in ELM"),
    one("title", "title", TITLE),
    one("description", "description", TITLE),
    one("kind", "attachmentType", any_concept),
    elsewhere("contents", "content"),
    elsewhere("residue"),
)


def attachment(frame: Frame, value: Attachment, path: str) -> list[Node]:
    """One embedded document for each content; the title stands on each. Without any content the attachment is lost."""
    run = frame.run
    nodes = []
    for index, item in enumerate(value.contents):
        node = media(frame, item, f"{path}.contents[{index}]")
        if node is not None:
            nodes.append(node)
    if not nodes:
        run.lose(path, "loss/content", "the attachment has no content that could be embedded", value)
        return []
    about = ATTACHMENT.fill(Frame(run, value, path, {}))
    if value.id is not None and (kept := run.kept_id(value.id, path)) is not None:
        nodes[0]["id"] = kept
    found = [{**{key: node.pop(key) for key in ("id", "type")}, **about, **node} for node in nodes]
    residues(Frame(run, value, path, found[0]), value.residue, f"{path}.residue")
    return found
