"""Which versions of ELMO a document can be: they share a namespace, so only what is used in it tells."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from lxml import etree
from lxml.etree import _Element

from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.mappers.elmo.verdict import newer
from mcbridge.mappers.elmo.versions import FIRST, second

_OPPORTUNITY: Final = ".//e:learningOpportunitySpecification"
_INSTANCE: Final = ".//e:learningOpportunityInstance"
_ATTACHMENT: Final = ".//e:attachment"


def _typed(*words: str) -> str:
    wanted = " or ".join(f"normalize-space()='{word}'" for word in words)
    return f"{_ATTACHMENT}/e:type[{wanted}]"


SINCE: Final = {
    "1.7": (".//e:groupType/e:title[2]", ".//e:group/e:title[2]"),
    "1.6": (_typed("Diploma", "Micro Credential"),),
    "1.5": (".//e:placeOfBirth", ".//e:birthName", ".//e:currentAddress", ".//e:gender"),
    "1.4": (".//e:diplomaSupplement",),
    "1.3": (".//e:groups", ".//e:grouping", f"{_INSTANCE}/e:attachments", f"{_ATTACHMENT}/e:identifier"),
    "1.2": (
        *(f"{_INSTANCE}/e:{name}" for name in ("identifier", "status", "level")),
        ".//e:gradingSchemeLocalId",
        f"{_INSTANCE}/e:resultDistribution/e:description[2]",
        ".//e:descriptionHtml",
        ".//e:gradingScheme",
        f"{_ATTACHMENT}/e:description[2]",
        f"{_ATTACHMENT}[count(e:content)!=1]",
        _typed("Other"),
    ),
    "1.1": (f"{_OPPORTUNITY}/e:description[2]", _typed("EMREX transcript"), ".//e:extension/*"),
}
"""What each version brought, newest first: elements, words of its lists, and things that may stand more often.

That the signature was mandatory up to 1.4 tells nothing: it is the first thing that software takes off.
"""

_ONLY_FIRST: Final = (".//e:bday", ".//e:credit/e:level")


def version_of(root: _Element) -> str:
    """The versions that have all elements of a document."""
    return version_by(features(root))


def version_by(found: AbstractSet[str]) -> str:
    """The same, of the features of all its parts."""
    if "second" not in found:
        oldest = next((version for version in SINCE if version in found), "1.0")
        return oldest if oldest == FIRST else f"{oldest} to {FIRST}"
    later = "2.1" if "newer" in found else "2.0 to 2.1"
    return f"{later}, with elements of 1.x" if "first" in found else later


def features(root: _Element) -> set[str]:
    """What tells versions from each other in a tree: the versions that brought something in it, and the like."""
    found = {version for version, paths in SINCE.items() if _has(root, paths)}
    if second(root):
        found.add("second")
    if next(newer(root), None) is not None:
        found.add("newer")
    if _has(root, _ONLY_FIRST):
        found.add("first")
    return found


def _has(root: _Element, paths: tuple[str, ...]) -> bool:
    return bool(etree.XPath(f"boolean({' | '.join(paths)})", namespaces={"e": NAMESPACE})(root))
