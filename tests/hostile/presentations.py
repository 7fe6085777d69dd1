"""Presentations, seals and envelopes that are not what they should be, and credentials of other kinds."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, Final

from tests.hostile.credentials import ENVELOPE, claim, credential, data
from tests.hostile.documents import MILLION, Bad

V2: Final = "https://www.w3.org/ns/credentials/v2"
LEARNING: Final = "urn:eu.europa.ec.eudi:learning:credential:1"


def sealed(payload: Any, **more: Any) -> dict[str, Any]:
    """A sealed file; the seal itself is none."""
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return {"payload": text, "signatures": [{"protected": "e30", "header": {}, "signature": "bm9uZQ"}], **more}


def presentation(*credentials: Any, **more: Any) -> dict[str, Any]:
    """A presentation of these credentials."""
    kind = ["VerifiablePresentation", "EuropeanDigitalPresentation"]
    held = {"verifiableCredential": list(credentials)}
    return {"@context": ENVELOPE["@context"], "id": "urn:epass:presentation:1", "type": kind, **held, **more}


def url64(value: Any) -> str:
    """Base64url without padding, as tokens have it."""
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def token(claims: Any, header: Any = None) -> str:
    """A signed token; its signature is none."""
    return f"{url64(header or {'alg': 'ES256', 'typ': 'JWT'})}.{url64(claims)}.{url64(b'none')}"


def of_other_kinds() -> Iterator[tuple[str, Any, str]]:
    """Name, document (a token is a text), and what it has to be called."""
    badge = {"@context": [V2], "type": ["VerifiableCredential", "OpenBadgeCredential"], "credentialSubject": {}}
    yield "an Open Badge 3.0", badge, "Open Badge 3.0"
    yield "an Open Badge 3.0 as a token", token({"vc": badge, "iss": "did:example:1"}), "Open Badge 3.0"
    yield "an Open Badge 2", {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}, "Open Badge 2"
    record = {"@context": [V2], "type": ["VerifiableCredential", "ClrCredential"], "credentialSubject": {}}
    yield "a learner record", record, "CLR 2.0"
    wallet = {"vct": LEARNING, "achievement_title": "Data literacy", "_sd_alg": "sha-256", "_sd": ["x"]}
    shown = f"{token(wallet, {'typ': 'dc+sd-jwt', 'x5c': ['MIIB' * 400]})}~{url64(['salt', 'family_name', 'Osoba'])}~"
    yield "a wallet credential", shown, "EUDI wallet"
    general = {"payload": url64(wallet), "signatures": [{"protected": "e30", "signature": "x", "header": {}}]}
    yield "a wallet credential as JSON", general, "EUDI wallet"
    flat = {"payload": url64(wallet), "protected": "e30", "signature": "x", "header": {"disclosures": []}}
    yield "a wallet credential as flat JSON", flat, "EUDI wallet"
    yield "a wallet credential without its envelope", {"vct": LEARNING, "achievement_title": "X"}, "EUDI wallet"
    kinds = ["VerifiableCredential", "VerifiableAttestation", "EuropeanDigitalCredential"]
    ebsi = {**credential(claim()), "@context": [V2, *ENVELOPE["@context"][1:]], "type": kinds}
    yield "a credential of EBSI", ebsi, "EBSI"
    yield "a credential of EBSI as a token", token(ebsi, {"typ": "vc+jwt"}), "EBSI"
    yield "a credential as a token", token({"vc": credential(claim())}), "signed token (JWT)"
    yield "a presentation as a token", token({"vp": presentation(credential(claim()))}), "signed token (JWT)"
    enveloped = {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token({})}"}
    yield "a credential in an address", enveloped, "data: address"
    yield "a token of nobody knows what", "eyJhbGciOiJub25lIn0.bm9uZQ.bm9uZQ", "a signed token (JWT)"
    other = {"@context": [V2], "type": ["VerifiableCredential", "Permit"], "credentialSubject": {}}
    yield "a credential of anything", other, "a verifiable credential"
    space = "http://data.europa.eu/snb/model/elm/"
    yield "expanded JSON-LD", [{"@type": [f"{space}EuropeanDigitalCredential"], f"{space}x": []}], "expanded"


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else data(value)


def _bad() -> Iterator[Bad]:
    good = credential(claim())
    for name, value, says in of_other_kinds():
        yield Bad(f"EDC: {name}", _bytes(value), says, "bad.in")
    yield Bad("EDC: a presentation of nothing", data(presentation()), "without a credential", "/verifiableCredential")
    none = {key: value for key, value in presentation().items() if key != "verifiableCredential"}
    yield Bad("EDC: a presentation without the key", data(none), "without a credential", "/verifiableCredential")
    yield Bad(
        "EDC: a presentation of null", data({**none, "verifiableCredential": None}), "without a credential", "/verif"
    )
    inner = presentation(presentation(good))
    yield Bad(
        "EDC: a presentation in a presentation", data(inner), "presentation stands within", "/verifiableCredential/0"
    )
    as_text = presentation(json.dumps(presentation(good)))
    yield Bad("EDC: the same as text", data(as_text), "presentation stands within", "/verifiableCredential/0")
    within = presentation(sealed(presentation(good)))
    place = "/verifiableCredential/0/payload"
    yield Bad("EDC: a sealed presentation in a presentation", data(within), "presentation stands within", place)
    yield Bad("EDC: a presentation of a name", data(presentation("urn:credential:1")), "not in the file", "/verifiable")
    yield Bad("EDC: a presentation of a number", data(presentation(7)), "the number 7", "/verifiableCredential/0")
    yield Bad(
        "EDC: 20,000 credentials in a presentation",
        lambda: data(presentation(*[{"type": "EuropeanDigitalCredential", "n": n} for n in range(20_000)])),
        "more than 10,000 credentials",
        "bad.in",
    )
    flat = {
        "@context": ENVELOPE["@context"],
        "@graph": [{**presentation(), "verifiableCredential": [good["id"]]}, good],
    }
    yield Bad("EDC: a flattened presentation", data(flat), "presentation is flattened", "/@graph")
    two = [good, {**good, "id": "urn:credential:2"}]
    yield Bad("EDC: two flattened credentials", data({"@graph": two}), "2 credentials stand in it", "/@graph/1")
    yield Bad("EDC: two in an uploadable file", data({"credential": two}), "holds one credential", "/credential/1")
    yield Bad("EDC: two in a payload", data(sealed(two)), "array of 2 values", "/payload/1")
    for value, says in ((7, "the number 7"), (None, "null"), (good, "the object"), ([], "the array")):
        yield Bad(f"EDC: a payload of {says}", data({**sealed(""), "payload": value}), says, "/payload")
    for text, says in (
        ("", "cannot be read"),
        ("[1]", "the number 1"),
        ('"EuropeanDigitalCredential"', "the text"),
        ("EuropeanDigitalCredential", "cannot be read"),
        ("e30", "no EuropeanDigitalCredential"),
        ('{"a": 1, "a": 2}', '"a" stands twice'),
        ("[" * 10_000 + "]" * 10_000, "128 deep"),
        (json.dumps(sealed(good)), "no EuropeanDigitalCredential"),
    ):
        yield Bad(f"EDC: a payload of {text[:30]!r}", data(sealed(text)), says, "/payload")
    hundred = 100 * MILLION
    yield Bad(
        "EDC: 100 MB",
        lambda: data(good)[:-1] + b" " * (hundred - len(data(good))) + b"}",
        "100,000,000 bytes",
        "bad.in",
    )
    yield Bad(
        "EDC: two million objects",
        lambda: data(good)[:-1] + b', "evidence": [' + b"{}," * 2 * MILLION + b"{}]}",
        "more than 500,000 values",
        "bad.in",
    )
    yield Bad(
        "EDC: a number of 5,000 digits", data(good)[:-1] + b', "x": ' + b"9" * 5_000 + b"}", "no JSON", "bad.in:1:"
    )


REFUSED: Final = tuple(_bad())


def _suspicious() -> Iterator[tuple[str, Any, str, str]]:
    good = credential(claim())
    bare = {key: value for key, value in good.items() if key != "@context"}
    yield "no context", bare, "edc/no-context", ""
    context = [*ENVELOPE["@context"], "http://127.0.0.1:9/context"]
    yield "a context from elsewhere", {**good, "@context": context}, "edc/unknown-context", "/@context"
    inline = [*ENVELOPE["@context"], {"x": "urn:x"}]
    yield "a context of its own", {**good, "@context": inline}, "edc/unknown-context", "/@context"
    yield "version 2 of the context", {**good, "@context": [V2, ENVELOPE["@context"][1]]}, "edc/other-context", "/@con"
    yield "no claim", credential(), "edc/empty", "/credentialSubject/hasClaim"
    yield "nothing claimed", credential(), "edc/no-claim", "/credentialSubject"
    yield "a credential in a credential", credential(claim(), holder=good | {"id": "urn:2"}), "edc/second-", "/holder"
    chain = [
        {"id": f"urn:epass:org:{n}", "type": "Organisation", "subOrganizationOf": [f"urn:epass:org:{n + 1}"]}
        for n in range(3_000)
    ]
    award = {"type": "AwardingProcess", "awardingBody": chain}
    yield "3,000 organisations in each other", credential(claim(awardedBy=award)), "edc/references-too-deep", "/"
    yield (
        "400 achievements in each other",
        credential(*[claim(str(n), hasPart=[f"urn:epass:learningAchievement:{n + 1}"]) for n in range(400)]),
        "edc/references-too-deep",
        "/",
    )
    unknown = claim() | {f"key{n}": n for n in range(5_000)}
    yield (
        "5,000 keys that nobody knows",
        credential(unknown),
        "edc/unknown-key",
        "/credentialSubject/hasClaim/0/key4999",
    )


SUSPICIOUS: Final = tuple(_suspicious())
"""What is read all the same, the rule that says what is wrong with it, and how the pointer begins."""

NUMBERS: Final = ("1e400", "-1e-400", "1e999999999", "9" * 40, "9" * 4_000, "-0.0", "1.5")
"""Numbers of JSON that are too large to be written out, or no whole numbers."""


def numbered(number: str) -> bytes:
    """A credential with this number at each place where there can be one."""
    grading = {"percentageLower": "@@", "percentageEqual": "@@", "percentageHigher": "@@", "type": "ShortenedGrading"}
    results = {"type": "ResultDistribution", "resultCategory": [{"label": "A", "count": "@@"}]}
    proof = {"type": "LearningAssessment", "title": {"en": "X"}, "grade": "@@", "shortenedGrading": grading}
    activity = {"type": "LearningActivity", "title": {"en": "X"}, "levelOfCompletion": "@@", "workload": "@@"}
    points = {
        "type": "CreditPoint",
        "framework": "http://data.europa.eu/snb/education-credit/6fcec5c5af",
        "point": "@@",
    }
    details = [{"type": "DisplayDetail", "page": "@@", "image": {"type": "MediaObject", "contentSize": "@@"}}]
    display = {"individualDisplay": [{"language": "@@", "displayDetail": details}], "title": "@@"}
    made = credential(
        claim(
            provenBy=[{**proof, "resultDistribution": results}],
            influencedBy=[activity],
            creditReceived=[points],
            specifiedBy={"type": "Qualification", "volumeOfLearning": "@@", "isPartialQualification": "@@"},
        ),
        displayParameter=display,
        identifier="@@",
        issued="@@",
    )
    return data(made).replace(b'"@@"', number.encode())
