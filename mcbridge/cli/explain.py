"""``mcbridge explain``: a rule's declaration is its documentation."""

from __future__ import annotations

import json
import re

import click

from mcbridge.cli.program import Command
from mcbridge.cli.reading import near_rules
from mcbridge.cli.voice import common
from mcbridge.diagnostics import Rule, Severity
from mcbridge.errors import UsageError

_LOSS = re.compile(r"loss/[a-z0-9]+(-[a-z0-9]+)*")


@click.command(cls=Command)
@click.argument("rule_id", metavar="RULE-ID", required=False)
@click.option("--list", "listed", is_flag=True, help="Name all rules instead, one a line.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@common
def explain(*, rule_id: str | None, listed: bool, as_json: bool) -> None:
    """What a rule means, and what to do about a finding."""
    from mcbridge.cli.rules import every_rule

    known = every_rule()
    if listed or rule_id is None:
        if not listed:
            raise UsageError("no rule is named", hint="`mcbridge explain --list` names them all")
        rules = [{"rule": id_, "severity": rule.severity.value, "title": rule.title} for id_, rule in known.items()]
        lines = (f"{each['rule']:<40} {each['severity']:<8} {each['title']}" for each in rules)
        click.echo(json.dumps(rules, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))
        return
    rule = known.get(rule_id) or _loss(rule_id)
    if rule is None:
        raise UsageError(f'there is no rule "{rule_id}"', hint=near_rules(rule_id, known))
    if as_json:
        names = ("id", "severity", "title", "template", "hint", "why", "example")
        parts = {name: getattr(rule, name) for name in names} | {"severity": rule.severity.value}
        click.echo(json.dumps(parts, ensure_ascii=False, indent=1))
        return
    click.echo(f"{rule.id}  ({rule.severity.value})\n{rule.title}")
    for name, text in (("says", rule.template), ("why", rule.why), ("hint", rule.hint), ("example", rule.example)):
        if text:
            click.echo(f"\n{name}:")
            click.echo("\n".join(f"    {line}" for line in text.splitlines()))


def _loss(code: str) -> Rule | None:
    """Codes of losses are no rules: what a loss means depends on the field, and its reason stands beside it."""
    if _LOSS.fullmatch(code) is None:
        return None
    why = "every value of a source is in the result or in the list of losses; there is no third place"
    if code == "loss/seal":
        why = "a signature holds for the original bytes only, so it cannot come along; it never fails a run"
    return Rule(
        code,
        Severity.NOTE,
        "A value of the source has no place in the target, or is another one there",
        "the reason is given with each loss",
        "`convert --losses FILE` names each place and its reason; keep the source, or choose a format that holds it",
        why,
    )
