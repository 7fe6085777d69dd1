"""The options that say by what terms seals are judged; the clock enters here and nowhere below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from mcbridge.errors import BadOption

if TYPE_CHECKING:
    from mcbridge.seals import Terms

F = TypeVar("F", bound=Callable[..., Any])

ISSUED: Final = "issued"
"""The value of ``--verify-at`` that stands for the document's own date."""


def judging_seals(command: F) -> F:
    """``--trusted-keys``, ``--allow-sha1`` and ``--verify-at``."""
    options = [
        click.option(
            "--trusted-keys",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="Keys of issuers that you trust: PEM certificates or public keys, such as those of a registry.",
        ),
        click.option("--allow-sha1", is_flag=True, help="Verify seals that were made with SHA-1, too."),
        click.option(
            "--verify-at",
            metavar="TIME",
            help="When certificates of seals must be within their term: a time like 2031-05-01T12:00Z, or issued for "
            "the document's own date; by default now.",
        ),
    ]
    wrapped: Any = command
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def terms(trusted_keys: Path | None, *, allow_sha1: bool, verify_at: str | None) -> Terms:
    """By what seals are judged. Raises ``ConfigError`` for a folder or file of keys, ``BadOption`` for the time."""
    from mcbridge.seals import Terms

    at = datetime.now(UTC) if verify_at in {None, ISSUED} else _moment(str(verify_at))
    return Terms(trusted=_trusted(trusted_keys), allow_sha1=allow_sha1, at=at, issued=verify_at == ISSUED)


def _trusted(folder: Path | None) -> Any:  # noqa: ANN401 - the type is not imported until it is wanted
    """The keys; none at all where the libraries that read them are not installed, which is said of each seal."""
    if folder is None:
        return None
    from mcbridge.seals.trust import trusted

    try:
        return trusted(folder)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "cryptography":
            raise
        return ()


def _moment(text: str) -> datetime:
    from mcbridge.seals import aware

    try:
        return aware(datetime.fromisoformat(text.strip()))
    except ValueError as error:
        hint = f"write for --verify-at for example 2031-05-01, 2031-05-01T12:00+02:00, or {ISSUED}"
        raise BadOption(f'"{text}" is no time to judge certificates at', hint=hint) from error
