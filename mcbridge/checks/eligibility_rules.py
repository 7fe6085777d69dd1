"""The rules of eligibility: what keeps a provision from being a micro-credential, or leaves it open."""

from __future__ import annotations

from typing import Final

from mcbridge.diagnostics import Severity, rule

DEFINITION: Final = "EQAR, definition of micro-credentials: "

ECTS_MISSING: Final = rule(
    "eligibility/ects-missing",
    Severity.ERROR,
    "No ECTS credits are given",
    "no ECTS credits are given{instead}",
    "ask who designed the course for its ECTS credits; hours are never turned into credits",
    f"{DEFINITION}the workload is 1 to 59 ECTS credits",
    "a volume of learning of 30 hours and no credits",
)
ECTS_OTHER: Final = rule(
    "eligibility/ects-other-scheme",
    Severity.ERROR,
    "There are credits, but no ECTS credits",
    "{value} credits are given in {scheme}, which is not ECTS",
    "ask the provider for the ECTS credits; when these are ECTS credits, name the scheme in the export or its profile",
    f"{DEFINITION}the workload is 1 to 59 ECTS credits; only what is called ECTS is ECTS",
    '{"scheme": "ECVET", "points": "5"}',
)
ECTS_RANGE: Final = rule(
    "eligibility/ects-range",
    Severity.ERROR,
    "The ECTS credits are outside the range of micro-credentials",
    "{value} ECTS; a micro-credential has {least} to {most}",
    "correct the credits when they are wrong; otherwise it is not a micro-credential and is not published as one",
    f"{DEFINITION}the workload is 1 to 59 ECTS credits",
    "60 ECTS",
)
ECTS_BOUNDARY: Final = rule(
    "eligibility/ects-boundary",
    Severity.ERROR,
    "The ECTS credits lie between two readings of the definition",
    "{value} ECTS is more than {most} and less than {below}",
    "ask the provider whether the number is right; the bound is set by `ects` under [policy] in the configuration",
    f"{DEFINITION}1 to 59 credits in words, below 60 in the register; in between nobody decides for you",
    "59.5 ECTS",
)
ECTS_CONTRADICTION: Final = rule(
    "eligibility/ects-contradiction",
    Severity.ERROR,
    "Several numbers of ECTS credits",
    "{value} ECTS, but {other} ECTS as well",
    "ask the provider which number holds, and leave the other out",
    f"{DEFINITION}the workload is 1 to 59 ECTS credits; with two numbers nobody knows it",
    "5 ECTS and 6 ECTS of one course",
)
LEVEL_MISSING: Final = rule(
    "eligibility/level-missing",
    Severity.ERROR,
    "No level is given",
    "neither an EQF level nor a cycle of higher education is given{instead}",
    "ask who designed the course for its EQF level or cycle; a national level needs its row in mappings/crosswalks/",
    f"{DEFINITION}it is related to EQF level 5 to 8 or to a cycle of the QF-EHEA",
    "a course without level",
)
LEVEL_RANGE: Final = rule(
    "eligibility/level-range",
    Severity.ERROR,
    "The level is not one of higher education",
    '{framework} "{value}" {verdict}',
    "correct the level when it is wrong; otherwise this register does not take it",
    f"{DEFINITION}EQF level (5), 6, 7 or 8, or a cycle; level 5 where the short cycle belongs to higher education",
    "EQF level 4",
)
LEVEL_CONTRADICTION: Final = rule(
    "eligibility/level-contradiction",
    Severity.ERROR,
    "Statements of the level contradict each other",
    '{framework} "{value}", but {other}',
    "ask the provider which of the two is right; the short, first, second and third cycle are EQF 5, 6, 7 and 8",
    "EQF levels and cycles correspond to each other (Council Recommendation 2017/C 189/03); both given must agree",
    "EQF level 7 beside the first cycle",
)
SHORT_CYCLE: Final = rule(
    "eligibility/short-cycle-assumed",
    Severity.NOTE,
    "Level 5 is taken to belong to higher education",
    '{framework} "{value}" counts, although nothing is known about the short cycle in {country}',
    "name the country under [policy.short_cycle] in mappings/registers/ or in the configuration",
    f"{DEFINITION}level 5 stands in brackets, because the short cycle is higher education in some countries only",
    "EQF level 5 in a country that is in neither list",
)
FULL_DEGREE: Final = rule(
    "eligibility/full-degree",
    Severity.ERROR,
    "It leads to a full degree",
    "it leads to a full recognised degree",
    "nothing is to be done, unless it is no degree: then correct its type",
    f"{DEFINITION}it does not lead to a full recognised degree",
    'a specification of the type "Degree Programme"',
)
DEGREE_UNKNOWN: Final = rule(
    "eligibility/degree-unknown",
    Severity.ERROR,
    "Nothing says whether it leads to a full degree",
    "nothing says whether it leads to a full degree",
    "give its type in the export (course, module, short learning programme), or as a constant of its profile",
    f"{DEFINITION}it does not lead to a full recognised degree; what is unknown is not taken for no",
    "a specification without type",
)
PART_OF_DEGREE: Final = rule(
    "eligibility/part-of-degree",
    Severity.ERROR,
    "It is a unit of a degree programme",
    "it is a unit of a degree programme",
    "when units are offered by themselves, too, set units_of_degrees to publish under [policy] in the configuration",
    "a unit of a programme is a micro-credential where it is awarded by itself (Council Recommendation 2022/C 243/02)",
    "a course within a degree programme",
)
