"""What corresponds to what between ELMO and the model: one row an element, in the order of the schemas.

The reader and the writer are both compiled from these rows, which are those of all versions. A row says which slot
of a frame (one dictionary of fields for each struct that an element fills) and
which field the element goes to; its codec says how the element is read and
written. What ELMO has no element for falls out of the rows: a field of a struct
that no row carries is a loss by itself.
"""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.elmo import codecs as c
from mcbridge.mappers.elmo.codecs import Codec, Row, Shape
from mcbridge.mappers.elmo.values import ADDRESS_NAMESPACE, LANG, STRING, TOKEN
from mcbridge.mappers.elmo.versions import since_second
from mcbridge.mappers.elmo.words import LEVEL_WORDS, framework_of
from mcbridge.model import (
    Address,
    Attachment,
    Credit,
    DiplomaSupplement,
    DistributionOfResults,
    GradingScheme,
    Group,
    GroupType,
    Level,
    Section,
    ShortenedGrading,
    Term,
)


def _address(tag: str, to: str, codec: Codec, *, many: bool = False) -> Row:
    return Row(tag, to, codec, many=many, namespace=ADDRESS_NAMESPACE)


PARTS_BEFORE: Final = (
    "recipientName",
    "buildingNumber",
    "buildingName",
    "streetName",
    "unit",
    "floor",
    "postOfficeBox",
    "deliveryPointCode",
)

ADDRESS = Shape(
    Address,
    (
        _address("recipientName", "parts", c.part("recipientName"), many=True),
        _address("addressLine", "lines", c.TOKEN, many=True),
        *(_address(name, "parts", c.part(name), many=True) for name in PARTS_BEFORE[1:]),
        _address("postalCode", "postal_code", c.TOKEN),
        _address("locality", "locality", c.TOKEN),
        _address("region", "region", c.TOKEN),
        _address("country", "country", c.TOKEN),
    ),
)

TERM = Shape(
    Term,
    (Row("title", "title", c.TOKENS, many=True), Row("start", "start", c.DATE), Row("end", "end", c.DATE)),
    demands=("title", "start", "end"),
)
SHORTENED = Shape(
    ShortenedGrading,
    (
        Row("percentageLower", "lower", c.DECIMAL),
        Row("percentageEqual", "equal", c.DECIMAL),
        Row("percentageHigher", "higher", c.DECIMAL),
    ),
    demands=("lower", "equal", "higher"),
)
DISTRIBUTION = Shape(
    DistributionOfResults,
    (Row("category", "categories", c.CATEGORY, many=True), Row("description", "description", c.LTEXTS, many=True)),
    demands=("categories",),
)
CREDIT = Shape(
    Credit, (Row("scheme", "scheme", c.TOKEN), Row("level", "level", c.CREDIT_LEVEL), Row("value", "points", c.DECIMAL))
)


def _level(fields: dict[str, Any]) -> None:
    """The type's word stays only where it says more than the framework."""
    word = fields.get("scheme")
    fields["framework"] = framework = framework_of(word or "")
    if word is not None and LEVEL_WORDS.get(framework) == word:
        del fields["scheme"]


LEVEL = Shape(
    Level,
    (
        Row("type", "scheme", c.TOKEN),
        Row("description", "description", c.LTEXTS, alone=True),
        Row("value", "value", c.TOKEN),
    ),
    done=_level,
    also=(("framework", "scheme"),),
    demands=("scheme",),
)
ATTACHMENT = Shape(
    Attachment,
    (
        Row("identifier", "identifiers", c.IDENTIFIER, many=True),
        Row("title", "title", c.TOKENS, many=True),
        Row("type", "kind", c.ATTACHMENT_TYPE),
        Row("description", "description", c.LTEXTS, many=True),
        Row("content", "contents", c.CONTENT, many=True),
    ),
)
GRADING_SCHEME = Shape(
    GradingScheme, (Row("description", "description", c.LTEXTS, many=True),), attributes=(("localId", "id", TOKEN),)
)
GROUP = Shape(
    Group,
    (Row("title", "title", c.TOKENS, many=True),),
    attributes=(("id", "id", STRING), ("sortingKey", "sorting_key", STRING)),
    demands=("title",),
)
GROUP_TYPE = Shape(
    GroupType,
    (Row("title", "title", c.TOKENS, many=True), Row("group", "groups", GROUP, many=True)),
    attributes=(("id", "id", STRING),),
    demands=("title",),
)

