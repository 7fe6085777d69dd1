"""DEQAR, and every register that speaks its Submission API v2.

The register finds our records by local identifier. Its check tells whether there is
one; what it holds is read from the Web API, for the check leaves most of it out. Nothing
that is read there can be compared as it is, so both sides are brought to a normal form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mcbridge.diagnostics import Diagnostic
from mcbridge.errors import ConfigError, RegisterDenied, RegisterRefused, RegisterUnavailable
from mcbridge.register.base import (
    AlreadyThere,
    Capabilities,
    Entry,
    Json,
    Looker,
    NotThere,
    Payload,
    Receipt,
    RegisterBroke,
    Settings,
    State,
)
from mcbridge.register.deqar_normal import normal_of_detail, normal_of_payload
from mcbridge.register.hashing import canonical, fingerprint
from mcbridge.register.http import NOTHING, Answer, Wire
from mcbridge.register.payload import PayloadWriter
from mcbridge.register.token import Token
from mcbridge.register.verdict import Verdict

SUBMIT: Final = "/submissionapi/v2/submit/report"
CHECK: Final = "/submissionapi/v2/check/local-identifier"
DELETE: Final = "/submissionapi/v2/delete/report/{id}/"
DETAIL: Final = "/webapi/v2/browse/reports/{id}/"
FOREIGN_AGENCY: Final = "can't submit data to this Agency"
UNKNOWN_LOCAL: Final = "valid local identifier"
EXISTS: Final = "already exists"
STATES: Final[Mapping[str, State]] = {"none": State.PUBLISHED, "low level": State.FLAGGED, "high level": State.HELD}
"""What a flag means: with a low one a report is public all the same, with a high one it is hidden for review."""
LONGEST_REASON: Final = 2000


class DeqarLooker:
    """DEQAR without a way to write. Raises ``ConfigError`` when the configuration lacks what it needs."""

    def __init__(self, settings: Settings) -> None:
        config = settings.config
        if config.register.url is None:
            raise ConfigError(
                "the register has no address", where=str(config.spot("register")), hint='add url = "https://…"'
            )
        self._writer = PayloadWriter(config, settings.tables)
        self._policy = settings.tables.register_policy(config.register.kind)
        self._agency = config.report.agency.strip() if config.report else ""
        self._url = config.register.url.rstrip("/")
        self._wire = Wire(
            self._url,
            Token(config, settings.environ),
            settings.patience,
            settings.clock,
            settings.watch,
            settings.pause,
            settings.agent,
        )
        self.capabilities = Capabilities(settle=settings.patience.read)

    @property
    def identity(self) -> str:
        """Its address, and the agency that is written for."""
        return f"{self._url}#{self._agency}"

    def payload(self, verdict: Verdict) -> Payload | tuple[Diagnostic, ...]:
        """One report with one programme, or what cannot be said there."""
        return self._writer.write(verdict)

    def normal(self, payload: Payload) -> Mapping[str, Json]:
        """What the Web API would show of this payload."""
        return normal_of_payload(payload.body, self._policy)

    def lookup(self, key: str) -> Entry | None:
        """The report of a local identifier, in normal form."""
        answer = self._wire.get(CHECK, {"agency": self._agency, "local_identifier": key})
        found = answer.json()
        if answer.status == 404 and not isinstance(found, dict):
            if found == "Not Found":
                return None
            raise self._strange(answer, "there is no such address")
        if answer.status != 200 or not isinstance(found, dict) or not isinstance(found.get("id"), int):
            if answer.status == 400:
                raise RegisterRefused(f"the register cannot look up {key}", reason=_said(found))
            raise self._strange(answer, "the answer to a look-up makes no sense")
        answer = self._wire.get(DETAIL.format(id=found["id"]))
        detail = answer.json()
        if answer.status != 200 or not isinstance(detail, dict) or detail.get("id") != found["id"]:
            raise self._strange(answer, "the report cannot be read back")
        body = normal_of_detail(detail, found, self._policy)
        flag = str(detail.get("flag", ""))
        return Entry(
            key=key,
            state=STATES.get(flag, State.FLAGGED),
            register_id=str(found["id"]),
            hash=fingerprint(canonical(body)),
            body=body,
            flag="" if flag == "none" else flag,
        )

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def _strange(self, answer: Answer, what: str) -> RegisterUnavailable:
        return RegisterUnavailable(
            f"{what}: the register answers {answer.status}",
            where=self._url,
            hint="is this the address of a register that speaks DEQAR's Submission API v2?",
        )


class DeqarRegister(DeqarLooker):
    """DEQAR, written to. An update is a full replacement, a withdrawal only a request.

    Raises ``ConfigError`` without a token: before a run begins, so that none is left open for the want of it.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._wire.token.demand()

    @classmethod
    def looking(cls, settings: Settings) -> Looker:
        """Without the verbs that write."""
        return DeqarLooker(settings)

    def create(self, payload: Payload, mark: str) -> Receipt:
        """Submit a new report."""
        return self._receipt(payload.key, self._wire.send("POST", SUBMIT, payload.data, mark))

    def update(self, payload: Payload, register_id: str | None, mark: str) -> Receipt:
        """Replace a report as a whole; the local identifier in it says which."""
        return self._receipt(payload.key, self._wire.send("PUT", SUBMIT, payload.data, mark))

    def withdraw(self, key: str, register_id: str | None, reason: str, mark: str) -> Receipt:
        """Ask for deletion. The report stays public until somebody at the register has acted."""
        if register_id is None:
            seen = self.lookup(key)
            register_id = seen.register_id if seen is not None else None
        if register_id is None:
            raise NotThere(f"{key} is not at the register", reason="a look-up does not find it")
        answer = self._wire.send("DELETE", DELETE.format(id=register_id), None, mark)
        if answer.status == 404:
            raise NotThere(f"{key} is not at the register", reason=_said(answer.json()))
        if answer.status != 200:
            raise RegisterRefused(
                f"the register does not take the request: {answer.status}", reason=_said(answer.json())
            )
        return Receipt(key=key, register_id=register_id, state=State.WITHDRAW_REQUESTED)

    def _receipt(self, key: str, answer: Answer) -> Receipt:
        said = answer.json()
        if answer.status == 200:
            report = said.get("submitted_report") if isinstance(said, dict) else None
            if not isinstance(said, dict) or not isinstance(report, dict) or not isinstance(report.get("id"), int):
                raise RegisterBroke(
                    "the register says yes, and nothing that could be read", uncertain=True, where=self._url
                )
            flag = str(said.get("report_flag", "none"))
            warnings = said.get("report_warnings")
            return Receipt(
                key=key,
                register_id=str(report["id"]),
                state=STATES.get(flag, State.FLAGGED),
                flag="" if flag == "none" else flag,
                warnings=tuple(str(each) for each in warnings) if isinstance(warnings, list) else (),
            )
        if answer.status in {404, 405, 410}:
            raise self._strange(answer, "reports cannot be submitted here")
        raise _refusal(key, answer, said)


