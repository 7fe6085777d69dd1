"""The credential itself: envelope and learner."""

from __future__ import annotations

from typing import Any, Final

from lxml.etree import _Element

from mcbridge.mappers.edc_xml.claims import ACHIEVEMENTS, CLAIMS
from mcbridge.mappers.edc_xml.coded import bare, of
from mcbridge.mappers.edc_xml.frames import Frame, Put, attribute, children, key_of, local, ours
from mcbridge.mappers.edc_xml.leaves import DAY, INSTANT
from mcbridge.mappers.edc_xml.notes import notes
from mcbridge.mappers.edc_xml.organisations import agent
from mcbridge.mappers.edc_xml.pieces import attachment, identifier
from mcbridge.mappers.edc_xml.places import contact, place
from mcbridge.mappers.edc_xml.rows import Shape, build, group, many, one, own
from mcbridge.mappers.edc_xml.rules import CHILD, CLAIM_FROM_TITLE, DUPLICATE, NO_CLAIM, UNUSED
from mcbridge.mappers.edc_xml.run import Run
from mcbridge.mappers.edc_xml.texts import texts
from mcbridge.model import Achievement, Credential, Learner

# --- the learner


def _claims(frame: Frame, element: _Element) -> None:
    """The claims of one kind; they stand in the credential."""
    credential = frame.up
    assert credential is not None, "a learner is within a credential"  # noqa: S101
    field = local(element)
    names, read = CLAIMS[field]
    inner = credential.within(element, credential.fields, f'"{field}" of {frame.part}', value=True)
    for child in children(element):
        if not ours(child) or local(child) not in names.split():
            inner.stray(child)
            continue
        at = len(credential.fields.get(field, ()))
        made = read(credential, child, field, at)
        credential.fields.setdefault(field, []).append(made)
        credential.note(field, at, child)
    inner.spare(element)


LEARNER: Final = Shape(
    "credentialSubject",
    Learner,
    texts("fullName", "full_name"),
    texts("givenNames givenName", "given_names"),
    texts("familyName", "family_name"),
    texts("birthName", "birth_name"),
    texts("patronymicName", "patronymic_name"),
    texts("altLabel", "alternative_names"),
    one("dateOfBirth", "birth_date", DAY),
    one("placeOfBirth", "place_of_birth", place),
    many("citizenshipCountry", "citizenships", bare("country")),
    one("gender", "gender", bare("human-sex")),
    one("nationalId nationalID", "national_id", identifier),
    many("identifier", "identifiers", identifier),
    one("hasLocation location", "address", place),
    many("contactPoint", "contacts", contact),
    *(own(name, (), _claims) for name in CLAIMS),
)


def _subject(frame: Frame, element: _Element) -> None:
    if "learner" in frame.fields:
        frame.again(element)
        return
    run: Run = frame.run
    held = next((each for each in children(element) if local(each) == "achievements"), None)
    run.direct = 0 if held is None else sum(1 for each in children(held) if local(each) in ACHIEVEMENTS)
    inner = frame.within(element, {}, LEARNER.part, name="learner")
    frame.fields["learner"] = LEARNER.made(inner)
    frame.note("learner", None, element)
    if run.lifted:
        frame.fields.setdefault("achievements", []).extend(run.lifted)


# --- the envelope


def _languages(frame: Frame, element: _Element) -> None:
    """The languages of the credential: an element that holds them, or one that is a language itself."""
    nested = [child for child in children(element) if local(child) == "language" and ours(child)]
    put: Put = many("language", "languages", bare("language")).put
    if not nested:
        put(frame, element)
        return
    inner = frame.within(element, frame.fields, frame.part, value=True)
    for child in children(element):
        if child in nested:
            put(inner, child)
        else:
            inner.stray(child)
    inner.spare(element)


def _children(frame: Frame, element: _Element) -> None:
    frame.aside(element, CHILD, local(element), part=frame.part)


def _proof(frame: Frame, element: _Element) -> None:
    """The seal is for whoever has the bytes; what else stands in a proof is kept."""
    inner = frame.within(element, frame.fields, f'"{local(element)}" of {frame.part}', value=True)
    for child in children(element):
        if child not in frame.run.signatures:
            inner.stray(child)
    inner.spare(element)
    if not len(element) and (element.text or "").strip():
        frame.keep(element)


CREDENTIAL: Final = Shape(
    "europassCredential",
    Credential,
    many("identifier", "identifiers", identifier),
    many("type", "kinds", of("credential")),
    one("primaryLanguage", "primary_language", bare("language")),
    own("language", ("languages",), _languages),
    one("validFrom", "valid_from", INSTANT),
    one("issued issuanceDate", "issued", INSTANT),
    one("validUntil expirationDate", "valid_until", INSTANT),
    one("issuer", "issuer", agent),
    texts("title", "title"),
    notes("description", "description"),
    own("credentialSubject", ("learner",), _subject),
    group("attachmentList", many("Attachment attachment", "attachments", attachment)),
    own("childCredentials contains", (), _children),
    own("proof", (), _proof),
)


def read_credential(frame: Frame) -> None:
    """Fill a frame with what a credential says."""
    run: Run = frame.run
    puts: dict[str, Put] = {**CREDENTIAL.puts}
    for child in children(frame.element):
        put = puts.get(local(child)) if ours(child) else None
        if put is not None:
            put(frame, child)
        elif child not in run.blocks and child not in run.signatures:
            frame.stray(child)
    _attributes(frame)
    _left(frame)
    if "learner" in frame.fields and not any(frame.fields.get(name) for name in CLAIMS):
        title = frame.fields.get("title")
        if run.titled and title:
            frame.find(CLAIM_FROM_TITLE, frame.element, title[0].value)
            said = Achievement(title=tuple(title), description=tuple(frame.fields.get("description", ())))
            frame.fields["achievements"] = [said]
        else:
            frame.find(NO_CLAIM, frame.element)


def _attributes(frame: Frame) -> None:
    """The issuer gives each credential its id; a record has one of its own."""
    element = frame.element
    said = attribute(element, "id")
    if said:
        frame.spell("id", None, said)
    elif said is not None:
        frame.keep(element, key_of(element, "id"))
    version = attribute(element, "xsdVersion")
    if version is not None:
        frame.spell("document", None, version, ".format")
    frame.spare(element, "id", "xsdVersion")


_FRAMEWORKS: Final = "semanticFrameworkReferences"


def _left(frame: Frame) -> None:
    """What stands in the blocks of references and was not reached is kept as a whole."""
    run: Run = frame.run
    for block in run.blocks:
        inner = frame.within(block, frame.fields, f'"{local(block)}"', value=True)
        inner.spare(block)
        if local(block) == _FRAMEWORKS:  # codes name them by an attribute, which is kept as well
            for child in children(block):
                inner.stray(child)
            continue
        for child in children(block):
            if child in run.reached:
                continue
            name = attribute(child, "id") or ""
            if child in run.twice:
                inner.aside(child, DUPLICATE, name)
            else:
                inner.aside(child, UNUSED, name, part=local(child))


def made_of(frame: Frame) -> Any:
    """The credential of a frame."""
    return build(Credential, frame)
