"""``formats compare`` is what the ledgers say: no loss that it does not list, nothing ``always`` that comes through.

Each line was seen when it was made, on a record that the first format can carry. Here it is held against records that
it was not made of: the golden cases of every format, the record that fills every field, and made-up ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from mcbridge.conversion import comparison
from mcbridge.conversion.comparison import Comparison, compare, specimens
from mcbridge.conversion.comparison.fields import field_of, occurrences, place_of
from mcbridge.conversion.comparison.specimens import Specimens
from mcbridge.diagnostics import JsonLocation
from mcbridge.errors import InputError, UsageError
from mcbridge.losses import Loss
from mcbridge.mappers import BUILTIN, RecordKind, describe, reader, writer
from mcbridge.model import Credential, Record
from mcbridge.model.codec import encode
from mcbridge.origins import Luggage, Origin, Read, Source
from tests.everything import contents, everything
from tests.golden.cases import FOLDER, TABLES, Case
from tests.properties.any_credential import credential

READ = [name for name in BUILTIN if RecordKind.CREDENTIAL in describe(name).reads]
WRITTEN = [name for name in BUILTIN if RecordKind.CREDENTIAL in describe(name).writes]
PAIRS = [(source, target) for source in READ for target in WRITTEN]
BUNDLED = Path(comparison.__file__).parent / "everything.json"


@cache
def compared(source: str, target: str) -> Comparison:
    return compare(source, {}, target, {}, TABLES)


def material(source: str) -> Iterator[tuple[Record, Luggage]]:
    """Records as they are read from a format, none of which the comparison was made of."""
    for folder in sorted((FOLDER / source).iterdir()):
        case = Case(folder)
        if not folder.is_dir() or case.input is None or source == "csv":
            continue  # what a table can say is what its profile says
        luggage = Luggage()
        for read in _read(case.source(case.input), source, luggage):
            yield read.record, luggage
    kept = Luggage()
    kept.contents = contents()
    made_up = [everything(), *(credential(seed, sorted(kept.contents)) for seed in range(60))]
    for record in made_up if source != "csv" else ():
        luggage = Luggage()
        luggage.contents = kept.contents
        if source == "canonical":
            yield record, luggage
        elif source in WRITTEN:
            sink = BytesIO()
            given = [Read(record, Origin(JsonLocation("")))]
            if writer(source, TABLES, describe(source).fullest[0]).write(given, sink, luggage):
                for read in _read(Source(source, sink.getvalue()), source, luggage):
                    yield read.record, luggage


def _read(source: Source, name: str, luggage: Luggage) -> list[Read]:
    try:
        return list(reader(name, TABLES, describe(name).fullest[0]).read(source, luggage))
    except InputError:
        return []


def losses(record: Record, luggage: Luggage, target: str) -> list[Loss]:
    writing = Luggage(target)
    writing.contents = luggage.contents
    writer(target, TABLES, {}).write([Read(record, Origin(JsonLocation("")))], BytesIO(), writing)
    return list(writing.losses)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_what_a_ledger_says_the_comparison_says(source: str, target: str) -> None:
    lines = compared(source, target).lines
    listed = {(line.field, line.code) for line in lines}
    always = {line.field for line in lines if line.always}
    unlisted: dict[tuple[str, str], str] = {}
    came: set[str] = set()
    for record, luggage in material(source):
        if not isinstance(record, Credential):
            continue
        lost = losses(record, luggage, target)
        unlisted |= {key: each.field for each in lost if (key := (field_of(each.field), each.code)) not in listed}
        paths = {each.field for each in lost}
        if "" not in paths:
            came |= always.intersection(occurrences(record, paths))
    assert (unlisted, came) == ({}, set())


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_line_names_a_field_a_reason_and_where_it_was_seen(source: str, target: str) -> None:
    found = compared(source, target)
    assert found.note is None
    assert len({(line.field, line.code) for line in found.lines}) == len(found.lines)
    for line in found.lines:
        assert line.code.startswith("loss/")
        assert line.reason
        assert {field_of(place) for place in line.at} == {line.field}


@pytest.mark.parametrize("source", READ)
def test_into_our_own_format_nothing_is_lost(source: str) -> None:
    assert compared(source, "canonical").lines == ()


def always(source: str, target: str) -> dict[str, str]:
    return {line.field: line.code for line in compared(source, target).lines if line.always}


def test_what_is_known_to_be_lost_is_listed() -> None:
    assert always("csv", "edc")["Specification.version"] == "loss/no-place"
    assert always("elmo", "edc")["Document.groupTypes"] == "loss/group"
    assert always("elmo", "edc").get("Specification.title") is None
    assert always("edc", "edc").keys() <= {"Credential.seal", "Credential.issuer", "residue"}
    assert "Credential.seal" in always("elmo", "elmo")


def test_a_format_that_is_not_read_or_not_written_is_not_compared() -> None:
    with pytest.raises(UsageError, match="is read, not written"):
        compare("elmo", {}, "csv", {}, TABLES)


def test_places_are_without_indices_and_parts_of_parts_are_parts() -> None:
    assert place_of("achievements[0].parts[1].parts[12].title[0].lang") == "achievements[].parts[].title[].lang"
    assert field_of("achievements[0].parts[1].parts[12].title[0].lang") == "Text.lang"
    assert field_of("organisations[1].places[0].addresses[0].parts[2]") == "Address.parts"
    assert field_of("learner.residue[0]") == "residue"
    assert field_of("") == "Credential"


@pytest.mark.generated
def test_the_bundled_record_is_the_one_that_fills_every_field(bless: bool) -> None:
    made = msgspec.json.format(encode(everything()), indent=1) + b"\n"
    if bless:
        BUNDLED.write_bytes(made)
    assert BUNDLED.read_bytes() == made


def test_where_nothing_tells_what_a_format_can_say_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specimens, "Sampling", type("Nobody", (), {}))
    monkeypatch.setattr(specimens, "rounds", lambda _: [])
    found = compare("csv", {}, "edc", {}, TABLES)
    assert found.note is not None
    assert "any record" in found.note
    assert found.lines


def test_documents_that_the_target_refuses_as_a_whole_are_said_to_be() -> None:
    refused = Specimens("edc", {}, TABLES)
    refused.tried("elmo", lambda _: False)
    assert refused.note is not None


def test_offers_have_no_place_where_credentials_are_written() -> None:
    found = compare("csv", {"profile": "course-catalogue"}, "edc", {}, TABLES)
    assert [(line.field, line.code) for line in found.lines] == [("Credential", "loss/record-refused")]
