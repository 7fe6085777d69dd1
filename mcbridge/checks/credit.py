"""Credits: amounts that can be, named schemes, nothing counted twice in one branch, and credits that fit the hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar, Final

from mcbridge.checks.walk import Node, first, heading, nodes, specifications
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Achievement, Claim, Credential, Credit, Duration, Provision, Record, Specification, Status
from mcbridge.origins import Origin
from mcbridge.tables import Tables

HOURS: Final = (25, 30)
"""Hours of work in one ECTS credit, from and to (ECTS Users' Guide 2015)."""
MISMATCH: Final = 3
"""How many times the hours may miss that range before one of the two is suspected to be in another unit."""
ABSURD: Final = 10**12
"""Above this an amount is not calculated with."""

NEGATIVE: Final = rule(
    "credit/negative",
    Severity.ERROR,
    "Credits below zero, or no number",
    "{value} credits of {scheme}",
    "correct the number of credits in the student system",
    "credits count work that was done or is to be done (ECTS Users' Guide 2015)"
    " (S39, from the annotations of the ELMO schema)",
    '{"scheme": "ects", "points": "-5"}',
)
ZERO: Final = rule(
    "credit/zero",
    Severity.WARNING,
    "ECTS credits of zero",
    "{value} credits of {scheme}",
    "leave the credits out when they are not known, or give their number",
    "zero often stands for unknown, but says that there was nothing to do (ELMO 1.7, credit/value)"
    " (S39, from the annotations of the ELMO schema)",
    '{"scheme": "ects", "points": "0"}',
)
POINTS_MISSING: Final = rule(
    "credit/points-missing",
    Severity.WARNING,
    "A credit scheme without a number of credits",
    'credits of the scheme "{value}" are mentioned without a number',
    "give the number of credits, or leave the scheme out",
    "without a number nobody can count the credits (ELMO 1.7, credit/value; ELM 3.2, point)"
    " (S39, from the annotations of the ELMO schema)",
    '{"scheme": "ects"}',
)
SCHEME_MISSING: Final = rule(
    "credit/scheme-missing",
    Severity.WARNING,
    "Credits of a scheme without a name",
    "{value} credits of a scheme that has no name",
    "name the scheme; only what is called ECTS is taken for ECTS",
    "credits of different schemes do not compare (ELMO 1.7, credit/scheme; ELM 3.2, framework)",
    '{"scheme": "", "points": "5"}',
)
TWICE: Final = rule(
    "credit/counted-twice",
    Severity.WARNING,
    "ECTS credits at two levels of one branch",
    "a part and its whole both have ECTS credits: {value}",
    "give the credits at one level only; whoever adds them up counts them twice",
    "within one branch only one level may carry ECTS credits (ELMO 1.7, credit)"
    " (S38, from the annotations of the ELMO schema)",
    "a module of 10 ECTS with courses of 5 ECTS each",
)
HOURS_DISAGREE: Final = rule(
    "credit/disagrees-with-hours",
    Severity.WARNING,
    "The ECTS credits and the expected hours do not fit each other",
    "{value} ECTS, but a volume of learning of {hours}",
    "one of the two is probably in another unit, or belongs to something else: check both in the course description",
    "one ECTS credit stands for 25 to 30 hours of work (ECTS Users' Guide 2015); a threefold difference is no rounding",
    '{"points": "7.5"} beside a volume of learning of 20 hours',
)


def is_ects(credit: Credit, tables: Tables) -> bool:
    """Whether the scheme is one that the vocabulary calls ECTS. A scheme without a name never is."""
    entry = tables.vocabulary("education-credit").find(credit.scheme)
    return entry is not None and entry.code == "ects"


def ects(credits_: Sequence[Credit], tables: Tables) -> Iterator[tuple[int, Decimal]]:
    """The ECTS credits among ``credits_`` that have a number: position and points."""
    for at, credit in enumerate(credits_):
        if credit.points is not None and is_ects(credit, tables):
            yield at, credit.points


def earned_ects(credential: Credential, tables: Tables | None = None) -> Decimal:
    """The ECTS credits that a credential says were earned, each branch counted once.

    Of a branch the outermost achievement with ECTS counts, and what is inside it does not (S38); what was failed or is
    not finished yet counts nothing by itself, but what was passed inside it does.
    """
    known = tables or Tables()
    total = Decimal(0)
    waiting = list(credential.achievements)
    while waiting:
        each = waiting.pop()
        points = _points(each, known) if each.status in {None, Status.PASSED} else None
        if points is None:
            waiting += each.parts
        else:
            total += points[1]
    return total


def plain(number: Decimal) -> str:
    """A number as people write it: ``7.50`` is 7.5, ``6E+1`` is 60. Absurd ones stay as they are."""
    if abs(number.adjusted()) > 30:
        return str(number)
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


class Credits:
    """The credits of achievements and specifications."""

    rules: ClassVar[tuple[Rule, ...]] = (NEGATIVE, ZERO, POINTS_MISSING, SCHEME_MISSING, TWICE, HOURS_DISAGREE)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        for path, credit in _credits(record):
            for rule_, value in _amount(credit, tables):
                facts = {"scheme": credit.scheme.strip() or "a scheme without a name"}
                yield Diagnostic(rule_, origin.of(path), path, value, facts)
        yield from _twice(record, origin, tables)
        yield from _hours(record, origin, tables)


def _credits(record: Record) -> Iterator[tuple[str, Credit]]:
    if isinstance(record, Credential):
        for node in nodes(record):
            for at, credit in enumerate(node.achievement.credits):
                yield f"{node.path}.credits[{at}]", credit
    for path, specification in specifications(record):
        for at, credit in enumerate(specification.credits):
            yield f"{path}.credits[{at}]", credit


def _amount(credit: Credit, tables: Tables) -> Iterator[tuple[Rule, str]]:
    if credit.points is None:
        yield POINTS_MISSING, credit.scheme
        return
    value = plain(credit.points)
    if not credit.scheme.strip():
        yield SCHEME_MISSING, value
    if credit.points < 0:
        yield NEGATIVE, value
    elif credit.points == 0 and is_ects(credit, tables):
        yield ZERO, value


def _twice(record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
    """Each thing with ECTS credits that is, at whatever depth, a part of a thing with ECTS credits."""
    for path, holder, outer in _branches(record):
        inner = _points(holder, tables)
        if inner is None:
            continue
        for above in outer:
            points = _points(above, tables)
            if points is not None:
                where = f"{path}.{inner[0]}"
                value = f'{plain(inner[1])} to "{_title(holder)}", and {plain(points[1])} to "{_title(above)}"'
                yield Diagnostic(TWICE, origin.of(where), where, value)
                break


Holder = Achievement | Specification


def _branches(record: Record) -> Iterator[tuple[str, Holder, list[Holder]]]:
    """What may carry credits: its path, itself, and what it is a part of, the nearest first."""
    if isinstance(record, Provision):
        yield from _parts("specification", record.specification, [record.specification])
        return
    for node in nodes(record):
        above: list[Holder] = [each.achievement for each in node.ancestors()]
        yield node.path, node.achievement, above
        if node.achievement.specification is not None:
            whole = node.achievement.specification
            yield from _parts(f"{node.path}.specification", whole, [node.achievement, *above])


def _parts(path: str, whole: Specification, outer: list[Holder]) -> Iterator[tuple[str, Holder, list[Holder]]]:
    """The parts of a specification at whatever depth; the first of ``outer`` stands for the specification itself."""
    waiting: list[tuple[str, Specification, list[Holder]]] = [(path, whole, outer)]
    while waiting:
        path, each, outer = waiting.pop()
        for at, part in enumerate(each.parts):
            yield f"{path}.parts[{at}]", part, outer
            waiting.append((f"{path}.parts[{at}]", part, [part, *outer]))


def _points(holder: Holder, tables: Tables) -> tuple[str, Decimal] | None:
    """Where and how many ECTS credits something carries; received ones go before those on offer, zero is none."""
    for at, points in ects(holder.credits, tables):
        if points > 0:
            return f"credits[{at}].points", points
    if isinstance(holder, Achievement) and holder.specification is not None:
        found = _points(holder.specification, tables)
        return found and (f"specification.{found[0]}", found[1])
    return None


def _title(holder: Holder) -> str:
    return first(heading(holder) if isinstance(holder, Claim) else holder.title)


def _hours(record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
    received = {}
    if isinstance(record, Credential):
        received = {f"{node.path}.specification": node.achievement.credits for node in nodes(record)}
    for path, specification in specifications(record):
        volume = specification.volume_of_learning
        own = list(ects(specification.credits, tables))
        points = own or list(ects(received.get(path, ()), tables))
        if volume is None or not points:
            continue
        credits_ = points[0][1]
        if 0 < credits_ < ABSURD and not _fits(credits_, volume):
            where = f"{path}.volumeOfLearning"
            yield Diagnostic(HOURS_DISAGREE, origin.of(where), where, plain(credits_), {"hours": spoken(volume)})
    if isinstance(record, Credential):
        yield from _activities(record, origin, tables)


def _activities(record: Credential, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
    """What was done for an achievement takes at most what its credits stand for; one of several things may take little.

    A duration in months is one that was meant in minutes or hours: nobody counts the work for a credit in months.
    """
    for node in nodes(record):
        points = _points(node.achievement, tables)
        if points is None or not 0 < points[1] < ABSURD:
            continue
        for path, volume in _work(node):
            if volume.months or volume.seconds > points[1] * HOURS[1] * MISMATCH * 3600:
                facts = {"hours": spoken(volume)}
                yield Diagnostic(HOURS_DISAGREE, origin.of(path), path, plain(points[1]), facts)


def _work(node: Node) -> Iterator[tuple[str, Duration]]:
    """The durations of the activities of an achievement, as they were and as they are on offer."""
    for at, activity in enumerate(node.achievement.activities):
        if activity.workload is not None:
            yield f"{node.path}.activities[{at}].workload", activity.workload
        offered = activity.specification
        if offered is not None and offered.volume_of_learning is not None:
            yield f"{node.path}.activities[{at}].specification.volumeOfLearning", offered.volume_of_learning


def _fits(credits_: Decimal, volume: Duration) -> bool:
    """Whether the hours are within three times the range. Months are no hours: a credit is never a month of work."""
    if volume.months or abs(volume.seconds) > ABSURD:
        return False
    hours = volume.seconds / 3600
    return credits_ * HOURS[0] / MISMATCH <= hours <= credits_ * HOURS[1] * MISMATCH


def spoken(volume: Duration) -> str:
    """A duration in words."""
    months, hours = volume.months, plain(volume.seconds)
    if abs(volume.seconds) <= ABSURD:
        hours = plain(Decimal(f"{volume.seconds / 3600:.2f}"))
    said = [f"{months} month{'' if abs(months) == 1 else 's'}"] if months else []
    if volume.seconds or not months:
        said.append(f"{hours} hour{'' if hours == '1' else 's'}")
    return " and ".join(said)
