"""Seals of European Digital Credentials: what holds, what does not, and that what holds is what is read."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mcbridge.conversion import Reading, read
from mcbridge.errors import InputError
from mcbridge.limits import DEFAULT, limits_of
from mcbridge.model import CertificateState, Credential, Seal, SealState, SealTrust
from mcbridge.origins import Luggage, Source
from mcbridge.seals import Terms, Trusted
from tests.golden.cases import TABLES
from tests.unit.seals.jades_signing import (
    CREDENTIAL,
    TEXT,
    Private,
    Way,
    curve_key,
    entry,
    header_of,
    key_for,
    payload_of,
    seal_certificate,
    sealed,
    url,
    written,
)
from tests.unit.seals.signing import ec_key, rsa_key

NOW = datetime(2031, 6, 1, tzinfo=UTC)
TERMS = Terms(at=NOW)
WRONG = TEXT.replace("Maps for", "Maps fox")


def trusting(*keys: Private) -> Terms:
    ders = [key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for key in keys]
    return Terms(trusted=tuple(Trusted(f"key-{number}.pem", der) for number, der in enumerate(ders)), at=NOW)


class Looked:
    """What came of one document: its record, and what was found of its seal."""

    def __init__(self, document: Any, terms: Terms = TERMS, **limits: int) -> None:
        data = document if isinstance(document, bytes) else written(document)
        self.luggage = Luggage()
        source = Source("credential.jsonld", data, limits=limits_of(limits) if limits else DEFAULT)
        reads = list(read(source, self.luggage, reading=Reading(tables=TABLES, seals=terms)))
        [self.record] = [each.record for each in reads if isinstance(each.record, Credential)]
        found = [each for each in self.luggage.report if each.rule.id.startswith("seal/")]
        self.ids = [each.rule.id for each in found]
        self.said = "\n".join(each.message for each in found)

    @property
    def seal(self) -> Seal:
        assert self.record.seal is not None
        return self.record.seal

    @property
    def state(self) -> SealState:
        return self.seal.state


ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed448")


@pytest.mark.parametrize("b64", [False, True], ids=["as it is", "base64url"])
@pytest.mark.parametrize("alg", ALGORITHMS)
def test_a_credential_that_nobody_changed_holds_by_the_key_in_it(alg: str, *, b64: bool) -> None:
    way = Way(alg=alg, b64=b64)
    found = Looked(sealed(way=way))
    assert (found.state, found.seal.kind, found.ids) == (SealState.EMBEDDED, "JAdES", ["seal/untrusted"])
    other = sealed(way=way) | {"payload": payload_of(WRONG, way)}
    assert (Looked(other).state, Looked(other).ids) == (SealState.INVALID, ["seal/invalid"])


def test_what_is_known_of_the_signer_is_recorded_and_that_nobody_vouches() -> None:
    key = rsa_key()
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert Looked(sealed(key)).seal == Seal(
        state=SealState.EMBEDDED,
        kind="JAdES",
        signer="CN=Seal of Nowhere,2.5.4.97=VATHR-00000000001,O=University of Nowhere,C=HR",
        organisation_identifier="VATHR-00000000001",
        fingerprint=hashlib.sha256(der).hexdigest(),
        signed_at=datetime(2031, 5, 2, 9, 30, tzinfo=UTC),
        certificate=CertificateState.CURRENT,
        certificate_from=datetime(2030, 1, 1, tzinfo=UTC),
        certificate_until=datetime(2032, 1, 1, tzinfo=UTC),
        trust=SealTrust.NOT_EVALUATED,
    )


def test_a_key_that_the_user_knows_makes_the_difference() -> None:
    known = Looked(sealed(), trusting(rsa_key(1), rsa_key()))
    assert (known.state, known.ids, "key-1.pem" in known.said) == (SealState.TRUSTED, ["seal/trusted"], True)
    other = Looked(sealed(), trusting(rsa_key(1)))
    assert (other.state, other.ids) == (SealState.EMBEDDED, ["seal/untrusted"])
    bare = Way(without=("x5c", "x5t#S256"))
    assert Looked(sealed(way=bare), trusting(rsa_key(1), rsa_key())).state is SealState.TRUSTED
    assert Looked(sealed(way=bare), trusting(rsa_key(1))).ids == ["seal/unverified"]
    assert Looked(sealed(way=bare)).state is SealState.PRESENT
    assert Looked(sealed(way=bare) | {"payload": WRONG}, trusting(rsa_key())).state is SealState.PRESENT


def test_only_the_text_counts_and_not_how_the_file_spells_it() -> None:
    """The signature is over the payload once its escapes are resolved, so escaping it otherwise changes nothing."""
    document = sealed()
    plain, escaped = written(document), written(document, ensure_ascii=True, indent=3)
    all_escaped = b"".join(b"\\u%04x" % ord(each) for each in document["payload"])
    spelled = written(document | {"payload": "@"}).replace(b'"@"', b'"%s"' % all_escaped)
    assert len({plain, escaped, spelled}) == 3
    for data in (plain, escaped, spelled, b"\xef\xbb\xbf" + plain):
        assert Looked(data).state is SealState.EMBEDDED
    changed = spelled.replace(b"\\u004d\\u0061\\u0070\\u0073", b"\\u004d\\u0061\\u0070\\u0074")
    assert (Looked(changed).state, changed != spelled) == (SealState.INVALID, True)


def test_the_keys_of_the_file_may_be_escaped_too() -> None:
    """A signature that nobody finds by its name would be one that nobody verifies."""
    hidden = written(sealed() | {"payload": WRONG}).replace(b'"payload"', b'"p\\u0061yload"')
    assert Looked(hidden).state is SealState.INVALID


def test_saving_the_credential_again_breaks_its_seal() -> None:
    assert Looked(sealed() | {"payload": json.dumps(CREDENTIAL)}).state is SealState.INVALID


def test_one_signature_may_stand_by_itself() -> None:
    several = sealed()
    flat = {"payload": several["payload"], **several["signatures"][0]}
    assert Looked(flat).state is SealState.EMBEDDED
    assert Looked(flat | {"payload": WRONG}).state is SealState.INVALID
    both = several | {"signature": several["signatures"][0]["signature"]}
    assert (Looked(both).state, "beside a list" in Looked(both).said) == (SealState.INVALID, True)


def test_a_payload_is_what_its_header_says_or_the_seal_is_broken() -> None:
    """Else one text would be signed and another one read."""
    text = url(TEXT.encode())
    claimed = {"payload": text, "signatures": [entry(text, rsa_key(), Way(b64=False))]}
    assert Looked(claimed).record.achievements, "this is what is read"
    assert (Looked(claimed).state, "not the credential that is read" in Looked(claimed).said) == (
        SealState.INVALID,
        True,
    )
    raw = {"payload": TEXT, "signatures": [entry(TEXT, rsa_key(), Way(b64=True))]}
    assert (Looked(raw).state, "base64url" in Looked(raw).said) == (SealState.INVALID, True)


def test_b64_need_not_be_critical_and_is_true_where_it_is_missing() -> None:
    assert Looked(sealed(way=Way(without=("crit",)))).state is SealState.EMBEDDED
    way = Way(b64=True, without=("b64", "crit"))
    assert Looked(sealed(way=way)).state is SealState.EMBEDDED


# --- headers

HOSTILE: dict[str, tuple[Callable[[], Any], SealState, str]] = {
    "alg none": (
        lambda: {"payload": TEXT, "signatures": [entry(TEXT, None, Way(alg="none"))]},
        SealState.INVALID,
        "signs nothing",
    ),
    "alg None": (
        lambda: {"payload": TEXT, "signatures": [entry(TEXT, None, Way(alg="nOnE"))]},
        SealState.INVALID,
        "signs nothing",
    ),
    "none, with a certificate": (
        lambda: sealed(way=Way(alg="none", header={"x5c": ["AA=="]}), key=b""),
        SealState.INVALID,
        "signs nothing",
    ),
    "HMAC": (lambda: sealed(b"secret", Way(alg="HS256")), SealState.UNSUPPORTED, "HMAC"),
    "HMAC with the public key as its secret": (
        lambda: sealed(
            rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            Way(alg="HS256", header={key: header_of(rsa_key(), Way())[key] for key in ("x5c", "x5t#S256")}),
        ),
        SealState.INVALID,
        "a secret that is shared",
    ),
    "an algorithm that nobody knows": (
        lambda: sealed(rsa_key(), Way(alg="XS256")),
        SealState.UNSUPPORTED,
        '"XS256"',
    ),
    "SHA-1": (lambda: sealed(rsa_key(), Way(alg="RS1")), SealState.UNSUPPORTED, '"RS1"'),
    "no algorithm": (lambda: sealed(rsa_key(), Way(without=("alg",))), SealState.INVALID, "by which algorithm"),
    "RSA by a key on a curve": (lambda: sealed(ec_key(), Way(alg="RS256")), SealState.INVALID, "of another kind"),
    "a curve by an RSA key": (lambda: sealed(rsa_key(), Way(alg="ES256")), SealState.INVALID, "of another kind"),
    "another curve": (lambda: sealed(curve_key("384"), Way(alg="ES256")), SealState.INVALID, "of another kind"),
    "PSS said, PKCS #1 made": (lambda: relabelled("PS256"), SealState.INVALID, "changed after it was signed"),
    "a short key": (lambda: sealed(rsa_key(0, 1024)), SealState.UNSUPPORTED, "1024 bits"),
    "critical and unknown": (
        lambda: sealed(way=Way(header={"crit": ["b64", "http://example.org/new"], "http://example.org/new": 1})),
        SealState.UNSUPPORTED,
        '"http://example.org/new"',
    ),
    "critical and missing": (
        lambda: sealed(way=Way(header={"crit": ["b64", "adoTst"]})),
        SealState.INVALID,
        '"adoTst"',
    ),
    "nothing critical": (lambda: sealed(way=Way(header={"crit": []})), SealState.INVALID, '"crit"'),
    "crit is a word": (lambda: sealed(way=Way(header={"crit": "b64"})), SealState.INVALID, '"crit"'),
    "crit of numbers": (lambda: sealed(way=Way(header={"crit": [1]})), SealState.INVALID, '"crit"'),
    "b64 is a word": (lambda: sealed(way=Way(header={"b64": "false"})), SealState.INVALID, '"b64"'),
    "covering something else": (
        lambda: sealed(way=Way(header={"sigD": {"mId": "http://uri.etsi.org/19182/HttpHeaders"}})),
        SealState.UNSUPPORTED,
        "sigD",
    ),
    "b64 outside of what is signed": (
        lambda: sealed(way=Way(without=("b64", "crit"), aside={"b64": False})),
        SealState.INVALID,
        "not signed itself",
    ),
    "alg outside of what is signed": (
        lambda: sealed(way=Way(without=("alg",), aside={"alg": "RS256"})),
        SealState.INVALID,
        "not signed itself",
    ),
    "said twice": (lambda: sealed(way=Way(aside={"typ": "JOSE"})), SealState.INVALID, "twice"),
    "unprotected that is no object": (lambda: first(header=["etsiU"]), SealState.INVALID, "unprotected"),
    "not protected": (lambda: first(protected=None), SealState.INVALID, "no protected header"),
    "protected by nothing": (lambda: first(protected=""), SealState.INVALID, "no protected header"),
    "protected with padding": (lambda: first(protected="e30="), SealState.INVALID, "no protected header"),
    "protected that is no JSON": (lambda: first(protected=url(b"{")), SealState.INVALID, "no JSON"),
    "protected that is no object": (lambda: first(protected=url(b"[1]")), SealState.INVALID, "no object"),
    "protected and endless": (lambda: first(protected=url(b"[" * 200_000)), SealState.INVALID, "no JSON"),
    "two algorithms": (
        lambda: first(protected=url(b'{"alg":"none","alg":"RS256"}')),
        SealState.INVALID,
        'twice: "alg"',
    ),
    "no value": (lambda: first(signature=""), SealState.INVALID, "no signature value"),
    "a value that is none": (lambda: first(signature="****"), SealState.INVALID, "no signature value"),
    "a value of another": (lambda: first(signature=url(b"\0" * 256)), SealState.INVALID, "changed after"),
    "no signature": (lambda: sealed() | {"signatures": []}, SealState.INVALID, "no signature in it"),
    "signatures that are none": (lambda: sealed() | {"signatures": "x"}, SealState.INVALID, "no signature in it"),
    "a signature that is none": (lambda: sealed() | {"signatures": [1]}, SealState.INVALID, "no object"),
    "too many": (lambda: sealed() | {"signatures": [{}] * 21}, SealState.UNSUPPORTED, "more than 20"),
    "another certificate": (
        lambda: sealed(way=Way(header={"x5c": header_of(rsa_key(1), Way())["x5c"]})),
        SealState.INVALID,
        '"x5t#S256"',
    ),
    "another certificate, digest and all": (
        lambda: sealed(way=Way(certificate=seal_certificate(rsa_key(1)))),
        SealState.INVALID,
        "changed after",
    ),
    "a certificate that is none": (
        lambda: sealed(way=Way(header={"x5c": ["AAAA"]}, without=("x5t#S256",))),
        SealState.INVALID,
        "certificate (x5c)",
    ),
    "certificates that are none": (lambda: sealed(way=Way(header={"x5c": "AAAA"})), SealState.INVALID, "(x5c)"),
    "a digest that is none": (lambda: sealed(way=Way(header={"x5t#S256": 5})), SealState.INVALID, '"x5t#S256"'),
    "a digest by an unknown algorithm": (
        lambda: sealed(way=Way(header={"x5t#o": {"digAlg": "MD5", "digVal": "AA"}})),
        SealState.UNSUPPORTED,
        '"MD5"',
    ),
    "two keys": (
        lambda: sealed(way=Way(header={"jwk": numbers(ec_key())})),
        SealState.INVALID,
        "two different keys",
    ),
    "a key on no curve": (
        lambda: sealed(way=Way(header={"jwk": {"kty": "EC", "crv": [], "x": "AA", "y": "AA"}}, without=("x5c",))),
        SealState.INVALID,
        "(jwk)",
    ),
    "a key that is none": (
        lambda: sealed(way=Way(header={"jwk": {"kty": "RSA"}}, without=("x5c",))),
        SealState.INVALID,
        "(jwk)",
    ),
}


def first(**changes: Any) -> dict[str, Any]:
    document = sealed()
    [made] = document["signatures"]
    return document | {"signatures": [made | changes]}


def relabelled(alg: str) -> dict[str, Any]:
    """Made in one way, and said to be made in another."""
    protected = url(json.dumps(header_of(rsa_key(), Way(alg=alg))).encode())
    return sealed(way=Way(protected=protected))


def numbers(key: Any) -> dict[str, Any]:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"kty": "EC", "crv": "P-256", "x": url(point[1:33]), "y": url(point[33:])}


@pytest.mark.parametrize("terms", [TERMS, trusting(rsa_key(), ec_key())], ids=["no trust", "the signer is trusted"])
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_or_unknown_is_never_said_to_hold(name: str, terms: Terms) -> None:
    make, state, words = HOSTILE[name]
    found = Looked(make(), terms)
    assert (found.state, words in found.said) == (state, True), found.said
    rule = "seal/invalid" if state is SealState.INVALID else "seal/unsupported-algorithm"
    assert found.ids == [rule]
    assert (found.seal.signer, found.seal.trust, found.seal.signed_at) == (None, None, None)


def test_a_key_by_its_numbers_is_a_key() -> None:
    way = Way(alg="ES256", header={"jwk": numbers(ec_key())}, without=("x5c", "x5t#S256"))
    found = Looked(sealed(ec_key(), way))
    assert (found.state, found.seal.signer, "SHA-256" in found.said) == (SealState.EMBEDDED, None, True)
    public = rsa_key().public_key().public_numbers()
    modulus, exponent = (number.to_bytes((number.bit_length() + 7) // 8) for number in (public.n, public.e))
    jwk = {"kty": "RSA", "n": url(modulus), "e": url(exponent)}
    assert Looked(sealed(way=Way(header={"jwk": jwk}, without=("x5c", "x5t#S256")))).state is SealState.EMBEDDED
    edwards = curve_key("Ed25519").public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": url(edwards)}
    way = Way(alg="EdDSA", header={"jwk": jwk}, without=("x5c", "x5t#S256"))
    assert Looked(sealed(way=way)).state is SealState.EMBEDDED


@pytest.mark.parametrize("spelling", ["S512", "http://www.w3.org/2001/04/xmlenc#sha512"])
def test_the_other_ways_to_name_a_certificate_are_held_against_it(spelling: str) -> None:
    der = seal_certificate(rsa_key()).public_bytes(Encoding.DER)
    held = {"x5c": [b64encode(der).decode()]}
    right = {"digAlg": spelling, "digVal": url(hashlib.sha512(der).digest())}
    wrong = right | {"digVal": url(hashlib.sha512(b"other").digest())}
    for name, make in (("x5t#o", lambda said: said), ("sigX5ts", lambda said: [said])):
        said = [Way(header=held | {name: make(each)}, without=("x5t#S256",)) for each in (right, wrong)]
        assert [Looked(sealed(way=way)).state for way in said] == [SealState.EMBEDDED, SealState.INVALID]


def test_a_certificate_that_is_not_signed_itself_names_nobody() -> None:
    """Whoever holds the document could put any certificate of that key there."""
    chain = header_of(rsa_key(), Way())["x5c"]
    way = Way(without=("x5c", "x5t#S256"), aside={"x5c": chain})
    assert Looked(sealed(way=way)).ids == ["seal/not-evaluated", "seal/unverified"]


# --- moments


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ({"sigT": "2031-05-02T09:30:00Z"}, datetime(2031, 5, 2, 9, 30, tzinfo=UTC)),
        ({"sigT": "2031-05-02T11:30:00+02:00"}, datetime(2031, 5, 2, 9, 30, tzinfo=UTC)),
        ({"iat": 1935480600, "crit": ["b64", "iat"]}, datetime(2031, 5, 2, 9, 30, tzinfo=UTC)),
        ({"crit": ["b64"]}, None),
    ],
)
def test_when_it_was_signed_is_what_the_signer_says(said: dict[str, Any], moment: datetime | None) -> None:
    without = () if "sigT" in said else ("sigT",)
    found = Looked(sealed(way=Way(header=said, without=without)))
    assert (found.state, found.seal.signed_at, found.ids) == (SealState.EMBEDDED, moment, ["seal/untrusted"])


@pytest.mark.parametrize(
    "said",
    ["yesterday", "2033-05-02T09:30:00Z", "2029-05-02T09:30:00Z", "0001-01-01T00:00:00+14:00", "", 5, 10**30, None, []],
)
def test_a_moment_that_cannot_be_true_is_said(said: Any) -> None:
    found = Looked(sealed(way=Way(header={"sigT": said})))
    ids = ["seal/untrusted"] if said is None else ["seal/signing-time", "seal/untrusted"]
    assert (found.state, found.ids) == (SealState.EMBEDDED, ids)


@pytest.mark.parametrize(
    ("at", "state", "rule"),
    [
        (datetime(2032, 6, 1, tzinfo=UTC), CertificateState.EXPIRED, ["seal/certificate-expired"]),
        (datetime(2029, 6, 1, tzinfo=UTC), CertificateState.EARLY, ["seal/certificate-not-yet-valid"]),
        (NOW, CertificateState.CURRENT, []),
        (None, None, []),
    ],
)
def test_certificates_are_judged_at_the_time_asked_for(
    at: datetime | None, state: CertificateState | None, rule: list[str]
) -> None:
    found = Looked(sealed(), Terms(at=at))
    assert (found.state, found.seal.certificate, found.ids) == (SealState.EMBEDDED, state, [*rule, "seal/untrusted"])


def test_the_date_of_issue_of_the_document_may_be_that_time() -> None:
    found = Looked(sealed(), Terms(at=datetime(2040, 1, 1, tzinfo=UTC), issued=True))
    assert found.seal.certificate is CertificateState.CURRENT


def test_what_stands_beside_is_named_and_not_believed() -> None:
    stamps: list[Any] = [url(json.dumps({name: {}}).encode()) for name in ("sigTst", "xVals", "rVals", "arcTst")]
    way = Way(header={"adoTst": {"tstTokens": []}, "crit": ["b64", "sigT", "adoTst"]}, aside={"etsiU": stamps})
    found = Looked(sealed(way=way))
    assert (found.state, found.ids) == (SealState.EMBEDDED, ["seal/not-evaluated", "seal/untrusted"])
    assert "not evaluated: adoTst, sigTst, xVals, rVals, arcTst" in found.said
    odd = [{"tstVD": {}}, "****", 5, {}, {"a\nb": 1}]
    said = Looked(sealed(way=Way(aside={"etsiU": odd, "note": 1}))).said
    assert "not evaluated: tstVD, something without a name, note" in said


# --- several signatures


def together(*made: tuple[Any, Way], text: str = TEXT) -> dict[str, Any]:
    payload = payload_of(text, made[0][1])
    return {"payload": payload, "signatures": [entry(payload, key, way) for key, way in made]}


def test_several_signatures_hold_together() -> None:
    both = together((rsa_key(), Way()), (ec_key(), Way(alg="ES256")))
    found = Looked(both)
    assert (found.state, found.ids) == (SealState.EMBEDDED, ["seal/untrusted", "seal/untrusted"])
    second = Looked(both, trusting(ec_key()))
    assert (second.state, second.ids) == (SealState.TRUSTED, ["seal/untrusted", "seal/trusted"])
    der = ec_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert second.seal.fingerprint == hashlib.sha256(der).hexdigest(), "the seal is that of the key that says more"


@pytest.mark.parametrize("at", [0, 1])
def test_one_broken_signature_breaks_the_seal(at: int) -> None:
    both = together((rsa_key(), Way()), (ec_key(), Way(alg="ES256")))
    both["signatures"][at]["signature"] = url(b"\1" * 64)
    found = Looked(both, trusting(rsa_key(), ec_key()))
    assert (found.state, found.ids) == (SealState.INVALID, ["seal/invalid"])
    unsigned = together((rsa_key(), Way()), (None, Way(alg="none")))
    assert Looked(unsigned, trusting(rsa_key())).state is SealState.INVALID


def test_one_that_is_not_followed_is_said_beside_the_one_that_holds() -> None:
    found = Looked(together((b"secret", Way(alg="HS256")), (rsa_key(), Way())))
    assert (found.state, found.ids) == (SealState.EMBEDDED, ["seal/unsupported-algorithm", "seal/untrusted"])


def test_signatures_that_read_the_payload_differently_are_refused() -> None:
    found = Looked(together((rsa_key(), Way()), (rsa_key(1), Way(b64=True))))
    assert (found.state, "do not agree" in found.said) == (SealState.INVALID, True)


# --- what is around


@pytest.mark.parametrize(
    "spell",
    [
        lambda data: data.replace(b'{"payload"', b'{"payload": "{}", "payload"', 1),
        lambda data: data.replace(b'{"payload"', b'{"p\\u0061yload": "{}", "payload"', 1),
        lambda data: data.replace(b'"signatures"', b'"signatures": [], "signatures"', 1),
    ],
    ids=["payload", "escaped payload", "signatures"],
)
def test_what_the_file_says_twice_is_not_read(spell: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InputError, match="twice"):
        Looked(spell(written(sealed())))


def test_what_the_payload_says_twice_is_not_read_however_well_it_is_signed() -> None:
    with pytest.raises(InputError, match="twice"):
        Looked(sealed(text=TEXT.replace('"issued"', '"issued": "2031-05-02T09:30:00Z", "issued"', 1)))


def test_nothing_beside_the_payload_is_read() -> None:
    other = CREDENTIAL | {"id": "urn:credential:forged"}
    found = Looked({"credential": other, "verifiableCredential": [other], **other, **sealed()})
    assert (found.state, found.record.identifiers) == (SealState.EMBEDDED, Looked(sealed()).record.identifiers)


def test_a_proof_within_the_credential_is_named_and_not_followed() -> None:
    proof = {"proof": {"type": "DataIntegrityProof", "proofValue": "z123"}}
    for document in (CREDENTIAL | proof, {"credential": CREDENTIAL | proof, "deliveryDetails": {}}):
        found = Looked(document)
        assert (found.state, found.ids) == (SealState.UNSUPPORTED, ["seal/unsupported-algorithm"])
        assert "Data Integrity" in found.said
    assert Looked(CREDENTIAL).record.seal is None


def test_a_document_that_is_too_large_is_not_verified() -> None:
    found = Looked(sealed() | {"payload": WRONG}, seal=1000)
    assert (found.state, found.ids) == (SealState.PRESENT, ["seal/unverified"])


def test_the_record_of_another_conversion_keeps_what_was_known() -> None:
    """What we write is not sealed; a seal in our own format is a remark about where a record was before."""
    import msgspec

    record = replace_seal(Looked(sealed()).record)
    luggage = Luggage()
    data = msgspec.json.encode(record)
    [again] = read(Source("record.json", data), luggage, reading=Reading(tables=TABLES, seals=TERMS))
    assert isinstance(again.record, Credential)
    assert (again.record.seal, len(luggage.report)) == (record.seal, 0)


def replace_seal(record: Credential) -> Credential:
    import msgspec

    assert record.seal is not None
    return msgspec.structs.replace(record, seal=Seal(state=SealState.PRESENT, kind=record.seal.kind))


def test_the_ways_of_these_tests_are_those_of_the_standard() -> None:
    """What another implementation of JSON Web Signatures says of them."""
    jws = pytest.importorskip("jwcrypto.jws", reason="jwcrypto is not installed")
    jwk = pytest.importorskip("jwcrypto.jwk", reason="jwcrypto is not installed")
    common = pytest.importorskip("jwcrypto.common", reason="jwcrypto is not installed")
    registry = {"sigT": common.JWSEHeaderParameter("signing time", True, True, None)}
    verdicts = []
    for alg in ALGORITHMS:
        if alg == "Ed448":
            continue
        for text in (TEXT, WRONG):
            made = replace_payload(sealed(way=Way(alg=alg)), text)
            token = jws.JWS(header_registry=registry)
            token.allowed_algs = [alg]
            token.deserialize(json.dumps(made))
            public = key_for(alg).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            try:
                token.verify(jwk.JWK.from_pem(public))
                verdicts.append(True)
            except jws.InvalidJWSSignature:
                verdicts.append(False)
            assert (Looked(made).state is SealState.EMBEDDED) == verdicts[-1]
    assert verdicts == [True, False] * 10


def replace_payload(document: dict[str, Any], text: str) -> dict[str, Any]:
    return document | {"payload": text}
