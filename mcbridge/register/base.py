"""What a register is, what travels to it and what comes back.

A register is spoken to in payloads: JSON objects in its own words, made from
provisions, which have no learner. ``Looker`` can only read, so a dry run is handed
something that has no way to write; ``Register`` adds the three verbs that do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, Self, runtime_checkable

import msgspec
from msgspec import Struct

from mcbridge.diagnostics import Diagnostic
from mcbridge.errors import RegisterRefused, RegisterUnavailable
from mcbridge.register.config import SyncConfig
from mcbridge.register.hashing import canonical, fingerprint
from mcbridge.register.verdict import Verdict
from mcbridge.tables import Tables

Json = Any
"""What a JSON document may hold."""


class State(Enum):
    """How a provision stands at the register, as far as the ledger knows.

    Flagged: accepted and public, with remarks. Held: accepted, but not shown to the public until somebody at the
    register has looked. Uncertain: something was sent and no answer came. Conflict: the register holds something else
    under our key. Drifted: somebody else changed what we published.
    """

    PUBLISHED = "published"
    FLAGGED = "published_flagged"
    HELD = "held_for_review"
    WITHDRAW_REQUESTED = "withdraw_requested"
    WITHDRAWN = "withdrawn"
    UNCERTAIN = "uncertain"
    CONFLICT = "conflict"
    DRIFTED = "drifted"
    FAILED = "failed"


_PRESENT = frozenset({State.PUBLISHED, State.FLAGGED, State.HELD, State.WITHDRAW_REQUESTED, State.DRIFTED})

QUARANTINE = 5
"""So many refusals of the same content, each in a run of its own, and it is not sent any more."""


class Payload(Struct, frozen=True, kw_only=True):
    """One provision as a register wants it: ``data`` are the very bytes that are sent, in canonical JSON.

    ``source`` is the fingerprint of the provision it was made from, so that a change of mapping can be told from a
    change at the source.
    """

    key: str
    title: str
    data: bytes
    source: str = ""

    @classmethod
    def of(cls, key: str, title: str, body: Mapping[str, Json], source: str = "") -> Self:
        """The payload of a JSON object."""
        return cls(key=key, title=title, data=canonical(body), source=source)

    @property
    def body(self) -> dict[str, Json]:
        """The JSON object."""
        found: dict[str, Json] = msgspec.json.decode(self.data)
        return found

    @property
    def hash(self) -> str:
        """What tells one content from another."""
        return fingerprint(self.data)


class Entry(Struct, frozen=True, kw_only=True):
    """What is present under a key: by the ledger, or, from a look-up, by the register itself.

    From the ledger, ``body`` is the payload that was last confirmed and ``hash`` its hash. From a look-up, ``body`` is
    what the register shows, in the normal form that ``Looker.normal`` gives of a payload.
    ``ripe`` tells that an absence has lasted long enough, in time and in complete runs, to be taken for meant.
    """

    key: str
    state: State
    title: str = ""
    register_id: str | None = None
    hash: str | None = None
    body: Mapping[str, Json] | None = None
    source: str = ""
    flag: str = ""
    warnings: tuple[str, ...] = ()
    failure: str = ""
    failed_hash: str | None = None
    failures: int = 0
    absent_runs: int = 0
    ripe: bool = False
    serial: int = 0

    @property
    def published(self) -> bool:
        """Whether the register holds a record of ours now, for all we know."""
        return self.state in _PRESENT or (self.state is State.UNCERTAIN and self.hash is not None)

    def quarantined(self, hash: str) -> bool:
        """Whether this very content was refused so often that it is not sent again."""
        return self.failures >= QUARANTINE and self.failed_hash == hash


class Receipt(Struct, frozen=True, kw_only=True):
    """What the register answered to a write that took effect."""

    key: str
    register_id: str | None
    state: State
    flag: str = ""
    warnings: tuple[str, ...] = ()


class Attempt(Struct, frozen=True, kw_only=True):
    """One exchange with a register over the network. ``excerpt`` is the beginning of the answer, at most 2 kB.

    ``mark`` is the operation's id where there is one. ``status`` is absent when no answer came.
    """

    mark: str
    method: str
    path: str
    status: int | None
    started: datetime
    seconds: float
    outcome: str
    excerpt: str = ""


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a register can do. ``can_list``: it can say all that it holds of us; else presence comes from the ledger.

    ``has_keys``: a look-up by our own key is possible. ``settle`` is how long, in seconds, a request that got no
    answer may still take effect; nothing is sent again before that.
    """

    can_list: bool = False
    can_withdraw: bool = True
    has_keys: bool = True
    settle: float = 0.0


class RegisterBroke(RegisterUnavailable):
    """The register answered with an error of its own. It may have taken effect, but will not any later."""


class AlreadyThere(RegisterRefused):
    """A record of this key exists already, so it was not created."""


class NotThere(RegisterRefused):
    """There is no record of this key, so it was not updated or withdrawn."""


class Patience(Struct, frozen=True, kw_only=True):
    """How long to wait, in seconds, and how often to try. ``longest_asked``: a register that wants more is given up."""

    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 5.0
    attempts: int = 6
    first_pause: float = 0.5
    longest_pause: float = 60.0
    longest_asked: float = 120.0


def _no_watch(attempt: Attempt) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True)
class Settings:
    """What a register is opened with. Time, environment and place come from above, as everything ambient does.

    ``watch`` is told of each exchange over the network; ``agent`` is what we call ourselves, with the version.
    """

    config: SyncConfig
    tables: Tables
    clock: Callable[[], datetime]
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    watch: Callable[[Attempt], None] = _no_watch
    patience: Patience = field(default_factory=Patience)
    pause: Callable[[float], None] = time.sleep
    agent: str = "mcbridge"


@runtime_checkable
class Looker(Protocol):
    """A register that is only looked at.

    ``identity`` names the place that is written to (no secret in it): the ledger of one register is never used for
    another. Raises ``RegisterUnavailable`` and ``RegisterDenied`` where it is asked over a network.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def identity(self) -> str: ...

    def payload(self, verdict: Verdict) -> Payload | tuple[Diagnostic, ...]:
        """The provision in the register's words, or the reasons why that cannot be said; asks nobody."""
        ...

    def normal(self, payload: Payload) -> Mapping[str, Json]:
        """What a look-up would show if this payload were in the register."""
        ...

    def lookup(self, key: str) -> Entry | None:
        """What the register holds under our key; ``None`` means that it was asked and holds nothing."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Register(Looker, Protocol):
    """A register that is written to. ``mark`` is the id of the operation, for the register's own log.

    Besides what a look-up raises: ``RegisterRefused`` when the record is refused, ``AlreadyThere`` and ``NotThere``
    when the register's state is not what was assumed, ``RegisterUnavailable`` with ``uncertain`` when it may have
    taken effect all the same.
    """

    def __init__(self, settings: Settings) -> None: ...

    @classmethod
    def looking(cls, settings: Settings) -> Looker:
        """The same register without a way to write."""
        ...

    def create(self, payload: Payload, mark: str) -> Receipt: ...

    def update(self, payload: Payload, register_id: str | None, mark: str) -> Receipt: ...

    def withdraw(self, key: str, register_id: str | None, reason: str, mark: str) -> Receipt: ...
