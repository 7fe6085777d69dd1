"""Nothing in the repository depends on, or tells of, the machine it was made on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.house.tree import kept

REGISTRIES = r"pypi\.org|python[h]osted|registry\.npmjs|npmjs\.com/-|deb\.debian\.org|proxy\.golang"
MACHINES = r"(?<![A-Za-z0-9_.:/-])/(?:work|farm|root|opt|tmp|home/[a-z]\w*|Users/[A-Z]\w*)/"
FOREIGN = re.compile(f"{REGISTRIES}|{MACHINES}".encode())


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()[:80].decode(errors='replace')}"
        for path in kept()
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if FOREIGN.search(line)
    ]
    assert not found


@pytest.mark.parametrize(
    "line",
    [
        f"index-url = https://{'pypi'}.org/simple",
        f"cd {'/work'}/main",
        f"open('{'/home'}/ana/x')",
        f"see ({'/root'}/.cache/)",
    ],
)
def test_such_a_line_would_be_noticed(line: str) -> None:
    assert FOREIGN.search(line.encode())


@pytest.mark.parametrize("line", ["https://example.edu/work/1", "reports/tmp/x", "elmo/report/root/title", "xs:/work"])
def test_paths_of_documents_and_addresses_are_no_machine_paths(line: str) -> None:
    assert not FOREIGN.search(line.encode())


def test_pins_are_versions_and_nothing_else() -> None:
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins == sorted(pins, key=lambda pin: pin.partition("==")[0])
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[0-9][0-9a-z.]*", pin) for pin in pins)


def test_scripts_can_be_run() -> None:
    script: Path = CHECKOUT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
