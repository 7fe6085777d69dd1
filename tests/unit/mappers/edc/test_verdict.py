"""The check of the structure where credentials are read and written: once for each matter, and where it is wanted."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mcbridge.diagnostics import Severity
from mcbridge.errors import BadOption, ConfigError
from mcbridge.mappers import reader, writer
from mcbridge.mappers.edc.forms import FORMS
from mcbridge.mappers.edc.structure import official
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.edc_specimens import Maker

Node = dict[str, Any]


def uploadable() -> Node:
    """A file for the issuer that is in order."""
    credential = Maker().document("elm:LearningAchievement")[0]
    credential["credentialSubject"]["fullName"] = {"en": "Ana Example"}
    del credential["issuer"], credential["issued"], credential["@context"]
    return {"credential": credential, "deliveryDetails": {"deliveryAddress": ["ana@example.org"]}}


def levels(document: Node, **options: str) -> list[tuple[str, str, str | None]]:
    """The findings about the structure, and about the same: rule, severity, place."""
    luggage = Luggage()
    source = Source("upload.json", json.dumps(document).encode())
    list(reader("edc", Tables(), options).read(source, luggage))
    noise = {"edc/id-unresolved", "edc/kept-aside", "edc/same-organisation", "edc/type-tolerated"}
    said = luggage.report.to_json()
    return [(each["rule"], each["severity"], each.get("path")) for each in said if each["rule"] not in noise]


def claim(document: Node) -> Node:
    found: Node = document["credential"]["credentialSubject"]["hasClaim"]
    return found


PLACE = "/credential/credentialSubject/hasClaim"


def bare_day(document: Node) -> None:
    claim(document)["awardedBy"]["awardingDate"] = "2026-06-30"


def unknown_key(document: Node) -> None:
    claim(document)["studentNumber"] = "36"


def no_title(document: Node) -> None:
    del claim(document)["title"]


def no_claim(document: Node) -> None:
    del document["credential"]["credentialSubject"]["hasClaim"]


CASES: list[tuple[Callable[[Node], None], tuple[str, str, str], str | None]] = [
    (bare_day, ("edc/date-without-time", "error", f"{PLACE}/awardedBy/awardingDate"), "warning"),
    (unknown_key, ("edc/unknown-key", "warning", f"{PLACE}/studentNumber"), "warning"),
    (no_title, ("edc/property-missing", "error", PLACE), None),
    (no_claim, ("edc/no-claim", "error", "/credential/credentialSubject"), "error"),
]


def test_of_what_is_built_right_only_the_reader_speaks() -> None:
    """Points that are no number, for instance, are none of the business of shapes."""
    assert levels(uploadable()) == levels(uploadable(), validate="no") != []


@pytest.mark.parametrize(("harm", "expected", "else_"), CASES, ids=[rule[0] for _, rule, _ in CASES])
def test_one_matter_at_one_place_is_one_finding(
    harm: Callable[[Node], None], expected: tuple[str, str, str], else_: str | None
) -> None:
    """Where the reader says it, its finding stands, and is an error where the shapes object."""
    document = uploadable()
    harm(document)
    assert [each for each in levels(document) if each[2] == expected[2]] == [expected]
    unchecked = [each for each in levels(document, validate="no") if each[2] == expected[2]]
    assert unchecked == ([] if else_ is None else [(expected[0], else_, expected[2])])


def test_a_sealed_credential_has_to_have_what_the_seal_brings() -> None:
    credential = uploadable()["credential"]
    sealed = {"payload": json.dumps(credential), "signatures": []}
    missing = {each[2] for each in levels(sealed) if each[0] == "edc/property-missing"}
    assert missing == {"/payload"}


def test_what_would_be_written_and_is_not_in_order_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(__file__).parents[3] / "golden" / "edc" / "minimal" / "canonical.json"
    tables, luggage = Tables(), Luggage("edc")
    (read,) = reader("canonical", tables, {}).read(Source.of(folder), luggage)
    made = FORMS["uploadable"]

    def broken(*given: Any) -> Node:
        found = made(*given)
        found["credential"]["credentialSubject"]["hasClaim"][0]["titel"] = {"en": ["a slip of the pen"]}
        return found

    monkeypatch.setitem(FORMS, "uploadable", broken)
    sink = io.BytesIO()
    assert writer("edc", tables, {}).write([read], sink, luggage) == 0
    assert sink.getvalue() == b""
    (fault,) = [each for each in luggage.report if each.level is Severity.ERROR]
    assert fault.rule.id == "edc/written-invalid"
    assert "/credentialSubject/hasClaim/0/titel" in fault.message
    assert [lost.code for lost in luggage.losses] == ["loss/record-refused"]
    assert writer("edc", tables, {"validate": "no"}).write([read], io.BytesIO(), Luggage("edc")) == 1


def test_the_words_of_the_option_are_named_when_it_is_another() -> None:
    with pytest.raises(BadOption, match="edc:validate=yes"):
        reader("edc", Tables(), {"validate": "maybe"})
    with pytest.raises(BadOption, match="needs the folder"):
        reader("edc", Tables(), {"validate": "shacl"})


@pytest.mark.parametrize("word", ["shacl", "official"])
def test_shapes_that_are_not_there_are_asked_for(word: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mcbridge schemas add"):
        levels(uploadable(), validate=word, schemas=str(tmp_path))


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    official.published.cache_clear()
    with pytest.raises(ConfigError, match=r"pip install 'mcbridge\[shacl\]'"):
        levels(uploadable(), validate="shacl", schemas=str(tmp_path))


def test_the_published_shapes_add_nothing_to_what_was_said(shared_root: Path, tmp_path: Path) -> None:
    (tmp_path / "edc").symlink_to(shared_root / "official" / "edc", target_is_directory=True)
    asked = {"validate": "shacl", "schemas": str(tmp_path)}
    assert levels(uploadable(), **asked) == levels(uploadable(), validate="no")
    document = uploadable()
    no_title(document)
    unknown_key(document)
    assert levels(document, **asked) == levels(document)


def test_a_record_is_read_whatever_its_structure_lacks() -> None:
    document = uploadable()
    no_title(document)
    found = list(reader("edc", Tables(), {}).read(Source("a.json", json.dumps(document).encode()), Luggage()))
    assert [type(each) for each in found] == [Read]
