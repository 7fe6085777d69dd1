"""What each verdict wants of a register: a payload, or the reasons why there is none, in words that may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from mcbridge.diagnostics import Diagnostic, Rule, place
from mcbridge.model.provision import Provision
from mcbridge.register.base import Looker, Payload
from mcbridge.register.changes import Part
from mcbridge.register.hashing import canonical, fingerprint
from mcbridge.register.verdict import Verdict

DISQUALIFYING = "eligibility/"
"""The subject of the rules that say that a provision is no micro-credential; all others only block."""


class Reason(Part, frozen=True, kw_only=True):
    """Why something is not done: the rule's id, what was found and where, what to do."""

    rule: str
    text: str
    hint: str = ""
    where: str = ""

    @classmethod
    def of(cls, found: Diagnostic, *, masked: bool = False) -> Reason:
        """A finding in words. ``masked`` leaves the value out."""
        spot = place(found.location)
        where = f"{found.location.source}, {spot}" if spot else found.location.source
        return cls(rule=found.rule.id, text=found.masked if masked else found.message, hint=found.hint, where=where)

    @classmethod
    def under(cls, rule: Rule, **facts: object) -> Reason:
        """A rule applied to what the ledger knows."""
        return cls(rule=rule.id, text=rule.template.format_map(facts), hint=rule.hint)


class Wanted(Struct, frozen=True, kw_only=True):
    """What should be at the register under a key: a payload, or the reasons why not.

    ``disqualified`` tells that the provision itself does not qualify (any more), as against one that does but cannot
    be said in the register's words.
    """

    key: str
    title: str = ""
    payload: Payload | None = None
    reasons: tuple[Reason, ...] = ()
    disqualified: bool = False


def plain(provision: Provision) -> Provision:
    """A provision without the documents it was found in: one more document does not change what is offered."""
    return msgspec.structs.replace(provision, sources=())


def content_mark(provision: Provision) -> str:
    """What tells one content of a provision from another."""
    return fingerprint(canonical(plain(provision)))


def wanted(verdicts: Iterable[Verdict], register: Looker) -> Iterator[Wanted]:
    """What each verdict wants of the register. A title or value that may hold personal data is left out."""
    for verdict in verdicts:
        held_back = verdict.provision is None
        reasons = tuple(Reason.of(found, masked=held_back) for found in verdict.refusals)
        title = "" if held_back else verdict.title
        if not verdict.publishable:
            disqualified = any(reason.rule.startswith(DISQUALIFYING) for reason in reasons)
            yield Wanted(key=verdict.key or "", title=title, reasons=reasons, disqualified=disqualified)
            continue
        made = register.payload(verdict)
        if isinstance(made, Payload):
            yield Wanted(key=made.key, title=title, payload=made)
        else:
            yield Wanted(key=verdict.key or "", title=title, reasons=tuple(Reason.of(found) for found in made))
