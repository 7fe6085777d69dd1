"""What the embedded register does with each request: DEQAR's Submission API v2, and what is needed of its other two.

Two dialects. ``deqar`` answers as the real register does, its gaps and crashes
included; ``strict`` refuses what a register of micro-credentials should refuse, says
what is wrong where the real one falls over, and lets no record be there twice.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mcbridge.register.embedded.browse import Page, providers, reports_list
from mcbridge.register.embedded.crossing import broken, parse_dates, remarks
from mcbridge.register.embedded.fields import REQUIRED, Account, Bad, Crash, Dialect, Json, Reading, text
from mcbridge.register.embedded.shapes import detail, echo
from mcbridge.register.embedded.shelf import Kept, Shelf, Taken
from mcbridge.register.embedded.submission import CODES, REPORT, find_agency
from mcbridge.register.embedded.world import World

DUPLICATE: Final = "Report with this Agency and Local Report Identifier already exists."
LOCAL_UNKNOWN: Final = "Please provide a valid local identifier."
NO_LOGIN: Final = "Unable to log in with provided credentials."
CLOSED: Final = "Submission API v1 endpoints are closed. From April 6, 2026, please use Submission API v2 endpoints."


class Refused(Exception):
    """An answer that is no success, on its way out."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


@dataclass
class Call:
    """One request with its body read. ``account`` is absent where nobody had to say who they are."""

    request: Request
    body: bytes
    account: Account | None = None

    @property
    def known(self) -> Account:
        """Who is asking."""
        if self.account is None:
            raise Refused(403, {"detail": "Authentication credentials were not provided."})
        return self.account


@dataclass
class Notebook:
    """What a submission teaches, kept back until it is stored."""

    shelf: Shelf
    pending: list[tuple[str, str, str]] = field(default_factory=list)

    def knows(self, kind: str, owner: str, value: str) -> bool:
        """Whether it was known before, or learnt just now."""
        return (kind, owner, value) in self.pending or self.shelf.knows(kind, owner, value)

    def learn(self, kind: str, owner: str, value: str) -> None:
        """Know it from now on."""
        self.pending.append((kind, owner, value))

    def keep(self) -> None:
        """It is stored: so is what was learnt."""
        for fact in self.pending:
            self.shelf.learn(*fact)


