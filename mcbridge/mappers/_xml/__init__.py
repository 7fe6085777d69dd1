"""XML for all formats that are written in it: safe parsing, readable places, validation by the schemas in ``xsd/``."""

from mcbridge.mappers._xml.doctype import without_doctype
from mcbridge.mappers._xml.places import columns, columns_by_child, xpath, xpaths
from mcbridge.mappers._xml.refusals import NotUtf8
from mcbridge.mappers._xml.safety import parse
from mcbridge.mappers._xml.standing import Standing
from mcbridge.mappers._xml.validation import HINT, TEMPLATE, Schema, catalogue, schema

__all__ = [
    "HINT",
    "TEMPLATE",
    "NotUtf8",
    "Schema",
    "Standing",
    "catalogue",
    "columns",
    "columns_by_child",
    "parse",
    "schema",
    "without_doctype",
    "xpath",
    "xpaths",
]
