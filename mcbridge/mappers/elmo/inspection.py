"""Which versions of ELMO a document can be: they share a namespace, so only the elements that are used tell."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from mcbridge.mappers.elmo.values import NAMESPACE

_INSTANCE: Final = "learningOpportunityInstance"
SINCE: Final = {
    "1.2": ("descriptionHtml", "gradingScheme", "gradingSchemeLocalId", "status", f"{_INSTANCE}/level"),
    "1.3": ("attachments", "grouping", "groups"),
    "1.4": ("diplomaSupplement",),
    "1.5": ("birthName", "currentAddress", "gender", "placeOfBirth"),
}
"""The elements that each version brought; the level of credits is older than that of what was learnt."""
SECOND: Final = ("alternativeName", "dateOfBirth", "gradingSchemeExternalId", "resultOfRecognition")
"""The elements of ELMO 2, which kept the namespace."""


def version_of(root: _Element) -> str:
    """The versions that have all elements of a document."""
    used = {element.tag.rpartition("}")[2] for element in root.iter(f"{{{NAMESPACE}}}*")}
    if root.find(f".//{{{NAMESPACE}}}{_INSTANCE}/{{{NAMESPACE}}}level") is not None:
        used.add(f"{_INSTANCE}/level")
    if not used.isdisjoint(SECOND):
        return "2.x"
    oldest = max((version for version, names in SINCE.items() if not used.isdisjoint(names)), default="1.0")
    return f"{oldest} to 1.7"
