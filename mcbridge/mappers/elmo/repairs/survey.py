"""What deviates from the schema in a document and can be put right, found before anything is changed.

Elements are gone through along the schema's declarations, so that extensions, signatures and all that is somebody
else's stay as they are. No deviation is found where the schema is kept, with one exception: no schema says that a
grade is no credit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.diagnostics import Rule
from mcbridge.mappers._xml import Standing
from mcbridge.mappers.elmo.repairs import rules
from mcbridge.mappers.elmo.repairs.declarations import Declared
from mcbridge.mappers.elmo.repairs.knowledge import Knowledge
from mcbridge.mappers.elmo.repairs.namespaces import space_of
from mcbridge.mappers.elmo.repairs.tree import Deviation, Tree
from mcbridge.mappers.elmo.residues import raw
from mcbridge.mappers.elmo.values import ADDRESS_NAMESPACE, NAMESPACE, ambiguous, collapse, with_point
from mcbridge.mappers.elmo.words import NO_COUNTRY

_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema"
_SPACES: Final = frozenset((NAMESPACE, ADDRESS_NAMESPACE))
_INSTANCE: Final = f"{{{NAMESPACE}}}learningOpportunityInstance"
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_SHOWN: Final = 80

Change = Callable[[Tree], None]


def survey(root: _Element, declared: Declared, knowledge: Knowledge) -> Iterator[Deviation]:
    """All deviations, in document order but for those of one element."""
    waiting = [(root, declared)]
    while waiting:
        element, here = waiting.pop()
        yield from _claimed(element, here)
        if not here.children:
            if not len(element):
                yield from _value(element, here, knowledge)
            continue
        if (found := _order(element, here)) is not None:
            yield found
        if element.tag == _INSTANCE:
            yield from _grade(element, knowledge)
        for child in element.iterchildren("*", reversed=True):
            inside = here.children.get(child.tag)
            if inside is not None and space_of(child) in _SPACES:
                waiting.append((child, inside))


def _local(element: _Element) -> str:
    return etree.QName(element).localname


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


# --- attributes ---------------------------------------------------------------------------------------------------


def _claimed(element: _Element, declared: Declared) -> Iterator[Deviation]:
    """A type that is not the element's own. One that comes of its own namespace is for the schema to judge."""
    claimed = element.get(_TYPE)
    if claimed is None or declared.anything:
        return
    prefix, _, name = claimed.strip().rpartition(":")
    space = element.nsmap.get(prefix or None)
    if f"{{{space}}}{name}" == declared.type or space == NAMESPACE:
        return
    if space not in (_SCHEMA, None):
        return

    def change(_: Tree) -> None:
        del element.attrib[_TYPE]

    yield Deviation(rules.TYPED, element, {"name": _local(element)}, _cut(claimed), change)


# --- order --------------------------------------------------------------------------------------------------------


def _order(element: _Element, declared: Declared) -> Deviation | None:
    """The first child that stands behind one that it should stand before."""
    order = declared.order
    last, before = -1, None
    for child in element.iterchildren("*"):
        place = order.get(child.tag)
        if place is None:
            continue
        if before is not None and place < last:
            facts = {"parent": _local(element), "name": _local(child), "other": _local(before)}
            return Deviation(rules.ORDER, child, facts, None, _sorted(element, order))
        last, before = place, child
    return None


def _sorted(element: _Element, order: dict[str, int]) -> Change:
    def change(tree: Tree) -> None:
        tree.standing.keep(element)
        for child in sorted(element.iterchildren("*"), key=lambda child: order.get(child.tag, len(order))):
            element.append(child)

    return change


# --- values -------------------------------------------------------------------------------------------------------


def _value(element: _Element, declared: Declared, knowledge: Knowledge) -> Iterator[Deviation]:
    text = element.text or ""
    kind = declared.built_in
    if kind in ("date", "dateTime"):
        if text and collapse(text) != text:
            yield _written(rules.PADDED, element, _SPACE.sub(" ", text), collapse(text), kept=False)
        return
    token = collapse(text)
    if kind == "decimal":
        if ambiguous(token):
            yield Deviation(rules.AMBIGUOUS, element, {"name": _local(element)}, _cut(token))
        elif (number := with_point(token)) is not None:
            yield _written(rules.COMMA, element, token, number)
    elif declared.words and token not in declared.words.values():
        yield from _word(element, token, declared.words, knowledge)


