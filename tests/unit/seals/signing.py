"""Signs documents, rightly and wrongly, with keys made for the occasion.

Digest and signature are made here with lxml and ``cryptography`` alone, so that what
verifies is held against something other than itself.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

DS = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
PSS = "http://www.w3.org/2007/05/xmldsig-more#"
ENC = "http://www.w3.org/2001/04/xmlenc#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
XML = "{http://www.w3.org/XML/1998/namespace}"
ENVELOPED = f"{DS}enveloped-signature"

ELMO = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<elmo xmlns="{ELMO}">
  <generatedDate>2031-05-01T10:00:00Z</generatedDate>
  <learner>
    <givenNames>Ada</givenNames>
    <familyName>Nepostojeća</familyName>
  </learner>
  <report>
    <issuer>
      <identifier type="schac">example.edu</identifier>
      <title xml:lang="en">University of Nowhere</title>
      <url>https://www.example.edu/</url>
    </issuer>
    <learningOpportunitySpecification>
      <title xml:lang="en">Maps for beginners</title>
      <specifies>
        <learningOpportunityInstance>
          <resultLabel>5</resultLabel>
        </learningOpportunityInstance>
      </specifies>
    </learningOpportunitySpecification>
    <issueDate>2031-04-30T09:00:00Z</issueDate>
  </report>
</elmo>
""".encode()

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_DIGESTS = {f"{ENC}sha256": "sha256", f"{ENC}sha512": "sha512", f"{DS}sha1": "sha1", f"{MORE}md5": "md5"}


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key; the same for the same number."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(number: int = 0) -> ec.EllipticCurvePrivateKey:
    """A key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    key: Private,
    name: str = "University of Nowhere",
    begins: datetime = datetime(2030, 1, 1, tzinfo=UTC),
    ends: datetime = datetime(2032, 1, 1, tzinfo=UTC),
    by: Private | None = None,
) -> x509.Certificate:
    """A certificate of a key, by itself or ``by`` an authority."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = subject if by is None else x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority")])
    made = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), begins, ends)
    return made.sign(by or key, hashes.SHA256())


def pem(key: Private) -> bytes:
    """The public key as people keep it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def pem_certificate(of: x509.Certificate) -> bytes:
    """The certificate as people keep it."""
    return of.public_bytes(Encoding.PEM)


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a document is signed; every part of it can be made wrong."""

    method: str = f"{MORE}rsa-sha256"
    digest: str = f"{ENC}sha256"
    uri: str | None = ""
    transforms: tuple[str, ...] = (ENVELOPED, INCLUSIVE)
    canonical: str = INCLUSIVE
    prefixes: str = ""
    key_info: str | None = None
    references: int = 1
    objects: str = ""
    reference_extra: str = ""
    certificate: x509.Certificate | None = None
    prefix: str = "ds"


def signed(document: bytes, key: Private | bytes, manner: Manner = Manner(), *, covered: bytes | None = None) -> bytes:
    """The document with a signature as the last child of its root.

    ``covered`` is what the digest is made of, where that is not the document.
    """
    root = etree.fromstring(document)
    subject = canonical_of(document, manner) if covered is None else covered
    digest = b64encode(hashlib.new(_DIGESTS.get(manner.digest, "sha256"), subject).digest()).decode()
    inclusive = (
        f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{manner.prefixes}"/>' if manner.prefixes else ""
    )
    transforms = "".join(
        f'<ds:Transform Algorithm="{each}">{inclusive if each == EXCLUSIVE else ""}</ds:Transform>'
        for each in manner.transforms
    )
    uri = "" if manner.uri is None else f' URI="{manner.uri}"'
    reference = (
        f"<ds:Reference{uri}>{f'<ds:Transforms>{transforms}</ds:Transforms>' if transforms else ''}"
        f'<ds:DigestMethod Algorithm="{manner.digest}"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>'
    )
    block = (
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{manner.canonical}"/>'
        f'<ds:SignatureMethod Algorithm="{manner.method}"/>{reference * manner.references}{manner.reference_extra}'
        f"</ds:SignedInfo><ds:SignatureValue/>{_key_info(key, manner)}{manner.objects}</ds:Signature>"
    )
    if not manner.prefix:
        block = re.sub(r"(</?)ds:", r"\1", block).replace("xmlns:ds", "xmlns")
    signature = etree.fromstring(block)
    root.append(signature)
    signature = root[-1]
    info = etree.fromstring(etree.tostring(signature[0], with_tail=False))
    if not manner.canonical.startswith(EXCLUSIVE):
        for name in {str(each) for each in root.attrib if str(each).startswith(XML)}:
            info.set(name, root.attrib[name])
    form = etree.tostring(info, method="c14n", exclusive=manner.canonical.startswith(EXCLUSIVE))
    signature[1].text = b64encode(_value(key, manner.method, form)).decode()
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def canonical_of(document: bytes, manner: Manner = Manner()) -> bytes:
    """What a signature over the whole document covers."""
    exclusive = EXCLUSIVE in manner.transforms
    tree = etree.fromstring(document).getroottree()
    return etree.tostring(
        tree,
        method="c14n",
        exclusive=exclusive,
        with_comments=False,
        inclusive_ns_prefixes=manner.prefixes.split() if exclusive and manner.prefixes else None,
    )


def _value(key: Private | bytes, method: str, data: bytes) -> bytes:
    names = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}  # noqa: S303
    algorithm = next((each for name, each in names.items() if name in method), hashes.SHA256())
    if isinstance(key, bytes):
        made = hmac.HMAC(key, algorithm)
        made.update(data)
        return made.finalize()
    if isinstance(key, rsa.RSAPrivateKey):
        if "MGF1" in method:
            salted = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
            return key.sign(data, salted, algorithm)
        return key.sign(data, padding.PKCS1v15(), algorithm)
    length = (key.key_size + 7) // 8
    return b"".join(each.to_bytes(length) for each in decode_dss_signature(key.sign(data, ec.ECDSA(algorithm))))


def _key_info(key: Private | bytes, manner: Manner) -> str:
    if manner.key_info is not None:
        return manner.key_info
    if isinstance(key, bytes):
        return ""
    of = manner.certificate or certificate(key)
    return f"<ds:KeyInfo>{x509_data(of)}</ds:KeyInfo>"


def x509_data(*certificates: x509.Certificate) -> str:
    """Certificates as a signature has them."""
    inside = "".join(
        f"<ds:X509Certificate>{b64encode(each.public_bytes(Encoding.DER)).decode()}</ds:X509Certificate>"
        for each in certificates
    )
    return f"<ds:X509Data>{inside}</ds:X509Data>"


def key_value(key: Private) -> str:
    """A bare key as a signature has it."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        modulus, exponent = (b64encode(n.to_bytes((n.bit_length() + 7) // 8)).decode() for n in (numbers.n, numbers.e))
        return (
            f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus>"
            f"<ds:Exponent>{exponent}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>"
        )
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return (
        '<ds:KeyValue><dsig11:ECKeyValue xmlns:dsig11="http://www.w3.org/2009/xmldsig11#">'
        '<dsig11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>'
        f"<dsig11:PublicKey>{b64encode(point).decode()}</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue>"
    )
