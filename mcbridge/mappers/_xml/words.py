"""What a schema expects, in words for the person who has to ask for a better file.

A fault is an element, perhaps an attribute of it, and a kind; the words come from
the declaration of the element, as the ``xmlschema`` library describes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import islice
from typing import Any, Final

from lxml.etree import QName, _Element
from msgspec import Struct

XSD: Final = "{http://www.w3.org/2001/XMLSchema}"
INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_XML: Final = "{http://www.w3.org/XML/1998/namespace"
SHOWN: Final = 80
"""Longer values are cut: an attachment is not quoted whole."""

_MANY: Final = 12

_DAY: Final = re.compile(r"\s*\d{4}-\d\d-\d\dZ?\s*$")

_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (.*) \)")

_ASK: Final = "ask the sender to correct it"
_LEAVE_OUT: Final = "; when the value is not known, leave the element out"

# Built-in type → what is expected, what to do.
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "anyURI": ("an address (URI)", f"{_ASK}; spaces and brackets in addresses are written in % form"),
    "base64Binary": ("base64", "export it again; the content was probably cut or changed on the way"),
    "date": (
        "a day as year-month-day, such as 2031-05-31",
        "write days as YYYY-MM-DD; the form of dates is set in the program that exports",
    ),
    "dateTime": (
        "a moment such as 2031-05-31T10:00:00+02:00",
        "write moments as YYYY-MM-DDThh:mm:ss with the zone; the form is set in the program that exports",
    ),
    "decimal": (
        "a number with a decimal point, such as 7.5",
        "write a full stop, not a comma, and neither unit nor thousands separator",
    ),
    "ID": (
        "a name that no other element has, without spaces, beginning with a letter",
        f"{_ASK}; names must not repeat",
    ),
    "integer": ("a whole number", "write digits only"),
    "language": ("a language tag such as en or pt-BR", "write the tag of BCP 47 with a hyphen, or leave xml:lang out"),
    "nonNegativeInteger": ("a whole number, 0 or more", "write digits only"),
}
_PATTERNS: Final[Mapping[str, str]] = {
    "[A-Z]{2}": "two capital letters, such as HR",
    "[.0-9]+": "digits and full stops, such as 4.2",
    r"[0-9\.]+": "digits and full stops, such as 4.2",
    "[A-Z][A-Z]": "two capital letters, such as HR",
    r"[^@]+@[^.]+\..+": "an e-mail address",
}


class Kind(Enum):
    """What can be wrong with an element."""

    VALUE = "its text, or an attribute's, is no value of its type"
    ABSENT = "an attribute is missing"
    UNKNOWN = "an attribute does not belong there"
    CONTENT = "it does not belong where it stands"
    ENDED = "children are missing at its end"
    TEXT = "text stands between its children"
    CHILDREN = "children stand where only text may be"
    FILLED = "text or children stand where nothing may be"
    ROOT = "the document is another one"
    NIL = "it is said to be nil"
    TYPED = "it is said to be of another type"
    OTHER = "something rare; the library's words are kept"


class Fault(Struct, frozen=True):
    """Something wrong at one place. ``theirs`` is what libxml2 says, for what we have no words for."""

    element: _Element
    kind: Kind
    attribute: str | None = None
    theirs: str = ""


class Words(Struct, frozen=True):
    """A sentence around the value found, and what to do."""

    opening: str
    advice: str
    value: str | None = None
    closing: str = ""


def describe(fault: Fault, declared: Any, above: Any) -> Words:
    """Words for a fault. ``declared`` and ``above`` are the declarations of the element and of its parent, or None."""
    name = local(fault.element)
    attribute = local(fault.attribute or "")
    match fault.kind:
        case Kind.VALUE:
            return _value(fault, declared)
        case Kind.ABSENT:
            return Words(
                f"{name} lacks the attribute {attribute}, which the schema demands", f"{_ASK}: add {attribute}"
            )
        case Kind.UNKNOWN:
            value = fault.element.get(fault.attribute or "", "")
            closing = '"; the schema knows no such attribute there'
            return Words(f'{name} has an attribute {attribute} with "', f"{_ASK}: take it out", cut(value), closing)
        case Kind.CONTENT:
            return _content(fault, above)
        case Kind.ENDED:
            return _ended(fault, declared)
        case Kind.TEXT:
            stray = (text for text in _between(fault.element) if text)
            closing = '", where the schema allows elements only'
            return Words(
                f'between its elements {name} holds the text "',
                f"{_ASK}: move it into an element",
                cut(next(stray, "")),
                closing,
            )
        case Kind.CHILDREN:
            held = f"{name} holds an element {_first(fault.element)}"
            return Words(f"{held}; the schema expects text only", f"{_ASK}: keep the text, drop the markup")
        case Kind.FILLED:
            return _filled(fault)
        case Kind.ROOT:
            tag = QName(fault.element)
            return Words(
                f'the document is {tag.localname} in the namespace "',
                "check that the right file was sent, and its version",
                tag.namespace or "",
                '", which is not what this schema is about',
            )
        case Kind.NIL | Kind.TYPED:
            return _of_instance(fault)
        case Kind.OTHER:
            return Words(f"{name} is not as the schema wants it", f"{_ASK}; the schema processor says: {fault.theirs}")


def _filled(fault: Fault) -> Words:
    name, advice = local(fault.element), f"{_ASK}: what it says stands in its attributes"
    if len(fault.element):
        return Words(f"{name} holds an element {_first(fault.element)}; the schema expects nothing in it", advice)
    value, closing = cut(fault.element.text or ""), '"; the schema expects nothing in it'
    return Words(f'{name} holds the text "', advice, value, closing)


def _of_instance(fault: Fault) -> Words:
    name = local(fault.element)
    if fault.kind is Kind.TYPED:
        closing = '"; the schema says itself what it holds, and allows nothing else'
        value = fault.element.get(f"{INSTANCE}type", "")
        return Words(f'{name} has xsi:type with "', f"{_ASK}: take xsi:type out", cut(value), closing)
    advice = f"{_ASK}: take xsi:nil out, and leave the element out where it says nothing"
    value = fault.element.get(f"{INSTANCE}nil", "")
    return Words(f'{name} has xsi:nil with "', advice, cut(value), '"; the schema knows no element that is nil')


def _value(fault: Fault, declared: Any) -> Words:
    name = local(fault.element)
    value = fault.element.text or "" if fault.attribute is None else fault.element.get(fault.attribute, "")
    subject = name if fault.attribute is None else f"the attribute {local(fault.attribute)} of {name}"
    simple = _simple(fault, declared)
    wanted, advice = expected(simple) if simple is not None else _of_xml(fault.attribute)
    if _DAY.match(value) and "day" in wanted:
        wanted = "a day that is in the calendar"
    if (
        fault.attribute is None
        and declared is not None
        and not value.strip()
        and declared.min_occurs == 0
        and "leave it out" not in advice
    ):
        advice += _LEAVE_OUT
    return Words(f'{subject} is "', advice, cut(value), f'"; the schema expects {wanted}')


def _of_xml(attribute: str | None) -> tuple[str, str]:
    """What an attribute of XML itself expects on an element that no schema declares."""
    space, _, name = (attribute or "").rpartition("}")
    if space != _XML:
        return "another value", _ASK
    if name == "space":
        return _one_of(("default", "preserve"))
    return _TYPES[{"base": "anyURI", "id": "ID"}.get(name, "language")]


def _simple(fault: Fault, declared: Any) -> Any:
    if declared is None or fault.attribute is None:
        return None if declared is None else declared.type.simple_type
    own = getattr(declared.type, "attributes", {})
    found = own.get(fault.attribute) or declared.maps.attributes.get(fault.attribute)
    return None if found is None or found.type.local_name == "anySimpleType" else found.type


def expected(simple: Any) -> tuple[str, str]:
    """What a simple type of the schema expects, and what to do about another value."""
    if simple.is_union():
        return _TYPES["language"]
    while not (simple.name or "").startswith(XSD):
        if simple.enumeration:
            return _one_of([str(word) for word in simple.enumeration])
        if simple.patterns is not None:
            pattern = simple.patterns.regexps[0]
            return _PATTERNS.get(pattern, f"a text of the form {pattern}"), _ASK
        simple = simple.base_type
    return _TYPES.get(simple.local_name, (f"a value of the type {simple.local_name}", _ASK))


def _one_of(words: Sequence[str]) -> tuple[str, str]:
    if len(words) > _MANY:
        return f"one of its {len(words)} codes ({words[0]}, {words[1]} … {words[-1]})", f"{_ASK}, or to leave it out"
    return f"one of: {', '.join(words)}", "write one of these words exactly, or leave it out when none fits"


def _content(fault: Fault, above: Any) -> Words:
    child, parent = fault.element, fault.element.getparent()
    name = local(child)
    if above is None or parent is None:
        return Words(f"{name} does not belong here", f"{_ASK}; what may stand here: {_allowed(fault)}")
    order = _particles(above)
    names = [found.name for found in order]
    if child.tag not in names:
        return _stranger(child, parent, names)
    at = names.index(child.tag)
    before = [found.tag for found in child.itersiblings("*", preceding=True)]
    after = [found.tag for found in child.itersiblings("*")]
    overtaken = [tag for tag in reversed(before) if tag in names[at + 1 :] and tag not in names[: at + 1]]
    if overtaken:
        return Words(
            f"{name} stands after {local(overtaken[0])}; the schema wants it before", f"{_ASK}: the order counts"
        )
    absent = [found.name for found in order[:at] if found.least and found.name not in before]
    if absent and absent[0] in after:
        return Words(f"{name} stands before {local(absent[0])}; the schema wants it after", f"{_ASK}: the order counts")
    if absent:
        lacking = local(absent[0])
        return Words(f"{local(parent)} lacks {lacking}, which must stand before {name}", f"{_ASK}: add {lacking}")
    most = order[at].most
    if most is not None and before.count(child.tag) >= most:
        return Words(f"{local(parent)} holds more than {most} {name}", f"{_ASK}: keep {most}")
    return Words(
        f"{name} cannot stand here beside the others in {local(parent)}",
        f"{_ASK}; what may stand here: {_allowed(fault)}",
    )


def _allowed(fault: Fault) -> str:
    """The elements that libxml2 would have gone on with."""
    found = _EXPECTED.search(fault.theirs)
    return found[1].replace("##other*", "any of another namespace") if found else "nothing more"


def _stranger(child: _Element, parent: _Element, names: Sequence[str]) -> Words:
    name = local(child)
    twin = next((found for found in names if local(found) == name), None)
    if twin is not None:
        closing = f'"; the schema expects it in {QName(twin).namespace}'
        advice = f"{_ASK}: the namespace is declared once, with xmlns at the root"
        return Words(f'{name} stands in the namespace "', advice, QName(child).namespace or "", closing)
    return Words(
        f"{local(parent)} holds an element {name}, which the schema does not know there",
        f"{_ASK}: what the format has no element for goes into an extension, in a namespace of its own",
    )


def _ended(fault: Fault, declared: Any) -> Words:
    name = local(fault.element)
    present = {child.tag for child in fault.element.iterchildren("*")}
    wanted = [] if declared is None else [found.name for found in _particles(declared) if found.least]
    lacking = ", ".join(local(tag) for tag in wanted if tag not in present)
    if not lacking:
        return Words(f"{name} lacks one of: {_allowed(fault)}", f"{_ASK}: add one of them")
    return Words(f"{name} lacks {lacking}", f"{_ASK}: add {lacking}")


class _Particle(Struct, frozen=True):
    """An element that may stand in a content: how often at least, and at most (None: any number)."""

    name: str
    least: int
    most: int | None


def _particles(declared: Any) -> list[_Particle]:
    kind = declared.type
    return list(_inside(kind.content, 1, 1)) if kind.has_complex_content() else []


def _inside(group: Any, least: int, most: int | None) -> Iterator[_Particle]:
    for item in group:
        fewest = 0 if group.model == "choice" else least * item.min_occurs
        largest = None if most is None or item.max_occurs is None else most * item.max_occurs
        if hasattr(item, "model"):
            yield from _inside(item, fewest, largest)
        elif item.name is not None:
            yield _Particle(item.name, fewest, largest)


def _first(element: _Element) -> str:
    return ", ".join(local(child) for child in islice(element.iterchildren("*"), 1))


def _between(element: _Element) -> Iterator[str]:
    yield (element.text or "").strip()
    for child in element:
        yield (child.tail or "").strip()


def cut(value: str) -> str:
    """A value short enough to be quoted."""
    return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"


def local(name: _Element | str) -> str:
    """The name without its namespace."""
    tag = name if isinstance(name, str) else name.tag
    return tag.rpartition("}")[2]
