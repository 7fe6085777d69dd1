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

TABLES: Final = Tables()
Tree = dict[str, Any]

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

_AMOUNTS: Final = frozenset(("points", "lower", "equal", "higher"))


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
    except (KeyError, etree.XMLSyntaxError):
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
    """What ELMO has another place for, none of which is a loss of anything that a record states."""
    as_read = expected.get("document", {}).get("format") == "elmo"
    for tree in (expected, actual):
        tree.pop("id")  # derived from the bytes of the document
        document = tree.setdefault("document", {})
        if document is not GONE:
            for key in ("id", "format", "position", "count"):
                document.pop(key, None)
    organisations = [one for one in expected.get("organisations", ()) if one is not GONE]
    issuer = organisations[0]["id"] if organisations else None
    for tree in (expected, actual):
        tree.pop("issuer", None)  # a local name, and ELMO has one institution for each report
        for organisation in tree.get("organisations", ()):
            if organisation is not GONE:
                organisation.pop("id")
    if len(organisations) > 1:
        return
    _elmo_learner(expected["learner"], as_read=as_read)
    for achievement in expected.get("achievements", ()):
        _elmo_achievement(achievement, issuer)


def _elmo_learner(learner: Tree, *, as_read: bool) -> None:
    """ELMO has identifiers only, two names, and addresses by line."""
    national = learner.pop("nationalId", None)
    if isinstance(national, dict):
        national.setdefault("type", "nationalIdentifier")
        learner["identifiers"] = [national, *learner.get("identifiers", ())]
    joined = " ".join(text for name in ("givenNames", "familyName") for text in _first(learner.get(name)))
    full = [text for text in learner.get("fullName", ()) if text is not GONE]
    full = [text for text in full if text["value"] != joined or text.get("lang", GONE) is not GONE]
    if learner.get("familyName") is ANY:
        learner["givenNames"] = ANY  # a full name stands as the family name, with empty given names
        full = []
    learner["fullName"] = full
    if not as_read and learner.get("gender", GONE) is not GONE and learner["gender"] not in {"0", "1", "2", "9"}:
        learner["gender"] = ANY  # a word of another list, by a crosswalk
    for address in _there(learner.get("address"), "addresses"):
        if address.get("full") and not address.get("lines") and not address.get("parts"):
            for text in [text for note in _there(address, "full") for text in _there(note, "texts")]:
                address["lines"] = ANY if text["value"] is ANY else text["value"].splitlines()
            address.pop("full")


def _there(node: Any, name: str) -> list[Any]:
    """The items of a collection that are not gone."""
    found = node.get(name, ()) if isinstance(node, dict) else ()
    return [item for item in found if item is not GONE] if isinstance(found, list) else []


def _first(texts: Any) -> list[str]:
    return [str(texts[0]["value"])] if texts and texts is not ANY and texts[0] is not GONE else []


def _elmo_achievement(achievement: Any, issuer: str | None) -> None:
    if achievement is GONE:
        return
    specification = achievement.setdefault("specification", {})
    for name in ("title", "description"):
        # one title and one description for the award and the offer
        awarded, offered = achievement.pop(name, []), specification.get(name)
        left = [text for text in awarded if text is not GONE]
        if not offered:
            specification[name] = awarded
        elif any(text not in offered for text in left):
            achievement[name] = left
    award = achievement.get("award")
    if isinstance(award, dict):
        _elmo_award(achievement, award, issuer)
    offered, received = specification.get("credits"), achievement.get("credits")
    if offered and not received:
        achievement["credits"] = specification.pop("credits")  # one place for credits on offer and received
    elif offered:
        amounts = [_amount(credit) for credit in received]
        specification["credits"] = [one for one in offered if one is not GONE and _amount(one) not in amounts]
    _elmo_specification(specification)
    for part in achievement.get("parts", ()):
        _elmo_achievement(part, issuer)


def _amount(credit: Tree) -> Tree:
    points = credit.get("points")
    return {**credit, "scheme": credit["scheme"].casefold(), "points": None if points is None else Decimal(points)}


def _elmo_specification(specification: Tree) -> None:
    # the elements have an order of their own
    fields = [field for field in specification.get("fields", ()) if field is not GONE]
    specification["fields"] = sorted(fields, key=lambda field: field["scheme"] != "erasmus-subject-area")
    for level in specification.get("levels", ()):
        # the framework's own name in `type` is the framework
        if level is not GONE and level.get("scheme") == _FRAMEWORKS.get(level["framework"]):
            level.pop("scheme", None)
    for kind in specification.get("kinds", ()):
        # a kind of another list becomes ELMO's word for it, by a crosswalk
        if kind is not GONE and kind.get("scheme") != "elmo-los-type":
            kind.update(code=ANY, scheme=ANY)


_FRAMEWORKS: Final = {"eqf": "EQF", "qf-ehea": "QF-EHEA", "nqf": "NQF"}


def _elmo_award(achievement: Tree, award: Tree, issuer: str | None) -> None:
    """The date of award is the date of completion where there is no other; the body is the issuer of the report."""
    date = award.get("date")
    period = achievement.setdefault("period", {})
    if date not in (None, GONE) and period.get("end", date) == date:
        period["end"] = award.pop("date")
    if "bodies" in award and award["bodies"] is not GONE:
        award["bodies"] = [body for body in award["bodies"] if body is not GONE and body != issuer]


MOVES: Final[dict[str, Callable[[Tree, Tree], None]]] = {"elmo": _elmo}
"""By format: what it says elsewhere. Each is documented there, and nothing else may differ."""
