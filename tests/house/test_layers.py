"""Imports point downwards, and the contracts that say so would notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.house.tree import PACKAGE


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = shutil.which("lint-imports", path=sysconfig.get_path("scripts")) or "lint-imports"
    return subprocess.run([command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_layers_hold() -> None:
    done = lint_imports(CHECKOUT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "line", "complaint"),
    [
        ("errors.py", "from mcbridge.diagnostics import Report", "mcbridge.errors is not allowed to import"),
        (
            "errors.py",
            "if __name__ == 'x':\n    from mcbridge import origins",
            "mcbridge.errors is not allowed to import",
        ),
        ("register/plan.py", "from mcbridge.model.credential import Learner", "not allowed to import mcbridge.model"),
        ("register/plan.py", "from mcbridge.model import Credential", "not allowed to import mcbridge.model"),
        ("origins.py", "import httpx", "not allowed to import httpx"),
        ("helpers.py", "", "not listed as layers"),
    ],
    ids=[
        "upward",
        "upward-in-a-branch",
        "learner-at-the-gate",
        "learner-by-the-front-door",
        "http-elsewhere",
        "new-room",
    ],
)
def test_a_forbidden_import_is_noticed(tmp_path: Path, module: str, line: str, complaint: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "mcbridge", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    with (tmp_path / "mcbridge" / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout
    assert complaint in " ".join(done.stdout.split())


def test_lint_imports_reads_the_checkout_and_not_an_installed_copy() -> None:
    where = "import sys; sys.path.insert(0, ''); import mcbridge; print(mcbridge.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    assert Path(found.strip()).is_relative_to(CHECKOUT)
