"""Seals through the command: what is told, which code comes of it, and what a missing library changes."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.house.test_start import start
from tests.unit.cli.command import Done, run
from tests.unit.seals.signing import (
    DOCUMENT,
    DS,
    MORE,
    Manner,
    certificate,
    pem,
    pem_certificate,
    rsa_key,
    signed,
)

TAMPERED = ("<resultLabel>5<", "<resultLabel>1<")
CURRENT = certificate(rsa_key(), begins=datetime(2020, 1, 1, tzinfo=UTC), ends=datetime(2100, 1, 1, tzinfo=UTC))
EXPIRED = certificate(rsa_key(), begins=datetime(2018, 1, 1, tzinfo=UTC), ends=datetime(2022, 1, 1, tzinfo=UTC))


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with documents in every state, and one with keys."""

    def put(name: str, manner: Manner, key: Any = None) -> None:
        (tmp_path / name).write_bytes(signed(DOCUMENT, key or rsa_key(), manner))

    (tmp_path / "home").mkdir()
    (tmp_path / "absent.xml").write_bytes(DOCUMENT)
    put("signed.xml", Manner(certificate=CURRENT))
    put("expired.xml", Manner(certificate=EXPIRED))
    put("legacy.xml", Manner(method=f"{DS}rsa-sha1", digest=f"{DS}sha1", certificate=CURRENT))
    put("keyless.xml", Manner(key_info=""))
    put("hmac.xml", Manner(method=f"{MORE}hmac-sha256"), b"secret")
    broken = (tmp_path / "signed.xml").read_text(encoding="utf-8").replace(*TAMPERED)
    (tmp_path / "invalid.xml").write_text(broken, encoding="utf-8")
    for folder, key in (("keys", rsa_key()), ("others", rsa_key(1))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "registry.txt").write_bytes(pem_certificate(certificate(key)))
    return tmp_path


def told(done: Done) -> dict[str, Any]:
    [source] = json.loads(done.out)["sources"]
    found: dict[str, Any] = source["seal"]
    return found


STATES = [
    ("absent.xml", (), "absent"),
    ("keyless.xml", (), "present, not verified"),
    ("signed.xml", (), "valid with embedded key"),
    ("signed.xml", ("--trusted-keys", "others"), "valid with embedded key"),
    ("signed.xml", ("--trusted-keys", "keys"), "valid with a trusted key"),
    ("keyless.xml", ("--trusted-keys", "keys"), "valid with a trusted key"),
    ("invalid.xml", (), "invalid"),
    ("invalid.xml", ("--trusted-keys", "keys"), "invalid"),
    ("hmac.xml", (), "unsupported algorithm"),
    ("legacy.xml", (), "unsupported algorithm"),
    ("legacy.xml", ("--allow-sha1",), "valid with embedded key"),
    ("legacy.xml", ("--allow-sha1", "--trusted-keys", "keys"), "valid with a trusted key"),
    ("expired.xml", (), "valid with embedded key"),
]


@pytest.mark.parametrize(("name", "options", "expected"), STATES)
def test_inspect_and_check_tell_the_same_state(room: Path, name: str, options: tuple[str, ...], expected: str) -> None:
    inspected = run("inspect", name, "--json", *options, folder=room)
    assert (inspected.code, told(inspected)["status"]) == (0, expected), inspected.err
    text = run("inspect", name, *options, folder=room)
    assert f"    seal             {expected}" in text.out
    checked = run("check", name, "--json", "--rules", "schema", *options, folder=room)
    [seal] = json.loads(checked.out)["seals"]
    assert (seal["source"], seal["status"]) == (name, expected)
    assert checked.code == (3 if expected == "invalid" else 0)
    assert (f"seals: 1 {expected}" in checked.err) == (expected != "absent")


def test_inspect_names_the_signer_the_key_and_the_file_that_it_is_trusted_by(room: Path) -> None:
    seal = told(run("inspect", "signed.xml", "--json", "--trusted-keys", "keys", folder=room))
    assert seal == {
        "status": "valid with a trusted key",
        "kind": "xmldsig",
        "signer": "CN=University of Nowhere",
        "fingerprint": seal["fingerprint"],
        "certificate": "current",
        "certificateFrom": "2020-01-01T00:00:00Z",
        "certificateUntil": "2100-01-01T00:00:00Z",
        "trust": "not-evaluated",
        "trustedAs": "registry.txt",
    }
    assert len(seal["fingerprint"]) == 64
    text = run("inspect", "signed.xml", "--trusted-keys", "keys", folder=room).out
    assert "valid with a trusted key (xmldsig; registry.txt; CN=University of Nowhere)" in text


