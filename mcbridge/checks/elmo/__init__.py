"""The rules that ELMO has in words: 44 clauses that no schema enforces, over the records of ELMO documents.

``clauses`` lists them, the modules beside it find what breaks them, ``profiles`` says how bad that is. Rules that hold
for records of any format stand one floor up, with the others, and are entered under the clause that says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from mcbridge.checks.credit import Credits
from mcbridge.checks.dates import Dates
from mcbridge.checks.elmo.attachments import attachments
from mcbridge.checks.elmo.clauses import DECLARED, MUST
from mcbridge.checks.elmo.document import Across, Finals
from mcbridge.checks.elmo.instances import instances
from mcbridge.checks.elmo.issuer import addresses, countries, issuer
from mcbridge.checks.elmo.learner import document, learner
from mcbridge.checks.elmo.opportunities import opportunities
from mcbridge.checks.elmo.references import groups
from mcbridge.checks.elmo.residues import residues, seal
from mcbridge.checks.elmo.supplement import supplements
from mcbridge.checks.elmo.texts import html, languages, plain
from mcbridge.checks.elmo.view import FORMAT, Finding, View
from mcbridge.checks.grades import Grades
from mcbridge.checks.levels import Levels
from mcbridge.diagnostics import Diagnostic, Rule, Severity
from mcbridge.model import Credential, Record
from mcbridge.origins import Origin
from mcbridge.tables import Tables

FINDERS: Final = (
    document,
    learner,
    countries,
    issuer,
    addresses,
    opportunities,
    instances,
    plain,
    html,
    languages,
    groups,
    attachments,
    supplements,
    residues,
    seal,
)
"""What looks at one report."""

WRITTEN: Final = (issuer, opportunities, instances, plain, html, languages, groups, attachments)
"""What looks at a record of another format that is to be written as ELMO."""

RULES: Final = tuple(rule for number in DECLARED for rule in DECLARED[number])
"""All rules of all clauses, in the order of the clauses."""


SHARED: Final = ("learner", "document")
"""How the paths of what is the same in all reports of a document begin."""


class Elmo:
    """The reports of ELMO documents. Records of other formats are passed over."""

    rules: ClassVar[tuple[Rule, ...]] = tuple(rule for rule in RULES if rule.id.startswith("elmo/"))

    def __init__(self, contents: Mapping[str, bytes] | None = None) -> None:
        self.contents = contents or {}
        self._documents: dict[str, Across] = {}
        self._finals = Finals()

    def informed(self, contents: Mapping[str, bytes]) -> Elmo:
        """The same, with the bytes that records speak of."""
        return Elmo(contents)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        if not isinstance(record, Credential) or record.document is None or record.document.format != FORMAT:
            return
        view = View(record, tables, self.contents)
        across = self._documents.setdefault(record.document.id, Across())
        told = across.seen > 0  # what all reports share was told with the first, and its place need not be looked up
        for find in FINDERS:
            found = find(view)
            yield from _placed((each for each in found if not (told and each[1].startswith(SHARED))), origin)
        yield from _placed(across.add(view, origin), origin)
        yield from _placed(self._finals.compare(view), origin)
        if across.seen >= record.document.count:
            yield from across.end()
            del self._documents[record.document.id]


DEMANDED: Final = frozenset(("elmo/issuer-identifier-missing", "elmo/title-missing"))
"""What the writer itself demands, and refuses a record without."""


class Written:
    """What may not be written into an ELMO document without a word: records of other formats against every must."""

    rules: ClassVar[tuple[Rule, ...]] = tuple(rule for rule in RULES if rule.id in MUST and rule.id not in DEMANDED)

    def __init__(self, contents: Mapping[str, bytes] | None = None) -> None:
        self.contents = contents or {}

    def informed(self, contents: Mapping[str, bytes]) -> Written:
        """The same, with the bytes that records speak of."""
        return Written(contents)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        if not isinstance(record, Credential) or (record.document is not None and record.document.format == FORMAT):
            return
        view, across = View(record, tables, self.contents), Across()
        found = [finding for find in WRITTEN for finding in find(view)]
        found += across.add(view, origin)
        every = [*_placed(iter(found), origin), *_general(record, origin, tables), *across.end()]
        for each in every:
            if each.rule.id in MUST and each.rule.id not in DEMANDED:
                yield Diagnostic(each.rule, each.location, each.field, each.value, each.facts, Severity.ERROR)


def _general(record: Credential, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
    """What rules for records of any format find of it."""
    for check in (Credits(), Dates(), Grades(), Levels()):
        yield from check(record, origin, tables)


def _placed(found: Iterator[Finding], origin: Origin) -> Iterator[Diagnostic]:
    for rule, path, value, facts in found:
        yield Diagnostic(rule, origin.of(path), path or None, value, facts)
