"""Whatever is offered, there is an answer: it may be published, or there is a reason why not."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from mcbridge.diagnostics import Severity
from mcbridge.model import (
    Achievement,
    Answer,
    Assessment,
    Certification,
    Concept,
    Credential,
    Credit,
    Duration,
    Field,
    Framework,
    Identifier,
    LearningOutcome,
    Level,
    Provision,
    Specification,
    Text,
)
from mcbridge.register.judge import judge
from mcbridge.register.select import select
from mcbridge.tables import Tables
from tests.unit.records import LEARNER, credential, credits_of, offer, read

TABLES = Tables()
POLICIES = [TABLES.register_policy(name) for name in ("deqar", "memory")]
OURS = ({"schac": "example.edu"},)

words = st.one_of(st.sampled_from(["", " ", "Data", "Testa Primjerić", "ects", "6", "first"]), st.text(max_size=12))
texts = st.lists(st.builds(Text, words, st.sampled_from([None, "en", "hr"])), max_size=3).map(tuple)
numbers = st.one_of(
    st.none(),
    st.decimals(min_value=Decimal("-1E+90"), max_value=Decimal("1E+90"), allow_nan=False, places=9),
    st.sampled_from([Decimal(5), Decimal("2.5"), Decimal("-9E+99"), Decimal("1E-99")]),
)
credits_ = st.builds(Credit, scheme=st.sampled_from(["ects", "ECTS", "ECVET", ""]), points=numbers)
levels = st.builds(
    Level,
    framework=st.sampled_from(list(Framework)),
    value=st.sampled_from([None, "4", "5", "6", "8", "9", "first", "third", "x"]),
)
concepts = st.builds(Concept, code=st.sampled_from(["Course", "Degree Programme", "6e6cb2cc78", "7331eb4762", "x", ""]))
identifiers = st.builds(Identifier, value=words, type=st.sampled_from([None, "local", "ewp-los-id", "x"]))
specifications = st.builds(
    Specification,
    identifiers=st.lists(identifiers, max_size=3).map(tuple),
    title=texts,
    alt_titles=texts,
    description=texts,
    kinds=st.lists(concepts, max_size=2).map(tuple),
    assessment_kinds=st.lists(concepts, max_size=2).map(tuple),
    is_partial=st.sampled_from([None, True, False]),
    levels=st.lists(levels, max_size=3).map(tuple),
    credits=st.lists(credits_, max_size=3).map(tuple),
    fields=st.lists(st.builds(Field, scheme=st.just("isced-f"), code=words), max_size=2).map(tuple),
    volume_of_learning=st.one_of(st.none(), st.builds(Duration, seconds=st.decimals(-(10**12), 10**12, places=3))),
    learning_outcomes=st.lists(st.builds(LearningOutcome, title=texts), max_size=2).map(tuple),
)
achievements = st.recursive(
    st.builds(
        Achievement,
        specification=st.one_of(st.none(), specifications),
        credits=st.lists(credits_, max_size=2).map(tuple),
        assessments=st.lists(st.builds(Assessment, grade=texts), max_size=2).map(tuple),
    ),
    lambda parts: st.builds(Achievement, specification=specifications, parts=st.lists(parts, max_size=2).map(tuple)),
    max_leaves=4,
)
records = st.one_of(
    st.lists(achievements, min_size=1, max_size=3).map(lambda several: credential(*several)),
    st.builds(
        lambda specification, degree, part, certification: msgspec.structs.replace(
            offer(full_degree=degree, part_of_degree=part, certification=certification), specification=specification
        ),
        specifications,
        st.sampled_from(Answer),
        st.sampled_from(Answer),
        st.sampled_from(Certification),
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(records, max_size=3), st.sampled_from(POLICIES))
def test_every_record_gets_a_verdict_and_every_refusal_a_reason(
    several: list[Credential | Provision], policy: msgspec.Struct
) -> None:
    reads = [read(record) for record in several]
    verdicts = list(judge(select(reads, TABLES), policy, TABLES, OURS))  # type: ignore[arg-type]
    assert bool(verdicts) == bool(several)
    for verdict in verdicts:
        assert verdict.publishable is (not verdict.refusals)
        assert all(found.message and found.hint and found.location.source for found in verdict.reasons)
        if verdict.publishable:
            assert verdict.key
            assert verdict.provision is not None
            assert verdict.provision.full_degree is Answer.NO
    keys = [verdict.key for verdict in verdicts if verdict.key]
    assert keys == sorted(set(keys))


@settings(max_examples=100, deadline=None)
@given(st.lists(records, min_size=1, max_size=3))
def test_what_goes_on_never_names_the_learner(several: list[Credential | Provision]) -> None:
    own = credential(Achievement())
    candidates = list(select([read(record) for record in (*several, own)], TABLES))
    told = b"".join(msgspec.json.encode(each.provision) for each in candidates if each.provision).decode()
    assert LEARNER.family_name[0].value not in told
    assert "Testa Primjerić" not in told
    assert not any("Testa Primjerić" in found.message for each in candidates for found in each.findings)


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(3)), st.lists(specifications, min_size=3, max_size=3))
def test_the_order_of_documents_changes_no_verdict(order: list[int], several: list[Specification]) -> None:
    local = (Identifier(value="MC-1", type="local"),)
    made = [credential(Achievement(specification=msgspec.structs.replace(each, identifiers=local))) for each in several]

    def outcome(records_: list[Credential]) -> list[tuple[str | None, bytes, bool]]:
        verdicts = judge(select([read(record) for record in records_], TABLES), POLICIES[1], TABLES, OURS)
        return [(each.key, msgspec.json.encode(each.provision), each.publishable) for each in verdicts]

    assert outcome(made) == outcome([made[at] for at in order])


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(min_value="-100", max_value="100", places=2), st.decimals(min_value="-100", max_value="100", places=2)
)
def test_between_two_numbers_of_credits_that_qualify_all_do(one: Decimal, two: Decimal) -> None:
    def qualifies(points: Decimal) -> bool:
        record = read(offer(credits=credits_of(str(points))))
        [verdict] = judge(select([record], TABLES), POLICIES[1], TABLES)
        return verdict.publishable

    assert qualifies(one) is (1 <= one <= 59)
    if qualifies(one) and qualifies(two):
        assert qualifies((one + two) / 2)


@settings(max_examples=100, deadline=None)
@given(specifications, st.sampled_from(POLICIES))
def test_taking_the_level_or_the_credits_away_never_makes_it_publishable(
    specification: Specification, policy: msgspec.Struct
) -> None:
    for without in ({"levels": ()}, {"credits": ()}, {"title": ()}):
        bare = msgspec.structs.replace(specification, **without)
        record = msgspec.structs.replace(offer(), specification=bare)
        for verdict in judge(select([read(record)], TABLES), policy, TABLES, OURS):  # type: ignore[arg-type]
            assert not verdict.publishable
            assert any(found.level is Severity.ERROR for found in verdict.reasons)
