"""What every test may lean on: --bless, the official material, and no network beyond this machine."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

# Audit events of the standard library for leaving the process, with the place of the address in their arguments.
_LEAVING = {
    "socket.connect": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.sendmsg": 1,
    "socket.sendto": 1,
}


class OutsideConnection(AssertionError):
    """A test tried to reach something that is not this machine."""


def _is_outside(address: Any) -> bool:
    """Whether an address (``(host, port, …)``, a host, or the path of a Unix socket) is beyond the loopback."""
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = host.decode("latin-1")
    if not host or host == "localhost" or host.startswith(("/", "\0")):
        return False
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return True


_guarding = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _guarding and event in _LEAVING and _is_outside(address := arguments[_LEAVING[event]]):
        raise OutsideConnection(f"{event} to {address!r}: tests stay on this machine")


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """No test, and no thread that it starts, looks up or reaches another machine."""
    global _guarding  # noqa: PLW0603 - an audit hook cannot be taken out again, only told to look away
    sys.addaudithook(_watch)
    _guarding = True
    yield
    _guarding = False


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bless",
        action="store_true",
        help="rewrite the expected files that differ from what came out; the diff is the change to review",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--bless") and os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        raise pytest.UsageError("--bless rewrites what is expected: not under CI")


@pytest.fixture(scope="session")
def bless(pytestconfig: pytest.Config) -> bool:
    """Whether expected files are to be rewritten. One that is missing is made by hand, never silently."""
    return bool(pytestconfig.getoption("--bless"))


@pytest.fixture(scope="session")
def shared_root() -> Path:
    """The folder with official schemas, shapes and samples, which are not part of this repository."""
    named = os.environ.get("MCBRIDGE_SHARED")
    root = Path(named) if named else CHECKOUT.parent / "shared"
    if not (root / "official").is_dir():
        pytest.skip(f"official material is not here: no {root / 'official'}; MCBRIDGE_SHARED may name its folder")
    return root


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what passing tests print: these are figures of what they measured."""
    told = [report for report in terminalreporter.stats.get("passed", []) if report.capstdout.strip()]
    if told:
        terminalreporter.section("figures")
    for report in sorted(told, key=lambda report: str(report.nodeid)):
        terminalreporter.line(str(report.nodeid))
        for line in report.capstdout.strip().splitlines():
            terminalreporter.line(f"    {line}")
