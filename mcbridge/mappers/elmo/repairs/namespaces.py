"""Elements in no namespace, or in one that is nearly ELMO's, are put into the one that they belong to."""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import _Element

from mcbridge.mappers.elmo.values import ADDRESS_NAMESPACE, NAMESPACE

_VERSIONED: Final = re.compile(
    r"https?://(?:www\.)?github\.com/emrex-eu/elmo-schemas/(?:tree|blob)/v[12](?:\.\d+)*(?:/schema\.xsd)?/?"
)
"""Addresses of the schema, of one version or of all; what is in a document decides which one it is."""
_FREE: Final = frozenset((f"{{{NAMESPACE}}}extension", f"{{{NAMESPACE}}}introduction"))
"""Elements that may hold anything: what stands inside is not ours to repair."""
_ADDRESS: Final = f"{{{NAMESPACE}}}currentAddress"


def space_of(element: _Element) -> str:
    """The namespace of an element."""
    return element.tag.rpartition("}")[0][1:]


def versioned(space: str) -> bool:
    """Whether ELMO can be meant by a namespace that is not ELMO's: none at all, or another address of the schema."""
    return not space or _VERSIONED.fullmatch(space) is not None


def renamed(root: _Element) -> list[tuple[_Element, str]]:
    """Put elements into their namespace; those that were in another one, with that, in document order."""
    found: list[tuple[_Element, str]] = []
    waiting = [(root, NAMESPACE)]
    while waiting:
        element, wanted = waiting.pop()
        space, _, local = element.tag.rpartition("}")
        space = space[1:]
        if space != wanted and (versioned(space) or (wanted == ADDRESS_NAMESPACE and space == NAMESPACE)):
            element.tag = f"{{{wanted}}}{local}"
            found.append((element, space))
        elif space != wanted:
            continue  # somebody else's
        if element.tag not in _FREE:
            inside = ADDRESS_NAMESPACE if element.tag == _ADDRESS else wanted
            waiting += ((child, inside) for child in element.iterchildren("*", reversed=True))
    return found
