"""What a submitted report is made of (DEQAR Submission API v2), and what each field may hold."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from mcbridge.register.embedded.fields import (
    INTEGER,
    NULL,
    Bad,
    Check,
    Field,
    Json,
    Reading,
    Suspicious,
    digits,
    each,
    integer,
    listed,
    many,
    string,
    table,
    text,
    url,
)
from mcbridge.register.embedded.world import (
    ASSESSMENTS,
    DECISIONS,
    LEVELS,
    LOCAL_RESOURCE,
    NO_DEGREE,
    STATUSES,
    Activity,
    Agency,
    Institution,
)

ESCO: Final = "http://data.europa.eu/esco/"
ISCED: Final = "http://data.europa.eu/esco/isced-f/"
MOST_CREDITS: Final = 59
LONGEST_IRI: Final = 70
CODES: Final = frozenset({"ects-range"})
"""The codes that refusals of the strict dialect begin with."""
OUT_OF_RANGE: Final = (
    "ects-range: a micro-credential has 1 to 59 ECTS credits; {ects} is outside, so this is no micro-credential"
)

# ---------------------------------------------------------------------------------------------------------- programmes


def _outcome_iri(value: Json, reading: Reading) -> Json:
    kept = text()(value, reading)
    if ESCO not in kept:
        raise Bad(["ESCO base URL is missing from the data."])
    return kept


def _outcomes(value: Json, reading: Reading) -> Json:
    kept = each(_outcome_iri)(value, reading)
    if any(len(iri) > LONGEST_IRI for iri in kept):
        reading.crash_later(f"Ensure that no address has more than {LONGEST_IRI} characters.")
    if len(set(kept)) < len(kept):
        reading.crash_later("Ensure that no address is repeated.")
    return kept


def _field_of_study(value: Json, reading: Reading) -> Json:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise reading.crash("Either full ESCO URI or max. 4-digit ISCED-F number needed, as text.")
    kept: str = text()(value, reading)
    if len(kept) > LONGEST_IRI:
        reading.crash_later(f"Ensure this field has no more than {LONGEST_IRI} characters.")
    if re.fullmatch(r"[0-9]{1,4}", kept):
        return ISCED + kept
    if ISCED not in kept:
        raise Bad(["Either full ESCO URI or max. 4-digit ISCED-F number needed."])
    return kept


def _degree(value: Json, reading: Reading) -> Json:
    if value is None:
        raise Bad([NULL])
    if value == "":
        raise reading.crash("Please provide valid degree_outcome value.")
    if isinstance(value, str | int | float):
        for number, words in ((1, ("1", "yes", "full degree")), (NO_DEGREE, ("2", "no", "no full degree"))):
            if value in words or (not isinstance(value, str) and value == number):
                return number
    raise Bad(["Please provide valid degree_outcome value."])


def _country(value: Json, reading: Reading) -> Json:
    string(value)
    found = reading.world.countries.get(value.upper())
    if found is None:
        raise Bad(["Please provide valid country code."])
    return found.alpha2


def _countries(value: Json, reading: Reading) -> Json:
    return list(dict.fromkeys(each(_country)(value, reading)))


def _programme_identifiers(value: Json, reading: Reading) -> Json:
    kept = many(table((Field("identifier", text(50), required=True), Field("resource", text(200)))))(value, reading)
    resources = [item.get("resource") for item in kept]
    if resources.count(None) > 1:
        raise Bad(["You can only submit one identifier without resource."])
    if len(set(resources)) < len(resources):
        raise Bad(["You can only submit different type of resources."])
    if None in resources and LOCAL_RESOURCE in resources:
        reading.crash_later("You can only submit different type of resources.")
    return kept


def _alternative_names(value: Json, reading: Reading) -> Json:
    item = table(
        (
            Field("name_alternative", text(200), required=True),
            Field("qualification_alternative", text(200)),
        )
    )
    kept = many(item)(value, reading)
    names = [name["name_alternative"] for name in kept]
    if len(set(names)) < len(names):
        reading.crash_later("Ensure that no name is repeated.")
    return kept


def _whole_programme(kept: dict[str, Json], reading: Reading) -> None:
    if kept["degree_outcome"] != NO_DEGREE:
        return
    ects = kept.get("workload_ects")
    if not ects:
        sentence = "ECTS credits are required, when degree_outcome field is '2 / no full degree'"
        raise Bad({"workload_ects": [sentence]})
    if reading.dialect == "strict" and not 1 <= ects <= MOST_CREDITS:
        raise Bad({"workload_ects": [OUT_OF_RANGE.format(ects=ects)]})
    if not kept.get("assessment_certification"):
        sentence = "Assessment information is required, when degree_outcome field is '2 / no full degree'."
        raise Bad({"assessment_certification": [sentence]})


_LEVEL = listed(LEVELS, "Please provide valid QF EHEA ID.", "Please provide valid QF EHEA level.")
_ASSESSMENT = listed(ASSESSMENTS, "Please provide valid Assessment ID.", "Please provide valid assessment name.")

PROGRAMME: Final = table(
    (
        Field("name_primary", text(255), required=True),
        Field("qualification_primary", text(255)),
        Field("alternative_names", _alternative_names),
        Field("identifiers", _programme_identifiers),
        Field("countries", _countries),
        Field("degree_outcome", _degree, required=True),
        Field("workload_ects", integer),
        Field("qf_ehea_level", _LEVEL, required=True),
        Field("nqf_level", text(255)),
        Field("assessment_certification", _ASSESSMENT),
        Field("learning_outcomes", _outcomes),
        Field("learning_outcome_description", text()),
        Field("field_study", _field_of_study),
    ),
    _whole_programme,
)

# ------------------------------------------------------------------------------------------------- what is pointed to


def find_agency(value: Json, reading: Reading) -> Agency:
    """The agency of an acronym or a DEQAR id, as text."""
    string(value)
    if value.isdigit():
        found = reading.world.agency_of(digits(value, reading))
        if found is None:
            raise Bad(["Please provide valid Agency DEQAR ID."])
        return found
    found = reading.world.agency(value)
    if found is None:
        raise Bad(["Please provide valid Agency Acronym."])
    return found


def _agency(value: Json, reading: Reading) -> Json:
    found = find_agency(value, reading)
    if found.acronym not in reading.account.agencies:
        raise Bad(["You can't submit data to this Agency."])
    return found.acronym


def _contributing(value: Json, reading: Reading) -> Json:
    return find_agency(value, reading).acronym


def _activity(value: Json, reading: Reading) -> Json:
    if "agency" not in reading.raw:
        raise reading.crash("The activity cannot be found without its agency.")
    try:
        main = find_agency(reading.raw["agency"], reading)
    except Bad as bad:
        raise Bad(
            ["Incorrect type. Expected a string, but got NoneType"] if bad.errors == [NULL] else bad.errors
        ) from bad
    if not isinstance(value, dict):
        raise reading.crash("An activity is an object.")
    agencies = {main.acronym}
    for said in reading.raw.get("contributing_agencies") or ():
        try:
            agencies.add(find_agency(said, reading).acronym)
        except Bad:
            continue  # said at its own field
    return _one_activity(value, reading, main, agencies).id


def _one_activity(value: dict[str, Json], reading: Reading, main: Agency, agencies: set[str]) -> Activity:
    ways = [way for way in ("id", "local_identifier", "group") if value.get(way) is not None]
    if not ways:
        raise Bad(["Either ESG Activity ID, ESG Activity local identifier or ESG Activity Group is needed."])
    if len(ways) > 1:
        second = "ESG Activity local identifier" if ways[1] == "local_identifier" else "ESG Activity Group"
        first = "ESG Activity ID" if ways[0] == "id" else "ESG Activity local identifier"
        raise Bad([f"You cannot submit both {first} and {second}."])
    involved = [each for each in reading.world.activities if each.agency in agencies]
    if ways == ["id"]:
        try:
            number = int(str(value["id"]))
        except ValueError:
            raise Bad(["Please provide ESG Activity ID as an integer or string."]) from None
        found = next((each for each in involved if each.id == number), None)
        error = "Please provide valid ESG Activity ID."
    else:
        owner = find_agency(value["agency"], reading) if "agency" in value else main
        own = [each for each in involved if each.agency == owner.acronym]
        if ways == ["group"]:
            try:
                group = int(str(value["group"]))
            except ValueError:
                raise reading.crash("Please provide ESG Activity Group as an integer or string.") from None
            found = next((each for each in own if each.group == group), None)
            error = "Please provide valid ESG Activity Group Identifier with Agency info."
        else:
            found = next((each for each in own if each.local_identifier == str(value["local_identifier"])), None)
            error = "Please provide valid ESG Activity local identifier."
    if found is None:
        raise Bad([error])
    return found


UNLINKED: Final = (
    "This report cannot be linked to an institution. It is missing either a valid ETER ID, DEQAR ID, "
    "or local identifier."
)
_IDENTITY: Final = table(
    (
        Field("deqar_id", text(25)),
        Field("eter_id", text(15)),
        Field("identifier", text(50)),
        Field("resource", text(200)),
    )
)


def _institution(value: Json, reading: Reading) -> Json:
    said = _IDENTITY(value, reading)
    known = reading.world.institutions
    by_eter: Institution | None = None
    if "eter_id" in said:
        by_eter = next((each for each in known if each.eter_id == said["eter_id"]), None)
        if by_eter is None:
            raise Bad(["Please provide valid ETER ID."])
    if "deqar_id" in said:
        found = next((each for each in known if each.deqar_id == said["deqar_id"]), None)
        if found is None:
            raise Bad(["Please provide valid DEQAR ID."])
        if by_eter is not None and by_eter is not found:
            raise Bad(["The provided DEQAR and ETER ID does not match."])
        return found.id
    if by_eter is not None:
        return by_eter.id
    return _by_identifier(said, reading).id


def _by_identifier(said: dict[str, Json], reading: Reading) -> Institution:
    resource = said.get("resource", LOCAL_RESOURCE)
    found = [
        institution
        for institution in reading.world.institutions
        for name in institution.identifiers
        if name.identifier == said.get("identifier")
        and name.resource == resource
        and (name.agency is None or name.agency in reading.account.agencies)
    ]
    if len(found) > 1:
        raise reading.crash("The identifier is ambiguous.")
    if not found:
        raise Bad([UNLINKED])
    return found[0]


# --------------------------------------------------------------------------------------------------------------- files


def _language(value: Json, reading: Reading) -> Json:
    string(value)
    found = reading.world.languages.get(value.lower())
    if found is None:
        raise Bad(["Please provide valid language code."])
    return found


def _content(value: Json, reading: Reading) -> Json:
    """Base64 of a PDF. It is looked at and not kept: this register publishes provisions, not documents."""
    if value is None:
        raise Bad([NULL])
    if not isinstance(value, str):
        raise Bad(["Please upload a valid file."])
    if not value:
        return ""
    try:
        data = base64.b64decode(value.partition("base64,")[2] or value)
    except (binascii.Error, ValueError):
        raise Bad(["Please upload a valid file."]) from None
    if b"%PDF-" not in data[:1024] or b"%%EOF" not in data[-1024:]:
        raise Bad(["File is not a valid pdf file"])
    return "pdf"


def _file_name(value: Json, reading: Reading) -> Json:
    kept: str = text(255, blank=True)(value, reading)
    if "/" in kept or "\\" in kept or kept.startswith(".."):
        if reading.dialect == "deqar":
            raise Suspicious(kept)
        raise Bad(["A file name holds no path."])
    return kept


def _whole_file(kept: dict[str, Json], reading: Reading) -> None:
    if not kept.get("file") and not kept.get("original_location"):
        raise Bad({"non_field_errors": ["Either file or original_location URL is required."]})
    if kept.get("file") and not kept.get("file_name"):
        raise Bad({"non_field_errors": ["Please provide a file name for the uploaded file."]})
    if kept.pop("report_file_id", None) is not None and reading.method == "PUT":
        reading.crash_later("A file cannot be kept by its id: send it again.")


_FILE: Final = table(
    (
        Field("original_location", url(500)),
        Field("file", _content),
        Field("file_name", _file_name),
        Field("display_name", text(255)),
        Field("report_language", each(_language), required=True),
        Field("report_file_id", integer),
    ),
    _whole_file,
)

# ---------------------------------------------------------------------------------------------------------- the report


def _report_id(value: Json, reading: Reading) -> Json:
    string(value)
    try:
        return int(value)
    except ValueError:
        raise (reading.crash(INTEGER) if reading.method == "PUT" else Bad([INTEGER])) from None


_STATUS: Check = listed(STATUSES, "Please provide valid Report Status ID.", "Please provide valid Report Status.")
_DECISION: Check = listed(
    DECISIONS, "Please provide valid Report Decision ID.", "Please provide valid Report Decision."
)

REPORT: Final = table(
    (
        Field("report_id", _report_id),
        Field("agency", _agency, required=True),
        Field("contributing_agencies", each(_contributing)),
        Field("local_identifier", text(255)),
        Field("activities", many(_activity), required=True),
        Field("status", _STATUS, required=True),
        Field("decision", _DECISION, required=True),
        Field("summary", text()),
        Field("valid_from", text(20), required=True),
        Field("valid_to", text(20, null=True)),
        Field("date_format", text(20), required=True),
        Field(
            "report_links",
            many(table((Field("link", url(255), required=True), Field("link_display_name", text(200))))),
        ),
        Field("report_files", many(_FILE)),
        Field("institutions", many(_institution, empty=False), required=True),
        Field("platforms", many(_institution, empty=False)),
        Field("programmes", many(PROGRAMME)),
        Field("other_comment", text(null=True, blank=True)),
    )
)
