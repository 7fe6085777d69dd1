"""What a table is, told by its headings: never by its rows, and no heading is shown that no profile vouches for.

A file without headings begins with somebody's data, so the first row is quoted only
where a profile knows most of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from mcbridge.diagnostics import Report
from mcbridge.errors import Unreadable
from mcbridge.mappers.tabular.encoding import encoding_of, heads, text_of
from mcbridge.mappers.tabular.header import NAMES, Layout, known, missing, nearest
from mcbridge.origins import Source
from mcbridge.tables import Profile


def facts(source: Source, fitting: list[Profile], others: Iterable[Profile], asked: str | None) -> Mapping[str, Any]:
    """What there is to tell of a table whose headings are those of the ``fitting`` profiles, or of none.

    Raises ``Unreadable`` when a profile fits and the letters are in none of its encodings.
    """
    if len(fitting) == 1:
        (profile,) = fitting
        encoding = encoding_of(source, profile.dialect.encoding, asked, Report())
        with text_of(source, encoding) as text:
            layout = nearest(text, profile)
        return {"encoding": encoding, **_table(layout), **_profile(profile, layout)}
    found: dict[str, Any] = {}
    try:
        found["encoding"] = encoding_of(source, (), asked, Report())
    except Unreadable:
        found["encoding"] = None
    if fitting:
        return {**found, "profilesThatFit": [profile.name for profile in fitting]}
    near = [each for profile in others if (each := _near(source, profile, asked)) is not None]
    found["profile"] = None
    if near:
        layout, profile = max(near, key=lambda each: len(known(each[0])))
        lacks = [column.header for column in missing(layout, profile)]
        found |= {"nearestProfile": profile.name, "columns": {"known": len(known(layout)), "missing": lacks}}
    return found


def _near(source: Source, profile: Profile, asked: str | None) -> tuple[Layout, Profile] | None:
    """The headings as a profile that does not fit sees them, if it knows more than one."""
    for text in heads(source.head, (asked,) if asked else profile.dialect.encoding):
        layout = nearest(StringIO(text, newline=""), profile)
        if layout is not None and len(known(layout)) > 1:
            return layout, profile
    return None


def _table(layout: Layout | None) -> dict[str, Any]:
    if layout is None or not known(layout):
        return {}
    return {"delimiter": NAMES[layout.delimiter].split(" ", 1)[1], "headingsInRow": layout.row}


def _profile(profile: Profile, layout: Layout | None) -> dict[str, Any]:
    found: dict[str, Any] = {"profile": profile.name, "oneRowIs": profile.one_row_is}
    if layout is None:
        return found
    columns = known(layout)
    unknown = [
        heading for heading, column in zip(layout.headings, layout.columns, strict=True) if column is None and heading
    ]
    return found | {
        "columns": {
            "mapped": sum(column.to is not None for column in columns),
            "ignored": sum(column.to is None for column in columns),
            "unknown": unknown if len(columns) > 1 else len(unknown),
            "missing": [column.header for column in missing(layout, profile)],
        }
    }
