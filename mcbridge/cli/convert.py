"""``mcbridge convert``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mcbridge.cli import sizes
from mcbridge.cli.ending import worst
from mcbridge.cli.program import Command
from mcbridge.cli.reading import (
    Asked,
    asking,
    exceeds,
    format_and_options,
    inspecting,
    judged_by,
    nothing_read,
    reading,
    report,
    sealing,
    severities,
    standard_input,
)
from mcbridge.cli.voice import Voice, common, values_option

if TYPE_CHECKING:
    from mcbridge.conversion import Destination, Outcome
    from mcbridge.origins import Luggage

LOSSES_SHOWN = 20


@click.command(cls=Command)
@asking
@click.option("--to", required=True, metavar="FORMAT", help="Target format; options follow a colon: edc:form=bare.")
@click.option(
    "-o",
    "--out",
    default="-",
    metavar="OUT",
    help="A file; a folder when it ends in / or is one; - is standard output.",
)
@click.option(
    "--losses",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what found no home in the target, with its places in the sources, as JSON.",
)
@click.option("--fail-on-loss", is_flag=True, help="Take any loss but that of a seal for an error (exit 3).")
@click.option("--lang", metavar="LIST", help="Languages in order of preference, where a target holds one: en,hr.")
@click.option(
    "--keep-going/--strict",
    default=True,
    help="One bad record costs only itself (default), or stops the run, as a repair does; nothing is written.",
)
@values_option
@common
@click.pass_obj
def convert(
    voice: Voice,
    *,
    asked: Asked,
    to: str,
    out: str,
    losses: Path | None,
    fail_on_loss: bool,
    lang: str | None,
    keep_going: bool,
) -> int:
    """Carry documents from one format to another.

    SOURCE is a file, a folder (walked), a pattern, or - for standard input; .zip and .gz are opened. What could be
    written is written; every value of a source is in the result or in the --losses file.
    """
    from mcbridge.cli.progress import watching
    from mcbridge.conversion import Staging, expand
    from mcbridge.conversion import convert as carry
    from mcbridge.diagnostics import Stop
    from mcbridge.origins import Luggage

    destination = _destination(to, out, lang, voice)
    how = reading(asked)
    luggage = Luggage(destination.format, report(asked, strict=not keep_going), how.limits)
    for options in (how.options, destination.options):
        judged_by(options, voice)
    found = expand(asked.source)
    rules = inspecting(asked, (), how.tables, luggage.contents)
    side = [path for path in (losses, asked.diagnostics) if path is not None]
    with Staging(each.path for each in found if each.path) as beside:
        for path in side:
            beside.reserve(path)
        outcome = None
        try:
            with watching(found, voice) as watch:
                outcome = carry(
                    found,
                    how,
                    destination,
                    luggage,
                    inspectors=rules,
                    stdin=standard_input(asked.source),
                    watch=watch,
                    traced=losses is not None or fail_on_loss,
                    protected=side,
                )
        except Stop:
            pass  # the finding is in the report, and told with the others
        if losses is not None and outcome is not None:
            _write_json(beside, losses, outcome.losses)
        if asked.diagnostics is not None:
            write_lines(beside, asked.diagnostics, luggage.report.to_json())
        beside.commit()
    voice.findings(luggage.report, asked.fail_on)
    if outcome is None:
        voice.complaint("stopped at the first error or repair (--strict); nothing was written")
        return 3
    if fail_on_loss:
        _name_losses(outcome, voice)
    _close(outcome, luggage, out, voice)
    return _code(outcome, luggage, asked, fail_on_loss=fail_on_loss)


def _destination(to: str, out: str, lang: str | None, voice: Voice) -> Destination:
    from mcbridge import mappers
    from mcbridge.conversion import Destination

    name, options = format_and_options(to)
    known = mappers.describe(name).options
    if lang is not None:
        if "lang" in known:
            options["lang"] = lang
        else:
            voice.say(f"{name} takes no preference of languages, so --lang changes nothing")
    if out == "-":
        return Destination(format=name, out=sys.stdout.buffer, options=options)
    path = Path(out)
    return Destination(format=name, out=path, is_folder=out.endswith(("/", "\\")) or path.is_dir(), options=options)


def _write_json(beside: Any, path: Path, data: object) -> None:  # noqa: ANN401
    with beside.open(path) as sink:
        sink.write(json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n")


def write_lines(beside: Any, path: Path, lines: list[dict[str, Any]]) -> None:  # noqa: ANN401
    """Write JSON lines."""
    with beside.open(path) as sink:
        for line in lines:
            sink.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _name_losses(outcome: Outcome, voice: Voice) -> None:
    from mcbridge.losses import SEAL

    lost = [line for line in (outcome.losses or {}).get("losses", ()) if line["code"] != SEAL]
    for line in lost[:LOSSES_SHOWN]:
        voice.complaint(f"{line['source']}: {line['path'] or line['field']}: {line['reason']}  [{line['code']}]")
    if len(lost) > LOSSES_SHOWN:
        voice.say(f"… and {len(lost) - LOSSES_SHOWN} more losses; --losses FILE writes them all")


def _close(outcome: Outcome, luggage: Luggage, out: str, voice: Voice) -> None:
    """The closing line: what was read, written, refused and lost."""
    tally = outcome.tally
    if why := nothing_read(tally):
        voice.complaint(why)
    where = "" if out == "-" else f" to {out}"
    parts = [f"{_many(tally.read, 'record')} read, {tally.written} written{where}"]
    for number, what in (
        (tally.refused, "refused"),
        (tally.left_out, "left out by --only"),
        (tally.failed, "of the sources failed"),
        (tally.passed_over, "of the files passed over"),
    ):
        if number:
            parts.append(f"{number} {what}")
    parts += sizes.in_a_word(outcome)
    if states := sealing(tally):
        parts.append(f"seals: {states}")
    codes = Counter(lost.code for lost in luggage.losses)
    if codes:
        top = ", ".join(f"{code} {number}" for code, number in codes.most_common(5))
        parts.append(f"{_many(len(luggage.losses), 'loss', 'losses')} ({top}{', …' if len(codes) > 5 else ''})")
    found = severities(luggage.report)
    parts.append(", ".join(_many(number, level) for level, number in found.items()) or "no findings")
    voice.say(
        "; ".join(parts),
        read=tally.read,
        written=tally.written,
        refused=tally.refused,
        losses=dict(codes),
        findings=found,
        bytes=sum(each.size for each in outcome.sizes),
        files=sizes.as_facts(outcome),
    )
    for line in sizes.in_lines(outcome, out):
        voice.remark(line)


def _many(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def _code(outcome: Outcome, luggage: Luggage, asked: Asked, *, fail_on_loss: bool) -> int:
    tally = outcome.tally
    codes = [0]
    if not tally.written:
        codes.append(3)
    elif tally.refused or tally.failed:
        codes.append(5)
    if exceeds(luggage.report, asked.fail_on) or (fail_on_loss and luggage.losses.beyond_seal):
        codes.append(3)
    return worst(*codes)
