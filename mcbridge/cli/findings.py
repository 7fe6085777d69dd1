"""A finding as people read it: one line that can be clicked, the place in the document, what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mcbridge.cli.voice import clean
from mcbridge.diagnostics import Diagnostic, JsonLocation, Location, TableLocation, TomlLocation, XmlLocation, letters


def as_lines(found: Diagnostic, *, masked: bool, paint: Callable[[str, str], str]) -> list[str]:
    """The lines of one finding."""
    level = found.level.value
    message = clean(found.masked if masked else found.message)
    lines = [f"{clean(_clickable(found.location))}: {paint(level, level)}: {message}  [{found.rule.id}]"]
    spot = _spot(found.location)
    if spot:
        lines.append(f"    at {clean(spot)}")
    hint = clean(found.masked_hint if masked else found.hint)
    if hint:
        lines.append(f"    hint: {hint}")
    return lines


def as_facts(found: Diagnostic, *, masked: bool) -> dict[str, Any]:
    """The same for those who read JSON."""
    facts = found.to_dict()
    if masked:
        facts |= {"message": found.masked, "hint": found.masked_hint}
    return facts


def _clickable(spot: Location) -> str:
    match spot:
        case XmlLocation(source=source, line=int(line), column=int(column)):
            return f"{source}:{line}:{column}"
        case XmlLocation(line=int(line)) | TableLocation(line=int(line)) | JsonLocation(line=int(line)):
            return f"{spot.source}:{line}"
    return spot.source


def _spot(spot: Location) -> str:
    match spot:
        case XmlLocation(xpath=xpath):
            return xpath or ""
        case JsonLocation(pointer=pointer):
            return pointer
        case TomlLocation(key=key):
            return key
        case TableLocation(sheet=sheet, row=row, column=column, header=header):
            parts = [f'sheet "{sheet}"' if sheet else "", f"row {row}" if row else ""]
            if column:
                parts.append(f"column {letters(column)}" + (f' "{header}"' if header else ""))
            elif header:
                parts.append(f'column "{header}"')
            return ", ".join(part for part in parts if part)
