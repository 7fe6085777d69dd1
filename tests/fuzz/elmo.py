"""ELMO documents that nobody wrote: whatever the declarations of our schema allow, and a little beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st
from lxml import etree

from tests.conformance.elmo_declarations import XSD
from tests.conformance.elmo_documents import ELMO
from tests.conformance.elmo_mutations import VALUES, WORDS
from tests.conformance.test_elmo_xsd import OURS

LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}"
DEEPEST: Final = 14
"""Elements below each other; deeper, what may be left out is."""

_ODD: Final = st.sampled_from(
    [
        "",
        " ",
        "\xa0",
        "\t",
        "\n",
        "\r",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\x85",
        "\u200b",
        "🧿",
        "]]>",
        "&lt;",
        "<b>x</b>",
        "a  b",
        " padded ",
        "é",
        "é",
        "ﬁ",
        "�",
        "\x7f",
        "\x9f",
        "[mcbridge 1]",
        "=1+1",
        "٣",
        "x" * 900,
    ]
)
_LEGAL: Final = st.characters(exclude_categories=["Cs"], exclude_characters=["\ufffe", "\uffff"]).filter(
    lambda letter: letter in "\t\n\r" or ord(letter) >= 32
)
TEXT: Final = st.one_of(_ODD, st.text(_LEGAL, max_size=12), st.lists(_ODD, max_size=3).map("".join))
"""Any text that XML can hold, the odd ones often."""

_LANGUAGES: Final = st.sampled_from(["en", "hr", "en", "", "zh-Hans-CN", "x-own", "EN"])
_GOOD: Final[Mapping[str, st.SearchStrategy[str]]] = {
    "string": TEXT,
    "token": TEXT,
    "date": st.sampled_from(
        ["2031-05-01", "2032-02-29", "2031-05-01Z", "2031-05-01+14:00", "0001-01-01", "12031-12-31"]
    ),
    "dateTime": st.sampled_from(
        [
            "2031-05-01T10:00:00Z",
            "2031-05-01T10:00:00",
            "2031-05-01T24:00:00+02:00",
            "2031-05-01T10:00:00.123456789-00:00",
        ]
    ),
    "decimal": st.sampled_from(["0", "7.5", "-1", "+6", ".5", "5.", "007.50", "9" * 24, "0.54166666666667", "-0"]),
    "integer": st.sampled_from(["0", "1", "-7", "+1", "007", "9" * 30]),
    "nonNegativeInteger": st.sampled_from(["0", "3", "+1", "007", "9" * 30]),
    "language": _LANGUAGES,
    "anyURI": st.sampled_from(["", "https://example.edu/?a=b#c", "urn:x", "#part"]),
}


def _value(simple: Any) -> st.SearchStrategy[str]:
    """Values of a simple type: nearly all good."""
    if simple.is_union():
        return _LANGUAGES
    while not (simple.name or "").startswith(XSD):
        if simple.enumeration:
            return st.sampled_from([str(word) for word in simple.enumeration])
        if simple.patterns is not None:
            return st.sampled_from(WORDS[simple.patterns.regexps[0]])
        simple = simple.base_type
    good = _GOOD.get(simple.local_name, TEXT)
    bad = st.sampled_from(VALUES[simple.local_name]) if simple.local_name in VALUES else TEXT
    return st.one_of(*[good] * 19, bad)


@cache
def _declared() -> Any:
    import xmlschema

    return xmlschema.XMLSchema(str(Path(str(OURS)))).elements["elmo"]


class _Maker:
    """One document, drawn element by element along the declarations. ``slips`` is how often it goes wrong, in 1,000."""

    def __init__(self, draw: Any, slips: int) -> None:
        self.draw = draw
        self.slips = slips

    def slip(self) -> bool:
        return self.slips > 0 and self.draw(st.integers(0, 999)) < self.slips

    def times(self, item: Any, depth: int) -> int:
        least, most = item.min_occurs, item.max_occurs
        if depth > DEEPEST:
            return int(least)
        top = least + 2 if most is None else min(most, least + 2)
        return int(self.draw(st.integers(least, top))) if self.draw(st.integers(0, 2)) or least else int(least)

    def element(self, declared: Any, depth: int) -> etree._Element:
        declared = declared if declared.ref is None else declared.ref
        made = etree.Element(declared.name, nsmap={None: ELMO} if depth == 0 else None)  # type: ignore[dict-item]
        for name, attribute in getattr(declared.type, "attributes", {}).items():
            if name is not None and (attribute.use == "required" or self.draw(st.integers(0, 2)) == 0):
                made.set(name, self.draw(_value(attribute.type)))
        if self.slip():
            made.set(self.draw(st.sampled_from(["x", "{urn:example:x}y", LANG])), self.draw(TEXT))
        if declared.local_name in {"extension", "introduction"}:
            self.foreign(made, depth)
        elif declared.type.has_complex_content():
            self.group(declared.type.content, made, depth)
        elif declared.type.simple_type is not None:
            made.text = self.draw(_value(declared.type.simple_type))
        return made

    def group(self, group: Any, into: etree._Element, depth: int) -> None:
        items = list(group)
        if group.model == "choice":
            items = [self.draw(st.sampled_from(items))] if items else []
        for item in items:
            if item.name is not None and item.name.startswith(SIGNATURE):
                continue
            for _ in range(self.times(item, depth)):
                if hasattr(item, "model"):
                    self.group(item, into, depth)
                elif item.name is not None:
                    into.append(self.element(item, depth + 1))
        if self.slip() and len(into):
            child = into[self.draw(st.integers(0, len(into) - 1))]
            match self.draw(st.integers(0, 3)):
                case 0:
                    into.remove(child)
                case 1:
                    into.insert(0, child)
                case 2:
                    child.tag = self.draw(st.sampled_from([f"{{{ELMO}}}unheard", "{urn:example:x}y", "bare"]))
                case _:
                    child.tail = "stray"

    def foreign(self, into: etree._Element, depth: int) -> None:
        """Elements of other people, in their namespaces, with text between them where that may be."""
        for _ in range(self.draw(st.integers(0, 2))):
            space = self.draw(st.sampled_from(["urn:example:x", "urn:example:y", "https://example.edu/ns#"]))
            child = etree.SubElement(into, f"{{{space}}}{self.draw(st.sampled_from(['note', 'title', 'elmo']))}")
            child.text = self.draw(TEXT)
            if self.draw(st.booleans()):
                child.set(self.draw(st.sampled_from(["a", LANG, "{urn:example:z}b"])), self.draw(_LANGUAGES))
            if depth < DEEPEST and self.draw(st.integers(0, 3)) == 0:
                self.foreign(child, depth + 1)
                if len(child):
                    child[-1].tail = self.draw(TEXT)


@st.composite
def documents(draw: Any, slips: int = 0) -> bytes:
    """The bytes of a document; ``slips`` in 1,000 elements are not as the schema wants them."""
    return etree.tostring(_Maker(draw, slips).element(_declared(), 0), encoding="UTF-8")
