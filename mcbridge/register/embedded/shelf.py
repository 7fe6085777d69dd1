"""Where the embedded register keeps what was submitted: one SQLite file that survives a restart.

In the strict dialect the database itself refuses a second record of one local
identifier. The real register has no such constraint, so two simultaneous submissions
can make two; its dialect keeps that.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from mcbridge.errors import ConfigError
from mcbridge.register.embedded.fields import Account, Dialect, Json
from mcbridge.register.hashing import canonical
from mcbridge.register.store import sqlite_engine, sqlite_url, translated

SHAPE: Final = "1"
"""Version of the tables; another one is refused."""

_metadata = MetaData()
_meta = Table("meta", _metadata, Column("name", String(32), primary_key=True), Column("value", Text, nullable=False))
_counter = Table(
    "counter", _metadata, Column("name", String(32), primary_key=True), Column("value", Integer, nullable=False)
)
_report = Table(
    "report",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("agency", String(64), nullable=False),
    Column("local_identifier", String(255)),
    Column("slot", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("flag", String(16), nullable=False),
    Column("created", String(32), nullable=False),
    Column("updated", String(32), nullable=False),
    Column("deletion_requested", String(32)),
    UniqueConstraint("agency", "local_identifier", "slot"),
)
_learned = Table(
    "learned",
    _metadata,
    Column("kind", String(16), primary_key=True),
    Column("owner", String(64), primary_key=True),
    Column("value", String(64), primary_key=True),
)
_account = Table(
    "account",
    _metadata,
    Column("name", String(64), primary_key=True),
    Column("agencies", Text, nullable=False),
    Column("salt", String(32)),
    Column("password", String(128)),
)
_token = Table(
    "token", _metadata, Column("hash", String(64), primary_key=True), Column("account", String(64), nullable=False)
)


class Taken(Exception):
    """The agency has a report of this local identifier already."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One report as it is kept."""

    id: int
    agency: str
    local_identifier: str | None
    content: dict[str, Json]
    flag: str
    created: datetime
    updated: datetime
    deletion_requested: bool


