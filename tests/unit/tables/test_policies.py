from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from mcbridge.errors import ConfigError
from mcbridge.tables import Tables

Write = Callable[[str, str], Tables]


@pytest.mark.parametrize("name", Tables().names("registers"))
def test_every_shipped_policy_draws_the_line_of_the_definition(shipped: Tables, name: str) -> None:
    """One to 59 ECTS, EQF 5 to 8 or one of the four cycles; a unit of a degree is not published by itself."""
    register = shipped.register_policy(name)
    policy = register.policy
    assert (policy.ects.min, policy.ects.max, policy.ects.below) == (Decimal(1), Decimal(59), Decimal(60))
    assert policy.eqf_levels == ("5", "6", "7", "8")
    assert policy.cycles == ("short", "first", "second", "third")
    assert policy.units_of_degrees == "refuse"
    assert policy.eqf5 == "by-country"
    assert register.source


def test_deqar_takes_whole_credits_and_asks_for_the_certificate(shipped: Tables) -> None:
    demands = shipped.register_policy("deqar").demands
    assert demands.whole_ects
    assert demands.assessment
    memory = shipped.register_policy("memory").demands
    assert not memory.whole_ects
    assert not memory.assessment


def test_deqar_counts_cycles_from_zero_and_has_no_word_for_what_it_does_not_know(shipped: Tables) -> None:
    register = shipped.register_policy("deqar")
    assert [register.spell("cycle", cycle) for cycle in ("short", "first", "second", "third")] == ["0", "1", "2", "3"]
    assert register.spell("certification", "assessment") == "2"
    assert register.spell("certification", "unknown") is None
    assert register.spell("full-degree", "unknown") is None
    assert register.spell("colour", "red") is None
    assert register.limits["specification.title"] == 255


def test_a_country_in_no_list_is_neither_yes_nor_no(shipped: Tables) -> None:
    lists = {"short_cycle": {"belongs": ["HR"], "does_not": ["DE"]}}
    register = shipped.changed_policy("deqar", lists, "sync.toml")
    assert [register.short_cycle_counts(country) for country in ("HR", "DE", "FI", None)] == [True, False, None, None]
    assert shipped.changed_policy("deqar", {"eqf5": "no", **lists}, "sync.toml").short_cycle_counts("HR") is False
    assert shipped.changed_policy("deqar", {"eqf5": "yes", **lists}, "sync.toml").short_cycle_counts("DE") is True


def test_the_users_policy_changes_what_it_names_and_nothing_else(shipped: Tables) -> None:
    register = shipped.changed_policy("deqar", {"ects": {"max": 30}, "units_of_degrees": "publish"}, "sync.toml")
    assert (register.policy.ects.min, register.policy.ects.max) == (Decimal(1), Decimal(30))
    assert register.policy.units_of_degrees == "publish"
    assert register.policy.eqf5 == "by-country"
    assert register.demands == shipped.register_policy("deqar").demands
    assert shipped.changed_policy("deqar", {}, "sync.toml") == shipped.register_policy("deqar")


@pytest.mark.parametrize(
    ("policy", "where", "words"),
    [
        ({"etcs": {"min": 1}}, "sync.toml: policy", "unknown key 'etcs'"),
        ({"ects": {"minimum": 1}}, "sync.toml: policy.ects", "unknown key 'minimum'"),
        ({"ects": {"min": "one"}}, "sync.toml: policy.ects.min", "decimal"),
        ({"ects": {"min": 10, "max": 5}}, "sync.toml: policy.ects", "not in order"),
        ({"ects": {"min": 0}}, "sync.toml: policy.ects", "not in order"),
        ({"ects": {"max": 60}}, "sync.toml: policy.ects", "not in order"),
        ({"ects": {"max": float("nan")}}, "sync.toml: policy.ects", "not in order"),
        ({"ects": {"below": float("inf")}}, "sync.toml: policy.ects", "not in order"),
        ({"ects": 5}, "sync.toml: policy.ects", "a table"),
        ({"eqf5": "maybe"}, "sync.toml: policy.eqf5", "maybe"),
        ({"units_of_degrees": True}, "sync.toml: policy.units_of_degrees", "true or false"),
        ({"eqf_levels": ["9"]}, "sync.toml: policy.eqf_levels[0]", "unknown code '9'"),
        ({"short_cycle": {"belongs": ["UK"]}}, "sync.toml: policy.short_cycle.belongs[0]", "unknown country 'UK'"),
        ({"short_cycle": {"belongs": ["HR"], "does_not": ["HR"]}}, "sync.toml: policy.short_cycle", "both lists"),
    ],
)
def test_what_is_wrong_in_a_users_policy_is_named_by_file_and_key(
    shipped: Tables, policy: dict[str, object], where: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        shipped.changed_policy("deqar", policy, "sync.toml")
    assert caught.value.where == where
    assert words in caught.value.message


def test_spellings_of_codes_that_do_not_exist_are_refused(write: Write) -> None:
    tables = write(
        "registers/other",
        'title = "Other"\nsource = "invented"\nretrieved = 2026-01-02\n[spellings.cycle]\nfourth = "4"\n',
    )
    with pytest.raises(ConfigError, match=r"spellings\.cycle\.fourth: unknown code 'fourth'"):
        tables.register_policy("other")
