"""The environment, read here and nowhere below: what is wanted of it is handed on."""

from __future__ import annotations

import os
from collections.abc import Mapping

PREFIX = "MCBRIDGE_"


def variables() -> Mapping[str, str]:
    """The variables that stand in front of ``sync.toml``."""
    return {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
