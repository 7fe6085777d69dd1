"""What every command has in common, and the small ones."""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import mcbridge
from mcbridge.cli.ending import WORST_FIRST, worst
from mcbridge.cli.formats import described
from mcbridge.cli.program import COMMANDS, Group, program
from mcbridge.cli.rules import DECLARING, every_rule
from mcbridge.cli.schema import canonical_schema
from mcbridge.mappers import BUILTIN
from tests.conftest import CHECKOUT
from tests.unit.cli.command import run

COMMON = {"--verbose", "--quiet", "--color", "--log-format"}


def walk(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from walk(inner, (*path, name))
    else:
        yield path, command


LEAVES = dict(walk(program))


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_takes_the_common_options_and_helps(path: tuple[str, ...], tmp_path: Path) -> None:
    command = LEAVES[path]
    options = {name for parameter in command.params for name in parameter.opts}
    assert options >= COMMON
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option))
    (tmp_path / "home").mkdir()
    done = run(*path, "--help", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: mcbridge {' '.join(path)} ")


def test_the_one_line_of_help_is_the_command_s_own() -> None:
    context = click.Context(program)
    for name, (_, line) in COMMANDS.items():
        command = program.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.get_short_help_str(200) == line


def test_groups_are_ours_so_that_they_end_alike() -> None:
    for name in COMMANDS:
        command = program.get_command(click.Context(program), name)
        assert not isinstance(command, click.Group) or isinstance(command, Group)


def test_every_module_that_declares_rules_is_in_the_list() -> None:
    """``explain`` knows every rule there is, without importing what is heavy and has none."""
    every = {module.name for module in pkgutil.walk_packages(mcbridge.__path__, "mcbridge.")}
    declaring = set()
    for name in every - {"mcbridge.__main__"}:
        source = (CHECKOUT / (name.replace(".", "/") + ".py"), CHECKOUT / name.replace(".", "/") / "__init__.py")
        text = next(path.read_text(encoding="utf-8") for path in source if path.is_file())
        if re.search(r"(?:[ =(\[]|^)rule\(\s*[\"f]", text, re.MULTILINE) and name != "mcbridge.diagnostics":
            declaring.add(name)
    known = set(every_rule())
    for name in declaring:
        import_module(name)
    assert set(every_rule()) == known, "add the module to mcbridge.cli.rules.DECLARING"
    assert all(name in every for name in DECLARING)


def test_explain_says_what_why_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    done = run("explain", "loss/contents", folder=tmp_path)
    assert done.code == 0
    for part in ("loss/contents  (note)", "why:", "hint:", "example:"):
        assert part in done.out
    assert json.loads(run("explain", "loss/contents", "--json", folder=tmp_path).out)["severity"] == "note"
    wrong = run("explain", "canonical/invalit", folder=tmp_path)
    assert (wrong.code, "did you mean canonical/invalid" in wrong.err) == (2, True)


def test_explain_lists_all_rules(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    listed = json.loads(run("explain", "--list", "--json", folder=tmp_path).out)
    assert [each["rule"] for each in listed] == list(every_rule())
    assert run("explain", "--list", folder=tmp_path).out.count("\n") == len(listed)


def test_formats_are_listed_for_people_and_for_programs(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    listed = json.loads(run("formats", "--json", folder=tmp_path).out)
    assert listed == described()
    assert {each["name"] for each in listed} >= set(BUILTIN)
    shown = run("formats", folder=tmp_path).out
    for each in listed:
        assert re.search(rf"^{each['name']}\b.*{re.escape(each['title'])}", shown, re.MULTILINE)


SCHEMA = CHECKOUT / "docs" / "canonical.schema.json"


@pytest.mark.generated
def test_the_schema_in_docs_is_the_one_that_is_printed(tmp_path: Path, bless: bool) -> None:
    if bless:
        SCHEMA.write_text(canonical_schema(), encoding="utf-8")
    (tmp_path / "home").mkdir()
    printed = run("schema", "canonical", folder=tmp_path).out
    assert printed == canonical_schema()
    assert SCHEMA.read_text(encoding="utf-8") == printed


def test_the_worst_code_is_told() -> None:
    assert worst(0, 3, 5) == 5
    assert worst(4, 3) == 3
    assert worst(75, 6, 5) == 6
    assert worst() == 0
    assert [code for code in WORST_FIRST if code not in {0, 2}] == [70, 78, 77, 6, 75, 5, 3, 4]
