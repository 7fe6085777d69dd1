"""Numbers, durations and dates as a profile says they are written.

A decimal sign other than the profile's is understood where it can mean nothing else;
``1.500`` can, and is refused unless the profile declares its thousands.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from mcbridge.mappers.tabular.cell import Cell, Problem, bad
from mcbridge.mappers.tabular.rules import (
    ACADEMIC_YEAR,
    DATE_FORMAT,
    DATE_IMPOSSIBLE,
    DATE_SERIAL,
    DECIMAL_SIGN,
    NEGATIVE_NUMBER,
    NOT_A_NUMBER,
)
from mcbridge.model import Duration
from mcbridge.tables import Column, Dialect, fold

One = Callable[[str], Cell]
"""From the text of one value to what it says."""

_LONGEST: Final = 40
_SPACES: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})
_UNIT: Final = re.compile(r"([\x00-$&-@\[-`{-\xbf]*)(.*)", re.DOTALL)


def number_reader(column: Column, dialect: Dialect) -> One:
    """Reads one ``Decimal``, with a unit that the column allows behind it."""
    decimal, thousands = dialect.decimal, " " if dialect.thousands in {"\u00a0", "\u202f"} else dialect.thousands
    other = "." if decimal == "," else ","
    units = frozenset(fold(unit) for unit in column.suffix)
    groups = rf"[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|" if thousands else ""
    declared = re.compile(rf"[+-]?(?:{groups}[0-9]+)(?:{re.escape(decimal)}[0-9]+)?")
    contrary = re.compile(rf"[+-]?[0-9]+{re.escape(other)}([0-9]+)")
    example = f"7{decimal}5 or 7"

    def unreadable(text: str, more: str = "") -> Cell:
        return bad(NOT_A_NUMBER, text, more=more, example=example)

    def read(text: str) -> Cell:
        plain = text.translate(_SPACES)
        found = _UNIT.fullmatch(plain)
        amount, unit = (found[1].strip(), found[2].strip()) if found else (plain, "")
        if amount and unit and fold(unit) not in units:
            allowed = ", ".join(column.suffix)
            return unreadable(text, f" with a unit that the column may have ({allowed})" if allowed else "")
        if not amount or len(amount) > _LONGEST:
            return unreadable(text)
        problems: tuple[Problem, ...] = ()
        if declared.fullmatch(amount):
            written = amount.replace(thousands, "") if thousands else amount
            value = Decimal(written.replace(decimal, "."))
        elif wrong := contrary.fullmatch(amount):
            if len(wrong[1]) == 3:
                return unreadable(text, f': "{other}" may part decimals or thousands here')
            value = Decimal(amount.replace(other, "."))
            problems = (Problem(DECIMAL_SIGN, text, {"sign": other, "decimal": decimal}),)
        else:
            return unreadable(text)
        if value < 0:
            problems += (Problem(NEGATIVE_NUMBER, text, kept=True),)
        spelling = None if str(value).replace(".", decimal) == text else text
        return Cell(((value, spelling),), problems)

    return read


def duration_reader(column: Column, dialect: Dialect, seconds: int) -> One:
    """Reads one ``Duration`` from a number of units of so many seconds."""
    number = number_reader(column, dialect)

    def read(text: str) -> Cell:
        cell = number(text)
        if not cell.values:
            return cell
        amount: Decimal = cell.values[0][0]
        total = amount * seconds
        value = Duration(seconds=total.to_integral_value() if total == total.to_integral_value() else total)
        plain = format(amount.normalize(), "f").replace(".", dialect.decimal)
        return Cell(((value, None if plain == text else text),), cell.problems)

    return read


_YEARS: Final = r"([12][0-9]{3})\.?(?:\s*[/\u2013-]\s*([0-9]{4}|[0-9]{2})\.?)?"


def academic_year_reader() -> One:
    """Reads ``2019``, ``2019/20`` or ``2019/2020`` as ``2019/2020``."""

    def read(text: str) -> Cell:
        found = re.fullmatch(_YEARS, text)
        if found is None:
            return bad(ACADEMIC_YEAR, text, more="")
        following = str(int(found[1]) + 1)
        if found[2] and not following.endswith(found[2]):
            return bad(ACADEMIC_YEAR, text, more=f": {following} follows {found[1]}")
        value = f"{found[1]}/{following}"
        return Cell(((value, None if value == text else text),))

    return read


_DIRECTIVES: Final = {
    "%d": r"(?P<d>[0-9]{1,2})",
    "%m": r"(?P<m>[0-9]{1,2})",
    "%Y": r"(?P<Y>[0-9]{4})",
    "%y": r"(?P<y>[0-9]{2})",
    "%%": "%",
}
_SERIAL: Final = re.compile(r"[1-9][0-9]{4}(?:[.,][0-9]+)?")


def date_reader(dialect: Dialect) -> One:
    """Reads one ``date`` by the first pattern that fits; a day that no calendar has is told from what is no date."""
    patterns = [(pattern, _shape(pattern)) for pattern in dialect.dates]
    first = dialect.dates[0]
    example = date(2025, 3, 31).strftime(first)
    named = " or ".join(dict.fromkeys(date(2025, 3, 31).strftime(pattern) for pattern in dialect.dates[:3]))

    def read(text: str) -> Cell:
        plain = "".join(text.split())
        readings: dict[date, None] = {}
        shaped = False
        for pattern, shape in patterns:
            found = shape.fullmatch(plain) if shape else None
            if shape and not found:
                continue
            shaped = shaped or found is not None
            value = _day(found) if found else _by_library(text, pattern)
            if value is not None:
                readings[value] = None
        if len(readings) == 1:
            value = next(iter(readings))
            return Cell(((value, None if value.strftime(first) == text else text),))
        facts: dict[str, Any] = {"patterns": named, "example": example, "more": ""}
        if readings:
            facts["more"] = "; more than one of its patterns fits, and they give different days"
        elif shaped:
            return bad(DATE_IMPOSSIBLE, text)
        elif _SERIAL.fullmatch(plain):
            return bad(DATE_SERIAL, text, example=example)
        return bad(DATE_FORMAT, text, **facts)

    return read


_DIGITS: Final = {"%Y": 4, "%m": 2, "%d": 2}


def swift_date(dialect: Dialect) -> Callable[[str], date | None] | None:
    """Reads a day that is written just as the first pattern writes it; none where another pattern may read it too."""
    first = dialect.dates[0]
    shapes = {_shape(pattern) for pattern in dialect.dates}
    parts = re.findall(r"%.|[^%]", first)
    sample = "".join(date(2025, 3, 31).strftime(first).split())
    alone = None not in shapes and sum(shape.fullmatch(sample) is not None for shape in shapes if shape) == 1
    if not alone or not _DIGITS.keys() <= set(parts):
        return None
    starts = [0, *itertools.accumulate(_DIGITS.get(part, 1) for part in parts)]
    of = {
        part: slice(start, start + _DIGITS[part]) for part, start in zip(parts, starts, strict=False) if part in _DIGITS
    }
    year, month, day = (of[part] for part in _DIGITS)
    frame = "".join("\0" * _DIGITS.get(part, 0) or part for part in parts)
    between = [(at, letter) for at, letter in enumerate(frame) if letter != "\0"]
    long = starts[-1]

    def read(raw: str) -> date | None:
        if len(raw) != long or raw[year] < "1000":
            return None
        for at, letter in between:
            if raw[at] != letter:
                return None
        try:
            return date.fromisoformat(f"{raw[year]}-{raw[month]}-{raw[day]}")  # which takes nothing but digits here
        except ValueError:
            return None

    return read


def _shape(pattern: str) -> re.Pattern[str] | None:
    """What a pattern looks like without spaces, for day, month and year; ``None`` when it asks for more than these."""
    parts = re.findall(r"%.|[^%\s]", pattern)
    directives = [part for part in parts if part.startswith("%") and part != "%%"]
    if any(part not in _DIRECTIVES for part in directives) or len(set(directives)) != len(directives):
        return None
    shapes = [_DIRECTIVES.get(part, re.escape(part)) for part in parts]
    for at, (left, right) in enumerate(itertools.pairwise(parts)):
        if left in directives and right in directives:  # nothing between them: then their width tells them apart
            shapes[at], shapes[at + 1] = (shape.replace("{1,2}", "{2}") for shape in (shapes[at], shapes[at + 1]))
    return re.compile("".join(shapes))


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    year = parts.get("Y")
    if year is None:
        # two digits: POSIX puts 69 to 99 into the last century
        short = int(parts["y"])
        year = str(short + (1900 if short > 68 else 2000))
    try:
        return date(int(year), int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def _by_library(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
