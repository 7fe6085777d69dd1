"""How the values of a datatype are written (XML Schema 1.1, part 2), and how JSON-LD writes a number as one."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

LANGUAGE: Final = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")

_MOMENT: Final = re.compile(
    r"-?(\d{4,})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?",
    re.ASCII,
)
_DURATION: Final = re.compile(r"-?P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?\d+", re.ASCII)
_POSITIVE: Final = re.compile(r"\+?0*[1-9]\d*", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_IRI: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_HUGE: Final = 10**21
"""From here on JSON-LD writes whole numbers as it writes those with a fraction."""


def is_moment(text: str) -> bool:
    """Whether a text is an ``xsd:dateTime``; the day has to be one of the calendar."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return False
    day = int(found[3])
    if day <= 28:
        return True
    year = int(found[1][-4:]) % 400 + 400  # the calendar repeats itself
    return day <= calendar.monthrange(year, int(found[2]))[1]


FORMS: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "xsd:dateTime": (is_moment, "a moment such as 2026-06-30T00:00:00Z"),
    "xsd:duration": (_DURATION.fullmatch, "a duration such as PT60H"),
    "xsd:integer": (_WHOLE.fullmatch, "a whole number"),
    "xsd:positiveInteger": (_POSITIVE.fullmatch, "a whole number from 1"),
    "xsd:decimal": (_DECIMAL.fullmatch, "a number such as 12.5"),
    "xsd:boolean": (re.compile("true|false|1|0").fullmatch, "true or false"),
}
"""How values are told to be of a datatype, and what people call them; any text is of the others."""


def written(value: Any) -> str:
    """A JSON number or truth value as JSON-LD writes it in a literal."""
    if value is True or value is False:
        return "true" if value else "false"
    return str(int(value)) if _is_whole(value) else _double(value)


def native(value: Any) -> str:
    """The datatype that a JSON value has of itself."""
    if type(value) is bool:
        return "xsd:boolean"
    if type(value) is str:
        return "xsd:string"
    return "xsd:integer" if _is_whole(value) else "xsd:double"


def _is_whole(value: float | Decimal) -> bool:
    return -_HUGE < value < _HUGE and value == int(value)


def _double(value: float | Decimal) -> str:
    try:
        number = float(value)
    except OverflowError:  # of a whole number; a decimal one becomes infinite by itself
        number = math.inf if value > 0 else -math.inf
    if math.isinf(number):
        return "INF" if number > 0 else "-INF"
    head, _, power = f"{number:.15E}".partition("E")
    head = head.rstrip("0")
    return f"{head}0E{int(power)}" if head.endswith(".") else f"{head}E{int(power)}"


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI, and not the name of a node without one."""
    return _IRI.fullmatch(text) is not None
