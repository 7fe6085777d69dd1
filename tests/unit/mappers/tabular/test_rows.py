"""Rows are counted as a spreadsheet counts them, and a row that cannot be taken apart costs only itself."""

from __future__ import annotations

from io import StringIO

import pytest

from mcbridge.mappers.tabular.rows import Rows

Found = tuple[list[tuple[int, int, list[str]]], list[tuple[int, int, str, int]]]


def rows(text: str, delimiter: str = ";", quote: str = '"', width: int = 0) -> Found:
    broken: list[tuple[int, int, str, int]] = []
    source = StringIO(text, newline="")
    read = Rows(source, delimiter, quote, lambda *what: broken.append(what), width)
    return [(row.number, row.line, row.cells) for row in read], broken


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_and_lines_part_where_cells_hold_line_breaks(end: str) -> None:
    text = f'a;b{end}"1{end}2";3{end}{end}4;5'
    found, broken = rows(text)
    assert found == [(1, 1, ["a", "b"]), (2, 2, [f"1{end}2", "3"]), (3, 4, []), (4, 5, ["4", "5"])]
    assert broken == []


def test_a_quote_that_is_never_closed_costs_its_row_only() -> None:
    found, broken = rows('a;b\n1;"2\n3;4\n5;6\n')
    assert [cells for _, _, cells in found] == [["a", "b"], ["3", "4"], ["5", "6"]]
    assert [(number, line) for number, line, *_ in broken] == [(2, 2)]


def test_a_quote_that_the_next_row_closes_costs_neither_that_row_nor_the_next() -> None:
    found, broken = rows('a;b\n1;"2\n3;"4"\n5;6\n')
    assert [cells for _, _, cells in found] == [["a", "b"], ["3", "4"], ["5", "6"]]
    assert [line for _, line, *_ in broken] == [2]


def test_text_behind_a_closing_quote_breaks_the_row() -> None:
    found, broken = rows('"a" b;c\n1;2\n')
    assert found == [(2, 2, ["1", "2"])]
    assert broken == [(1, 1, "text follows a closing quote, so a quote inside the cell is not doubled", 1)]


def test_a_quote_inside_a_cell_without_quotes_is_a_letter() -> None:
    assert rows('12" disk;x\n')[0] == [(1, 1, ['12" disk', "x"])]


def test_another_quote_character() -> None:
    assert rows("'a;b';c\n", quote="'")[0] == [(1, 1, ["a;b", "c"])]


def test_an_endless_cell_is_given_up_and_the_rows_behind_it_are_read() -> None:
    """The csv module takes 131,072 characters for one cell at most."""
    text = 'a;b\n"1;2\n' + "3;4\n" * 100_000
    found, broken = rows(text)
    assert len(found) == 100_001
    assert [(number, line) for number, line, *_ in broken] == [(2, 2)]
    assert "131,072" in broken[0][2]


def test_an_endless_row_is_given_up() -> None:
    """Cells that begin and end with a quote on each line never end the row, and none of them is long."""
    text = 'x;"\n' + 'a";"\n' * 1_500_000
    _, broken = rows(text)
    assert any("characters" in why for _, _, why, _ in broken)


def test_broken_rows_in_great_number_are_read_in_one_go() -> None:
    """Reading again behind each of them must not make it slow: it has a budget."""
    found, broken = rows('"a;b\n' * 40_000)
    assert found == []
    assert len(broken) >= 20_000


def test_a_row_with_stray_quotes_ends_where_rows_of_its_width_end() -> None:
    """The rest of its last cell is no row of its own, and the rows behind it keep their numbers."""
    text = 'a;b;c\n"x" y;"1\n2";3\n4;5;6\n'
    found, broken = rows(text, width=3)
    assert found == [(1, 1, ["a", "b", "c"]), (3, 4, ["4", "5", "6"])]
    assert [(number, line) for number, line, *_ in broken] == [(2, 2)]


def test_a_quote_left_open_swallows_no_row_of_the_right_width() -> None:
    text = 'a;b\n1;"2\n3;"4"\n5;6\n'
    found, broken = rows(text, width=2)
    assert [cells for _, _, cells in found] == [["a", "b"], ["3", "4"], ["5", "6"]]
    assert len(broken) == 1


def test_the_cell_in_which_a_row_breaks_is_named_by_its_column() -> None:
    _, broken = rows('a;b;c\n1;"x" y;3\n1;2;"open\n')
    assert [(number, column) for number, _, _, column in broken] == [(2, 2), (3, 3)]
