"""What older Europass XML is: its version, its schema, and whether it is a credential or a presentation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml.frames import XSI, attribute
from mcbridge.mappers.edc_xml.wrapping import PRESENTATION, Enclosed
from mcbridge.origins import Source

_SCHEMA: Final = re.compile(r"([\w.-]+?)(?:_([\d.]+))?\.xsd")
_PRESENTED: Final = {"c_e01977e3": "notarised", "c_825cddc0": "mandated", "c_409018f7": "shared"}


def facts(source: Source, credential: _Element) -> Mapping[str, Any]:
    """Facts by name: the version is that of the schema where the document names one, else what it says of itself."""
    root = credential.getroottree().getroot()
    schema = next((named for each in (credential, root) if (named := _schema(each))), None)
    said = attribute(credential, "xsdVersion")
    version = schema[1] if schema is not None and schema[1] else said
    told: dict[str, Any] = {"form": source.wrapper if isinstance(source, Enclosed) else "credential"}
    if version is not None:
        told["version"] = version
    if schema is not None:
        told["schema"] = schema[0]
    if isinstance(source, Enclosed) and source.wrapper == PRESENTATION:
        words = "".join(each.content for each in source.said if each.path == "type[1]")
        told["presentation"] = next((word for code, word in _PRESENTED.items() if code in words), "other")
    return told


def _schema(element: _Element) -> tuple[str, str | None] | None:
    """The name and the version of the last schema that a document names."""
    found = _SCHEMA.findall(element.get(f"{XSI}schemaLocation") or element.get(f"{XSI}noNamespaceSchemaLocation") or "")
    return (found[-1][0], found[-1][1] or None) if found else None
