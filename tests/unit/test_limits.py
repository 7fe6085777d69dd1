"""Limits are settings: each is explained, can be set, and is named where it is the reason for a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcbridge.cli import main
from mcbridge.errors import BadOption
from mcbridge.limits import DEFAULT, Limits, amount, known, limits_of
from tests.conftest import CHECKOUT
from tests.generated import current

PAGE = CHECKOUT / "docs" / "limits.md"


def table() -> str:
    rows = ["| Limit | Default | How many | Of what |", "|---|--:|---|---|"]
    rows += [
        f"| `{name}` | {amount(said.default, said.unit)} | {said.unit} | {said.what} |"
        for name, said in known().items()
    ]
    return "".join(f"{row}\n" for row in rows)


@pytest.mark.generated
def test_the_page_lists_every_limit(bless: bool) -> None:
    current(PAGE, "limits", table(), bless=bless)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["text=2MB"], Limits(text=2 * 1024 * 1024)),
        (["text=2mb", "depth=300"], Limits(text=2 * 1024 * 1024, depth=300)),
        (["bytes = 1 GB"], Limits(bytes=1024**3)),
        (["content=512KB"], Limits(content=512 * 1024)),
        (["members=3", "members=4"], Limits(members=4)),
        ({"achievements": 50_000, "bytes": "1GB"}, Limits(achievements=50_000, bytes=1024**3)),
        ([], DEFAULT),
    ],
)
def test_limits_are_set_by_name(given: list[str] | dict[str, object], expected: Limits) -> None:
    assert limits_of(given) == expected


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["texts=2MB"], "there are: bytes, stream"),
        (["text"], "write NAME=VALUE"),
        (["text="], "text=2MB"),
        (["text=-1"], "a number of characters"),
        (["achievements=2MB"], "a number of achievements"),
        (["depth=4000"], "more than 512"),
        ({"depth": True}, "a number of levels"),
        ({"text": 1.5}, "a number of characters"),
    ],
)
def test_what_is_no_limit_is_refused_and_said(given: list[str] | dict[str, object], says: str) -> None:
    with pytest.raises(BadOption) as error:
        limits_of(given)
    assert says in str(error.value)


DEEP = '<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">' + "<a>" * 300 + "</a>" * 300 + "</elmo>"
LONG = f'<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><a>{"x" * 2000}</a></elmo>'


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (DEEP, "depth"),
        (LONG, "bytes=1KB"),
        (LONG, "text=100"),
        (LONG, "nodes=2"),
        ('{"record": "credential", "version": "1", "x": ' + "[" * 200 + "]" * 200 + "}", "levels"),
        ('{"record": "credential", "version": "1", "x": "' + "y" * 2000 + '"}', "text=100"),
    ],
)
@pytest.mark.parametrize("command", ["check", "inspect", "convert"])
def test_a_refusal_names_the_limit(
    content: str, limit: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source.in"
    source.write_text(content, encoding="utf-8")
    more = ["--limit", limit] if "=" in limit else []
    more += ["--to", "canonical", "-o", str(tmp_path / "out.json")] if command == "convert" else []
    assert main([command, str(source), *more]) == 3
    said = capsys.readouterr()
    assert f"--limit {limit.partition('=')[0]}=…" in said.out + said.err


def test_a_raised_limit_lets_it_through(tmp_path: Path) -> None:
    golden = CHECKOUT / "tests" / "golden" / "elmo" / "minimal" / "input.xml"
    call = ["convert", str(golden), "--to", "canonical", "-o", str(tmp_path / "out.json")]
    assert main([*call, "--limit", "bytes=100"]) == 3
    assert main([*call, "--limit", "bytes=100KB"]) == 0


def test_an_unknown_limit_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.json"
    source.write_text("{}")
    assert main(["check", str(source), "--limit", "size=3"]) == 2
    assert "there are: bytes" in capsys.readouterr().err
