"""The lists of the Web API: filters, pages, facets, and the oddities of the real ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from mcbridge.register.embedded.crossing import HIGH
from mcbridge.register.embedded.fields import Dialect, Json
from mcbridge.register.embedded.shapes import listed, provider
from mcbridge.register.embedded.shelf import Kept
from mcbridge.register.embedded.world import World

Page = dict[str, Json] | list[str]


class _Wrong(Exception):
    """A parameter that is refused."""

    def __init__(self, body: Page) -> None:
        super().__init__(body)
        self.body = body


def reports_list(kept: Sequence[Kept], world: World, query: Mapping[str, str], dialect: Dialect, today: date) -> Page:
    """Reports, without those that are hidden for review unless a flag is asked for. Unknown filters are ignored."""
    try:
        days = _days(query, today)
        hits = [hit for each in kept if _wanted(hit := listed(each, world), world, query, dialect)]
        hits = _ordered([hit for hit in hits if all(test(hit) for test in days)], query.get("ordering", ""))
        page = _paged(hits, query)
    except _Wrong as wrong:
        return wrong.body
    programmes = [programme for hit in hits for programme in hit["programmes"]]
    page["facets"] = _facets(
        {
            "agency_facet": (hit["agency_acronym"] for hit in hits),
            "country_facet": (country for hit in hits for country in hit["country"]),
            "flag_level_facet": (hit["flag_level"] for hit in hits),
            "status_facet": (hit["status"] for hit in hits),
            "decision_facet": (hit["decision"] for hit in hits),
            "programme_type_facet": (programme["programme_type"] for programme in programmes),
        }
    )
    return page


def _wanted(hit: Mapping[str, Json], world: World, query: Mapping[str, str], dialect: Dialect) -> bool:
    if "flag" in query:
        if hit["flag_level"] != query["flag"]:
            return False
    elif hit["flag_level"] == HIGH:
        return False
    agency = query.get("agency")
    if agency is not None and world.agency(agency) is None:
        raise _Wrong({"detail": f"unknown value [{agency}] for agency"})
    country = query.get("country")
    if country is not None and country not in {each.name for each in world.countries.values()}:
        raise _Wrong({"detail": f"unknown value [{country}] for country"})
    programmes = hit["programmes"]
    tests: dict[str, Callable[[str], bool]] = {
        "agency": lambda value: hit["agency_acronym"].casefold() == value.casefold(),
        "agency_id": lambda value: str(hit["agency"]["id"]) == value,
        "country": lambda value: value in hit["country"],
        "status": lambda value: hit["status"] == value,
        "decision": lambda value: hit["decision"] == value,
        "country_id": lambda value: (
            value in {str(place["country"]["id"]) for each in hit["institutions"] for place in each["locations"]}
        ),
        "activity_id": lambda value: value in {str(each["id"]) for each in hit["agency_esg_activities"]},
        "programme_type": lambda value: value in {each["programme_type"] for each in programmes},
        "degree_outcome": lambda value: _boolean(value) in {each["degree_outcome"] for each in programmes},
        "query": lambda value: any(value.casefold() in each["name_primary"].casefold() for each in programmes),
    }
    if dialect == "strict":
        tests["local_identifier"] = lambda value: hit["local_identifier"] == value
    return all(test(query[name]) for name, test in tests.items() if name in query)


def _days(query: Mapping[str, str], today: date) -> list[Callable[[Mapping[str, Json]], bool]]:
    """The filters that look at the validity, ready to be asked."""
    tests: list[Callable[[Mapping[str, Json]], bool]] = []

    def valid(start: date, end: date) -> Callable[[Mapping[str, Json]], bool]:
        return lambda hit: (
            str(hit["valid_from"])[:10] <= end.isoformat() and start.isoformat() <= str(hit["valid_to_calculated"])
        )

    if "year" in query:
        try:
            year = int(query["year"])
            tests.append(valid(date(year, 1, 1), date(year, 12, 31)))
        except ValueError:
            raise _Wrong({"detail": f"value [{query['year']}] for year cannot be parsed to int"}) from None
    if "valid_on" in query:
        try:
            day = date.fromisoformat(query["valid_on"])
        except ValueError:
            raise _Wrong({"detail": f"value [{query['valid_on']}] for year cannot be parsed to datetime"}) from None
        tests.append(valid(day, day))
    if "active" in query:
        active, now = _boolean(query["active"]), valid(today, today)
        tests.append(lambda hit: now(hit) is active)
    return tests


ORDERINGS = {"agency": "agency_acronym", "date_created": "date_created", "date_updated": "date_updated", "id": "id"} | {
    name: name for name in ("valid_from", "valid_to_calculated")
}
"""What a list may be ordered by, with the field of a hit that says it."""


def _ordered(hits: list[dict[str, Json]], ordering: str) -> list[dict[str, Json]]:
    name = ordering.removeprefix("-")
    if not name:
        return hits
    if name not in ORDERINGS:
        raise _Wrong({"detail": f"unknown field [{name}] for ordering"})
    return sorted(hits, key=lambda hit: str(hit[ORDERINGS[name]]), reverse=ordering.startswith("-"))


def _boolean(value: str) -> bool:
    words = {"yes": True, "true": True, "no": False, "false": False}
    if value.lower() not in words:
        raise _Wrong(["Incorrect value. Only a boolean value, or yes/no, true/false pairs are allowed."])
    return words[value.lower()]


def providers(world: World, query: Mapping[str, str]) -> Page:
    """Providers, by what their name or one of their identifiers holds."""
    sought = query.get("query", "").casefold()
    hits = [
        hit
        for institution in world.institutions
        if sought in institution.name.casefold()
        or sought == institution.deqar_id.casefold()
        or any(sought == each.identifier.casefold() for each in institution.identifiers)
        if "country" not in query or query["country"] == institution.country
        if (hit := provider(institution, world))
    ]
    try:
        page = _paged(hits, query)
    except _Wrong as wrong:
        return wrong.body
    page["facets"] = _facets(
        {
            "country_facet": (country for hit in hits for country in hit["country"]),
            "other_provider_facet": (str(hit["is_other_provider"]).lower() for hit in hits),
        }
    )
    return page


def _paged(hits: Sequence[Json], query: Mapping[str, str]) -> dict[str, Json]:
    """One page. An offset that is no multiple of the limit is rounded down to the start of its page."""
    limit, offset = (_number(query, name, default) for name, default in (("limit", 10), ("offset", 0)))
    start = offset - offset % limit if limit else 0
    page = list(hits[start : start + limit])
    return {"count": len(hits), "next": start + len(page) < len(hits), "results": page}


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    try:
        number = int(query.get(name, default))
    except ValueError:
        number = -1
    if number < 0:
        raise _Wrong({"detail": f"{name} should be zero or larger number."})
    return number


def _facets(values: Mapping[str, Iterable[str]]) -> dict[str, Json]:
    fields: dict[str, list[Json]] = {}
    for name, found in values.items():
        counted = Counter(found)
        fields[name] = [part for value, number in sorted(counted.items()) for part in (value, number)]
    return {
        "facet_queries": {},
        "facet_fields": fields,
        "facet_ranges": {},
        "facet_intervals": {},
        "facet_heatmaps": {},
    }
