"""Any document that the schema of ELMO allows comes back as it was; of any other, nothing is in a third place."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from mcbridge.mappers import _xml, reader, writer
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_normal import parsed, said
from tests.conformance.test_elmo_collected import Again, unaccounted
from tests.fuzz.budget import SECONDS, SEED, watched
from tests.fuzz.elmo import documents

TABLES = Tables()
ROUND = 20
"""Documents between two looks at the clock."""


def tried(slips: int, share: float, check: Callable[[bytes], None]) -> int:
    """Check documents until the time is up. The same seed gives the same ones in the same order."""
    end, rounds = time.monotonic() + SECONDS * share, 0

    while rounds == 0 or time.monotonic() < end:

        @seed(SEED + rounds)
        @settings(
            max_examples=ROUND,
            deadline=None,
            database=None,
            print_blob=True,
            phases=(Phase.generate,),  # making a find smaller takes minutes: that is for people
            suppress_health_check=list(HealthCheck),
        )
        @given(documents(slips))
        def each(document: bytes) -> None:
            with watched():
                check(document)

        try:
            each()
        except BaseException:
            print(f"MCBRIDGE_FUZZ_SEED={SEED + rounds} begins with the round that failed")
            raise
        rounds += 1
    return rounds


def test_a_document_that_the_schema_allows_comes_back() -> None:
    counts: Counter[str] = Counter()
    ours = _xml.schema("elmo/1.7")

    def check(document: bytes) -> None:
        valid = ours.validate(_xml.parse(document, "d.xml"))
        again = Again(Source("d.xml", document))
        assert again.refused is None
        before, after = parsed(document), parsed(again.data)
        counts["valid" if valid else "not"] += 1
        if valid and "[mcbridge 1]" not in document.decode():
            assert ours.validate(_xml.parse(again.data, "again.xml"))
            assert said(after) == said(before)
        else:
            assert unaccounted(before, after, again) == []

    tried(0, 0.5, check)
    print(f"{counts['valid']} valid documents, {counts['not']} that are not")
    assert counts["valid"] > counts["not"] / 4


@pytest.mark.parametrize("target", ["canonical", "edc", "elmo"])
def test_a_document_with_slips_is_answered(target: str) -> None:
    """Read with all checks, and written; nothing but findings comes of what is wrong."""
    counts: Counter[str] = Counter()

    def check(document: bytes) -> None:
        luggage = Luggage(target)
        reads = list(reader("elmo", TABLES, {}).read(Source("d.xml", document), luggage))
        counts["errors" if luggage.report.errors else "none"] += 1
        for group in [[read] for read in reads] if target == "edc" else [reads]:
            writer(target, TABLES, {}).write(group, BytesIO(), luggage)
        luggage.losses.resolved(lambda _record, _path: [])
        assert all(found.message and found.hint is not None for found in luggage.report)

    tried(60, 0.16, check)
    print(f"{target}: {counts['errors']} documents with errors, {counts['none']} without")
