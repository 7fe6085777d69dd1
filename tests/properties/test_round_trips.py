"""Whatever a record holds: it comes back, or the ledger says what does not, or a finding why nothing was written."""

from __future__ import annotations

import hashlib
from collections import Counter
from io import BytesIO
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from mcbridge.diagnostics import JsonLocation
from mcbridge.losses import REFUSED
from mcbridge.mappers import _xml, describe, names, reader, writer
from mcbridge.mappers.elmo.extension.table import SCHEMA
from mcbridge.model import Credential, Document, Text
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Luggage, Origin, Read, Source
from mcbridge.tables import Tables
from tests.accounting import difference
from tests.elmo_extension import blocks
from tests.properties.credentials import credentials, kept

TABLES = Tables()
WRITTEN = [name for name in names() if describe(name).writes]

often = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def carried(record: Credential, name: str, **options: str) -> tuple[bytes, Luggage]:
    """What is written, and all that was said."""
    luggage = Luggage(name)
    for data in (*kept().values(), SOURCE):
        luggage.contents.keep(data)
    sink = BytesIO()
    count = writer(name, TABLES, options).write([Read(record, Origin(JsonLocation("made-up")))], sink, luggage)
    assert bool(sink.getvalue()) is bool(count)
    return sink.getvalue(), luggage


@often
@given(credentials())
def test_canonical_json_gives_the_record_back(record: Credential) -> None:
    assert decode(encode(record)) == record
    assert encode(decode(encode(record))) == encode(record)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_record_is_written_or_refused_with_its_reason(name: str) -> None:
    counts: Counter[str] = Counter()

    @often
    @given(credentials())
    def check(record: Credential) -> None:
        data, luggage = carried(record, name)
        counts["written" if data else "refused"] += 1
        if not data:
            assert REFUSED in {lost.code for lost in luggage.losses}
            assert len(luggage.report)

    check()
    print(f"{name}: {counts['written']} written, {counts['refused']} refused")
    assert counts["written"] > counts["refused"]


def test_elmo_is_valid_and_gives_back_what_the_ledger_does_not_name() -> None:
    @often
    @given(credentials())
    def check(record: Credential) -> None:
        data, luggage = carried(record, "elmo")
        if not data:
            return
        assert all(_xml.schema(SCHEMA).validate(block) for block in blocks(_xml.parse(data, "written")))
        if record.document is None or record.document.format != "elmo":
            assert _xml.schema("elmo/1.7").validate(_xml.parse(data, "written"))
        again = [read.record for read in reader("elmo", TABLES, {}).read(Source("again", data), Luggage())]
        assert difference("elmo", [record], again, luggage.losses, luggage.report) == []

    check()


SOURCE = b"<elmo>the document of one learner</elmo>"
FORMS: dict[str, dict[str, str]] = {
    "uploadable": {},
    "bare": {"form": "bare"},
    "embedded": {"embed-source": "true"},
    "bare, embedded": {"form": "bare", "embed-source": "true"},
}


@pytest.mark.parametrize("form", FORMS)
def test_edc_gives_back_what_the_ledger_does_not_name(form: str) -> None:
    """Once more from what was read: the same, but for what EDC alone said beside."""
    counts: Counter[str] = Counter()
    options = FORMS[form]

    @settings(often, max_examples=25)
    @given(credentials())
    def check(record: Credential) -> None:
        record = _told_apart(record)
        if "embed-source" in options:
            record = _of_one_document(record)
        data, luggage = carried(record, "edc", **options)
        counts["written" if data else "refused"] += 1
        if not data:
            return
        read = Luggage()
        again = [each.record for each in reader("edc", TABLES, {}).read(Source("again", data), read)]
        found = again[0]
        assert isinstance(found, Credential)
        if (embedded := _source_of(found)) is not None:
            counts["embedded"] += 1
            assert read.contents[embedded] == SOURCE
            again = [replace(found, evidence=found.evidence[:-1], kinds=record.kinds)]
        assert difference("edc", [record], again, luggage.losses, luggage.report) == []

    check()
    assert counts["written"] > counts["refused"]
    assert bool(counts["embedded"]) is ("embed-source" in options)


def _told_apart(record: Credential) -> Credential:
    """Each organisation has a name of its own, by which references are compared; moves into notes have other tests."""
    named = [
        replace(each, names=(Text(f"Body {number}", "en"), *each.names), accreditations=())
        for number, each in enumerate(record.organisations)
    ]
    found: Credential = _without_notes(replace(record, organisations=tuple(named)))
    return found


def _without_notes(value: Any) -> Any:
    """The same without what is written as a note for want of a property."""
    if isinstance(value, tuple):
        return tuple(map(_without_notes, value))
    if not isinstance(value, msgspec.Struct):
        return value
    inner = {name: _without_notes(getattr(value, name)) for name in value.__struct_fields__ if name not in NOTES}
    return replace(value, **inner, **{name: () for name in value.__struct_fields__ if name in NOTES})


NOTES = frozenset({"accreditations", "quality_assurance", "schedules", "entry_requirements"})


def _of_one_document(record: Credential) -> Credential:
    """The record as if it had been read from a document that can be embedded."""
    sha256 = hashlib.sha256(SOURCE).hexdigest()
    return replace(record, document=Document(id=sha256, format="elmo", position=1, count=1))


def _source_of(record: Credential) -> str | None:
    """The content that holds the source document, if it was embedded as the last piece of evidence."""
    contents = [each for piece in record.evidence[-1:] for one in piece.embedded for each in one.contents]
    return next((each.sha256 for each in contents if each.sha256 == hashlib.sha256(SOURCE).hexdigest()), None)


def test_a_record_that_says_it_was_elmo_is_well_formed_whatever_it_holds() -> None:
    """Such a record is written as it is, mistakes included; somebody may have changed it by hand."""

    @often
    @given(credentials())
    def check(record: Credential) -> None:

        document = record.document or Document(id="0" * 64, format="elmo", position=1, count=1)
        made = replace(record, document=replace(document, format="elmo"))
        data, luggage = carried(made, "elmo")
        if data:
            _xml.parse(data, "written")
            list(reader("elmo", TABLES, {}).read(Source("again", data), Luggage()))
        else:
            assert REFUSED in {lost.code for lost in luggage.losses}

    check()
