"""The options that say how sources are read and what becomes of findings; ``convert`` and ``check`` share them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

import click
from msgspec import Struct

from mcbridge.cli.seals import judging_seals, terms
from mcbridge.errors import BadOption, UsageError

if TYPE_CHECKING:
    from mcbridge.cli.voice import Voice
    from mcbridge.conversion import Inspector, Reading, Tally
    from mcbridge.diagnostics import Report
    from mcbridge.seals import Terms
    from mcbridge.tables import Tables

doctype_option: Final = click.option(
    "--allow-doctype",
    is_flag=True,
    help="Read XML with a DOCTYPE that declares no entities; the DOCTYPE itself is never followed.",
)
_VERSION = re.compile(r"\d+(?:\.\d+)*")
"""What stands for a version where an option could stand."""

_PUBLISHED: Final = ("official", "shacl")
"""What asks for the schemas or shapes that were published, whatever the format calls them."""

F = TypeVar("F", bound=Callable[..., Any])


class Asked(Struct, frozen=True, kw_only=True):
    """The values of these options as they were written."""

    source: tuple[str, ...]
    from_: str | None
    profile: str | None
    encoding: str | None
    allow_doctype: bool
    only: tuple[str, ...]
    mappings: Path | None
    limit: tuple[str, ...]
    rules: str | None
    config: Path | None
    fail_on: str
    allow: tuple[str, ...]
    deny: tuple[str, ...]
    diagnostics: Path | None
    trusted_keys: Path | None
    allow_sha1: bool
    verify_at: str | None


limit_option: Final = click.option(
    "--limit",
    multiple=True,
    metavar="NAME=VALUE",
    help="How much is read of what can grow: bytes=512MB, achievements=50000, … (docs/limits.md).",
)
"""For every command that reads documents."""


def asking(command: F) -> F:
    """Take the options and hand them on as one ``asked``."""

    @wraps(command)
    def taking(*passed: Any, **given: Any) -> Any:  # noqa: ANN401 - click hands on what the options say
        names = Asked.__struct_fields__
        asked = Asked(**{name: given.pop(name) for name in names})
        return command(*passed, asked=asked, **given)

    options = [
        click.argument("source", nargs=-1, required=True, metavar="SOURCE…"),
        click.option(
            "--from", "from_", metavar="FORMAT", help="What the sources are; by default told by their content."
        ),
        click.option("--profile", metavar="P", help="How a table is written: a name in mappings/csv/, or a TOML file."),
        click.option("--encoding", metavar="E", help="Encoding of a table, instead of the profile's."),
        doctype_option,
        click.option(
            "--only", multiple=True, metavar="FIELD=VALUE", help="Take only such records; all given must hold."
        ),
        click.option(
            "--mappings",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="A folder of mapping files that stand in front of ours.",
        ),
        limit_option,
        click.option(
            "--rules",
            metavar="LIST",
            help="Sets of rules: schema, semantic, elmo (or elmo:strict, elmo:lenient), annex-i, register:NAME.",
        ),
        click.option(
            "--config",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="The sync.toml whose policy and providers register:NAME judges by.",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning"]),
            default="error",
            show_default=True,
            help="The finding that makes the exit code 3.",
        ),
        click.option("--allow", multiple=True, metavar="RULE", help="Pass over this rule."),
        click.option("--deny", multiple=True, metavar="RULE", help="Take findings of this rule for errors."),
        click.option(
            "--diagnostics",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Write all findings to a file, as JSON lines with their values.",
        ),
    ]
    wrapped: Any = judging_seals(taking)
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


def format_and_options(text: str) -> tuple[str, dict[str, str]]:
    """``edc:form=bare,embed-source=true`` in its parts; ``elmo:2.0`` is ``elmo:version=2.0``. Raises ``BadOption``."""
    name, _, rest = text.partition(":")
    options: dict[str, str] = {}
    for part in filter(None, rest.split(",")):
        key, sign, value = ("version", "=", part) if _VERSION.fullmatch(part.strip()) else part.partition("=")
        if not sign or not key.strip():
            raise BadOption(f'"{part}" is no option of a format', hint=f"write {name}:key=value,key=value")
        options[key.strip()] = value.strip()
    if options.get("validate") in _PUBLISHED:
        from mcbridge.cli.environment import schemas_folder

        options.setdefault("schemas", str(schemas_folder()))
    return name.strip(), options


def judged_by(options: Mapping[str, str], voice: Voice) -> None:
    """Say it to those who want to know when it is the published schemas that documents are checked by."""
    if options.get("validate") in _PUBLISHED:
        voice.detail(f"documents are checked by the published schemas in {options['schemas']}")


def reading(asked: Asked) -> Reading:
    """How the sources are to be read."""
    seals = terms(asked.trusted_keys, allow_sha1=asked.allow_sha1, verify_at=asked.verify_at)
    return reading_by(
        asked.from_,
        asked.profile,
        asked.encoding,
        asked.mappings,
        asked.only,
        asked.limit,
        allow_doctype=asked.allow_doctype,
        seals=seals,
    )


def reading_by(
    from_: str | None,
    profile: str | None,
    encoding: str | None,
    mappings: Path | None,
    only: Iterable[str] = (),
    limit: Iterable[str] = (),
    *,
    allow_doctype: bool = False,
    seals: Terms,
) -> Reading:
    """How sources are to be read, by what the options say."""
    from mcbridge.conversion import Reading, wanted
    from mcbridge.limits import limits_of
    from mcbridge.mappers import reader
    from mcbridge.tables import Tables

    name, options = format_and_options(from_) if from_ else (None, {})
    for key, value in (("profile", profile), ("encoding", encoding)):
        if value is not None:
            options[key] = value
    tables, limits = Tables(mappings), limits_of(limit)
    if name is not None:
        reader(name, tables, options)  # a wrong format or option is said before a source is opened
    among = tuple(wanted(text) for text in only)
    return Reading(
        tables=tables,
        format=name,
        options=options,
        only=among,
        limits=limits,
        allow_doctype=allow_doctype,
        seals=seals,
    )


def report(asked: Asked, *, strict: bool = False) -> Report:
    """The report of the run, with the rules that are passed over or taken for errors."""
    from mcbridge.conversion import StrictReport
    from mcbridge.diagnostics import Report

    if asked.allow or asked.deny:
        _know((*asked.allow, *asked.deny))
    kind: type[Report] = StrictReport if strict else Report
    return kind(allow=asked.allow, deny=asked.deny)


def _know(ids: Iterable[str]) -> None:
    from mcbridge.cli.rules import every_rule

    known = every_rule()
    for id_ in ids:
        if id_ not in known:
            raise UsageError(f'there is no rule "{id_}"', hint=near_rules(id_, known))


def near_rules(id_: str, known: Iterable[str]) -> str:
    """Rules whose ids come near, else where all are listed."""
    from difflib import get_close_matches

    near = get_close_matches(id_, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else "`mcbridge explain --list` names them all"


def inspecting(asked: Asked, default: Sequence[str], tables: Tables, contents: Mapping[str, bytes]) -> list[Inspector]:
    """The inspectors of what ``--rules`` names."""
    if asked.rules is None and not default and asked.config is None:
        return []
    from mcbridge.cli.inspecting import inspectors

    names = [part.strip() for part in asked.rules.split(",")] if asked.rules is not None else default
    return inspectors(names, tables, asked.config, contents)


def nothing_read(tally: Tally) -> str | None:
    """Why there is no record, where no finding says it."""
    if tally.read or not tally.sources:
        return None
    if tally.left_out:
        return "no record is one that --only asks for"
    if tally.passed_over == tally.sources:
        return "none of these files is in a format that is read; `mcbridge formats` lists those that are"
    return None


def sealing(tally: Tally) -> str | None:
    """How many sources have a seal of which state, where any is sealed at all."""
    from collections import Counter

    states = Counter(told.short for told in tally.seals.values())
    if not states.keys() - {"absent"}:
        return None
    return ", ".join(f"{number} {state}" for state, number in states.items())


def exceeds(report: Report, fail_on: str) -> bool:
    """Whether there is a finding that makes the exit code 3."""
    from mcbridge.diagnostics import Severity

    return report.worst is not None and report.worst.rank <= Severity(fail_on).rank


def standard_input(source: Sequence[str]) -> BinaryIO | None:
    """Standard input, where a source is ``-``."""
    return sys.stdin.buffer if "-" in source else None


def severities(report: Report) -> Mapping[str, int]:
    """How many findings of each severity, worst first."""
    from mcbridge.diagnostics import Severity

    levels = [found.level for found in report]
    return {level.value: number for level in Severity if (number := levels.count(level))}
