"""Dates: what ends does not begin later, and nobody is awarded anything before birth or after the document was issued.

No clock is read, so a date in the future is nobody's business here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Final

from mcbridge.checks.walk import claims
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Achievement, Activity, Claim, Credential, Entitlement, Period, Record, Status, Term
from mcbridge.origins import Origin
from mcbridge.tables import Tables

REVERSED: Final = rule(
    "date/end-before-start",
    Severity.ERROR,
    "Something ends before it begins",
    "it ends on {value}, before it begins on {start}",
    "correct one of the two dates in the student system; often day and month are exchanged",
    "a period has a beginning and an end, in this order (ELMO 1.7, start, date, academicTerm; ELM 3.2, PeriodOfTime)"
    " (S31, good practice, not in the schema)",
    '{"start": "2025-09-01", "end": "2025-01-31"}',
)
AFTER_ISSUE: Final = rule(
    "date/after-issue",
    Severity.WARNING,
    "Something was reached after the document that says so was issued",
    "the date is {value}, but the document was {made} on {issued}",
    "correct the date of award or completion, or the date of issue",
    "a document cannot certify what had not happened yet (ELMO 1.7, date and issueDate)"
    " (S31, good practice, not in the schema)",
    "completed on 2025-06-30 in a document issued on 2025-06-01",
)
BEFORE_BIRTH: Final = rule(
    "date/before-birth",
    Severity.ERROR,
    "Something was reached before the learner was born",
    "the date is {value}, not after the learner's date of birth",
    "correct the date of birth or the date of the award in the student system",
    "one of the two dates is wrong; the date of birth often holds the date of the export",
    "a date of birth equal to the date of award",
)

Span = tuple[str, date | datetime | None, str, date | datetime | None]


class Dates:
    """The dates of credentials and provisions."""

    rules: ClassVar[tuple[Rule, ...]] = (REVERSED, AFTER_ISSUE, BEFORE_BIRTH)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        for _, start, end_at, end in _spans(record):
            if start is not None and end is not None and _day(end) < _day(start):
                yield Diagnostic(REVERSED, origin.of(end_at), end_at, str(_day(end)), {"start": str(_day(start))})
        if isinstance(record, Credential):
            yield from _reached(record, origin)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _spans(record: Record) -> Iterator[Span]:
    yield "validFrom", record.valid_from, "validUntil", record.valid_until
    if isinstance(record, Credential):
        for path, claim in claims(record):
            for where, period in _periods(path, claim):
                yield f"{where}.start", period.start, f"{where}.end", period.end
            if isinstance(claim, Entitlement):
                yield f"{path}.issued", claim.issued, f"{path}.expires", claim.expires


def _periods(path: str, claim: Claim) -> Iterator[tuple[str, Period | Term]]:
    if isinstance(claim, Achievement):
        if claim.period is not None:
            yield f"{path}.period", claim.period
        if claim.term is not None:
            yield f"{path}.term", claim.term
    if isinstance(claim, Activity):
        for at, period in enumerate(claim.periods):
            yield f"{path}.periods[{at}]", period


def _reached(credential: Credential, origin: Origin) -> Iterator[Diagnostic]:
    """When claims were awarded or completed, against the issue of the document and the birth of the learner."""
    document = credential.document
    made = [("issued", credential.issued), ("generated", document.generated if document else None)]
    days = [(moment.date(), word) for word, moment in made if moment is not None]
    issued, word = min(days, default=(None, ""), key=lambda day: day[0])
    born = credential.learner.birth_date
    for where, day in _days(credential):
        if issued is not None and day > issued:
            yield Diagnostic(AFTER_ISSUE, origin.of(where), where, str(day), {"issued": str(issued), "made": word})
        if born is not None and day <= born:
            yield Diagnostic(BEFORE_BIRTH, origin.of(where), where, str(day))


def _days(credential: Credential) -> Iterator[tuple[str, date]]:
    for path, claim in claims(credential):
        if claim.award is not None and claim.award.date is not None:
            yield f"{path}.award.date", claim.award.date
        open_ = isinstance(claim, Achievement) and claim.status is Status.IN_PROGRESS
        if isinstance(claim, Achievement) and not open_ and claim.period is not None and claim.period.end is not None:
            yield f"{path}.period.end", claim.period.end
