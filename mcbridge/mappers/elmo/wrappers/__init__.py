"""ELMO documents that stand in other XML: EWP transcripts of records, SOAP, anything with an ``elmo`` in it.

Each is a document of its own, made of its very bytes, so that a seal from before the
wrapping still holds: only declarations of namespaces that it uses and that stand
further out are put into its start tag. Findings, losses and places name the line and
the path in the file as the user has it. Where the document stands as text (CDATA,
escaped, base64), ``text()`` is a step of that path; of base64 the line is that of the
element that holds it.

What else a wrapper holds is no learner's data. What EWP says beside a transcript
(``omobility-id``, ``gradeConversionTable``) is kept as residue of the document; all
other leaves are losses, never copied: the header of a SOAP message may hold a password.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.errors import InputError, NotThisFormat, Unreadable
from mcbridge.limits import raising
from mcbridge.mappers import _xml, is_pdf
from mcbridge.mappers.elmo.opening import decoded
from mcbridge.mappers.elmo.origin import line_of
from mcbridge.mappers.elmo.wrappers.apart import Wrapper, local_name
from mcbridge.mappers.elmo.wrappers.slices import ROOT
from mcbridge.mappers.elmo.wrappers.wrapped import Forwarded, Wrapped
from mcbridge.origins import HEAD, Luggage, Read, Source
from mcbridge.packing import beginning

_LEAST: Final = 64
"""A text of fewer characters holds no document."""
_FIRST: Final = 2048
"""Bytes in which nearly every document says that it is one."""
_LOOKED_AT: Final = 50_000
"""Texts that are looked into, where no element is called ``elmo``."""


def documents(source: Source, luggage: Luggage) -> Iterator[Source | InputError]:
    """The documents of a source, itself where it is one; an error stands for one that cannot be taken out.

    What is lost of a wrapper is named in the luggage. Raises ``NotThisFormat`` where there is no document.
    """
    if _is_one(decoded(source.head[:_FIRST])):
        yield source
        return
    head = decoded(source.head)
    if head.startswith("%PDF-"):
        raise is_pdf(source.name)
    found = ROOT.match(head)
    if isinstance(source, Wrapped) or found is None or (found[1] == "elmo" and found[3] in ("<", "")):
        yield source
        return
    # A document that stands as text is one long text; the document itself is read within the usual limits.
    limits = replace(source.limits, text=max(source.limits.text, source.limits.content))
    root = _xml.parse(source.data, source.name, limits)
    holders = _holders(root, source)
    if holders == [root] and len(root):
        yield source
        return
    if not holders:
        raise NotThisFormat(
            f"the root element is <{local_name(root)}>, and there is no <elmo> in it",
            where=source.name,
            hint="this is another kind of document; see `mcbridge formats` for those that are read",
            line=line_of(root),
        )
    yield from Wrapper(source, root, holders).taken(luggage)


def _is_one(head: str) -> bool:
    """Whether it is plain from its first bytes that a source is a document, and nothing stands in it instead."""
    found = ROOT.match(head)
    return found is not None and found[1] == "elmo" and found[3] == "<" and ">" in head[found.end() :]


def carried(source: Source, luggage: Luggage, read: Callable[[Source, Luggage], Iterator[Read]]) -> Iterator[Read]:
    """The records of a document, which may be a wrapped one. Raises ``InputError``."""
    if not isinstance(source, Wrapped):
        yield from read(source, luggage)
        return
    try:
        for one in read(source, Forwarded(luggage, source.located)):
            yield source.placed(one, luggage)
    except InputError as error:
        raise source.misplaced(error) from error


def _holders(root: _Element, source: Source) -> list[_Element]:
    """The elements that are documents or hold one as text, in order; none stands in another."""
    found: dict[_Element, None] = {}
    most = source.limits.documents
    for element in root.iter("{*}elmo"):
        children = list(islice(element.iterchildren("*"), 2))
        if len(children) == 1 and local_name(children[0]) == "elmo":
            continue
        if any(above in found for above in element.iterancestors("{*}elmo")):
            continue
        found[element] = None
        if len(found) > most:
            raise _too_many(source)
    if found:
        return list(found)
    likely = islice((each for each in root.iter("*") if _begins_as_one(each)), _LOOKED_AT)
    texts = list(islice(filter(_holds_text, likely), most + 1))
    if len(texts) > most:
        raise _too_many(source)
    return texts


def _too_many(source: Source) -> Unreadable:
    return Unreadable(
        f"there are more than {source.limits.documents:,} documents in it",
        where=source.name,
        hint=f"ask the sender for several files; {raising('documents')}",
    )


def _begins_as_one(element: _Element) -> bool:
    text = element.text
    return text is not None and not len(element) and len(text) > _LEAST and text.lstrip()[:1] in {"<", "H", "P", "7"}


def _holds_text(element: _Element) -> bool:
    text = (element.text or "")[:HEAD].strip()
    head = text if text[:1] == "<" else beginning(text).decode(errors="ignore")
    found = ROOT.match(head)
    return found is not None and found[1] == "elmo"
