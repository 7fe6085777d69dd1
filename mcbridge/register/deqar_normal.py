"""The normal form of a DEQAR report: what was sent and what is read, in the same words, so that they can be compared.

The register spells what it shows otherwise than what it takes, trims, drops and adds.
What it does not show (documents apart from their address, activities that it only ever
adds) is not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from mcbridge.register.base import Json
from mcbridge.tables import RegisterPolicy

LOCAL_RESOURCE: Final = "local identifier"
PROGRAMME_TEXTS: Final = ("name_primary", "nqf_level", "learning_outcome_description")


def normal_of_payload(body: Mapping[str, Json], policy: RegisterPolicy) -> dict[str, Json]:
    """The normal form of what is sent."""
    return _lean(
        {
            "local_identifier": body.get("local_identifier"),
            "agency": _acronym(body.get("agency")),
            "status": _word(policy, "status", body.get("status")),
            "decision": _word(policy, "decision", body.get("decision")),
            "valid_from": body.get("valid_from"),
            "valid_to": body.get("valid_to"),
            "report_files": sorted(file["original_location"] for file in body.get("report_files", ())),
            "institutions": sorted(each["deqar_id"] for each in body.get("institutions", ())),
            "programmes": [_sent(programme) for programme in body.get("programmes", ())],
        }
    )


def _sent(programme: Mapping[str, Json]) -> dict[str, Json]:
    return _lean(
        {
            **{name: _text(programme.get(name)) for name in PROGRAMME_TEXTS},
            "alternative_names": sorted(each["name_alternative"] for each in programme.get("alternative_names", ())),
            "identifiers": sorted(
                f"{each.get('resource', LOCAL_RESOURCE)}: {each['identifier']}"
                for each in programme.get("identifiers", ())
            ),
            "workload_ects": programme.get("workload_ects"),
            "qf_ehea_level": programme.get("qf_ehea_level"),
            "degree_outcome": programme.get("degree_outcome"),
            "assessment_certification": programme.get("assessment_certification"),
            "field_study": programme.get("field_study"),
            "learning_outcomes": sorted(programme.get("learning_outcomes", ())),
        }
    )


def normal_of_detail(detail: Mapping[str, Any], echo: Mapping[str, Any], policy: RegisterPolicy) -> dict[str, Json]:
    """The normal form of what the Web API and the check show of one report. Whatever is missing there stays missing."""
    files = [str(file.get("file_original_location") or "") for file in _tables(echo.get("files"))]
    return _lean(
        {
            "local_identifier": detail.get("local_identifier"),
            "agency": _acronym(detail.get("agency_acronym")),
            "status": _named(policy, "status", detail.get("status")),
            "decision": _named(policy, "decision", detail.get("decision")),
            "valid_from": detail.get("valid_from"),
            "valid_to": detail.get("valid_to"),
            "report_files": sorted(file for file in files if file),
            "institutions": sorted(str(each.get("deqar_id")) for each in _tables(detail.get("institutions"))),
            "programmes": [_shown(each, policy) for each in _tables(detail.get("programmes"))],
        }
    )


def _shown(programme: Mapping[str, Any], policy: RegisterPolicy) -> dict[str, Json]:
    names = _tables(programme.get("programme_names"))
    outcome = programme.get("degree_outcome")
    degree = str(outcome.get("outcome", "")) if isinstance(outcome, Mapping) else ""
    return _lean(
        {
            **{name: _text(programme.get(name)) for name in PROGRAMME_TEXTS},
            "alternative_names": sorted(str(each.get("name")) for each in names if not each.get("name_is_primary")),
            "identifiers": sorted(
                f"{each.get('resource') or LOCAL_RESOURCE}: {each.get('identifier')}"
                for each in _tables(programme.get("programme_identifiers"))
            ),
            "workload_ects": programme.get("workload_ects"),
            "qf_ehea_level": _code(policy, "cycle", programme.get("qf_ehea_level")),
            "degree_outcome": {"full degree": "yes", "no full degree": "no"}.get(degree.casefold(), degree),
            "assessment_certification": _code(policy, "certification", programme.get("assessment_certification")),
            "field_study": _text(programme.get("field_study")).rpartition("/")[2],
            "learning_outcomes": sorted(
                str(each.get("learning_outcome_esco")) for each in _tables(programme.get("learning_outcomes"))
            ),
        }
    )


def _tables(value: object) -> Iterable[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _acronym(agency: object) -> str | None:
    """An agency by its acronym; one that is given by number is shown by acronym, and cannot be compared."""
    said = _text(agency)
    return None if said.isdecimal() else said.upper()


def _code(policy: RegisterPolicy, subject: str, shown: object) -> str:
    """The code that is sent for what is shown; what is shown itself when nothing corresponds, which then differs."""
    shown_text = _text(shown)
    for word, spelling in policy.spellings.get(f"{subject}-read", {}).items():
        if spelling.casefold() == shown_text.casefold():
            return policy.spellings.get(subject, {}).get(word, shown_text)
    return shown_text


def _word(policy: RegisterPolicy, subject: str, code: object) -> str:
    words = policy.spellings.get(subject, {})
    return next((word for word, spelling in words.items() if spelling == code), _text(code))


def _named(policy: RegisterPolicy, subject: str, shown: object) -> str:
    said = _text(shown)
    return next((word for word in policy.spellings.get(subject, {}) if word.casefold() == said.casefold()), said)


def _lean(facts: Mapping[str, Json]) -> dict[str, Json]:
    """Without what is not there: the register shows nothing, the empty string or an empty list for it."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}
