"""The glossary names what is there, and nothing is called by a word that it warns of."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.conftest import CHECKOUT
from tests.house.tree import modules

GLOSSARY = (CHECKOUT / "docs" / "glossary.md").read_text(encoding="utf-8")
MISLEADING = ("Badge", "Competency", "Course", "Enrolment", "Offer", "Product")


@cache
def named() -> frozenset[str]:
    """The names of all classes, functions, fields and constants."""
    nodes = [node for path in modules() for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    return frozenset(
        {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
        | {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    )


def test_names_in_the_glossary_are_names_of_the_code() -> None:
    rows = [line.split("|")[1] for line in GLOSSARY.splitlines() if line.startswith("| ")]
    words = {word for first in rows for word in re.findall(r"`(\w+)`", first)}
    assert len(words) > 20
    assert sorted(words - named()) == []


def test_no_class_is_called_by_a_misleading_word() -> None:
    classes = [
        node.name
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in classes if any(word in name for word in MISLEADING)] == []
