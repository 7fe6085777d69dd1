"""Rows of a table as a spreadsheet counts them, from text that may be broken.

The csv module goes on after a row whose quotes do not match, but a quote that is
never closed swallows what follows. So the lines behind the first line of such a row
are read again: one bad row costs only itself.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from _csv import Reader

_CHUNK: Final = 1 << 15
"""Characters of whole lines that are handed to the csv module at once; the reader's own loop runs in C."""

_AGAIN: Final = 1 << 24
"""Characters that are read again in one file at most; behind them a broken row costs what it swallowed."""

_LONGEST: Final = 1 << 22
"""Characters of one row; more is no row but a quote that goes astray."""

Broken = Callable[[int, int, str], None]
"""Told about a row that cannot be taken apart: its number, its first line, and why."""


class _TooLong(csv.Error):
    """A row goes on and on."""


class Rows:
    """The rows of a text: number (the first is 1, blank ones count), first physical line, cells."""

    def __init__(self, text: TextIO, delimiter: str, quote: str, broken: Broken) -> None:
        self._text = text
        self._delimiter = delimiter
        self._quote = quote
        self._broken = broken
        self._held: deque[tuple[int, list[str], int]] = deque()
        """Pieces handed out that a broken row may reach back into: first line, lines, characters."""
        self._next = 1
        self._start = 1
        self._budget = _AGAIN

    def __iter__(self) -> Iterator[tuple[int, int, list[str]]]:
        reader, before = self._reader([]), 0
        number = 0
        while True:
            number += 1
            self._start = start = before + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._broken(number, start, _plain(str(error)))
                last = before + reader.line_num
                if isinstance(error, _TooLong) or (last > start and self._budget > 0):
                    reader, before = self._again(start, last)
                continue
            yield number, start, cells

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

    def _again(self, start: int, last: int) -> tuple[Reader, int]:
        """A reader that goes on behind the first line of a broken row, or behind its last when there were too many."""
        self._budget -= sum(size for _, _, size in self._held)
        before = start if self._budget > 0 else max(start, last)
        lines = [line for first, lines, _ in self._held for at, line in enumerate(lines, first) if at > before]
        return self._reader(lines), before


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
