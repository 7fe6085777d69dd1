"""The client understands what a real DEQAR answered: every shape that was recorded, good or bad."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
import vcr

from mcbridge.errors import ConfigError, RegisterDenied, RegisterRefused, RegisterUnavailable
from mcbridge.register.base import AlreadyThere, NotThere, Patience, Payload, RegisterBroke, State
from mcbridge.register.changes import compare
from mcbridge.register.deqar import DeqarLooker, DeqarRegister, _said
from mcbridge.register.deqar_normal import normal_of_detail, normal_of_payload
from tests.cassettes.from_traffic import CASSETTES, HERE, URL, cassette, recorded
from tests.publishing import TABLES, Clock, config, settings

POLICY = TABLES.register_policy("deqar")
PATIENCE = Patience(attempts=1, first_pause=0, longest_pause=0)
Play = Callable[[str], AbstractContextManager[Any]]


@pytest.fixture
def play() -> Play:
    """A register that answers from a cassette, and from nothing else."""
    recorder = vcr.VCR(
        cassette_library_dir=str(HERE),
        serializer="json",
        record_mode=vcr.mode.NONE,
        match_on=["method", "host", "path"],
    )
    return lambda name: recorder.use_cassette(f"{name}.json")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[DeqarRegister]:
    found = DeqarRegister(settings(config(URL, tmp_path), Clock(), patience=PATIENCE))
    yield found
    found.close()


PAYLOAD = Payload.of("mcb-433268", "Intro", {"local_identifier": "mcb-433268"})


def test_a_new_report_is_answered_with_its_number(play: Play, register: DeqarRegister) -> None:
    with play("create"):
        receipt = register.create(PAYLOAD, "op")
    assert (receipt.key, receipt.register_id, receipt.state, receipt.flag) == ("mcb-433268", "12", State.PUBLISHED, "")


@pytest.mark.parametrize(
    ("name", "state", "flag"),
    [("create-flagged-low", State.FLAGGED, "low level"), ("create-flagged-high", State.HELD, "high level")],
)
def test_a_flag_decides_whether_the_public_sees_it(
    play: Play, register: DeqarRegister, name: str, state: State, flag: str
) -> None:
    with play(name):
        receipt = register.create(PAYLOAD, "op")
    assert (receipt.state, receipt.flag) == (state, flag)
    assert receipt.warnings


def test_an_update_keeps_the_number(play: Play, register: DeqarRegister) -> None:
    with play("update"):
        assert register.update(PAYLOAD, "179", "op").register_id == "179"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("field-errors", "programmes[0].workload_ects: ECTS credits are required"),
        ("second-programme", "programmes[1].workload_ects: ECTS credits are required"),
        ("outcome-by-position", "programmes[0].learning_outcomes[0]: ESCO base URL is missing"),
        ("institution-unknown", "institutions[0]: Please provide valid DEQAR ID."),
        ("rules", "Report's validity date must fall after the Agency was registered with EQAR.; Report validity start"),
        ("not-json", "JSON parse error"),
    ],
)
def test_a_refusal_says_the_register_s_words_with_the_field(
    play: Play, register: DeqarRegister, name: str, says: str
) -> None:
    with play(name), pytest.raises(RegisterRefused) as caught:
        register.create(PAYLOAD, "op")
    assert caught.value.reason.startswith(says)
    assert type(caught.value) is RegisterRefused


def test_a_refusal_never_sends_back_the_request(register: DeqarRegister) -> None:
    assert _said({"submission_status": "errors", "original_data": {"secret": "x"}, "errors": {"a": ["b"]}}) == "a: b"
    assert _said({"original_data": "x", "detail": "no"}) == "no"
    assert len(_said({"errors": {"a": ["x" * 9000]}})) == 2000


def test_a_duplicate_has_a_shape_of_its_own(play: Play, register: DeqarRegister) -> None:
    with play("duplicate"), pytest.raises(AlreadyThere, match="exists already"):
        register.create(PAYLOAD, "op")


def test_an_update_of_nothing_is_told_from_a_bad_one(play: Play, register: DeqarRegister) -> None:
    with play("update-unknown"), pytest.raises(NotThere):
        register.update(PAYLOAD, None, "op")


@pytest.mark.parametrize("name", ["foreign-agency", "no-token", "bad-token"])
def test_missing_rights_stop_the_run_though_one_of_them_is_told_as_a_field_error(
    play: Play, register: DeqarRegister, name: str
) -> None:
    with play(name), pytest.raises(RegisterDenied) as caught:
        register.create(PAYLOAD, "op")
    assert caught.value.exit_code == 77


def test_a_crash_leaves_it_open_whether_it_was_saved(play: Play, register: DeqarRegister) -> None:
    with play("crash"), pytest.raises(RegisterBroke) as caught:
        register.create(PAYLOAD, "op")
    assert caught.value.uncertain
    with play("update-crash"), pytest.raises(RegisterBroke):
        register.update(PAYLOAD, None, "op")


@pytest.mark.parametrize(
    ("name", "path"),
    [("wrong-address", "/submissionapi/v2/submit/report/"), ("closed", "/submissionapi/v1/submit/report")],
)
def test_an_address_that_is_none_is_no_fault_of_the_record(
    play: Play, register: DeqarRegister, monkeypatch: pytest.MonkeyPatch, name: str, path: str
) -> None:
    monkeypatch.setattr("mcbridge.register.deqar.SUBMIT", path)
    with play(name), pytest.raises(RegisterUnavailable, match="cannot be submitted"):
        register.create(PAYLOAD, "op")


def test_a_withdrawal_is_a_request(play: Play, register: DeqarRegister) -> None:
    with play("delete"):
        assert register.withdraw("k", "189", "gone", "op").state is State.WITHDRAW_REQUESTED
    with play("delete-unknown"), pytest.raises(NotThere, match="not at the register"):
        register.withdraw("k", "999999", "gone", "op")
    with play("delete-foreign"), pytest.raises(RegisterDenied, match="permission"):
        register.withdraw("k", "189", "gone", "op")


def test_a_redirect_is_named_and_not_followed(
    play: Play, register: DeqarRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcbridge.register.deqar.DELETE", "/submissionapi/v2/delete/report/{id}")
    with play("delete-redirect"), pytest.raises(RegisterUnavailable, match="301"):
        register.withdraw("k", "189", "gone", "op")


def test_what_is_not_there_is_told_as_a_string(play: Play, register: DeqarRegister) -> None:
    with play("look-up-nothing"):
        assert register.lookup("nope") is None


def test_a_look_up_that_crashes_stands_for_duplicates_and_is_no_absence(play: Play, register: DeqarRegister) -> None:
    with play("look-up-duplicated"), pytest.raises(RegisterUnavailable):
        register.lookup("mcb-af81dcbc75")
    with play("look-up-anonymous"), pytest.raises(RegisterDenied):
        register.lookup("put-64e9ff")
    with play("look-up-no-agency"), pytest.raises(RegisterRefused) as caught:
        register.lookup("put-64e9ff")
    assert caught.value.reason == "agency: Please provide valid Agency Acronym."


def test_what_is_read_back_is_what_was_sent(play: Play, register: DeqarRegister, shared_root: Path) -> None:
    sent = recorded(shared_root)[8]["request"]
    with play("look-up"):
        seen = register.lookup("mcb-433268")
    assert seen is not None
    assert (seen.register_id, seen.state) == ("12", State.PUBLISHED)
    assert compare(dict(seen.body or {}), normal_of_payload(sent, POLICY)) == ()
    sent["programmes"][0]["workload_ects"] = 6
    sent["programmes"][0]["alternative_names"] = []
    sent["report_files"][0]["original_location"] = "https://example.edu/other.pdf"
    assert [change.field for change in compare(dict(seen.body or {}), normal_of_payload(sent, POLICY))] == [
        "programmes[0].alternative_names",
        "programmes[0].workload_ects",
        "report_files",
    ]


def test_a_flag_is_read_back(play: Play, register: DeqarRegister) -> None:
    with play("look-up-flagged"):
        seen = register.lookup("mcb-433425")
    assert seen is not None
    assert (seen.state, seen.flag) == (State.FLAGGED, "low level")


def test_every_recorded_report_that_was_read_back_right_away_equals_what_was_sent(shared_root: Path) -> None:
    """All recorded submissions of one programme that were followed by a look at their detail."""
    lines = recorded(shared_root)
    compared, differing = 0, []
    for before, after in pairwise(lines):
        made = before["body"].get("submitted_report") if isinstance(before["body"], dict) else None
        if (
            not made
            or after["path"] != f"/webapi/v2/browse/reports/{made['id']}/"
            or not isinstance(before["request"], dict)
        ):
            continue
        if not _plain(before["request"]):
            continue
        compared += 1
        ours = normal_of_payload(before["request"], POLICY)
        theirs = normal_of_detail(after["body"], made, POLICY)
        if changes := compare(theirs, ours):
            differing.append((before["label"], [str(change) for change in changes]))
    print(f"\nread back as sent: {compared - len(differing)} of {compared} recorded reports")
    assert differing == []
    assert compared >= 20


def _plain(sent: dict[str, Any]) -> bool:
    """Whether a recorded report is of the kind that we send: our spellings, our way to name institutions."""
    programmes = sent.get("programmes") or []
    return (
        len(programmes) == 1
        and sent.get("date_format") == "%Y-%m-%d"
        and len(str(sent.get("valid_from"))) == 10
        and all(
            set(each) == {"deqar_id"} and str(each["deqar_id"]).startswith("DEQAR") for each in sent["institutions"]
        )
        and sent["agency"] == "DEMOQA"
        and isinstance(sent.get("local_identifier"), str)
        and all(_our_spelling(programme) for programme in programmes)
        and all("original_location" in file for file in sent.get("report_files", ()))
    )


def _our_spelling(programme: dict[str, Any]) -> bool:
    level, degree = programme.get("qf_ehea_level"), programme.get("degree_outcome")
    texts = [programme.get("name_primary"), *[each["identifier"] for each in programme.get("identifiers", ())]]
    names = [each["name_alternative"] for each in programme.get("alternative_names", ())]
    return (
        level in {"0", "1", "2", "3"}
        and degree in {"yes", "no"}
        and programme.get("assessment_certification") in {"1", "2", "3", None}
        and type(programme.get("workload_ects")) is int
        and str(programme.get("field_study", "0612")).isdecimal()
        and all(isinstance(text, str) and text == text.strip() for text in texts)
        and programme.get("name_primary") not in names
    )


def test_the_looking_half_needs_an_address_and_a_report(tmp_path: Path) -> None:
    given = settings(config(None, tmp_path), Clock())
    with pytest.raises(ConfigError, match="no address"):
        DeqarLooker(given)
    whole = config(URL, tmp_path)
    without = settings(msgspec.structs.replace(whole, report=None), Clock())
    with pytest.raises(ConfigError, match=r"\[report\]"):
        DeqarLooker(without)


def test_the_register_is_told_by_address_and_agency(register: DeqarRegister) -> None:
    assert register.identity == f"{URL}#DEMOQA"
    assert register.capabilities.settle == PATIENCE.read


@pytest.mark.parametrize("name", CASSETTES)
def test_cassettes_are_what_was_recorded_and_hold_no_secret(name: str, shared_root: Path) -> None:
    file = HERE / f"{name}.json"
    text = file.read_text(encoding="utf-8")
    if not (shared_root / "deqar" / "traffic.jsonl").is_file():
        pytest.skip("the recorded traffic is not here")
    assert text == cassette(name, recorded(shared_root))
    assert "uthorization" not in text
    assert "oken: " not in text
