"""A proxy in front of a register that spoils exchanges: before the register saw them, after it acted, or on the way."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

Fault = Literal[
    "none",
    "drop-before",
    "drop-after",
    "500-before",
    "500-after",
    "502-before",
    "503-after",
    "504-after",
    "429",
    "429-date",
    "page-after",
    "cut-after",
    "slow-after",
    "late",
    "twice",
]

PAGE = b"<!doctype html><html><head><title>Server Error (500)</title></head><body><h1>Server Error</h1></body></html>"


@dataclass
class Proxy:
    """Spoils writes by the script, in order; reads by another. ``stall`` is longer than the client's patience."""

    backend: str
    stall: float
    writes: list[Fault] = field(default_factory=list)
    reads: list[Fault] = field(default_factory=list)
    url: str = ""
    seen: list[tuple[str, str]] = field(default_factory=list)
    after_write: Callable[[], None] = lambda: None
    waiting: list[threading.Thread] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, method: str) -> Fault:
        with self._lock:
            script = self.reads if method == "GET" else self.writes
            return script.pop(0) if script else "none"

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        parts = urlsplit(self.backend)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=20)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("content-type", ""), answer.read()
        finally:
            connection.close()

    def settle(self) -> None:
        """Wait until requests that were held up have arrived."""
        for thread in self.waiting:
            thread.join()


Request = tuple[str, str, dict[str, str], bytes]


def _say(handler: BaseHTTPRequestHandler, status: int, kind: str, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | named).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _drop(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def _answer(proxy: Proxy, handler: BaseHTTPRequestHandler, fault: Fault, request: Request) -> None:
    if fault == "late":
        thread = threading.Thread(target=_later, args=(proxy, request), daemon=True)
        proxy.waiting.append(thread)
        thread.start()
        handler.close_connection = True
        thread.join()
    elif fault == "drop-before":
        _drop(handler)
    elif fault.endswith("before"):
        _say(handler, int(fault[:3]), "text/html", PAGE)
    elif fault.startswith("429"):
        asked = "0" if fault == "429" else "Wed, 21 Oct 2015 07:28:00 GMT"
        _say(handler, 429, "application/json", b'{"detail": "throttled"}', Retry_After=asked)
    else:
        _spoil(proxy, handler, fault, request)


def _spoil(proxy: Proxy, handler: BaseHTTPRequestHandler, fault: Fault, request: Request) -> None:
    """What goes wrong after the register has acted."""
    status, kind, body = proxy.forward(*request)
    if fault == "twice":
        status, kind, body = proxy.forward(*request)
    if request[0] != "GET":
        proxy.after_write()
    if fault == "drop-after":
        _drop(handler)
    elif fault == "page-after":
        _say(handler, 200, "text/html; charset=utf-8", PAGE)
    elif fault == "cut-after":
        _say(handler, status, kind, body[: len(body) // 2], Content_Length=str(len(body)))
        _drop(handler)
    elif fault == "slow-after":
        proxy.over.wait(proxy.stall)
        handler.close_connection = True
    elif fault.endswith("after"):
        _say(handler, int(fault[:3]), "text/html", PAGE)
    else:
        _say(handler, status, kind, body)


def _later(proxy: Proxy, request: Request) -> None:
    proxy.over.wait(proxy.stall)
    proxy.forward(*request)


@contextmanager
def spoiling(backend: str, *, stall: float = 0.45) -> Iterator[Proxy]:
    """A proxy on the loopback."""
    proxy = Proxy(backend, stall)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            kept = {"authorization", "content-type", "accept", "x-request-id"}
            headers = {name: value for name, value in self.headers.items() if name.lower() in kept}
            proxy.seen.append((self.command, self.path))
            request = (self.command, self.path, headers, body)
            try:
                _answer(proxy, self, proxy.next(self.command), request)
            except OSError:
                self.close_connection = True  # whoever asked has gone

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A connection that broke is what this is about."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield proxy
    finally:
        proxy.settle()
        server.shutdown()
        thread.join()
        server.server_close()
