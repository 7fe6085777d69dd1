"""References inside a document: groups, and how attachments are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mcbridge.checks.elmo.clauses import clause
from mcbridge.checks.elmo.view import Finding, View
from mcbridge.diagnostics import Severity
from mcbridge.model import GroupRef, GroupType

REF: Final = clause(
    "S44",
    "elmo/attachment-ref-unknown",
    Severity.ERROR,
    "A reference to an attachment that is not there",
    'a result refers to an attachment "{value}", and no attachment of the document has this identifier',
    "ask whoever runs the export to add the attachment, or to take the reference out",
    "a reference leads to the identifier of an attachment anywhere in the document",
    "<attachments><ref>internal-9</ref></attachments>",
)
REPEATED: Final = clause(
    "S44",
    "elmo/attachment-identifier-repeated",
    Severity.ERROR,
    "Two attachments of one identifier",
    'there is another attachment with the identifier "{value}" in the document',
    "ask whoever runs the export to give each attachment an identifier of its own",
    "identifiers of attachments are unique in the document, so that a reference means one of them",
    'two <attachment> with <identifier type="internal">1</identifier>',
)
TYPE_UNKNOWN: Final = clause(
    "S45",
    "elmo/group-type-unknown",
    Severity.ERROR,
    "A group of a type that is not described",
    'the grouping refers to a type of groups "{value}", which the document does not describe',
    "ask whoever runs the export to add the groupType, or to correct the reference",
    "typeref is the id of a groupType of the document",
    '<grouping typeref="kind" …> without <groupType id="kind">',
)
GROUP_UNKNOWN: Final = clause(
    "S45",
    "elmo/group-unknown",
    Severity.ERROR,
    "A group that is not described",
    'the grouping refers to a group "{value}", which its type does not have',
    "ask whoever runs the export to add the group to that type, or to correct the reference",
    "idref is the id of a group inside the type that typeref names; the groups of another type do not count",
    '<grouping typeref="kind" idref="micro"> where another type has the group "micro"',
)
GROUP_TWICE: Final = clause(
    "S45",
    "elmo/group-repeated",
    Severity.ERROR,
    "Two groups of one name",
    'there is another {what} with the id "{value}"',
    "ask whoever runs the export to give each an id of its own; in different types groups may have the same",
    "the id of a type of groups is unique in the document, that of a group inside its type",
    'two <groupType id="kind">',
)


def groups(view: View) -> Iterator[Finding]:
    """The groups of the document, and the references to them."""
    document = view.credential.document
    types = () if document is None else document.group_types
    yield from _repeated(types)
    broken = document is not None and any(kept.path.startswith("groups") for kept in document.residue)
    if broken and not types:  # they are there, but could not be read
        return
    for node in view.nodes:
        ref = node.achievement.group_ref
        if ref is not None:
            yield from _referred(f"{node.path}.groupRef", ref, types)


def _repeated(types: tuple[GroupType, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, each in enumerate(types):
        if each.id is not None and each.id in seen:
            yield GROUP_TWICE, f"document.groupTypes[{at}].id", each.id, {"what": "type of groups"}
        seen.add(each.id or "")
        within: set[str] = set()
        for number, group in enumerate(each.groups):
            if group.id is not None and group.id in within:
                yield (
                    GROUP_TWICE,
                    f"document.groupTypes[{at}].groups[{number}].id",
                    group.id,
                    {"what": "group of this type"},
                )
            within.add(group.id or "")


def _referred(path: str, ref: GroupRef, types: tuple[GroupType, ...]) -> Iterator[Finding]:
    among = [each for each in types if ref.type is None or each.id == ref.type]
    if ref.type is not None and not among:
        yield TYPE_UNKNOWN, f"{path}.type", ref.type, {}
        return
    if ref.id is None:
        return
    holding = [each for each in among if any(group.id == ref.id for group in each.groups)]
    if not holding:
        yield GROUP_UNKNOWN, f"{path}.id", ref.id, {}
    elif len(holding) > 1 and ref.type is None:  # several types have such a group, and none is named
        yield TYPE_UNKNOWN, path, "", {}
