"""One credential, whatever file it goes into: its own properties, the learner and the claims."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from mcbridge.losses import SEAL
from mcbridge.mappers.edc.achievements import achievements, newest_award
from mcbridge.mappers.edc.claims import activity, assessment, entitlement
from mcbridge.mappers.edc.coded import bare_code
from mcbridge.mappers.edc.envelope import DOCUMENT, displays, evidence, source_identifier
from mcbridge.mappers.edc.languages import find_languages
from mcbridge.mappers.edc.learner import LEARNER
from mcbridge.mappers.edc.organisations import organisation
from mcbridge.mappers.edc.pieces import attachment, identifier
from mcbridge.mappers.edc.profiles import profiles
from mcbridge.mappers.edc.restoring import FORMAT
from mcbridge.mappers.edc.rows import INSTANT, Above, Frame, Table, add, elsewhere, lost, many, one, own, residues
from mcbridge.mappers.edc.rules import TITLE_ASSUMED, VALID_FROM_ASSUMED
from mcbridge.mappers.edc.texts import TITLE, heading_of
from mcbridge.mappers.edc.values import day
from mcbridge.mappers.edc.writing import Node, Writing, is_iri, missing, texts_of
from mcbridge.model import Attachment, Claim, ClaimKind, Credential, Document

_NAMESPACE: Final = uuid.UUID("6c1f0f0e-43a5-5f0e-9d6b-0f6f5f1f9a3e")
"""Under which record ids become UUIDs (version 5), so that the same record has the same id in every run."""


def credential_id(record_id: str) -> str:
    """The id of the credential in the file. The issuer gives it another when it seals."""
    return f"urn:credential:{uuid.uuid5(_NAMESPACE, record_id)}"


def credential(run: Writing) -> Node:
    """The credential in the form of the run. Raises ``Refused`` when the record lacks what ELM demands."""
    record = run.record
    find_languages(run)
    node: Node = {"id": _id(run), "type": ["VerifiableCredential", "EuropeanDigitalCredential"]}
    frame = Frame(run, record, "", {})
    CREDENTIAL.fill(frame)
    body = frame.node
    body["displayParameter"] = _display(run, body.pop("display", []))
    if "validFrom" not in body:
        body["validFrom"] = _valid_from(run)
    if "validUntil" in body:
        body["expirationDate"] = body["validUntil"]
    profiles(run, body)
    return node | {key: body[key] for key in _ORDER if key in body}


def _id(run: Writing) -> str:
    """The id that an EDC had, unless it was sealed: what is not sealed is another credential."""
    said = run.spellings.get("id")
    if said is None or not is_iri(said):
        return credential_id(run.record.id)
    if run.record.seal is None:
        return said
    why = "this is the id of the sealed credential, and this one is not sealed"
    run.lose("id", "loss/credential-id", why, run.record.id, changed=True)
    return credential_id(run.record.id)


_ORDER: Final = (
    "credentialSchema",
    "credentialProfiles",
    "identifier",
    "issuer",
    "issued",
    "issuanceDate",
    "validFrom",
    "validUntil",
    "expirationDate",
    "displayParameter",
    "credentialSubject",
    "attachment",
    "evidence",
)

# the subject and the claims


def _subject(frame: Frame, value: Any, path: str) -> None:
    run = frame.run
    node = run.node("person", "Person", value.id, path)
    frame.node["credentialSubject"] = LEARNER.fill(Frame(run, value, path, node))
    node["hasClaim"] = _claims(run)
    residues(Frame(run, value, path, node), value.residue, f"{path}.residue")


def _claims(run: Writing) -> list[Node]:
    record = run.record
    waiting: dict[ClaimKind, list[Any]] = {
        ClaimKind.ACHIEVEMENT: [(f"achievements[{i}]", claim) for i, claim in enumerate(record.achievements)],
        ClaimKind.ACTIVITY: [(f"activities[{i}]", claim) for i, claim in enumerate(record.activities)],
        ClaimKind.ASSESSMENT: [(f"assessments[{i}]", claim) for i, claim in enumerate(record.assessments)],
        ClaimKind.ENTITLEMENT: [(f"entitlements[{i}]", claim) for i, claim in enumerate(record.entitlements)],
    }
    found = [node for path, claim in _in_order(run, waiting) for node in _written(run, claim, path)]
    if not found:
        what = "achievement, activity, assessment or entitlement that can be claimed"
        raise missing("achievements", what, "convert the record when something in it has been passed")
    return found


def _in_order(run: Writing, waiting: dict[ClaimKind, list[Any]]) -> Iterator[tuple[str, Claim]]:
    """The claims in the order in which the source mixed them; an order that does not fit them is a loss."""
    order = run.record.claim_order
    fits = not order or all(order.count(kind) == len(claims) for kind, claims in waiting.items())
    if not fits:
        run.lose("claimOrder", "loss/claim-order", "the order does not fit the claims", order)
        order = ()
    queues = {kind: iter(claims) for kind, claims in waiting.items()}
    if order:
        yield from (next(queues[kind]) for kind in order)
    else:
        for claims in queues.values():
            yield from claims


def _written(run: Writing, claim: Claim, path: str) -> Iterator[Node]:
    makers: dict[str, Any] = {"activities": activity, "assessments": assessment, "entitlements": entitlement}
    name = path.partition("[")[0]
    if name == "achievements":
        yield from achievements(run, claim, path, Above())  # type: ignore[arg-type]
    else:
        yield makers[name](run, claim, path, Above())


# rows of the credential


def _issued(frame: Frame, value: datetime, path: str) -> None:
    """Stands in for the beginning of validity where that is not stated; else the seal brings its own moment."""
    stands_in = frame.entity.valid_from is None
    written = INSTANT(frame, value, path) if frame.run.bare or stands_in else ""
    if frame.run.bare:
        frame.node["issued"] = frame.node["issuanceDate"] = written
    if stands_in:
        frame.node["validFrom"] = written
        frame.run.find(VALID_FROM_ASSUMED, path, written, source="moment of issue")
    elif not frame.run.bare:
        why = "the moment of issue is that of the seal, and the issuer writes it"
        frame.run.lose(path, "loss/issued", why, value)


def _attachments(frame: Frame, value: tuple[Attachment, ...], path: str) -> None:
    for index, item in enumerate(value):
        for node in attachment(frame, item, f"{path}[{index}]"):
            add(frame.node, "attachment", node)


def _document(frame: Frame, value: Document, path: str) -> None:
    """Where the record came from. One that was an EDC without a seal is still that credential."""
    if value.format != FORMAT or frame.run.record.seal is not None:
        add(frame.node, "identifier", source_identifier(frame.run, value))
    inner = DOCUMENT.fill(Frame(frame.run, value, path, {}))
    for each in inner.get("attachment", ()):
        add(frame.node, "attachment", each)


def _issuer(frame: Frame, value: str, path: str) -> None:
    """Who issues the document. In the file for an upload it is nobody yet: the seal says who."""
    if frame.run.bare and (found := organisation(frame, value, path)) is not None:
        frame.node["issuer"] = found


def _put_display(frame: Frame, value: Any, path: str) -> None:
    frame.node["display"] = displays(frame.run, value)


CREDENTIAL: Final = Table(
    Credential,
    elsewhere("version"),
    elsewhere("id", "id"),
    elsewhere("residue"),
    one("valid_from", "validFrom", INSTANT),
    one("valid_until", "validUntil", INSTANT),
    own("issued", ("issued", "validFrom"), _issued),
    many("identifiers", "identifier", identifier),
    own("learner", ("credentialSubject",), _subject),
    elsewhere("achievements", "hasClaim"),
    elsewhere("activities", "hasClaim"),
    elsewhere("assessments", "hasClaim"),
    elsewhere("entitlements", "hasClaim"),
    elsewhere("claim_order", "hasClaim"),
    elsewhere("kinds", "credentialProfiles"),
    elsewhere("title", "displayParameter"),
    elsewhere("description", "displayParameter"),
    elsewhere("languages", "displayParameter"),
    elsewhere("primary_language", "displayParameter"),
    elsewhere("organisations", "awardingBody"),
    elsewhere("grading_schemes", "gradingScheme"),
    elsewhere("delivery", "deliveryDetails"),
    own("issuer", ("issuer", "awardingBody"), _issuer),
    own("attachments", ("attachment",), _attachments),
    own("document", ("identifier", "attachment"), _document),
    many("evidence", "evidence", evidence),
    own("display", ("individualDisplay",), _put_display),
    lost("seal", SEAL, "a seal holds for the bytes of the source and never survives conversion"),
)

# what the whole record says


def _display(run: Writing, pages: list[Node]) -> Node:
    record = run.record
    node = run.node("displayParameter", "DisplayParameter")
    frame = Frame(run, record, "", node)
    title = TITLE(frame, record.title, "title") if record.title else None
    node["title"] = title or _title(run)
    if record.description and (said := TITLE(frame, record.description, "description")) is not None:
        node["description"] = said
    primary = bare_code(run, run.primary.partition("-")[0], "primaryLanguage", "language")
    node["primaryLanguage"] = primary
    node["language"] = []
    for path, word in run.languages:
        found = bare_code(run, word, path, "language")
        if found is not None and all(found is not each for each in node["language"]):
            node["language"].append(found)
    if not record.languages or not node["language"]:
        node["language"] = [primary, *(each for each in node["language"] if each is not primary)]
    if pages:
        node["individualDisplay"] = pages
    return node


def _title(run: Writing) -> Node:
    record = run.record
    claims: tuple[Claim, ...] = (*record.achievements, *record.activities, *record.assessments, *record.entitlements)
    if len(claims) == 1:
        offered = claims[0].specification.title if claims[0].specification is not None else ()
        heading = heading_of(run, claims[0].title, offered)
        if heading is not None:
            source = "that of the only claim"
            run.find(TITLE_ASSUMED, "title", texts_of(heading), part="credential", source=source)
            return heading
    words = run.words(run.defaults.credential_title)
    source = "the default of mappings/edc/defaults.toml"
    run.find(TITLE_ASSUMED, "title", texts_of(words), part="credential", source=source)
    return words


def _valid_from(run: Writing) -> str:
    record = run.record
    claims: tuple[Claim, ...] = (*record.achievements, *record.activities, *record.assessments, *record.entitlements)
    newest = newest_award(iter(claims))
    if newest is None:
        what = "date: neither a first day of validity, nor a day of issue, nor a day of award"
        raise missing("validFrom", what, "state the day of the award, or of issue, at the source")
    run.find(VALID_FROM_ASSUMED, "validFrom", day(newest), source="newest day of award")
    return day(newest)
