"""Registers are found by name; importing the gate imports none of them, and nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

import mcbridge.register as registry
from mcbridge.errors import ConfigError
from mcbridge.register.deqar import DeqarRegister
from mcbridge.register.memory import MemoryRegister


def plug(monkeypatch: pytest.MonkeyPatch, *found: tuple[str, str]) -> None:
    points = [EntryPoint(name, value, registry.GROUP) for name, value in found]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == registry.GROUP else [])


def test_the_built_in_ones_are_there() -> None:
    assert registry.kind("memory") is MemoryRegister
    assert registry.kind("deqar") is DeqarRegister


def test_a_plugged_in_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, ("ours", "mcbridge.register.memory:MemoryRegister"))
    assert registry.names() == ("deqar", "memory", "ours")
    assert registry.kind("ours") is MemoryRegister
    assert list(registry.broken()) == []


def test_the_name_of_a_built_in_one_cannot_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, ("deqar", "mcbridge.register.memory:MemoryRegister"))
    assert registry.kind("deqar") is DeqarRegister
    assert [name for name, reason in registry.broken() if "built-in" in reason] == ["deqar"]


def test_one_that_fails_to_load_is_listed_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, ("gone", "no_such_package:Register"), ("wrong", "mcbridge.register.memory:Nothing"))
    assert [name for name, _ in registry.broken()] == ["gone", "wrong"]
    for name in ("gone", "wrong"):
        with pytest.raises(ConfigError, match="cannot be loaded"):
            registry.kind(name)


def test_an_unknown_one_is_a_fault_that_names_what_is_near() -> None:
    with pytest.raises(ConfigError) as caught:
        registry.kind("deqqar")
    assert "did you mean deqar" in (caught.value.hint or "")
    with pytest.raises(ConfigError) as caught:
        registry.kind("xyz")
    assert "deqar, memory" in (caught.value.hint or "")


def test_the_gate_opens_without_anything_heavy() -> None:
    script = (
        "import sys, mcbridge.register, mcbridge.register.plan, mcbridge.register.config, mcbridge.register.embedded\n"
        "print(sorted({'httpx', 'sqlalchemy', 'alembic', 'starlette', 'uvicorn', 'tenacity'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "call", ["serve('sqlite:///x.db', announce=print)", "embedded_register('sqlite:///x.db', token='t')"]
)
def test_without_the_web_extra_the_embedded_register_says_what_to_install(call: str) -> None:
    script = (
        "import sys; sys.modules['starlette'] = sys.modules['uvicorn'] = None\n"
        "from mcbridge.errors import UsageError\n"
        "from mcbridge.register.embedded import embedded_register, serve\n"
        f"try:\n    {call}\nexcept UsageError as error:\n    print(error.hint)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "pip install 'mcbridge[web]'", done.stderr
