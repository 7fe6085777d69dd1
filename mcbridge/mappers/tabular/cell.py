"""What one cell says, and what is wrong with it; and the text of a cell as it was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from mcbridge.diagnostics import Rule, Severity
from mcbridge.mappers.tabular.rules import CONTROL_CHARACTER, REPLACEMENT_CHARACTER, SPREADSHEET_ERROR


class Problem(NamedTuple):
    """What is wrong with a cell. ``kept``: there is a value all the same, for later rules to judge."""

    rule: Rule
    value: str | None
    facts: Mapping[str, Any] = {}
    kept: bool = False

    @property
    def fatal(self) -> bool:
        """Whether the row cannot be used."""
        return self.rule.severity is Severity.ERROR and not self.kept


class Cell(NamedTuple):
    """The values of a cell, each with its spelling where the value cannot give it back; none when it is empty."""

    values: tuple[tuple[Any, str | None], ...] = ()
    problems: tuple[Problem, ...] = ()


def bad(rule: Rule, value: str | None, **facts: object) -> Cell:
    """A cell without a value."""
    return Cell((), (Problem(rule, value, facts),))


_NO_TEXT: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
_UNSEEN: Final = "\u200b\u200e\u200f\u2060\ufeff"
"""Marks without width or ink that come along when text is copied from a mail or a page."""

_GUARDED: Final = re.compile(r'\s*="(.*)"\s*', re.DOTALL)
_FAILED: Final = r"#(?:N/A|N/D|NV|#+|[A-ZÀ-Ž/0-9_]{2,20}[!?])"


def damage(raw: str) -> Problem | None:
    """What no credential can carry: control characters, and the mark of a letter that was lost."""
    if raw.isprintable() and "\ufffd" not in raw:
        return None
    if "\ufffd" in raw:
        return Problem(REPLACEMENT_CHARACTER, raw)
    found = re.search(_NO_TEXT, raw)
    if found is None:
        return None
    code = ord(found[0])
    facts = {"code": code, "more": "", "advice": "take it out in the student system and export again"}
    if 0x80 <= code <= 0x9F:
        facts["more"] = ", which text never has on purpose"
        facts["advice"] = "the file is probably in another encoding, where this is a letter: say which with --encoding"
    elif code == 0:
        facts["more"] = ", as in UTF-16 text that is read as something else"
        facts["advice"] = "export again as UTF-8; if other cells look damaged, say the encoding with --encoding"
    return Problem(CONTROL_CHARACTER, raw, facts)


def failed(text: str) -> Problem | None:
    """What spreadsheets show for a value: ``#REF!``, ``#N/A``, ``####`` in a narrow column."""
    return Problem(SPREADSHEET_ERROR, text) if text.startswith("#") and re.fullmatch(_FAILED, text) else None


def unguarded(raw: str) -> str:
    """``="0036"`` is how zeros in front survive a spreadsheet: the text is 0036."""
    found = _GUARDED.fullmatch(raw) if raw.lstrip().startswith('="') else None
    return found[1].replace('""', '"') if found else raw


def stripped(raw: str) -> str:
    """The text without space and unseen marks around it, and with one kind of line break."""
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip().strip(_UNSEEN).strip()


def on_one_line(text: str) -> str:
    """The text with each run of spaces, no-break spaces and line breaks as one space."""
    return " ".join(text.split()).strip(_UNSEEN)


def token(text: str) -> str:
    """A cell as it is compared with those that mean nothing: without case and spaces."""
    return "".join(text.casefold().split())
