"""A document that has every path that the official schema of older Europass XML declares, each value unlike the others.

Recursion is cut where a type comes again. The values are of their types where a reader looks at those, and words that
stand nowhere else where it does not: codes are in no list, languages are none.
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import xmlschema
from lxml import etree
from lxml.etree import _Element

SNB: Final = "http://data.europa.eu/snb"
SEAL: Final = "{http://www.w3.org/2000/09/xmldsig#}"
"""The namespace of the seal, which is for whoever has the bytes."""
_AGENT: Final = "organization"
_TARGETS: Final = {
    **dict.fromkeys(
        ("issuer", "awardingBody", "directedBy", "assessedBy", "hasUnit", "unitOf", "organization"), _AGENT
    ),
    **dict.fromkeys(("accreditingAgent", "providedBy", "limitOrganization"), _AGENT),
    **dict.fromkeys(("associatedLearningOpportunity", "usedLearningOpportunity"), "learningOpportunity"),
    **dict.fromkeys(("limitQualification", "teaches", "proves", "mayResultFrom"), "qualification"),
    "hasAccreditation": "accreditation",
    "wasAwardedBy": "awardingProcess",
    "gradingScheme": "scoringScheme",
}
_SPECIFIED: Final = {
    "QualificationAwardType": "qualification",
    "ActivityType": "learningActivitySpecification",
    "AssessmentType": "assessmentSpecification",
    "EntitlementType": "entitlementSpecification",
}
"""By the type that specifiedBy stands in; an achievement has a learningSpecification."""


@cache
def schema(path: Path) -> xmlschema.XMLSchema10:
    """The schema with those that it imports, all of them files."""
    return xmlschema.XMLSchema10(str(path), allow="local")


@dataclass
class Whole:
    """The document, and the forms in which each value may show, by the path of its element or attribute."""

    root: _Element
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    references: int = 0


def whole(path: Path) -> Whole:
    """A document of every declared path."""
    declared = schema(path).elements["europassCredential"]
    made = Whole(etree.Element(f"{{{SNB}}}europassCredential"))
    _fill(made, made.root, declared.type, "europassCredential", (declared.type,))
    return made


def _fill(made: Whole, element: _Element, kind: Any, path: str, above: tuple[Any, ...]) -> None:
    """The attributes, the text and the children of an element."""
    name = element.tag.rpartition("}")[2]
    for key, attribute in kind.attributes.items() if kind.is_complex() else ():
        if key is None or attribute.use == "prohibited":
            continue
        if key in {"id", "idref"}:
            element.set(key, f"ref-{name}" if key == "id" else f"ref-{_target(name, above[-1])}")
            made.references += 1
        else:
            element.set(key, _value(made, attribute.type, f"{path}/@{key.rpartition('}')[2]}"))
    if not kind.is_complex() or kind.has_simple_content():
        element.text = _value(made, kind.content if kind.is_complex() else kind, path)
        return
    for child in kind.content.iter_elements():
        tag = getattr(child, "name", None)
        if tag is None or tag.startswith(SEAL):
            continue
        below = f"{path}/{tag.rpartition('}')[2]}"
        new = etree.SubElement(element, tag)
        if child.type in above:
            element.remove(new)
            continue
        _fill(made, new, child.type, below, (*above, child.type))


def _target(name: str, kind: Any) -> str:
    """What a reference is to; a part is one of its own kind, and all else is called as its reference is."""
    if name == "specifiedBy":
        return _SPECIFIED.get(str(kind.local_name), "learningSpecification")
    if name in {"hasPart", "specializationOf"}:
        return "learningSpecification"
    return _TARGETS.get(name, name)


def _value(made: Whole, kind: Any, path: str) -> str:
    """A value of a type, unlike all others, and the forms in which it may show."""
    number = len(made.values) + 1000
    primitive = str(getattr(kind.root_type, "local_name", ""))
    text, *forms = _typed(primitive, number)
    made.values[path] = (text, *forms)
    return text


def _typed(primitive: str, number: int) -> list[str]:
    day = dt.date(1900, 1, 1) + dt.timedelta(number)
    match primitive:
        case "date":
            return [day.isoformat()]
        case "dateTime":
            return [f"{day}T08:00:00Z", day.isoformat()]
        case "duration":
            return [f"PT{number}H", f'"{number * 3600}"']
        case "decimal":
            return [str(number)]
        case "boolean":
            return ["true"]
        case "base64Binary":
            return [base64.b64encode(f"Bytes {number}".encode()).decode(), f"Bytes {number}"]
        case _:
            return [f"Zq{number}z"]
