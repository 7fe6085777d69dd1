"""The canonical bytes of what a XAdES signature covers, as it stands in the document now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.seals.xades.transforms import LeftOut
from mcbridge.seals.xmldsig.algorithms import EXCLUSIVE
from mcbridge.seals.xmldsig.structure import parser, tag

_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_NOT_HANDED_ON: Final = frozenset((f"{_XML}id",))


def of_document(root: _Element, own: _Element, left_out: LeftOut, form: str, prefixes: Sequence[str]) -> bytes | None:
    """The document but for signatures; nothing where it has no canonical form."""
    signatures = [own] if left_out is LeftOut.OWN else _outermost(root)
    with _without(signatures):
        return _made(root, form, prefixes)


def of_part(element: _Element, form: str, prefixes: Sequence[str]) -> bytes | None:
    """An element within a document, with what it inherits from above in that form."""
    alone = etree.fromstring(etree.tostring(element, with_tail=False), parser())
    if not form.startswith(EXCLUSIVE):
        for above in element.iterancestors():
            for name, value in above.items():
                if str(name).startswith(_XML) and name not in _NOT_HANDED_ON and alone.get(name) is None:
                    alone.set(name, value)
    return _made(alone, form, prefixes)


def _made(root: _Element, form: str, prefixes: Sequence[str]) -> bytes | None:
    exclusive = form.startswith(EXCLUSIVE)
    try:
        return etree.tostring(
            root.getroottree(),
            method="c14n",
            exclusive=exclusive,
            with_comments=False,
            inclusive_ns_prefixes=list(prefixes) or None if exclusive else None,
        )
    except etree.C14NError:
        return None


def _outermost(root: _Element) -> list[_Element]:
    name = tag("Signature")
    return [each for each in root.iter(name) if next(each.iterancestors(name), None) is None]


@contextmanager
def _without(signatures: Sequence[_Element]) -> Iterator[None]:
    """Signatures are taken out of the document for the moment; comments, which no form has here, keep their places."""
    taken: list[tuple[_Element, _Element, _Element, str | None]] = []
    try:
        for each in signatures:
            above = each.getparent()
            if above is None:
                continue
            stand_in: _Element = etree.Comment("")
            stand_in.tail, tail = each.tail, each.tail
            each.tail = None
            above.replace(each, stand_in)
            taken.append((above, stand_in, each, tail))
        yield
    finally:
        for above, stand_in, each, tail in taken:
            above.replace(stand_in, each)
            each.tail = tail
