"""The credential itself: envelope, learner, display, evidence and delivery."""

from __future__ import annotations

from typing import Any, Final

from mcbridge.mappers.edc.reading.claims import claims
from mcbridge.mappers.edc.reading.coded import bare, code_of, concept
from mcbridge.mappers.edc.reading.frames import STUB, Frame, shown
from mcbridge.mappers.edc.reading.leaves import DAY, INSTANT, moment_of, string, text_of, whole
from mcbridge.mappers.edc.reading.organisations import ACCREDITATION, MEMBERSHIPS, agent
from mcbridge.mappers.edc.reading.pieces import attachment, identifier, media
from mcbridge.mappers.edc.reading.places import contact, place
from mcbridge.mappers.edc.reading.rows import (
    Shape,
    build,
    head,
    known,
    many,
    one,
    own,
    several,
    single,
    spoken,
    texts,
    within,
)
from mcbridge.mappers.edc.reading.rules import NO_CLAIM, NO_SUBJECT, OTHER_TYPE, WRONG_VALUE
from mcbridge.model import (
    Content,
    Credential,
    Delivery,
    Display,
    Evidence,
    Identifier,
    Label,
    Learner,
    Note,
    Text,
)

# --- the learner


def _national(frame: Frame) -> None:
    """A national identifier that states no country stands among the others, with its own word."""
    fields = frame.fields
    held: list[Identifier] = fields.get("identifiers", [])
    found = next((each for each in held if each.type == "nationalID" and each.scheme_name is None), None)
    if found is not None and "national_id" not in fields:
        at = held.index(found)
        fields["identifiers"] = [each for each in held if each is not found]
        frame.note("national_id", None, "identifier", at if type(frame.node["identifier"]) is list else None)
        fields["national_id"] = Identifier(
            **{name: getattr(found, name) for name in Identifier.__struct_fields__ if name != "type"}
        )


def _claims(frame: Frame, value: Any) -> None:
    assert frame.up is not None, "a learner is within a credential"  # noqa: S101
    claims(frame, value, frame.up)


LEARNER: Final = Shape(
    ("Person",),
    Learner,
    texts("fullName", "full_name"),
    texts("givenName", "given_names"),
    texts("familyName", "family_name"),
    texts("birthName", "birth_name"),
    texts("patronymicName", "patronymic_name"),
    one("dateOfBirth", "birth_date", DAY),
    one("placeOfBirth", "place_of_birth", place),
    many("citizenshipCountry", "citizenships", bare("country")),
    one("gender", "gender", bare("human-sex")),
    one("nationalID", "national_id", identifier),
    many("identifier", "identifiers", identifier),
    one("location", "address", place),
    many("contactPoint", "contacts", contact),
    *MEMBERSHIPS,
    own("hasClaim", (), _claims),
    finish=_national,
)

# --- the display


def _display(frame: Frame, value: Any) -> None:
    """The pages of the certificate, each with its language."""
    frame.note("display", None, "individualDisplay", None)
    for pos, item in several(frame, "individualDisplay", value):
        found = frame.run.node(frame, item, "individualDisplay", pos)
        if found is None:
            continue
        inner = Frame(
            frame.run, frame, found[0], frame.fields, "IndividualDisplay", "individualDisplay", pos, value=True
        )
        head(inner, "IndividualDisplay")
        said = single(inner, "language", inner.node.get("language", []))
        language = said and concept(inner, said[1], "language", said[0], "display", None)
        details = inner.node.get("displayDetail")
        if language is None or details is None:
            inner.wrong("displayDetail", None, details, "pages with a language")
            continue
        for at, detail in several(inner, "displayDetail", details):
            held = frame.fields.setdefault("display", [])
            lang = code_of(frame, language, "language", "display", len(held), ".lang")
            page = Frame(
                frame.run, inner, {}, {"lang": lang}, "DisplayDetail", "displayDetail", at, "display", len(held)
            )
            reached = frame.run.node(inner, detail, "displayDetail", at)
            if reached is None:
                continue
            page.node = reached[0]
            made = DISPLAY.made(page)
            if made is not None:
                held.append(made)
                if frame.run.trace is not None:
                    frame.run.trace.note(frame.fields, "display", len(held) - 1, page.place())
        for key, each in inner.node.items():
            if key not in {"id", "type", "language", "displayDetail"}:
                inner.stray(key, each)


