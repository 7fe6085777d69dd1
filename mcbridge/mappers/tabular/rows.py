"""Rows of a table as a spreadsheet counts them, from text that may be broken.

The csv module goes on after a row whose quotes do not match, but a quote that is
never closed swallows what follows. So the lines behind the first line of such a row
are read again: one bad row costs only itself.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TextIO

from msgspec import Struct

if TYPE_CHECKING:
    from _csv import Reader

_CHUNK: Final = 1 << 15
"""Characters of whole lines that are handed to the csv module at once; the reader's own loop runs in C."""

_AGAIN: Final = 1 << 24
"""Characters that are read again in one file at most; behind them a broken row costs what it swallowed."""

_LONGEST: Final = 1 << 22
"""Characters of one row; more is no row but a quote that goes astray."""

_LOOKED_AT: Final = 1 << 13
"""Characters of a broken row in which the cell is looked for that it breaks in."""

Broken = Callable[[int, int, str, int], None]
"""Told about a row that cannot be taken apart: its number, its first line, why, and the column where it breaks."""


class Row(Struct, frozen=True, gc=False):
    """A row: its number, its first line, its cells."""

    number: int
    line: int
    cells: list[str]


class _TooLong(csv.Error):
    """A row goes on and on."""


class Rows:
    """The rows of a text; the first has the number 1, and blank ones count.

    ``width`` is the number of cells that rows should have: it tells where a row whose quotes do not match ends.
    """

    def __init__(self, text: TextIO, delimiter: str, quote: str, broken: Broken, width: int = 0) -> None:
        self._text = text
        self._delimiter = delimiter
        self._quote = quote
        self._broken = broken
        self._width = width
        self._held: deque[tuple[int, list[str], int]] = deque()
        """Pieces handed out that a broken row may reach back into: first line, lines, characters."""
        self._next = 1
        self._start = 1
        self._budget = _AGAIN

    def __iter__(self) -> Iterator[Row]:
        reader, before = self._reader([]), 0
        number, self._start = 0, 1
        while True:
            try:
                for cells in reader:
                    number += 1
                    yield Row(number, self._start, cells)
                    self._start = before + reader.line_num + 1
                return
            except csv.Error as error:
                number, start = number + 1, self._start
                self._broken(number, start, _plain(str(error)), self._column(start, str(error)))
                last = before + reader.line_num
                if isinstance(error, _TooLong) or self._budget > 0:
                    end = self._end(start) if "expected after" in str(error) else start
                    if end != last or isinstance(error, _TooLong):
                        reader, before = self._again(end, last)
                self._start = before + reader.line_num + 1

    def _reader(self, first: list[str]) -> Reader:
        lines = chain(first, chain.from_iterable(self._pieces()))
        return csv.reader(lines, delimiter=self._delimiter, quotechar=self._quote, strict=True)

    def _pieces(self) -> Iterator[list[str]]:
        while lines := self._text.readlines(_CHUNK):
            while self._held and self._held[0][0] + len(self._held[0][1]) <= self._start:
                self._held.popleft()
            too_long = sum(size for _, _, size in self._held) > _LONGEST
            self._held.append((self._next, lines, sum(map(len, lines))))
            self._next += len(lines)
            if too_long:
                raise _TooLong
            yield lines

    def _end(self, start: int) -> int:
        """The last line of a row with stray quotes: its end with quotes as letters, if that is as wide as others.

        Otherwise the row is its first line: a quote may have been left open, and what follows is other rows.
        """
        lenient = csv.reader(self._lines(start - 1), delimiter=self._delimiter, quotechar=self._quote)
        try:
            cells = next(lenient)
        except (StopIteration, csv.Error):
            return start
        several = (line for cell in cells for line in cell.splitlines()[1:])
        swallowed = any(line.count(self._delimiter) >= self._width - 1 for line in several)
        return start - 1 + lenient.line_num if len(cells) == self._width and not swallowed else start

    def _column(self, start: int, message: str) -> int:
        """The column, from one, of the cell in which a row breaks."""
        line = "".join(islice(self._lines(start - 1), 50))[:_LOOKED_AT]
        if "expected after" not in message:  # a quote left open: the cell that never ends
            line = next(iter(line.splitlines()), "")
            return max(1, len(self._cells(line)))
        at = -1
        while (at := line.find(self._delimiter, at + 1)) >= 0:
            try:
                lines = line[:at].splitlines(keepends=True)
                list(csv.reader(lines, delimiter=self._delimiter, quotechar=self._quote, strict=True))
            except csv.Error as error:
                if "expected after" in str(error):
                    return max(1, len(self._cells(line[:at])))
        return max(1, len(self._cells(line)))

    def _cells(self, line: str) -> list[str]:
        lines = line.splitlines(keepends=True)
        return next(csv.reader(lines, delimiter=self._delimiter, quotechar=self._quote), [])

    def _again(self, end: int, last: int) -> tuple[Reader, int]:
        """A reader that goes on behind the end of a broken row; after too many of them, where the last one stopped."""
        self._budget -= sum(size for _, _, size in self._held)
        before = end if self._budget > 0 else max(end, last)
        return self._reader(list(self._lines(before))), before

    def _lines(self, behind: int) -> Iterator[str]:
        """The lines behind this one that were handed out and are still held."""
        return (line for first, lines, _ in self._held for at, line in enumerate(lines, first) if at > behind)


def _plain(message: str) -> str:
    """The csv module's words, in the words of someone who looks at a table."""
    if not message:
        return f"it goes on for more than {_LONGEST:,} characters, so a quote is opened and never closed"
    if message.startswith("unexpected end"):
        return "a quote is opened and never closed"
    if "expected after" in message:
        return "text follows a closing quote, so a quote inside the cell is not doubled"
    if message.startswith("field larger"):
        return f"a cell has more than {csv.field_size_limit():,} characters, as when a quote is never closed"
    return message
