"""What is to be done at the register, and why: a value that is made by a pure function.

The same verdicts, ledger and configuration give the same plan, to the byte: no clock
and no chance is in it. A plan is reviewed, kept and carried out later; it says by
fingerprints what it was made from, so that a stale one is noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal

import msgspec
from msgspec import Struct

from mcbridge.errors import ConfigError, InputError
from mcbridge.register import rules
from mcbridge.register.base import Entry, Json, Payload, State
from mcbridge.register.changes import Change, Part, compare
from mcbridge.register.hashing import canonical, fingerprint
from mcbridge.register.wanted import Reason, Wanted

FORMAT = 1
"""Version of the plan file."""

Kind = Literal["create", "update", "withdraw", "keep", "absent", "blocked"]


class _Action(Part, frozen=True, kw_only=True, tag_field="action"):
    key: str
    title: str = ""
    reason: str = ""


class _Sending(_Action, frozen=True, kw_only=True):
    body: dict[str, Json]
    hash: str
    source: str = ""
    before: str | None = None

    @property
    def payload(self) -> Payload:
        """What is to be sent."""
        return Payload.of(self.key, self.title, self.body, self.source)


class Create(_Sending, frozen=True, kw_only=True, tag="create"):
    """The register does not have it yet."""

    kind: ClassVar[Kind] = "create"


class Update(_Sending, frozen=True, kw_only=True, tag="update"):
    """The register has it otherwise; ``before`` is that hash. ``mapping_only``: the source did not change."""

    kind: ClassVar[Kind] = "update"
    register_id: str | None = None
    changes: tuple[Change, ...] = ()
    mapping_only: bool = False


class Withdraw(_Action, frozen=True, kw_only=True, tag="withdraw"):
    """The register is to be asked to take it down."""

    kind: ClassVar[Kind] = "withdraw"
    register_id: str | None = None
    before: str | None = None


class Keep(_Action, frozen=True, kw_only=True, tag="keep"):
    """The register has it as it should be."""

    kind: ClassVar[Kind] = "keep"
    hash: str | None = None


class Absent(_Action, frozen=True, kw_only=True, tag="absent"):
    """It is at the register, but no source has it any more. Nothing is done about that."""

    kind: ClassVar[Kind] = "absent"
    before: str | None = None


class Blocked(_Action, frozen=True, kw_only=True, tag="blocked"):
    """Nothing is sent, for these reasons. ``published`` tells whether the register has an earlier state of it."""

    kind: ClassVar[Kind] = "blocked"
    reasons: tuple[Reason, ...] = ()
    published: bool = False


Action = Create | Update | Withdraw | Keep | Absent | Blocked
PENDING = (Create, Update, Withdraw)


class SourceMark(Part, frozen=True, kw_only=True):
    """One source as it was read: its name, the SHA-256 of its bytes, and how many records were in it."""

    name: str
    sha256: str
    records: int = 0


class About(Part, frozen=True, kw_only=True):
    """What a plan was made from. ``serial`` is the ledger's; ``mappings`` the fingerprint of what was declared."""

    tool: str
    register: str
    environment: str
    config: str
    serial: int
    sources: tuple[SourceMark, ...] = ()
    complete: bool = True


