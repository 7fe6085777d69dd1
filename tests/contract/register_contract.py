"""What every register has to do, one small promise each. A register of one's own inherits them all."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from mcbridge.model import Credit, Identifier, Learner, Organisation, Provision, Specification
from mcbridge.register.base import AlreadyThere, Looker, NotThere, Payload, Register, State
from mcbridge.register.changes import compare
from mcbridge.register.outcome import Came
from mcbridge.register.plan import Update
from mcbridge.register.wanted import Wanted, wanted
from tests.publishing import Desk, demo, verdict


def payload_of(register: Looker, number: int | str = 1, *, ects: str = "5", **fields: object) -> Payload:
    [wish] = wanted([verdict(demo(number, ects=ects, **fields))], register)
    assert wish.payload is not None
    return wish.payload


class RegisterContract:
    """The promises. A subclass has the fixtures ``desk``, and ``spoilt`` for something that the register refuses."""

    def test_it_is_a_register_and_its_looking_half_cannot_write(self, desk: Desk, looker: Looker) -> None:
        assert isinstance(desk.register, Register)
        assert isinstance(looker, Looker)
        assert looker.identity == desk.register.identity
        assert not [verb for verb in ("create", "update", "withdraw") if verb in dir(looker) and not _stateless(looker)]

    def test_what_is_not_there_is_not_there(self, desk: Desk) -> None:
        assert desk.register.lookup("demo-uni.example/nothing") is None

    def test_what_was_created_is_shown_as_it_was_sent(self, desk: Desk) -> None:
        payload = payload_of(desk.register)
        receipt = desk.register.create(payload, "op-1")
        seen = desk.register.lookup(payload.key)
        assert seen is not None
        assert (seen.key, seen.state, seen.register_id) == (payload.key, State.PUBLISHED, receipt.register_id)
        assert compare(dict(seen.body or {}), dict(desk.register.normal(payload))) == ()

    def test_creating_twice_is_noticed_and_leaves_the_first(self, desk: Desk) -> None:
        desk.register.create(payload_of(desk.register), "op-1")
        with pytest.raises(AlreadyThere):
            desk.register.create(payload_of(desk.register, ects="6"), "op-2")
        seen = desk.register.lookup(payload_of(desk.register).key)
        assert seen is not None
        assert compare(dict(seen.body or {}), dict(desk.register.normal(payload_of(desk.register)))) == ()

    def test_an_update_replaces_the_whole(self, desk: Desk) -> None:
        receipt = desk.register.create(payload_of(desk.register), "op-1")
        after = payload_of(desk.register, ects="6", alt_titles=(), title=demo().specification.title[:1])
        updated = desk.register.update(after, receipt.register_id, "op-2")
        seen = desk.register.lookup(after.key)
        assert seen is not None
        assert updated.register_id == receipt.register_id == seen.register_id
        assert compare(dict(seen.body or {}), dict(desk.register.normal(after))) == ()

    def test_updating_what_is_not_there_is_noticed(self, desk: Desk) -> None:
        with pytest.raises(NotThere):
            desk.register.update(payload_of(desk.register, "nowhere"), None, "op-1")

    def test_withdrawing_is_answered_and_can_be_asked_again(self, desk: Desk) -> None:
        payload = payload_of(desk.register)
        receipt = desk.register.create(payload, "op-1")
        for mark in ("op-2", "op-3"):
            gone = desk.register.withdraw(payload.key, receipt.register_id, "no longer offered", mark)
            assert gone.state in {State.WITHDRAW_REQUESTED, State.WITHDRAWN}

    def test_withdrawing_what_is_not_there_is_noticed(self, desk: Desk) -> None:
        with pytest.raises(NotThere):
            desk.register.withdraw("demo-uni.example/nothing", None, "never there", "op-1")

    @pytest.mark.parametrize("odd", ["ü/ #?&%", "a b", "100%", "x" * 200, "日本", "ABC", "abc"])
    def test_a_key_is_found_again_whatever_it_is_made_of(self, desk: Desk, odd: str) -> None:
        payload = payload_of(desk.register, "odd", key=f"demo-uni.example/{odd}")
        desk.register.create(payload, "op-1")
        seen = desk.register.lookup(payload.key)
        assert seen is not None
        assert seen.key == f"demo-uni.example/{odd}"
        assert desk.register.lookup(payload.key.swapcase()) is None

    def test_a_payload_is_the_same_bytes_each_time_and_names_its_key(self, desk: Desk) -> None:
        one, two = payload_of(desk.register), payload_of(desk.register)
        assert one == two
        assert one.key.encode() in one.data
        assert dict(desk.register.normal(one)) == dict(desk.register.normal(two))

    def test_no_field_of_a_payload_is_about_a_learner(self, desk: Desk) -> None:
        said = payload_of(desk.register).data.decode().casefold()
        shapes = (Specification, Provision, Organisation, Identifier)
        ours = {field.encode_name for shape in shapes for field in msgspec.structs.fields(shape)}
        theirs = {field.encode_name for field in msgspec.structs.fields(Learner)} - ours
        assert {"givenNames", "familyName", "birthDate"} <= theirs
        assert [name for name in sorted(theirs) if f'"{name}"'.casefold() in said] == []

    def test_a_second_run_without_changes_sends_nothing(self, desk: Desk) -> None:
        offers = [demo(number) for number in range(6)]
        assert desk.publish(*offers).counts() == {"created": 6}
        plan = desk.plan(*offers)
        assert plan.counts() == {"keep": 6}
        sent = len(desk.ledger.events())
        assert desk.apply(plan).counts() == {"kept": 6}
        assert {event.kind for event in desk.ledger.events()[sent:]} == {"run-started", "run-ended"}

    def test_one_changed_number_of_credits_is_exactly_one_update_that_names_it(self, desk: Desk) -> None:
        desk.publish(*[demo(number) for number in range(6)])
        plan = desk.plan(*[demo(number, ects="6" if number == 3 else "5") for number in range(6)])
        [action] = plan.pending
        assert isinstance(action, Update)
        [change] = action.changes
        assert (Decimal(str(change.before)), Decimal(str(change.after))) == (Decimal(5), Decimal(6))
        assert "ects" in change.field or "credit" in change.field
        assert desk.apply(plan).counts() == {"kept": 5, "updated": 1}
        seen = desk.register.lookup("demo-uni.example/MC-3")
        assert seen is not None
        assert compare(dict(seen.body or {}), dict(desk.register.normal(payload_of(desk.register, 3, ects="6")))) == ()

    def test_one_removed_record_is_absent_and_stays(self, desk: Desk) -> None:
        desk.publish(*[demo(number) for number in range(6)])
        plan = desk.plan(*[demo(number) for number in range(5)], may_withdraw=True)
        assert plan.counts() == {"absent": 1, "keep": 5}
        desk.apply(plan)
        assert desk.register.lookup("demo-uni.example/MC-5") is not None

    def test_one_refused_record_does_not_stop_the_others(self, desk: Desk, spoilt: Wanted) -> None:
        outcome = desk.publish(demo(1), spoilt, demo(9))
        assert outcome.counts() == {"created": 2, "failed": 1}
        assert outcome.code == 5
        [failed] = [result for result in outcome.results if result.came is Came.FAILED]
        assert (failed.key, failed.text != "") == (spoilt.key, True)

    def test_the_number_of_credits_is_the_only_thing_that_a_change_of_it_changes(self, desk: Desk) -> None:
        five, six = (
            payload_of(desk.register),
            payload_of(desk.register, credits=(Credit(scheme="ects", points=Decimal(6)),)),
        )
        changes = compare(dict(desk.register.normal(five)), dict(desk.register.normal(six)))
        assert len(changes) == 1


def _stateless(looker: Looker) -> bool:
    """A register in memory shares nothing with its looking half, so writing there reaches nobody."""
    return looker.identity == "memory:"
