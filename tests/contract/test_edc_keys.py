"""Every property that the writer of European Digital Credentials writes is read somewhere of the same class."""

from __future__ import annotations

from mcbridge.mappers.edc import (
    achievements,
    claims,
    envelope,
    learner,
    opportunities,
    organisations,
    outcomes,
    pieces,
    places,
    specifications,
    write,
)
from mcbridge.mappers.edc.reading import claims as read_claims
from mcbridge.mappers.edc.reading import credential, learning
from mcbridge.mappers.edc.reading import organisations as read_organisations
from mcbridge.mappers.edc.reading import pieces as read_pieces
from mcbridge.mappers.edc.reading import places as read_places
from mcbridge.mappers.edc.reading import specifications as read_specifications
from mcbridge.mappers.edc.reading.rows import Shape
from mcbridge.mappers.edc.rows import Table

PAIRS: tuple[tuple[str, Table, tuple[Shape, ...]], ...] = (
    ("credential", write.CREDENTIAL, (credential.CREDENTIAL, credential.PARAMETERS, credential.LEARNER)),
    ("learner", learner.LEARNER, (credential.LEARNER,)),
    ("achievement", achievements.ACHIEVEMENT, (read_claims.ACHIEVEMENT,)),
    ("activity", claims.ACTIVITY, (read_claims.ACTIVITY,)),
    ("assessment", claims.ASSESSMENT, (read_claims.ASSESSMENT,)),
    ("entitlement", claims.ENTITLEMENT, (read_claims.ENTITLEMENT,)),
    ("award", claims.AWARD, (read_claims.AWARD,)),
    ("distribution", claims.DISTRIBUTION, (read_claims.DISTRIBUTION,)),
    ("category", claims.CATEGORY, (read_claims.CATEGORY,)),
    ("shortened grading", claims.SHORTENED, (read_claims.SHORTENED,)),
    ("opportunity", opportunities.OPPORTUNITY, (read_claims.OPPORTUNITY,)),
    ("period", opportunities.PERIOD, (read_claims.PERIOD,)),
    ("term", opportunities.TERM, (read_claims.TERM,)),
    ("what is achieved", specifications.ACHIEVEMENT_SPEC, (read_specifications.ACHIEVEMENT_SPEC,)),
    ("what is done", specifications.ACTIVITY_SPEC, (read_specifications.ACTIVITY_SPEC,)),
    ("what is assessed", specifications.ASSESSMENT_SPEC, (read_specifications.ASSESSMENT_SPEC,)),
    ("what is entitled to", specifications.ENTITLEMENT_SPEC, (read_specifications.ENTITLEMENT_SPEC,)),
    ("credit", outcomes.CREDIT, (learning.CREDIT,)),
    ("grading scheme", outcomes.GRADING_SCHEME, (learning.GRADING_SCHEME,)),
    ("outcome", outcomes.OUTCOME, (learning.OUTCOME,)),
    ("organisation", organisations.ORGANISATION, (read_organisations.ORGANISATION,)),
    ("agent", organisations.AGENT, (read_organisations.AGENT,)),
    ("group", organisations.GROUP, (read_organisations.GROUP,)),
    ("quality assurance", organisations.ACCREDITATION, (read_organisations.ACCREDITATION,)),
    ("address", places.ADDRESS, (read_places.ADDRESS,)),
    ("place", places.PLACE, (read_places.PLACE,)),
    ("contact", places.CONTACT, (read_places.CONTACT,)),
    ("identifier", pieces.IDENTIFIER, (read_pieces.IDENTIFIER,)),
    ("attachment", pieces.ATTACHMENT, (read_pieces.ATTACHMENT,)),
    ("content", pieces.CONTENT, (read_pieces.CONTENT,)),
    ("evidence", envelope.EVIDENCE, (credential.EVIDENCE,)),
    ("page", envelope.DISPLAY, (credential.DISPLAY,)),
)
ELSEWHERE = frozenset(
    (
        "id",
        "type",
        # of the two parts that stand around the credential, or of what it refers to
        "awardingBody",
        "gradingScheme",
        "deliveryDetails",
        "content",
    )
)


def test_what_is_written_of_a_class_is_read_of_it() -> None:
    missing = {
        name: sorted(keys)
        for name, table, shapes in PAIRS
        if (
            keys := {key for row in table.rows.values() for key in row.keys}
            - frozenset[str]().union(*(shape.keys for shape in shapes))
            - ELSEWHERE
        )
    }
    assert missing == {}
