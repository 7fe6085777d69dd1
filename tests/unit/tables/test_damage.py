from __future__ import annotations

import copy
import datetime as dt
import random
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mcbridge.errors import ConfigError
from mcbridge.tables import Tables
from mcbridge.tables.crosswalk import Crosswalk
from mcbridge.tables.loading import Spot
from mcbridge.tables.organisations import Organisations
from mcbridge.tables.policy import load_policy
from mcbridge.tables.profile import load_profile
from mcbridge.tables.vocabulary import Vocabulary
from tests.conftest import CHECKOUT

TABLES = Tables()
HERE = Spot("damaged.toml")
LOADERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "vocabularies": lambda data: Vocabulary("damaged", data, HERE),
    "crosswalks": lambda data: Crosswalk("damaged", data, HERE, TABLES),
    "organisations": lambda data: Organisations(data, HERE, TABLES.vocabulary),
    "registers": lambda data: load_policy("damaged", data, HERE, TABLES.vocabulary),
    "csv": lambda data: load_profile("damaged", data, HERE, TABLES),
}
WRONG: tuple[Any, ...] = (
    *(1, 0, -1, 1.5, float("nan"), float("inf"), True, "", " ", "x", "\0", "%", "%d.%d.%Y", "{code}"),
    *([], {}, [[]], [1], ["x"], {"a": 1}, {"": ""}, dt.date(2020, 1, 1), dt.time(1)),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything below a table or array."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield (*path, key)
        yield from places(value, (*path, key))


def damage(data: dict[str, Any], path: tuple[Any, ...], chance: random.Random) -> None:
    """Put something wrong at a path, take away what is there, or add what nobody expects."""
    owner: Any = data
    for key in path[:-1]:
        owner = owner[key]
    match chance.randrange(4):
        case 0:
            del owner[path[-1]]
        case 1 if isinstance(owner, dict):
            owner[chance.choice(["", "a b", f"{path[-1]}x"])] = chance.choice(WRONG)
        case 1:
            owner.append(copy.deepcopy(owner[0]))
        case _:
            owner[path[-1]] = copy.deepcopy(chance.choice(WRONG))


@pytest.mark.parametrize(("folder", "name"), [(folder, name) for folder in LOADERS for name in TABLES.names(folder)])
def test_a_damaged_file_loads_or_is_an_error_with_its_place_and_nothing_else(folder: str, name: str) -> None:
    base = tomllib.loads((CHECKOUT / "mappings" / folder / f"{name}.toml").read_text(encoding="utf-8"))
    every = list(places(base))
    chance = random.Random(name)  # noqa: S311 - the same damage in every run
    refused: list[ConfigError] = []
    for _ in range(40):
        data = copy.deepcopy(base)
        damage(data, chance.choice(every), chance)
        try:
            LOADERS[folder](data)
        except ConfigError as error:
            refused.append(error)
    assert refused
    assert all(error.message and error.where and error.where.startswith("damaged.toml") for error in refused)
