"""Plans are made of verdicts and the ledger alone: tables of what is wanted, what is there, and what is to be done."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from mcbridge.diagnostics import Diagnostic, JsonLocation, Severity, rules
from mcbridge.errors import ConfigError, InputError
from mcbridge.register.base import Entry, Payload, State
from mcbridge.register.changes import Change, compare
from mcbridge.register.memory import MemoryRegister
from mcbridge.register.plan import About, Absent, Action, Blocked, Create, Keep, Plan, SourceMark, Update, make_plan
from mcbridge.register.verdict import Candidate, Verdict
from mcbridge.register.wanted import Reason, Wanted, wanted
from tests.publishing import demo, verdict, want

ABOUT = About(
    tool="0.1.0",
    register="https://register.example#DEMOQA",
    environment="test",
    config="c0f",
    serial=7,
    sources=(SourceMark(name="a.csv", sha256="5ha", records=3),),
)


def there(key: str, state: State = State.PUBLISHED, **fields: Any) -> Entry:
    """What the ledger knows of a record with 5 credits."""
    payload = Payload.of(key, "T", {"ects": 5})
    made: dict[str, Any] = {
        "key": key,
        "state": state,
        "title": "T",
        "register_id": "12",
        "hash": payload.hash,
        "body": payload.body,
    }
    return Entry(**(made | fields))


def refused(key: str, *rule_ids: str, disqualified: bool = False) -> Wanted:
    reasons = tuple(Reason(rule=rule, text=f"because of {rule}") for rule in rule_ids)
    return Wanted(key=key, title="T", reasons=reasons, disqualified=disqualified)


def one(wants: list[Wanted], present: list[Entry], **options: Any) -> Action:
    [action] = make_plan(wants, present, ABOUT, **({"may_withdraw": False} | options)).actions
    return action


FIVE, SIX = want("k", ects=5), want("k", ects=6)
NEVER = {"register_id": None, "hash": None, "body": None}


@pytest.mark.parametrize(
    ("wants", "present", "kind", "reason"),
    [
        ([FIVE], [], "create", "not in the register yet"),
        ([FIVE], [there("k")], "keep", "unchanged"),
        ([SIX], [there("k")], "update", "changed: ects"),
        ([], [there("k")], "absent", "nothing is withdrawn"),
        ([FIVE], [there("k", State.FLAGGED)], "keep", "accepted with remarks"),
        ([FIVE], [there("k", State.HELD)], "keep", "held for review"),
        ([SIX], [there("k", State.FLAGGED)], "update", "changed: ects"),
        ([FIVE], [there("k", State.WITHDRAW_REQUESTED)], "blocked", "would cancel"),
        ([], [there("k", State.WITHDRAW_REQUESTED)], "absent", "has been requested"),
        ([FIVE], [there("k", State.WITHDRAWN)], "blocked", "when somebody says so"),
        ([FIVE], [there("k", State.DRIFTED, failure="changed: ects")], "blocked", "changed: ects"),
        ([FIVE], [there("k", State.UNCERTAIN)], "update", "no answer"),
        ([FIVE], [there("k", State.UNCERTAIN, **NEVER)], "create", "no answer"),
        ([FIVE], [there("k", State.CONFLICT, **NEVER)], "create", "held something else"),
        ([FIVE], [there("k", State.FAILED, failure="bad level", **NEVER)], "create", "refused before: bad level"),
        ([FIVE], [there("k", State.FAILED, **NEVER)], "create", "not in the register yet"),
        ([refused("k", "register/ects-not-whole")], [], "blocked", "cannot be published as it is"),
        ([refused("k", "register/ects-not-whole")], [there("k")], "blocked", "what was published before stays"),
        ([refused("k", "eligibility/ects-range", disqualified=True)], [there("k")], "blocked", "does not qualify"),
    ],
)
def test_what_is_wanted_and_what_is_there_decide(
    wants: list[Wanted], present: list[Entry], kind: str, reason: str
) -> None:
    action = one(wants, present)
    said = action.reason + "".join(each.text for each in getattr(action, "reasons", ()))
    assert (action.kind, reason in said) == (kind, True), said


@pytest.mark.parametrize(
    ("state", "rule"),
    [
        (State.WITHDRAW_REQUESTED, "register/withdrawal-pending"),
        (State.WITHDRAWN, "register/withdrawn"),
        (State.DRIFTED, "register/drifted"),
    ],
)
def test_what_the_ledger_knows_blocks_under_a_rule_that_can_be_explained(state: State, rule: str) -> None:
    action = one([FIVE], [there("k", state)])
    assert isinstance(action, Blocked)
    [reason] = action.reasons
    assert (reason.rule, reason.hint != "") == (rule, True)
    assert rules()[rule].why


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.FAILED, State.CONFLICT])
def test_what_is_neither_wanted_nor_there_is_not_mentioned(state: State) -> None:
    fields = NEVER if state is not State.WITHDRAWN else {}
    assert make_plan([], [there("k", state, **fields)], ABOUT, may_withdraw=True).actions == ()


def test_an_update_names_each_field_that_differs_with_both_values() -> None:
    before = {"programmes": [{"workload_ects": 5, "name": "A"}], "files": ["x"]}
    after = {"programmes": [{"workload_ects": 6, "name": "A"}], "files": ["x", "y"], "status": "1"}
    entry = there("k", hash="old", body=before)
    action = one([want("k", **after)], [entry])
    assert isinstance(action, Update)
    assert [str(change) for change in action.changes] == [
        'files: ["x"] → ["x","y"]',
        "programmes[0].workload_ects: 5 → 6",
        "status: nothing → 1",
    ]
    assert (action.register_id, action.before) == ("12", "old")


def test_an_update_with_the_source_unchanged_says_that_only_the_mapping_changed() -> None:
    payload = Payload.of("k", "T", {"ects": 6}, source="s0urce")
    wanted_ = Wanted(key="k", title="T", payload=payload)
    changed, same = one([wanted_], [there("k", source="other")]), one([wanted_], [there("k", source="s0urce")])
    assert isinstance(changed, Update)
    assert isinstance(same, Update)
    assert (changed.mapping_only, same.mapping_only) == (False, True)
    assert "only because the mapping" in same.reason


def test_content_that_was_refused_in_five_runs_waits_until_it_changes() -> None:
    entry = there(
        "k", State.FAILED, failure="no", failures=5, failed_hash=FIVE.payload.hash if FIVE.payload else "", **NEVER
    )
    blocked = one([FIVE], [entry])
    assert isinstance(blocked, Blocked)
    assert [reason.rule for reason in blocked.reasons] == ["register/quarantined"]
    assert isinstance(one([SIX], [entry]), Create)


def test_two_provisions_of_one_key_block_each_other() -> None:
    action = one([FIVE, SIX], [there("k")])
    assert isinstance(action, Blocked)
    assert [reason.rule for reason in action.reasons] == ["register/key-twice"]
    assert action.published


def test_provisions_without_a_key_stand_side_by_side() -> None:
    plan = make_plan([refused("", "a/b"), refused("", "c/d")], [], ABOUT, may_withdraw=False)
    assert [action.kind for action in plan.actions] == ["blocked", "blocked"]


@pytest.mark.parametrize(
    ("wants", "entry", "may", "complete", "kind"),
    [
        ([], there("k", ripe=True, absent_runs=2), True, True, "withdraw"),
        ([], there("k", ripe=True), False, True, "absent"),
        ([], there("k", ripe=True), True, False, "absent"),
        ([], there("k", ripe=False), True, True, "absent"),
        ([refused("k", "eligibility/ects-range", disqualified=True)], there("k"), True, True, "withdraw"),
        ([refused("k", "eligibility/ects-range", disqualified=True)], there("k"), True, False, "blocked"),
        ([refused("k", "register/ects-not-whole")], there("k"), True, True, "blocked"),
        (
            [refused("k", "eligibility/ects-range", disqualified=True)],
            there("k", State.WITHDRAW_REQUESTED),
            True,
            True,
            "blocked",
        ),
    ],
)
def test_withdrawals_need_leave_complete_sources_and_either_time_or_a_provision_that_no_longer_qualifies(
    wants: list[Wanted], entry: Entry, *, may: bool, complete: bool, kind: str
) -> None:
    about = msgspec.structs.replace(ABOUT, complete=complete)
    [action] = make_plan(wants, [entry], about, may_withdraw=may).actions
    assert action.kind == kind


def test_the_same_inputs_give_the_same_bytes_in_whatever_order_they_come() -> None:
    wants = [want("b", ects=1), want("a", ects=2), refused("c", "a/b"), refused("", "x/y"), refused("", "a/a")]
    entries = [there("z"), there("a"), there("y")]
    first = make_plan(wants, entries, ABOUT, may_withdraw=False).to_json()
    second = make_plan(wants[::-1], entries[::-1], ABOUT, may_withdraw=False).to_json()
    assert first == second
    assert first.endswith(b"}\n")
    assert json.loads(first)["format"] == 1


def test_a_plan_file_is_read_back_as_it_was() -> None:
    plan = make_plan(
        [FIVE, want("n", ects=2), refused("r", "a/b")], [there("k"), there("gone")], ABOUT, may_withdraw=False
    )
    assert Plan.from_json(plan.to_json(), "plan.json") == plan
    assert plan.counts() == {"absent": 1, "blocked": 1, "create": 1, "keep": 1}
    assert [action.key for action in plan.pending] == ["n"]


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"{", InputError, "no plan"),
        (b'{"format": 1}', InputError, "about"),
        (b'{"format": 99, "about": {}}', ConfigError, "format 99"),
        (b'{"plan": 1}', InputError, "format"),
        (b'{"format": 1, "about": {}, "actions": [], "more": 1}', InputError, "no plan"),
    ],
)
def test_what_is_no_plan_is_said_to_be_none(data: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error) as caught:
        Plan.from_json(data, "plan.json")
    assert says in str(caught.value)
    assert "plan.json" in str(caught.value)


def test_a_plan_that_was_edited_by_hand_is_not_carried_out() -> None:
    data = make_plan([FIVE], [], ABOUT, may_withdraw=False).to_json().replace(b'"ects": 5', b'"ects": 50')
    with pytest.raises(InputError, match="was changed after planning"):
        Plan.from_json(data, "plan.json")


def test_a_plan_reads_like_a_list_of_what_would_be_done() -> None:
    wants = [SIX, want("n", ects=2), refused("r", "register/ects-not-whole"), want("same", ects=5)]
    plan = make_plan(wants, [there("k"), there("gone"), there("same")], ABOUT, may_withdraw=False)
    assert list(plan.lines()) == [
        "absent   gone  T  (in none of the sources; nothing is withdrawn)",
        "update   k  Title of k  (changed: ects)",
        "         ects: 5 → 6",
        "create   n  Title of n  (not in the register yet)",
        "blocked  r  T  (it cannot be published as it is)",
        "         because of register/ects-not-whole  [register/ects-not-whole]",
        "1 absent, 1 blocked, 1 create, 1 keep, 1 update",
    ]
    assert list(make_plan([], [], ABOUT, may_withdraw=False).lines()) == ["nothing in the sources"]


def test_two_plans_are_told_apart_by_key() -> None:
    first = make_plan([FIVE, want("n", ects=2)], [], ABOUT, may_withdraw=False)
    second = make_plan([FIVE], [there("k")], ABOUT, may_withdraw=False)
    assert first.diff(second) == (("k", "create", "keep"), ("n", "create", "none"))
    assert first.hash != second.hash


def test_many_changes_are_named_by_the_first_three() -> None:
    action = one([want("k", a=1, b=2, c=3, d=4, e=5)], [there("k", hash="x", body={})])
    assert action.reason == "changed: a, b, c and 2 more"
    assert one([want("k", a=1)], [there("k", hash="x", body={"a": 1})]).reason == "sent otherwise than before"


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, ["a[1]"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["a[0].b"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["a"]),
        ({"a": {"b": 1}}, {"a": {}}, ["a.b"]),
        ({"a": None}, {}, []),
        ([], [], []),
        ({"a": "x"}, {"a": "x"}, []),
    ],
)
def test_differences_are_found_where_they_are(before: Any, after: Any, changes: list[str]) -> None:
    assert [change.field for change in compare(before, after)] == changes


def test_a_long_value_is_shown_by_its_beginning() -> None:
    assert len(str(Change(field="f", before="x" * 500, after="y"))) < 120


# ------------------------------------------------------------------------------------------------- verdicts and wishes

RANGE = Diagnostic(
    rules().get("register/key-twice") or pytest.fail("no rule"),
    JsonLocation("a.json", "/x"),
    value="Testa",
    facts={"number": 2},
)


def test_a_publishable_verdict_becomes_a_payload() -> None:
    [wish] = wanted([verdict(demo())], MemoryRegister())
    assert wish.payload is not None
    assert (wish.key, wish.title) == ("demo-uni.example/MC-1", "Data Stewardship 1")
    assert wish.payload.body["key"] == wish.key
    assert "sources" not in wish.payload.body


def test_another_document_of_the_same_offer_changes_nothing() -> None:
    [one_], [other] = (
        list(wanted([verdict(demo(sources=()))], MemoryRegister())),
        list(wanted([verdict(demo())], MemoryRegister())),
    )
    assert one_.payload is not None
    assert one_.payload == other.payload


def test_reasons_say_rule_words_hint_and_place() -> None:
    candidate = verdict(demo()).candidate
    [wish] = wanted([Verdict(candidate, (RANGE,))], MemoryRegister())
    [reason] = wish.reasons
    assert (reason.rule, reason.where) == ("register/key-twice", "a.json, /x")
    assert reason.text.startswith("2 different")
    assert reason.hint
    assert RANGE.level is Severity.ERROR
    assert not wish.disqualified


def test_what_was_held_back_for_personal_data_shows_neither_title_nor_value() -> None:
    held = Verdict(Candidate("k", "Testa Primjerić's course", None, (), (RANGE,)), (RANGE,))
    [wish] = wanted([held], MemoryRegister())
    assert (wish.key, wish.title) == ("k", "")
    assert "Testa" not in str(wish)


def test_absent_and_keep_have_no_content_to_send() -> None:
    plan = make_plan([FIVE], [there("k"), there("gone")], ABOUT, may_withdraw=False)
    assert [isinstance(action, Keep | Absent) for action in plan.actions] == [True, True]
    assert plan.pending == ()
