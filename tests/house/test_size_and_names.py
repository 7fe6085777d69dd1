"""Rooms stay small, and things are called by the names of the field."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import mcbridge
from tests.house.tree import PACKAGE, modules

LINES = 500
VAGUE = {"common", "core", "handler", "helper", "helpers", "manager", "misc", "processor", "shared", "util", "utils"}
ASKED_FOR = {"get_command", "get_help"}  # click calls them so
UNNAMED = re.compile(r"_*(get|process|handle|do)_")


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_no_module_exceeds_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES, "split it where a reader would"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_say_what_they_are_for(path: Path) -> None:
    parts = {part.strip("_") for part in path.relative_to(PACKAGE).with_suffix("").parts}
    assert not parts & VAGUE
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_functions_are_named_by_what_they_do(path: Path) -> None:
    assert not [name for name in functions(path) if UNNAMED.match(name) and name not in ASKED_FOR]


def test_everything_is_said_once_in_all() -> None:
    """``__all__`` is sorted, has no doubles, and is exactly what a user of the package sees."""
    stated = list(mcbridge.__all__)
    seen = {name: getattr(mcbridge, name) for name in dir(mcbridge) if not name.startswith("_")}
    rooms = {name for name, value in seen.items() if isinstance(value, ModuleType | type(annotations))}
    assert stated == sorted(set(stated))
    assert {name for name in stated if not name.startswith("_")} == seen.keys() - rooms
    assert all(hasattr(mcbridge, name) for name in stated)
