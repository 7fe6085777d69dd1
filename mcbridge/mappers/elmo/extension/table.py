"""The rows of the extension: one element a field, for every field of the shapes that stand in a block.

The rows follow from the model, so no field can be forgotten; what has no row (bytes,
and what only another format knows) is a loss by itself. The schema in ``xsd/`` and the
page in ``docs/`` are made of the same rows.
"""

from __future__ import annotations

import datetime as dt
import re
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property
from typing import Any, Final, overload

import msgspec
from msgspec import Struct

from mcbridge.mappers.elmo import codecs as c
from mcbridge.mappers.elmo.codecs import Codec, Row, Shape
from mcbridge.mappers.elmo.extension import FAMILY
from mcbridge.mappers.elmo.pen import PLACELESS, Pen
from mcbridge.mappers.elmo.residues import camel
from mcbridge.mappers.elmo.values import DATE, DATETIME, DECIMAL, STRING, collapse
from mcbridge.mappers.elmo.versions import OWN
from mcbridge.model import (
    Achievement,
    Concept,
    Content,
    Credential,
    Duration,
    Field,
    Identifier,
    Learner,
    Link,
    Organisation,
    Specification,
    Text,
)

NAMESPACE: Final = f"{FAMILY}1"
SCHEMA: Final = "mcbridge/elmo-extension/1"

_ATTRIBUTES: Final[dict[type, tuple[str, ...]]] = {
    Concept: ("code", "scheme", "notation"),
    Field: ("scheme", "code"),
    Identifier: ("type", "scheme", "country"),
    Link: ("url",),
    Organisation: ("id",),
}
"""Fields that stand in attributes."""

_NAMES: Final[dict[tuple[type, str], str]] = {(Organisation, "kinds"): "kindCode"}
"""Where the name of the field will not do."""

_KEPT: Final = frozenset(("given_names", "towards", "contact_hours"))
_ENDINGS: Final = (("sses", "ss"), ("ies", "y"), ("s", ""))


# --- simple values ------------------------------------------------------------------------------------------------

