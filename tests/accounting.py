"""What became of a record on its way through a format and back: equal, declared as lost, or moved as documented.

Records are compared as JSON trees. What the ledger names is taken out of the record that was written; what a format
has another place for (``MOVES``) is put there; the rest must be what was read again, no more and no less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from mcbridge.diagnostics import Report
from mcbridge.losses import REFUSED, Loss
from mcbridge.model import Credential, Record
from mcbridge.model.codec import encode
from mcbridge.tables import Tables
from tests import accounting_edc

TABLES: Final = Tables()
Tree = dict[str, Any]

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

_AMOUNTS: Final = frozenset(("points", "lower", "equal", "higher", "seconds"))


class _Any:
    """Stands for whatever the format says instead; the ledger or a finding told of it."""

    def __repr__(self) -> str:
        return "anything"


class _Gone:
    """Stands where a lost item was, so that the others keep their numbers until all are gone."""


ANY: Final = _Any()
GONE: Final = _Gone()


def difference(
    format: str, before: Sequence[Record], after: Sequence[Record], losses: Iterable[Loss], report: Report
) -> list[str]:
    """What is unaccounted for, in words; nothing when all is well. ``before`` are the records that were written."""
    lost = list(losses)
    refused = {each.record for each in lost if each.code == REFUSED}
    before = [record for record in before if name_of(record) not in refused]
    if len(before) != len(after):
        return [f"{len(before)} records were written, {len(after)} read again"]
    found: list[str] = []
    assumed = [one.field for one in report if one.rule.id == f"{format}/assumed" and one.field]
    for written, again in zip(before, after, strict=True):
        expected, actual = _tree(written), _tree(again)
        for each in lost:
            if each.record == name_of(written) and each.field:
                found += _take_out(expected, each)
        for path in assumed:
            _put(expected, path, ANY)
        MOVES.get(format, _as_it_is)(expected, actual)
        found += _unlike(_settled(expected), _settled(actual), "")
    return found


def name_of(record: Record) -> str:
    """What losses call a record."""
    return record.id if isinstance(record, Credential) else record.key


def _tree(record: Record) -> Tree:
    tree: Tree = json.loads(encode(record))
    return tree


def _steps(path: str) -> list[str | int]:
    return [name or int(number) for name, number in _STEP.findall(path)]


def _take_out(tree: Tree, lost: Loss) -> list[str]:
    """Mark what a loss names. One that names nothing in the record is a mistake by itself."""
    *lead, last = _steps(lost.field)
    node: Any = tree
    for step in lead:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return [f"{lost.code} names {lost.field}, which the record does not have"]
        if node is GONE or node is ANY:
            return []
    try:
        node[last] = ANY if lost.changed else GONE if node[last] is not ANY else ANY
    except (KeyError, IndexError, TypeError):
        return [f"{lost.code} names {lost.field}, which the record does not have"]
    return []


def _put(tree: Tree, path: str, value: Any) -> None:
    """Set a field whose parents are there; a collection stands for its first item."""
    *lead, last = _steps(path)
    node: Any = tree
    for step in lead:
        try:
            node = node.setdefault(step, {}) if isinstance(step, str) else node[step]
        except (IndexError, AttributeError):
            return
    if isinstance(node, dict) and isinstance(last, str):
        node[last] = value


def _settled(value: Any) -> Any:
    """Without what is gone, without spellings, and without what holds nothing."""
    if isinstance(value, dict):
        for key in ("country", "citizenships"):
            if key in value and value[key] is not GONE:
                value = {**value, key: _country(value[key])}
        pairs = ((key, _settled(inner)) for key, inner in value.items() if key != "spellings")
        found = {key: inner for key, inner in pairs if inner is not GONE and inner not in ({}, [])}
        if isinstance(found.get("lines"), list):
            # lines of an address that are too many stand in the last
            words = [line for line in found["lines"] if line is not ANY]
            found["lines"] = ANY if ANY in found["lines"] else " ".join(" ".join(words).replace(",", " ").split())
        for key in _AMOUNTS.intersection(found):
            found[key] = found[key] if found[key] is ANY else format(Decimal(found[key]).normalize(), "f")
        if found.get("seconds") in {"0", "-0"}:
            found.pop("seconds")  # of a duration, the same as none
        if "residue" in found:
            found["residue"] = sorted(map(_residue, found["residue"]), key=str)
        return found
    if isinstance(value, list):
        return [inner for inner in map(_settled, value) if inner is not GONE and inner not in ({}, [])]
    return value


def _country(word: Any) -> Any:
    """A country by its code: EL and hr are Greece and Croatia."""
    if isinstance(word, list):
        return [_country(one) for one in word]
    found = TABLES.vocabulary("country").find(word.strip()) if isinstance(word, str) else None
    return word if found is None else found.code


def _residue(kept: Tree) -> Tree:
    """Residue as what it says: prefixes of namespaces are no part of that."""
    try:
        return {**kept, "content": etree.canonicalize(kept["content"], rewrite_prefixes=True)}
    except (KeyError, TypeError, etree.XMLSyntaxError):
        return kept


def _unlike(expected: Any, actual: Any, path: str) -> Iterator[str]:
    if expected is ANY:
        return
    if isinstance(expected, dict) and isinstance(actual, dict):
        lead = f"{path}." if path else ""
        for key in {**expected, **actual}:
            if key not in actual:
                if expected[key] is not ANY:
                    yield f"{lead}{key} is not there and not declared: {expected[key]!r}"
            elif key not in expected:
                yield f"{lead}{key} was made up: {actual[key]!r}"
            else:
                yield from _unlike(expected[key], actual[key], lead + key)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _unlike(one, other, f"{path}[{index}]")
    elif expected != actual:
        yield f"{path} was {expected!r} and came back as {actual!r}"


def _as_it_is(expected: Tree, actual: Tree) -> None:
    """The format has a place for everything where the model has it."""


# ------------------------------------------------------------------------------------------------------------- ELMO


def _elmo(expected: Tree, actual: Tree) -> None:
    """A record gets a new name, and an institution that nothing refers to gets a new local one.

    Schemes of credits are called by their codes, unless the record was read from ELMO. That is all.
    """
    document = expected.get("document")
    if not isinstance(document, dict) or document.get("format") != "elmo":
        _credits_by_code(expected.get("achievements"))
    for tree in (expected, actual):
        tree.pop("id")  # derived from the bytes of the document
        document = tree.setdefault("document", {})
        if document is not GONE:
            for key in ("id", "format", "position", "count"):
                document.pop(key, None)
    if actual.get("issuer") == "org-1":
        for tree in (expected, actual):
            tree.pop("issuer", None)
            for organisation in tree.get("organisations", ()):
                if organisation is not GONE:
                    organisation.pop("id")


def _credits_by_code(achievements: Any) -> None:
    """Those received and those on offer; what the extension says of parts of an offer stays as it was written."""
    for each in achievements if isinstance(achievements, list) else ():
        for holder in (each, each.get("specification")) if isinstance(each, dict) else ():
            for credit in holder.get("credits", ()) if isinstance(holder, dict) else ():
                if isinstance(credit, dict) and isinstance(credit.get("scheme"), str):
                    accounting_edc.credit_by_code(credit)
        _credits_by_code(each.get("parts") if isinstance(each, dict) else None)


def _edc(expected: Tree, actual: Tree) -> None:
    """What an EDC says elsewhere, of what is left when losses are taken out."""
    for tree in (expected, actual):
        settled = _settled(tree)
        tree.clear()
        tree.update(settled)
    accounting_edc.moved(expected, actual)


MOVES: Final[dict[str, Callable[[Tree, Tree], None]]] = {"edc": _edc, "elmo": _elmo}
"""By format: what it says elsewhere. Each is documented there, and nothing else may differ."""