def test_why_a_seal_is_not_known_to_hold_is_said(room: Path) -> None:
    for name, words in (("invalid.xml", "changed after it was signed"), ("hmac.xml", "HMAC"), ("legacy.xml", "SHA1")):
        assert words in told(run("inspect", name, "--json", folder=room))["reason"]
        assert words in run("inspect", name, folder=room).out


def test_a_document_whose_seal_does_not_hold_fails_a_conversion(room: Path) -> None:
    done = run("convert", "invalid.xml", "--to", "canonical", "-o", "out.json", folder=room)
    assert done.code == 3
    assert "error: the seal does not hold: the document was changed after it was signed  [seal/invalid]" in done.err
    record = json.loads((room / "out.json").read_text(encoding="utf-8"))
    assert record["seal"] == {"state": "invalid", "kind": "xmldsig"}
    allowed = run("convert", "invalid.xml", "--to", "elmo", "-o", "o.xml", "--allow", "seal/invalid", folder=room)
    assert (allowed.code, "[seal/" in allowed.err, "seals: 1 invalid" in allowed.err) == (0, False, True), allowed.err
    strict = run("convert", "invalid.xml", "--to", "elmo", "-o", "none.xml", "--strict", folder=room)
    assert (strict.code, (room / "none.xml").exists()) == (3, False)


def test_the_record_of_a_conversion_tells_the_state_of_the_seal(room: Path) -> None:
    done = run("convert", "expired.xml", "--to", "canonical", "-o", "out.json", "--trusted-keys", "keys", folder=room)
    assert done.code == 0
    assert "warning" in done.err
    seal = json.loads((room / "out.json").read_text(encoding="utf-8"))["seal"]
    assert (seal["state"], seal["certificate"]) == ("valid-trusted-key", "expired")
    again = run("inspect", "out.json", "--json", folder=room)
    assert told(again)["status"] == "absent", "what was written is not sealed"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, "expired"),
        ("2021-05-01", "current"),
        ("2021-05-01T12:00:00+02:00", "current"),
        ("2021-05-01T12:00Z", "current"),
        ("2017-12-31", "not-yet-valid"),
        ("issued", "expired"),  # the document says it is of 2031
    ],
)
def test_certificates_are_judged_at_the_time_asked_for(room: Path, at: str | None, expected: str) -> None:
    options = () if at is None else ("--verify-at", at)
    done = run("inspect", "expired.xml", "--json", *options, folder=room)
    assert told(done)["certificate"] == expected
    checked = run("check", "expired.xml", "--rules", "schema", *options, folder=room)
    assert ("[seal/certificate-" in checked.err) == (expected != "current")
    text = run("inspect", "expired.xml", *options, folder=room).out
    assert (f"valid with embedded key, certificate {expected.replace('-', ' ')}" in text) == (expected != "current")


@pytest.mark.parametrize("at", ["yesterday", "", "2031-13-01", "12:00"])
def test_a_time_that_is_none_is_a_wrong_call(room: Path, at: str) -> None:
    done = run("check", "signed.xml", "--verify-at", at, folder=room)
    assert done.code == 2
    assert "no time" in done.err


def test_a_broken_key_is_a_matter_of_configuration(room: Path) -> None:
    (room / "keys" / "readme.txt").write_text("our keys", encoding="utf-8")
    for command in (("check",), ("inspect",), ("convert", "--to", "canonical")):
        done = run(*command, "signed.xml", "--trusted-keys", "keys", folder=room)
        assert done.code == 78
        assert str(Path("keys") / "readme.txt") in done.err
    assert run("check", "signed.xml", "--trusted-keys", "nowhere", folder=room).code == 78


def test_whose_key_it_is_decides_how_loud_that_is_said(room: Path) -> None:
    quiet = run("check", "signed.xml", "--rules", "schema", folder=room)
    assert "seal/untrusted" not in quiet.err, "a note, for those who ask for more"
    loud = run("check", "signed.xml", "--rules", "schema", "--trusted-keys", "others", folder=room)
    assert "warning: nothing was changed since it was signed, but anybody could have made the key" in loud.err
    assert run("check", "signed.xml", "--rules", "schema", "--deny", "seal/untrusted", folder=room).code == 3