def _refusal(key: str, answer: Answer, said: Json) -> Exception:
    """What a 4xx says: a field, a rule, a duplicate, an unknown report, or a missing right."""
    reason = _said(said)
    if answer.status == 400:
        if FOREIGN_AGENCY in reason:
            return RegisterDenied(
                f"the register denies access: {reason}", hint="this account may not write for that agency"
            )
        if isinstance(said, dict) and "submission_status" not in said and EXISTS in reason:
            return AlreadyThere(f"{key} exists already", reason=reason)
        if UNKNOWN_LOCAL in reason:
            return NotThere(f"{key} is not at the register", reason=reason)
    return RegisterRefused(f"the register refuses {key}", reason=reason or f"status {answer.status}")


def _said(said: Json) -> str:
    """The register's own words, with the field that each is about; never the request, which it sends back whole."""
    if said is NOTHING:
        return ""
    if isinstance(said, dict):
        said = (
            said["errors"]
            if "errors" in said
            else {name: each for name, each in said.items() if name != "original_data"}
        )
    return "; ".join(dict.fromkeys(_sentences(said, "")))[:LONGEST_REASON]


def _sentences(errors: Json, path: str) -> Iterator[str]:
    if isinstance(errors, Mapping):
        for name, each in errors.items():
            plain = name in {"non_field_errors", "detail"}
            inner = f"{path}[{name}]" if name.isdecimal() else f"{path}.{name}" if path else name
            yield from _sentences(each, path if plain else inner)
    elif isinstance(errors, list):
        for at, each in enumerate(errors):
            inner = path if isinstance(each, str) else f"{path}[{at}]"
            yield from _sentences(each, inner)
    elif errors not in (None, ""):
        yield f"{path}: {errors}" if path else str(errors)