class Shelf:
    """The reports, accounts and tokens of one register."""

    def __init__(self, url: str, dialect: Dialect, clock: Callable[[], datetime]) -> None:
        self.dialect = dialect
        self._clock = clock
        self._where = url
        address = sqlite_url(url)
        if address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        self._engine = sqlite_engine(address)
        with self._transaction() as connection:
            _metadata.create_all(connection)
            found = connection.execute(select(_meta.c.value).where(_meta.c.name == "shape")).scalar()
            if found is None:
                connection.execute(insert(_meta).values(name="shape", value=SHAPE))
        if found not in {None, SHAPE}:
            self.close()
            raise ConfigError(f"this register's file has shape {found}, not {SHAPE}", where=url)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with translated(self._where), self._engine.begin() as connection:
            yield connection

    # ------------------------------------------------------------------------------------------------------- reports

    def create(self, content: Mapping[str, Json], flag: str) -> Kept:
        """Keep a new report under a new id. Raises ``Taken``."""
        agency, local = content["agency"], content.get("local_identifier")
        if self.dialect == "deqar" and local is not None and self.find(agency, local):
            raise Taken
        now = self._clock().astimezone(UTC).isoformat()
        try:
            with self._engine.begin() as connection:
                id = self._next(connection, "report")
                numbered = self._numbered(connection, content)
                connection.execute(
                    insert(_report).values(
                        id=id,
                        agency=agency,
                        local_identifier=local,
                        slot=id if self.dialect == "deqar" else 0,
                        content=canonical(numbered).decode(),
                        flag=flag,
                        created=now,
                        updated=now,
                    )
                )
                return _kept(connection.execute(select(_report).where(_report.c.id == id)).one())
        except IntegrityError as error:
            raise Taken from error

    def replace(self, id: int, content: Mapping[str, Json], flag: str) -> Kept:
        """Put other content in place of a report's. Programmes and files get new ids; a request to delete is void."""
        with self._transaction() as connection:
            values = {
                "content": canonical(self._numbered(connection, content)).decode(),
                "local_identifier": content.get("local_identifier"),
                "flag": flag,
                "updated": self._clock().astimezone(UTC).isoformat(),
                "deletion_requested": None,
            }
            connection.execute(update(_report).where(_report.c.id == id).values(**values))
            return _kept(connection.execute(select(_report).where(_report.c.id == id)).one())

    def find(self, agency: str, local_identifier: str) -> list[Kept]:
        """The reports of an agency with this local identifier; more than one only where nothing forbids it."""
        return self._select(_report.c.agency == agency, _report.c.local_identifier == local_identifier)

    def get(self, id: int) -> Kept | None:
        """One report."""
        found = self._select(_report.c.id == id)
        return found[0] if found else None

    def all(self) -> list[Kept]:
        """All reports, the oldest first."""
        return self._select()

    def request_deletion(self, id: int) -> None:
        """Note that a report should go; it stays public until somebody has looked."""
        with self._transaction() as connection:
            now = self._clock().astimezone(UTC).isoformat()
            connection.execute(update(_report).where(_report.c.id == id).values(deletion_requested=now))

    def _select(self, *conditions: ColumnElement[bool]) -> list[Kept]:
        with self._transaction() as connection:
            rows = connection.execute(select(_report).where(*conditions).order_by(_report.c.id)).all()
        return [_kept(row) for row in rows]

    def _numbered(self, connection: Connection, content: Mapping[str, Json]) -> dict[str, Json]:
        numbered = dict(content)
        for name, kind in (("programmes", "programme"), ("report_files", "file")):
            items = content.get(name, ())
            numbered[name] = [{**item, "id": self._next(connection, kind)} for item in items]
        return numbered

    def _next(self, connection: Connection, name: str) -> int:
        value = connection.execute(select(_counter.c.value).where(_counter.c.name == name)).scalar()
        if value is None:
            connection.execute(insert(_counter).values(name=name, value=1))
            return 1
        connection.execute(update(_counter).where(_counter.c.name == name).values(value=value + 1))
        return int(value) + 1

    # -------------------------------------------------------------------------------------------------- what is learnt

    def knows(self, kind: str, owner: str, value: str) -> bool:
        """Whether something was learnt before."""
        columns = _learned.c
        with self._transaction() as connection:
            query = select(columns.kind).where(columns.kind == kind, columns.owner == owner, columns.value == value)
            return connection.execute(query).first() is not None

    def learn(self, kind: str, owner: str, value: str) -> None:
        """Know it from now on."""
        if not self.knows(kind, owner, value):
            with self._transaction() as connection:
                connection.execute(insert(_learned).values(kind=kind, owner=owner, value=value))

    # -------------------------------------------------------------------------------------------------------- accounts

    def admit(
        self, name: str, agencies: tuple[str, ...], *, token: str | None = None, password: str | None = None
    ) -> str:
        """Let an account in, with a token of its own and perhaps a password. Returns the token."""
        salt = secrets.token_hex(16) if password is not None else None
        values = {
            "agencies": canonical(agencies).decode(),
            "salt": salt,
            "password": _slow_hash(password, salt) if password is not None and salt is not None else None,
        }
        with self._transaction() as connection:
            if not connection.execute(update(_account).where(_account.c.name == name).values(**values)).rowcount:
                connection.execute(insert(_account).values(name=name, **values))
        return self.renew_token(name, token)

    def renew_token(self, account: str, token: str | None = None) -> str:
        """Give an account a new token; the old one is dead at once."""
        fresh = token or secrets.token_hex(20)
        with self._transaction() as connection:
            connection.execute(_token.delete().where(_token.c.account == account))
            connection.execute(insert(_token).values(hash=_hash(fresh), account=account))
        return fresh

    def accounts(self) -> int:
        """How many accounts there are."""
        with self._transaction() as connection:
            return len(connection.execute(select(_account.c.name)).all())

    def account_of(self, token: str) -> Account | None:
        """Whose token this is."""
        with self._transaction() as connection:
            query = select(_account).join(_token, _token.c.account == _account.c.name)
            row = connection.execute(query.where(_token.c.hash == _hash(token))).first()
        return Account(row.name, tuple(msgspec.json.decode(row.agencies))) if row is not None else None

    def account_by_password(self, name: str, password: str) -> Account | None:
        """The account of a name and its password."""
        with self._transaction() as connection:
            row = connection.execute(select(_account).where(_account.c.name == name)).first()
        if row is None or row.salt is None or not hmac.compare_digest(_slow_hash(password, row.salt), row.password):
            return None
        return Account(row.name, tuple(msgspec.json.decode(row.agencies)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _slow_hash(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        agency=row.agency,
        local_identifier=row.local_identifier,
        content=msgspec.json.decode(row.content),
        flag=row.flag,
        created=datetime.fromisoformat(row.created),
        updated=datetime.fromisoformat(row.updated),
        deletion_requested=row.deletion_requested is not None,
    )
