"""Values as the drafts write them: dates of any pattern that a document names, numbers with a point or a comma."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final

from mcbridge.mappers.elmo import values as v

_PARTS: Final = {"y": r"(?P<year>\d{4})", "m": r"(?P<month>\d{1,2})", "d": r"(?P<day>\d{1,2})"}
_LETTERS: Final = re.compile(r"%?([ymd])\1*", re.IGNORECASE)


def day(text: str, pattern: str | None = None) -> dt.date:
    """A day. ``pattern`` is that of the document, in letters (``dd.MM.yyyy``) or as C has it (``%d.%m.%Y``).

    Without a pattern it is a date of XML Schema. Raises ``ValueError`` for anything else.
    """
    if pattern is None:
        return v.DATE.read(text)  # type: ignore[no-any-return]
    expression, at = "", 0
    seen: set[str] = set()
    for found in _LETTERS.finditer(pattern):
        letter = found[1].lower()
        if letter in seen:
            raise ValueError(pattern)
        seen.add(letter)
        expression += re.escape(pattern[at : found.start()]) + _PARTS[letter]
        at = found.end()
    parts = re.fullmatch(expression + re.escape(pattern[at:]), text, re.ASCII)
    if parts is None or seen != set("ymd"):
        raise ValueError(text)
    return dt.date(int(parts["year"]), int(parts["month"]), int(parts["day"]))


def number(text: str) -> Decimal:
    """A number that can be read in one way only. Raises ``ValueError``."""
    return v.DECIMAL.read(v.with_point(text) or text)  # type: ignore[no-any-return]


def moment(text: str, pattern: str | None = None) -> dt.datetime:
    """A moment, or the beginning of a day, which may be of a ``pattern``. Raises ``ValueError``."""
    try:
        return v.moment(text)
    except ValueError:
        return dt.datetime.combine(day(text, pattern), dt.time())
