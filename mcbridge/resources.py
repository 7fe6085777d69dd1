"""The one place that knows where ``mappings/`` and ``xsd/`` are, in a wheel or in a checkout."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from mcbridge.errors import ConfigError

Kind = Literal["mappings", "xsd"]


@cache
def data_root(kind: Kind) -> Traversable:
    """The root of the shipped data: inside the package in a wheel, beside it in a checkout.

    Raises ``ConfigError`` when neither is there, which means a broken installation.
    """
    packaged = files("mcbridge") / "_data" / kind
    if packaged.is_dir():
        return packaged
    beside = Path(__file__).resolve().parent.parent / kind
    if beside.is_dir():
        return beside
    raise ConfigError(f"the folder {kind!r} is missing from this installation", hint="install mcbridge again")
