"""Replays recorded requests of a real DEQAR backend to the embedded register, and tells where the answers differ."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from mcbridge.register.embedded.server import EmbeddedRegister

SPOKEN = re.compile(
    r"/accounts/get_(?:new_)?token/?$|/submissionapi/v1/|/submissionapi/v2/(?:submit/report|check/|delete/)"
    r"|/webapi/v2/browse/reports/(?:\w+/)?$|/connectapi/v1/(?:providers/$|activities/)"
)
"""The addresses that the embedded register speaks."""

FRESH_START = (1013, 1019)
"""Records before which the recorded register was set up anew."""

UNREPEATABLE = {
    "token w/o profile": "an account without a profile is a fault of the recorded database",
    "noprofile user": "an account without a profile is a fault of the recorded database",
    "proxy_to": "proxies between agencies were changed by hand in the recorded database",
    "is_registered": "the agency was changed by hand in the recorded database",
    "registration ended": "the agency's registration was changed by hand in the recorded database",
    "ambiguous identifier": "the institution's identifiers were changed by hand in the recorded database",
    "broker down": "the queue behind the recorded register was stopped",
    "check after broker-down": "the queue behind the recorded register was stopped",
    "search down": "the search engine behind the recorded register was stopped",
    "race": "the requests were simultaneous",
    "when duplicated": "two records of one identifier came from simultaneous requests",
    "check afterwards": "two records of one identifier came from simultaneous requests",
    "check dup": "the requests before were simultaneous",
    "PUT dup": "the requests before were simultaneous",
    "conc": "the requests were simultaneous",
    "EQARAG0021": "a record of the recorded register's own demonstration data",
    " form (POST": "the body was not recorded",
    "latin1": "the body was not recorded",
}
"""Records that cannot be repeated, by a part of their label, with the reason."""


@dataclass(frozen=True)
class Exchange:
    """One recorded request and its answer."""

    number: int
    label: str
    method: str
    path: str
    params: dict[str, Any]
    request: Any
    status: int
    body: Any
    location: str | None

    @property
    def name(self) -> str:
        return f"{self.number} {self.label or self.path} ({self.method})"


@dataclass
class Replay:
    """What came of a replay. ``differences`` are (name, what was recorded, what came now)."""

    agreed: int = 0
    repeated: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    differences: list[tuple[str, str, str]] = field(default_factory=list)


def recorded(file: Path) -> Iterator[Exchange]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        said = json.loads(line)
        if SPOKEN.match(said["path"]):
            yield Exchange(
                number=number,
                label=said["label"],
                method=said["method"],
                path=said["path"],
                params=said.get("params") or {},
                request=said.get("request"),
                status=said["status"],
                body=said["body"],
                location=said.get("location"),
            )


def who(exchange: Exchange) -> str | None:
    """Whose token went along; it was not recorded, so the label tells."""
    label = exchange.label
    if label == "no token" or re.search(r"\banon\b", label) or exchange.path.startswith("/accounts/get_token"):
        return None
    if label == "bad token":
        return "Bearer 0123456789"
    if label == "Token scheme":
        return "Token demoqa"
    if re.search(r"other (agency|user)|as otherqa|old token", label) and "by its own" not in label:
        return "Bearer otherqa"
    return "bearer demoqa" if label == "lowercase bearer" else "Bearer demoqa"


def why_not(exchange: Exchange) -> str | None:
    """Why a record cannot be repeated."""
    return next((reason for part, reason in UNREPEATABLE.items() if part in exchange.name), None)


def replay(file: Path, folder: Path) -> Replay:
    """Repeat all that can be repeated, in order, against registers of the dialect ``deqar``."""
    result = Replay()
    parts: list[list[Exchange]] = [[]]
    for exchange in recorded(file):
        if any(len(parts) == at and exchange.number >= start for at, start in enumerate(FRESH_START, start=1)):
            parts.append([])
        parts[-1].append(exchange)
    for number, part in enumerate(parts):
        url = f"sqlite:///{folder}/register-{number}.db"
        with EmbeddedRegister(url, token="unused", dialect="deqar") as register:
            register.shelf.admit("demoqa", ("DEMOQA",), token="demoqa", password="demo-pass-2026")
            register.shelf.admit("otherqa", ("OTHERQA",), token="otherqa")
            with httpx.Client(base_url=register.url, timeout=10) as client:
                _part(part, client, register, result)
    return result


def _part(part: list[Exchange], client: httpx.Client, register: EmbeddedRegister, result: Replay) -> None:
    ids: dict[str, str] = {}
    for exchange in part:
        reason = why_not(exchange)
        if str(exchange.params.get("local_identifier", "")).startswith("csv-"):
            reason = "the record came by the CSV route"
        if reason is None and _names_unknown(exchange, ids):
            reason = "it asks for a record that another skipped one made"
        if reason is not None:
            result.skipped[reason] = result.skipped.get(reason, 0) + 1
            continue
        answer = _send(exchange, client, ids)
        # the recording went on with tokens of its own
        if exchange.path == "/accounts/get_token/":
            register.shelf.renew_token("demoqa", "demoqa")
        if exchange.label == "old token after renew":
            register.shelf.renew_token("otherqa", "otherqa")
        body = _json(answer)
        _note_ids(exchange, body, ids)
        result.repeated += 1
        then, now = (exchange.status, outline(exchange.body, exchange)), (answer.status_code, outline(body, exchange))
        if then == now:
            result.agreed += 1
        else:
            result.differences.append((exchange.name, *_apart(then, now)))


def _apart(then: Any, now: Any) -> tuple[str, str]:
    """Two outlines with what they have in common left out."""
    pairs: list[tuple[str, Any, Any]] = []
    if isinstance(then, dict) and isinstance(now, dict):
        pairs = [(f"{name}: ", then.get(name), now.get(name)) for name in {**then, **now}]
    elif isinstance(then, list | tuple) and isinstance(now, list | tuple) and len(then) == len(now):
        pairs = [("", *pair) for pair in zip(then, now, strict=True)]
    halves = [(name, *_apart(one, other)) for name, one, other in pairs if one != other]
    if halves:
        return "; ".join(f"{name}{one}" for name, one, _ in halves), "; ".join(
            f"{name}{two}" for name, _, two in halves
        )
    return json.dumps(then, ensure_ascii=False)[:300], json.dumps(now, ensure_ascii=False)[:300]


def _report_id(exchange: Exchange) -> str | None:
    found = re.search(r"/(?:reports|report)/([0-9]+)/?$", exchange.path)
    if found:
        return found[1]
    said = exchange.request.get("report_id") if isinstance(exchange.request, dict) else None
    return said if isinstance(said, str) and said.strip("0").isdigit() else None


def _names_unknown(exchange: Exchange, ids: dict[str, str]) -> bool:
    said = _report_id(exchange)
    return said is not None and said.lstrip("0") not in ids and exchange.status == 200


def _send(exchange: Exchange, client: httpx.Client, ids: dict[str, str]) -> httpx.Response:
    path, said, headers = exchange.path, exchange.request, {}
    named = _report_id(exchange)
    ours = ids.get(named.lstrip("0")) if named else None
    if ours and named and isinstance(said, dict) and "report_id" in said:
        said = {**said, "report_id": ours.rjust(len(named), "0")}
    elif ours and named:
        path = path.replace(f"/{named}", f"/{ours}")
    token = who(exchange)
    if token:
        headers["authorization"] = token
    content: bytes | None = None
    if exchange.method in {"POST", "PUT", "PATCH"}:
        content = _bytes(exchange, said)
        headers["content-type"] = "text/plain" if exchange.label == "text/plain" else "application/json"
        if exchange.label == "no content type":
            del headers["content-type"]
        if exchange.label == "get_token good form":
            content, headers["content-type"] = b"username=demoqa&password=demo-pass-2026", _FORM
    headers["accept"] = {"Accept xml": "application/xml", "accept */*": "*/*"}.get(exchange.label, "application/json")
    return client.request(exchange.method, path, params=exchange.params, content=content, headers=headers)


_FORM = "application/x-www-form-urlencoded"


def _bytes(exchange: Exchange, said: Any) -> bytes:
    if exchange.label in {"utf-16", "BOM", "gzip body", "no content type"}:
        whole = b'{"agency": "DEMOQA"}'
        odd = {
            "utf-16": whole.decode().encode("utf-16"),
            "BOM": b"\xef\xbb\xbf" + whole,
            "gzip body": gzip.compress(whole),
        }
        return odd.get(exchange.label, whole)
    if isinstance(said, str):
        return said.encode("utf-8", "surrogatepass")
    return json.dumps(said).encode()


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _note_ids(exchange: Exchange, body: Any, ids: dict[str, str]) -> None:
    for_, now = (
        said.get("submitted_report", {}).get("id") if isinstance(said, dict) else None for said in (exchange.body, body)
    )
    if for_ and now:
        ids[str(for_)] = str(now)


def outline(body: Any, exchange: Exchange) -> Any:
    """What two answers must have in common: errors to the word, the fields and the judgement of a success."""
    if isinstance(body, str):
        return "a web page" if "<html" in body else body
    if isinstance(body, list):
        return body
    if "errors" in body:
        return {"keys": sorted(body), "errors": body["errors"]}
    if "submitted_report" in body:
        echo = body["submitted_report"]
        return {"keys": sorted(body), "flag": body["report_flag"], "echo": _echo(echo), "remarks": _remarks(body)}
    if "detail" in body:
        return re.sub(r"(JSON parse error - [^:]*).*", r"\1", body["detail"])
    if "token" in body:
        return sorted(body)
    if "results" in body:
        return {"keys": sorted(body), "fields": sorted(set().union(*map(set, body["results"][:1])) & _LISTED)}
    if "programmes" in body and "flag" in body:
        return {"keys": sorted(body), "flag": body["flag"], "programmes": [_facts(each) for each in body["programmes"]]}
    if "agency_esg_activities" in body:
        return _echo(body)
    return body


_LISTED = {"id", "local_identifier", "agency", "institutions", "programmes", "flag_level", "deqar_id", "name_primary"}


def _echo(echo: dict[str, Any]) -> Any:
    alike = ("agency", "status", "decision", "summary", "valid_from", "valid_to", "local_identifier")
    programmes = [
        {name: each[name] for name in ("name_primary", "countries", "degree_outcome")} for each in echo["programmes"]
    ]
    return {
        "keys": sorted(echo),
        **{name: echo[name] for name in alike},
        "programmes": programmes,
        "activities": [each["id"] for each in echo["agency_esg_activities"]],
        "institutions": [each["deqar_id"] for each in echo["institutions"]],
        "platforms": [each["deqar_id"] for each in echo["platforms"]],
        "languages": [each["report_language"] for each in echo["files"]],
    }


def _remarks(body: dict[str, Any]) -> Any:
    """The remarks without the names of institutions, which are ours."""
    return [
        body["sanity_check_status"],
        *(re.sub(r"institution \[.*\]", "institution", each) for each in body["report_warnings"]),
    ]


def _facts(programme: dict[str, Any]) -> Any:
    return {name: value for name, value in programme.items() if name != "id"}
