"""Numbers, durations and dates are read as the profile says, or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mcbridge.mappers.tabular.amounts import date_reader, duration_reader, number_reader
from mcbridge.mappers.tabular.cell import Cell
from mcbridge.model import Duration
from mcbridge.tables import TARGETS, Column, Dialect

COMMA = Dialect(decimal=",", thousands=".", dates=("%d.%m.%Y", "%d. %m. %Y."))
COLUMN = Column(header="ECTS", to=TARGETS["specification.credit"], suffix=("ECTS", "ECTS bodova"))


def only(cell: Cell) -> tuple[object, str | None, list[str]]:
    """Value, spelling and rules."""
    value, spelling = cell.values[0] if cell.values else (None, None)
    return value, spelling, [problem.rule.id for problem in cell.problems]


@pytest.mark.parametrize(
    ("text", "value", "spelling"),
    [
        ("5", "5", None),
        ("7,5", "7.5", None),
        ("5,00", "5.00", None),
        ("+5", "5", "+5"),
        ("05", "5", "05"),
        ("1.062,5", "1062.5", "1.062,5"),
        ("5 ECTS", "5", "5 ECTS"),
        ("5ects", "5", "5ects"),
        ("5\u00a0ECTS bodova", "5", "5\u00a0ECTS bodova"),
    ],
)
def test_numbers_as_the_profile_writes_them(text: str, value: str, spelling: str | None) -> None:
    read = only(number_reader(COLUMN, COMMA)(text))
    assert read == (Decimal(value), spelling, [])
    assert str(read[0]) == value


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "5,5,5",
        "½",
        "1e3",
        "NaN",
        "Infinity",
        "--5",
        "5 h",
        "5 6",
        "ECTS",
        "5-10",
        "٣",
        "1.2.3",
        "1" * 41,
        "0x10",
    ],
)
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert only(number_reader(COLUMN, COMMA)(text)) == (None, None, ["csv/not-a-number"])


@pytest.mark.parametrize("text", ["-5", "\u22125"])
def test_a_negative_number_is_kept_for_others_to_judge(text: str) -> None:
    cell = number_reader(COLUMN, COMMA)(text)
    assert only(cell)[0] == Decimal(-5)
    assert [(problem.rule.id, problem.fatal) for problem in cell.problems] == [("csv/negative-number", False)]


def test_the_other_decimal_sign_is_read_where_it_can_mean_nothing_else() -> None:
    assert only(number_reader(COLUMN, COMMA)("7.5")) == (Decimal("7.5"), "7.5", ["csv/decimal-sign"])
    assert only(number_reader(COLUMN, COMMA)("1.500"))[0] == Decimal(1500), "declared as thousands"
    undeclared = number_reader(COLUMN, Dialect(decimal=","))
    assert only(undeclared("1.500")) == (None, None, ["csv/not-a-number"])
    assert only(number_reader(COLUMN, Dialect())("1,5")) == (Decimal("1.5"), "1,5", ["csv/decimal-sign"])


def test_thin_spaces_part_thousands_like_the_others() -> None:
    read = number_reader(COLUMN, Dialect(decimal=",", thousands="\u202f"))
    assert only(read("1\u202f000,5"))[0] == only(read("1\u00a0000,5"))[0] == Decimal("1000.5")


@pytest.mark.parametrize(
    ("text", "seconds", "spelling"), [("30", "108000", None), ("1,5", "5400", None), ("30,0 h", "108000", "30,0 h")]
)
def test_hours_are_durations_and_nothing_is_converted_into_days(text: str, seconds: str, spelling: str | None) -> None:
    column = Column(header="h", to=TARGETS["specification.volumeOfLearning"], suffix=("h",))
    read = duration_reader(column, COMMA, 3600)
    assert only(read(text)) == (Duration(seconds=Decimal(seconds)), spelling, [])


@pytest.mark.parametrize(
    ("text", "spelling"),
    [("31.03.2025", None), ("31. 3. 2025.", "31. 3. 2025."), ("31.3.2025", "31.3.2025")],
)
def test_dates_as_the_profile_writes_them(text: str, spelling: str | None) -> None:
    assert only(date_reader(COMMA)(text)) == (date(2025, 3, 31), spelling, [])


@pytest.mark.parametrize("text", ["31.02.2025", "29.02.2023", "00.01.2025", "1.13.2025", "31. 2. 2025.", "1.1.0000"])
def test_a_day_that_no_calendar_has(text: str) -> None:
    assert only(date_reader(COMMA)(text)) == (None, None, ["csv/date-impossible"])


@pytest.mark.parametrize(
    "text", ["2025-03-31", "31/03/2025", "ožujak 2025", "31.03.25", "20250331", "31.03.2025 00:00"]
)
def test_a_date_that_is_written_otherwise(text: str) -> None:
    assert only(date_reader(COMMA)(text)) == (None, None, ["csv/date-format"])


def test_the_number_of_a_day_is_not_taken_for_one() -> None:
    assert only(date_reader(COMMA)("45292")) == (None, None, ["csv/date-serial"])
    assert only(date_reader(COMMA)("45292,5")) == (None, None, ["csv/date-serial"])


def test_patterns_that_disagree_are_refused_and_those_that_agree_are_not() -> None:
    read = date_reader(Dialect(dates=("%d/%m/%Y", "%m/%d/%Y")))
    assert only(read("05/04/2025")) == (None, None, ["csv/date-format"])
    assert only(read("31/03/2025"))[0] == date(2025, 3, 31)
    assert only(read("04/04/2025"))[0] == date(2025, 4, 4)


def test_patterns_without_separators_and_with_more_than_a_day() -> None:
    assert only(date_reader(Dialect(dates=("%Y%m%d",)))("20250331"))[0] == date(2025, 3, 31)
    assert only(date_reader(Dialect(dates=("%Y%m%d",)))("2025031"))[2] == ["csv/date-format"]
    assert only(date_reader(Dialect(dates=("%d%m%y",)))("010269"))[0] == date(1969, 2, 1)
    assert only(date_reader(Dialect(dates=("%d%m%y",)))("010268"))[0] == date(2068, 2, 1)
    read = date_reader(Dialect(dates=("%Y-%m-%d %H:%M:%S",)))
    assert only(read("2025-03-31 00:00:00"))[0] == date(2025, 3, 31)
    assert only(read("2025-03-31"))[2] == ["csv/date-format"]
