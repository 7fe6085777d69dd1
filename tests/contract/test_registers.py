"""The registers that come with mcbridge keep the promises of all registers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mcbridge.register import BUILTIN, kind, names
from mcbridge.register.base import Looker, Payload, Register, Settings
from mcbridge.register.embedded.fields import Dialect
from mcbridge.register.embedded.server import EmbeddedRegister
from mcbridge.register.memory import MemoryRegister
from mcbridge.register.wanted import Wanted
from tests.contract.register_contract import RegisterContract, payload_of
from tests.publishing import TOKEN, Clock, Desk, config, open_ledger, settings


class TestMemory(RegisterContract):
    @pytest.fixture
    def given(self, tmp_path: Path) -> Settings:
        return settings(config(None, tmp_path, "memory"), Clock())

    @pytest.fixture
    def desk(self, tmp_path: Path) -> Iterator[Desk]:
        clock, register = Clock(), MemoryRegister()
        with open_ledger(tmp_path, clock, register.identity) as ledger:
            yield Desk(register, ledger, clock)

    @pytest.fixture
    def looker(self, given: Settings) -> Looker:
        return MemoryRegister.looking(given)

    @pytest.fixture
    def spoilt(self, desk: Desk) -> Wanted:
        """A key that somebody else had, and gave up."""
        payload = payload_of(desk.register, "5-spoilt")
        receipt = desk.register.create(payload, "op")
        desk.register.withdraw(payload.key, receipt.register_id, "gone", "op")
        return Wanted(key=payload.key, title="Spoilt", payload=payload)


class DeqarContract(RegisterContract):
    """DEQAR over HTTP on this machine, at the embedded register."""

    dialect: Dialect

    @pytest.fixture
    def embedded(self, tmp_path: Path) -> Iterator[EmbeddedRegister]:
        with EmbeddedRegister(f"sqlite:///{tmp_path}/register.db", token=TOKEN, dialect=self.dialect) as register:
            yield register

    @pytest.fixture
    def given(self, embedded: EmbeddedRegister, tmp_path: Path) -> Settings:
        return settings(config(embedded.url, tmp_path), Clock())

    @pytest.fixture
    def desk(self, given: Settings, tmp_path: Path) -> Iterator[Desk]:
        register: Register = kind("deqar")(given)
        clock = given.clock
        assert isinstance(clock, Clock)
        with open_ledger(tmp_path, clock, register.identity) as ledger:
            yield Desk(register, ledger, clock)
        register.close()

    @pytest.fixture
    def looker(self, given: Settings) -> Iterator[Looker]:
        found = kind("deqar").looking(given)
        yield found
        found.close()

    @pytest.fixture
    def spoilt(self, desk: Desk) -> Wanted:
        """A level that is none."""
        payload = payload_of(desk.register, "5-spoilt")
        body = payload.body
        body["programmes"][0]["qf_ehea_level"] = "9"
        return Wanted(key=payload.key, title="Spoilt", payload=Payload.of(payload.key, "Spoilt", body))

    def test_a_withdrawal_is_a_request_and_the_record_stays_public(self, desk: Desk) -> None:
        payload = payload_of(desk.register)
        receipt = desk.register.create(payload, "op-1")
        desk.register.withdraw(payload.key, receipt.register_id, "no longer offered", "op-2")
        assert desk.register.lookup(payload.key) is not None


class TestDeqarAsItIs(DeqarContract):
    dialect = "deqar"


class TestDeqarStrict(DeqarContract):
    dialect = "strict"


def test_each_register_that_comes_along_is_tested_here() -> None:
    assert set(BUILTIN) == {"memory", "deqar"}
    assert set(names()) >= set(BUILTIN)


def test_what_is_sent_is_what_was_planned(tmp_path: Path) -> None:
    """The bytes in the plan are the bytes at the register, however the plan travelled."""
    clock, register = Clock(), MemoryRegister()
    with open_ledger(tmp_path, clock, register.identity) as ledger:
        desk = Desk(register, ledger, clock)
        payload = payload_of(register)
        plan = desk.plan(Wanted(key=payload.key, title=payload.title, payload=payload))
        assert msgspec.json.decode(plan.to_json())["actions"][0]["hash"] == payload.hash
        desk.apply(plan)
        assert register.records[payload.key].hash == payload.hash
