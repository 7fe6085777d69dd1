"""Profiles: how one kind of export is written, and which canonical field each of its columns is.

A profile holds names, codes, separators and constants; no conditions, no
expressions. Everything in it is checked when it is loaded: each column is mapped
or ignored with a reason, each target, crosswalk and code exists, nothing stands twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Protocol

from msgspec import Meta, Struct, field

from mcbridge.tables.dialect import Dialect, load_dialect
from mcbridge.tables.folding import fold
from mcbridge.tables.loading import Spot, fail, near, one_of, typed
from mcbridge.tables.organisations import Organisations
from mcbridge.tables.targets import READINGS, TARGETS, As, CellTarget, Kind
from mcbridge.tables.vocabulary import Vocabulary

RecordName = Literal["credential", "provision"]
CheckDigit = Literal["iso-7064-mod-11-10"]
RowName = Literal["achievement", "credential", "provision"]


class Column(Struct, frozen=True, kw_only=True):
    """One column.

    A column with ``ignore`` has nothing else but aliases; every other has a ``to``. ``required``: it must be in the
    file, and each row must fill it. ``via``: the crosswalk or vocabulary that turns the cell into a code; a coded
    target has its own list when the profile names none. ``split``: what parts the values of one cell, and the first
    that occurs in the cell is taken. ``bullets``: what is taken away in front of each value; a bullet that begins with
    ``1`` stands for any number (``1.``, ``1)``). ``suffix``: units that may follow a value and are taken away,
    compared folded. ``empty`` adds to the dialect's. ``nr``: which of several things of the same kind the column
    speaks of. ``digits``: how many digits the value has, and nothing else; ``check``: what its last digit follows
    from. ``also``: what the same cell says besides; where that is said elsewhere in the row, both must agree.
    """

    header: str
    aliases: tuple[str, ...] = ()
    ignore: str | None = None
    to: CellTarget | None = None
    as_: As = As.TEXT
    lang: str | None = None
    via: str | None = None
    type: str | None = None
    scheme: str | None = None
    country: str | None = None
    required: bool = False
    split: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    nr: int = 1
    digits: int | None = None
    check: CheckDigit | None = None
    also: tuple[Column, ...] = ()

    @property
    def readings(self) -> tuple[Column, ...]:
        """The column, and what its cells say besides; none when it is ignored."""
        return () if self.to is None else (self, *self.also)


class Given(Struct, frozen=True, kw_only=True):
    """A value that does not come from a cell. ``value`` is a code where the target is one, else text as written."""

    to: CellTarget
    value: str
    lang: str | None = None


class Profile(Struct, frozen=True, kw_only=True):
    """One kind of export.

    ``group_by`` names the targets whose equal values make rows one record; empty when each row is one. ``constants``
    hold for every row. ``defaults`` stand in for a cell that is empty or a column that is not there, each use a note.
    """

    name: str
    title: str
    description: str
    record: RecordName
    one_row_is: RowName
    group_by: tuple[CellTarget, ...]
    dialect: Dialect
    columns: tuple[Column, ...]
    constants: tuple[Given, ...]
    defaults: tuple[Given, ...]
    organisations: Organisations | None
    by_heading: Mapping[str, Column]

    def column(self, heading: str) -> Column | None:
        """The column with this heading or alias, whatever its case, accents and spaces."""
        return self.by_heading.get(fold(heading))


class _ColumnFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    to: str | None = None
    as_: As | None = field(name="as", default=None)
    lang: str | None = None
    via: str | None = None
    type: str | None = None
    scheme: str | None = None
    country: str | None = None
    required: bool = False
    ignore: str | None = None
    aliases: tuple[str, ...] = ()
    split: str | tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    suffix: str | tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    nr: Annotated[int, Meta(ge=1, le=99)] = 1
    digits: Annotated[int, Meta(ge=1, le=40)] | None = None
    check: CheckDigit | None = None
    also: tuple[dict[str, Any], ...] = ()


class _File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: str
    record: RecordName
    one_row_is: RowName
    columns: dict[str, Any]
    description: str = ""
    group_by: tuple[str, ...] = ()
    dialect: dict[str, Any] = {}
    constants: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    organisations: str | dict[str, Any] | None = None


class Lookup(Protocol):
    """What a profile needs of the other tables."""

    def vocabulary(self, name: str) -> Vocabulary: ...

    def organisations(self, name: str) -> Organisations: ...

    def names(self, folder: str) -> tuple[str, ...]: ...

    def via(self, path: str, spot: Spot) -> tuple[str, Callable[[str], str | None]]: ...


def load_profile(name: str, data: Mapping[str, Any], spot: Spot, tables: Lookup | None) -> Profile:
    """The profile of a file. Raises ``ConfigError`` with the file and the key path.

    Without ``tables``, what must be looked up in them is neither there nor checked.
    """
    file = typed(data, _File, spot)
    columns: list[Column] = []
    by_heading: dict[str, Column] = {}
    taken: dict[tuple[str, str | None, int], str] = {}
    for header, entry in file.columns.items():
        here = spot.at("columns", header)
        column = _column(header, typed(entry, _ColumnFile, here), file.record, here, tables)
        columns.append(column)
        for heading in (header, *column.aliases):
            if by_heading.setdefault(fold(heading), column) is not column or not fold(heading):
                fail(
                    here, f"another column is called {heading!r} too", "headings are compared without case and accents"
                )
        if column.to is not None:
            _take(taken, column.to, column.lang, column.nr, header, here)
    organisations = _organisations(name, file.organisations, spot, tables)
    constants = _given(file.constants, file.record, spot.at("constants"), tables)
    for given in constants:
        if given.to.kind is Kind.ORGANISATION and organisations is not None and not organisations.find(given.value):
            hint = near(given.value, (name for name, _ in organisations))
            fail(spot.at("constants", given.to.name), f"{given.value!r} is not among the organisations", hint)
        _take(taken, given.to, given.lang, 1, "", spot.at("constants", given.to.name))
    return Profile(
        name=name,
        title=file.title,
        description=file.description,
        record=file.record,
        one_row_is=file.one_row_is,
        group_by=_grouping(file, columns, constants, spot),
        dialect=load_dialect(file.dialect, spot.at("dialect")),
        columns=tuple(columns),
        constants=constants,
        defaults=_given(file.defaults, file.record, spot.at("defaults"), tables),
        organisations=organisations,
        by_heading=by_heading,
    )


def _organisations(
    name: str, said: str | dict[str, Any] | None, spot: Spot, tables: Lookup | None
) -> Organisations | None:
    """The list that the profile names, or the one that stands in it."""
    if said is None or tables is None:
        return None
    if isinstance(said, str):
        known = tables.names("organisations")
        return tables.organisations(one_of(spot.at("organisations"), said, known, "table"))
    data = {"title": f"those of the profile {name}", "organisations": said}
    return Organisations(data, spot, tables.vocabulary)


def _column(header: str, file: _ColumnFile, record: str, spot: Spot, tables: Lookup | None) -> Column:
    if file.ignore is not None:
        if file != _ColumnFile(ignore=file.ignore, aliases=file.aliases):
            fail(spot, "a column that is ignored has nothing else than aliases", "take away `ignore` or the rest")
        if not file.ignore.strip():
            fail(spot.at("ignore"), "no reason is given", "say why nobody needs this column")
        return Column(header=header, aliases=file.aliases, ignore=file.ignore)
    if file.to is None:
        fail(spot, "the column is neither mapped nor ignored", 'write `to = "…"`, or `ignore = "why"`')
    target = _target(file.to, record, spot.at("to"))
    as_ = file.as_ or READINGS[target.kind][0]
    if as_ not in READINGS[target.kind]:
        fits = " or ".join(repr(word.value) for word in READINGS[target.kind])
        fail(spot.at("as"), f"{target.name} cannot be read as {as_.value!r}", f"write {fits}")
    _check_qualifiers(file, target, record, spot, tables)
    _check_number(file, target, spot)
    split = (file.split,) if isinstance(file.split, str) else file.split
    if split and not target.many:
        fail(spot.at("split"), f"{target.name} holds one value")
    if "" in (*split, *file.bullets):
        fail(spot, "an empty separator or bullet")
    _check_via(file.via, as_, target, spot.at("via"), tables)
    via = file.via or (f"vocabularies/{target.vocabulary}" if target.vocabulary else None)
    return Column(
        header=header,
        aliases=file.aliases,
        to=target,
        as_=as_,
        lang=file.lang,
        via=via,
        type=file.type,
        scheme=file.scheme,
        country=file.country,
        required=file.required,
        split=split,
        bullets=file.bullets,
        suffix=(file.suffix,) if isinstance(file.suffix, str) else file.suffix,
        empty=file.empty,
        nr=file.nr,
        digits=file.digits,
        check=file.check,
        also=tuple(_also(header, each, record, spot.at("also", at), tables) for at, each in enumerate(file.also)),
    )


def _also(header: str, data: dict[str, Any], record: str, spot: Spot, tables: Lookup | None) -> Column:
    """What a cell says besides. Whether the column must be there and filled is the column's business."""
    file = typed(data, _ColumnFile, spot)
    for key in ("aliases", "ignore", "required", "also"):
        if getattr(file, key):
            fail(spot.at(key), f"{key} belongs to the column", "write it beside `to`, not in `also`")
    return _column(header, file, record, spot, tables)


