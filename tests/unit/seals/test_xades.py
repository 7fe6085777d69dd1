"""Seals of older Europass XML (XAdES): what holds, what does not, and that nothing but the known is followed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from mcbridge.diagnostics import place
from mcbridge.model import CertificateState, SealState, SealTrust
from mcbridge.model import Seal as Known
from mcbridge.seals import Found, Terms, Trusted, look
from tests.unit.seals.jades_signing import seal_certificate
from tests.unit.seals.signing import DS, ENC, EXCLUSIVE, INCLUSIVE, MORE, PSS, Private, ec_key, key_value, rsa_key
from tests.unit.seals.xades_signing import (
    BY_FILTER,
    BY_XPATH,
    CREDENTIAL,
    ENVELOPED,
    SNB,
    XADES,
    XPATH,
    Seal,
    by_filter,
    presentation,
    sealed,
)

NOW = datetime(2031, 6, 1, tzinfo=UTC)
TERMS = Terms(at=NOW)
TAMPERED = (b"Maps for beginners", b"Maps for experts")


def trusting(*keys: Private) -> Terms:
    ders = [key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for key in keys]
    return Terms(trusted=tuple(Trusted(f"key-{number}.pem", der) for number, der in enumerate(ders)), at=NOW)


def state(data: bytes, terms: Terms = TERMS) -> SealState:
    return seal(look(data, "a.xml", terms)).state


def seal(found: Found) -> Known:
    assert found.seal is not None
    return found.seal


def ids(found: Found) -> list[str]:
    return sorted(each.rule.id for each in found.findings)


WAYS: dict[str, tuple[Callable[[], Private], Seal]] = {
    "xpath": (rsa_key, Seal()),
    "xpath, spaced": (rsa_key, Seal(left_out=BY_XPATH.replace("not(", " not(\n ").replace("::ds", ":: ds"))),
    "xpath, enveloped in full": (
        rsa_key,
        Seal(
            left_out=f'<ds:Transform Algorithm="{XPATH}"><ds:XPath>count(ancestor-or-self::ds:Signature '
            "| here()/ancestor::ds:Signature[1]) &gt; count(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>"
        ),
    ),
    "filter": (rsa_key, Seal(left_out=BY_FILTER)),
    "filter, by the signature itself": (rsa_key, Seal(left_out=by_filter("here()/ancestor::ds:Signature[1]"))),
    "filter, shortened": (rsa_key, Seal(left_out=by_filter("//ds:Signature"))),
    "enveloped": (rsa_key, Seal(left_out=ENVELOPED)),
    "enveloped and xpath": (rsa_key, Seal(left_out=ENVELOPED + BY_XPATH)),
    "no canonical form": (rsa_key, Seal(form="")),
    "inclusive": (rsa_key, Seal(form=f'<ds:Transform Algorithm="{INCLUSIVE}"/>', canonical=INCLUSIVE)),
    "sha-512": (rsa_key, Seal(method=f"{MORE}rsa-sha512", digest=f"{ENC}sha512")),
    "pss": (rsa_key, Seal(method=f"{PSS}sha256-rsa-MGF1")),
    "ecdsa": (ec_key, Seal(method=f"{MORE}ecdsa-sha256")),
    "the first edition of the certificate": (rsa_key, Seal(name="SigningCertificate")),
    "the key is signed, too": (rsa_key, Seal(key_signed=True)),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_credential_that_nobody_changed_holds_and_one_changed_character_breaks_it(name: str) -> None:
    make, how = WAYS[name]
    data = sealed(CREDENTIAL, make(), how)
    found = look(data, "a.xml", TERMS)
    assert (seal(found).state, seal(found).kind, ids(found)) == (SealState.EMBEDDED, "XAdES", ["seal/untrusted"])
    assert state(data.replace(*TAMPERED)) is SealState.INVALID
    assert state(data.replace(b"<issued>2031", b"<issued>2032")) is SealState.INVALID


def test_what_is_known_of_the_signer_is_recorded() -> None:
    der = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    found = look(sealed(), "a.xml", TERMS)
    assert found.seal == Known(
        state=SealState.EMBEDDED,
        kind="XAdES",
        signer="CN=Seal of Nowhere,2.5.4.97=VATHR-00000000001,O=University of Nowhere,C=HR",
        organisation_identifier="VATHR-00000000001",
        fingerprint=hashlib.sha256(der).hexdigest(),
        signed_at=datetime(2031, 5, 2, 9, 30, tzinfo=UTC),
        certificate=CertificateState.CURRENT,
        certificate_from=datetime(2030, 1, 1, tzinfo=UTC),
        certificate_until=datetime(2032, 1, 1, tzinfo=UTC),
        trust=SealTrust.NOT_EVALUATED,
    )
    assert {place(each.location) for each in found.findings} == {"europassCredential/proof[1]/Signature[1]"}


def test_a_key_that_the_user_knows_makes_the_difference() -> None:
    assert state(sealed(), trusting(rsa_key())) is SealState.TRUSTED
    assert ids(look(sealed(), "a.xml", trusting(rsa_key(1)))) == ["seal/untrusted"]
    keyless = sealed(how=Seal(key_info="<ds:KeyName>a</ds:KeyName>"))
    assert (state(keyless), state(keyless, trusting(rsa_key(1)))) == (SealState.PRESENT, SealState.PRESENT)
    assert state(keyless, trusting(rsa_key(1), rsa_key())) is SealState.TRUSTED


def test_a_bare_key_is_a_key() -> None:
    found = look(sealed(how=Seal(key_info=key_value(rsa_key()))), "a.xml", TERMS)
    assert (seal(found).state, seal(found).signer) == (SealState.EMBEDDED, None)


def test_sha1_is_verified_with_permission_only() -> None:
    ways = (Seal(method=f"{DS}rsa-sha1"), Seal(digest=f"{DS}sha1"), Seal(certificate_digest=f"{DS}sha1"))
    for how in ways:
        found = look(sealed(how=how), "a.xml", TERMS)
        assert (seal(found).state, ids(found)) == (SealState.UNSUPPORTED, ["seal/legacy-algorithm"])
        allowed = look(sealed(how=how), "a.xml", Terms(at=NOW, allow_sha1=True))
        assert seal(allowed).state is SealState.EMBEDDED
        assert ids(allowed) == ["seal/legacy-algorithm", "seal/untrusted"]
        assert state(sealed(how=how).replace(*TAMPERED), Terms(allow_sha1=True)) is SealState.INVALID


@pytest.mark.parametrize(
    ("at", "expected"),
    [(datetime(2033, 1, 1, tzinfo=UTC), CertificateState.EXPIRED), (NOW, CertificateState.CURRENT)],
)
def test_certificates_are_judged_at_the_time_asked_for(at: datetime, expected: CertificateState) -> None:
    assert seal(look(sealed(), "a.xml", Terms(at=at))).certificate is expected


def test_a_moment_that_cannot_be_true_is_said() -> None:
    for time in ("2033-01-01T00:00:00Z", "soon"):
        assert ids(look(sealed(how=Seal(time=time)), "a.xml", TERMS)) == ["seal/signing-time", "seal/untrusted"]


def test_what_stands_beside_is_named_and_not_believed() -> None:
    stamps = "<x:SignedDataObjectProperties><x:AllDataObjectsTimeStamp/></x:SignedDataObjectProperties>"
    inside = "<x:SignatureTimeStamp/><x:RevocationValues/>"
    unsigned = f"<x:UnsignedSignatureProperties>{inside}</x:UnsignedSignatureProperties>"
    how = Seal(stamps=stamps, unsigned=f"<x:UnsignedProperties>{unsigned}</x:UnsignedProperties>")
    found = look(sealed(how=how), "a.xml", TERMS)
    assert ids(found) == ["seal/not-evaluated", "seal/untrusted"]
    [said] = [each.message for each in found.findings if each.rule.id == "seal/not-evaluated"]
    assert said.endswith("not evaluated: AllDataObjectsTimeStamp, SignatureTimeStamp, RevocationValues")


JAVA = sorted((Path(__file__).parent / "documents" / "europass").glob("*.xml"))


@pytest.mark.parametrize("path", JAVA, ids=lambda path: path.stem)
def test_what_java_signed_holds(path: Path) -> None:
    """Those who sealed Europass XML did so in Java; these are of its standard library, properties and all."""
    data = path.read_bytes()
    assert (state(data), state(data.replace(*TAMPERED))) == (SealState.EMBEDDED, SealState.INVALID)
    assert state(data.replace(b"09:30:00Z</xades", b"09:30:01Z</xades")) is SealState.INVALID
    assert len(JAVA) == 5


# --- what is edited in the signature itself


def edited(old: str, new: str, how: Seal = Seal()) -> Callable[[], bytes]:  # noqa: B008
    def made() -> bytes:
        data = sealed(how=how)
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return made


def expression(text: str, how: str = XPATH) -> Callable[[], bytes]:
    return lambda: sealed(
        how=Seal(left_out=f'<ds:Transform Algorithm="{how}"><ds:XPath>{text}</ds:XPath></ds:Transform>')
    )


UNSUPPORTED: dict[str, Callable[[], bytes]] = {
    "the learner left out": expression("not(ancestor-or-self::ds:Signature or ancestor-or-self::credentialSubject)"),
    "a function": expression("not(ancestor-or-self::ds:Signature[string-length(.) > 0])"),
    "everything": expression("true()"),
    "no expression": expression(""),
    "another Signature": expression("not(ancestor-or-self::cred:Signature)"),
    "an undeclared prefix": expression("not(ancestor-or-self::nobody:Signature)"),
    "two expressions": lambda: sealed(how=Seal(left_out=BY_FILTER.replace("</f:XPath>", "</f:XPath><ds:XPath/>", 1))),
    "intersected": lambda: sealed(how=Seal(left_out=by_filter("/descendant::ds:Signature", "intersect"))),
    "the learner subtracted": lambda: sealed(how=Seal(left_out=by_filter("//*[local-name()='credentialSubject']"))),
    "changed after its form": lambda: sealed(how=Seal(form=f'<ds:Transform Algorithm="{EXCLUSIVE}"/>' + BY_XPATH)),
    "a short key": lambda: sealed(CREDENTIAL, rsa_key(0, 1024)),
    "hmac": edited(f"{MORE}rsa-sha256", f"{MORE}hmac-sha256"),
    "md5": edited(f"{MORE}rsa-sha256", f"{MORE}rsa-md5"),
    "an unknown form": edited(f'Method Algorithm="{EXCLUSIVE}"', 'Method Algorithm="urn:form"'),
    "an unknown digest": edited(f'"{ENC}sha256"', '"urn:digest"'),
    "an unknown digest of the certificate": edited(f'"{ENC}sha512"', '"urn:digest"'),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
@pytest.mark.parametrize("terms", [TERMS, trusting(rsa_key())], ids=["no trust", "the signer is trusted"])
def test_what_is_not_known_to_be_safe_is_not_followed(name: str, terms: Terms) -> None:
    found = look(UNSUPPORTED[name](), "a.xml", terms)
    assert (seal(found).state, ids(found)) == (SealState.UNSUPPORTED, ["seal/unsupported-algorithm"])
    assert (seal(found).signer, seal(found).trust) == (None, None)


SIGNATURE = re.compile(rb"<ds:Signature .*</ds:Signature>", re.DOTALL)
PROOF = re.compile(rb"<proof>.*</proof>", re.DOTALL)


def signature_of(data: bytes) -> bytes:
    found = SIGNATURE.search(data)
    assert found is not None
    return found[0]


def without(data: bytes) -> str:
    return PROOF.sub(b"", data).decode()


def moved(before: str) -> Callable[[], bytes]:
    """The signature stands at another place."""

    def made() -> bytes:
        data = sealed()
        return without(data).replace(before, signature_of(data).decode() + before, 1).encode()

    return made


def in_the_signature(how: Seal) -> bytes:
    """The true credential moves into the signature, which is left out, and a forged one is around."""
    return sealed(CREDENTIAL.replace("beginners", "experts"), None, how)


def within_another_credential() -> bytes:
    forged = CREDENTIAL.replace("beginners", "experts").replace("urn:credential:9", "urn:credential:8")
    true = sealed().decode().partition("?>")[2]
    return forged.replace("</credentialSubject>", f"{true}</credentialSubject>", 1).encode()


def signed_twice() -> bytes:
    data = sealed()
    return data.replace(b"</proof>", signature_of(data) + b"</proof>")


def with_a_second_proof() -> bytes:
    data = sealed()
    return data.replace(b"</proof>", b"</proof><proof>" + signature_of(data) + b"</proof>")


def with_the_name_twice() -> bytes:
    """Whose properties they are is open when two things have their name."""
    return sealed(CREDENTIAL.replace("<issued>", '<issued Id="p1">'))


def with_properties_elsewhere() -> bytes:
    """The signed properties stand in the document, and others in the signature."""
    how = Seal(properties="#p2")
    other = f'<x:SignedProperties xmlns:x="{XADES}" Id="p2"/>'
    return sealed(CREDENTIAL.replace("<issued>", f"{other}<issued>"), None, how)


def with_two_sets_of_properties() -> bytes:
    other = f'<ds:Object><x:QualifyingProperties xmlns:x="{XADES}" Target="#s1"/></ds:Object>'
    return sealed(how=Seal(objects=other))


def another_certificate() -> bytes:
    """Of the same key, and with another name: the signature holds by it, and the signer did not sign that name."""
    other = seal_certificate(rsa_key(), name="Somebody else")
    real = seal_certificate(rsa_key()).public_bytes(Encoding.DER)
    return sealed(how=Seal(certificate=other, named=real))


INVALID: dict[str, tuple[Callable[[], bytes], str]] = {
    "the moment of signing": (edited("2031-05-02T09:30:00Z</x:", "2031-05-01T09:30:00Z</x:"), "says of the signature"),
    "the value": (lambda: re.sub(rb"(<ds:SignatureValue>).", rb"\1/", sealed()), "not made with the key"),
    "the references": (edited("<ds:SignedInfo>", '<ds:SignedInfo Id="x">'), "not made with the key"),
    "another certificate": (another_certificate, "signer says to have signed with"),
    "another key": (lambda: sealed(how=Seal(certificate=seal_certificate(rsa_key(1)))), "not made with the key"),
    "a second key": (
        lambda: sealed(how=Seal(key_info=key_value(rsa_key(1)) + key_value(rsa_key()))),
        "two different keys",
    ),
    "no certificate said": (lambda: sealed(how=Seal(name="")), "with which certificate"),
    "properties of another": (lambda: sealed(how=Seal(target="#s2")), "of another signature"),
    "properties that are not signed": (
        lambda: re.sub(rb"<ds:Reference Type.*?</ds:Reference>", b"", sealed()),
        "its properties are not signed",
    ),
    "properties twice": (with_two_sets_of_properties, "twice"),
    "properties elsewhere": (with_properties_elsewhere, "no part of the signature"),
    "a name twice": (with_the_name_twice, "several things have the name"),
    "nothing of that name": (lambda: sealed(how=Seal(properties="#p9")), "nothing has the name"),
    "not the whole": (lambda: sealed(how=Seal(uri="#p1")), "as a whole"),
    "something outside": (lambda: sealed(how=Seal(properties="https://example.org/p")), "outside the document"),
    "nothing left out": (lambda: sealed(how=Seal(left_out="")), "leave itself out"),
    "xslt": (
        lambda: sealed(how=Seal(left_out='<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>')),
        "may leave parts",
    ),
    "two signatures": (signed_twice, "2 signatures"),
    "two proofs": (with_a_second_proof, "2 signatures"),
    "in the subject": (moved("</credentialSubject>"), "does not cover the whole"),
    "in an achievement": (moved("</learningAchievement>"), "does not cover the whole"),
    "the credential in the signature": (
        lambda: in_the_signature(Seal(objects=f"<ds:Object>{CREDENTIAL.partition('?>')[2]}</ds:Object>")),
        "content of its own",
    ),
    "a claim in the unsigned properties": (
        lambda: in_the_signature(
            Seal(unsigned=f'<x:UnsignedProperties><achievements xmlns="{SNB}"/></x:UnsignedProperties>')
        ),
        "content of its own",
    ),
    "a manifest": (lambda: sealed(how=Seal(objects="<ds:Object><ds:Manifest/></ds:Object>")), "content of its own"),
    "within another credential": (within_another_credential, "does not cover the whole"),
    "said twice": (
        lambda: re.sub(rb"(<ds:SignedInfo>.*</ds:SignedInfo>)", rb"\1\1", sealed(), flags=re.DOTALL),
        "SignedInfo",
    ),
}


@pytest.mark.parametrize("name", INVALID)
@pytest.mark.parametrize("terms", [TERMS, trusting(rsa_key())], ids=["no trust", "the signer is trusted"])
def test_what_was_edited_or_wrapped_is_invalid(name: str, terms: Terms) -> None:
    make, words = INVALID[name]
    found = look(make(), "a.xml", terms)
    assert (seal(found).state, ids(found)) == (SealState.INVALID, ["seal/invalid"])
    assert words in found.findings[0].message


def test_a_reference_to_the_whole_stands_once() -> None:
    twice = sealed(how=Seal(extra='<ds:Reference URI=""><ds:DigestMethod Algorithm="a"/></ds:Reference>'))
    found = look(twice, "a.xml", TERMS)
    assert (seal(found).state, "2 times" in found.findings[0].message) == (SealState.INVALID, True)


def test_an_expression_is_never_evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by us and not by a library: whoever finds one of these called has let a document run code."""

    def called(*_: object) -> None:
        raise AssertionError("an expression was evaluated")

    monkeypatch.setattr(etree, "XPath", called)
    monkeypatch.setattr(etree, "XPathEvaluator", called)
    assert state(expression("document('file:///etc/hostname')")()) is SealState.UNSUPPORTED
    assert state(sealed()) is SealState.EMBEDDED


