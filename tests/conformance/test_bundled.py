"""The bundled export of a micro-credential office, carried to every format and held against the published material."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mcbridge import demo
from tests.conformance.edc_oracle import assert_uploadable
from tests.conformance.test_elmo_xsd import folder, published

__all__ = ["folder", "published"]  # fixtures


def convert(to: str, out: Path, diagnostics: Path) -> int:
    """The exit code of the conversion, as a user would start it."""
    source = demo.table()
    command = [sys.executable, "-m", "mcbridge", "convert", str(source), "--profile", "microcredential-office"]
    command += ["--to", to, "-o", f"{out}/", "--diagnostics", str(diagnostics), "-q"]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[Path], list[dict[str, Any]]]]:
    """For each format the files and the findings."""
    found = {}
    for to in ("elmo", "edc", "canonical"):
        root = tmp_path_factory.mktemp(to)
        assert convert(to, root / "out", root / "findings.jsonl") == 5
        lines = (root / "findings.jsonl").read_text(encoding="utf-8").splitlines()
        found[to] = (sorted((root / "out").iterdir()), [json.loads(line) for line in lines])
    return found


def test_the_sheet_has_forty_learners_and_twelve_offers(carried: dict[str, Any]) -> None:
    records = [json.loads(path.read_bytes()) for path in carried["canonical"][0] if path.suffix == ".json"]
    learners = {json.dumps(record["learner"], sort_keys=True) for record in records}
    offers = {
        achievement["specification"]["identifiers"][0]["value"]
        for record in records
        for achievement in record["achievements"]
    }
    print(f"{len(learners)} learners, {len(offers)} offers in {len(records)} records")
    assert len(learners) >= 40
    assert len(offers) >= 12


def test_every_elmo_file_is_valid_by_the_published_schema(carried: dict[str, Any], published: etree.XMLSchema) -> None:
    files = carried["elmo"][0]
    assert len(files) >= 40
    assert [path.name for path in files if not published.validate(etree.parse(str(path)))] == []


def test_every_credential_conforms_to_the_issuers_shapes(carried: dict[str, Any], shared_root: Path) -> None:
    files = carried["edc"][0]
    assert len(files) >= 40
    for path in files:
        assert_uploadable(json.loads(path.read_bytes()), shared_root)


@pytest.mark.parametrize("to", ["elmo", "canonical"])
def test_each_finding_about_a_row_names_row_column_and_cell(carried: dict[str, Any], to: str) -> None:
    findings = [found for found in carried[to][1] if found["rule"] != "csv/encoding-assumed"]  # that is the whole file
    assert len(findings) > 15
    vague = [found for found in findings if not {"row", "column", "cell"} <= found.keys()]
    assert vague == []
