"""All kinds of elements that have rows, for pages and tests that go through them."""

from __future__ import annotations

from typing import Final

from mcbridge.mappers.edc_xml import claims, credential, learning, organisations, pieces, places, specifications
from mcbridge.mappers.edc_xml.rows import Shape

SHAPES: Final[tuple[Shape, ...]] = (
    credential.CREDENTIAL,
    credential.LEARNER,
    claims.ACHIEVEMENT,
    claims.ACTIVITY,
    claims.ASSESSMENT,
    claims.ENTITLEMENT,
    claims.AWARD,
    claims.OPPORTUNITY,
    claims.DISTRIBUTION,
    claims.CATEGORY,
    claims.SHORTENED,
    *specifications.SHAPES,
    learning.OUTCOME,
    learning.GRADING_SCHEME,
    organisations.ORGANISATION,
    organisations.ACCREDITATION,
    places.PLACE,
    places.ADDRESS,
    places.CONTACT,
    pieces.MEDIA,
    pieces.LINK,
)
