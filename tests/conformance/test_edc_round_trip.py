"""EDC to EDC: as RDF a credential says the same afterwards, but for the differences that docs/edc.md names."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mcbridge.losses import LossLedger
from mcbridge.mappers import reader, writer
from mcbridge.mappers.edc import EdcMapper
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.edc_documents import everything as every_property
from tests.conformance.edc_oracle import assert_bare, clashes, edc_folder, violated
from tests.conformance.edc_rdf import (
    ELM,
    IDENTIFIER,
    SKOS,
    TYPE,
    Difference,
    Statement,
    completed,
    renamed,
    same,
    statements,
    traced,
    unlike,
    unsealed,
)
from tests.contract.test_edc_leaves import written
from tests.everything import contents, everything

TABLES = Tables()
SAMPLES = {"unsigned-uploadable.json": 0, "unsigned.jsonld": 0, "signed.jsonld": 1}
"""The official samples, and whether they are sealed."""
TRACE = {IDENTIFIER, f"{ELM}schemeName>", f"{SKOS}notation>", TYPE}
UNSEALED: tuple[Difference, ...] = (renamed, unsealed, traced)

Document = dict[str, Any]


@pytest.fixture(scope="module")
def shared(shared_root: Path) -> Path:
    if not (edc_folder(shared_root) / "samples").is_dir():
        pytest.skip(f"the published samples of European Digital Credentials are not in {shared_root}")
    return shared_root


def credential_of(document: Document) -> Document:
    """The credential in any of the three forms."""
    found: Document = json.loads(document["payload"]) if "payload" in document else document.get("credential", document)
    return found


def again(document: Document) -> tuple[Document, LossLedger]:
    """What comes of a document, as a credential by itself, and the losses."""
    luggage = Luggage("edc")
    (read,) = reader("edc", TABLES, {}).read(Source("d.json", json.dumps(document).encode()), luggage)
    sink = io.BytesIO()
    writer("edc", TABLES, {"form": "bare"}).write([read], sink, luggage)
    found: Document = json.loads(sink.getvalue())
    return found, luggage.losses


def sample(name: str, shared: Path) -> Document:
    path = edc_folder(shared) / "samples" / f"Sample-MC-Annex1-{name}"
    found: Document = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_an_official_sample_says_the_same_afterwards(name: str, shared: Path) -> None:
    before = sample(name, shared)
    after, losses = again(before)
    differences = UNSEALED if SAMPLES[name] else ()
    assert unlike(credential_of(before), after, shared, *differences) == []
    codes = {loss.code for loss in losses}
    assert codes == ({"loss/seal", "loss/credential-id", "loss/seal-identifier"} if SAMPLES[name] else set())


def test_a_sealed_sample_becomes_a_credential_but_for_the_seal(shared: Path) -> None:
    assert_bare(again(sample("signed.jsonld", shared))[0], shared)


def test_every_property_of_every_class_comes_back(shared: Path) -> None:
    """More than any record has a word for."""
    before = every_property(shared)
    assert violated(before, shared) == set()
    after, losses = again(before)
    assert unlike(before, after, shared, completed, unsealed) == []
    assert [loss.code for loss in losses] == ["loss/seal-identifier"]
    assert clashes(after) == []


@pytest.mark.parametrize("form", ["bare", "uploadable"])
def test_a_record_with_everything_comes_back(form: str, shared: Path) -> None:
    file, _ = written(everything(), contents(), EdcMapper(TABLES, {"form": form}))
    before = credential_of(json.loads(file))
    after, _ = again(json.loads(file))
    before.setdefault("@context", after["@context"])
    assert unlike(before, after, shared) == []


def test_a_concept_without_label_scheme_and_notation_gets_those_of_its_list(shared: Path) -> None:
    before = credential_of(sample("unsigned.jsonld", shared))
    for holder in (before["displayParameter"], before["credentialSubject"]["hasClaim"]["specifiedBy"]):
        for key in ("language", "primaryLanguage", "eqfLevel"):
            if key in holder:
                holder[key] = {"id": holder[key]["id"], "type": "Concept"}
    after, _ = again(before)
    assert unlike(before, after, shared, completed) == []


# --- the judge


def unnoticed(
    before: list[Statement], after: list[Statement], differences: Sequence[Difference], step: int = 1
) -> set[str]:
    """The properties of the statements whose loss, or whose other value, the comparison does not see."""
    found = set()
    for index in range(0, len(after), step):
        subject, predicate, _ = after[index]
        for harm in ([], [(subject, predicate, '"Zq"')]):
            if same(before, [*after[:index], *harm, *after[index + 1 :]], *differences):
                found.add(predicate)
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_no_statement_of_a_sample_can_go_or_change_unnoticed(name: str, shared: Path) -> None:
    before = sample(name, shared)
    after = statements(again(before)[0], shared)
    differences = (completed, *(UNSEALED if SAMPLES[name] else ()))
    silent = unnoticed(statements(credential_of(before), shared), after, differences, step=3)
    # of what was sealed: the identifier that names the sealed document, which only the output has
    assert silent <= (TRACE if SAMPLES[name] else set())


def test_no_statement_of_the_credential_with_every_property_can_go_unnoticed(shared: Path) -> None:
    before = statements(every_property(shared), shared)
    assert len(before) > 1500
    assert unnoticed(before, before, (completed,), step=37) == set()


def test_the_number_of_equal_parts_is_noticed(shared: Path) -> None:
    before = credential_of(sample("unsigned.jsonld", shared))
    note = {"type": "Note", "noteLiteral": {"en": "Said twice"}}
    claim = before["credentialSubject"]["hasClaim"]
    claim["additionalNote"] = [note | {"id": "urn:epass:note:901"}, note | {"id": "urn:epass:note:902"}]
    after = copy.deepcopy(before)
    del after["credentialSubject"]["hasClaim"]["additionalNote"][1]
    assert unlike(before, after, shared) != []


def test_local_ids_are_names_and_others_are_facts(shared: Path) -> None:
    before = credential_of(sample("unsigned.jsonld", shared))
    text = json.dumps(before)
    assert unlike(before, json.loads(text.replace("urn:epass:qualification:1", "urn:epass:spec:77")), shared) == []
    assert unlike(before, json.loads(text.replace("urn:epass:qualification:1", "https://example.org/7")), shared) != []
