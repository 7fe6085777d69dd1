"""Language tags: well formed by BCP 47, of languages that there are, and not the code of a country."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from mcbridge.tables import Tables

_TAG = re.compile(
    r"(?:(?P<primary>[a-z]{2,3})(?:-[a-z]{3}){0,3}|(?P<long>[a-z]{4,8}))"
    r"(?:-[a-z]{4})?(?:-(?P<region>[a-z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|i-[a-z]{2,8}|en-GB-oed|sgn-(?:BE-FR|BE-NL|CH-DE)",
    re.IGNORECASE,
)

OF_COUNTRIES: Final = {
    "al": "sq", "at": "de", "by": "be", "cn": "zh", "cz": "cs", "dk": "da", "ee": "et", "gb": "en", "gr": "el",
    "jp": "ja", "se": "sv", "si": "sl", "ua": "uk", "us": "en", "vn": "vi", "xk": "sq", "md": "ro", "rs": "sr",
}  # fmt: skip
"""Codes of countries that are taken for those of their languages, and the latter."""

_SPECIAL: Final = frozenset(("und", "mul", "zxx", "mis"))


class Verdict(Struct, frozen=True):
    """What is unusual about a tag, and what may be meant. The advice holds nothing of the document."""

    what: Literal["malformed", "unknown", "spelling"]
    advice: str = ""


def judged(tag: str, tables: Tables) -> Verdict | None:
    """What is wrong with a tag, or nothing."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return Verdict("malformed")
    if found["long"]:
        return Verdict("unknown")
    primary, region = found["primary"], found["region"]
    if primary is None:
        return None
    listed = tables.vocabulary("language")
    low = primary.lower()
    meant = OF_COUNTRIES.get(low)
    if len(low) == 2 and listed.by_code(low) is None:
        return Verdict("unknown", f"; perhaps {meant} is meant" if meant else "")
    if len(low) == 3 and low not in _SPECIAL:
        entry = listed.find(low)
        if entry is not None and len(entry.code) == 2:
            return Verdict("spelling", f"; BCP 47 takes the shorter {entry.code}")
    if region and not region.isdigit() and tables.vocabulary("country").by_code(region.upper()) is None:
        return Verdict("unknown", "; what follows the language is no country")
    if primary != low:
        return Verdict("spelling", f"; perhaps a country is meant, whose language is {meant}" if meant else "")
    return None
