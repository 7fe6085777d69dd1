"""``mcbridge sync``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mcbridge.cli.ending import worst
from mcbridge.cli.program import Command, Group
from mcbridge.cli.reading import severities
from mcbridge.cli.voice import Voice, common, on_terminal, values_option
from mcbridge.errors import BadOption, UsageError

if TYPE_CHECKING:
    from mcbridge.cli.publishing import Draft
    from mcbridge.register.outcome import Outcome

F = TypeVar("F", bound=Callable[..., Any])


def configured(command: F) -> F:
    """``--config`` and ``--mappings``."""
    options = [
        click.option(
            "--config",
            type=click.Path(path_type=Path, dir_okay=False),
            default=Path("sync.toml"),
            show_default=True,
            metavar="FILE",
            help="Sources, register, ledger and policy; MCBRIDGE_… variables stand in front of it.",
        ),
        click.option(
            "--mappings",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="A folder of mapping files that stand in front of ours.",
        ),
    ]
    wrapped: Any = command
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[no-any-return]


@click.group(cls=Group)
def sync() -> None:
    """Publish provisions to a register."""


@sync.command(cls=Command)
@configured
@click.option(
    "-o", "--out", metavar="PLAN.json", help="Write the plan to a file, for review and for apply; - is standard output."
)
@click.option("--detailed-exitcode", is_flag=True, help="End with 4 when changes are pending.")
@click.option("--dry-run", is_flag=True, help="Show the very content that would be sent, too.")
@values_option
@common
@click.pass_obj
def plan(
    voice: Voice, *, config: Path, mappings: Path | None, out: str | None, detailed_exitcode: bool, dry_run: bool
) -> int:
    """Say what would change at the register and why, and what may not be published and why. Nothing is sent."""
    from mcbridge.cli.publishing import Publishing

    publishing = Publishing(config, mappings)
    with publishing.looking() as (looker, ledger):
        draft = publishing.draft(looker, ledger)
    _tell_sources(draft, voice, in_full=True)
    if out is not None:
        _write_plan(draft, out)
    if out != "-":
        for line in draft.plan.lines():
            voice.say(line)
        if dry_run:
            for action in draft.plan.pending:
                content = {"action": action.kind, "key": action.key, "body": getattr(action, "body", None)}
                voice.say(json.dumps(content, ensure_ascii=False, indent=1), **content)
    return worst(_source_code(draft), 4 if detailed_exitcode and draft.plan.pending else 0)


@sync.command(cls=Command)
@click.argument("plan_file", metavar="[PLAN.json]", required=False, type=click.Path(path_type=Path, dir_okay=False))
@configured
@click.option("--first-run", is_flag=True, help="This ledger is new, and that is meant.")
@click.option("--allow-updates", type=click.IntRange(1), metavar="N", help="So many updates are meant.")
@click.option("--allow-withdraw", type=click.IntRange(1), metavar="N", help="So many withdrawals are meant.")
@click.option(
    "--accept-source", metavar="HASH", help="These sources are meant, though they shrank; the brake says the hash."
)
@click.option("--max-duration", metavar="T", help="Stop sending after this time: 90s, 30m, 2h.")
@values_option
@common
@click.pass_obj
def apply(  # noqa: PLR0913 - one for each option
    voice: Voice,
    *,
    plan_file: Path | None,
    config: Path,
    mappings: Path | None,
    first_run: bool,
    allow_updates: int | None,
    allow_withdraw: int | None,
    accept_source: str | None,
    max_duration: str | None,
) -> int:
    """Carry a plan out: the one that is named, or one made now. It may be interrupted and run again at any time."""
    import mcbridge
    from mcbridge.cli.publishing import Publishing, gently, now, read_plan
    from mcbridge.register.apply import Conduct, Step
    from mcbridge.register.apply import apply as carry_out
    from mcbridge.register.brakes import Permission
    from mcbridge.register.store import Owner

    longest = _duration(max_duration) if max_duration is not None else None
    reviewed = read_plan(plan_file) if plan_file is not None else None
    publishing = Publishing(config, mappings)
    started = now()
    permission = Permission(
        first_run=first_run,
        reviewed=reviewed is not None,
        allow_updates=allow_updates,
        allow_withdraw=allow_withdraw,
        accept_source=accept_source,
    )

    def progress(step: Step) -> None:
        voice.detail(f"{step.done}/{step.total} {step.point} {step.key}".rstrip(), point=step.point, key=step.key)

    with publishing.writing() as (register, ledger), gently() as stop:
        draft = publishing.draft(register, ledger)
        _tell_sources(draft, voice, in_full=False)
        conduct = Conduct(
            tool=mcbridge.__version__,
            owner=Owner.here("mcbridge sync apply", started.isoformat(timespec="seconds")),
            permission=permission,
            deadline=started + longest if longest is not None else None,
            stop=stop,
            progress=progress,
        )
        fresh = draft.plan if reviewed else None
        outcome = carry_out(reviewed or draft.plan, register, ledger, conduct, fresh=fresh)
    _tell_outcome(outcome, voice)
    return worst(outcome.code, _source_code(draft))


@sync.command(cls=Command)
@configured
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@common
def status(*, config: Path, mappings: Path | None, as_json: bool) -> None:
    """What stands at the register, as far as the ledger knows."""
    import msgspec

    from mcbridge.cli.publishing import Publishing
    from mcbridge.register.standing import status as standing

    with Publishing(config, mappings).looking() as (_, ledger):
        stands = standing(ledger)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(stands), indent=1))
        return
    for line in stands.lines():
        click.echo(line)


@sync.command(cls=Command)
@click.argument("key")
@configured
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@common
def why(*, key: str, config: Path, mappings: Path | None, as_json: bool) -> None:
    """Is it published, and if not, why not? KEY is that of the provision, or a part of it or of its title."""
    import msgspec

    from mcbridge.cli.publishing import Publishing
    from mcbridge.register.standing import why as reasons

    publishing = Publishing(config, mappings)
    with publishing.looking() as (looker, ledger):
        draft = publishing.draft(looker, ledger)
        found = reasons(key, draft.plan, ledger)
    if not found:
        known = sorted({action.key for action in draft.plan.actions if action.key})
        near = get_close_matches(key, known, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "`mcbridge sync plan` names all"
        raise UsageError(f'neither the sources nor the ledger know "{key}"', hint=hint)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
        return
    for each in found:
        for line in each.lines():
            click.echo(line)


def _tell_sources(draft: Draft, voice: Voice, *, in_full: bool) -> None:
    """The findings of reading, in full or counted; those of judging stand in the plan."""
    report, tally = draft.collection.luggage.report, draft.collection.tally
    if in_full or voice.verbose:
        voice.findings(report)
    refused = draft.collection.luggage.refused
    found = severities(report)
    said = ", ".join(
        f"{number} {level}{'' if number == 1 else 's'}" for level, number in found.items() if level != "note"
    )
    told = f"{tally.read} records read from {tally.sources} sources, {refused} left out; {said or 'no findings'}"
    speak = voice.say if said and not in_full else voice.detail
    speak(told + ("; -v shows them" if said and not in_full else ""), read=tally.read, refused=refused, findings=found)


def _source_code(draft: Draft) -> int:
    if not draft.collection.tally.read:
        return 3
    return 5 if draft.collection.tally.failed else 0


def _write_plan(draft: Draft, out: str) -> None:
    data = draft.plan.to_json()
    if out == "-":
        sys.stdout.buffer.write(data)
        return
    from mcbridge.conversion import Staging

    with Staging() as staging:
        with staging.open(Path(out)) as sink:
            sink.write(data)
        staging.commit()


def _tell_outcome(outcome: Outcome, voice: Voice) -> None:
    """What came of it; nothing where nothing was to be done and nobody is looking."""
    changed = any(result.came.value not in {"kept", "absent", "blocked"} for result in outcome.results)
    if not (changed or outcome.stopped or outcome.code or on_terminal() or voice.verbose):
        return
    for result in outcome.results:
        line = f"{result.key or '(no key)'}  {result.title}: {result.came.value}"
        facts = {"key": result.key, "title": result.title, "came": result.came.value, "flag": result.flag or None}
        if result.came.code:
            voice.complaint(f"{line}: {result.text}", **facts)
        elif result.flag:
            voice.say(f"{line}, and the register remarks: {result.flag}", **facts)
        else:
            voice.detail(f"{line} ({result.text})" if result.text else line, **facts)
    if outcome.stopped:
        voice.complaint(f"stopped: {outcome.stopped}")
    counts = ", ".join(f"{number} {name}" for name, number in outcome.counts().items())
    voice.say(counts or "nothing to do", run=outcome.run, counts=dict(outcome.counts()), code=outcome.code)


_DURATION = re.compile(r"(\d+)([smh])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise BadOption(f'--max-duration "{text}" is no time', hint="write 90s, 30m or 2h")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
