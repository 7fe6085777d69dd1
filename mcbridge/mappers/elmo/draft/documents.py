"""The reports of a draft as credentials: each has a learner of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, Location, XmlLocation
from mcbridge.losses import SEAL, Loss
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import rules as elmo
from mcbridge.mappers.elmo.draft import rules
from mcbridge.mappers.elmo.draft import table as t
from mcbridge.mappers.elmo.draft.collecting import Bag, Harvest, leaves_of, step
from mcbridge.mappers.elmo.draft.table import Take, local
from mcbridge.mappers.elmo.origin import line_of, traced
from mcbridge.mappers.elmo.residues import DRAFT
from mcbridge.mappers.elmo.values import SIGNATURE
from mcbridge.model import (
    MODEL_VERSION,
    Achievement,
    Activity,
    Assessment,
    Credential,
    Document,
    GradingScheme,
    Learner,
    Organisation,
    Period,
    Seal,
    SealState,
    Specification,
)
from mcbridge.origins import Contents, Luggage, Origin, Read, Source

ISSUER: Final = "org-1"
_OFFER: Final = "learningOpportunitySpecification"
_INSTANCE: Final = "learningOpportunityInstance"


def read(root: _Element, source: Source, luggage: Luggage) -> Iterator[Read]:
    """One credential for each report, and a finding that says how much of the document was understood."""
    reading = _Reading(root, source.sha256, luggage.contents)
    credentials = reading.credentials
    harvest = reading.harvest
    facts = {"read": f"{harvest.leaves - harvest.kept:,}", "kept": f"{harvest.kept:,}"}
    luggage.report.add(Diagnostic(rules.LEGACY, XmlLocation(source.name, line_of(root), None, "elmo"), facts=facts))
    if not credentials:
        luggage.report.add(Diagnostic(elmo.NO_REPORT, XmlLocation(source.name, xpath="elmo")))
    for signature in harvest.signatures:
        where = XmlLocation(source.name, line_of(signature), None, _xml.xpath(signature))
        reason = "a signature holds for the original bytes only, so none is carried over"
        for credential in credentials:
            luggage.losses.add(Loss(credential.id, "seal", SEAL, reason, where))
    places = _Places(source, root, reading)
    for credential, report in zip(credentials, reading.reports, strict=True):
        whole = XmlLocation(source.name, line_of(report), None, _xml.xpath(report))
        yield Read(credential, Origin(whole, places.of(credential)))


class _Places:
    def __init__(self, source: Source, root: _Element, reading: _Reading) -> None:
        self._source = source
        self._root = root
        self._reading = reading

    @cached_property
    def _columns(self) -> dict[_Element, tuple[int, int]]:
        return dict(zip(self._root.getroottree().getroot().iter("*"), _xml.columns(self._source.data), strict=False))

    def of(self, credential: Credential) -> Callable[[str], Location | None]:
        """What finds the place of a field of one credential."""
        found: dict[str, tuple[_Element, str]] = {}

        def find(path: str) -> Location | None:
            if not found:
                found.update(traced(credential, self._reading.harvest.trace))
            if path not in found:
                return None
            element, within = found[path]
            line, column = self._columns.get(element, (line_of(element), None))
            return XmlLocation(self._source.name, line, column, f"{_xml.xpath(element)}{within}")

        return find


class _Reading:
    """One reading of a draft."""

    def __init__(self, root: _Element, document: str, contents: Contents) -> None:
        self.harvest = Harvest(contents)
        self.harvest.leaves = leaves_of(root)
        self.reports: list[_Element] = []
        self._document = document
        whole = Bag(self.harvest)
        self._fill(root, [(whole, t.ROOT)], {"report": self._report, "Signature": self._signature})
        for signature in self.harvest.signatures:
            self.harvest.leaves -= leaves_of(signature)
        self._whole = whole
        found = [self._credential(report, position) for position, report in enumerate(self.reports, 1)]
        self.credentials = [self._placed(credential, found) for credential in found]

    def _report(self, element: _Element) -> bool:
        self.reports.append(element)
        return True

    def _signature(self, element: _Element) -> bool:
        if element.tag == SIGNATURE:
            self.harvest.signatures.append(element)
        return element.tag == SIGNATURE

    def _placed(self, credential: Credential, among: Sequence[Credential]) -> Credential:
        """With its document. Reports of other learners are no part of it: one of today is about one person."""
        alike = [one for one in among if one.learner == credential.learner]
        position = 1 + next(number for number, one in enumerate(alike) if one is credential)
        place = {"id": self._document, "format": DRAFT, "position": position, "count": len(alike)}
        made = replace(credential, document=self._struct(Document, self._whole, **place))
        self.harvest.trace.same(made, credential)
        return made

    def _credential(self, report: _Element, position: int) -> Credential:
        bag = Bag(self.harvest)
        found: dict[str, Any] = {}
        achievements: list[Achievement] = []

        def learner(element: _Element) -> bool:
            if "learner" not in found:
                found["learner"] = self._leaf(Learner, element, t.LEARNER)
                return True
            return False

        def issuer(element: _Element) -> bool:
            if "issuer" not in found:
                found["issuer"] = self._leaf(Organisation, element, t.ISSUER, id=ISSUER)
                bag.put("organisations", found["issuer"], element)
                bag.put("issuer", ISSUER, element, many=False)
                return True
            return False

        def offer(element: _Element) -> bool:
            made = self._achievement(element)
            achievements.append(made)
            return bag.put("achievements", made, element)

        self._fill(report, [(bag, t.REPORT)], {"learner": learner, "issuer": issuer, _OFFER: offer})
        for scheme in dict.fromkeys(self._schemes(achievements)):
            bag.fields.setdefault("grading_schemes", []).append(GradingScheme(id=scheme))
        return self._struct(  # type: ignore[no-any-return]
            Credential,
            bag,
            version=MODEL_VERSION,
            id=hashlib.sha256(f"{self._document}/{position}".encode()).hexdigest(),
            learner=found.get("learner") or Learner(),
            seal=Seal(state=SealState.PRESENT, kind="xmldsig") if self.harvest.signatures else None,
        )

    def _schemes(self, achievements: Iterable[Achievement]) -> Iterator[str]:
        """The schemes that grades are said to be of; nothing more is known of them."""
        for one in achievements:
            yield from (each.grading_scheme for each in one.assessments if each.grading_scheme is not None)
            yield from self._schemes(one.parts)

    def _leaf(self, make: Callable[..., Any], element: _Element, rows: Mapping[str, Take], **more: Any) -> Any:
        bag = Bag(self.harvest)
        self._fill(element, [(bag, rows)], {})
        return self._struct(make, bag, **more)

    def _achievement(self, element: _Element) -> Achievement:
        """What was offered and what came of it stand in one element, whether or not there is an instance inside."""
        whole = Bag(self.harvest)
        offer = Bag(self.harvest, whole, "specification.")
        result = Bag(self.harvest, whole, "assessments[0].")
        activity = Bag(self.harvest, whole, "activities[0].")
        period = Bag(self.harvest, whole, "period.")
        beside = [(offer, t.SPECIFICATION), (result, t.RESULT), (activity, t.ACTIVITY), (period, t.PERIOD)]

        def part(child: _Element) -> bool:
            return whole.put("parts", self._achievement(child), child)

        def parts(child: _Element) -> bool:
            self._fill(child, [(whole, {})], {_OFFER: part}, f"{step(child)}/")
            return True

        def instance(child: _Element) -> bool:
            self._fill(child, [(whole, t.INSTANCE), *beside], {}, f"specifies/{step(child)}/")
            return True

        def specifies(child: _Element) -> bool:
            self._fill(child, [(whole, {})], {_INSTANCE: instance}, f"{step(child)}/")
            return True

        containers = {_OFFER: part, "hasPart": parts, "specifies": specifies, _INSTANCE: instance}
        self._fill(element, [(whole, t.ACHIEVEMENT), *beside], containers)
        more: dict[str, Any] = {"specification": self._struct(Specification, offer)}
        if result.fields:
            more["assessments"] = (self._struct(Assessment, result),)
        if activity.fields:
            more["activities"] = (self._struct(Activity, activity),)
        if period.fields:
            more["period"] = self._struct(Period, period)
        made: Achievement = self._struct(Achievement, whole, **more)
        return made

    def _fill(
        self,
        element: _Element,
        bags: Sequence[tuple[Bag, Mapping[str, Take]]],
        containers: Mapping[str, Callable[[_Element], bool]],
        lead: str = "",
    ) -> None:
        """Put each child where its name says; what nobody takes is residue of the first bag."""
        first = bags[0][0]
        for child in element:
            name = local(child)
            container = containers.get(name)
            if container is not None:
                taken = container(child)
            else:
                taken = any(self._taken(bag, rows[name], child, lead) for bag, rows in bags if name in rows)
            if not taken:
                first.stray(child, lead)
        first.beside(element, lead)

    def _taken(self, bag: Bag, take: Take, child: _Element, lead: str) -> bool:
        try:
            taken = take(bag, child)
        except ValueError:
            return False
        if taken:
            bag.beside(child, f"{lead}{step(child)}/")
        return taken

    def _struct(self, make: Callable[..., Any], *bags: Bag, **more: Any) -> Any:
        fields = {name: value for bag in bags for name, value in bag.fields.items()}
        made = make(**{name: tuple(v) if type(v) is list else v for name, v in fields.items()}, **more)
        for bag in bags:
            self.harvest.trace.bind(made, bag.fields)
        return made
