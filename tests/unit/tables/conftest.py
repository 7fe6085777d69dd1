"""A folder of mapping files that a test writes itself, in front of the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mcbridge.tables import Tables

Write = Callable[[str, str], Tables]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write ``folder/name.toml`` into the user's folder, and get tables that have it in front."""

    def one(name: str, text: str) -> Tables:
        path = tmp_path / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return Tables(tmp_path)

    return one


@pytest.fixture(scope="session")
def shipped() -> Tables:
    """The tables as they are shipped."""
    return Tables()
