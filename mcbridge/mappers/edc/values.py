"""How single values are written, and which other spellings of them read as the same: instants, days, numbers."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from mcbridge.model import Duration

INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
"""``xsd:dateTime`` as the issuer takes it, which refuses a day by itself."""
DURATION: Final = re.compile(
    r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
)
"""``xsd:duration``, which has no weeks."""
FRACTION: Final = 9
"""So many digits of a second are written; the issuer holds no more."""


def instant(value: dt.datetime) -> str:
    """``xsd:dateTime`` with an offset; one without is taken as UTC, as the European issuer takes it."""
    if value.tzinfo is None:
        return value.isoformat() + "Z"
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def day(value: dt.date) -> str:
    """A day as the instant at which it begins in UTC; ELM has no days."""
    return f"{value.isoformat()}T00:00:00Z"


def number(value: Decimal) -> str:
    """A decimal without exponent, with the digits it was given."""
    return format(value, "f")


def rounded(value: Decimal) -> int:
    """The nearest whole number, halves away from zero."""
    return int(value.to_integral_value(ROUND_HALF_UP))


def duration(value: Duration) -> str:
    """``xsd:duration`` in months, hours, minutes and seconds: days would hide how many hours they have.

    Raises ``ValueError`` for one that is negative.
    """
    months, seconds = value.months, value.seconds
    if months < 0 or seconds < 0:
        raise ValueError(value)
    date = f"{months}M" if months else ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (rest, "S"))
    time = "".join(f"{number(amount.normalize() + 0)}{unit}" for amount, unit in parts if amount)
    if not date and not time:
        return "PT0S"
    return f"P{date}{'T' if time else ''}{time}"


# the other way


_DURATION: Final = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?"
)
_MONTHS: Final = (12, 1)
_SECONDS: Final = (604800, 86400, 3600, 60, 1)


def instant_of(text: str) -> dt.datetime | None:
    """The moment that a text names, if it does."""
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def day_of(text: str) -> dt.date | None:
    """The day that a text names, by itself or as the beginning of a moment."""
    found = instant_of(text)
    return None if found is None else found.date()


def number_of(text: str) -> Decimal | None:
    """The number that a text names, with a point or a comma."""
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def duration_of(text: str) -> Duration | None:
    """The duration that a text names; a day has 24 hours and a year 12 months."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        return None
    amounts = [Decimal(group or 0) for group in found.groups()]
    months = sum(int(amount) * unit for amount, unit in zip(amounts, _MONTHS, strict=False))
    seconds = sum((amount * unit for amount, unit in zip(amounts[2:], _SECONDS, strict=True)), Decimal(0))
    return Duration(months=months, seconds=seconds)
