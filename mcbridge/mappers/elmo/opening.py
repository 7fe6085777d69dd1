"""From the bytes of a source to the root element of an ELMO document, as it stands there."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from lxml.etree import _Element

from mcbridge.diagnostics import Report, XmlLocation
from mcbridge.errors import NotThisFormat
from mcbridge.mappers import _xml
from mcbridge.mappers._xml import Schema
from mcbridge.mappers.elmo.origin import line_of
from mcbridge.mappers.elmo.repairs import Knowledge, Repairs, Tree
from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.origins import Source

_LEAST: Final = len("<learningOpportunitySpecification/>")
"""Bytes that an achievement takes at least."""
_DRAFT: Final = "{http://purl.org/net/elmo}elmo"
_SIGN: Final = re.compile(
    r"(?:<|&lt;)(?:[\w.-]+:)?elmo(?:[\s/>]|&gt;|\Z)"  # also escaped, in a wrapper
    r"|<(?:[\w.-]+:)?(?:imobility-)?tors-(?:get-)?response[\s/>]"
    r"|>\s*(?:H4sI|PD94|PGVsbW)"  # base64 of gzip or XML, in a wrapper
)

_OTHER: Final = re.compile(
    r"\ufeff?(?:\s++|<\?.*?\?>|<!--.*?-->)*+<(?:[^\s/>:!?<]+:)?(?:europassCredentials?|verifiablePresentation)[\s/>]",
    re.DOTALL,
)
"""Older Europass XML, in which any XML may stand in base64."""


def recognised(head: bytes) -> bool:
    """Whether the first bytes of a source are XML with an element ``elmo``, or a wrapper that may hold one."""
    text = decoded(head)
    return text.lstrip("\ufeff \t\r\n")[:1] == "<" and _SIGN.search(text) is not None and not _OTHER.match(text)


def opened(source: Source) -> _Element:
    """The root element. Raises ``NotThisFormat`` or ``Unreadable``."""
    root = _xml.parse(source.data, source.name, source.limits)
    local = root.tag.rpartition("}")[2]
    if local != "elmo":
        raise NotThisFormat(
            f"the root element is <{local}>, not <elmo>",
            where=source.name,
            hint="this is another kind of document; see `mcbridge formats` for those that are read",
            line=line_of(root),
        )
    return root


def is_draft(root: _Element) -> bool:
    """Whether this is a draft from before version 1.0, which has another structure."""
    return root.tag == _DRAFT


def legible(source: Source, report: Report | None = None) -> tuple[Source, _Element]:
    """The root element, and the source that it was parsed from: another one where the bytes had to be recoded.

    Raises ``NotThisFormat`` or ``Unreadable``.
    """
    try:
        return source, opened(source)
    except _xml.NotUtf8 as error:
        from mcbridge.mappers.elmo.repairs.encoding import recoded

        source, found = recoded(source, error)
    root = opened(source)
    if report is not None:
        report.add(found)
    return source, root


def reopened(source: Source, knowledge: Knowledge, schema: Schema | None) -> Tree:
    """The document as it is read, repairs made; who reads again has heard of them."""
    source, root = legible(source)
    return Repairs(root, source, knowledge, schema).tree.settle()


def excessive(root: _Element, source: Source) -> dict[int, XmlLocation]:
    """The reports, by position from one, that hold more achievements than are read."""
    most = source.limits.achievements
    found: dict[int, XmlLocation] = {}
    if source.size <= most * _LEAST:
        return found
    for position, report in enumerate(root.iterchildren(f"{{{NAMESPACE}}}report"), 1):
        several = report.iter(f"{{{NAMESPACE}}}learningOpportunitySpecification")
        if next(islice(several, most, None), None) is not None:
            found[position] = XmlLocation(source.name, line_of(report), None, f"elmo/report[{position}]")
    return found


def decoded(head: bytes) -> str:
    """How a source begins, as text; what cannot be decoded is left out."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="ignore")
    if head[:2] in (b"<\0", b"\0<"):  # the mark is often left out
        return head.decode("utf-16-le" if head[:1] == b"<" else "utf-16-be", errors="ignore")
    return head.decode("utf-8", errors="ignore")
