"""The client over the wire: what is tried again, what is not, and what an answer may be made of."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mcbridge.errors import RegisterDenied, RegisterUnavailable
from mcbridge.register.base import Attempt, Patience, RegisterBroke
from mcbridge.register.http import LARGEST_ANSWER, NOTHING, Answer, Wire
from mcbridge.register.token import Token
from tests.publishing import TOKEN, Clock, config
from tests.unit.register.answering import Respond, answering, cut, date_header, hang_up, html, json_, silent

PATIENCE = Patience(connect=2, read=1, write=2, pool=2, attempts=4, first_pause=0.001, longest_pause=0.002)
Wired = Callable[..., Wire]


@pytest.fixture
def attempts() -> list[Attempt]:
    return []


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def wired(tmp_path: Path, attempts: list[Attempt], pauses: list[float]) -> Iterator[Wired]:
    made: list[Wire] = []

    def wire(url: str, patience: Patience = PATIENCE, token: Token | None = None) -> Wire:
        given = token or Token(config(url, tmp_path), {"TOKEN": TOKEN})
        made.append(Wire(url, given, patience, Clock(), attempts.append, pauses.append, "mcbridge/0.0"))
        return made[-1]

    yield wire
    for each in made:
        each.close()


def test_each_request_says_who_asks_for_what_and_which_operation_it_is(wired: Wired) -> None:
    with answering([json_(200, '{"id": 1}')]) as script:
        wire = wired(script.url + "/")
        assert wire.get("/a", {"q": "x y/ü"}).json() == {"id": 1}
        wire.send("POST", "/b", b'{"x":1}', "op-1")
    (got, path, headers, _), (sent, _, more, body) = script.requests
    assert (got, path, sent, body) == ("GET", "/a?q=x+y%2F%C3%BC", "POST", b'{"x":1}')
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["user-agent"] == "mcbridge/0.0"
    assert headers["accept"] == "application/json"
    assert (more["x-request-id"], more["content-type"]) == ("op-1", "application/json")
    assert "x-request-id" not in headers


def test_every_exchange_is_told_and_the_token_is_in_none(wired: Wired, attempts: list[Attempt]) -> None:
    with answering([json_(500, f'{{"echo": "{TOKEN}"}}'), json_(200, '{"x": "' + "y" * 5000 + '"}')]) as script:
        wired(script.url).get("/a")
    first, second = attempts
    assert [first.status, second.status] == [500, 200]
    assert (first.method, first.path, first.mark) == ("GET", "/a", "")
    assert TOKEN not in str(attempts)
    assert TOKEN not in repr(Token(config(None, Path()), {}))
    assert len(second.excerpt) == 2048


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_reading_is_tried_again_when_the_register_has_a_bad_moment(wired: Wired, status: int) -> None:
    with answering([json_(status), html(status), json_(200, '{"ok": 1}')]) as script:
        assert wired(script.url).get("/a").json() == {"ok": 1}
    assert script.count == 3


@pytest.mark.parametrize("respond", [hang_up, cut], ids=["hang-up", "cut"])
def test_reading_is_tried_again_when_the_connection_breaks(wired: Wired, respond: Respond) -> None:
    with answering([respond, json_(200, '{"ok": 1}')]) as script:
        assert wired(script.url).get("/a").json() == {"ok": 1}


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
def test_a_plain_no_is_an_answer(wired: Wired, status: int) -> None:
    with answering([json_(status, '"Not Found"')]) as script:
        answer = wired(script.url).get("/a")
    assert (answer.status, answer.json(), script.count) == (status, "Not Found", 1)


def test_reading_is_given_up_after_a_number_of_attempts(wired: Wired, pauses: list[float]) -> None:
    with answering([html(503)]) as script, pytest.raises(RegisterUnavailable, match="answers 503") as caught:
        wired(script.url).get("/a")
    assert (script.count, len(pauses)) == (4, 3)
    assert not caught.value.uncertain


def test_a_register_that_is_not_there_leaves_nothing_uncertain(wired: Wired) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(RegisterUnavailable, match="cannot be reached") as caught:
        wired(url).send("POST", "/a", b"{}", "op")
    assert not caught.value.uncertain


# ------------------------------------------------------------------------------------------------------------- writing


@pytest.mark.parametrize("status", [408, 425, 429])
def test_writing_is_tried_again_when_the_register_did_not_look_at_it(wired: Wired, status: int) -> None:
    with answering([json_(status), json_(200)]) as script:
        assert wired(script.url).send("POST", "/a", b'{"same": 1}', "op").status == 200
    assert [body for *_, body in script.requests] == [b'{"same": 1}'] * 2


@pytest.mark.parametrize(
    ("respond", "kind"),
    [
        (html(500), RegisterBroke),
        (html(501), RegisterBroke),
        (html(502), RegisterUnavailable),
        (json_(503, retry_after="1"), RegisterUnavailable),
        (html(504), RegisterUnavailable),
        (hang_up, RegisterUnavailable),
        (cut, RegisterUnavailable),
    ],
    ids=["500", "501", "502", "503", "504", "hang-up", "cut"],
)
def test_writing_is_sent_once_when_it_may_have_taken_effect(
    wired: Wired, respond: Respond, kind: type[RegisterUnavailable]
) -> None:
    with answering([respond, json_(200)]) as script, pytest.raises(RegisterUnavailable) as caught:
        wired(script.url).send("POST", "/a", b"{}", "op")
    assert script.count == 1
    assert type(caught.value) is kind
    assert caught.value.uncertain


def test_writing_that_gets_no_answer_in_time_is_sent_once(wired: Wired, attempts: list[Attempt]) -> None:
    until = threading.Event()
    patience = Patience(connect=2, read=0.2, write=2, pool=2, attempts=4, first_pause=0.001)
    with answering([silent(until)]) as script:
        with pytest.raises(RegisterUnavailable) as caught:
            wired(script.url, patience).send("PUT", "/a", b"{}", "op")
        until.set()
    assert (caught.value.uncertain, script.count) == (True, 1)
    [attempt] = attempts
    assert (attempt.status, attempt.outcome, attempt.mark) == (None, "ReadTimeout", "op")


def test_a_redirect_is_not_followed_but_named(wired: Wired) -> None:
    respond = json_(301, location="https://elsewhere.example/a")
    with answering([respond]) as script, pytest.raises(RegisterUnavailable, match=r"elsewhere\.example") as caught:
        wired(script.url).send("POST", "/a", b"{}", "op")
    assert (script.count, caught.value.uncertain) == (1, False)


# -------------------------------------------------------------------------------------------------------- Retry-After


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7),
        ({"retry_after": date_header(1_700_000_030), "date": date_header(1_700_000_000)}, 30),
        ({"retry_after": date_header(1_600_000_000)}, 0),
    ],
    ids=["seconds", "date-by-the-register's-own-clock", "date-in-the-past"],
)
def test_the_pause_that_the_register_asks_for_is_kept(
    wired: Wired, pauses: list[float], headers: dict[str, str], seconds: float
) -> None:
    def later(request: object) -> None:
        request.handler._headers_buffer = []  # type: ignore[attr-defined]
        handler = request.handler  # type: ignore[attr-defined]
        handler.date_time_string = lambda _=None: headers.get("date", date_header(1_700_000_000))
        request.say(429, b"{}", retry_after=headers["retry_after"])  # type: ignore[attr-defined]

    with answering([later, json_(200)]) as script:
        assert wired(script.url).get("/a").status == 200
    assert pauses == [seconds]


def test_a_register_that_asks_for_too_long_a_pause_is_left_for_later(wired: Wired, pauses: list[float]) -> None:
    with answering([json_(429, retry_after="3600")]) as script, pytest.raises(RegisterUnavailable, match="429"):
        wired(script.url).send("POST", "/a", b"{}", "op")
    assert (script.count, pauses) == (1, [])


def test_a_pause_that_makes_no_sense_is_replaced_by_our_own(wired: Wired, pauses: list[float]) -> None:
    with answering([json_(429, retry_after="soon"), json_(200)]) as script:
        wired(script.url).get("/a")
    [pause] = pauses
    assert 0 <= pause <= PATIENCE.longest_pause


def test_retries_are_a_small_share_of_all_requests(wired: Wired, pauses: list[float]) -> None:
    with answering([html(503)]) as script:
        wire = wired(script.url)
        for _ in range(10):
            with pytest.raises(RegisterUnavailable):
                wire.get("/a")
    assert len(pauses) <= 10
    assert script.count <= 20


# ------------------------------------------------------------------------------------------------------ rights, tokens


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_no_longer_taken_is_read_again_once(wired: Wired, tmp_path: Path, status: int) -> None:
    file = tmp_path / "token"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o600)

    def look(request: object) -> None:
        handler = request.handler  # type: ignore[attr-defined]
        fresh = handler.headers["authorization"] == "Bearer new"
        file.write_text("new", encoding="utf-8")
        request.say(*(200, b"{}") if fresh else (status, b'{"detail": "Invalid token."}'))  # type: ignore[attr-defined]

    with answering([look]) as script:
        given = config(script.url, tmp_path, register={"kind": "deqar", "environment": "test", "token_file": "token"})
        assert wired(script.url, token=Token(given, {})).get("/a").status == 200
    assert script.count == 2


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ('{"detail": "Invalid token."}', "renew"),
        ('{"detail": "Authentication credentials were not provided."}', "renew"),
        ('{"detail": "You do not have permission to perform this action."}', "ask the register"),
        ("<html>", "renew"),
    ],
)
def test_a_missing_right_ends_it_and_says_which_kind_it_is(wired: Wired, said: str, hint: str) -> None:
    with answering([json_(403, said)]) as script, pytest.raises(RegisterDenied) as caught:
        wired(script.url).send("POST", "/a", b"{}", "op")
    assert script.count == 1
    assert hint in (caught.value.hint or "")
    assert caught.value.exit_code == 77
    assert TOKEN not in str(caught.value)


# ---------------------------------------------------------------------------------------------------------- any content


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'"success"', "success"),
        (b'["OK"]', ["OK"]),
        (b"null", None),
        (b"", NOTHING),
        (b"<html></html>", NOTHING),
        (b'{"a": ', NOTHING),
        (b"\xff\xfe", NOTHING),
        (b"[" * 100_000, NOTHING),
    ],
    ids=["object", "bom", "string", "list", "null", "empty", "html", "cut", "no-text", "deep"],
)
def test_a_body_may_be_anything(body: bytes, found: object) -> None:
    assert Answer(200, {}, body).json() == found


def test_no_more_than_a_megabyte_of_an_answer_is_read(wired: Wired) -> None:
    with answering([lambda request: request.say(200, b'"' + b"x" * (3 * LARGEST_ANSWER) + b'"')]) as script:
        started = time.monotonic()
        answer = wired(script.url).get("/a")
    assert (len(answer.body), answer.whole, answer.json()) == (LARGEST_ANSWER, False, NOTHING)
    assert time.monotonic() - started < 10


def test_an_answer_that_cannot_be_decoded_is_an_error_of_the_register(wired: Wired) -> None:
    broken = lambda request: request.say(200, b"this is not gzip", content_encoding="gzip")  # noqa: E731
    with answering([broken]) as script, pytest.raises(RegisterBroke, match="cannot be read") as caught:
        wired(script.url).send("POST", "/a", b"{}", "op")
    assert caught.value.uncertain
