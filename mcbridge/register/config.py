"""The configuration of publishing: ``sync.toml``, read strictly.

Unknown keys are errors at their key path. ``MCBRIDGE_…`` variables, which the caller
hands over, stand in front of the file: ``MCBRIDGE_REGISTER_URL`` is ``register.url``,
``MCBRIDGE_POLICY_ECTS_MAX`` is ``policy.ects.max``; a value that is no TOML is a string.
"""

from __future__ import annotations

import copy
import ipaddress
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from mcbridge.errors import BadOption
from mcbridge.limits import limits_of
from mcbridge.register.hashing import canonical, fingerprint
from mcbridge.tables import Policy
from mcbridge.tables.loading import Spot, fail, near, parse, typed

PREFIX = "MCBRIDGE_"


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file."""


class SourceConfig(_Table, frozen=True, kw_only=True):
    """Where provisions come from: files, folders or patterns. The format is recognised by content unless it is said."""

    paths: tuple[str, ...]
    format: str | None = None
    profile: str | None = None


class RegisterConfig(_Table, frozen=True, kw_only=True):
    """Which register, and how we are known to it. At most one of the three ways to a token."""

    kind: str
    environment: str
    url: str | None = None
    token_file: str | None = None
    token_env: str | None = None
    token_command: str | tuple[str, ...] | None = None


class ReportFile(_Table, frozen=True, kw_only=True):
    """A document of the quality assurance report, on the web."""

    url: str
    languages: tuple[str, ...] = ()
    name: str | None = None


class ReportConfig(_Table, frozen=True, kw_only=True):
    """The quality assurance report that provisions are published under.

    ``joint_activity``: the activity for provisions of several providers; without it those are not published.
    """

    agency: str
    activity: str
    joint_activity: str | None = None
    status: str
    decision: str
    valid_from: date
    files: tuple[ReportFile, ...] = ()
    grouping: Literal["provision"] = "provision"


class ProviderConfig(_Table, frozen=True, kw_only=True):
    """How one of our providers is known at the register. ``match``: type of identifier → value, and all must fit."""

    match: dict[str, str]
    deqar_id: str
    kind: Literal["higher-education-institution", "other-provider"] = "higher-education-institution"


class LedgerConfig(_Table, frozen=True, kw_only=True):
    """Where is written down what was sent and what came of it: SQLite, or PostgreSQL by its URL."""

    url: str = "sqlite:///state/ledger.db"


class SealsConfig(_Table, frozen=True, kw_only=True):
    """By what the seals of documents are judged, as the options of ``check`` of the same names say."""

    trusted_keys: str | None = None
    allow_sha1: bool = False
    verify_at: str | None = None


class _File(_Table, frozen=True, kw_only=True):
    register: RegisterConfig
    source: tuple[SourceConfig, ...] = ()
    report: ReportConfig | None = None
    provider: tuple[ProviderConfig, ...] = ()
    policy: dict[str, Any] = {}
    ledger: LedgerConfig = LedgerConfig()
    limits: dict[str, int | str] = {}
    seals: SealsConfig = SealsConfig()


class SyncConfig(_File, frozen=True, kw_only=True):
    """The file as a whole, and where it is. ``policy`` is checked by the tables, which know what may be changed."""

    file: str = "sync.toml"
    folder: Path = Path()

    @property
    def hash(self) -> str:
        """What tells one configuration from another, wherever it stands; how much is read makes no difference."""
        told = (name for name in _File.__struct_fields__ if name != "limits")
        return fingerprint(canonical({name: getattr(self, name) for name in told}))

    def spot(self, *parts: str | int) -> Spot:
        """A place in the file, for errors."""
        return Spot(self.file).at(*parts)

    @property
    def ledger_url(self) -> str:
        """The ledger's URL; a relative SQLite path starts at the folder of the configuration."""
        scheme, _, rest = self.ledger.url.partition(":///")
        if scheme.partition("+")[0] == "sqlite" and rest and rest != ":memory:" and not rest.startswith("/"):
            return f"{scheme}:///{self.folder.resolve() / rest}"
        return self.ledger.url


