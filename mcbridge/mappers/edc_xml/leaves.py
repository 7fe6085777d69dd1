"""Leaves: words, numbers, truth values, days, moments, durations."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from lxml.etree import _Element

from mcbridge.diagnostics import Rule
from mcbridge.mappers.edc.reading import values
from mcbridge.mappers.edc_xml.frames import Frame
from mcbridge.mappers.edc_xml.rows import Read
from mcbridge.mappers.edc_xml.rules import NO_ZONE, SHIFTED
from mcbridge.model import Duration, sound

_SAID: Final[dict[str, Rule]] = {"zone": NO_ZONE, "shifted": SHIFTED}
"""A day without an hour is no finding: some of these elements are xs:date."""


def word(frame: Frame, element: _Element, name: str, index: int | None, known: tuple[str, ...] = ()) -> str | None:
    """Text without the space around it; ``known`` are the attributes that the caller looks at."""
    text = frame.leaf(element, *known)
    plain = " ".join(text.split())
    if not plain:
        frame.empty(element)
        return None
    if plain != text:
        frame.spell(name, index, text)
    return plain


def _typed(
    expected: str, read: Callable[[str], tuple[Any, str | None]], form: Callable[[Any], str], *known: str
) -> Read:
    @lru_cache(maxsize=1024)
    def look(text: str) -> tuple[Any, str | None, bool]:
        value, said = read(text.strip())
        return value, said, form(value) == text

    def convert(frame: Frame, element: _Element, name: str, index: int | None) -> Any:
        text = element.text or ""
        try:
            value, said, same = look(text)
        except ValueError:
            frame.wrong(element, expected)
            return None
        frame.leaf(element, *known)
        if said in _SAID:
            frame.find(_SAID[said], element, text.strip())
        if not same:
            frame.spell(name, index, text)
        return value

    return convert


def _plainly(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, None]]:
    return lambda text: (read(text), None)


def _truth(text: str) -> bool:
    if text not in {"true", "false", "1", "0"}:
        raise ValueError(text)
    return text in {"true", "1"}


def _number(text: str) -> Decimal:
    return sound(values.number(text))


def _whole(text: str) -> int:
    value = values.whole(text)
    if abs(value) >= 2**63:
        raise ValueError(text)
    return value


def _duration(value: Duration) -> str:
    """The shortest way to write it, as most do."""
    months, seconds = value.months, value.seconds
    if months < 0 or seconds < 0:
        return ""
    days = f"P{f'{months}M' if months else ''}"
    if not seconds:
        return days if months else "PT0S"
    for unit, size in (("H", 3600), ("M", 60)):
        if not seconds % size:
            return f"{days}T{seconds / size:f}{unit}"
    return f"{days}T{seconds:f}S"


DAY: Final = _typed("a day (xs:date) or a moment (xs:dateTime)", values.day, lambda value: value.isoformat())
INSTANT: Final = _typed(
    "a moment (xs:dateTime)",
    values.instant,
    lambda value: value.isoformat().replace("+00:00", "Z"),
)
DURATION: Final = _typed("a duration (xs:duration)", _plainly(values.duration), _duration)
NUMBER: Final = _typed("a number", _plainly(_number), lambda value: format(value, "f"))
POINTS: Final = _typed("a number", _plainly(_number), lambda value: format(value, "f"), "schemeID")
WHOLE: Final = _typed("a whole number", _plainly(_whole), str)
TRUTH: Final = _typed("true or false", _plainly(_truth), lambda value: "true" if value else "false")
