"""Signatures of European Digital Credentials (JAdES, JSON Web Signatures): the credential stands in them as a text.

What is verified is that very text, and what the reader took out of it has to be the
same. A document may have several signatures: it holds when one holds and none of them
is broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, JsonLocation
from mcbridge.model import SealState
from mcbridge.seals import Found, Terms
from mcbridge.seals.jades.header import Entry, signatures
from mcbridge.seals.judging import (
    LIBRARIES,
    WRAPPED,
    Problem,
    beside,
    finding,
    holds,
    invalid,
    malformed,
    not_holding,
    not_installed,
)

if TYPE_CHECKING:
    from mcbridge.seals.holding import Holding

KIND: Final = "JAdES"


def look(root: Mapping[str, Any], read: bytes, where: JsonLocation, terms: Terms) -> Found:
    """What is known of the seal of a document, which its reader has parsed. ``read`` is what it takes for signed."""
    everywhere = _at(where, "/signatures")
    payload, entries = root.get("payload"), signatures(root)
    if isinstance(entries, Problem) or not isinstance(payload, str):
        wrong = entries if isinstance(entries, Problem) else malformed("its payload is no text")
        return not_holding(wrong, KIND, everywhere, [])
    came: list[tuple[JsonLocation, Entry | Problem, Holding | Problem]] = []
    for pointer, each in entries:
        verdict = each if isinstance(each, Problem) else _verified(each, payload, read, terms)
        came.append((_at(where, pointer), each, verdict))
    encodings = {each.encoded for _, each, _ in came if isinstance(each, Entry)}
    if len(encodings) > 1:
        wrong = malformed("its signatures do not agree on how the payload is written (b64)")
        return not_holding(wrong, KIND, everywhere, [])
    return _together(came, terms)


def _at(where: JsonLocation, pointer: str) -> JsonLocation:
    return replace(where, pointer=where.pointer + pointer)


def _verified(entry: Entry, payload: str, read: bytes, terms: Terms) -> Holding | Problem:
    covered = entry.covered(payload)
    if covered is None:
        return malformed("its payload is not written in base64url, as its header says")
    if covered != read:
        return invalid("what it covers is not the credential that is read", WRAPPED)
    try:
        from mcbridge.seals.jades.holding import holding
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in LIBRARIES:
            raise
        return not_installed()
    return holding(entry, payload, terms)


_WORST: Final = {SealState.INVALID: 0, SealState.UNSUPPORTED: 1, SealState.PRESENT: 2}


def _together(came: list[tuple[JsonLocation, Entry | Problem, Holding | Problem]], terms: Terms) -> Found:
    """All signatures as one seal: broken if one is, else held by the key that says most."""
    problems = [(verdict, where) for where, _, verdict in came if isinstance(verdict, Problem)]
    problems.sort(key=lambda each: _WORST[each[0].state])
    said: list[Diagnostic] = []
    held: list[Found] = []
    for where, entry, verdict in came:
        if not isinstance(entry, Problem) and entry.aside:
            said.append(beside(entry.aside, where))
        if not isinstance(verdict, Problem):
            held.append(holds(verdict, KIND, terms, where, []))
    if problems and (not held or problems[0][0].state is SealState.INVALID):
        others = [finding(each, where) for each, where in problems[1:]]
        return not_holding(problems[0][0], KIND, problems[0][1], [*others, *said])
    best = next((each for each in held if each.trusted_as is not None), held[0])
    findings = [each for found in held for each in found.findings]
    findings += [finding(each, where) for each, where in problems]
    return Found(best.seal, (*findings, *said), best.trusted_as)


__all__ = ["KIND", "look"]
