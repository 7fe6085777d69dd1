"""Whether a credential is built as ELM 3.2 demands, without RDF.

``table.py`` holds the facts of the published shapes and contexts, ``graph.py`` reads a credential as JSON-LD does, and
``examination.py`` holds one against the other. ``acceptance.py`` is the short way for what is in order.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, Final

from mcbridge.mappers.edc.structure.acceptance import Acceptance
from mcbridge.mappers.edc.structure.examination import Examination, Finding, List
from mcbridge.mappers.edc.structure.graph import Around
from mcbridge.mappers.edc.structure.table import SEALED, UPLOADABLE, demands, table
from mcbridge.tables import Tables

MODES: Final = (SEALED, UPLOADABLE)


class Structure:
    """The check, with the code lists of these tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._lists: dict[str, List | None] = {}
        self._acceptances: dict[tuple[str, frozenset[str]], Acceptance] = {}

    def findings(
        self,
        credential: dict[str, Any],
        mode: str,
        lead: str = "",
        nodes: list[Any] | None = None,
        around: Around | None = None,
    ) -> list[Finding]:
        """What is wrong with a credential that is ``sealed`` or ``uploadable``; places begin with ``lead``.

        ``nodes`` are the objects of flattened JSON-LD, of which it is one; ``around`` knows objects beside it.
        """
        named = profiles(credential)
        if nodes is None and self.accepts(credential, mode, named):
            return []
        return self.examined(credential if nodes is None else nodes, mode, named, lead, around)

    def examined(
        self,
        root: dict[str, Any] | list[Any],
        mode: str,
        named: frozenset[str],
        lead: str = "",
        around: Around | None = None,
    ) -> list[Finding]:
        """The same the long way, which says what is wrong; ``named`` are the schemas of its profiles."""
        return Examination(demands(mode, named), self._list).of(root, lead, around)

    def accepts(self, credential: dict[str, Any], mode: str, named: frozenset[str]) -> bool:
        """Whether a credential is in order beyond doubt, told the short way."""
        known = self._acceptances.get((mode, named))
        if known is None:
            known = self._acceptances[mode, named] = Acceptance(demands(mode, named), self._codes)
        return known.accepts(credential)

    def _codes(self, scheme: str) -> Container[str] | None:
        found = self._list(scheme)
        return None if found is None else found.codes

    def _list(self, scheme: str) -> List | None:
        if scheme not in self._lists:
            self._lists[scheme] = self._made(scheme)
        return self._lists[scheme]

    def _made(self, scheme: str) -> List | None:
        """A list is called as in its IRI: ``…/snb/eqf/25831c2``, ``…/authority/country``."""
        steps = scheme.split("/")
        name = steps[-2] if steps[-1] == "25831c2" else steps[-1]
        if name not in self._tables.names("vocabularies"):
            return None
        found = self._tables.vocabulary(name)
        return List(frozenset(each.iri for each in found), found.strict) if found.scheme == scheme else None


def profiles(credential: Mapping[str, Any]) -> frozenset[str]:
    """The schemas of the profiles that a credential names, by credentialProfiles or by credentialSchema."""
    named = {*_ids(credential.get("credentialSchema")), *_ids(credential.get("credentialProfiles"))}
    return frozenset(known for each in named if (known := SCHEMAS.get(each, each)) in table().profiles)


SCHEMAS: Final = {
    "http://data.europa.eu/snb/credential/6cf8e68c43": "http://data.europa.eu/snb/model/ap/edc-accredited",
    "http://data.europa.eu/snb/credential/c_7e400154": "http://data.europa.eu/snb/model/ap/edc-converted",
    "http://data.europa.eu/snb/credential/c_9a31f32a": "http://data.europa.eu/snb/model/ap/edc-issued-by-mandate",
    "http://data.europa.eu/snb/credential/6dff8a0f87": "http://data.europa.eu/snb/model/ap/edc-diploma-supplement",
}
"""The shapes that go with each profile of the list ``credential``; the generic one adds nothing."""


def _ids(value: Any) -> list[str]:
    items = value if type(value) is list else [value]
    found = [each.get("id", each.get("@id")) if type(each) is dict else each for each in items]
    return [each for each in found if type(each) is str]


__all__ = ["MODES", "SEALED", "UPLOADABLE", "Finding", "Structure", "profiles"]
