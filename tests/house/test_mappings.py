"""Every file of declared knowledge loads, and says where it came from."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mcbridge import mappers
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.house.tree import kept

FOLDER = CHECKOUT / "mappings"
FILES = [path for path in kept("mappings") if path.suffix == ".toml"]
OPENED_BY: Mapping[str, Callable[[Tables, str], object]] = {
    "crosswalks": Tables.crosswalk,
    "csv": Tables.profile,
    "organisations": Tables.organisations,
    "registers": Tables.register_policy,
    "vocabularies": Tables.vocabulary,
}


def name_of(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables()


def test_there_is_nothing_but_tables_and_what_is_said_about_them() -> None:
    assert FILES
    assert {path.suffix for path in kept("mappings")} <= {".toml", ".md"}


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name in OPENED_BY], ids=name_of)
def test_a_table_loads(path: Path, tables: Tables) -> None:
    assert OPENED_BY[path.parent.name](tables, path.stem)


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name not in OPENED_BY], ids=name_of)
def test_any_other_table_is_loaded_by_the_format_that_its_folder_names(path: Path, tables: Tables) -> None:
    assert mappers.writer(path.parent.name, tables, {}).format.name == path.parent.name


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.parent.name in {"crosswalks", "vocabularies"}], ids=name_of
)
def test_vocabularies_and_crosswalks_say_where_they_came_from_and_when(path: Path) -> None:
    stated = tomllib.loads(path.read_text(encoding="utf-8"))
    assert stated["title"].strip()
    assert stated["version"].strip()
    assert stated["source"].strip()
    assert isinstance(stated["retrieved"], dt.date)
