"""The repository as the house tests look at it: tracked files, modules, what was declared in pyproject.toml."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import mcbridge
from tests.conftest import CHECKOUT

PACKAGE = CHECKOUT / "mcbridge"


def modules() -> list[Path]:
    """The source files of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def kept(*folders: str) -> list[Path]:
    """The files that git keeps or would keep (new ones that it does not ignore), all or those in ``folders``."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return sorted(path for name in listed.split("\0") if name and (path := CHECKOUT / name).is_file())


@cache
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))


def import_everything() -> None:
    """Import every module, so that what modules declare when imported is declared."""
    for module in pkgutil.walk_packages(mcbridge.__path__, "mcbridge."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
