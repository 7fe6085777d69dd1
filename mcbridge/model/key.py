"""The key of a provision: provider identifier, local identifier and version, joined by ``/``.

The same offer must get the same key from whatever document it is read, so the choice
among several identifiers is fixed here. Nothing is made up: where a part is missing
there is no key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mcbridge.model.base import Identifier
from mcbridge.model.learning import Specification
from mcbridge.model.organisation import Organisation

PROVIDER_ORDER = ("schac", "erasmus", "pic", "eter", "deqar")
"""Types of provider identifiers, best first. After them come a registration, an eIDAS and a VAT number, then all other
identifiers by the alphabet of their types, those without a type last."""

LOCAL_ORDER = ("local", "", "ewp-los-id")
"""Types of identifiers by which a provider itself names an offer, best first; no type counts as its own."""


class SeveralLocal(ValueError):
    """The offer has several local identifiers of the same type; ``values`` are they."""

    def __init__(self, values: tuple[str, ...]) -> None:
        super().__init__(values)
        self.values = values


def _type(identifier: Identifier) -> str:
    return (identifier.type or "").strip().casefold()


def _filled(identifiers: Iterable[Identifier]) -> Iterator[Identifier]:
    return (identifier for identifier in identifiers if identifier.value.strip())


def provider_identifiers(organisation: Organisation) -> Iterator[tuple[str, str]]:
    """Type and value of everything that identifies an organisation, the one to prefer first.

    A domain name (``schac``) is in small letters; nothing else is touched but spaces around it.
    """

    def rank(identifier: Identifier) -> tuple[int, str, str]:
        type_ = _type(identifier)
        known = PROVIDER_ORDER.index(type_) if type_ in PROVIDER_ORDER else len(PROVIDER_ORDER)
        return known, type_ or "\U0010ffff", identifier.value

    ordered = sorted(_filled(organisation.identifiers), key=rank)
    well_known = [identifier for identifier in ordered if _type(identifier) in PROVIDER_ORDER]
    numbers = [
        (kind, identifier)
        for kind, several in (
            ("registration", [organisation.registration]),
            ("eidas", [organisation.eidas_identifier]),
            ("vat", organisation.vat_identifiers),
            ("tax", organisation.tax_identifiers),
        )
        for identifier in several
        if identifier is not None and identifier.value.strip()
    ]
    for identifier in well_known:
        value = identifier.value.strip()
        yield _type(identifier), value.casefold() if _type(identifier) == "schac" else value
    for kind, identifier in numbers:
        yield kind, identifier.value.strip()
    for identifier in ordered[len(well_known) :]:
        yield _type(identifier), identifier.value.strip()


def local_identifier(specification: Specification) -> str | None:
    """The provider's own name for an offer: ``local``, else one without a type, else ``ewp-los-id``, else the only one.

    Raises ``SeveralLocal`` when the best type has several values: choosing would be inventing.
    """
    identifiers = list(_filled(specification.identifiers))
    for type_ in LOCAL_ORDER:
        found = {identifier.value.strip(): None for identifier in identifiers if _type(identifier) == type_}
        if len(found) > 1:
            raise SeveralLocal(tuple(found))
        if found:
            return next(iter(found))
    values = {identifier.value.strip() for identifier in identifiers}
    return values.pop() if len(values) == 1 else None


def provision_key(provider: str, local: str, version: str | None = None) -> str:
    """The key. ``%`` and ``/`` within a part are written ``%25`` and ``%2F``, so that no two offers share one."""
    parts = [provider, local, version.strip()] if version and version.strip() else [provider, local]
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)
