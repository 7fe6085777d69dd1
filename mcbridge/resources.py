"""The one place that knows where ``mappings/`` and ``xsd/`` are, in a wheel or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mcbridge.errors import ConfigError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Kind = Literal["mappings", "xsd"]


@cache
def data_root(kind: Kind) -> Traversable:
    """The root of the shipped data: inside the package in a wheel, beside it in a checkout.

    Raises ``ConfigError`` when neither is there, which means a broken installation.
    """
    package = Path(__file__).resolve().parent
    for root in (package / "_data" / kind, package.parent / kind):
        if root.is_dir():
            return root
    from importlib.resources import files  # takes as long as a tenth of a small conversion

    archived = files("mcbridge") / "_data" / kind
    if archived.is_dir():
        return archived
    raise ConfigError(f"the folder {kind!r} is missing from this installation", hint="install mcbridge again")
