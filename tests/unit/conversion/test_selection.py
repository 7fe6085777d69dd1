from __future__ import annotations

import pytest

from mcbridge.conversion.selection import takes, wanted
from mcbridge.errors import BadOption
from tests.unit.conversion.records import credential, provision


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("learner.familyName=Primjer", True),
        ("learner.familyName=primjer", False),
        ("learner.familyName.value=Primjer", True),
        ("learner.identifiers=101", True),
        ("learner.identifiers[0].value=101", True),
        ("achievements.title.lang=hr", True),
        ("document.position=1", True),
        ("document.position=01", False),
        ("key=example.edu/MC-1", False),
        ("issuer=", False),
    ],
)
def test_a_record_is_taken_by_a_value_at_a_path_as_it_is_in_the_json(text: str, taken: bool) -> None:
    assert takes([wanted(text)], credential()) is taken


def test_all_that_is_given_must_hold() -> None:
    one, other = wanted("document.position=1"), wanted("learner.identifiers=999")
    assert takes([one, one], credential())
    assert not takes([one, other], credential())
    assert takes([], credential())


def test_provisions_are_taken_by_their_fields() -> None:
    assert takes([wanted("key=example.edu/MC-1")], provision())
    assert not takes([wanted("learner.identifiers=1")], provision())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("learner.familyname=X", "did you mean learner.familyName"),
        ("learner=X", "go on with one of: .*givenNames"),
        ("learner.familyName", "write FIELD=VALUE"),
        ("=X", "it has: "),
    ],
)
def test_a_field_that_no_record_has_is_refused_with_those_that_come_near(text: str, says: str) -> None:
    with pytest.raises(BadOption, match=f"(?s)hint: .*{says}"):
        wanted(text)
