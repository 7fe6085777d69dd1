"""Leaves: strings, numbers, truth values, days, moments, durations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from mcbridge.diagnostics import Rule
from mcbridge.mappers.edc import values as written
from mcbridge.mappers.edc.reading import values
from mcbridge.mappers.edc.reading.frames import Frame, shown
from mcbridge.mappers.edc.reading.rows import Read
from mcbridge.mappers.edc.reading.rules import BARE_DATE, EMPTY, NO_ZONE, SHIFTED, TOLERATED, WRONG_VALUE
from mcbridge.model import Duration

_SAID: Final[dict[str, Rule]] = {"date": BARE_DATE, "zone": NO_ZONE, "shifted": SHIFTED}


def text_of(frame: Frame, item: Any, key: str, pos: int | None) -> str | None:
    """A string; a number is taken as its digits, anything else kept beside."""
    if type(item) is str:
        if not item:
            frame.find(EMPTY, key, pos, '""')
        return item
    if type(item) is int or type(item) is Decimal:
        frame.find(TOLERATED, key, pos, shown(item), expected="a text")
        return str(item)
    frame.wrong(key, pos, item, "a text")
    return None


def string(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
    """A string as it is."""
    if type(item) is str and item:
        return item
    return text_of(frame, item, key, pos)


def _typed(expected: str, read: Callable[[str], Any], form: Callable[[Any], str], *, number: bool = False) -> Read:
    """A value that is written as a string, or as a number when it is one; another spelling of it is kept."""
    look = _looking(read, form)

    def convert(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Any:
        if type(item) is str and item:
            text = item
        elif number and (type(item) is int or type(item) is Decimal):
            frame.find(TOLERATED, key, pos, shown(item), expected="a text")
            text = _digits(item)
        else:
            frame.wrong(key, pos, item, expected)
            return None
        try:
            value, same = look(text)
        except ValueError:
            frame.aside(key, pos, item, WRONG_VALUE, text, expected=expected)
            return None
        if not same:
            frame.spell(name, index, text)
        return value

    return convert


def _digits(number: int | Decimal) -> str:
    try:
        return values.digits(Decimal(number))
    except ValueError:  # one that nobody can count with
        return str(number)


def _looking(read: Callable[[str], Any], form: Callable[[Any], str]) -> Callable[[str], tuple[Any, bool]]:
    """The value of a text, and whether it is written as this text; looked at once for texts that are repeated."""

    @lru_cache(maxsize=4096)
    def look(text: str) -> tuple[Any, bool]:
        value = read(text)
        return value, form(value) == text

    return look


def _dated(expected: str, read: Callable[[str], tuple[Any, str | None]], form: Callable[[Any], str]) -> Read:
    look = _looking(read, lambda value: form(value[0]))

    def convert(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Any:
        if type(item) is not str or not item:
            frame.wrong(key, pos, item, expected)
            return None
        try:
            (value, said), same = look(item)
        except ValueError:
            frame.aside(key, pos, item, WRONG_VALUE, item, expected=expected)
            return None
        if said is not None:
            frame.find(_SAID[said], key, pos, item)
        if not same:
            frame.spell(name, index, item)
        return value

    return convert


def _duration(value: Duration) -> str:
    try:
        return written.duration(value)
    except ValueError:  # a negative one, which ELM cannot say
        return ""


DAY: Final = _dated("a moment (xsd:dateTime)", values.day, written.day)
INSTANT: Final = _dated("a moment (xsd:dateTime)", values.instant, written.instant)
DURATION: Final = _typed("a duration (xsd:duration)", values.duration, _duration)
NUMBER: Final = _typed("a number", values.number, written.number, number=True)


def issued(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> str | None:
    """The day on which an identifier was issued, which a record has as text: a day by itself, a moment as written."""
    text = text_of(frame, item, key, pos)
    if text is None:
        return None
    try:
        day, said = values.day(text)
    except ValueError:
        return text
    if said == "date":
        frame.find(BARE_DATE, key, pos, text)
    return day.isoformat() if written.day(day) == text else text


def whole(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> int | None:
    """A whole number, which JSON has as a number."""
    if type(item) is int and abs(item) < 2**63:
        return item
    if type(item) is Decimal or (type(item) is str and item):
        try:
            value = values.whole(values.digits(item) if isinstance(item, Decimal) else item)
        except ValueError:
            frame.aside(key, pos, item, WRONG_VALUE, str(item), expected="a whole number")
            return None
        if abs(value) < 2**63:
            frame.find(TOLERATED, key, pos, shown(item), expected="a whole number")
            frame.spell(name, index, str(item))
            return value
    frame.wrong(key, pos, item, "a whole number")
    return None


def share(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> Decimal | None:
    """A share in per cent, which ELM has as a whole number."""
    if type(item) is Decimal:
        try:
            values.digits(item)
        except ValueError:
            frame.aside(key, pos, item, WRONG_VALUE, str(item), expected="a share in per cent")
            return None
        frame.find(TOLERATED, key, pos, shown(item), expected="a whole number")
        return item
    value = whole(frame, item, key, pos, name, index)
    return None if value is None else Decimal(value)


def truth(frame: Frame, item: Any, key: str, pos: int | None, name: str, index: int | None) -> bool | None:
    """A truth value; the words for one are understood."""
    if type(item) is bool:
        return item
    if type(item) is str and item in {"true", "false", "1", "0"}:
        frame.find(TOLERATED, key, pos, shown(item), expected="true or false")
        frame.spell(name, index, item)
        return item in {"true", "1"}
    frame.wrong(key, pos, item, "true or false")
    return None


def moment_of(text: str) -> dt.datetime | None:
    """The moment that a text names, if it does."""
    try:
        return values.instant(text)[0]
    except ValueError:
        return None
