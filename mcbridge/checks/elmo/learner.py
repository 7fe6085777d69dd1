"""The document and its learner: zones, one person, what matching needs, and nothing sent empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mcbridge.checks import identity
from mcbridge.checks.elmo.clauses import clause, shared
from mcbridge.checks.elmo.view import FORMAT, Finding, View
from mcbridge.diagnostics import Severity
from mcbridge.model import Learner

ZONE: Final = clause(
    "S01",
    "elmo/date-without-zone",
    Severity.WARNING,
    "A moment without its time zone",
    "the moment {value} does not say in which time zone",
    "ask whoever runs the export to add the zone: 2025-07-15T09:30:00+02:00, or Z for universal time",
    "the same clock shows up to a day's difference around the world",
    "<generatedDate>2025-07-15T09:30:00</generatedDate>",
)
SEVERAL: Final = clause(
    "S02",
    "elmo/several-learners",
    Severity.ERROR,
    "A document about more than one person",
    "the document has a second learner, or one inside a report; only the first one of the document was read",
    "ask the sender for a document for each person",
    "one document describes exactly one person, and all its reports belong to that person",
    "<elmo> with two <learner>",
    vital=True,
)
shared("S03", identity.NAME_MISSING)
shared("S03", identity.NAME_IN_PARTS)
shared("S03", identity.UNTRACEABLE)
BIRTH_DATE: Final = clause(
    "S03",
    "elmo/birth-date-missing",
    Severity.WARNING,
    "A learner without a date of birth",
    "the learner has no date of birth",
    "add bday in the export; receivers compare it before they take a transcript for that of their student",
    "a receiver matches the person by both names and the date of birth, and trusts less in names alone",
    "<learner> without <bday>",
)
SENT_EMPTY: Final = clause(
    "S04",
    "elmo/unknown-sent-empty",
    Severity.ERROR,
    "An unknown fact about the learner is sent empty",
    "{what} of the learner is there, but empty",
    "ask whoever runs the export to leave the element out when the value is not known",
    "facts about the learner that are not known are left out; an empty value says something else",
    "<birthName></birthName>",
)
shared("S05", identity.REPEATED)
shared("S05", identity.EMPTY)
TYPE_UNKNOWN: Final = clause(
    "S05",
    "elmo/identifier-type-unknown",
    Severity.NOTE,
    "A type of identifier that ELMO does not name",
    'the learner has an identifier of the type "{value}", which ELMO does not name',
    "write nationalIdentifier or esi where one of these is meant; other types are agreed between sender and receiver",
    "types are free, but a receiver knows nationalIdentifier and esi; a misspelt one is overlooked",
    '<identifier type="studentindentifier">…</identifier>',
)
ESI: Final = clause(
    "S05",
    "elmo/esi-malformed",
    Severity.WARNING,
    "A European Student Identifier that is none",
    '"{value}" is given as esi, but does not begin with urn:schac:personalUniqueCode:int:esi:',
    "take the whole identifier from the student system: urn:schac:personalUniqueCode:int:esi:example.edu:12345",
    "an ESI is a URN of SCHAC with the code of the institution or the country in it",
    '<identifier type="esi">12345</identifier>',
)

_TYPES = frozenset(("nationalIdentifier", "esi"))
_ESI = re.compile(r"urn:schac:personalUniqueCode:int:esi:[^\s:]+:\S+", re.IGNORECASE)
_EMPTY = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[^<>]*?(?:/>|>\s*</[^<>]+>)", re.ASCII)
_OPTIONAL = frozenset(("bday", "citizenship", "placeOfBirth", "birthName", "gender"))


def document(view: View) -> Iterator[Finding]:
    """Zones, and the learners there are."""
    credential, about = view.credential, view.credential.document
    if about is not None and about.generated is not None and about.generated.tzinfo is None:
        yield ZONE, "document.generated", about.generated.isoformat(), {}
    if credential.issued is not None and credential.issued.tzinfo is None:
        yield ZONE, "issued", credential.issued.isoformat(), {}
    for path, kept in (("document", about.residue if about else ()), ("", credential.residue)):
        for at, each in enumerate(kept):
            if each.format == FORMAT and each.path.startswith("learner["):
                yield SEVERAL, f"{path}.residue[{at}]".lstrip("."), None, {}


def learner(view: View) -> Iterator[Finding]:
    """The person."""
    who = view.credential.learner
    unread = dict(_residue(who))
    if who.birth_date is None and "bday" not in unread:
        yield BIRTH_DATE, "learner", None, {}
    for path, what in _empty(who, unread):
        yield SENT_EMPTY, path, None, {"what": what}
    for at, each in enumerate(who.identifiers):
        path, type_ = f"learner.identifiers[{at}]", (each.type or "").strip()
        if type_ not in _TYPES and each.type is not None:
            yield TYPE_UNKNOWN, f"{path}.type", each.type, {}
        if type_.casefold() == "esi" and each.value.strip() and not _ESI.fullmatch(each.value.strip()):
            yield ESI, path, each.value, {}


def _residue(who: Learner) -> Iterator[tuple[str, str]]:
    """What of the learner could not be read, by the name of its element: where it is kept."""
    for at, kept in enumerate(who.residue):
        if kept.format == FORMAT:
            yield kept.path.partition("[")[0], f"learner.residue[{at}]"


def _empty(who: Learner, unread: dict[str, str]) -> Iterator[tuple[str, str]]:
    for at, country in enumerate(who.citizenships):
        if not country.strip():
            yield f"learner.citizenships[{at}]", "the citizenship"
    for name, path in unread.items():
        index = int(path.rpartition("[")[2][:-1])
        if name in _OPTIONAL and _EMPTY.fullmatch(who.residue[index].content.strip()):
            yield path, f"<{name}>"
    born = who.place_of_birth
    if born is not None and born.names and not any(text.value.strip() for text in born.names):
        yield "learner.placeOfBirth", "the place of birth"
    if who.birth_name and not any(text.value.strip() for text in who.birth_name):
        yield "learner.birthName", "the birth name"
    if who.gender is not None and not who.gender.strip():
        yield "learner.gender", "the gender"
