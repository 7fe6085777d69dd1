"""The cryptography of a claim, by ``signxml``, with one key that is chosen here and never by the signature.

``signxml`` is told what it may accept: these algorithms, the signature below the root,
one reference. It looks for a key where the signature names one, so the key is put
there; no part of ``KeyInfo`` is signed. What it says was signed is held against what is
read, byte for byte.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from copy import deepcopy
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.exceptions import InvalidSignature as NotMatching
from lxml import etree
from lxml.etree import _Element
from msgspec.structs import replace
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, SignXMLException
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from mcbridge.seals.keys import Key
from mcbridge.seals.xmldsig.algorithms import DEFAULT_CANONICAL, DIGESTS, EXCLUSIVE, HASHES, SIGNATURES
from mcbridge.seals.xmldsig.structure import Claim, parser, tag


class Came(Enum):
    """What came of it."""

    HOLDS = "holds"
    CHANGED = "the document is not the one that was signed"
    OTHER_KEY = "the signature was not made with this key, or was changed itself"
    MALFORMED = "the signature cannot be read"


_HANDED_ON: Final = frozenset(f"{{http://www.w3.org/XML/1998/namespace}}{name}" for name in ("lang", "space"))
_ELEVEN: Final = "{http://www.w3.org/2009/xmldsig11#}"


def _configuration(*, sha1: bool) -> SignatureConfiguration:
    return SignatureConfiguration(
        require_x509=False,
        location="./",
        expect_references=1,
        signature_methods=frozenset(SignatureMethod(at) for at, each in SIGNATURES.items() if sha1 or not each.legacy),
        digest_algorithms=frozenset(DigestAlgorithm(at) for at, each in DIGESTS.items() if sha1 or not each.legacy),
        default_reference_c14n_method=CanonicalizationMethod(DEFAULT_CANONICAL),
    )


class _WholeDocument(XMLVerifier):
    """``signxml`` with some canonical forms put right, which Java's signatures showed to be wrong.

    The reference ``""`` is to the whole document, with instructions before and after the root (XML Signature,
    4.4.3.3), where it takes the root element alone. An element within a tree, such as ``SignedInfo``, gets the
    namespaces that it inherits before it is brought into the inclusive form: else libxml2 adds ``xmlns=""`` to the
    children of one whose default namespace was declared above it. It gets ``xml:lang`` and ``xml:space`` from above as
    well (Canonical XML, 2.4): ``inherited``.
    """

    inherited: Mapping[str, str] = MappingProxyType({})

    def _tostring(self, xml_node: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as it is there
        return super()._tostring(_whole(xml_node), **kwargs)  # type: ignore[no-untyped-call]

    def _c14n(self, nodes: Any, algorithm: CanonicalizationMethod, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        exclusive = algorithm.value.startswith(EXCLUSIVE)
        rooted = _rooted(nodes, {} if exclusive else self.inherited)
        return super()._c14n(rooted, algorithm, *args, **kwargs)


def _whole(node: Any) -> Any:  # noqa: ANN401 - an element or a tree
    return node.getroottree() if isinstance(node, _Element) and node.getparent() is None else node


def _rooted(node: Any, inherited: Mapping[str, str]) -> Any:  # noqa: ANN401
    if not isinstance(node, _Element) or node.getparent() is None:
        return _whole(node)
    alone = etree.fromstring(etree.tostring(node, with_tail=False), parser())
    for name in inherited.keys() - alone.keys():
        alone.set(name, inherited[name])
    return alone


def verify(claim: Claim, key: Key, canonical: bytes, *, sha1: bool) -> Came:
    """Whether the claim holds by this key, for the document with this canonical form."""
    signature = claim.element
    root = signature.getparent()
    if root is None:
        return Came.MALFORMED
    _name(signature, key)
    verifier = _WholeDocument()
    handed_on = {name: value for each in (root, signature) for name, value in each.items() if name in _HANDED_ON}
    verifier.inherited = {str(name): str(value) for name, value in handed_on.items()}
    try:
        result = verifier.verify(root, parser=parser(), expect_config=_configuration(sha1=sha1))
    except InvalidDigest:
        return Came.CHANGED
    except NotMatching:
        return Came.OTHER_KEY
    except SignXMLException as error:
        return Came.OTHER_KEY if "does not match specified" in str(error) else Came.MALFORMED
    except (
        etree.LxmlError,
        InternalError,
        UnsupportedAlgorithm,
        ValueError,
        TypeError,
        LookupError,
        NotImplementedError,
    ):
        return Came.MALFORMED
    if not isinstance(result, VerifyResult) or result.signed_data != canonical:
        return Came.CHANGED
    return Came.HOLDS


def may_be_by(claim: Claim, key: Key, *, sha1: bool) -> bool:
    """Whether the signature may have been made with a key, told without its document, however large that is."""
    root = claim.element.getparent()
    if root is None:
        return False
    shell = etree.Element(root.tag, None, root.nsmap)  # type: ignore[arg-type]
    for name, value in root.attrib.items():
        shell.set(name, value)
    shell.append(deepcopy(claim.element))
    alone = replace(claim, element=shell[0])
    return verify(alone, key, b"", sha1=sha1) is not Came.OTHER_KEY


def _name(signature: _Element, key: Key) -> None:
    """Put the key where it is looked for, in place of whatever is there."""
    for each in signature.findall(tag("KeyInfo")):
        signature.remove(each)
    info = etree.Element(tag("KeyInfo"))
    etree.SubElement(info, f"{_ELEVEN}DEREncodedKeyValue").text = b64encode(key.der).decode()
    value = signature.find(tag("SignatureValue"))
    if value is None:
        return
    value.addnext(info)


def canonical_form(claim: Claim) -> bytes | None:
    """What the claim covers, as it stands in the document now; nothing where it cannot be brought into that form.

    The signature is taken out of the document for the moment.
    """
    signature = claim.element
    root = signature.getparent()
    if root is None:
        return None
    stand_in = etree.Comment("")
    stand_in.tail, tail = signature.tail, signature.tail
    signature.tail = None
    root.replace(signature, stand_in)
    try:
        return etree.tostring(
            root.getroottree(),
            method="c14n",
            exclusive=claim.canonical.startswith(EXCLUSIVE),
            with_comments=False,
            inclusive_ns_prefixes=list(claim.prefixes) or None,
        )
    except etree.C14NError:
        return None
    finally:
        root.replace(stand_in, signature)
        signature.tail = tail


def is_unchanged(claim: Claim, canonical: bytes) -> bool:
    """Whether the document has the digest that the signature names. Without a key that is all that can be said."""
    return hashlib.new(HASHES[claim.digest.name], canonical).digest() == claim.digest_value
