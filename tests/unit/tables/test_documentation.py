from __future__ import annotations

import re
import tomllib

import pytest

from mcbridge.tables import TARGETS, CellTarget, Tables
from tests.conftest import CHECKOUT
from tests.generated import current

PAGE = CHECKOUT / "docs" / "mappings.md"


def row(target: CellTarget) -> str:
    holds = f"code of `{target.vocabulary}`" if target.vocabulary else target.kind.value
    more = [word for word, said in (("several", target.many), ("`lang`", target.lang)) if said]
    more += [f"`{qualifier}`" for qualifier in target.qualifiers]
    more += ["`nr`"] if target.series else []
    who = "both" if len(target.records) == 2 else target.records[0]
    return f"| `{target.name}` | {target.meaning} | {holds} | {', '.join(more)} | {who} |"


def table() -> str:
    rows = ["| Target | Meaning | Holds | May have | Records |", "|---|---|---|---|---|", *map(row, TARGETS.values())]
    return "".join(f"{line}\n" for line in rows)


@pytest.mark.generated
def test_the_page_lists_every_target(bless: bool) -> None:
    current(PAGE, "targets", table(), bless=bless)


def test_the_examples_of_the_page_load(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each block of TOML is a file that the loader takes, in the folder that its heading names."""
    user = tmp_path_factory.mktemp("mappings")
    sections = re.findall(r"(?ms)^## `([a-z]+)/.*?\n```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"))
    assert [folder for folder, _ in sections] == ["vocabularies", "crosswalks", "csv", "organisations"]
    for folder, text in sections:
        tomllib.loads(text)
        (user / folder).mkdir()
        (user / folder / "example.toml").write_text(text, encoding="utf-8")
    tables = Tables(user)
    assert tables.vocabulary("example").find("DISTANCE")
    assert tables.profile("example").column("Naziv predmeta")
    assert tables.organisations("example").find("EXU")
    assert tables.crosswalk("example").get("6") == "first"
