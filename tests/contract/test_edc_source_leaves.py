"""There is no third place for a leaf of an EDC: changed, it shows in the output, or the ledger names its place.

A leaf is a string, a number, a truth value, an id, a class or a language; each is changed to another one of its sort
and to something that is none, and each object gets a key that nobody knows. Each target takes a part of the changes,
since there are thousands; the samples of the standard are changed in full (tests/conformance).
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from mcbridge.mappers.edc import EdcMapper
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.contract.test_edc_leaves import golden, written
from tests.edc_changes import TARGETS, Account
from tests.everything import contents, everything

SOURCES = {"annex-i": 11, "claims-of-all-kinds": 7, "joint-award": 5, "everything": 61}
"""Records, and of how many changes one is tried."""
REFUSED = {("everything", "elmo"), ("claims-of-all-kinds", "elmo"), ("joint-award", "elmo")}
"""ELMO demands an identifier of the issuer, and achievements."""


def document(name: str) -> Any:
    """An EDC made from a record."""
    record = everything() if name == "everything" else golden(name)
    file, _ = written(record, contents(), EdcMapper(Tables(), {}))
    return json.loads(file)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", SOURCES)
def test_no_leaf_of_an_edc_is_in_a_third_place(name: str, target: str) -> None:
    if (name, target) in REFUSED:
        return
    found = Account(document(name), target, lambda number: number % SOURCES[name] == 0)
    print(f"{name} {found}")
    assert found.unaccounted == [], "\n".join(found.unaccounted)


@pytest.mark.parametrize("target", ["canonical", "edc:form=bare"])
@pytest.mark.parametrize("case", ["presentation-shared", "flattened", "references", "array"])
def test_no_leaf_of_an_odd_document_is_in_a_third_place(case: str, target: str) -> None:
    path = CHECKOUT / "tests" / "golden" / "edc" / f"reading-{case}" / "input.json"
    found = Account(json.loads(path.read_bytes()), target, lambda number: number % 2 == 0)
    print(f"{case} {found}")
    assert found.unaccounted == [], "\n".join(found.unaccounted)