_SECTIONS: Mapping[str, type[Struct]] = {
    "register": RegisterConfig,
    "report": ReportConfig,
    "policy": Policy,
    "ledger": LedgerConfig,
    "seals": SealsConfig,
}


def load_config(file: Path, variables: Mapping[str, str] | None = None) -> SyncConfig:
    """The configuration in a file, with variables in front. Raises ``ConfigError`` with file and key path."""
    return read_config(parse(file, str(file)), str(file), file.parent, variables or {})


def read_config(data: Mapping[str, Any], name: str, folder: Path, variables: Mapping[str, str]) -> SyncConfig:
    """The same, of parsed TOML. ``name`` is what errors call it, ``folder`` where relative paths start."""
    spot = Spot(name)
    read = typed(_with_variables(data, variables), _File, spot)
    config = SyncConfig(**msgspec.structs.asdict(read), file=name, folder=folder)
    _check(config, spot)
    return config


def _check(config: SyncConfig, spot: Spot) -> None:
    register = spot.at("register")
    for at, source in enumerate(config.source):
        if not source.paths:
            fail(spot.at("source", at, "paths"), "no path is given", 'write for example paths = ["exports/*.csv"]')
    if not config.register.environment.strip():
        fail(register.at("environment"), "the environment has no name", 'write "test" or "production"')
    ways = [way for way in ("token_file", "token_env", "token_command") if getattr(config.register, way) is not None]
    if len(ways) > 1:
        fail(register, f"{' and '.join(ways)} are given", "keep one way to the token")
    if config.register.url is not None:
        check_url(config.register.url, register.at("url"))
    try:
        limits_of(config.limits)
    except BadOption as error:
        fail(spot.at("limits"), error.message, error.hint)
    for at, provider in enumerate(config.provider):
        here = spot.at("provider", at)
        if not provider.match or not all(value.strip() for value in provider.match.values()):
            fail(here.at("match"), "nothing is matched", 'write for example match = { schac = "example.edu" }')
        for earlier in config.provider[:at]:
            if earlier.match == provider.match:
                fail(here.at("match"), "the same match stands above", "join the two, or tell them apart")


def check_url(url: str, spot: Spot) -> None:
    """An address of a register: http(s), without credentials; unencrypted only to this machine."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        fail(spot, f"{url!r} is no http(s) address", "write for example https://register.example.org")
    if parts.username is not None or parts.password is not None:
        fail(spot, "the address holds a user name or password", "use token_file, token_env or token_command")
    if parts.query or parts.fragment:
        fail(spot, f"{url!r} has more than a path", "write the address of the register alone")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        fail(spot, f"{url!r} is not encrypted and not on this machine", "write https://")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _with_variables(data: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    merged = copy.deepcopy(dict(data))
    register = merged.get("register")
    exempt = register.get("token_env") if isinstance(register, dict) else None
    known = {f"{PREFIX}{'_'.join(path).upper()}": (path, kind) for path, kind in _paths()}
    for name, text in sorted(variables.items()):
        section = name.removeprefix(PREFIX).partition("_")[0].lower()
        if not name.startswith(PREFIX) or section not in _SECTIONS or name == exempt:
            continue
        if name not in known:
            fail(Spot(name), "there is no such setting", near(name, known))
        path, kind = known[name]
        table = merged
        for part in path[:-1]:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                fail(Spot(name), f"{part!r} is no table in the file")
        table[path[-1]] = text if kind is str else _value(text)
    return merged


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _paths() -> Iterator[tuple[tuple[str, ...], object]]:
    """The settings that a variable can name, with ``str`` for those that hold a string."""
    for section, table in _SECTIONS.items():
        yield from ((((section, *path)), kind) for path, kind in _leaves(table))


def _leaves(table: type[Struct]) -> Iterator[tuple[tuple[str, ...], object]]:
    for name, hint in get_type_hints(table).items():
        if isinstance(hint, type) and issubclass(hint, Struct):
            yield from (((name, *path), kind) for path, kind in _leaves(hint))
        else:
            yield (name,), str if hint is str or set(get_args(hint)) == {str, type(None)} else object
