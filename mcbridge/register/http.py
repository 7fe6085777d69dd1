"""Speaking HTTP to a register: the one module that does.

What may be tried again is tried again, with growing pauses or those that the register
asks for. A write that got no answer is not: whether it took effect has to be looked up
first. Redirects are not followed, answers are read up to a limit, and nothing is assumed
about their content.
"""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from mcbridge.errors import RegisterDenied, RegisterUnavailable
from mcbridge.register.base import Attempt, Patience, RegisterBroke
from mcbridge.register.config import is_loopback
from mcbridge.register.token import Token

LARGEST_ANSWER: Final = 1024 * 1024
EXCERPT: Final = 2048
"""How much of an answer is read, and how much of it is kept, in bytes."""

AGAIN: Final = frozenset({408, 425, 429})
"""Statuses that say that nothing was done, and to come back later."""
AGAIN_WHEN_READING: Final = AGAIN | {500, 502, 503, 504}
FEW_RETRIES: Final = 10
SHARE_OF_RETRIES: Final = 0.2
"""Retries beyond this number and this share of all requests are given up: the register has enough to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``whole`` is false when it was cut at the limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True

    def json(self) -> Any:  # noqa: ANN401 - that is what JSON is
        """The body as JSON; ``NOTHING`` when it is none, or not all of it."""
        if not self.whole:
            return NOTHING
        try:
            return json.loads(self.body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return NOTHING

    @property
    def text(self) -> str:
        """The beginning of the body, for people."""
        return self.body[:EXCERPT].decode("utf-8", "replace")


class _Nothing:
    """What stands for a body that is no JSON, since ``null`` is."""


NOTHING: Final = _Nothing()


class _Later(Exception):
    """To be tried again; ``after`` is what the register asked for, in seconds. ``error`` is raised when it is not."""

    def __init__(self, error: RegisterUnavailable, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


@dataclass
class Wire:
    """A connection to one register. ``watch`` is told of each exchange, ``clock`` gives the time with its zone.

    ``agent`` is what we call ourselves, with the version.
    """

    url: str
    token: Token
    patience: Patience
    clock: Callable[[], datetime]
    watch: Callable[[Attempt], None]
    pause: Callable[[float], None] = time.sleep
    agent: str = "mcbridge"
    requests: int = field(default=0, init=False)
    retries: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/")
        host = httpx.URL(self.url).host
        self._client = httpx.Client(
            timeout=httpx.Timeout(
                connect=self.patience.connect,
                read=self.patience.read,
                write=self.patience.write,
                pool=self.patience.pool,
            ),
            follow_redirects=False,
            trust_env=not is_loopback(host),
            headers={"User-Agent": self.agent, "Accept": "application/json"},
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """Ask for something. It may be asked as often as it takes."""
        return self._patiently("GET", path, query, None, "")

    def send(self, method: Literal["POST", "PUT", "DELETE"], path: str, body: bytes | None, mark: str) -> Answer:
        """Write something. It is tried again only when it certainly did not arrive."""
        return self._patiently(method, path, None, body, mark)

    def _patiently(
        self, method: str, path: str, query: Mapping[str, str] | None, body: bytes | None, mark: str
    ) -> Answer:
        jitter = wait_random_exponential(multiplier=self.patience.first_pause, max=self.patience.longest_pause)

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.after if isinstance(error, _Later) else None
            return asked if asked is not None else jitter(state)

        def count(_state: RetryCallState) -> None:
            self.retries += 1

        retrying = Retrying(
            stop=stop_after_attempt(self.patience.attempts),
            retry=retry_if_exception_type(_Later),
            wait=wait,
            sleep=self.pause,
            before_sleep=count,
            reraise=True,
        )
        try:
            return retrying(self._authorised, method, path, query, body, mark)
        except _Later as later:
            raise later.error from later.__cause__

    def _authorised(
        self, method: str, path: str, query: Mapping[str, str] | None, body: bytes | None, mark: str
    ) -> Answer:
        """One attempt; with a token that is no longer taken, one more with the token read again."""
        answer = self._once(method, path, query, body, mark)
        if answer.status in {401, 403} and _may_be_token(answer) and self.token.renewed():
            answer = self._once(method, path, query, body, mark)
        if answer.status in {401, 403}:
            said = answer.json()
            detail = said.get("detail") if isinstance(said, dict) else None
            raise RegisterDenied(
                f"the register denies access: {detail or answer.status}",
                where=self.url,
                hint="renew the token" if _may_be_token(answer) else "ask the register for the right to do this",
            )
        return answer

    def _once(self, method: str, path: str, query: Mapping[str, str] | None, body: bytes | None, mark: str) -> Answer:
        headers = {"Authorization": f"Bearer {self.token.value}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if mark:
            headers["X-Request-ID"] = mark
        self.requests += 1
        started, begun = self.clock(), time.monotonic()
        answer: Answer | None = None
        outcome = "answered"
        try:
            with self._client.stream(method, self.url + path, params=query, content=body, headers=headers) as response:
                answer = _read(response)
            self._judge(method, answer)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            outcome = type(error).__name__
            raise self._later(f"the register cannot be reached: {_said(error)}") from error
        except httpx.TransportError as error:
            outcome = type(error).__name__
            if method == "GET":
                raise self._later(f"the register did not answer: {_said(error)}") from error
            raise RegisterUnavailable(
                f"no answer came to what was sent: {_said(error)}", uncertain=True, where=self.url
            ) from error
        except (httpx.InvalidURL, httpx.DecodingError) as error:
            outcome = type(error).__name__
            raise RegisterBroke(
                f"the answer cannot be read: {error}", uncertain=method != "GET", where=self.url
            ) from error
        finally:
            self.watch(
                Attempt(
                    mark=mark,
                    method=method,
                    path=path,
                    status=answer.status if answer is not None else None,
                    started=started,
                    seconds=round(time.monotonic() - begun, 3),
                    outcome=outcome,
                    excerpt=self.token.hidden(answer.text) if answer is not None else "",
                )
            )
        return answer

    def _judge(self, method: str, answer: Answer) -> None:
        """What a status says about trying again."""
        status = answer.status
        if 300 <= status < 400:
            raise RegisterUnavailable(
                f"the register answers {status} and points to {answer.headers.get('location', 'nowhere')}",
                where=self.url,
                hint="redirects are not followed; write the register's true address into register.url",
            )
        if status in AGAIN or (method == "GET" and status in AGAIN_WHEN_READING):
            raise self._later(f"the register answers {status}", _retry_after(answer, self.clock()))
        if status in {502, 503, 504}:
            raise RegisterUnavailable(f"the register answers {status}", uncertain=True, where=self.url)
        if status >= 500:
            raise RegisterBroke(f"the register answers {status}, an error of its own", uncertain=True, where=self.url)

    def _later(self, message: str, after: float | None = None) -> Exception:
        error = RegisterUnavailable(message, where=self.url, hint="try again later")
        spent = self.retries >= max(FEW_RETRIES, SHARE_OF_RETRIES * self.requests)
        if spent or (after is not None and after > self.patience.longest_asked):
            return error
        return _Later(error, after)


def _may_be_token(answer: Answer) -> bool:
    """DEQAR says 403 for a wrong token and for a missing right; only its words tell them apart."""
    said = answer.json()
    detail = said.get("detail") if isinstance(said, dict) else None
    return answer.status == 401 or not isinstance(detail, str) or "permission" not in detail.casefold()


def _said(error: Exception) -> str:
    """The library's words, or the name of what happened when it has none."""
    return str(error) or type(error).__name__


def _read(response: httpx.Response) -> Answer:
    body, whole = b"", True
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            body, whole = body[:LARGEST_ANSWER], False
            break
    return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body, whole)


def _retry_after(answer: Answer, now: datetime) -> float | None:
    """The seconds that the register asks to wait: a number, or a date, measured by the register's own clock."""
    asked = answer.headers.get("retry-after", "").strip()
    if not asked:
        return None
    if asked.isdecimal():
        return float(asked)
    try:
        until = email.utils.parsedate_to_datetime(asked)
        theirs = email.utils.parsedate_to_datetime(answer.headers["date"]) if "date" in answer.headers else now
    except ValueError:
        return None
    until, theirs = (each if each.tzinfo else each.replace(tzinfo=UTC) for each in (until, theirs))
    return max(0.0, (until - theirs).total_seconds())
