"""The embedded register as it comes: strict where the real one lets things pass, clear where that one falls over."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from mcbridge.errors import TryLater
from mcbridge.register.embedded.server import EmbeddedRegister
from mcbridge.register.embedded.shelf import Taken
from tests.publishing import TOKEN

SUBMIT = "/submissionapi/v2/submit/report"
CHECK = "/submissionapi/v2/check/local-identifier"
REPORTS = "/webapi/v2/browse/reports/"

REPORT: dict[str, Any] = {
    "agency": "DEMOQA",
    "local_identifier": "mc-1",
    "activities": [{"id": "10"}],
    "status": "1",
    "decision": "1",
    "valid_from": "2025-01-15",
    "date_format": "%Y-%m-%d",
    "report_files": [{"original_location": "https://example.edu/r.pdf", "report_language": ["en"]}],
    "institutions": [{"deqar_id": "DEQARINST0012"}],
    "programmes": [
        {
            "name_primary": "Data Stewardship",
            "qf_ehea_level": "2",
            "degree_outcome": "no",
            "workload_ects": 5,
            "assessment_certification": "2",
        }
    ],
}


def report(**fields: Any) -> dict[str, Any]:
    """A report that is taken, but for these fields; those of a programme go there."""
    made = copy.deepcopy(REPORT)
    inner = {
        "ects": "workload_ects",
        "degree": "degree_outcome",
        "names": "alternative_names",
        "level": "qf_ehea_level",
    }
    for name, value in fields.items():
        if name in inner:
            made["programmes"][0][inner[name]] = value
        else:
            made[name] = value
    return made


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRegister]:
    folder = tmp_path_factory.mktemp("register")
    with EmbeddedRegister(f"sqlite:///{folder}/register.db", token=TOKEN) as register:
        register.shelf.admit("other", ("OTHERQA",), token="other-token", password="s3same open")
        yield register


@pytest.fixture
def client(register: EmbeddedRegister) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}
    with httpx.Client(base_url=register.url, headers=headers, timeout=20) as client:
        yield client


@pytest.fixture
def local(request: pytest.FixtureRequest) -> str:
    """A local identifier of this test's own."""
    return f"{request.node.name}"[:200]


def errors(answer: httpx.Response) -> Any:
    assert answer.status_code == 400, answer.text
    return answer.json()["errors"]


@pytest.mark.parametrize("ects", [60, -5, 61, 300])
def test_credits_outside_the_definition_are_refused_with_a_code(client: httpx.Client, ects: int, local: str) -> None:
    answer = client.post(SUBMIT, json=report(ects=ects, local_identifier=local))
    [programme] = errors(answer)["programmes"]
    [sentence] = programme["workload_ects"]
    assert sentence.startswith("ects-range: ")
    assert str(ects) in sentence
    assert answer.json()["error_codes"] == ["ects-range"]
    assert client.get(CHECK, params={"agency": "DEMOQA", "local_identifier": local}).status_code == 404


@pytest.mark.parametrize("ects", [1, 59])
def test_credits_within_the_definition_are_taken(client: httpx.Client, ects: int, local: str) -> None:
    assert client.post(SUBMIT, json=report(ects=ects, local_identifier=local)).status_code == 200


def test_a_full_degree_may_have_as_many_credits_as_it_has(client: httpx.Client, local: str) -> None:
    answer = client.post(SUBMIT, json=report(ects=180, degree="yes", local_identifier=local))
    assert answer.status_code == 200
    detail = client.get(f"{REPORTS}{answer.json()['submitted_report']['id']}/").json()
    assert detail["programmes"][0]["programme_type"] == "Full recognised degree programme"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ects": 2**31}, "too large"),
        ({"names": [{"name_alternative": "X"}, {"name_alternative": "X"}]}, "repeated"),
        ({"degree": ""}, "degree_outcome"),
        ({"level": "²"}, "no number"),
        ({"agency": "²"}, "no number"),
        ({"activities": ["10"]}, "object"),
        ({"activities": [{"group": "abc"}]}, "integer"),
        ({"valid_from": "0001-01-01"}, "four digits"),
        ({"report_files": [{"file": "JVBERi0xLjQKJSVFT0Y=", "file_name": "../x", "report_language": []}]}, "no path"),
    ],
)
def test_where_the_real_one_falls_over_this_one_says_what_is_wrong(
    client: httpx.Client, change: dict[str, Any], says: str, local: str
) -> None:
    assert says in str(errors(client.post(SUBMIT, json=report(local_identifier=local, **change))))


def test_a_missing_agency_and_null_are_answered_in_words(client: httpx.Client) -> None:
    without = report()
    del without["agency"]
    assert "agency" in errors(client.post(SUBMIT, json=without))
    assert "dictionary" in str(
        errors(client.post(SUBMIT, content=b"null", headers={"content-type": "application/json"}))
    )


def test_an_update_keeps_all_rules_that_a_new_report_has_to_keep(client: httpx.Client, local: str) -> None:
    assert client.post(SUBMIT, json=report(local_identifier=local)).status_code == 200
    changes: tuple[dict[str, Any], ...] = (
        {"valid_to": "2024-01-01"},
        {"institutions": [{"deqar_id": "DEQARINST0012"}, {"deqar_id": "DEQARINST0013"}]},
        {"programmes": []},
        {"institutions": [{"deqar_id": "DEQARINST0015"}]},
        {"platforms": [{"deqar_id": "DEQARINST0012"}]},
        {"valid_from": "2001-01-01"},
    )
    for change in changes:
        answer = client.put(SUBMIT, json=report(local_identifier=local, **change))
        assert "non_field_errors" in errors(answer), change


