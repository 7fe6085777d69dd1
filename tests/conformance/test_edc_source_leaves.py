"""The leaves of the official sample, and the official samples as ELMO."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from lxml import etree

from mcbridge import conversion
from mcbridge.diagnostics import Severity
from mcbridge.mappers import reader, writer
from mcbridge.model import Credential
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.accounting import difference
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


@pytest.mark.parametrize("target", ["canonical", "edc:form=bare", "edc:form=uploadable"])
@pytest.mark.parametrize("name", ["unsigned.jsonld", "signed.jsonld"])
def test_nor_is_one_of_the_other_samples(name: str, target: str, samples: Path) -> None:
    document = json.loads((samples / f"Sample-MC-Annex1-{name}").read_bytes())
    document = json.loads(document["payload"]) if "payload" in document else document
    found = Account(document, target, lambda number: number % 24 == len(target) % 24)
    print(found)
    assert found.unaccounted == [], "\n".join(found.unaccounted)


@pytest.mark.parametrize("form", ["uploadable", "bare"])
@pytest.mark.parametrize("name", SAMPLES)
def test_an_official_sample_is_read_and_written_again(name: str, form: str, samples: Path) -> None:
    tables, luggage = Tables(), Luggage("edc")
    (read,) = reader("edc", tables, {}).read(Source.of(samples / f"Sample-MC-Annex1-{name}"), luggage)
    assert isinstance(read.record, Credential)
    assert {each.level for each in luggage.report} <= {Severity.WARNING, Severity.NOTE}
    sink = io.BytesIO()
    assert writer("edc", tables, {"form": form}).write([read], sink, luggage) == 1
    (again,) = reader("edc", tables, {}).read(Source("again.json", sink.getvalue()), Luggage())
    assert difference("edc", [read.record], [again.record], list(luggage.losses), luggage.report) == []
    assert "signatures" not in json.loads(sink.getvalue())


def test_official_samples_in_one_presentation_are_read_each_with_its_own_seal(samples: Path) -> None:
    texts = [(samples / f"Sample-MC-Annex1-{name}").read_bytes() for name in SAMPLES]
    document = b'{"type": "VerifiablePresentation", "verifiableCredential": [' + b",\n".join(texts) + b"]}"
    found = list(conversion.read(Source("shown.json", document), Luggage()))
    records = [each.record for each in found if isinstance(each.record, Credential)]
    assert [each.seal is not None for each in records] == [False, False, True]
    alone = [next(reader("edc", Tables(), {}).read(Source("one.json", text), Luggage())) for text in texts]
    assert [each.achievements for each in records] == [
        each.record.achievements for each in alone if isinstance(each.record, Credential)
    ]


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
