"""How things stand: everything that was sent, and of one provision why it is or is not published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mcbridge.errors import RegisterRefused
from mcbridge.register.base import Payload, Receipt, State
from mcbridge.register.memory import MemoryRegister
from mcbridge.register.standing import status, why
from mcbridge.register.wanted import Reason, Wanted
from tests.publishing import Clock, Desk, open_ledger, planned, want


class Picky(MemoryRegister):
    """Refuses what has 99 credits."""

    def create(self, payload: Payload, mark: str) -> Receipt:
        if payload.body.get("ects") == 99:
            raise RegisterRefused("no", reason="99 credits are too many")
        return super().create(payload, mark)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock, register = Clock(), Picky()
    with open_ledger(tmp_path, clock, register.identity) as ledger:
        yield Desk(register, ledger, clock)


REFUSED = Wanted(
    key="u/whole",
    title="A whole degree",
    reasons=(Reason(rule="eligibility/full-degree", text="it is a degree", hint="leave it out", where="a.csv, F47"),),
    disqualified=True,
)


def test_nothing_was_published_yet(desk: Desk) -> None:
    found = status(desk.ledger)
    assert list(found.lines()) == ["nothing was published yet"]
    assert (found.last, found.last_good) == (None, None)


def test_what_asks_for_attention_comes_first(desk: Desk) -> None:
    desk.publish(*[want(f"u/{at}", ects=at) for at in range(6)], want("u/bad", ects=99))
    desk.apply(planned(desk.register, desk.ledger, [want(f"u/{at}", ects=at) for at in range(5)], records=7))
    found = status(desk.ledger)
    assert found.counts() == {"failed": 1, "published": 6}
    lines = list(found.lines())
    assert lines[0] == "published            u/5  Title of u/5: in no source for 1 runs"
    assert lines[1] == "failed               u/bad  Title of u/bad: 99 credits are too many"
    assert lines[2] == "1 failed, 6 published"
    assert lines[3].endswith("ended with 0")
    assert found.last == found.last_good
    assert (found.unfinished, found.unverified) == ((), ())


def test_a_run_that_was_cut_and_what_it_left_are_told(desk: Desk) -> None:
    plan = desk.plan(want("u/1", ects=1), want("u/2", ects=1))
    desk.ledger.begin(plan, tool="t", overrides={})
    first, second = plan.pending
    desk.ledger.intend(first)
    desk.ledger.done(desk.ledger.intend(second), Receipt(key="u/2", register_id="7", state=State.PUBLISHED))
    found = status(desk.ledger)
    assert found.unfinished == ("u/1",)
    assert found.unverified == ("u/2",)
    assert "sent, not looked up yet" in "".join(found.lines())
    assert list(found.lines())[-1].endswith("was cut short")
    assert found.last_good is None


def test_why_tells_published_refused_and_gone_by_key_or_title(desk: Desk) -> None:
    wants = [want(f"u/{at}", ects=at) for at in range(6)]
    desk.publish(*wants)
    plan = planned(desk.register, desk.ledger, [*wants[:5], REFUSED], records=6)
    [published] = why("u/1", plan, desk.ledger)
    assert (published.published, published.action) == (True, "keep")
    assert next(published.lines()) == "u/1  Title of u/1: published as 2; next: keep (unchanged)"
    assert "create: done (created)" in list(published.lines())[-1]
    [refused] = why("whole degree", plan, desk.ledger)
    assert not refused.published
    assert list(refused.lines()) == [
        "u/whole  A whole degree: not published; next: blocked (it does not qualify)",
        "    it is a degree  [eligibility/full-degree]",
        "        at a.csv, F47",
        "        hint: leave it out",
    ]
    [gone] = why("u/5", plan, desk.ledger)
    assert (gone.published, gone.action) == (True, "absent")
    assert len(why("title of", plan, desk.ledger)) == 6
    assert why("nobody", plan, desk.ledger) == ()
    assert why("", plan, desk.ledger) == ()


def test_why_knows_what_only_the_ledger_remembers(desk: Desk) -> None:
    desk.publish(want("u/bad", ects=99), want("u/1", ects=1))
    plan = planned(desk.register, desk.ledger, [want("u/1", ects=1)], records=2)
    [found] = why("u/bad", plan, desk.ledger)
    assert (found.published, found.action) == (False, "none")
    assert "in no source" in found.reason
    assert "99 credits" in "".join(found.lines())
