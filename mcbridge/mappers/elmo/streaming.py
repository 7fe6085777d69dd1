"""ELMO documents that are too large to be held: one report after the other, by the same closures as all others.

Who reads a document this way goes through it twice. The survey says whether it can be done: the document is ELMO and
valid, so nothing in it needs care, and it says how many reports there are; what stands around them is kept from it.
The second passage makes a credential of each report and forgets the report. Places are looked for in the report at
hand, or, when somebody asks for one later, by going through the document once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, Final

from lxml import etree
from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.losses import SEAL, Loss
from mcbridge.mappers import _xml
from mcbridge.mappers._xml.encoding import utf8_pieces
from mcbridge.mappers._xml.streaming import AsAWhole, Guard, Passage
from mcbridge.mappers.base import TOO_MANY
from mcbridge.mappers.elmo import rules
from mcbridge.mappers.elmo.aside import LONG, Aside, Long
from mcbridge.mappers.elmo.documents import Around, identity
from mcbridge.mappers.elmo.extension import OPENING
from mcbridge.mappers.elmo.inspection import features
from mcbridge.mappers.elmo.origin import Places, line_of, traced
from mcbridge.mappers.elmo.plain import Plain
from mcbridge.mappers.elmo.repairs import Knowledge, Tree
from mcbridge.mappers.elmo.trace import Trace
from mcbridge.mappers.elmo.values import NAMESPACE, SIGNATURE
from mcbridge.mappers.elmo.verdict import FIRST_CHOICE, LATER, newer
from mcbridge.mappers.elmo.versions import ARRIVED
from mcbridge.origins import Contents, Luggage, Origin, Read, Source

_ROOT: Final = f"{{{NAMESPACE}}}elmo"
_REPORT: Final = f"{{{NAMESPACE}}}report"
_ATTACHMENT: Final = f"{{{NAMESPACE}}}attachment"
_CONTENT: Final = f"{{{NAMESPACE}}}content"
_LOS: Final = f"{{{NAMESPACE}}}learningOpportunitySpecification"
_AROUND: Final = (
    *(f"{{{NAMESPACE}}}{name}" for name in ("generatedDate", "learner", "attachment", "groups", "extension")),
    SIGNATURE,
)
"""The children of the root besides reports."""

_ECHO: Final = OPENING.encode()
_ARRIVED: Final = tuple(name.encode() for name in ARRIVED)
_OVERLAP: Final = 1024
"""Bytes of a piece that are looked at once more together with the next one: longer than what is looked for."""


class Survey:
    """What a first passage finds. ``shell`` is the root without its reports; ``excess`` are reports that hold too much.

    ``plain``: it is ELMO and valid, so that it can be read report by report.
    """

    def __init__(
        self, source: Source, contents: Contents, schema: _xml.Schema, knowledge: Knowledge | None = None
    ) -> None:
        self.aside = Aside(contents)
        self.count = 0
        self.excess: dict[int, XmlLocation] = {}
        self.echoes = False
        self.shell = etree.Element(_ROOT)
        self.line: int | None = None
        self._source = source
        self._root: _Element | None = None
        self._achievements = 0
        self._report_line: int | None = None
        self._guard = Guard(source)
        self._last = b""
        self._knowledge = knowledge
        self.schema = schema
        self.later = False
        self.plain = self._taken(schema)

    def _taken(self, schema: _xml.Schema) -> bool:
        tags = ("{*}elmo", _REPORT, _LOS, _CONTENT, *_AROUND)
        going = Passage(self._source, tags, lambda pieces: self.aside.shortened(map(self._before, pieces)), schema)
        going.behind = self._behind
        try:
            for event, element in going:
                self._see(event, element)
        except AsAWhole:
            return False
        ours = self._root is not None and self._root.tag == _ROOT
        return going.valid and ours and not (self._guard.undecided or self.aside.astray)

    def _before(self, piece: bytes) -> bytes:
        piece = self._guard.before(piece)
        seen = self._last + piece
        self.echoes = self.echoes or _ECHO in seen
        self.later = self.later or any(name in seen for name in _ARRIVED)
        if self._knowledge is not None and self._knowledge.speaks_of(seen):
            raise AsAWhole  # a grade may be written as credits
        self._last = piece[-_OVERLAP:]
        return piece

    def _behind(self) -> None:
        if self._root is None:
            return
        if len(self._root) and (tag := self._root[-1].tag) != _REPORT:
            if tag not in _AROUND:
                raise AsAWhole
            return  # it is kept as a whole, and looked at when it ends
        self._guard.behind()
        self._guard.drop(self._root)

    def _see(self, event: str, element: _Element) -> None:
        if event == "start":
            self._begun(element)
        elif element.tag == _CONTENT:
            text = self.aside.whole(element.text or "")
            self._guard.measure(element, len(text))
            _set_aside(element, text, self.aside, read=_depth(element) == 2)
        elif element.getparent() is self._root and element.tag in _AROUND:
            self._guard.behind()
            element.tail = None
            self._guard.taken(element)
            self.shell.append(element)

    def _begun(self, element: _Element) -> None:
        parent = element.getparent()
        if parent is None:
            self._root = element
            self._guard.begun(element)
            self.line = line_of(element)
            around: Any = etree.Element
            self.shell = around(element.tag, element.attrib, element.nsmap)
        elif element.tag == _REPORT and parent is self._root:
            self._guard.anew()
            self.count += 1
            self._achievements, self._report_line = 0, line_of(element)
        elif element.tag == _LOS:
            self._achievements += 1
            if self._achievements > self._source.limits.achievements and self.count not in self.excess:
                path = f"elmo/report[{self.count}]"
                self.excess[self.count] = XmlLocation(self._source.name, self._report_line, None, path)


def _set_aside(element: _Element, text: Long, aside: Aside, *, read: bool) -> None:
    """Put a mark in the place of a long attachment; nothing where nobody reads it now."""
    parent = element.getparent()
    if parent is None or parent.tag != _ATTACHMENT or len(element):
        element.text = "".join(text.pieces())
    elif not read:
        element.text = None
    elif len(text) >= LONG:
        element.text = None
        element.text = aside.set_aside(text)
    aside.done()


def _depth(element: _Element) -> int:
    return sum(1 for _ in element.iterancestors())


class Reports:
    """The reports of a surveyed document, each complete, and gone from the tree when the next one is asked for.

    Without ``aside`` long attachments are left out.
    """

    def __init__(self, source: Source, survey: Survey, aside: Aside | None = None) -> None:
        self._source = source
        self._survey = survey
        self._aside = aside

    def __iter__(self) -> Iterator[tuple[int, _Element | None]]:
        """Position and report; no report where it holds too many achievements."""
        excess, position, root = self._survey.excess, 0, None
        tags = ("{*}elmo", _REPORT, _CONTENT, *_AROUND, *((_LOS,) if excess else ()))
        aside = Aside(Contents()) if self._aside is None else self._aside
        going = Passage(self._source, tags, aside.shortened)
        for event, element in going:
            parent = element.getparent()
            if event == "start":
                root = element if parent is None else root
                position += element.tag == _REPORT and parent is root
            elif parent is None:
                continue
            elif element.tag == _CONTENT:
                read = self._aside is not None and parent.getparent() is not root
                _set_aside(element, aside.whole(element.text or ""), aside, read=read)
            elif element.tag == _LOS:
                if position in excess:
                    parent.remove(element)
            elif parent is root:
                if element.tag == _REPORT:
                    yield position, None if position in excess else element
                    aside.forget()
                root.remove(element)


def surveyed(source: Source, contents: Contents, knowledge: Knowledge | None) -> Survey | None:
    """What there is to know before a document is read report by report; nothing where that cannot be done.

    Without ``knowledge`` nothing is to be repaired or noted. Raises ``NotThisFormat`` or ``Unreadable`` for what cannot
    be read at all.
    """
    survey = None
    with suppress(_xml.NotUtf8):  # which may be repaired
        survey = Survey(source, contents, _xml.schema(FIRST_CHOICE), knowledge)
        if not survey.plain and survey.later and knowledge is not None:
            survey = Survey(source, contents, _xml.schema(LATER), knowledge)
    return survey if survey is not None and survey.plain else None


def features_of(source: Source, survey: Survey) -> set[str]:
    """What tells versions from each other in a surveyed document."""
    found = features(survey.shell)
    for _, report in Reports(source, survey):
        if report is not None:
            found |= features(report)
    return found


class Streaming:
    """The reading of a surveyed document."""

    def __init__(self, source: Source, survey: Survey) -> None:
        self._source = source
        self._survey = survey
        self._shell = survey.shell
        self._places = StreamedPlaces(source, survey)

    def read(self, luggage: Luggage) -> Iterator[Read]:
        """One credential for each report."""
        source, survey = self._source, self._survey
        around = Around(self._shell, source.sha256, survey.aside, checked=False)
        for spot in survey.excess.values():
            facts = {"most": source.limits.achievements}
            luggage.refuse(Diagnostic(TOO_MANY, spot, facts=facts))
        self._tell(around, self._shell, 0, luggage)
        self._lose(around, range(1, survey.count + 1), luggage)
        later: list[XmlLocation] = []
        around.walk.contents = aside = Aside(luggage.contents)
        for position, report in Reports(source, survey, aside):
            if report is None:
                continue
            around.plain = _plainly(report)
            credential = around.credential(report, position, survey.count)
            self._tell(around, report, position, luggage)
            later += [_spot(source, element, position) for element in around.walk.lost]
            around.walk.lost.clear()
            whole = XmlLocation(source.name, line_of(report), None, f"elmo/report[{position}]")
            self._places.at_hand = (position, report)
            yield Read(credential, Origin(whole, partial(self._places.find, position), self._places.shared))
            self._places.at_hand = None
        for spot in later:
            for position in range(1, survey.count + 1):
                luggage.losses.add(Loss(identity(source.sha256, position), "seal", SEAL, VOID, spot))

    def _tell(self, around: Around, part: _Element, position: int, luggage: Luggage) -> None:
        """What there is to say about the version and the extension in one part of the document."""
        if self._survey.schema.name == LATER:
            for what, element in newer(part):
                where = _spot(self._source, element, position)
                luggage.report.add(Diagnostic(rules.NEWER, where, facts={"what": what}))
        if not (around.walk.troubles or self._survey.echoes):
            return
        from mcbridge.mappers.elmo.extension.findings import findings

        for finding in findings(around.walk, part, self._source):
            spot = finding.location
            if isinstance(spot, XmlLocation):
                finding = replace(finding, location=replace(spot, xpath=_renumbered(spot.xpath, position)))  # noqa: PLW2901
            luggage.report.add(finding)
        around.walk.troubles.clear()

    def _lose(self, around: Around, positions: range, luggage: Luggage) -> None:
        for element in around.walk.lost:
            spot = _spot(self._source, element, 0)
            for position in positions:
                luggage.losses.add(Loss(identity(self._source.sha256, position), "seal", SEAL, VOID, spot))
        around.walk.lost.clear()


VOID: Final = "a signature holds for the original bytes only, so none is carried over"


def _plainly(report: _Element) -> Plain:
    """The text of a report as it would stand in a document of its own."""
    root = report.getparent()
    prefix = f"{report.prefix}:" if report.prefix else ""
    text = etree.tostring(report, encoding="unicode", with_tail=False)
    behind = text[text.index(">") + 1 :]
    return Plain(root if root is not None else report, f"<{prefix}elmo><{prefix}report>{behind}</{prefix}elmo>")


def _spot(source: Source, element: _Element, position: int) -> XmlLocation:
    return XmlLocation(source.name, line_of(element), None, _renumbered(_xml.xpath(element), position))


def _renumbered(path: str | None, position: int) -> str | None:
    """The path in the document: the report stands first in the tree when those before it are gone."""
    first = "elmo/report[1]"
    if not position or path is None or not path.startswith(first):
        return path
    return f"elmo/report[{position}]{path.removeprefix(first)}"


class StreamedPlaces(Places):
    """Places in a document that is not held. ``at_hand`` is the report that is being read, with its position."""

    def __init__(self, source: Source, survey: Survey) -> None:
        super().__init__(source, lambda: Tree(survey.shell), checked=False)
        self._survey = survey
        self._shell = survey.shell
        self._spots: Iterator[tuple[str, list[tuple[int, int]]]] = iter(())
        self._reports: Iterator[tuple[int, _Element | None]] = iter(())
        self._again = 0
        self._columns_at = (0, list[tuple[int, int]]())
        self._columns_next = 0
        self._last: tuple[int, dict[str, tuple[_Element, str]], dict[_Element, tuple[int, int]]] | None = None
        self._standing = _xml.Standing(self._shell)  # it is another one for each report, which stands first in the tree
        self.at_hand: tuple[int, _Element] | None = None

    def found(self, position: int) -> dict[str, tuple[_Element, str]]:
        """The element of each path of the credential at this position (from one), and the rest of its place."""
        return self._of(position)[1]

    def spot(self, element: _Element, position: int) -> XmlLocation:
        """Where an element stands that is of this credential, or around it."""
        known = self._of(position)[2].get(element) or self._around_columns.get(element)
        line, column = known or (self._line_of(element), None)
        return XmlLocation(self._source.name, line, column, _renumbered(self._standing.path(element), position))

    def shared(self) -> list[XmlLocation]:
        """What is not in a report, and belongs to the records of all."""
        return [replace(spot, line=spot.line or self._survey.line) for spot in super().shared()]

    def _line_of(self, element: _Element) -> int | None:
        return self._survey.line if element is self._shell else line_of(element)

    def _of(self, position: int) -> tuple[int, dict[str, tuple[_Element, str]], dict[_Element, tuple[int, int]]]:
        if self._last is None or self._last[0] != position:
            report = self._report(position)
            trace = Trace()
            around = Around(self._shell, self._source.sha256, Contents(), checked=False, trace=trace)
            credential = around.credential(report, position, self._survey.count)
            columns = dict(zip(report.iter(), self._columns_of(position), strict=False))
            self._standing = _xml.Standing(self._shell)
            self._last = (position, traced(credential, trace), columns)
        return self._last

    def _report(self, position: int) -> _Element:
        """The report at a position, for which the document is gone through again if it is not at hand."""
        if self.at_hand is not None and self.at_hand[0] == position:
            return self.at_hand[1]
        if position <= self._again or not self._again:
            self._reports = iter(Reports(self._source, self._survey))
        self._again = position
        return next(report for at, report in self._reports if at == position and report is not None)

    def _columns_of(self, position: int) -> list[tuple[int, int]]:
        if position <= self._columns_next or not self._columns_next:
            self._spots = _xml.columns_by_child(utf8_pieces(self._source))
            self._columns_next = 0
        for name, spots in self._spots:
            self._columns_next += name.rpartition(":")[2] == "report"
            if self._columns_next == position:
                return spots
        return []

    @cached_property
    def _around_columns(self) -> dict[_Element, tuple[int, int]]:
        children = (
            spots
            for name, spots in _xml.columns_by_child(utf8_pieces(self._source))
            if name.rpartition(":")[2] != "report"
        )
        pairs = zip((self._shell, *self._shell), children, strict=False)
        return {element: spot for child, spots in pairs for element, spot in zip(child.iter(), spots, strict=False)}
