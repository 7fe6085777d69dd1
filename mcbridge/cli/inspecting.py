"""The sets of rules that ``--rules`` names, as inspectors of the records that pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from mcbridge.checks import SETS
from mcbridge.conversion import Inspector
from mcbridge.diagnostics import Diagnostic
from mcbridge.errors import UsageError
from mcbridge.origins import Read
from mcbridge.tables import RegisterPolicy, Tables

REGISTER = "register:"


def inspectors(
    names: Sequence[str], tables: Tables, config: Path | None, contents: Mapping[str, bytes]
) -> list[Inspector]:
    """What looks at the records. ``schema`` needs nothing: readers hold their documents against the schema anyway.

    Raises ``UsageError`` for a set that there is not.
    """
    found: list[Inspector] = []
    sets: list[str] = []
    for name in dict.fromkeys(names):
        if name.startswith(REGISTER):
            found.append(_register(name.removeprefix(REGISTER), tables, config))
        elif name.partition(":")[0] in SETS:
            sets.append(name)
        elif name != "schema":
            known = ", ".join(("schema", *SETS, *(f"{REGISTER}{each}" for each in tables.names("registers"))))
            raise UsageError(f'there is no set of rules "{name}"', hint=f"sets: {known}")
    if config is not None and not any(name.startswith(REGISTER) for name in names):
        raise UsageError("--config is for the rules of a register", hint="add --rules register:NAME, or leave it out")
    if sets:
        from mcbridge.checks.ruling import Rules

        found.insert(0, Rules(sets, tables, contents))
    return found


class _Register:
    """What a register would refuse, said when all records were seen: many of them may make one provision."""

    def __init__(self, policy: RegisterPolicy, tables: Tables, providers: Sequence[dict[str, str]]) -> None:
        from mcbridge.register.select import Gate

        self.policy = policy
        self.tables = tables
        self.providers = providers
        self.gate = Gate(tables)

    def see(self, read: Read) -> Iterable[Diagnostic]:
        self.gate.admit(read)
        return ()

    def end(self) -> Iterator[Diagnostic]:
        from mcbridge.register.judge import judge

        for verdict in judge(self.gate.candidates(), self.policy, self.tables, self.providers):
            yield from verdict.reasons


def _register(name: str, tables: Tables, config: Path | None) -> _Register:
    if name not in tables.names("registers"):
        known = ", ".join(f"{REGISTER}{each}" for each in tables.names("registers"))
        raise UsageError(f'there is no register "{name}"', hint=f"known: {known}")
    if config is None:
        # Who our providers are at a register stands in its configuration; without one that cannot be judged.
        policy = tables.register_policy(name)
        demands = msgspec.structs.replace(policy.demands, provider_known=False)
        return _Register(msgspec.structs.replace(policy, demands=demands), tables, ())
    from mcbridge.cli.environment import variables
    from mcbridge.register.config import load_config

    said = load_config(config, variables())
    policy = tables.changed_policy(name, said.policy, said.file)
    return _Register(policy, tables, [provider.match for provider in said.provider])
