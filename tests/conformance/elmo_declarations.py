"""What a schema declares, element by element, as far as a document shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import xmlschema
from lxml import etree

from tests.conformance.elmo_mutations import WORDS, Declared, Leaf

XSD = "{http://www.w3.org/2001/XMLSchema}"


class Declarations:
    """The element declarations of a schema, and which of them an element of a document has."""

    def __init__(self, schema: Path, imports: Mapping[str, str]) -> None:
        folder = schema.parent
        locations = {namespace: str(folder / name) for namespace, name in imports.items()}
        self.schema: Any = xmlschema.XMLSchema(str(schema), locations=locations, allow="local")
        self._keys: dict[int, str] = {}
        for part in self.schema.maps.schemas:
            if part.url is not None and Path(part.url).parent.parent.name == folder.parent.name:
                self._name(part.root, f"{{{part.target_namespace}}}")
        self._known: dict[int, Declared] = {}

    def _name(self, node: Any, path: str) -> None:
        inside = f"{path}/{node.attrib['name']}" if "name" in node.attrib else path
        if node.tag == f"{XSD}element" and "name" in node.attrib:
            twins = sum(key.split("#")[0] == inside for key in self._keys.values())
            self._keys[id(node)] = f"{inside}#{twins}"
        for child in node:
            self._name(child, inside)

    @property
    def keys(self) -> frozenset[str]:
        """One key for each declaration, wherever in the schemas it stands."""
        return frozenset(self._keys.values())

    def of(self, root: etree._Element) -> Mapping[etree._Element, Declared]:
        """The declaration of each element of a valid document; those let through unchecked have none."""
        return dict(self._walk(root, self.schema.maps.elements[root.tag]))

    def _walk(self, element: etree._Element, component: Any) -> Iterator[tuple[etree._Element, Declared]]:
        component = component if component.ref is None else component.ref
        yield element, self._declared(component)
        inside: dict[str, list[Any]] = {}
        if component.type.has_complex_content():
            for found in component.type.content.iter_elements():
                inside.setdefault(found.name, []).append(found)
        for child in element.iterchildren(etree.Element):
            known = inside.get(child.tag) or [self.schema.maps.elements.get(child.tag)]
            # A name that is declared twice in one type (PGPKeyPacket) is told apart by what stands before it.
            found = known[-1 if child.getprevious() is None else 0]
            if found is not None:
                yield from self._walk(child, found)

    def _declared(self, component: Any) -> Declared:
        if id(component) not in self._known:
            attributes = getattr(component.type, "attributes", {})
            self._known[id(component)] = Declared(
                self._keys[id(component.elem)],
                _leaf(component.type.simple_type) if component.type.simple_type is not None else None,
                {name: _leaf(attribute.type) for name, attribute in attributes.items() if name is not None},
            )
        return self._known[id(component)]


def _leaf(simple: Any) -> Leaf:
    if simple.is_union():
        return Leaf("language")
    words: tuple[str, ...] = ()
    while not (simple.name or "").startswith(XSD):
        patterns = () if simple.patterns is None else simple.patterns.regexps
        words += tuple(str(word) for word in simple.enumeration or ())
        words += tuple(word for pattern in patterns for word in WORDS[pattern])
        simple = simple.base_type
    return Leaf(simple.local_name, tuple(sorted(words)))