def test_an_update_by_number_does_not_lose_the_local_identifier(client: httpx.Client, local: str) -> None:
    id_ = client.post(SUBMIT, json=report(local_identifier=local)).json()["submitted_report"]["id"]
    changed = report(ects=6, report_id=str(id_))
    del changed["local_identifier"]
    assert client.put(SUBMIT, json=changed).json()["submitted_report"]["local_identifier"] == local


def test_the_list_can_be_asked_for_one_local_identifier(client: httpx.Client, local: str) -> None:
    client.post(SUBMIT, json=report(local_identifier=local))
    page = client.get(REPORTS, params={"local_identifier": local}).json()
    assert (page["count"], page["next"], page["results"][0]["local_identifier"]) == (1, False, local)


def test_simultaneous_submissions_of_one_identifier_make_one_report(client: httpx.Client, local: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post(SUBMIT, json=report(local_identifier=local)), range(16)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 15
    assert {str(answer.json()) for answer in answers if answer.status_code == 400} == {
        "{'non_field_errors': ['Report with this Agency and Local Report Identifier already exists.']}"
    }
    assert client.get(REPORTS, params={"local_identifier": local}).json()["count"] == 1


def test_the_database_refuses_a_second_one_even_when_nobody_looked(
    register: EmbeddedRegister, client: httpx.Client, local: str
) -> None:
    assert client.post(SUBMIT, json=report(local_identifier=local)).status_code == 200
    [kept] = register.shelf.find("DEMOQA", local)
    with pytest.raises(Taken):
        register.shelf.create(kept.content, "none")
    assert len(register.shelf.find("DEMOQA", local)) == 1


def test_a_database_that_is_busy_is_for_later(
    register: EmbeddedRegister, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise TryLater("the database is locked")

    monkeypatch.setattr(register.shelf, "find", busy)
    answer = client.get(CHECK, params={"agency": "DEMOQA", "local_identifier": "x"})
    assert (answer.status_code, answer.json()) == (503, {"detail": "the database is locked"})


def test_a_page_for_people_is_never_sent_to_a_program(client: httpx.Client) -> None:
    answer = client.get(REPORTS, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.headers["content-type"] == "application/json"


def test_a_token_is_only_kept_as_a_hash_and_a_password_slowly(register: EmbeddedRegister, client: httpx.Client) -> None:
    said = client.post("/accounts/get_token/", json={"username": "other", "password": "s3same open"})
    fresh = said.json()["token"]
    assert client.get(REPORTS, headers={"authorization": "Bearer other-token"}).status_code == 403, (
        "the old one is dead"
    )
    assert client.get(REPORTS, headers={"authorization": f"Bearer {fresh}"}).status_code == 200
    file = Path(register.shelf._engine.url.database or "")
    kept = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    assert b"other" in kept
    for secret in (fresh, TOKEN, "s3same open"):
        assert secret.encode() not in kept


def test_one_agency_cannot_write_or_withdraw_for_another(
    register: EmbeddedRegister, client: httpx.Client, local: str
) -> None:
    id_ = client.post(SUBMIT, json=report(local_identifier=local)).json()["submitted_report"]["id"]
    token = register.shelf.renew_token("other")
    theirs = {"authorization": f"Bearer {token}"}
    assert "You can't submit" in str(errors(client.post(SUBMIT, json=report(local_identifier=local), headers=theirs)))
    assert client.delete(f"/submissionapi/v2/delete/report/{id_}/", headers=theirs).status_code == 403
    assert client.get(CHECK, params={"agency": "DEMOQA", "local_identifier": local}, headers=theirs).status_code == 200


def test_a_body_that_is_too_large_is_refused(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcbridge.register.embedded.web.LARGEST", 1000)
    assert client.post(SUBMIT, json=report(summary="x" * 5000)).status_code == 413


@pytest.mark.parametrize("content", [b"[" * 100_000, b"\xff", b'{"a": NaN}', b"\xef\xbb\xbf{}", b"{"])
def test_what_is_no_json_is_told_so(client: httpx.Client, content: bytes) -> None:
    answer = client.post(SUBMIT, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error")


def test_everybody_may_look_up_providers(register: EmbeddedRegister) -> None:
    page = httpx.get(f"{register.url}/connectapi/v1/providers/", params={"query": "DEQARINST0012"}).json()
    assert (page["count"], page["results"][0]["name_primary"]) == (1, "Demo University")
    assert page["facets"]["facet_fields"]["country_facet"] == ["Estonia", 1]
    assert httpx.get(f"{register.url}{REPORTS}").status_code == 403


def test_a_report_without_a_document_is_kept_and_hidden(client: httpx.Client, local: str) -> None:
    answer = client.post(SUBMIT, json=report(local_identifier=local, report_files=[])).json()
    assert (answer["report_flag"], answer["sanity_check_status"]) == ("high level", "warnings")
    assert client.get(REPORTS, params={"local_identifier": local}).json()["count"] == 0
    shown = client.get(REPORTS, params={"local_identifier": local, "flag": "high level"}).json()
    assert shown["count"] == 1
    assert client.put(SUBMIT, json=report(local_identifier=local)).json()["report_flag"] == "none"


def test_a_request_to_delete_changes_nothing_that_is_seen(
    client: httpx.Client, register: EmbeddedRegister, local: str
) -> None:
    id_ = client.post(SUBMIT, json=report(local_identifier=local)).json()["submitted_report"]["id"]
    assert client.delete(f"/submissionapi/v2/delete/report/{id_}/").json() == ["OK"]
    assert client.get(f"{REPORTS}{id_}/").status_code == 200
    [kept] = register.shelf.find("DEMOQA", local)
    assert kept.deletion_requested
    client.put(SUBMIT, json=report(local_identifier=local))
    [kept] = register.shelf.find("DEMOQA", local)
    assert not kept.deletion_requested, "an update takes the request back"
