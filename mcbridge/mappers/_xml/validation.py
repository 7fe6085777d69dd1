"""Schemas from ``xsd/``: libxml2 gives the verdict, in a third of the time that parsing takes; the rest is explanation.

Which file answers which address stands in ``xsd/catalog.toml``. What is not listed
there is refused, so no schema can make a validation reach the network or other files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
from lxml import etree
from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, Rule
from mcbridge.errors import ConfigError
from mcbridge.mappers._xml import crowds
from mcbridge.mappers._xml.safety import CLOSED
from mcbridge.mappers._xml.standing import Standing
from mcbridge.resources import data_root

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

CATALOGUE: Final = "catalog.toml"

TEMPLATE: Final = "{opening}{value}{closing}"
HINT: Final = "{advice}"
"""What the template and hint of a rule for schema findings are made of; only ``value`` comes from the document."""

_BASE: Final = "catalogue:/xsd/"


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A schema document: its namespace, the SHA-256 of its bytes (hex), and the addresses it answers for."""

    namespace: str
    sha256: str
    urls: tuple[str, ...]


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A schema: the file it begins with, and all its files by path below ``xsd/``; ``shared`` are those of others."""

    title: str
    root: str
    files: Mapping[str, File]
    shared: tuple[str, ...] = ()


def catalogue(folder: Traversable) -> Mapping[str, Listed]:
    """The schemas of a folder by name. Raises ``ConfigError`` when its catalogue is missing or wrong."""
    try:
        found = msgspec.toml.decode((folder / CATALOGUE).read_bytes(), type=dict[str, Listed])
        files = {path: file for listed in found.values() for path, file in listed.files.items()}
        return {
            name: replace(listed, files={**listed.files, **{path: files[path] for path in listed.shared}})
            for name, listed in found.items()
        }
    except KeyError as error:
        raise ConfigError(f"{error} is shared, and no schema has it", where=f"xsd/{CATALOGUE}") from error
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(str(error), where=f"xsd/{CATALOGUE}", hint="install mcbridge again") from error


class Schema:
    """One schema of the catalogue, compiled when it is first used."""

    def __init__(self, name: str, folder: Traversable | None = None) -> None:
        self.name = name
        self.folder = folder if folder is not None else data_root("xsd")
        known = catalogue(self.folder)
        if name not in known:
            raise ConfigError(
                f"there is no schema {name!r}", where=f"xsd/{CATALOGUE}", hint=f"known: {', '.join(known)}"
            )
        self.listed = known[name]

    def beside(self, *names: str) -> Schema:
        """The first of these that there is where this one comes from."""
        return schema(names[0])

    def validate(self, root: _Element) -> bool:
        """Whether libxml2 finds it valid. It rejects dates with space around them; ``explain`` knows better."""
        if crowds.crowded(root):
            return not crowds.faults(root, self.compiled)
        return bool(self.compiled.validate(root))

    def refuses(self, root: _Element) -> bool:
        """Whether ``explain`` would say anything, at the price of ``validate``."""
        from mcbridge.mappers._xml.explanation import refused

        return refused(self, root)

    def explain(
        self, root: _Element, data: bytes, source: str, rule: Rule, standing: Standing | None = None
    ) -> Iterator[Diagnostic]:
        """What is wrong with an element that ``validate`` rejected, in document order; nothing when libxml2 was wrong.

        ``data`` is what was parsed, for the columns; ``source`` what the user calls it. ``rule`` has ``TEMPLATE`` and
        ``HINT``. ``standing`` tells where elements stood that were moved since. At most a hundred findings, and one
        that says how many more there are.
        """
        from mcbridge.mappers._xml.explanation import explain

        return explain(self, root, data, source, rule, standing)

    @cached_property
    def compiled(self) -> etree.XMLSchema:
        """The schema as libxml2 has it. Raises ``ConfigError`` when it cannot be built from the files listed."""
        resolver = _Resolver(self)
        parser = etree.XMLParser(**CLOSED)
        parser.resolvers.add(resolver)
        path = self.listed.root
        try:
            return etree.XMLSchema(etree.fromstring(self.read(path), parser, base_url=_BASE + path))
        except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
            reasons = "; ".join(resolver.refused) or str(error)
            raise ConfigError(f"the schema cannot be built: {reasons}", where=f"xsd/{path}") from error

    @cached_property
    def library(self) -> Any:
        """The schema as ``xmlschema`` has it. That library is imported here and takes half a second to begin with."""
        from importlib.resources import as_file

        import xmlschema

        with ExitStack() as stack:
            paths = {path: stack.enter_context(as_file(self._file(path))) for path in self.listed.files}
            locations = {file.namespace: str(paths[path]) for path, file in self.listed.files.items()}
            root = str(paths[self.listed.root])
            return xmlschema.XMLSchema(root, locations=locations, allow="local", use_fallback=False)

    def _file(self, path: str) -> Traversable:
        return self.folder.joinpath(*path.split("/"))

    def read(self, path: str) -> bytes:
        """The bytes of one of its files. Raises ``ConfigError``."""
        try:
            return self._file(path).read_bytes()
        except OSError as error:
            raise ConfigError(
                f"the file is missing: {error}", where=f"xsd/{path}", hint="install mcbridge again"
            ) from error

    def path_of(self, url: str) -> str | None:
        """The file that answers an address, or a relative path below one of its own; None when it is not listed."""
        path = url.removeprefix(_BASE)
        if path in self.listed.files:
            return path
        return next((path for path, file in self.listed.files.items() if url in file.urls), None)


class _Resolver(etree.Resolver):
    """Hands libxml2 the files of a schema. No error leaves from here: lxml would raise it in some later parse."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.refused: list[str] = []

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # stubs lack context
        path = self.schema.path_of(system_url)
        if path is not None:
            try:
                return self.resolve_string(self.schema.read(path), context, base_url=_BASE + path)
            except ConfigError as error:
                self.refused.append(str(error))
        else:
            self.refused.append(f"{system_url} is not in the catalogue")
        return self.resolve_empty(context)  # type: ignore[attr-defined]  # the stubs lack it


@lru_cache
def schema(name: str) -> Schema:
    """The schema of a name (``elmo/1.7``), once per process; ``schema.cache_clear()`` forgets it."""
    return Schema(name)
