"""May a candidate be published? The definition first, then what the register demands besides.

Judging changes nothing: a provision is published as it is, or not at all. Errors are
refusals; warnings and notes travel along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from mcbridge.checks.credit import plain
from mcbridge.checks.eligibility import Locate, ects_of, eligibility
from mcbridge.checks.fields import is_isced
from mcbridge.checks.outcomes import ESCO
from mcbridge.checks.walk import filled, organisations
from mcbridge.diagnostics import Diagnostic, Rule
from mcbridge.model.key import provider_identifiers
from mcbridge.model.leaves import leaves
from mcbridge.model.levels import Framework
from mcbridge.model.organisation import Organisation
from mcbridge.model.provision import Certification, Provision
from mcbridge.register.judge_rules import (
    ASSESSMENT_MISSING,
    CHARACTER,
    ECTS_NOT_WHOLE,
    FIELD_UNKNOWN,
    PROVIDER_AMBIGUOUS,
    PROVIDER_UNKNOWN,
    SKILL_UNKNOWN,
    TITLE_MISSING,
    TOO_LONG,
)
from mcbridge.register.verdict import Candidate, Verdict
from mcbridge.tables import RegisterPolicy, Tables

Matches = Sequence[Mapping[str, str]]
"""How our providers are told: for each, type of identifier → value, all of which must fit (``[[provider]] match``)."""

Finding = tuple[Rule, str, str | None, dict[str, str]]

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def judge(
    candidates: Iterable[Candidate], policy: RegisterPolicy, tables: Tables, providers: Matches = ()
) -> Iterator[Verdict]:
    """A verdict for each candidate, in their order."""
    for candidate in candidates:
        if candidate.provision is None:
            yield Verdict(candidate, candidate.findings)
            continue
        found = [
            *candidate.findings,
            *eligibility(candidate.provision, policy, tables, candidate.location),
            *demands(candidate.provision, policy, tables, providers, candidate.location),
        ]
        yield Verdict(candidate, tuple(found))


def demands(
    provision: Provision, policy: RegisterPolicy, tables: Tables, providers: Matches, locate: Locate
) -> Iterator[Diagnostic]:
    """What one register demands besides the definition of a micro-credential."""
    for rule, field, value, facts in (
        *_content(provision, policy, tables),
        *_provider(provision, policy, providers),
        *_codes(provision, policy, tables),
        *_lengths(provision, policy),
        *_characters(provision),
    ):
        yield Diagnostic(rule, locate(field), field, value, {"register": policy.title, **facts})


def _content(provision: Provision, policy: RegisterPolicy, tables: Tables) -> Iterator[Finding]:
    specification = provision.specification
    if not filled(specification.title):
        yield TITLE_MISSING, "specification.title", None, {}
    if policy.demands.assessment and provision.certification is Certification.UNKNOWN:
        yield ASSESSMENT_MISSING, "certification", None, {}
    credits_ = ects_of(specification, tables)
    broken = credits_ is not None and credits_.is_finite() and credits_ != credits_.to_integral_value()
    if policy.demands.whole_ects and credits_ is not None and broken:
        yield ECTS_NOT_WHOLE, "specification.credits", plain(credits_), {}


def _provider(provision: Provision, policy: RegisterPolicy, providers: Matches) -> Iterator[Finding]:
    if not policy.demands.provider_known:
        return
    provider = organisations(provision).get(provision.provider)
    fitting = matching(provider, providers) if provider is not None else ()
    if not fitting:
        yield PROVIDER_UNKNOWN, "provider", provision.provider, {}
    elif len(fitting) > 1:
        numbers = " and ".join(str(at + 1) for at in fitting)
        yield PROVIDER_AMBIGUOUS, "provider", provision.provider, {"numbers": numbers}


def matching(provider: Organisation, providers: Matches) -> tuple[int, ...]:
    """Which of our providers an organisation is, counted from zero; more than one when the configuration is unclear.

    A ``match`` fits when the organisation has every identifier in it. A domain name is compared without case.
    """
    identifiers = set(provider_identifiers(provider))
    return tuple(
        at
        for at, match in enumerate(providers)
        if match and all((key, _value(key, value)) in identifiers for key, value in _folded(match))
    )


def _folded(match: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(type_.strip().casefold(), value.strip()) for type_, value in match.items()]


def _value(type_: str, value: str) -> str:
    return value.casefold() if type_ == "schac" else value


def _codes(provision: Provision, policy: RegisterPolicy, tables: Tables) -> Iterator[Finding]:
    """What the register is told as a code must be one: else it is refused there, or stored and never found."""
    if "specification.outcomeSkills" in policy.fields:
        for at, outcome in enumerate(provision.specification.learning_outcomes):
            for number, skill in enumerate(outcome.esco_skills):
                if not skill.code.startswith(ESCO):
                    field = f"specification.learningOutcomes[{at}].escoSkills[{number}].code"
                    yield SKILL_UNKNOWN, field, skill.code, {}
    if "specification.iscedField" in policy.fields:
        known = tables.vocabulary("isced-f")
        for at, each in enumerate(provision.specification.fields):
            if is_isced(each, tables) and each.code.strip() and known.find(each.code) is None:
                yield FIELD_UNKNOWN, f"specification.fields[{at}].code", each.code, {}


def _lengths(provision: Provision, policy: RegisterPolicy) -> Iterator[Finding]:
    for name, field, text in _measured(provision):
        most = policy.limits.get(name)
        if most is not None and len(text) > most:
            shown = f"{text[:40]}…"
            yield TOO_LONG, field, shown, {"length": str(len(text)), "most": str(most)}


def _measured(provision: Provision) -> Iterator[tuple[str, str, str]]:
    """What registers set limits to: the name of the limit, the field, the text. Characters are counted, not bytes."""
    specification = provision.specification
    yield "key", "key", provision.key
    for at, text in enumerate(specification.title):
        yield "specification.title" if at == 0 else "specification.altTitle", f"specification.title[{at}]", text.value
    for at, text in enumerate(specification.alt_titles):
        yield "specification.altTitle", f"specification.altTitles[{at}]", text.value
    for at, identifier in enumerate(specification.identifiers):
        yield "specification.identifier", f"specification.identifiers[{at}].value", identifier.value
    for at, level in enumerate(specification.levels):
        if level.framework is Framework.NQF and level.value:
            yield "specification.nqfLevel", f"specification.levels[{at}].value", level.value
    for at, field in enumerate(specification.fields):
        yield "specification.iscedField", f"specification.fields[{at}].code", field.code
    for at, outcome in enumerate(specification.learning_outcomes):
        for number, skill in enumerate(outcome.esco_skills):
            where = f"specification.learningOutcomes[{at}].escoSkills[{number}].code"
            yield "specification.outcomeSkills", where, skill.code


def _characters(provision: Provision) -> Iterator[Finding]:
    for path, value in leaves(provision.specification, "specification"):
        if isinstance(value, str) and (found := _UNPRINTABLE.search(value)):
            yield CHARACTER, path, f"U+{ord(found[0]):04X}", {"position": str(found.start() + 1)}