def test_the_name_of_a_signer_is_masked_where_nobody_looks(room: Path) -> None:
    masked = run("check", "signed.xml", "--rules", "schema", "--trusted-keys", "others", folder=room)
    assert "Nowhere" not in masked.err
    options = ("--trusted-keys", "others", "--show-values")
    assert "CN=University of Nowhere" in run("check", "signed.xml", "--rules", "schema", *options, folder=room).err


def test_archives_are_looked_into(room: Path) -> None:
    with zipfile.ZipFile(room / "both.zip", "w") as archive:
        for name in ("signed.xml", "invalid.xml"):
            archive.write(room / name, name)
    (room / "one.xml.gz").write_bytes(gzip.compress((room / "signed.xml").read_bytes()))
    done = run("inspect", "both.zip", "--json", "--trusted-keys", "keys", folder=room)
    states = {each["source"]: each["seal"]["status"] for each in json.loads(done.out)["sources"]}
    assert states == {"both.zip!invalid.xml": "invalid", "both.zip!signed.xml": "valid with a trusted key"}
    assert told(run("inspect", "one.xml.gz", "--json", folder=room))["status"] == "valid with embedded key"


def test_a_byte_order_mark_changes_nothing(room: Path) -> None:
    (room / "bom.xml").write_bytes(b"\xef\xbb\xbf" + (room / "signed.xml").read_bytes())
    assert told(run("inspect", "bom.xml", "--json", folder=room))["status"] == "valid with embedded key"


def test_a_large_document_is_verified_as_well(room: Path) -> None:
    """One that is not held while it is looked for a signature."""
    options = ("--json", "--limit", "stream=200")
    assert told(run("inspect", "signed.xml", *options, folder=room))["status"] == "valid with embedded key"
    assert told(run("inspect", "absent.xml", *options, folder=room))["status"] == "absent"


def test_a_document_that_is_too_large_is_not_verified(room: Path) -> None:
    done = run("check", "invalid.xml", "--rules", "schema", "--limit", "seal=1KB", folder=room)
    assert (done.code, "seals: 1 present, not verified" in done.err) == (0, True)
    assert "--limit seal=…" in done.err
    assert told(run("inspect", "absent.xml", "--json", "--limit", "seal=1KB", folder=room))["status"] == "absent"


ABSENT = frozenset(("signxml", "cryptography", "certifi", "cffi"))


def test_without_the_libraries_a_seal_is_there_and_not_verified(room: Path) -> None:
    code, loaded, printed = start(room, "check", "signed.xml", "--rules", "schema", absent=ABSENT)
    assert (code, loaded & ABSENT) == (0, set())
    assert "seals: 1 present, not verified" in printed
    assert "pip install 'mcbridge[seal]'" in printed
    assert "[seal/unverified]" in printed
    code, _, printed = start(room, "check", "signed.xml", "--trusted-keys", "keys", "--rules", "schema", absent=ABSENT)
    assert (code, "present, not verified" in printed) == (0, True), printed
    code, _, printed = start(room, "convert", "signed.xml", "--to", "canonical", "-o", "out.json", absent=ABSENT)
    assert code == 0, printed
    assert json.loads((room / "out.json").read_text(encoding="utf-8"))["seal"]["state"] == "present"


def test_without_the_libraries_what_is_wrapped_is_refused_all_the_same(room: Path) -> None:
    twice = signed(signed(DOCUMENT, rsa_key()), rsa_key(1))
    (room / "twice.xml").write_bytes(twice)
    code, _, printed = start(room, "check", "twice.xml", "--rules", "schema", absent=ABSENT)
    assert (code, "[seal/invalid]" in printed) == (3, True)


def test_an_unsigned_document_loads_no_library_for_seals(room: Path) -> None:
    code, loaded, printed = start(room, "check", "absent.xml", "--rules", "schema")
    assert (code, loaded & ABSENT) == (0, set()), printed


def test_keys_may_be_bare(room: Path) -> None:
    (room / "keys" / "registry.txt").write_bytes(pem(rsa_key()))
    seal = told(run("inspect", "signed.xml", "--json", "--trusted-keys", "keys", folder=room))
    assert (seal["status"], seal["signer"]) == ("valid with a trusted key", "CN=University of Nowhere")