class Plan(Part, frozen=True, kw_only=True):
    """The actions for every key, in order of keys, and what they were made from."""

    about: About
    actions: tuple[Action, ...] = ()
    format: int

    @property
    def pending(self) -> tuple[Create | Update | Withdraw, ...]:
        """What would change something."""
        return tuple(action for action in self.actions if isinstance(action, PENDING))

    def counts(self) -> Mapping[str, int]:
        """How many actions there are of each kind."""
        return dict(sorted(Counter(action.kind for action in self.actions).items()))

    @property
    def hash(self) -> str:
        """What tells one plan from another."""
        return fingerprint(canonical(self))

    def to_json(self) -> bytes:
        """The plan file: sorted, indented, the same for the same plan."""
        return msgspec.json.format(canonical(self), indent=1) + b"\n"

    @classmethod
    def from_json(cls, data: bytes, name: str) -> Plan:
        """Read a plan file. Raises ``InputError`` when it is none, or of another version, or was changed by hand."""
        try:
            version = msgspec.json.decode(data, type=_Head).format
            if version != FORMAT:
                raise ConfigError(
                    f"this plan has format {version}; this version of mcbridge reads {FORMAT}",
                    where=name,
                    hint="make the plan again",
                )
            plan = msgspec.json.decode(data, type=Plan)
        except msgspec.MsgspecError as error:
            raise InputError(
                f"this is no plan: {error}", where=name, hint="make it with `mcbridge sync plan`"
            ) from error
        for action in plan.actions:
            if isinstance(action, Create | Update) and action.payload.hash != action.hash:
                raise InputError(
                    f"the content planned for {action.key} was changed after planning",
                    where=name,
                    hint="make the plan again",
                )
        return plan

    def lines(self) -> Iterator[str]:
        """The plan in words, one line an action and one more for each field that changes; keeps are only counted."""
        for action in self.actions:
            if isinstance(action, Keep):
                continue
            title = f"  {action.title}" if action.title else ""
            yield f"{action.kind:9}{action.key}{title}  ({action.reason})"
            if isinstance(action, Update):
                yield from (f"         {change}" for change in action.changes)
            if isinstance(action, Blocked):
                yield from (f"         {reason.text}  [{reason.rule}]" for reason in action.reasons)
        counts = self.counts()
        yield ", ".join(f"{number} {kind}" for kind, number in counts.items()) if counts else "nothing in the sources"

    def diff(self, other: Plan) -> tuple[tuple[str, str, str], ...]:
        """What would be done otherwise: key, here, there; ``none`` where a plan does not mention the key."""
        here, there = _by_key(self), _by_key(other)
        return tuple(
            (key, _said(here.get(key)), _said(there.get(key)))
            for key in sorted({*here, *there})
            if here.get(key) != there.get(key)
        )


class _Head(Struct):
    format: int


def make_plan(wanted: Iterable[Wanted], present: Iterable[Entry], about: About, *, may_withdraw: bool) -> Plan:
    """Compare what should be at the register with what the ledger says is there.

    ``may_withdraw`` allows withdrawals of what no longer qualifies, and of what has been absent for long enough; they
    are planned only when the sources are complete. Without it those records are left as they are, and named.
    """
    entries = {entry.key: entry for entry in present}
    groups: dict[str, list[Wanted]] = {}
    for each in wanted:
        groups.setdefault(each.key, []).append(each)
    withdrawing = may_withdraw and about.complete
    actions: list[Action] = []
    for key, group in groups.items():
        if key and len(group) > 1:
            actions.append(_twice(group, entries.get(key)))
        else:
            actions += [_decide(each, entries.get(key) if key else None, withdrawing=withdrawing) for each in group]
    gone = (entry for key, entry in entries.items() if key not in groups and entry.published)
    actions += [_missing(entry, withdrawing=withdrawing) for entry in gone]
    return Plan(format=FORMAT, about=about, actions=tuple(sorted(actions, key=_order)))


def _decide(want: Wanted, entry: Entry | None, *, withdrawing: bool) -> Action:
    if want.payload is None:
        return _refused(want, entry, withdrawing=withdrawing)
    payload = want.payload
    if entry is None:
        return _create(payload, "not in the register yet")
    obstacle = _obstacle(entry, payload)
    if obstacle is not None:
        return Blocked(
            key=want.key, title=want.title, reason=obstacle.text, reasons=(obstacle,), published=entry.published
        )
    if not entry.published:
        return _again(payload, entry)
    if entry.hash == payload.hash and entry.state is not State.UNCERTAIN:
        return Keep(key=want.key, title=want.title, hash=entry.hash, reason=_KEPT.get(entry.state, "unchanged"))
    changes = compare(entry.body or {}, payload.body)
    mapping_only = bool(entry.source) and entry.source == payload.source
    return Update(
        key=want.key,
        title=want.title,
        register_id=entry.register_id,
        body=payload.body,
        hash=payload.hash,
        source=payload.source,
        before=entry.hash,
        changes=changes,
        mapping_only=mapping_only,
        reason=_update_reason(entry, changes, mapping_only=mapping_only),
    )


