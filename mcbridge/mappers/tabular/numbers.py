"""Numbers that people and institutions are known by: text, with a form that can be looked at."""

from __future__ import annotations

import re
from typing import Final

from mcbridge.mappers.tabular.cell import Problem
from mcbridge.mappers.tabular.rules import CHECK_DIGIT, DIGITS
from mcbridge.tables import Column

_MADE_A_NUMBER: Final = re.compile(r"[0-9]+[.,][0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+")


def number_problem(value: str, column: Column) -> Problem | None:
    """What is wrong with a number by what the profile says of its digits. Nothing is put right here."""
    if column.digits is not None and not (len(value) == column.digits and value.isascii() and value.isdigit()):
        return _form(value, column.digits)
    if column.check is None:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) < 2:
        return Problem(DIGITS, value, {"found": "has other characters", "digits": "two or more", "advice": _SIMPLE})
    wanted = mod_11_10(value[:-1])
    return None if value[-1] == wanted else Problem(CHECK_DIGIT, value, {"wanted": wanted})


_SIMPLE: Final = "correct the number in the student system and export again"
_AS_TEXT: Final = (
    "format the column as text before the table is saved, and export again; the digits are not put back here"
)


def _form(value: str, digits: int) -> Problem:
    if not (value.isascii() and value.isdigit()):
        spoiled = _MADE_A_NUMBER.fullmatch(value) is not None
        found = "is how a spreadsheet writes an amount" if spoiled else "has other characters than digits"
        advice = _AS_TEXT if spoiled else _SIMPLE
    elif len(value) < digits:
        found = f"has {len(value)} digits, as when a spreadsheet takes zeros away in front"
        advice = _AS_TEXT
    else:
        found, advice = f"has {len(value)} digits", _SIMPLE
    return Problem(DIGITS, value, {"found": found, "digits": digits, "advice": advice})


def mod_11_10(digits: str) -> str:
    """The check digit of ISO 7064, MOD 11,10."""
    rest = 10
    for digit in digits:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)
