"""What becomes of other formats conforms to the shapes of its profile, has codes of its lists, and the size it is said
to have.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import OWL, Graph

from mcbridge.mappers.edc import EdcMapper
from mcbridge.tables import Tables
from tests.conformance.edc_oracle import SH, SHAPES, assert_uploadable, edc_folder, graph_of, objects
from tests.conftest import CHECKOUT
from tests.contract.test_edc_leaves import written
from tests.contract.test_edc_uploads import carried
from tests.edc_upload import lists_of, refused
from tests.everything import contents, everything
from tests.golden.cases import Case, cases
from tests.unit.mappers.edc.test_supplement import degree, offered, passed
from tests.unit.mappers.edc.writing_one import Result, achievement, credential

TABLES = Tables()
GOLDEN = CHECKOUT / "tests" / "golden"
CSV = [case for case in cases() if case.format == "csv" and case.input and case.canonical]
EXAMPLES = ("example-1.7.0.xml", "example-2.0.0.xml")
EMBEDDED = ("minimal", "two-reports", "escaped-in-soap", "version-two-read-and-written", "version-one-zero-signed")
SHAPES_OF = {"converted": ("EDC-converted.rdf",), "supplement": ("EDC-accredited.rdf", "EDC-diplomaSupplement.rdf")}
"""The shapes that the issuer applies besides those of all credentials."""


@pytest.fixture(scope="module")
def shared(shared_root: Path) -> Path:
    if not (edc_folder(shared_root) / "issuer-2.2.2").is_dir():
        pytest.skip(f"the issuer's shapes are not in {edc_folder(shared_root)}")
    return shared_root


@cache
def shapes(shared: Path, profile: str) -> Graph:
    graph = Graph()
    for name in (*SHAPES, *SHAPES_OF[profile]):
        graph.parse(edc_folder(shared) / "issuer-2.2.2" / name, format="xml")
    graph.remove((None, OWL.imports, None))
    return graph


def violated(credential: dict[str, Any], shared: Path, profile: str) -> list[tuple[str, str]]:
    """The nodes and properties that the shapes of a profile complain about."""
    _, report, _ = pyshacl.validate(graph_of(credential, shared), shacl_graph=shapes(shared, profile), inference="none")
    assert isinstance(report, Graph)
    paths = report.subject_objects(SH.resultPath)
    return sorted((str(report.value(each, SH.focusNode)), str(path).rpartition("/")[2]) for each, path in paths)


def unlisted(credential: dict[str, Any]) -> Iterator[str]:
    """The concepts that say they are of a European list that we have, and are not in it, strict or not."""
    for pointer, node in objects(credential):
        if node["type"] == "Concept" and isinstance(node.get("inScheme"), dict):
            lists = lists_of(node["inScheme"]["id"])
            if lists and all(known.by_iri(node["id"]) is None for known in lists):
                yield f"{pointer}: {node['id']}"


def assert_taken(file: Path, shared: Path) -> dict[str, Any]:
    """Everything that keeps a file from being taken, or a reader from understanding it."""
    data = file.read_bytes()
    document: dict[str, Any] = json.loads(data)
    assert refused(data, file.name) == []
    assert list(unlisted(document["credential"])) == []
    assert_uploadable(document, shared)
    return document


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("embed", ["false", "true"])
def test_the_published_examples_of_elmo(name: str, embed: str, shared: Path, tmp_path: Path) -> None:
    source = shared / "official" / "elmo" / name
    files = carried(source, tmp_path / "out", None, **{"embed-source": embed})
    assert files
    for file in files:
        document = assert_taken(file, shared)
        if embed == "true":
            assert "evidence" in document["credential"]
            assert violated(document["credential"], shared, "converted") == []


@pytest.mark.parametrize("name", EMBEDDED)
def test_documents_with_their_source_fit_the_converted_profile(name: str, shared: Path, tmp_path: Path) -> None:
    """Five documents of all there are; those without a source are all tried beside."""
    (source,) = (GOLDEN / "elmo" / name).glob("input.*")
    files = carried(source, tmp_path / "out", None, **{"embed-source": "true"})
    assert files
    document = assert_taken(files[0], shared)
    assert violated(document["credential"], shared, "converted") == []


@pytest.mark.parametrize("case", CSV, ids=str)
def test_tables_of_every_profile(case: Case, shared: Path, tmp_path: Path) -> None:
    """One record of each table of credentials; a table of offers has none."""
    assert case.input is not None
    for file in carried(case.input, tmp_path / "out", case.settings)[:1]:
        assert_taken(file, shared)


def test_most_tables_are_of_credentials(tmp_path: Path) -> None:
    done = [carried(case.input, tmp_path / case.folder.name, case.settings) for case in CSV if case.input]
    assert sum(map(bool, done)) > len(done) / 2


def test_the_record_with_everything_fits_the_profile_it_names(shared: Path, tmp_path: Path) -> None:
    data, _ = written(everything(), contents(), EdcMapper(TABLES, {}))
    (tmp_path / "a.json").write_text(data, encoding="utf-8")
    document = assert_taken(tmp_path / "a.json", shared)
    assert violated(document["credential"], shared, "converted") == []


def test_a_diploma_supplement_lacks_nothing_but_what_has_no_end(shared: Path) -> None:
    found = Result(degree(), deliver="office@example.edu")
    assert_uploadable(found.document, shared)
    last = found.claim["hasPart"][0]["specifiedBy"]["id"]
    assert violated(found.credential, shared, "supplement") == [(last, "hasPart")]


def test_a_diploma_supplement_without_qualifications_conforms(shared: Path) -> None:
    record = degree(achievements=(passed("Geodesy", specification=offered("Geodesy", levels=())),))
    found = Result(record)
    assert found.credential["credentialSchema"][0]["id"].endswith("edc-diploma-supplement")
    assert violated(found.credential, shared, "supplement") == []


def test_the_shapes_of_a_profile_can_say_no(shared: Path) -> None:
    plain = Result(degree(kinds=()), application_profile="generic").credential
    assert "evidence" in {path.rpartition("#")[2] for _, path in violated(plain, shared, "converted")}
    nobody = Result(credential(achievement())).credential
    assert {"fullName", "dateOfBirth"} <= {path for _, path in violated(nobody, shared, "supplement")}
