"""A file for an upload as the European issuer takes it, in the order in which it looks at one.

What it refuses is said in words, each with its place. Nothing of it needs shapes or contexts: those come last there,
and have tests of their own.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mcbridge.mappers.edc.addresses import is_address
from mcbridge.mappers.edc.profiles import SCHEMAS
from mcbridge.tables import Tables, Vocabulary

Node = dict[str, Any]
TABLES: Final = Tables()
_LISTS: Final = [TABLES.vocabulary(name) for name in TABLES.names("vocabularies")]
_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_CREDENTIAL: Final = re.compile(f"urn:credential:{_UUID}")
_SKILL: Final = re.compile(r"http://data\.europa\.eu/esco/(?:skill|occupation)/[\w.-]+")
_IRI: Final = re.compile(r"(?:https?|urn|mailto|did):[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")
_MOMENTS: Final = frozenset(
    ("validFrom", "validUntil", "expirationDate", "dateOfBirth", "awardingDate", "dateIssued", "expiryDate")
)
_MAPS: Final = frozenset(
    ("altLabel", "birthName", "category", "definition", "description", "familyName", "fullName", "geographicName")
) | {"givenName", "legalName", "noteLiteral", "patronymicName", "prefLabel", "schemeAgency", "title"}
_ONE_A_LANGUAGE: Final = frozenset({"title", "legalName", "prefLabel", "description"})
_ONE_IN_ALL: Final = frozenset({"fullName", "givenName", "familyName"})
_SEVERAL: Final = {
    *("hasClaim", "credentialProfiles", "credentialSchema", "identifier", "attachment", "evidence", "awardingBody"),
    *("address", "contactPoint", "provenBy", "influencedBy", "entitlesTo", "hasPart", "isPartOf", "mode", "homepage"),
    *("creditReceived", "creditPoint", "learningOutcome", "thematicArea", "nqfLevel", "educationLevel"),
    *("citizenshipCountry", "additionalNote", "relatedSkill", "relatedESCOSkill", "embeddedEvidence"),
}
_PLACES: Final = {"Organisation", "Group", "LearningOpportunity", "LearningActivity"}
"""Of these a location may be one of several, and of others there is one."""
_LOOKED_UP: Final = "http://data.europa.eu/snb/evidence-type/c_991b06c6"


def lists_of(scheme: str) -> list[Vocabulary]:
    """Our copies of a European list, which may be in two parts; nothing for lists of others."""
    return [found for found in _LISTS if found.scheme == scheme and "europa.eu/" in scheme]


def refused(data: bytes, name: str, most: int = 4_500_000) -> list[str]:
    """What the issuer has against a file, or nothing."""
    found: list[str] = []
    if not name.endswith(".json"):
        found.append(f"{name} does not end in .json")
    if len(data) > most:
        found.append(f"{len(data)} bytes")
    twice: list[str] = []
    document = json.loads(data.decode("utf-8"), object_pairs_hook=lambda pairs: _object(pairs, twice))
    found += [f"the key {key} twice in one object" for key in twice]
    found += [f"{key} beside the credential" for key in document if key not in {"credential", "deliveryDetails"}]
    if not isinstance(document.get("credential"), dict):
        return [*found, "there is no credential"]
    return [*found, *_delivery(document), *_credential(document["credential"])]


def _object(pairs: list[tuple[str, Any]], twice: list[str]) -> Node:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice += [key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1]
    return made


def _delivery(document: Node) -> Iterator[str]:
    if "deliveryDetails" not in document:
        return
    given = document["deliveryDetails"].get("deliveryAddress")
    if not isinstance(given, list) or not 1 <= len(given) <= 2:
        yield "/deliveryDetails/deliveryAddress: one or two"
        return
    yield from (f"/deliveryDetails/deliveryAddress: {each}" for each in given if not is_address(each.strip()))


def _credential(credential: Node) -> Iterator[str]:
    for key in ("issuer", "issued", "issuanceDate", "proof", "@context", "payload"):
        if key in credential:
            yield f"/{key} is not for the one who uploads to say"
    if credential.get("type") != ["VerifiableCredential", "EuropeanDigitalCredential"]:
        yield "/type"
    if not _IRI.fullmatch(str(credential.get("id"))):
        yield "/id"
    if "validFrom" not in credential:
        yield "/validFrom is missing"
    yield from _display(credential.get("displayParameter", {}))
    yield from _profile(credential)
    seen: dict[str, Node] = {}
    for pointer, node, above in _objects(credential, "/credential", ()):
        yield from (f"{pointer}: {what}" for what in _node(node, above, seen))


def _display(node: Node) -> Iterator[str]:
    for key in ("title", "primaryLanguage", "language"):
        if not node.get(key):
            yield f"/displayParameter/{key} is missing"
    if "primaryLanguage" in node and node["primaryLanguage"] not in node.get("language", []):
        yield "/displayParameter/language lacks the primary one"


def _profile(credential: Node) -> Iterator[str]:
    words = []
    for each in credential.get("credentialProfiles", []):
        known = TABLES.vocabulary("credential").by_iri(each["id"])
        words.append(known.properties["word"] if known is not None else "")
    schemas = [each["id"] for each in credential.get("credentialSchema", [])]
    if not words or schemas != list(dict.fromkeys(SCHEMAS.get(word) for word in words)):
        yield f"/credentialSchema is not that of {words}"
    kinds = {each["dcType"]["id"]: each for each in credential.get("evidence", [])}
    if _LOOKED_UP in kinds and words == ["generic"]:
        yield "/evidence would be looked up, and the profile is generic"
    if _LOOKED_UP in kinds and not _IRI.fullmatch(kinds[_LOOKED_UP].get("accreditation", {}).get("id", "")):
        yield "/evidence/accreditation cannot be looked up"
    if "converted" in words and not all("embeddedEvidence" in each for each in credential.get("evidence", [{}])):
        yield "/evidence has no document, and the profile is converted"


def _objects(value: Any, pointer: str, above: tuple[str, ...]) -> Iterator[tuple[str, Node, tuple[str, ...]]]:
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield from _objects(item, f"{pointer}/{at}", above)
    elif isinstance(value, dict):
        if "type" in value:
            yield pointer, value, above
        inner = (*above, value["id"]) if isinstance(value.get("id"), str) else above
        for key, item in value.items():
            yield from _objects(item, f"{pointer}/{key}", inner)


def _node(node: Node, above: tuple[str, ...], seen: dict[str, Node]) -> Iterator[str]:
    name = node.get("id")
    if not isinstance(name, str) or not _IRI.fullmatch(name):
        yield f"the id {name!r} is none"
        return
    if name in above:
        yield f"{name} stands within itself"
    if seen.setdefault(name, node) != node:
        yield f"{name} is the id of something else, too"
    for key, value in node.items():
        if value is None or value in ("", [], {}):
            yield f"{key} is empty"
        elif (key in _SEVERAL or (key == "location" and str(node["type"]) in _PLACES)) and not isinstance(value, list):
            yield f"{key} is no array"
        elif key in _MAPS:
            yield from (f"{key}: {what}" for what in _texts(key, value))
        elif key in _MOMENTS and not _MOMENT.fullmatch(value):
            yield f"{key}: {value} is no moment"
    if node["type"] == "Concept":
        yield from _concept(node)
    elif node["type"] == "MediaObject":
        yield from _media(node)


def _texts(key: str, value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield "no map of languages"
        return
    for tag, texts in value.items():
        if not _TAG.fullmatch(tag):
            yield f"{tag} is no language tag"
        if not isinstance(texts, list) or not all(isinstance(each, str) and each.strip() for each in texts):
            yield f"{tag} holds no array of texts"
        elif key in _ONE_A_LANGUAGE and len(texts) > 1:
            yield f"several texts in {tag}"
    if key in _ONE_IN_ALL and sum(map(len, value.values())) != 1:
        yield "more than one text"


def _concept(node: Node) -> Iterator[str]:
    schemes = node.get("inScheme")
    if not node.get("prefLabel"):
        yield f"{node['id']} has no label"
    several = schemes if isinstance(schemes, list) else [schemes]
    for each in several if schemes is not None else ():
        if not isinstance(each, dict) or each.get("type") != "ConceptScheme" or not _IRI.fullmatch(each.get("id", "")):
            yield f"{node['id']} has no scheme"
            continue
        lists = lists_of(each["id"])
        if any(known.strict for known in lists) and all(known.by_iri(node["id"]) is None for known in lists):
            yield f"{node['id']} is not in the list {lists[0].name}"
        if "/esco/concept-scheme/" in each["id"] and not _SKILL.fullmatch(node["id"]):
            yield f"{node['id']} is not of ESCO"


def _media(node: Node) -> Iterator[str]:
    for key in ("content", "contentType", "contentEncoding"):
        if key not in node:
            yield f"a document without {key}"
    try:
        base64.b64decode(node.get("content", ""), validate=True)
    except binascii.Error:
        yield "a document that is no base64"


__all__ = ["lists_of", "refused"]
