"""The shapes of answers: the thin echo of a submission, the detail and the list of the Web API, providers.

The same field is spelt in three ways: as it is sent, as the echo shows it, and as the
Web API shows it. Nothing that is read can be sent again as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from mcbridge.register.embedded.fields import Json
from mcbridge.register.embedded.shelf import Kept
from mcbridge.register.embedded.world import (
    ASSESSMENTS,
    DECISIONS,
    LEVELS,
    LOCAL_RESOURCE,
    NO_DEGREE,
    OUTCOMES,
    STATUSES,
    Activity,
    Institution,
    World,
)

YEARS_VALID: Final = 6
"""How long a report without an end is taken to be valid."""
LINK_NAME: Final = "View report record on agency site"


def programme_type(programme: Mapping[str, Json]) -> str:
    """What the register calls a programme; derived, never sent."""
    if programme["degree_outcome"] != NO_DEGREE:
        return "Full recognised degree programme"
    return "Micro-credential" if (programme.get("workload_ects") or 0) < 60 else "Other provision"


def _activities(kept: Kept, world: World) -> list[Activity]:
    return [found for id in sorted(kept.content["activities"]) if (found := world.activity(id))]


def _institutions(ids: Iterable[int], world: World) -> list[Institution]:
    return [found for id in ids if (found := world.institution(id))]


def _agency(kept: Kept, world: World) -> str:
    agency = world.agency(kept.agency)
    return agency.shown if agency is not None else kept.agency


def _file_name(file: Mapping[str, Json]) -> str:
    if file.get("file"):
        return str(file["file_name"])
    return str(file.get("display_name") or str(file["original_location"]).rstrip("/").rpartition("/")[2])


def echo(kept: Kept, world: World) -> dict[str, Json]:
    """``submitted_report``, and the answer of a look-up: it leaves out most of what was sent."""
    content = kept.content
    return {
        "id": kept.id,
        "agency": _agency(kept, world),
        "contributing_agencies": content.get("contributing_agencies", []),
        "local_identifier": kept.local_identifier,
        "agency_esg_activities": [
            {"id": each.id, "group_id": each.group, "activity": each.name, "activity_type": each.type}
            for each in _activities(kept, world)
        ],
        "status": STATUSES[content["status"]],
        "decision": DECISIONS[content["decision"]],
        "summary": content.get("summary"),
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "files": [
            {
                "id": file["id"],
                "file_display_name": _file_name(file),
                "file_original_location": file.get("original_location", ""),
                "file": None,
                "report_language": file["report_language"],
            }
            for file in content.get("report_files", ())
        ],
        "institutions": [_named(each) for each in _institutions(content["institutions"], world)],
        "platforms": [_named(each) for each in _institutions(content.get("platforms", ()), world)],
        "programmes": [
            {
                "id": programme["id"],
                "name_primary": programme["name_primary"],
                "countries": _countries(programme, kept, world),
                "degree_outcome": OUTCOMES[programme["degree_outcome"]],
            }
            for programme in content.get("programmes", ())
        ],
    }


def _named(institution: Institution) -> dict[str, Json]:
    return {"id": institution.id, "deqar_id": institution.deqar_id, "name_primary": institution.name}


def _countries(programme: Mapping[str, Json], kept: Kept, world: World) -> list[str]:
    """A programme's countries in English, without those of its institutions."""
    theirs = {each.country for each in _institutions(kept.content["institutions"], world)}
    return [world.countries[code].name for code in programme.get("countries", ()) if code not in theirs]


def _names(programme: Mapping[str, Json]) -> list[dict[str, Json]]:
    primary = {
        "name": programme["name_primary"],
        "name_is_primary": True,
        "qualification": programme.get("qualification_primary", ""),
    }
    return [primary] + [
        {
            "name": each["name_alternative"],
            "name_is_primary": False,
            "qualification": each.get("qualification_alternative", ""),
        }
        for each in programme.get("alternative_names", ())
        if each["name_alternative"] != programme["name_primary"]
    ]


