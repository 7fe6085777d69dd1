"""Starting the command is light, and needs nothing that only developers have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import mcbridge
from tests.house.tree import project

HEAVY = {"alembic", "httpx", "jinja2", "rich", "sqlalchemy", "starlette", "tenacity", "uvicorn", "xmlschema"}

RUN = """
import sys
began = set(sys.modules)  # what the interpreter loads by itself, also for packages installed beside
import importlib.abc, json
absent, record = json.loads(sys.argv[1]), sys.argv[2]

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
sys.argv = ["mcbridge", *sys.argv[3:]]
from mcbridge.cli import main
try:
    code = main()
except SystemExit as stop:
    code = stop.code
with open(record, "w") as file:
    json.dump([code or 0, sorted({name.partition(".")[0] for name in set(sys.modules) - began})], file)
"""


def start(folder: Path, *arguments: str, absent: frozenset[str] = frozenset()) -> tuple[int, set[str], str]:
    """Run the command in a fresh interpreter: its exit code, the top-level modules it loaded, what it printed."""
    record = folder / "record.json"
    command = [sys.executable, "-c", RUN, json.dumps(sorted(absent)), str(record), *arguments]
    home = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")} | {"HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code, loaded = json.loads(record.read_text(encoding="utf-8"))
    return code, set(loaded), done.stdout + done.stderr


def needed(requirements: list[str]) -> set[str]:
    """The distributions that these requirements bring, with all that they require themselves."""
    found: set[str] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            theirs = requires(name) or []
        except PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            waiting += [(Requirement(text), wanted) for text in theirs for wanted in requirement.extras | {""}]
    return found


def beyond(requirements: list[str]) -> frozenset[str]:
    """The top-level modules that are installed here, but not for those who asked for these requirements only."""
    theirs = needed(requirements) | {"mcbridge"}
    return frozenset(
        module
        for module, distributions in packages_distributions().items()
        if not any(canonicalize_name(name) in theirs for name in distributions)
    )


@pytest.fixture(scope="module")
def developers_only() -> frozenset[str]:
    absent = beyond(project()["project"]["dependencies"])
    assert {"pytest", "hypothesis", "mypy", "starlette"} <= absent
    assert not {"click", "lxml", "msgspec", "rich", "sqlalchemy"} & absent
    return absent


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("--help",), ("formats",), ("formats", "--json"), ("explain", "eligibility/ects-range")],
)
def test_the_command_starts_without_development_dependencies(
    arguments: tuple[str, ...], developers_only: frozenset[str], tmp_path: Path
) -> None:
    code, loaded, printed = start(tmp_path, *arguments, absent=developers_only)
    assert code == 0, printed
    assert not loaded & developers_only


def test_asking_for_the_version_loads_nothing_heavy(tmp_path: Path) -> None:
    code, loaded, printed = start(tmp_path, "--version")
    assert (code, loaded & HEAVY) == (0, set())
    assert printed.split() == ["mcbridge", mcbridge.__version__]


def test_converting_imports_only_the_formats_that_the_file_may_be(tmp_path: Path) -> None:
    """Nor does it load what only asking for plugged-in formats needs, where no package announces one."""
    sheet = Path(__file__).parents[1] / "golden" / "csv" / "minimal" / "input.csv"
    code, loaded, printed = start(tmp_path, "convert", str(sheet), "--to", "canonical", "-o", str(tmp_path / "r.json"))
    assert code == 0, printed
    assert not loaded & (HEAVY | {"email", "lxml"})


def test_an_absent_module_is_absent(tmp_path: Path) -> None:
    """The import hook of these tests does block."""
    with pytest.raises(AssertionError, match="No module named 'click'"):
        start(tmp_path, "--help", absent=frozenset({"click"}))
