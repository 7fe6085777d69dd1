"""``formats compare elmo:1.7 elmo:2.0`` says what the ledger of a document that has everything says, and back."""

from __future__ import annotations

from io import BytesIO

import pytest
from msgspec.structs import replace

from mcbridge.cli.reading import format_and_options
from mcbridge.conversion.comparison import Comparison, compare, specimens
from mcbridge.conversion.comparison.fields import RESIDUE, field_of
from mcbridge.errors import BadOption
from mcbridge.losses import SEAL
from mcbridge.mappers import reader, writer
from mcbridge.model import Credential, Text
from mcbridge.origins import Luggage, Read, Source
from tests.conformance.elmo_documents import everything
from tests.golden.cases import TABLES

LOST = "loss/version"


def compared(source: str, target: str, monkeypatch: pytest.MonkeyPatch) -> Comparison:
    """What is said without trying odd values, which differ for no version."""
    monkeypatch.setattr(specimens, "rounds", lambda _: [])
    return compare(*format_and_options(source), *format_and_options(target), TABLES)


def ledger(source: str, target: str) -> set[tuple[str, str]]:
    """The losses of the document of one version that has everything, written as the other; with what that demands."""
    luggage = Luggage("elmo")
    _, options = format_and_options(target)
    found: list[Read] = []
    for read in reader("elmo", TABLES, {}).read(Source("d.xml", everything(source.partition(":")[2])), luggage):
        record = read.record
        assert isinstance(record, Credential)
        learner = record.learner
        named = replace(learner, alternative_names=learner.alternative_names or (Text("Ада"),))
        found.append(read.located(replace(record, learner=named)))
    assert writer("elmo", TABLES, options).write(found, BytesIO(), luggage) == 2
    return {(field_of(each.field), each.code) for each in luggage.losses if each.code != SEAL}


@pytest.mark.parametrize(("source", "target"), [("elmo:1.7", "elmo:2.0"), ("elmo:2.0", "elmo:1.7")])
def test_the_comparison_and_the_ledger_say_the_same(source: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = compared(source, target, monkeypatch).lines
    assert {(line.field, line.code) for line in lines if line.code == LOST} == ledger(source, target)
    assert ledger(source, target)
    # what a wrapper or a draft leaves beside a document goes into no version
    assert all(line.always for line in lines if line.code == LOST and line.field != RESIDUE)
    assert {line.code for line in lines if line.field == RESIDUE} >= {"loss/residue"}


def test_that_all_documents_are_refused_is_said_with_what_they_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    found = compared("elmo:1.7", "elmo:2.0", monkeypatch)
    assert found.note is not None
    assert "learner.alternativeNames" in found.note
    assert ("Credential", "loss/record-refused") in {(line.field, line.code) for line in found.lines}
    assert compared("elmo:2.0", "elmo:1.7", monkeypatch).note is None


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("elmo", {}),
        ("elmo:2.0", {"version": "2.0"}),
        ("elmo: 1.7 ", {"version": "1.7"}),
        ("elmo:2.0,validate=no", {"version": "2.0", "validate": "no"}),
        ("elmo:version=2.0", {"version": "2.0"}),
    ],
)
def test_a_version_alone_is_the_option_of_that_name(text: str, options: dict[str, str]) -> None:
    assert format_and_options(text) == ("elmo", options)


@pytest.mark.parametrize("text", ["elmo:two", "elmo:2.x", "elmo:validate"])
def test_any_other_word_alone_is_no_option(text: str) -> None:
    with pytest.raises(BadOption, match="is no option of a format"):
        format_and_options(text)