DISPLAY: Final = Shape(
    ("DisplayDetail",), Display, one("page", "page", whole), one("image", "image", media), known("language")
)
PARAMETERS: Final = Shape(
    ("DisplayParameter",),
    Credential,
    texts("title", "title"),
    texts("description", "description"),
    many("language", "languages", bare("language")),
    one("primaryLanguage", "primary_language", bare("language")),
    own("individualDisplay", ("display",), _display),
    inline=True,
)

# --- evidence


def _statement(frame: Frame, value: Any) -> None:
    for pos, item in several(frame, "evidenceStatement", value):
        text = text_of(frame, item, "evidenceStatement", pos)
        if text is not None:
            held = frame.fields.setdefault("statement", [])
            held.append(Note(texts=(Text(text),)))
            frame.note("statement", len(held) - 1, "evidenceStatement", pos)


EVIDENCE: Final = Shape(
    ("Evidence",),
    Evidence,
    one("dcType", "kind", concept),
    own("evidenceStatement", ("statement",), _statement),
    one("accreditation", "accreditation", ACCREDITATION.read),
    many("embeddedEvidence", "embedded", attachment),
)

# --- delivery


def _template(frame: Frame, value: Any) -> None:
    found = single(frame, "template", value)
    text = text_of(frame, found[1], "template", found[0]) if found else None
    if text is None:
        return
    data = text.encode()
    sha = frame.run.luggage.contents.keep(data)
    frame.fields["template"] = Content(sha256=sha, size=len(data), media_type="text/html")
    frame.note("template", None, "template", None)


def _labels(frame: Frame, value: Any) -> None:
    if type(value) is not dict or not value:
        frame.wrong("labels", None, value, "labels by their keys")
        return
    inner = Frame(frame.run, frame, value, frame.fields, "labels", "labels", value=True)
    held = frame.fields.setdefault("labels", [])
    for key, said in value.items():
        found = tuple(text for text, _ in spoken(inner, key, said))
        if found:
            held.append(Label(key=key, texts=found))
            frame.note("labels", len(held) - 1, "labels", None)


_DETAILS: Final = Shape(
    ("DisplayDetails",),
    Delivery,
    own("template", ("template",), _template),
    own("labels", ("labels",), _labels),
    one("background", "background", media),
    inline=True,
)
DELIVERY: Final = Shape(
    ("DeliveryDetails",),
    Delivery,
    many("deliveryAddress", "addresses", string),
    within("displayDetails", lambda: _DETAILS, *_DETAILS.fields),
)

# --- the envelope

_VALIDATOR: Final = "ShaclValidator2017"
CONTEXT: Final = ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"]
TYPES: Final = ("VerifiableCredential", "EuropeanDigitalCredential")
SCHEMAS: Final = {
    "generic": "http://data.europa.eu/snb/model/ap/edc-generic-full",
    "accredited": "http://data.europa.eu/snb/model/ap/edc-accredited",
    "converted": "http://data.europa.eu/snb/model/ap/edc-converted",
    "mandated-issue": "http://data.europa.eu/snb/model/ap/edc-issued-by-mandate",
    "diploma-supplement": "http://data.europa.eu/snb/model/ap/edc-diploma-supplement",
}
"""The shapes of each profile by its word, as they are written, too (mcbridge/mappers/edc/profiles.py)."""


def _id(frame: Frame, value: Any) -> None:
    """The issuer gives each credential its id; a record has one of its own."""
    if type(value) is str and value:
        frame.spell("id", None, value)
    else:
        frame.wrong("id", None, value, "an id")


def _type(frame: Frame, value: Any) -> None:
    said = value if type(value) is list else [value]
    others = [each for each in said if each not in TYPES]
    if others:
        words = ", ".join(each if type(each) is str else shown(each) for each in others)
        frame.aside("type", None, value, OTHER_TYPE, words, expected=" and ".join(TYPES))
    elif len(said) != len(TYPES):
        frame.keep("type", None, value)


def _context(frame: Frame, value: Any) -> None:
    """Looked at when the document is opened; one that is not as we write it is kept."""
    if value != CONTEXT:
        frame.keep("@context", None, value)


