"""What of a specification and of an organisation may be published: a list of what is kept, so that nothing else is.

What hangs on a document stays behind: residue, spellings, local ids, remarks,
documents, contacts. What is kept is in one form, so that the same offer, read from a
thousand documents, is the same value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from mcbridge.checks.credit import plain
from mcbridge.model.base import Text, Texts
from mcbridge.model.key import provider_identifiers
from mcbridge.model.learning import Specification
from mcbridge.model.organisation import Address, Organisation, OrganisationKind, Place, QualityAssurance

KEPT: Final = frozenset(
    {
        "identifiers",
        "version",
        "title",
        "alt_titles",
        "description",
        "kinds",
        "categories",
        "is_qualification",
        "is_partial",
        "qualification_codes",
        "levels",
        "education_levels",
        "fields",
        "credits",
        "volume_of_learning",
        "maximum_duration",
        "contact_hours",
        "learning_outcomes",
        "outcome_summary",
        "modes",
        "schedules",
        "setting",
        "languages",
        "assessment_kinds",
        "supervision",
        "entry_requirements",
        "target_groups",
        "quality_assurance",
        "stackability",
        "homepages",
    }
)
"""The fields of a specification that are published."""

LEFT: Final = frozenset(
    {
        "residue",
        "spellings",
        "id",
        "description_html",
        "grading_scheme",
        "entitlement",
        "documents",
        "notes",
        "status",
        "modified",
        "parts",
    }
)
"""Those that stay behind. A field of the model that is in neither list fails a test."""

_INNER: Final = frozenset({"residue", "spellings", "id", "notes", "documents", "creator", "agency"})
"""Fields that are left out of everything below a specification (``agency`` of quality assurance is put back)."""

S = TypeVar("S", bound=msgspec.Struct)


def bare_specification(specification: Specification, names: Mapping[str, str | None]) -> Specification:
    """The specification with what may be published, in one form.

    ``names`` are the names that organisations have from now on, by local id; ``None`` for those that are left out.
    """
    kept: dict[str, Any] = {name: _bare(getattr(specification, name)) for name in KEPT}
    kept["quality_assurance"] = tuple(_assurance(each, names) for each in specification.quality_assurance)
    title = {(text.value, text.lang) for text in kept["title"]}
    kept["alt_titles"] = tuple(text for text in kept["alt_titles"] if (text.value, text.lang) not in title)
    return Specification(**kept)


def texts(said: Texts) -> Texts:
    """Texts that say something, each once, without needless blanks."""
    neat = (Text(" ".join(text.value.split()), (text.lang or "").strip() or None) for text in said)
    return tuple(dict.fromkeys(text for text in neat if text.value))


def _bare(value: Any) -> Any:  # noqa: ANN401 - whatever a field may hold, and the same kind of thing again
    if isinstance(value, tuple):
        if value and isinstance(value[0], Text):
            return texts(value)
        return tuple(dict.fromkeys(_bare(each) for each in value))
    if isinstance(value, msgspec.Struct):
        return _each_field(value, _bare)
    return _number(value) if isinstance(value, Decimal) else value


def _each_field(value: S, change: Callable[[Any], Any]) -> S:
    return type(value)(**{name: change(getattr(value, name)) for name in value.__struct_fields__ if name not in _INNER})


def _number(number: Decimal) -> Decimal:
    """6 and 6.00 are the same number of credits, and all that is no number is the same."""
    return Decimal(plain(number))


def _assurance(assurance: QualityAssurance, names: Mapping[str, str | None]) -> QualityAssurance:
    organisations = tuple(dict.fromkeys(name for id_ in assurance.organisations if (name := names.get(id_))))
    bare: QualityAssurance = _bare(assurance)
    agency = names.get(assurance.agency) if assurance.agency else None
    return msgspec.structs.replace(bare, agency=agency, organisations=organisations)


def name_of(organisation: Organisation) -> str | None:
    """The name that an organisation has in every provision: its best identifier with its type, else what it is called.

    ``None`` for a person, who is never published, and for what has neither.
    """
    if organisation.kind is OrganisationKind.PERSON:
        return None
    for type_, value in provider_identifiers(organisation):
        return f"{type_}:{value}" if type_ else value
    return next((text.value for text in texts(organisation.names)), None)


def bare_organisation(organisation: Organisation, name: str) -> Organisation:
    """The organisation with its names, identifiers, pages and country, under the name that it has from now on."""
    countries = dict.fromkeys(
        address.country for place in organisation.places for address in place.addresses if address.country
    )
    return Organisation(
        id=name,
        names=texts(organisation.names),
        alt_names=texts(organisation.alt_names),
        kind=organisation.kind,
        kinds=_bare(organisation.kinds),
        registration=_bare(organisation.registration),
        eidas_identifier=_bare(organisation.eidas_identifier),
        vat_identifiers=_bare(organisation.vat_identifiers),
        tax_identifiers=_bare(organisation.tax_identifiers),
        identifiers=_bare(organisation.identifiers),
        places=tuple(Place(addresses=(Address(country=country),)) for country in countries),
        homepages=_bare(organisation.homepages),
    )
