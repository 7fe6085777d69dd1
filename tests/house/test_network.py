"""The guard of tests/conftest.py holds: a test that reaches out fails."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.conftest import _is_outside


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0), ("10.0.0.8", 80)])
def test_connecting_to_another_machine_fails_the_test(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as plug, pytest.raises(AssertionError, match="tests stay on this machine"):
        plug.connect(address)


def test_looking_a_name_up_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="register"):
        socket.getaddrinfo("register.example", 443)


def test_sending_a_datagram_fails_the_test() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as plug, pytest.raises(AssertionError, match="stay on this machine"):
        plug.sendto(b"?", ("192.0.2.53", 53))


def test_threads_are_guarded_too() -> None:
    caught: list[BaseException] = []

    def reach_out() -> None:
        try:
            socket.create_connection(("192.0.2.1", 80), timeout=1)
        except AssertionError as refused:
            caught.append(refused)

    thread = threading.Thread(target=reach_out)
    thread.start()
    thread.join()
    assert len(caught) == 1


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


@pytest.mark.parametrize(
    "address", [("::1", 1, 0, 0), "localhost", None, "/run/ledger.sock", b"/run/other.sock", b"\0name"]
)
def test_loopback_names_and_unix_sockets_are_inside(address: object) -> None:
    assert not _is_outside(address)
