"""The source document as evidence: what the profile of converted credentials asks for.

What is embedded are the very bytes of the document that the record was read from, told by their SHA-256: unpacked from
archives and wrappers, so that a signature in them can be verified. A document goes to the learner, and to whomever the
learner shows the credential. So one that speaks of others is never embedded: a table holds other learners' rows, and a
few rows cut out of it would be a new document that nobody ever issued.
"""

from __future__ import annotations

import base64
import re
from typing import Final

from mcbridge.limits import raising
from mcbridge.mappers.edc.coded import known_concept
from mcbridge.mappers.edc.rules import SOURCE_NOT_EMBEDDED
from mcbridge.mappers.edc.writing import Node, Writing
from mcbridge.model import Document

TABLES: Final = frozenset({"csv"})
_ELMO: Final = "elmo"
_LEARNER: Final = re.compile(rb"<(?:[\w.-]+:)?learner[\s/>]")
_GENERIC: Final = "issue it with the generic profile, which asks for no original"


class _Unfit(Exception):
    """Why the document is not embedded, and what to do."""


def conversion(run: Writing) -> Node | None:
    """The evidence that holds the source document, or a finding that says why there is none."""
    try:
        data = _document(run)
    except _Unfit as unfit:
        reason, advice = unfit.args
        run.find(SOURCE_NOT_EMBEDDED, "document" if run.record.document else "", reason=reason, advice=advice)
        return None
    encoding, kind = run.lists.known("encoding", "base64"), run.lists.known("evidence-type", "conversion")
    media = run.lists.known("file-type", _media_type(data))
    assert encoding is not None, "the vocabulary has it"  # noqa: S101
    assert kind is not None, "the vocabulary has it"  # noqa: S101
    assert media is not None, "the vocabulary has it"  # noqa: S101
    node = run.node("mediaObject", "MediaObject") | {
        "title": run.words(run.defaults.source_title),
        "contentType": known_concept(run, media),
        "contentEncoding": known_concept(run, encoding),
        "contentSize": len(data),
        "content": base64.b64encode(data).decode("ascii"),
    }
    return run.node("evidence", "Evidence") | {"dcType": known_concept(run, kind), "embeddedEvidence": [node]}


def _document(run: Writing) -> bytes:
    """The bytes of the document. Raises ``_Unfit``."""
    document = run.record.document
    if document is None:
        raise _Unfit("the record does not say which document it was made from", _GENERIC)
    if document.format in TABLES:
        raise _Unfit("it is a table, and a table holds the rows of other learners, too", _GENERIC)
    if document.format != _ELMO and document.count != 1:
        raise _Unfit(f"it holds {document.count} credentials, and they may be of other learners, too", _GENERIC)
    data = _bytes(run, document)
    if document.format == _ELMO and len(_LEARNER.findall(data.replace(b"\0", b""))) > 1:
        raise _Unfit("it names more than one learner", "ask the sender for a document for each person")
    return data


def _bytes(run: Writing, document: Document) -> bytes:
    source = run.read.origin.source
    if source is not None and source.sha256 == document.id:
        original, most = source.original, source.limits.content
        length = -(-original.size // 3) * 4
        if length > most:
            why = f"it would be {length:,} characters long, and at most {most:,} are taken"
            raise _Unfit(why, f"leave it out; {raising('content')}")
        with original.open() as stream:
            return stream.read()
    if document.id in run.contents:
        return run.contents[document.id]
    raise _Unfit("its bytes did not come with the record", "convert straight from the document that is to be embedded")


def _media_type(data: bytes) -> str:
    """XML or JSON by how it begins, in whatever encoding."""
    first = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
    return {b"<": "application/xml", b"{": "application/json", b"[": "application/json"}.get(
        first, "application/octet-stream"
    )
