"""The source document as evidence: its very bytes, wherever it came from, and never those that speak of others."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import mcbridge
from mcbridge.conversion import Destination, Reading, convert, expand
from mcbridge.limits import limits_of
from mcbridge.mappers import reader
from mcbridge.model import Concept, Credential, Document, Evidence, Note, Text
from mcbridge.origins import Contents, Luggage, Source
from mcbridge.tables import Tables
from tests.conftest import CHECKOUT
from tests.unit.mappers.edc.writing_one import Result, achievement, credential

TABLES = Tables()
GOLDEN = CHECKOUT / "tests" / "golden"
MINIMAL = (GOLDEN / "elmo" / "minimal" / "input.xml").read_bytes()
EMBED: dict[str, Any] = {"embed-source": "true", "country": "HR"}
CONVERTED = "http://data.europa.eu/snb/model/ap/edc-converted"


def carry(source: Path, out: Path, *, doctype: bool = False, **options: str) -> Luggage:
    """Convert to EDC with the source embedded."""
    luggage = Luggage("edc")
    asked = {"embed-source": "true", "country": "HR"} | options
    reading = Reading(tables=TABLES, allow_doctype=doctype)
    destination = Destination(format="edc", out=out, options=asked, is_folder=out.suffix == "")
    convert(expand([str(source)]), reading, destination, luggage)
    return luggage


def embedded(file: Path) -> list[bytes]:
    """The documents in a file, with the profile that belongs to them."""
    found = json.loads(file.read_text(encoding="utf-8"))
    document: dict[str, Any] = found.get("credential", found)
    schema = document["credentialSchema"]
    pieces = document.get("evidence", [])
    pieces = pieces if isinstance(pieces, list) else [pieces]
    if not pieces:
        assert CONVERTED not in json.dumps(schema)
        return []
    assert CONVERTED in json.dumps(schema)
    (media,) = [piece["embeddedEvidence"] for piece in pieces]
    (node,) = media if isinstance(media, list) else [media]
    data = base64.b64decode(node["content"], validate=True)
    assert node["contentSize"] == len(data)
    return [data]


def wrapped(kind: str, data: bytes) -> bytes:
    """A document in what it travels in."""
    if kind == "gzip":
        return gzip.compress(data, mtime=0)
    if kind == "base64":
        return base64.encodebytes(data)
    if kind == "form":
        text = base64.b64encode(gzip.compress(data, mtime=0)).decode()
        return f"sessionId=1&returnCode=NCP_OK&elmo={text.replace('+', '%2B').replace('=', '%3D')}".encode()
    if kind == "zip":
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w") as archive:
            archive.writestr("inside.xml", data)
        return sink.getvalue()
    return data


@pytest.mark.parametrize("kind", ["plain", "gzip", "base64", "form", "zip"])
@pytest.mark.parametrize("form", ["uploadable", "bare"])
def test_the_bytes_that_were_sent_are_embedded_whatever_they_came_in(kind: str, form: str, tmp_path: Path) -> None:
    source = tmp_path / "sent.bin"
    source.write_bytes(wrapped(kind, MINIMAL))
    luggage = carry(source, tmp_path / "out.json", form=form)
    assert embedded(tmp_path / "out.json") == [MINIMAL]
    assert "edc/source-not-embedded" not in luggage.report.by_rule()


def test_of_a_wrapper_each_document_goes_to_its_own_learner(tmp_path: Path) -> None:
    carry(GOLDEN / "elmo" / "ewp-response-with-two-documents" / "input.xml", tmp_path / "out")
    files = sorted((tmp_path / "out").glob("*.json"))
    assert len(files) == 2
    names = []
    for file in files:
        (data,) = embedded(file)
        assert data.count(b"learner>") <= 2
        luggage = Luggage()
        (record,) = [read.record for read in reader("elmo", TABLES, {}).read(Source("again", data), luggage)]
        assert isinstance(record, Credential)
        names.append(record.learner.family_name)
        said = json.loads(file.read_text(encoding="utf-8"))["credential"]["credentialSubject"]
        assert next(iter(said["familyName"].values())) == [record.learner.family_name[0].value]
    assert len(names) == 2


def test_both_reports_of_a_document_have_it(tmp_path: Path) -> None:
    source = GOLDEN / "elmo" / "two-reports" / "input.xml"
    carry(source, tmp_path / "out")
    files = sorted((tmp_path / "out").glob("*.json"))
    assert [embedded(file) for file in files] == [[source.read_bytes()]] * 2


def test_a_doctype_that_was_left_out_on_reading_is_in_what_is_embedded(tmp_path: Path) -> None:
    head, mark, rest = MINIMAL.partition(b"?>")
    data = head + mark + b'\n<!DOCTYPE elmo SYSTEM "elmo.dtd">' + rest
    (tmp_path / "in.xml").write_bytes(data)
    carry(tmp_path / "in.xml", tmp_path / "out.json", doctype=True)
    assert embedded(tmp_path / "out.json") == [data]


def test_a_document_in_another_encoding_stays_in_it(tmp_path: Path) -> None:
    data = MINIMAL.decode("utf-8").replace("UTF-8", "UTF-16").encode("utf-16")
    (tmp_path / "in.xml").write_bytes(data)
    carry(tmp_path / "in.xml", tmp_path / "out.json")
    assert embedded(tmp_path / "out.json") == [data]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_document_that_names_a_second_learner_is_not_embedded(encoding: str, tmp_path: Path) -> None:
    text = (GOLDEN / "elmo" / "two-learners-in-one-document" / "input.xml").read_text(encoding="utf-8")
    name = encoding.removesuffix("-be").upper()
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "in.xml").write_bytes((mark + text.replace("UTF-8", name)).encode(encoding))
    luggage = carry(tmp_path / "in.xml", tmp_path / "out.json")
    assert embedded(tmp_path / "out.json") == []
    (told,) = [each for each in luggage.report if each.rule.id == "edc/source-not-embedded"]
    assert "more than one learner" in told.message
    assert "Iva" not in (tmp_path / "out.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", ["annex-i-everything", "achievements-of-one-learner", "minimal"])
def test_a_table_is_never_embedded_and_each_record_says_why(case: str, tmp_path: Path) -> None:
    (profile,) = [
        line.partition("=")[2].strip().strip('"')
        for line in (GOLDEN / "csv" / case / "case.toml").read_text(encoding="utf-8").splitlines()
        if line.startswith("profile")
    ]
    named = GOLDEN / "csv" / case / profile
    options = {"profile": str(named) if named.exists() else profile}
    luggage = Luggage("edc")
    destination = Destination(format="edc", out=tmp_path / "out", options=EMBED, is_folder=True)
    source = GOLDEN / "csv" / case / "input.csv"
    outcome = convert(
        expand([str(source)]), Reading(tables=TABLES, format="csv", options=options), destination, luggage
    )
    assert outcome.tally.written
    told = [each for each in luggage.report if each.rule.id == "edc/source-not-embedded"]
    assert len(told) == outcome.tally.written
    assert all("other learners" in each.message for each in told)
    assert [embedded(file) for file in outcome.files] == [[]] * len(outcome.files)


def test_from_canonical_json_it_is_embedded_when_its_bytes_lie_beside(tmp_path: Path) -> None:
    kept = Contents()
    sha256 = kept.keep(MINIMAL)
    record = credential(document=Document(id=sha256, format="elmo", position=1, count=1))
    found = Result(record, kept, embed_source="true")
    assert base64.b64decode(found.credential["evidence"][0]["embeddedEvidence"][0]["content"]) == MINIMAL
    without = Result(record, embed_source="true")
    assert "evidence" not in without.credential
    assert "did not come with the record" in without.message("edc/source-not-embedded")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (None, "does not say which document"),
        (Document(id="0" * 64, format="edc", position=1, count=3), "3 credentials"),
        (Document(id="0" * 64, format="elmo", position=1, count=1), "did not come"),
    ],
)
def test_what_cannot_be_embedded_is_said(document: Document | None, why: str) -> None:
    found = Result(credential(document=document), embed_source="true")
    assert "evidence" not in found.credential
    assert why in found.message("edc/source-not-embedded")
    assert found.credential["credentialProfiles"][0]["prefLabel"] == {"en": ["Generic"]}


def test_a_document_beyond_the_limit_is_not_embedded(tmp_path: Path) -> None:
    (tmp_path / "in.xml").write_bytes(MINIMAL)
    luggage = Luggage("edc")
    reading = Reading(tables=TABLES, limits=limits_of(["content=1KB"]))
    destination = Destination(format="edc", out=tmp_path / "out.json", options=EMBED)
    convert(expand([str(tmp_path / "in.xml")]), reading, destination, luggage)
    assert embedded(tmp_path / "out.json") == []
    (told,) = [each for each in luggage.report if each.rule.id == "edc/source-not-embedded"]
    assert "--limit content=" in str(told.hint)


def test_beside_evidence_without_a_document_the_profile_would_not_hold_so_nothing_is_embedded() -> None:
    kept = Contents()
    mandate = Evidence(kind=Concept(code="mandate", scheme="evidence-type"), statement=(Note(texts=(Text("Ours"),)),))
    source = Document(id=kept.keep(MINIMAL), format="elmo", position=1, count=1)
    found = Result(credential(document=source, evidence=(mandate,)), kept, embed_source="true")
    assert [each["dcType"]["prefLabel"] for each in found.credential["evidence"]] == [{"en": ["Mandate"]}]
    assert "no evidence without" in found.message("edc/profile-unmet")


def test_the_library_embeds_without_the_command() -> None:
    luggage = Luggage("edc")
    reads = list(mcbridge.read(GOLDEN / "elmo" / "minimal" / "input.xml", luggage))
    sink = io.BytesIO()
    mcbridge.write(reads, sink, luggage, to="edc", options=EMBED)
    assert base64.b64encode(MINIMAL).decode() in sink.getvalue().decode()


def test_written_twice_it_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "in.xml").write_bytes(MINIMAL)
    for name in ("a.json", "b.json"):
        carry(tmp_path / "in.xml", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_what_is_embedded_is_read_again_as_evidence(tmp_path: Path) -> None:
    (tmp_path / "in.xml").write_bytes(MINIMAL)
    carry(tmp_path / "in.xml", tmp_path / "out.json")
    luggage = Luggage()
    (read,) = reader("edc", TABLES, {}).read(Source.of(tmp_path / "out.json"), luggage)
    assert isinstance(read.record, Credential)
    (piece,) = read.record.evidence
    (attachment,) = piece.embedded
    assert luggage.contents[attachment.contents[0].sha256] == MINIMAL
    assert [kind.code.rpartition("/")[2] for kind in read.record.kinds] in (["c_7e400154"], ["converted"])


def test_a_claim_is_needed_all_the_same() -> None:
    assert Result(credential(achievement()), embed_source="true").count == 1
