from __future__ import annotations

import io
import tomllib
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from mcbridge.tables import Tables
from tools import vocabularies

HEAD = """# Invented for a test.

title = "Colours"
scheme = "https://example.org/colour"
iri = "https://example.org/colour/{code}"
version = "1"
source = "nobody"
retrieved = 2026-01-02
strict = true
columns = ["code", "word", "en"]
lookup = ["word"]

[published]
file = "colours.xsd"
"""
CODES = """
[codes]
c1 = { word = "red" }
c2 = { word = "blue" }
"""
RED, BLUE = ("c1", "Red"), ("c2", "Blue  or\n   so")


def published(official: Path, *codes: tuple[str, str], name: str = "colours") -> None:
    listed = "".join(
        f'<xs:enumeration value="https://example.org/colour/{code}"><xs:annotation><xs:documentation>{label}'
        "</xs:documentation></xs:annotation></xs:enumeration>"
        for code, label in codes
    )
    text = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="colour">'
        f'<xs:restriction base="xs:anyURI">{listed}</xs:restriction></xs:simpleType></xs:schema>'
    )
    (official / f"{name}.xsd").write_text(text, encoding="utf-8")


@pytest.fixture
def official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a published list of two colours, beside empty ones for what is kept and what is written."""
    for name in ("official", "kept", "mappings/vocabularies"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(vocabularies, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(vocabularies, "WRITTEN", tmp_path / "mappings" / "vocabularies")
    published(tmp_path / "official", RED, BLUE)
    return tmp_path / "official"


def keep(text: str, name: str = "colour") -> None:
    (vocabularies.KEPT / f"{name}.toml").write_text(text, encoding="utf-8")


def run(official: Path, *more: str) -> tuple[int, str]:
    """The exit code, and what was printed."""
    with redirect_stdout(io.StringIO()) as said:
        code = vocabularies.main(["--official", str(official), *more])
    return code, said.getvalue()


def test_what_is_published_and_what_is_kept_make_one_list_that_loads(official: Path) -> None:
    keep(HEAD + CODES + '\n[aliases]\n"dark red" = "c1"\nrot = "c1"\n')
    assert run(official)[0] == 0
    colours = Tables(vocabularies.WRITTEN.parent).vocabulary("colour")
    assert [(each.code, each.labels["en"]) for each in colours] == [("c1", "Red"), ("c2", "Blue or so")]
    blue, red = colours.find("blue"), colours.find("dark red")
    assert blue is not None
    assert blue.iri == "https://example.org/colour/c2"
    assert red is colours.find("ROT") is colours.by_code("c1")
    text = (vocabularies.WRITTEN / "colour.toml").read_text(encoding="utf-8")
    assert "# Invented for a test." in text.splitlines()


def test_check_writes_nothing_and_shows_what_would_change(official: Path) -> None:
    keep(HEAD + CODES)
    assert run(official, "--check")[0] == 1
    assert list(vocabularies.WRITTEN.iterdir()) == []
    assert run(official)[0] == 0
    before = (vocabularies.WRITTEN / "colour.toml").read_bytes()
    assert run(official, "--check")[0] == 0
    published(official, RED, BLUE, ("c3", "Green"))
    code, said = run(official, "--check")
    assert code == 1
    assert '+    ["c3", "", "Green"],' in said.splitlines()
    assert (vocabularies.WRITTEN / "colour.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("codes", "says"),
    [
        ('c1 = { word = "red" }\nc9 = { word = "grey" }', "c9: not published any more"),
        ('c9 = { word = "grey", since = "a credential" }', "c9: no label"),
        ('c1 = { word = "red", since = "a credential" }', "c1: what is not published needs `since`"),
        ('c1 = { word = "red", en = "Crimson" }', "c1: its label is published as 'Red'"),
        ('c1 = { word = "red", en = "Crimson", was = "Scarlet" }', "c1: `was` is 'Scarlet', but published is 'Red'"),
        ('c1 = { wrd = "red" }', "c1: no such column: wrd"),
        ('c1 = { word = "\\"red\\"" }', "quotes and controls"),
    ],
)
def test_where_the_two_disagree_nothing_is_written(official: Path, codes: str, says: str) -> None:
    keep(f"{HEAD}\n[codes]\n{codes}\n")
    code, said = run(official)
    assert code == 2
    assert says in said
    assert said.startswith("colour.toml: ")
    assert list(vocabularies.WRITTEN.iterdir()) == []


def test_a_code_that_is_known_from_elsewhere_and_a_label_that_changed_say_so(official: Path) -> None:
    keep(HEAD + '\n[codes]\nc1 = { en = "Crimson", was = "Red" }\nc9 = { en = "Grey", since = "a credential" }\n')
    assert run(official)[0] == 0
    data = tomllib.loads((vocabularies.WRITTEN / "colour.toml").read_text(encoding="utf-8"))
    assert data["rows"] == [["c1", "", "Crimson"], ["c2", "", "Blue or so"], ["c9", "", "Grey"]]


def test_what_is_left_out_must_still_be_published(official: Path) -> None:
    keep(HEAD + 'left_out = { c2 = "a reason" }\n')
    assert run(official)[0] == 0
    assert "c2" not in (vocabularies.WRITTEN / "colour.toml").read_text(encoding="utf-8")
    published(official, RED)
    assert run(official)[0] == 2


def test_one_published_list_can_be_told_apart_into_two(official: Path) -> None:
    published(official, RED, name="common")
    keep(HEAD.replace("strict = true\n", 'strict = true\nrest = "colour-rest"\n') + 'only = { file = "common.xsd" }\n')
    keep(HEAD + 'besides = "colour"\n', "colour-rest")
    assert run(official)[0] == 0
    tables = Tables(vocabularies.WRITTEN.parent)
    assert [each.code for each in tables.vocabulary("colour")] == ["c1"]
    assert [each.code for each in tables.vocabulary("colour-rest")] == ["c2"]
    assert "c2" in tables.vocabulary("colour")


def test_levels_say_their_framework_first_and_frameworks_are_no_levels(official: Path) -> None:
    published(official, ("c1", "Framework of Example"), ("c2", "EX Level 4.1"), ("c3", "EX Entry Level"))
    head = HEAD.replace('["code", "word", "en"]', '["code", "country", "framework", "level", "en"]')
    keep(head.replace('lookup = ["word"]\n', "") + '[frameworks]\nEX = { is = "c1", country = "HR" }\n')
    assert run(official)[0] == 0
    data = tomllib.loads((vocabularies.WRITTEN / "colour.toml").read_text(encoding="utf-8"))
    assert [row[1:4] for row in data["rows"]] == [["HR", "EX", ""], ["HR", "EX", "4.1"], ["HR", "EX", "Entry Level"]]
    published(official, ("c1", "Framework of Example"), ("c2", "Other Level 1"))
    assert run(official)[0] == 2


def test_a_file_that_holds_several_enumerations_must_be_told_which(official: Path) -> None:
    text = (official / "colours.xsd").read_text(encoding="utf-8")
    begins, ends = text.index("<xs:simpleType"), text.index("</xs:schema>")
    again = text[begins:ends].replace('name="colour"', 'name="other"')
    (official / "colours.xsd").write_text(text[:ends] + again + text[ends:], encoding="utf-8")
    keep(HEAD)
    assert run(official)[0] == 2
    keep(HEAD + 'type = "colour"\n')
    assert run(official)[0] == 0


def test_without_the_official_folder_nothing_happens(official: Path) -> None:
    keep(HEAD)
    code, said = run(official / "nowhere")
    assert code == 2
    assert "--official" in said
    (official / "colours.xsd").unlink()
    code, said = run(official)
    assert code == 2
    assert "colours.xsd" in said