def _update_reason(entry: Entry, changes: Sequence[Change], *, mapping_only: bool) -> str:
    if entry.state is State.UNCERTAIN:
        return "an earlier attempt got no answer; the register is asked first"
    return _named(changes) + (", only because the mapping or the configuration changed" if mapping_only else "")


_KEPT = {
    State.FLAGGED: "unchanged; accepted with remarks, which sending it again would not change",
    State.HELD: "unchanged; held for review at the register, not to be sent again",
}


def _obstacle(entry: Entry, payload: Payload) -> Reason | None:
    """Why nothing may be sent although the provision qualifies."""
    if entry.state is State.WITHDRAW_REQUESTED:
        return Reason.under(rules.WITHDRAWAL_PENDING)
    if entry.state is State.WITHDRAWN:
        return Reason.under(rules.WITHDRAWN)
    if entry.state is State.DRIFTED:
        return Reason.under(rules.DRIFTED, found=entry.failure or "changed there")
    if entry.quarantined(payload.hash):
        return Reason.under(rules.QUARANTINED, times=entry.failures, failure=entry.failure)
    return None


def _again(payload: Payload, entry: Entry) -> Create:
    match entry.state:
        case State.UNCERTAIN:
            return _create(payload, "an earlier attempt got no answer; the register is asked first")
        case State.CONFLICT:
            return _create(payload, "the register held something else under this key; it is asked again first")
    return _create(payload, f"refused before: {entry.failure}" if entry.failure else "not in the register yet")


def _create(payload: Payload, reason: str) -> Create:
    return Create(
        key=payload.key,
        title=payload.title,
        body=payload.body,
        hash=payload.hash,
        source=payload.source,
        reason=reason,
    )


def _refused(want: Wanted, entry: Entry | None, *, withdrawing: bool) -> Action:
    published = entry is not None and entry.published
    requested = entry is not None and entry.state is State.WITHDRAW_REQUESTED
    if published and want.disqualified and withdrawing and entry is not None and not requested:
        return _withdraw(entry, "it no longer qualifies: " + "; ".join(reason.text for reason in want.reasons))
    reason = "it does not qualify" if want.disqualified else "it cannot be published as it is"
    if published:
        reason += "; its withdrawal has been requested" if requested else "; what was published before stays"
    return Blocked(key=want.key, title=want.title, reason=reason, reasons=want.reasons, published=published)


def _missing(entry: Entry, *, withdrawing: bool) -> Action:
    if entry.state is State.WITHDRAW_REQUESTED:
        return Absent(key=entry.key, title=entry.title, before=entry.hash, reason="its withdrawal has been requested")
    if withdrawing and entry.ripe:
        return _withdraw(entry, f"absent from complete sources in {entry.absent_runs} runs")
    return Absent(
        key=entry.key, title=entry.title, before=entry.hash, reason="in none of the sources; nothing is withdrawn"
    )


def _withdraw(entry: Entry, reason: str) -> Withdraw:
    return Withdraw(key=entry.key, title=entry.title, register_id=entry.register_id, before=entry.hash, reason=reason)


def _twice(group: Sequence[Wanted], entry: Entry | None) -> Blocked:
    reason = Reason.under(rules.KEY_TWICE, number=len(group))
    reasons = tuple(dict.fromkeys((reason, *(each for want in group for each in want.reasons))))
    published = entry is not None and entry.published
    return Blocked(key=group[0].key, title=group[0].title, reason=reason.text, reasons=reasons, published=published)


def _named(changes: Sequence[Change]) -> str:
    if not changes:
        return "sent otherwise than before"
    names = [change.field for change in changes[:3]]
    more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
    return f"changed: {', '.join(names)}{more}"


def _order(action: Action) -> tuple[str, str, bytes]:
    return (action.key, action.kind, canonical(action))


def _by_key(plan: Plan) -> dict[str, Action]:
    return {action.key: action for action in plan.actions if action.key}


def _said(action: Action | None) -> str:
    return action.kind if action else "none"
