"""A made-up table that says what a profile can say: a row with every cell filled, then rows with one cell empty."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

from mcbridge.mappers.tabular.columns import reader_of
from mcbridge.origins import Source
from mcbridge.tables import TARGETS, As, Column, Profile, Tables
from mcbridge.tables.loading import Spot
from mcbridge.tables.profile import load_profile
from mcbridge.tables.targets import Kind

_DAY: Final = dt.date(2025, 6, 30)
_TEXTS: Final = {
    "activity.contactHours": "30",
    "learner.email": "ana@example.org",
    "qualityAssurance.report": "https://example.org/report",
    "specification.contactHours": "30",
    "specification.homepage": "https://example.org/offer",
}
_QUALIFIED: Final = {"type": "local", "scheme": "ects", "country": "HR"}
_MAY_FIT: Final = (
    "6",
    "2025/2026",
    "https://example.org/page",
    "http://data.europa.eu/esco/skill/00000000-0000-0000-0000-000000000000",
    "12345678901",
    "1234567890",
    "da",
)
"""What stands in cells that do not take any words."""


def whole_profile(tables: Tables) -> Profile:
    """A profile with a column for everything that a table of credentials can say, texts in two languages."""
    columns: dict[str, Any] = {}
    for target in TARGETS.values():
        if "credential" in target.records:
            said = {name: word for name, word in _QUALIFIED.items() if name in target.qualifiers}
            columns[target.name] = {"to": target.name, **said, **({"lang": "en"} if target.lang else {})}
            if target.lang:
                columns[f"{target.name} (hr)"] = {"to": target.name, "lang": "hr"}
    data = {"title": "everything", "record": "credential", "one_row_is": "credential", "columns": columns}
    if known := tables.names("organisations"):  # an institution of which nothing is known but its name goes nowhere
        data["organisations"] = known[0]
    return load_profile("everything", data, Spot("everything"), tables)


def sample(profile: Profile, tables: Tables) -> Source:
    """A table in the words of a profile."""
    filled = {column.header: _cell(column, profile, tables) for column in profile.columns}
    text = StringIO(newline="")
    table = csv.writer(text, delimiter=profile.dialect.delimiter, quotechar=profile.dialect.quote)
    table.writerow(filled)
    table.writerow(filled.values())
    for empty in filled:
        table.writerow([cell if header != empty else "" for header, cell in filled.items()])
    return Source("sample.csv", text.getvalue().encode())


def _cell(column: Column, profile: Profile, tables: Tables) -> str:
    """A word that the column takes, whatever it says besides; nothing when we know none."""
    readers = [reader_of(each, profile, tables) for each in column.readings]
    for word in (word for each in column.readings for word in _words(each, profile, tables)):
        cells = [read(word) for read in readers]
        if any(cell.values for cell in cells) and not any(cell.problems for cell in cells):
            return word
    return "" if readers else "what nobody wants to know"


def _words(column: Column, profile: Profile, tables: Tables) -> Iterator[str]:
    target = column.to
    if target is None:
        return
    if column.as_ is As.BOOLEAN:
        yield from profile.dialect.booleans.true
    if column.via is not None:
        folder, _, name = column.via.partition("/")
        if folder == "vocabularies":
            yield from (entry.code for entry in tables.vocabulary(name))
        else:
            yield from (word for word, _ in tables.crosswalk(name))
    if target.kind is Kind.DATE:
        yield from (_DAY.strftime(form) for form in profile.dialect.dates)
    if target.kind is Kind.ORGANISATION:
        yield from (name for name, _ in profile.organisations or ())
        yield "Example University"
    if target.name in _TEXTS:
        yield _TEXTS[target.name]
    if target.kind is Kind.TEXT:
        yield f"{target.meaning} ({column.lang})" if column.lang else target.meaning
    yield from _MAY_FIT
