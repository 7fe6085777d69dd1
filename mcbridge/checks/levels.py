"""Levels: EQF levels that there are, cycles that there are, and whether the two say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from msgspec import Struct

from mcbridge.checks.walk import specifications
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Framework, Level, Record, Specification
from mcbridge.origins import Origin
from mcbridge.tables import Tables

EQF_RANGE: Final = rule(
    "level/eqf-out-of-range",
    Severity.ERROR,
    "An EQF level that does not exist",
    'the EQF level is "{value}"; levels run from 1 to 8',
    "ask the provider for the level, or map the national one in mappings/crosswalks/",
    "the European Qualifications Framework has eight levels (Council Recommendation 2017/C 189/03, Annex II)"
    " (S41, from the annotations of the ELMO schema)",
    '{"framework": "eqf", "value": "9"}',
)
CYCLE_UNKNOWN: Final = rule(
    "level/cycle-unknown",
    Severity.ERROR,
    "A QF-EHEA cycle that does not exist",
    'the QF-EHEA cycle is "{value}"; there are a short, a first, a second and a third cycle',
    "ask the provider for the cycle; a number of a register or of a national list is not one",
    "the framework of the European Higher Education Area has four cycles (Paris Communiqué 2018, Appendix III)",
    '{"framework": "qf-ehea", "value": "4"}',
)
VALUE_MISSING: Final = rule(
    "level/value-missing",
    Severity.WARNING,
    "A level without a value",
    'a level of type "{value}" is given without saying which',
    "ask the provider for the level, or leave it out",
    "a type of level alone says nothing about what was learnt (ELMO 1.7, level/value)"
    " (S41, from the annotations of the ELMO schema)",
    '{"framework": "eqf"}',
)
CYCLE_CONTRADICTS: Final = rule(
    "level/cycle-contradicts-eqf",
    Severity.WARNING,
    "The EQF level and the QF-EHEA cycle do not agree",
    'the cycle is "{value}", but the EQF level is "{eqf}"',
    "ask the provider which of the two is right; the short, first, second and third cycle are EQF 5, 6, 7 and 8",
    "the cycles correspond to EQF levels 5 to 8 (Council Recommendation 2017/C 189/03, Annex II)",
    '{"framework": "qf-ehea", "value": "first"} beside {"framework": "eqf", "value": "7"}',
)
SEVERAL: Final = rule(
    "level/several-levels",
    Severity.WARNING,
    "Several levels of one framework",
    '"{value}" is given as {framework} level, but "{other}" as well',
    "ask the provider which one holds; a specification has one level in each framework",
    "a level tells where the learning outcomes stand as a whole (ELMO 1.7, level; ELM 3.2, eqfLevel)"
    " (S41, from the annotations of the ELMO schema)",
    '{"framework": "eqf", "value": "6"} beside {"framework": "eqf", "value": "7"}',
)
HINT_CONTRADICTS: Final = rule(
    "level/credit-level-contradicts",
    Severity.WARNING,
    "The level beside the credits does not agree with the level of the specification",
    'the credits are of the level "{value}", but the specification is of the {other}',
    "ask the provider which of the two is right",
    "the level of credits is an older way of telling the cycle (ELMO 1.7, credit/level, deprecated since 1.2)",
    '{"scheme": "ects", "points": "5", "level": "Bachelor"} beside EQF level 7',
)


class Stated(Struct, frozen=True):
    """One level as stated. ``code`` is that of the list, absent for a value not in it; ``at`` counts from zero."""

    at: int
    written: str
    code: str | None


def stated(levels: Sequence[Level], framework: Framework, tables: Tables) -> list[Stated]:
    """The statements of EQF levels or of QF-EHEA cycles that have a value."""
    vocabulary = tables.vocabulary(framework.value)
    found = []
    for at, level in enumerate(levels):
        if level.framework is not framework:
            continue
        if written := _written(level):
            entry = vocabulary.find(written)
            found.append(Stated(at, written, entry.code if entry else None))
    return found


def cycle_of(eqf: str, tables: Tables) -> str | None:
    """The cycle that corresponds to an EQF level; ``None`` below level 5."""
    return tables.crosswalk("eqf-qf-ehea").get(eqf)


def _written(level: Level) -> str:
    return (level.value or "").strip() or (level.code or "").strip()


class Levels:
    """The levels of whatever is specified."""

    rules: ClassVar[tuple[Rule, ...]] = (
        EQF_RANGE,
        CYCLE_UNKNOWN,
        VALUE_MISSING,
        CYCLE_CONTRADICTS,
        SEVERAL,
        HINT_CONTRADICTS,
    )

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        for path, specification in specifications(record):
            for rule_, field, value, facts in _findings(specification, tables):
                where = f"{path}.{field}"
                yield Diagnostic(rule_, origin.of(where), where, value, facts)


Finding = tuple[Rule, str, str, dict[str, str]]


def _findings(specification: Specification, tables: Tables) -> Iterator[Finding]:
    eqf = stated(specification.levels, Framework.EQF, tables)
    cycles = stated(specification.levels, Framework.QF_EHEA, tables)
    for level in eqf:
        if level.code is None:
            yield EQF_RANGE, f"levels[{level.at}].value", level.written, {}
    for level in cycles:
        if level.code is None:
            yield CYCLE_UNKNOWN, f"levels[{level.at}].value", level.written, {}
    for at, one in enumerate(specification.levels):
        if not _written(one):
            yield VALUE_MISSING, f"levels[{at}]", one.scheme or one.framework.value, {}
    yield from _several(eqf, "EQF")
    yield from _several(cycles, "QF-EHEA")
    by_eqf = {cycle_of(level.code, tables): level for level in eqf if level.code}
    for cycle in cycles:
        if cycle.code and by_eqf and cycle.code not in by_eqf:
            other = next(iter(by_eqf.values())).written
            yield CYCLE_CONTRADICTS, f"levels[{cycle.at}].value", cycle.written, {"eqf": other}
    meant = {cycle: f"EQF level {level.written}" for cycle, level in by_eqf.items()}
    meant |= {cycle.code: f"cycle {cycle.written}" for cycle in cycles if cycle.code}
    yield from _hints(specification, meant, tables)


def _several(levels: Sequence[Stated], framework: str) -> Iterator[Finding]:
    for level in levels[1:]:
        if (level.code or level.written) != (levels[0].code or levels[0].written):
            facts = {"framework": framework, "other": levels[0].written}
            yield SEVERAL, f"levels[{level.at}].value", level.written, facts


def _hints(specification: Specification, meant: dict[str | None, str], tables: Tables) -> Iterator[Finding]:
    words = tables.vocabulary("elmo-credit-level")
    for at, credit in enumerate(specification.credits):
        entry = words.find(credit.level or "")
        if entry and meant and tables.crosswalk("elmo-credit-level-qf-ehea").get(entry.code) not in meant:
            facts = {"other": next(iter(meant.values()))}
            yield HINT_CONTRADICTS, f"credits[{at}].level", entry.code, facts
