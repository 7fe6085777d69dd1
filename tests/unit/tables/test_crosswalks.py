from __future__ import annotations

from collections.abc import Callable

import pytest

from mcbridge.errors import ConfigError
from mcbridge.tables import Tables
from mcbridge.tables.crosswalk import WORDS

Write = Callable[[str, str], Tables]

TABLE = """
title = "Local words to cycles"
from = "words"
to = "qf-ehea"
version = "1"
source = "invented for a test"
retrieved = 2026-01-02
completeness = "partial"
lossy = true
[rows]
"Preddiplomski" = "first"
"prijediplomski" = "first-cycle"
[none]
"specijalistički" = "it is no cycle"
"""


@pytest.mark.parametrize("name", Tables().names("crosswalks"))
def test_every_shipped_crosswalk_loads_and_leads_to_codes_that_exist(shipped: Tables, name: str) -> None:
    crosswalk = shipped.crosswalk(name)
    assert len(crosswalk)
    assert crosswalk.source
    assert crosswalk.version
    target = None if crosswalk.target == WORDS else shipped.vocabulary(crosswalk.target)
    for word, code in crosswalk:
        assert code.strip() if target is None else code in target
        assert crosswalk.get(word) == code
        assert crosswalk.reason(word) is None


def test_levels_five_to_eight_have_a_cycle_and_the_lower_ones_a_reason(shipped: Tables) -> None:
    crosswalk = shipped.crosswalk("eqf-qf-ehea")
    assert [crosswalk.get(level) for level in "5678"] == ["short", "first", "second", "third"]
    assert [crosswalk.get(level) for level in "12349"] == [None] * 5
    assert all(crosswalk.reason(level) for level in "1234")
    assert crosswalk.reason("9") is None
    assert crosswalk.completeness == "complete"


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ("eqf-qf-ehea", "qf-ehea-eqf"),
        ("elmo-gender-human-sex", "human-sex-elmo-gender"),
        ("elmo-los-type-learning-opportunity", "learning-opportunity-elmo-los-type"),
    ],
)
def test_there_and_back_gives_the_same_code(shipped: Tables, there: str, back: str) -> None:
    forward, backward = shipped.crosswalk(there), shipped.crosswalk(back)
    assert {word: backward.get(code) for word, code in forward} == {word: word for word, _ in forward}


def test_a_micro_credential_becomes_a_course_in_elmo_and_the_table_says_that_it_loses(shipped: Tables) -> None:
    crosswalk = shipped.crosswalk("learning-opportunity-elmo-los-type")
    assert crosswalk.get("74a4a268e8") == "Course"
    assert crosswalk.lossy
    assert "thesis" in (crosswalk.reason("b2434ca358") or "")


@pytest.mark.parametrize(
    ("name", "word", "code"),
    [
        ("hr-mode", "NA DALJINU", "920fbb3cbe"),
        ("hr-mode", "mjesovito", "e92d221e4d"),
        ("hr-mode", "Uživo ", "9191af2ed9"),
        ("hr-assessment", "Pisani\u00a0ispit", "6e6cb2cc78"),
        ("hr-assessment", "test", None),
        ("hr-assessment", "", None),
        ("completed-achievement-status", "true", "passed"),
        ("completed-achievement-status", "false", "in-progress"),
    ],
)
def test_words_are_compared_without_case_accents_and_spaces(
    shipped: Tables, name: str, word: str, code: str | None
) -> None:
    assert shipped.crosswalk(name).get(word) == code


def test_targets_may_be_named_by_alias_and_come_out_as_codes(write: Write) -> None:
    crosswalk = write("crosswalks/local", TABLE).crosswalk("local")
    assert crosswalk.get("PRIJEDIPLOMSKI") == "first"
    assert crosswalk.reason("Specijalisticki") == "it is no cycle"
    assert "preddiplomski" in crosswalk
    assert "diplomski" not in crosswalk
    assert 1 not in crosswalk


def test_codes_are_compared_as_they_are(shipped: Tables) -> None:
    assert shipped.crosswalk("elmo-los-type-learning-opportunity").get("degree programme") is None


@pytest.mark.parametrize(
    ("before", "after", "key", "words"),
    [
        ('= "first-cycle"', '= "fourth"', "rows.prijediplomski", "'fourth' is no code of 'qf-ehea'"),
        ('"prijediplomski"', '"PREDDIPLOMSKI"', "rows.PREDDIPLOMSKI", "stands twice"),
        ('"prijediplomski"', '" "', 'rows." "', "empty"),
        ('"specijalistički"', '"preddiplomski"', "none.preddiplomski", "stands twice"),
        ('"it is no cycle"', '" "', 'none."specijalistički"', "no reason"),
        ('"partial"', '"complete"', "completeness", "never complete"),
        ('"partial"', '"half"', "completeness", "half"),
        ("lossy = true", "lossy = false", "lossy", "one target"),
        ('from = "words"', 'from = "eqf"', "rows.Preddiplomski", "is no code of 'eqf'"),
        ('from = "words"', 'from = "word"', "from", "unknown list 'word'"),
        ('to = "qf-ehea"', 'to = "qf-eha"', "to", "unknown list 'qf-eha'"),
        ('source = "invented for a test"\n', "", "", "source"),
    ],
)
def test_what_is_wrong_in_a_crosswalk_is_named_by_file_and_key(
    write: Write, before: str, after: str, key: str, words: str
) -> None:
    assert before in TABLE
    tables = write("crosswalks/local", TABLE.replace(before, after))
    with pytest.raises(ConfigError) as caught:
        tables.crosswalk("local")
    assert (caught.value.where or "").partition(".toml")[2].removeprefix(": ") == key
    assert words in caught.value.message


def test_a_table_that_calls_itself_complete_has_a_row_or_a_reason_for_every_code(write: Write) -> None:
    tables = write(
        "crosswalks/local",
        TABLE.replace('"words"', '"eqf"')
        .replace("partial", "complete")
        .replace('"Preddiplomski" = "first"', '6 = "first"')
        .replace('"prijediplomski" = "first-cycle"\n', "")
        .replace('"specijalistički"', "1"),
    )
    with pytest.raises(ConfigError, match=r"no row for 2, 3, 4, 5, 7, 8"):
        tables.crosswalk("local")
