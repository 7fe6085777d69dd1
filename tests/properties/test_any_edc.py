"""Whatever credential the model allows: it is written or refused, the same each time, and nothing disappears."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from mcbridge.mappers.edc import EdcMapper
from mcbridge.model.leaves import leaves
from mcbridge.tables import Tables
from tests.contract.test_edc_leaves import covers, written
from tests.everything import contents
from tests.properties.any_credential import credential

SEEDS = range(40)
MADE = re.compile(r"(?:text|word|id|points) \d+")
"""The strings that the maker numbers; each occurs once in a record."""
NAMES = re.compile(r"(?:organisations|gradingSchemes)\[\d+\]\.id|.*\.written")
"""What others refer by, and how bytes were written: neither is a fact."""


@pytest.mark.parametrize("seed", SEEDS)
def test_each_made_up_string_is_in_the_file_or_in_the_ledger(seed: int) -> None:
    kept = contents()
    mapper = EdcMapper(Tables(), {"country": "HR"})
    record = credential(seed, list(kept), 0.7)
    file, losses = written(record, kept, mapper)
    assert (file, losses) == written(record, kept, mapper)
    words = set(re.findall(r"(?:text|word|id|points)(?: |%20)\d+", file))
    missing = [
        path
        for path, value in leaves(record)
        if isinstance(value, str) and MADE.fullmatch(value) and not NAMES.fullmatch(path)
        if value not in words and quote(value) not in words and not any(covers(lost, path) for lost in losses)
    ]
    assert missing == []


def test_most_of_them_are_written() -> None:
    kept = contents()
    mapper = EdcMapper(Tables(), {"country": "HR"})
    files = [written(credential(seed, list(kept), 0.7), kept, mapper)[0] for seed in SEEDS]
    assert sum(map(bool, files)) > len(files) / 2
