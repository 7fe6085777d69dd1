"""A server that gives scripted answers, to see what the client makes of them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Respond = Callable[["Answering"], None]


@dataclass
class Answering:
    """One request as the script sees it, and the means to answer it."""

    handler: BaseHTTPRequestHandler
    body: bytes

    def say(self, status: int, body: bytes = b"", kind: str = "application/json", **headers: str) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)


@dataclass
class Script:
    """What is answered to each request in turn; the last one for ever after."""

    answers: list[Respond]
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    @property
    def count(self) -> int:
        return len(self.requests)


def json_(status: int, text: str = "{}", **headers: str) -> Respond:
    return lambda request: request.say(status, text.encode(), **headers)


def html(status: int, text: str = "<!doctype html><h1>Server Error</h1>") -> Respond:
    return lambda request: request.say(status, text.encode(), "text/html; charset=utf-8")


def hang_up(request: Answering) -> None:
    """Close the connection without a word."""
    request.handler.connection.shutdown(socket.SHUT_RDWR)
    request.handler.close_connection = True


def cut(request: Answering) -> None:
    """Promise more than comes."""
    request.handler.send_response(200)
    request.handler.send_header("Content-Type", "application/json")
    request.handler.send_header("Content-Length", "1000")
    request.handler.end_headers()
    request.handler.wfile.write(b'{"id": 1')
    request.handler.wfile.flush()
    hang_up(request)


def silent(until: threading.Event) -> Respond:
    """Say nothing until somebody gives up."""

    def wait(request: Answering) -> None:
        until.wait(20)
        request.handler.close_connection = True

    return wait


def date_header(moment: float) -> str:
    return formatdate(moment, usegmt=True)


@contextmanager
def answering(answers: Sequence[Respond]) -> Iterator[Script]:
    """Serve a script on the loopback."""
    script = Script(list(answers))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.requests.append((self.command, self.path, headers, body))
            respond = script.answers[min(script.count, len(script.answers)) - 1]
            respond(Answering(self, body))

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
