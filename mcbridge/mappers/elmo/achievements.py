"""Achievements as learning opportunity specifications: one element for what was offered and what came of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.extension import Blocks, extended
from mcbridge.mappers.elmo.markup import PATIENCE, plain
from mcbridge.mappers.elmo.pen import Missing, Pen, nowhere, strange
from mcbridge.mappers.elmo.residues import FORMAT
from mcbridge.mappers.elmo.versions import SECOND
from mcbridge.mappers.elmo.write import Extras, Rows, element, shape
from mcbridge.model import Achievement, Activity, Assessment, Award, Credit, Period, Specification

_NO_SPECIFICATION = Specification()
_NO_ASSESSMENT = Assessment()
_NO_ACTIVITY = Activity()
_NO_PERIOD = Period()
_NO_BLOCKS = Blocks()

_SPECIFIES = "specifies/"
_INSTANCE = "specifies/learningOpportunityInstance/"

_HEAD = {"specification", "assessments", "activities", "period", "award", "title", "description", "parts"}


def _carried(slot: int, *more: str) -> frozenset[str]:
    return frozenset(row.to for row in (*t.LOS, *t.LOI) if row.slot == slot) | set(more)


class _Compiled:
    """The closures for learning opportunity specifications and their instances."""

    def __init__(self) -> None:
        self.los = Rows(t.LOS, shape)
        self.before = Rows([row for row in t.LOI if row.tag not in ("grouping", "diplomaSupplement")], shape)
        self.grouping = Rows([row for row in t.LOI if row.tag == "grouping"], shape)
        self.supplement = Rows([row for row in t.LOI if row.tag == "diplomaSupplement"], shape)
        self.rest_achievement = nowhere(Achievement, _carried(t.ACHIEVEMENT, "attachment_refs", *_HEAD))
        self.rest_specification = nowhere(Specification, _carried(t.SPECIFICATION, "credits"))
        self.rest_assessment = nowhere(Assessment, _carried(t.ASSESSMENT))
        self.rest_activity = nowhere(Activity, _carried(t.ACTIVITY))
        self.rest_period = nowhere(Period, _carried(t.PERIOD))


@lru_cache(maxsize=1)
def _compiled() -> _Compiled:
    return _Compiled()


def write_achievement(achievement: Achievement, path: str, pen: Pen, issuer: str | None) -> str:
    """One ``learningOpportunitySpecification`` with its parts; ``issuer`` is the local id of the report's issuer."""
    second = pen.version == SECOND
    if second and (achievement.specification is None or not achievement.specification.identifiers):
        what = "learningOpportunitySpecification/identifier in version 2.0"
        raise Missing(pen.record, f"{path}.specification.identifiers", what)
    markup = plain(achievement, pen.version) if pen.as_read and path not in pen.blocks and PATIENCE.over(1) else None
    if markup is not None:
        for index, part in enumerate(achievement.parts):
            markup += f"<hasPart>{write_achievement(part, f'{path}.parts[{index}]', pen, issuer)}</hasPart>"
        return f"{markup}</learningOpportunitySpecification>"
    compiled = _compiled()
    extras = Extras(achievement, path, pen) if achievement.residue or achievement.spellings else None
    frame = _frame(achievement, path, pen, issuer)
    if not frame[1].title and not pen.as_read:
        raise Missing(pen.record, f"{path}.title", "learningOpportunitySpecification/title")
    compiled.rest_achievement(achievement, path, pen)
    blocks = pen.blocks.get(path, _NO_BLOCKS)
    if blocks.echoes:
        frame = _echoed(frame, blocks)
    body = compiled.los.write(frame, path, pen, extras)
    inner = compiled.before.write(frame, path, pen, extras, _INSTANCE)
    refs = [
        f"<ref>{pen.escaped(ref, path, exact=True, part=f'.attachmentRefs[{index}]')}</ref>"
        for index, ref in enumerate(achievement.attachment_refs)
    ]
    if refs or extras is not None:
        inner += _attachments(refs, extras)
    inner += compiled.grouping.write(frame, path, pen, extras, _INSTANCE)
    if extras is not None or blocks.result:
        inner += extended([] if extras is None else extras.between("extension", [], _INSTANCE), blocks.result)
    inner += compiled.supplement.write(frame, path, pen, extras, _INSTANCE)
    instance = element("learningOpportunityInstance", _INSTANCE, inner, extras)
    instances = [instance] if extras is None else extras.between("learningOpportunityInstance", [instance], _SPECIFIES)
    if extras is not None:
        instances += extras.between("extension", [], _SPECIFIES)
    specifies = element("specifies", _SPECIFIES, instances, extras)
    body += [specifies] if extras is None else extras.between("specifies", [specifies])
    parts = [
        f"<hasPart>{write_achievement(part, f'{path}.parts[{index}]', pen, issuer)}</hasPart>"
        for index, part in enumerate(achievement.parts)
    ]
    if extras is None:
        body += [*parts, *extended([], blocks.offer)]
        return f"<learningOpportunitySpecification>{''.join(body)}</learningOpportunitySpecification>"
    body += extras.between("hasPart", parts)
    body += extended(extras.between("extension", []), blocks.offer)
    markup = element("learningOpportunitySpecification", "", body, extras)
    extras.close()
    return markup


