"""Carrying out a plan: in order, once, resumably, and never beyond what is certain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mcbridge.errors import BrakeHeld, RegisterDenied, RegisterRefused, RegisterUnavailable, TryLater
from mcbridge.register.apply import Step
from mcbridge.register.base import AlreadyThere, Capabilities, Entry, NotThere, Payload, Receipt, RegisterBroke, State
from mcbridge.register.memory import MemoryRegister
from mcbridge.register.outcome import Came, Outcome, Result
from mcbridge.register.plan import Create
from mcbridge.register.store import Owner
from tests.publishing import Clock, Desk, open_ledger, planned, want

LOST = RegisterUnavailable("no answer", uncertain=True)
DOWN = RegisterUnavailable("cannot be reached")
BROKE = RegisterBroke("the register answers 500", uncertain=True)


class Moody(MemoryRegister):
    """A register in memory that fails when it is told to: before or after it has done what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[tuple[str, str], list[Exception]] = {}
        self.after: dict[tuple[str, str], list[Exception]] = {}
        self.calls: list[tuple[str, str]] = []
        self.marks: list[tuple[str, bytes]] = []
        self.settle = 0.0

    @property
    def capabilities(self) -> Capabilities:  # type: ignore[override]
        return Capabilities(settle=self.settle)

    def _with_moods(self, verb: str, key: str, what: Callable[[], Any]) -> Any:
        self.calls.append((verb, key))
        if waiting := self.before.get((verb, key)) or self.before.get((verb, "*")):
            raise waiting.pop(0)
        done = what()
        if waiting := self.after.get((verb, key)):
            raise waiting.pop(0)
        return done

    def lookup(self, key: str) -> Entry | None:
        found: Entry | None = self._with_moods("lookup", key, lambda: super(Moody, self).lookup(key))
        return found

    def create(self, payload: Payload, mark: str) -> Receipt:
        self.marks.append((mark, payload.data))
        made: Receipt = self._with_moods("create", payload.key, lambda: super(Moody, self).create(payload, mark))
        return made

    def update(self, payload: Payload, register_id: str | None, mark: str) -> Receipt:
        self.marks.append((mark, payload.data))
        made: Receipt = self._with_moods(
            "update", payload.key, lambda: super(Moody, self).update(payload, register_id, mark)
        )
        return made

    def withdraw(self, key: str, register_id: str | None, reason: str, mark: str) -> Receipt:
        made: Receipt = self._with_moods(
            "withdraw", key, lambda: super(Moody, self).withdraw(key, register_id, reason, mark)
        )
        return made

    def written(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if call[0] != "lookup"]


@pytest.fixture
def moody() -> Moody:
    return Moody()


