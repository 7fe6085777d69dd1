"""Whether something leads to a full degree: yes, no, or unknown, which is never taken for no."""

from __future__ import annotations

from collections.abc import Iterator

from mcbridge.model import Answer, Specification
from mcbridge.tables import Tables

LISTS = ("elmo-los-type", "learning-opportunity")
"""The vocabularies of kinds, each with a crosswalk ``<list>-full-degree``."""


def full_degree(specification: Specification, tables: Tables) -> Answer:
    """By the kinds of the specification, or because it is called partial.

    A kind that means a degree outweighs the rest. That a source calls something a whole qualification says nothing:
    a micro-credential that stands alone is one as well.
    """
    answers = set(_by_kind(specification, tables))
    if Answer.YES in answers:
        return Answer.YES
    if Answer.NO in answers or specification.is_partial is True:
        return Answer.NO
    return Answer.UNKNOWN


def _by_kind(specification: Specification, tables: Tables) -> Iterator[Answer]:
    """What each kind says that stands in one of our lists. A kind of a foreign list says nothing here."""
    for kind in specification.kinds:
        for name in LISTS:
            vocabulary = tables.vocabulary(name)
            if kind.scheme not in {None, vocabulary.name, vocabulary.scheme}:
                continue
            entry = vocabulary.find(kind.code)
            answer = tables.crosswalk(f"{name}-full-degree").get(entry.code) if entry else None
            if answer is not None:
                yield Answer(answer)
