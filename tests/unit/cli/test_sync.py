"""Publishing by commands: plan, apply, plan again, against the embedded register in a process of its own."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mcbridge import demo
from tests.unit.cli.command import Done, environment, files, run, spawn
from tests.unit.seals.jades_signing import sealed, written
from tests.unit.seals.signing import pem, rsa_key, signed

CONFIG = """
[[source]]
paths = ["exports/*.csv"]
format = "csv"
profile = "microcredential-office"

[register]
kind = "deqar"
url = "{url}"
token_file = "token"
environment = "test"

[report]
agency = "DEMOQA"
activity = "10"
status = "part of obligatory EQA system"
decision = "positive"
valid_from = 2025-01-15
files = [{{ url = "https://example.edu/report.pdf", languages = ["eng"], name = "Review report" }}]

[[provider]]
match = {{ schac = "example.edu" }}
deqar_id = "DEQARINST0012"

[ledger]
url = "sqlite:///state/ledger.db"
"""
HEAD = (
    "Šifra;Ime;Prezime;Datum rođenja;E-pošta;Naziv mikrokvalifikacije (hr);Naziv (en);ECTS;Opterećenje (h);EQF razina;"
    "ISCED;Ishodi učenja;ESCO;Način izvođenja;Provjera;Ocjena;Datum stjecanja;Izdavatelj;Završeno (da/ne);Napomena"
)
PLANTED = "Tajnovita"


def row(number: int, *, ects: str = "3", name: str = "Osoba", note: str = "") -> str:
    return (
        f"MC-{number};Ana;{name}{number};17.04.1996.;ana{number}@example.org;Tečaj {number};Course {number};{ects};"
        f"90;6;0612;Očistiti podatke {number};;uživo;pisani ispit;5;15.01.2026.;Sveučilište u Primjerovu;da;{note}"
    )


def export(room: Path, *rows: str) -> None:
    text = "\n".join([HEAD, *rows]) + "\n"
    (room / "exports" / "microcredentials.csv").write_bytes(text.encode("cp1250"))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """A folder with an export of twelve offers, and a register that is running."""
    for name in ("home", "exports"):
        (tmp_path / name).mkdir()
    (tmp_path / "token").write_text("0123456789abcdef0123456789abcdef01234567\n", encoding="utf-8")
    (tmp_path / "token").chmod(0o600)
    export(tmp_path, *(row(number) for number in range(1, 13)))
    serve = ["register", "serve", "--port", "0", "--db", "sqlite:///register.db", "--token-file", "token"]
    with subprocess.Popen(
        [sys.executable, "-m", "mcbridge", *serve],
        cwd=tmp_path,
        env=environment(tmp_path / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip().removeprefix("listening on ")
            (tmp_path / "sync.toml").write_text(CONFIG.format(url=url), encoding="utf-8")
            yield tmp_path
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0, "asked to stop, the register ends well"


def sync(room: Path, *arguments: str) -> Done:
    return run("sync", *arguments, folder=room)


def published(room: Path) -> int:
    with closing(sqlite3.connect(room / "register.db")) as database:
        (number,) = database.execute("select count(*) from report").fetchone()
    return int(number)


def test_what_was_published_is_not_published_again_and_a_change_is_one_update_of_that_field(room: Path) -> None:
    first = sync(room, "plan", "-o", "plan.json", "--detailed-exitcode")
    assert (first.code, "12 create" in first.err) == (4, True), first.err
    assert sync(room, "plan").code == 0
    assert published(room) == 0, "a plan sends nothing"
    applied = sync(room, "apply", "plan.json")
    assert (applied.code, applied.err.splitlines()[-1]) == (0, "12 created")
    assert published(room) == 12
    again = sync(room, "plan", "--detailed-exitcode")
    assert (again.code, again.out, again.err.splitlines()[-1]) == (0, "", "12 keep")
    hushed = sync(room, "plan", "-q", "-o", "plan-again.json")
    assert (hushed.code, hushed.out, hushed.err) == (0, "", "")
    quiet = sync(room, "apply")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", ""), "nothing to do is nothing to say"

    export(room, *(row(number, ects="4" if number == 5 else "3") for number in range(1, 13)))
    changed = sync(room, "plan", "-o", "plan.json", "--detailed-exitcode")
    assert changed.code == 4
    plan = json.loads((room / "plan.json").read_text(encoding="utf-8"))
    (update,) = [action for action in plan["actions"] if action["action"] == "update"]
    assert update["key"] == "example.edu/MC-5"
    assert update["changes"] == [{"field": "programmes[0].workload_ects", "before": 3, "after": 4}]
    assert sync(room, "apply").err.splitlines()[-1] == "11 kept, 1 updated"

    export(room, *(row(number, ects="4" if number == 5 else "3") for number in range(1, 12)))
    gone = sync(room, "plan")
    assert "absent" in gone.err
    assert "withdraw " not in gone.err
    assert sync(room, "apply").code == 0
    assert published(room) == 12


def test_no_learner_is_in_any_file_of_the_register_the_plan_or_the_ledger(room: Path) -> None:
    rows = [row(number, name=PLANTED, note=f"Ana {PLANTED}{number} je pohvaljena") for number in range(1, 13)]
    export(room, *rows)
    assert sync(room, "plan", "-o", "plan.json").code == 0
    assert sync(room, "apply", "plan.json").code == 0
    assert published(room) == 12
    written = [room / name for name in files(room) if not name.startswith("exports/")]
    assert {"plan.json", "register.db", "state/ledger.db"} <= {str(path.relative_to(room)) for path in written}
    for path in written:
        data = path.read_bytes()
        for secret in (PLANTED, "ana1@example.org", "17.04.1996", "1996-04-17"):
            assert secret.encode() not in data, f"{secret} in {path.name}"


def test_the_first_run_wants_a_plan_that_was_looked_at_or_the_word_for_it(room: Path) -> None:
    held = sync(room, "apply")
    assert (held.code, "--first-run" in held.err) == (6, True)
    assert published(room) == 0
    assert sync(room, "apply", "--first-run").code == 0


def test_a_plan_of_other_sources_is_stale(room: Path) -> None:
    assert sync(room, "plan", "-o", "plan.json").code == 0
    export(room, *(row(number, ects="5") for number in range(1, 13)))
    stale = sync(room, "apply", "plan.json")
    assert (stale.code, "the sources changed since the plan was made" in stale.err) == (6, True)
    assert published(room) == 0


def test_status_and_why_answer_for_people_and_for_programs(room: Path) -> None:
    export(room, *(row(number, ects="60" if number == 2 else "3") for number in range(1, 5)))
    assert sync(room, "status").out.strip() == "nothing was published yet"
    assert sync(room, "apply", "--first-run").code == 0
    status = sync(room, "status")
    assert (status.code, "3 published" in status.out) == (0, True)
    assert len(json.loads(sync(room, "status", "--json").out)["entries"]) == 3
    why = sync(room, "why", "example.edu/MC-2")
    assert why.code == 0
    assert "not published" in why.out
    assert "60 ECTS; a micro-credential has 1 to 59  [eligibility/ects-range]" in why.out
    assert "at exports/microcredentials.csv, H3" in why.out
    assert "hint: " in why.out
    (told,) = json.loads(sync(room, "why", "example.edu/MC-2", "--json").out)
    assert (told["published"], told["reasons"][0]["rule"]) == (False, "eligibility/ects-range")
    assert "published as" in sync(room, "why", "Tečaj 3").out
    unknown = sync(room, "why", "example.edu/MC-99")
    assert (unknown.code, "did you mean example.edu/MC-" in unknown.err) == (2, True)


def test_a_dry_run_shows_what_would_be_sent(room: Path) -> None:
    shown = sync(room, "plan", "--dry-run")
    assert shown.code == 0
    assert '"workload_ects": 3' in shown.err
    assert published(room) == 0


def test_a_register_that_does_not_answer_is_for_later(room: Path) -> None:
    config = (room / "sync.toml").read_text(encoding="utf-8")
    url = config.partition('url = "')[2].partition('"')[0]
    (room / "sync.toml").write_text(config.replace(url, "http://127.0.0.1:9"), encoding="utf-8")
    done = sync(room, "apply", "--first-run", "--max-duration", "1s")
    assert done.code == 75, done.err


@pytest.mark.parametrize(
    ("before", "after", "code", "says"),
    [
        ('kind = "deqar"', 'kind = "dequar"', 78, 'there is no register "dequar"'),
        ('activity = "10"', 'activty = "10"', 78, "activty"),
        ('paths = ["exports/*.csv"]', 'paths = ["nowhere.csv"]', 78, "nowhere.csv"),
        ('paths = ["exports/*.csv"]', 'paths = ["nowhere/*.csv"]', 3, "no file matches"),
        ('token_file = "token"', 'token_file = "none"', 78, "none"),
        ('profile = "microcredential-office"', 'profile = "nobody"', 2, "there is no profile"),
    ],
)
def test_a_wrong_configuration_ends_with_its_code(room: Path, before: str, after: str, code: int, says: str) -> None:
    text = (room / "sync.toml").read_text(encoding="utf-8")
    assert before in text
    (room / "sync.toml").write_text(text.replace(before, after), encoding="utf-8")
    done = sync(room, "apply", "--first-run")
    assert (done.code, says in done.err) == (code, True), done.err
    assert "Traceback" not in done.err
    assert published(room) == 0


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = sync(tmp_path, "plan")
    assert (done.code, "sync.toml" in done.err) == (78, True)


def test_without_a_token_no_run_begins(room: Path) -> None:
    (room / "token").unlink()
    assert sync(room, "apply", "--first-run").code == 78
    assert sync(room, "status").out.strip() == "nothing was published yet"


def test_a_wrong_token_is_a_matter_of_rights(room: Path) -> None:
    (room / "token").write_text("wrong\n", encoding="utf-8")
    assert sync(room, "apply", "--first-run").code == 77


def test_variables_stand_in_front_of_the_configuration(room: Path) -> None:
    before = "import os\nos.environ['MCBRIDGE_POLICY_ECTS_MIN'] = '4'"
    done = spawn("sync", "plan", folder=room, before=before)
    assert (done.code, "12 blocked" in done.err) == (0, True), done.err


def test_the_demonstration_walks_the_whole_way(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = run("demo", "--keep", "kept", folder=tmp_path)
    assert done.code == 0, done.out + done.err
    plan = json.loads((tmp_path / "kept" / "plan.json").read_text(encoding="utf-8"))
    sent = {action["key"] for action in plan["actions"] if action["action"] == "create"}
    assert sent == set(demo.PUBLISHABLE)
    assert len(sent) >= 6
    assert f"{len(sent)} records are at the register as they were planned" in done.out
    for action in plan["actions"]:
        for reason in action.get("reasons", ()):
            assert f"{reason['rule']}: {reason['text']}" in done.out
    findings = [
        json.loads(line) for line in (tmp_path / "kept" / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert all(each["rule"] in done.out for each in findings if each["severity"] == "error")
    assert str(tmp_path / "kept") in done.out
    listed = done.out.partition("Everything is in ")[2].splitlines()[1:]
    assert all((tmp_path / "kept" / line.split()[0]).exists() for line in listed if line.strip())
    again = run("demo", "--keep", "kept", folder=tmp_path)
    assert (again.code, "the folder is not empty" in again.err) == (2, True)


def test_a_catalogue_is_published_without_any_learner(room: Path) -> None:
    """What is on offer goes from the catalogue to the register; what is no micro-credential stays, with its reason."""
    (room / "exports" / "microcredentials.csv").unlink()
    (room / "exports" / "catalogue.csv").write_text(
        "Code;Kind;Title (en);Title (hr);Providers;ECTS;EQF level;Assessment;Full degree;Part of a degree\n"
        "KAT-1;short-learning-programme;Mirrors;Zrcala;Sveučilište u Primjerovu;3;6;pisani ispit;no;no\n"
        "KAT-2;course;A unit;Cjelina;Sveučilište u Primjerovu;3;6;pisani ispit;no;yes\n"
        "KAT-3;;A degree;Studij;Sveučilište u Primjerovu;180;6;pisani ispit;yes;no\n",
        encoding="utf-8",
    )
    config = (room / "sync.toml").read_text(encoding="utf-8")
    (room / "sync.toml").write_text(config.replace("microcredential-office", "course-catalogue"), encoding="utf-8")
    assert sync(room, "plan", "-o", "plan.json").code == 0
    actions = json.loads((room / "plan.json").read_text(encoding="utf-8"))["actions"]
    assert {action["key"]: action["action"] for action in actions} == {
        "example.edu/KAT-1": "create",
        "example.edu/KAT-2": "blocked",
        "example.edu/KAT-3": "blocked",
    }
    rules = {action["key"]: [each["rule"] for each in action.get("reasons", ())] for action in actions}
    assert rules["example.edu/KAT-2"] == ["eligibility/part-of-degree"]
    assert "eligibility/full-degree" in rules["example.edu/KAT-3"]
    assert sync(room, "apply", "plan.json").code == 0
    assert "1 published" in sync(room, "status").out


def test_nothing_is_published_of_a_document_whose_seal_does_not_hold(room: Path) -> None:
    """A signed transcript beside the sheet: sound it is published, changed it is not, and it is not taken for gone."""
    key = rsa_key()
    transcript = signed(demo.transcript().read_bytes(), key)
    (room / "keys").mkdir()
    (room / "keys" / "emp.pem").write_bytes(pem(key))
    config = (room / "sync.toml").read_text(encoding="utf-8")
    seals = '\n[seals]\ntrusted_keys = "keys"\nverify_at = "issued"\n'
    config = config.replace("[register]", '[[source]]\npaths = ["transcript.xml"]\n\n[register]', 1) + seals
    (room / "sync.toml").write_text(config, encoding="utf-8")

    (room / "transcript.xml").write_bytes(transcript)
    sound = sync(room, "why", "MK-301")
    assert (sound.code, "next: create" in sound.out) == (0, True), sound.out + sound.err

    (room / "transcript.xml").write_bytes(transcript.replace(b"<resultLabel>4<", b"<resultLabel>5<", 1))
    forged = sync(room, "why", "MK-301")
    assert "next: blocked" in forged.out
    assert "[register/seal-invalid]" in forged.out
    assert "seal/invalid" in sync(room, "plan").err

    (room / "keys" / "emp.pem").write_bytes(b"our key")
    broken = sync(room, "plan")
    assert (broken.code, str(Path("keys") / "emp.pem") in broken.err) == (78, True)
    (room / "keys" / "emp.pem").write_bytes(pem(key))
    (room / "sync.toml").write_text(config.replace('"issued"', '"some time"'), encoding="utf-8")
    when = sync(room, "plan")
    assert (when.code, "seals.verify_at" in when.err) == (78, True)


def test_nothing_is_published_of_a_credential_whose_seal_does_not_hold(room: Path) -> None:
    """The same of a European Digital Credential, which has its seal around it."""
    made = run("convert", str(demo.transcript()), "--to", "edc:form=bare", "-o", "credential.json", folder=room)
    assert made.code == 0, made.err
    text = (room / "credential.json").read_text(encoding="utf-8")
    config = (room / "sync.toml").read_text(encoding="utf-8")
    config = config.replace("[register]", '[[source]]\npaths = ["sealed.jsonld"]\n\n[register]', 1)
    (room / "sync.toml").write_text(f'{config}\n[seals]\nverify_at = "issued"\n', encoding="utf-8")

    document = sealed(text=text)
    (room / "sealed.jsonld").write_bytes(written(document))
    sound = sync(room, "why", "MK-301")
    assert (sound.code, "[register/seal-invalid]" in sound.out) == (0, False), sound.out + sound.err

    forged = document | {"payload": text.replace('"4"', '"5"', 1)}
    assert forged["payload"] != text
    (room / "sealed.jsonld").write_bytes(written(forged))
    blocked = sync(room, "why", "MK-301")
    assert "next: blocked" in blocked.out
    assert "[register/seal-invalid]" in blocked.out
    assert "seal/invalid" in sync(room, "plan").err
