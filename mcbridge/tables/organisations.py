"""Known organisations: what an export that has only a name leaves out, kept by the institution in one small file.

``mappings/organisations/<name>.toml`` has one table for each name as the export
writes it. A profile names the file; a user's own file of that name stands in front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from mcbridge.model import OrganisationKind
from mcbridge.tables.folding import fold
from mcbridge.tables.loading import Spot, fail, typed
from mcbridge.tables.vocabulary import Vocabulary


class KnownOrganisation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one organisation: ``names`` by language, ``identifiers`` by type (``schac``, ``erasmus``).

    ``regions``: IRIs of administrative regions (NUTS, or the European list of territorial units).
    """

    names: dict[str, str]
    country: str
    kind: OrganisationKind | None = None
    identifiers: dict[str, str] = {}
    homepage: str | None = None
    locality: str | None = None
    regions: tuple[str, ...] = ()
    email: str | None = None
    aliases: tuple[str, ...] = ()


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    organisations: dict[str, Any] = field(default_factory=dict)


class Organisations:
    """Known organisations by the names that an export uses for them."""

    def __init__(self, data: Mapping[str, Any], spot: Spot, vocabulary: Callable[[str], Vocabulary]) -> None:
        file = typed(data, _File, spot)
        self.title = file.title
        self._all: dict[str, KnownOrganisation] = {}
        self._keys: dict[str, KnownOrganisation] = {}
        for name, entry in file.organisations.items():
            here = spot.at("organisations", name)
            known = typed(entry, KnownOrganisation, here)
            country = vocabulary("country").find(known.country)
            if country is None:
                fail(here.at("country"), f"unknown country {known.country!r}", "write its ISO 3166-1 code, such as HR")
            if country.code != known.country:
                fail(here.at("country"), f"{known.country!r} is another spelling of {country.code!r}", "write that")
            for at, region in enumerate(known.regions):
                if not region.startswith(("http://", "https://")):
                    advice = "write for example http://publications.europa.eu/resource/authority/atu/HRV"
                    fail(here.at("regions", at), f"{region!r} is not the address of a region", advice)
            if not known.names:
                fail(here.at("names"), "there is no name", 'write for example names = { en = "Example University" }')
            self._all[name] = known
            for spelling in {fold(text): text for text in (name, *known.aliases, *known.names.values())}:
                if self._keys.setdefault(spelling, known) is not known:
                    fail(here, f"another organisation is called {spelling!r} too", "give each its own name or alias")

    def find(self, name: str) -> KnownOrganisation | None:
        """The organisation of this name or alias, folded; also by the value of one of its identifiers."""
        return self._keys.get(fold(name)) or next(
            (known for known in self._all.values() if name.strip() in known.identifiers.values()), None
        )

    def __iter__(self) -> Iterator[tuple[str, KnownOrganisation]]:
        return iter(self._all.items())

    def __len__(self) -> int:
        return len(self._all)
