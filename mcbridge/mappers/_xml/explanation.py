"""Why libxml2 rejected a document: its own findings for the places, the ``xmlschema`` library for the words.

libxml2 is the judge: it is fast and right, with one exception, dates with space
around them, where ``xmlschema`` overrules it (XML Schema part 2, 4.3.6: whitespace of
dates is collapsed). But it stops at the first element that is out of place in each
parent, so what ``xmlschema`` finds beyond that is added, as far as the document is
not too large for a library that takes a hundred times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, cast

from lxml import etree
from lxml.etree import _Element
from msgspec.structs import replace

from mcbridge.diagnostics import Diagnostic, Rule, XmlLocation
from mcbridge.mappers._xml import crowds
from mcbridge.mappers._xml.places import columns
from mcbridge.mappers._xml.standing import Standing
from mcbridge.mappers._xml.validation import Schema
from mcbridge.mappers._xml.words import INSTANCE, Fault, Kind, Words, describe

MOST: Final = 100
"""How many findings of one document are named."""

FEW: Final = 2 * MOST
"""Faults that are looked at, since several may be of one place."""

LARGE: Final = 50_000
"""Elements from which on libxml2's findings have to do."""

_WIDE: Final = etree.XPath("boolean(//*[count(@*) > 100])")
"""An element with more attributes than any is known to have: the library writes all of them into each of its errors."""

_SUBJECT: Final = re.compile(r"Element '[^']*'(?:, attribute '([^']+)')?: (.*)", re.DOTALL)
_DATE: Final = re.compile(r": '([^']*)' is not a valid value of the atomic type 'xs:(date|dateTime)'\.\s*$")
_SPACE: Final = " \t\r\n"
_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_STEP: Final = re.compile(r"/(?:([^:/\[]+):)?([^:/\[]+)(?:\[(\d+)\])?")

_KINDS: Final = {
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": Kind.FILLED,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2": Kind.CHILDREN,
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": Kind.TEXT,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": Kind.UNKNOWN,
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": Kind.UNKNOWN,
    "SCHEMAV_CVC_COMPLEX_TYPE_4": Kind.ABSENT,
    "SCHEMAV_CVC_ELT_1": Kind.ROOT,
    "SCHEMAV_CVC_ELT_3_1": Kind.NIL,
    "SCHEMAV_CVC_ELT_4_1": Kind.TYPED,
    "SCHEMAV_CVC_ELT_4_2": Kind.TYPED,
    "SCHEMAV_CVC_ELT_4_3": Kind.TYPED,
    "SCHEMAV_CVC_TYPE_3_1_1": Kind.UNKNOWN,
    "SCHEMAV_CVC_TYPE_3_1_2": Kind.CHILDREN,
}
_VALUE: Final = re.compile(r"SCHEMAV_CVC_(?:DATATYPE|ENUMERATION|PATTERN|\w*LENGTH|\w*CLUSIVE|\w*DIGITS)_VALID\w*")
_NIL: Final = f"{INSTANCE}nil"
_REQUIRED: Final = re.compile(r"The attribute '([^']+)' is required but missing")

_REASONS: Final = (
    (re.compile(r"missing required attribute '([^']+)'"), Kind.ABSENT),
    (re.compile(r"'([^']+)' attribute not allowed"), Kind.UNKNOWN),
    (re.compile(r"attribute (\S+?)=.*unavailable namespace"), Kind.UNKNOWN),
    (re.compile(r"attribute (\S+?)="), Kind.VALUE),
    (re.compile(r"character data between child elements()"), Kind.TEXT),
    (re.compile(r"simple content element can't have child()"), Kind.CHILDREN),
)


