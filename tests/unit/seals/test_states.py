"""Each state of a seal, for documents that the tests sign themselves."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree
from signxml.signer import XMLSigner

from mcbridge.conversion import Reading, read
from mcbridge.conversion.sealing import Sealing
from mcbridge.diagnostics import Report, Severity, rules
from mcbridge.errors import InputError
from mcbridge.model import CertificateState, Credential, Seal, SealState
from mcbridge.origins import Luggage, Source
from mcbridge.seals import Found, Terms, Trusted, look
from mcbridge.seals import signed as is_signed
from mcbridge.seals.keys import of_public_key
from mcbridge.seals.xmldsig.key_info import MOST
from mcbridge.seals.xmldsig.verification import _WholeDocument
from tests.golden.cases import TABLES
from tests.unit.seals.signing import (
    DOCUMENT,
    DS,
    ELMO,
    ENC,
    ENVELOPED,
    EXCLUSIVE,
    INCLUSIVE,
    MORE,
    PSS,
    Manner,
    Private,
    canonical_of,
    certificate,
    ec_key,
    key_value,
    pem_certificate,
    rsa_key,
    signed,
    x509_data,
)

NOW = datetime(2031, 6, 1, tzinfo=UTC)
TERMS = Terms(at=NOW)


def trusting(*keys: Private, **terms: object) -> Terms:
    ders = [key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for key in keys]
    known = tuple(Trusted(f"key-{number}.pem", der) for number, der in enumerate(ders))
    return Terms(trusted=known, at=NOW, **terms)  # type: ignore[arg-type]


def looked(data: bytes, terms: Terms = TERMS) -> tuple[list[Credential], Luggage]:
    luggage = Luggage()
    reads = read(Source("transcript.xml", data), luggage, reading=Reading(tables=TABLES, seals=terms))
    return [each.record for each in reads if isinstance(each.record, Credential)], luggage


def seal(data: bytes, terms: Terms = TERMS) -> tuple[Seal | None, list[str]]:
    records, luggage = looked(data, terms)
    ids = [each.rule.id for each in luggage.report if each.rule.id.startswith("seal/")]
    [known] = {record.seal for record in records}
    return known, ids


def state(data: bytes, terms: Terms = TERMS) -> SealState | None:
    known, _ = seal(data, terms)
    return None if known is None else known.state


def said(data: bytes, terms: Terms = TERMS) -> str:
    _, luggage = looked(data, terms)
    return "\n".join(each.message for each in luggage.report if each.rule.id.startswith("seal/"))


def test_an_unsigned_document_has_no_seal() -> None:
    assert seal(DOCUMENT) == (None, [])


MANNERS: dict[str, tuple[Callable[[], Private], Manner]] = {
    "rsa, inclusive": (rsa_key, Manner()),
    "rsa, exclusive": (rsa_key, Manner(transforms=(ENVELOPED, EXCLUSIVE), canonical=EXCLUSIVE)),
    "rsa, exclusive with prefixes": (rsa_key, Manner(transforms=(ENVELOPED, EXCLUSIVE), prefixes="xsi #default")),
    "rsa, canonical 1.1": (
        rsa_key,
        Manner(transforms=(ENVELOPED, "http://www.w3.org/2006/12/xml-c14n11"), canonical=INCLUSIVE),
    ),
    "rsa, as the default namespace": (rsa_key, Manner(prefix="")),
    "rsa, exclusive, as the default namespace": (
        rsa_key,
        Manner(transforms=(ENVELOPED, EXCLUSIVE), canonical=EXCLUSIVE, prefix=""),
    ),
    "rsa, no canonical transform": (rsa_key, Manner(transforms=(ENVELOPED,))),
    "rsa, with comments": (rsa_key, Manner(transforms=(ENVELOPED, f"{INCLUSIVE}#WithComments"))),
    "rsa-sha512": (rsa_key, Manner(method=f"{MORE}rsa-sha512", digest=f"{ENC}sha512")),
    "rsa-pss": (rsa_key, Manner(method=f"{PSS}sha256-rsa-MGF1")),
    "ecdsa": (ec_key, Manner(method=f"{MORE}ecdsa-sha256")),
    "ecdsa, exclusive": (
        ec_key,
        Manner(method=f"{MORE}ecdsa-sha512", transforms=(ENVELOPED, EXCLUSIVE), canonical=EXCLUSIVE),
    ),
}


@pytest.mark.parametrize("name", MANNERS)
def test_a_document_that_nobody_changed_holds_by_the_key_in_it(name: str) -> None:
    make, manner = MANNERS[name]
    known, ids = seal(signed(DOCUMENT, make(), manner))
    assert known is not None
    assert (known.state, known.kind, known.signer) == (SealState.EMBEDDED, "xmldsig", "CN=University of Nowhere")
    assert known.certificate is CertificateState.CURRENT
    assert ids == ["seal/untrusted"]


@pytest.mark.parametrize("name", MANNERS)
def test_each_manner_is_broken_by_one_changed_character(name: str) -> None:
    make, manner = MANNERS[name]
    data = signed(DOCUMENT, make(), manner)
    assert state(data.replace(b"Maps for", b"Maps fox")) is SealState.INVALID


@pytest.mark.parametrize("canonical", ["inclusive", "exclusive"])
def test_what_another_library_signs_holds(canonical: str) -> None:
    form = {"inclusive": INCLUSIVE, "exclusive": EXCLUSIVE}[canonical]
    key = rsa_key()
    signer = XMLSigner(c14n_algorithm=form)
    made = signer.sign(etree.fromstring(DOCUMENT), key=key, cert=pem_certificate(certificate(key)).decode())
    assert state(etree.tostring(made)) is SealState.EMBEDDED


JAVA = sorted((Path(__file__).parent / "documents").glob("*.xml"))


@pytest.mark.parametrize("path", JAVA, ids=lambda path: path.stem)
def test_what_java_signed_holds(path: Path) -> None:
    """Most EMREX producers are written in Java; these are of its standard library."""
    data, terms = path.read_bytes(), Terms(allow_sha1=True)
    assert state(data, terms) is SealState.EMBEDDED
    assert state(data.replace(b"beginners", b"experts"), terms) is SealState.INVALID
    assert len(JAVA) == 5


SHAPES = {
    "comments": DOCUMENT.replace(b"<learner>", b"<!-- a --><learner>").replace(b"Maps for", b"Maps <!-- not --> for"),
    "instructions": DOCUMENT.replace(b"<learner>", b"<?page break?><learner>"),
    "instructions around": DOCUMENT.replace(b"<elmo", b'<?xml-stylesheet href="a.xsl"?>\n<elmo') + b"<?end?>",
    "comments around": DOCUMENT.replace(b"<elmo", b"<!-- before -->\n<elmo") + b"<!-- after -->",
    "cdata": DOCUMENT.replace(b"Maps for beginners", b"<![CDATA[Maps <for> beginners]]>"),
    "character references": DOCUMENT.replace(b"Maps", b"&#77;&#xE4;p&#13;s"),
    "prefixes": DOCUMENT.replace(b"<elmo ", b'<elmo xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '),
    "an extension": DOCUMENT.replace(
        b"</report>", b'</report>\n<extension><x xmlns="urn:example:x" b="2" a="1">&lt;</x></extension>'
    ),
    "a language for all": DOCUMENT.replace(b"<elmo ", b'<elmo xml:lang="en" xml:space="preserve" '),
    "no namespace": DOCUMENT.replace(f' xmlns="{ELMO}"'.encode(), b""),
    "a foreign default": DOCUMENT.replace(ELMO.encode(), f"{ELMO}.3.0".encode()),
    "carriage returns": DOCUMENT.replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("form", [INCLUSIVE, EXCLUSIVE])
def test_documents_of_any_shape_hold(shape: str, form: str) -> None:
    data = signed(SHAPES[shape], rsa_key(), Manner(transforms=(ENVELOPED, form), canonical=form))
    assert state(data) is SealState.EMBEDDED
    assert state(data.replace(b"beginners", b"experts")) is SealState.INVALID


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16BE", "ISO-8859-2", "windows-1250", "utf-8-sig"])
def test_documents_in_any_encoding_hold(encoding: str) -> None:
    data = signed(DOCUMENT, rsa_key()).decode().replace("UTF-8", encoding.removesuffix("-sig"))
    data = re.sub(r"encoding='[^']*'", f"encoding='{encoding.removesuffix('-sig')}'", data)
    assert state(data.encode(encoding)) is SealState.EMBEDDED
    assert state(data.replace("Nepostojeća", "Nepostojeca").encode(encoding)) is SealState.INVALID


def test_what_is_read_is_what_was_signed() -> None:
    """The canonical form that the digest was made of, read by itself, gives the same record."""
    for shape, document in SHAPES.items():
        data = signed(document, rsa_key())
        [whole], _ = looked(data)
        [covered], _ = looked(canonical_of(document))

        def plain(record: Credential) -> Credential:
            return replace_all(record)

        assert plain(whole) == plain(covered), shape


def replace_all(record: Credential) -> Credential:
    import msgspec

    return msgspec.structs.replace(record, id="", document=None, seal=None)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "one character": lambda data: data.replace(b"Maps", b"Naps"),
    "one attribute": lambda data: data.replace(b'type="schac"', b'type="erasmus"'),
    "an attribute more": lambda data: data.replace(b"<resultLabel>", b'<resultLabel a="1">'),
    "space within": lambda data: data.replace(b"<report>", b"<report> "),
    "an element less": lambda data: re.sub(rb"\s*<resultLabel>5</resultLabel>", b"", data),
    "an element more": lambda data: data.replace(b"</resultLabel>", b"</resultLabel><languageOfInstruction/>"),
    "indented": lambda data: indented(data),  # noqa: PLW0108 - it stands below
    "an instruction": lambda data: data.replace(b"<report>", b"<?x?><report>"),
    "an instruction before": lambda data: data.replace(b"<elmo", b"<?xml-stylesheet href='evil.xsl'?><elmo", 1),
    "an instruction after": lambda data: data + b"<?x?>",
    "space after the signature": lambda data: data.replace(b"</ds:Signature>", b"</ds:Signature> "),
    "another namespace": lambda data: data.replace(f'{ELMO}"'.encode(), f'{ELMO}.2"'.encode()),
    "in the signature": lambda data: data.replace(b'Id=""', b"").replace(
        b"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-sha512"
    ),
    "another digest": lambda data: re.sub(rb"<ds:DigestValue>..", b"<ds:DigestValue>AA", data),
    "another signature value": lambda data: re.sub(rb"<ds:SignatureValue>..", b"<ds:SignatureValue>AA", data),
    "a signature value cut short": lambda data: re.sub(rb"(<ds:SignatureValue>.{80})[^<]*", rb"\1", data),
    "no signature value": lambda data: re.sub(rb"<ds:SignatureValue>[^<]*", rb"<ds:SignatureValue>", data),
    "a signature value in words": lambda data: re.sub(rb"<ds:SignatureValue>[^<]*", b"<ds:SignatureValue>signed", data),
    "no signed info": lambda data: re.sub(rb"<ds:SignedInfo>.*</ds:SignedInfo>", b"", data),
    "a broken certificate": lambda data: re.sub(rb"<ds:X509Certificate>[^<]{60}", b"<ds:X509Certificate>", data),
}


def indented(data: bytes) -> bytes:
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
    return etree.tostring(root, pretty_print=True)


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_breaks_the_seal(change: str) -> None:
    data = signed(DOCUMENT, rsa_key())
    changed = CHANGES[change](data)
    assert changed != data
    known, ids = seal(changed)
    assert known is not None
    assert (known.state, known.signer, known.fingerprint) == (SealState.INVALID, None, None)
    assert ids == ["seal/invalid"]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"Maps for", b"Maps <!-- aside -->for"),
        lambda data: data.replace(b'<identifier type="schac">', b"<identifier  type='schac'  >"),
        lambda data: data.replace(b"Maps", b"M&#97;ps"),
        lambda data: data.replace(b"Maps for", b"<![CDATA[Maps for]]>"),
        lambda data: data.decode().encode("utf-16"),
    ],
    ids=["comment", "quotes", "reference", "cdata", "encoding"],
)
def test_what_says_the_same_in_other_characters_is_no_change(change: Callable[[bytes], bytes]) -> None:
    """A signature is over the canonical form; what is read from both is the same, too."""
    data = signed(DOCUMENT, rsa_key()).replace(b" encoding='UTF-8'", b"")
    changed = change(data)
    assert changed != data
    assert state(changed) is SealState.EMBEDDED
    [before], _ = looked(data)
    [after], _ = looked(changed)
    assert replace_all(before) == replace_all(after)


def test_a_change_is_told_from_a_wrong_key() -> None:
    data = signed(DOCUMENT, rsa_key())
    assert "changed after it was signed" in said(data.replace(b"Maps", b"Naps"))
    other = signed(DOCUMENT, rsa_key(), Manner(certificate=certificate(rsa_key(1))))
    assert "not made with the key that it names" in said(other)
    assert state(other) is SealState.INVALID
    elliptic = signed(DOCUMENT, rsa_key(), Manner(certificate=certificate(ec_key())))
    assert "not made with the key that it names" in said(elliptic)


def test_a_key_that_is_trusted_makes_the_seal_trusted() -> None:
    data = signed(DOCUMENT, rsa_key())
    known, ids = seal(data, trusting(ec_key(), rsa_key()))
    assert known is not None
    assert known.state is SealState.TRUSTED
    assert known.fingerprint == of_public_key(trusting(rsa_key()).trusted[0].der).fingerprint  # type: ignore[index]
    assert ids == ["seal/trusted"]
    assert "key-1.pem: CN=University of Nowhere" in said(data, trusting(ec_key(), rsa_key()))


def test_a_key_that_is_not_among_the_trusted_ones_is_a_warning() -> None:
    data = signed(DOCUMENT, rsa_key())
    _, luggage = looked(data, trusting(rsa_key(1)))
    [found] = luggage.report
    assert (found.rule.id, found.level) == ("seal/untrusted", Severity.WARNING)
    assert state(data, trusting(rsa_key(1))) is SealState.EMBEDDED
    [alone] = looked(data)[1].report
    assert (alone.rule.id, alone.level) == ("seal/untrusted", Severity.NOTE)
    assert "self-signed" in alone.message


def test_a_trusted_subject_with_another_key_is_not_trusted() -> None:
    """Who it calls itself is nothing: the key counts."""
    mine, forged = certificate(rsa_key()), certificate(rsa_key(1))
    assert mine.subject == forged.subject
    data = signed(DOCUMENT, rsa_key(1), Manner(certificate=forged))
    assert state(data, trusting(rsa_key())) is SealState.EMBEDDED


def test_a_certificate_of_an_authority_is_not_called_self_signed() -> None:
    vouched = certificate(rsa_key(), by=rsa_key(1))
    assert "self-signed" not in said(signed(DOCUMENT, rsa_key(), Manner(certificate=vouched)))


def test_a_chain_of_certificates_in_any_order_holds() -> None:
    vouched, authority = certificate(rsa_key(), by=rsa_key(1)), certificate(rsa_key(1), "An authority")
    for chain in ((vouched, authority), (authority, vouched)):
        known, _ = seal(signed(DOCUMENT, rsa_key(), Manner(key_info=f"<ds:KeyInfo>{x509_data(*chain)}</ds:KeyInfo>")))
        assert known is not None
        assert (known.state, known.signer) == (SealState.EMBEDDED, "CN=University of Nowhere")


@pytest.mark.parametrize("make", [rsa_key, ec_key])
def test_a_bare_key_holds_and_has_no_name(make: Callable[[], Private]) -> None:
    key = make()
    method = f"{MORE}{'rsa' if make is rsa_key else 'ecdsa'}-sha256"
    data = signed(DOCUMENT, key, Manner(method=method, key_info=f"<ds:KeyInfo>{key_value(key)}</ds:KeyInfo>"))
    known, _ = seal(data)
    assert known is not None
    assert (known.state, known.signer, known.certificate) == (SealState.EMBEDDED, None, None)
    assert known.fingerprint is not None
    assert known.fingerprint in said(data)
    assert state(data, trusting(key)) is SealState.TRUSTED


def test_key_and_certificate_must_be_of_one_key() -> None:
    same = f"<ds:KeyInfo>{key_value(rsa_key())}{x509_data(certificate(rsa_key()))}</ds:KeyInfo>"
    assert state(signed(DOCUMENT, rsa_key(), Manner(key_info=same))) is SealState.EMBEDDED
    two = f"<ds:KeyInfo>{key_value(rsa_key(1))}{x509_data(certificate(rsa_key()))}</ds:KeyInfo>"
    data = signed(DOCUMENT, rsa_key(), Manner(key_info=two))
    assert state(data) is SealState.INVALID
    assert "two different keys" in said(data)


def test_without_a_key_only_a_trusted_one_can_tell() -> None:
    data = signed(DOCUMENT, rsa_key(), Manner(key_info=""))
    assert seal(data)[1] == ["seal/unverified"]
    assert state(data) is SealState.PRESENT
    assert state(data, trusting(rsa_key(1), rsa_key())) is SealState.TRUSTED
    assert state(data, trusting(rsa_key(1))) is SealState.PRESENT
    assert state(data.replace(b"Maps", b"Naps")) is SealState.INVALID, "the digest needs no key"
    named = signed(DOCUMENT, rsa_key(), Manner(key_info="<ds:KeyInfo><ds:KeyName>ours</ds:KeyName></ds:KeyInfo>"))
    assert state(named, trusting(rsa_key())) is SealState.TRUSTED


SHA1 = Manner(method=f"{DS}rsa-sha1", digest=f"{DS}sha1")


@pytest.mark.parametrize(
    "manner", [SHA1, Manner(digest=f"{DS}sha1"), replace(SHA1, digest=f"{ENC}sha256")], ids=["both", "digest", "method"]
)
def test_sha1_is_verified_with_permission_only(manner: Manner) -> None:
    data = signed(DOCUMENT, rsa_key(), manner)
    _, luggage = looked(data)
    [found] = luggage.report
    assert (found.rule.id, found.level) == ("seal/legacy-algorithm", Severity.WARNING)
    assert "--allow-sha1" in found.hint
    assert state(data) is SealState.UNSUPPORTED
    known, ids = seal(data, Terms(at=NOW, allow_sha1=True))
    assert known is not None
    assert known.state is SealState.EMBEDDED
    assert sorted(ids) == ["seal/legacy-algorithm", "seal/untrusted"]
    levels = [each.level for each in looked(data, Terms(at=NOW, allow_sha1=True))[1].report]
    assert levels == [Severity.NOTE, Severity.NOTE]
    assert state(data.replace(b"Maps", b"Naps"), Terms(allow_sha1=True)) is SealState.INVALID
    assert state(data, trusting(rsa_key(), allow_sha1=True)) is SealState.TRUSTED


def test_permission_for_sha1_leaves_the_others_as_they_are() -> None:
    assert seal(signed(DOCUMENT, rsa_key()), Terms(allow_sha1=True))[1] == ["seal/untrusted"]


EXPIRED = certificate(rsa_key(), begins=datetime(2020, 1, 1, tzinfo=UTC), ends=datetime(2031, 5, 15, tzinfo=UTC))
EARLY = certificate(rsa_key(), begins=datetime(2031, 5, 15, tzinfo=UTC), ends=datetime(2040, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("of", "terms", "expected", "rules"),
    [
        (EXPIRED, TERMS, CertificateState.EXPIRED, ["seal/certificate-expired", "seal/untrusted"]),
        (EXPIRED, Terms(at=datetime(2031, 5, 1, tzinfo=UTC)), CertificateState.CURRENT, ["seal/untrusted"]),
        (EXPIRED, Terms(at=NOW, issued=True), CertificateState.CURRENT, ["seal/untrusted"]),
        (EXPIRED, Terms(), None, ["seal/untrusted"]),
        (EARLY, TERMS, CertificateState.CURRENT, ["seal/untrusted"]),
        (EARLY, Terms(issued=True), CertificateState.EARLY, ["seal/certificate-not-yet-valid", "seal/untrusted"]),
        (EXPIRED, trusting(rsa_key()), CertificateState.EXPIRED, ["seal/certificate-expired", "seal/trusted"]),
    ],
)
def test_the_term_of_a_certificate_is_judged_at_the_moment_asked_for(
    of: object, terms: Terms, expected: CertificateState | None, rules: list[str]
) -> None:
    known, ids = seal(signed(DOCUMENT, rsa_key(), Manner(certificate=of)), terms)  # type: ignore[arg-type]
    assert known is not None
    assert known.state in {SealState.EMBEDDED, SealState.TRUSTED}, "what was signed in time is none the worse"
    assert known.certificate is expected
    assert sorted(ids) == rules


def test_a_trusted_certificate_gives_its_name_and_its_term_to_a_signature_without_one() -> None:
    known_key = Trusted("registry.pem", trusting(rsa_key()).trusted[0].der, EXPIRED.public_bytes(Encoding.DER))  # type: ignore[index]
    known, ids = seal(signed(DOCUMENT, rsa_key(), Manner(key_info="")), Terms(trusted=(known_key,), at=NOW))
    assert known is not None
    assert (known.state, known.signer) == (SealState.TRUSTED, "CN=University of Nowhere")
    assert known.certificate is CertificateState.EXPIRED
    assert ids == ["seal/certificate-expired", "seal/trusted"]


def test_the_newest_date_of_issue_of_several_reports_is_taken() -> None:
    report = DOCUMENT[DOCUMENT.index(b"<report>") : DOCUMENT.index(b"</report>") + 9]
    second = report.replace(b"2031-04-30", b"2031-05-20").replace(b"example.edu", b"example.org")
    two = DOCUMENT.replace(report, report + second)
    records, luggage = looked(signed(two, rsa_key(), Manner(certificate=EXPIRED)), Terms(issued=True))
    assert [record.seal.certificate for record in records if record.seal] == [CertificateState.EXPIRED] * 2
    assert sum(each.rule.id == "seal/certificate-expired" for each in luggage.report) == 1


UNSUPPORTED: dict[str, tuple[Private | bytes, Manner]] = {
    "rsa-md5": (rsa_key(), Manner(method=f"{MORE}rsa-md5")),
    "dsa": (rsa_key(), Manner(method="http://www.w3.org/2009/xmldsig11#dsa-sha256")),
    "none": (rsa_key(), Manner(method="none")),
    "no name": (rsa_key(), Manner(method="")),
    "hmac": (b"secret", Manner(method=f"{MORE}hmac-sha256")),
    "hmac-sha1": (b"secret", Manner(method=f"{DS}hmac-sha1", digest=f"{DS}sha1")),
    "a digest by MD5": (rsa_key(), Manner(digest=f"{MORE}md5")),
    "an unknown canonical form": (rsa_key(), Manner(canonical="http://www.w3.org/2010/xml-c14n2")),
    "an unknown transform": (rsa_key(), Manner(transforms=(ENVELOPED, "urn:example:mine"))),
    "a short key": (rsa_key(0, 1024), Manner()),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_an_algorithm_that_is_not_followed_is_named(name: str) -> None:
    key, manner = UNSUPPORTED[name]
    known, ids = seal(signed(DOCUMENT, key, manner), Terms(at=NOW, allow_sha1=True))
    assert known is not None
    assert (known.state, ids) == (SealState.UNSUPPORTED, ["seal/unsupported-algorithm"])


def test_many_keys_are_not_all_tried() -> None:
    chain = x509_data(*[certificate(rsa_key(1))] * MOST, certificate(rsa_key()))
    data = signed(DOCUMENT, rsa_key(), Manner(key_info=f"<ds:KeyInfo>{chain}</ds:KeyInfo>"))
    assert state(data) is SealState.INVALID
    assert "more than 20 keys" in said(data)


def test_prefixes_without_number_are_not_followed() -> None:
    many = " ".join(f"p{number}" for number in range(101))
    manner = Manner(transforms=(ENVELOPED, EXCLUSIVE), prefixes=many)
    assert state(signed(DOCUMENT, rsa_key(), manner)) is SealState.UNSUPPORTED


def test_a_large_document_is_gone_through_for_the_key_that_fits_only(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    true = _WholeDocument.get_root

    def watched(self: _WholeDocument, data: Any) -> Any:
        sizes.append(len(etree.tostring(data)))
        return true(self, data)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(_WholeDocument, "get_root", watched)
    large = DOCUMENT.replace(b"Maps", b"Maps " * 40_000)
    chain = x509_data(certificate(rsa_key(1)), certificate(rsa_key(2)), certificate(rsa_key()))
    info = f"<ds:KeyInfo>{chain}</ds:KeyInfo>"
    assert state(signed(large, rsa_key(), Manner(key_info=info))) is SealState.EMBEDDED
    assert [size > 100_000 for size in sizes] == [False, False, False, True]


def test_an_enormous_key_is_not_computed_with() -> None:
    modulus = b64encode(((1 << 20000) + 1).to_bytes(2501)).decode()
    value = f"<ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue>"
    info = f"<ds:KeyInfo><ds:KeyValue>{value}</ds:KeyValue></ds:KeyInfo>"
    assert state(signed(DOCUMENT, rsa_key(), Manner(key_info=info))) is SealState.UNSUPPORTED


def test_any_damaged_byte_leaves_the_same_record_or_no_seal_that_holds() -> None:
    """Four hundred documents, each with one byte of a signed one changed, left out or doubled."""
    data = signed(DOCUMENT, rsa_key())
    [intact], _ = looked(data)
    chance = Random(3)  # noqa: S311
    held = 0
    for _ in range(400):
        at = chance.randrange(data.index(b"<elmo"), len(data))
        piece = chance.choice((b"", data[at : at + 1] * 2, bytes((chance.randrange(256),)), b" ", b"&", b"<"))
        try:
            records, luggage = looked(data[:at] + piece + data[at + 1 :])
        except InputError:
            continue
        for record in records:
            if record.seal is not None and record.seal.state in {SealState.EMBEDDED, SealState.TRUSTED}:
                held += 1
                assert replace_all(record) == replace_all(intact)
        assert all(each.rule.id in rules() for each in luggage.report)
    assert held, "some damage, such as a space within a tag, says the same"


def test_a_public_key_is_never_taken_for_a_shared_secret() -> None:
    """HMAC with what everybody knows, the trusted key itself, as its secret."""
    known = trusting(rsa_key())
    for secret in (known.trusted[0].der, b64encode(known.trusted[0].der)):  # type: ignore[index]
        info = f"<ds:KeyInfo>{x509_data(certificate(rsa_key()))}</ds:KeyInfo>"
        data = signed(DOCUMENT, secret, Manner(method=f"{MORE}hmac-sha256", key_info=info))
        assert state(data, known) is SealState.UNSUPPORTED
        assert "HMAC" in said(data, known)


def test_the_bytes_are_verified_that_were_in_the_archive() -> None:
    """The name of a source is no matter; only its bytes are."""
    report = Report()
    data = signed(DOCUMENT, rsa_key())
    sealing = Sealing(Source("a.zip!b", data), "elmo", TERMS, report)
    assert list(sealing.over(iter(()))) == []
    assert sealing.told.status == "valid with embedded key"


def test_a_certificate_by_itself_is_decoded_whatever_its_line_breaks() -> None:
    data = signed(DOCUMENT, rsa_key())
    broken = re.sub(
        rb"(<ds:X509Certificate>)([^<]*)",
        lambda found: found[1] + b"\n" + b64encode(b64decode(found[2]), b"+/").replace(b"M", b"M\r\n ") + b"\n",
        data,
    )
    assert state(broken) is SealState.EMBEDDED


def test_what_is_no_xml_as_it_stands_is_no_signed_document() -> None:
    """Its reader may have mended it; the bytes that came in are what a seal is judged by."""
    text = signed(DOCUMENT, rsa_key())
    [found] = look(text.replace(b"Maps", b"M\xe4ps"), "a", TERMS).findings
    assert (found.rule.id, "no XML" in found.message) == ("seal/invalid", True)
    assert look(b"<Signature>\xe4</Signature>", "a", TERMS) == Found()


def test_a_doctype_that_was_not_taken_out_leaves_the_seal_open() -> None:
    text = signed(DOCUMENT, rsa_key()).replace(b"<elmo", b"<!DOCTYPE elmo [<!ATTLIST url a CDATA 'b'>]><elmo", 1)
    found = look(text, "a", TERMS)
    assert found.seal is not None
    assert (found.seal.state, found.findings[0].rule.id) == (SealState.PRESENT, "seal/unverified")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (DOCUMENT, False),
        (DOCUMENT.replace(b"Maps", b"Digital Signatures: Signature"), False),
        (b'\xef\xbb\xbf <a><Signature xmlns="u"/></a>', True),
        (b"<a><ds:Signature\n/></a>", True),
        ("<a><x:Signature>".encode("utf-16"), True),
        ("<a><x:Signature>".encode("utf-16-be"), True),
        ("<a><x:Name>".encode("utf-16-le"), False),
        (b'{"a": "<Signature>"}', False),
        (b"a;<Signature/>", False),
        (b"", False),
    ],
)
def test_one_search_tells_whether_there_may_be_a_signature(data: bytes, expected: bool) -> None:
    assert is_signed((data,)) == expected
    assert is_signed(data[at : at + 7] for at in range(0, len(data), 7)) == expected
