"""The ledger: what it remembers, whom it belongs to, what it refuses, and how it says that it is damaged."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from mcbridge.errors import BrakeHeld, ConfigError, TryLater
from mcbridge.register import schema
from mcbridge.register.audit import BEGINNING, broken
from mcbridge.register.base import Attempt, Receipt, State
from mcbridge.register.ledger import Ledger
from mcbridge.register.memory import MemoryRegister
from mcbridge.register.plan import Create, Plan
from mcbridge.register.store import Owner, Store, file_system
from tests.publishing import Clock, Desk, planned, want

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/test?connect_timeout=3"
Opened = Callable[[], Ledger]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/state/ledger.db"
        return
    try:
        engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
        with engine.connect():
            pass
    except ModuleNotFoundError as error:
        pytest.skip(f"no driver for PostgreSQL here: {error}")
    except sa.exc.OperationalError:
        pytest.skip("no PostgreSQL answers at 127.0.0.1:5432 to user postgres without a password")
    name = f"mcbridge_{uuid.uuid4().hex}"
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield f"postgresql://postgres@127.0.0.1:5432/{name}?connect_timeout=3"
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(url: str, clock: Clock) -> Iterator[Opened]:
    made: list[Ledger] = []

    def open_it() -> Ledger:
        made.append(Ledger(url, clock=clock, register="memory:", environment="test"))
        return made[-1]

    yield open_it
    for ledger in made:
        ledger.close()


def plan_of(ledger: Ledger, *keys: str) -> Plan:
    return planned(MemoryRegister(), ledger, [want(key, ects=1) for key in keys])


def test_what_was_written_is_there_when_it_is_opened_again(opened: Opened, clock: Clock) -> None:
    ledger = opened()
    desk = Desk(MemoryRegister(), ledger, clock)
    assert desk.publish(want("a", ects=1), want("b", ects=2)).code == 0
    before = (ledger.entries(), ledger.serial, ledger.runs(), ledger.events())
    ledger.close()
    again = opened()
    assert (again.entries(), again.serial, again.runs(), again.events()) == before
    [a, _b] = again.entries()
    assert (a.state, a.register_id, a.body, a.title) == (State.PUBLISHED, "1", {"ects": 1}, "Title of a")


def test_the_serial_grows_with_every_change_and_tells_which_records_moved(opened: Opened, clock: Clock) -> None:
    ledger = opened()
    desk = Desk(MemoryRegister(), ledger, clock)
    assert ledger.serial == 0
    desk.publish(want("a", ects=1))
    middle = ledger.serial
    desk.publish(want("a", ects=1), want("b", ects=1))
    assert 0 < middle < ledger.serial
    assert ledger.moved(middle) == ("b",)
    assert ledger.moved(0) == ("a", "b")
    assert ledger.moved(ledger.serial) == ()


def test_a_record_has_one_open_operation_at_most(opened: Opened) -> None:
    ledger = opened()
    plan = plan_of(ledger, "a")
    ledger.begin(plan, tool="t", overrides={})
    [action] = plan.pending
    first, again = ledger.intend(action), ledger.intend(action)
    assert (first.id, first.sent) == (again.id, 1)
    assert again.sent == 2
    other = ledger.intend(msgspec.structs.replace(action, body={"ects": 2}))
    assert other.id != first.id
    assert [op.id for op in ledger.open_ops()] == [other.id]
    assert sorted(status for _, status, _, _ in ledger.ops("a")) == ["intent", "superseded"]


def test_the_database_itself_refuses_a_second_open_operation(opened: Opened) -> None:
    ledger = opened()
    plan = plan_of(ledger, "a")
    ledger.begin(plan, tool="t", overrides={})
    [action] = plan.pending
    op = ledger.intend(action)
    with ledger._store.transaction() as connection:
        row = dict(connection.execute(sa.select(schema.op)).mappings().one())
    with pytest.raises(ConfigError, match="cannot be used"), ledger._store.transaction() as connection:
        connection.execute(sa.insert(schema.op).values({**row, "id": "another"}))
    assert [each.id for each in ledger.open_ops()] == [op.id]


def test_exchanges_are_kept_with_their_operation(opened: Opened) -> None:
    ledger = opened()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for mark in ("op-1", "op-1", ""):
        ledger.attempt(
            Attempt(
                mark=mark,
                method="POST",
                path="/x",
                status=None,
                started=now,
                seconds=0.2,
                outcome="ReadTimeout",
                excerpt="č",
            )
        )
    assert (ledger.attempts("op-1"), ledger.attempts("op-2")) == (2, 0)


def test_a_ledger_belongs_to_one_register_and_one_environment(opened: Opened, url: str, clock: Clock) -> None:
    opened()
    with pytest.raises(BrakeHeld, match="register 'memory:'") as caught:
        Ledger(url, clock=clock, register="https://other.example", environment="test")
    assert caught.value.exit_code == 6
    with pytest.raises(BrakeHeld, match="environment 'test'"):
        Ledger(url, clock=clock, register="memory:", environment="production")


def test_two_runs_cannot_hold_it_and_the_second_learns_who_does(opened: Opened) -> None:
    one, other = opened(), opened()
    with one.lock(Owner("mcbridge sync apply", "2026-03-01T06:00:00+00:00", 4711, "host.example")):
        with one.lock(Owner.here("the same once more", "now")):
            pass
        with pytest.raises(TryLater, match=r"mcbridge sync apply`, process 4711 on host\.example"):
            other.lock(Owner.here("second", "now")).__enter__()
    with other.lock(Owner.here("second", "now")):
        pass


def test_the_trail_of_events_hangs_together_and_a_change_breaks_it(opened: Opened, clock: Clock) -> None:
    ledger = opened()
    Desk(MemoryRegister(), ledger, clock).publish(want("a", ects=1), want("b", ects=1))
    trail = ledger.events()
    assert [event.kind for event in trail] == [
        "run-started",
        *("intent", "done") * 2,
        "verified",
        "verified",
        "run-ended",
    ]
    assert trail[0].previous == BEGINNING
    assert broken(trail) is None
    assert broken((*trail[:2], *trail[3:])) == 3
    edited = msgspec.structs.replace(trail[4], data={**trail[4].data, "answer": "nothing"})
    assert broken((*trail[:4], edited, *trail[5:])) == 5
    with ledger._store.transaction() as connection:
        connection.execute(sa.text("UPDATE event SET kind = 'kept' WHERE seq = 2"))
    assert broken(ledger.events()) == 2


def test_a_cut_run_is_told_from_one_that_ended(opened: Opened) -> None:
    ledger = opened()
    ledger.begin(plan_of(ledger, "a"), tool="t", overrides={"first_run": True})
    [run] = ledger.runs()
    assert (run.ended, run.code, run.records) == (None, None, 1)
    ledger.end(75, {"not sent": 1})
    [run] = ledger.runs()
    assert (run.ended is not None, run.code) == (True, 75)


def test_an_entry_that_never_was_is_none(opened: Opened) -> None:
    assert opened().entry("nobody") is None


def test_what_failed_goes_back_to_what_it_was(opened: Opened, clock: Clock) -> None:
    ledger = opened()
    Desk(MemoryRegister(), ledger, clock).publish(want("a", ects=1))
    plan = planned(MemoryRegister(), ledger, [want("a", ects=2), want("n", ects=1)])
    ledger.begin(plan, tool="t", overrides={})
    for action in plan.pending:
        op = ledger.intend(action)
        ledger.reopen(op, "asked")
        ledger.unsent(op, "cannot be reached")
    assert [(entry.key, entry.state, entry.failures) for entry in ledger.entries()] == [
        ("a", State.PUBLISHED, 0),
        ("n", State.FAILED, 0),
    ]


def test_odd_content_survives(opened: Opened) -> None:
    ledger = opened()
    key = "demo-uni.example/日本 \"'%;--\n\\"
    plan = planned(MemoryRegister(), ledger, [want(key, text="ž\u0000\u2028🎓")])
    ledger.begin(plan, tool="t", overrides={})
    [action] = plan.pending
    assert isinstance(action, Create)
    op = ledger.intend(action)
    assert op.payload is not None
    assert op.payload.data == action.payload.data
    ledger.done(op, Receipt(key=key, register_id="1", state=State.FLAGGED, flag="low level", warnings=("ä", "b")))
    [entry] = ledger.entries()
    assert (entry.key, entry.body, entry.warnings, entry.flag) == (key, action.body, ("ä", "b"), "low level")


# ---------------------------------------------------------------------------------------------------------- migrations


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(opened: Opened) -> None:
    ledger = opened()
    with ledger._store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == "0001"


def test_there_is_one_line_of_migrations() -> None:
    directory = ScriptDirectory(str(files("mcbridge.register") / "migrations"))
    assert len(directory.get_heads()) == 1
    assert len(directory.get_bases()) == 1


def test_a_ledger_of_a_newer_version_is_refused_and_left_alone(opened: Opened) -> None:
    ledger = opened()
    with ledger._store.transaction() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer mcbridge") as caught:
        opened()
    assert caught.value.exit_code == 78


def test_before_a_migration_there_is_a_copy(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/ledger.db")
    store._back_up("0001")
    store._back_up("0001")
    store.close()
    copy = tmp_path / "ledger.db.before-migration-0001"
    engine = sa.create_engine(f"sqlite:///{copy}")
    assert {"provision", "op", "event"} <= set(sa.inspect(engine).get_table_names())
    engine.dispose()


# ----------------------------------------------------------------------------------------------- wrong and broken ones


def refuse(url: str, match: str, error: type[Exception] = ConfigError) -> None:
    with pytest.raises(error, match=match):
        Ledger(url, clock=Clock(), register="memory:", environment="test")


def test_urls_that_are_no_ledger_are_refused(tmp_path: Path) -> None:
    refuse("not a url", "cannot be read")
    refuse("sqlite:///:memory:", "forgotten")
    refuse("sqlite://", "forgotten")
    refuse("mysql://root@127.0.0.1/x", "SQLite or PostgreSQL")
    refuse("oracle://root@127.0.0.1/x", "SQLite or PostgreSQL")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    refuse(f"sqlite:///{tmp_path}/file/ledger.db", "folder cannot be made")


def test_a_password_in_a_url_is_never_shown() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises((ConfigError, TryLater)) as caught:
        Ledger("postgresql://u:sesame@127.0.0.1:1/x", clock=Clock(), register="r", environment="e")
    assert "sesame" not in str(caught.value)
    assert "***" in str(caught.value)


def test_an_unreachable_database_is_for_later() -> None:
    pytest.importorskip("psycopg")
    refuse("postgresql://u@127.0.0.1:1/x?connect_timeout=2", "cannot be reached", TryLater)


def test_a_file_that_is_no_database_is_a_damaged_ledger(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"this is no database at all, but long enough to be looked at" * 20)
    refuse(f"sqlite:///{tmp_path}/ledger.db", "damaged")


def test_a_damaged_page_is_noticed_when_it_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    clock = Clock()
    with Ledger(f"sqlite:///{file}", clock=clock, register="memory:", environment="test") as ledger:
        Desk(MemoryRegister(), ledger, clock).publish(*[want(f"k{at}", text="x" * 2000) for at in range(10)])
    data = bytearray(file.read_bytes())
    for page in range(3, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    file.write_bytes(bytes(data))
    refuse(f"sqlite:///{file}", "damaged")


MOUNTS = """\
22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv/my\\040share rw - nfs4 server:/export rw
31 22 0:41 / /srv/my\\040share/local rw - xfs /dev/sdb rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/srv/my share/x", "nfs4"), ("/srv/my share/local/x", "xfs"), ("/var/x", "ext4"), ("/srv/my sharex", "ext4")],
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(folder: str, kind: str, tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS, encoding="utf-8")
    assert file_system(Path(folder), table) == kind
    assert file_system(Path(folder), tmp_path / "nothing") == ""


def test_a_network_file_system_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcbridge.register.store.file_system", lambda *_: "nfs4")
    refuse(f"sqlite:///{tmp_path}/ledger.db", "network file system")


def test_the_lock_vanishes_with_the_process_that_held_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    script = (
        "import os, sys\n"
        "from datetime import datetime, UTC\n"
        "from mcbridge.register.ledger import Ledger\n"
        "from mcbridge.register.store import Owner\n"
        "ledger = Ledger(sys.argv[1], clock=lambda: datetime.now(UTC), register='memory:', environment='test')\n"
        "ledger.lock(Owner.here('killed', 'now')).__enter__()\n"
        "print('held', flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, url], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("held\n", -9), done.stderr
    ledger = Ledger(url, clock=Clock(), register="memory:", environment="test")
    with ledger, ledger.lock(Owner.here("next", "now")):
        assert ledger.entries() == ()
