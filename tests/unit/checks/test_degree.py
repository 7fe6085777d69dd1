"""Yes, no or unknown: whether something leads to a full degree."""

from __future__ import annotations

import pytest

from mcbridge.checks.degree import full_degree
from mcbridge.model import Answer, Concept, Specification, Text
from mcbridge.tables import Tables

TABLES = Tables()
ELM = "http://data.europa.eu/snb/learning-opportunity/"


@pytest.mark.parametrize(
    ("kinds", "answer"),
    [
        ((), Answer.UNKNOWN),
        ((Concept(code="Degree Programme", scheme="elmo-los-type"),), Answer.YES),
        ((Concept(code="Degree Programme"),), Answer.YES),
        ((Concept(code="Module", scheme="elmo-los-type"),), Answer.NO),
        ((Concept(code="Course", scheme="elmo-los-type"),), Answer.NO),
        ((Concept(code="Class", scheme="elmo-los-type"),), Answer.NO),
        ((Concept(code=f"{ELM}74a4a268e8"),), Answer.NO),
        ((Concept(code="05053c1cbe", scheme=f"{ELM}25831c2"),), Answer.NO),
        ((Concept(code="short-learning-programme", scheme="learning-opportunity"),), Answer.NO),
        ((Concept(code=f"{ELM}79343569f3"),), Answer.UNKNOWN),
        ((Concept(code="apprenticeship"),), Answer.UNKNOWN),
        ((Concept(code="Course", scheme="https://example.org/own-types"),), Answer.UNKNOWN),
        ((Concept(code="Workshop"),), Answer.UNKNOWN),
        ((Concept(labels=(Text("Course", "en"),)),), Answer.UNKNOWN),
        ((Concept(code="Course"), Concept(code="Degree Programme")), Answer.YES),
        ((Concept(code=f"{ELM}79343569f3"), Concept(code="Course")), Answer.NO),
    ],
)
def test_the_kind_tells(kinds: tuple[Concept, ...], answer: Answer) -> None:
    assert full_degree(Specification(kinds=kinds), TABLES) is answer


@pytest.mark.parametrize(("is_partial", "answer"), [(True, Answer.NO), (False, Answer.UNKNOWN), (None, Answer.UNKNOWN)])
def test_a_partial_qualification_is_no_full_degree_and_a_whole_one_may_be_anything(
    is_partial: bool | None, answer: Answer
) -> None:
    assert full_degree(Specification(is_partial=is_partial, is_qualification=True), TABLES) is answer


def test_a_degree_programme_that_is_called_partial_is_still_taken_for_a_degree() -> None:
    kinds = (Concept(code="Degree Programme"),)
    assert full_degree(Specification(kinds=kinds, is_partial=True), TABLES) is Answer.YES
