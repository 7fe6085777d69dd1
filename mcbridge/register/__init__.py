"""The garden gate: what is on offer goes out to a public register, and what is known of a learner stays inside.

The walk, in words for a registrar. ``select`` finds what is on offer in the documents;
the learners are left behind. ``judge`` says of each offer whether it may be published,
and why not. ``make_plan`` compares what should be at the register with what the ledger
says is there, and decides: create, update, withdraw, keep, leave alone. ``apply`` does
what a plan says, remembers it in the ledger, and looks each record up again.
``status`` and ``why`` tell how things stand.

Registers are found by name. Built-ins are a literal dictionary of strings, so naming
one imports no other; outsiders join through the entry-point group
``mcbridge.registers``, and the name of a built-in cannot be taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Final

from mcbridge.errors import ConfigError
from mcbridge.register.base import Looker, Register

BUILTIN: Final[Mapping[str, str]] = {
    "deqar": "mcbridge.register.deqar:DeqarRegister",
    "memory": "mcbridge.register.memory:MemoryRegister",
}

GROUP: Final = "mcbridge.registers"

__all__ = ["BUILTIN", "GROUP", "Looker", "Register", "broken", "kind", "names"]


def names() -> tuple[str, ...]:
    """All registers by name, built in or plugged in, also those that fail to load."""
    return tuple(sorted({*BUILTIN, *_plugged()}))


def kind(name: str) -> type[Register]:
    """The class of a register (``[register] kind``). Raises ``ConfigError`` when there is none, or it fails to load."""
    target = BUILTIN.get(name) or _plugged().get(name)
    if target is None:
        from difflib import get_close_matches

        near = get_close_matches(name, names(), n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known registers: {', '.join(names())}"
        raise ConfigError(f'there is no register "{name}"', where="register.kind", hint=hint)
    try:
        return _load(target)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f'the register "{name}" cannot be loaded: {error}',
            where="register.kind",
            hint="install its package again, or name another register",
        ) from error


def broken() -> Iterator[tuple[str, str]]:
    """The plugged-in registers that cannot be used, with the reason."""
    for found in entry_points(group=GROUP):
        if found.name in BUILTIN:
            yield found.name, f"{found.value} takes the name of a built-in register"
            continue
        try:
            _load(found.value)
        except (ImportError, AttributeError) as error:
            yield found.name, f"{found.value}: {error}"


def _plugged() -> dict[str, str]:
    return {found.name: found.value for found in entry_points(group=GROUP) if found.name not in BUILTIN}


def _load(target: str) -> type[Register]:
    module, _, attribute = target.partition(":")
    loaded: Any = getattr(import_module(module), attribute)
    return loaded  # type: ignore[no-any-return]
