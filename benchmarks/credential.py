"""An invented European Digital Credential, of the size and make of what the European issuer gives out.

Objects that are meant in several places are embedded in full in each, pictures included,
as the issuer does: of some 110 kB the smaller part is text.
"""

from __future__ import annotations

import base64
import random
from typing import Any

import msgspec

_SNB = "http://data.europa.eu/snb"
_LISTS = "http://publications.europa.eu/resource/authority"
_ESCO = "http://data.europa.eu/esco"


def _concept(list_: str, code: str, label: str) -> dict[str, Any]:
    scheme = {"id": f"{_SNB}/{list_}/25831c2", "type": "ConceptScheme"}
    return {"id": f"{_SNB}/{list_}/{code}", "type": "Concept", "inScheme": scheme, "prefLabel": {"en": label}}


def _listed(list_: str, code: str, label: str) -> dict[str, Any]:
    scheme = {"id": f"{_LISTS}/{list_}", "type": "ConceptScheme"}
    more = {"inScheme": scheme, "notation": list_, "prefLabel": {"en": label}}
    return {"id": f"{_LISTS}/{list_}/{code}", "type": "Concept", **more}


def _picture(name: str, size: int, chance: random.Random) -> dict[str, Any]:
    return {
        "id": f"urn:epass:mediaObject:{name}",
        "type": "MediaObject",
        "content": base64.b64encode(chance.randbytes(size)).decode(),
        "contentEncoding": _concept("encoding", "6146cde7dd", "base64"),
        "contentType": _listed("file-type", "PNG", "PNG"),
    }


def _organisation(number: int, name: str, picture: dict[str, Any]) -> dict[str, Any]:
    country = _listed("country", "IRL", "Ireland")
    legal = {"id": f"urn:epass:legalIdentifier:{number}", "type": "LegalIdentifier", "spatial": country}
    address = {
        "id": f"urn:epass:address:{number}",
        "type": "Address",
        "countryCode": country,
        "fullAddress": {"id": f"urn:epass:note:{number}", "type": "Note", "noteLiteral": {"en": f"{number} Quay Road"}},
    }
    return {
        "id": f"urn:epass:org:{number}",
        "type": "Organisation",
        "legalName": {"en": name},
        "altLabel": {"en": name[:4]},
        "registration": {**legal, "notation": f"00{number}"},
        "location": {"id": f"urn:epass:location:{number}", "type": "Location", "address": address},
        "homepage": {
            "id": f"urn:epass:webResource:{number}",
            "type": "WebResource",
            "contentURL": f"https://{number}.example.edu",
        },
        "logo": picture,
    }


def _outcome(number: int) -> dict[str, Any]:
    skill = f"{_ESCO}/skill/00000000-0000-4000-8000-{number:012d}"
    scheme = {"id": f"{_ESCO}/concept-scheme/skills", "type": "ConceptScheme"}
    return {
        "id": f"urn:epass:learningOutcome:{number}",
        "type": "LearningOutcome",
        "title": {"en": f"Read chart {number} with care", "hr": f"Pažljivo čitati grafikon {number}"},
        "relatedESCOSkill": [
            {
                "id": skill,
                "type": "Concept",
                "inScheme": scheme,
                "notation": "Skill",
                "prefLabel": {"en": "read charts"},
            }
        ],
        "reusabilityLevel": _concept("skill-reuse-level", "cross-sector", "cross-sector skills and competences"),
    }


