"""The rules that look at several fields of a report at once, and the remarks that an accepted one gets.

The real register applies the rules to new reports only and lets an update break them;
the strict dialect applies them to both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Protocol

from mcbridge.register.embedded.fields import Bad, Crash, Json, Reading
from mcbridge.register.embedded.world import LEVELS, NO_DEGREE, OBLIGATORY, VOLUNTARY, Activity, Agency, Institution

HIGH, LOW, NONE = "high level", "low level", "none"


def parse_dates(report: dict[str, Json], reading: Reading) -> None:
    """Turn the two dates into ISO ones, by the format that came with them."""
    for name in ("valid_from", "valid_to"):
        written = report.get(name)
        if written is None:
            report[name] = None
            continue
        try:
            found = datetime.strptime(written, report["date_format"]).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            sentence = "Date format string is not applicable to the submitted date."
            raise Bad({"non_field_errors": [sentence]}) from None
        if found.year < 1000:
            if reading.dialect == "deqar":
                raise Crash("the year is too long ago")
            raise Bad({"non_field_errors": ["A year has four digits."]})
        report[name] = found.isoformat()


def broken(report: Mapping[str, Json], reading: Reading) -> list[str]:
    """What is wrong with the report as a whole."""
    world = reading.world
    activities = [activity for id in report["activities"] if (activity := world.activity(id))]
    institutions = [institution for id in report["institutions"] if (institution := world.institution(id))]
    agency = world.agency(report["agency"])
    return [
        *_agencies(report, activities),
        *_shape(report, activities),
        *_days(report, agency, activities),
        *_providers(report, institutions),
    ]


def _agencies(report: Mapping[str, Json], activities: list[Activity]) -> Iterator[str]:
    owners = {activity.agency for activity in activities}
    if report["agency"] not in owners:
        yield "Please provide at least one activity for the agency."
    if any(acronym not in owners for acronym in report.get("contributing_agencies", ())):
        yield "Please provide at least one activity for the contributing agency."


def _shape(report: Mapping[str, Json], activities: list[Activity]) -> Iterator[str]:
    """How many institutions and programmes the type of activity takes."""
    types = {activity.type for activity in activities}
    programmes = report.get("programmes") or ()
    institutions = report["institutions"]
    if types <= {"institutional"}:
        if programmes:
            yield "Please remove programme information with this particular Activity type."
        return
    if "joint programme" in types:
        if len(institutions) < 2:
            yield "Please provide data for all of the institutions with this particular Activity type."
    elif len(institutions) != 1:
        yield "Please provide only one institution with this particular Activity type."
    if not programmes:
        yield "Please provide at least one programme with this particular Activity type."


def _days(report: Mapping[str, Json], agency: Agency | None, activities: list[Activity]) -> Iterator[str]:
    start = date.fromisoformat(report["valid_from"])
    if report["valid_to"] is not None and date.fromisoformat(report["valid_to"]) <= start:
        yield "Report's validity start should be earlier then validity end."
    if agency is not None:
        if agency.registration_end is not None:
            if not agency.registration_start <= start <= agency.registration_end:
                yield "Report's validity date must fall between the Agency EQAR registration dates."
        elif start <= agency.registration_start:
            yield "Report's validity date must fall after the Agency was registered with EQAR."
        for activity in activities:
            begins = activity.valid_from or agency.registration_start
            ends = activity.valid_to or agency.registration_end
            if start < begins or (ends is not None and start > ends):
                window = f"{begins} to {ends}" if ends is not None else f"{begins} onward"
                yield (
                    "Report validity start date must fall within the assigned activity validity period "
                    f"(activity #{activity.id}: {window})."
                )


def _providers(report: Mapping[str, Json], institutions: list[Institution]) -> Iterator[str]:
    if set(report.get("platforms", ())) & set(report["institutions"]):
        yield "An education provider cannot be submitted as platform in a report."
    if institutions and all(institution.other_provider for institution in institutions):
        if report["status"] != VOLUNTARY:
            yield "Status should be 'voluntary' if all organisations are other providers."
        if any(programme["degree_outcome"] != NO_DEGREE for programme in report.get("programmes", ())):
            yield "Degree outcome should be '2 / no full degree' if all the organisations are other providers"


class Memory(Protocol):
    """What the register has learnt from earlier submissions; remarks depend on it, and add to it."""

    def knows(self, kind: str, owner: str, value: str) -> bool: ...

    def learn(self, kind: str, owner: str, value: str) -> None: ...


def remarks(report: Mapping[str, Json], reading: Reading, memory: Memory) -> tuple[str, list[str]]:
    """The flag of an accepted report and the remarks behind it.

    They are no function of the report: a country or level that was new is known afterwards.
    """
    world = reading.world
    agency = world.agency(report["agency"])
    institutions = [institution for id in report["institutions"] if (institution := world.institution(id))]
    found: list[tuple[str, str]] = []
    if agency is not None:
        found += _places(report, reading, agency, institutions, memory)
        found += _standing(report, agency, institutions)
    found += _levels(report, institutions, memory)
    if not report.get("report_files"):
        found.append((HIGH, "No report file is available for this report."))
    levels = {level for level, _ in found}
    flag = HIGH if HIGH in levels else LOW if LOW in levels else NONE
    return flag, [sentence for _, sentence in found]


def _places(
    report: Mapping[str, Json], reading: Reading, agency: Agency, institutions: list[Institution], memory: Memory
) -> Iterator[tuple[str, str]]:
    countries = reading.world.countries
    theirs = {institution.country for institution in institutions}

    def new(country: str) -> bool:
        if country in agency.focus or memory.knows("focus", agency.acronym, country):
            return False
        memory.learn("focus", agency.acronym, country)
        return True

    for country in sorted(theirs):
        if new(country):
            name = countries[country].name
            yield (
                LOW,
                f"Institution country [{name}] was not on a list as an Agency Focus country for [{agency.acronym}].",
            )
    for programme in report.get("programmes", ()):
        for country in programme.get("countries", ()):
            if country in theirs:
                continue
            name = countries[country].name
            if new(country):
                yield (
                    LOW,
                    f"Programme country [{name}] was not on a list as an Agency Focus country for [{agency.acronym}].",
                )
            yield LOW, f"Programme country [{name}] is not amongst the countries of the institution(s)."


def _standing(report: Mapping[str, Json], agency: Agency, institutions: list[Institution]) -> Iterator[tuple[str, str]]:
    official = any(each.country in agency.official and not each.other_provider for each in institutions)
    if report["status"] == OBLIGATORY and not official:
        standing = f"the Agency ({agency.acronym}) does not have official status in any of the institution's country"
        yield HIGH, f"Report was listed as obligatory, but {standing}"


def _levels(report: Mapping[str, Json], institutions: list[Institution], memory: Memory) -> Iterator[tuple[str, str]]:
    for programme in report.get("programmes", ()):
        level = LEVELS[programme["qf_ehea_level"]]
        for institution in institutions:
            if not institution.levels or level in institution.levels:
                continue
            if memory.knows("level", institution.deqar_id, level):
                continue
            if report["status"] == VOLUNTARY:
                name = programme["name_primary"]
                yield (
                    LOW,
                    f"QF-EHEA Level [{level}] for programme [{name}] should be in the institutions QF-EHEA level list.",
                )
            else:
                memory.learn("level", institution.deqar_id, level)
                yield LOW, f"QF-EHEA Level [{level}] was added to the institution [{institution.name}]"
