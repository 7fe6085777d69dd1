"""The database under the ledger: opening it, bringing it up to date, and keeping a second run away.

SQLite in WAL mode with ``synchronous=FULL`` by default, so that what was committed is
on the disk before anything is sent; PostgreSQL by its URL.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from mcbridge.errors import ConfigError, TryLater
from mcbridge.register.schema import meta

NETWORK_FILE_SYSTEMS = frozenset(
    {"9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)
"""File systems on which the locks of SQLite do not hold."""

LEASE = 0x6D636272
"""The number of the advisory lock that a run holds in PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the lock: shown to whoever comes second. ``started`` is ISO 8601."""

    command: str
    started: str
    pid: int = 0
    host: str = ""

    @classmethod
    def here(cls, command: str, started: str) -> Owner:
        """This process."""
        return cls(command, started, os.getpid(), socket.gethostname())

    def __str__(self) -> str:
        return f"`{self.command}`, process {self.pid} on {self.host}, since {self.started}"


class Store:
    """A ledger's database, migrated to what this version knows."""

    def __init__(self, url: str) -> None:
        self.url = _url(url)
        self.path = _path(self.url)
        if self.path is not None:
            _check_place(self.path)
        try:
            self.engine = create_engine(self.url) if self.path is None else sqlite_engine(self.url)
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"the driver for this ledger is not installed: {error.name}", hint="pip install 'mcbridge[postgres]'"
            ) from error
        try:
            with translated(self.shown):
                self._migrate()
        except BaseException:
            self.close()
            raise

    @property
    def shown(self) -> str:
        """The URL without a password."""
        return self.url.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction; database errors become ours."""
        with translated(self.shown), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def lock(self, owner: Owner) -> Iterator[None]:
        """Hold the ledger for one run. Raises ``TryLater`` at once, naming the owner, when somebody else does.

        A lock vanishes with the process that holds it, however that ends.
        """
        with _file_lock(self.path, owner) if self.path is not None else self._lease(owner):
            yield

    @contextmanager
    def _lease(self, owner: Owner) -> Iterator[None]:
        with translated(self.shown), self.engine.connect() as connection:
            held = connection.execute(text("SELECT pg_try_advisory_lock(:lease)"), {"lease": LEASE}).scalar_one()
            if not held:
                found = connection.execute(select(meta.c.value).where(meta.c.name == "owner")).scalar()
                raise _taken(found)
            connection.execute(meta.delete().where(meta.c.name == "owner"))
            connection.execute(meta.insert().values(name="owner", value=json.dumps(asdict(owner))))
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lease)"), {"lease": LEASE})
                connection.commit()

    def _migrate(self) -> None:
        from alembic.command import upgrade
        from alembic.config import Config
        from alembic.runtime.migration import MigrationContext
        from alembic.script import ScriptDirectory

        with as_file(files("mcbridge.register") / "migrations") as scripts:
            config = Config()
            config.set_main_option("script_location", str(scripts))
            directory = ScriptDirectory.from_config(config)
            head = directory.get_current_head()
            known = {revision.revision for revision in directory.walk_revisions()}
            with self.engine.begin() as connection:
                current = MigrationContext.configure(connection).get_current_revision()
                if current == head:
                    return
                if current is not None and current not in known:
                    raise ConfigError(
                        f"the ledger was written by a newer mcbridge (its version is {current}, ours is {head})",
                        where=self.shown,
                        hint="install that version again, or a newer one",
                    )
            if current is not None and self.path is not None:
                self._back_up(current)
            with self.engine.begin() as connection:
                config.attributes["connection"] = connection
                upgrade(config, "head")

    def _back_up(self, revision: str) -> None:
        """A copy beside the ledger before it is changed."""
        if self.path is None:
            return
        copy = self.path.with_name(f"{self.path.name}.before-migration-{revision}")
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def _url(written: str) -> URL:
    try:
        url = make_url(written)
    except ArgumentError as error:
        raise ConfigError(
            "the database URL cannot be read", hint='write for example "sqlite:///state/ledger.db"'
        ) from error
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ConfigError(
            f"this is kept in SQLite or PostgreSQL, not in {url.get_backend_name()}",
            where=url.render_as_string(hide_password=True),
        )
    if url.get_backend_name() == "sqlite" and (not url.database or url.database == ":memory:"):
        raise ConfigError("what is kept in memory is forgotten", hint='write for example "sqlite:///state/ledger.db"')
    return url


def sqlite_url(written: str) -> URL:
    """The URL of an SQLite file. Raises ``ConfigError`` for anything else."""
    url = _url(written)
    if url.get_backend_name() != "sqlite":
        raise ConfigError("this is kept in an SQLite file", where=url.render_as_string(hide_password=True))
    return url


def _path(url: URL) -> Path | None:
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _check_place(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the ledger's folder cannot be made: {error.strerror}", where=str(path.parent), hint="name another place"
        ) from error
    kind = file_system(path.parent, Path("/proc/self/mountinfo"))
    if kind in NETWORK_FILE_SYSTEMS:
        raise ConfigError(
            f"the ledger would be on a network file system ({kind}), where locks do not hold",
            where=str(path),
            hint="keep it on a local disk, or in PostgreSQL",
        )


def file_system(folder: Path, mounts: Path) -> str:
    """The kind of file system that a folder is on, by Linux's table of mounts; empty where there is no such table."""
    try:
        table = mounts.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    place = folder.resolve()
    best, kind = -1, ""
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = Path(fields[4].encode().decode("unicode_escape"))
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), right.split(" ")[0]
    return kind


