"""Fields of one entity as they are found in a draft, and what was left beside them."""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.elmo.residues import DRAFT, HEAVY, XSI, attributes_of, raw
from mcbridge.mappers.elmo.trace import Trace
from mcbridge.model import Residue, Spelling
from mcbridge.origins import Contents

NAMESPACE: Final = "{http://purl.org/net/elmo}"


class Harvest:
    """What one reading carries along: contents, places, and how many leaves were read and kept aside."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.trace = Trace()
        self.leaves = 0
        self.kept = 0
        self.signatures: list[_Element] = []


class Bag:
    """The fields of one struct. What is put into ``entity``, another bag, as residue is kept there."""

    def __init__(self, harvest: Harvest, entity: Bag | None = None, lead: str = "") -> None:
        self.fields: dict[str, Any] = {}
        self.harvest = harvest
        self.entity = entity or self
        self.lead = lead
        self._used: set[tuple[_Element, str]] = set()

    @property
    def contents(self) -> Contents:
        """Where bytes go."""
        return self.harvest.contents

    def put(self, name: str, value: Any, element: _Element, *, many: bool = True, within: str = "") -> bool:
        """Put a value under a name, if there is room."""
        if many:
            self.fields.setdefault(name, []).append(value)
        elif name in self.fields:
            return False
        else:
            self.fields[name] = value
        self.harvest.trace.note(self.fields, name, element, within)
        return True

    def last(self, name: str) -> int:
        """The number of the value that was put last."""
        return len(self.fields[name]) - 1

    def attribute(self, element: _Element, name: str) -> str | None:
        """An attribute, which is read with this."""
        self._used.add((element, name))
        return element.get(name)

    def spell(self, path: str, text: str) -> None:
        """Remember how a value was written."""
        spelling = Spelling(format=DRAFT, path=self.lead + _camel(path), text=text)
        self.entity.fields.setdefault("spellings", []).append(spelling)

    def keep(self, path: str, content: str, element: _Element, within: str = "") -> None:
        """Keep what has no word."""
        entity = self.entity
        if len(content) > HEAVY:
            kept = Residue(format=DRAFT, path=path, sha256=self.contents.keep(content.encode()))
        else:
            kept = Residue(format=DRAFT, path=path, content=content)
        entity.fields.setdefault("residue", []).append(kept)
        self.harvest.trace.note(entity.fields, "residue", element, within)

    def stray(self, element: _Element, lead: str = "") -> None:
        """An element that is not understood."""
        self.harvest.kept += leaves_of(element)
        self.keep(f"{lead}{step(element)}", raw(element), element)

    def beside(self, element: _Element, lead: str = "") -> None:
        """Attributes of an element that was read which nobody asked for, and text between its children."""
        for name, value in attributes_of(element):
            if (element, name) not in self._used and not name.startswith(XSI):
                self.harvest.kept += 1
                self.keep(f"{lead}@{name}", value, element, f"/@{name}")
        if len(element):
            texts = [text for text in (element.text, *(child.tail for child in element)) if text and text.strip()]
            for number, text in enumerate(texts, 1):
                self.harvest.kept += 1
                self.harvest.leaves += 1
                self.keep(f"{lead}text()[{number}]", text, element)


def step(element: _Element) -> str:
    """The last step of a residue path: the name, with its namespace where that is not the drafts', and its number."""
    tag = element.tag
    number = 1 + sum(1 for _ in element.itersiblings(tag, preceding=True))
    return f"{tag.removeprefix(NAMESPACE)}[{number}]"


def leaves_of(element: _Element) -> int:
    """How many texts and attributes an element holds."""
    found = 0
    for one in element.iter("*"):
        found += sum(not str(name).startswith(XSI) for name in one.attrib)
        found += not len(one)
    return found


def _camel(path: str) -> str:
    head, *rest = path.split("_")
    return head + "".join(word.title() for word in rest)
