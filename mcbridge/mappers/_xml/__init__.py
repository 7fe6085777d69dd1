"""XML for all formats that are written in it: safe parsing, readable places, validation by the schemas in ``xsd/``."""

from mcbridge.mappers._xml.places import columns, xpath, xpaths
from mcbridge.mappers._xml.safety import DEFAULT, XmlLimits, parse
from mcbridge.mappers._xml.validation import HINT, TEMPLATE, Schema, catalogue, schema

__all__ = [
    "DEFAULT",
    "HINT",
    "TEMPLATE",
    "Schema",
    "XmlLimits",
    "catalogue",
    "columns",
    "parse",
    "schema",
    "xpath",
    "xpaths",
]
