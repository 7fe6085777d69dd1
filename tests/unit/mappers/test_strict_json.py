"""Reading JSON strictly: a repeated key is found by counting strings, whatever quotes and backslashes stand in them."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from mcbridge.errors import NotThisFormat, Unreadable
from mcbridge.limits import DEFAULT
from mcbridge.mappers import _json

_TEXTS = ("", 'a"b', "\\", '\\"', '":', '{"a":1}', "\n", json.dumps({"x": 'y"\\'}), 'é"\\\\')


def _value(chance: random.Random, deep: int = 0) -> Any:
    kind = chance.random()
    if deep > 4 or kind < 0.3:
        return chance.choice([*_TEXTS, 1, True, None, 1.5])
    if kind < 0.7:
        return {f"{chance.choice(_TEXTS)}{number}": _value(chance, deep + 1) for number in range(chance.randrange(4))}
    return [_value(chance, deep + 1) for _ in range(chance.randrange(4))]


@pytest.mark.parametrize("few", [500, 2, 0])
def test_a_document_without_a_repeated_key_is_read_once(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    again: list[str] = []
    monkeypatch.setattr(_json, "_name_repeated", lambda _, name: again.append(name))
    monkeypatch.setattr(_json, "_FEW", few)
    chance = random.Random(3)  # noqa: S311 - the same each time
    for _ in range(500):
        text = json.dumps(_value(chance), ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, 2]))
        assert _json.compact(_json.strict(text.encode(), "it")) == _json.compact(json.loads(text))
    assert again == []


def test_a_repeated_key_is_found_whatever_it_holds() -> None:
    chance = random.Random(4)  # noqa: S311 - the same each time
    for _ in range(500):
        first, second = json.dumps(_value(chance)), json.dumps(_value(chance))
        with pytest.raises(NotThisFormat, match='the key "z" stands twice in one object, at /0/z'):
            _json.strict(f'[{{"z":{first}, "z" : {second}}}]'.encode(), "it")


@pytest.mark.parametrize(
    ("document", "place"), [('{{"a":["{0}"]}}', "/a/0"), ('["x",{{"content":"","b~":"{0}"}}]', "/1/b~0"), ('"{0}"', "")]
)
def test_a_text_that_is_too_long_is_refused_with_its_place(document: str, place: str) -> None:
    long = "x" * (DEFAULT.text + 1)
    with pytest.raises(Unreadable, match=f"stands at {place};"):
        _json.strict(document.format(long).encode(), "it")
    assert _json.strict(json.dumps({"content": long}).encode(), "it") == {"content": long}
