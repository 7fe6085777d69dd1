"""What is written is what the European issuer takes, by its own shapes; and the judge of that can say no."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mcbridge.errors import NotThisFormat
from mcbridge.mappers import reader, writer
from mcbridge.mappers.edc import EdcMapper
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables
from tests.conformance.edc_oracle import (
    assert_bare,
    assert_uploadable,
    clashes,
    edc_folder,
    misspelt,
    strangers,
    violated,
    violations,
)
from tests.conftest import CHECKOUT
from tests.contract.test_edc_leaves import written
from tests.everything import contents, everything
from tests.properties.any_credential import credential

GOLDEN = CHECKOUT / "tests" / "golden"
WRITTEN = [
    path
    for path in sorted((GOLDEN / "edc").glob("*/output.json"))
    if b'"format": "edc",\n' not in (path.parent / "canonical.json").read_bytes().partition(b'"residue"')[2]
]
"""Those that say nothing but what a record has a word for: what an EDC said beside is written back as it was."""
RECORDS = [path.parent.name for path in WRITTEN if b'"@context"' not in path.read_bytes()]
BARE = [path.parent.name for path in WRITTEN if path.parent.name not in RECORDS]
ELMO = sorted(
    path.parent.name for path in (GOLDEN / "elmo").glob("*/input.xml") if list(path.parent.glob("canonical.*"))
)

Credential = dict[str, Any]


@pytest.fixture(scope="module")
def shared(shared_root: Path) -> Path:
    folder = edc_folder(shared_root)
    if not (folder / "issuer-2.2.2").is_dir():
        pytest.skip(f"the published shapes of European Digital Credentials are not in {folder}")
    return shared_root


def converted(path: Path, format: str, **options: str) -> list[dict[str, Any]]:
    """The files that the records of a source become; of a wrapper, those of the documents that can be read."""
    tables, luggage, found = Tables(), Luggage("edc"), []
    with suppress(NotThisFormat):
        for read in reader(format, tables, {}).read(Source.of(path), luggage):
            sink = io.BytesIO()
            if writer("edc", tables, options).write([read], sink, luggage):
                found.append(json.loads(sink.getvalue()))
    return found


@pytest.mark.parametrize("name", RECORDS)
def test_golden_records_are_written_as_the_issuer_takes_them(name: str, shared: Path) -> None:
    assert_uploadable(json.loads((GOLDEN / "edc" / name / "output.json").read_text(encoding="utf-8")), shared)


def test_the_golden_records_are_of_all_sorts() -> None:
    sorts = {"minimal", "everything", "annex-i", "joint-award", "claims-of-all-kinds", "texts-without-language"}
    assert sorts | {"in-progress-with-passed-parts", "unknown-codes-and-missing-parts"} <= set(RECORDS)


def test_the_published_elmo_example_becomes_a_file_that_the_issuer_takes(shared: Path) -> None:
    (found,) = converted(shared / "official" / "elmo" / "example-1.7.0.xml", "elmo")
    assert_uploadable(found, shared)


@pytest.mark.parametrize("name", ELMO)
def test_elmo_documents_become_files_that_the_issuer_takes(name: str, shared: Path) -> None:
    """Those that can be read and claim something; they say the country of who awards, or are told it."""
    for found in converted(GOLDEN / "elmo" / name / "input.xml", "elmo", country="HR"):
        assert_uploadable(found, shared)


@pytest.mark.parametrize("seed", range(16))
def test_whatever_the_model_allows_becomes_a_file_that_the_issuer_takes(seed: int, shared: Path) -> None:
    kept = contents()
    file, _ = written(credential(seed, list(kept), 0.6), kept, EdcMapper(Tables(), {"country": "HR"}))
    if file:
        assert_uploadable(json.loads(file), shared)


# the credential by itself


@pytest.mark.parametrize("name", BARE)
def test_bare_golden_records_have_all_but_the_seal(name: str, shared: Path) -> None:
    assert_bare(json.loads((GOLDEN / "edc" / name / "output.json").read_text(encoding="utf-8")), shared)


def test_the_record_with_everything_is_a_credential_but_for_the_seal(shared: Path) -> None:
    file, _ = written(everything(), contents(), EdcMapper(Tables(), {"form": "bare"}))
    assert_bare(json.loads(file), shared)


def test_the_published_elmo_example_is_a_credential_but_for_seal_and_picture(shared: Path) -> None:
    (found,) = converted(shared / "official" / "elmo" / "example-1.7.0.xml", "elmo", form="bare")
    assert_bare(found, shared, lacks=frozenset({"individualDisplay"}))


def test_what_the_record_does_not_say_is_all_that_a_bare_credential_lacks(shared: Path) -> None:
    source = GOLDEN / "edc" / "minimal" / "canonical.json"
    (found,) = converted(source, "canonical", form="bare")
    assert_bare(found, shared, lacks=frozenset({"individualDisplay", "issued", "issuer"}))


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_model_allows_is_a_credential_by_itself(seed: int, shared: Path) -> None:
    kept = contents()
    file, _ = written(credential(seed, list(kept), 0.6), kept, EdcMapper(Tables(), {"country": "HR", "form": "bare"}))
    if file:
        seals = {"individualDisplay", "issued", "issuer", "eidasLegalIdentifier"}
        found = json.loads(file)
        assert violated(found, shared) <= seals
        assert strangers(found, shared) == clashes(found) == misspelt(found, shared) == []


# the judge


@pytest.fixture(scope="module")
def sample(shared: Path) -> Credential:
    """A credential that the publishers of the shapes made themselves."""
    path = edc_folder(shared) / "samples" / "Sample-MC-Annex1-unsigned-uploadable.json"
    found: Credential = json.loads(path.read_text(encoding="utf-8"))["credential"]
    return found


def test_the_published_sample_conforms(sample: Credential, shared: Path) -> None:
    assert violations(sample, shared) == ""
    assert strangers(sample, shared) == []
    assert clashes(sample) == []


def _claim(credential: Credential) -> Credential:
    claim: Credential = credential["credentialSubject"]["hasClaim"]
    return claim


def _no_grade(credential: Credential) -> None:
    del _claim(credential)["provenBy"]["grade"]


def _two_titles(credential: Credential) -> None:
    _claim(credential)["title"] = {"en": ["One", "Two"]}


def _no_scheme(credential: Credential) -> None:
    del _claim(credential)["specifiedBy"]["eqfLevel"]["inScheme"]


def _no_agent(credential: Credential) -> None:
    _claim(credential)["awardedBy"] |= {"id": "urn:epass:awardingProcess:2", "awardingBody": []}


@pytest.mark.parametrize("harm", [_no_grade, _two_titles, _no_scheme, _no_agent])
def test_harm_is_seen_by_the_shapes(harm: Callable[[Credential], None], sample: Credential, shared: Path) -> None:
    harmed = copy.deepcopy(sample)
    harm(harmed)
    assert violations(harmed, shared) != ""


@pytest.mark.parametrize(
    ("key", "value"), [("validFrom", "2025-06-30"), ("validUntil", "2025-06-30T00:00:00"), ("issued", "30. 6. 2025.")]
)
def test_an_instant_that_is_none_is_seen(key: str, value: str, sample: Credential, shared: Path) -> None:
    assert misspelt(sample, shared) == []
    assert misspelt(sample | {key: value}, shared) == [f"/{key}: {value}"]


def test_a_key_that_the_context_or_the_class_does_not_have_is_seen(sample: Credential, shared: Path) -> None:
    harmed = copy.deepcopy(sample)
    _claim(harmed)["academicYear"] = "2025"
    _claim(harmed)["grade"] = _claim(harmed)["provenBy"]["grade"]
    found = strangers(harmed, shared)
    assert found == ["/credentialSubject/hasClaim/academicYear", "/credentialSubject/hasClaim/grade"]


def test_two_objects_with_one_id_are_seen(sample: Credential) -> None:
    harmed = copy.deepcopy(sample)
    _claim(harmed)["specifiedBy"]["id"] = _claim(harmed)["provenBy"]["id"]
    assert len(clashes(harmed)) == 1


def test_a_file_without_a_credential_does_not_conform_by_having_nothing_to_look_at(
    sample: Credential, shared: Path
) -> None:
    harmed = sample | {"type": ["VerifiableCredential"]}
    with pytest.raises(AssertionError):
        violations(harmed, shared)
