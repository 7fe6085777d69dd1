"""Makes cassettes of the recorded DEQAR traffic: what the client asks, and what a real register answered.

The addresses are changed to an invented one, tokens are left out. Run it with the folder of the official material:
``python -m tests.cassettes.from_traffic ../shared``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent / "deqar"
URL = "https://register.example"
CHECK = "/submissionapi/v2/check/local-identifier"

CASSETTES: dict[str, tuple[int, ...]] = {
    "create": (8,),
    "create-flagged-low": (232,),
    "create-flagged-high": (624,),
    "duplicate": (15,),
    "field-errors": (26,),
    "second-programme": (246,),
    "outcome-by-position": (167,),
    "institution-unknown": (394,),
    "rules": (344,),
    "foreign-agency": (14,),
    "no-token": (9,),
    "bad-token": (10,),
    "crash": (59,),
    "not-json": (662,),
    "wrong-address": (21,),
    "closed": (655,),
    "update": (500,),
    "update-unknown": (514,),
    "update-crash": (580,),
    "delete": (645,),
    "delete-unknown": (642,),
    "delete-foreign": (641,),
    "delete-redirect": (643,),
    "look-up-nothing": (588,),
    "look-up-no-agency": (592,),
    "look-up-duplicated": (778,),
    "look-up-anonymous": (596,),
    "look-up": (8, 25),
    "look-up-flagged": (232, 233),
}
"""The numbers of the recorded exchanges in each cassette. The first of a look-up is the echo of a submission, which the
check gives word for word."""


def cassette(name: str, lines: list[dict[str, Any]]) -> str:
    """One cassette."""
    interactions = []
    for number in CASSETTES[name]:
        said = lines[number]
        body, path, method, query = said["body"], said["path"], said["method"], said.get("params") or {}
        if name.startswith("look-up") and "submitted_report" in body:
            body, path, method = body["submitted_report"], CHECK, "GET"
            query = {"agency": "DEMOQA", "local_identifier": body["local_identifier"]}
        if isinstance(body, dict):
            body.pop("original_data", None)
        html = "html" in said["content_type"]
        headers = {"Content-Type": [said["content_type"]]}
        if said.get("location"):
            headers["Location"] = [said["location"]]
        uri = URL + path + ("?" + urlencode(query) if query else "")
        interactions.append(
            {
                "request": {"method": method, "uri": uri, "body": "", "headers": {}},
                "response": {
                    "status": {"code": said["status"], "message": ""},
                    "headers": headers,
                    "body": {"string": body if html else json.dumps(body, ensure_ascii=False)},
                },
            }
        )
    return json.dumps({"version": 1, "interactions": interactions}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def recorded(shared: Path) -> list[dict[str, Any]]:
    """The recorded exchanges."""
    text = (shared / "deqar" / "traffic.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for each in CASSETTES:
        (HERE / f"{each}.json").write_text(cassette(each, recorded(Path(sys.argv[1]))), encoding="utf-8")
