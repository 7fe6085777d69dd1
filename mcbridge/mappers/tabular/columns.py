"""A column of a profile, compiled into the function that reads its cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from mcbridge.mappers.tabular.amounts import (
    One,
    academic_year_reader,
    date_reader,
    duration_reader,
    number_reader,
    swift_date,
)
from mcbridge.mappers.tabular.cell import (
    Cell,
    Problem,
    bad,
    damage,
    failed,
    on_one_line,
    stripped,
    token,
    unguarded,
)
from mcbridge.mappers.tabular.numbers import number_problem
from mcbridge.mappers.tabular.rules import (
    LEVEL_RANGE,
    NOT_AN_EMAIL,
    NOT_AN_IRI,
    ORGANISATION_UNKNOWN,
    REQUIRED_EMPTY,
    UNKNOWN_WORD,
)
from mcbridge.tables import (
    As,
    CellTarget,
    Code,
    Column,
    Crosswalk,
    Dialect,
    Kind,
    Organisations,
    Profile,
    Tables,
    Vocabulary,
    fold,
)
from mcbridge.tables.crosswalk import WORDS

REMEMBERED: Final = 16384
"""How many different cells of one column are remembered; then remembering begins anew."""

_SEVERAL_LINES: Final = frozenset(
    {
        "achievement.note",
        "assessment.gradingScheme",
        "specification.description",
        "specification.entryRequirements",
        "specification.note",
        "specification.outcomeSummary",
    }
)
_ADDRESSES: Final = frozenset(
    {"qualityAssurance.report", "specification.document", "specification.homepage", "specification.outcomeSkills"}
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_EMAIL: Final = re.compile(r"[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+")
_PLAIN_EMAIL: Final = re.compile("[A-Za-z0-9\u00c0-\u017f][A-Za-z0-9\u00c0-\u017f._+-]*@[A-Za-z0-9\u00c0-\u017f._+-]+")
"""Most addresses: of letters that need no care wherever they stand."""
_CAREFUL: Final = frozenset({"", " ", "=", "#"})
_LEVEL: Final = re.compile(r"[+-]?[0-9]{1,3}")


def reader_of(column: Column, profile: Profile, tables: Tables) -> Callable[[str], Cell]:
    """The function from a cell as it stands in the file to its values and problems. The column has a target."""
    target = column.to
    if target is None:
        raise ValueError(column.header)
    one = value_reader(target, column, profile, tables)
    nothing = frozenset(token(word) for word in (*profile.dialect.empty, *column.empty, ""))
    empty = bad(REQUIRED_EMPTY, None) if column.required else Cell()
    bullet = _bullets(column.bullets)

    def read(raw: str) -> Cell:
        if not raw:
            return empty
        broken = damage(raw)
        if broken is not None:
            return Cell((), (broken,))
        text = stripped(unguarded(raw))
        if token(text) in nothing:
            return empty
        separator = next((each for each in column.split if each in text), None)
        cells = [one(piece) for part in (text.split(separator) if separator else (text,)) if (piece := bullet(part))]
        if len(cells) == 1:
            return cells[0]
        values = tuple(value for cell in cells for value in cell.values)
        problems = tuple(problem for cell in cells for problem in cell.problems)
        return Cell(values, problems) if values or problems else empty

    return read if target.kind is Kind.TEXT else _remembering(read)


def value_reader(target: CellTarget, column: Column, profile: Profile, tables: Tables) -> One:
    """The function from the text of one value to what it says."""
    dialect = profile.dialect
    match target.kind:
        case Kind.DECIMAL:
            read = number_reader(column, dialect)
        case Kind.DURATION:
            read = duration_reader(column, dialect, 60 if column.as_ is As.MINUTES else 3600)
        case Kind.DATE:
            read = date_reader(dialect)
        case Kind.ACADEMIC_YEAR:
            read = academic_year_reader()
        case Kind.ORGANISATION:
            read = _organisation_reader(profile.organisations)
        case Kind.CODE if target.vocabulary is not None:
            read = _code_reader(target, target.vocabulary, column, dialect, tables)
        case Kind.TEXT | Kind.CODE:
            read = _text_reader(target, column, tables)

    def sound(text: str) -> Cell:
        wrong = failed(text)
        return Cell((), (wrong,)) if wrong else read(text)

    return sound


def swift_of(column: Column, dialect: Dialect) -> Callable[[str], Any] | None:
    """The function from a cell that needs no care to its only value, which gives ``None`` for any other cell.

    Most texts and days need none, and they are seldom the same. There is none for a column that always needs care.
    """
    target, words = column.to, (*dialect.empty, *column.empty, "")
    if target is None or column.split or column.bullets or column.suffix or column.via or target.name in _ADDRESSES:
        return None
    if column.digits or column.check:
        return None
    nothing = frozenset(token(word) for word in words)
    if target.kind is Kind.DATE:
        day = swift_date(dialect)
        return day if day is not None and not any(map(day, words)) else None
    if target.kind is not Kind.TEXT:
        return None
    return _swift_email(nothing) if target.name == "learner.email" else _swift_line(nothing)


def _swift_line(nothing: frozenset[str]) -> Callable[[str], str | None]:
    short = max(map(len, nothing))

    def swift(raw: str) -> str | None:
        if (
            raw.isprintable()
            and raw[:1] not in _CAREFUL
            and raw[-1] != " "
            and "  " not in raw
            and (raw.isascii() or "\ufffd" not in raw)
            and (len(raw) > short or token(raw) not in nothing)
        ):
            return raw
        return None

    return swift


def _swift_email(nothing: frozenset[str]) -> Callable[[str], str | None]:
    line, plain, address = _swift_line(nothing), _PLAIN_EMAIL.fullmatch, _EMAIL.fullmatch
    if any("@" in word for word in nothing):
        return lambda raw: raw if line(raw) and address(raw) else None
    return lambda raw: raw if plain(raw) or (line(raw) and address(raw)) else None


def _remembering(read: Callable[[str], Cell]) -> Callable[[str], Cell]:
    known: dict[str, Cell] = {}

    def remembered(raw: str) -> Cell:
        cell = known.get(raw)
        if cell is None:
            if len(known) >= REMEMBERED:
                known.clear()
            cell = known[raw] = read(raw)
        return cell

    return remembered


def _bullets(bullets: tuple[str, ...]) -> Callable[[str], str]:
    """What takes a bullet away in front of a value; ``1.`` stands for any number with a full stop."""
    if not bullets:
        return stripped
    shapes = [rf"[0-9]+{re.escape(each[1:])}(?![0-9])" if each[0] == "1" else re.escape(each) for each in bullets]
    start = re.compile(rf"\s*(?:{'|'.join(shapes)})\s*")

    def without(part: str) -> str:
        return stripped(start.sub("", part, count=1) if start.match(part) else part)

    return without


def _without_unit(text: str, units: frozenset[str]) -> str:
    """The text without a unit behind a digit or a space, compared folded."""
    for at in range(len(text) - 1, 0, -1):
        if not text[at - 1].isalpha() and text[at].isalpha() and fold(text[at:]) in units:
            return text[:at].rstrip()
    return text


def _text_reader(target: CellTarget, column: Column, tables: Tables) -> One:
    units = frozenset(fold(unit) for unit in column.suffix)
    lines = target.name in _SEVERAL_LINES
    translate = tables.via(column.via)[1] if column.via else None
    wanted = NOT_AN_IRI if target.name in _ADDRESSES else NOT_AN_EMAIL if target.name == "learner.email" else None
    shape = _ADDRESS if wanted is NOT_AN_IRI else _EMAIL
    counted = column.digits is not None or column.check is not None

    def read(text: str) -> Cell:
        value = text if lines else on_one_line(text)
        if units:
            value = _without_unit(value, units)
        if translate is not None:
            code = translate(value)
            if code is None:
                return _unknown(value, column, None, tables)
            value = code
        if counted and (wrong := number_problem(value, column)) is not None:
            return Cell((), (wrong,))
        if wanted is not None and not shape.fullmatch(value):
            problem = Problem(wanted, text, kept=wanted is NOT_AN_EMAIL)
            return Cell(((value, None),) if problem.kept else (), (problem,))
        return Cell(((value, None),))

    return read


def _code_reader(target: CellTarget, name: str, column: Column, dialect: Dialect, tables: Tables) -> One:
    vocabulary = tables.vocabulary(name)
    translate: Callable[[str], str | None] | None = tables.via(column.via)[1] if column.via else None
    crosswalk = _words(column, tables)
    units = frozenset(fold(unit) for unit in column.suffix)
    words = {token(word): "true" for word in dialect.booleans.true}
    words |= {token(word): "false" for word in dialect.booleans.false}

    def entry_of(word: str) -> Code | None:
        if translate is not None:
            code = translate(word)
            if code is not None:
                return vocabulary.by_code(code)
            if crosswalk is None or crosswalk.reason(word) is not None:
                return None
        return vocabulary.find(word) or vocabulary.by_label(word)

    def read(text: str) -> Cell:
        word = on_one_line(text)
        if units:
            word = _without_unit(word, units)
        if column.as_ is As.BOOLEAN:
            said = words.get(token(word))
            if said is None:
                known = ", ".join((*dialect.booleans.true, *dialect.booleans.false))
                advice = "write one of these words, or add yours under `booleans` in the profile"
                return bad(UNKNOWN_WORD, word, table=f"the words for yes and no ({known})", more="", advice=advice)
            word = said
        entry = entry_of(word)
        if entry is not None:
            return Cell(((entry, None),))
        if name == "eqf" and _LEVEL.fullmatch(word):
            codes = [each.code for each in vocabulary]
            facts = {"first": codes[0], "last": codes[-1]}
            return Cell(((word, None),), (Problem(LEVEL_RANGE, word, facts, kept=True),))
        return _unknown(word, column, vocabulary, tables)

    return read


def _words(column: Column, tables: Tables) -> Crosswalk | None:
    """The crosswalk of free words that the column goes through; the list that it leads to is understood beside it."""
    if not column.via or not column.via.startswith("crosswalks/") or column.as_ is As.BOOLEAN:
        return None
    crosswalk = tables.crosswalk(column.via.removeprefix("crosswalks/"))
    return crosswalk if crosswalk.origin == WORDS else None


def _unknown(word: str, column: Column, vocabulary: Vocabulary | None, tables: Tables) -> Cell:
    """A word that no list has, with what comes near it."""
    if column.via and column.via.startswith("crosswalks/"):
        crosswalk = tables.crosswalk(column.via.removeprefix("crosswalks/"))
        reason = crosswalk.reason(word)
        more = f", on purpose: {reason}" if reason else ""
        advice = f"correct the word in the export, or add it to mappings/crosswalks/{crosswalk.name}.toml"
        return bad(UNKNOWN_WORD, word, table=f"the crosswalk {crosswalk.name}", more=more, advice=advice)
    listed = vocabulary or tables.vocabulary((column.via or "").removeprefix("vocabularies/"))
    if f"0{word}" in listed:
        more = "; with a zero in front it is, and spreadsheets take zeros away"
    else:
        from difflib import get_close_matches

        near = get_close_matches(word, [each.code for each in listed], n=2, cutoff=0.75)
        more = f"; near it are: {', '.join(near)}" if near else ""
    advice = "correct the code in the export; codes are text, and zeros in front belong to them"
    return bad(UNKNOWN_WORD, word, table=f'the list "{listed.title}"', more=more, advice=advice)


def _organisation_reader(known: Organisations | None) -> One:
    def read(text: str) -> Cell:
        name = on_one_line(text)
        if known is not None and known.find(name) is not None:
            return Cell(((name, None),))
        more = f' "{known.title}"' if known is not None else ", and the profile names no such list"
        return Cell(((name, None),), (Problem(ORGANISATION_UNKNOWN, name, {"more": more}),))

    return read