def _word(element: _Element, token: str, words: dict[str, str], knowledge: Knowledge) -> Iterator[Deviation]:
    """A word that is not on the list of its element."""
    name, parent = _local(element), element.getparent()
    if name in ("citizenship", "country"):
        if token in NO_COUNTRY:
            yield Deviation(
                rules.NO_COUNTRY, element, {"name": name}, token, _aside(element, next(iter(words.values())))
            )
        elif (code := knowledge.country(token) if token else None) is not None and code.casefold() in words:
            yield _written(rules.COUNTRY, element, token, code)
        return
    place = f"{'' if parent is None else _local(parent)}/{name}"
    meant = knowledge.written.words.get(place, {}).get(token) or words.get(token.casefold())
    if meant is not None and meant in words.values():
        yield _written(rules.WORD, element, token, meant)


def _written(rule: Rule, element: _Element, found: str, meant: str, *, kept: bool = True) -> Deviation:
    """A text that stands for another one; unless it is the same to XML Schema, how it was written is kept."""

    def change(tree: Tree) -> None:
        element.text = meant
        if kept:
            tree.written[element] = found

    return Deviation(rule, element, {"name": _local(element), "meant": meant}, _cut(found), change)


def _aside(element: _Element, word: str) -> Change:
    """Some word of the list stands there while the schema judges the rest; what is read is what was written."""

    def change(tree: Tree) -> None:
        tree.stand_ins.append((element, element.text or ""))
        element.text = word

    return change


# --- grades -------------------------------------------------------------------------------------------------------


def _grade(element: _Element, knowledge: Knowledge) -> Iterator[Deviation]:
    """Credits of a learning opportunity instance that are a grade."""
    found: list[tuple[_Element, str, str]] = []
    for credit in element.iterchildren(f"{{{NAMESPACE}}}credit"):
        scheme = collapse(credit.findtext(f"{{{NAMESPACE}}}scheme") or "")
        value = collapse(credit.findtext(f"{{{NAMESPACE}}}value") or "")
        if value and scheme in knowledge.written.grades_as_credits:
            found.append((credit, scheme, value))
    taken = element.find(f"{{{NAMESPACE}}}resultLabel") is not None
    reference = element.findtext(f"{{{NAMESPACE}}}gradingSchemeLocalId")
    for credit, scheme, value in found:
        same = reference is None or collapse(reference) == scheme
        readable = len(found) == 1 and not taken and same
        outcome = "it was read as the grade" if readable else "it was left there, as there is another grade"
        facts = {"scheme": scheme, "meaning": knowledge.written.grades_as_credits[scheme], "outcome": outcome}
        change = _graded(element, credit, scheme, value) if readable else None
        yield Deviation(rules.GRADE, credit, facts, value, change)


def _graded(instance: _Element, credit: _Element, scheme: str, value: str) -> Change:
    def change(tree: Tree) -> None:
        standing: Standing = tree.standing
        standing.keep(instance)
        written = raw(credit)
        label = etree.Element(f"{{{NAMESPACE}}}resultLabel")
        label.text = value
        reference = instance.find(f"{{{NAMESPACE}}}gradingSchemeLocalId")
        made = [label]
        if reference is None:
            reference = etree.Element(f"{{{NAMESPACE}}}gradingSchemeLocalId")
            reference.text = scheme
            made.insert(0, reference)
        instance.remove(credit)
        at = _place_of_grade(instance)
        for number, new in enumerate(made):
            instance.insert(at + number, new)
            standing.replaces(new, credit)
        tree.written[label] = written

    return change


_BEFORE_GRADE: Final = frozenset(
    f"{{{NAMESPACE}}}{name}"
    for name in ("identifier", "start", "date", "academicTerm", "status", "gradingSchemeLocalId")
)


def _place_of_grade(instance: _Element) -> int:
    """Behind the last child that stands before a grade."""
    places = [number for number, child in enumerate(instance, 1) if child.tag in _BEFORE_GRADE]
    return max(places, default=0)