def sqlite_engine(url: URL) -> Engine:
    """An engine whose commits are on the disk, and whose transactions take the write lock when they begin."""
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not guessed by the driver
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with translated(url.render_as_string(hide_password=True)), engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check")).scalars().first()
        if found != "ok":
            raise _damaged(url.render_as_string(hide_password=True), str(found))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _damaged(where: str, said: str) -> ConfigError:
    return ConfigError(
        f"the ledger is damaged: {said}", where=where, hint="put back the last copy; nothing was sent in this run"
    )


@contextmanager
def translated(where: str) -> Iterator[None]:
    """The database's errors as ours: unreachable is for later, everything else is a wrong or broken ledger."""
    try:
        yield
    except NoSuchModuleError as error:
        raise ConfigError(f"there is no driver for this ledger: {error}", where=where) from error
    except DBAPIError as error:
        said = str(error.orig).strip().partition("\n")[0]
        if error.connection_invalidated or "locked" in said or "connect" in said or "server closed" in said:
            raise TryLater(f"the ledger cannot be reached: {said}", where=where, hint="is its database up?") from error
        if "malformed" in said or "not a database" in said:
            raise _damaged(where, said) from error
        raise ConfigError(f"the ledger cannot be used: {said}", where=where) from error
    except SQLAlchemyError as error:
        raise ConfigError(f"the ledger cannot be used: {error}", where=where) from error


@contextmanager
def _file_lock(path: Path, owner: Owner) -> Iterator[None]:
    from filelock import FileLock, Timeout

    record = path.with_name(path.name + ".owner")
    lock = FileLock(path.with_name(path.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        try:
            found: str | None = record.read_text(encoding="utf-8")
        except OSError:
            found = None
        raise _taken(found) from error
    try:
        record.write_text(json.dumps(asdict(owner)), encoding="utf-8")
        yield
    finally:
        record.unlink(missing_ok=True)
        lock.release()


def _taken(record: str | None) -> TryLater:
    who = "another run"
    if record:
        with contextlib.suppress(ValueError, TypeError):
            who = str(Owner(**json.loads(record)))
    return TryLater(f"the ledger is in use by {who}", hint="wait until that run has ended")
