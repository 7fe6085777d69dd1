"""A provision in the words of DEQAR: one report with one programme (DEQAR Submission API v2).

Where each of our fields goes, how it is spelt and how long it may be stands in
``mappings/registers/<register>.toml``; the report itself comes from the configuration.
What we do not have is left out: the register takes neither ``null`` nor the empty
string. The local identifier always goes along, for an update without it erases it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

from mcbridge.checks.eligibility import ects_of
from mcbridge.checks.fields import is_isced
from mcbridge.checks.levels import cycle_of, stated
from mcbridge.diagnostics import Diagnostic, Rule
from mcbridge.errors import ConfigError
from mcbridge.model.base import Answer, Identifier, Texts
from mcbridge.model.learning import Specification
from mcbridge.model.levels import Framework
from mcbridge.model.provision import Provision
from mcbridge.register import rules
from mcbridge.register.base import Json, Payload
from mcbridge.register.config import ProviderConfig, ReportConfig, SyncConfig
from mcbridge.register.judge import matching
from mcbridge.register.judge_rules import PROVIDER_UNKNOWN
from mcbridge.register.verdict import Candidate, Verdict
from mcbridge.register.wanted import content_mark
from mcbridge.tables import Tables

DATE_FORMAT: Final = "%Y-%m-%d"
VOLUNTARY: Final = "voluntary"
LONGEST_RESOURCE: Final = 190
"""The register takes 200 characters; the rest is for a number behind the name."""
LONGEST_URL: Final = 500
OWN_TYPES: Final = frozenset({"", "local"})
"""Types of identifiers that are the provider's own; the register takes one of them without saying whose it is."""


