"""What there is to say about the extension of a document that was read."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from mcbridge.diagnostics import Diagnostic, XmlLocation
from mcbridge.mappers import _xml
from mcbridge.mappers.elmo import rules
from mcbridge.mappers.elmo.extension import OPENING, ours
from mcbridge.mappers.elmo.extension.table import SCHEMA
from mcbridge.mappers.elmo.read import Walk
from mcbridge.mappers.elmo.values import NAMESPACE
from mcbridge.origins import Source

_DESCRIPTION = f"{{{NAMESPACE}}}description"
_EXTENSION = f"{{{NAMESPACE}}}extension"
_LOS = f"{{{NAMESPACE}}}learningOpportunitySpecification"


def findings(walk: Walk, root: _Element, source: Source) -> Iterator[Diagnostic]:
    """Blocks that were not read, or not wholly; and echoes of blocks that are gone."""
    for rule, element, value in walk.troubles:
        if rule is rules.BLOCK:
            yield from _xml.schema(SCHEMA).explain(element, source.data, source.name, rule)
        else:
            yield Diagnostic(rule, _place(element, source), value=value)
    for element in root.iter(_DESCRIPTION):
        holder = element.getparent()
        if OPENING not in (element.text or "") or holder is None or holder.tag != _LOS:
            continue
        if not any(ours(one) for one in holder.iterchildren(_EXTENSION)):
            yield Diagnostic(rules.ECHO_ALONE, _place(element, source))


def _place(element: _Element, source: Source) -> XmlLocation:
    line: int | None = element.sourceline  # type: ignore[assignment]
    return XmlLocation(source.name, line, None, _xml.xpath(element))
