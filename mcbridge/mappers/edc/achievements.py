"""Achievements, with what proves them, what led to them and what they entitle to.

A learning achievement says that something was achieved. One that failed, is in
progress or is of unknown outcome is a loss; those of its parts that were passed by
themselves are written in its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from mcbridge.mappers.edc.claims import (
    HEAD,
    activities,
    assessments,
    claim_node,
    deeper,
    entitlements,
    kinds,
    specified,
)
from mcbridge.mappers.edc.opportunities import opportunity, temporal
from mcbridge.mappers.edc.outcomes import credit
from mcbridge.mappers.edc.rows import Above, Frame, Table, add, lost, many, one, own
from mcbridge.mappers.edc.rules import DANGLING
from mcbridge.mappers.edc.writing import Node, Writing
from mcbridge.model import Achievement, Claim, Period, Status, Term
from mcbridge.model.leaves import names


def _when(frame: Frame, value: Period | Term, path: str) -> None:
    """The time of an achievement is that of an activity: of the first without a time of its own, else of a new one."""
    found = temporal(frame, value, path)
    if found is None:
        return
    held = frame.node.get("influencedBy", ())
    free = next((node for node in held if id(node) in frame.run.timed or "temporal" not in node), None)
    if free is None:
        free = frame.run.node("activity", "LearningActivity")
        free |= {"title": frame.node["title"], "awardedBy": frame.node["awardedBy"]}
        add(frame.node, "influencedBy", free)
    frame.run.timed.add(id(free))
    add(free, "temporal", found)


def _status(frame: Frame, value: Status, path: str) -> None:
    """Only what was passed is written, so there is nothing left to say."""


def _attachment_refs(frame: Frame, value: tuple[str, ...], path: str) -> None:
    """The documents are embedded in the credential; which achievement they belong to is lost."""
    run = frame.run
    for index, ref in enumerate(value):
        here = f"{path}[{index}]"
        if not run.attach(ref):
            run.find(DANGLING, here, ref, what="the attachment")
            run.lose(here, "loss/dangling-reference", "the record has no such attachment", ref)
        else:
            why = "documents are attached to the credential; ELM does not say which achievement they are about"
            run.lose(here, "loss/attachment-link", why, ref)


def _parts(frame: Frame, value: tuple[Achievement, ...], path: str) -> None:
    for index, item in enumerate(value):
        here = f"{path}[{index}]"
        if (above := deeper(frame, item, here)) is not None:
            for node in achievements(frame.run, item, here, above):
                add(frame.node, "hasPart", node)


ACHIEVEMENT: Final = Table(
    Achievement,
    *HEAD,
    kinds(),
    own("status", (), _status),
    many("credits", "creditReceived", credit),
    own("assessments", ("provenBy",), lambda frame, value, path: assessments(frame, value, path, "provenBy")),
    own("activities", ("influencedBy",), lambda frame, value, path: activities(frame, value, path, "influencedBy")),
    own("period", ("influencedBy",), _when),
    own("term", ("influencedBy",), _when),
    own("entitlements", ("entitlesTo",), lambda frame, value, path: entitlements(frame, value, path, "entitlesTo")),
    one("opportunity", "learningOpportunity", opportunity),
    specified("LearningAchievementSpecification"),
    own("parts", ("hasPart",), _parts),
    own("attachment_refs", (), _attachment_refs),
    lost("group_ref", "loss/group", "ELM has no groups of a curriculum"),
    lost("diploma_supplement", "loss/diploma-supplement", "ELM has no place for the sections of a diploma supplement"),
)
_NOT_AWARDED: Final = {Status.FAILED, Status.IN_PROGRESS, Status.UNKNOWN}


def achievements(run: Writing, value: Achievement, path: str, above: Above) -> Iterator[Node]:
    """The learning achievement, or those of its parts that were passed where it was not."""
    if value.status not in _NOT_AWARDED:
        yield claim_node(run, value, path, above, "learningAchievement", "LearningAchievement", ACHIEVEMENT)
        return
    kept = dict(_passed_parts(value, path))
    why = f"this is {value.status.value}, and a learning achievement says that something was achieved"
    _lose_but(run, value, path, why, kept)
    for here, part in kept.items():
        yield from achievements(run, part, here, above)


def _lose_but(run: Writing, value: Achievement, path: str, why: str, kept: Mapping[str, Achievement]) -> None:
    """One loss for an achievement that is not written, or one for each of its fields where parts of it are."""
    if path in kept:
        return
    if not any(here.startswith(f"{path}.") for here in kept):
        run.lose(path, "loss/not-awarded", why, value)
        return
    for name, encoded in names(Achievement):
        held = getattr(value, name)
        if name == "parts":
            for index, part in enumerate(held):
                _lose_but(run, part, f"{path}.parts[{index}]", why, kept)
        elif held not in (None, ()) and name != "spellings":
            run.lose(f"{path}.{encoded}", "loss/not-awarded", f"{why}; parts that were passed are written", held)


def _passed_parts(value: Achievement, path: str) -> Iterator[tuple[str, Achievement]]:
    """The nearest parts that were passed.

    Within what is in progress a part that has a result and states no status was passed, as ELMO has it; within what
    failed it was not.
    """
    for index, part in enumerate(value.parts):
        here = f"{path}.parts[{index}]"
        result = part.assessments or part.credits or part.award
        silent = part.status is None and result and value.status is Status.IN_PROGRESS
        if part.status is Status.PASSED or silent:
            yield here, part
        else:
            yield from _passed_parts(part, here)


def newest_award(claims: Iterator[Claim]) -> dt.date | None:
    """The newest day of award or completion among claims and their parts."""
    return max(_days(claims), default=None)


def _days(claims: Iterator[Claim]) -> Iterator[dt.date]:
    for claim in claims:
        if claim.award is not None and claim.award.date is not None:
            yield claim.award.date
        if isinstance(claim, Achievement):
            if claim.period is not None and claim.period.end is not None:
                yield claim.period.end
            yield from _days(iter(claim.parts))
