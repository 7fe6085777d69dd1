"""The leaves of the official sample, and the official samples as ELMO."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from lxml import etree

from mcbridge.mappers import reader, writer
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.edc_oracle import edc_folder
from tests.conformance.test_elmo_xsd import folder, published
from tests.edc_changes import TARGETS, Account

__all__ = ["folder", "published"]  # fixtures

SAMPLES = ("unsigned-uploadable.json", "unsigned.jsonld", "signed.jsonld")


@pytest.fixture(scope="module")
def samples(shared_root: Path) -> Path:
    found = edc_folder(shared_root) / "samples"
    if not found.is_dir():
        pytest.skip(f"the published samples of European Digital Credentials are not in {found}")
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_no_leaf_of_the_official_sample_is_in_a_third_place(target: str, samples: Path) -> None:
    document = json.loads((samples / "Sample-MC-Annex1-unsigned-uploadable.json").read_bytes())
    first = list(TARGETS).index(target)
    found = Account(document, target, lambda number: number % 4 == first)
    print(found)
    assert found.unaccounted == [], "\n".join(found.unaccounted)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_official_sample_becomes_valid_elmo(name: str, samples: Path, published: etree.XMLSchema) -> None:
    luggage, tables = Luggage("elmo"), Tables()
    source = Source.of(samples / f"Sample-MC-Annex1-{name}")
    reads = list(reader("edc", tables, {}).read(source, luggage))
    sink = io.BytesIO()
    assert writer("elmo", tables, {}).write(reads, sink, luggage) == 1
    published.assertValid(etree.fromstring(sink.getvalue()))
    lost = {loss.field.rpartition(".")[2] for loss in luggage.losses}
    assert {"display", "logo"} <= lost <= {"display", "logo", "seal", "evidence"}
