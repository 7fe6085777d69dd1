"""There is no third place for a leaf of older Europass XML: changed, it shows in the record, beside it or in a finding.

Beside a record is its residue, and how its values were written. Each element is also given a child that nobody knows.
The official sample is changed in full, and every path of the official schema is tried (tests/conformance).
"""

from __future__ import annotations

import pytest

from tests.edc_xml_changes import silent, unaccounted
from tests.golden.cases import FOLDER

REFUSED = "presentation-broken"
"""One of its credentials is lost as a whole, which its ledger says."""
CASES = {path.parent.name: 1 for path in sorted((FOLDER / "edc-xml").glob("*/canonical.*json"))} | {"everything": 9}
"""Cases, and of how many changes one is tried."""


@pytest.mark.parametrize("name", sorted(CASES.keys() - {REFUSED}))
def test_no_leaf_of_a_document_is_in_a_third_place(name: str) -> None:
    made, unheard = silent((FOLDER / "edc-xml" / name / "input.xml").read_bytes(), lambda at: at % CASES[name] == 0)
    print(f"{name}: {made} changes, {len(unheard)} unaccounted for")
    assert made
    assert unheard == []


TOWARDS = {"plain-micro-credential": 3, "odd-values": 4, "entitlement-and-activity": 3}


@pytest.mark.parametrize(("name", "step"), TOWARDS.items())
def test_towards_elm_3_each_leaf_is_in_the_file_or_in_the_ledger(name: str, step: int) -> None:
    document = (FOLDER / "edc-xml" / name / "input.xml").read_bytes()
    made, found = unaccounted(document, lambda at: at % step == 0)
    print(f"{name}: {made} changes, {len(found)} unaccounted for")
    assert made > 50
    assert found == []