def _echoed(frame: tuple[Any, ...], blocks: Blocks) -> tuple[Any, ...]:
    """The frame with the echoes of the extension in its description."""
    offered: Specification = frame[t.SPECIFICATION]
    spelled = [spelling.path for spelling in frame[t.ACHIEVEMENT].spellings if spelling.format == FORMAT]
    described = replace(offered, description=blocks.spoken(offered.description, spelled))
    return tuple(described if slot == t.SPECIFICATION else one for slot, one in enumerate(frame))


def _attachments(refs: list[str], extras: Extras | None) -> list[str]:
    if extras is None:
        return [f"<attachments>{''.join(refs)}</attachments>"]
    items = [element("attachments", f"{_INSTANCE}attachments/", refs, extras)] if refs else []
    return extras.between("attachments", items, _INSTANCE)


def _frame(a: Achievement, path: str, pen: Pen, issuer: str | None) -> tuple[Any, ...]:
    """The structs that one element is written from, after what ELMO can say only once has been settled."""
    compiled = _compiled()
    specification = a.specification or _NO_SPECIFICATION
    assessment = a.assessments[0] if a.assessments else _NO_ASSESSMENT
    activity = a.activities[0] if a.activities else _NO_ACTIVITY
    period = a.period or _NO_PERIOD
    if a.specification is not None:
        strange(specification, f"{path}.specification", pen)
        compiled.rest_specification(specification, f"{path}.specification", pen)
    if a.assessments:
        strange(assessment, f"{path}.assessments[0]", pen)
        compiled.rest_assessment(assessment, f"{path}.assessments[0]", pen)
        _others(a.assessments, f"{path}.assessments", "assessment", pen)
    if a.activities:
        strange(activity, f"{path}.activities[0]", pen)
        compiled.rest_activity(activity, f"{path}.activities[0]", pen)
        _others(a.activities, f"{path}.activities", "activity", pen)
    if a.period is not None:
        strange(period, f"{path}.period", pen)
        compiled.rest_period(period, f"{path}.period", pen)
    if a.title or a.description:
        specification = _said_once(a, specification, path, pen)
    if a.award is not None:
        period = _awarded(a, period, path, pen, issuer)
    if specification.credits:
        a = _credits(a, specification, path, pen)
    return (a, specification, assessment, activity, period)


def _others(found: tuple[Any, ...], path: str, what: str, pen: Pen) -> None:
    for index, other in enumerate(found[1:], 1):
        pen.lose(f"{path}[{index}]", "loss/one-only", f"ELMO holds one {what} for each achievement", other)


def _said_once(a: Achievement, specification: Specification, path: str, pen: Pen) -> Specification:
    """ELMO has one title and one description for the award and the offer."""
    pen.fold()
    for name in ("title", "description"):
        awarded, offered = getattr(a, name), getattr(specification, name)
        if not offered:
            specification = replace(specification, **{name: awarded})
            pen.move(f"{path}.specification.{name}", f"{path}.{name}")
            continue
        for index, text in enumerate(awarded):
            if text not in offered:
                reason = f"ELMO has one {name} for the offer and the award, and the offer has one of its own"
                pen.lose(f"{path}.{name}[{index}]", "loss/one-only", reason, text)
    return specification


def _awarded(a: Achievement, period: Period, path: str, pen: Pen, issuer: str | None) -> Period:
    """The award's date is ELMO's completion date where there is no other; its body is the report's issuer."""
    award = a.award
    if award is None:
        return period
    pen.fold()
    strange(award, f"{path}.award", pen)
    _rest_award(award, f"{path}.award", pen)
    for index, body in enumerate(award.bodies):
        if body != issuer:
            pen.lose(f"{path}.award.bodies[{index}]", "loss/one-only", "ELMO names one institution for each report")
    if award.date is None or award.date == period.end:
        return period
    if period.end is None:
        pen.move(f"{path}.period.end", f"{path}.award.date")
        return replace(period, end=award.date)
    pen.lose(f"{path}.award.date", "loss/one-only", "ELMO has one date, and the learning ended on another day")
    return period


_rest_award = nowhere(Award, frozenset(("bodies", "date")))


def _credits(a: Achievement, specification: Specification, path: str, pen: Pen) -> Achievement:
    """ELMO has one place for credits on offer and credits received."""
    pen.fold()
    if not a.credits:
        pen.move(f"{path}.credits", f"{path}.specification.credits")
        return replace(a, credits=specification.credits)
    received = {_amount(credit) for credit in a.credits}
    for index, credit in enumerate(specification.credits):
        if _amount(credit) not in received:
            reason = "ELMO holds the credits received, and those on offer differ"
            pen.lose(f"{path}.specification.credits[{index}]", "loss/one-only", reason, credit)
    return a


def _amount(credit: Credit) -> tuple[object, ...]:
    """What a credit says; the case of ``ects`` is not part of it."""
    return credit.scheme.casefold(), credit.points, credit.level, credit.labels, credit.residue
