"""The sets of rules that ``--rules`` names, as inspectors of the records that pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mcbridge.checks import SETS, Check, checks
from mcbridge.conversion import Inspector
from mcbridge.diagnostics import Diagnostic
from mcbridge.errors import UsageError
from mcbridge.origins import Read
from mcbridge.tables import Tables


def inspector(name: str, tables: Tables) -> Inspector | None:
    """The inspector of a set; ``None`` for ``schema``. Raises ``UsageError`` for a set that there is not."""
    if name == "schema":
        return None
    if name not in SETS:
        raise UsageError(f'there is no set of rules "{name}"', hint=f"sets: schema, {', '.join(SETS)}")
    return _Checks(checks(name), tables)


class _Checks:
    def __init__(self, among: tuple[Check, ...], tables: Tables) -> None:
        self.among = among
        self.tables = tables

    def see(self, read: Read) -> Iterator[Diagnostic]:
        for check in self.among:
            yield from check(read.record, read.origin, self.tables)

    def end(self) -> Iterable[Diagnostic]:
        return ()
