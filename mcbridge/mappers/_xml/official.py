"""A published schema that the user has added, in place of ours: the same catalogue, other files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mcbridge.errors import ConfigError
from mcbridge.mappers._xml.validation import File, Listed, Schema
from mcbridge.resources import data_root
from mcbridge.schemas import State, Store, official

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_BASE: Final = "catalogue:/xsd/"


class Published(Schema):
    """The schema of a purpose of ``xsd/official.toml``. Raises ``ConfigError`` that says what has to be added."""

    folder: Path

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        store, purpose = Store(folder), official().purposes[name]
        missing = store.missing(name)
        if missing or purpose.root is None:
            raise ConfigError(
                f"the published schema {name} is not there as a whole: {_named(store, missing)}",
                where=str(folder),
                hint="mcbridge schemas add FILE takes each; mcbridge schemas list says where they come from",
            )
        self._own: dict[str, str] = {}
        files: dict[str, File] = {}
        for path in purpose.files:
            known = official().files[path]
            urls = known.urls
            if known.stand_in is not None:
                # our files beside it name it as they name it in their own folder
                urls += (_BASE + f"{path.rpartition('/')[0]}/{known.stand_in.rpartition('/')[2]}",)
                if store.state(path) is State.STAND_IN:
                    self._own[path] = known.stand_in
            files[path] = File(known.namespace, known.sha256, urls)
        self.listed = Listed(purpose.title, purpose.root, files)

    def beside(self, *names: str) -> Schema:
        """The first of these that was published."""
        return published(next(name for name in names if name in official().purposes), self.folder)

    def _file(self, path: str) -> Traversable:
        if path in self._own:
            return data_root("xsd").joinpath(*self._own[path].split("/"))
        return self.folder.joinpath(*path.split("/"))


def _named(store: Store, paths: list[str]) -> str:
    said = {State.MISSING: "is missing", State.CHANGED: "was changed since it was added"}
    return "; ".join(f"{official().files[path].name} {said[store.state(path)]}" for path in paths)


@lru_cache
def published(name: str, folder: Path) -> Published:
    """The published schema of a name (``elmo/1.7``) from a user's folder, once per process."""
    return Published(name, folder)
