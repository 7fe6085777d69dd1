"""Every rule can be explained, and is there because something triggers it."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest

from mcbridge.diagnostics import Rule, rules
from tests.conftest import CHECKOUT
from tests.house.tree import import_everything, kept

NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")


@pytest.fixture(scope="module")
def declared() -> Collection[Rule]:
    """The rules that any module declares."""
    import_everything()
    found = rules().values()
    assert found
    return found


def test_a_rule_is_called_subject_slash_what_is_wrong(declared: Collection[Rule]) -> None:
    assert [rule.id for rule in declared if not NAME.fullmatch(rule.id)] == []


def test_a_rule_has_title_hint_and_why(declared: Collection[Rule]) -> None:
    def sentences(rule: Rule) -> tuple[str, ...]:
        return (rule.title, rule.template, rule.hint, rule.why)

    assert [rule.id for rule in declared if not all(text.strip() for text in sentences(rule))] == []
    assert [rule.id for rule in declared if "!" in "".join(sentences(rule))] == [], "no exclamation marks"
    assert [rule.id for rule in declared if len(set(sentences(rule)[1:])) < 3] == [], "three sentences, three places"
    assert [rule.id for rule in declared if rule.template.casefold().strip(" .") == "invalid value"] == []


def test_every_rule_is_triggered_by_a_test(declared: Collection[Rule]) -> None:
    files = [
        path for path in kept("tests") if "house" not in path.parts and path.suffix in {".json", ".md", ".py", ".toml"}
    ]
    expected = set(re.findall(NAME, "\n".join(path.read_text(encoding="utf-8") for path in files)))
    assert sorted(rule.id for rule in declared if rule.id not in expected) == []


def test_documents_and_mappings_name_rules_that_exist(declared: Collection[Rule]) -> None:
    """Codes of losses are no rules; those that the code writes into the ledger are known."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in kept("mcbridge") if path.suffix == ".py")
    known = {rule.id for rule in declared} | set(re.findall(r'"(loss/[a-z-]+)"', code))
    subjects = {name.partition("/")[0] for name in known}
    named = [
        (str(path.relative_to(CHECKOUT)), name)
        for path in kept("README.md", "docs", "mappings")
        if path.suffix in {".md", ".toml"}
        for name in re.findall(f'[`"\\[]({NAME.pattern})[`"\\]]', path.read_text(encoding="utf-8"))
    ]
    assert [(file, name) for file, name in named if name.partition("/")[0] in subjects and name not in known] == []
