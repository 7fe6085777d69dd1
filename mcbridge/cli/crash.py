"""What is kept of a bug: the traceback, in a file that only its owner reads, because it may quote the input."""

from __future__ import annotations

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path


def kept(error: Exception, command: str, version: str) -> str:
    """Write the traceback and say where; the state folder of this user, else the temporary one."""
    from platformdirs import user_state_path

    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    text = f"mcbridge {version}\n{command}\n\n{''.join(traceback.format_exception(error))}"
    for folder in (user_state_path("mcbridge", appauthor=False) / "bugs", Path(tempfile.gettempdir())):
        path = folder / f"mcbridge-bug-{moment}-{os.getpid()}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text.encode(errors="backslashreplace"))  # the command may hold what is no text
        except OSError:
            continue
        return str(path)
    return "could not be written to the state folder or the temporary one"
