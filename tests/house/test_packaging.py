"""What is built holds what is needed to run, and finds it."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import mcbridge
from mcbridge.resources import Kind, data_root
from tests.conftest import CHECKOUT
from tests.house.tree import PACKAGE, kept, modules, project

KINDS: tuple[Kind, ...] = ("mappings", "xsd")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> dict[str, bytes]:
    """The files of the wheel."""
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_wheel_holds_every_mapping_and_schema_as_it_is_here(wheel: dict[str, bytes], kind: Kind) -> None:
    here = {f"mcbridge/_data/{path.relative_to(CHECKOUT).as_posix()}": path.read_bytes() for path in kept(kind)}
    there = {name: content for name, content in wheel.items() if name.startswith(f"mcbridge/_data/{kind}/")}
    assert here
    assert there == here


def test_the_wheel_holds_every_module_and_no_test(wheel: dict[str, bytes]) -> None:
    here = {path.relative_to(CHECKOUT).as_posix() for path in modules()}
    assert {name for name in wheel if name.endswith(".py")} == here
    assert "mcbridge/py.typed" in wheel


def test_the_wheel_states_version_licence_command_and_extras(wheel: dict[str, bytes]) -> None:
    (name,) = (name for name in wheel if name.endswith(".dist-info/METADATA"))
    stated = email.message_from_bytes(wheel[name])
    assert stated["Version"] == mcbridge.__version__
    assert stated["License-Expression"] == "EUPL-1.2"
    assert stated["Requires-Python"] == ">=3.11"
    assert set(stated.get_all("Provides-Extra", [])) == set(project()["project"]["optional-dependencies"])
    assert b"mcbridge = mcbridge.cli:main" in wheel[name.replace("METADATA", "entry_points.txt")]


def test_an_unpacked_wheel_finds_its_own_data(wheel: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in wheel.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    asked = "from mcbridge.resources import data_root; print(data_root('mappings'), data_root('xsd'), sep='\\n')"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(tmp_path / "mcbridge" / "_data" / kind) for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkout_finds_the_data_beside_the_package(kind: Kind) -> None:
    assert str(data_root(kind)) == str(PACKAGE.parent / kind)


def test_the_source_archive_can_be_tested_and_built(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"pyproject.toml", "constraints.txt", "Makefile", "README.md", "tests/conftest.py"}
    assert wanted <= names
    assert {path.relative_to(CHECKOUT).as_posix() for path in kept("mcbridge", *KINDS)} <= names
