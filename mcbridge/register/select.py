"""The garden gate: provisions out of credentials. What says something of a person stays on the other side.

This module alone sees both. A provision is made from a list of what is kept
(``bare``), is one for all learners of the same offer (``merge``), and is screened for
the names, numbers, addresses and dates of birth of all learners of the run before it
goes on (``screen``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from mcbridge.checks.credit import ects
from mcbridge.checks.degree import full_degree
from mcbridge.checks.walk import Node, filled, first, nodes, organisations
from mcbridge.diagnostics import Diagnostic, Severity, place
from mcbridge.model import (
    MODEL_VERSION,
    Answer,
    Assessment,
    Certification,
    Credential,
    Learner,
    Organisation,
    Provision,
    SealState,
    SourceRef,
    Specification,
    StackabilityKind,
    Status,
)
from mcbridge.model.key import local_identifier
from mcbridge.model.leaves import leaves
from mcbridge.origins import Origin, Read
from mcbridge.register.bare import bare_specification, name_of
from mcbridge.register.listed import Names, Unnamed, by_kind, described, key_of, listed, located, named, refused
from mcbridge.register.merge import merge
from mcbridge.register.screen import NUMBER, Screen, same_number
from mcbridge.register.select_rules import (
    CONTRADICTION,
    DESCRIPTIONS_DIFFER,
    IDENTIFIER_MISSING,
    PERSONAL_DATA,
    PROVIDER_MISSING,
    SEAL_INVALID,
)
from mcbridge.register.verdict import Candidate, Place
from mcbridge.tables import Tables


def select(reads: Iterable[Read], tables: Tables) -> Iterator[Candidate]:
    """The candidates of a run, by key; those without one come last, each different one once.

    All of ``reads`` is read before the first candidate comes: whoever is a learner in the last of them must not be
    named in the first provision. Kept are the provisions, not the records.
    """
    gate = Gate(tables)
    for read in reads:
        gate.admit(read)
    yield from gate.candidates()


def provisions_of(read: Read, tables: Tables) -> Iterator[Candidate]:
    """The candidates of one record, neither merged nor screened: what each achievement is about, or the provision."""
    if isinstance(read.record, Provision):
        yield listed(read.record, read.origin, tables)
        return
    known = organisations(read.record)
    names = {id_: name_of(organisation) for id_, organisation in known.items()}
    for node in nodes(read.record):
        yield _Maker(read.record, node, known, names, read.origin, tables).candidate()


class Gate:
    """What was admitted so far: the different versions of each provision, and what gives learners away.

    What stands in a document whose seal does not hold is no version of anything. It blocks a provision that stands
    nowhere else, so that it is neither published nor taken for gone, and is a warning to one that does.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.screen = Screen()
        self.keyed: dict[str, dict[bytes, Candidate]] = {}
        self.sources: dict[str, dict[SourceRef, None]] = {}
        self.refused: dict[tuple[str, ...], Candidate] = {}
        self.unsealed: dict[str, Candidate] = {}

    def admit(self, read: Read) -> None:
        """Take one record in: what it offers, and who must not be named."""
        if isinstance(read.record, Credential):
            _remember(self.screen, read.record)
        for candidate in provisions_of(read, self.tables):
            if candidate.key is None or candidate.provision is None:
                what = candidate.title or f"{candidate.places[0].source.document} {candidate.places[0].source.path}"
                same = (what, *(f"{found.rule.id} {found.message}" for found in candidate.findings))
                self.refused.setdefault(same, candidate)
                continue
            bare = msgspec.structs.replace(candidate.provision, sources=())
            if isinstance(read.record, Credential) and _is_forged(read.record):
                found = Diagnostic(SEAL_INVALID, read.origin.whole)
                self.unsealed.setdefault(candidate.key, replace(candidate, findings=(found,)))
                continue
            self.sources.setdefault(candidate.key, {}).update(dict.fromkeys(candidate.provision.sources))
            versions = self.keyed.setdefault(candidate.key, {})
            versions.setdefault(msgspec.json.encode(bare), replace(candidate, provision=bare))

    def candidates(self) -> Iterator[Candidate]:
        """What may go on, when all records were admitted."""
        for key in sorted(self.keyed | self.unsealed):
            if key in self.keyed:
                yield self._screened(self._merged(key, list(self.keyed[key].values())))
            else:
                yield self._screened(self.unsealed[key])
        for same in sorted(self.refused):
            yield self._screened(self.refused[same])

    def _merged(self, key: str, versions: Sequence[Candidate]) -> Candidate:
        provision, clashes = merge([each.provision for each in versions if each.provision], self.tables)
        found = []
        if (left := self.unsealed.get(key)) is not None:
            found += [msgspec.structs.replace(each, severity=Severity.WARNING) for each in left.findings]
        for clash in clashes:
            here, there = (versions[number].location(clash.field) for number in (clash.two, clash.one))
            facts = {
                "field": clash.field,
                "other": _short(clash.other),
                "where": f"{there.source} {place(there)}".strip(),
            }
            rule_ = CONTRADICTION if clash.blocks else DESCRIPTIONS_DIFFER
            found.append(Diagnostic(rule_, here, clash.field, _short(clash.value), facts))
        sources = tuple(sorted(self.sources[key], key=lambda each: (each.document, each.path)))
        whole = msgspec.structs.replace(provision, sources=sources)
        return Candidate(key, first(whole.specification.title), whole, versions[0].places, tuple(found))

    def _screened(self, candidate: Candidate) -> Candidate:
        """The candidate as it may go on; one that gives a learner away keeps nothing but its places."""
        hits = {
            path: Diagnostic(PERSONAL_DATA, candidate.location(path), path, None, {"field": path, "kind": kind})
            for path, text in _texts(candidate)
            if (kind := self.screen.find(text, code=_is_code(path)))
        }
        if not hits:
            return candidate
        telling = candidate.key is not None and self.screen.find(candidate.key, code=True) is not None
        return Candidate(None if telling else candidate.key, "", None, candidate.places, tuple(hits.values()))


