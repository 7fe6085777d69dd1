"""Seals older Europass XML with XAdES signatures, rightly and wrongly, with lxml and ``cryptography`` alone."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from tests.unit.seals.jades_signing import seal_certificate
from tests.unit.seals.signing import DS, ENC, EXCLUSIVE, MORE, Private, _value, rsa_key, x509_data

XADES = "http://uri.etsi.org/01903/v1.3.2#"
SIGNED = "http://uri.etsi.org/01903#SignedProperties"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"
ENVELOPED = f'<ds:Transform Algorithm="{DS}enveloped-signature"/>'
BY_XPATH = f'<ds:Transform Algorithm="{XPATH}"><ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>'


def by_filter(expression: str, filter: str = "subtract") -> str:
    """A transform by XPath Filter 2."""
    return (
        f'<ds:Transform Algorithm="{FILTER}"><f:XPath xmlns:f="{FILTER}" Filter="{filter}">{expression}</f:XPath>'
        "</ds:Transform>"
    )


BY_FILTER = by_filter("/descendant::ds:Signature")
SNB = "http://data.europa.eu/snb"
CRED = "http://data.europa.eu/europass/model/credentials/w3c#"
CREDENTIAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<europassCredential xmlns="{SNB}" xmlns:cred="{CRED}" cred:id="urn:credential:9c1f7f0e" xsdVersion="0.10.0">
   <type targetFrameworkUrl="{SNB}/credential/25831c2" uri="{SNB}/credential/e34929035b">
      <targetName><text content-type="text/plain" lang="en">Generic</text></targetName>
   </type>
   <issued>2031-05-02T09:30:00Z</issued>
   <title><text content-type="text/plain" lang="hr">Karte za početnike</text></title>
   <credentialSubject id="urn:person:1">
      <givenNames><text content-type="text/plain" lang="hr">Žofija</text></givenNames>
      <familyName><text content-type="text/plain" lang="hr">Nepostojeća</text></familyName>
      <achievements>
         <learningAchievement id="urn:achievement:1">
            <title><text content-type="text/plain" lang="en">Maps for beginners</text></title>
         </learningAchievement>
      </achievements>
   </credentialSubject>
</europassCredential>
"""


def presentation(*credentials: str) -> str:
    """A presentation of credentials."""
    inside = "".join(each.partition("?>")[2] for each in credentials)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<verifiablePresentation xmlns="{SNB}" xmlns:cred="{CRED}" '
        f'cred:id="urn:presentation:1"><verifiableCredential>{inside}</verifiableCredential></verifiablePresentation>'
    )


@dataclass(frozen=True, kw_only=True)
class Seal:
    """How a document is sealed; every part of it can be made wrong."""

    method: str = f"{MORE}rsa-sha256"
    digest: str = f"{ENC}sha256"
    left_out: str = BY_XPATH
    canonical: str = EXCLUSIVE
    form: str = f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'
    uri: str = ""
    certificate: x509.Certificate | None = None
    certificate_digest: str = f"{ENC}sha512"
    named: bytes | None = None
    name: str = "SigningCertificateV2"
    time: str = "2031-05-02T09:30:00Z"
    target: str = "#s1"
    properties: str = "#p1"
    key_info: str | None = None
    key_signed: bool = False
    extra: str = ""
    unsigned: str = ""
    objects: str = ""
    stamps: str = ""
    ids: str = "1"


_HASHES = {f"{ENC}sha256": "sha256", f"{ENC}sha512": "sha512", f"{DS}sha1": "sha1"}


def _digest(address: str, data: bytes) -> str:
    return b64encode(hashlib.new(_HASHES[address], data).digest()).decode()


def sealed(document: str = CREDENTIAL, key: Private | None = None, how: Seal = Seal()) -> bytes:
    """The document with a signature in the proof at its end."""
    signer = key or rsa_key()
    root = etree.fromstring(document.encode())
    proof = etree.SubElement(root, f"{{{SNB}}}proof")
    block = re.sub(r' Id="([a-z])1"', rf' Id="\g<1>{how.ids}"', _block(signer, how))
    proof.append(etree.fromstring(block))
    signature = proof[0]
    values = signature.findall(f"{{{DS}}}SignedInfo/{{{DS}}}Reference/{{{DS}}}DigestValue")
    covered = etree.fromstring(etree.tostring(root))
    every = list(covered.iter(f"{{{DS}}}Signature"))
    for each in every[-1:] if how.left_out == ENVELOPED else every:
        above = each.getparent()
        if above is not None:
            above.remove(each)
    whole = etree.tostring(covered, method="c14n", exclusive=EXCLUSIVE in how.form, with_comments=False)
    values[0].text = _digest(how.digest, whole)
    parts = [signature.find(f".//{{{XADES}}}SignedProperties"), signature.find(f"{{{DS}}}KeyInfo")]
    for value, part in zip(values[1:3], parts, strict=False):
        if part is not None:
            value.text = _digest(how.digest, _canonical(part, EXCLUSIVE))
    data = _canonical(signature[0], how.canonical)
    signature[1].text = b64encode(_value(signer, how.method, data)).decode()
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _canonical(element: etree._Element, form: str) -> bytes:
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    return etree.tostring(alone, method="c14n", exclusive=form.startswith(EXCLUSIVE), with_comments=False)


def _block(key: Private, how: Seal) -> str:
    of = how.certificate or seal_certificate(key)
    named = of.public_bytes(Encoding.DER) if how.named is None else how.named
    method = f'<ds:DigestMethod Algorithm="{how.digest}"/><ds:DigestValue/>'
    references = (
        f'<ds:Reference Id="r1" URI="{how.uri}"><ds:Transforms>{how.left_out}{how.form}</ds:Transforms>{method}'
    )
    exclusive = f'<ds:Transforms><ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
    references += (
        f'</ds:Reference><ds:Reference Type="{SIGNED}" URI="{how.properties}">{exclusive}{method}</ds:Reference>'
    )
    if how.key_signed:
        references += f'<ds:Reference URI="#k1">{exclusive}{method}</ds:Reference>'
    certificate = (
        f"<x:{how.name}><x:Cert><x:CertDigest>"
        f'<ds:DigestMethod Algorithm="{how.certificate_digest}"/>'
        f"<ds:DigestValue>{_digest(how.certificate_digest, named)}</ds:DigestValue>"
        f"</x:CertDigest></x:Cert></x:{how.name}>"
    )
    properties = (
        f'<x:QualifyingProperties xmlns:x="{XADES}" Target="{how.target}"><x:SignedProperties Id="p1">'
        f"<x:SignedSignatureProperties><x:SigningTime>{how.time}</x:SigningTime>{certificate if how.name else ''}"
        f"</x:SignedSignatureProperties>{how.stamps}</x:SignedProperties>{how.unsigned}</x:QualifyingProperties>"
    )
    key_info = x509_data(of) if how.key_info is None else how.key_info
    return (
        f'<ds:Signature xmlns:ds="{DS}" Id="s1"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{how.canonical}"/>'
        f'<ds:SignatureMethod Algorithm="{how.method}"/>{references}{how.extra}</ds:SignedInfo><ds:SignatureValue/>'
        f'<ds:KeyInfo Id="k1">{key_info}</ds:KeyInfo><ds:Object>{properties}</ds:Object>{how.objects}</ds:Signature>'
    )
