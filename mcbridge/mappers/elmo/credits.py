"""Credits as ELMO has them: without a level in 2.0, and ECTS as the word ``ects``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from msgspec.structs import replace

from mcbridge.mappers.elmo.pen import Pen
from mcbridge.mappers.elmo.versions import LOST, SECOND
from mcbridge.model import Achievement, Credential, Credit

Credits = tuple[Credit, ...]


def without_levels(credential: Credential, pen: Pen) -> Credential:
    """A credential as 2.0 can say it: credits have no level there. Each that goes is named."""

    def bare(credits: Credits, path: str) -> Credits:
        for index, credit in enumerate(credits):
            if credit.level is not None:
                reason = f"ELMO {SECOND} has no level of credits; only ELMO 1.x has"
                pen.lose(f"{path}[{index}].level", LOST, reason, credit.level)
        return tuple(credit if credit.level is None else replace(credit, level=None) for credit in credits)

    return _changed(credential, bare)


def by_code(credential: Credential, pen: Pen) -> Credential:
    """A credential of another format whose schemes of credits are called by their codes.

    Any word is a scheme; but ECTS is the word ``ects`` in ELMO, and capitals are another scheme to some readers.
    """

    def coded(credits: Credits, _: str) -> Credits:
        codes = [pen.lists.credit_scheme(credit.scheme) or credit.scheme for credit in credits]
        if all(code == credit.scheme for code, credit in zip(codes, credits, strict=True)):
            return credits
        return tuple(replace(credit, scheme=code) for code, credit in zip(codes, credits, strict=True))

    return _changed(credential, coded)


def _changed(credential: Credential, change: Callable[[Credits, str], Credits]) -> Credential:
    """The credential with other credits, received and on offer; itself where they stay."""
    achievements = _each(credential.achievements, partial(_of, change=change), "achievements")
    return credential if achievements is credential.achievements else replace(credential, achievements=achievements)


def _of(achievement: Achievement, path: str, *, change: Callable[[Credits, str], Credits]) -> Achievement:
    offered = achievement.specification
    if offered is not None and offered.credits:
        credits = change(offered.credits, f"{path}.specification.credits")
        offered = offered if credits is offered.credits else replace(offered, credits=credits)
    credits = change(achievement.credits, f"{path}.credits") if achievement.credits else ()
    parts = _each(achievement.parts, partial(_of, change=change), f"{path}.parts")
    if credits == achievement.credits and offered is achievement.specification and parts is achievement.parts:
        return achievement
    return replace(achievement, specification=offered, credits=credits, parts=parts)


def _each(
    achievements: tuple[Achievement, ...], of: Callable[[Achievement, str], Achievement], path: str
) -> tuple[Achievement, ...]:
    found = tuple(of(one, f"{path}[{index}]") for index, one in enumerate(achievements))
    same = all(one is other for one, other in zip(found, achievements, strict=True))
    return achievements if same else found
