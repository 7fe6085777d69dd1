"""Of every ELMO document in the house: it comes back as it was, and no leaf of it is in a third place."""

from __future__ import annotations

import random
from collections import Counter
from io import BytesIO
from pathlib import Path
from zlib import crc32

import pytest
from lxml import etree

from mcbridge.diagnostics import XmlLocation
from mcbridge.errors import InputError
from mcbridge.mappers._xml import schema
from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.mappers.elmo.inspection import version_of
from mcbridge.model.codec import decode, encode
from mcbridge.origins import Luggage, Read, Source
from mcbridge.tables import Tables
from tests.conformance.elmo_collected import documents, name, unfolded
from tests.conformance.elmo_declarations import Declarations
from tests.conformance.elmo_normal import facts, parsed, said
from tests.conformance.test_elmo_leaves import Account
from tests.conformance.test_elmo_round_trip import below, locator
from tests.conformance.test_elmo_xsd import OURS, ours

__all__ = ["ours"]  # a fixture

TABLES = Tables()
LEAVES = 25
"""Leaves that are changed in each document for each target, chosen by its name."""
ECHO = "[mcbridge 1]"
every_document = pytest.mark.parametrize("path", documents(), ids=name)


@pytest.fixture(scope="module")
def declarations() -> Declarations:
    return Declarations(Path(str(OURS)), {})


class Again:
    """A document that was read and written again, through canonical JSON."""

    def __init__(self, source: Source) -> None:
        self.luggage = Luggage("elmo")
        self.reads: list[Read] = []
        try:
            self.reads += ElmoMapper(TABLES, {"validate": "no"}).read(source, self.luggage)
        except InputError as error:
            self.refused: InputError | None = error
            return
        self.refused = None
        mapper = ElmoMapper(TABLES, {"validate": "no", **_version(source)})
        reads = [Read(decode(encode(read.record)), read.origin) for read in self.reads]
        sink = BytesIO()
        mapper.write(reads, sink, self.luggage)
        self.data = sink.getvalue()

    @property
    def lost(self) -> set[str]:
        """Places in the ledger."""
        return {spot for line in self.luggage.losses.resolved(locator(self.reads))["losses"] if (spot := line["path"])}

    @property
    def told(self) -> set[str]:
        """Places that a finding is about, such as a repair."""
        spots = [found.location for found in self.luggage.report]
        return {spot.xpath for spot in spots if isinstance(spot, XmlLocation) and spot.xpath}


def _version(source: Source) -> dict[str, str]:
    """The version to write, so that a document comes back in its own; 2.1 is not written."""
    return {"version": "2.0"} if version_of(parsed(source.data)).startswith("2.0") else {}


@every_document
def test_it_comes_back_as_it_was(path: Path) -> None:
    """A valid document equal, element by element and in order; of another one, each leaf is back, lost or told."""
    sources = unfolded(path)
    for source in sources:
        again = Again(source)
        if again.refused is not None:
            assert again.refused.message
            continue
        if not again.reads:
            assert len(again.luggage.report), "nothing was read, and nobody said why"
            continue
        assert again.data, [found.message for found in again.luggage.report]
        before, after = parsed(source.data), parsed(again.data)
        if version_of(before) == "2.1":  # it is not written, so it comes back in other words
            assert "loss/version" in {lost.code for lost in again.luggage.losses}
            continue
        edited = any(found.rule.id == "elmo/echo-edited" for found in again.luggage.report)
        judge = schema(f"elmo/{_version(source).get('version', '1.7')}")
        if judge.validate(before) and not edited:
            assert judge.validate(after)
            assert said(after) == said(before)
            assert {lost.code for lost in again.luggage.losses} <= {"loss/seal"}
        else:
            assert unaccounted(before, after, again) == []


def unaccounted(before: etree._Element, after: etree._Element, again: Again) -> list[str]:
    """Leaves of a document that are not in the one written, not in the ledger, and not what a finding is about."""
    missing = Counter((name, value) for _, name, value in facts(before))
    missing -= Counter((name, value) for _, name, value in facts(after))
    known = again.lost | again.told
    echoed = [value for _, name, value in facts(after) if name == "description" and ECHO in value]
    return [
        f"{path} {value[:60]!r}"
        for path, name, value in facts(before)
        if (name, value) in missing
        and not any(below(path, place) for place in known)
        and not (ECHO in value and any(text.startswith(value) for text in echoed))  # it is told again behind it
    ]


@every_document
def test_it_gives_the_same_record_again(path: Path) -> None:
    """What is written says to the reader what the document said, repaired or not."""
    for source in unfolded(path):
        again = Again(source)
        if again.refused is not None or not again.reads:
            continue
        mapper = ElmoMapper(TABLES, {"validate": "no", **_version(Source("again.xml", again.data))})
        luggage, sink = Luggage("elmo"), BytesIO()
        second = list(mapper.read(Source("again.xml", again.data), luggage))
        mapper.write(second, sink, luggage)
        assert sink.getvalue() == again.data


@pytest.mark.parametrize("target", ["elmo", "canonical", "edc"])
@every_document
def test_no_changed_leaf_is_in_a_third_place(
    path: Path, target: str, declarations: Declarations, ours: etree.XMLSchema
) -> None:
    for source in unfolded(path):
        again = Again(source)
        if again.refused is not None or not again.reads:
            continue
        root = parsed(source.data)
        for description in root.iter("{*}description"):
            if ECHO in (description.text or "") and (above := description.getparent()) is not None:
                above.remove(description)  # made of what the extension says, and made anew
        if not ours.validate(root):
            continue  # what is invalid is followed leaf by leaf above
        choose = random.Random(crc32(name(path).encode()))  # noqa: S311 - repeatable
        many = sum(1 for _ in facts(root))

        def values(
            _: int, tried: list[str], choose: random.Random = choose, likely: float = LEAVES / many
        ) -> list[str]:
            return [choose.choice(tried)] if tried and choose.random() < likely else []

        found = Account(root, target, declarations, ours.validate, values)
        assert found.unaccounted == [], "\n".join(found.unaccounted)
