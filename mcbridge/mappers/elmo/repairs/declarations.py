"""What the schema declares for an element: its children in their order, its type, the words that it may hold."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from mcbridge.mappers._xml import Schema

_XSD: Final = "{http://www.w3.org/2001/XMLSchema}"


class Declared:
    """One element of a schema. Those inside it are made when they are asked for."""

    def __init__(self, xsd: Any, known: dict[int, Declared]) -> None:
        self._xsd = xsd
        self._known = known

    @classmethod
    def root(cls, schema: Schema, tag: str) -> Declared:
        """A global element."""
        return cls(schema.library.maps.elements[tag], {})

    @cached_property
    def children(self) -> dict[str, Declared]:
        """The elements that may stand inside, by their tags, in order; none where anything may stand."""
        found: dict[str, Declared] = {}
        if self._xsd.type.has_complex_content():
            for item in self._xsd.type.content.iter_elements():
                if item.name is not None and item.name not in found:
                    declared = item if item.ref is None else item.ref
                    found[item.name] = self._known.setdefault(id(declared), Declared(declared, self._known))
        return found

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each child among its siblings."""
        return {tag: number for number, tag in enumerate(self.children)}

    @cached_property
    def type(self) -> str:
        """The name of the type in Clark notation; empty where it has none."""
        return self._xsd.type.name or ""

    @cached_property
    def anything(self) -> bool:
        """Whether it may hold anything, so that any type is right."""
        return self.type == f"{_XSD}anyType"

    @cached_property
    def built_in(self) -> str:
        """The type of XML Schema that its text is of (``date``); empty where it holds elements."""
        simple = self._xsd.type.simple_type
        while simple is not None and not (simple.name or "").startswith(_XSD):
            simple = simple.base_type
        return "" if simple is None else simple.local_name or ""

    @cached_property
    def words(self) -> dict[str, str]:
        """The words of a closed list, by themselves in lower case; empty where the text is free."""
        simple = self._xsd.type.simple_type
        listed = [] if simple is None else simple.enumeration or []
        return {str(word).casefold(): str(word) for word in listed}
