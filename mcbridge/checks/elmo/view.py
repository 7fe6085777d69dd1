"""One report of an ELMO document as the finders of this room look at it, walked once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from mcbridge.checks.texts import written
from mcbridge.checks.walk import Node, nodes
from mcbridge.diagnostics import Rule
from mcbridge.model import Achievement, Attachment, Credential, DiplomaSupplement, Organisation, Specification
from mcbridge.tables import Tables

Finding = tuple[Rule, str, str | None, Mapping[str, Any]]
"""A rule, a canonical path, the value as written and further facts. Only the value may come from the document."""

NOTHING: Final = Specification()
TYPES: Final = ("Degree Programme", "Module", "Course", "Class")
"""The types of opportunities, from the outermost to the innermost."""

FORMAT: Final = "elmo"


class View:
    """The record, its achievements with those around them, and the bytes that it speaks of."""

    def __init__(self, credential: Credential, tables: Tables, contents: Mapping[str, bytes]) -> None:
        self.credential = credential
        self.tables = tables
        self.contents = contents
        self.nodes: Sequence[Node] = tuple(nodes(credential))

    @cached_property
    def written(self) -> str:
        """The whole record in one string, for a first look at what most records do not have."""
        return written(self.credential)

    @property
    def issuer(self) -> tuple[str, Organisation] | None:
        """The issuer and its path."""
        for at, organisation in enumerate(self.credential.organisations):
            if organisation.id == self.credential.issuer:
                return f"organisations[{at}]", organisation
        return None

    def attachments(self) -> Iterator[tuple[str, Attachment]]:
        """The attachments of the document, of the report and of its diploma supplements, with their paths."""
        document = self.credential.document
        if document is not None:
            for at, each in enumerate(document.attachments):
                yield f"document.attachments[{at}]", each
        for at, each in enumerate(self.credential.attachments):
            yield f"attachments[{at}]", each
        for node in self.nodes:
            if node.achievement.diploma_supplement is not None:
                yield from _within(f"{node.path}.diplomaSupplement", node.achievement.diploma_supplement)


def _within(path: str, holder: DiplomaSupplement) -> Iterator[tuple[str, Attachment]]:
    waiting = [(f"{path}.sections[{at}]", section) for at, section in enumerate(holder.sections)]
    while waiting:
        path, section = waiting.pop()
        for at, each in enumerate(section.attachments):
            yield f"{path}.attachments[{at}]", each
        waiting += [(f"{path}.sections[{at}]", inner) for at, inner in enumerate(section.sections)]


def specification(achievement: Achievement) -> Specification:
    """What an achievement is about."""
    return achievement.specification or NOTHING


def kind(achievement: Achievement) -> str | None:
    """The type of an opportunity as written."""
    for concept in specification(achievement).kinds:
        if concept.scheme == "elmo-los-type":
            return concept.code
    return None


def times(number: int) -> str:
    """How often, in words."""
    return "once" if number == 1 else f"{number} times"


def gathered(rule: Rule, paths: Sequence[str], value: str | None) -> Iterator[Finding]:
    """One finding for a habit of the sender: at its first place, with the number of places."""
    if paths:
        yield rule, paths[0], value, {"times": times(len(paths))}