_DURATION: Final = (
    r"(?P<sign>-?)P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def read_duration(text: str) -> Duration:
    """A duration as XML Schema writes it. Raises ``ValueError``."""
    found = re.fullmatch(_DURATION, text)
    if found is None or text[-1] in "PT":
        raise ValueError(text)
    part = {name: Decimal(digits or 0) for name, digits in found.groupdict().items() if name != "sign"}
    sign = -1 if found["sign"] else 1
    seconds = ((part["days"] * 24 + part["hours"]) * 60 + part["minutes"]) * 60 + part["seconds"]
    months = sign * int(part["years"] * 12 + part["months"])
    return Duration(months=months, seconds=sign * seconds) if seconds else Duration(months=months)


def format_duration(value: Duration) -> str:
    """In months, hours, minutes and seconds. Raises ``ValueError`` for two signs at once, which have no word."""
    months, seconds = value.months, value.seconds
    if months * seconds < 0:
        raise ValueError(value)
    sign = "-" if months < 0 or seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    date = f"{abs(months)}M" if months else ""
    time = "".join(f"{amount:f}{unit}" for amount, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if amount)
    return f"{sign}P{date}T{time}" if time else f"{sign}P{date}" if date else "PT0S"


def _read_bool(text: str) -> bool:
    if text not in {"true", "false", "1", "0"}:
        raise ValueError(text)
    return text in {"true", "1"}


def _codec(read: Callable[[str], Any], form: Callable[[Any], str], *, exact: bool = False) -> Codec:
    def write(tag: str, value: Any, path: str, pen: Pen) -> str:
        try:
            text = form(value)
        except ValueError:
            pen.lose(path, "loss/not-a-number", "XML Schema has no way to write this value")
            return ""
        return f"<{tag}>{pen.escaped(text, path, exact=True)}</{tag}>"

    if exact:
        return Codec(lambda e, _: read(e.text or ""), write)
    return Codec(lambda e, _: read(collapse(e.text or "")), write)


class Simple(Struct, frozen=True):
    """A simple type: how it is read and written, and what XML Schema calls it."""

    codec: Codec
    xsd: str


SIMPLE: Final[dict[type, Simple]] = {
    str: Simple(_codec(STRING.read, STRING.format, exact=True), "xs:string"),
    bool: Simple(_codec(_read_bool, lambda value: "true" if value else "false"), "xs:boolean"),
    int: Simple(_codec(int, str), "xs:integer"),
    Decimal: Simple(_codec(DECIMAL.read, DECIMAL.format), "xs:decimal"),
    dt.date: Simple(_codec(DATE.read, DATE.format), "xs:date"),
    dt.datetime: Simple(_codec(DATETIME.read, DATETIME.format), "xs:dateTime"),
    Duration: Simple(_codec(read_duration, format_duration), "xs:duration"),
    Text: Simple(c.LTEXTS, "Text"),
}


@cache
def listed(words: type[Enum]) -> Codec:
    """One word of a closed list."""
    return _codec(words, lambda value: str(value.value))


# --- shapes -------------------------------------------------------------------------------------------------------


def singular(struct: type, name: str, *, many: bool) -> str:
    """The element's name: that of the field in JSON, or of one of its values."""
    given = _NAMES.get((struct, name))
    if given is not None:
        return given
    word = camel(name)
    if many and name not in _KEPT:
        for ending, instead in _ENDINGS:
            if word.endswith(ending):
                return word.removesuffix(ending) + instead
    return word


def kind_of(annotation: Any) -> tuple[type, bool]:
    """The type of one value of a field, and whether there may be several."""
    several = False
    while not isinstance(annotation, type) or typing.get_origin(annotation) is not None:
        inner = [each for each in typing.get_args(annotation) if each not in {types.NoneType, Ellipsis}]
        several = several or typing.get_origin(annotation) is tuple
        annotation = inner[0]
    return annotation, several


class _Rows(Sequence[Row]):
    """The rows of a struct, made when they are first asked for: a document needs few of all that there are."""

    def __init__(self, struct: type[msgspec.Struct], without: frozenset[str], *, block: bool = False) -> None:
        self._struct = struct
        self._without = without
        self._block = block

    @cached_property
    def _all(self) -> tuple[Row, ...]:
        fields = msgspec.structs.fields(self._struct)
        found = [self._row(info.name, info.type) for info in fields if info.name not in self._without]
        return tuple(row for row in found if row is not None)

    def _row(self, name: str, annotation: Any) -> Row | None:
        if (self._struct, name) in OWN:
            return None
        type_, many = kind_of(annotation)
        codec: Codec | Shape | None
        if type_ in SIMPLE:
            codec = SIMPLE[type_].codec
        elif issubclass(type_, Enum):
            codec = listed(type_)
        elif type_ is Content:
            return None
        else:
            own = type_ is self._struct and not self._block
            codec = None if own else shape_of(typing.cast("type[msgspec.Struct]", type_))
        return Row(singular(self._struct, name, many=many), name, codec, many=many, namespace=NAMESPACE)

    @overload
    def __getitem__(self, at: int) -> Row: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        return self._all[at]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@cache
def shape_of(struct: type[msgspec.Struct]) -> Shape:
    """The shape of a struct of the model."""
    marks = _ATTRIBUTES.get(struct, ())
    rows = _Rows(struct, PLACELESS.union(marks))
    return Shape(struct, rows, attributes=tuple((camel(name), name, STRING) for name in marks))


class Block(Struct, frozen=True, eq=False):
    """One kind of block: its element, where it stands, and the shape of what it says."""

    tag: str
    stands_in: str
    shape: Shape

    @property
    def name(self) -> str:
        """The tag in Clark notation."""
        return f"{{{NAMESPACE}}}{self.tag}"

    def row(self, field: str) -> Row:
        """The row of a field."""
        return next(row for row in self.shape.rows if row.to == field)


def _block(tag: str, stands_in: str, struct: type[msgspec.Struct], *without: str) -> Block:
    return Block(tag, stands_in, Shape(struct, _Rows(struct, PLACELESS.union(without), block=True)))


OFFER: Final = _block("offer", "learningOpportunitySpecification/extension", Specification)
RESULT: Final = _block(
    "result",
    "learningOpportunityInstance/extension",
    Achievement,
    *("specification", "attachment_refs", "group_ref", "diploma_supplement", "parts"),
)
LEARNER: Final = _block("learner", "/elmo/extension", Learner)
RECORD: Final = _block(
    "record",
    "/elmo/extension",
    Credential,
    *("version", "id", "learner", "achievements", "attachments", "display", "delivery", "document", "seal"),
)
BLOCKS: Final = (OFFER, RESULT, LEARNER, RECORD)

INSTEAD: Final = f"{{{NAMESPACE}}}instead"
ECHO: Final = f"{{{NAMESPACE}}}echo"
