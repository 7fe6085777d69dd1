"""The embedded register as a process: where it listens, how it stops, and what is there after a restart."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mcbridge.errors import ConfigError, TryLater, UsageError
from mcbridge.register.embedded import embedded_register, serve
from mcbridge.register.embedded.server import EmbeddedRegister
from mcbridge.register.embedded.world import World
from tests.conftest import CHECKOUT
from tests.publishing import TOKEN
from tests.unit.register.embedded.test_strict import CHECK, REPORTS, SUBMIT, report

SERVE = """
import json, sys
from mcbridge.register.embedded import serve
options = json.loads(sys.argv[1])
serve(announce=lambda running: print(json.dumps([running.url, running.token]), flush=True), **options)
print("stopped", flush=True)
"""


def start(folder: Path, **options: object) -> tuple[subprocess.Popen[str], str, str | None]:
    given = {"db_url": f"sqlite:///{folder}/register.db", "port": 0, **options}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, json.dumps(given)], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )
    assert process.stdout is not None
    url, token = json.loads(process.stdout.readline())
    return process, url, token


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(number)
    said, _ = process.communicate(timeout=30)
    assert said == "stopped\n"
    return process.returncode


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_quietly_when_told(tmp_path: Path, number: signal.Signals) -> None:
    process, url, token = start(tmp_path)
    assert token is not None
    assert url.startswith("http://127.0.0.1:")
    answer = httpx.get(f"{url}{REPORTS}", headers={"authorization": f"Bearer {token}"})
    assert answer.json()["count"] == 0
    assert stop(process, number) == 0


def test_what_was_submitted_is_there_after_a_restart_and_the_token_still_opens(tmp_path: Path) -> None:
    process, url, token = start(tmp_path)
    headers = {"authorization": f"Bearer {token}"}
    made = httpx.post(f"{url}{SUBMIT}", json=report(), headers=headers).json()["submitted_report"]
    assert stop(process) == 0
    process, url, again = start(tmp_path)
    assert again is None, "a token is told once"
    found = httpx.get(f"{url}{CHECK}", params={"agency": "DEMOQA", "local_identifier": "mc-1"}, headers=headers)
    assert found.json() == made
    assert httpx.post(f"{url}{SUBMIT}", json=report(), headers=headers).status_code == 400
    assert stop(process) == 0


def test_it_survives_being_killed(tmp_path: Path) -> None:
    process, url, _ = start(tmp_path, token=TOKEN)
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert httpx.post(f"{url}{SUBMIT}", json=report(), headers=headers).status_code == 200
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    with EmbeddedRegister(f"sqlite:///{tmp_path}/register.db", token=TOKEN) as register:
        assert [kept.local_identifier for kept in register.shelf.all()] == ["mc-1"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "register.example"])  # noqa: S104 - it is refused
def test_it_listens_on_this_machine_only(tmp_path: Path, host: str) -> None:
    with pytest.raises(UsageError, match="can be reached from other machines"):
        serve(f"sqlite:///{tmp_path}/r.db", announce=print, host=host)
    assert not (tmp_path / "r.db").exists()


def test_a_port_that_is_taken_is_for_later(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(TryLater, match="cannot listen") as caught:
            serve(f"sqlite:///{tmp_path}/r.db", announce=print, port=taken.getsockname()[1])
    assert caught.value.exit_code == 75


def test_a_dialect_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no dialect"):
        serve(f"sqlite:///{tmp_path}/r.db", announce=print, dialect="loose")  # type: ignore[arg-type]


def test_it_is_kept_in_sqlite_of_our_shape(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="SQLite file"):
        EmbeddedRegister("postgresql://127.0.0.1/x", token=TOKEN)
    with (
        EmbeddedRegister(f"sqlite:///{tmp_path}/r.db", token=TOKEN) as register,
        register.shelf._transaction() as open_,
    ):
        import sqlalchemy as sa

        open_.execute(sa.text("UPDATE meta SET value = '99' WHERE name = 'shape'"))
    with pytest.raises(ConfigError, match="shape 99"):
        EmbeddedRegister(f"sqlite:///{tmp_path}/r.db", token=TOKEN)


def test_another_world_may_be_given(tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    ours = (CHECKOUT / "mcbridge" / "register" / "embedded" / "demonstration.toml").read_text(encoding="utf-8")
    file.write_text(ours.replace("Demo University", "Another University"), encoding="utf-8")
    assert World(file).institution(12).name == "Another University"  # type: ignore[union-attr]
    file.write_text(ours + "\n[[agency]]\nid = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"agency\[2\]|deqar_id"):
        World(file)


def test_beside_a_program_it_lasts_as_long_as_the_with(tmp_path: Path) -> None:
    with embedded_register(f"sqlite:///{tmp_path}/r.db", token=TOKEN) as register:
        url = register.url
        assert httpx.get(f"{url}/connectapi/v1/providers/").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/connectapi/v1/providers/")