# --- presentations


def renamed(data: bytes) -> bytes:
    """With other ids in its signature than those of the signature around; it holds no more, which nobody asks there."""
    return re.sub(rb'Id="([a-z]1)"', rb'Id="inner-\1"', data)


def test_the_seal_of_a_presentation_covers_its_credentials() -> None:
    data = sealed(presentation(CREDENTIAL))
    found = look(data, "a.xml", trusting(rsa_key()))
    assert (seal(found).state, ids(found)) == (SealState.TRUSTED, ["seal/trusted"])
    assert {place(each.location) for each in found.findings} == {"verifiablePresentation/proof[1]/Signature[1]"}
    assert state(data.replace(*TAMPERED)) is SealState.INVALID


def test_a_presentation_of_sealed_credentials_is_covered_but_for_their_signatures() -> None:
    """What is in those is nobody's content; whether they hold is found out where each credential is read."""
    data = sealed(presentation(renamed(sealed()).decode()), rsa_key(1))
    assert ids(look(data, "a.xml", trusting(rsa_key(1)))) == ["seal/trusted"]
    assert state(data.replace(*TAMPERED), trusting(rsa_key(1))) is SealState.INVALID


def test_what_a_signature_within_a_presentation_carries_is_no_content() -> None:
    true = CREDENTIAL.partition("?>")[2]
    inner = renamed(sealed(how=Seal(objects=f"<ds:Object>{true}</ds:Object>"))).decode()
    found = look(sealed(presentation(inner), rsa_key(1)), "a.xml", trusting(rsa_key(1)))
    assert (seal(found).state, "content of its own" in found.findings[0].message) == (SealState.INVALID, True)


def test_a_plain_signature_in_the_proof_is_one_without_properties() -> None:
    data = sealed()
    bare = re.sub(rb"<ds:Object>.*</ds:Object>", b"", data)
    assert seal(look(bare, "a.xml", TERMS)).kind == "xmldsig"
    assert "nothing has the name" in look(bare, "a.xml", TERMS).findings[0].message


def test_the_official_credential_holds_and_one_flipped_letter_does_not(shared_root: Path) -> None:
    data = (shared_root / "official/edc-xml/edci_credential_basic.xml").read_bytes()
    found = look(data, "a.xml", Terms(at=NOW))
    assert (seal(found).state, seal(found).kind, seal(found).organisation_identifier) == (
        SealState.EMBEDDED,
        "XAdES",
        "VATSI-61038750",
    )
    assert seal(found).signed_at == datetime(2020, 10, 6, 10, 30, 34, tzinfo=UTC)
    for at in (data.index(b">Generic<") + 1, data.index(b"xsdVersion") + 14, data.index(b"SigningTime>") + 12):
        flipped = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
        assert state(flipped) is SealState.INVALID
