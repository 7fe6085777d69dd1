"""The document around the achievements: learner, reports, attachments and groups.

A document with two reports is two credentials that share a ``document``; writing
joins what shares one again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any

from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.mappers.elmo import rules
from mcbridge.mappers.elmo.extension import ours
from mcbridge.mappers.elmo.opportunities import compiled
from mcbridge.mappers.elmo.plain import Plain
from mcbridge.mappers.elmo.read import Put, Walk, build, fill
from mcbridge.mappers.elmo.residues import FORMAT, Frame, raw, residue, step, stray, strays
from mcbridge.mappers.elmo.trace import Trace
from mcbridge.mappers.elmo.values import NAMESPACE, SIGNATURE
from mcbridge.mappers.elmo.versions import BORN, FIRST, RECOGNITION, SECOND
from mcbridge.model import MODEL_VERSION, Credential, Document, Learner, Organisation, Seal, SealState
from mcbridge.origins import Contents

ISSUER = "org-1"
"""The local id of a report's issuer; each credential has organisations of its own."""


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


class Around:
    """One reading of what stands around the reports: learner, attachments, groups, signature; the trace if wanted.

    ``credential`` then makes one of a report. ``reports`` are those that stand in the root; of a document that is read
    piece by piece they are not there, and come one after the other.
    """

    def __init__(
        self,
        root: _Element,
        document: str,
        contents: Contents,
        *,
        checked: bool,
        trace: Trace | None = None,
        plain: Plain | None = None,
        written: Mapping[_Element, str] = MappingProxyType({}),
    ) -> None:
        self.plain = plain
        self._root = root
        self.walk = Walk(contents, checked=checked, trace=trace, written=written)
        self._tables = compiled(checked=checked, traced=trace is not None)
        self.document = document
        self._fields: dict[str, Any] = {"id": document, "format": FORMAT}
        self._learner: list[_Element] = []
        self._reports: list[_Element] = []
        self._blocks: list[Any] = []
        self._read(root)

    @property
    def signatures(self) -> list[_Element]:
        """The signatures that were left out."""
        return self.walk.lost

    @property
    def reports(self) -> list[_Element]:
        """The report elements, one for each credential."""
        return self._reports

    def _read(self, root: _Element) -> None:
        walk = self.walk
        frame: Frame = [self._fields, walk]
        puts: dict[str, Put] = {
            **self._tables.root,
            _tag("learner"): self._first_learner,
            _tag("report"): lambda _, element: self._reports.append(element),
            _tag("groups"): self._groups,
            _tag("extension"): self._extension,
            SIGNATURE: lambda _, element: walk.lost.append(element),
        }
        fill(frame, root, puts)
        if walk.checked:
            strays(frame, root)
        self._made_learner = self._read_learner()
        signed = any(element.getparent() is root for element in walk.lost)
        self._seal = Seal(state=SealState.PRESENT, kind="xmldsig") if signed else None

    def _first_learner(self, frame: Frame, element: _Element) -> None:
        if self._learner:
            stray(frame, element)
        else:
            self._learner.append(element)

    def _extension(self, frame: Frame, element: _Element) -> None:
        """What others wrote into it is residue; our blocks wait for the learner and the credentials."""
        if not ours(element):
            stray(frame, element)
            return
        from mcbridge.mappers.elmo.extension.reading import take
        from mcbridge.mappers.elmo.extension.table import LEARNER, RECORD

        self._blocks += take(frame, element, "", LEARNER, RECORD)

    def _groups(self, frame: Frame, element: _Element) -> None:
        """The container has no word of its own; an empty one is kept as it is."""
        fields = frame[0]
        if "group_types" in fields or any(child.tag != _tag("groupType") for child in element) or not len(element):
            stray(frame, element)
            return
        walk = self.walk
        fields["group_types"] = found = []
        for child in element:
            found.append(self._tables.group_type(child, walk))
            if walk.trace is not None:
                walk.trace.note(fields, "group_types", child)
        if walk.checked:
            strays(frame, element, "groups/")

    def _read_learner(self) -> Learner:
        fields: dict[str, Any] = {}
        for element in self._learner:
            frame: Frame = [fields, self.walk]
            fill(frame, element, self._learner_puts(element))
            if self.walk.checked:
                strays(frame, element)
        made: Learner = build(Learner, fields, self.walk)
        for block in self._blocks:
            if block.block.tag == "learner":
                from mcbridge.mappers.elmo.extension.reading import completed_learner

                made = completed_learner(made, block, self.walk)
        return made

    def _learner_puts(self, element: _Element) -> dict[str, Put]:
        """Where both versions' dates of birth stand, that of 2.0 is read, and the other one kept aside."""
        puts = self._tables.learner
        older = element.find(_tag(BORN[FIRST])) if self.walk.checked else None
        if older is None or element.find(_tag(BORN[SECOND])) is None:
            return puts
        self.walk.trouble(rules.BORN_TWICE, older, older.text)
        return {**puts, older.tag: stray}

    def _recognition(self, frame: Frame, element: _Element) -> None:
        """A result of recognition is kept as it is, but for signatures inside it."""
        signatures = [*element.iter(SIGNATURE)]
        if not signatures:
            stray(frame, element)
            return
        self.walk.lost += signatures
        bare = deepcopy(element)
        for signature in [*bare.iter(SIGNATURE)]:
            signature.getparent().remove(signature)  # type: ignore[union-attr]  # it is not the root
        residue(frame, step(element), raw(bare), element)

    def credential(self, element: _Element, position: int, count: int) -> Credential:
        """The credential of a report, which is the one at this position (from one) of so many."""
        walk = self.walk
        fields: dict[str, Any] = {}
        frame: Frame = [fields, walk]
        achievements: list[Any] = []

        def issuer(frame: Frame, child: _Element) -> None:
            if "organisations" in fields:
                stray(frame, child)
                return
            fields["organisations"] = [self._issuer(child)]
            fields["issuer"] = ISSUER
            if walk.trace is not None:
                walk.trace.note(fields, "organisations", child)
                walk.trace.note(fields, "issuer", child)

        def opportunity(frame: Frame, child: _Element) -> None:
            made = None if self.plain is None else self.plain.take()
            achievements.append(self._tables.los(child, walk) if made is None else made)
            fields["achievements"] = achievements
            if walk.trace is not None:
                walk.trace.note(fields, "achievements", child)

        puts: dict[str, Put] = {
            **self._tables.report,
            _tag("issuer"): issuer,
            _tag("learningOpportunitySpecification"): opportunity,
            _tag(RECOGNITION): self._recognition,
        }
        fill(frame, element, puts)
        if walk.checked:
            strays(frame, element)
        walk.steps.clear()  # the report may go now, with all that stands in it
        document = build(Document, {**self._fields, "position": position, "count": count}, walk)
        if walk.trace is not None:
            walk.trace.bind(document, self._fields)
        fields["id"] = identity(self.document, position)
        fields.update(version=MODEL_VERSION, learner=self._made_learner, document=document, seal=self._seal)
        if walk.trace is not None:
            walk.trace.note(fields, "document", self._root)
            for one in self._learner:
                walk.trace.note(fields, "learner", one)
        made: Credential = build(Credential, fields, walk)
        for block in self._blocks:
            if block.element.get("position") == str(position):
                from mcbridge.mappers.elmo.extension.reading import completed

                made = completed(made, block, walk)
        return made

    def _issuer(self, element: _Element) -> Organisation:
        fields: dict[str, Any] = {"id": ISSUER}
        frame: Frame = [fields, self.walk]
        fill(frame, element, self._tables.issuer)
        if self.walk.checked:
            strays(frame, element)
        made: Organisation = build(Organisation, fields, self.walk)
        return made


class Reading(Around):
    """One reading of a document with its credentials."""

    def _read(self, root: _Element) -> None:
        super()._read(root)
        several = enumerate(self._reports, 1)
        self.credentials = tuple(self.credential(element, at, len(self._reports)) for at, element in several)


def identity(document: str, position: int) -> str:
    """The id of the credential of a report at this position (from one)."""
    return hashlib.sha256(f"{document}/{position}".encode()).hexdigest()


def same_document(first: Credential, other: Credential) -> str | None:
    """What keeps two credentials out of one document, or nothing."""
    if first.learner != other.learner:
        return "learner"
    mine, theirs = first.document, other.document
    if mine is None or theirs is None:
        return "document"
    if replace(mine, position=0) != replace(theirs, position=0):
        return "generatedDate, attachments or groups"
    return None