def _is_forged(credential: Credential) -> bool:
    return credential.seal is not None and credential.seal.state is SealState.INVALID


def _texts(candidate: Candidate) -> Iterator[tuple[str, str]]:
    """All that would go on as text, with its path: the provision, and what the findings quote."""
    yield from ((found.field or "", found.message) for found in candidate.findings)
    if candidate.provision is None:
        yield "specification.title", candidate.title
    else:
        for path, value in leaves(msgspec.structs.replace(candidate.provision, sources=())):
            if isinstance(value, str) and path != "version":
                yield path, value


def _is_code(path: str) -> bool:
    """Whether a field holds a code: an identifier, a key, a concept. Texts, labels and addresses of pages are prose."""
    return (
        path.startswith(("key", "provider", "otherProviders", "awardingBodies"))
        or "dentifiers[" in path
        or path.endswith((".code", ".scheme", ".id"))
    )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _remember(screen: Screen, credential: Credential) -> None:
    """Tell the screen what gives this learner away."""
    learner = credential.learner
    family = [text.value for several in (learner.family_name, learner.birth_name) for text in several]
    for given in [text.value for text in learner.given_names] or [""]:
        for each in family or [""]:
            screen.name(given, each)
        for text in learner.patronymic_name:
            screen.name(given, text.value)
    for text in (*learner.full_name, *learner.alternative_names):
        screen.whole_name(text.value)
    for number in _numbers(learner):
        screen.number(number)
        screen.address(number)
    for contact in learner.contacts:
        for email in contact.emails:
            screen.address(email.removeprefix("mailto:"))
        for wallet in contact.wallets:
            screen.number(wallet)
    for email in credential.delivery.addresses if credential.delivery else ():
        screen.address(email)
    if learner.birth_date is not None:
        screen.birth(learner.birth_date)


def _numbers(learner: Learner) -> list[str]:
    numbers = [identifier.value for identifier in learner.identifiers]
    return [*numbers, learner.national_id.value] if learner.national_id else numbers


def _own_number(made: Place) -> Candidate:
    """What becomes of an offer whose code is the learner's number."""
    field = "specification.identifiers"
    found = Diagnostic(PERSONAL_DATA, made.locate(field), field, None, {"field": field, "kind": NUMBER})
    return Candidate(None, "", None, (made,), (found,))