class PayloadWriter:
    """Writes payloads for one configuration. Raises ``ConfigError`` when that cannot be said to a register at all."""

    def __init__(self, config: SyncConfig, tables: Tables) -> None:
        if config.report is None:
            raise ConfigError(
                "the table [report] is missing", where=config.file, hint="name the report that provisions belong to"
            )
        self._tables = tables
        self._providers = config.provider
        self._policy = tables.register_policy(config.register.kind)
        self._report_config = config.report
        self._joint = config.report.joint_activity
        self._spot = config.spot("report")
        self.status = self._word("status", config.report.status)
        self.decision = self._word("decision", config.report.decision)
        self._report = self._common(config.report)

    def write(self, verdict: Verdict) -> Payload | tuple[Diagnostic, ...]:
        """The payload of a publishable verdict, or what cannot be said."""
        candidate, provision = verdict.candidate, verdict.provision
        if provision is None:
            return verdict.refusals
        found: list[Diagnostic] = []
        institutions = self._institutions(provision, candidate, found)
        body: dict[str, Json] = {**self._report, "institutions": institutions, "programmes": [{}]}
        if len(institutions) > 1:
            if self._joint is None:
                said = str(len(institutions))
                found.append(self._finding(rules.JOINT_ACTIVITY_MISSING, candidate, "otherProviders", said))
            else:
                body["activities"] = [_activity(self._joint)]
        for field, value in self._values(provision, candidate, found):
            if value not in (None, "", [], ()):
                _put(body, self._policy.fields.get(field, ""), value)
        return tuple(found) or Payload.of(provision.key, verdict.title, body, content_mark(provision))

    # ------------------------------------------------------------------------------------------------------ the report

    def _common(self, report: ReportConfig) -> dict[str, Json]:
        files = []
        for at, file in enumerate(report.files):
            where = self._spot.at("files", at)
            if len(file.url) > LONGEST_URL or not file.url.startswith(("http://", "https://")):
                raise ConfigError(f"{file.url!r} is no web address", where=str(where.at("url")))
            if unquote(file.url) != file.url:
                raise ConfigError(
                    f"{file.url!r} has percent-escapes, which the register decodes before it fetches the document",
                    where=str(where.at("url")),
                    hint="give the document a plain address",
                )
            entry: dict[str, Json] = {"original_location": file.url}
            if file.name:
                entry["display_name"] = file.name.strip()
            entry["report_language"] = [self._language(code, at) for code in file.languages]
            files.append(entry)
        return {
            "agency": report.agency.strip(),
            "activities": [_activity(report.activity)],
            "status": self._spelling("status", self.status),
            "decision": self._spelling("decision", self.decision),
            "valid_from": self._day(report.valid_from),
            "date_format": DATE_FORMAT,
            **({"report_files": files} if files else {}),
        }

    def _day(self, day: date) -> str:
        if day.year < 1000:
            raise ConfigError(f"{day} is too long ago", where=str(self._spot.at("valid_from")))
        return day.isoformat()

    def _language(self, code: str, at: int) -> str:
        entry = self._tables.vocabulary("language").find(code)
        if entry is None:
            raise ConfigError(
                f"unknown language {code!r}",
                where=str(self._spot.at("files", at, "languages")),
                hint='write its ISO 639 code, such as "en"',
            )
        if len(entry.code) == 2:
            return entry.code
        return (entry.properties.get("bibliographic") or entry.properties.get("authority", entry.code)).lower()

    def _word(self, subject: str, written: str) -> str:
        """Our word for something in the configuration; the register's own code for it is understood, too."""
        words = self._policy.spellings.get(subject, {})
        for word, code in words.items():
            if written.strip().casefold() in {word.casefold(), code.casefold()}:
                return word
        known = ", ".join(f'"{word}"' for word in words)
        raise ConfigError(f"unknown {subject} {written!r}", where=str(self._spot.at(subject)), hint=f"known: {known}")

    def _spelling(self, subject: str, word: str) -> str:
        return self._policy.spellings[subject][word]

    # --------------------------------------------------------------------------------------------------- the provision

    def _institutions(
        self, provision: Provision, candidate: Candidate, found: list[Diagnostic]
    ) -> list[dict[str, Json]]:
        providers: list[ProviderConfig] = []
        for field, id_ in _roles(provision):
            organisation = next((each for each in provision.organisations if each.id == id_), None)
            fitting = matching(organisation, [each.match for each in self._providers]) if organisation else ()
            if fitting:
                providers.append(self._providers[fitting[0]])
            else:
                found.append(self._finding(PROVIDER_UNKNOWN, candidate, field, id_))
        if providers and all(each.kind == "other-provider" for each in providers) and self.status != VOLUNTARY:
            found.append(self._finding(rules.STATUS_NOT_VOLUNTARY, candidate, "provider", self.status))
        return [{"deqar_id": deqar_id} for deqar_id in dict.fromkeys(each.deqar_id for each in providers)]

    def _values(
        self, provision: Provision, candidate: Candidate, found: list[Diagnostic]
    ) -> Iterator[tuple[str, Json]]:
        specification = provision.specification

        def spelt(subject: str, code: str | None, field: str) -> str | None:
            spelling = self._policy.spell(subject, code) if code is not None else None
            if spelling is None:
                finding = self._finding(rules.NOT_SPELT, candidate, field, code or "nothing", subject=subject)
                found.append(finding)
            return spelling

        points = ects_of(specification, self._tables)
        if points is None or points != points.to_integral_value():
            said = "nothing" if points is None else str(points)
            found.append(self._finding(rules.NOT_SPELT, candidate, "specification.credits", said, subject="workload"))
        names = _names(specification)
        yield "key", provision.key.strip()
        yield "specification.title", names[0] if names else None
        yield "specification.altTitle", names[1:]
        yield "specification.identifier", list(_identifiers(specification.identifiers))
        yield "specification.credit", int(points) if points is not None else None
        yield "specification.cycle", spelt("cycle", self._cycle(specification), "specification.levels")
        yield "specification.nqfLevel", _national_level(specification, self._tables)
        yield "specification.iscedField", self._field(specification)
        yield "specification.outcomeSkills", _skills(specification)
        yield "specification.outcomes", _outcomes(specification)
        yield "provision.fullDegree", spelt("full-degree", _degree(provision.full_degree), "fullDegree")
        yield "provision.certification", spelt("certification", provision.certification.value, "certification")

    def _cycle(self, specification: Specification) -> str | None:
        for framework in (Framework.QF_EHEA, Framework.EQF):
            for level in stated(specification.levels, framework, self._tables):
                if level.code is not None:
                    return level.code if framework is Framework.QF_EHEA else cycle_of(level.code, self._tables)
        return None

    def _field(self, specification: Specification) -> str | None:
        """The most detailed ISCED-F code, with its zeros."""
        codes = [each.code.strip() for each in specification.fields if is_isced(each, self._tables)]
        known = [entry.code for code in codes if (entry := self._tables.vocabulary("isced-f").find(code))]
        return max(known, key=len, default=None)

    def _finding(self, rule: Rule, candidate: Candidate, field: str, value: str, **facts: str) -> Diagnostic:
        facts = {"register": self._policy.title, **facts}
        return Diagnostic(rule, candidate.location(field), field, value, facts)


