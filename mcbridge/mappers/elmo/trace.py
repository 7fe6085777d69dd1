"""Which element each field came from: gathered by a second reading with open eyes."""

from __future__ import annotations

from typing import Any

from lxml.etree import _Element


class Trace:
    """Notes by the identity of field dictionaries and structs, which are kept alive as long as the trace."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.notes: dict[int, dict[tuple[str, int | None], tuple[_Element, str]]] = {}
        self.bound: dict[int, list[int]] = {}
        self.also: dict[int, tuple[tuple[str, str], ...]] = {}

    def note(self, fields: dict[str, Any], name: str, element: _Element, within: str = "") -> None:
        """The last value put under ``name`` came from this element."""
        value = fields.get(name)
        index = len(value) - 1 if type(value) is list else None
        self.kept.append(fields)
        self.notes.setdefault(id(fields), {}).setdefault((name, index), (element, within))

    def bind(self, struct: Any, fields: dict[str, Any], also: tuple[tuple[str, str], ...] = ()) -> None:
        """This struct was built from these fields."""
        self.kept.append(struct)
        self.bound.setdefault(id(struct), []).append(id(fields))
        self.also[id(struct)] = also

    def same(self, struct: Any, other: Any) -> None:
        """This struct was made of another one, and its fields came from where those of the other did."""
        self.kept.append(struct)
        self.bound.setdefault(id(struct), []).extend(self.bound.get(id(other), ()))
        self.also.setdefault(id(struct), self.also.get(id(other), ()))