def detail(kept: Kept, world: World, base: str, today: date) -> dict[str, Json]:
    """One report of the Web API, with all that is kept of its programmes."""
    content = kept.content
    agency = world.agency(kept.agency)
    activities = _activities(kept, world)
    institutions = _institutions(content["institutions"], world)
    platforms = _institutions(content.get("platforms", ()), world)
    id = agency.id if agency else 0
    return {
        "id": kept.id,
        "agency_name": agency.name if agency else kept.agency,
        "agency_acronym": kept.agency,
        "agency_id": id,
        "agency_url": f"{base}webapi/v2/browse/agencies/{id}/",
        "contributing_agencies": [
            {"id": each.id, "name_primary": each.name, "acronym_primary": each.acronym}
            for acronym in content.get("contributing_agencies", ())
            if (each := world.agency(acronym))
        ],
        "agency_esg_activity": activities[0].name if activities else "",
        "agency_esg_activity_type": activities[0].type if activities else "",
        "agency_esg_activities": [
            {
                "id": each.id,
                "group_id": each.group,
                "activity": each.name,
                "activity_description": "",
                "reports_link": None,
                "activity_type": each.type,
                "activity_valid_to": each.valid_to.isoformat() if each.valid_to else None,
            }
            for each in activities
        ],
        "institutions": [_presented(each) for each in institutions],
        "institutions_hierarchical": [],
        "institutions_historical": [],
        "programmes": [_programme(each, kept, world) for each in content.get("programmes", ())],
        "platforms": [_presented(each) for each in platforms],
        "report_valid": _ends(content).isoformat() >= today.isoformat(),
        "valid_from": content["valid_from"],
        "valid_to": content["valid_to"],
        "status": STATUSES[content["status"]],
        "decision": DECISIONS[content["decision"]],
        "crossborder": _crosses(kept, institutions, world),
        "summary": content.get("summary"),
        "report_files": [
            {
                "id": file["id"],
                "file_display_name": _file_name(file),
                "file": None,
                "languages": file["report_language"],
            }
            for file in content.get("report_files", ())
        ],
        "report_links": [
            {"link_display_name": link.get("link_display_name", LINK_NAME), "link": link["link"]}
            for link in content.get("report_links", ())
        ],
        "local_identifier": kept.local_identifier,
        "other_comment": content.get("other_comment"),
        "flag": kept.flag,
    }


def _presented(institution: Institution) -> dict[str, Json]:
    return {
        **_named(institution),
        "website_link": institution.website,
        "is_other_provider": institution.other_provider,
    }


def _programme(programme: Mapping[str, Json], kept: Kept, world: World) -> dict[str, Json]:
    outcome = programme["degree_outcome"]
    assessment = programme.get("assessment_certification")
    return {
        "id": programme["id"],
        "name_primary": programme["name_primary"],
        "programme_names": _names(programme),
        "programme_identifiers": [
            {
                "identifier": each["identifier"],
                "agency": _agency(kept, world),
                "resource": each.get("resource", LOCAL_RESOURCE),
            }
            for each in programme.get("identifiers", ())
        ],
        "nqf_level": programme.get("nqf_level", ""),
        "qf_ehea_level": LEVELS[programme["qf_ehea_level"]],
        "countries": _countries(programme, kept, world),
        "programme_type": programme_type(programme),
        "degree_outcome": {"id": outcome, "outcome": OUTCOMES[outcome]},
        "workload_ects": programme.get("workload_ects"),
        "assessment_certification": ASSESSMENTS[assessment] if assessment else None,
        "field_study": programme.get("field_study"),
        "learning_outcomes": [{"learning_outcome_esco": iri} for iri in programme.get("learning_outcomes", ())],
        "learning_outcome_description": programme.get("learning_outcome_description"),
    }


def _ends(content: Mapping[str, Json]) -> date:
    if content["valid_to"]:
        return date.fromisoformat(content["valid_to"])
    start = date.fromisoformat(content["valid_from"])
    return date(min(start.year + YEARS_VALID, date.max.year), start.month, min(start.day, 28))


def _crosses(kept: Kept, institutions: Sequence[Institution], world: World) -> bool:
    agency = world.agency(kept.agency)
    return agency is not None and any(each.country not in agency.focus for each in institutions)


def instant(day: str | None) -> str | None:
    """A day as lists show it: the midnight that it begins with."""
    return f"{day}T00:00:00Z" if day else None


