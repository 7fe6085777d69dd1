"""Who awards and who provides: somebody does, stands in the record, and has a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from mcbridge.checks.walk import claims, filled, first, heading, organisations
from mcbridge.diagnostics import Diagnostic, Rule, Severity, rule
from mcbridge.model import Achievement, Claim, Credential, Opportunity, Record
from mcbridge.origins import Origin
from mcbridge.tables import Tables

BODY_MISSING: Final = rule(
    "awarding/body-missing",
    Severity.WARNING,
    "Nobody awards it",
    'nobody awards "{value}": there is neither an awarding body nor an issuer',
    "ask the provider who certifies it, and add that organisation to the export",
    "a micro-credential names its awarding body or bodies (Council Recommendation 2022/C 243/02, Annex I)",
    "an achievement without award in a credential without issuer",
)
UNKNOWN: Final = rule(
    "awarding/organisation-unknown",
    Severity.ERROR,
    "An organisation is referred to but not described",
    'the record refers to an organisation "{value}" that it does not describe',
    "ask whoever made the file to add the organisation, or to correct the reference",
    "a reference to nothing says nothing about who taught, awarded or issued",
    '"issuer": "org-9" where no organisation has the id "org-9"',
)
NAMELESS: Final = rule(
    "awarding/organisation-nameless",
    Severity.WARNING,
    "An organisation without a name",
    'the organisation "{value}" has no name',
    "add the legal name of the organisation",
    "whoever reads the credential must be able to tell who stands behind it (ELM 3.2, legalName; ELMO 1.7, title)",
    "an organisation with an identifier only",
)


class Awarding:
    """The organisations of a record and the references to them."""

    rules: ClassVar[tuple[Rule, ...]] = (BODY_MISSING, UNKNOWN, NAMELESS)

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]:
        known = organisations(record)
        for path, id_ in references(record):
            if id_ not in known:
                yield Diagnostic(UNKNOWN, origin.of(path), path, id_)
        for at, organisation in enumerate(record.organisations):
            if not filled(organisation.names):
                where = f"organisations[{at}]"
                yield Diagnostic(NAMELESS, origin.of(where), where, organisation.id)
        if isinstance(record, Credential) and not record.issuer:
            for at, achievement in enumerate(record.achievements):
                if not (achievement.award and achievement.award.bodies):
                    where = f"achievements[{at}]"
                    yield Diagnostic(BODY_MISSING, origin.of(where), where, first(heading(achievement)))


def references(record: Record) -> Iterator[tuple[str, str]]:
    """The local ids of those who issue, award, provide, direct and assess, with their paths."""
    if not isinstance(record, Credential):
        yield "provider", record.provider
        yield from _each("otherProviders", record.other_providers)
        yield from _each("awardingBodies", record.awarding_bodies)
        return
    if record.issuer is not None:
        yield "issuer", record.issuer
    for path, claim in claims(record):
        yield from _of_claim(path, claim)


def _of_claim(path: str, claim: Claim) -> Iterator[tuple[str, str]]:
    if claim.award is not None:
        yield from _each(f"{path}.award.bodies", claim.award.bodies)
    opportunity: Opportunity | None = getattr(claim, "opportunity", None)
    if opportunity is not None:
        yield from _each(f"{path}.opportunity.providers", opportunity.providers)
    if not isinstance(claim, Achievement):
        yield from _each(f"{path}.directedBy", getattr(claim, "directed_by", ()))
        yield from _each(f"{path}.assessors", getattr(claim, "assessors", ()))


def _each(path: str, ids: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return ((f"{path}[{at}]", id_) for at, id_ in enumerate(ids))
