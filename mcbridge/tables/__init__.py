"""Declared knowledge: what ``mappings/`` says, as typed, frozen and checked objects.

Each table is read when it is first asked for and kept by the ``Tables`` that read
it; a user's folder stands in front of ours file by file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mcbridge.errors import ConfigError, UsageError
from mcbridge.resources import data_root
from mcbridge.tables.crosswalk import Crosswalk
from mcbridge.tables.dialect import Booleans, Dialect
from mcbridge.tables.folding import fold
from mcbridge.tables.loading import Spot, near, parse
from mcbridge.tables.organisations import KnownOrganisation, Organisations
from mcbridge.tables.policy import Demands, Ects, Policy, RegisterPolicy, ShortCycle, changed, load_policy
from mcbridge.tables.profile import Column, Given, Profile, load_profile
from mcbridge.tables.targets import TARGETS, As, CellTarget, Kind
from mcbridge.tables.vocabulary import Code, Vocabulary

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T")
_HEAD_BYTES = 4096
_HEAD = re.compile(r"""(?m)^(?:scheme|iri)\s*=\s*["']([^"'\n]*)["']""")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Tables:
    """All mapping tables. ``user`` is the folder of the user's own (``--mappings``), laid out like ours.

    Raises ``ConfigError`` for a table that is not there or not right, with the file and the key path.
    """

    def __init__(self, user: Path | None = None) -> None:
        if user is not None and not user.is_dir():
            raise ConfigError("there is no such folder", where=str(user), hint="check --mappings")
        self.user = user
        self._kept: dict[tuple[str, str], Any] = {}
        self._data: dict[tuple[str, str], tuple[Spot, Mapping[str, Any]]] = {}
        self._named: dict[str, tuple[str, ...]] = {}

    def __reduce__(self) -> tuple[type[Tables], tuple[Path | None]]:
        """What crosses to another process is the place of the tables, not their content."""
        return (Tables, (self.user,))

    def vocabulary(self, name: str) -> Vocabulary:
        """A code list of ``mappings/vocabularies/``."""
        return self._once("vocabularies", name, lambda data, spot: Vocabulary(name, data, spot, self.vocabulary))

    def vocabulary_of(self, iri: str) -> Vocabulary | None:
        """The code list with this scheme, or with concepts whose IRIs begin like this one.

        Only the heads of the other lists are read. That the concept is in the list is not said.
        """
        heads = self._heads
        cut = max(iri.rfind("/"), iri.rfind(":")) + 1
        name = heads.get(iri) or heads.get(iri[:cut])
        return None if name is None else self.vocabulary(name)

    @cached_property
    def _heads(self) -> Mapping[str, str]:
        """The names of the lists by their schemes and by what their IRIs begin with."""
        found: dict[str, str] = {}
        for name in self.names("vocabularies"):
            with self._file("vocabularies", name)[0].open("rb") as file:
                head = file.read(_HEAD_BYTES).partition(b"\nrows")[0].decode("utf-8", "replace")
            for said in _HEAD.finditer(head):
                found.setdefault(said[1].partition("{")[0], name)
        return found

    def crosswalk(self, name: str) -> Crosswalk:
        """A table of ``mappings/crosswalks/``."""
        return self._once("crosswalks", name, lambda data, spot: Crosswalk(name, data, spot, self))

    def organisations(self, name: str) -> Organisations:
        """Known organisations of ``mappings/organisations/``."""
        return self._once("organisations", name, lambda data, spot: Organisations(data, spot, self.vocabulary))

    def register_policy(self, name: str) -> RegisterPolicy:
        """What is known about a register, of ``mappings/registers/``."""
        return self._once("registers", name, lambda data, spot: load_policy(name, data, spot, self.vocabulary))

    def changed_policy(self, name: str, policy: Mapping[str, Any], file: str) -> RegisterPolicy:
        """A register's policy with the user's ``[policy]`` on top; ``file`` is the configuration it stands in."""
        return changed(self.register_policy(name), policy, file, self.vocabulary)

    def profile(self, name: str | Path) -> Profile:
        """A profile of ``mappings/csv/`` by name, or one in a file of the user's.

        Raises ``UsageError`` when there is none of that name.
        """
        path = Path(name)
        if path.suffix == ".toml" or len(path.parts) > 1:
            key = ("file", str(path))
            if key not in self._kept:
                data = parse(path, str(path))
                self._kept[key] = load_profile(path.stem, data, Spot(str(path)), self)
            found: Profile = self._kept[key]
            return found
        name = str(name)
        if name not in self.names("csv"):
            raise UsageError(
                f"there is no profile {name!r}", hint=near(name, self.names("csv")) + "; a path ends in .toml"
            )
        return self._once("csv", name, lambda data, spot: load_profile(name, data, spot, self))

    def outline(self, name: str) -> Profile:
        """A profile of ``mappings/csv/`` as its file alone has it: enough to tell whether headings are the profile's.

        The lists that it names are not read.
        """
        key = ("csv outline", name)
        if key not in self._kept:
            spot, data = self._read("csv", name)
            self._kept[key] = load_profile(name, data, spot, None)
        found: Profile = self._kept[key]
        return found

    def via(self, path: str, spot: Spot | None = None) -> tuple[str, Callable[[str], str | None]]:
        """What ``via = "crosswalks/…"`` or ``"vocabularies/…"`` of a profile means.

        Returns the name of the list that it leads to, and the function from a word to a code of that list; for a
        vocabulary the word may be a code, an alias, an IRI or a label. ``None`` means that the table has no such word.
        """
        folder, _, name = path.partition("/")
        here = spot or Spot(path)
        if folder == "crosswalks" and name in self.names("crosswalks"):
            crosswalk = self.crosswalk(name)
            return crosswalk.target, crosswalk.get
        if folder == "vocabularies" and name in self.names("vocabularies"):
            vocabulary = self.vocabulary(name)

            def code(word: str) -> str | None:
                entry = vocabulary.find(word) or vocabulary.by_label(word)
                return entry.code if entry else None

            return name, code
        known = [f"{each}/{name}" for each in ("crosswalks", "vocabularies") for name in self.names(each)]
        raise ConfigError(f"there is no table {path!r}", where=str(here), hint=near(path, known))

    def defaults(self, name: str, make: Callable[[Mapping[str, Any], Spot], T]) -> T:
        """What a format puts in place of what a record lacks: ``mappings/<name>/defaults.toml``, made into a type."""
        return self._once(name, "defaults", make)

    def repairs(self, name: str, make: Callable[[Mapping[str, Any], Spot], T]) -> T:
        """Words of a format that mean one thing only: ``mappings/<name>/repairs.toml``, made into a type."""
        return self._once(name, "repairs", make)

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the tables in a folder, ours and the user's, sorted."""
        if folder not in self._named:
            self._named[folder] = tuple(
                sorted(
                    {
                        file.name.removesuffix(".toml")
                        for root in self._roots()
                        if (place := root / folder).is_dir()
                        for file in place.iterdir()
                        if file.name.endswith(".toml")
                    }
                )
            )
        return self._named[folder]

    def _roots(self) -> list[Path | Traversable]:
        ours = data_root("mappings")
        return [ours] if self.user is None else [self.user, ours]

    def _once(self, folder: str, name: str, make: Callable[[Mapping[str, Any], Spot], T]) -> T:
        key = (folder, name)
        if key not in self._kept:
            spot, data = self._read(folder, name)
            self._kept[key] = make(data, spot)
        kept: T = self._kept[key]
        return kept

    def _read(self, folder: str, name: str) -> tuple[Spot, Mapping[str, Any]]:
        key = (folder, name)
        if key not in self._data:
            file, spot = self._file(folder, name)
            self._data[key] = spot, parse(file, spot.file)
        return self._data[key]

    def _file(self, folder: str, name: str) -> tuple[Path | Traversable, Spot]:
        if _NAME.fullmatch(name):
            for root in self._roots():
                file = root / folder / f"{name}.toml"
                if file.is_file():
                    own = root is self.user
                    return file, Spot(str(file) if own else f"mappings/{folder}/{name}.toml")
        raise ConfigError(
            "there is no such table", where=f"mappings/{folder}/{name}.toml", hint=near(name, self.names(folder))
        )


__all__ = [
    "TARGETS",
    "As",
    "Booleans",
    "CellTarget",
    "Code",
    "Column",
    "Crosswalk",
    "Demands",
    "Dialect",
    "Ects",
    "Given",
    "Kind",
    "KnownOrganisation",
    "Organisations",
    "Policy",
    "Profile",
    "RegisterPolicy",
    "ShortCycle",
    "Tables",
    "Vocabulary",
    "fold",
]
