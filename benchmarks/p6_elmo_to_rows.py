"""P6: ELMO to a CSV of nine columns, against lxml and a compiled XSLT, which report nothing.

CSV is not written by ``mcbridge``, so the nearest is measured: everything is read into a record, and a function of this
benchmark writes the same nine columns of it with the csv module. Both must give the same text.
"""

from __future__ import annotations

import csv
from io import StringIO
from time import process_time

from lxml import etree
from measure import Goal, Way, compare, elmo_document, in_turn

from mcbridge.mappers.elmo import ElmoMapper
from mcbridge.model import Credential
from mcbridge.origins import Luggage, Source
from mcbridge.tables import Tables

GOAL = Goal("P6", "ELMO → CSV of nine columns", most=2.0, stretch=1.6, base="lxml + XSLT")

SPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
INSTANCE = "e:specifies/e:learningOpportunityInstance"
COLUMNS = (
    "e:identifier[1]",
    "e:title[1]",
    "e:type",
    "e:iscedCode",
    f"{INSTANCE}/e:date",
    f"{INSTANCE}/e:status",
    f"{INSTANCE}/e:resultLabel",
    f"{INSTANCE}/e:credit[1]/e:value",
    f"{INSTANCE}/e:level[1]/e:value",
)
_QUOTED = """<xsl:choose><xsl:when test="contains({0}, ',')">"<xsl:value-of select="{0}"/>"</xsl:when>
<xsl:otherwise><xsl:value-of select="{0}"/></xsl:otherwise></xsl:choose>"""
SHEET = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:e="{SPACE}">
<xsl:output method="text"/><xsl:strip-space elements="*"/>
<xsl:template match="/"><xsl:for-each select="//e:learningOpportunitySpecification">{
    "<xsl:text>,</xsl:text>".join(_QUOTED.format(column) for column in COLUMNS)
}<xsl:text>&#10;</xsl:text></xsl:for-each></xsl:template></xsl:stylesheet>"""


def rows(record: Credential) -> str:
    """The nine columns of a record whose achievements have no parts."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for one in record.achievements:
        offer = one.specification
        assert offer is not None
        assert one.period is not None
        assert one.status is not None
        writer.writerow(
            (
                offer.identifiers[0].value,
                offer.title[0].value,
                offer.kinds[0].code,
                offer.fields[0].code,
                one.period.end,
                one.status.value,
                one.assessments[0].grade[0].value,
                one.credits[0].points,
                offer.levels[0].value,
            )
        )
    return text.getvalue()


def main() -> None:
    """Measure the goal, and what of it the schema costs."""
    documents = [elmo_document(seed=seed) for seed in range(8)]
    transformed, next_, blind = (in_turn(documents) for _ in range(3))
    sheet = etree.XSLT(etree.fromstring(SHEET.encode()))
    mappers = {choice: ElmoMapper(Tables(), {"validate": choice}) for choice in ("yes", "no")}

    def theirs(data: bytes) -> str:
        return str(sheet(etree.fromstring(data)))

    def ours(data: bytes, validate: str) -> str:
        luggage = Luggage()
        return "".join(
            rows(read.record)
            for read in mappers[validate].read(Source("elmo.xml", data), luggage)
            if isinstance(read.record, Credential)
        )

    assert ours(documents[0], "yes") == ours(documents[0], "no") == theirs(documents[0])
    ways = [
        Way("lxml + XSLT", lambda: theirs(transformed()), "nine columns of text, all else dropped in silence"),
        Way("mcbridge", lambda: ours(blind(), "no"), "records with typed values, losses; nine columns of them"),
        Way("mcbridge, XSD", lambda: ours(next_(), "yes"), "and validated by the schema"),
    ]
    compare(GOAL, ways, size=len(documents[0]), clock=process_time)


if __name__ == "__main__":
    main()
