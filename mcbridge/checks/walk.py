"""Ways through a record: its achievements with those around them, its specifications, its texts.

Records of strangers may be nested deeply, so the walks keep their own stack.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from mcbridge.model import Achievement, Claim, Credential, Organisation, Record, Specification, Texts


class Node(Struct, frozen=True):
    """One achievement at its canonical path, below ``above``."""

    path: str
    achievement: Achievement
    above: Node | None = None

    def ancestors(self) -> Iterator[Node]:
        """Those that it is a part of, the nearest first."""
        node = self.above
        while node is not None:
            yield node
            node = node.above


def nodes(credential: Credential) -> Iterator[Node]:
    """The achievements of a credential and their parts, in the order of the document."""
    waiting = [Node(f"achievements[{at}]", each) for at, each in enumerate(credential.achievements)][::-1]
    while waiting:
        node = waiting.pop()
        yield node
        parts = node.achievement.parts
        waiting += [Node(f"{node.path}.parts[{at}]", each, node) for at, each in enumerate(parts)][::-1]


CHILDREN = ("achievements", "activities", "assessments", "entitlements", "parts")
"""The fields in which claims hold claims."""


def claims(credential: Credential) -> Iterator[tuple[str, Claim]]:
    """All claims of the four kinds with their paths, those within others too."""
    waiting: list[tuple[str, Claim]] = _within(credential, "")
    while waiting:
        path, claim = waiting.pop()
        yield path, claim
        waiting += _within(claim, f"{path}.")


def _within(holder: Credential | Claim, lead: str) -> list[tuple[str, Claim]]:
    """The claims directly in something, the last first."""
    found: list[tuple[str, Claim]] = [
        (f"{lead}{name}[{at}]", claim) for name in CHILDREN for at, claim in enumerate(getattr(holder, name, ()))
    ]
    return found[::-1]


def specifications(record: Record) -> Iterator[tuple[str, Specification]]:
    """What is described anywhere in a record, with its path; the parts of a specification too."""
    if isinstance(record, Credential):
        waiting = [
            (f"{path}.specification", claim.specification)
            for path, claim in claims(record)
            if claim.specification is not None
        ]
    else:
        waiting = [("specification", record.specification)]
    waiting.reverse()
    while waiting:
        path, specification = waiting.pop()
        yield path, specification
        waiting += [(f"{path}.parts[{at}]", part) for at, part in enumerate(specification.parts)][::-1]


def filled(texts: Texts) -> bool:
    """Whether something is said in any language."""
    return any(text.value.strip() for text in texts)


def first(texts: Texts) -> str:
    """The first text that says something, or the empty string."""
    return next((text.value.strip() for text in texts if text.value.strip()), "")


def heading(claim: Claim) -> Texts:
    """The title of a claim: its own, else that of what it is about."""
    if filled(claim.title) or claim.specification is None:
        return claim.title
    return claim.specification.title


def organisations(record: Record) -> dict[str, Organisation]:
    """The organisations of a record by their local ids."""
    return {organisation.id: organisation for organisation in record.organisations}
