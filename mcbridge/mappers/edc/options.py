"""What may follow ``edc:`` on the way out, and what it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from mcbridge.errors import BadOption
from mcbridge.mappers.edc.addresses import ADDRESSES, is_address
from mcbridge.mappers.edc.forms import FORMS
from mcbridge.mappers.edc.profiles import SCHEMAS
from mcbridge.tables import Tables

OPTIONS: Final[Mapping[str, str]] = {
    "form": "uploadable: the file that the European issuer takes and seals; bare: the credential by itself",
    "deliver": "the address that the issuer sends each credential to, or two with a ; between them",
    "batch": "how much is uploaded at once, such as 15MB (default: 4.5MB), or none; larger runs are parted",
    "application-profile": "generic, accredited, converted, mandated-issue or diploma-supplement, for all records",
    "embed-source": "true: the profile is converted, and the source document is put into the credential as evidence",
    "country": "the country of organisations whose country is not stated, as an ISO 3166-1 code",
    "lang": "languages in order of preference for names, which ELM holds in one: en+hr",
    "validate": "no: the structure of what is read and written is not checked; shacl: it is checked by the published "
    "shapes, too, once they were added (mcbridge schemas; needs the extra shacl)",
    "schemas": "the folder of the published shapes, where it is another one than that of mcbridge schemas",
}

OFFICIAL: Final = ("shacl", "official")
"""Two words for the published shapes: what they are, and how other formats call what was published."""
CHECKS: Final = ("yes", "no", *OFFICIAL)
BATCH: Final = 4_500_000
"""What is uploaded at once: half a megabyte below the limit that the issuer's software is shipped with, whichever way
it counts, since the upload adds some hundred bytes to each file."""
TAKEN: Final[Mapping[str, tuple[str, ...]]] = {"uploadable": (".json",), "bare": (".jsonld", ".json")}
"""The suffixes of each form. The issuer's page offers files that end in .json only."""

_AMOUNT: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*([KM])B", re.IGNORECASE)
_SCALES: Final = {"K": 1_000, "M": 1_000_000}


class Options(Struct, frozen=True):
    """The options of one run."""

    form: str = "uploadable"
    deliver: tuple[str, ...] = ()
    batch: int | None = None
    profile: str | None = None
    embed: bool = False
    country: str | None = None
    lang: tuple[str, ...] = ()
    validate: bool = True
    schemas: Path | None = None


def options_of(tables: Tables, given: Mapping[str, str]) -> Options:
    """The options as somebody wrote them. Raises ``BadOption`` naming what there is."""
    for name in given:
        if name not in OPTIONS:
            raise BadOption(f'edc has no option "{name}"', hint=f"known options: {', '.join(OPTIONS)}")
    form = given.get("form", "uploadable")
    if form not in FORMS:
        raise BadOption(f'edc is not written in the form "{form}"', hint=f"known forms: {', '.join(FORMS)}")
    country = given.get("country")
    if country is not None and tables.vocabulary("country").find(country) is None:
        raise BadOption(f'"{country}" is no country', hint="write its ISO 3166-1 code, such as edc:country=HR")
    return Options(
        form,
        _addresses(given.get("deliver")),
        _batch(given.get("batch"), form),
        *_profile(given),
        country,
        _languages(tables, given.get("lang", "")),
        *_checks(given),
    )


def _checks(given: Mapping[str, str]) -> tuple[bool, Path | None]:
    """Whether the structure is checked, and where the published shapes are that it is to be checked by, too."""
    word = given.get("validate", "yes")
    if word not in CHECKS:
        raise BadOption(f'validate cannot be "{word}"', hint="write edc:validate=yes, edc:validate=no or =shacl")
    if word not in OFFICIAL:
        return word != "no", None
    if "schemas" not in given:
        raise BadOption(f"validate={word} needs the folder of the shapes", hint="add schemas=DIR")
    return True, Path(given["schemas"])


def _addresses(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    found = tuple(dict.fromkeys(part.strip().removeprefix("mailto:") for part in text.split(";") if part.strip()))
    hint = "write one e-mail or wallet address: edc:deliver=ana@example.org; or two, with a ; between them"
    if not 1 <= len(found) <= ADDRESSES:
        raise BadOption(f'"{text}" is no delivery address; the issuer takes one or two', hint=hint)
    for each in found:
        if not is_address(each):
            raise BadOption(f'"{each}" is no delivery address', hint=hint)
    return found


def _batch(text: str | None, form: str) -> int | None:
    if text is None:
        return BATCH if form == "uploadable" else None  # nobody uploads a credential by itself
    if text.strip().lower() == "none":
        return None
    found = _AMOUNT.fullmatch(text.strip())
    size = int(float(found[1]) * _SCALES[found[2].upper()]) if found else 0
    if size <= 0:
        raise BadOption(f'"{text}" is no size of an upload', hint="write edc:batch=4.5MB, edc:batch=500kB, or none")
    return size


def _profile(given: Mapping[str, str]) -> tuple[str | None, bool]:
    profile, said = given.get("application-profile"), given.get("embed-source", "false").strip().lower()
    if profile is not None and profile not in SCHEMAS:
        raise BadOption(f'there is no profile "{profile}"', hint=f"there are: {', '.join(SCHEMAS)}")
    if said not in {"true", "false"}:
        raise BadOption(f'embed-source cannot be "{said}"', hint="write edc:embed-source=true, or leave it out")
    if said == "true" and profile not in {None, "converted"}:
        hint = "leave one of the two out: what is embedded is the original of a converted credential"
        raise BadOption(f'a source document is not embedded with the profile "{profile}"', hint=hint)
    return profile, said == "true"


def _languages(tables: Tables, text: str) -> tuple[str, ...]:
    lang = tuple(part for part in re.split(r"[,+ ]", text) if part)
    for tag in lang:
        if tables.vocabulary("language").find(tag) is None:
            raise BadOption(f'"{tag}" is no language', hint="write ISO 639 codes, the preferred one first: en+hr")
    return lang
