"""Whether a provision is a micro-credential that a register of them takes.

The definition: 1 to 59 ECTS credits; EQF level 5 to 8 or a cycle of higher education;
no full degree (Council Recommendation 2022/C 243/02; EQAR, definition of
micro-credentials in DEQAR). The bounds are the policy's. What is not said is missing,
never assumed; hours, ECVET and nameless credits are not ECTS; nobody rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from mcbridge.checks.credit import ects, plain, spoken
from mcbridge.checks.eligibility_rules import (
    DEGREE_UNKNOWN,
    ECTS_BOUNDARY,
    ECTS_CONTRADICTION,
    ECTS_MISSING,
    ECTS_OTHER,
    ECTS_RANGE,
    FULL_DEGREE,
    LEVEL_CONTRADICTION,
    LEVEL_MISSING,
    LEVEL_RANGE,
    PART_OF_DEGREE,
    SHORT_CYCLE,
)
from mcbridge.checks.levels import Stated, cycle_of, stated
from mcbridge.checks.walk import organisations
from mcbridge.diagnostics import Diagnostic, Location, Rule
from mcbridge.model import Answer, Framework, Provision, Specification
from mcbridge.tables import RegisterPolicy, Tables

RULES: Final = (
    ECTS_MISSING,
    ECTS_OTHER,
    ECTS_RANGE,
    ECTS_BOUNDARY,
    ECTS_CONTRADICTION,
    LEVEL_MISSING,
    LEVEL_RANGE,
    LEVEL_CONTRADICTION,
    SHORT_CYCLE,
    FULL_DEGREE,
    DEGREE_UNKNOWN,
    PART_OF_DEGREE,
)
"""All rules of eligibility, in the order in which they are looked at."""

Locate = Callable[[str], Location]


def eligibility(provision: Provision, policy: RegisterPolicy, tables: Tables, locate: Locate) -> Iterator[Diagnostic]:
    """Why the provision does not qualify, as errors, and what had to be assumed, as notes. No error: it qualifies.

    ``locate`` maps a canonical path within the provision to its place in the source.
    """
    for rule_, field, value, facts in (
        *_workload(provision.specification, policy, tables),
        *_level(provision, policy, tables),
        *_degree(provision, policy),
    ):
        yield Diagnostic(rule_, locate(field), field, value, facts)


Finding = tuple[Rule, str, str | None, dict[str, str]]


def _workload(specification: Specification, policy: RegisterPolicy, tables: Tables) -> Iterator[Finding]:
    given = list(ects(specification.credits, tables))
    if not given:
        yield _no_ects(specification, tables)
        return
    at, points = given[0]
    field, value = f"specification.credits[{at}].points", plain(points)
    for at_other, other in given[1:]:
        if plain(other) != value:
            yield ECTS_CONTRADICTION, f"specification.credits[{at_other}].points", plain(other), {"other": value}
            return
    bounds = policy.policy.ects
    most, below = plain(bounds.max), plain(bounds.below)
    if bounds.max < points < bounds.below:
        yield ECTS_BOUNDARY, field, value, {"most": most, "below": below}
    elif not bounds.min <= points <= bounds.max:
        yield ECTS_RANGE, field, value, {"least": plain(bounds.min), "most": most}


def _no_ects(specification: Specification, tables: Tables) -> Finding:
    for at, credit in enumerate(specification.credits):
        if credit.points is not None:
            scheme = f'the scheme "{credit.scheme.strip()}"' if credit.scheme.strip() else "a scheme without a name"
            return ECTS_OTHER, f"specification.credits[{at}]", plain(credit.points), {"scheme": scheme}
    hours = None
    if specification.volume_of_learning is not None:
        hours = spoken(specification.volume_of_learning)
    elif specification.contact_hours:
        hours = f"{specification.contact_hours[0]} contact hours"
    return ECTS_MISSING, "specification.credits", hours, {"instead": f", only {hours}" if hours else ""}


NAMES: Final = {Framework.EQF: "EQF level", Framework.QF_EHEA: "the cycle"}


def _level(provision: Provision, policy: RegisterPolicy, tables: Tables) -> Iterator[Finding]:
    levels = provision.specification.levels
    given = [(each, level) for each in NAMES for level in stated(levels, each, tables)]
    if not given:
        national = next((level.value for level in levels if level.value and level.framework is Framework.NQF), None)
        instead = f', only the national level "{national}"' if national else ""
        yield LEVEL_MISSING, "specification.levels", national, {"instead": instead}
        return
    for framework, level in given:
        if level.code is None:
            verdict = "does not exist"
            yield LEVEL_RANGE, _at(level), level.written, {"framework": NAMES[framework], "verdict": verdict}
            return
    framework, level = given[0]
    for other_framework, other in given[1:]:
        if _cycle(other_framework, other, tables) != _cycle(framework, level, tables) or (
            other_framework is framework and other.code != level.code
        ):
            facts = {"framework": NAMES[other_framework], "other": f'{NAMES[framework]} "{level.written}"'}
            yield LEVEL_CONTRADICTION, _at(other), other.written, facts
            return
    yield from _range(provision, policy, tables, framework, level)


def _at(level: Stated) -> str:
    return f"specification.levels[{level.at}].value"


def _cycle(framework: Framework, level: Stated, tables: Tables) -> str | None:
    return cycle_of(level.code or "", tables) if framework is Framework.EQF else level.code


def _range(
    provision: Provision, policy: RegisterPolicy, tables: Tables, framework: Framework, level: Stated
) -> Iterator[Finding]:
    facts = {"framework": NAMES[framework]}
    rules = policy.policy
    taken = rules.eqf_levels if framework is Framework.EQF else rules.cycles
    if level.code not in taken:
        yield LEVEL_RANGE, _at(level), level.written, {**facts, "verdict": "is outside what the register takes"}
    elif _cycle(framework, level, tables) == "short":
        country = country_of(provision, tables)
        counts = policy.short_cycle_counts(country)
        if counts is None:
            yield SHORT_CYCLE, _at(level), level.written, {**facts, "country": country or "a country that is not named"}
        elif not counts:
            where = f" in {country}" if country and rules.eqf5 == "by-country" else ""
            yield LEVEL_RANGE, _at(level), level.written, {**facts, "verdict": f"is not higher education{where}"}


def country_of(provision: Provision, tables: Tables) -> str | None:
    """The country of the provider, as the code of our list."""
    provider = organisations(provision).get(provision.provider)
    for place in provider.places if provider else ():
        for address in place.addresses:
            if entry := tables.vocabulary("country").find(address.country or ""):
                return entry.code
    return None


def _degree(provision: Provision, policy: RegisterPolicy) -> Iterator[Finding]:
    if provision.full_degree is Answer.YES:
        yield FULL_DEGREE, "fullDegree", provision.full_degree.value, {}
    elif provision.full_degree is Answer.UNKNOWN:
        yield DEGREE_UNKNOWN, "fullDegree", None, {}
    if provision.part_of_degree is Answer.YES and policy.policy.units_of_degrees == "refuse":
        yield PART_OF_DEGREE, "partOfDegree", provision.part_of_degree.value, {}


def ects_of(specification: Specification, tables: Tables) -> Decimal | None:
    """The number of ECTS credits when exactly one is said; registers are told this and nothing else."""
    said = {plain(points): points for _, points in ects(specification.credits, tables)}
    return next(iter(said.values())) if len(said) == 1 else None