@dataclass(slots=True)
class _Maker:
    """Makes the candidate of one achievement of a credential."""

    credential: Credential
    node: Node
    known: dict[str, Organisation]
    names: Names
    origin: Origin
    tables: Tables

    def candidate(self) -> Candidate:
        achievement, path = self.node.achievement, self.node.path
        specification = achievement.specification or Specification()
        moves = {
            "": path,
            "key": f"{path}.specification.identifiers",
            "specification": f"{path}.specification",
            "organisations": "organisations",
        }
        if not filled(specification.title):
            specification = msgspec.structs.replace(specification, title=achievement.title)
            moves["specification.title"] = f"{path}.title"
        if self._received_counts(specification):
            specification = msgspec.structs.replace(specification, credits=achievement.credits)
            moves["specification.credits"] = f"{path}.credits"
        teaching, taught_by = self._providers()
        certifying, bodies = self._bodies()
        moves |= {
            "provider": teaching,
            "otherProviders": teaching,
            "awardingBodies": certifying,
            "fullDegree": f"{path}.specification.kinds",
            "partOfDegree": f"{self.node.above.path}.specification.kinds" if self.node.above else path,
            "certification": f"{path}.assessments",
        }
        bare = bare_specification(specification, self.names)
        made = Place(self._source(), partial(located, self.origin, tuple(moves.items())))
        title = first(bare.title)
        if not taught_by:
            return refused(PROVIDER_MISSING, "provider", title, made)
        key = key_of(self.known[taught_by[0]], bare)
        if isinstance(key, Unnamed):
            return refused(IDENTIFIER_MISSING, key.field, title, made, what=key.what)
        if same_number(local_identifier(bare) or "", _numbers(self.credential.learner)):
            return _own_number(made)
        provider, *others = named(taught_by, self.names)
        awarding = named(bodies, self.names)
        provision = Provision(
            version=MODEL_VERSION,
            key=key,
            provider=provider,
            specification=bare,
            other_providers=tuple(others),
            awarding_bodies=awarding,
            organisations=described((provider, *others, *awarding), bare, self.known, self.names),
            full_degree=full_degree(bare, self.tables),
            part_of_degree=self._part_of_degree(),
            certification=_certification(achievement.assessments, bare, self.tables),
            sources=(made.source,),
        )
        return Candidate(key, title, provision, (made,))

    def _received_counts(self, specification: Specification) -> bool:
        """Whether the credits received stand for those on offer: of who passed, where the offer names no ECTS."""
        achievement = self.node.achievement
        if achievement.status not in {None, Status.PASSED} or not achievement.credits:
            return False
        offered = next(ects(specification.credits, self.tables), None)
        received = next(ects(achievement.credits, self.tables), None)
        return offered is None and (received is not None or not specification.credits)

    def _around(self) -> Iterator[Node]:
        yield self.node
        yield from self.node.ancestors()

    def _usable(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if self.names.get(id_))

    def _providers(self) -> tuple[str, tuple[str, ...]]:
        """Who teaches: whoever is named so, else who awards, else the issuer; where that stands, and local ids."""
        for node in self._around():
            offer, award = node.achievement.opportunity, node.achievement.award
            if offer and (ids := self._usable(offer.providers)):
                return f"{node.path}.opportunity.providers", ids
            if award and (ids := self._usable(award.bodies)):
                return f"{node.path}.award.bodies", ids
        return "issuer", self._usable((self.credential.issuer or "",))

    def _bodies(self) -> tuple[str, tuple[str, ...]]:
        """Who awards. The issuer is not taken for it in silence."""
        for node in self._around():
            award = node.achievement.award
            if award and (ids := self._usable(award.bodies)):
                return f"{node.path}.award.bodies", ids
        return self.node.path, ()

    def _part_of_degree(self) -> Answer:
        above = [each.achievement.specification or Specification() for each in self.node.ancestors()]
        if any(full_degree(each, self.tables) is Answer.YES for each in above):
            return Answer.YES
        own = self.node.achievement.specification
        alone = own and own.stackability and own.stackability.kind is StackabilityKind.STAND_ALONE
        return Answer.NO if alone else Answer.UNKNOWN

    def _source(self) -> SourceRef:
        """The document by its hash, and the place in it by canonical path. Nothing that a person's name could be in."""
        document = self.credential.document
        if document is None:
            return SourceRef(document=hashlib.sha256(self.credential.id.encode()).hexdigest(), path=self.node.path)
        return SourceRef(document=document.id, path=f"records[{document.position - 1}].{self.node.path}")


def _certification(assessments: Iterable[Assessment], specification: Specification, tables: Tables) -> Certification:
    """What it ends in: an assessment where one is described or was graded, attendance where that was all there was."""
    found = {by_kind(specification.assessment_kinds, tables)}
    waiting = list(assessments)
    for each in waiting:
        waiting += each.parts
        of = each.specification or Specification()
        kind = by_kind((*each.kinds, *of.kinds, *of.assessment_kinds), tables)
        if kind is None and (each.status is not None or any(map(str.isalnum, "".join(t.value for t in each.grade)))):
            kind = Certification.ASSESSMENT
        found.add(kind)
    for certification in (Certification.ASSESSMENT, Certification.ATTENDANCE):
        if certification in found:
            return certification
    return Certification.UNKNOWN
