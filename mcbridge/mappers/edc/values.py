"""How single values are written: instants, days, durations, numbers."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from mcbridge.model import Duration


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
