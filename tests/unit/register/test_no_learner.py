"""No learner reaches a register: the types say so, whoever writes the next line."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from mcbridge.model import Achievement, Activity, Assessment, Credential, Entitlement, Learner, Provision
from mcbridge.register.verdict import Candidate, Place, Verdict

PERSONAL = {Achievement, Activity, Assessment, Credential, Entitlement, Learner}


def reached(start: object) -> set[object]:
    """All types that a value of a type can hold, at whatever depth."""
    found: set[object] = set()
    waiting: list[object] = [start]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
            continue
        if each in found:
            continue
        found.add(each)
        waiting += typing.get_args(each)
        if isinstance(each, type) and (dataclasses.is_dataclass(each) or hasattr(each, "__struct_fields__")):
            waiting += typing.get_type_hints(each).values()
    return found


@pytest.mark.parametrize("kind", [Provision, Candidate, Place, Verdict])
def test_what_travels_to_a_register_has_no_field_for_a_learner(kind: type) -> None:
    assert not reached(kind) & PERSONAL


def test_the_search_would_find_one() -> None:
    @dataclasses.dataclass
    class Careless:
        records: tuple[dict[str, Credential], ...]

    globals()["Careless"] = Careless
    assert reached(Careless) >= PERSONAL


def test_the_search_goes_all_the_way_down() -> None:
    names = {getattr(each, "__name__", "") for each in reached(Verdict)}
    assert {"Provision", "Specification", "LearningOutcome", "Organisation", "Identifier", "Rule"} <= names
