"""How single values are written in ELMO: tokens, dates, numbers, texts, data URIs.

Each ``Leaf`` reads a string into a value and formats the value again. Where the
formatted value is not what the document said, the reader keeps the spelling.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lxml import etree
from lxml.etree import _Element
from msgspec import Struct
from msgspec.structs import replace

from mcbridge.mappers.elmo.aside import Aside, kept
from mcbridge.model import Content, sound
from mcbridge.origins import Contents

NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
ADDRESS_NAMESPACE = "https://github.com/erasmus-without-paper/ewp-specs-types-address/tree/stable-v1"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_SPACE = re.compile("[ \t\n\r]+")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_FIGURES = frozenset("0123456789.,+-")
_STRICT_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?")
_END_OF_DAY = re.compile(r"(.{10})T24:00:00(?:\.0+)?(|Z|[+-].*)")
_COUNT = re.compile(r"\+?\d{1,18}")
_LINES = frozenset(("br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "table", "tr", "ul"))
"""Elements of HTML that begin and end a line."""


def collapse(text: str) -> str:
    """White space as ``xs:token`` has it: XML's four characters only, so a no-break space stays."""
    if text.strip() is text and "  " not in text and "\n" not in text and "\t" not in text and "\r" not in text:
        return text
    return _SPACE.sub(" ", text).strip(" ")


def words_of(element: _Element) -> str:
    """The text of an element and of all inside it; what HTML shows in lines of their own stands in lines."""
    text, apart = "", False
    for event, each in etree.iterwalk(element, events=("start", "end")):
        apart = apart or (each is not element and each.tag.rpartition("}")[2].lower() in _LINES)
        piece = each.text if event == "start" else None if each is element else each.tail
        if piece:
            text += f"\n{piece}" if apart and text and not text.endswith("\n") else piece
            apart = False
    return text


class Leaf(Struct, frozen=True):
    """One simple type. ``read`` raises ``ValueError`` when a string is no value of it at all.

    ``exact`` keeps white space; ``strict`` says whether a string may be written for documents that we make.
    """

    read: Callable[[str], Any]
    format: Callable[[Any], str]
    exact: bool = False
    strict: Callable[[str], object] = lambda _: True


def _same(text: str) -> str:
    return text


@lru_cache(maxsize=4096)
def _date(text: str) -> dt.date:
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return dt.date.fromisoformat(found[1])


@lru_cache(maxsize=256)
def _datetime(text: str) -> dt.datetime:
    if _DATETIME.fullmatch(text) is None:
        raise ValueError(text)
    end = _END_OF_DAY.fullmatch(text)
    if end is not None:  # the beginning of the next day (XML Schema part 2, 3.2.7)
        try:
            return dt.datetime.fromisoformat(f"{end[1]}T00:00:00{end[2]}") + dt.timedelta(days=1)
        except OverflowError:
            raise ValueError(text) from None
    return dt.datetime.fromisoformat(text)


def _format_datetime(value: dt.datetime) -> str:
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


@lru_cache(maxsize=1024)
def _decimal(text: str) -> Decimal:
    if _STRICT_DECIMAL.fullmatch(text) is None:
        raise ValueError(text)
    return sound(Decimal(text))


def with_point(text: str) -> str | None:
    """A number with a decimal comma as XML Schema writes it; nothing for anything else."""
    return text.replace(",", ".") if _DECIMAL.fullmatch(text) and "," in text and not ambiguous(text) else None


def ambiguous(text: str) -> bool:
    """Whether this is a number with a comma that may as well separate thousands: 1,500 or 1.234,5."""
    if "," not in text or not _FIGURES.issuperset(text):
        return False
    return "." in text or text.count(",") > 1 or _THOUSANDS.fullmatch(text) is not None


def _format_decimal(value: Decimal) -> str:
    return format(value, "f")


def _count(text: str) -> int:
    if _COUNT.fullmatch(text) is None:
        raise ValueError(text)
    return int(text)


TOKEN = Leaf(_same, _same)
moment = _datetime
"""A date and time as XML Schema writes it; raises ``ValueError``."""
STRING = Leaf(_same, _same, exact=True)
DATE = Leaf(_date, dt.date.isoformat)
DATETIME = Leaf(_datetime, _format_datetime)
DECIMAL = Leaf(_decimal, _format_decimal, strict=_STRICT_DECIMAL.fullmatch)
DECIMAL_TEXT = Leaf(_same, _same, strict=_STRICT_DECIMAL.fullmatch)
COUNT = Leaf(_count, str)


def content_of(text: str, lang: str | None, contents: Contents) -> Content:
    """A ``data:`` URI as content. What is no base64 is kept as the text it is, and said to be undecodable."""
    if isinstance(contents, Aside) and (aside := contents.aside.get(text)) is not None:
        return replace(aside, lang=lang)
    return kept(text, contents) if lang is None else replace(kept(text, contents), lang=lang)


# what XML forbids is named, not what it allows: a class of all letters takes milliseconds to compile, and even this
# one too much of them to be compiled before it is needed
_ILLEGAL = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"


def illegal(text: str) -> bool:
    """Whether XML 1.0 has no way to write some character of this text."""
    return not text.isprintable() and re.search(_ILLEGAL, text) is not None


def without_illegal(text: str) -> str:
    """The text without the characters that XML 1.0 cannot write."""
    return text if text.isprintable() else re.sub(_ILLEGAL, "", text)


def escape(text: str) -> str:
    """Character data, by ``&``, ``<``, ``>`` and a carriage return that would not survive."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if "\r" in text:
        text = text.replace("\r", "&#13;")
    return text


def quote(text: str) -> str:
    """An attribute's value between double quotes; white space other than blanks as references."""
    text = escape(text).replace('"', "&quot;")
    if not text.isprintable():
        text = text.replace("\t", "&#9;").replace("\n", "&#10;")
    return text