def explain(
    schema: Schema, root: _Element, data: bytes, source: str, rule: Rule, standing: Standing | None = None
) -> Iterator[Diagnostic]:
    """The findings, in document order. See ``Schema.explain``."""
    stood = standing or Standing(root)
    judged, located = _judged(schema, root)
    faults = {_key(fault): fault for fault in located}
    small = judged <= FEW and next(islice(root.iter("*"), LARGE, None), None) is None
    if judged and small and not _WIDE(root):
        _add(faults, _xmlschema(schema, root))
    order = stood.numbers(fault.element for fault in faults.values())
    ordered = sorted(faults.values(), key=lambda fault: (order[fault.element], fault.kind.name, fault.attribute or ""))
    named = ordered[:MOST]
    spots = _spots(named, order, data)
    for fault in named:
        line, column = spots.get(fault.element) or (cast("int | None", fault.element.sourceline), None)
        path = stood.path(fault.element, fault.attribute if _has(fault) else None)
        place = XmlLocation(source, line, column, path)
        yield _diagnostic(rule, place, _described(schema, root, fault))
    if len(ordered) > MOST or judged > len(located):
        more = max(len(ordered), judged) - len(named)
        words = Words(f"{more:,} more places do not match the schema", "correct the first ones, and look again")
        yield _diagnostic(rule, XmlLocation(source), words)


def refused(schema: Schema, root: _Element) -> bool:
    """Whether there is anything to explain."""
    return not schema.validate(root) and _judged(schema, root)[0] > 0


def _add(faults: dict[tuple[_Element, Kind, str | None], Fault], more: Iterable[Fault]) -> None:
    for fault in more:
        parent = fault.element.getparent()
        said = fault.kind is Kind.CONTENT and parent is not None and (parent, Kind.TEXT, None) in faults
        if not said:
            faults.setdefault(_key(fault), fault)


def _diagnostic(rule: Rule, place: XmlLocation, words: Words) -> Diagnostic:
    facts = {"opening": words.opening, "closing": words.closing, "advice": words.advice}
    return Diagnostic(rule, place, value=words.value, facts=facts)


def _key(fault: Fault) -> tuple[_Element, Kind, str | None]:
    # The two libraries have different words for content where none may be.
    kind = Kind.TEXT if fault.kind in (Kind.CHILDREN, Kind.FILLED) else fault.kind
    return fault.element, kind, fault.attribute


def _has(fault: Fault) -> bool:
    return fault.attribute is not None and fault.attribute in fault.element.attrib


def _spots(
    faults: Iterable[Fault], order: dict[_Element, int], data: bytes
) -> dict[_Element, tuple[int | None, int | None]]:
    """Line and column of the elements at fault."""
    wanted = {order[fault.element]: fault.element for fault in faults}
    last = max(wanted, default=-1)
    places = enumerate(islice(columns(data), last + 1))
    return {wanted[number]: spot for number, spot in places if number in wanted}


def _described(schema: Schema, root: _Element, fault: Fault) -> Words:
    declared = _declaration(schema, root, fault.element)
    parent = fault.element.getparent()
    above = _declaration(schema, root, parent) if parent is not None and fault.element is not root else None
    return describe(fault, declared, above)


# ---------------------------------------------------------------------------------------------------------- libxml2


def _judged(schema: Schema, root: _Element) -> tuple[int, list[Fault]]:
    """How many faults libxml2 finds, and the first of them, without the dates that are only padded."""
    compiled = schema.compiled
    if crowds.crowded(root) and len(messages := crowds.faults(root, compiled)) > FEW:
        count = sum(not _overruled(message) for message in messages)
        for part, copies in crowds.parts(root) if count else ():
            if found := _entries(compiled, part):
                located = (_located(entry, part) for entry in found[:FEW])
                return count, [replace(fault, element=copies[fault.element]) for fault in located]
        return count, []
    found = _entries(compiled, root)
    return len(found), [_located(entry, root) for entry in found[:FEW]]


def _entries(compiled: etree.XMLSchema, root: _Element) -> list[Any]:
    compiled.validate(root)
    log: Any = compiled.error_log
    return [entry for entry in log if not _overruled(entry.message)]


