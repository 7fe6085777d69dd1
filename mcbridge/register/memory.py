"""A register that lives as long as its object: for trying out, and the measure of what a register has to do.

It takes canonical provisions as they are, keeps one record a key, and publishes at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

import msgspec

from mcbridge.diagnostics import Diagnostic
from mcbridge.errors import RegisterRefused
from mcbridge.register.base import (
    AlreadyThere,
    Capabilities,
    Entry,
    Json,
    NotThere,
    Payload,
    Receipt,
    Settings,
    State,
)
from mcbridge.register.verdict import Verdict
from mcbridge.register.wanted import content_mark, plain


class MemoryRegister:
    """Everything it holds is in ``records``, by key; its ids count from one."""

    capabilities: ClassVar[Capabilities] = Capabilities(can_list=True)

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self.records: dict[str, Entry] = {}

    @classmethod
    def looking(cls, settings: Settings) -> Self:
        """An empty one; a register in memory shares nothing between runs."""
        return cls(settings)

    @property
    def identity(self) -> str:
        """There is one in a process, for all that a ledger needs to know."""
        return "memory:"

    def payload(self, verdict: Verdict) -> Payload | tuple[Diagnostic, ...]:
        """The provision in canonical JSON, without the documents that it was found in."""
        provision = verdict.provision
        if provision is None:
            return verdict.refusals
        body = msgspec.to_builtins(plain(provision), str_keys=True)
        return Payload.of(provision.key, verdict.title, body, content_mark(provision))

    def normal(self, payload: Payload) -> Mapping[str, Json]:
        """What is sent is what is shown."""
        return payload.body

    def lookup(self, key: str) -> Entry | None:
        """What stands under the key; what was withdrawn is not there."""
        found = self.records.get(key)
        return found if found is not None and found.state is State.PUBLISHED else None

    def listed(self) -> tuple[Entry, ...]:
        """All that is public, by key."""
        return tuple(found for _, found in sorted(self.records.items()) if found.state is State.PUBLISHED)

    def create(self, payload: Payload, mark: str) -> Receipt:
        """Begin a record. A key that was withdrawn is not given out again."""
        found = self.records.get(payload.key)
        if found is not None and found.state is State.PUBLISHED:
            raise AlreadyThere(f"{payload.key} exists already", reason="a record of this key exists")
        if found is not None:
            raise RegisterRefused(f"{payload.key} was withdrawn", reason="a record of this key was withdrawn")
        return self._keep(payload, str(len(self.records) + 1))

    def update(self, payload: Payload, register_id: str | None, mark: str) -> Receipt:
        """Replace a record as a whole."""
        found = self.lookup(payload.key)
        if found is None or found.register_id is None:
            raise NotThere(f"{payload.key} does not exist", reason="there is no record of this key")
        return self._keep(payload, found.register_id)

    def withdraw(self, key: str, register_id: str | None, reason: str, mark: str) -> Receipt:
        """Take a record down. Its key stays taken."""
        found = self.records.get(key)
        if found is None:
            raise NotThere(f"{key} does not exist", reason="there is no record of this key")
        self.records[key] = msgspec.structs.replace(found, state=State.WITHDRAWN)
        return Receipt(key=key, register_id=found.register_id, state=State.WITHDRAWN)

    def close(self) -> None:
        """There is nothing to let go of."""

    def _keep(self, payload: Payload, register_id: str) -> Receipt:
        self.records[payload.key] = Entry(
            key=payload.key,
            state=State.PUBLISHED,
            title=payload.title,
            register_id=register_id,
            hash=payload.hash,
            body=payload.body,
        )
        return Receipt(key=payload.key, register_id=register_id, state=State.PUBLISHED)