def edc_document(seed: int = 1) -> bytes:
    """A bare credential with one achievement, its activity and its assessment; about 110 kB."""
    chance = random.Random(seed)  # noqa: S311 - to be the same each time is what is wanted
    university = _organisation(1, "University of Nowhere", _picture("1", 4_000, chance))
    trainer = _organisation(2, "Nowhere Training House", _picture("2", 8_700, chance))
    english = _listed("language", "ENG", "English")
    awarded = {
        "id": "urn:epass:awardingProcess:1",
        "type": "AwardingProcess",
        "awardingBody": university,
        "awardingDate": "2031-04-30T00:00:00Z",
    }
    online = _concept("learning-assessment", "920fbb3cbe", "Online")
    title = {"en": "Reading charts"}
    activity = {
        "id": "urn:epass:activity:1",
        "type": "LearningActivity",
        "title": title,
        "awardedBy": awarded,
        "directedBy": trainer,
        "temporal": {
            "id": "urn:epass:period:1",
            "type": "PeriodOfTime",
            "startDate": "2031-02-01T00:00:00Z",
            "endDate": "2031-04-01T00:00:00Z",
        },
        "specifiedBy": {
            "id": "urn:epass:learningActivitySpec:1",
            "type": "LearningActivitySpecification",
            "title": title,
            "mode": online,
            "volumeOfLearning": "PT60H",
            "language": english,
        },
    }
    assessment = {
        "id": "urn:epass:learningAssessment:1",
        "type": "LearningAssessment",
        "title": title,
        "awardedBy": awarded,
        "assessedBy": trainer,
        "grade": {"id": "urn:epass:note:9", "type": "Note", "noteLiteral": {"en": "Pass"}},
        "idVerification": _concept("supervision-verification", "70be69aaf9", "Supervised with ID verification"),
        "specifiedBy": {
            "id": "urn:epass:learningAssessmentSpec:1",
            "type": "LearningAssessmentSpecification",
            "title": title,
            "dcType": _concept("assessment", "b1b68f6735", "quiz"),
        },
    }
    offered = {
        "id": "urn:epass:qualification:1",
        "type": "Qualification",
        "title": title,
        "dcType": _concept("learning-opportunity", "74a4a268e8", "Short learning programme"),
        "eqfLevel": _concept("eqf", "6", "Level 6"),
        "thematicArea": [_concept("isced-f", "0542", "Statistics"), _concept("isced-f", "0688", "Inter-disciplinary")],
        "creditPoint": {
            "id": "urn:epass:creditPoint:1",
            "type": "CreditPoint",
            "framework": _concept("education-credit", "6fcec5c5af", "European Credit Transfer System"),
            "point": "2",
        },
        "volumeOfLearning": "PT60H",
        "isPartialQualification": False,
        "language": english,
        "mode": online,
        "learningOutcome": [_outcome(number) for number in range(1, 9)],
    }
    achievement = {
        "id": "urn:epass:learningAchievement:1",
        "type": "LearningAchievement",
        "title": title,
        "awardedBy": awarded,
        "influencedBy": activity,
        "provenBy": assessment,
        "specifiedBy": offered,
    }
    page = {
        "id": "urn:epass:individualDisplay:1",
        "type": "IndividualDisplay",
        "language": english,
        "displayDetail": {
            "id": "urn:epass:displayDetail:1",
            "type": "DisplayDetail",
            "page": 1,
            "image": _picture("3", 31_500, chance),
        },
    }
    return msgspec.json.encode(
        {
            "@context": ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"],
            "id": "urn:credential:00000000-0000-4000-8000-000000000001",
            "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
            "credentialSchema": {"id": f"{_SNB}/model/ap/edc-generic-full", "type": "ShaclValidator2017"},
            "credentialProfiles": _concept("credential", "e34929035b", "Generic"),
            "validFrom": "2031-04-30T00:00:00Z",
            "displayParameter": {
                "id": "urn:epass:displayParameter:1",
                "type": "DisplayParameter",
                "title": {"en": "Micro-credential"},
                "primaryLanguage": english,
                "language": english,
                "individualDisplay": page,
            },
            "credentialSubject": {
                "id": "urn:epass:person:1",
                "type": "Person",
                "givenName": {"en": "Ada"},
                "familyName": {"en": "Nepostojeća"},
                "dateOfBirth": "2001-02-28T00:00:00Z",
                "hasClaim": achievement,
            },
        }
    )