def _check_number(file: _ColumnFile, target: CellTarget, spot: Spot) -> None:
    for key in ("digits", "check"):
        if getattr(file, key) is not None and (target.kind is not Kind.TEXT or target.lang):
            fail(spot.at(key), f"{target.name} is no number made of digits", f"take `{key}` away")


def _check_qualifiers(file: _ColumnFile, target: CellTarget, record: str, spot: Spot, tables: Lookup | None) -> None:
    if file.lang is not None and not target.lang:
        fail(spot.at("lang"), f"{target.name} has no language")
    for qualifier in ("type", "scheme", "country"):
        if getattr(file, qualifier) is not None and qualifier not in target.qualifiers:
            fail(spot.at(qualifier), f"{target.name} has no {qualifier}", near(qualifier, target.qualifiers))
    if file.nr > 1 and record not in target.series:
        several = f"several columns may give {target.name} anyway" if target.many else "there is only one"
        fail(spot.at("nr"), f"{target.name} is not numbered in a {record}", several)
    if file.country is not None and tables is not None:
        one_of(spot.at("country"), file.country, {entry.code for entry in tables.vocabulary("country")}, "country")


def _check_via(via: str | None, as_: As, target: CellTarget, spot: Spot, tables: Lookup | None) -> None:
    if via is None:
        if as_ is As.BOOLEAN:
            fail(spot, f"yes or no is no code of {target.name}", "name the crosswalk that says what true and false are")
        return
    if target.kind is not Kind.CODE and target.kind is not Kind.TEXT:
        fail(spot, f"{target.name} is no code", "take `via` away")
    if tables is None:
        return
    gives, get = tables.via(via, spot)
    if target.vocabulary is not None and gives != target.vocabulary:
        fail(spot, f"{via} leads to {gives!r}, but {target.name} holds {target.vocabulary!r}")
    if as_ is As.BOOLEAN and (get("true") is None or get("false") is None):
        fail(spot, f"{via} does not say what true and false are")


