"""Learning opportunity specifications: five structs from one element, and the parts inside it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml.etree import _Element

from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.extension import ours
from mcbridge.mappers.elmo.read import Build, Put, Tables, Walk, build, fill
from mcbridge.mappers.elmo.residues import Frame, step, stray, strays
from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.model import Achievement, Activity, Assessment, Period, Specification

_REF = f"{{{NAMESPACE}}}ref"
_LOS = f"{{{NAMESPACE}}}learningOpportunitySpecification"
_EXTENSION = f"{{{NAMESPACE}}}extension"
_LOI = "specifies/learningOpportunityInstance/"


class Compiled(Tables):
    """All closures for one way of reading a document."""

    def __init__(self, *, checked: bool, traced: bool) -> None:
        super().__init__(checked=checked, traced=traced)
        self.los: Build = _Opportunity(self).make


@lru_cache(maxsize=4)
def compiled(*, checked: bool, traced: bool) -> Compiled:
    """The closures of one way of reading, made once in a process."""
    return Compiled(checked=checked, traced=traced)


class _Opportunity:
    """The closures of one element, as methods; ``make`` is the builder."""

    def __init__(self, tables: Tables) -> None:
        self.checked = tables.checked
        self.traced = tables.traced
        self.instance_puts = tables.puts(t.LOI, _LOI)
        self.instance_puts[f"{{{NAMESPACE}}}attachments"] = self.attachments
        self.instance_puts[_EXTENSION] = _extension(_LOI)
        self.specifies_puts: dict[str, Put] = {
            f"{{{NAMESPACE}}}learningOpportunityInstance": _once(self.instance, "specifies/")
        }
        self.puts = tables.puts(t.LOS)
        self.puts[f"{{{NAMESPACE}}}specifies"] = _once(self.specifies, "")
        self.puts[f"{{{NAMESPACE}}}hasPart"] = self.has_part
        self.puts[_EXTENSION] = _extension("")

    def make(self, element: _Element, walk: Walk) -> Achievement:
        """An achievement with its specification, and what the instance fills besides."""
        achievement: dict[str, Any] = {}
        specification: dict[str, Any] = {}
        assessment: dict[str, Any] = {}
        activity: dict[str, Any] = {}
        period: dict[str, Any] = {}
        frame = [achievement, specification, assessment, activity, period, walk]
        fill(frame, element, self.puts)
        if self.checked:
            strays(frame, element)
        achievement["specification"] = build(Specification, specification, walk)
        if assessment:
            achievement["assessments"] = (build(Assessment, assessment, walk),)
        if activity:
            achievement["activities"] = (build(Activity, activity, walk),)
        if period:
            achievement["period"] = build(Period, period, walk)
        made: Achievement = build(Achievement, achievement, walk)
        if walk.blocks and id(achievement) in walk.blocks:
            from mcbridge.mappers.elmo.extension.reading import complete

            return complete(made, walk.blocks.pop(id(achievement)), walk)
        return made

    def attachments(self, frame: Frame, element: _Element) -> None:
        """References to attachments; a container without any is kept as it is."""
        fields = frame[0]
        if "attachment_refs" in fields or not len(element) or any(_odd(c) for c in element):
            stray(frame, element, _LOI)
            return
        fields["attachment_refs"] = refs = []
        for child in element:
            refs.append(child.text or "")
            if self.traced:
                frame[-1].trace.note(fields, "attachment_refs", child)
        if self.checked:
            strays(frame, element, _LOI + "attachments/")

    def instance(self, frame: Frame, element: _Element) -> None:
        """What came of the offer, for this learner."""
        fill(frame, element, self.instance_puts, _LOI)
        if self.checked:
            strays(frame, element, _LOI)

    def specifies(self, frame: Frame, element: _Element) -> None:
        """The container of the instance."""
        fill(frame, element, self.specifies_puts, "specifies/")
        if self.checked:
            strays(frame, element, "specifies/")

    def has_part(self, frame: Frame, element: _Element) -> None:
        """A part of the offer, with what came of it."""
        if len(element) != 1 or element[0].tag != _LOS:
            stray(frame, element)
            return
        child = element[0]
        frame[0].setdefault("parts", []).append(self.make(child, frame[-1]))
        if self.traced:
            frame[-1].trace.note(frame[0], "parts", child)
        if self.checked:
            strays(frame, element, step(element) + "/")


def _odd(child: _Element) -> bool:
    return child.tag != _REF or len(child) > 0 or len(child.attrib) > 0


def _extension(prefix: str) -> Put:
    """What others wrote into an extension is residue; our blocks wait until the achievement is there."""

    def put(frame: Frame, element: _Element) -> None:
        if not ours(element):
            stray(frame, element, prefix)
            return
        from mcbridge.mappers.elmo.extension.reading import take
        from mcbridge.mappers.elmo.extension.table import OFFER, RESULT

        found = take(frame, element, prefix, RESULT if prefix else OFFER)
        if found:
            frame[-1].blocks.setdefault(id(frame[0]), []).extend(found)

    return put


def _once(put: Put, prefix: str) -> Put:
    """A second instance, or a second ``specifies``, is a stray."""

    def first(frame: Frame, element: _Element) -> None:
        if next(element.itersiblings(element.tag, preceding=True), None) is not None:
            stray(frame, element, prefix)
        else:
            put(frame, element)

    return first
