"""The concrete offer that a learner took part in, and when it took place."""

from __future__ import annotations

from typing import Final

from mcbridge.mappers.edc.organisations import organisation
from mcbridge.mappers.edc.pieces import html_note, identifier, link
from mcbridge.mappers.edc.places import place
from mcbridge.mappers.edc.rows import DAY, Frame, Table, elsewhere, first, many, one, own
from mcbridge.mappers.edc.rules import TITLE_ASSUMED
from mcbridge.mappers.edc.texts import TITLE, heading_of
from mcbridge.mappers.edc.writing import Node, texts_of
from mcbridge.model import Opportunity, Period, Term

PERIOD: Final = Table(
    Period,
    one("title", "prefLabel", TITLE),
    one("start", "startDate", DAY),
    one("end", "endDate", DAY),
)
TERM: Final = Table(
    Term,
    one("title", "prefLabel", TITLE),
    one("start", "startDate", DAY),
    one("end", "endDate", DAY),
)


def temporal(frame: Frame, value: Period | Term, path: str) -> Node | None:
    """A period of time; an academic term is one with its name as the label."""
    run = frame.run
    table = PERIOD if isinstance(value, Period) else TERM
    said = table.fill(Frame(run, value, path, {}))
    if not said:
        if value.title or not value.residue:
            run.lose(path, "loss/empty", "a period that says nothing is not written", value)
        return None
    return run.node("period", "PeriodOfTime", path=path, value=value) | said


OPPORTUNITY: Final = Table(
    Opportunity,
    elsewhere("id", "id"),
    one("title", "title", TITLE),
    one("description", "description", TITLE),
    own("description_html", ("additionalNote",), html_note),
    elsewhere("providers", "providedBy"),
    first("periods", "temporal", temporal),
    many("places", "location", place),
    many("identifiers", "identifier", identifier),
    many("homepages", "homepage", link),
)


def opportunity(frame: Frame, value: Opportunity, path: str) -> Node | None:
    """A learning opportunity. Without a provider that can be written it is lost; its title may be that of the claim."""
    return frame.run.once(value, path, lambda: _opportunity(frame, value, path), texts_of(frame.node["title"]))


def _opportunity(frame: Frame, value: Opportunity, path: str) -> Node | None:
    run = frame.run
    providers = [
        node
        for index, ref in enumerate(value.providers)
        if (node := organisation(frame, ref, f"{path}.providers[{index}]")) is not None
    ]
    if not providers:
        run.leave_out(path, value, "a learning opportunity", "provider")
        return None
    node = run.node("learningOpportunity", "LearningOpportunity", value.id, path) | {"providedBy": providers}
    heading = heading_of(run, value.title)
    if heading is None:
        node["title"] = frame.node["title"]
        source = "that of the claim it belongs to"
        run.find(TITLE_ASSUMED, path, texts_of(node["title"]), part="learning opportunity", source=source)
    return OPPORTUNITY.fill(Frame(run, value, path, node))