def _target(name: str, record: str, spot: Spot) -> CellTarget:
    target = TARGETS.get(name)
    if target is not None and record in target.records:
        return target
    usable = [other.name for other in TARGETS.values() if record in other.records]
    if target is not None:
        fail(spot, f"{name} has no place in a {record}", near(name, usable))
    return TARGETS[one_of(spot, name, usable, "target")]


def _take(
    taken: dict[tuple[str, str | None, int], str],
    target: CellTarget,
    lang: str | None,
    nr: int,
    header: str,
    spot: Spot,
) -> None:
    """Each target is given once; in several languages or by several numbers once each."""
    key = (target.name, lang, nr)
    if target.many:
        return
    if key in taken:
        other = f"the column {taken[key]!r}" if taken[key] else "a constant"
        fail(spot, f"{other} gives {target.name} already", "give each its own `lang`, or ignore one with a reason")
    taken[key] = header


def _given(data: Mapping[str, Any], record: str, spot: Spot, tables: Lookup | None) -> tuple[Given, ...]:
    """Constants or defaults: a text, or texts by language."""
    found: list[Given] = []
    for name, value in data.items():
        here = spot.at(name)
        target = _target(name, record, here)
        texts: list[tuple[str | None, str]] = (
            list(typed(value, dict[str, str], here).items())
            if isinstance(value, dict)
            else [(None, typed(value, str, here))]
        )
        for lang, text in texts:
            if lang is not None and not target.lang:
                fail(here, f"{target.name} has no language")
            if not text.strip():
                fail(here, "an empty value", "take the line away")
            if target.vocabulary is not None and tables is not None:
                words = tables.vocabulary(target.vocabulary)
                code = words.find(text)
                if code is None:
                    fail(here, f"{text!r} is no code of {words.name!r}", near(text, (entry.code for entry in words)))
                found.append(Given(to=target, value=code.code, lang=lang))
            else:
                found.append(Given(to=target, value=text, lang=lang))
    return tuple(found)


def _grouping(file: _File, columns: list[Column], constants: tuple[Given, ...], spot: Spot) -> tuple[CellTarget, ...]:
    here = spot.at("group_by")
    if (file.record == "provision") != (file.one_row_is == "provision"):
        fail(spot.at("one_row_is"), f"a row that is {file.one_row_is!r} makes no {file.record!r}")
    if file.one_row_is == "achievement" and not file.group_by:
        fail(here, "rows that are achievements need something to group them by", 'for example ["learner.identifier"]')
    if file.one_row_is != "achievement" and file.group_by:
        fail(here, f"each row is one {file.one_row_is}, so nothing is grouped", "take `group_by` away")
    given = {each.to.name for column in columns for each in column.readings if each.to is not None} | {
        given.to.name for given in constants
    }
    return tuple(TARGETS[one_of(here.at(at), name, given, "mapped target")] for at, name in enumerate(file.group_by))