def _activity(written: str) -> dict[str, Json]:
    """An activity by its number at the register, or by the agency's own name for it."""
    said = written.strip()
    return {"id": said} if said.isdecimal() else {"local_identifier": said}


def _roles(provision: Provision) -> Iterator[tuple[str, str]]:
    yield "provider", provision.provider
    yield from ((f"otherProviders[{at}]", id_) for at, id_ in enumerate(provision.other_providers))


def _degree(answer: Answer) -> str:
    return answer.value


def _names(specification: Specification) -> list[str]:
    """All titles, each once: the register says no language, and falls over a name that is repeated."""
    titles = (*specification.title, *specification.alt_titles)
    return list(dict.fromkeys(name for text in titles if (name := text.value.strip())))


def _identifiers(identifiers: Iterable[Identifier]) -> Iterator[dict[str, str]]:
    """Each value once; the provider's own without a resource, and no resource twice."""
    values: set[str] = set()
    resources: set[str | None] = set()
    for identifier in identifiers:
        value, type_ = identifier.value.strip(), (identifier.type or "").strip()
        if not value or value in values:
            continue
        values.add(value)
        if type_.casefold() in OWN_TYPES and None not in resources:
            resources.add(None)
            yield {"identifier": value}
            continue
        said = (identifier.scheme_name or "", type_, "identifier")
        name = next(each.strip() for each in said if 0 < len(each.strip()) <= LONGEST_RESOURCE)
        resource, number = name, 1
        while resource in resources or resource.casefold() == "local identifier":
            number += 1
            resource = f"{name} {number}"
        resources.add(resource)
        yield {"identifier": value, "resource": resource}


def _national_level(specification: Specification, tables: Tables) -> str | None:
    """The national level in its own words: its label, else that of the European list, else its value."""
    for level in specification.levels:
        if level.framework is Framework.NQF:
            listed = tables.vocabulary("qdr").by_iri(level.code) if level.code else None
            words = [text.value for text in level.labels] + ([listed.labels["en"]] if listed else [])
            said = next((word.strip() for word in (*words, level.value or "") if word.strip()), None)
            if said:
                return said
    return None


def _skills(specification: Specification) -> list[str]:
    codes = (skill.code.strip() for outcome in specification.learning_outcomes for skill in outcome.esco_skills)
    return list(dict.fromkeys(code for code in codes if code))


def _outcomes(specification: Specification) -> str:
    """The learning outcomes as text, one a line, in the language of the title where they are said in it."""
    lang = next((text.lang for text in specification.title if text.value.strip()), None)
    summary = specification.outcome_summary
    said = [_in(lang, summary.texts)] if summary is not None else []
    said += [_in(lang, outcome.title) for outcome in specification.learning_outcomes]
    return "\n".join(dict.fromkeys(line for line in said if line))


def _in(lang: str | None, texts: Texts) -> str:
    filled = [text for text in texts if text.value.strip()]
    chosen = next((text for text in filled if text.lang == lang), filled[0] if filled else None)
    return chosen.value.strip() if chosen is not None else ""


def _put(body: dict[str, Json], path: str, value: Json) -> None:
    """Put a value where a path of the mapping says (``programmes[].alternative_names[].name_alternative``).

    The first list of a path has one item, the programme; a second one has an item for each of several values, and an
    item that is an object already is put there whole.
    """
    if not path:
        return
    table: dict[str, Any] = body
    *above, last = path.split(".")
    for at, part in enumerate(above):
        name = part.removesuffix("[]")
        if at and part.endswith("[]"):
            table[name] = [each if isinstance(each, Mapping) else {last: each} for each in value]
            return
        table = table.setdefault(name, [{}])[0] if part.endswith("[]") else table.setdefault(name, {})
    table[last] = value
