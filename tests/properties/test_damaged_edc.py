"""Whatever becomes of a European Digital Credential that is still JSON: a record or an answer, and nothing else."""

from __future__ import annotations

import io
import json
from collections import Counter
from random import Random

import pytest

from mcbridge.diagnostics import JsonLocation, place
from mcbridge.errors import InputError, NotThisFormat
from mcbridge.mappers import reader, writer
from mcbridge.mappers._json import as_written, strict
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.fuzz.damage import ODD, _json

TABLES = Tables()
FOLDER = CHECKOUT / "tests" / "golden" / "edc"
CASES = sorted(path.parent.name for path in FOLDER.glob("reading-*/input.json"))
SEEDS = 25


def reached(document: object, pointer: str) -> bool:
    """Whether a pointer leads somewhere in a document, or to a key that is not there in an object that is."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    value = document
    for number, step in enumerate(steps):
        if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
            value = json.loads(value)  # a payload, or a credential as text
        last = number == len(steps) - 1
        if isinstance(value, dict) and (step in value or last):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return False
    return True


@pytest.mark.parametrize("case", CASES)
def test_a_damaged_document_is_read_or_refused_with_places_that_are_there(case: str) -> None:
    told: Counter[str] = Counter()
    error: InputError | None
    for seed in range(SEEDS):
        random = Random(f"{case}/{seed}")  # noqa: S311 - repeatable, not secret
        document = _json(json.loads((FOLDER / case / "input.json").read_bytes()), random)
        luggage, error = Luggage("edc"), None
        try:
            for each in reader("edc", TABLES, {}).read(Source("in.json", as_written(document)), luggage):
                writer("edc", TABLES, {"form": "bare"}).write([each], io.BytesIO(), luggage)
            told["read"] += 1
        except InputError as refused:
            told["refused"] += 1
            error = refused
        if error is not None:
            pointer = error.pointer if isinstance(error, NotThisFormat) else None
            assert error.hint
            assert pointer is None or reached(document, pointer), (seed, pointer)
        for found in luggage.report:
            if isinstance(found.location, JsonLocation):
                assert reached(document, place(found.location)), (seed, found.rule.id, found.location)
    print(dict(told))
    assert told["read"]


def test_odd_values_are_json() -> None:
    assert [strict(as_written([each]), "in.json") for each in ODD]
