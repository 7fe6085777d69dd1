"""A register of one's own, to try things out and to publish without anybody else's: it speaks the language of DEQAR.

It needs the extra ``web``. Importing this front door imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mcbridge.errors import UsageError

if TYPE_CHECKING:
    from mcbridge.register.embedded.fields import Dialect
    from mcbridge.register.embedded.server import EmbeddedRegister, Running

__all__ = ["embedded_register", "serve"]

MISSING = "the embedded register needs what is not installed here: {name}"
HINT = "pip install 'mcbridge[web]'"


def serve(
    db_url: str,
    *,
    announce: Callable[[Running], None],
    host: str = "127.0.0.1",
    port: int = 8642,
    dialect: Dialect = "strict",
    token: str | None = None,
    world: Path | None = None,
    beyond_this_machine: bool = False,
) -> None:
    """Serve a register until the process is told to stop; ``announce`` learns its address and a fresh token."""
    try:
        from mcbridge.register.embedded import server
    except ModuleNotFoundError as error:
        raise UsageError(MISSING.format(name=error.name), hint=HINT) from error
    server.serve(
        db_url,
        announce=announce,
        host=host,
        port=port,
        dialect=dialect,
        token=token,
        world=world,
        beyond_this_machine=beyond_this_machine,
    )


def embedded_register(db_url: str, *, token: str, dialect: Dialect = "strict", port: int = 0) -> EmbeddedRegister:
    """A register beside the caller, on a free port, for as long as a ``with`` lasts; ``url`` says where."""
    try:
        from mcbridge.register.embedded.server import EmbeddedRegister
    except ModuleNotFoundError as error:
        raise UsageError(MISSING.format(name=error.name), hint=HINT) from error
    return EmbeddedRegister(db_url, token=token, dialect=dialect, port=port)
