"""Running the embedded register: in the foreground until it is told to stop, or beside whatever needs one.

It listens on this machine only, unless somebody says otherwise on purpose.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import uvicorn
from msgspec import Struct
from starlette.types import ASGIApp

from mcbridge.errors import ConfigError, TryLater, UsageError
from mcbridge.register.config import is_loopback
from mcbridge.register.embedded.fields import Dialect
from mcbridge.register.embedded.service import Service
from mcbridge.register.embedded.shelf import Shelf
from mcbridge.register.embedded.web import Door
from mcbridge.register.embedded.world import World

PUBLISHER = "publisher"
"""The account that a token on the command line belongs to; it may write for every agency of the world."""


class Running(Struct, frozen=True, kw_only=True):
    """Where the register answers, and the token that was made for it; absent when it has accounts already."""

    url: str
    token: str | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class _Server(uvicorn.Server):
    """A server that says when it has started, and ends quietly when it is told to stop."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGTERM and SIGINT, and return: being asked to stop is no failure."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, frame: FrameType | None) -> None:
            self.handle_exit(number, frame)

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else asyncio sets no TCP_NODELAY
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise TryLater(
            f"the register cannot listen on {host}:{port}: {error.strerror or error}",
            hint="choose another --port; 0 takes a free one",
        ) from error
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=5
    )


def open_shelf(
    db_url: str, dialect: Dialect, world: World, token: str | None, clock: Callable[[], datetime] = _now
) -> tuple[Shelf, str | None]:
    """The register's file, and the token of the publisher when one was given or had to be made."""
    shelf = Shelf(db_url, dialect, clock)
    if token is None and shelf.accounts():
        return shelf, None
    agencies = tuple(agency.acronym for agency in world.agencies)
    return shelf, shelf.admit(PUBLISHER, agencies, token=token)


def serve(
    db_url: str,
    *,
    announce: Callable[[Running], None],
    host: str = "127.0.0.1",
    port: int = 8642,
    dialect: Dialect = "strict",
    token: str | None = None,
    world: Path | None = None,
    beyond_this_machine: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT. ``announce`` is told the address once it is listening; port 0 takes a free one.

    Raises ``UsageError`` for a host that others can reach, unless that is allowed; ``TryLater`` when the port is taken.
    """
    if not is_loopback(host) and not beyond_this_machine:
        raise UsageError(
            f"{host} can be reached from other machines, and this register speaks plain http",
            hint="listen on 127.0.0.1 and put a web server with https in front",
        )
    if dialect not in {"strict", "deqar"}:
        raise UsageError(f"there is no dialect {dialect!r}", hint="known: strict, deqar")
    known = World(world)
    listening = _listen(host, port)
    shelf, fresh = open_shelf(db_url, dialect, known, token)
    try:
        running = Running(url=_address(listening), token=fresh if token is None else None)
        application = Door(Service(shelf, known, _now)).application()
        _Server(_config(application), lambda: announce(running)).run(sockets=[listening])
    finally:
        listening.close()
        shelf.close()


class EmbeddedRegister:
    """A register in a thread of this process, on a free port of the loopback, for as long as the ``with`` lasts.

    ``wrap`` may put something between the network and the register.
    """

    def __init__(
        self,
        db_url: str,
        *,
        token: str,
        dialect: Dialect = "strict",
        port: int = 0,
        world: World | None = None,
        wrap: Callable[[ASGIApp], ASGIApp] | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.world = world if world is not None else World()
        self.shelf, _ = open_shelf(db_url, dialect, self.world, token, clock)
        self.token = token
        application: ASGIApp = Door(Service(self.shelf, self.world, clock)).application()
        self._listening = _listen("127.0.0.1", port)
        self.url = _address(self._listening)
        started = threading.Event()
        self._started = started
        self._server = _Server(_config(wrap(application) if wrap else application), started.set)
        self._thread = threading.Thread(target=self._run, name="embedded register", daemon=True)

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listening])
        finally:
            self._started.set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(timeout=30)
        if not self._server.started:
            self.close()
            raise ConfigError("the embedded register did not start", where=self.url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering, and let go of the file."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self._listening.close()
        self.shelf.close()
