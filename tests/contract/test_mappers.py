"""The formats of the registry keep the promises of all formats."""

from __future__ import annotations

import pytest

from mcbridge.mappers import broken, describe, names
from tests.contract.mapper_contract import BothWaysContract, ReaderContract, WriterContract

READ = {name for name in names() if describe(name).reads}
WRITTEN = {name for name in names() if describe(name).writes}


class TestBothWays(BothWaysContract):
    @pytest.fixture(params=sorted(READ & WRITTEN))
    def name(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)


class TestReading(ReaderContract):
    @pytest.fixture(params=sorted(READ - WRITTEN))
    def name(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)


if WRITTEN - READ:  # with none of them there is nothing to test, and nothing to skip

    class TestWriting(WriterContract):
        @pytest.fixture(params=sorted(WRITTEN - READ))
        def name(self, request: pytest.FixtureRequest) -> str:
            return str(request.param)


def test_every_format_of_the_registry_can_be_used_and_does_something() -> None:
    assert list(broken()) == []
    assert set(names()) == READ | WRITTEN
