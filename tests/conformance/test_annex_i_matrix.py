"""The sixteen elements of Annex I on their way through every format: nothing of any of them is left behind.

One record with all of them, several values and languages each, is read from a sheet and
goes on from file to file. The page ``docs/annex-i.md`` shows what was counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree

from mcbridge.model import Credential
from mcbridge.model.codec import decode
from tests.annex_i import ELEMENTS, About, Facts, facts, forms
from tests.conformance.test_elmo_xsd import folder, published
from tests.conftest import CHECKOUT
from tests.generated import current
from tests.unit.cli.command import run

__all__ = ["folder", "published"]  # fixtures

SHEET: Final = CHECKOUT / "tests" / "golden" / "csv" / "annex-i-everything"
PAGE: Final = CHECKOUT / "docs" / "annex-i.md"


@dataclass(frozen=True)
class Walk:
    """What was written on the way, and what the records said before and after."""

    files: Mapping[str, bytes]
    said: Mapping[str, Facts]


def converted(source: Path, target: str, output: Path, *more: str) -> Path:
    """One conversion by the command; nothing but what the target assumes may be found in it."""
    done = run("convert", source, "--to", target, "-o", output, *more, folder=output.parent)
    assert done.code == 0, done.err
    return output


def record(source: Path, *more: str) -> Credential:
    """The one credential that a file holds."""
    found = decode(converted(source, "canonical", source.with_suffix(".canonical.json"), *more).read_bytes())
    assert isinstance(found, Credential)
    return found


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """CSV → EDC → ELMO → EDC → canonical, and a look at each step."""
    folder = tmp_path_factory.mktemp("walk")
    sheet = ("--profile", str(SHEET / "case.profile.toml"))
    source = folder / "sheet.csv"
    source.write_bytes((SHEET / "input.csv").read_bytes())
    first = converted(source, "edc", folder / "first.json", *sheet)
    elmo = converted(first, "elmo", folder / "second.xml")
    last = converted(elmo, "edc", folder / "third.json")
    straight = converted(source, "elmo", folder / "straight.xml", *sheet)
    said = {
        "CSV": facts(record(source, *sheet)),
        "EDC": facts(record(first)),
        "ELMO": facts(record(straight)),
        "EDC → ELMO": facts(record(elmo)),
        "all the way": facts(record(last)),
    }
    files = {"EDC": first, "ELMO": straight, "EDC → ELMO": elmo}
    return Walk({name: path.read_bytes() for name, path in files.items()}, said)


def atoms(value: Any) -> Iterable[str]:
    """The single words and texts of a fact."""
    if isinstance(value, tuple | frozenset):
        for each in value:
            yield from atoms(each)
    elif value and not isinstance(value, About):
        yield str(value)


def written(data: bytes) -> str:
    """All texts of a document, as a reader of it has them."""
    if data.lstrip()[:1] == b"<":
        root = etree.fromstring(data)
        inside = [text for element in root.iter() for text in (element.text, *element.attrib.values()) if text]
        return "\n".join(inside)
    return json.dumps(json.loads(data), ensure_ascii=False)


def test_the_record_says_several_things_of_each_element(walk: Walk) -> None:
    for name, found in walk.said["CSV"].items():
        assert len(list(atoms(found))) >= (1 if name == "date of award" else 2), name
    languages = {atom for name in ELEMENTS for atom in atoms(walk.said["CSV"][name])}
    assert {"hr", "en"} <= languages


@pytest.mark.parametrize("way", ["ELMO", "EDC → ELMO"])
def test_the_elmo_on_the_way_is_valid_by_the_published_schema(walk: Walk, way: str, published: etree.XMLSchema) -> None:
    root = etree.fromstring(walk.files[way])
    assert published.validate(root), published.error_log


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("way", ["EDC", "ELMO", "EDC → ELMO", "all the way"])
def test_an_element_comes_back(walk: Walk, way: str, element: str) -> None:
    before, after = walk.said["CSV"][element], walk.said[way][element]
    assert before
    assert after >= before, f"lost: {before - after}; instead: {after - before}"


def table(walk: Walk) -> str:
    """Element by format and direction: how many facts went in, and how many of them came back."""
    lines = ["| Element | CSV in | EDC out | EDC in | ELMO out | ELMO in | CSV → EDC → ELMO → EDC |", f"|{'---|' * 7}"]
    texts = {name: written(walk.files[name]) for name in ("EDC", "ELMO")}
    for element in ELEMENTS:
        before = walk.said["CSV"][element]
        cells = [str(len(before))]
        for name, text in texts.items():
            out = sum(all(any(form in text for form in forms(atom)) for atom in atoms(fact)) for fact in before)
            cells += [str(out), str(len(before & walk.said[name][element]))]
        cells.append(str(len(before & walk.said["all the way"][element])))
        lines.append(f"| {element} | {' | '.join(cells)} |")
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.generated
def test_the_page_shows_the_matrix(walk: Walk, bless: bool) -> None:
    found = table(walk)
    print(found)
    current(PAGE, "matrix", found, bless=bless)
