"""How the files of one kind of export are written: letters, cells, numbers, days, words for yes and no."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from mcbridge.tables.folding import fold
from mcbridge.tables.loading import Spot, fail, typed


class Booleans(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words for yes and no, compared folded."""

    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()


class Dialect(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the file is written.

    ``encoding``: tried in this order and strictly, after a byte order mark, which always wins. ``dates``: patterns of
    ``strptime`` with numbers only, tried in this order. ``empty``: cells that mean nothing is known, compared folded.
    ``header_has``: the header is the first row with all of these headings; without them it is the first row that is
    not blank. ``sheet``: a workbook's sheet by name; absent, the first.
    """

    encoding: tuple[str, ...] = ("utf-8",)
    delimiter: Literal[",", ";", "\t", "|"] = ","
    quote: Literal['"', "'"] = '"'
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'", "\u00a0", "\u202f"] = ""
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    empty: tuple[str, ...] = ("",)
    booleans: Booleans = Booleans()
    sheet: str | None = None
    header_has: tuple[str, ...] = ()


_SAMPLE = datetime(2004, 11, 25)  # noqa: DTZ001 - a day without zone is what cells hold
_PLAIN = re.compile(r"(?:%[dmY][-./ ]*){3}")
"""Patterns that need no trial: to ask ``strptime`` is to import it."""
_NAMES_AND_LOCALE = frozenset("aAbBcpxXZ")


def load_dialect(data: Mapping[str, Any], spot: Spot) -> Dialect:
    """The dialect of a profile. Raises ``ConfigError`` with the file and the key path."""
    if isinstance(data.get("encoding"), str):
        data = {**data, "encoding": [data["encoding"]]}
    if isinstance(data.get("dates"), str):
        data = {**data, "dates": [data["dates"]]}
    dialect = typed(data, Dialect, spot)
    for at, encoding in enumerate(dialect.encoding):
        try:
            codecs.lookup(encoding)
        except LookupError:
            fail(spot.at("encoding", at), f"unknown encoding {encoding!r}", "for example utf-8, cp1250, utf-16")
    if dialect.thousands == dialect.decimal:
        fail(spot.at("thousands"), "the same character parts thousands and decimals")
    for at, pattern in enumerate(dialect.dates):
        _check_date(pattern, spot.at("dates", at))
    both = {fold(word) for word in dialect.booleans.true} & {fold(word) for word in dialect.booleans.false}
    if both:
        fail(spot.at("booleans"), f"{', '.join(sorted(both))} means yes and no")
    return dialect


def _check_date(pattern: str, spot: Spot) -> None:
    if _PLAIN.fullmatch(pattern) and all(pattern.count(part) == 1 for part in ("%d", "%m", "%Y")):
        return
    if _NAMES_AND_LOCALE.intersection(part[:1] for part in pattern.replace("%%", "").split("%")[1:]):
        fail(spot, f"{pattern!r} depends on the computer's language", "use numbers: %d %m %Y")
    try:
        same = datetime.strptime(_SAMPLE.strftime(pattern), pattern) == _SAMPLE  # noqa: DTZ007
    except (ValueError, re.error):  # strptime makes a regular expression of the pattern
        same = False
    if not same:
        fail(spot, f"{pattern!r} does not name a day", "it needs %d, %m and %Y")
