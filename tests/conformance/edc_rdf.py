"""A credential as a set of RDF statements, and the differences between two that are no differences.

PyLD makes the statements and their canonical form (URDNA2015), with the contexts from
files. Ids that hold in one file only are names, not facts: each such node is called by
what is said of it, so nodes of equal content are equal and no others are. How many of
them stand at one property is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from pyld import jsonld

from tests.conformance.edc_oracle import edc_folder

Statement = tuple[str, str, str]
"""Subject, property and value, each as N-Quads has it."""
Difference = Callable[[list[Statement], list[Statement]], tuple[list[Statement], list[Statement]]]
"""From the statements of source and output to those that are left to compare."""

LOCAL: Final = ("<urn:epass:", "_:")
ELM: Final = "<http://data.europa.eu/snb/model/elm/"
TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SKOS: Final = "<http://www.w3.org/2004/02/skos/core#"
CREDENTIAL: Final = f"{ELM}EuropeanDigitalCredential>"
ISSUER: Final = "<https://www.w3.org/2018/credentials#issuer>"
IDENTIFIER: Final = "<http://www.w3.org/ns/adms#identifier>"
_CONTEXTS: Final = {
    "https://www.w3.org/2018/credentials/v1": "w3c-credentials-v1.jsonld",
    "http://data.europa.eu/snb/model/context/edc-ap": "3.2/edc-ap-context.jsonld",
}


@cache
def _loader(shared: Path) -> Callable[[str, Any], Mapping[str, Any]]:
    held = {
        url: {
            "contextUrl": None,
            "documentUrl": url,
            "document": json.loads((edc_folder(shared) / name).read_text(encoding="utf-8")),
        }
        for url, name in _CONTEXTS.items()
    }

    def load(url: str, options: Any) -> Mapping[str, Any]:
        assert url in held, f"{url} would be fetched"
        return held[url]

    return load


def statements(credential: Mapping[str, Any], shared: Path) -> list[Statement]:
    """What a credential says, in canonical form."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _loader(shared)}
    text = jsonld.normalize(credential, options)
    found = [_cut(line) for line in text.splitlines()]
    assert sum(1 for _, predicate, value in found if (predicate, value) == (TYPE, CREDENTIAL)) == 1
    return found


def _cut(line: str) -> Statement:
    subject, predicate, rest = line.split(" ", 2)
    return subject, predicate, rest.removesuffix(" .")


def same(before: list[Statement], after: list[Statement], *differences: Difference) -> bool:
    """Whether two credentials say the same."""
    for difference in differences:
        before, after = difference(before, after)
    return _by_content(before) == _by_content(after)


def unlike(source: Mapping[str, Any], output: Mapping[str, Any], shared: Path, *differences: Difference) -> list[str]:
    """What one credential says and the other does not, in words; nothing when they say the same."""
    before, after = statements(source, shared), statements(output, shared)
    if same(before, after, *differences):
        return []
    for difference in differences:
        before, after = difference(before, after)
    gone, new = _told(before), _told(after)
    found = [f"- {line}" for line in sorted((gone - new).elements())]
    found += [f"+ {line}" for line in sorted((new - gone).elements())]
    return found or ["the same is said of other things"]


def _by_content(found: Sequence[Statement]) -> Counter[Statement]:
    """The statements with local nodes called by the hash of what is said of them, all the way down."""
    of = _by_subject(found)
    names: dict[str, str] = {}

    def name(term: str) -> str:
        if not term.startswith(LOCAL) or term not in of:
            return "<urn:local>" if term.startswith(LOCAL) else term
        if term not in names:
            names[term] = "<urn:above>"
            said = sorted((predicate, name(value)) for predicate, value in of[term])
            names[term] = f"<urn:content:{hashlib.sha256(repr(said).encode()).hexdigest()}>"
        return names[term]

    return Counter((subject, predicate, name(value)) for subject, predicate, value in found if subject == name(subject))


def _by_subject(found: Sequence[Statement]) -> dict[str, list[tuple[str, str]]]:
    of: dict[str, list[tuple[str, str]]] = {}
    for subject, predicate, value in found:
        of.setdefault(subject, []).append((predicate, value))
    return of


def _told(found: Sequence[Statement]) -> Counter[str]:
    """The statements as ways from the credential to a value, for messages."""
    of = _by_subject(found)
    root = next(subject for subject, predicate, value in found if (predicate, value) == (TYPE, CREDENTIAL))
    told: Counter[str] = Counter()

    def walk(subject: str, way: tuple[str, ...], above: frozenset[str]) -> None:
        for predicate, value in of.get(subject, ()):
            step = (*way, predicate.strip("<>").replace("#", "/").rpartition("/")[2])
            if not value.startswith(LOCAL):
                told[f"{'/'.join(step)} {value[:120]}"] += 1
            if value in of and value not in above:
                walk(value, step, above | {value})

    walk(root, (), frozenset({root}))
    return told


# --- the differences, by name: docs/edc.md lists them with their reasons


def completed(before: list[Statement], after: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """A concept of which the source does not say label, scheme or notation gets those of its list."""
    said = {(subject, predicate) for subject, predicate, _ in before}
    subjects = {subject for subject, _, _ in before}
    added = {f"{SKOS}{name}>" for name in ("inScheme", "notation", "prefLabel")}
    schemes = {value for subject, predicate, value in after if predicate == f"{SKOS}inScheme>"}
    left = [
        (subject, predicate, value)
        for subject, predicate, value in after
        if not (subject in subjects and predicate in added and (subject, predicate) not in said)
        and not (predicate == TYPE and subject in schemes and subject not in subjects)
    ]
    return before, left


def renamed(before: list[Statement], after: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """What is not sealed is another credential than the sealed one, so its id is new."""
    return [_called(each, _root(before)) for each in before], [_called(each, _root(after)) for each in after]


def _root(found: Sequence[Statement]) -> str:
    roots = (subject for subject, predicate, value in found if (predicate, value) == (TYPE, CREDENTIAL))
    return next(roots, "")


def _called(each: Statement, root: str) -> Statement:
    return ("<urn:root>", *each[1:]) if each[0] == root else each


def unsealed(before: list[Statement], after: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """The issuer's identifier from the certificate of the seal goes with the seal."""
    issuers = {value for _, predicate, value in before if predicate == ISSUER}
    held = [(predicate, value) for subject, predicate, value in before if subject in issuers]
    gone = {value for predicate, value in held if predicate == f"{ELM}eidasLegalIdentifier>"}
    assert len(gone) == 1, "a sealed credential has one"
    return [each for each in before if each[0] not in gone and each[2] not in gone], after


def traced(before: list[Statement], after: list[Statement]) -> tuple[list[Statement], list[Statement]]:
    """A credential that was sealed is called by the hash of the sealed document, among the identifiers."""
    new = {subject for subject, predicate, value in after if '"urn:mcbridge:source-document"' in value}
    assert len(new) <= 1, "one identifier names the source"
    return before, [each for each in after if each[0] not in new and each[2] not in new]
