"""What holds between the reports of one document, and between documents: told when the last report was seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from mcbridge.checks.elmo.attachments import HEAVY, LARGE, NOT_READABLE, PDF
from mcbridge.checks.elmo.clauses import clause
from mcbridge.checks.elmo.issuer import REPEATED as ISSUER_REPEATED
from mcbridge.checks.elmo.issuer import key
from mcbridge.checks.elmo.references import REF
from mcbridge.checks.elmo.references import REPEATED as ATTACHMENT_REPEATED
from mcbridge.checks.elmo.view import Finding, View, kind, specification
from mcbridge.checks.walk import Node, first
from mcbridge.diagnostics import Diagnostic, Severity
from mcbridge.model import Attachment, Learner, Status, Texts
from mcbridge.origins import Origin

LOCAL: Final = clause(
    "S20",
    "elmo/local-identifier-repeated",
    Severity.ERROR,
    "One local identifier for two things",
    'the local identifier "{value}" stands for something else too',
    "ask whoever runs the export to send the code of the course there, or no local identifier",
    "within an issuer the type and the local identifier together stand for one thing, without a type the identifier"
    " alone; where that cannot be promised it is not sent",
    'two courses with <identifier type="local">0036</identifier>',
)
CHANGED: Final = clause(
    "S30",
    "elmo/status-changed",
    Severity.WARNING,
    "A final status that changed",
    "the status is {value}, but another document says {other}",
    "ask the sender which of the two documents holds",
    "passed and failed are final: they do not change from one document to the next",
    "passed in January's document, failed in March's",
)

_FINAL = frozenset((Status.PASSED, Status.FAILED))


class Across:
    """What the reports of one document said so far."""

    def __init__(self) -> None:
        self.seen = 0
        self.issuers: set[str] = set()
        self.locals: dict[tuple[str, str], set[tuple[str | None, Texts]]] = {}
        self.attachments: set[str] = set()
        self.references: list[tuple[Origin, str, str]] = []
        self.readable = False
        self.size = 0
        self.first: Origin | None = None

    def add(self, view: View, origin: Origin) -> Iterator[Finding]:
        """One more report; what it has in common with those before is told at once."""
        self.seen += 1
        self.first = self.first or origin
        issuer = view.issuer
        named = "" if issuer is None else key(issuer[1])
        if issuer is not None and named in self.issuers:
            yield ISSUER_REPEATED, issuer[0], first(issuer[1].names), {}
        self.issuers.add(named)
        for node in view.nodes:
            yield from self._locals(node, named)
            for at, ref in enumerate(node.achievement.attachment_refs):
                self.references.append((origin, f"{node.path}.attachmentRefs[{at}]", ref))
        for path, each in view.attachments():
            if self.seen == 1 or not path.startswith("document."):
                yield from self._attachment(path, each)

    def _locals(self, node: Node, issuer: str) -> Iterator[Finding]:
        offered, word = specification(node.achievement), kind(node.achievement)
        for at, each in enumerate(offered.identifiers):
            value = each.value.strip()
            if (each.type or "").casefold() != "local" or not value:
                continue
            others = self.locals.setdefault((issuer, value), set())
            # one thing that was taken twice has one title
            if any((word is None or type_ in {None, word}) and title != offered.title for type_, title in others):
                yield LOCAL, f"{node.path}.specification.identifiers[{at}]", each.value, {}
            others.add((word, offered.title))

    def _attachment(self, path: str, each: Attachment) -> Iterator[Finding]:
        for at, identifier in enumerate(each.identifiers):
            value = identifier.value.strip()
            if value and value in self.attachments:
                yield ATTACHMENT_REPEATED, f"{path}.identifiers[{at}]", identifier.value, {}
            self.attachments.add(value)
        for content in each.contents:
            self.size += content.size
            media = (content.media_type or "").partition(";")[0].strip().casefold()
            self.readable |= content.state == "ok" and media == PDF

    def end(self) -> Iterator[Diagnostic]:
        """What could not be said before all reports were seen."""
        for origin, path, ref in self.references:
            if ref.strip() not in self.attachments:
                yield Diagnostic(REF, origin.of(path), path, ref)
        if self.first is not None and not self.readable:
            yield Diagnostic(NOT_READABLE, self.first.of("document"), "document")
        if self.first is not None and self.size > LARGE:
            yield Diagnostic(HEAVY, self.first.of("document"), "document", str(self.size))


class Finals:
    """The final states of one run, by a number made of issuer, learner and instance: nobody's data are kept."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Status, str, datetime | None]] = {}

    def compare(self, view: View) -> Iterator[Finding]:
        """States that another document told otherwise."""
        document, issuer = view.credential.document, view.issuer
        who = _person(view.credential.learner)
        if document is None or issuer is None or who is None:
            return
        made = document.generated
        for node in view.nodes:
            status = node.achievement.status
            for each in node.achievement.identifiers[:1]:
                if status is None or not each.value.strip():
                    continue
                name = hash((key(issuer[1]), who, each.type, each.value))
                before = self.known.get(name)
                if before is not None and before[1] != document.id and _contradict(before, status, made):
                    yield CHANGED, f"{node.path}.status", status.value, {"other": before[0].value}
                if before is None or (status in _FINAL and before[0] not in _FINAL):
                    self.known[name] = (status, document.id, made)


def _person(learner: Learner) -> tuple[object, ...] | None:
    if learner.identifiers and learner.identifiers[0].value.strip():
        return (learner.identifiers[0].type, learner.identifiers[0].value.strip())
    if learner.birth_date is None:
        return None
    return (first(learner.given_names), first(learner.family_name), learner.birth_date)


def _contradict(before: tuple[Status, str, datetime | None], status: Status, made: datetime | None) -> bool:
    old, _, then = before
    if old is status:
        return False
    if old in _FINAL and status in _FINAL:
        return True
    if then is None or made is None or (then.tzinfo is None) != (made.tzinfo is None):
        return False
    return then < made if old in _FINAL else made < then