def listed(kept: Kept, world: World) -> dict[str, Json]:
    """One hit of the list of reports."""
    content = kept.content
    agency = world.agency(kept.agency)
    activities = _activities(kept, world)
    institutions = _institutions(content["institutions"], world)
    return {
        "id": kept.id,
        "local_identifier": kept.local_identifier or "",
        "agency": {"id": agency.id if agency else 0, "acronym_primary": kept.agency},
        "contributing_agencies": [
            {"id": each.id, "acronym_primary": each.acronym}
            for acronym in content.get("contributing_agencies", ())
            if (each := world.agency(acronym))
        ],
        "agency_esg_activities": [{"id": each.id, "group_id": each.group, "type": each.type} for each in activities],
        "institutions": [
            {**_presented(each), "name_sort": each.name, "locations": [_location(each, world)]} for each in institutions
        ],
        "platforms": [_presented(each) for each in _institutions(content.get("platforms", ()), world)],
        "programmes": [_hit(each) for each in content.get("programmes", ())],
        "decision": DECISIONS[content["decision"]],
        "status": STATUSES[content["status"]],
        "valid_from": instant(content["valid_from"]),
        "valid_to": instant(content["valid_to"]),
        "valid_to_calculated": instant(_ends(content).isoformat()),
        "crossborder": _crosses(kept, institutions, world),
        "report_files": [
            {"file_display_name": _file_name(file), "file": None, "languages": file["report_language"]}
            for file in content.get("report_files", ())
        ],
        "report_links": [
            {"link_display_name": link.get("link_display_name", LINK_NAME), "link": link["link"]}
            for link in content.get("report_links", ())
        ],
        "other_provider_covered": any(each.other_provider for each in institutions),
        "summary": content.get("summary"),
        "other_comment": content.get("other_comment"),
        "local_id": [kept.local_identifier] if kept.local_identifier else [],
        "flag_level": kept.flag,
        "date_created": _day(kept.created),
        "date_updated": _day(kept.updated),
        "agency_name": agency.name if agency else kept.agency,
        "agency_acronym": kept.agency,
        "agency_esg_activity": activities[0].name if activities else "",
        "agency_esg_activity_type": activities[0].type if activities else "",
        "country": sorted({world.countries[each.country].name for each in institutions}),
    }


def _day(moment: datetime) -> str | None:
    return instant(moment.date().isoformat())


def _hit(programme: Mapping[str, Json]) -> dict[str, Json]:
    assessment = programme.get("assessment_certification")
    return {
        "id": programme["id"],
        "names": _names(programme),
        "name_primary": programme["name_primary"],
        "qf_ehea_level": LEVELS[programme["qf_ehea_level"]],
        "nqf_level": programme.get("nqf_level", ""),
        "workload_ects": programme.get("workload_ects"),
        "degree_outcome": programme["degree_outcome"] != NO_DEGREE,
        "programme_type": programme_type(programme),
        "assessment_certification": ASSESSMENTS[assessment] if assessment else None,
        "learning_outcomes": programme.get("learning_outcomes", []),
        "learning_outcome_description": programme.get("learning_outcome_description"),
        "field_study": programme.get("field_study"),
    }


def _location(institution: Institution, world: World) -> dict[str, Json]:
    country = world.countries[institution.country]
    return {
        "country": {
            "id": country.id,
            "iso_3166_alpha2": country.alpha2,
            "iso_3166_alpha3": country.alpha3,
            "name_english": country.name,
        },
        "city": institution.city,
        "country_verified": True,
    }


def provider(institution: Institution, world: World) -> dict[str, Json]:
    """One hit of the public list of providers."""
    return {
        "id": institution.id,
        "deqar_id": institution.deqar_id,
        "eter_id": institution.eter_id,
        "identifiers": [
            {
                "identifier": each.identifier,
                "agency": {"id": owner.id, "acronym_primary": owner.acronym}
                if each.agency and (owner := world.agency(each.agency))
                else None,
                "resource": each.resource,
            }
            for each in institution.identifiers
        ],
        "name_primary": institution.name,
        "website_link": institution.website,
        "is_other_provider": institution.other_provider,
        "locations": [_location(institution, world)],
        "country": [world.countries[institution.country].name],
        "city": [institution.city] if institution.city else [],
    }
