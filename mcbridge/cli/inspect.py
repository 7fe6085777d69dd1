"""``mcbridge inspect``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mcbridge.cli.program import Command
from mcbridge.cli.reading import doctype_option, limit_option, reading_by, standard_input
from mcbridge.cli.seals import judging_seals, terms
from mcbridge.cli.voice import Voice, clean, common

if TYPE_CHECKING:
    from mcbridge.conversion.inspection import Inspected


@click.command(cls=Command)
@click.argument("source", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--from", "from_", metavar="FORMAT", help="What the source is; by default told by its content.")
@click.option("--profile", metavar="P", help="How a table is written: a name in mappings/csv/, or a TOML file.")
@click.option("--encoding", metavar="E", help="Encoding of a table, instead of the profile's.")
@doctype_option
@click.option(
    "--mappings",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="A folder of mapping files that stand in front of ours.",
)
@limit_option
@judging_seals
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@common
@click.pass_obj
def inspect(  # noqa: PLR0913 - one for each option
    voice: Voice,
    *,
    source: tuple[str, ...],
    from_: str | None,
    profile: str | None,
    encoding: str | None,
    allow_doctype: bool,
    mappings: Path | None,
    limit: tuple[str, ...],
    trusted_keys: Path | None,
    allow_sha1: bool,
    verify_at: str | None,
    as_json: bool,
) -> int:
    """Say what a document is and how much it holds, and change nothing.

    Format, version, seal, counts and languages; of a table its encoding, its profile and its columns. Folders and
    archives are looked into. No value of any record is shown: a learner is a number here.
    """
    import msgspec

    from mcbridge.conversion import expand
    from mcbridge.conversion.inspection import inspect as inspected
    from mcbridge.diagnostics import Report

    seals = terms(trusted_keys, allow_sha1=allow_sha1, verify_at=verify_at)
    reading = reading_by(from_, profile, encoding, mappings, limit=limit, allow_doctype=allow_doctype, seals=seals)
    report, seen = Report(), []
    for one in inspected(expand(source), reading, report, standard_input(source)):
        seen.append(one)
        if not as_json:
            click.echo("\n".join([*([""] if len(seen) > 1 else []), clean(one.source), *_lines(one)]))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode({"sources": seen}), indent=1).decode())
    voice.findings(report)
    failed = sum(1 for one in seen if one.problem is not None and not one.passed_over)
    if all(one.problem is not None for one in seen):
        voice.complaint("nothing here can be read")
        return 3
    return 5 if failed else 0


def _lines(one: Inspected) -> Iterator[str]:
    """One source for people: a label and what there is to say, line by line."""
    for label, text in _said(one):
        yield f"    {label:<15}  {clean(text)}"


def _said(one: Inspected) -> Iterator[tuple[str, str]]:
    if one.title is not None:
        told = " (by its name only)" if one.by_name else ""
        yield "format", f"{one.title}{f' {one.version}' if one.version else ''}{told}"
    if one.size is not None:
        yield "size", _many(one.size, "byte")
    if one.problem is not None:
        yield "not read", one.problem.message
        if one.problem.hint:
            yield "hint", one.problem.hint
    if one.seal is not None:
        yield "seal", one.seal.line
        if isinstance(one.seal.reason, str):
            yield "", one.seal.reason
    yield from _plain(one.details)
    yield from _counts(one)


def _counts(one: Inspected) -> Iterator[tuple[str, str]]:
    for label, counts in (("records", one.records), ("claims", one.claims)):
        if counts:
            yield label, ", ".join(_many(number, _singular(kind)) for kind, number in counts.items())
    for name, number in (
        ("refused", one.refused or None),
        ("learners", one.learners),
        ("organisations", one.organisations),
    ):
        if number is not None:
            yield name, f"{number:,}"
    if one.stored:
        yield "attachments", _stored(one)
    if one.languages:
        yield "languages", ", ".join(one.languages)
    if one.findings:
        levels = ", ".join(_many(number, level) for level, number in one.findings.items())
        yield "findings", f"{levels}; `mcbridge check` says which"


def _stored(one: Inspected) -> str:
    size = sum(each.size for each in one.stored)
    kinds = Counter(each.media_type or "of no stated type" for each in one.stored)
    return f"{', '.join(f'{number} {kind}' for kind, number in kinds.items())}; {_many(size, 'byte')}"


def _plain(details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in details.items():
        label = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
        match value:
            case None:
                yield label, "none"
            case dict():
                yield label, ", ".join(_part(kind, each) for kind, each in value.items())
            case list() | tuple():
                yield label, ", ".join(map(str, value))
            case _:
                yield label, str(value)


def _part(kind: str, value: Any) -> str:  # noqa: ANN401 - plain data of any mapper
    if isinstance(value, list | tuple):
        named = f" ({', '.join(map(str, value))})" if value else ""
        return f"{len(value)} {kind}{named}"
    return f"{value} {kind}"


def _singular(what: str) -> str:
    return f"{what[:-3]}y" if what.endswith("ies") else what.removesuffix("s")


def _many(number: int, what: str) -> str:
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number:,} {what if number == 1 else plural}"
