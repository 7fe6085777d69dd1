"""ELMO documents damaged in the ways that are met in the wild, so that what they say stays the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from lxml import etree
from lxml.etree import _Element

from mcbridge.mappers import _xml
from mcbridge.mappers.elmo.values import NAMESPACE

XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"
DATES = ("generatedDate", "issueDate", "bday", "start", "end", "date")
NUMBERS = ("value", "percentageLower", "percentageEqual", "percentageHigher", "engagementHours")
LISTS = ("status", "type")
COUNTRIES = {"GB": "UK", "GR": "EL"}
FREE = ("extension", "introduction")


def ours(root: _Element) -> Iterator[_Element]:
    """The elements of ELMO, but for what stands where anything may."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag.startswith(f"{{{NAMESPACE}}}"):
            yield element
            if local(element) not in FREE:
                waiting += element.iterchildren("*", reversed=True)


def local(element: _Element) -> str:
    return etree.QName(element).localname


def unordered(root: _Element) -> int:
    """Elements backwards, in their order within a name."""
    done = 0
    for element in list(ours(root)):
        children = list(element.iterchildren("*"))
        if local(element) in FREE or len({child.tag for child in children}) < 2:
            continue
        names = list(dict.fromkeys(child.tag for child in children))
        for child in sorted(children, key=lambda child: -names.index(child.tag)):
            element.append(child)
        done += 1
    return done


def renamed(space: str, every: int, root: _Element) -> int:
    """Elements in another namespace, or in none."""
    found = [element for number, element in enumerate(ours(root)) if number % every == every - 1 or every == 1]
    for element in found:
        element.tag = f"{{{space}}}{local(element)}" if space else local(element)
    return len(found)


def typed(root: _Element) -> int:
    """Contents that claim to be strings."""
    found = [element for element in ours(root) if local(element) == "content" and "type" not in element.attrib]
    for element in found:
        element.set(XSI, "xs:string")
    return len(found)


def padded(root: _Element) -> int:
    """Dates with space around."""
    return _texts(root, DATES, lambda text: f"\n   {text}\t")


def with_commas(root: _Element) -> int:
    """Decimal commas, where they cannot be anything else."""
    return _texts(root, NUMBERS, lambda text: re.sub(r"^([+-]?\d*)\.(\d{1,2}|\d{4,})$", r"\1,\2", text))


def misspelt(root: _Element) -> int:
    """Words in another case."""
    words = {"Degree Programme": "Degree", "in-progress": "In Progress".lower()}
    return _texts(root, LISTS, lambda text: words.get(text, text.swapcase()), leaf_of_list)


def foreign(root: _Element) -> int:
    """Countries as European lists write them."""
    return _texts(root, ("country", "citizenship"), lambda text: COUNTRIES.get(text, text.lower()))


def leaf_of_list(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and (
        local(element) == "status" or local(parent) in ("learningOpportunitySpecification", "attachment")
    )


def _texts(
    root: _Element,
    names: tuple[str, ...],
    change: Callable[[str], str],
    which: Callable[[_Element], bool] | None = None,
) -> int:
    done = 0
    for element in ours(root):
        if local(element) in names and not len(element) and element.text and (which is None or which(element)):
            text = change(element.text)
            done += text != element.text
            element.text = text
    return done


DAMAGES: Mapping[str, Callable[[_Element], int]] = {
    "in no namespace": partial(renamed, "", 1),
    "in a namespace with a version": partial(renamed, f"{NAMESPACE}.3.0", 1),
    "some in no namespace": partial(renamed, "", 3),
    "in another order": unordered,
    "contents with a type": typed,
    "dates with space": padded,
    "decimal commas": with_commas,
    "words in another case": misspelt,
    "countries of other lists": foreign,
}


def damaged(data: bytes, *names: str) -> tuple[bytes, int]:
    """A document after these damages, and how many places they found."""
    root = _xml.parse(data, "clean")
    # with a prefix, because what has none would belong to the default namespace when it is written
    spaces = {prefix or "e": space for prefix, space in root.nsmap.items()}
    whole = etree.Element(root.tag, None, {**spaces, "xs": "http://www.w3.org/2001/XMLSchema"})
    for key, value in root.items():
        whole.set(key, value)
    whole.text = root.text
    whole.extend(list(root))
    # those that find elements by their namespace come before it is gone
    done = sum(DAMAGES[name](whole) for name in sorted(names, key=lambda name: "namespace" in name))
    return etree.tostring(whole, encoding="UTF-8", xml_declaration=True), done