def _overruled(message: str) -> bool:
    found = _DATE.search(message)
    if found is None:
        return False
    value = found[1].strip(_SPACE)
    # both libraries have words for space that XML Schema has not: a no-break space is no part of a date
    if value == found[1] or not value.isascii():
        return False
    import xmlschema

    try:
        return bool(xmlschema.XMLSchema.builtin_types()[found[2]].is_valid(value))
    except OverflowError:
        return False  # a year that is written correctly, and that nobody can count to


def _located(entry: Any, root: _Element) -> Fault:
    element = _element_at(root, entry.path or "")
    found = _SUBJECT.match(entry.message)
    theirs = _NAMESPACE.sub("", found[2] if found else entry.message).strip()
    attribute = found[1] if found else None
    kind = _KINDS.get(entry.type_name, Kind.OTHER)
    if kind is Kind.NIL or attribute == _NIL:
        kind, attribute = Kind.NIL, _NIL
    elif _VALUE.fullmatch(entry.type_name):
        kind = Kind.VALUE
    elif entry.type_name == "SCHEMAV_ELEMENT_CONTENT":
        kind = Kind.ENDED if theirs.startswith("Missing child") else Kind.CONTENT
    elif entry.type_name == "SCHEMAV_CVC_WILDCARD" and attribute is not None:
        kind = Kind.UNKNOWN
    elif kind is Kind.ROOT and element is not root:
        kind = Kind.CONTENT
    elif kind is Kind.ABSENT and (required := _REQUIRED.match(theirs)):
        attribute = required[1]
    return Fault(element, kind, attribute, theirs)


def _element_at(root: _Element, path: str) -> _Element:
    """The element of a path as libxml2 writes it: ``/*/*[2]/a:country``, where ``*`` has no prefix and counts all."""
    element = root
    for prefix, name, number in _STEP.findall(path)[1:]:
        alike = (
            child
            for child in element.iterchildren("*")
            if name == "*" or ((child.prefix or "") == prefix and child.tag.rpartition("}")[2] == name)
        )
        element = next(islice(alike, int(number or 1) - 1, None), element)
    return element


# -------------------------------------------------------------------------------------------------------- xmlschema


def _declaration(schema: Schema, root: _Element, element: _Element) -> Any:
    """The declaration of an element, found by names from the root down; None for what the schema does not declare."""
    parent = None if element is root else element.getparent()
    above = None if parent is None else _declaration(schema, root, parent)
    inside = above.type.content.iter_elements() if above is not None and above.type.has_complex_content() else ()
    found = next((item for item in inside if item.name == element.tag), None)
    if found is None:
        return schema.library.maps.elements.get(element.tag)
    return found if found.ref is None else found.ref


def _xmlschema(schema: Schema, root: _Element) -> Iterator[Fault]:
    import xmlschema

    errors: Iterator[Any] = schema.library.iter_errors(root)
    while True:
        try:
            error = next(errors, None)
        except (xmlschema.XMLSchemaException, ArithmeticError, LookupError, RecursionError, ValueError):
            return  # it gives up on some documents, such as those that name an unknown type; libxml2 has judged already
        if error is None:
            return
        yield from _fault(error)


def _fault(error: Any) -> Iterator[Fault]:
    import xmlschema

    element: _Element | None = error.elem
    if element is None:
        return
    if isinstance(error, xmlschema.XMLSchemaChildrenValidationError):
        child: _Element | None = error.invalid_child  # type: ignore[assignment]  # it is what it was given
        yield Fault(element, Kind.ENDED) if child is None else Fault(child, Kind.CONTENT)
        return
    reason = error.reason or ""
    for pattern, kind in _REASONS:
        found = pattern.match(reason) or pattern.search(reason)
        if found:
            yield Fault(element, kind, found[1] or None, reason)
            return
    if isinstance(error.obj, str) or isinstance(error, xmlschema.XMLSchemaDecodeError):
        yield Fault(element, Kind.VALUE, None, reason)
