from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.command import plugged


@pytest.fixture(scope="session")
def plug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that plugs the format ``planted`` in."""
    return plugged(tmp_path_factory.mktemp("plug"))
