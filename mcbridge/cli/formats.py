"""``mcbridge formats``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click

from mcbridge.cli.program import Command, Group
from mcbridge.cli.voice import Voice, common, on_terminal


@click.group(cls=Group, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with suffixes, media types and options.")
@common
@click.pass_context
def formats(ctx: click.Context, *, as_json: bool) -> None:
    """The formats that can be read and written."""
    if ctx.invoked_subcommand is None:
        _listed(as_json=as_json)


def _listed(*, as_json: bool) -> None:
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


@formats.command(cls=Command)
@click.argument("source", metavar="A")
@click.argument("target", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the places where each loss was seen.")
@common
@click.pass_obj
def compare(voice: Voice, *, source: str, target: str, as_json: bool) -> None:
    """What a document in format A would lose in format B.

    Options of a format follow a colon: csv:profile=P, edc:form=bare. A field is named with the kind of thing that has
    it, as in the JSON Schema of the canonical model. "always" means that nothing in it comes through; "may" that it
    depends on the value, or on where it stands.
    """
    import msgspec

    from mcbridge.cli.reading import format_and_options
    from mcbridge.conversion.comparison import compare as compared
    from mcbridge.tables import Tables

    if on_terminal():
        voice.say("trying everything that a record can say; this takes some seconds")
    found = compared(*format_and_options(source), *format_and_options(target), Tables())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        widths = [max((len(getattr(line, name)) for line in found.lines), default=0) for name in ("field", "code")]
        for line in found.lines:
            when = "always" if line.always else "may"
            click.echo(f"{when:<6}  {line.field:<{widths[0]}}  {line.code:<{widths[1]}}  {line.reason}")
    if found.note:
        voice.say(found.note)
    voice.say(f"{len(found.lines)} losses from {source} to {target}, {sum(line.always for line in found.lines)} always")


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
