"""A document as it is read: the tree after repairs, and what is remembered of it as it stood."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from lxml.etree import _Element
from msgspec import Struct

from mcbridge.diagnostics import Rule
from mcbridge.mappers._xml import Standing


class Tree:
    """``written`` has the texts that were replaced, ``stand_ins`` those that are replaced for the schema only."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.written: dict[_Element, str] = {}
        self.stand_ins: list[tuple[_Element, str]] = []
        self.changed = False

    @cached_property
    def standing(self) -> Standing:
        """Where elements stood."""
        return Standing(self.root)

    def settle(self) -> Tree:
        """Put back what stood aside while the schema judged."""
        for element, text in self.stand_ins:
            element.text = text
        return self


class Deviation(Struct, frozen=True):
    """One place that deviates. ``facts`` hold words of the schema only; ``change`` puts it right, where it can be."""

    rule: Rule
    element: _Element
    facts: dict[str, str]
    value: str | None = None
    change: Callable[[Tree], None] | None = None
