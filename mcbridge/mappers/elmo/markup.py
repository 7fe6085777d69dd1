"""Plain achievements as markup, at a third of the cost of asking each row what it has to say.

An achievement of an ELMO document is plain when nothing of it is residue, a spelling or a field without a place. Then
its element is one expression, compiled once from the rows of ``table.py``: the markup of each field by the closures
that write it otherwise, remembered where values recur. When such a closure would name a loss, the achievement is
unusual, and is written with care. Both ways give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from types import SimpleNamespace
from typing import Any, Final, NoReturn

import msgspec

from mcbridge.losses import LossLedger
from mcbridge.mappers.elmo import codecs
from mcbridge.mappers.elmo import table as t
from mcbridge.mappers.elmo.codecs import Codec, Row, Shape
from mcbridge.mappers.elmo.forms import KEPT, Known, Patience, Unusual
from mcbridge.mappers.elmo.pen import Lists, Pen
from mcbridge.mappers.elmo.plain import REFS
from mcbridge.mappers.elmo.values import escape
from mcbridge.mappers.elmo.versions import FIRST
from mcbridge.mappers.elmo.write import Rows, shape
from mcbridge.model import Achievement, Activity, Assessment, Identifier, Link, Period, Specification, Text

Markup = Callable[[Any], str]

PATIENCE: Final = Patience(50)
"""So many achievements are written sooner than the expression is compiled."""

_STRUCTS: Final[tuple[type[msgspec.Struct], ...]] = (Achievement, Specification, Assessment, Activity, Period)
_NAMES: Final = ("a", "s", "x", "y", "p")
_HELD: Final = frozenset(("specification", "assessments", "activities", "period", "parts", REFS.to, "record"))
"""Fields of an achievement that are seen to by hand."""

_NO_ASSESSMENT: Final = Assessment()
_NO_ACTIVITY: Final = Activity()
_NO_PERIOD: Final = Period()


class _Guard(Pen):
    """A pen that loses nothing."""

    def lose(self, path: str, code: str, reason: str, value: Any = None, *, changed: bool = False) -> NoReturn:
        """Refuse."""
        raise Unusual(code)


def _none(_: Any) -> None:
    return None


def _guard(version: str) -> _Guard:
    return _Guard("", LossLedger("elmo"), {}, Lists((), _none, _none, _none, _none), "", as_read=True, version=version)


def plain(achievement: Achievement, version: str = FIRST) -> str | None:
    """The element of an achievement that was read from ELMO, without its parts and its end tag, if it is plain."""
    a, s = achievement, achievement.specification
    if s is None or len(a.assessments) > 1 or len(a.activities) > 1:
        return None
    x = a.assessments[0] if a.assessments else _NO_ASSESSMENT
    y = a.activities[0] if a.activities else _NO_ACTIVITY
    try:
        return _element(version)(a, s, x, y, a.period or _NO_PERIOD)
    except Unusual:
        return None


@lru_cache(maxsize=2)
def _element(version: str) -> Callable[..., str | None]:
    loi = [row for row in t.LOI if not isinstance(row.codec, Shape) or not row.codec.attributes]
    names: dict[str, Any] = {}
    offer = _fields(t.LOS, names, version)
    before = [row.tag for row in loi].index("grouping")
    result, after = _fields(loi[:before], names, version), _fields(loi[before:], names, version)
    names["refs"] = _markup([REFS], version)
    refs = '{f"<attachments>{refs(a.attachment_refs)}</attachments>" if a.attachment_refs else ""}'
    source = (
        f"None if {_rest([*t.LOS, *loi])} else f'<learningOpportunitySpecification>{offer}"
        f"<specifies><learningOpportunityInstance>{result}{refs}{after}"
        "</learningOpportunityInstance></specifies>'"
    )
    # It consists of names of fields and tags of the table only.
    return eval(f"lambda {', '.join(_NAMES)}: {source}", names)  # type: ignore[no-any-return]  # noqa: S307


def _rest(rows: Sequence[Row]) -> str:
    """Whether a struct has a field that no row is for."""
    found: list[str] = []
    for slot, (struct, name) in enumerate(zip(_STRUCTS, _NAMES, strict=True)):
        carried = {row.to for row in rows if row.slot == slot} | (_HELD if slot == t.ACHIEVEMENT else set())
        rest = [info for info in msgspec.structs.fields(struct) if info.name not in carried]
        if any(info.default not in (None, ()) for info in rest):
            raise TypeError(struct.__name__)
        found += [f"{name}.{info.name}" + ("" if info.default == () else " is not None") for info in rest]
    return " or ".join(found)


def _fields(rows: Sequence[Row], names: dict[str, Any], version: str) -> str:
    """The inside of an f-string that has the markup of some rows; rows of one field go together."""
    source = ""
    for (slot, to), group in groupby(rows, key=lambda row: (row.slot, row.to)):
        some = list(group)
        name = f"m{len(names)}"
        names[name] = made = _markup(some, version)
        value = f"{_NAMES[slot]}.{to}"
        if isinstance(made, Known):
            source += f'{{{name}[{value}] if {value} is not None else ""}}'
        else:
            source += f'{{{name}({value}) if {value} else ""}}'
    return source


def _markup(rows: Sequence[Row], version: str) -> Known | Markup:
    """The markup of a field by its value."""
    row = rows[0]
    if isinstance(row.codec, Codec) and row.codec in _TEXTS:
        return _texts(row, row.codec, version)
    written = Rows(rows, shape)
    guard = _guard(version)
    slot, to = row.slot, row.to

    def markup(value: Any) -> str:
        holder = SimpleNamespace(**{to: value}, spellings=())
        return "".join(written.write([holder] * (slot + 1), "", guard, None))

    codec = row.codec
    if not isinstance(codec, Codec):
        return _by_form(markup)
    if codec.few:
        return Known(markup)
    write, tag = codec.write, row.written
    if row.many:
        return lambda values: "".join([write(tag, value, "", guard) for value in values])
    return markup


def _by_form(markup: Markup) -> Markup:
    """Remembers by how the values are written: 6 and 6.0 are equal, and not the same."""
    form = msgspec.msgpack.Encoder().encode
    known: dict[bytes, str] = {}

    def remembered(value: Any) -> str:
        key = form(value)
        found = known.get(key)
        if found is None:
            if len(known) >= KEPT:
                known.clear()
            found = known[key] = markup(value)
        return found

    return remembered


def _texts(row: Row, codec: Codec, version: str) -> Markup:
    """Texts that are as they should be go the short way; what stands beside the text recurs, and is remembered."""
    struct, main = _TEXTS[codec]
    others = [info.name for info in msgspec.structs.fields(struct) if info.name != main]
    exact, write, tag, guard = codec.exact, codec.write, row.written, _guard(version)
    text_of, beside, end = attrgetter(main), attrgetter(*others), f"</{tag}>"

    def head(found: Any) -> str:
        given = dict(zip(others, found if len(others) > 1 else (found,), strict=True))
        return write(tag, struct(**{main: ""}, **given), "", guard).removesuffix(end)

    heads = Known(head)

    def texts(values: Sequence[Any]) -> str:
        if not row.many and len(values) > 1:
            raise Unusual(tag)
        found = ""
        for value in values:
            text = text_of(value)
            if text.isprintable() and (exact or ("  " not in text and text.strip() is text)):
                if "&" in text or "<" in text or ">" in text:
                    text = escape(text)
                found += f"{heads[beside(value)]}{text}{end}"
            else:
                found += write(tag, value, "", guard)
        return found

    return texts


_TEXTS: Final[dict[Codec, tuple[type[msgspec.Struct], str]]] = {
    codecs.TOKENS: (Text, "value"),
    codecs.LTEXTS: (Text, "value"),
    codecs.IDENTIFIER: (Identifier, "value"),
    codecs.URL: (Link, "url"),
}
"""Codecs of structs that are a text and something beside it, and the field with the text."""
