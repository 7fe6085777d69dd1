"""However JSON-LD spells it, a credential is the same: nodes in full, by reference, flattened, one or a list of one."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from mcbridge.mappers import reader
from mcbridge.mappers.edc import EdcMapper, profiles
from mcbridge.mappers.edc.reading import credential
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.contract.test_edc_leaves import golden, written
from tests.edc_spellings import SPELLINGS, backwards, flattened, stubbed
from tests.everything import contents, everything

TABLES = Tables()
RECORDS = ("annex-i", "claims-of-all-kinds", "joint-award", "everything")


@cache
def document(name: str) -> str:
    """A bare credential made from a record."""
    record = everything() if name == "everything" else golden(name)
    return written(record, contents(), EdcMapper(TABLES, {"form": "bare", "validate": "no"}))[0]


def read(found: Any) -> tuple[Any, list[str]]:
    """What a credential says, without what its own bytes are called by, and what was found in it."""
    luggage = Luggage()
    (one,) = reader("edc", TABLES, {"validate": "no"}).read(Source("in.json", json.dumps(found).encode()), luggage)
    said = json.loads(encode(one.record))
    del said["id"], said["document"]
    return said, [each.rule.id for each in luggage.report]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", RECORDS)
def test_every_spelling_says_the_same(name: str, spelling: str) -> None:
    whole = json.loads(document(name))
    other = SPELLINGS[spelling](whole)
    assert other != whole
    assert read(other) == read(whole)


@pytest.mark.parametrize("name", ["annex-i", "claims-of-all-kinds", "joint-award"])
def test_a_reference_may_come_before_what_it_leads_to(name: str) -> None:
    whole = json.loads(document(name))
    (here, found), (there, others) = read(whole), read(backwards(stubbed(whole)))
    assert others == found
    assert Counter(_facts(there)) == Counter(_facts(here))


@pytest.mark.parametrize("name", RECORDS)
def test_blank_nodes_are_names_within_a_file(name: str) -> None:
    whole = json.loads(document(name))
    text = json.dumps(flattened(whole))
    blank = json.loads(_LOCAL.sub(lambda found: f'"_:{found[1]}{found[2]}"', text))
    assert blank != flattened(whole)
    (here, found), (there, others) = read(whole), read(blank)
    assert others == found
    assert Counter(map(_renamed, _facts(there))) == Counter(map(_renamed, _facts(here)))


_LOCAL = re.compile(r'"urn:epass:(?!conceptScheme:)(\w+):(\d+)"')


def _renamed(fact: str) -> str:
    return _LOCAL.sub(r"_:\1\2", f'"{fact}"').strip('"')


def _facts(value: Any) -> list[str]:
    """The leaves of a record, whatever their order."""
    if isinstance(value, dict):
        return [fact for key, each in value.items() if key != "spellings" for fact in _facts(each)]
    return [fact for each in value for fact in _facts(each)] if isinstance(value, list) else [str(value)]


def test_the_shapes_of_a_profile_are_read_as_they_are_written() -> None:
    assert credential.SCHEMAS == profiles.SCHEMAS