@pytest.fixture
def desk(moody: Moody, tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    with open_ledger(tmp_path, clock, moody.identity) as ledger:
        yield Desk(moody, ledger, clock)


def came(outcome: Outcome) -> dict[str, str]:
    return {result.key: result.came.value for result in outcome.results}


A, B, C = want("a", ects=1), want("b", ects=2), want("c", ects=3)


def test_everything_is_created_looked_up_and_remembered(desk: Desk, moody: Moody) -> None:
    outcome = desk.publish(A, B)
    assert (outcome.code, came(outcome)) == (0, {"a": "created", "b": "created"})
    assert all(result.verified for result in outcome.results)
    assert moody.calls == [("create", "a"), ("create", "b"), ("lookup", "a"), ("lookup", "b")]
    assert [(entry.key, entry.state, entry.register_id) for entry in desk.ledger.entries()] == [
        ("a", State.PUBLISHED, "1"),
        ("b", State.PUBLISHED, "2"),
    ]
    assert [step.point for step in desk.steps] == [
        "begun",
        *("intended", "sent", "recorded") * 2,
        "verified",
        "verified",
    ]
    assert list(outcome.lines()) == ["2 created"]


def test_the_intention_is_on_disk_before_anything_is_sent(desk: Desk, moody: Moody, tmp_path: Path) -> None:
    seen: list[tuple[str, str]] = []

    def look(step: Step) -> None:
        if step.point == "intended":
            with open_ledger(tmp_path, desk.clock, moody.identity) as other:
                seen.extend((op.key, op.status) for op in other.open_ops())
            assert moody.written() == []

    desk.apply(desk.plan(A), progress=look)
    assert seen == [("a", "intent")]


# ------------------------------------------------------------------------------------------------------ uncertain ends


def test_an_answer_that_got_lost_is_looked_up_and_nothing_is_sent_twice(desk: Desk, moody: Moody) -> None:
    moody.after["create", "a"] = [LOST]
    outcome = desk.publish(A, B)
    assert came(outcome) == {"a": "created", "b": "created"}
    assert moody.written() == [("create", "a"), ("create", "b")]


def test_a_request_that_got_lost_is_sent_again_later_under_the_same_id_and_with_the_same_bytes(
    desk: Desk, moody: Moody
) -> None:
    moody.before["create", "a"] = [LOST]
    outcome = desk.publish(A, B)
    assert came(outcome) == {"a": "created", "b": "created"}
    assert moody.written() == [("create", "a"), ("create", "b"), ("create", "a")]
    assert moody.marks[0] == moody.marks[2]


def test_before_sending_again_the_time_is_waited_in_which_a_lost_request_may_still_arrive(
    desk: Desk, moody: Moody
) -> None:
    moody.settle = 30
    moody.before["create", "a"] = [LOST]
    waited: list[float] = []
    assert desk.apply(desk.plan(A), pause=waited.append).code == 0
    [seconds] = waited
    assert 20 < seconds <= 30


def test_what_gets_no_answer_twice_stays_uncertain_and_is_found_out_by_the_next_run(desk: Desk, moody: Moody) -> None:
    moody.before["create", "a"] = [LOST, LOST]
    outcome = desk.publish(A, B)
    assert (outcome.code, came(outcome)) == (75, {"a": "uncertain", "b": "created"})
    [op] = desk.ledger.open_ops()
    assert (op.key, op.status, op.sent) == ("a", "uncertain", 2)
    plan = desk.plan(A, B)
    [action] = plan.pending
    assert (action.kind, "no answer" in action.reason) == ("create", True)
    assert came(desk.apply(plan)) == {"a": "created", "b": "kept"}
    assert len({mark for mark, data in moody.marks if data == moody.marks[0][1]}) == 1
    assert desk.ledger.open_ops() == ()


def test_what_took_effect_after_all_is_adopted_by_the_next_run(desk: Desk, moody: Moody) -> None:
    moody.after["create", "a"] = [LOST]
    moody.before["lookup", "a"] = [DOWN, DOWN]
    outcome = desk.publish(A)
    assert (outcome.code, came(outcome)) == (75, {"a": "uncertain"})
    assert came(desk.publish(A)) == {"a": "adopted"}
    assert moody.written() == [("create", "a")]


def test_an_error_of_the_register_that_saved_is_no_failure(desk: Desk, moody: Moody) -> None:
    moody.after["create", "a"] = [BROKE]
    assert came(desk.publish(A)) == {"a": "created"}
    assert moody.written() == [("create", "a")]


def test_an_error_of_the_register_that_did_not_save_fails_that_record_only(desk: Desk, moody: Moody) -> None:
    moody.before["create", "a"] = [BROKE]
    outcome = desk.publish(A, B)
    assert (outcome.code, came(outcome)) == (5, {"a": "failed", "b": "created"})
    assert moody.written() == [("create", "a"), ("create", "b")], "not tried blindly again"
    assert came(desk.publish(A, B)) == {"a": "created", "b": "kept"}


def test_an_uncertain_update_that_was_not_made_is_made(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.before["update", "a"] = [LOST, LOST]
    changed = want("a", ects=9)
    assert came(desk.publish(changed, B)) == {"a": "uncertain", "b": "kept"}
    entry = desk.ledger.entry("a")
    assert entry is not None
    assert (entry.state, entry.published) == (State.UNCERTAIN, True)
    assert came(desk.publish(changed, B)) == {"a": "updated", "b": "kept"}
    assert moody.records["a"].body == {"ects": 9}


def test_an_uncertain_update_that_was_made_is_not_made_again(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.after["update", "a"] = [LOST]
    assert came(desk.publish(want("a", ects=9), B)) == {"a": "updated", "b": "kept"}
    assert moody.written().count(("update", "a")) == 1


def test_when_the_source_goes_back_while_an_update_is_uncertain_the_register_follows(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.after["update", "a"] = [LOST]
    plan = desk.plan(want("a", ects=9), B)

    def unreachable_after_sending(step: Step) -> None:
        if step.point == "uncertain":
            moody.before["lookup", "a"] = [DOWN, DOWN]

    assert came(desk.apply(plan, progress=unreachable_after_sending)) == {"a": "uncertain", "b": "kept"}
    assert came(desk.publish(A, B))["a"] == "updated"
    assert moody.records["a"].body == {"ects": 1}


def test_an_operation_for_what_no_source_has_any_more_is_laid_down(desk: Desk, moody: Moody) -> None:
    moody.before["create", "a"] = [LOST, LOST]
    desk.publish(A, B)
    plan = planned(moody, desk.ledger, [B], records=2)
    assert came(desk.apply(plan)) == {"b": "kept"}
    assert desk.ledger.open_ops() == ()
    assert moody.lookup("a") is None


# --------------------------------------------------------------------------------------- what is there already, or not


def test_what_is_there_already_and_the_same_is_adopted(desk: Desk, moody: Moody) -> None:
    assert A.payload is not None
    MemoryRegister.create(moody, A.payload, "somebody")
    outcome = desk.publish(A)
    assert came(outcome) == {"a": Came.ADOPTED.value}
    assert outcome.code == 0


def test_what_is_there_already_and_different_is_a_conflict_until_somebody_has_decided(desk: Desk, moody: Moody) -> None:
    foreign = want("a", ects=99).payload
    assert foreign is not None
    MemoryRegister.create(moody, foreign, "somebody")
    outcome = desk.publish(A, B)
    assert (outcome.code, came(outcome)) == (5, {"a": "conflict", "b": "created"})
    assert moody.records["a"].body == {"ects": 99}, "nothing foreign is overwritten"
    del moody.records["a"]
    assert came(desk.publish(A, B)) == {"a": "created", "b": "kept"}


def test_a_duplicate_that_a_look_up_does_not_find_is_a_failure(desk: Desk, moody: Moody) -> None:
    moody.before["create", "a"] = [AlreadyThere("a exists already", reason="it does")]
    outcome = desk.publish(A)
    assert came(outcome) == {"a": "failed"}
    assert "a look-up does not find it" in outcome.results[0].text


def test_what_vanished_at_the_register_is_created_again_by_an_update(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    del moody.records["a"]
    assert came(desk.publish(want("a", ects=9), B)) == {"a": "created", "b": "kept"}


def test_an_update_that_the_register_does_not_find_becomes_a_create(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.before["update", "a"] = [NotThere("a is not there")]
    plan = desk.plan(want("a", ects=9), B)

    def vanish(step: Step) -> None:
        if step.point == "intended":
            del moody.records["a"]

    assert came(desk.apply(plan, progress=vanish)) == {"a": "created", "b": "kept"}


def test_a_foreign_change_is_not_overwritten(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.records["a"] = msgspec.structs.replace(moody.records["a"], body={"ects": 7})
    outcome = desk.publish(want("a", ects=9), B)
    assert (outcome.code, came(outcome)) == (5, {"a": "drifted", "b": "kept"})
    assert moody.records["a"].body == {"ects": 7}
    blocked = desk.plan(want("a", ects=9), B).actions[0]
    assert (blocked.kind, "ects" in blocked.reason) == ("blocked", True)


def test_a_change_that_somebody_made_for_us_is_simply_sent(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.records["a"] = msgspec.structs.replace(moody.records["a"], body={"ects": 9})
    assert came(desk.publish(want("a", ects=9), B)) == {"a": "updated", "b": "kept"}


def test_what_is_not_shown_as_sent_has_drifted(desk: Desk, moody: Moody) -> None:
    def tamper(step: Step) -> None:
        if step.point == "recorded":
            moody.records["a"] = msgspec.structs.replace(moody.records["a"], body={"ects": 7, "more": 1})

    outcome = desk.apply(desk.plan(A), progress=tamper)
    assert came(outcome) == {"a": "drifted"}
    assert "ects, more" in outcome.results[0].text


def test_what_vanished_before_it_was_looked_up_has_drifted(desk: Desk, moody: Moody) -> None:
    def vanish(step: Step) -> None:
        if step.point == "recorded":
            moody.records.clear()

    outcome = desk.apply(desk.plan(A), progress=vanish)
    assert came(outcome) == {"a": "drifted"}
    assert "nothing is there" in outcome.results[0].text


def test_a_flag_is_shown_and_the_record_not_sent_again(desk: Desk, moody: Moody) -> None:
    def flag(step: Step) -> None:
        if step.point == "recorded":
            moody.records["a"] = msgspec.structs.replace(moody.records["a"], flag="low level")

    outcome = desk.apply(desk.plan(A), progress=flag)
    assert outcome.code == 0
    assert [line for line in outcome.lines() if "low level" in line]
    assert desk.plan(A).counts() == {"keep": 1}


# ------------------------------------------------------------------------------------------------------------ failures


def test_five_failures_in_a_row_stop_the_run_and_the_rest_waits(desk: Desk, moody: Moody) -> None:
    moody.before["create", "*"] = [RegisterRefused("no", reason="bad level")] * 5
    wants = [want(f"k{number}", ects=1) for number in range(8)]
    outcome = desk.publish(*wants)
    assert outcome.code == 75
    assert "5 failures in a row" in outcome.stopped
    assert outcome.counts() == {"failed": 5, "not sent": 3}
    assert desk.publish(*wants).counts() == {"created": 8}
    keys = [key for _, key in moody.written()[5:]]
    assert keys == ["k5", "k6", "k7", "k0", "k1", "k2", "k3", "k4"], "those that failed come last"


def test_a_success_in_between_starts_the_count_again(desk: Desk, moody: Moody) -> None:
    wants = [want(f"k{number}", ects=1) for number in range(9)]
    for number in (0, 1, 2, 3, 5, 6, 7, 8):
        moody.before["create", f"k{number}"] = [RegisterRefused("no", reason="bad level")]
    outcome = desk.publish(*wants)
    assert (outcome.code, outcome.counts()) == (5, {"created": 1, "failed": 8})


def test_a_missing_right_stops_the_run_at_once(desk: Desk, moody: Moody) -> None:
    moody.before["create", "b"] = [RegisterDenied("Invalid token.")]
    outcome = desk.publish(A, B, C)
    assert (outcome.code, outcome.stopped) == (77, "Invalid token.")
    assert came(outcome) == {"a": "created", "b": "not sent", "c": "not sent"}
    assert came(desk.publish(A, B, C)) == {"a": "kept", "b": "created", "c": "created"}


@pytest.mark.parametrize("when", ["recover", "update", "verify"])
def test_a_missing_right_is_noticed_when_looking_as_well(desk: Desk, moody: Moody, when: str) -> None:
    if when == "recover":
        moody.before["create", "a"] = [LOST, LOST]
        desk.publish(A)
    if when == "update":
        desk.publish(A)
    moody.before["lookup", "a"] = [RegisterDenied("Invalid token.")]
    outcome = desk.publish(want("a", ects=9) if when == "update" else A)
    assert outcome.code == 77


def test_an_unreachable_register_fails_nobody(desk: Desk, moody: Moody) -> None:
    moody.before["create", "*"] = [DOWN] * 2
    outcome = desk.publish(A, B)
    assert (outcome.code, came(outcome)) == (75, {"a": "not sent", "b": "not sent"})
    assert all(entry.failures == 0 for entry in desk.ledger.entries())
    assert came(desk.publish(A, B)) == {"a": "created", "b": "created"}


def test_content_that_is_refused_in_five_runs_is_not_sent_a_sixth_time(desk: Desk, moody: Moody) -> None:
    for _ in range(5):
        moody.before["create", "a"] = [RegisterRefused("no", reason="bad level")]
        assert came(desk.publish(A)) == {"a": "failed"}
    assert came(desk.publish(A)) == {"a": "blocked"}
    assert len(moody.written()) == 5
    assert came(desk.publish(want("a", ects=8))) == {"a": "created"}


def test_a_refused_update_leaves_what_was_published(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.before["update", "a"] = [RegisterRefused("no", reason="bad level")]
    assert came(desk.publish(want("a", ects=9), B)) == {"a": "failed", "b": "kept"}
    entry = desk.ledger.entry("a")
    assert entry is not None
    assert (entry.state, entry.failure, entry.body) == (State.PUBLISHED, "bad level", {"ects": 1})


def test_a_look_up_that_fails_afterwards_is_made_up_for_by_the_next_run(desk: Desk, moody: Moody) -> None:
    moody.before["lookup", "a"] = [DOWN]
    outcome = desk.publish(A)
    assert outcome.code == 75
    assert "the look-up failed" in outcome.results[0].text
    assert desk.ledger.unverified() == ("a",)
    assert came(desk.publish(A)) == {"a": "kept"}
    assert desk.ledger.unverified() == ()
    assert moody.written() == [("create", "a")]


def test_an_update_waits_when_the_register_cannot_be_looked_at(desk: Desk, moody: Moody) -> None:
    desk.publish(A, B)
    moody.before["lookup", "a"] = [DOWN]
    assert came(desk.publish(want("a", ects=9), B)) == {"a": "not sent", "b": "kept"}
    assert ("update", "a") not in moody.written()


# ----------------------------------------------------------------------------------------------- stopping and resuming


def test_being_told_to_stop_ends_after_the_record_in_hand(desk: Desk, moody: Moody) -> None:
    outcome = desk.apply(desk.plan(A, B, C), stop=lambda: len(moody.written()) >= 2)
    assert (outcome.code, came(outcome)) == (75, {"a": "created", "b": "created", "c": "not sent"})
    assert "interrupted" in outcome.stopped


def test_the_time_for_a_run_is_kept(desk: Desk) -> None:
    outcome = desk.apply(desk.plan(A, B), deadline=desk.clock.now)
    assert (outcome.code, came(outcome)) == (75, {"a": "not sent", "b": "not sent"})
    assert "time" in outcome.stopped


def test_a_plan_that_was_cut_short_may_be_carried_out_again(desk: Desk, moody: Moody) -> None:
    plan = desk.plan(A, B, C)
    desk.apply(plan, stop=lambda: len(moody.written()) >= 1)
    again = desk.apply(plan)
    assert came(again) == {"a": Came.ADOPTED.value, "b": "created", "c": "created"}
    assert moody.written() == [("create", "a"), ("create", "b"), ("create", "c")]


def test_a_plan_is_stale_when_the_ledger_moved_and_says_which_records(desk: Desk) -> None:
    stale = desk.plan(A, B)
    desk.publish(A, C)
    with pytest.raises(BrakeHeld, match="a, c") as caught:
        desk.apply(stale)
    assert caught.value.exit_code == 6


def test_a_plan_is_stale_when_the_sources_moved_and_says_which_records(desk: Desk) -> None:
    stale = desk.plan(A, B)
    fresh = desk.plan(A, want("b", ects=7), C)
    with pytest.raises(BrakeHeld, match="b, c"):
        apply_with(desk, stale, fresh)
    same = msgspec.structs.replace(fresh, about=msgspec.structs.replace(stale.about, config="other"))
    with pytest.raises(BrakeHeld, match="configuration"):
        apply_with(desk, stale, same)
    assert desk.ledger.entries() == ()


def test_a_plan_whose_sources_are_as_they_were_is_carried_out(desk: Desk) -> None:
    plan = desk.plan(A, B)
    assert apply_with(desk, plan, desk.plan(A, B)).code == 0


def apply_with(desk: Desk, plan: Any, fresh: Any) -> Outcome:
    from mcbridge.register.apply import apply

    return apply(plan, desk.register, desk.ledger, desk.conduct(), fresh=fresh)


def test_many_moved_records_are_named_by_the_first_twenty(desk: Desk) -> None:
    stale = desk.plan(A)
    desk.publish(*[want(f"k{number:02}", ects=1) for number in range(25)])
    with pytest.raises(BrakeHeld, match="k19 and 5 more"):
        desk.apply(stale)


def test_a_second_run_at_the_same_time_is_told_who_has_the_ledger(desk: Desk, moody: Moody, tmp_path: Path) -> None:
    other = open_ledger(tmp_path, desk.clock, moody.identity)
    owner = Owner.here("the nightly run", "06:00")
    with other, other.lock(owner), pytest.raises(TryLater, match="the nightly run"):
        desk.publish(A)
    assert desk.publish(A).code == 0


# --------------------------------------------------------------------------------------------------------- withdrawals


def test_what_was_absent_long_enough_is_withdrawn_last_and_stays_gone(desk: Desk, moody: Moody) -> None:
    wants = [want(f"k{number}", ects=1) for number in range(10)]
    desk.publish(*wants)
    for _ in range(2):
        desk.apply(desk.plan(*wants[1:], may_withdraw=True))
        desk.clock.pass_by(hours=25)
    plan = desk.plan(*wants[1:], want("new", ects=1), may_withdraw=True)
    assert plan.counts() == {"create": 1, "keep": 9, "withdraw": 1}
    outcome = desk.apply(plan)
    assert came(outcome)["k0"] == "withdrawal requested"
    assert moody.written()[-2:] == [("create", "new"), ("withdraw", "k0")]
    assert desk.plan(*wants[1:], want("new", ects=1), may_withdraw=True).counts() == {"keep": 10}
    blocked = desk.plan(*wants, want("new", ects=1)).actions[0]
    assert (blocked.key, blocked.kind) == ("k0", "blocked"), "what was withdrawn does not come back by itself"


def test_being_back_once_starts_the_absence_anew(desk: Desk) -> None:
    wants = [want(f"k{number}", ects=1) for number in range(10)]
    desk.publish(*wants)
    desk.apply(desk.plan(*wants[1:]))
    desk.clock.pass_by(hours=25)
    desk.apply(desk.plan(*wants))
    desk.apply(desk.plan(*wants[1:]))
    assert desk.plan(*wants[1:], may_withdraw=True).counts() == {"absent": 1, "keep": 9}


def test_absence_from_an_incomplete_source_does_not_count(desk: Desk) -> None:
    wants = [want(f"k{number}", ects=1) for number in range(10)]
    desk.publish(*wants)
    for _ in range(3):
        desk.apply(desk.plan(*wants[1:], complete=False))
        desk.clock.pass_by(hours=25)
    assert desk.plan(*wants[1:], may_withdraw=True).counts() == {"absent": 1, "keep": 9}


def ripe(desk: Desk) -> list[Any]:
    wants = [want(f"k{number}", ects=1) for number in range(10)]
    desk.publish(*wants)
    for _ in range(2):
        desk.apply(desk.plan(*wants[1:]))
        desk.clock.pass_by(hours=25)
    return wants[1:]


def test_nothing_is_withdrawn_when_anything_else_went_wrong(desk: Desk, moody: Moody) -> None:
    wants = ripe(desk)
    moody.before["create", "new"] = [RegisterRefused("no", reason="bad level")]
    outcome = desk.apply(desk.plan(*wants, want("new", ects=1), may_withdraw=True))
    assert came(outcome)["k0"] == "not sent"
    assert ("withdraw", "k0") not in moody.written()


def test_a_withdrawal_without_an_answer_is_asked_for_again(desk: Desk, moody: Moody) -> None:
    wants = ripe(desk)
    moody.before["withdraw", "k0"] = [LOST]
    outcome = desk.apply(desk.plan(*wants, may_withdraw=True))
    assert (outcome.code, came(outcome)["k0"]) == (75, "uncertain")
    entry = desk.ledger.entry("k0")
    assert entry is not None
    assert entry.state is State.WITHDRAW_REQUESTED, "so that no update cancels it"
    moody.before["withdraw", "k0"] = [DOWN]
    assert came(desk.apply(desk.plan(*wants, may_withdraw=True)))["k0"] == "uncertain"
    assert came(desk.apply(desk.plan(*wants, may_withdraw=True)))["k0"] == "withdrawal requested"
    assert desk.ledger.open_ops() == ()


def test_a_missing_right_to_withdraw_stops_the_run(desk: Desk, moody: Moody) -> None:
    wants = ripe(desk)
    moody.before["withdraw", "k0"] = [LOST]
    desk.apply(desk.plan(*wants, may_withdraw=True))
    moody.before["withdraw", "k0"] = [RegisterDenied("no right")]
    assert desk.apply(desk.plan(*wants, may_withdraw=True)).code == 77


# ------------------------------------------------------------------------------------------------------------ outcomes


def test_the_worst_exit_code_wins_in_the_stated_order() -> None:
    def outcome(*each: Came, stop: int = 0) -> int:
        results = tuple(Result(key=str(at), title="", came=one) for at, one in enumerate(each))
        return Outcome(run="r", results=results, stop_code=stop).code

    assert outcome() == 0
    assert outcome(Came.CREATED, Came.BLOCKED, Came.ABSENT) == 0
    assert outcome(Came.FAILED, Came.CREATED) == 5
    assert outcome(Came.FAILED, Came.UNCERTAIN) == 75
    assert outcome(Came.FAILED, stop=77) == 77
    assert list(Outcome(run="r").lines()) == ["nothing to do"]


def test_every_action_has_its_line_in_the_plan_and_its_result(desk: Desk) -> None:
    plan = desk.plan(A, B)
    assert [type(action) for action in plan.pending] == [Create, Create]
    outcome = desk.apply(plan)
    assert [result.key for result in outcome.results] == [action.key for action in plan.actions]
    assert timedelta(0) < desk.ledger.now() - desk.ledger.runs(1)[0].started
