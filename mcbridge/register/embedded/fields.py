"""The fields of a submission: what each takes, and in which shape its errors come back.

A check takes a value and returns it as it is kept, or raises ``Bad`` with the errors:
a list of sentences for a plain field, an object for a table, and for a list of tables
a list that is aligned with it, with ``{}`` for each good item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from mcbridge.register.embedded.world import World

Json = Any
Dialect = Literal["strict", "deqar"]

REQUIRED: Final = "This field is required."
NULL: Final = "This field may not be null."
BLANK: Final = "This field may not be blank."
INTEGER: Final = "A valid integer is required."


class Bad(Exception):
    """A value is refused; ``errors`` is what the answer says about it."""

    def __init__(self, errors: Json) -> None:
        super().__init__(errors)
        self.errors = errors


class Crash(Exception):
    """Here the real register fails with an error of its own."""


class Suspicious(Exception):
    """Here the real register's framework answers for it, with a web page."""


@dataclass
class Reading:
    """One submission while it is read. ``late`` are crashes that come only when it is stored."""

    world: World
    dialect: Dialect
    raw: Mapping[str, Json]
    method: str
    account: Account
    late: list[str] = field(default_factory=list)

    def crash(self, sentence: str) -> Exception:
        """What to raise where the real register falls over: the strict one says what is wrong instead."""
        return Crash(sentence) if self.dialect == "deqar" else Bad([sentence])

    def crash_later(self, sentence: str) -> None:
        """The same, where the real one notices only when storing."""
        if self.dialect == "strict":
            raise Bad([sentence])
        self.late.append(sentence)


@dataclass(frozen=True, slots=True)
class Account:
    """Who is asking: a name, and the acronyms of the agencies that it may write for."""

    name: str
    agencies: tuple[str, ...]


Check = Callable[[Json, Reading], Json]


def text(longest: int | None = None, *, null: bool = False, blank: bool = False) -> Check:
    """Text, trimmed; numbers become text."""

    def check(value: Json, reading: Reading) -> Json:
        if value is None:
            if null:
                return None
            raise Bad([NULL])
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Bad(["Not a valid string."])
        kept = str(value).strip()
        if not kept:
            if blank:
                return ""
            raise Bad([BLANK])
        if "\0" in kept:
            raise Bad(["Null characters are not allowed."])
        if longest is not None and len(kept) > longest:
            raise Bad([f"Ensure this field has no more than {longest} characters."])
        if any("\ud800" <= character <= "\udfff" for character in kept):
            reading.crash_later("A lone surrogate is not a character.")
        return kept

    return check


URL: Final = re.compile(r"(?:https?|ftps?)://[^\s/?#]+\.?[^\s]*", re.IGNORECASE)


def url(longest: int) -> Check:
    """An address of http or ftp."""
    plain = text(longest)

    def check(value: Json, reading: Reading) -> Json:
        kept = plain(value, reading)
        if not URL.fullmatch(kept):
            raise Bad(["Enter a valid URL."])
        return kept

    return check


def integer(value: Json, reading: Reading) -> Json:
    """A whole number, or text that looks like one: ``5.0`` and ``" 7 "`` are, ``1.5`` and ``5,0`` are not."""
    if value is None:
        raise Bad([NULL])
    try:
        kept = int(re.sub(r"\.0*\s*$", "", str(value)))
    except ValueError:
        raise Bad([INTEGER]) from None
    if not -(2**31) <= kept < 2**31:
        reading.crash_later("The number is too large.")
    return kept


def listed(names: Mapping[int, str], id_error: str, name_error: str) -> Check:
    """A code of a short list, always in quotes: its number, or its name in any case."""

    def check(value: Json, reading: Reading) -> Json:
        string(value)
        if value.isdigit():
            number = digits(value, reading)
            if number not in names:
                raise Bad([id_error])
            return number
        found = next((number for number, name in names.items() if name.casefold() == value.casefold()), None)
        if found is None:
            raise Bad([name_error])
        return found

    return check


def string(value: Json) -> None:
    """Insist on a JSON string."""
    if value is None:
        raise Bad([NULL])
    if not isinstance(value, str):
        raise Bad([f"Incorrect type. Expected a string, but got {type(value).__name__}"])


def digits(value: str, reading: Reading) -> int:
    """The number of a string of digits; superscripts are digits that are no number."""
    try:
        return int(value)
    except ValueError:
        raise reading.crash("The digits are no number.") from None


def each(check: Check) -> Check:
    """A list of plain values; errors by position, as text."""

    def check_all(value: Json, reading: Reading) -> Json:
        if value is None:
            raise Bad([NULL])
        if not isinstance(value, list):
            raise Bad([f'Expected a list of items but got type "{type(value).__name__}".'])
        kept, errors = [], {}
        for at, item in enumerate(value):
            try:
                kept.append(check(item, reading))
            except Bad as bad:
                errors[str(at)] = bad.errors
        if errors:
            raise Bad(errors)
        return kept

    return check_all


def many(check: Check, *, empty: bool = True) -> Check:
    """A list of tables; errors in a list that is aligned with it."""

    def check_all(value: Json, reading: Reading) -> Json:
        if value is None:
            raise Bad([NULL])
        if not isinstance(value, list):
            raise Bad({"non_field_errors": [f'Expected a list of items but got type "{type(value).__name__}".']})
        if not value and not empty:
            raise Bad({"non_field_errors": ["This list may not be empty."]})
        kept: list[Json] = []
        errors: list[Json] = []
        for item in value:
            try:
                if item is None:
                    raise Bad([NULL])
                kept.append(check(item, reading))
                errors.append({})
            except Bad as bad:
                errors.append(bad.errors)
        if any(errors):
            raise Bad(errors)
        return kept

    return check_all


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table."""

    name: str
    check: Check
    required: bool = False


def table(fields: Sequence[Field], validate: Callable[[dict[str, Json], Reading], None] | None = None) -> Check:
    """An object. Unknown fields are dropped without a word; ``validate`` looks at it as a whole when all are good."""

    def check(value: Json, reading: Reading) -> Json:
        if not isinstance(value, Mapping):
            name = type(value).__name__
            raise Bad({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {name}."]})
        kept: dict[str, Json] = {}
        errors: dict[str, Json] = {}
        for part in fields:
            if part.name not in value:
                if part.required:
                    errors[part.name] = [REQUIRED]
                continue
            try:
                kept[part.name] = part.check(value[part.name], reading)
            except Bad as bad:
                errors[part.name] = bad.errors
        if errors:
            raise Bad(errors)
        if validate is not None:
            validate(kept, reading)
        return kept

    return check
