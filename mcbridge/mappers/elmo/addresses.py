"""An address as ELMO has it: by up to four lines or by named parts, most of which stand once."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from mcbridge.mappers.elmo.pen import Pen
from mcbridge.mappers.elmo.values import collapse
from mcbridge.model import Address

LINES: Final = 4
REPEATED: Final = frozenset(("recipientName", "deliveryPointCode"))
"""Parts that may stand several times."""


def fitted(address: Address, path: str, pen: Pen) -> Address:
    """The address as ELMO can carry it; what it cannot is named."""
    if address.full and not address.lines and not address.parts:
        address = _by_lines(address, path, pen)
    if pen.as_read:
        return address
    if len(address.lines) > LINES:
        rest = ", ".join(address.lines[LINES - 1 :])
        address = replace(address, lines=(*address.lines[: LINES - 1], rest))
    if address.parts:
        address = _parts(address)
    if address.country is not None:
        code = pen.lists.country(collapse(address.country))
        if code is None:
            pen.lose(f"{path}.country", "loss/not-listed", "ELMO has two capital letters for the country of an address")
        address = replace(address, country=code)
    return address


def _by_lines(address: Address, path: str, pen: Pen) -> Address:
    """A free address goes line by line."""
    note, *more = address.full
    for index, other in enumerate(more, 1):
        pen.lose(f"{path}.full[{index}]", "loss/one-only", "ELMO holds one address", other)
    for name, found in (("subject", note.subject), ("format", note.format)):
        if found is not None:
            pen.lose(f"{path}.full[0].{name}", "loss/no-place", "an ELMO address is text only", found)
    for index, same in enumerate(note.texts[1:], 1):
        pen.lose(f"{path}.full[0].texts[{index}]", "loss/one-only", "ELMO holds an address once", same)
    lines: tuple[str, ...] = ()
    for text in note.texts[:1]:
        if text.lang is not None:
            pen.lose(f"{path}.full[0].texts[0].lang", "loss/language", "ELMO gives no language here")
        plain = pen.clean(text.value, f"{path}.full[0].texts[0].value", exact=True)
        lines = tuple(tight for line in plain.splitlines() if (tight := collapse(line)))
    return replace(address, full=(), lines=lines)


def _parts(address: Address) -> Address:
    """A part that has no place beside the others loses its name, and so has no element."""
    seen: set[str] = set()
    parts = []
    for part in address.parts:
        again = part.name in seen and part.name not in REPEATED
        beside = bool(address.lines) and part.name != "recipientName"
        seen.add(part.name)
        parts.append(replace(part, name="") if again or beside else part)
    return replace(address, parts=tuple(parts))
