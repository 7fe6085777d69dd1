"""README and docs/ tell what is so."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mcbridge import errors, mappers
from tests.conftest import CHECKOUT
from tests.generated import current
from tests.house.tree import kept, project
from tests.transcripts.runner import play

README = CHECKOUT / "README.md"


def formats() -> list[dict[str, Any]]:
    """What ``mcbridge formats`` lists."""
    command = [sys.executable, "-m", "mcbridge", "formats", "--json"]
    listed: list[dict[str, Any]] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return listed


def table() -> str:
    """The table of built-in formats, as README has it."""
    rows = ["| name | what | reads | writes |", "|---|---|---|---|"]
    for entry in formats():
        if entry["name"] in mappers.BUILTIN:
            what = " ".join(filter(None, [entry["title"], entry.get("version")]))
            reads, writes = (", ".join(entry[way]) or "–" for way in ("reads", "writes"))
            rows.append(f"| `{entry['name']}` | {what} | {reads} | {writes} |")
    return "".join(f"{row}\n" for row in rows)


@pytest.mark.generated
def test_the_table_of_formats_is_current(bless: bool) -> None:
    current(README, "formats", table(), bless=bless)


def test_the_command_lists_the_formats_of_the_table() -> None:
    listed = {str(entry["name"]) for entry in formats()}
    assert set(mappers.BUILTIN) <= listed
    assert listed == set(mappers.names())


def test_what_readme_shows_is_what_is_printed(tmp_path: Path, bless: bool) -> None:
    assert play(README, tmp_path, bless=bless) >= 2


def test_exit_codes_of_errors_are_explained() -> None:
    explained = {int(code) for code in re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)}
    raised = {
        error.exit_code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.McbridgeError)
    }
    assert raised <= explained
    assert 1 not in explained


def test_make_targets_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in kept("README.md", "docs"):
        if document.suffix == ".md":
            text = document.read_text(encoding="utf-8")
            assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets


@pytest.mark.parametrize(
    "document", [path for path in kept("README.md", "docs") if path.suffix == ".md"], ids=lambda path: path.name
)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_picture_shows_the_floors_of_the_contract() -> None:
    (layers,) = (
        contract["layers"]
        for contract in project()["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    floors = [re.findall(r"\w+", layer) for layer in layers]
    picture = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = [re.findall(r"│ (\w+)\b", line) for line in picture.splitlines() if line.count("│") >= 2]
    known = {room for floor in floors for room in floor}
    assert [names for line in drawn if (names := [name for name in line if name in known])] == floors
