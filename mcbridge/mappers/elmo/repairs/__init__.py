"""What is put right in a document before it is read, each time with a finding.

The order is this: a document that is valid as it stands is left alone; one that is not is repaired, and what is still
wrong then is told by the schema. Repairs are made on the tree, never on the bytes, and the bytes are what a seal is
about. The same repair at many places is one finding at the first of them, with their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.errors import NotThisFormat
from mcbridge.mappers._xml import Schema
from mcbridge.mappers.elmo.repairs import rules
from mcbridge.mappers.elmo.repairs.knowledge import Knowledge
from mcbridge.mappers.elmo.repairs.namespaces import renamed, space_of, versioned
from mcbridge.mappers.elmo.repairs.tree import Deviation, Tree
from mcbridge.mappers.elmo.values import ADDRESS_NAMESPACE, NAMESPACE
from mcbridge.mappers.elmo.verdict import judge
from mcbridge.origins import Source

MOST: Final = 50
"""How many kinds of repair are named for one document."""

_WORD_BY_WORD: Final = (rules.AMBIGUOUS, rules.COMMA, rules.COUNTRY, rules.NO_COUNTRY, rules.TYPED, rules.WORD)
"""Rules whose findings are for somebody who looks at each value; of the others the number of places is enough."""


class Repairs:
    """The repairs of one document, from its root as it was parsed. Raises ``NotThisFormat`` for another namespace.

    ``schema`` is the one that it is judged by: that which was given, unless the document is of a later version.
    """

    def __init__(self, root: _Element, source: Source, knowledge: Knowledge, schema: Schema | None) -> None:
        _refuse_strangers(root, source)
        self.tree = Tree(root)
        self.valid = False
        self.findings: list[Diagnostic] = []
        self._source = source
        self.schema = schema
        self._renamed: list[tuple[_Element, str]] = []
        if schema is None:  # nothing is checked; without their namespace elements cannot be found at all
            if space_of(root) != NAMESPACE:
                self._rename()
        else:
            self.valid = schema.validate(root)
            if not self.valid:
                self._rename()
                self.schema = schema = judge(root, schema)
                self.valid = schema.validate(root)
            if not self.valid or knowledge.speaks_of(source.data):
                self._repair(schema, knowledge)
        if self._renamed:
            self.findings[:0] = self._of_namespaces()

    def _rename(self) -> None:
        self._renamed = renamed(self.tree.root)
        self.tree.changed = bool(self._renamed)

    def _repair(self, schema: Schema, knowledge: Knowledge) -> None:
        from mcbridge.mappers.elmo.repairs.declarations import Declared
        from mcbridge.mappers.elmo.repairs.survey import survey

        root = self.tree.root
        found = list(survey(root, Declared.root(schema, root.tag), knowledge))
        if not found:
            return
        # told before anything moves, at the places of the document as it came
        self.findings += self._told(found)
        # children are sorted once all else is done: what is made or taken out has its place then
        for one in sorted(found, key=lambda one: one.rule is rules.ORDER):
            if one.change is not None:
                one.change(self.tree)
                self.tree.changed = True
        self.valid = schema.validate(root)

    def _of_namespaces(self) -> Iterator[Diagnostic]:
        root, space = self._renamed[0]
        if root is self.tree.root:
            where = XmlLocation(self._source.name, root.sourceline, None, "elmo")  # type: ignore[arg-type]
            value, facts = _said(space)
            yield Diagnostic(rules.NAMESPACE, where, None, value, facts)
            rest = [(element, other) for element, other in self._renamed if other != space]
        else:
            rest = self._renamed
        yield from self._told(_mixed(element, other) for element, other in rest)

    def _told(self, found: Iterable[Deviation]) -> Iterator[Diagnostic]:
        """One finding for each kind of repair, at its first place."""
        kinds: dict[tuple[object, ...], list[Deviation]] = {}
        for one in found:
            kinds.setdefault(_kind(one), []).append(one)
        named = list(kinds.values())[:MOST]
        places = self.tree.standing.places([alike[0].element for alike in named], self._source.data, self._source.name)
        for alike in named:
            first, times = alike[0], len(alike)
            more = f" ({times:,} places, of which this is the first)" if times > 1 else ""
            yield Diagnostic(first.rule, places[first.element], None, first.value, {**first.facts, "times": more})
        if len(kinds) > MOST:
            yield Diagnostic(rules.MORE, XmlLocation(self._source.name), facts={"count": len(kinds) - MOST})


def _kind(one: Deviation) -> tuple[object, ...]:
    """What makes two deviations one finding: the same word at another place, but any date with space around it."""
    if one.rule is rules.MIXED:
        return one.rule.id, one.value, one.facts["meant"]
    if one.rule is rules.PADDED:
        return one.rule.id, one.facts["name"]
    return one.rule.id, one.value if one.rule in _WORD_BY_WORD else None, *one.facts.values()


def _mixed(element: _Element, other: str) -> Deviation:
    value, facts = _said(other)
    meant = "the namespace of addresses" if space_of(element) == ADDRESS_NAMESPACE else "that of ELMO"
    return Deviation(rules.MIXED, element, {"name": element.tag.rpartition("}")[2], "meant": meant, **facts}, value)


def _said(space: str) -> tuple[str | None, dict[str, str]]:
    """A namespace as it is quoted, and the words around it; there is nothing to quote of none."""
    if not space:
        return None, {"space": "no namespace", "closing": ""}
    return space, {"space": 'the namespace "', "closing": '"'}


def _refuse_strangers(root: _Element, source: Source) -> None:
    space = space_of(root)
    if space != NAMESPACE and not versioned(space):
        line: int | None = root.sourceline  # type: ignore[assignment]
        raise NotThisFormat(
            f'the namespace "{space}" is not that of ELMO',
            where=source.name,
            hint=f"ELMO 1.x has the namespace {NAMESPACE}",
            line=line,
        )


__all__ = ["Knowledge", "Repairs", "Tree"]
