"""Frames: what one element fills, and where it stands in the document and in the record.

A frame is linked to the one above it, which for something that is referred to is
the one that refers to it; so the canonical path of anything is known, and is made
only when something has to be said. What finds no place becomes residue of the
nearest entity; how a value was written becomes a spelling of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec
from lxml import etree
from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, Rule, XmlLocation
from mcbridge.mappers._xml import xpath
from mcbridge.mappers.edc_xml.rules import EMPTY, NO_WORD, SEVERAL, UNKNOWN, WRONG_VALUE
from mcbridge.mappers.edc_xml.terms import TERMS
from mcbridge.model import Residue, Spelling

FORMAT: Final = "edc-xml"
HEAVY: Final = 4096
"""Residue above this many characters stands in the contents."""
SHOWN: Final = 80
"""How much of a value a message quotes."""
XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_OURS: Final = "http://data.europa.eu/"
"""How the names of the namespaces begin that older Europass XML is in; within them only local names count."""

Fields = dict[str, Any]


class Frame(msgspec.Struct, eq=False):
    """One element that is being read.

    ``name`` and ``index`` are the place of its struct in the struct above; without a name it fills the fields of the
    frame above. ``value`` says that it is no entity of its own. ``home`` stands for a place in the record that is not
    below the frame above: what stands once in a record.
    """

    run: Any
    up: Frame | None
    element: _Element
    fields: Fields
    part: str
    name: str | None = None
    index: int | None = None
    value: bool = False
    home: str | None = None

    @property
    def entity(self) -> Frame:
        """The nearest frame whose struct has residue and spellings."""
        frame = self
        while frame.value and frame.up is not None:
            frame = frame.up
        return frame

    def path(self, field: str | None = None, index: int | None = None) -> str:
        """The canonical path of the struct, or of a field of it."""
        return _joined(self, None, field, index)

    def within(self, element: _Element, fields: Fields, part: str, **place: Any) -> Frame:
        """A frame for an element in this one, or one that this one refers to."""
        return Frame(self.run, self, element, fields, part, **place)

    # what has to be said

    def find(
        self, rule: Rule, element: _Element, value: str | None = None, attribute: str | None = None, **facts: Any
    ) -> None:
        """Keep a finding about an element; what is said of one that is referred to several times is said once."""
        facts.setdefault("part", self.part if element is self.element else f'"{local(element)}" of {self.part}')
        if not self.run.said(rule, element, attribute, value):
            spot = self.run.where(element, attribute)
            self.run.luggage.report.add(Diagnostic(rule, spot, self.path() or None, value, facts))

    def keep(self, element: _Element, attribute: str | None = None) -> None:
        """What has no place is residue of the entity. Nothing is said about it here."""
        if element is self.element and attribute is None and self.up is not None:
            self.up.keep(element)  # the struct that it should have made is not there
            return
        steps = self._beside(element)
        if attribute is None:
            self._kept(steps, raw(element), element)
        else:
            name = attribute.rpartition("}")[2]
            self._kept(f"{steps}/@{name}" if steps else f"@{name}", element.get(attribute, ""), element)

    def _kept(self, path: str, content: str, element: _Element) -> None:
        entity, contents = self.entity, self.run.luggage.contents
        if len(content) > HEAVY:
            kept = Residue(format=FORMAT, path=path, sha256=contents.keep(content.encode()))
        else:
            kept = Residue(format=FORMAT, path=path, content=content)
        held = entity.fields.setdefault("residue", [])
        held.append(kept)
        self.note("residue", len(held) - 1, element, entity)

    def _beside(self, element: _Element) -> str:
        """The path of an element from that of the entity."""
        steps: list[str] = []
        top: _Element = self.entity.element
        here: _Element | None = element
        while here is not None and here is not top:
            steps.insert(0, _step(here))
            here = here.getparent()
        return "/".join(steps)

    def aside(self, element: _Element, rule: Rule, said: str | None, **facts: Any) -> None:
        """Keep an element as residue, and say why."""
        self.find(rule, element, said, **facts)
        self.keep(element)

    def stray(self, element: _Element) -> None:
        """An element that has no row."""
        name = local(element)
        self.aside(element, NO_WORD if name in TERMS and ours(element) else UNKNOWN, name, part=self.part)

    def again(self, element: _Element) -> None:
        """An element that stands there once too often."""
        self.aside(element, SEVERAL, local(element), part=self.part)

    def empty(self, element: _Element) -> None:
        """An element with nothing in it."""
        within = self.up if element is self.element and self.up is not None else self
        within.aside(element, EMPTY, local(element), part=within.part)

    def wrong(self, element: _Element, expected: str) -> None:
        """An element with something else in it."""
        said = " ".join("".join(map(str, element.itertext())).split())
        if not said and not len(element) and not element.attrib:
            self.empty(element)
        else:
            self.aside(element, WRONG_VALUE, shown(said), expected=expected)

    def spare(self, element: _Element, *known: str, leaf: bool = False) -> None:
        """Keep the attributes that nobody looks at, and text where none belongs: anywhere but in a ``leaf``."""
        for name in map(str, element.attrib):
            if local_name(name) not in known and not name.startswith(XSI):
                self.find(UNKNOWN, element, local_name(name), name, part=_named_part(self, element))
                self.keep(element, name)
        if len(element) or not leaf:
            for number, text in enumerate(_between(element), 1):
                self.find(UNKNOWN, element, shown(text), f"text()[{number}]", part=_named_part(self, element))
                steps = self._beside(element)
                self._kept(f"{steps}/text()[{number}]" if steps else f"text()[{number}]", text, element)

    def leaf(self, element: _Element, *known: str) -> str:
        """The text of an element that has nothing else; what it has besides is kept."""
        for child in children(element):
            inner = self.within(element, self.fields, _named_part(self, element), value=True)
            inner.stray(child)
        self.spare(element, *known, leaf=True)
        return (element.text or "") if not len(element) else ""

    def spell(self, field: str, index: int | None, text: str, more: str = "") -> None:
        """Remember how a value of this frame was written."""
        path = _joined(self, self.entity, field, index) + more
        self.entity.fields.setdefault("spellings", []).append(Spelling(format=FORMAT, path=path, text=text))

    # the trace

    def note(self, field: str, index: int | None, element: _Element, owner: Frame | None = None) -> None:
        """Where a field came from, for those who read again to know."""
        if self.run.trace is not None:
            self.run.trace.note((owner or self).fields, field, index, self.run.pathed(element))


def local(element: _Element) -> str:
    """The name of an element without its namespace."""
    return local_name(element.tag)


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def ours(element: _Element) -> bool:
    """Whether an element is in a namespace of older Europass XML, or in none."""
    return _ours(element.tag)


@lru_cache(maxsize=1024)
def _ours(tag: str) -> bool:
    space = tag.rpartition("}")[0][1:]
    return not space or space.startswith(_OURS)


def children(element: _Element) -> Iterator[_Element]:
    """The elements in an element."""
    return element.iterchildren("*")


def attribute(element: _Element, name: str) -> str | None:
    """An attribute by its local name."""
    found = element.get(name)
    if found is None and element.attrib:
        found = next((str(value) for key, value in element.items() if local_name(str(key)) == name), None)
    return found


def key_of(element: _Element, name: str) -> str:
    """The attribute of this local name as it is called there."""
    return next((str(key) for key in element.attrib if local_name(str(key)) == name), name)


def raw(element: _Element) -> str:
    """An element as exclusive canonical XML, which stands by itself wherever it is pasted."""
    tail, element.tail = element.tail, None
    try:
        return etree.tostring(element, method="c14n", exclusive=True).decode()
    except etree.C14NError:  # relative namespace names, which canonical XML refuses
        return etree.tostring(element, encoding="unicode")
    finally:
        element.tail = tail


def shown(text: str) -> str:
    """How a text begins."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def where(source: str, element: _Element, attribute: str | None = None) -> XmlLocation:
    """The place of an element, or of its attribute."""
    named = attribute if attribute is not None and not attribute.startswith("text()") else None
    return XmlLocation(source, element.sourceline, None, xpath(element, named))  # type: ignore[arg-type]  # the stubs


def _between(element: _Element) -> Iterator[str]:
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            yield text


def _named_part(frame: Frame, element: _Element) -> str:
    return frame.part if element is frame.element else f'"{local(element)}" of {frame.part}'


def _step(element: _Element) -> str:
    name = local(element)
    number = 1 + sum(1 for each in element.itersiblings("*", preceding=True) if local(each) == name)
    return f"{name}[{number}]"


def _joined(frame: Frame, stop: Frame | None, field: str | None, index: int | None) -> str:
    """A canonical path, from the record or from the entity ``stop``."""
    steps = [camel(field, index)] if field else []
    here: Frame | None = frame
    while here is not None and here is not stop:
        if here.home is not None:
            steps.insert(0, here.home)
            break
        if here.name is not None:
            steps.insert(0, camel(here.name, here.index))
        here = here.up
    return ".".join(filter(None, steps))


def camel(name: str, index: int | None = None) -> str:
    """The JSON name of a field, which may be several joined by dots."""
    head, *rest = name.split("_")
    name = head + "".join(word[:1].upper() + word[1:] for word in rest)
    return name if index is None else f"{name}[{index}]"


Put = Callable[[Frame, _Element], None]
"""Puts one element into the fields of a frame."""
