"""``mcbridge check``."""

from __future__ import annotations

import json
import sys

import click

from mcbridge.cli.convert import write_lines
from mcbridge.cli.program import Command
from mcbridge.cli.reading import (
    Asked,
    asking,
    exceeds,
    inspecting,
    nothing_read,
    reading,
    report,
    sealing,
    severities,
    standard_input,
)
from mcbridge.cli.voice import Voice, common, values_option

DEFAULT = ("schema", "semantic", "elmo", "annex-i")


@click.command(cls=Command)
@asking
@click.option("--json", "as_json", is_flag=True, help="Write the findings to standard output, as one JSON document.")
@values_option
@common
@click.pass_obj
def check(voice: Voice, *, asked: Asked, as_json: bool) -> int:
    """Say what is wrong with documents, and write nothing.

    By default the rules of the format (schema), those that hold for any record (semantic), those that ELMO has in words
    (elmo; elmo:strict takes what must be for an error, elmo:lenient only what cannot be processed) and completeness by
    Annex I of the Recommendation on micro-credentials (annex-i); register:NAME says what a register would refuse.
    """
    import msgspec

    from mcbridge.cli.findings import as_facts
    from mcbridge.cli.progress import watching
    from mcbridge.conversion import Staging, Tally, expand, read_all
    from mcbridge.origins import Luggage

    how = reading(asked)
    luggage, tally = Luggage(report=report(asked), limits=how.limits), Tally()
    found = expand(asked.source)
    rules = inspecting(asked, DEFAULT, how.tables, luggage.contents)
    beside = Staging(each.path for each in found if each.path)
    if asked.diagnostics is not None:
        beside.reserve(asked.diagnostics)
    with watching(found, voice) as watch:
        for _ in read_all(
            found, how, luggage, tally, inspectors=rules, stdin=standard_input(asked.source), watch=watch
        ):
            pass
    if asked.diagnostics is not None:
        with beside:
            write_lines(beside, asked.diagnostics, luggage.report.to_json())
            beside.commit()
    counted = severities(luggage.report)
    if as_json:
        masked = not (voice.show_values or sys.stdout.isatty())
        findings = [as_facts(each, masked=masked) for each in luggage.report]
        seals = [{"source": name, **msgspec.to_builtins(told)} for name, told in tally.seals.items()]
        everything = {"records": tally.read, "seals": seals, "findings": findings}
        click.echo(json.dumps(everything, ensure_ascii=False, indent=1))
    else:
        voice.findings(luggage.report, asked.fail_on)
    if why := nothing_read(tally):
        voice.complaint(why)
    summary = ", ".join(f"{number} {level}{'s' if number > 1 else ''}" for level, number in counted.items())
    refused = f", {luggage.refused} refused" if luggage.refused else ""
    sealed = f"; seals: {states}" if (states := sealing(tally)) else ""
    voice.say(f"{tally.read} record{'' if tally.read == 1 else 's'} read{refused}{sealed}; {summary or 'no findings'}")
    return 3 if not tally.read or exceeds(luggage.report, asked.fail_on) else 0
