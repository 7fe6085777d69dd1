"""Every file of declared knowledge loads, and says where it came from."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.house.tree import kept

FILES = [path for path in kept("mappings") if path.suffix == ".toml"]


def name_of(path: Path) -> str:
    return str(path.relative_to(CHECKOUT / "mappings"))


def test_there_is_nothing_but_toml_and_there_is_some() -> None:
    assert FILES
    assert {path.suffix for path in kept("mappings")} <= {".toml", ".md"}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_mapping_file_has_a_title(path: Path) -> None:
    assert tomllib.loads(path.read_text(encoding="utf-8"))["title"].strip()


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name in {"vocabularies", "crosswalks"}], ids=name_of
)
def test_vocabularies_and_crosswalks_say_where_they_came_from_and_when(path: Path) -> None:
    stated = tomllib.loads(path.read_text(encoding="utf-8"))
    assert stated["source"].strip()
    assert stated["version"].strip()
    assert isinstance(stated["retrieved"], dt.date)
