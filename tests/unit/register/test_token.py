"""The token comes from a file of its owner's, the environment or a command, and never shows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from mcbridge.errors import ConfigError
from mcbridge.register.token import Token
from tests.publishing import config


def token(folder: Path, environ: dict[str, str] | None = None, **register: Any) -> Token:
    given = {"kind": "deqar", "environment": "test", **register}
    return Token(config(None, folder, register=given), environ or {})


def test_a_file_is_read_from_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\ufeffs3same\n", encoding="utf-8")
    (tmp_path / "token").chmod(0o600)
    assert token(tmp_path, token_file="token").value == "s3same"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "token").write_text("s3same", encoding="utf-8")
    (tmp_path / "token").chmod(mode)
    with pytest.raises(ConfigError, match="others than its owner") as caught:
        _ = token(tmp_path, token_file="token").value
    assert "chmod 600" in (caught.value.hint or "")
    assert "s3same" not in str(caught.value)


def test_the_environment_is_what_was_handed_over(tmp_path: Path) -> None:
    assert token(tmp_path, {"MY_TOKEN": "s3same"}, token_env="MY_TOKEN").value == "s3same"
    with pytest.raises(ConfigError, match="MY_TOKEN is not set"):
        _ = token(tmp_path, {}, token_env="MY_TOKEN").value


def test_a_command_says_it(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "print('s3same')")
    assert token(tmp_path, token_command=command).value == "s3same"
    assert token(tmp_path, token_command=f"{sys.executable} -c \"print('s3same')\"").value == "s3same"


@pytest.mark.parametrize(
    ("register", "says"),
    [
        ({"token_file": "nowhere"}, "cannot be read"),
        ({"token_command": "no-such-command-here"}, "did not work"),
        ({"token_command": f"{sys.executable} -c 'raise SystemExit(3)'"}, "ended with 3"),
        ({"token_command": ""}, "empty"),
        ({"token_command": f"{sys.executable} -c 'print(12, 34)'"}, "no token"),
        ({"token_command": f"{sys.executable} -c 'pass'"}, "no token"),
        ({}, "there is no token"),
    ],
)
def test_a_token_that_cannot_be_had_is_a_fault_of_the_configuration(
    tmp_path: Path, register: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        _ = token(tmp_path, **register).value
    assert caught.value.exit_code == 78
    assert "register" in (caught.value.where or "")


def test_a_file_of_bytes_holds_no_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "token").chmod(0o600)
    with pytest.raises(ConfigError, match="no token"):
        _ = token(tmp_path, token_file="token").value


def test_it_is_read_when_needed_and_again_when_asked(tmp_path: Path) -> None:
    environ = {"T": "one"}
    given = token(tmp_path, environ, token_env="T")
    assert given.value == "one"
    assert not given.renewed()
    environ["T"] = "two"
    assert given.value == "one"
    assert given.renewed()
    assert given.value == "two"


def test_it_shows_nowhere(tmp_path: Path) -> None:
    given = token(tmp_path, {"T": "s3same"}, token_env="T")
    assert given.hidden("nothing yet: s3same") == "nothing yet: s3same"
    assert given.value
    assert given.hidden("a s3same b") == "a … b"
    assert "s3same" not in repr(given) + str(given)
