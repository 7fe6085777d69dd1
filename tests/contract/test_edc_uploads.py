"""Every file that is written for the European issuer is one that it takes, by its rules for an upload."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mcbridge.conversion import Destination, Reading, convert, expand
from mcbridge.mappers.edc import EdcMapper
from mcbridge.model import Credential
from mcbridge.origins import Luggage
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.contract.test_edc_leaves import written
from tests.edc_upload import refused
from tests.everything import contents, everything
from tests.golden.cases import Settings, cases
from tests.properties.any_credential import credential

TABLES = Tables()
SAID_BY_EDC = b'"format": "edc",\n'
WRITTEN = [
    case
    for case in cases()
    if case.format == "edc" and case.output is not None and b'"@context"' not in case.output.read_bytes()
]
OURS = [
    case
    for case in WRITTEN
    if SAID_BY_EDC not in (case.folder / "canonical.json").read_bytes().partition(b'"residue"')[2]
]
"""Those that say nothing but what a record has a word for: what an EDC said beside is written back as it was."""
SOURCES = [case for case in cases() if case.format in {"elmo", "csv"} and case.input and case.canonical]


def carried(path: Path, out: Path, settings: Settings | None = None, **options: str) -> list[Path]:
    """The files that a source becomes; each is as large as it is said to be."""
    read = dict(settings.read) if settings is not None else {}
    if (path.parent / read.get("profile", "?")).is_file():
        read["profile"] = str(path.parent / read["profile"])
    given = {"country": "HR", "deliver": "office@example.edu", "lang": "en"} | options
    destination = Destination(format="edc", out=out, options=given, is_folder=True)
    reading = Reading(tables=TABLES, options=read, format="csv" if read else None)
    outcome = convert(expand([str(path)]), reading, destination, Luggage("edc"))
    assert {each.path: each.size for each in outcome.sizes} == {file: file.stat().st_size for file in outcome.files}
    return list(outcome.files)


@pytest.mark.parametrize("case", OURS, ids=str)
def test_golden_records(case: Any) -> None:
    assert refused(case.output.read_bytes(), case.output.name) == []


def test_there_are_golden_records_of_all_sorts() -> None:
    sorts = {"minimal", "everything", "annex-i", "joint-award", "claims-of-all-kinds", "texts-without-language"}
    assert sorts <= {case.folder.name for case in OURS}


@pytest.mark.parametrize("case", SOURCES, ids=str)
def test_golden_documents_of_other_formats(case: Any, tmp_path: Path) -> None:
    for file in carried(case.input, tmp_path / "out", case.settings):
        assert refused(file.read_bytes(), file.name) == []


@pytest.mark.parametrize("name", ["microcredentials.csv", "transcript.xml"])
def test_the_documents_of_the_demonstration(name: str, tmp_path: Path) -> None:
    (source,) = (CHECKOUT / "mcbridge" / "demo" / "data").glob(name)
    settings = Settings(read={"profile": "microcredential-office"}) if name.endswith(".csv") else None
    files = carried(source, tmp_path / "out", settings)
    assert files
    for file in files:
        assert refused(file.read_bytes(), file.name) == []


@pytest.mark.parametrize("options", [{}, {"embed-source": "true"}], ids=["generic", "embedded"])
def test_transcripts_with_their_source(options: dict[str, str], tmp_path: Path) -> None:
    (file,) = carried(CHECKOUT / "tests/golden/elmo/minimal/input.xml", tmp_path / "out", None, **options)
    assert refused(file.read_bytes(), file.name) == []
    assert ('"embeddedEvidence"' in file.read_text(encoding="utf-8")) is bool(options)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_model_allows(seed: int) -> None:
    kept = contents()
    mapper = EdcMapper(TABLES, {"country": "HR", "deliver": "office@example.edu"})
    file, _ = written(credential(seed, list(kept), 0.6), kept, mapper)
    assert not file or refused(file.encode(), "any.json") == []


# the judge


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The fullest file, which is taken."""
    record = everything()
    assert isinstance(record, Credential)
    found: dict[str, Any] = json.loads(written(record, contents(), EdcMapper(TABLES, {}))[0])
    return found


def _claim(found: dict[str, Any]) -> dict[str, Any]:
    claims: list[dict[str, Any]] = found["credential"]["credentialSubject"]["hasClaim"]
    return claims[0]


HARMS: dict[str, Callable[[dict[str, Any]], object]] = {
    "is missing": lambda found: found["credential"].pop("validFrom"),
    "one or two": lambda found: found["deliveryDetails"]["deliveryAddress"].clear(),
    "for the one who uploads": lambda found: found["credential"].update(issued="2025-01-01T00:00:00Z"),
    "is no array": lambda found: _claim(found).update(identifier={"id": "urn:x:1", "type": "Identifier"}),
    "holds no array of texts": lambda found: _claim(found).update(title={"en": "Maps"}),
    "several texts": lambda found: _claim(found).update(title={"en": ["Maps", "Cards"]}),
    "is no moment": lambda found: found["credential"].update(validFrom="2025-01-01"),
    "is not that of": lambda found: found["credential"].update(credentialSchema=[]),
    "is the id of something else": lambda found: _claim(found).update(id=found["credential"]["id"]),
    "beside the credential": lambda found: found.update(version="1"),
    "no document, and the profile": lambda found: found["credential"].pop("evidence"),
    "is not in the list": lambda found: found["credential"]["credentialProfiles"][0].update(
        id="http://data.europa.eu/snb/credential/nothing"
    ),
}


@pytest.mark.parametrize("what", HARMS)
def test_harm_is_seen(what: str, document: dict[str, Any]) -> None:
    assert refused(json.dumps(document).encode(), "a.json") == []
    harmed = json.loads(json.dumps(document))
    HARMS[what](harmed)
    assert any(what in each for each in refused(json.dumps(harmed).encode(), "a.json"))


def test_a_key_twice_another_name_and_too_many_bytes_are_seen(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    twice = text.replace('"credential":', '"credential": 1, "credential":', 1)
    assert refused(twice.encode(), "a.json") == ["the key credential twice in one object"] * 2
    assert refused(text.encode(), "a.jsonld") == ["a.jsonld does not end in .json"]
    assert refused(text.encode(), "a.json", most=100) == [f"{len(text)} bytes"]
