"""What a check is: a thing that looks at one record and yields findings. It never repairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Protocol, runtime_checkable

from mcbridge.diagnostics import Diagnostic, Rule
from mcbridge.model import Record
from mcbridge.origins import Origin
from mcbridge.tables import Tables


@runtime_checkable
class Check(Protocol):
    """One subject. ``rules`` are all that it can find; ``origin`` is asked for a place only when there is a finding."""

    rules: ClassVar[tuple[Rule, ...]]

    def __call__(self, record: Record, origin: Origin, tables: Tables) -> Iterator[Diagnostic]: ...


@runtime_checkable
class Informed(Protocol):
    """What a check may add: it looks at the bytes that records speak of, and is made anew with them for each run."""

    def informed(self, contents: Mapping[str, bytes]) -> Check: ...
