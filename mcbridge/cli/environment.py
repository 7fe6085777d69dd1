"""The environment, read here and nowhere below: what is wanted of it is handed on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

PREFIX = "MCBRIDGE_"
SCHEMAS = f"{PREFIX}SCHEMAS"


def variables() -> Mapping[str, str]:
    """The variables that stand in front of ``sync.toml``."""
    return {name: value for name, value in os.environ.items() if name.startswith(PREFIX) and name != SCHEMAS}


def schemas_folder() -> Path:
    """Where the official schemas are that this user has added: ``MCBRIDGE_SCHEMAS``, else the user's data folder."""
    named = os.environ.get(SCHEMAS)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("mcbridge", appauthor=False) / "schemas"
