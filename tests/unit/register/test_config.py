"""``sync.toml`` is read strictly: what it does not know it refuses, at its place."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mcbridge.errors import ConfigError
from mcbridge.register.config import SyncConfig, load_config, read_config

EVERYTHING = """
[[source]]
paths = ["exports/*.csv"]
format = "csv"
profile = "microcredential-office"

[register]
kind = "deqar"
url = "http://127.0.0.1:8642"
token_file = "token"
environment = "test"

[report]
agency = "DEMOQA"
activity = "10"
status = "part of obligatory EQA system"
decision = "positive"
valid_from = 2025-01-15
files = [{ url = "https://example.edu/report.pdf", languages = ["eng"], name = "Review report" }]
grouping = "provision"

[[provider]]
match = { schac = "example.edu" }
deqar_id = "DEQARINST0012"
kind = "higher-education-institution"

[policy]
ects = { min = 1, max = 59 }
units_of_degrees = "refuse"
eqf5 = "by-country"

[ledger]
url = "sqlite:///state/ledger.db"

[limits]
bytes = "512MB"
achievements = 50000
"""

LEAST = '[register]\nkind = "memory"\nenvironment = "test"\n'


def read(text: str = EVERYTHING, variables: dict[str, str] | None = None) -> SyncConfig:
    return read_config(tomllib.loads(text), "sync.toml", Path("/srv/mcbridge"), variables or {})


def fault(text: str, variables: dict[str, str] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(text, variables)
    assert caught.value.exit_code == 78
    return caught.value


def test_every_key_of_the_contract_is_understood(tmp_path: Path) -> None:
    file = tmp_path / "sync.toml"
    file.write_text(EVERYTHING, encoding="utf-8")
    config = load_config(file)
    assert (config.file, config.folder) == (str(file), tmp_path)
    [source] = config.source
    assert (source.paths, source.format, source.profile) == (("exports/*.csv",), "csv", "microcredential-office")
    assert (config.register.kind, config.register.environment, config.register.token_file) == ("deqar", "test", "token")
    assert config.report is not None
    assert (config.report.valid_from, config.report.files[0].languages) == (date(2025, 1, 15), ("eng",))
    assert config.provider[0].match == {"schac": "example.edu"}
    assert config.policy["ects"] == {"min": 1, "max": 59}
    assert config.ledger_url == f"sqlite:///{tmp_path}/state/ledger.db"


def test_little_is_enough() -> None:
    config = read(LEAST)
    assert (config.source, config.report, config.provider) == ((), None, ())
    assert config.ledger.url == "sqlite:///state/ledger.db"


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (("[ledger]", "[ledgers]"), "sync.toml", "unknown key 'ledgers'"),
        (("achievements = 5", "courses = 5"), "sync.toml: limits", 'no limit "courses"'),
        (("512MB", "much"), "sync.toml: limits", 'bytes cannot be "much"'),
        (('kind = "deqar"', 'kind = "deqar"\nuser = "x"'), "sync.toml: register", "unknown key 'user'"),
        (('deqar_id = "DEQARINST0012"', ""), "sync.toml: provider[0]", "deqar_id"),
        (("2025-01-15", '"soon"'), "sync.toml: report.valid_from", "date"),
        (('grouping = "provision"', 'grouping = "faculty"'), "sync.toml: report.grouping", "'faculty'"),
        (('paths = ["exports/*.csv"]', "paths = []"), "sync.toml: source[0].paths", "no path"),
        (('match = { schac = "example.edu" }', "match = {}"), "sync.toml: provider[0].match", "nothing is matched"),
        (('match = { schac = "example.edu" }', 'match = { schac = " " }'), "sync.toml: provider[0].match", "nothing"),
        (
            ('token_file = "token"', 'token_file = "t"\ntoken_env = "T"'),
            "sync.toml: register",
            "token_file and token_env",
        ),
        (('environment = "test"', 'environment = " "'), "sync.toml: register.environment", "no name"),
        (("http://127.0.0.1:8642", "http://register.example"), "sync.toml: register.url", "not encrypted"),
        (("http://127.0.0.1:8642", "ftp://register.example"), "sync.toml: register.url", "no http"),
        (("http://127.0.0.1:8642", "https://u:p@register.example"), "sync.toml: register.url", "user name or password"),
        (("http://127.0.0.1:8642", "https://register.example?x=1"), "sync.toml: register.url", "more than a path"),
    ],
)
def test_a_fault_is_named_at_its_key(change: tuple[str, str], where: str, says: str) -> None:
    error = fault(EVERYTHING.replace(*change))
    assert (error.where or "").startswith(where)
    assert says.casefold() in error.message.casefold() + (error.hint or "").casefold()


def test_the_same_provider_twice_is_a_fault() -> None:
    twice = EVERYTHING + '\n[[provider]]\nmatch = { schac = "example.edu" }\ndeqar_id = "DEQARINST0013"\n'
    assert fault(twice).where == "sync.toml: provider[1].match"


@pytest.mark.parametrize(
    "url", ["https://register.example", "https://register.example/base", "http://localhost:1", "http://[::1]:1"]
)
def test_encrypted_anywhere_and_plain_on_this_machine_are_addresses(url: str) -> None:
    assert read(EVERYTHING.replace("http://127.0.0.1:8642", url)).register.url == url


@pytest.mark.parametrize("url", ["http://127.0.0.1.example", "http://10.0.0.1", "http://localhost.example"])
def test_what_looks_like_this_machine_is_not_always_it(url: str) -> None:
    assert "not encrypted" in fault(EVERYTHING.replace("http://127.0.0.1:8642", url)).message


# ---------------------------------------------------------------------------------------------------------- variables


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("MCBRIDGE_REGISTER_URL", "https://other.example", lambda config: config.register.url),
        ("MCBRIDGE_REGISTER_ENVIRONMENT", "production", lambda config: config.register.environment),
        ("MCBRIDGE_REPORT_ACTIVITY", "11", lambda config: config.report.activity),
        ("MCBRIDGE_LEDGER_URL", "postgresql://db/x", lambda config: config.ledger_url),
    ],
)
def test_a_variable_stands_in_front_of_the_file(name: str, text: str, found: Any) -> None:
    assert found(read(EVERYTHING, {name: text})) == text


def test_numbers_and_dates_are_what_toml_would_read() -> None:
    config = read(EVERYTHING, {"MCBRIDGE_POLICY_ECTS_MAX": "30", "MCBRIDGE_REPORT_VALID_FROM": "2026-02-01"})
    assert config.policy["ects"] == {"min": 1, "max": 30}
    assert config.report is not None
    assert config.report.valid_from == date(2026, 2, 1)


def test_a_table_that_the_file_lacks_is_begun_by_a_variable() -> None:
    config = read(LEAST, {"MCBRIDGE_POLICY_UNITS_OF_DEGREES": "publish", "MCBRIDGE_LEDGER_URL": "sqlite:////x.db"})
    assert config.policy == {"units_of_degrees": "publish"}
    assert config.ledger_url == "sqlite:////x.db"


def test_a_variable_that_no_setting_has_is_a_fault_and_others_are_not_ours() -> None:
    error = fault(EVERYTHING, {"MCBRIDGE_REGISTER_ULR": "x"})
    assert error.where == "MCBRIDGE_REGISTER_ULR"
    assert "MCBRIDGE_REGISTER_URL" in (error.hint or "")
    others = {"MCBRIDGE_SHARED": "/x", "PATH": "/bin", "MCBRIDGE": "1", "REGISTER_URL": "no"}
    assert read(EVERYTHING, others) == read(EVERYTHING)


def test_the_variable_that_holds_the_token_is_no_setting() -> None:
    text = EVERYTHING.replace('token_file = "token"', 'token_env = "MCBRIDGE_REGISTER_TOKEN"')
    config = read(text, {"MCBRIDGE_REGISTER_TOKEN": "s3same"})
    assert "s3same" not in str(config)


def test_a_value_of_a_variable_is_checked_like_one_of_the_file() -> None:
    assert "not encrypted" in fault(EVERYTHING, {"MCBRIDGE_REGISTER_URL": "http://far.example"}).message
    assert "table" in fault("policy = 1\n" + LEAST, {"MCBRIDGE_POLICY_ECTS_MAX": "1"}).message


# --------------------------------------------------------------------------------------------------------------- hash


def test_the_hash_tells_configurations_apart_and_not_where_they_stand(tmp_path: Path) -> None:
    here = read()
    there = read_config(tomllib.loads(EVERYTHING), "other.toml", tmp_path, {})
    assert here.hash == there.hash
    assert here.hash != read(EVERYTHING.replace("max = 59", "max = 58")).hash
    assert here.hash != read(EVERYTHING, {"MCBRIDGE_REPORT_ACTIVITY": "11"}).hash


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///ledger.db", "sqlite:////srv/mcbridge/ledger.db"),
        ("sqlite:////var/ledger.db", "sqlite:////var/ledger.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql://db/x", "postgresql://db/x"),
    ],
)
def test_a_relative_ledger_starts_at_the_configuration(url: str, expected: str) -> None:
    assert read(EVERYTHING.replace("sqlite:///state/ledger.db", url)).ledger_url == expected
