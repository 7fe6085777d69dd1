"""By which schema a document is judged: all versions have one namespace, so what is in it decides.

1.x documents are judged by 1.7, which takes all that the older ones take (but for 1.3.0, whose mandatory grouping was
a mistake that nobody follows). Documents of 2.x are judged by 2.0 and what is known of 2.1, which allows more: what
only 2.1 allows is told, so a document of which nothing is told and nothing wrong is one of 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.mappers._xml import Schema
from mcbridge.mappers.elmo import rules
from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.mappers.elmo.versions import RECOGNITION, second
from mcbridge.origins import Source

if TYPE_CHECKING:
    from mcbridge.mappers.elmo.repairs.tree import Tree

FIRST_CHOICE: Final = "elmo/1.7"
LATER: Final = "elmo/2.1"
_PUBLISHED: Final = "elmo/2.0"
"""Of 2.1 no published schema is at hand."""

_NAME: Final = f"{{{NAMESPACE}}}alternativeName"
_LEARNER: Final = f"{{{NAMESPACE}}}learner"


def judge(root: _Element, first: Schema) -> Schema:
    """The schema for a document that ``first`` does not take, which is that of 1.x."""
    return first.beside(LATER, _PUBLISHED) if second(root) else first


def notes(schema: Schema | None, tree: Tree, source: Source) -> Iterator[Diagnostic]:
    """What only 2.1 allows, at its places in the document as it came."""
    if schema is not None and schema.name == LATER:
        for what, element in newer(tree.root):
            line: int | None = element.sourceline  # type: ignore[assignment]
            where = XmlLocation(source.name, line, None, tree.standing.path(element))
            yield Diagnostic(rules.NEWER, where, facts={"what": what})


def newer(root: _Element) -> Iterator[tuple[str, _Element]]:
    """What a document of 2.x has that 2.0 does not allow and 2.1 does."""
    for learner in root.iterchildren(_LEARNER):
        if learner.find(_NAME) is None:
            yield "no alternativeName of the learner", learner
    for result in root.iter(f"{{{NAMESPACE}}}{RECOGNITION}"):
        for identifier in result.iterchildren(f"{{{NAMESPACE}}}identifier"):
            yield f"an identifier of a {RECOGNITION}", identifier