class Service:
    """The register behind the addresses."""

    def __init__(self, shelf: Shelf, world: World, clock: Callable[[], datetime]) -> None:
        self.shelf = shelf
        self.world = world
        self.clock = clock

    @property
    def dialect(self) -> Dialect:
        """How strictly it takes things."""
        return self.shelf.dialect

    # -------------------------------------------------------------------------------------------------------- accounts

    def log_in(self, call: Call) -> Response:
        """A token for a name and a password."""
        said = parsed(call)
        name, password = (said.get(part) if isinstance(said, dict) else None for part in ("username", "password"))
        known = isinstance(name, str) and isinstance(password, str)
        account = self.shelf.account_by_password(str(name), str(password)) if known else None
        if account is None:
            return JSONResponse({"state": "error", "errorMessage": NO_LOGIN}, 401)
        token = self.shelf.renew_token(account.name)
        return JSONResponse({"state": "success", "token": token, "account": account.name})

    def new_token(self, call: Call) -> Response:
        """Another token instead of the one that came along."""
        return JSONResponse({"state": "success", "token": self.shelf.renew_token(call.known.name)})

    # ------------------------------------------------------------------------------------------------------ submissions

    def submit(self, call: Call) -> Response:
        """Create (POST) or replace (PUT) a report."""
        raw = parsed(call)
        method = call.request.method
        if raw is None:
            if self.dialect == "deqar":
                raise Crash("null is no report")
            raise Refused(
                400, _errors(raw, {"non_field_errors": ["Invalid data. Expected a dictionary, but got null."]})
            )
        reading = Reading(self.world, self.dialect, raw if isinstance(raw, dict) else {}, method, call.known)
        notebook = Notebook(self.shelf)
        try:
            content = REPORT(raw, reading)
            kept, sentences = self._store(content, reading, notebook)
        except Bad as bad:
            raise Refused(400, _errors(raw, bad.errors)) from bad
        except Taken:
            raise Refused(400, {"non_field_errors": [DUPLICATE]}) from None
        notebook.keep()
        return JSONResponse(
            {
                "submission_status": "success",
                "submitted_report": echo(kept, self.world),
                "sanity_check_status": "warnings" if sentences else "success",
                "report_flag": kept.flag,
                "report_warnings": sentences,
                "institution_warnings": [],
            }
        )

    def _store(self, content: dict[str, Json], reading: Reading, notebook: Notebook) -> tuple[Kept, list[str]]:
        parse_dates(content, reading)
        del content["date_format"]
        before = None
        if reading.method == "PUT":
            before = self._meant(content, reading)
            content = self._over(before, content)
        elif "report_id" in content:
            sentence = (
                "You submitted a report_id. To update an existing report, please use a PUT or PATCH request instead "
                "of a POST."
            )
            raise Bad({"non_field_errors": [sentence]})
        if before is None or self.dialect == "strict":
            sentences = broken(content, reading)
            if sentences:
                raise Bad({"non_field_errors": sentences})
        local = content.get("local_identifier")
        if before is None and local is not None and self.shelf.find(content["agency"], local):
            raise Taken
        if reading.late:
            raise Crash(reading.late[0])
        for name in ("activities", "institutions", "platforms"):
            if name in content:
                content[name] = list(dict.fromkeys(content[name]))
        flag, sentences = remarks(content, reading, notebook)
        if before is None:
            return self.shelf.create(content, flag), sentences
        return self.shelf.replace(before.id, content, flag), sentences

    def _meant(self, content: Mapping[str, Json], reading: Reading) -> Kept:
        """The report that an update means."""
        agency, local = content["agency"], content.get("local_identifier")
        by_local = self.shelf.find(agency, local) if local is not None else []
        if len(by_local) > 1:
            raise Crash("several reports have this local identifier")
        if "report_id" in content:
            by_id = self.shelf.get(content["report_id"])
            if by_id is None:
                raise Bad({"report_id": ["Please provide valid Report ID."]})
            if by_id.agency != agency:
                raise Bad({"report_id": ["You are not allowed to submit data to this Report."]})
            if local is None or (by_local and by_local[0].id == by_id.id):
                return by_id
            if by_local:
                raise Taken
        elif local is None:
            sentence = "Either report_id or local_identifier is needed to update a report."
            raise Bad({"non_field_errors": [sentence]})
        if not by_local:
            raise Bad({"non_field_errors": [LOCAL_UNKNOWN]})
        return by_local[0]

    def _over(self, before: Kept, content: dict[str, Json]) -> dict[str, Json]:
        """What a replacement leaves: activities and contributing agencies are only added; platforms stay if unsaid."""
        old = before.content
        merged = {name: value for name, value in content.items() if name != "report_id"}
        for name in ("activities", "contributing_agencies"):
            if merged_list := list(dict.fromkeys([*old.get(name, ()), *content.get(name, ())])):
                merged[name] = merged_list
        if "platforms" not in content and "platforms" in old:
            merged["platforms"] = old["platforms"]
        if self.dialect == "strict":
            merged.setdefault("local_identifier", before.local_identifier)
        return merged

    def check(self, call: Call) -> Response:
        """The report of a local identifier, of whatever agency."""
        query = call.request.query_params
        reading = Reading(self.world, self.dialect, {}, "GET", call.known)
        errors: dict[str, Json] = {name: [REQUIRED] for name in ("agency", "local_identifier") if name not in query}
        agency = local = None
        try:
            agency = find_agency(query["agency"], reading) if "agency" in query else None
        except Bad as bad:
            errors["agency"] = bad.errors
        try:
            local = text(255)(query["local_identifier"], reading) if "local_identifier" in query else None
        except Bad as bad:
            errors["local_identifier"] = bad.errors
        if errors or agency is None or local is None:
            return JSONResponse(errors, 400)
        found = self.shelf.find(agency.acronym, local)
        if not found:
            return JSONResponse("Not Found", 404)
        if len(found) > 1:
            raise Crash("several reports have this local identifier")
        return JSONResponse(echo(found[0], self.world))

    def request_deletion(self, call: Call) -> Response:
        """Note a request; nothing is taken down by it."""
        kept = self._report(call)
        if kept.agency not in call.known.agencies:
            raise Refused(403, {"detail": "You do not have permission to perform this action."})
        self.shelf.request_deletion(kept.id)
        return JSONResponse(["OK"])

    # ---------------------------------------------------------------------------------------------------- reading back

    def report(self, call: Call) -> Response:
        """One report in full."""
        kept = self._report(call)
        return JSONResponse(detail(kept, self.world, str(call.request.base_url), self.clock().date()))

    def reports(self, call: Call) -> Response:
        """Pages of reports."""
        return _page(
            reports_list(self.shelf.all(), self.world, call.request.query_params, self.dialect, self.clock().date())
        )

    def providers(self, call: Call) -> Response:
        """Pages of providers, for everybody."""
        return _page(providers(self.world, call.request.query_params))

    def activities(self, call: Call) -> Response:
        """The asker's own activities."""
        own = [
            {
                "id": each.id,
                "group_id": each.group,
                "agency": each.agency,
                "activity": each.name,
                "activity_type": each.type,
                "activity_description": "",
            }
            for each in self.world.activities
            if each.agency in call.known.agencies
        ]
        return JSONResponse({"count": len(own), "next": None, "previous": None, "results": own})

    def _report(self, call: Call) -> Kept:
        kept = self.shelf.get(int(call.request.path_params["id"]))
        if kept is None:
            raise Refused(404, {"detail": "No Report matches the given query."})
        return kept

    def closed(self, call: Call) -> Response:
        """The older API is gone."""
        return JSONResponse({"detail": CLOSED}, 410)


def parsed(call: Call) -> Json:
    """The body as data. An empty one is an empty object, as in the real register."""
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return {name: values[-1] for name, values in parse_qs(call.body.decode("utf-8", "replace")).items()}
    if not call.body:
        return {}
    if kind != "application/json":
        written = call.request.headers.get("content-type", "")
        raise Refused(415, {"detail": f'Unsupported media type "{written}" in request.'})
    try:
        return json.loads(codecs.decode(call.body, "utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(400, {"detail": f"JSON parse error - {error}"}) from error


def _no_constant(name: str) -> Json:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")


def _errors(raw: Json, errors: Json) -> dict[str, Json]:
    """The error answer. The strict dialect's own refusals begin with a code, which is repeated apart."""
    body = {"submission_status": "errors", "original_data": raw, "errors": errors}
    codes = sorted({code for sentence in _sentences(errors) if (code := sentence.partition(":")[0]) in CODES})
    return body | ({"error_codes": codes} if codes else {})


def _sentences(errors: Json) -> Iterator[str]:
    if isinstance(errors, str):
        yield errors
    elif isinstance(errors, Mapping):
        for inner in errors.values():
            yield from _sentences(inner)
    else:
        for inner in errors:
            yield from _sentences(inner)


def _page(page: Page) -> Response:
    if isinstance(page, list):
        return JSONResponse(page, 400)
    return JSONResponse(page, 400 if "detail" in page else 200)
