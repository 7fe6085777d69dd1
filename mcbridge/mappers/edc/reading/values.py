"""Single values of ELM: moments, days, durations, numbers.

Each function reads a string, or raises ``ValueError`` when it is no value of its
kind. Whether the value is written back as it was is for the caller to compare.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from mcbridge.model import Duration
from mcbridge.model.base import sound

_ZONE: Final = r"(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?"
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?" + _ZONE)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_DURATION: Final = re.compile(
    r"(-?)P(?=\d|T\d)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?"
)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_EVENINGS: Final = frozenset({"21:00", "22:00", "23:00"})


def _moment(text: str) -> tuple[dt.datetime, bool]:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, minute, rest, zone = found.groups()
    following = minute == "24:00" and not (rest or ":00").strip(":.0")
    try:
        moment = dt.datetime.fromisoformat(f"{day}T{'00:00' if following else minute}{rest or ':00'}{zone or ''}")
        if following:  # the beginning of the next day (XML Schema part 2, 3.2.7)
            moment += dt.timedelta(days=1)
    except OverflowError:
        raise ValueError(text) from None
    return (moment if zone else moment.replace(tzinfo=dt.UTC)), zone is not None


@lru_cache(maxsize=1024)
def instant(text: str) -> tuple[dt.datetime, str | None]:
    """A moment, and what has to be said of it: ``date`` for a day alone, ``zone`` when none is stated."""
    text = text.strip()
    if _DAY.fullmatch(text):
        return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC), "date"
    moment, zoned = _moment(text)
    return moment, None if zoned else "zone"


@lru_cache(maxsize=4096)
def day(text: str) -> tuple[dt.date, str | None]:
    """The day as written, and what has to be said of it: ``date``, ``zone``, or ``shifted`` for an evening in UTC."""
    if text[10:] == "T00:00:00Z":
        return dt.date.fromisoformat(text[:10]), None
    text = text.strip()
    if _DAY.fullmatch(text):
        return dt.date.fromisoformat(text), "date"
    moment, zoned = _moment(text)
    evening = text[11:16] in _EVENINGS and not text[16:].strip(":.0Z+") and zoned
    return moment.date(), "shifted" if evening else None if zoned else "zone"


@lru_cache(maxsize=1024)
def duration(text: str) -> Duration:
    """An ISO 8601 duration; a year has twelve months, a day 24 hours."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    sign = -1 if found[1] else 1
    years, months, weeks, days, hours, minutes = (int(group or 0) for group in found.groups()[1:7])
    seconds = Decimal(found[8] or 0) + ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60)
    if not seconds:
        return Duration(months=sign * (12 * years + months))
    return Duration(months=sign * (12 * years + months), seconds=sign * seconds)


@lru_cache(maxsize=1024)
def number(text: str) -> Decimal:
    """A number, with a point or a comma."""
    plain = text.strip()
    if not plain.isascii() or len(plain) > 40 or _NUMBER.fullmatch(plain) is None:
        raise ValueError(text)
    return Decimal(plain.replace(",", "."))


def digits(value: Decimal) -> str:
    """A number of JSON digit by digit, also one with an exponent; ``1E+999999999`` is none that can be written so."""
    return format(sound(value), "f")


def whole(text: str) -> int:
    """A whole number."""
    value = number(text)
    if value != value.to_integral_value():
        raise ValueError(text)
    return int(value)
