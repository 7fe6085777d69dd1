"""European Digital Credentials that somebody made badly, or on purpose."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from tests.hostile.documents import MILLION, Bad

ENVELOPE: Final = {
    "@context": ["https://www.w3.org/2018/credentials/v1", "http://data.europa.eu/snb/model/context/edc-ap"],
    "id": "urn:credential:1b2c3d4e-0000-4000-8000-000000000001",
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
    "validFrom": "2026-06-30T00:00:00Z",
}


def credential(*claims: Any, **more: Any) -> dict[str, Any]:
    """A bare credential with these claims."""
    subject = {"id": "urn:epass:person:1", "type": "Person", "givenName": {"en": "Ana"}, "hasClaim": list(claims)}
    return {**ENVELOPE, "credentialSubject": subject, **more}


def claim(name: str = "1", **more: Any) -> dict[str, Any]:
    """A learning achievement."""
    body = {"id": "urn:epass:org:1", "type": "Organisation", "legalName": {"en": "Example University"}}
    award = {"id": "urn:epass:awardingProcess:1", "type": "AwardingProcess", "awardingBody": [body]}
    return {
        "id": f"urn:epass:learningAchievement:{name}",
        "type": "LearningAchievement",
        "title": {"en": "Data literacy"},
        "awardedBy": award,
        **more,
    }


def data(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def with_text(document: Any, old: str, new: str) -> bytes:
    """A document with one place of its text replaced by what ``json`` would not write."""
    text = json.dumps(document, ensure_ascii=False)
    assert text.count(old) == 1
    return text.replace(old, new).encode()


def nested(levels: int) -> dict[str, Any]:
    """Achievements in achievements."""
    inner = claim(str(levels))
    for level in reversed(range(levels)):
        inner = claim(str(level), hasPart=[inner])
    return credential(inner)


def _bad() -> Iterator[Bad]:
    good = credential(claim())
    title = '{"en": "Data literacy"}'
    yield Bad("EDC: 300 levels of parts", data(nested(300)), "128 deep", "bad.in:1:")
    deep = with_text(good, title, "[" * 100_000 + "]" * 100_000)
    yield Bad("EDC: 100,000 levels of lists", deep, "128 deep", "bad.in:1:")
    yield Bad(
        "EDC: a title of 40 MB", lambda: with_text(good, "Data literacy", "x" * 40 * MILLION), "40,000,000", "/title/en"
    )
    media = {"id": "urn:epass:mediaObject:1", "type": "MediaObject", "content": "QUJD"}
    attached = credential(claim(), attachment=[media])
    yield Bad(
        "EDC: an attachment of 40 MB",
        lambda: with_text(attached, '"QUJD"', f'"{"QUJD" * 10 * MILLION}"'),
        "40,000,000",
        "/attachment/0/content",
    )
    yield Bad("EDC: a member twice", with_text(good, title, f'{title}, "title": {title}'), '"title"', "/title")
    yield Bad("EDC: a bare NaN", with_text(good, title, "NaN"), "invalid", "bad.in:1:")
    yield Bad("EDC: an infinity", with_text(good, title, "-Infinity"), "invalid", "bad.in:1:")
    yield Bad(
        "EDC: a letter of Latin-1",
        data(credential(claim(title={"hr": "Čitanje Ü"}))).replace(b"\xc4\x8c", b"\xdc"),
        "not UTF-8",
        "",
    )
    yield Bad("EDC: half a surrogate", with_text(good, "Data literacy", "\\ud800"), "half of a character", "bad.in:1:")
    yield Bad("EDC: something after the end", data(good) + b"x", "trailing", "bad.in:1:")
    yield Bad("EDC: half a document", data(good)[:-20], "truncated", "bad.in:1:")
    yield Bad("EDC: a list of credentials", data([good, good]), "array of 2 values", "/1")


REFUSED: Final = tuple(_bad())


def _cyclic() -> Iterator[tuple[str, Any]]:
    yield "a part of itself", credential(claim(hasPart=[{"id": "urn:epass:learningAchievement:1"}]))
    yield "a whole of itself", credential(claim(isPartOf=["urn:epass:learningAchievement:1"]))
    yield (
        "two that are parts of each other",
        credential(
            claim("1", hasPart=[{"id": "urn:epass:learningAchievement:2"}]),
            claim("2", hasPart=[{"id": "urn:epass:learningAchievement:1"}]),
        ),
    )
    body = {
        "id": "urn:epass:org:1",
        "type": "Organisation",
        "legalName": {"en": "Example University"},
        "hasSubOrganization": [{"id": "urn:epass:org:1"}],
        "memberOf": [{"id": "urn:epass:org:1"}],
    }
    award = {"id": "urn:epass:awardingProcess:1", "type": "AwardingProcess", "awardingBody": [body]}
    yield "an organisation within itself", credential(claim(awardedBy=award))
    offered = {
        "id": "urn:epass:qualification:1",
        "type": "Qualification",
        "title": {"en": "Data literacy"},
        "hasPart": [{"id": "urn:epass:qualification:1"}],
        "isPartOf": [{"id": "urn:epass:qualification:1"}],
    }
    yield "a specification within itself", credential(claim(specifiedBy=offered))
    yield "a claim about its own credential", credential(claim(specifiedBy={"id": ENVELOPE["id"]}))
    yield "a process that proves itself", credential(claim(provenBy=[{"id": "urn:epass:learningAchievement:1"}]))
    many = [claim(str(n), hasPart=[{"id": f"urn:epass:learningAchievement:{m}"} for m in range(12)]) for n in range(12)]
    yield "twelve that all hold each other", credential(*many)


CYCLIC: Final = tuple(_cyclic())
