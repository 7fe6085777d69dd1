"""``mcbridge formats``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from mcbridge.cli.program import Command
from mcbridge.cli.voice import common


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with suffixes, media types and options.")
@common
def formats(*, as_json: bool) -> None:
    """The formats that can be read and written."""
    listed = described()
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    heads = {"name": "name", "what": "what", "reads": "reads", "writes": "writes"}
    rows = [
        {**each, "what": _what(each), **{way: ", ".join(each[way]) or "–" for way in ("reads", "writes")}}
        for each in listed
        if "problem" not in each
    ]
    widths = {key: max(len(str(row[key])) for row in [heads, *rows]) for key in heads}
    for row in [heads, *rows]:
        click.echo("  ".join(f"{row[key]:<{widths[key]}}" for key in heads).rstrip())
        for option, line in row.get("options", {}).items() if row is not heads else ():
            click.echo(f"    {option}: {line}")
    for each in listed:
        if "problem" in each:
            click.echo(f"{each['name']}: cannot be used: {each['problem']}")


def described() -> list[dict[str, Any]]:
    """Every format as plain data; one that does not load with its ``problem``."""
    from mcbridge import mappers

    problems = dict(mappers.broken())
    found: list[dict[str, Any]] = []
    for name in mappers.names():
        if name in problems and name not in mappers.BUILTIN:
            found.append({"name": name, "built_in": False, "problem": problems[name]})
            continue
        format = mappers.describe(name)
        found.append(
            {
                "name": name,
                "title": format.title,
                "version": format.version,
                "built_in": name in mappers.BUILTIN,
                "reads": _kinds(format.reads),
                "writes": _kinds(format.writes),
                "suffixes": list(format.suffixes),
                "media_types": list(format.media_types),
                "one_per_file": format.one_per_file,
                "options": dict(format.options),
            }
        )
    return found


def _kinds(kinds: Iterable[Any]) -> list[str]:
    return sorted(f"{kind.value}s" for kind in kinds)


def _what(each: dict[str, Any]) -> str:
    return f"{each['title']} {each['version']}" if each["version"] else str(each["title"])
