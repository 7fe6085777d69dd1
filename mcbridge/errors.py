"""Exceptions: the walk cannot go on. They are sorted by who must act.

::

    McbridgeError
    ├── UsageError              the caller must change the call            exit 2
    │   ├── UnknownFormat       (names near matches)
    │   ├── BadOption
    │   └── Ambiguous           (what a source is must be said)
    ├── ConfigError             the configuration or a mapping file        exit 78
    ├── InputError              the sender must change the file            exit 3
    │   ├── Unreadable          (input and output, encoding)
    │   └── NotThisFormat       (malformed, wrong root)
    ├── TryLater                lock, deadline, interruption               exit 75
    ├── BrakeHeld               a safety brake held                        exit 6
    └── RegisterError           the register said no
        ├── RegisterRefused     do not retry; the reason is kept verbatim  (one record)
        ├── RegisterDenied      credentials or rights: stop the run        exit 77
        └── RegisterUnavailable retry with back-off, then stop             exit 75

What is merely wrong with the data is a ``Diagnostic``, not an exception.
"""

from __future__ import annotations


class McbridgeError(Exception):
    """Base of all errors that a user may see. ``message`` says what, ``where`` the place, ``hint`` what to do."""

    exit_code = 70

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n    hint: {self.hint}" if self.hint else head


class UsageError(McbridgeError):
    """The caller must change the call."""

    exit_code = 2


class UnknownFormat(UsageError):
    """No mapper of that name."""


class BadOption(UsageError):
    """An option that a mapper does not know, or a value that it cannot take."""


class Ambiguous(UsageError):
    """A source could be one thing or another, and only the caller can say which."""


class ConfigError(McbridgeError):
    """A configuration or mapping file must change; ``where`` is file and key path."""

    exit_code = 78


class InputError(McbridgeError):
    """The sender must change the file."""

    exit_code = 3


class Unreadable(InputError):
    """The bytes cannot be had, or are in no encoding that we may assume."""


class NotThisFormat(InputError):
    """The bytes are not what the format demands.

    ``line`` and ``column`` count from one where they are known; in JSON the ``pointer`` may tell the place (RFC 6901).
    """

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        line: int | None = None,
        column: int | None = None,
        pointer: str | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.line = line
        self.column = column
        self.pointer = pointer


class TryLater(McbridgeError):
    """Nothing is wrong but the moment."""

    exit_code = 75


class BrakeHeld(McbridgeError):
    """A safety brake held; going on needs the named override."""

    exit_code = 6


class RegisterError(McbridgeError):
    """The register said no."""

    exit_code = 5


class RegisterRefused(RegisterError):
    """The register refuses this record; sending it again will not help. ``reason`` is the register's own words."""

    def __init__(self, message: str, *, reason: str = "", where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, where=where, hint=hint)
        self.reason = reason


class RegisterDenied(RegisterError):
    """Credentials or rights are missing: nothing will go through in this run."""

    exit_code = 77


class RegisterUnavailable(RegisterError):
    """The register does not answer, or not sensibly. ``uncertain`` tells that a write may have taken effect."""

    exit_code = 75

    def __init__(
        self, message: str, *, uncertain: bool = False, where: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.uncertain = uncertain
