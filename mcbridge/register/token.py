"""The token that opens a register: from a file only its owner can read, from the environment, or from a command.

It is never an argument, and shows in no plan, report, log or ledger.
"""

from __future__ import annotations

import shlex
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mcbridge.errors import ConfigError
from mcbridge.register.config import SyncConfig

PATIENCE: Final = 30
"""How long a command may take to say the token, in seconds."""


class Token:
    """A token that is read when it is first needed, and can be read again when the register no longer takes it."""

    def __init__(self, config: SyncConfig, environ: Mapping[str, str]) -> None:
        self._config = config
        self._environ = environ
        self._value: str | None = None

    def __repr__(self) -> str:
        return "Token(…)"

    @property
    def value(self) -> str:
        """The token itself. Raises ``ConfigError`` when there is none to be had."""
        if self._value is None:
            self._value = self._read()
        return self._value

    def demand(self) -> None:
        """Have it now rather than with the first request. Raises ``ConfigError`` when there is none to be had."""
        self._value = self.value

    def renewed(self) -> bool:
        """Read it again; whether it is another one now."""
        before, self._value = self._value, None
        return self.value != before

    def hidden(self, text: str) -> str:
        """A text without the token, should it stand in it."""
        return text.replace(self._value, "…") if self._value else text

    def _read(self) -> str:
        register = self._config.register
        spot = self._config.spot("register")
        if register.token_file is not None:
            found = _from_file(self._config.folder / register.token_file, str(spot.at("token_file")))
        elif register.token_env is not None:
            found = self._environ.get(register.token_env, "")
            if not found.strip():
                raise ConfigError(f"the variable {register.token_env} is not set", where=str(spot.at("token_env")))
        elif register.token_command is not None:
            found = _from_command(register.token_command, str(spot.at("token_command")))
        else:
            raise ConfigError(
                "there is no token", where=str(spot), hint="name it by token_file, token_env or token_command"
            )
        token = found.strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ConfigError("what was found is no token", where=str(spot), hint="it is one word of plain characters")
        return token


def _from_file(path: Path, where: str) -> str:
    try:
        mode = path.stat().st_mode
        if stat.S_IMODE(mode) & 0o077 and hasattr(stat, "S_IRGRP") and path.drive == "":
            raise ConfigError(
                f"others than its owner can read the token in {path}", where=where, hint=f"chmod 600 {path}"
            )
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(
            f"the token in {path} cannot be read: {error.strerror or error}",
            where=where,
            hint="make the file, mode 600",
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} holds no token", where=where) from error


def _from_command(command: str | tuple[str, ...], where: str) -> str:
    words = shlex.split(command) if isinstance(command, str) else list(command)
    if not words:
        raise ConfigError("the command is empty", where=where)
    try:
        done = subprocess.run(  # noqa: S603 - the configuration's owner says what to run
            words, capture_output=True, text=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigError(f"the command for the token did not work: {error}", where=where) from error
    if done.returncode:
        raise ConfigError(f"the command for the token ended with {done.returncode}", where=where)
    return done.stdout