def _subject(frame: Frame, value: Any) -> None:
    found = single(frame, "credentialSubject", value)
    if found is None:
        return
    pos, item = found
    reached = frame.run.node(frame, item, "credentialSubject", pos)
    if reached is None:
        return
    inner = Frame(frame.run, frame, reached[0], {}, LEARNER.part, "credentialSubject", pos, "learner")
    inner.pointer = reached[1]
    frame.fields["learner"] = LEARNER.made(inner)
    frame.note("learner", None, "credentialSubject", pos)


def _finished(frame: Frame) -> None:
    _same_moment(frame, "issuanceDate", "issued")
    _same_moment(frame, "expirationDate", "valid_until")
    _schema(frame)
    if "learner" not in frame.fields:
        said = shown(frame.node["credentialSubject"]) if "credentialSubject" in frame.node else "absent"
        frame.find(NO_SUBJECT, "credentialSubject", None, said)
    elif not any(frame.fields.get(name) for name in ("achievements", "activities", "assessments", "entitlements")):
        frame.find(NO_CLAIM, "credentialSubject", None)


def _same_moment(frame: Frame, key: str, field: str) -> None:
    """The envelope of version 1 of verifiable credentials says some moments twice; one that differs is kept."""
    if key not in frame.node:
        return
    found = single(frame, key, frame.node[key])
    if found is None:
        return
    held = frame.fields.get(field)
    if held is None and field not in _tried(frame):
        made = INSTANT(frame, found[1], key, found[0], field, None)
        if made is not None:
            frame.fields[field] = made
            frame.note(field, None, key, found[0])
    elif type(found[1]) is not str or moment_of(found[1]) != held:
        said = found[1] if type(found[1]) is str else shown(found[1])
        frame.aside(key, found[0], found[1], WRONG_VALUE, said, expected=f"that of {_OTHER[key]}")


def _tried(frame: Frame) -> set[str]:
    """Fields whose own key is there, whatever became of it."""
    return {field for key, field in (("issued", "issued"), ("validUntil", "valid_until")) if key in frame.node}


_OTHER: Final = {"issuanceDate": "issued", "expirationDate": "validUntil"}


def _schema(frame: Frame) -> None:
    """The shapes follow from the profiles; others are kept."""
    if "credentialSchema" not in frame.node:
        return
    value = frame.node["credentialSchema"]
    said = value if type(value) is list else [value]
    if not said or not all(type(each) is dict and type(each.get("id")) is str for each in said):
        frame.wrong("credentialSchema", None, value, "an object with an id")
        return
    words = []
    for kind in frame.fields.get("kinds", ()):
        entry = frame.run.codes.entry("credential", kind.code)
        words.append(entry.properties.get("word", "") if entry else "")
    expected = list(dict.fromkeys(SCHEMAS.get(word, SCHEMAS["generic"]) for word in words or ["generic"]))
    plain = all(each.keys() <= STUB and each.get("type", _VALIDATOR) in (_VALIDATOR, [_VALIDATOR]) for each in said)
    if not plain or [each["id"] for each in said] != expected:
        frame.keep("credentialSchema", None, value)


CREDENTIAL: Final = Shape(
    TYPES,
    Credential,
    own("id", ("id",), _id),
    own("type", (), _type),
    own("@context", (), _context),
    many("credentialProfiles", "kinds", concept),
    within(
        "displayParameter",
        lambda: PARAMETERS,
        *("title", "description", "languages", "primary_language", "display"),
    ),
    one("issuer", "issuer", agent),
    own(
        "credentialSubject",
        ("learner", "achievements", "activities", "assessments", "entitlements", "claim_order"),
        _subject,
    ),
    one("issued", "issued", INSTANT),
    one("validFrom", "valid_from", INSTANT),
    one("validUntil", "valid_until", INSTANT),
    known("issuanceDate", "expirationDate", "credentialSchema", "proof"),
    many("identifier", "identifiers", identifier),
    many("attachment", "attachments", attachment),
    many("evidence", "evidence", EVIDENCE.read),
)


def read_credential(frame: Frame) -> None:
    """Fill a frame with what a credential says."""
    CREDENTIAL.fill(frame)
    _finished(frame)


def made_of(frame: Frame) -> Credential:
    """The credential of a frame."""
    made: Credential = build(Credential, frame)
    return made