SECTION = Shape(
    Section,
    (
        Row("title", "title", c.TOKEN),
        Row("content", "content", c.SECTION_CONTENT),
        Row("additionalInformation", "additional", c.STRING, many=True),
        Row("attachment", "attachments", ATTACHMENT, many=True),
        Row("section", "sections", None, many=True),
    ),
    attributes=(("number", "number", TOKEN),),
    demands=("title",),
)
SUPPLEMENT = Shape(
    DiplomaSupplement,
    (
        Row("version", "version", c.TOKEN),
        Row("issueDate", "issue_date", c.DATE),
        Row("introduction", "introduction", c.INTRODUCTION),
        Row("section", "sections", SECTION, many=True),
    ),
    attributes=((LANG, "lang", STRING),),
    demands=("version", "issue_date", "introduction", "sections"),
)

# slots of the frame that a learning opportunity specification fills
ACHIEVEMENT, SPECIFICATION, ASSESSMENT, ACTIVITY, PERIOD = range(5)
PREFIXES: Final = ("", "specification.", "assessments[0].", "activities[0].", "period.")

LOI: Final = (
    Row("identifier", "identifiers", c.IDENTIFIER, many=True),
    Row("start", "start", c.DATE, PERIOD),
    Row("date", "end", c.DATE, PERIOD),
    Row("academicTerm", "term", TERM),
    Row("status", "status", c.STATUS),
    Row("gradingSchemeLocalId", "grading_scheme", c.TOKEN, ASSESSMENT),
    Row("gradingSchemeExternalId", "external_grading_scheme", since_second(c.TOKEN), ASSESSMENT),
    Row("resultLabel", "grade", c.PLAIN, ASSESSMENT, alone=True),
    Row("shortenedGrading", "shortened", SHORTENED, ASSESSMENT),
    Row("resultDistribution", "distribution", DISTRIBUTION, ASSESSMENT),
    Row("credit", "credits", CREDIT, many=True),
    Row("level", "levels", LEVEL, SPECIFICATION, many=True),
    Row("languageOfInstruction", "languages", c.TOKEN, SPECIFICATION, alone=True),
    Row("engagementHours", "contact_hours", c.DECIMAL_TEXT, ACTIVITY),
    Row("grouping", "group_ref", c.GROUPING),
    Row("diplomaSupplement", "diploma_supplement", SUPPLEMENT),
)
LOS: Final = (
    Row("identifier", "identifiers", c.IDENTIFIER, SPECIFICATION, many=True),
    Row("title", "title", c.TOKENS, SPECIFICATION, many=True),
    Row("type", "kinds", c.LOS_TYPE, SPECIFICATION, alone=True),
    Row("subjectArea", "fields", c.SUBJECT_AREA, SPECIFICATION, alone=True),
    Row("iscedCode", "fields", c.ISCED, SPECIFICATION, alone=True),
    Row("url", "homepages", c.URL, SPECIFICATION, alone=True),
    Row("description", "description", c.LTEXTS, SPECIFICATION, many=True),
    Row("descriptionHtml", "description_html", c.LTEXTS, SPECIFICATION, many=True),
)
LEARNER: Final = (
    Row("citizenship", "citizenships", c.COUNTRY_CODE, alone=True),
    Row("identifier", "identifiers", c.IDENTIFIER, many=True),
    Row("givenNames", "given_names", c.PLAIN, alone=True),
    Row("familyName", "family_name", c.PLAIN, alone=True),
    Row("alternativeName", "alternative_names", since_second(c.LTEXTS), alone=True),
    Row("bday", "birth_date", c.DATE),
    Row("dateOfBirth", "birth_date", c.DATE),
    Row("placeOfBirth", "place_of_birth", c.BORN),
    Row("birthName", "birth_name", c.PLAIN, alone=True),
    Row("gender", "gender", c.GENDER),
)
ISSUER: Final = (
    Row("country", "places", c.COUNTRY, alone=True),
    Row("identifier", "identifiers", c.IDENTIFIER, many=True),
    Row("title", "names", c.TOKENS, many=True),
    Row("url", "homepages", c.URL, alone=True),
)
REPORT: Final = (
    Row("issueDate", "issued", c.DATETIME),
    Row("gradingScheme", "grading_schemes", GRADING_SCHEME, many=True),
    Row("attachment", "attachments", ATTACHMENT, many=True),
)
ROOT: Final = (
    Row("generatedDate", "generated", c.DATETIME),
    Row("attachment", "attachments", ATTACHMENT, many=True),
)
