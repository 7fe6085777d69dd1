"""Attachments: data URIs that hold what they say, once in each language, and a copy that people can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mcbridge.checks.elmo.clauses import clause
from mcbridge.checks.elmo.opportunities import twice
from mcbridge.checks.elmo.view import Finding, View
from mcbridge.diagnostics import Severity
from mcbridge.model import Attachment, Content

PDF: Final = "application/pdf"
LARGE: Final = 10 * 1024 * 1024
"""Above so many bytes of attachments, gateways on the way have been seen to refuse a document."""

NOT_READABLE: Final = clause(
    "S50",
    "elmo/readable-copy-missing",
    Severity.WARNING,
    "Nothing that a person can read",
    "the document has no PDF",
    "attach a PDF, of the type EMREX transcript for the document or Transcript of Records for a report",
    "at least one attachment shows the crucial data to a person, for those who do not trust software with it",
    "<elmo> without <attachment>",
)
MISPLACED: Final = clause(
    "S50",
    "elmo/attachment-misplaced",
    Severity.WARNING,
    "An attachment at the wrong level",
    "an attachment of the type {value} stands {where}",
    "put an EMREX transcript beside the reports, and a Transcript of Records into the report that it is about",
    "an EMREX transcript is about the document, a Transcript of Records about one institution's report",
    "<report> with an <attachment> of the type EMREX transcript",
)
UNDECODABLE: Final = clause(
    "S51",
    "elmo/content-undecodable",
    Severity.ERROR,
    "An attachment that nobody can open",
    "the content of an attachment {what}; it begins with {value}",
    "ask whoever runs the export to send the content as data:application/pdf;base64, and the file in base64",
    "content is a data URI with media type and base64",
    "<content>JVBERi0xLjQK…</content>",
)
NO_TYPE: Final = clause(
    "S51",
    "elmo/content-without-type",
    Severity.ERROR,
    "An attachment that does not say what it is",
    "the content of an attachment has no media type; it begins with {value}",
    "ask whoever runs the export to put the media type in front: data:application/pdf;base64,…",
    "without a media type nobody knows what to open it with",
    "<content>data:;base64,JVBERi0xLjQK…</content>",
)
CONTRADICTS: Final = clause(
    "S51",
    "elmo/content-contradicts-type",
    Severity.ERROR,
    "An attachment that is not what it says",
    "the content of an attachment is called {value}, but its bytes are {what}",
    "ask whoever runs the export to attach the file itself; often an error page took its place",
    "the decoded bytes match the media type; a PDF begins with %PDF",
    "<content>data:application/pdf;base64,PGh0bWw+…</content>",
)
NOT_PDF: Final = clause(
    "S51",
    "elmo/content-not-pdf",
    Severity.NOTE,
    "An attachment that is no PDF",
    "an attachment is of the media type {value}; readers offer it as a download at most",
    "attach a PDF beside it, if people are to read it",
    "readers show PDF; anything else is for download only",
    "<content>data:image/png;base64,…</content>",
)
EMPTY: Final = clause(
    "S52",
    "elmo/attachment-without-content",
    Severity.WARNING,
    "An attachment with nothing in it",
    'the attachment "{value}" has no content',
    "ask whoever runs the export to add the file, or to leave the attachment out",
    "a title alone opens nothing",
    "<attachment> without <content>",
)
TWICE: Final = clause(
    "S52",
    "elmo/attachment-language-repeated",
    Severity.WARNING,
    "One attachment twice in a language",
    "an attachment has another content in the language {value}",
    "make two attachments of it, or correct the xml:lang of one",
    "the contents of one attachment are the same thing in several languages",
    '<content xml:lang="en">…</content> twice in one <attachment>',
)
REPEATS: Final = clause(
    "S52",
    "elmo/attachment-description-repeats-title",
    Severity.WARNING,
    "A description that says nothing new",
    'the description of an attachment repeats its title, "{value}"',
    "leave the description out, or say what the attachment shows",
    "who reads both learns nothing from the second",
    "<title>Transcript</title><description>Transcript</description>",
)
HEAVY: Final = clause(
    "S52",
    "elmo/attachments-heavy",
    Severity.WARNING,
    "Attachments too large for some gateways",
    "the attachments have {value} bytes altogether; above 10 MiB documents have been refused on their way",
    "attach PDFs without embedded fonts and scans, or fewer of them",
    "a document travels as one form field, whose size is limited by each server on the way",
    "a scanned diploma of 12 MB",
)

_MAGIC: Final = (
    (b"%PDF", PDF, "a PDF"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "a PNG picture"),
    (b"\xff\xd8\xff", "image/jpeg", "a JPEG picture"),
    (b"GIF8", "image/gif", "a GIF picture"),
    (b"PK\x03\x04", "application/zip", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "application/msword", "an old Office document"),
    (b"{\\rtf", "application/rtf", "an RTF text"),
)
_ZIPPED = ("application/zip", "application/x-zip", "application/vnd.", "application/epub", "application/java-archive")
_TYPED = frozenset((PDF, "image/png", "image/jpeg", "image/gif", "application/zip"))
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)
_MEDIA = re.compile(r"[\w.+-]+/[\w.+-]+")
_SHOWN: Final = 24
"""So many characters of a content are quoted."""


def attachments(view: View) -> Iterator[Finding]:
    """Each attachment of the report, and for the first report those of the document."""
    for path, each in view.attachments():
        if not each.contents:
            yield EMPTY, path, _name(each), {}
        yield from _misplaced(path, each)
        yield from _texts(path, each)
        tags: set[str] = set()
        for at, content in enumerate(each.contents):
            where = f"{path}.contents[{at}]"
            tag = (content.lang or "").casefold()
            if tag in tags:
                yield TWICE, where, content.lang or "(none)", {}
            tags.add(tag)
            yield from _content(where, content, view)


def _name(each: Attachment) -> str:
    named = [text.value for text in each.title if text.value.strip()]
    return named[0] if named else (each.kind.code if each.kind else "")


def _misplaced(path: str, each: Attachment) -> Iterator[Finding]:
    word = "" if each.kind is None else each.kind.code
    if word == "EMREX transcript" and not path.startswith("document."):
        yield MISPLACED, f"{path}.kind", word, {"where": "inside a report"}
    elif word == "Transcript of Records" and path.startswith("document."):
        yield MISPLACED, f"{path}.kind", word, {"where": "beside the reports"}


def _texts(path: str, each: Attachment) -> Iterator[Finding]:
    yield from twice(f"{path}.title", each.title, "title")
    yield from twice(f"{path}.description", each.description, "description")
    titles = {" ".join(text.value.split()).casefold() for text in each.title}
    for at, text in enumerate(each.description):
        if text.value.strip() and " ".join(text.value.split()).casefold() in titles:
            yield REPEATS, f"{path}.description[{at}]", text.value, {}


def _content(where: str, content: Content, view: View) -> Iterator[Finding]:
    data = view.contents.get(content.sha256)
    if content.state != "ok":
        text = "" if data is None else data[:4096].decode(errors="replace")
        yield UNDECODABLE, where, _quoted(text), {"what": _undecodable(text, content)}
        return
    media = (content.media_type or "").partition(";")[0].strip().casefold()
    if not _MEDIA.fullmatch(media):
        yield NO_TYPE, where, _quoted("" if data is None else repr(data[:_SHOWN])[2:-1]), {}
        return
    if data is not None and (what := contradiction(media, data)):
        yield CONTRADICTS, where, content.media_type, {"what": what}
    elif media != PDF:
        yield NOT_PDF, where, content.media_type, {}


def _quoted(text: str) -> str:
    return f'"{text[:_SHOWN]}{"…" if len(text) > _SHOWN else ""}"'


def _undecodable(text: str, content: Content) -> str:
    """Why it could not be decoded, as far as its beginning tells."""
    if not text.strip():
        return "is empty"
    if not text.lstrip().startswith("data:"):
        bare = re.fullmatch(r"[A-Za-z0-9+/=_\s-]{16,}", text) is not None
        return "is base64 without data: and the media type in front" if bare else "is no data URI"
    return "is not in base64" if ";base64" not in text.partition(",")[0] else "is broken base64"


def contradiction(media: str, data: bytes) -> str | None:
    """What bytes are instead of what their media type says, or nothing."""
    if not data:
        return "none at all"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    found = next(((type_, what) for magic, type_, what in _MAGIC if start.startswith(magic)), None)
    if found is None:
        if media not in _TYPED:
            return None
        return "an HTML page" if _HTML.match(start) else "something else"
    type_, what = found
    alike = media == type_ or (type_ == "application/zip" and media.startswith(_ZIPPED))
    if (
        alike
        or media == "application/octet-stream"
        or media not in {*_TYPED, "text/plain", "text/html", "application/xml"}
    ):
        return None
    return what
